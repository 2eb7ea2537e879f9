import Foundation
import Observation

/// Making this device somebody's own by a one-time code.
///
/// Invariant: whose device it is comes from the core, never from what was typed.
@MainActor
@Observable
public final class EnrolmentModel {
    /// What the screen shows.
    public struct State: Equatable, Sendable {
        /// How far it is.
        public enum Phase: Equatable, Sendable {
            /// The core has not said yet whose device this is.
            case looking
            /// Nobody's: it asks for a code.
            case asking
            /// The code is on its way.
            case enrolling
            /// Somebody's.
            case enrolled(IdentityView)
        }

        /// How far it is.
        public var phase: Phase
        /// The address of the municipality's server.
        public var server = ""
        /// The one-time code.
        public var code = ""
        /// Why it did not work, until it is put away.
        public var problem: WijkboekError?

        /// An enrolment that has come so far.
        public init(phase: Phase = .looking) {
            self.phase = phase
        }

        /// Whether there is something to send.
        public var canEnrol: Bool {
            phase == .asking && !server.isEmpty && !code.isEmpty
        }
    }

    /// What can happen.
    public enum Event: Sendable {
        /// The app came up.
        case appeared
        /// The address changed.
        case serverChanged(String)
        /// The code changed.
        case codeChanged(String)
        /// Send it, under this name for the device.
        case enrolTapped(deviceName: String)
        /// The problem was read.
        case problemDismissed
    }

    /// What the screen shows now.
    public private(set) var state = State()

    private let access: any Enrolling

    /// An enrolment with the core.
    public init(access: any Enrolling) {
        self.access = access
    }

    /// Takes one event. The task ends when all that follows from it is done.
    @discardableResult
    public func send(_ event: Event) -> Task<Void, Never> {
        switch event {
        case .appeared:
            return Task { await look() }
        case .serverChanged(let text):
            state.server = text
        case .codeChanged(let text):
            state.code = text
        case .enrolTapped(let deviceName):
            guard state.canEnrol else { return Task {} }
            state.phase = .enrolling
            return Task { await enrol(deviceName) }
        case .problemDismissed:
            state.problem = nil
        }
        return Task {}
    }

    private func look() async {
        guard state.phase == .looking else { return }
        do throws(WijkboekError) {
            let identity = try await access.identity()
            state.phase = identity.map(State.Phase.enrolled) ?? .asking
        } catch {
            state.phase = .asking
            state.problem = error
        }
    }

    private func enrol(_ deviceName: String) async {
        state.problem = nil
        do throws(WijkboekError) {
            let identity = try await access.enrol(
                server: state.server,
                code: state.code,
                deviceName: deviceName
            )
            state.code = ""
            state.phase = .enrolled(identity)
        } catch {
            state.phase = .asking
            state.problem = error
        }
    }
}
