import Foundation
import WijkboekKit

/// A log in memory, behind all the ports of the models, that can be told to fail or to wait.
actor FakeLog: ContactReading, ContactWriting, Enrolling, Exchanging {
    enum Call: Hashable {
        case list, events, sync, save, buurt, reference, draft, saveDraft, identity, enrol, start
    }

    var rows: [RowView] = []
    var pageSize = 50
    var failures: [Call: WijkboekError] = [:]
    var answer = BuurtAnswer.outside
    var names: ReferenceView?
    var drafts: [String: String] = [:]
    var owner: IdentityView?
    /// Awaited before a list is answered, with the text that it searches for.
    var beforeList: @Sendable (String?) async -> Void = { _ in }
    /// Awaited before a draft is read.
    var beforeDraft: @Sendable () async -> Void = {}

    private(set) var filters: [FilterRequest] = []
    private(set) var saved: [Captured] = []
    private(set) var savedDrafts: [String] = []
    private(set) var exchanges: [String] = []
    private(set) var enrolments: [String] = []
    private(set) var isFollowed = false
    private var follower: AsyncStream<EventView>.Continuation?

    /// Arranges the log; in one call, so that a test reads as given, when, then.
    static func with(_ arrange: @Sendable (isolated FakeLog) -> Void) async -> FakeLog {
        let log = FakeLog()
        await log.arrange(arrange)
        return log
    }

    func arrange(_ change: @Sendable (isolated FakeLog) -> Void) {
        change(self)
    }

    /// Tells whoever follows the log.
    func tell(_ event: EventView) {
        follower?.yield(event)
    }

    /// Ends the stream, as when the log is closed.
    func close() {
        follower?.finish()
    }

    func list(
        _ filter: FilterRequest,
        after: PageKey?
    ) async throws(WijkboekError) -> PageView {
        filters.append(filter)
        await beforeList(filter.text)
        try failing(.list)
        let matching = rows.filter { row in
            (filter.kind == nil || row.kind == filter.kind)
                && (filter.text == nil || row.text.contains(filter.text ?? ""))
        }
        let begin = after.map { Int($0.value) ?? 0 } ?? 0
        let end = min(begin + pageSize, matching.count)
        return PageView(
            rows: Array(matching[begin..<end]),
            next: end < matching.count ? PageKey(value: String(end)) : nil,
            token: ChangeToken(value: 1)
        )
    }

    func events() async throws(WijkboekError) -> AsyncStream<EventView> {
        try failing(.events)
        let (stream, continuation) = AsyncStream.makeStream(of: EventView.self)
        continuation.onTermination = { _ in Task { await self.unfollowed() } }
        continuation.yield(.nothingNew(.quiet))
        follower = continuation
        isFollowed = true
        return stream
    }

    func sync() async throws(WijkboekError) {
        exchanges.append("sync")
        try failing(.sync)
    }

    func reference() async throws(WijkboekError) -> ReferenceView? {
        try failing(.reference)
        return names
    }

    func captures() async throws(WijkboekError) -> RecordType? {
        .contact
    }

    func save(_ captured: Captured) async throws(WijkboekError) -> RecordId {
        try failing(.save)
        saved.append(captured)
        return .sample(saved.count)
    }

    func buurt(at place: Place) async throws(WijkboekError) -> BuurtAnswer {
        try failing(.buurt)
        return answer
    }

    func saveDraft(_ slot: String, _ json: String) async throws(WijkboekError) {
        try failing(.saveDraft)
        await Task.yield()
        drafts[slot] = json
        savedDrafts.append(json)
    }

    func draft(_ slot: String) async throws(WijkboekError) -> String? {
        try failing(.draft)
        await beforeDraft()
        return drafts[slot]
    }

    func deleteDraft(_ slot: String) async throws(WijkboekError) {
        drafts[slot] = nil
    }

    func identity() async throws(WijkboekError) -> IdentityView? {
        try failing(.identity)
        return owner
    }

    func enrol(
        server: String,
        code: String,
        deviceName: String
    ) async throws(WijkboekError) -> IdentityView {
        enrolments.append("\(server) \(code) \(deviceName)")
        try failing(.enrol)
        owner = .sample
        return .sample
    }

    func start() async throws(WijkboekError) {
        exchanges.append("start")
        try failing(.start)
    }

    func stop() async throws(WijkboekError) {
        exchanges.append("stop")
    }

    private func failing(_ call: Call) throws(WijkboekError) {
        if let error = failures[call] { throw error }
    }

    private func unfollowed() {
        isFollowed = false
    }
}

/// A position that is always the same, or none.
struct FakeLocation: LocationProviding {
    var place: Place?

    func current() async -> Place? { place }
}

/// Holds whoever passes until it is opened.
actor Gate {
    private var isOpen = false
    private var waiting: [CheckedContinuation<Void, Never>] = []

    func pass() async {
        if isOpen { return }
        await withCheckedContinuation { waiting.append($0) }
    }

    func open() {
        isOpen = true
        waiting.forEach { $0.resume() }
        waiting = []
    }
}
