package nl.wijkboek.testing

import java.nio.file.Files
import java.nio.file.Path
import java.time.Instant
import java.time.OffsetDateTime
import kotlinx.coroutines.runBlocking
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.doubleOrNull
import kotlinx.serialization.json.intOrNull
import kotlinx.serialization.json.jsonArray
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive
import nl.wijkboek.core.AgeGroup
import nl.wijkboek.core.AreaCode
import nl.wijkboek.core.ContactKind
import nl.wijkboek.core.EditRequest
import nl.wijkboek.core.Place
import nl.wijkboek.core.PlaceSource
import nl.wijkboek.core.RecordId
import nl.wijkboek.core.Sensitivity
import nl.wijkboek.core.TallyKey
import nl.wijkboek.core.ThemeId
import nl.wijkboek.core.VisitRequest
import nl.wijkboek.core.Wijkboek
import nl.wijkboek.core.WijkboekException

/**
 * Noor's logbook after some weeks in Ridderkerk, out of a real store and a real server: contacts of
 * the example data, a tent visit, a field that two people changed at once, and two contacts that
 * were logged after the server was gone.
 */
class ExampleLog private constructor(val file: Path) {
    companion object {
        fun make(folder: Path): ExampleLog = TestServer().use { server ->
            server.start()
            val file = folder.resolve("noor.db")
            runBlocking {
                Wijkboek.open(file.toString()).use { noor ->
                    noor.enrol(server.url, server.invite("Noor", "wijkregisseur", *WIJKEN), "toestel 1")
                    noor.sync()
                    val contacts = contacts()
                    val ids = contacts.dropLast(2).map { write(noor, it) }
                    visit(noor)
                    noor.sync()
                    twoVersions(server, folder, noor, ids[ids.size - 2])
                    server.stop()
                    contacts.takeLast(2).forEach { write(noor, it) }
                    try {
                        noor.sync()
                    } catch (_: WijkboekException.Offline) {
                        // As meant: the status now says so.
                    }
                }
            }
            ExampleLog(file)
        }

        private suspend fun twoVersions(server: TestServer, folder: Path, noor: Wijkboek, id: RecordId) {
            Wijkboek.open(folder.resolve("sam.db").toString()).use { sam ->
                sam.enrol(server.url, server.invite("Sam", "wijkregisseur", *WIJKEN), "toestel 2")
                sam.sync()
                val note = noor.record(id)!!.row.text
                sam.edit(id, listOf(EditRequest.Note("$note Gebeld, komt donderdag terug.")))
                noor.edit(id, listOf(EditRequest.Note("$note Mail gestuurd.")))
                sam.sync()
                noor.sync()
            }
        }

        private fun contacts(): List<JsonObject> {
            val text = Files.readString(TestServer.root.resolve("data/voorbeeldcontacten.json"))
            val all = Json.parseToJsonElement(text).jsonObject.getValue("contacten").jsonArray
            return all.map { it.jsonObject }.filter { it.word("door") == "wijkregisseur" }
        }

        private fun write(phone: Wijkboek, contact: JsonObject): RecordId {
            val where = contact["locatie"] as? JsonObject
            val place = where?.let {
                Place(it.number("lon"), it.number("lat"), (it["nauwkeurigheidM"]?.jsonPrimitive?.intOrNull ?: 8).toUInt(), PlaceSource.GPS)
            }
            val kind = ContactKind.valueOf(contact.word("soort")!!.uppercase())
            val form = phone.contactDefaults(kind, AreaCode(contact.word("buurtcode")!!), place)
            return phone.createContact(
                form.copy(
                    themes = listOf(ThemeId(contact.word("thema")!!)),
                    note = contact.word("tekst")!!,
                    ageGroup = AGES[contact.word("leeftijdsgroep")],
                    occurredAt = moment(contact.word("plaatsgevondenOp")!!),
                ),
            )
        }

        private fun visit(phone: Wijkboek) {
            val id = phone.createVisit(
                VisitRequest(
                    "Dillenburgplein", AreaCode("BU05970600"), null,
                    moment("2026-03-11T14:00:00+01:00"), moment("2026-03-11T17:00:00+01:00"), Sensitivity.GEWOON, emptyList(),
                ),
            )
            phone.tally(id, TallyKey.Age(AgeGroup.AGE65_PLUS), 21)
            phone.tally(id, TallyKey.Age(AgeGroup.AGE15_TO24), 14)
            phone.tally(id, TallyKey.AgeUnknown, 4)
        }

        private fun moment(text: String): Instant = OffsetDateTime.parse(text).toInstant()

        private fun JsonObject.word(key: String): String? = get(key)?.jsonPrimitive?.takeIf { it.isString }?.content

        private fun JsonObject.number(key: String): Double = getValue(key).jsonPrimitive.doubleOrNull ?: error("$key is no number")

        private val WIJKEN = Array(12) { number -> "WK0597%02d".format(number + 1) }
        private val AGES = mapOf(
            "0-14" to AgeGroup.AGE0_TO14,
            "15-24" to AgeGroup.AGE15_TO24,
            "25-44" to AgeGroup.AGE25_TO44,
            "45-64" to AgeGroup.AGE45_TO64,
            "65+" to AgeGroup.AGE65_PLUS,
        )
    }
}
