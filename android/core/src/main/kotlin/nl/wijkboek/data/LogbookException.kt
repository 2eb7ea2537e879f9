package nl.wijkboek.data

/** Why a call failed, in the words of what a screen can do about it. */
sealed class LogbookException(cause: Throwable?) : Exception(cause) {
    /** The server was not reached. Nothing is lost; it is tried again. */
    class Offline(cause: Throwable? = null) : LogbookException(cause)

    /** The server does not accept this device any more, or not yet: enrol. */
    class NotAccepted(cause: Throwable? = null) : LogbookException(cause)

    /** There is no such record on this device. */
    class NotFound(val id: RecordId, cause: Throwable? = null) : LogbookException(cause)

    /** A field breaks a rule: point at it. [Wording.invalid] says it in the user's words. */
    class Invalid(val field: FormField, cause: Throwable? = null) : LogbookException(cause)

    /** This person may not do this. [Wording.denied] says it in the user's words. */
    class NotAllowed(cause: Throwable? = null) : LogbookException(cause)

    /** This device holds another person's records. */
    class OtherPerson(cause: Throwable? = null) : LogbookException(cause)

    /** The enrolment code is unknown, used or expired. */
    class CodeRefused(cause: Throwable? = null) : LogbookException(cause)

    /** The store was made by a newer version of the app. */
    class NewerDatabase(cause: Throwable? = null) : LogbookException(cause)

    /** The store cannot be read. */
    class Damaged(cause: Throwable? = null) : LogbookException(cause)

    /** The store is in use, or the device has not been unlocked yet. */
    class Locked(cause: Throwable? = null) : LogbookException(cause)

    /** The device is full. */
    class StorageFull(cause: Throwable? = null) : LogbookException(cause)

    /** The record holds as much as a record can. */
    class RecordFull(cause: Throwable? = null) : LogbookException(cause)

    /** The server answered with a problem. */
    class Server(val code: String, cause: Throwable? = null) : LogbookException(cause)

    /** A fault of ours: show the number. */
    class Internal(val reportId: String, cause: Throwable? = null) : LogbookException(cause)
}
