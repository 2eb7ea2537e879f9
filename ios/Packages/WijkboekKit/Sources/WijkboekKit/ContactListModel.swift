import Foundation
import Observation

/// The logbook on this device: what its list shows, what can happen to it, and nothing about how it looks.
///
/// Invariant: the rows are the newest ones of the filter as the core last gave them; what was asked
/// for under an older filter is dropped when it arrives late.
@MainActor
@Observable
public final class ContactListModel {
    /// What the screen shows.
    public struct State: Equatable, Sendable {
        /// How far the rows are.
        public enum Phase: Equatable, Sendable {
            /// Nothing has been read yet.
            case loading
            /// The rows are what the log holds.
            case loaded
            /// They could not be read.
            case failed(WijkboekError)
        }

        /// How far the rows are.
        public var phase: Phase
        /// Newest first.
        public var rows: [RowView]
        /// Where the next page begins; nil at the end.
        public var next: PageKey?
        /// The words searched for.
        public var search = ""
        /// Only this kind, when one is chosen.
        public var kind: ContactKind?
        /// How things stand with the office; nil until the core has told.
        public var status: StatusView?
        /// Names of areas and themes.
        public var reference: ReferenceView?
        /// What went wrong last, until it is put away.
        public var problem: WijkboekError?

        /// A list with these rows; by default one that has not been read.
        public init(phase: Phase = .loading, rows: [RowView] = []) {
            self.phase = phase
            self.rows = rows
        }

        /// Whether rows are missing only because of what was searched for.
        public var isNarrowed: Bool { !search.isEmpty || kind != nil }
    }

    /// What can happen.
    public enum Event: Sendable {
        /// The search text changed.
        case searchChanged(String)
        /// Another kind was chosen, or all of them.
        case kindChosen(ContactKind?)
        /// The last row came into sight.
        case endReached
        /// The user asks for an exchange with the office now.
        case refreshed
        /// The problem was read.
        case problemDismissed
    }

    /// What the screen shows now.
    public private(set) var state = State()

    private let log: any ContactReading
    private var request = 0

    /// A list over the log.
    public init(log: any ContactReading) {
        self.log = log
    }

    /// Follows the log for as long as the calling task lives: the screen's lifetime.
    public func run() async {
        await readReference()
        await reload()
        do throws(WijkboekError) {
            for await event in try await log.events() {
                await take(event)
            }
        } catch {
            state.problem = error
        }
    }

    /// Takes one event. The task ends when all that follows from it is done.
    @discardableResult
    public func send(_ event: Event) -> Task<Void, Never> {
        switch event {
        case .searchChanged(let text):
            guard text != state.search else { return Task {} }
            state.search = text
            return Task { await reload() }
        case .kindChosen(let kind):
            guard kind != state.kind else { return Task {} }
            state.kind = kind
            return Task { await reload() }
        case .endReached:
            return Task { await readOn() }
        case .refreshed:
            return Task { await refresh() }
        case .problemDismissed:
            state.problem = nil
            return Task {}
        }
    }

    private func take(_ event: EventView) async {
        state.status = event.status
        if event.reference { await readReference() }
        if event.records != .these(ids: []) { await reload() }
    }

    /// Reads as many rows again as are shown, so that news does not shorten the list under a thumb.
    private func reload() async {
        request += 1
        let mine = request
        let shown = state.rows.count
        do throws(WijkboekError) {
            var page = try await log.list(filter, after: nil)
            var rows = page.rows
            while let next = page.next, rows.count < shown, mine == request {
                page = try await log.list(filter, after: next)
                rows += page.rows
            }
            guard mine == request else { return }
            state.rows = rows
            state.next = page.next
            state.phase = .loaded
        } catch {
            guard mine == request else { return }
            state.phase = .failed(error)
        }
    }

    private func readOn() async {
        guard let next = state.next else { return }
        let mine = request
        do throws(WijkboekError) {
            let page = try await log.list(filter, after: next)
            guard mine == request, next == state.next else { return }
            state.rows += page.rows
            state.next = page.next
        } catch {
            state.problem = error
        }
    }

    private func refresh() async {
        do throws(WijkboekError) {
            try await log.sync()
            state.problem = nil
        } catch {
            state.problem = error
        }
        await reload()
    }

    private func readReference() async {
        do throws(WijkboekError) {
            state.reference = try await log.reference()
        } catch {
            state.problem = error
        }
    }

    private var filter: FilterRequest {
        FilterRequest(kind: state.kind, text: state.search.isEmpty ? nil : state.search)
    }
}
