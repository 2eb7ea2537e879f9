package nl.wijkboek.app

import android.app.Application
import androidx.lifecycle.AndroidViewModel
import androidx.lifecycle.viewModelScope
import java.time.Clock
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.job
import kotlinx.coroutines.launch
import nl.wijkboek.data.Logbook
import nl.wijkboek.data.LogbookException
import nl.wijkboek.platform.AndroidPositionSource
import nl.wijkboek.ui.Navigator

/** How far the app has come. */
sealed interface MainState {
    data object Opening : MainState

    class Failed(val problem: LogbookException) : MainState

    class Open(val navigator: Navigator) : MainState
}

/** Opens the logbook once, and keeps the navigator while the device is turned. */
class MainModel(application: Application) : AndroidViewModel(application) {
    private val mutable = MutableStateFlow<MainState>(MainState.Opening)
    val state: StateFlow<MainState> = mutable.asStateFlow()

    private var logbook: Logbook? = null
    private var inFront = false
    private var opening = false

    /** Opens the logbook unless it is open; after a failure it tries again. */
    fun open(deviceName: String) {
        if (opening || mutable.value is MainState.Open) return
        opening = true
        mutable.value = MainState.Opening
        viewModelScope.launch {
            val application = getApplication<WijkboekApplication>()
            mutable.value = try {
                val opened = application.logbook().also { logbook = it }
                if (inFront) opened.resume()
                val scope = CoroutineScope(viewModelScope.coroutineContext + SupervisorJob(viewModelScope.coroutineContext.job))
                MainState.Open(Navigator(opened, AndroidPositionSource(application), Clock.systemDefaultZone(), deviceName, scope))
            } catch (problem: LogbookException) {
                MainState.Failed(problem)
            } finally {
                opening = false
            }
        }
    }

    /** Somebody looks: keep in touch with the office. */
    fun toFront() {
        inFront = true
        logbook?.let {
            it.resume()
            it.wake()
        }
    }

    /** Nobody looks: what still waits goes along with [SyncWorker]. */
    fun toBack() {
        inFront = false
        logbook?.pause()
        SyncWorker.schedule(getApplication())
    }
}
