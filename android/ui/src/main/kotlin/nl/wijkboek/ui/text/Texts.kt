package nl.wijkboek.ui.text

import androidx.compose.runtime.Immutable
import androidx.compose.runtime.staticCompositionLocalOf
import java.time.Instant
import java.time.LocalDate
import java.time.ZoneId
import java.time.format.DateTimeFormatter
import java.util.Locale
import nl.wijkboek.data.Language
import nl.wijkboek.data.LogbookException
import nl.wijkboek.data.Wording

/** The words of one language: the screens' own and core's. */
@Immutable
class Texts(val strings: Strings, val wording: Wording) {
    /** What happened and what can be done about it. */
    fun problem(problem: LogbookException): String = when (problem) {
        is LogbookException.Invalid -> wording.invalid(problem)
        is LogbookException.NotAllowed -> wording.denied(problem)
        else -> strings.problem(problem)
    }
}

/** The words on screen; provided once, at the root. */
val LocalTexts = staticCompositionLocalOf<Texts> { error("no texts provided") }

/** Days and times as people say them. Holds no clock: [now] comes in. */
@Immutable
class Moments(private val now: Instant, private val zone: ZoneId, private val strings: Strings) {
    private val locale: Locale = when (strings.language) {
        Language.DUTCH -> Locale.forLanguageTag("nl-NL")
        Language.ENGLISH -> Locale.forLanguageTag("en-GB")
    }
    private val today: LocalDate = now.atZone(zone).toLocalDate()

    /** The day that a moment falls on here. */
    fun date(at: Instant): LocalDate = at.atZone(zone).toLocalDate()

    /** "Vandaag", "Gisteren", "Dinsdag 3 maart", with the year when it is another one. */
    fun day(date: LocalDate): String = when {
        date == today -> strings.today
        date == today.minusDays(1) -> strings.yesterday
        date.year == today.year -> format("EEEE d MMMM", date)
        else -> format("EEEE d MMMM yyyy", date)
    }

    /** "10:12". */
    fun time(at: Instant): String = format("HH:mm", at)

    /** "10:12" today, else "3 mrt 10:12". */
    fun short(at: Instant): String = if (date(at) == today) time(at) else format("d MMM HH:mm", at)

    private fun format(pattern: String, date: LocalDate): String =
        DateTimeFormatter.ofPattern(pattern, locale).format(date).replaceFirstChar { it.titlecase(locale) }

    private fun format(pattern: String, at: Instant): String =
        DateTimeFormatter.ofPattern(pattern, locale).format(at.atZone(zone))
}
