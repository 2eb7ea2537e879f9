import Foundation
import WijkboekKit

// One state per picture of a screen; invented people and places in real buurten.

extension ContactListModel.State {
    static var preview: Self {
        var state = Self(
            phase: .loaded,
            rows: [
                .preview(1, .klacht, "Busjes laden en lossen op de stoep", .onDevice),
                .preview(2, .vraag, "Wanneer wordt de speeltuin opgeknapt?", .sent),
                .preview(3, .signaal, "", .atOffice),
                .preview(4, .initiatief, "Moestuin achter het wijkgebouw", .refused),
            ]
        )
        state.reference = .preview
        state.status = StatusView(
            phase: .offline(retryAt: .preview),
            unsent: 2,
            refused: 1,
            lastSuccess: .preview,
            live: false
        )
        return state
    }

    static var previewNothingFound: Self {
        var state = Self(phase: .loaded)
        state.search = "zwembad"
        return state
    }
}

extension CaptureModel.State {
    static var previewLooking: Self {
        var state = Self(occurredAt: .preview)
        state.captures = .contact
        state.reference = .preview
        return state
    }

    static var previewSure: Self {
        var state = previewLooking
        state.finding = .sure(.slikkerveer)
        state.buurt = AreaView.slikkerveer.code
        state.kind = .klacht
        state.themes = [ThemeView.verkeer.id]
        state.note = "Busjes laden en lossen op de stoep"
        return state
    }

    static var previewBorder: Self {
        var state = previewLooking
        state.finding = .ask([.slikkerveer, .bolnes])
        state.kind = .vraag
        return state
    }

    static var previewFull: Self {
        var state = previewSure
        state.problem = .StorageFull
        return state
    }
}

extension RowView {
    fileprivate static func preview(
        _ number: Int,
        _ kind: ContactKind,
        _ text: String,
        _ delivery: Delivery
    ) -> RowView {
        RowView(
            id: RecordId(value: "0190a000-0000-7000-8000-00000000000\(number)"),
            recordType: .contact,
            kind: kind,
            status: .nieuw,
            buurt: AreaView.slikkerveer.code,
            wijk: AreaCode(value: "WK059706"),
            themes: [ThemeView.verkeer.id],
            text: text,
            author: PrincipalId(value: "0190a000-0000-7000-9000-000000000001"),
            occurredAt: .preview,
            createdAt: .preview,
            sensitivity: .gewoon,
            place: nil,
            conflicts: number == 2 ? 1 : 0,
            tallies: [],
            delivery: delivery,
            number: nil,
            readable: true,
            forgotten: false
        )
    }
}

extension AreaView {
    fileprivate static let slikkerveer = AreaView(
        code: AreaCode(value: "BU05970600"),
        name: "Slikkerveer"
    )
    fileprivate static let bolnes = AreaView(code: AreaCode(value: "BU05970700"), name: "Bolnes")
}

extension ThemeView {
    fileprivate static let verkeer = ThemeView(
        id: ThemeId(value: "verkeer"),
        nameNl: "Verkeer",
        nameEn: "Traffic",
        parent: nil,
        sensitive: false
    )
}

extension ReferenceView {
    fileprivate static let preview = ReferenceView(
        version: 1,
        municipality: MunicipalityCode(value: "GM0597"),
        wijken: [],
        buurten: [.slikkerveer, .bolnes],
        themes: [.verkeer],
        colleagues: []
    )
}

extension Date {
    fileprivate static let preview = Date(timeIntervalSince1970: 1_772_529_120)
}
