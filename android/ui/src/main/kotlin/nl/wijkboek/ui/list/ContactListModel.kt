package nl.wijkboek.ui.list

import androidx.lifecycle.ViewModel
import androidx.lifecycle.viewModelScope
import java.time.Clock
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.update
import kotlinx.coroutines.launch
import kotlinx.coroutines.sync.Mutex
import kotlinx.coroutines.sync.withLock
import nl.wijkboek.data.LogLine
import nl.wijkboek.data.LogPage
import nl.wijkboek.data.Logbook
import nl.wijkboek.data.LogbookException
import nl.wijkboek.data.LogbookSignal
import nl.wijkboek.data.PageMark

/** Keeps the list in step with the logbook: reads again whenever the logbook says so. */
class ContactListModel(
    private val logbook: Logbook,
    private val clock: Clock,
    scope: CoroutineScope,
) : ViewModel(scope) {
    private val mutable = MutableStateFlow(ContactListState(now = clock.instant(), zone = clock.zone))
    val state: StateFlow<ContactListState> = mutable.asStateFlow()

    /** One read at a time, so that an older answer never replaces a newer one. */
    private val reading = Mutex()
    private var next: PageMark? = null

    init {
        viewModelScope.launch { read() }
        viewModelScope.launch { follow() }
    }

    fun on(event: ContactListEvent) {
        when (event) {
            ContactListEvent.Refresh -> viewModelScope.launch { attempt { logbook.sync() } }
            ContactListEvent.ShowMore -> viewModelScope.launch { readMore() }
            ContactListEvent.DismissProblem -> mutable.update { it.copy(problem = null) }
            ContactListEvent.SavedWasSeen -> mutable.update { it.copy(justSaved = false) }
            // Where these lead is the navigator's business.
            is ContactListEvent.Capture, ContactListEvent.EnrolAgain -> Unit
        }
    }

    /** Says that the form has just saved a record. */
    fun saved() = mutable.update { it.copy(justSaved = true) }

    private suspend fun follow() = attempt {
        logbook.signals.collect { signal ->
            when (signal) {
                is LogbookSignal.Sync -> mutable.update { it.copy(sync = signal.state, now = clock.instant()) }
                LogbookSignal.Records, LogbookSignal.ReferenceData -> read()
                LogbookSignal.Lost -> mutable.update { it.copy(lost = true) }
            }
        }
    }

    /** Reads as many lines as are shown, from the top. */
    private suspend fun read() = attempt {
        reading.withLock {
            val captures = logbook.identity()?.captures
            val wanted = mutable.value.lines.size
            val lines = mutableListOf<LogLine>()
            var page: LogPage = logbook.page()
            lines += page.lines
            while (lines.size < wanted) {
                page = logbook.page(after = page.next ?: break)
                lines += page.lines
            }
            next = page.next
            mutable.update {
                it.copy(
                    loading = false,
                    lines = lines,
                    hasMore = page.next != null,
                    captures = captures ?: it.captures,
                    now = clock.instant(),
                )
            }
        }
    }

    private suspend fun readMore() = attempt {
        reading.withLock {
            val from = next ?: return@withLock
            val page = logbook.page(after = from)
            next = page.next
            mutable.update { it.copy(lines = it.lines + page.lines, hasMore = page.next != null) }
        }
    }

    private suspend fun attempt(work: suspend () -> Unit) {
        try {
            work()
        } catch (problem: LogbookException) {
            // Being offline is a state of the exchange, shown as such, not a fault.
            val shown = problem.takeUnless { it is LogbookException.Offline }
            mutable.update { it.copy(loading = false, problem = shown ?: it.problem) }
        }
    }
}
