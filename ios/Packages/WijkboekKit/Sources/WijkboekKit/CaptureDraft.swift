import Foundation

/// What was entered so far, as it is kept between two launches of the app.
struct CaptureDraft: Codable, Equatable, Sendable {
    /// The slot of the one contact that is being entered.
    static let slot = "contact"
    /// Where a draft is put that this version of the app cannot read.
    static let unreadableSlot = "contact-unreadable"

    var kind: ContactKind?
    var themes: Set<ThemeId>
    var note: String
    var ageGroup: AgeGroup?
    var place: Place?
    var buurt: AreaCode?
    var occurredAt: Date

    /// What stands in the form.
    init(_ state: CaptureModel.State) {
        kind = state.kind
        themes = state.themes
        note = state.note
        ageGroup = state.ageGroup
        place = state.place
        buurt = state.buurt
        occurredAt = state.occurredAt
    }

    /// Nil for the draft of another version of the app.
    init?(json: String) {
        guard let draft = try? JSONDecoder().decode(Self.self, from: Data(json.utf8)) else {
            return nil
        }
        self = draft
    }

    /// Whether somebody would miss it. Place and time fill themselves in.
    var isWorthKeeping: Bool {
        kind != nil || !themes.isEmpty || !note.isEmpty || ageGroup != nil
    }

    func json() throws(WijkboekError) -> String {
        do {
            return String(decoding: try JSONEncoder().encode(self), as: UTF8.self)
        } catch {
            throw .Internal(reportId: "draft")
        }
    }
}
