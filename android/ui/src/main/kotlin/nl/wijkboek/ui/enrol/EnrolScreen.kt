package nl.wijkboek.ui.enrol

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.widthIn
import androidx.compose.foundation.rememberScrollState
import androidx.compose.foundation.text.KeyboardOptions
import androidx.compose.foundation.verticalScroll
import androidx.compose.material3.Button
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.OutlinedTextField
import androidx.compose.material3.Scaffold
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.testTag
import androidx.compose.ui.semantics.heading
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.text.input.KeyboardType
import androidx.compose.ui.unit.dp
import nl.wijkboek.ui.parts.Notice
import nl.wijkboek.ui.text.LocalTexts
import nl.wijkboek.ui.theme.WijkboekIcons
import nl.wijkboek.ui.theme.WijkboekTheme

/** The first screen of a device that belongs to nobody yet. */
@Composable
fun EnrolScreen(state: EnrolState, onEvent: (EnrolEvent) -> Unit, modifier: Modifier = Modifier) {
    val texts = LocalTexts.current
    Scaffold(modifier, containerColor = MaterialTheme.colorScheme.background) { padding ->
        Column(
            Modifier.padding(padding).fillMaxSize().verticalScroll(rememberScrollState()).padding(24.dp).widthIn(max = 480.dp),
            verticalArrangement = Arrangement.spacedBy(16.dp),
        ) {
            Text(texts.strings.welcome, Modifier.padding(top = 32.dp).semantics { heading() }, style = MaterialTheme.typography.headlineSmall)
            Text(texts.strings.enrolText, style = MaterialTheme.typography.bodyLarge, color = MaterialTheme.colorScheme.onSurfaceVariant)
            Answer(texts.strings.serverAddress, state.serverUrl, "server", KeyboardType.Uri) { onEvent(EnrolEvent.ServerUrl(it)) }
            Answer(texts.strings.code, state.code, "code", KeyboardType.Ascii) { onEvent(EnrolEvent.Code(it)) }
            Answer(texts.strings.deviceName, state.deviceName, "device", KeyboardType.Text) { onEvent(EnrolEvent.DeviceName(it)) }
            state.problem?.let { Notice(WijkboekIcons.klacht, texts.problem(it), WijkboekTheme.colors.attention, Modifier.testTag("problem")) }
            Button(
                { onEvent(EnrolEvent.Enrol) },
                Modifier.fillMaxWidth().heightIn(min = 60.dp).testTag("enrol"),
                enabled = state.canEnrol,
                shape = MaterialTheme.shapes.medium,
            ) {
                Text(if (state.busy) texts.strings.enrolling else texts.strings.enrol, style = MaterialTheme.typography.titleMedium)
            }
        }
    }
}

@Composable
private fun Answer(label: String, value: String, tag: String, keyboard: KeyboardType, onChange: (String) -> Unit) {
    OutlinedTextField(
        value,
        onChange,
        Modifier.fillMaxWidth().testTag(tag),
        textStyle = MaterialTheme.typography.bodyLarge,
        label = { Text(label) },
        keyboardOptions = KeyboardOptions(keyboardType = keyboard, autoCorrectEnabled = false),
        singleLine = true,
        shape = MaterialTheme.shapes.medium,
    )
}
