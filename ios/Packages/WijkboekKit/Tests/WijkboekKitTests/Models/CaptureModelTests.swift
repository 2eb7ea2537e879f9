import Foundation
import Testing

@testable import WijkboekKit

@MainActor
@Suite("Logging a contact")
struct CaptureModelTests {
    @Test("takes three taps: open, a kind, save; place and time are those of the first")
    func threeTaps() async throws {
        let log = await FakeLog.with { $0.answer = .sure(buurt: .slikkerveer) }
        let model = form(log)
        await model.send(.appeared).value
        await model.send(.entered(.kind(.klacht))).value
        await model.send(.saveTapped).value
        #expect(model.state.phase == .saved(.sample(1)))
        let contact = try #require(await log.saved.first)
        #expect(contact.kind == .klacht)
        #expect(contact.buurt == .slikkerveer)
        #expect(contact.place == .sample)
        #expect(contact.occurredAt == .sample)
        #expect(await log.drafts.isEmpty)
    }

    @Test("hands over what was filled in, and leaves the rest to the core")
    func handsOver() async throws {
        let log = await FakeLog.with { $0.answer = .sure(buurt: .slikkerveer) }
        let model = form(log)
        await model.send(.appeared).value
        let earlier = Date(timeIntervalSince1970: 1_772_500_000)
        let entries: [CaptureModel.Entry] = [
            .kind(.vraag), .theme(.verkeer), .theme(.afval), .theme(.verkeer), .note("Wanneer?"),
            .ageGroup(.age65Plus), .occurredAt(earlier), .buurt(.bolnes),
        ]
        for entry in entries { await model.send(.entered(entry)).value }
        await model.send(.saveTapped).value
        let expected = Captured(
            kind: .vraag,
            buurt: .bolnes,
            place: .sample,
            themes: [.afval],
            note: "Wanneer?",
            ageGroup: .age65Plus,
            occurredAt: earlier
        )
        #expect(await log.saved == [expected])
    }

    @Test("asks for the buurt near a border and does not save without one")
    func asksNearABorder() async {
        let log = await FakeLog.with { $0.answer = .ask(buurten: [.slikkerveer, .bolnes]) }
        let model = form(log)
        await model.send(.appeared).value
        await model.send(.entered(.kind(.signaal))).value
        #expect(model.state.finding == .ask([.slikkerveer, .bolnes]))
        #expect(!model.state.canSave)
        await model.send(.saveTapped).value
        #expect(await log.saved.isEmpty)
        await model.send(.entered(.buurt(.bolnes))).value
        await model.send(.saveTapped).value
        #expect(await log.saved.map(\.buurt) == [.bolnes])
    }

    @Test("goes without a position")
    func goesWithoutPosition() async {
        let log = FakeLog()
        let model = form(log, at: nil)
        await model.send(.appeared).value
        #expect(model.state.finding == .unknown)
        await model.send(.entered(.kind(.vraag))).value
        await model.send(.entered(.buurt(.bolnes))).value
        await model.send(.saveTapped).value
        #expect(await log.saved.map(\.place) == [nil])
    }

    @Test("says that the areas have not arrived yet")
    func saysThatThereAreNoAreas() async {
        let model = form(await FakeLog.with { $0.answer = .noAreas })
        await model.send(.appeared).value
        #expect(model.state.finding == .noAreas)
    }

    @Test("drops a position that the core does not take")
    func dropsAnOddPosition() async {
        let log = await FakeLog.with {
            $0.failures = [.buurt: .Invalid(field: "place", rule: .outOfRange)]
        }
        let model = form(log)
        await model.send(.appeared).value
        #expect(model.state.place == nil)
        #expect(model.state.finding == .unknown)
        #expect(model.state.problem == nil)
    }

    @Test("says that the position is outside the municipality, and keeps it")
    func saysOutside() async {
        let log = FakeLog()
        let model = form(log)
        await model.send(.appeared).value
        #expect(model.state.finding == .outside)
        #expect(model.state.place == .sample)
    }

    @Test("brings every keystroke to the draft, the last one last")
    func keepsEveryKeystroke() async throws {
        let log = FakeLog()
        let model = form(log)
        await model.send(.appeared).value
        let text = "Heg te hoog bij de school"
        let writes = text.indices.map { model.send(.entered(.note(String(text[...$0])))) }
        for write in writes { await write.value }
        let last = try #require(await log.drafts[CaptureDraft.slot])
        #expect(CaptureDraft(json: last)?.note == text)
        let notes = await log.savedDrafts.compactMap { CaptureDraft(json: $0)?.note.count }
        #expect(notes == notes.sorted())
    }

