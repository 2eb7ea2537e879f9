import SwiftUI
import WijkboekKit

/// The app: one window over one open log.
@main
struct WijkboekApp: App {
    @State private var launch = LaunchModel(open: LogOnDisk.open)
    @Environment(\.scenePhase) private var scenePhase

    var body: some Scene {
        WindowGroup {
            LaunchScreen(launch: launch)
        }
        .onChange(of: scenePhase) { _, phase in
            switch phase {
            case .active: launch.send(.becameActive)
            case .background: launch.send(.leftScreen)
            case .inactive: break
            @unknown default: break
            }
        }
    }
}
