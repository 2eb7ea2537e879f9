// What the models ask of the world. The live ones are `CoreLogbook` (the Rust core) and the app's
// `DeviceLocation`; tests and previews bring their own.

import Foundation
@_exported import WijkboekCore

/// Names of areas and themes.
public protocol ReferenceReading: Sendable {
    /// The areas, themes and colleagues of the municipality; nil before the first exchange.
    func reference() async throws(WijkboekError) -> ReferenceView?
}

/// The log as a list reads it.
public protocol ContactReading: ReferenceReading {
    /// One page of at most 50 rows, newest first.
    func list(_ filter: FilterRequest, after: PageKey?) async throws(WijkboekError) -> PageView
    /// What happens to the log and between it and the office, until the stream is dropped; how things
    /// stand now comes first.
    func events() async throws(WijkboekError) -> AsyncStream<EventView>
    /// Exchanges everything with the office once.
    func sync() async throws(WijkboekError)
}

/// A talk as the form holds it. What it becomes, and everything else in it, is the core's to say.
public struct Captured: Equatable, Sendable {
    /// What the person brings.
    public var kind: ContactKind
    /// The buurt where it was.
    public var buurt: AreaCode
    /// The position, when there is one.
    public var place: Place?
    /// The chosen themes.
    public var themes: [ThemeId]
    /// What was said.
    public var note: String
    /// Age group, when known.
    public var ageGroup: AgeGroup?
    /// When it took place.
    public var occurredAt: Date
}

/// What logging a talk needs.
public protocol ContactWriting: ReferenceReading {
    /// What a talk that this person logs becomes; nil for a role that logs nothing.
    func captures() async throws(WijkboekError) -> RecordType?
    /// Writes it durably; returns only after that.
    func save(_ captured: Captured) async throws(WijkboekError) -> RecordId
    /// In which buurt a position lies, as far as its accuracy tells.
    func buurt(at place: Place) async throws(WijkboekError) -> BuurtAnswer
    /// Keeps what was typed so far.
    func saveDraft(_ slot: String, _ json: String) async throws(WijkboekError)
    /// What was typed before, if it was not saved as a contact.
    func draft(_ slot: String) async throws(WijkboekError) -> String?
    /// Forgets it.
    func deleteDraft(_ slot: String) async throws(WijkboekError)
}

/// Making this device one of a person's own.
public protocol Enrolling: Sendable {
    /// Whose device this is; nil when nobody's.
    func identity() async throws(WijkboekError) -> IdentityView?
    /// Exchanges a one-time code for access.
    func enrol(
        server: String,
        code: String,
        deviceName: String
    ) async throws(WijkboekError) -> IdentityView
}

/// Exchanging with the office by itself, while the app is in front.
public protocol Exchanging: Sendable {
    /// Keeps exchanging until `stop`.
    func start() async throws(WijkboekError)
    /// Ends it; what is on its way is finished or sent again later.
    func stop() async throws(WijkboekError)
}

/// All that an open log offers.
public typealias Logbook = ContactReading & ContactWriting & Enrolling & Exchanging

/// The device's position.
public protocol LocationProviding: Sendable {
    /// Where the device is, or nil when that cannot or may not be known.
    func current() async -> Place?
}
