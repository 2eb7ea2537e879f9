package nl.wijkboek.ui

import androidx.compose.runtime.Composable
import androidx.compose.runtime.CompositionLocalProvider
import java.nio.file.Files
import java.time.Duration
import java.time.Instant
import kotlinx.coroutines.runBlocking
import nl.wijkboek.data.Area
import nl.wijkboek.data.AreaCode
import nl.wijkboek.data.Delivery
import nl.wijkboek.data.Language
import nl.wijkboek.data.LogLine
import nl.wijkboek.data.Reference
import nl.wijkboek.data.RustLogbook
import nl.wijkboek.data.RustWording
import nl.wijkboek.testing.ExampleLog
import nl.wijkboek.ui.text.LocalTexts
import nl.wijkboek.ui.text.Strings
import nl.wijkboek.ui.text.Texts
import nl.wijkboek.ui.theme.WijkboekTheme

/** What the screens show in tests: lines and reference data out of a real store, made once. */
internal object Samples {
    val now: Instant = Instant.parse("2026-03-27T15:30:00Z")

    private val read: Pair<List<LogLine>, Reference> by lazy {
        val folder = Files.createTempDirectory("wijkboek-example")
        try {
            val file = ExampleLog.make(folder).file.toFile()
            RustLogbook.open(file).use { logbook ->
                runBlocking { logbook.page().lines to logbook.reference() }
            }
        } finally {
            folder.toFile().deleteRecursively()
        }
    }

    /**
     * Dealt out over the last days, the kinds in turn and what is still on the device on top: the
     * example data has its kinds week by week, and the store knows only when the test ran.
     */
    val lines: List<LogLine> by lazy {
        val (unsent, sent) = read.first.partition { it.delivery == Delivery.ON_DEVICE }
        val byKind = sent.groupBy { it.kind }.values.map { it.sortedByDescending { line -> line.conflicts } }
        val dealt = (0 until byKind.maxOf { it.size }).flatMap { turn -> byKind.mapNotNull { it.getOrNull(turn) } }
        (unsent + dealt).mapIndexed { index, line ->
            // Four a day, between half past ten and half past four.
            val at = now.minus(Duration.ofMinutes(12 + 97L * (index % 4))).minus(Duration.ofDays(index / 4L))
            line.copy(createdAt = at, occurredAt = at)
        }
    }

    val reference: Reference get() = read.second

    val slikkerveer: Area get() = buurt("BU05970600")

    fun buurt(code: String): Area = reference.buurten.single { it.code == AreaCode(code) }

    fun texts(language: Language = Language.DUTCH) = Texts(Strings.of(language), RustWording(language))
}

/** A screen with the theme and the words around it. */
@Composable
internal fun Framed(dark: Boolean = false, language: Language = Language.DUTCH, screen: @Composable () -> Unit) {
    CompositionLocalProvider(LocalTexts provides Samples.texts(language)) {
        WijkboekTheme(dark, screen)
    }
}
