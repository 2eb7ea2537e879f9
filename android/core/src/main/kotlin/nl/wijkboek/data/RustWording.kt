package nl.wijkboek.data

import nl.wijkboek.core.Lang
import nl.wijkboek.core.WijkboekException
import nl.wijkboek.core.Word
import nl.wijkboek.core.invalidMessage
import nl.wijkboek.core.label
import nl.wijkboek.core.refusalMessage

/** The core's words in one language. */
class RustWording(language: Language) : Wording {
    private val lang = when (language) {
        Language.DUTCH -> Lang.NL
        Language.ENGLISH -> Lang.EN
    }

    // Asked for on every line of a list: kept rather than fetched across the border each time.
    private val kinds = Kind.entries.associateWith { label(Word.Kind(it.toCore()), lang) }
    private val types = EntryType.entries.associateWith { label(Word.RecordType(it.toCore()), lang) }
    private val statuses = Status.entries.associateWith { label(Word.Status(it.toCore()), lang) }
    private val ages = AgeGroup.entries.associateWith { label(Word.AgeGroup(it.toCore()), lang) }

    override fun kind(kind: Kind) = kinds.getValue(kind)

    override fun type(type: EntryType) = types.getValue(type)

    override fun status(status: Status) = statuses.getValue(status)

    override fun age(age: AgeGroup) = ages.getValue(age)

    override fun invalid(error: LogbookException.Invalid): String {
        val cause = error.cause as? WijkboekException.Invalid ?: return ""
        return invalidMessage(cause.field, cause.rule, lang)
    }

    override fun denied(error: LogbookException.NotAllowed): String {
        val cause = error.cause as? WijkboekException.NotAllowed ?: return ""
        return refusalMessage(cause.code, lang)
    }
}
