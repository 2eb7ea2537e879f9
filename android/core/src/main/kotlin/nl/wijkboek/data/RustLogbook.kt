package nl.wijkboek.data

import java.io.File
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.channels.awaitClose
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.buffer
import kotlinx.coroutines.flow.callbackFlow
import kotlinx.coroutines.withContext
import nl.wijkboek.core.ChangedRecords
import nl.wijkboek.core.DraftView
import nl.wijkboek.core.EventView
import nl.wijkboek.core.FilterRequest
import nl.wijkboek.core.Observer
import nl.wijkboek.core.ObserverException
import nl.wijkboek.core.PageKey
import nl.wijkboek.core.Wijkboek

/** The logbook in the Rust core. This file and its neighbours are all that know of it. */
class RustLogbook private constructor(
    private val core: Wijkboek,
    private val io: CoroutineDispatcher,
) : Logbook {
    override val signals: Flow<LogbookSignal> = callbackFlow {
        // Called on a thread of the core's: hand it over and return.
        val observer = object : Observer {
            override fun onEvent(event: EventView) {
                try {
                    event.toSignals().forEach(::trySend)
                } catch (failure: RuntimeException) {
                    trySend(LogbookSignal.Lost)
                    throw ObserverException.Failed().initCause(failure)
                }
            }
        }
        val subscription = translated { core.subscribe(observer) }
        awaitClose {
            subscription.cancel()
            subscription.close()
        }
    }.buffer(Channel.UNLIMITED)

    override suspend fun identity(): Identity? = call { core.identity()?.toIdentity() }

    override suspend fun enrol(serverUrl: String, code: String, deviceName: String): Identity =
        call { core.enrol(serverUrl, code, deviceName).toIdentity() }

    override suspend fun page(query: LogQuery, after: PageMark?): LogPage = call {
        val names = Names(core.reference(), core.identity())
        val filter = FilterRequest(kind = query.kind?.toCore(), text = query.text.ifBlank { null })
        val page = core.list(filter, after?.let { PageKey(it.value) }, PAGE_LINES)
        LogPage(page.rows.map { it.toLine(names) }, page.next?.let { PageMark(it.value) })
    }

    override suspend fun reference(): Reference = call { core.reference().toReference() }

    override suspend fun buurtAt(position: Position): BuurtGuess = call { core.buurtAt(position.toCore()).toGuess() }

    override suspend fun save(entry: NewEntry): RecordId = call {
        val kind = entry.kind.toCore()
        val buurt = entry.buurt.toCore()
        val place = entry.position?.toCore()
        val id = when (entry.type) {
            CaptureType.CONTACT -> {
                val form = core.contactDefaults(kind, buurt, place)
                core.createContact(
                    form.copy(
                        themes = entry.themes.map { it.toCore() },
                        note = entry.note,
                        ageGroup = entry.age?.toCore(),
                        people = entry.people.toUInt(),
                        occurredAt = entry.occurredAt,
                    ),
                )
            }
            CaptureType.SIGNAL -> {
                val form = core.signalDefaults(kind, buurt, place)
                core.createSignal(
                    form.copy(themes = entry.themes.map { it.toCore() }, note = entry.note, occurredAt = entry.occurredAt),
                )
            }
        }
        RecordId(id.value)
    }

    override suspend fun draft(): CaptureDraft? = call { core.draft(CAPTURE)?.let { draftFromJson(it.json) } }

    override suspend fun keepDraft(draft: CaptureDraft?) = call {
        if (draft == null) core.deleteDraft(CAPTURE) else core.saveDraft(DraftView(CAPTURE, draft.toJson()))
    }

    override suspend fun sync(): SyncState = call {
        core.sync()
        core.status().toState()
    }

    override fun resume() = translated { core.start() }

    override fun pause() = translated { core.stop() }

    override fun wake() = translated { core.wake() }

    override fun close() = core.close()

    private suspend fun <T> call(work: suspend () -> T): T = withContext(io) { translated { work() } }

    companion object {
        /** Opens the logbook in this file, or makes it. */
        fun open(file: File, io: CoroutineDispatcher = Dispatchers.IO): RustLogbook =
            RustLogbook(translated { Wijkboek.open(file.path) }, io)

        /**
         * Opens the encrypted logbook in this file, or makes it; a plain one is encrypted in its place.
         * Overwrites [key], whatever comes of it.
         */
        fun open(file: File, key: ByteArray, io: CoroutineDispatcher = Dispatchers.IO): RustLogbook = try {
            RustLogbook(translated { Wijkboek.openWithKey(file.path, key) }, io)
        } finally {
            key.fill(0)
        }

        private const val CAPTURE = "capture"
        private val PAGE_LINES = 50u
    }
}

private fun EventView.toSignals(): List<LogbookSignal> = buildList {
    add(LogbookSignal.Sync(status.toState()))
    val named = records as? ChangedRecords.These
    if (named == null || named.ids.isNotEmpty()) add(LogbookSignal.Records)
    if (reference || identity) add(LogbookSignal.ReferenceData)
}
