import SwiftUI
import UIKit
import WijkboekKit

/// Asks for the server's address and the one-time code.
struct EnrolmentScreen: View {
    let state: EnrolmentModel.State
    let send: @MainActor (EnrolmentModel.Event) -> Void

    var body: some View {
        NavigationStack {
            Form {
                Section("enrolment.explanation") {
                    TextField(
                        "enrolment.server",
                        text: Binding(state.server) { send(.serverChanged($0)) }
                    )
                    .keyboardType(.URL)
                    TextField(
                        "enrolment.code",
                        text: Binding(state.code) { send(.codeChanged($0)) }
                    )
                }
                .textInputAutocapitalization(.never)
                .autocorrectionDisabled()
                Section {
                    Button("enrolment.enrol") {
                        send(.enrolTapped(deviceName: UIDevice.current.name))
                    }
                    .disabled(!state.canEnrol)
                    if state.phase == .enrolling { ProgressView() }
                }
            }
            .navigationTitle("enrolment.title")
        }
        .problemAlert(state.problem) { send(.problemDismissed) }
    }
}

struct EnrolmentScreenPreviews: PreviewProvider {
    static var previews: some View {
        EnrolmentScreen(state: .init(phase: .asking)) { _ in }.previewDisplayName("Leeg")
        EnrolmentScreen(state: refused) { _ in }.previewDisplayName("Code geweigerd")
    }

    private static var refused: EnrolmentModel.State {
        var state = EnrolmentModel.State(phase: .asking)
        state.server = "https://wijkboek.example"
        state.code = "AB12-CD34"
        state.problem = .CodeRefused
        return state
    }
}
