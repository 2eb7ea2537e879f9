package nl.wijkboek.ui

import java.time.Instant
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.flow.MutableSharedFlow
import nl.wijkboek.data.Area
import nl.wijkboek.data.AreaCode
import nl.wijkboek.data.BuurtGuess
import nl.wijkboek.data.CaptureDraft
import nl.wijkboek.data.CaptureType
import nl.wijkboek.data.Delivery
import nl.wijkboek.data.Identity
import nl.wijkboek.data.LogLine
import nl.wijkboek.data.LogPage
import nl.wijkboek.data.LogQuery
import nl.wijkboek.data.Logbook
import nl.wijkboek.data.LogbookException
import nl.wijkboek.data.LogbookSignal
import nl.wijkboek.data.NewEntry
import nl.wijkboek.data.PageMark
import nl.wijkboek.data.Position
import nl.wijkboek.data.RecordId
import nl.wijkboek.data.Reference
import nl.wijkboek.data.Role
import nl.wijkboek.data.SyncState
import nl.wijkboek.data.Theme
import nl.wijkboek.data.ThemeId

/** A logbook in memory, for the moments that a real one does not have on demand. */
internal class FakeLogbook(var captures: CaptureType? = CaptureType.CONTACT) : Logbook {
    val lines = mutableListOf<LogLine>()
    val saved = mutableListOf<NewEntry>()
    var kept: CaptureDraft? = null
    var enrolled = true
    var guess: BuurtGuess = BuurtGuess.Sure(SLIKKERVEER)

    /** Thrown by the next call that saves, enrols or syncs. */
    var failure: LogbookException? = null

    /** Holds up every draft until it completes. */
    var slowness: CompletableDeferred<Unit>? = null

    /** Completes when the first draft is being kept. */
    val keeping = CompletableDeferred<Unit>()

    /** Whether [resume] was called last. */
    var running = false

    override val signals = MutableSharedFlow<LogbookSignal>(replay = 1, extraBufferCapacity = 16)

    override suspend fun identity() =
        if (enrolled) Identity("Noor", Role.WIJKREGISSEUR, listOf(AreaCode("WK059706")), captures) else null

    override suspend fun enrol(serverUrl: String, code: String, deviceName: String): Identity {
        fail()
        enrolled = true
        return requireNotNull(identity())
    }

    override suspend fun page(query: LogQuery, after: PageMark?) = LogPage(lines.toList(), null)

    override suspend fun reference() = Reference(listOf(SLIKKERVEER, BOLNES), THEMES)

    override suspend fun buurtAt(position: Position) = guess

    override suspend fun save(entry: NewEntry): RecordId {
        fail()
        saved += entry
        val id = RecordId("id-${saved.size}")
        lines.add(
            0,
            LogLine(
                id, entry.type.entry, entry.kind, null, SLIKKERVEER.name, THEMES.filter { it.id in entry.themes }, entry.note, "Noor",
                entry.occurredAt, entry.occurredAt, 0, null, Delivery.ON_DEVICE,
            ),
        )
        signals.emit(LogbookSignal.Records)
        return id
    }

    override suspend fun draft() = kept

    override suspend fun keepDraft(draft: CaptureDraft?) {
        if (draft != null) {
            keeping.complete(Unit)
            slowness?.await()
        }
        kept = draft
    }

    override suspend fun sync(): SyncState {
        fail()
        return SyncState(SyncState.Phase.IDLE, 0, 0, Instant.EPOCH)
    }

    override fun resume() {
        running = true
    }

    override fun pause() {
        running = false
    }

    override fun wake() = Unit

    override fun close() = Unit

    private fun fail() {
        failure?.let {
            failure = null
            throw it
        }
    }

    companion object {
        val SLIKKERVEER = Area(AreaCode("BU05970600"), "Slikkerveer")
        val BOLNES = Area(AreaCode("BU05970700"), "Bolnes")
        val THEMES = listOf(
            Theme(ThemeId("verkeer"), "Verkeer", "Traffic", main = true),
            Theme(ThemeId("groen"), "Groen", "Green", main = true),
            Theme(ThemeId("verkeer-ov"), "Openbaar vervoer", "Public transport", main = false),
        )
    }
}
