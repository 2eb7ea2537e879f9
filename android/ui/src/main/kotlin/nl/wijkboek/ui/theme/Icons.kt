package nl.wijkboek.ui.theme

import androidx.compose.ui.graphics.Color
import androidx.compose.ui.graphics.SolidColor
import androidx.compose.ui.graphics.StrokeCap
import androidx.compose.ui.graphics.StrokeJoin
import androidx.compose.ui.graphics.vector.ImageVector
import androidx.compose.ui.graphics.vector.addPathNodes
import androidx.compose.ui.unit.dp
import nl.wijkboek.data.EntryType
import nl.wijkboek.data.Kind

/** Our own line icons: 24 × 24, two units thick, round ends. */
object WijkboekIcons {
    val vraag = icon("vraag", "M12 3a9 9 0 1 0 0 18a9 9 0 1 0 0-18z", "M9.5 9.6a2.6 2.6 0 1 1 3.7 2.3c-.8.4-1.2 1-1.2 1.9", "M12 16.8v.05")
    val klacht = icon("klacht", "M12 3.8l9 15.7h-18z", "M12 10v4", "M12 16.7v.05")
    val signaal = icon(
        "signaal",
        "M2.5 12c2.4-4.2 5.6-6.3 9.5-6.3s7.1 2.1 9.5 6.3c-2.4 4.2-5.6 6.3-9.5 6.3s-7.1-2.1-9.5-6.3z",
        "M12 9.2a2.8 2.8 0 1 0 0 5.6a2.8 2.8 0 1 0 0-5.6z",
    )
    val initiatief = icon("initiatief", "M8.5 15.5c-1.7-1.2-2.5-2.9-2.5-4.8a6 6 0 0 1 12 0c0 1.9-.8 3.6-2.5 4.8v1.7h-7z", "M9.5 20.5h5")
    val visit = icon("visit", "M3 19.5l9-14 9 14z", "M12 11.5l-3 8", "M12 11.5l3 8")
    val action = icon("action", "M5.5 4h13a1.5 1.5 0 0 1 1.5 1.5v13a1.5 1.5 0 0 1-1.5 1.5h-13a1.5 1.5 0 0 1-1.5-1.5v-13a1.5 1.5 0 0 1 1.5-1.5z", "M8 12.3l2.8 2.8 5.2-5.9")
    val people = icon("people", "M9 5a3.2 3.2 0 1 0 0 6.4a3.2 3.2 0 1 0 0-6.4z", "M3 19.5c0-3.3 2.7-5.5 6-5.5s6 2.2 6 5.5", "M15.5 5.3a3.2 3.2 0 0 1 0 5.8", "M17.5 14.4c2.1.8 3.5 2.6 3.5 5.1")
    val record = icon("record", "M7 3.5h7l4.5 4.5v11a1.5 1.5 0 0 1-1.5 1.5h-10a1.5 1.5 0 0 1-1.5-1.5v-14a1.5 1.5 0 0 1 1.5-1.5z", "M9 12h6", "M9 16h4")
    val back = icon("back", "M19.5 12h-15", "M10.5 6l-6 6 6 6")
    val close = icon("close", "M6 6l12 12", "M18 6l-12 12")
    val check = icon("check", "M5 12.5l4.7 4.7 9.3-10.2")
    val phone = icon("phone", "M8 3.5h8a1.5 1.5 0 0 1 1.5 1.5v14a1.5 1.5 0 0 1-1.5 1.5h-8a1.5 1.5 0 0 1-1.5-1.5v-14a1.5 1.5 0 0 1 1.5-1.5z", "M11 17.5h2")
    val sent = icon("sent", "M12 19.5v-15", "M6 10.5l6-6 6 6")
    val place = icon("place", "M12 21c4.3-4.5 6.5-8 6.5-10.8a6.5 6.5 0 0 0-13 0c0 2.8 2.2 6.3 6.5 10.8z", "M12 8a2.2 2.2 0 1 0 0 4.4a2.2 2.2 0 1 0 0-4.4z")
    val offline = icon("offline", "M7 18.5h10a4 4 0 0 0 1.5-7.7a6.5 6.5 0 0 0-9.5-4.3", "M6.3 9.5a4.6 4.6 0 0 0 .7 9", "M4 4l16 16")
    val sync = icon("sync", "M19.5 12a7.5 7.5 0 0 1-13.5 4.5", "M4.5 12a7.5 7.5 0 0 1 13.5-4.5", "M18.5 3.5v4.5h-4.5", "M5.5 20.5v-4.5h4.5")
    val minus = icon("minus", "M6 12h12")
    val plus = icon("plus", "M6 12h12", "M12 6v12")
    val twoValues = icon("twoValues", "M8 4v5.5c0 2 4 3 4 5v5.5", "M16 4v5.5c0 2-4 3-4 5")

    fun of(kind: Kind): ImageVector = when (kind) {
        Kind.VRAAG -> vraag
        Kind.KLACHT -> klacht
        Kind.SIGNAAL -> signaal
        Kind.INITIATIEF -> initiatief
    }

    fun of(type: EntryType): ImageVector = when (type) {
        EntryType.VISIT -> visit
        EntryType.ACTION -> action
        EntryType.IDEA -> initiatief
        EntryType.MEETING, EntryType.PERSON, EntryType.RELATION, EntryType.ENDORSEMENT -> people
        EntryType.CONTACT,
        EntryType.SIGNAL,
        EntryType.ESCALATION,
        EntryType.BUDGET,
        EntryType.CONSENT,
        EntryType.COVENANT,
        EntryType.REPLY,
        EntryType.INTERNAL_NOTE,
        -> record
    }

    private fun icon(name: String, vararg paths: String): ImageVector {
        val builder = ImageVector.Builder(name, 24.dp, 24.dp, 24f, 24f)
        for (path in paths) {
            builder.addPath(
                pathData = addPathNodes(path),
                stroke = SolidColor(Color.Black),
                strokeLineWidth = 2f,
                strokeLineCap = StrokeCap.Round,
                strokeLineJoin = StrokeJoin.Round,
            )
        }
        return builder.build()
    }
}
