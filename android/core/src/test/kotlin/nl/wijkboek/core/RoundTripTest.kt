package nl.wijkboek.core

import java.io.File
import java.nio.file.Path
import java.time.Instant
import kotlinx.coroutines.runBlocking
import nl.wijkboek.testing.Events
import nl.wijkboek.testing.TestServer
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNotEquals
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir

/** The main job through the generated bindings, against the real library and the real server. */
class RoundTripTest {
    @TempDir
    lateinit var folder: Path

    private val server = TestServer()

    @AfterEach
    fun stop() = server.close()

    @Test
    fun `a contact logged offline reaches a second phone`() = runBlocking {
        server.start()
        val noor = server.invite("Noor", "wijkregisseur", SLIKKERVEER)
        val sam = server.invite("Sam", "wijkregisseur", SLIKKERVEER)
        Wijkboek.open(file("noor")).use { phone ->
            val identity = phone.enrol(server.url, noor, "toestel 1")
            assertEquals("Noor", identity.name)
            assertEquals(RecordType.CONTACT, identity.captures)
            phone.sync()
            assertEquals("Slikkerveer", phone.reference()!!.buurten.single { it.code == BUURT }.name)
        }
        server.stop()

        // Offline, in an app that was killed and started again.
        val id = Wijkboek.open(file("noor")).use { phone ->
            assertThrows(WijkboekException.Offline::class.java) { runBlocking { phone.sync() } }
            phone.createContact(contact(phone, "Busjes op de stoep; met rollator kan ze er niet langs"))
        }
        val reopened = Wijkboek.open(file("noor"))
        val kept = reopened.list(FilterRequest(), null, 50u).rows.single()
        assertEquals(id, kept.id)
        assertEquals(Delivery.ON_DEVICE, kept.delivery)
        assertEquals(1uL, reopened.status().unsent)

        server.start()
        assertEquals(1uL, reopened.sync().pushed)
        assertEquals(Delivery.AT_OFFICE, reopened.record(id)!!.row.delivery)
        assertEquals(0uL, reopened.status().unsent)
        reopened.close()

        Wijkboek.open(file("sam")).use { phone ->
            phone.enrol(server.url, sam, "toestel 2")
            phone.sync()
            val seen = phone.record(id)!!
            val contact = (seen.record as RecordView.Contact).contact
            assertEquals("Busjes op de stoep; met rollator kan ze er niet langs", contact.note)
            assertEquals(listOf(ThemeId("verkeer")), contact.themes)
            assertEquals(AT, contact.occurredAt)
            assertEquals("Noor", seen.history.single().by.name)
        }
    }

    @Test
    fun `an observer is told at once, and nothing after it was cancelled`() = runBlocking {
        server.start()
        val code = server.invite("Noor", "wijkregisseur", SLIKKERVEER)
        Wijkboek.open(file("noor")).use { phone ->
            phone.enrol(server.url, code, "toestel 1")
            phone.sync()
            val events = Events()
            val subscription = phone.subscribe(events)
            events.await { it.status.unsent == 0uL }
            val before = phone.changeToken()

            val id = phone.createContact(contact(phone, "Lamp kapot"))
            val told = events.await { (it.records as? ChangedRecords.These)?.ids.orEmpty().contains(id) }
            assertEquals(1uL, told.status.unsent)
            assertNotEquals(before, phone.changeToken())

            phone.sync()
            events.await { it.status.unsent == 0uL && it.status.lastSuccess != null }
            subscription.cancel()
            val after = Events()
            phone.subscribe(after).use { other ->
                // The same event that the cancelled one would have had.
                phone.createContact(contact(phone, "Nog een lamp"))
                after.await { it.status.unsent == 1uL }
                assertTrue(!other.hasFailed())
            }
            assertTrue(events.isEmpty())
        }
    }

    @Test
    fun `an observer that throws does not harm the core`() = runBlocking {
        Wijkboek.open(file("noor")).use { phone ->
            val called = java.util.concurrent.CountDownLatch(1)
            val subscription = phone.subscribe(object : Observer {
                override fun onEvent(event: EventView) {
                    called.countDown()
                    throw IllegalStateException("planted")
                }
            })
            assertTrue(called.await(20, java.util.concurrent.TimeUnit.SECONDS))
            val until = System.nanoTime() + 20_000_000_000
            while (!subscription.hasFailed() && System.nanoTime() < until) Thread.onSpinWait()
            assertTrue(subscription.hasFailed())
            assertEquals(SyncPhase.NotEnrolled, phone.status().phase)
        }
    }

    @Test
    fun `live, what one phone writes appears on the other by itself`() = runBlocking {
        server.start()
        val noor = server.invite("Noor", "wijkregisseur", SLIKKERVEER)
        val sam = server.invite("Sam", "wijkregisseur", SLIKKERVEER)
        Wijkboek.open(file("noor")).use { first ->
            Wijkboek.open(file("sam")).use { second ->
                first.enrol(server.url, noor, "toestel 1")
                second.enrol(server.url, sam, "toestel 2")
                val events = Events()
                second.subscribe(events).use {
                    first.start()
                    second.start()
                    events.await { it.status.live }
                    val id = first.createContact(contact(first, "Nu meteen"))
                    events.await { (it.records as? ChangedRecords.These)?.ids.orEmpty().contains(id) }
                    assertEquals("Nu meteen", second.record(id)!!.row.text)
                }
            }
        }
    }

    private fun file(name: String): String = File(folder.toFile(), "$name.db").path

    private fun contact(phone: Wijkboek, note: String): ContactRequest =
        phone.contactDefaults(ContactKind.KLACHT, BUURT, Place(4.60266, 51.8861, 8u, PlaceSource.GPS))
            .copy(themes = listOf(ThemeId("verkeer")), note = note, occurredAt = AT)

    private companion object {
        const val SLIKKERVEER = "WK059706"
        val BUURT = AreaCode("BU05970600")
        val AT: Instant = Instant.parse("2026-03-03T09:12:00Z")
    }
}
