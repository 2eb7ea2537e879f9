import Foundation
import Observation

/// Logging one contact: a kind, the rest filled in or left.
///
/// Invariants: what is typed reaches the draft, in the order in which it was typed; `saved` shows
/// only after the core has written durably, and only then the draft goes; what cannot be saved stays
/// as it was. Which fields a contact needs and which values they take is the core's to say.
@MainActor
@Observable
public final class CaptureModel {
    /// What the screen shows.
    public struct State: Equatable, Sendable {
        /// How far the contact is.
        public enum Phase: Equatable, Sendable {
            /// It is being entered.
            case writing
            /// It is on its way to the disk.
            case saving
            /// It is on the disk.
            case saved(RecordId)
        }

        /// What is known about the buurt.
        public enum Finding: Equatable, Sendable {
            /// The device is looking where it is.
            case looking
            /// The position lies in one buurt, accuracy included.
            case sure(AreaView)
            /// It lies near a border: the user says which. The likeliest comes first.
            case ask([AreaView])
            /// The position is outside the municipality.
            case outside
            /// There is no position.
            case unknown
            /// This device has no areas yet: they come with the first exchange.
            case noAreas
        }

        /// How far the contact is.
        public var phase = Phase.writing
        /// What it becomes; nil until the core has told, and for a role that logs nothing.
        public var captures: RecordType?
        /// What the person brings.
        public var kind: ContactKind?
        /// The chosen themes.
        public var themes: Set<ThemeId> = []
        /// What was said.
        public var note = ""
        /// Age group, when known.
        public var ageGroup: AgeGroup?
        /// The position, when there is one.
        public var place: Place?
        /// What the position says about the buurt.
        public var finding = Finding.looking
        /// The buurt as found or chosen.
        public var buurt: AreaCode?
        /// When the talk took place.
        public var occurredAt: Date
        /// The buurten and themes to choose from.
        public var reference: ReferenceView?
        /// What could not be done, until it is put away.
        public var problem: WijkboekError?

        /// An empty form.
        public init(occurredAt: Date) {
            self.occurredAt = occurredAt
        }

        /// Whether there is enough to hand to the core: a contact is of a kind and of a buurt.
        public var canSave: Bool {
            phase == .writing && kind != nil && buurt != nil
        }
    }

    /// What can happen.
    public enum Event: Sendable {
        /// Something was filled in.
        case entered(Entry)
        /// The form came up.
        case appeared
        /// Save it.
        case saveTapped
        /// Throw away what was filled in.
        case discardTapped
        /// The problem was read.
        case problemDismissed
    }

    /// What can be filled in.
    public enum Entry: Sendable {
        /// A kind was tapped.
        case kind(ContactKind)
        /// A theme was switched on or off.
        case theme(ThemeId)
        /// The note changed.
        case note(String)
        /// An age group was chosen, or none.
        case ageGroup(AgeGroup?)
        /// A buurt was chosen by hand.
        case buurt(AreaCode)
        /// Another moment was chosen.
        case occurredAt(Date)
    }

    /// What the screen shows now.
    public private(set) var state: State

    private let log: any ContactWriting
    private let location: any LocationProviding
    private let now: @Sendable () -> Date
    private var hasReadDraft = false
    private var draftIsBehind = false
    private var draftWriter: Task<Void, Never>?

    /// A form that writes to the log.
    public init(
        log: any ContactWriting,
        location: any LocationProviding,
        now: @escaping @Sendable () -> Date = { Date() }
    ) {
        self.log = log
        self.location = location
        self.now = now
        state = State(occurredAt: now())
    }

    /// Takes one event. The task ends when all that follows from it is done.
    @discardableResult
    public func send(_ event: Event) -> Task<Void, Never> {
        switch event {
        case .entered(let entry):
            guard state.phase == .writing else { return Task {} }
            enter(entry)
            return keepDraft()
        case .appeared:
            return Task { await open() }
        case .saveTapped:
            guard state.canSave else { return Task {} }
            state.phase = .saving
            return Task { await save() }
        case .discardTapped:
            guard state.phase == .writing else { return Task {} }
            clear()
            return keepDraft()
        case .problemDismissed:
            state.problem = nil
            return Task {}
        }
    }

