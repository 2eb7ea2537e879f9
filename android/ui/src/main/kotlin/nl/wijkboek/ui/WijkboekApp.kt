package nl.wijkboek.ui

import androidx.compose.runtime.Composable
import androidx.compose.runtime.CompositionLocalProvider
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import nl.wijkboek.ui.capture.CaptureOutcome
import nl.wijkboek.ui.capture.CaptureScreen
import nl.wijkboek.ui.enrol.EnrolScreen
import nl.wijkboek.ui.list.ContactListEvent
import nl.wijkboek.ui.list.ContactListScreen
import nl.wijkboek.ui.text.LocalTexts
import nl.wijkboek.ui.text.Texts

/** The whole app: whichever screen the navigator stands at. */
@Composable
fun WijkboekApp(navigator: Navigator, texts: Texts) {
    CompositionLocalProvider(LocalTexts provides texts) {
        when (val screen = navigator.screen) {
            Screen.Opening -> Unit
            is Screen.Enrol -> {
                val state by screen.model.state.collectAsState()
                LaunchedEffect(state.done) { if (state.done) navigator.enrolled() }
                EnrolScreen(state, screen.model::on)
            }
            is Screen.List -> {
                val state by screen.model.state.collectAsState()
                ContactListScreen(state, { event ->
                    when (event) {
                        is ContactListEvent.Capture -> navigator.capture(event.kind)
                        ContactListEvent.EnrolAgain -> navigator.enrol()
                        else -> screen.model.on(event)
                    }
                })
            }
            is Screen.Capture -> {
                val state by screen.model.state.collectAsState()
                LaunchedEffect(screen.model) {
                    screen.model.outcome.collect { navigator.captured(saved = it == CaptureOutcome.SAVED) }
                }
                CaptureScreen(state, screen.model::on)
            }
        }
    }
}
