package nl.wijkboek.ui

import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.setValue
import androidx.compose.ui.test.ExperimentalTestApi
import androidx.compose.ui.test.assertCountEquals
import androidx.compose.ui.test.assertHeightIsAtLeast
import androidx.compose.ui.test.assertIsDisplayed
import androidx.compose.ui.test.assertTextContains
import androidx.compose.ui.test.assertWidthIsAtLeast
import androidx.compose.ui.test.hasClickAction
import androidx.compose.ui.test.onAllNodesWithTag
import androidx.compose.ui.test.onNodeWithContentDescription
import androidx.compose.ui.test.onNodeWithTag
import androidx.compose.ui.test.onNodeWithText
import androidx.compose.ui.test.performClick
import androidx.compose.ui.test.v2.runComposeUiTest
import androidx.compose.ui.unit.dp
import java.time.Instant
import kotlin.test.Test
import kotlin.test.assertEquals
import nl.wijkboek.data.CaptureType
import nl.wijkboek.data.EntryType
import nl.wijkboek.data.Kind
import nl.wijkboek.data.Language
import nl.wijkboek.data.LogbookException
import nl.wijkboek.data.RecordId
import nl.wijkboek.data.SyncState
import nl.wijkboek.ui.list.ContactListEvent
import nl.wijkboek.ui.list.ContactListScreen
import nl.wijkboek.ui.list.ContactListState

@OptIn(ExperimentalTestApi::class)
class ContactListScreenTest {
    private val events = mutableListOf<ContactListEvent>()

    @Test
    fun saysWhereEachLineIs() = runComposeUiTest {
        setContent { Framed { ContactListScreen(listed, events::add) } }
        onNodeWithText("Dillenburgplein", substring = true).assertIsDisplayed()
        onNodeWithText("39 bezoekers", substring = true).assertIsDisplayed()
        onNodeWithText("Twee versies", substring = true).assertIsDisplayed()
        onNodeWithTag("offline").assertIsDisplayed()
        onNodeWithText("Bijgewerkt", substring = true).assertIsDisplayed()
        onNodeWithText("2 nog te versturen", substring = true).assertIsDisplayed()
    }

    @Test
    fun showsWhatHasNoFormHere() = runComposeUiTest {
        val line = Samples.lines.first().copy(kind = null, themes = emptyList(), buurt = "Bolnes")
        val lines = listOf(
            line.copy(id = RecordId("1"), type = EntryType.MEETING, text = "Regieteam maart"),
            line.copy(id = RecordId("2"), type = EntryType.ENDORSEMENT, text = ""),
            line.copy(id = RecordId("3"), type = null, text = ""),
        )
        setContent { Framed { ContactListScreen(listed.copy(lines = lines), events::add) } }
        onNodeWithText("Overleg · Bolnes").assertIsDisplayed()
        onNodeWithText("Regieteam maart").assertIsDisplayed()
        onNodeWithText("Mede-melder · Bolnes").assertIsDisplayed()
        onNodeWithText("nieuwere versie", substring = true).assertIsDisplayed()
    }

    @Test
    fun everyTypeHasALine() = runComposeUiTest {
        val line = Samples.lines.first().copy(kind = null, text = "", buurt = null)
        var type by mutableStateOf(EntryType.CONTACT)
        setContent { Framed { ContactListScreen(listed.copy(lines = listOf(line.copy(type = type))), events::add) } }
        for (next in EntryType.entries) {
            type = next
            waitForIdle()
            onAllNodesWithTag("line").assertCountEquals(1)
            onAllNodesWithTag("line")[0].assertTextContains(Samples.texts().wording.type(next))
        }
    }

    @Test
    fun theFirstTapIsAKind() = runComposeUiTest {
        setContent { Framed { ContactListScreen(listed.copy(lines = emptyList()), events::add) } }
        for (kind in Kind.entries) onNodeWithTag("kind-${kind.name.lowercase()}").performClick()
        assertEquals(Kind.entries.map { ContactListEvent.Capture(it) }, events.toList<ContactListEvent>())
    }

    @Test
    fun aRoleThatLogsNothingIsOfferedNothing() = runComposeUiTest {
        setContent { Framed { ContactListScreen(listed.copy(captures = null), events::add) } }
        onNodeWithTag("kind-vraag").assertDoesNotExist()
    }

    @Test
    fun emptyInvitesAmbassadeursToReport() = runComposeUiTest {
        val empty = ContactListState(loading = false, captures = CaptureType.SIGNAL)
        setContent { Framed { ContactListScreen(empty, events::add) } }
        onNodeWithText("Doe uw eerste melding", substring = true).assertIsDisplayed()
        onNodeWithText("Nieuwe melding").assertIsDisplayed()
    }

    @Test
    fun aProblemIsToldAndGoesWhenItWasRead() = runComposeUiTest {
        val full = listed.copy(problem = LogbookException.StorageFull())
        setContent { Framed { ContactListScreen(full, events::add) } }
        onNodeWithText("Dit toestel is vol", substring = true).assertIsDisplayed()
        onNodeWithContentDescription("Sluiten").performClick()
        assertEquals(listOf<ContactListEvent>(ContactListEvent.DismissProblem), events)
    }

    @Test
    fun speaksEnglishToo() = runComposeUiTest {
        setContent { Framed(language = Language.ENGLISH) { ContactListScreen(listed, events::add) } }
        onNodeWithText("New contact").assertIsDisplayed()
        onNodeWithText("Complaint").assertIsDisplayed()
        onNodeWithText("2 to send", substring = true).assertIsDisplayed()
    }

    @Test
    fun everythingToTapIsLargeEnough() = runComposeUiTest {
        val troubled = listed.copy(problem = LogbookException.Offline(), sync = SyncState(SyncState.Phase.LOCKED, 1, 1, null))
        setContent { Framed { ContactListScreen(troubled, events::add) } }
        val tappable = onAllNodes(hasClickAction())
        repeat(tappable.fetchSemanticsNodes().size) { tappable[it].assertHeightIsAtLeast(48.dp).assertWidthIsAtLeast(48.dp) }
        onAllNodesWithTag("line")[0].assertIsDisplayed()
    }

    private val listed = ContactListState(
        loading = false,
        lines = Samples.lines,
        sync = SyncState(SyncState.Phase.OFFLINE, unsent = 2, refused = 0, lastSuccess = Instant.parse("2026-03-26T19:41:00Z")),
        now = Samples.now,
    )
}
