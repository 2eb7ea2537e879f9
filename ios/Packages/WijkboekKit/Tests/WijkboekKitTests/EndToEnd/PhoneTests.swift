import Foundation
import Observation
import Testing

@testable import WijkboekKit

/// The models of the screens over the real core and the real server.
@MainActor
@Suite("The screens' models on a real log", .timeLimit(.minutes(2)))
struct PhoneTests {
    @Test("a form filled in offline, left, resumed and saved shows at a colleague by itself")
    func showsAtAColleague() async throws {
        let town = try Town()
        let address = try await town.open()
        try await enrol("Sanne", in: town, at: address)
        let daan = try await enrol("Daan", in: town, at: address)
        try await daan.start()
        let list = ContactListModel(log: daan)
        let screen = Task { await list.run() }

        town.close()
        try await fillIn(in: town)
        try await resumeAndSave(in: town)
        try await town.open()

        let sanne = try await CoreLogbook.open(town.file(of: "Sanne"))
        let own = ContactListModel(log: sanne)
        await own.send(.refreshed).value
        #expect(own.state.problem == nil)
        #expect(own.state.rows.map(\.delivery) == [.atOffice])

        // Daan's phone is told by the office and reads for itself.
        await until { list.state.rows.count == 1 }
        let row = try #require(list.state.rows.first)
        #expect(row.text == "Moestuin achter het wijkgebouw")
        #expect(row.kind == .initiatief)
        #expect(row.buurt == .slikkerveer)
        #expect(list.state.reference?.name(of: AreaCode.slikkerveer) == "Slikkerveer")
        screen.cancel()
        await screen.value
        try await daan.stop()
    }

    @Test("an ambassadeur's talk becomes a melding")
    func becomesASignal() async throws {
        let town = try Town()
        let address = try await town.open()
        let log = try await enrol("Fatima", as: "ambassadeur", in: town, at: address)
        let form = CaptureModel(log: log, location: FakeLocation(place: .sample))
        await form.send(.appeared).value
        #expect(form.state.captures == .signal)
        await form.send(.entered(.kind(.klacht))).value
        await form.send(.saveTapped).value
        #expect(form.state.problem == .Invalid(field: "note", rule: .required))
        #expect(form.state.phase == .writing)
        await form.send(.entered(.note("Lantaarn kapot"))).value
        await form.send(.saveTapped).value
        let list = ContactListModel(log: log)
        await list.send(.refreshed).value
        #expect(list.state.rows.map(\.recordType) == [.signal])
        #expect(list.state.rows.map(\.delivery) == [.atOffice])
        #expect(list.state.rows.map(\.kind) == [.klacht])
    }

    @Test("the position fills in the buurt, and says when it is not in one")
    func findsTheBuurt() async throws {
        let town = try Town()
        let address = try await town.open()
        let log = try await enrol("Sanne", in: town, at: address)
        #expect(try await log.buurt(at: .sample) == .sure(buurt: .slikkerveer))
        let amsterdam = Place(lon: 4.9, lat: 52.37, accuracyM: 10, source: .gps)
        #expect(try await log.buurt(at: amsterdam) == .outside)
        let unsure = Place(lon: 4.60266, lat: 51.8861, accuracyM: 5_000, source: .gps)
        guard case .ask(let buurten) = try await log.buurt(at: unsure) else {
            Issue.record("did not ask")
            return
        }
        #expect(buurten.first == .slikkerveer)
        #expect(buurten.count > 1)
    }

    @Test("a new phone knows no areas and says so")
    func knowsNoAreas() async throws {
        let town = try Town()
        let log = try await CoreLogbook.open(town.file(of: "niemand"))
        #expect(try await log.buurt(at: .sample) == .noAreas)
        #expect(try await log.reference() == nil)
    }

    @Test("the core tells of a write, by its id")
    func tellsOfAWrite() async throws {
        let town = try Town()
        let address = try await town.open()
        let log = try await enrol("Sanne", in: town, at: address)
        var events = try await log.events().makeAsyncIterator()
        let first = await events.next()
        #expect(first?.status.unsent == 0)
        let id = try await log.save(
            Captured(
                kind: .vraag,
                buurt: .slikkerveer,
                place: nil,
                themes: [],
                note: "Wanneer maaien ze?",
                ageGroup: nil,
                occurredAt: .sample
            )
        )
        var named: [RecordId] = []
        while !named.contains(id), let event = await events.next() {
            if case .these(let ids) = event.records { named += ids }
        }
        #expect(named.contains(id))
    }

    /// Waits for a model to come that far, or for the end of the test's time.
    private func until(_ condition: @escaping () -> Bool) async {
        while !condition(), !Task.isCancelled {
            let (changes, continuation) = AsyncStream.makeStream(of: Void.self)
            withObservationTracking {
                _ = condition()
            } onChange: {
                continuation.yield()
            }
            for await _ in changes { break }
        }
    }

    /// Enrols a phone through the screen's model, and exchanges once.
    @discardableResult
    private func enrol(
        _ name: String,
        as role: String = "wijkregisseur",
        in town: Town,
        at address: String
    ) async throws -> CoreLogbook {
        let log = try await CoreLogbook.open(town.file(of: name))
        let model = EnrolmentModel(access: log)
        await model.send(.appeared).value
        await model.send(.serverChanged(address)).value
        let code = try town.code(for: name, role: role, wijk: Town.slikkerveer)
        await model.send(.codeChanged(code)).value
        await model.send(.enrolTapped(deviceName: "toestel van \(name)")).value
        try #require(model.state.problem == nil)
        try await log.sync()
        return log
    }

    /// Fills the form in and leaves without saving, as when the app is ended.
    private func fillIn(in town: Town) async throws {
        let log = try await CoreLogbook.open(town.file(of: "Sanne"))
        let form = CaptureModel(log: log, location: FakeLocation(place: .sample))
        await form.send(.appeared).value
        await form.send(.entered(.kind(.initiatief))).value
        await form.send(.entered(.note("Moestuin achter het wijkgebouw"))).value
    }

    /// Finds the form as it was left, and saves it with nobody to send it to.
    private func resumeAndSave(in town: Town) async throws {
        let log = try await CoreLogbook.open(town.file(of: "Sanne"))
        let form = CaptureModel(log: log, location: FakeLocation(place: nil))
        await form.send(.appeared).value
        #expect(form.state.note == "Moestuin achter het wijkgebouw")
        #expect(form.state.buurt == .slikkerveer)
        await form.send(.saveTapped).value
        guard case .saved = form.state.phase else {
            Issue.record("not saved: \(String(describing: form.state.problem))")
            return
        }
        let list = ContactListModel(log: log)
        await list.send(.refreshed).value
        #expect(list.state.problem == .Offline)
        #expect(list.state.rows.map(\.delivery) == [.onDevice])
    }
}
