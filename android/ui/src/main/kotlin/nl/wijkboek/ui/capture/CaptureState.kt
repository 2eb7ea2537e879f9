package nl.wijkboek.ui.capture

import nl.wijkboek.data.AgeGroup
import nl.wijkboek.data.Area
import nl.wijkboek.data.CaptureType
import nl.wijkboek.data.Kind
import nl.wijkboek.data.LogbookException
import nl.wijkboek.data.Position
import nl.wijkboek.data.Theme
import nl.wijkboek.data.ThemeId

/** All that the form shows. */
data class CaptureState(
    /** What is being written: a contact, or an ambassadeur's melding. */
    val type: CaptureType = CaptureType.CONTACT,
    val kind: Kind? = null,
    /** The themes to choose from. */
    val themes: List<Theme> = emptyList(),
    val chosenThemes: Set<ThemeId> = emptySet(),
    val note: String = "",
    val where: Where = Where.Finding,
    /** The buurten to choose from when the position is not the place. */
    val buurten: List<Area> = emptyList(),
    val choosingBuurt: Boolean = false,
    val showsMore: Boolean = false,
    val age: AgeGroup? = null,
    val people: Int = 1,
    val saving: Boolean = false,
    /** The form was found as it was left. */
    val restored: Boolean = false,
    val problem: LogbookException? = null,
) {
    val canSave: Boolean get() = kind != null && where is Where.In && !saving
}

/** Where it happened. */
sealed interface Where {
    /** The position is being looked for. */
    data object Finding : Where

    /** In this buurt; with a position when that is where it comes from. */
    data class In(val buurt: Area, val position: Position?) : Where

    /** At a border: somebody has to say. */
    data class Between(val buurten: List<Area>, val position: Position) : Where

    /** Not known: somebody has to choose. */
    data object Unknown : Where
}

/** All that somebody can do on the form. */
sealed interface CaptureEvent {
    data class PickKind(val kind: Kind) : CaptureEvent

    /** The second of three taps. */
    data class ToggleTheme(val theme: ThemeId) : CaptureEvent

    data class Note(val text: String) : CaptureEvent

    data object ChangeBuurt : CaptureEvent

    data class PickBuurt(val buurt: Area) : CaptureEvent

    data object ToggleMore : CaptureEvent

    data class PickAge(val age: AgeGroup?) : CaptureEvent

    data class People(val count: Int) : CaptureEvent

    /** The third. */
    data object Save : CaptureEvent

    data object Discard : CaptureEvent

    data object Close : CaptureEvent
}
