package nl.wijkboek.ui.theme

import androidx.compose.material3.ColorScheme
import androidx.compose.material3.darkColorScheme
import androidx.compose.material3.lightColorScheme
import androidx.compose.runtime.Immutable
import androidx.compose.ui.graphics.Color
import nl.wijkboek.data.Kind

/** Two colours that belong together: a calm surface and what is written on it. */
@Immutable
data class Tint(val surface: Color, val content: Color)

/** The colours that Material has no name for. */
@Immutable
data class WijkboekColors(
    private val vraag: Tint,
    private val klacht: Tint,
    private val signaal: Tint,
    private val initiatief: Tint,
    val visit: Tint,
    /** Something waits for a person: a conflict, a refusal. */
    val attention: Tint,
    /** Safe on this device, not yet at the office. */
    val waiting: Tint,
) {
    fun of(kind: Kind): Tint = when (kind) {
        Kind.VRAAG -> vraag
        Kind.KLACHT -> klacht
        Kind.SIGNAAL -> signaal
        Kind.INITIATIEF -> initiatief
    }
}

// Text on each surface reaches 4.5 : 1 at least (WCAG 2.1 AA); ContrastTest computes it.
internal val LightScheme: ColorScheme = lightColorScheme(
    primary = Color(0xFF1F5A57),
    onPrimary = Color(0xFFFFFFFF),
    primaryContainer = Color(0xFFD3E7E4),
    onPrimaryContainer = Color(0xFF0B3432),
    secondary = Color(0xFF4C625F),
    onSecondary = Color(0xFFFFFFFF),
    secondaryContainer = Color(0xFFDCE6E3),
    onSecondaryContainer = Color(0xFF1A2D2B),
    tertiary = Color(0xFF7A5B1B),
    onTertiary = Color(0xFFFFFFFF),
    tertiaryContainer = Color(0xFFF6E6C4),
    onTertiaryContainer = Color(0xFF3F2C05),
    background = Color(0xFFF7F6F2),
    onBackground = Color(0xFF1B2120),
    surface = Color(0xFFF7F6F2),
    onSurface = Color(0xFF1B2120),
    surfaceVariant = Color(0xFFE7E8E3),
    onSurfaceVariant = Color(0xFF4F5957),
    surfaceContainerLowest = Color(0xFFFFFFFF),
    surfaceContainerLow = Color(0xFFFCFBF8),
    surfaceContainer = Color(0xFFF1F0EB),
    surfaceContainerHigh = Color(0xFFEBEAE5),
    surfaceContainerHighest = Color(0xFFE4E4DE),
    surfaceTint = Color(0xFF1F5A57),
    outline = Color(0xFF75807D),
    outlineVariant = Color(0xFFD5D7D0),
    error = Color(0xFFA3361F),
    onError = Color(0xFFFFFFFF),
    errorContainer = Color(0xFFFAE0D8),
    onErrorContainer = Color(0xFF5C1A0B),
    inverseSurface = Color(0xFF26302E),
    inverseOnSurface = Color(0xFFEFF2EF),
    inversePrimary = Color(0xFF96CFC8),
)

internal val DarkScheme: ColorScheme = darkColorScheme(
    primary = Color(0xFF96CFC8),
    onPrimary = Color(0xFF0A3330),
    primaryContainer = Color(0xFF1E4643),
    onPrimaryContainer = Color(0xFFCDEBE6),
    secondary = Color(0xFFB4C9C5),
    onSecondary = Color(0xFF1F3330),
    secondaryContainer = Color(0xFF2C3B39),
    onSecondaryContainer = Color(0xFFD6E4E1),
    tertiary = Color(0xFFE4C37D),
    onTertiary = Color(0xFF3E2C06),
    tertiaryContainer = Color(0xFF463717),
    onTertiaryContainer = Color(0xFFF7E4BE),
    background = Color(0xFF121716),
    onBackground = Color(0xFFE2E6E3),
    surface = Color(0xFF121716),
    onSurface = Color(0xFFE2E6E3),
    surfaceVariant = Color(0xFF29312F),
    onSurfaceVariant = Color(0xFFB0BAB6),
    surfaceContainerLowest = Color(0xFF0D1211),
    surfaceContainerLow = Color(0xFF1A201F),
    surfaceContainer = Color(0xFF1D2423),
    surfaceContainerHigh = Color(0xFF262E2C),
    surfaceContainerHighest = Color(0xFF303937),
    surfaceTint = Color(0xFF96CFC8),
    outline = Color(0xFF8A9591),
    outlineVariant = Color(0xFF38413F),
    error = Color(0xFFF2A893),
    onError = Color(0xFF54170A),
    errorContainer = Color(0xFF5A2417),
    onErrorContainer = Color(0xFFFBDDD4),
    inverseSurface = Color(0xFFE2E6E3),
    inverseOnSurface = Color(0xFF26302E),
    inversePrimary = Color(0xFF1F5A57),
)

internal val LightColors = WijkboekColors(
    vraag = Tint(Color(0xFFDDE8F2), Color(0xFF1F4B73)),
    klacht = Tint(Color(0xFFF7E1D8), Color(0xFF863318)),
    signaal = Tint(Color(0xFFF5E8C8), Color(0xFF6A4A0B)),
    initiatief = Tint(Color(0xFFDDEBD6), Color(0xFF2F5A24)),
    visit = Tint(Color(0xFFE7E0EF), Color(0xFF523A6E)),
    attention = Tint(Color(0xFFFAE0D8), Color(0xFF7A2511)),
    waiting = Tint(Color(0xFFE9EAE4), Color(0xFF4A5452)),
)

internal val DarkColors = WijkboekColors(
    vraag = Tint(Color(0xFF1E3448), Color(0xFFB3D3EE)),
    klacht = Tint(Color(0xFF4A2519), Color(0xFFF5BDA6)),
    signaal = Tint(Color(0xFF41330F), Color(0xFFECCF8E)),
    initiatief = Tint(Color(0xFF23391D), Color(0xFFB6DBA7)),
    visit = Tint(Color(0xFF362A45), Color(0xFFD5BFEC)),
    attention = Tint(Color(0xFF54251A), Color(0xFFF8C4B4)),
    waiting = Tint(Color(0xFF2A3230), Color(0xFFBBC5C1)),
)
