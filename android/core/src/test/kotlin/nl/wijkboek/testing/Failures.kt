package nl.wijkboek.testing

import nl.wijkboek.core.Rule
import nl.wijkboek.core.WijkboekException

/** Failures as the core throws them, for screens that only see what they become. */
object Failures {
    val noteRequired: Throwable = WijkboekException.Invalid("note", Rule.Required)
}
