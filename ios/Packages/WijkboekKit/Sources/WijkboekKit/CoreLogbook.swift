import Dispatch
import Foundation

/// The log of this device, in the Rust core: the live end of every port but the position.
///
/// Invariant: no call of the core runs on the caller's thread; it waits for the disk on one that may
/// block, and a write that has begun completes even when nobody waits for it any more.
public final class CoreLogbook: ContactReading, ContactWriting, Enrolling, Exchanging {
    private let core: Wijkboek

    private init(core: Wijkboek) {
        self.core = core
    }

    /// Opens the log in this file, or makes it.
    public static func open(_ path: String) async throws(WijkboekError) -> CoreLogbook {
        CoreLogbook(core: try await onDisk { try Wijkboek.open(path: path) })
    }

    /// Opens the encrypted log in this file, or makes it; a plain one is encrypted in its place.
    public static func open(_ path: String, key: Data) async throws(WijkboekError) -> CoreLogbook {
        CoreLogbook(core: try await onDisk { try Wijkboek.openWithKey(path: path, key: key) })
    }

    /// Areas, themes and colleagues as of the last exchange.
    public func reference() async throws(WijkboekError) -> ReferenceView? {
        try await onDisk { [core] in try core.reference() }
    }

    /// One page of at most 50 rows, newest first.
    public func list(
        _ filter: FilterRequest,
        after: PageKey?
    ) async throws(WijkboekError) -> PageView {
        try await onDisk { [core] in try core.list(filter: filter, after: after, limit: 50) }
    }

    /// What happens to the log, until the stream is dropped.
    public func events() async throws(WijkboekError) -> AsyncStream<EventView> {
        let (stream, continuation) = AsyncStream.makeStream(of: EventView.self)
        let subscription = try await onDisk { [core] in
            try core.subscribe(observer: StreamObserver(continuation))
        }
        continuation.onTermination = { _ in subscription.cancel() }
        return stream
    }

    /// Exchanges everything with the office once.
    public func sync() async throws(WijkboekError) {
        do {
            _ = try await core.sync()
        } catch {
            throw WijkboekError(unexpected: error)
        }
    }

    /// What a talk that this person logs becomes.
    public func captures() async throws(WijkboekError) -> RecordType? {
        try await identity()?.captures
    }

    /// Writes it durably, with everything else filled in by the core.
    public func save(_ captured: Captured) async throws(WijkboekError) -> RecordId {
        try await onDisk { [core] in
            switch try core.identity()?.captures {
            case .signal:
                try core.createSignal(signal: core.signal(from: captured))
            case .contact, .visit, .action, .escalation, .meeting, .idea, .budget, .person,
                .consent, .relation, .covenant, .endorsement, .reply, .internalNote, nil:
                // Of a role that logs nothing, or not this, the core says so itself.
                try core.createContact(contact: core.contact(from: captured))
            }
        }
    }

    /// In which buurt a position lies.
    public func buurt(at place: Place) async throws(WijkboekError) -> BuurtAnswer {
        try await onDisk { [core] in try core.buurtAt(place: place) }
    }

    /// Keeps what was typed so far.
    public func saveDraft(_ slot: String, _ json: String) async throws(WijkboekError) {
        try await onDisk { [core] in try core.saveDraft(draft: DraftView(slot: slot, json: json)) }
    }

    /// What was typed before.
    public func draft(_ slot: String) async throws(WijkboekError) -> String? {
        try await onDisk { [core] in try core.draft(slot: slot)?.json }
    }

    /// Forgets it.
    public func deleteDraft(_ slot: String) async throws(WijkboekError) {
        try await onDisk { [core] in try core.deleteDraft(slot: slot) }
    }

    /// Whose device this is.
    public func identity() async throws(WijkboekError) -> IdentityView? {
        try await onDisk { [core] in try core.identity() }
    }

    /// Exchanges a one-time code for access.
    public func enrol(
        server: String,
        code: String,
        deviceName: String
    ) async throws(WijkboekError) -> IdentityView {
        do {
            return try await core.enrol(serverUrl: server, code: code, deviceName: deviceName)
        } catch {
            throw WijkboekError(unexpected: error)
        }
    }

    /// Keeps exchanging with the office by itself.
    public func start() async throws(WijkboekError) {
        try await onDisk { [core] in
            try core.start()
            try core.wake()
        }
    }

    /// Ends what `start` began.
    public func stop() async throws(WijkboekError) {
        try await onDisk { [core] in try core.stop() }
    }
}

extension Wijkboek {
    fileprivate func contact(from captured: Captured) throws -> ContactRequest {
        var contact = try contactDefaults(
            kind: captured.kind,
            buurt: captured.buurt,
            place: captured.place
        )
        contact.themes = captured.themes
        contact.note = captured.note
        contact.ageGroup = captured.ageGroup
        contact.occurredAt = captured.occurredAt
        return contact
    }

    fileprivate func signal(from captured: Captured) throws -> SignalRequest {
        var signal = try signalDefaults(
            kind: captured.kind,
            buurt: captured.buurt,
            place: captured.place
        )
        signal.themes = captured.themes
        signal.note = captured.note
        signal.occurredAt = captured.occurredAt
        return signal
    }
}

/// Hands what the core tells on its own thread to whoever awaits the stream.
private final class StreamObserver: Observer {
    private let continuation: AsyncStream<EventView>.Continuation

    init(_ continuation: AsyncStream<EventView>.Continuation) {
        self.continuation = continuation
    }

    func onEvent(event: EventView) {
        continuation.yield(event)
    }
}

/// Runs a call that waits for the disk on a thread that may block: Swift's own are few.
private func onDisk<T: Sendable>(
    _ work: @escaping @Sendable () throws -> T
) async throws(WijkboekError) -> T {
    let result: Result<T, WijkboekError> = await withCheckedContinuation { continuation in
        DispatchQueue.global(qos: .userInitiated).async {
            continuation.resume(
                returning: Result(catching: work).mapError(WijkboekError.init(unexpected:))
            )
        }
    }
    return try result.get()
}

extension WijkboekError {
    /// Every call of the core throws this type; anything else is a fault between the languages.
    fileprivate init(unexpected error: any Error) {
        self = error as? WijkboekError ?? .Internal(reportId: "swift")
    }
}
