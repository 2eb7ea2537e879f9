package nl.wijkboek.ui.list

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.PaddingValues
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.Spacer
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.height
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.layout.statusBarsPadding
import androidx.compose.foundation.layout.widthIn
import androidx.compose.foundation.lazy.LazyColumn
import androidx.compose.foundation.lazy.LazyListState
import androidx.compose.foundation.lazy.items
import androidx.compose.foundation.lazy.rememberLazyListState
import androidx.compose.material3.CircularProgressIndicator
import androidx.compose.material3.HorizontalDivider
import androidx.compose.material3.Icon
import androidx.compose.material3.IconButton
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Scaffold
import androidx.compose.material3.SnackbarHost
import androidx.compose.material3.SnackbarHostState
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.derivedStateOf
import androidx.compose.runtime.getValue
import androidx.compose.runtime.remember
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.testTag
import androidx.compose.ui.semantics.heading
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.text.style.TextAlign
import androidx.compose.ui.unit.dp
import nl.wijkboek.data.CaptureType
import nl.wijkboek.data.LogLine
import nl.wijkboek.data.SyncState
import nl.wijkboek.ui.text.LocalTexts
import nl.wijkboek.ui.text.Moments
import nl.wijkboek.ui.theme.WijkboekIcons

/** The logbook on this device: newest first, with the four kinds at the thumb. */
@Composable
fun ContactListScreen(state: ContactListState, onEvent: (ContactListEvent) -> Unit, modifier: Modifier = Modifier) {
    val texts = LocalTexts.current
    val moments = remember(state.now, state.zone, texts) { Moments(state.now, state.zone, texts.strings) }
    val snackbars = remember { SnackbarHostState() }
    if (state.justSaved) {
        LaunchedEffect(Unit) {
            snackbars.showSnackbar(texts.strings.savedOnDevice)
            onEvent(ContactListEvent.SavedWasSeen)
        }
    }
    Scaffold(
        modifier = modifier,
        topBar = {
            // As high as its letters need, unlike Material's bar.
            Row(
                Modifier.statusBarsPadding().fillMaxWidth().padding(start = 16.dp, end = 4.dp, top = 10.dp, bottom = 6.dp),
                verticalAlignment = Alignment.CenterVertically,
            ) {
                Heading(state.sync, moments, Modifier.weight(1f))
                IconButton({ onEvent(ContactListEvent.Refresh) }, Modifier.size(56.dp).testTag("refresh")) {
                    Icon(WijkboekIcons.sync, texts.strings.refresh)
                }
            }
        },
        bottomBar = { state.captures?.let { CaptureBar(it, onEvent) } },
        snackbarHost = { SnackbarHost(snackbars) },
        containerColor = MaterialTheme.colorScheme.background,
    ) { padding ->
        Column(Modifier.padding(padding).fillMaxSize()) {
            Notices(state, onEvent)
            when {
                state.loading -> Loading()
                state.lines.isEmpty() -> Empty(state.captures)
                else -> Lines(state, moments, onEvent)
            }
        }
    }
}

@Composable
private fun Heading(sync: SyncState?, moments: Moments, modifier: Modifier) {
    val strings = LocalTexts.current.strings
    Column(modifier) {
        Text(strings.logbook, Modifier.semantics { heading() }, style = MaterialTheme.typography.headlineSmall)
        val parts = sync?.let {
            listOfNotNull(
                when (it.phase) {
                    SyncState.Phase.SYNCING -> strings.syncing
                    // That there is no connection, and why not, stands in a notice of its own.
                    SyncState.Phase.IDLE,
                    SyncState.Phase.OFFLINE,
                    SyncState.Phase.FAILING,
                    SyncState.Phase.LOCKED,
                    SyncState.Phase.NOT_ENROLLED,
                    -> it.lastSuccess?.let { at -> strings.upToDate(moments.short(at)) } ?: strings.notYetExchanged
                },
                strings.unsent(it.unsent).takeIf { _ -> it.unsent > 0 },
            )
        }
        Text(
            parts?.joinToString(" · ") ?: "",
            Modifier.testTag("sync-state"),
            style = MaterialTheme.typography.bodySmall,
            color = MaterialTheme.colorScheme.onSurfaceVariant,
        )
    }
}

