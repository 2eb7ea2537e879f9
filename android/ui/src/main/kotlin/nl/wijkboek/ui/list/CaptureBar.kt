package nl.wijkboek.ui.list

import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.navigationBarsPadding
import androidx.compose.foundation.layout.padding
import androidx.compose.material3.HorizontalDivider
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Surface
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.semantics.heading
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.unit.dp
import nl.wijkboek.data.CaptureType
import nl.wijkboek.ui.parts.KindButtons
import nl.wijkboek.ui.text.LocalTexts

/** The first of three taps: what does somebody bring? At the thumb, large, always there. */
@Composable
internal fun CaptureBar(captures: CaptureType, onEvent: (ContactListEvent) -> Unit) {
    Surface(color = MaterialTheme.colorScheme.surfaceContainerLow) {
        Column {
            HorizontalDivider(color = MaterialTheme.colorScheme.outlineVariant)
            Column(Modifier.navigationBarsPadding().padding(start = 16.dp, end = 16.dp, top = 10.dp, bottom = 12.dp)) {
                Text(
                    LocalTexts.current.strings.newEntry(captures),
                    Modifier.padding(start = 2.dp, bottom = 8.dp).semantics { heading() },
                    style = MaterialTheme.typography.titleSmall,
                )
                KindButtons(chosen = null, choosing = false) { kind -> onEvent(ContactListEvent.Capture(kind)) }
            }
        }
    }
}
