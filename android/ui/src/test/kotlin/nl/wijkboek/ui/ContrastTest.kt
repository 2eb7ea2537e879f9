package nl.wijkboek.ui

import androidx.compose.material3.ColorScheme
import androidx.compose.ui.graphics.Color
import androidx.compose.ui.graphics.luminance
import kotlin.test.Test
import kotlin.test.assertTrue
import nl.wijkboek.data.Kind
import nl.wijkboek.ui.theme.DarkColors
import nl.wijkboek.ui.theme.DarkScheme
import nl.wijkboek.ui.theme.LightColors
import nl.wijkboek.ui.theme.LightScheme
import nl.wijkboek.ui.theme.WijkboekColors

/** WCAG 2.1 AA, 1.4.3: text reaches 4.5 : 1 on what it stands on. */
class ContrastTest {
    @Test
    fun lightTextIsLegible() = check(LightScheme, LightColors)

    @Test
    fun darkTextIsLegible() = check(DarkScheme, DarkColors)

    private fun check(scheme: ColorScheme, colors: WijkboekColors) {
        val surfaces = with(scheme) {
            listOf(background, surface, surfaceContainerLowest, surfaceContainerLow, surfaceContainer, surfaceContainerHighest)
        }
        val pairs = buildMap {
            for ((index, surface) in surfaces.withIndex()) {
                put("onSurface $index", scheme.onSurface to surface)
                put("onSurfaceVariant $index", scheme.onSurfaceVariant to surface)
            }
            put("primary", scheme.onPrimary to scheme.primary)
            put("primary on background", scheme.primary to scheme.background)
            put("primary on container", scheme.primary to scheme.surfaceContainer)
            put("primaryContainer", scheme.onPrimaryContainer to scheme.primaryContainer)
            put("error on background", scheme.error to scheme.background)
            put("inverse", scheme.inverseOnSurface to scheme.inverseSurface)
            for (kind in Kind.entries) put("$kind", colors.of(kind).let { it.content to it.surface })
            put("visit", colors.visit.let { it.content to it.surface })
            put("attention", colors.attention.let { it.content to it.surface })
            put("waiting", colors.waiting.let { it.content to it.surface })
        }
        for ((name, pair) in pairs) {
            val ratio = contrast(pair.first, pair.second)
            assertTrue(ratio >= 4.5, "$name reaches only $ratio")
        }
    }

    private fun contrast(one: Color, other: Color): Double {
        val (dark, light) = listOf(one.luminance() + 0.05, other.luminance() + 0.05).sorted()
        return light / dark
    }
}
