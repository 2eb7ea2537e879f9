package nl.wijkboek.data

import java.time.Instant
import kotlinx.serialization.SerializationException
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.add
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.json.contentOrNull
import kotlinx.serialization.json.doubleOrNull
import kotlinx.serialization.json.intOrNull
import kotlinx.serialization.json.jsonArray
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive
import kotlinx.serialization.json.longOrNull
import kotlinx.serialization.json.put
import kotlinx.serialization.json.putJsonArray
import kotlinx.serialization.json.putJsonObject

/** How an unfinished form lies in the store. Fields that are missing later are simply empty. */
internal fun CaptureDraft.toJson(): String = buildJsonObject {
    kind?.let { put("kind", it.name) }
    putJsonArray("themes") { themes.forEach { add(it.value) } }
    put("note", note)
    buurt?.let { put("buurt", it.value) }
    position?.let {
        putJsonObject("position") {
            put("lon", it.lon)
            put("lat", it.lat)
            put("accuracy", it.accuracyM)
        }
    }
    age?.let { put("age", it.name) }
    put("people", people)
    put("startedAt", startedAt.toEpochMilli())
}.toString()

/** `null` for what is no draft of this app: the form then opens empty. */
internal fun draftFromJson(json: String): CaptureDraft? = try {
    val form = Json.parseToJsonElement(json).jsonObject
    CaptureDraft(
        kind = form.text("kind")?.let { name -> Kind.entries.find { it.name == name } },
        themes = form["themes"]?.jsonArray.orEmpty().mapNotNull { it.jsonPrimitive.contentOrNull }.map(::ThemeId),
        note = form.text("note").orEmpty(),
        buurt = form.text("buurt")?.let(::AreaCode),
        position = form["position"]?.jsonObject?.position(),
        age = form.text("age")?.let { name -> AgeGroup.entries.find { it.name == name } },
        people = form.primitive("people")?.intOrNull ?: 1,
        startedAt = form.primitive("startedAt")?.longOrNull?.let(Instant::ofEpochMilli) ?: Instant.now(),
    )
} catch (_: SerializationException) {
    null
} catch (_: IllegalArgumentException) {
    null
}

private fun JsonObject.position(): Position? {
    val lon = primitive("lon")?.doubleOrNull ?: return null
    val lat = primitive("lat")?.doubleOrNull ?: return null
    return Position(lon, lat, primitive("accuracy")?.intOrNull ?: return null)
}

private fun JsonObject.text(key: String): String? = primitive(key)?.contentOrNull

private fun JsonObject.primitive(key: String): JsonPrimitive? = get(key) as? JsonPrimitive
