package nl.wijkboek.data

import kotlinx.coroutines.flow.Flow

/**
 * The logbook on this device, as the screens know it.
 *
 * Every function may throw [LogbookException]. A function that returns has written durably; none of
 * them waits for the network but [enrol] and [sync].
 */
interface Logbook : AutoCloseable {
    /** What changes, the current state first. Collecting subscribes, cancelling ends it. */
    val signals: Flow<LogbookSignal>

    /** Who this device is enrolled as, if it is. */
    suspend fun identity(): Identity?

    /** Enrols this device with a one-time [code]. */
    suspend fun enrol(serverUrl: String, code: String, deviceName: String): Identity

    /** One page of lines, newest first. */
    suspend fun page(query: LogQuery = LogQuery(), after: PageMark? = null): LogPage

    /** The municipality's themes and areas, as they arrived with the last sync. */
    suspend fun reference(): Reference

    /** In which buurt a position lies. */
    suspend fun buurtAt(position: Position): BuurtGuess

    /** Writes a new record; returns once it is durable. */
    suspend fun save(entry: NewEntry): RecordId

    /** The unfinished form, kept with each keystroke. */
    suspend fun draft(): CaptureDraft?

    /** Keeps the unfinished form; `null` throws it away. */
    suspend fun keepDraft(draft: CaptureDraft?)

    /** One whole exchange with the office. */
    suspend fun sync(): SyncState

    /** Keeps in touch with the office until [pause]. */
    fun resume()

    /** Ends what [resume] began. */
    fun pause()

    /** The network came back: go on now rather than after the wait. */
    fun wake()
}

/** Something that changed behind the screens. */
sealed interface LogbookSignal {
    /** How things stand with the office. */
    data class Sync(val state: SyncState) : LogbookSignal

    /** Lines came, went or changed: read the list again. */
    data object Records : LogbookSignal

    /** Themes, areas or colleagues changed. */
    data object ReferenceData : LogbookSignal

    /** The subscription ended by itself: what the screen shows may be stale. */
    data object Lost : LogbookSignal
}

/** The words of the lists, from core: both phones and the office say the same. */
interface Wording {
    fun kind(kind: Kind): String
    fun type(type: EntryType): String
    fun status(status: Status): String
    fun age(age: AgeGroup): String

    /** Which field is not right, and what to do about it. */
    fun invalid(error: LogbookException.Invalid): String

    /** Why somebody may not do it. */
    fun denied(error: LogbookException.NotAllowed): String
}

/** A language of the screens. Dutch comes first. */
enum class Language { DUTCH, ENGLISH }
