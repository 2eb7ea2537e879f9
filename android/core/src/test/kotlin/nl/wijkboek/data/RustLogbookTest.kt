package nl.wijkboek.data

import java.io.File
import java.nio.file.Path
import java.time.Instant
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import nl.wijkboek.testing.TestServer
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir

/** The adapter: the core's types and failures as the screens know them. */
class RustLogbookTest {
    @TempDir
    lateinit var folder: Path

    @Test
    fun `what the form saves is the first line of the list`() = enrolled { logbook ->
        val reference = logbook.reference()
        val verkeer = reference.themes.single { it.id == ThemeId("verkeer") }
        val guess = logbook.buurtAt(Position(4.60266, 51.8861, 8)) as BuurtGuess.Sure
        assertEquals("Slikkerveer", guess.buurt.name)
        val at = Instant.parse("2026-03-03T09:12:00Z")

        val id = logbook.save(
            NewEntry(CaptureType.CONTACT, Kind.KLACHT, listOf(verkeer.id), "Busjes op de stoep", guess.buurt.code, null, AgeGroup.AGE_65_PLUS, 2, at),
        )

        val line = logbook.page().lines.single()
        assertEquals(id, line.id)
        assertEquals(listOf(verkeer), line.themes)
        assertEquals("Slikkerveer" to "Noor", line.buurt to line.author)
        assertEquals(at, line.occurredAt)
        assertEquals(Delivery.ON_DEVICE, line.delivery)
        assertEquals(0, logbook.page(LogQuery(kind = Kind.VRAAG)).lines.size)
        assertEquals(1, logbook.page(LogQuery(text = "BUS")).lines.size)
        assertEquals(1, logbook.page(LogQuery(text = "\"*")).lines.size)

        assertEquals(0, logbook.sync().unsent)
        assertEquals(Delivery.AT_OFFICE, logbook.page().lines.single().delivery)
    }

    @Test
    fun `a draft is where it was left, also after a restart`() {
        val file = File(folder.toFile(), "logboek.db")
        val draft = CaptureDraft(
            Kind.VRAAG, listOf(ThemeId("groen")), "Wanneer wordt er ge\"snoeid\"?\n", AreaCode("BU05970600"),
            Position(4.6, 51.88, 12), AgeGroup.AGE_25_44, 3, Instant.ofEpochMilli(1_772_529_120_123),
        )
        RustLogbook.open(file).use { logbook -> runBlocking { logbook.keepDraft(draft) } }
        RustLogbook.open(file).use { logbook ->
            runBlocking {
                assertEquals(draft, logbook.draft())
                logbook.keepDraft(null)
                assertNull(logbook.draft())
            }
        }
    }

    @Test
    fun `a list longer than a page continues where it ended`() = enrolled { logbook ->
        repeat(60) { number ->
            logbook.save(NewEntry(CaptureType.CONTACT, Kind.VRAAG, emptyList(), "Vraag $number", BUURT, null, null, 1, Instant.now()))
        }
        val first = logbook.page()
        val second = logbook.page(after = first.next)
        assertEquals(50 to 10, first.lines.size to second.lines.size)
        assertNull(second.next)
        assertEquals(60, (first.lines + second.lines).map { it.id }.toSet().size)
    }

    @Test
    fun `collecting subscribes, the current state comes first`() = enrolled { logbook ->
        val first = withTimeout(20_000) { logbook.signals.first() }
        assertTrue(first is LogbookSignal.Sync)
        withTimeout(20_000) {
            val told = launch { logbook.signals.first { it == LogbookSignal.Records } }
            while (told.isActive) {
                logbook.save(NewEntry(CaptureType.CONTACT, Kind.SIGNAAL, emptyList(), "", BUURT, null, null, 1, Instant.now()))
                kotlinx.coroutines.yield()
            }
        }
    }

    @Test
    fun `an invalid form points at its field`() = enrolled { logbook ->
        val tooLong = NewEntry(CaptureType.CONTACT, Kind.VRAAG, emptyList(), "x".repeat(20_001), BUURT, null, null, 1, Instant.now())
        val failure = assertThrows(LogbookException.Invalid::class.java) { runBlocking { logbook.save(tooLong) } }
        assertEquals(FormField.NOTE, failure.field)
        assertTrue(RustWording(Language.DUTCH).invalid(failure).startsWith("Notitie"))
    }

    private fun enrolled(test: suspend (Logbook) -> Unit) = TestServer().use { server ->
        server.start()
        val code = server.invite("Noor", "wijkregisseur", "WK059706")
        RustLogbook.open(File(folder.toFile(), "logboek.db")).use { logbook ->
            runBlocking {
                logbook.enrol(server.url, code, "toestel 1")
                logbook.sync()
                test(logbook)
            }
        }
    }

    private companion object {
        val BUURT = AreaCode("BU05970600")
    }
}
