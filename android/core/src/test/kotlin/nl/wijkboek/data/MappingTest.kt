package nl.wijkboek.data

import java.time.Instant
import nl.wijkboek.core.Delivery as CoreDelivery
import nl.wijkboek.core.IdentityView
import nl.wijkboek.core.Lang
import nl.wijkboek.core.MunicipalityCode
import nl.wijkboek.core.PrincipalId
import nl.wijkboek.core.RecordId as CoreRecordId
import nl.wijkboek.core.RecordType
import nl.wijkboek.core.Role as CoreRole
import nl.wijkboek.core.RowView
import nl.wijkboek.core.Sensitivity
import nl.wijkboek.core.Word
import nl.wijkboek.core.label
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Test

/** What the core calls a record, and what the screens call it. */
class MappingTest {
    private val names = Names(null, null)

    @Test
    fun `every type of record is a line with the core's word for it`() {
        for ((language, lang) in listOf(Language.DUTCH to Lang.NL, Language.ENGLISH to Lang.EN)) {
            val wording = RustWording(language)
            for (type in RecordType.entries) {
                val shown = requireNotNull(row(type).toLine(names).type) { "$type is not shown" }
                assertEquals(label(Word.RecordType(type), lang), wording.type(shown))
            }
            assertEquals(RecordType.entries.size, EntryType.entries.map(wording::type).toSet().size)
        }
        assertEquals("Overleg", RustWording(Language.DUTCH).type(EntryType.MEETING))
        assertEquals("Action", RustWording(Language.ENGLISH).type(EntryType.ACTION))
    }

    @Test
    fun `a type that this version does not know is a line without one`() {
        val line = row(null).toLine(names)
        assertNull(line.type)
        assertEquals("tekst", line.text)
    }

    @Test
    fun `only what has a form is offered for writing`() {
        val offered = RecordType.entries.filter { identity(it).toIdentity().captures != null }
        assertEquals(listOf(RecordType.CONTACT, RecordType.SIGNAL), offered)
        assertNull(identity(null).toIdentity().captures)
    }

    private fun identity(captures: RecordType?) = IdentityView(
        PrincipalId(ID), "Noor", CoreRole.WIJKREGISSEUR, emptyList(), captures, "https://wijkboek.example", MunicipalityCode("GM0597"),
    )

    private fun row(type: RecordType?) = RowView(
        id = CoreRecordId(ID),
        recordType = type,
        kind = null,
        status = null,
        buurt = null,
        wijk = null,
        themes = emptyList(),
        text = "tekst",
        author = null,
        occurredAt = Instant.EPOCH,
        createdAt = Instant.EPOCH,
        sensitivity = Sensitivity.GEWOON,
        place = null,
        conflicts = 0u,
        tallies = emptyList(),
        delivery = CoreDelivery.AT_OFFICE,
        number = 1uL,
        readable = type != null,
        forgotten = false,
    )

    private companion object {
        const val ID = "0190a000-0000-7000-8000-000000000001"
    }
}
