import Foundation
import Testing
import WijkboekKit

/// What goes wrong comes back as a type that a screen can act on.
@Suite("Errors across the border", .timeLimit(.minutes(2)))
struct ErrorTests {
    @Test("before the device is somebody's")
    func notEnrolled() async throws {
        let town = try Town()
        let phone = try Wijkboek.open(path: town.file(of: "niemand"))
        #expect(try phone.identity() == nil)
        let contact = try phone.contactDefaults(kind: .vraag, buurt: .bolnes, place: nil)
        #expect(throws: WijkboekError.NotEnrolled) { try phone.createContact(contact: contact) }
        await #expect(throws: WijkboekError.NotEnrolled) { try await phone.sync() }
        #expect(try phone.status().phase == .notEnrolled)
    }

    @Test("enrolling with an unknown or used code, a wrong address, or nobody there")
    func enrolling() async throws {
        let town = try Town()
        let address = try await town.open()
        let code = try town.code(for: "Sanne", wijk: Town.slikkerveer)
        let first = try Wijkboek.open(path: town.file(of: "eerste"))
        _ = try await first.enrol(serverUrl: address, code: code, deviceName: "eerste")

        let second = try Wijkboek.open(path: town.file(of: "tweede"))
        await #expect(throws: WijkboekError.CodeRefused) {
            try await second.enrol(serverUrl: address, code: code, deviceName: "tweede")
        }
        await #expect(throws: WijkboekError.CodeRefused) {
            try await second.enrol(serverUrl: address, code: "AAAA-AAAA-AAAA", deviceName: "tweede")
        }
        await #expect(throws: WijkboekError.Invalid(field: "server_url", rule: .unreadable)) {
            try await second.enrol(serverUrl: "geen adres", code: code, deviceName: "tweede")
        }
        town.close()
        await #expect(throws: WijkboekError.Offline) {
            try await second.enrol(serverUrl: address, code: code, deviceName: "tweede")
        }
        #expect(try second.identity() == nil)
    }

    @Test("writing what a field does not take, or editing what is not there")
    func writing() async throws {
        let town = try Town()
        try await town.open()
        let phone = try await town.phone("Sanne")
        #expect(throws: WijkboekError.Invalid(field: "buurt", rule: .unreadable)) {
            try phone.contactDefaults(kind: .vraag, buurt: AreaCode(value: "Bolnes"), place: nil)
        }
        var long = try phone.contactDefaults(kind: .vraag, buurt: .bolnes, place: nil)
        long.note = String(repeating: "x", count: 20_001)
        #expect(throws: WijkboekError.Invalid(field: "note", rule: .tooLong(max: 20_000))) {
            try phone.createContact(contact: long)
        }
        #expect(throws: WijkboekError.NotFound(id: .sample(1))) {
            try phone.edit(id: .sample(1), edits: [.note(value: "x")])
        }
        #expect(try phone.record(id: .sample(1)) == nil)
        #expect(try phone.list(filter: FilterRequest(), after: nil, limit: 50).rows.isEmpty)
    }

    @Test("opening a log of a newer version, or a file that is none; both stay as they are")
    func opening() throws {
        let town = try Town()
        let newer = town.file(of: "nieuwer")
        _ = try Wijkboek.open(path: newer)
        var bytes = try Data(contentsOf: URL(fileURLWithPath: newer))
        // The user_version of an SQLite file: four bytes at offset 60.
        bytes.replaceSubrange(60..<64, with: [0, 0, 0x27, 0x0f])
        try bytes.write(to: URL(fileURLWithPath: newer))
        #expect(throws: WijkboekError.NewerDatabase) { try Wijkboek.open(path: newer) }
        #expect(try Data(contentsOf: URL(fileURLWithPath: newer)) == bytes)

        let rubbish = Data("geen logboek ".utf8 + Array(repeating: 0x41, count: 8_000))
        let damaged = town.file(of: "beschadigd")
        try rubbish.write(to: URL(fileURLWithPath: damaged))
        #expect(throws: WijkboekError.Damaged) { try Wijkboek.open(path: damaged) }
        #expect(try Data(contentsOf: URL(fileURLWithPath: damaged)) == rubbish)
    }
}
