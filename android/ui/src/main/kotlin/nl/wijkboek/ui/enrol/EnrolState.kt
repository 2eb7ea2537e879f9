package nl.wijkboek.ui.enrol

import nl.wijkboek.data.LogbookException

/** All that the enrolment form shows. */
data class EnrolState(
    val serverUrl: String = "",
    val code: String = "",
    val deviceName: String = "",
    val busy: Boolean = false,
    val problem: LogbookException? = null,
    /** It worked. */
    val done: Boolean = false,
) {
    val canEnrol: Boolean get() = serverUrl.isNotBlank() && code.isNotBlank() && deviceName.isNotBlank() && !busy
}

/** All that somebody can do on it. */
sealed interface EnrolEvent {
    data class ServerUrl(val text: String) : EnrolEvent

    data class Code(val text: String) : EnrolEvent

    data class DeviceName(val text: String) : EnrolEvent

    data object Enrol : EnrolEvent
}
