import SwiftUI
import WijkboekKit

/// What is wrong, in a sentence.
struct ProblemText: View {
    let problem: WijkboekError

    var body: some View {
        switch problem.message() {
        case .key(let key): Text(LocalizedStringKey(key))
        case .sentence(let sentence): Text(verbatim: sentence)
        case .fault(let reportId): Text("error.internal \(reportId)")
        }
    }
}

extension View {
    /// Shows a problem over the screen until it is put away.
    func problemAlert(_ problem: WijkboekError?, dismiss: @escaping @MainActor () -> Void)
        -> some View
    {
        alert(
            "problem.title",
            isPresented: Binding(problem != nil) { if !$0 { dismiss() } }
        ) {
            Button("problem.dismiss", role: .cancel) {}
        } message: {
            if let problem { ProblemText(problem: problem) }
        }
    }
}
