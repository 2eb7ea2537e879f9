package nl.wijkboek.ui.capture

import androidx.lifecycle.ViewModel
import androidx.lifecycle.viewModelScope
import java.time.Clock
import java.time.Instant
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Job
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.receiveAsFlow
import kotlinx.coroutines.flow.update
import kotlinx.coroutines.launch
import nl.wijkboek.data.BuurtGuess
import nl.wijkboek.data.CaptureDraft
import nl.wijkboek.data.Kind
import nl.wijkboek.data.Logbook
import nl.wijkboek.data.LogbookException
import nl.wijkboek.data.NewEntry
import nl.wijkboek.data.PositionSource

/** How a form ended. */
enum class CaptureOutcome { SAVED, DISCARDED, CLOSED }

/**
 * One form: opens where it was left, keeps each keystroke, looks for the position, saves.
 *
 * [first] is the kind that was tapped on the list, if any.
 */
class CaptureModel(
    private val logbook: Logbook,
    private val positions: PositionSource,
    private val clock: Clock,
    private val first: Kind?,
    scope: CoroutineScope,
) : ViewModel(scope) {
    private val mutable = MutableStateFlow(CaptureState(kind = first))
    val state: StateFlow<CaptureState> = mutable.asStateFlow()

    private val ends = Channel<CaptureOutcome>(Channel.BUFFERED)

    /** Tells once how the form ended. */
    val outcome = ends.receiveAsFlow()

    /** The newest state of the form that is not kept yet; older ones need not be. */
    private val unkept = Channel<CaptureState>(Channel.CONFLATED)
    private var startedAt: Instant = clock.instant()

    /** False until the draft was read, so that an empty form never overwrites it. */
    private var opened = false

    private val keeper: Job = viewModelScope.launch {
        attempt { open() }
        for (form in unkept) attempt { logbook.keepDraft(draftOf(form)) }
    }

    fun on(event: CaptureEvent) {
        when (event) {
            is CaptureEvent.PickKind -> change { it.copy(kind = event.kind) }
            is CaptureEvent.ToggleTheme -> change {
                val on = event.theme !in it.chosenThemes
                it.copy(chosenThemes = if (on) it.chosenThemes + event.theme else it.chosenThemes - event.theme)
            }
            is CaptureEvent.Note -> change { it.copy(note = event.text) }
            CaptureEvent.ChangeBuurt -> mutable.update { it.copy(choosingBuurt = !it.choosingBuurt) }
            // Somebody who names another buurt was not there: the position goes.
            is CaptureEvent.PickBuurt -> change {
                val between = (it.where as? Where.Between)?.takeIf { where -> event.buurt in where.buurten }
                it.copy(where = Where.In(event.buurt, between?.position), choosingBuurt = false)
            }
            CaptureEvent.ToggleMore -> mutable.update { it.copy(showsMore = !it.showsMore) }
            is CaptureEvent.PickAge -> change { it.copy(age = event.age) }
            is CaptureEvent.People -> change { it.copy(people = event.count.coerceAtLeast(1)) }
            CaptureEvent.Save -> save()
            CaptureEvent.Discard -> end(CaptureOutcome.DISCARDED) { logbook.keepDraft(null) }
            CaptureEvent.Close -> end(CaptureOutcome.CLOSED) { if (opened) logbook.keepDraft(draftOf(mutable.value)) }
        }
    }

    private suspend fun open() {
        val reference = logbook.reference()
        val captures = logbook.identity()?.captures
        val draft = logbook.draft()
        mutable.update {
            it.copy(
                type = captures ?: it.type,
                themes = reference.themes.filter { theme -> theme.main },
                buurten = reference.buurten,
            )
        }
        if (draft != null) {
            startedAt = draft.startedAt
            mutable.update { restore(it, draft) }
        }
        opened = true
        if (mutable.value.where is Where.Finding) viewModelScope.launch { attempt { findPlace() } }
    }

    private fun restore(form: CaptureState, draft: CaptureDraft): CaptureState {
        val buurt = form.buurten.find { it.code == draft.buurt }
        return form.copy(
            kind = first ?: draft.kind,
            chosenThemes = draft.themes.toSet(),
            note = draft.note,
            where = buurt?.let { Where.In(it, draft.position) } ?: form.where,
            age = draft.age,
            people = draft.people,
            restored = draft.note.isNotEmpty() || draft.themes.isNotEmpty(),
        )
    }

    private suspend fun findPlace() {
        val position = positions.current()
        val found = when (val guess = position?.let { logbook.buurtAt(it) }) {
            is BuurtGuess.Sure -> Where.In(guess.buurt, position)
            is BuurtGuess.Ask -> Where.Between(guess.buurten, position)
            BuurtGuess.Outside, null -> Where.Unknown
        }
        // Somebody may have chosen in the meantime.
        change { if (it.where is Where.Finding) it.copy(where = found) else it }
    }

    private fun save() {
        val form = mutable.value
        val kind = form.kind ?: return
        val where = form.where as? Where.In ?: return
        if (!form.canSave) return
        mutable.update { it.copy(saving = true, problem = null) }
        viewModelScope.launch {
            try {
                logbook.save(
                    NewEntry(
                        type = form.type,
                        kind = kind,
                        themes = form.chosenThemes.toList(),
                        note = form.note.trim(),
                        buurt = where.buurt.code,
                        position = where.position,
                        age = form.age,
                        people = form.people,
                        occurredAt = startedAt,
                    ),
                )
            } catch (problem: LogbookException) {
                mutable.update { it.copy(saving = false, problem = problem) }
                return@launch
            }
            finish(CaptureOutcome.SAVED) { logbook.keepDraft(null) }
        }
    }

    private fun end(outcome: CaptureOutcome, last: suspend () -> Unit) {
        viewModelScope.launch { finish(outcome, last) }
    }

    private suspend fun finish(outcome: CaptureOutcome, last: suspend () -> Unit) {
        // Waited for: an older draft written after this would bring back what was saved or thrown away.
        keeper.cancelAndJoin()
        attempt { last() }
        ends.send(outcome)
    }

    private fun change(edit: (CaptureState) -> CaptureState) {
        mutable.update { edit(it).copy(problem = null) }
        if (opened) unkept.trySend(mutable.value)
    }

    private fun draftOf(form: CaptureState): CaptureDraft {
        val where = form.where as? Where.In
        return CaptureDraft(
            kind = form.kind,
            themes = form.chosenThemes.toList(),
            note = form.note,
            buurt = where?.buurt?.code,
            position = where?.position,
            age = form.age,
            people = form.people,
            startedAt = startedAt,
        )
    }

    private suspend fun attempt(work: suspend () -> Unit) {
        try {
            work()
        } catch (problem: LogbookException) {
            mutable.update { it.copy(problem = problem) }
        }
    }
}
