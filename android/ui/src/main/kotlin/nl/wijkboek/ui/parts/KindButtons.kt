package nl.wijkboek.ui.parts

import androidx.compose.foundation.BorderStroke
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.material3.Icon
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Surface
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.LocalDensity
import androidx.compose.ui.platform.testTag
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.semantics.role
import androidx.compose.ui.semantics.selected
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.unit.dp
import nl.wijkboek.data.Kind
import nl.wijkboek.ui.text.LocalTexts
import nl.wijkboek.ui.theme.WijkboekIcons
import nl.wijkboek.ui.theme.WijkboekTheme

/**
 * The four kinds, four in a row, or two by two when the letters are large.
 *
 * [chosen] is the one that is chosen; with [choosing] off they are four plain buttons.
 */
@Composable
internal fun KindButtons(chosen: Kind?, choosing: Boolean, onPick: (Kind) -> Unit) {
    val perRow = if (LocalDensity.current.fontScale > 1.25f) 2 else 4
    Column(verticalArrangement = Arrangement.spacedBy(8.dp)) {
        for (row in Kind.entries.chunked(perRow)) {
            Row(Modifier.fillMaxWidth(), horizontalArrangement = Arrangement.spacedBy(8.dp)) {
                for (kind in row) {
                    val state = if (choosing) kind == chosen else null
                    KindButton(kind, state, perRow == 2, { onPick(kind) }, Modifier.weight(1f).testTag("kind-${kind.name.lowercase()}"))
                }
            }
        }
    }
}

@Composable
private fun KindButton(kind: Kind, isChosen: Boolean?, wide: Boolean, onClick: () -> Unit, modifier: Modifier) {
    val tint = WijkboekTheme.colors.of(kind)
    val quiet = isChosen == false
    Surface(
        onClick,
        modifier.semantics {
            role = if (isChosen == null) Role.Button else Role.RadioButton
            isChosen?.let { selected = it }
        },
        shape = MaterialTheme.shapes.medium,
        color = if (quiet) MaterialTheme.colorScheme.surfaceContainerLowest else tint.surface,
        contentColor = if (quiet) MaterialTheme.colorScheme.onSurfaceVariant else tint.content,
        border = when (isChosen) {
            true -> BorderStroke(2.dp, tint.content)
            false -> BorderStroke(1.dp, MaterialTheme.colorScheme.outlineVariant)
            null -> null
        },
    ) {
        val label = LocalTexts.current.wording.kind(kind)
        if (wide) {
            Row(
                Modifier.heightIn(min = 60.dp).padding(horizontal = 8.dp, vertical = 8.dp),
                horizontalArrangement = Arrangement.spacedBy(8.dp, Alignment.CenterHorizontally),
                verticalAlignment = Alignment.CenterVertically,
            ) { Face(kind, label) }
        } else {
            Column(
                Modifier.heightIn(min = 76.dp).padding(horizontal = 2.dp, vertical = 10.dp),
                verticalArrangement = Arrangement.spacedBy(4.dp, Alignment.CenterVertically),
                horizontalAlignment = Alignment.CenterHorizontally,
            ) { Face(kind, label) }
        }
    }
}

@Composable
private fun Face(kind: Kind, label: String) {
    Icon(WijkboekIcons.of(kind), null, Modifier.size(28.dp))
    Text(label, style = MaterialTheme.typography.labelLarge, maxLines = 1)
}