    private func enter(_ entry: Entry) {
        switch entry {
        case .kind(let kind): state.kind = kind
        case .theme(let theme): state.themes.formSymmetricDifference([theme])
        case .note(let text): state.note = text
        case .ageGroup(let group): state.ageGroup = group
        case .buurt(let buurt): state.buurt = buurt
        case .occurredAt(let moment): state.occurredAt = moment
        }
    }

    private func clear() {
        let (captures, reference) = (state.captures, state.reference)
        state = State(occurredAt: now())
        state.captures = captures
        state.reference = reference
        state.finding = .unknown
    }

    /// Continues where the user left off, or takes the place of this moment.
    private func open() async {
        do throws(WijkboekError) {
            try await resume()
            state.captures = try await log.captures()
            state.reference = try await log.reference()
        } catch {
            state.problem = error
        }
        hasReadDraft = true
        if draftIsBehind { await keepDraft().value }
        if state.place == nil {
            state.place = await location.current()
        }
        await findBuurt()
    }

    /// Takes over the draft. What was tapped before it had been read wins; a note is put together.
    private func resume() async throws(WijkboekError) {
        guard !hasReadDraft, let json = try await log.draft(CaptureDraft.slot) else { return }
        guard let draft = CaptureDraft(json: json) else {
            try await log.saveDraft(CaptureDraft.unreadableSlot, json)
            return
        }
        state.kind = state.kind ?? draft.kind
        state.themes.formUnion(draft.themes)
        state.note = draft.note + state.note
        state.ageGroup = state.ageGroup ?? draft.ageGroup
        state.place = draft.place
        state.buurt = state.buurt ?? draft.buurt
        state.occurredAt = draft.occurredAt
    }

    private func findBuurt() async {
        guard let place = state.place else {
            state.finding = .unknown
            return
        }
        do throws(WijkboekError) {
            switch try await log.buurt(at: place) {
            case .sure(let buurt):
                state.finding = .sure(buurt)
                state.buurt = state.buurt ?? buurt.code
            case .ask(let buurten):
                state.finding = .ask(buurten)
            case .outside:
                state.finding = .outside
            case .noAreas:
                state.finding = .noAreas
            }
        } catch {
            // A position that the core does not take is no position: the user chooses the buurt.
            state.place = nil
            state.finding = .unknown
        }
    }

    private func save() async {
        guard let kind = state.kind, let buurt = state.buurt else { return }
        state.problem = nil
        do throws(WijkboekError) {
            state.phase = .saved(try await log.save(captured(kind, buurt)))
        } catch {
            state.phase = .writing
            state.problem = error
        }
        await keepDraft().value
    }

    private func captured(_ kind: ContactKind, _ buurt: AreaCode) -> Captured {
        Captured(
            kind: kind,
            buurt: buurt,
            place: state.place,
            themes: state.themes.sorted { $0.value < $1.value },
            note: state.note,
            ageGroup: state.ageGroup,
            occurredAt: state.occurredAt
        )
    }

    /// Brings the draft up to what stands in the form. One writer at a time, so that an older text
    /// never overwrites a newer one; none before the draft of the last time has been read.
    private func keepDraft() -> Task<Void, Never> {
        draftIsBehind = true
        guard hasReadDraft else { return Task {} }
        if let draftWriter { return draftWriter }
        let writer = Task {
            while draftIsBehind {
                draftIsBehind = false
                await writeDraft()
            }
            draftWriter = nil
        }
        draftWriter = writer
        return writer
    }

    private func writeDraft() async {
        let draft = CaptureDraft(state)
        do throws(WijkboekError) {
            switch state.phase {
            case .writing where draft.isWorthKeeping, .saving:
                try await log.saveDraft(CaptureDraft.slot, draft.json())
            case .writing, .saved:
                try await log.deleteDraft(CaptureDraft.slot)
            }
        } catch {
            state.problem = error
        }
    }
}
