package nl.wijkboek.ui.list

import java.time.Instant
import java.time.ZoneId
import nl.wijkboek.data.CaptureType
import nl.wijkboek.data.Kind
import nl.wijkboek.data.LogLine
import nl.wijkboek.data.LogbookException
import nl.wijkboek.data.SyncState

/** All that the list shows. */
data class ContactListState(
    val loading: Boolean = true,
    val lines: List<LogLine> = emptyList(),
    /** There are older lines than these. */
    val hasMore: Boolean = false,
    val sync: SyncState? = null,
    /** What a talk becomes; `null` for a role that logs none. */
    val captures: CaptureType? = CaptureType.CONTACT,
    val problem: LogbookException? = null,
    /** A record was just saved. */
    val justSaved: Boolean = false,
    /** The list is no longer kept up to date by itself. */
    val lost: Boolean = false,
    val now: Instant = Instant.EPOCH,
    val zone: ZoneId = ZoneId.of("Europe/Amsterdam"),
)

/** All that somebody can do on the list. */
sealed interface ContactListEvent {
    /** The first of three taps. */
    data class Capture(val kind: Kind) : ContactListEvent

    data object Refresh : ContactListEvent

    data object ShowMore : ContactListEvent

    data object DismissProblem : ContactListEvent

    data object SavedWasSeen : ContactListEvent

    data object EnrolAgain : ContactListEvent
}
