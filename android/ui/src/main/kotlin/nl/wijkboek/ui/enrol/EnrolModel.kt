package nl.wijkboek.ui.enrol

import androidx.lifecycle.ViewModel
import androidx.lifecycle.viewModelScope
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.update
import kotlinx.coroutines.launch
import nl.wijkboek.data.Logbook
import nl.wijkboek.data.LogbookException

/** Enrols this device. */
class EnrolModel(private val logbook: Logbook, deviceName: String, scope: CoroutineScope) : ViewModel(scope) {
    private val mutable = MutableStateFlow(EnrolState(deviceName = deviceName))
    val state: StateFlow<EnrolState> = mutable.asStateFlow()

    fun on(event: EnrolEvent) {
        when (event) {
            is EnrolEvent.ServerUrl -> mutable.update { it.copy(serverUrl = event.text, problem = null) }
            is EnrolEvent.Code -> mutable.update { it.copy(code = event.text, problem = null) }
            is EnrolEvent.DeviceName -> mutable.update { it.copy(deviceName = event.text, problem = null) }
            EnrolEvent.Enrol -> enrol()
        }
    }

    private fun enrol() {
        val form = mutable.value
        if (!form.canEnrol) return
        mutable.update { it.copy(busy = true, problem = null) }
        viewModelScope.launch {
            try {
                logbook.enrol(form.serverUrl.trim(), form.code.trim(), form.deviceName.trim())
                mutable.update { it.copy(busy = false, done = true) }
            } catch (problem: LogbookException) {
                mutable.update { it.copy(busy = false, problem = problem) }
            }
        }
    }
}
