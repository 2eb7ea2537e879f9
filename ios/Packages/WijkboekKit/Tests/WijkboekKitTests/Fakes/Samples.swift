import Foundation
import WijkboekKit

extension Date {
    /// 3 March 2026, 10:12 in Ridderkerk.
    static let sample = Date(timeIntervalSince1970: 1_772_529_120)
}

extension AreaCode {
    static let slikkerveer = AreaCode(value: "BU05970600")
    static let bolnes = AreaCode(value: "BU05970700")
}

extension AreaView {
    static let slikkerveer = AreaView(code: .slikkerveer, name: "Slikkerveer")
    static let bolnes = AreaView(code: .bolnes, name: "Bolnes")
}

extension ThemeId {
    static let verkeer = ThemeId(value: "verkeer")
    static let afval = ThemeId(value: "afval")
}

extension Place {
    /// In Slikkerveer.
    static let sample = Place(lon: 4.60266, lat: 51.8861, accuracyM: 8, source: .gps)
}

extension RecordId {
    static func sample(_ number: Int) -> RecordId {
        RecordId(value: "0190a000-0000-7000-8000-" + String(format: "%012d", number))
    }
}

extension PrincipalId {
    static let sample = PrincipalId(value: "0190a000-0000-7000-9000-000000000001")
}

extension RowView {
    static func sample(
        _ number: Int,
        kind: ContactKind = .vraag,
        text: String = "Losse stoeptegel"
    ) -> RowView {
        RowView(
            id: .sample(number),
            recordType: .contact,
            kind: kind,
            status: .nieuw,
            buurt: .slikkerveer,
            wijk: AreaCode(value: "WK059706"),
            themes: [.verkeer],
            text: text,
            author: .sample,
            occurredAt: .sample,
            createdAt: .sample,
            sensitivity: .gewoon,
            place: nil,
            conflicts: 0,
            tallies: [],
            delivery: .onDevice,
            number: nil,
            readable: true,
            forgotten: false
        )
    }
}

extension StatusView {
    static let quiet = StatusView(phase: .idle, unsent: 0, refused: 0, lastSuccess: nil, live: true)
    static let unreachable = StatusView(
        phase: .offline(retryAt: .sample),
        unsent: 3,
        refused: 0,
        lastSuccess: nil,
        live: false
    )
}

extension EventView {
    static func nothingNew(_ status: StatusView) -> EventView {
        EventView(status: status, records: .these(ids: []), reference: false, identity: false)
    }

    static func records(_ records: ChangedRecords) -> EventView {
        EventView(status: .quiet, records: records, reference: false, identity: false)
    }

    static let referenceArrived = EventView(
        status: .quiet,
        records: .these(ids: []),
        reference: true,
        identity: false
    )
}

extension IdentityView {
    static let sample = IdentityView(
        principal: .sample,
        name: "Sanne de Wit",
        role: .wijkregisseur,
        wijken: [AreaCode(value: "WK059706")],
        captures: .contact,
        serverUrl: "https://wijkboek.example",
        municipality: MunicipalityCode(value: "GM0597")
    )
}

extension ReferenceView {
    static let sample = ReferenceView(
        version: 1,
        municipality: MunicipalityCode(value: "GM0597"),
        wijken: [AreaView(code: AreaCode(value: "WK059706"), name: "Slikkerveer")],
        buurten: [.slikkerveer, .bolnes],
        themes: [
            ThemeView(
                id: .verkeer,
                nameNl: "Verkeer",
                nameEn: "Traffic",
                parent: nil,
                sensitive: false
            )
        ],
        colleagues: []
    )
}
