package nl.wijkboek.ui.parts

import androidx.compose.foundation.BorderStroke
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.layout.widthIn
import androidx.compose.material3.Icon
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Surface
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.semantics.role
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.unit.dp
import nl.wijkboek.ui.theme.WijkboekIcons

/** An answer to tap: 48 dp high, and chosen by more than its colour. */
@Composable
internal fun ChoiceChip(text: String, chosen: Boolean, onClick: () -> Unit, modifier: Modifier = Modifier) {
    val colors = MaterialTheme.colorScheme
    Surface(
        checked = chosen,
        onCheckedChange = { onClick() },
        modifier = modifier.semantics { role = Role.Checkbox },
        shape = MaterialTheme.shapes.medium,
        color = if (chosen) colors.primaryContainer else colors.surfaceContainerLowest,
        contentColor = if (chosen) colors.onPrimaryContainer else colors.onSurface,
        border = if (chosen) BorderStroke(2.dp, colors.primary) else BorderStroke(1.dp, colors.outlineVariant),
    ) {
        Row(
            Modifier.heightIn(min = 48.dp).widthIn(min = 56.dp).padding(horizontal = 14.dp, vertical = 8.dp),
            verticalAlignment = Alignment.CenterVertically,
        ) {
            if (chosen) {
                Box(Modifier.padding(end = 6.dp)) { Icon(WijkboekIcons.check, null, Modifier.size(18.dp)) }
            }
            Text(text, style = MaterialTheme.typography.labelLarge)
        }
    }
}
