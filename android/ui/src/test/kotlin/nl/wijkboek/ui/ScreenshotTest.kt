package nl.wijkboek.ui

import androidx.compose.runtime.Composable
import androidx.compose.ui.ImageComposeScene
import androidx.compose.ui.unit.Density
import androidx.compose.ui.use
import java.io.File
import java.time.Instant
import kotlin.test.Test
import kotlin.test.assertTrue
import nl.wijkboek.data.AgeGroup
import nl.wijkboek.data.CaptureType
import nl.wijkboek.data.Delivery
import nl.wijkboek.data.FormField
import nl.wijkboek.data.Kind
import nl.wijkboek.data.Language
import nl.wijkboek.data.LogbookException
import nl.wijkboek.data.Position
import nl.wijkboek.data.SyncState
import nl.wijkboek.data.ThemeId
import nl.wijkboek.testing.Failures
import nl.wijkboek.ui.capture.CaptureScreen
import nl.wijkboek.ui.capture.CaptureState
import nl.wijkboek.ui.capture.Where
import nl.wijkboek.ui.enrol.EnrolScreen
import nl.wijkboek.ui.enrol.EnrolState
import nl.wijkboek.ui.list.ContactListScreen
import nl.wijkboek.ui.list.ContactListState
import org.jetbrains.skia.EncodedImageFormat

/** Each state of each screen as a picture, to be looked at: `-Dpictures.dir=FOLDER` says where. */
class ScreenshotTest {
    private val folder = File(System.getProperty("pictures.dir")).apply { mkdirs() }

    @Test
    fun list() = shot("list") { Framed { ContactListScreen(listed, {}) } }

    @Test
    fun listDark() = shot("list-dark") { Framed(dark = true) { ContactListScreen(listed, {}) } }

    @Test
    fun listEmpty() = shot("list-empty") { Framed { ContactListScreen(empty, {}) } }

    @Test
    fun listLongTextsLargeLetters() = shot("list-long", width = 320, height = 780, fontScale = 1.5f) {
        Framed { ContactListScreen(listed.copy(lines = Samples.lines.sortedByDescending { it.text.length }), {}) }
    }

    @Test
    fun listError() = shot("list-error") {
        val troubled = listed.copy(
            problem = LogbookException.StorageFull(),
            sync = SyncState(SyncState.Phase.OFFLINE, unsent = 2, refused = 1, lastSuccess = SYNCED),
            lines = listed.lines.mapIndexed { index, line -> if (index == 1) line.copy(delivery = Delivery.REFUSED) else line },
        )
        Framed { ContactListScreen(troubled, {}) }
    }

    @Test
    fun listEnglish() = shot("list-english") { Framed(language = Language.ENGLISH) { ContactListScreen(listed, {}) } }

    @Test
    fun form() = shot("capture") { Framed { CaptureScreen(filled, {}) } }

    @Test
    fun formDark() = shot("capture-dark") { Framed(dark = true) { CaptureScreen(filled, {}) } }

    @Test
    fun formEmpty() = shot("capture-empty") { Framed { CaptureScreen(blank, {}) } }

    @Test
    fun formAtABorder() = shot("capture-border") {
        val buurten = listOf(Samples.slikkerveer, Samples.buurt("BU05970700"))
        Framed { CaptureScreen(filled.copy(note = "", where = Where.Between(buurten, Position(4.59, 51.888, 60)), restored = true), {}) }
    }

    @Test
    fun formMore() = shot("capture-more", height = 1460) {
        Framed { CaptureScreen(filled.copy(showsMore = true, age = AgeGroup.AGE_65_PLUS, people = 2, choosingBuurt = true), {}) }
    }

    @Test
    fun formError() = shot("capture-error") {
        val melding = filled.copy(type = CaptureType.SIGNAL, note = "", problem = LogbookException.Invalid(FormField.NOTE, Failures.noteRequired))
        Framed { CaptureScreen(melding, {}) }
    }

    @Test
    fun formLargeLetters() = shot("capture-long", width = 320, height = 900, fontScale = 1.5f) { Framed { CaptureScreen(filled, {}) } }

    @Test
    fun enrol() = shot("enrol") {
        val state = EnrolState("https://wijkboek.ridderkerk.nl", "SF5U-DF7Q-6CAQ", "Pixel 8", problem = LogbookException.CodeRefused())
        Framed { EnrolScreen(state, {}) }
    }

    private val synced = SyncState(SyncState.Phase.OFFLINE, unsent = 2, refused = 0, lastSuccess = SYNCED)
    private val listed: ContactListState
        get() = ContactListState(loading = false, lines = Samples.lines, sync = synced, now = Samples.now)
    private val empty: ContactListState
        get() = ContactListState(loading = false, sync = SyncState(SyncState.Phase.IDLE, 0, 0, SYNCED), now = Samples.now)
    private val blank: CaptureState
        get() = CaptureState(themes = Samples.reference.themes.filter { it.main }, buurten = Samples.reference.buurten)
    private val filled: CaptureState
        get() = blank.copy(
            kind = Kind.KLACHT,
            chosenThemes = setOf(ThemeId("verkeer")),
            note = "Mevr bij dillenburgplein: busjes laden en lossen op de stoep, met rollator kan ze er niet langs",
            where = Where.In(Samples.slikkerveer, Position(4.60266, 51.8861, 8)),
        )

    private fun shot(
        name: String,
        width: Int = 411,
        height: Int = 891,
        fontScale: Float = 1f,
        content: @Composable () -> Unit,
    ) {
        val density = Density(2f, fontScale)
        ImageComposeScene(width * 2, height * 2, density, content = content).use { scene ->
            scene.render(0)
            val png = scene.render(1_000_000_000).encodeToData(EncodedImageFormat.PNG) ?: error("no picture")
            assertTrue(png.size > 10_000, "$name shows nothing")
            File(folder, "android-$name.png").writeBytes(png.bytes)
        }
    }

    private companion object {
        val SYNCED: Instant = Instant.parse("2026-03-26T19:41:00Z")
    }
}
