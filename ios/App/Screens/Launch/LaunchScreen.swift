import SwiftUI
import WijkboekKit

/// The first screen: until the log is open, and then whichever the device needs.
struct LaunchScreen: View {
    let launch: LaunchModel

    var body: some View {
        Group {
            switch launch.state {
            case .opening:
                ProgressView("launch.opening")
            case .failed(let error):
                LaunchFailure(error: error) { launch.send(.openAsked) }
            case .open(let log):
                HomeScreen(log: log) { launch.send(.enrolled) }
            }
        }
        .task { await launch.send(.openAsked).value }
        .problemAlert(launch.problem) { launch.send(.problemDismissed) }
    }
}

/// The log could not be opened.
struct LaunchFailure: View {
    let error: WijkboekError
    let retry: @MainActor () -> Void

    var body: some View {
        VStack(spacing: 16) {
            Text("launch.failed").font(.headline)
            ProblemText(problem: error)
            Button("launch.retry", action: retry).buttonStyle(.borderedProminent)
        }
        .padding()
    }
}

/// The list of contacts once the device is somebody's, and the enrolment before that.
struct HomeScreen: View {
    let log: any Logbook
    let onEnrolled: @MainActor () -> Void
    @State private var enrolment: EnrolmentModel

    init(log: any Logbook, onEnrolled: @escaping @MainActor () -> Void) {
        self.log = log
        self.onEnrolled = onEnrolled
        _enrolment = State(initialValue: EnrolmentModel(access: log))
    }

    var body: some View {
        Group {
            switch enrolment.state.phase {
            case .looking:
                ProgressView("launch.opening")
            case .asking, .enrolling:
                EnrolmentScreen(state: enrolment.state) { enrolment.send($0) }
            case .enrolled(let identity):
                ContactListScreen(log: log, mayCapture: identity.captures != nil)
            }
        }
        .task { await enrolment.send(.appeared).value }
        .onChange(of: enrolment.state.phase) { before, _ in
            if before == .enrolling { onEnrolled() }
        }
    }
}

struct LaunchScreenPreviews: PreviewProvider {
    static var previews: some View {
        LaunchFailure(error: .NewerDatabase) {}.previewDisplayName("Nieuwere versie")
        LaunchFailure(error: .Damaged) {}.previewDisplayName("Beschadigd")
    }
}
