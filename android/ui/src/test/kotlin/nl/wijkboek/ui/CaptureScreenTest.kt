package nl.wijkboek.ui

import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import androidx.compose.ui.test.ComposeUiTest
import androidx.compose.ui.test.ExperimentalTestApi
import androidx.compose.ui.test.assertHeightIsAtLeast
import androidx.compose.ui.test.assertIsDisplayed
import androidx.compose.ui.test.assertIsEnabled
import androidx.compose.ui.test.assertIsNotEnabled
import androidx.compose.ui.test.assertIsSelected
import androidx.compose.ui.test.hasClickAction
import androidx.compose.ui.test.onNodeWithTag
import androidx.compose.ui.test.onNodeWithText
import androidx.compose.ui.test.performClick
import androidx.compose.ui.test.performScrollTo
import androidx.compose.ui.test.performTextInput
import androidx.compose.ui.test.v2.runComposeUiTest
import androidx.compose.ui.unit.dp
import java.time.Clock
import java.time.Instant
import java.time.ZoneOffset
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertNull
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.cancel
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.runBlocking
import nl.wijkboek.data.AgeGroup
import nl.wijkboek.data.BuurtGuess
import nl.wijkboek.data.CaptureType
import nl.wijkboek.data.FormField
import nl.wijkboek.data.Kind
import nl.wijkboek.data.LogbookException
import nl.wijkboek.data.Position
import nl.wijkboek.data.PositionSource
import nl.wijkboek.data.ThemeId
import nl.wijkboek.testing.Failures
import nl.wijkboek.ui.capture.CaptureModel
import nl.wijkboek.ui.capture.CaptureOutcome
import nl.wijkboek.ui.capture.CaptureScreen

@OptIn(ExperimentalTestApi::class)
class CaptureScreenTest {
    private val logbook = FakeLogbook()
    private var position: Position? = Position(4.60266, 51.8861, 8)

    @Test
    fun savesWhatWasFilledIn() = form(Kind.INITIATIEF) { model ->
        awaitText("Slikkerveer")
        onNodeWithTag("kind-initiatief").assertIsSelected()
        onNodeWithTag("theme-groen").performClick()
        onNodeWithTag("note").performTextInput(" Plantenbakken ")
        onNodeWithTag("more").performScrollTo().performClick()
        onNodeWithTag("age-age_25_44").performScrollTo().performClick()
        onNodeWithTag("more-people").performScrollTo().performClick()
        onNodeWithTag("save").performClick()

        assertEquals(CaptureOutcome.SAVED, runBlocking { model.outcome.first() })
        val entry = logbook.saved.single()
        assertEquals("Plantenbakken", entry.note)
        assertEquals(listOf(ThemeId("groen")), entry.themes)
        assertEquals(AgeGroup.AGE_25_44 to 2, entry.age to entry.people)
        assertEquals(position, entry.position)
        assertEquals(NOW, entry.occurredAt)
        assertNull(logbook.kept)
    }

    @Test
    fun withoutAPositionSomebodyHasToChoose() {
        position = null
        form(Kind.VRAAG) {
            awaitTag("buurt-BU05970700")
            onNodeWithTag("save").assertIsNotEnabled()
            onNodeWithText("Kies eerst de buurt").assertIsDisplayed()
            onNodeWithTag("buurt-BU05970700").performClick()
            onNodeWithTag("save").assertIsEnabled()
        }
    }

    @Test
    fun atABorderItAsksAndKeepsThePosition() {
        logbook.guess = BuurtGuess.Ask(listOf(FakeLogbook.SLIKKERVEER, FakeLogbook.BOLNES))
        form(Kind.VRAAG) { model ->
            awaitTag("buurt-BU05970700")
            onNodeWithTag("buurt-BU05970700").performClick()
            onNodeWithTag("save").performClick()
            runBlocking { model.outcome.first() }
            assertEquals(FakeLogbook.BOLNES.code to position, logbook.saved.single().let { it.buurt to it.position })
        }
    }

    @Test
    fun anotherBuurtIsNotWhereThePhoneIs() = form(Kind.VRAAG) { model ->
        awaitTag("where")
        onNodeWithTag("where").performScrollTo().performClick()
        onNodeWithTag("buurt-BU05970700").performScrollTo().performClick()
        onNodeWithTag("save").performClick()
        runBlocking { model.outcome.first() }
        assertEquals(FakeLogbook.BOLNES.code to null, logbook.saved.single().let { it.buurt to it.position })
    }

    @Test
    fun aMissingAnswerIsShownAtItsField() {
        logbook.captures = CaptureType.SIGNAL
        logbook.failure = LogbookException.Invalid(FormField.NOTE, Failures.noteRequired)
        form(Kind.SIGNAAL) {
            awaitTag("where")
            onNodeWithTag("more").assertDoesNotExist()
            onNodeWithTag("save").performClick()
            awaitTag("problem-note")
            onNodeWithText("Notitie: Vul dit in.").assertIsDisplayed()
            onNodeWithTag("note").performTextInput("Paaltje om")
            onNodeWithTag("problem-note").assertDoesNotExist()
        }
    }

    @Test
    fun aFullDeviceLosesNothing() {
        logbook.failure = LogbookException.StorageFull()
        form(Kind.KLACHT) {
            awaitTag("where")
            onNodeWithTag("note").performTextInput("Lang verhaal")
            onNodeWithTag("save").performClick()
            awaitTag("problem")
            onNodeWithText("Lang verhaal").assertIsDisplayed()
            onNodeWithTag("save").assertIsEnabled()
        }
    }

    @Test
    fun eachKeystrokeIsKept() = form(Kind.KLACHT) {
        awaitTag("where")
        onNodeWithTag("note").performTextInput("Bank")
        waitUntil("the draft is kept", timeoutMillis = 20_000) { logbook.kept?.note == "Bank" }
        assertEquals(Kind.KLACHT to NOW, logbook.kept?.let { it.kind to it.startedAt })
    }

    @Test
    fun aSlowDraftDoesNotComeBackAfterSaving() {
        val slowness = CompletableDeferred<Unit>().also { logbook.slowness = it }
        form(Kind.KLACHT) { model ->
            awaitTag("where")
            onNodeWithTag("note").performTextInput("Bank")
            runBlocking { logbook.keeping.await() }
            onNodeWithTag("save").performClick()
            assertEquals(CaptureOutcome.SAVED, runBlocking { model.outcome.first() })
            slowness.complete(Unit)
            assertNull(logbook.kept)
        }
    }

    @Test
    fun everythingToTapIsLargeEnough() = form(Kind.KLACHT) {
        awaitTag("where")
        onNodeWithTag("more").performScrollTo().performClick()
        val tappable = onAllNodes(hasClickAction())
        repeat(tappable.fetchSemanticsNodes().size) { tappable[it].assertHeightIsAtLeast(48.dp) }
    }

    private fun form(first: Kind, test: suspend ComposeUiTest.(CaptureModel) -> Unit) {
        val scope = CoroutineScope(SupervisorJob() + Dispatchers.Default)
        runComposeUiTest {
            val model = CaptureModel(logbook, PositionSource { position }, Clock.fixed(NOW, ZoneOffset.UTC), first, scope)
            setContent {
                val state by model.state.collectAsState()
                Framed { CaptureScreen(state, model::on) }
            }
            test(model)
        }
        scope.cancel()
    }

    private companion object {
        val NOW: Instant = Instant.parse("2026-03-03T09:12:00Z")
    }
}
