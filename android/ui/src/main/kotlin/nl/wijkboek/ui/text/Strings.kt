package nl.wijkboek.ui.text

import nl.wijkboek.data.CaptureType
import nl.wijkboek.data.Language
import nl.wijkboek.data.LogbookException

/** What the screens say themselves. The words of the lists come from core ([nl.wijkboek.data.Wording]). */
interface Strings {
    val language: Language

    // The list
    val logbook: String
    fun newEntry(type: CaptureType): String
    val today: String
    val yesterday: String
    val emptyTitle: String
    fun emptyText(type: CaptureType): String
    val loading: String
    val tryAgain: String
    val onDevice: String
    val sent: String
    val atOffice: String
    val refused: String
    val twoValues: String
    fun visitors(count: Long): String
    val refresh: String
    val savedOnDevice: String
    fun withoutNote(kind: String, themes: String): String

    /** For a line that this version of the app cannot read. */
    val newerVersion: String

    // The state of the exchange
    val syncing: String
    fun upToDate(at: String): String
    val notYetExchanged: String
    fun unsent(count: Int): String
    val offlineText: String
    val failingText: String
    val lockedText: String
    fun refusedText(count: Int): String
    val lost: String
    val enrolAgain: String

    // The form
    fun kindQuestion(type: CaptureType): String
    val themeQuestion: String
    fun noteLabel(type: CaptureType): String
    val noteHint: String
    val whereQuestion: String
    val findingPlace: String
    fun accuracy(metres: Int): String
    val askBuurt: String
    val chooseBuurt: String
    val otherBuurt: String
    val change: String
    val more: String
    val less: String
    val ageQuestion: String
    val ageUnknown: String
    val peopleQuestion: String
    val fewerPeople: String
    val morePeople: String
    val save: String
    val saving: String
    val close: String
    val closeForm: String
    val discard: String
    val draftRestored: String
    val chooseKindFirst: String
    val chooseBuurtFirst: String

    // Enrolment
    val welcome: String
    val enrolText: String
    val serverAddress: String
    val code: String
    val deviceName: String
    val enrol: String
    val enrolling: String

    /** What happened and what can be done about it; never for [LogbookException.Invalid]. */
    fun problem(problem: LogbookException): String

    companion object {
        fun of(language: Language): Strings = when (language) {
            Language.DUTCH -> Dutch
            Language.ENGLISH -> English
        }
    }
}

