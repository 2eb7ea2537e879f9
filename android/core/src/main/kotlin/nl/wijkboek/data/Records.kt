package nl.wijkboek.data

import java.time.Instant

@JvmInline value class RecordId(val value: String)
@JvmInline value class AreaCode(val value: String)
@JvmInline value class ThemeId(val value: String)

/** What a resident brings. */
enum class Kind { VRAAG, KLACHT, SIGNAAL, INITIATIEF }

/** What a line is about. */
enum class EntryType {
    CONTACT,
    SIGNAL,
    VISIT,
    ACTION,
    ESCALATION,
    MEETING,
    IDEA,
    BUDGET,
    PERSON,
    CONSENT,
    RELATION,
    COVENANT,
    ENDORSEMENT,
    REPLY,
    INTERNAL_NOTE,
}

/** What a talk on the form becomes: a contact, or an ambassadeur's melding. */
enum class CaptureType(val entry: EntryType) {
    CONTACT(EntryType.CONTACT),
    SIGNAL(EntryType.SIGNAL),
}

/** How far a contact or melding has come. */
enum class Status { NIEUW, IN_BEHANDELING, AFGEHANDELD, AFGEWEZEN }

/** Age in five groups; unknown is the absence of one. */
enum class AgeGroup { AGE_0_14, AGE_15_24, AGE_25_44, AGE_45_64, AGE_65_PLUS }

/** What somebody is to the municipality. */
enum class Role { AMBASSADEUR, WIJKREGISSEUR, MEDEWERKER, OOV, PARTNER, BESTUURDER, BEHEERDER, PRIVACY_OFFICER, FG }

/** How far a record has got on its way to the office. */
enum class Delivery { ON_DEVICE, SENT, AT_OFFICE, REFUSED }

/** The fields of the capture form, for pointing at the one that is not right. */
enum class FormField { KIND, THEMES, NOTE, BUURT, PEOPLE, AGE, OTHER }

/** Who this device is enrolled as. [captures] is what their talks become; `null` for a role that logs none. */
data class Identity(val name: String, val role: Role?, val wijken: List<AreaCode>, val captures: CaptureType?)

/** A gemeente, wijk or buurt: the code identifies it, the name does not. */
data class Area(val code: AreaCode, val name: String)

/** A theme by its names. */
data class Theme(val id: ThemeId, val dutch: String, val english: String, val main: Boolean) {
    fun name(language: Language): String = when (language) {
        Language.DUTCH -> dutch
        Language.ENGLISH -> english
    }
}

/** What the municipality maintains. */
data class Reference(val buurten: List<Area>, val themes: List<Theme>)

/** A position with its accuracy. */
data class Position(val lon: Double, val lat: Double, val accuracyM: Int)

/** In which buurt a position lies. */
sealed interface BuurtGuess {
    data class Sure(val buurt: Area) : BuurtGuess

    /** The accuracy circle crosses a border: ask. The likeliest comes first. */
    data class Ask(val buurten: List<Area>) : BuurtGuess

    data object Outside : BuurtGuess
}

/** Which lines a list shows. */
data class LogQuery(val text: String = "", val kind: Kind? = null)

/** Where the next page begins. */
@JvmInline value class PageMark(internal val value: String)

/** At most fifty lines. */
data class LogPage(val lines: List<LogLine>, val next: PageMark?)

/** One line of the list. */
data class LogLine(
    val id: RecordId,
    /** `null` when a newer version of the app wrote it. */
    val type: EntryType?,
    val kind: Kind?,
    val status: Status?,
    val buurt: String?,
    val themes: List<Theme>,
    val text: String,
    val author: String?,
    val occurredAt: Instant,
    val createdAt: Instant,
    /** How many fields hold two people's values at once. */
    val conflicts: Int,
    /** Visitors counted at a visit. */
    val visitors: Long?,
    val delivery: Delivery,
)

/** A new contact or melding, as the form hands it over. */
data class NewEntry(
    val type: CaptureType,
    val kind: Kind,
    val themes: List<ThemeId>,
    val note: String,
    val buurt: AreaCode,
    val position: Position?,
    val age: AgeGroup?,
    val people: Int,
    /** The moment of the first tap. */
    val occurredAt: Instant,
)

/** The unfinished form. */
data class CaptureDraft(
    val kind: Kind?,
    val themes: List<ThemeId>,
    val note: String,
    val buurt: AreaCode?,
    val position: Position?,
    val age: AgeGroup?,
    val people: Int,
    val startedAt: Instant,
)

/** How things stand between this device and the office. */
data class SyncState(val phase: Phase, val unsent: Int, val refused: Int, val lastSuccess: Instant?) {
    enum class Phase { NOT_ENROLLED, IDLE, SYNCING, OFFLINE, FAILING, LOCKED }
}
