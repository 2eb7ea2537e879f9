package nl.wijkboek.ui.text

import nl.wijkboek.data.CaptureType
import nl.wijkboek.data.Language
import nl.wijkboek.data.LogbookException

internal object English : Strings {
    override val language = Language.ENGLISH

    override val logbook = "Logbook"
    override fun newEntry(type: CaptureType) = when (type) {
        CaptureType.CONTACT -> "New contact"
        CaptureType.SIGNAL -> "New report"
    }
    override val today = "Today"
    override val yesterday = "Yesterday"
    override val emptyTitle = "Nothing in the logbook yet"
    override fun emptyText(type: CaptureType) = when (type) {
        CaptureType.CONTACT -> "Log your first talk: choose a kind below. It works without a connection too."
        CaptureType.SIGNAL -> "Make your first report: choose a kind below. It works without a connection too."
    }
    override val tryAgain = "Try again"
    override val loading = "Opening the logbook…"
    override val onDevice = "On this device"
    override val sent = "Sent"
    override val atOffice = "At the office"
    override val refused = "Refused"
    override val twoValues = "Two versions"
    override fun visitors(count: Long) = if (count == 1L) "1 visitor" else "$count visitors"
    override val refresh = "Update now"
    override val savedOnDevice = "Saved on this device"
    override fun withoutNote(kind: String, themes: String) =
        if (themes.isEmpty()) "$kind without a note" else "$kind about ${themes.lowercase()}"
    override val newerVersion = "Written with a newer version of the app"

    override val syncing = "Updating…"
    override fun upToDate(at: String) = "Updated $at"
    override val notYetExchanged = "Not updated yet"
    override fun unsent(count: Int) = "$count to send"
    override val offlineText = "No connection. Everything is safe on this device and goes along by itself."
    override val failingText = "The server cannot handle it now. Everything is safe on this device and goes along by itself."
    override val lockedText = "This device is no longer enrolled. Your notes are still here."
    override fun refusedText(count: Int) =
        if (count == 1) "The office refused 1 change. Its text is kept." else "The office refused $count changes. Their text is kept."
    override val lost = "This list no longer updates by itself."
    override val enrolAgain = "Enrol again"

    override fun kindQuestion(type: CaptureType) = when (type) {
        CaptureType.CONTACT -> "What does somebody bring?"
        CaptureType.SIGNAL -> "What do you want to report?"
    }
    override val themeQuestion = "About what?"
    override fun noteLabel(type: CaptureType) = when (type) {
        CaptureType.CONTACT -> "Note"
        CaptureType.SIGNAL -> "What is the matter?"
    }
    override val noteHint = "Short is fine. You can add to it later."
    override val whereQuestion = "Where?"
    override val findingPlace = "Finding your position…"
    override fun accuracy(metres: Int) = "your position, to within $metres m"
    override val askBuurt = "You are close to a border. Which neighbourhood is it?"
    override val otherBuurt = "Another neighbourhood"
    override val chooseBuurt = "Choose the neighbourhood"
    override val change = "Change"
    override val more = "Fill in more"
    override val less = "Show less"
    override val ageQuestion = "Age"
    override val ageUnknown = "Unknown"
    override val peopleQuestion = "Number of people"
    override val fewerPeople = "One fewer"
    override val morePeople = "One more"
    override val save = "Save"
    override val saving = "Saving…"
    override val close = "Close"
    override val closeForm = "Close, keep the draft"
    override val discard = "Discard"
    override val draftRestored = "Your draft is still here."
    override val chooseKindFirst = "Choose a kind first"
    override val chooseBuurtFirst = "Choose the neighbourhood first"

    override val welcome = "Welcome to Wijkboek"
    override val enrolText = "Enrol this device with the code from your administrator. The code works once."
    override val serverAddress = "Server address"
    override val code = "Code"
    override val deviceName = "Name of this device"
    override val enrol = "Enrol"
    override val enrolling = "Enrolling…"

    override fun problem(problem: LogbookException) = when (problem) {
        is LogbookException.Offline -> "The server cannot be reached. Check the connection and try again."
        is LogbookException.NotAccepted -> "This device is not enrolled. Ask your administrator for a code."
        is LogbookException.NotFound -> "This is no longer on this device."
        is LogbookException.Invalid -> "Check what you filled in."
        is LogbookException.CodeRefused -> "This code is unknown, used or expired. Ask for a new one."
        is LogbookException.NotAllowed -> "You may not change this."
        is LogbookException.OtherPerson -> "This device holds another person's records. Ask your administrator to empty it."
        is LogbookException.Locked -> "The logbook is still locked. Unlock the device and try again."
        is LogbookException.NewerDatabase -> "This data is from a newer version. Update the app."
        is LogbookException.Damaged -> "The logbook on this device cannot be read. Nothing was erased; call your administrator."
        is LogbookException.StorageFull -> "This device is full. Make room and save again; your text is still here."
        is LogbookException.RecordFull -> "This contact is full. Begin a new one."
        is LogbookException.Server -> "The server cannot handle this now (${problem.code}). Try again later."
        is LogbookException.Internal -> "Something went wrong. Give your administrator this number: ${problem.reportId}."
    }
}
