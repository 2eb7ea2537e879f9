package nl.wijkboek.ui.list

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.material3.ButtonDefaults
import androidx.compose.material3.Icon
import androidx.compose.material3.IconButton
import androidx.compose.material3.Text
import androidx.compose.material3.TextButton
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.testTag
import androidx.compose.ui.unit.dp
import nl.wijkboek.data.SyncState
import nl.wijkboek.ui.parts.Notice
import nl.wijkboek.ui.text.LocalTexts
import nl.wijkboek.ui.theme.WijkboekIcons
import nl.wijkboek.ui.theme.WijkboekTheme

/** What somebody should know now, above the lines: the most pressing first. */
@Composable
internal fun Notices(state: ContactListState, onEvent: (ContactListEvent) -> Unit) {
    Column(Modifier.padding(horizontal = 16.dp, vertical = 2.dp), verticalArrangement = Arrangement.spacedBy(8.dp)) {
        OwnNotices(state, onEvent)
        state.sync?.let { ExchangeNotices(it, onEvent) }
    }
}

@Composable
private fun OwnNotices(state: ContactListState, onEvent: (ContactListEvent) -> Unit) {
    val texts = LocalTexts.current
    val strings = texts.strings
    val colors = WijkboekTheme.colors
    state.problem?.let { problem ->
        Notice(WijkboekIcons.klacht, texts.problem(problem), colors.attention, Modifier.testTag("problem")) {
            IconButton({ onEvent(ContactListEvent.DismissProblem) }, Modifier.size(48.dp)) {
                Icon(WijkboekIcons.close, strings.close)
            }
        }
    }
    if (state.lost) Notice(WijkboekIcons.klacht, strings.lost, colors.attention)
}

@Composable
private fun ExchangeNotices(sync: SyncState, onEvent: (ContactListEvent) -> Unit) {
    val strings = LocalTexts.current.strings
    val colors = WijkboekTheme.colors
    if (sync.refused > 0) Notice(WijkboekIcons.klacht, strings.refusedText(sync.refused), colors.attention)
    when (sync.phase) {
        SyncState.Phase.OFFLINE -> Notice(WijkboekIcons.offline, strings.offlineText, colors.waiting, Modifier.testTag("offline"))
        SyncState.Phase.LOCKED -> Notice(WijkboekIcons.klacht, strings.lockedText, colors.attention) {
            TextButton(
                { onEvent(ContactListEvent.EnrolAgain) },
                Modifier.heightIn(min = 48.dp),
                colors = ButtonDefaults.textButtonColors(contentColor = colors.attention.content),
            ) { Text(strings.enrolAgain) }
        }
        SyncState.Phase.FAILING -> Notice(WijkboekIcons.offline, strings.failingText, colors.waiting)
        SyncState.Phase.IDLE, SyncState.Phase.SYNCING, SyncState.Phase.NOT_ENROLLED -> Unit
    }
}
