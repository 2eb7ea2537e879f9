package nl.wijkboek.core

import java.io.File
import java.net.ServerSocket
import java.nio.file.Path
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.async
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.runBlocking
import nl.wijkboek.data.LogbookException
import nl.wijkboek.data.RustLogbook
import nl.wijkboek.testing.TestServer
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir

/** Each failure arrives as a type of its own, that a screen can act on. */
class ErrorsTest {
    @TempDir
    lateinit var folder: Path

    @Test
    fun `before enrolment nothing is written`() = opened { phone ->
        assertEquals(null, phone.identity())
        val request = phone.contactDefaults(ContactKind.VRAAG, BUURT, null)
        assertThrows(WijkboekException.NotEnrolled::class.java) { phone.createContact(request) }
        assertThrows(WijkboekException.NotEnrolled::class.java) { runBlocking { phone.sync() } }
    }

    @Test
    fun `ids and codes are checked at the border`() = opened { phone ->
        val code = assertThrows(WijkboekException.Invalid::class.java) {
            phone.contactDefaults(ContactKind.VRAAG, AreaCode("Slikkerveer"), null)
        }
        assertEquals("buurt" to Rule.Unreadable, code.field to code.rule)
        val id = assertThrows(WijkboekException.Invalid::class.java) { phone.record(RecordId("1")) }
        assertEquals("id", id.field)
        val place = assertThrows(WijkboekException.Invalid::class.java) {
            phone.buurtAt(Place(0.0, 0.0, 8u, PlaceSource.GPS))
        }
        assertEquals("place" to Rule.OutOfRange, place.field to place.rule)
    }

    @Test
    fun `a file that is no logbook is left as it was`() {
        val file = File(folder.toFile(), "geen.db").apply { writeText("dit is geen logboek, maar wel lang genoeg om er een te lijken") }
        assertThrows(WijkboekException.Damaged::class.java) { Wijkboek.open(file.path) }
        assertTrue(file.readText().startsWith("dit is geen logboek"))
    }

    @Test
    fun `a key is never ignored, and not kept in memory`() {
        val file = File(folder.toFile(), "versleuteld.db")
        val short = assertThrows(WijkboekException.Invalid::class.java) { Wijkboek.openWithKey(file.path, ByteArray(31)) }
        assertEquals("database_key", short.field)
        // The library that these tests load was built without encryption.
        val key = ByteArray(32) { 7 }
        assertThrows(LogbookException.Internal::class.java) { RustLogbook.open(file, key) }
        assertTrue(key.all { it == 0.toByte() })
        assertEquals(false, file.exists())
    }

    @Test
    fun `a server that is not there is offline`() = opened { phone ->
        val port = ServerSocket(0).use { it.localPort }
        assertThrows(WijkboekException.Offline::class.java) {
            runBlocking { phone.enrol("http://127.0.0.1:$port", "SF5U-DF7Q-6CAQ", "toestel") }
        }
    }

    @Test
    fun `a server that never answers holds up nobody`() = opened { phone ->
        ServerSocket(0).use { silent ->
            runBlocking {
                val waiting = async(start = CoroutineStart.UNDISPATCHED) {
                    phone.enrol("http://127.0.0.1:${silent.localPort}", "SF5U-DF7Q-6CAQ", "toestel")
                }
                silent.soTimeout = 20_000
                // On this very thread, while the call waits.
                silent.accept().use {
                    assertEquals(null, phone.identity())
                    waiting.cancelAndJoin()
                }
            }
        }
    }

    @Test
    fun `the server's refusals are typed`() = opened { phone ->
        TestServer().use { server ->
            server.start()
            assertThrows(WijkboekException.CodeRefused::class.java) {
                runBlocking { phone.enrol(server.url, "AAAA-BBBB-CCCC", "toestel") }
            }
            val code = server.invite("Ada", "ambassadeur", "WK059706")
            runBlocking { phone.enrol(server.url, code, "toestel") }
            assertThrows(WijkboekException.CodeRefused::class.java) {
                Wijkboek.open(File(folder.toFile(), "tweede.db").path).use { runBlocking { it.enrol(server.url, code, "toestel 2") } }
            }
            assertEquals(RecordType.SIGNAL, phone.identity()!!.captures)

            val empty = assertThrows(WijkboekException.Invalid::class.java) {
                phone.createSignal(phone.signalDefaults(ContactKind.SIGNAAL, BUURT, null))
            }
            assertEquals("note" to Rule.Required, empty.field to empty.rule)
            assertTrue(invalidMessage(empty.field, empty.rule, Lang.NL).startsWith("Notitie"))

            val denied = assertThrows(WijkboekException.NotAllowed::class.java) {
                phone.createContact(phone.contactDefaults(ContactKind.VRAAG, BUURT, null))
            }
            assertTrue(refusalMessage(denied.code, Lang.EN).contains("role"), denied.code)

            val signal = phone.signalDefaults(ContactKind.SIGNAAL, BUURT, null).copy(note = "Paaltje om")
            val id = phone.createSignal(signal)
            val gone = RecordId(id.value.dropLast(4) + if (id.value.endsWith("0000")) "0001" else "0000")
            val missing = assertThrows(WijkboekException.NotFound::class.java) {
                phone.edit(gone, listOf(EditRequest.Note("x")))
            }
            assertEquals(gone, missing.id)
        }
    }

    @Test
    fun `the words are the core's in both languages`() {
        assertEquals("Klacht", label(Word.Kind(ContactKind.KLACHT), Lang.NL))
        assertEquals("Complaint", label(Word.Kind(ContactKind.KLACHT), Lang.EN))
        assertEquals("Alleen een praatje", label(Word.Tally(TallyKey.JustATalk), Lang.NL))
    }

    private fun opened(test: (Wijkboek) -> Unit) {
        Wijkboek.open(File(folder.toFile(), "logboek.db").path).use(test)
    }

    private companion object {
        val BUURT = AreaCode("BU05970600")
    }
}
