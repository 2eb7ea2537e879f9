import Foundation
import Testing
import WijkboekKit

/// The generated bindings against the real library and the real server.
@Suite("The bindings", .timeLimit(.minutes(2)))
struct BindingsTests {
    @Test("a contact logged while the office is closed reaches a colleague when it opens")
    func contactReachesAColleague() async throws {
        let town = try Town()
        try await town.open()
        _ = try await town.phone("Sanne")
        let colleague = try await town.phone("Daan")

        town.close()
        let id = try await logOffline(in: town)

        // Opened again: the contact is still there, and only there.
        let sanne = try Wijkboek.open(path: town.file(of: "Sanne"))
        #expect(try sanne.identity()?.name == "Sanne")
        #expect(
            try sanne.list(filter: FilterRequest(), after: nil, limit: 50).rows.map(\.id) == [id]
        )
        #expect(try sanne.status().unsent == 1)
        #expect(try colleague.record(id: id) == nil)

        try await town.open()
        let report = try await sanne.sync()
        #expect(report.pushed == 1)
        #expect(try sanne.record(id: id)?.row.delivery == .atOffice)
        #expect(try sanne.status().unsent == 0)

        _ = try await colleague.sync()
        let seen = try #require(try colleague.record(id: id))
        #expect(seen.row.text == "Heg te hoog bij de school")
        #expect(seen.row.number != nil)
        #expect(seen.history.map(\.created) == [true])
        #expect(seen.history.map(\.by.name) == ["Sanne"])
        guard case .contact(let contact) = seen.record else {
            Issue.record("not a contact: \(String(describing: seen.record))")
            return
        }
        #expect(contact.kind == .klacht)
        #expect(contact.themes == [ThemeId(value: "groen")])
        #expect(contact.ageGroup == .age65Plus)
        #expect(contact.place == .sample)
        #expect(contact.occurredAt == .sample)
    }

    @Test("two values of one field both stay until somebody chooses")
    func bothValuesStay() async throws {
        let town = try Town()
        try await town.open()
        let sanne = try await town.phone("Sanne")
        let daan = try await town.phone("Daan")
        let id = try sanne.createContact(contact: try contact(on: sanne))
        _ = try await sanne.sync()
        _ = try await daan.sync()

        town.close()
        #expect(try sanne.edit(id: id, edits: [.note(value: "Heg bij de Driemaster")]))
        #expect(try daan.edit(id: id, edits: [.note(value: "Heg achter de gymzaal")]))
        #expect(try !daan.edit(id: id, edits: [.note(value: "Heg achter de gymzaal")]))
        try await town.open()
        for phone in [sanne, daan, sanne] { _ = try await phone.sync() }

        let conflict = try #require(try sanne.record(id: id)?.conflicts.first)
        #expect(conflict.field == .note)
        let texts: [Value] = [
            .text(value: "Heg bij de Driemaster"), .text(value: "Heg achter de gymzaal"),
        ]
        #expect(Set(conflict.alternatives.map(\.value)) == Set(texts))
        #expect(Set(conflict.alternatives.map(\.by.name)) == ["Sanne", "Daan"])

        #expect(try sanne.edit(id: id, edits: [.choose(field: .note, value: texts[1])]))
        _ = try await sanne.sync()
        _ = try await daan.sync()
        let settled = try #require(try daan.record(id: id))
        #expect(settled.conflicts.isEmpty)
        #expect(settled.row.text == "Heg achter de gymzaal")
    }

    @Test("counts of two phones add up")
    func countsAddUp() async throws {
        let town = try Town()
        try await town.open()
        let sanne = try await town.phone("Sanne")
        let daan = try await town.phone("Daan")
        let visit = try sanne.createVisit(
            visit: VisitRequest(
                placeName: "Dillenburgplein",
                buurt: .slikkerveer,
                place: nil,
                startsAt: .sample,
                endsAt: .sample.addingTimeInterval(7_200),
                sensitivity: .gewoon,
                team: []
            )
        )
        _ = try await sanne.sync()
        _ = try await daan.sync()
        _ = try sanne.tally(visit: visit, key: .age(group: .age65Plus), by: 2)
        _ = try daan.tally(visit: visit, key: .age(group: .age65Plus), by: 3)
        for phone in [sanne, daan, sanne] { _ = try await phone.sync() }
        for phone in [sanne, daan] {
            let tallies = try #require(try phone.record(id: visit)?.row.tallies)
            #expect(tallies.first { $0.key == .age(group: .age65Plus) }?.count == 5)
        }
    }

    @Test("search takes any text, folds accents and finds beginnings of words")
    func searchTakesAnyText() async throws {
        let town = try Town()
        try await town.open()
        let phone = try await town.phone("Sanne")
        var request = try contact(on: phone)
        request.note = "Terras van café De Zwaan"
        _ = try phone.createContact(contact: request)
        let found = { (text: String) in
            try phone.list(filter: FilterRequest(text: text), after: nil, limit: 50).rows.count
        }
        #expect(try found("cafe") == 1)
        #expect(try found("TERR zwa") == 1)
        #expect(try found("kerk") == 0)
        #expect(try found("\"*' OR NEAR(") == 0)
        #expect(try found("…\"*") == 1)
    }

    @Test("pages go on where the last one ended, and know when something changed")
    func pagesGoOn() async throws {
        let town = try Town()
        try await town.open()
        let phone = try await town.phone("Sanne")
        for number in 0..<7 {
            var request = try contact(on: phone)
            request.note = "Gesprek \(number)"
            _ = try phone.createContact(contact: request)
        }
        var page = try phone.list(filter: FilterRequest(), after: nil, limit: 3)
        #expect(try phone.changeToken() == page.token)
        var texts = page.rows.map(\.text)
        while let next = page.next {
            page = try phone.list(filter: FilterRequest(), after: next, limit: 3)
            texts += page.rows.map(\.text)
        }
        #expect(texts == (0..<7).reversed().map { "Gesprek \($0)" })
        _ = try phone.createContact(contact: try contact(on: phone))
        #expect(try phone.changeToken() != page.token)
    }

    /// Logs one contact with nobody to send it to, and lets the log go.
    private func logOffline(in town: Town) async throws -> RecordId {
        let phone = try Wijkboek.open(path: town.file(of: "Sanne"))
        let id = try phone.createContact(contact: try contact(on: phone))
        await #expect(throws: WijkboekError.Offline) { try await phone.sync() }
        #expect(try phone.record(id: id)?.row.delivery == .onDevice)
        return id
    }

    private func contact(on phone: Wijkboek) throws -> ContactRequest {
        var contact = try phone.contactDefaults(kind: .klacht, buurt: .slikkerveer, place: .sample)
        contact.themes = [ThemeId(value: "groen")]
        contact.note = "Heg te hoog bij de school"
        contact.ageGroup = .age65Plus
        contact.occurredAt = .sample
        return contact
    }
}
