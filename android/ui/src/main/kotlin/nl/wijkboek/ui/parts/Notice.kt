package nl.wijkboek.ui.parts

import androidx.compose.foundation.background
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.Spacer
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.layout.width
import androidx.compose.material3.Icon
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.graphics.vector.ImageVector
import androidx.compose.ui.semantics.LiveRegionMode
import androidx.compose.ui.semantics.liveRegion
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.unit.dp
import nl.wijkboek.ui.theme.Tint

/** A sentence that somebody should read now; a screen reader speaks it when it comes. */
@Composable
internal fun Notice(icon: ImageVector, text: String, tint: Tint, modifier: Modifier = Modifier, action: @Composable () -> Unit = {}) {
    Row(
        modifier
            .fillMaxWidth()
            .background(tint.surface, MaterialTheme.shapes.medium)
            .padding(start = 14.dp, end = 6.dp)
            .heightIn(min = 56.dp)
            .semantics { liveRegion = LiveRegionMode.Polite },
        verticalAlignment = Alignment.CenterVertically,
    ) {
        Icon(icon, null, Modifier.size(22.dp), tint = tint.content)
        Spacer(Modifier.width(12.dp))
        Text(text, Modifier.weight(1f).padding(vertical = 10.dp), style = MaterialTheme.typography.bodyMedium, color = tint.content)
        action()
    }
}
