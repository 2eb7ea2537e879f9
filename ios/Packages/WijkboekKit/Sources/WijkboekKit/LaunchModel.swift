import Observation

/// Opening the log when the app comes up, and exchanging with the office while it is in front.
///
/// Invariant: there is one open log for the life of the process; it is opened again only after it
/// could not be opened.
@MainActor
@Observable
public final class LaunchModel {
    /// What the screen shows.
    public enum State: Sendable {
        /// The log is being opened.
        case opening
        /// It could not be opened. Nothing was changed.
        case failed(WijkboekError)
        /// It is open.
        case open(any Logbook)
    }

    /// What can happen.
    public enum Event: Sendable {
        /// The app came up, or the user asks to try again.
        case openAsked
        /// The app came to the front.
        case becameActive
        /// The app left the screen.
        case leftScreen
        /// The device became somebody's.
        case enrolled
        /// The problem was read.
        case problemDismissed
    }

    /// What the screen shows now.
    public private(set) var state = State.opening
    /// Why it does not exchange with the office, when it should.
    public private(set) var problem: WijkboekError?

    private let open: @Sendable () async throws(WijkboekError) -> any Logbook
    private var isActive = false
    private var isOpening = false

    /// A launch that opens the log in this way.
    public init(open: @escaping @Sendable () async throws(WijkboekError) -> any Logbook) {
        self.open = open
    }

    /// Takes one event. The task ends when all that follows from it is done.
    @discardableResult
    public func send(_ event: Event) -> Task<Void, Never> {
        switch event {
        case .openAsked:
            return Task { await openLog() }
        case .becameActive:
            isActive = true
            return Task { await exchange() }
        case .leftScreen:
            isActive = false
            return Task { await exchange() }
        case .enrolled:
            return Task { await exchange() }
        case .problemDismissed:
            problem = nil
            return Task {}
        }
    }

    private func openLog() async {
        if case .open = state { return }
        guard !isOpening else { return }
        isOpening = true
        defer { isOpening = false }
        state = .opening
        do throws(WijkboekError) {
            state = .open(try await open())
        } catch {
            state = .failed(error)
            return
        }
        await exchange()
    }

    /// Exchanges when the app is in front and the device is somebody's.
    private func exchange() async {
        guard case .open(let log) = state else { return }
        problem = nil
        do throws(WijkboekError) {
            if isActive, try await log.identity() != nil {
                try await log.start()
            } else {
                try await log.stop()
            }
        } catch {
            problem = error
        }
    }
}
