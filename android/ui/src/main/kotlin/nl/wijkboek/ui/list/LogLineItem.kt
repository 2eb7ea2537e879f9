package nl.wijkboek.ui.list

import androidx.compose.foundation.background
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.ExperimentalLayoutApi
import androidx.compose.foundation.layout.FlowRow
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.Spacer
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.layout.width
import androidx.compose.material3.Icon
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.graphics.Color
import androidx.compose.ui.graphics.vector.ImageVector
import androidx.compose.ui.platform.testTag
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.text.style.TextOverflow
import androidx.compose.ui.unit.dp
import nl.wijkboek.data.Delivery
import nl.wijkboek.data.LogLine
import nl.wijkboek.ui.text.LocalTexts
import nl.wijkboek.ui.text.Moments
import nl.wijkboek.ui.theme.Tint
import nl.wijkboek.ui.theme.WijkboekIcons
import nl.wijkboek.ui.theme.WijkboekTheme

/** One line: what was said, about what, where, by whom, and how far it has got. */
@Composable
internal fun LogLineItem(line: LogLine, moments: Moments, modifier: Modifier = Modifier) {
    val texts = LocalTexts.current
    Row(
        modifier.fillMaxWidth().semantics(mergeDescendants = true) {}.testTag("line").padding(horizontal = 16.dp, vertical = 12.dp),
    ) {
        KindBadge(line)
        Spacer(Modifier.width(14.dp))
        Column(Modifier.weight(1f)) {
            Row(Modifier.fillMaxWidth(), verticalAlignment = Alignment.CenterVertically) {
                Text(
                    listOfNotNull(line.kind?.let(texts.wording::kind) ?: line.type?.let(texts.wording::type), line.buurt).joinToString(" · "),
                    Modifier.weight(1f),
                    style = MaterialTheme.typography.labelMedium,
                    color = MaterialTheme.colorScheme.onSurfaceVariant,
                    maxLines = 1,
                    overflow = TextOverflow.Ellipsis,
                )
                Spacer(Modifier.width(8.dp))
                Text(
                    // Under the day it was written down; what happened earlier says so.
                    if (moments.date(line.occurredAt) == moments.date(line.createdAt)) moments.time(line.occurredAt) else moments.short(line.occurredAt),
                    style = MaterialTheme.typography.labelMedium,
                    color = MaterialTheme.colorScheme.onSurfaceVariant,
                )
            }
            Text(
                titleOf(line),
                Modifier.padding(top = 2.dp),
                style = MaterialTheme.typography.bodyLarge,
                color = MaterialTheme.colorScheme.onSurface,
                maxLines = 2,
                overflow = TextOverflow.Ellipsis,
            )
            Facts(line)
        }
    }
}

@OptIn(ExperimentalLayoutApi::class)
@Composable
private fun Facts(line: LogLine) {
    val texts = LocalTexts.current
    val colors = WijkboekTheme.colors
    val about = buildList {
        if (line.text.isNotBlank()) addAll(line.themes.map { it.name(texts.strings.language) })
        line.visitors?.takeIf { it > 0 }?.let { add(texts.strings.visitors(it)) }
        line.author?.let { add(it) }
    }
    FlowRow(
        Modifier.fillMaxWidth().padding(top = 5.dp),
        horizontalArrangement = Arrangement.spacedBy(8.dp),
        verticalArrangement = Arrangement.spacedBy(6.dp),
        itemVerticalAlignment = Alignment.CenterVertically,
    ) {
        if (about.isNotEmpty()) {
            Text(about.joinToString(" · "), style = MaterialTheme.typography.bodySmall, color = MaterialTheme.colorScheme.onSurfaceVariant)
        }
        when (line.delivery) {
            Delivery.ON_DEVICE -> Chip(WijkboekIcons.phone, texts.strings.onDevice, colors.waiting)
            Delivery.SENT -> Chip(WijkboekIcons.sent, texts.strings.sent, colors.waiting)
            Delivery.AT_OFFICE -> Chip(WijkboekIcons.check, texts.strings.atOffice, null)
            Delivery.REFUSED -> Chip(WijkboekIcons.klacht, texts.strings.refused, colors.attention)
        }
        if (line.conflicts > 0) Chip(WijkboekIcons.twoValues, texts.strings.twoValues, colors.attention)
    }
}

/** What became of a record. Quiet without a [tint]: the ordinary, good end. */
@Composable
private fun Chip(icon: ImageVector, text: String, tint: Tint?) {
    val content = tint?.content ?: MaterialTheme.colorScheme.onSurfaceVariant
    Row(
        Modifier
            .background(tint?.surface ?: Color.Transparent, MaterialTheme.shapes.extraSmall)
            .padding(horizontal = if (tint == null) 0.dp else 8.dp, vertical = 2.dp),
        verticalAlignment = Alignment.CenterVertically,
    ) {
        Icon(icon, null, Modifier.size(16.dp), tint = content)
        Spacer(Modifier.width(4.dp))
        val type = MaterialTheme.typography
        Text(text, style = if (tint == null) type.bodySmall else type.labelMedium, color = content)
    }
}

@Composable
private fun KindBadge(line: LogLine) {
    val colors = WijkboekTheme.colors
    val tint = line.kind?.let(colors::of) ?: colors.visit
    Box(
        Modifier.size(40.dp).background(tint.surface, MaterialTheme.shapes.small),
        contentAlignment = Alignment.Center,
    ) {
        Icon(line.kind?.let(WijkboekIcons::of) ?: line.type?.let(WijkboekIcons::of) ?: WijkboekIcons.record, null, Modifier.size(24.dp), tint = tint.content)
    }
}
