package nl.wijkboek.ui.capture

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.ExperimentalLayoutApi
import androidx.compose.foundation.layout.FlowRow
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.Spacer
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.layout.width
import androidx.compose.material3.Icon
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Surface
import androidx.compose.material3.Text
import androidx.compose.material3.TextButton
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.testTag
import androidx.compose.ui.unit.dp
import nl.wijkboek.data.Area
import nl.wijkboek.data.FormField
import nl.wijkboek.ui.parts.ChoiceChip
import nl.wijkboek.ui.text.LocalTexts
import nl.wijkboek.ui.theme.WijkboekIcons

/** Where it happened: filled in from the position, asked at a border, changed in two taps. */
@Composable
internal fun WhereSection(state: CaptureState, onEvent: (CaptureEvent) -> Unit) {
    val strings = LocalTexts.current.strings
    Question(strings.whereQuestion) {
        when (val where = state.where) {
            Where.Finding -> Sentence(strings.findingPlace)
            is Where.In -> Known(where, onEvent)
            is Where.Between -> {
                Sentence(strings.askBuurt)
                Buurten(where.buurten, null, onEvent)
            }
            Where.Unknown -> Sentence(strings.chooseBuurt)
        }
        if (state.choosingBuurt || state.where is Where.Unknown) {
            Buurten(state.buurten, (state.where as? Where.In)?.buurt, onEvent)
        } else if (state.where !is Where.In) {
            TextButton({ onEvent(CaptureEvent.ChangeBuurt) }, Modifier.heightIn(min = 48.dp)) {
                Text(if (state.where is Where.Between) strings.otherBuurt else strings.chooseBuurt)
            }
        }
        FieldProblem(state.problem, FormField.BUURT)
    }
}

@Composable
private fun Known(where: Where.In, onEvent: (CaptureEvent) -> Unit) {
    val strings = LocalTexts.current.strings
    Surface(
        { onEvent(CaptureEvent.ChangeBuurt) },
        Modifier.fillMaxWidth().testTag("where"),
        shape = MaterialTheme.shapes.medium,
        color = MaterialTheme.colorScheme.surfaceContainer,
    ) {
        Row(Modifier.heightIn(min = 60.dp).padding(horizontal = 14.dp, vertical = 8.dp), verticalAlignment = Alignment.CenterVertically) {
            Icon(WijkboekIcons.place, null, Modifier.size(24.dp), tint = MaterialTheme.colorScheme.primary)
            Spacer(Modifier.width(12.dp))
            Column(Modifier.weight(1f)) {
                Text(where.buurt.name, style = MaterialTheme.typography.titleMedium)
                where.position?.let {
                    Text(
                        strings.accuracy(it.accuracyM),
                        style = MaterialTheme.typography.bodySmall,
                        color = MaterialTheme.colorScheme.onSurfaceVariant,
                    )
                }
            }
            Text(strings.change, style = MaterialTheme.typography.labelLarge, color = MaterialTheme.colorScheme.primary)
        }
    }
}

@OptIn(ExperimentalLayoutApi::class)
@Composable
private fun Buurten(buurten: List<Area>, chosen: Area?, onEvent: (CaptureEvent) -> Unit) {
    FlowRow(
        Modifier.padding(top = 8.dp),
        horizontalArrangement = Arrangement.spacedBy(8.dp),
        verticalArrangement = Arrangement.spacedBy(8.dp),
    ) {
        for (buurt in buurten) {
            ChoiceChip(
                buurt.name,
                buurt == chosen,
                { onEvent(CaptureEvent.PickBuurt(buurt)) },
                Modifier.testTag("buurt-${buurt.code.value}"),
            )
        }
    }
}

@Composable
private fun Sentence(text: String) {
    Text(text, Modifier.padding(start = 4.dp), style = MaterialTheme.typography.bodyLarge)
}
