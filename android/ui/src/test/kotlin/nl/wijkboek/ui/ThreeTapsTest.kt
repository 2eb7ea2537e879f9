package nl.wijkboek.ui

import androidx.compose.ui.test.ComposeUiTest
import androidx.compose.ui.test.ExperimentalTestApi
import androidx.compose.ui.test.assertIsDisplayed
import androidx.compose.ui.test.onNodeWithTag
import androidx.compose.ui.test.onNodeWithText
import androidx.compose.ui.test.performClick
import androidx.compose.ui.test.performTextInput
import androidx.compose.ui.test.v2.runComposeUiTest
import java.nio.file.Files
import java.time.Clock
import java.time.ZoneId
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.cancel
import kotlinx.coroutines.runBlocking
import nl.wijkboek.data.Delivery
import nl.wijkboek.data.Kind
import nl.wijkboek.data.LogLine
import nl.wijkboek.data.Position
import nl.wijkboek.data.PositionSource
import nl.wijkboek.data.RustLogbook
import nl.wijkboek.data.ThemeId
import nl.wijkboek.testing.TestServer
import nl.wijkboek.ui.theme.WijkboekTheme

/** The whole app over the real core: kind, theme, save, while the server is away. */
@OptIn(ExperimentalTestApi::class)
class ThreeTapsTest {
    @Test
    fun aContactIsLoggedOfflineInThreeTaps() = inTheApp { logbook, server ->
        server.stop()
        awaitTag("kind-klacht")
        onNodeWithTag("kind-klacht").performClick()
        // The position is filled in by itself.
        awaitText("Slikkerveer")
        onNodeWithTag("theme-verkeer").performClick()
        onNodeWithTag("save").performClick()

        awaitText("Klacht over verkeer")
        onNodeWithText("Op toestel", substring = true, useUnmergedTree = true).assertIsDisplayed()
        val line = lines(logbook).single()
        assertEquals(Kind.KLACHT to listOf(ThemeId("verkeer")), line.kind to line.themes.map { it.id })
        assertEquals("Slikkerveer", line.buurt)

        server.start()
        onNodeWithTag("refresh").performClick()
        awaitText("Bij kantoor")
        assertEquals(Delivery.AT_OFFICE, lines(logbook).single().delivery)
    }

    @Test
    fun whatWasTypedIsStillThere() = inTheApp { _, _ ->
        awaitTag("kind-vraag")
        onNodeWithTag("kind-vraag").performClick()
        awaitText("Slikkerveer")
        onNodeWithTag("note").performTextInput("Wie beslist er over het plein?")
        onNodeWithTag("close").performClick()
        awaitTag("refresh")

        onNodeWithTag("kind-vraag").performClick()
        awaitTag("restored")
        onNodeWithText("Wie beslist er over het plein?").assertIsDisplayed()
        onNodeWithTag("discard").performClick()
        awaitTag("refresh")
    }

    private fun lines(logbook: RustLogbook): List<LogLine> = runBlocking { logbook.page().lines }

    private fun inTheApp(test: suspend ComposeUiTest.(RustLogbook, TestServer) -> Unit) = TestServer().use { server ->
        server.start()
        val folder = Files.createTempDirectory("wijkboek-ui")
        RustLogbook.open(folder.resolve("noor.db").toFile()).use { logbook ->
            runBlocking {
                logbook.enrol(server.url, server.invite("Noor", "wijkregisseur", "WK059706"), "toestel 1")
                logbook.sync()
            }
            val scope = CoroutineScope(SupervisorJob() + Dispatchers.Default)
            val here = PositionSource { Position(4.60266, 51.8861, 8) }
            val clock = Clock.system(ZoneId.of("Europe/Amsterdam"))
            runComposeUiTest {
                val navigator = Navigator(logbook, here, clock, "toestel 1", scope)
                setContent { WijkboekTheme(dark = false) { WijkboekApp(navigator, Samples.texts()) } }
                test(logbook, server)
            }
            scope.cancel()
            logbook.pause()
        }
        folder.toFile().deleteRecursively()
        Unit
    }
}
