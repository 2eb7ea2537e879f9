package nl.wijkboek.data

import nl.wijkboek.core.InternalException
import nl.wijkboek.core.WijkboekException

/** Runs a call of the core; what it throws becomes the screens' [LogbookException]. */
internal inline fun <T> translated(work: () -> T): T = try {
    work()
} catch (failure: WijkboekException) {
    throw failure.toLogbookException()
} catch (failure: InternalException) {
    throw LogbookException.Internal(reportId = "ffi", failure)
}

internal fun WijkboekException.toLogbookException(): LogbookException = when (this) {
    is WijkboekException.Offline -> LogbookException.Offline(this)
    is WijkboekException.Unauthorized, is WijkboekException.NotEnrolled -> LogbookException.NotAccepted(this)
    is WijkboekException.NotFound -> LogbookException.NotFound(RecordId(id.value), this)
    is WijkboekException.Invalid -> LogbookException.Invalid(formField(field), this)
    is WijkboekException.NotAllowed -> LogbookException.NotAllowed(this)
    is WijkboekException.OtherPerson -> LogbookException.OtherPerson(this)
    is WijkboekException.CodeRefused -> LogbookException.CodeRefused(this)
    is WijkboekException.NewerDatabase -> LogbookException.NewerDatabase(this)
    is WijkboekException.Damaged -> LogbookException.Damaged(this)
    // Without its key a store is as good as damaged: set aside, and everything fetched again.
    is WijkboekException.KeyLost -> LogbookException.Damaged(this)
    is WijkboekException.EncryptionUnavailable -> LogbookException.Internal(reportId = "encryption", this)
    is WijkboekException.AttachmentMissing -> LogbookException.Internal(reportId = "attachment", this)
    is WijkboekException.StoreLocked -> LogbookException.Locked(this)
    is WijkboekException.StorageFull -> LogbookException.StorageFull(this)
    is WijkboekException.RecordFull -> LogbookException.RecordFull(this)
    is WijkboekException.ServerProblem -> LogbookException.Server(code, this)
    is WijkboekException.Internal -> LogbookException.Internal(reportId, this)
    // Ids are made by the core: the same one twice is a fault of ours.
    is WijkboekException.Exists -> LogbookException.Internal(reportId = id.value, this)
}

/** The keys are the core's; a field without a place on the form is [FormField.OTHER]. */
private fun formField(key: String): FormField = when (key) {
    "kind" -> FormField.KIND
    "themes" -> FormField.THEMES
    "note" -> FormField.NOTE
    "buurt", "place" -> FormField.BUURT
    "people" -> FormField.PEOPLE
    "age_group" -> FormField.AGE
    else -> FormField.OTHER
}

