import SwiftUI
import WijkboekKit

/// What is in the logbook, newest first, with search, one filter and the state of the exchange.
struct ContactListScreen: View {
    let log: any Logbook
    /// Whether this person logs anything.
    let mayCapture: Bool
    @State private var model: ContactListModel
    @State private var isCapturing = false

    init(log: any Logbook, mayCapture: Bool) {
        self.log = log
        self.mayCapture = mayCapture
        _model = State(initialValue: ContactListModel(log: log))
    }

    var body: some View {
        NavigationStack {
            ContactListContent(state: model.state) { model.send($0) }
                .refreshable { await model.send(.refreshed).value }
                .toolbar {
                    ToolbarItem(placement: .primaryAction) {
                        Button("list.add", systemImage: "plus") { isCapturing = true }
                            .disabled(!mayCapture)
                    }
                }
        }
        .task { await model.run() }
        .sheet(isPresented: $isCapturing) {
            CaptureScreen(log: log, location: DeviceLocation())
        }
    }
}

/// The list as a picture of its state.
struct ContactListContent: View {
    let state: ContactListModel.State
    let send: @MainActor (ContactListModel.Event) -> Void

    var body: some View {
        List {
            kindFilter
            ForEach(state.rows, id: \.id) { row in
                ContactRow(row: row, reference: state.reference)
            }
            if state.next != nil {
                ProgressView().onAppear { send(.endReached) }
            }
        }
        .overlay { empty }
        .safeAreaInset(edge: .bottom) {
            if let status = state.status { ExchangeBar(status: status) }
        }
        .searchable(
            text: Binding(state.search) { send(.searchChanged($0)) },
            prompt: "list.search"
        )
        .navigationTitle("list.title")
        .problemAlert(state.problem) { send(.problemDismissed) }
    }

    private var kindFilter: some View {
        Picker(
            "list.kind",
            selection: Binding(state.kind) { send(.kindChosen($0)) }
        ) {
            Text("list.all-kinds").tag(ContactKind?.none)
            ForEach(ContactKind.allCases, id: \.self) { kind in
                Text(verbatim: Word.kind(value: kind).label()).tag(ContactKind?.some(kind))
            }
        }
    }

    @ViewBuilder private var empty: some View {
        switch state.phase {
        case .loading:
            ProgressView()
        case .failed(let error):
            VStack(spacing: 8) {
                Text("list.unreadable").font(.headline)
                ProblemText(problem: error)
            }
            .padding()
        case .loaded where state.rows.isEmpty && state.isNarrowed:
            ContentUnavailableView("list.nothing-found", systemImage: "magnifyingglass")
        case .loaded where state.rows.isEmpty:
            ContentUnavailableView(
                "list.empty",
                systemImage: "book",
                description: Text("list.empty-hint")
            )
        case .loaded:
            EmptyView()
        }
    }
}

struct ContactListScreenPreviews: PreviewProvider {
    static var previews: some View {
        preview(.init()).previewDisplayName("Wordt gelezen")
        preview(.init(phase: .loaded)).previewDisplayName("Leeg")
        preview(.init(phase: .failed(.Damaged))).previewDisplayName("Onleesbaar")
        preview(.preview).previewDisplayName("Gesprekken")
        preview(.previewNothingFound).previewDisplayName("Niets gevonden")
    }

    private static func preview(_ state: ContactListModel.State) -> some View {
        NavigationStack { ContactListContent(state: state) { _ in } }
    }
}