@Composable
private fun Lines(state: ContactListState, moments: Moments, onEvent: (ContactListEvent) -> Unit) {
    val days = remember(state.lines, moments) { state.lines.groupBy { moments.date(it.createdAt) } }
    val list = rememberLazyListState()
    AtTheEnd(list, state, onEvent)
    LazyColumn(
        Modifier.fillMaxSize().testTag("lines"),
        list,
        contentPadding = PaddingValues(bottom = 12.dp),
    ) {
        for ((day, lines) in days) {
            item(key = day.toString(), contentType = "day") {
                Text(
                    moments.day(day),
                    Modifier.padding(start = 16.dp, end = 16.dp, top = 14.dp, bottom = 2.dp).semantics { heading() },
                    style = MaterialTheme.typography.titleSmall,
                    color = MaterialTheme.colorScheme.onSurfaceVariant,
                )
            }
            items(lines, key = { it.id.value }, contentType = { "line" }) { line ->
                LogLineItem(line, moments)
                if (line != lines.last()) {
                    HorizontalDivider(Modifier.padding(start = 70.dp, end = 16.dp), color = MaterialTheme.colorScheme.outlineVariant)
                }
            }
        }
    }
}

@Composable
private fun AtTheEnd(list: LazyListState, state: ContactListState, onEvent: (ContactListEvent) -> Unit) {
    val nearEnd by remember(list) {
        derivedStateOf {
            val info = list.layoutInfo
            info.totalItemsCount > 0 && (info.visibleItemsInfo.lastOrNull()?.index ?: 0) >= info.totalItemsCount - 10
        }
    }
    LaunchedEffect(nearEnd, state.hasMore, state.lines.size) {
        if (nearEnd && state.hasMore) onEvent(ContactListEvent.ShowMore)
    }
}

@Composable
private fun Loading() {
    Column(
        Modifier.fillMaxSize(),
        verticalArrangement = Arrangement.Center,
        horizontalAlignment = Alignment.CenterHorizontally,
    ) {
        CircularProgressIndicator()
        Text(LocalTexts.current.strings.loading, Modifier.padding(top = 16.dp), style = MaterialTheme.typography.bodyMedium)
    }
}

@Composable
private fun Empty(captures: CaptureType?) {
    val strings = LocalTexts.current.strings
    Box(Modifier.fillMaxSize(), contentAlignment = Alignment.Center) {
        Column(
            Modifier.padding(horizontal = 40.dp).widthIn(max = 360.dp),
            horizontalAlignment = Alignment.CenterHorizontally,
        ) {
            Icon(
                WijkboekIcons.vraag,
                null,
                Modifier.size(56.dp),
                tint = MaterialTheme.colorScheme.outline,
            )
            Spacer(Modifier.height(20.dp))
            Text(strings.emptyTitle, style = MaterialTheme.typography.titleLarge, textAlign = TextAlign.Center)
            captures?.let {
                Spacer(Modifier.height(8.dp))
                Text(
                    strings.emptyText(it),
                    style = MaterialTheme.typography.bodyLarge,
                    color = MaterialTheme.colorScheme.onSurfaceVariant,
                    textAlign = TextAlign.Center,
                )
            }
        }
    }
}

/** A line's words, also when it has no note or was written by a newer version. */
@Composable
internal fun titleOf(line: LogLine): String {
    val texts = LocalTexts.current
    if (line.text.isNotBlank()) return line.text.trim()
    val kind = line.kind ?: return line.type?.let(texts.wording::type) ?: texts.strings.newerVersion
    return texts.strings.withoutNote(texts.wording.kind(kind), line.themes.joinToString(", ") { it.name(texts.strings.language) })
}
