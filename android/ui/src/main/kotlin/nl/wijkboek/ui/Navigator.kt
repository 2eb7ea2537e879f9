package nl.wijkboek.ui

import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.setValue
import androidx.lifecycle.ViewModel
import androidx.lifecycle.viewModelScope
import java.time.Clock
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.cancel
import kotlinx.coroutines.job
import kotlinx.coroutines.launch
import nl.wijkboek.data.Kind
import nl.wijkboek.data.Logbook
import nl.wijkboek.data.LogbookException
import nl.wijkboek.data.PositionSource
import nl.wijkboek.ui.capture.CaptureEvent
import nl.wijkboek.ui.capture.CaptureModel
import nl.wijkboek.ui.enrol.EnrolModel
import nl.wijkboek.ui.list.ContactListModel

/** Where somebody is, with the model of that screen. */
sealed interface Screen {
    data object Opening : Screen

    class Enrol(val model: EnrolModel) : Screen

    class List(val model: ContactListModel) : Screen

    class Capture(val model: CaptureModel) : Screen
}

/** Goes from screen to screen, and outlives a turned device. */
class Navigator(
    private val logbook: Logbook,
    private val positions: PositionSource,
    private val clock: Clock,
    private val deviceName: String,
    scope: CoroutineScope,
) : ViewModel(scope) {
    var screen: Screen by mutableStateOf(Screen.Opening)
        private set

    private val list: ContactListModel by lazy { ContactListModel(logbook, clock, child()) }
    private var form: CoroutineScope? = null

    init {
        viewModelScope.launch {
            val enrolled = try {
                logbook.identity() != null
            } catch (_: LogbookException) {
                // The list shows what is wrong.
                true
            }
            if (enrolled) enrolled() else enrol()
        }
    }

    /** True when "back" leads somewhere inside the app. */
    val canGoBack: Boolean get() = screen is Screen.Capture

    fun back() {
        (screen as? Screen.Capture)?.model?.on(CaptureEvent.Close)
    }

    fun enrol() {
        screen = Screen.Enrol(EnrolModel(logbook, deviceName, child()))
    }

    fun enrolled() {
        logbook.resume()
        screen = Screen.List(list)
    }

    fun capture(kind: Kind?) {
        val scope = child().also { form = it }
        screen = Screen.Capture(CaptureModel(logbook, positions, clock, kind, scope))
    }

    fun captured(saved: Boolean) {
        form?.cancel()
        form = null
        if (saved) list.saved()
        screen = Screen.List(list)
    }

    /** Ends with this navigator; one child's failure does not end the others. */
    private fun child(): CoroutineScope =
        CoroutineScope(viewModelScope.coroutineContext + SupervisorJob(viewModelScope.coroutineContext.job))
}