    @Test("goes on where it was left")
    func goesOn() async {
        let log = await FakeLog.with { $0.answer = .sure(buurt: .slikkerveer) }
        let first = form(log)
        await first.send(.appeared).value
        let entries: [CaptureModel.Entry] = [
            .kind(.initiatief), .theme(.afval), .note("Moestuin"), .ageGroup(.age25To44),
            .buurt(.bolnes),
        ]
        for entry in entries { await first.send(.entered(entry)).value }

        let later = form(log, at: nil, now: Date(timeIntervalSince1970: 1_772_600_000))
        await later.send(.appeared).value
        #expect(later.state.kind == .initiatief)
        #expect(later.state.themes == [.afval])
        #expect(later.state.note == "Moestuin")
        #expect(later.state.ageGroup == .age25To44)
        #expect(later.state.buurt == .bolnes)
        #expect(later.state.place == .sample)
        #expect(later.state.occurredAt == .sample)
    }

    @Test("loses nothing of what is typed while the draft is still being read")
    func losesNothingWhileReading() async throws {
        let gate = Gate()
        let log = FakeLog()
        let first = form(log)
        await first.send(.appeared).value
        await first.send(.entered(.note("Oud. "))).value
        await log.arrange { $0.beforeDraft = { await gate.pass() } }

        let later = form(log)
        let opening = later.send(.appeared)
        await later.send(.entered(.note("Nieuw"))).value
        await gate.open()
        await opening.value
        #expect(later.state.note == "Oud. Nieuw")
        let kept = try #require(await log.drafts[CaptureDraft.slot])
        #expect(CaptureDraft(json: kept)?.note == "Oud. Nieuw")
    }

    @Test("sets a draft aside that it cannot read")
    func setsAside() async {
        let log = await FakeLog.with { $0.drafts = [CaptureDraft.slot: "{\"of\":\"later\"}"] }
        let model = form(log)
        await model.send(.appeared).value
        await model.send(.entered(.note("Nieuw"))).value
        #expect(await log.drafts[CaptureDraft.unreadableSlot] == "{\"of\":\"later\"}")
        #expect(model.state.note == "Nieuw")
    }

    @Test("keeps everything when it cannot be saved, and saves it when it can")
    func keepsWhatCannotBeSaved() async {
        let log = await FakeLog.with {
            $0.answer = .sure(buurt: .slikkerveer)
            $0.failures = [.save: .StorageFull]
        }
        let model = form(log)
        await model.send(.appeared).value
        await model.send(.entered(.kind(.vraag))).value
        await model.send(.entered(.note("Wie maait?"))).value
        await model.send(.saveTapped).value
        #expect(model.state.phase == .writing)
        #expect(model.state.problem == .StorageFull)
        #expect(model.state.note == "Wie maait?")
        #expect(await log.drafts[CaptureDraft.slot] != nil)
        await log.arrange { $0.failures = [:] }
        await model.send(.saveTapped).value
        #expect(model.state.phase == .saved(.sample(1)))
        #expect(model.state.problem == nil)
        #expect(await log.drafts.isEmpty)
    }

    @Test("says that a draft could not be kept")
    func saysThatTheDraftWasNotKept() async {
        let log = await FakeLog.with { $0.failures = [.saveDraft: .StorageFull] }
        let model = form(log)
        await model.send(.appeared).value
        await model.send(.entered(.note("x"))).value
        #expect(model.state.problem == .StorageFull)
    }

    @Test("writes one contact when save is tapped twice, and nothing after it")
    func writesOnce() async {
        let log = await FakeLog.with { $0.answer = .sure(buurt: .slikkerveer) }
        let model = form(log)
        await model.send(.appeared).value
        await model.send(.entered(.kind(.vraag))).value
        let taps = [model.send(.saveTapped), model.send(.saveTapped)]
        for tap in taps { await tap.value }
        await model.send(.entered(.note("te laat"))).value
        await model.send(.saveTapped).value
        #expect(await log.saved.map(\.note) == [""])
        #expect(await log.drafts.isEmpty)
    }

    @Test("throws away what was filled in when asked to")
    func throwsAway() async {
        let log = FakeLog()
        let model = form(log)
        await model.send(.appeared).value
        await model.send(.entered(.note("x"))).value
        await model.send(.discardTapped).value
        #expect(model.state.note.isEmpty)
        #expect(await log.drafts.isEmpty)
    }

    private func form(
        _ log: FakeLog,
        at place: Place? = .sample,
        now: Date = .sample
    ) -> CaptureModel {
        CaptureModel(log: log, location: FakeLocation(place: place), now: { now })
    }
}
