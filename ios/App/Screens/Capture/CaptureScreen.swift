import SwiftUI
import WijkboekKit

/// Logging one contact: open, a kind, save.
struct CaptureScreen: View {
    @State private var model: CaptureModel
    @Environment(\.dismiss) private var dismiss

    init(log: any ContactWriting, location: any LocationProviding) {
        _model = State(initialValue: CaptureModel(log: log, location: location))
    }

    var body: some View {
        NavigationStack {
            CaptureContent(state: model.state) { model.send($0) }
                .toolbar {
                    ToolbarItem(placement: .cancellationAction) {
                        // What was filled in stays behind as a draft.
                        Button("capture.close") { dismiss() }
                    }
                    ToolbarItem(placement: .confirmationAction) {
                        Button("capture.save") { model.send(.saveTapped) }
                            .disabled(!model.state.canSave)
                    }
                }
        }
        .task { await model.send(.appeared).value }
        .onChange(of: model.state.phase) { _, phase in
            if case .saved = phase { dismiss() }
        }
    }
}

/// The form as a picture of its state.
struct CaptureContent: View {
    let state: CaptureModel.State
    let send: @MainActor (CaptureModel.Event) -> Void

    var body: some View {
        Form {
            Section("capture.kind") { kinds }
            Section("capture.buurt") { buurt }
            Section("capture.note") {
                TextField(
                    "capture.note-hint",
                    text: Binding(state.note) { send(.entered(.note($0))) },
                    axis: .vertical
                )
                .lineLimit(3...)
            }
            if let themes = state.reference?.themes, !themes.isEmpty {
                Section("capture.themes") { toggles(themes) }
            }
            Section {
                // A melding is about a place: nobody's age belongs in it.
                if state.captures == .contact { ageGroup }
                DatePicker(
                    "capture.occurred-at",
                    selection: Binding(state.occurredAt) { send(.entered(.occurredAt($0))) }
                )
            }
            Section {
                Button("capture.discard", role: .destructive) { send(.discardTapped) }
            }
        }
        .navigationTitle(state.captures == .signal ? "capture.title-signal" : "capture.title")
        .navigationBarTitleDisplayMode(.inline)
        .problemAlert(state.problem) { send(.problemDismissed) }
    }

    private var kinds: some View {
        LazyVGrid(columns: [GridItem(.adaptive(minimum: 140))]) {
            ForEach(ContactKind.allCases, id: \.self) { kind in
                Toggle(
                    isOn: Binding(state.kind == kind) { _ in send(.entered(.kind(kind))) }
                ) {
                    Text(verbatim: Word.kind(value: kind).label())
                        .frame(maxWidth: .infinity, minHeight: 44)
                }
                .toggleStyle(.button)
            }
        }
    }

    @ViewBuilder private var buurt: some View {
        switch state.finding {
        case .looking:
            ProgressView("capture.looking")
        case .sure:
            EmptyView()
        case .ask(let buurten):
            Text("capture.ask")
            ForEach(buurten, id: \.code) { area in
                Button(action: { send(.entered(.buurt(area.code))) }) {
                    Label(
                        area.name,
                        systemImage: state.buurt == area.code ? "checkmark.circle.fill" : "circle"
                    )
                }
                .accessibilityAddTraits(state.buurt == area.code ? .isSelected : [])
            }
        case .outside:
            Text("capture.outside")
        case .unknown:
            Text("capture.no-position")
        case .noAreas:
            Text("capture.no-areas")
        }
        Picker(
            "capture.buurt",
            selection: Binding(state.buurt) { if let code = $0 { send(.entered(.buurt(code))) } }
        ) {
            Text("capture.choose-buurt").tag(AreaCode?.none)
            ForEach(state.reference?.buurten ?? [], id: \.code) { area in
                Text(verbatim: area.name).tag(AreaCode?.some(area.code))
            }
        }
    }

    private func toggles(_ themes: [ThemeView]) -> some View {
        LazyVGrid(columns: [GridItem(.adaptive(minimum: 120))]) {
            ForEach(themes, id: \.id) { theme in
                Toggle(
                    isOn: Binding(state.themes.contains(theme.id)) { _ in
                        send(.entered(.theme(theme.id)))
                    }
                ) {
                    Text(verbatim: theme.name()).frame(maxWidth: .infinity, minHeight: 44)
                }
                .toggleStyle(.button)
            }
        }
    }

    private var ageGroup: some View {
        Picker(
            "capture.age-group",
            selection: Binding(state.ageGroup) { send(.entered(.ageGroup($0))) }
        ) {
            Text("capture.age-unknown").tag(AgeGroup?.none)
            ForEach(AgeGroup.allCases, id: \.self) { group in
                Text(verbatim: Word.ageGroup(value: group).label()).tag(AgeGroup?.some(group))
            }
        }
    }
}

struct CaptureScreenPreviews: PreviewProvider {
    static var previews: some View {
        preview(.previewLooking).previewDisplayName("Zoekt de plaats")
        preview(.previewSure).previewDisplayName("Ingevuld")
        preview(.previewBorder).previewDisplayName("Bij een grens")
        preview(.previewFull).previewDisplayName("Toestel vol")
    }

    private static func preview(_ state: CaptureModel.State) -> some View {
        NavigationStack { CaptureContent(state: state) { _ in } }
    }
}
