package nl.wijkboek.ui.text

import nl.wijkboek.data.CaptureType
import nl.wijkboek.data.Language
import nl.wijkboek.data.LogbookException

internal object Dutch : Strings {
    override val language = Language.DUTCH

    override val logbook = "Logboek"
    override fun newEntry(type: CaptureType) = when (type) {
        CaptureType.CONTACT -> "Nieuw contact"
        CaptureType.SIGNAL -> "Nieuwe melding"
    }
    override val today = "Vandaag"
    override val yesterday = "Gisteren"
    override val emptyTitle = "Nog niets in het logboek"
    override fun emptyText(type: CaptureType) = when (type) {
        CaptureType.CONTACT -> "Leg uw eerste gesprek vast: kies hieronder een soort. Het werkt ook zonder verbinding."
        CaptureType.SIGNAL -> "Doe uw eerste melding: kies hieronder een soort. Het werkt ook zonder verbinding."
    }
    override val tryAgain = "Opnieuw proberen"
    override val loading = "Logboek openen…"
    override val onDevice = "Op toestel"
    override val sent = "Verstuurd"
    override val atOffice = "Bij kantoor"
    override val refused = "Geweigerd"
    override val twoValues = "Twee versies"
    override fun visitors(count: Long) = if (count == 1L) "1 bezoeker" else "$count bezoekers"
    override val refresh = "Nu bijwerken"
    override val savedOnDevice = "Bewaard op dit toestel"
    override fun withoutNote(kind: String, themes: String) =
        if (themes.isEmpty()) "$kind zonder notitie" else "$kind over ${themes.lowercase()}"
    override val newerVersion = "Geschreven met een nieuwere versie van de app"

    override val syncing = "Bezig met bijwerken…"
    override fun upToDate(at: String) = "Bijgewerkt $at"
    override val notYetExchanged = "Nog niet bijgewerkt"
    override fun unsent(count: Int) = "$count nog te versturen"
    override val offlineText = "Geen verbinding. Alles staat veilig op dit toestel en gaat vanzelf mee."
    override val failingText = "De server kan het nu niet aan. Alles staat veilig op dit toestel en gaat vanzelf mee."
    override val lockedText = "Dit toestel is niet meer aangemeld. Uw notities staan er nog."
    override fun refusedText(count: Int) =
        if (count == 1) {
            "1 wijziging is door kantoor geweigerd. De tekst is bewaard."
        } else {
            "$count wijzigingen zijn door kantoor geweigerd. De tekst is bewaard."
        }
    override val lost = "Deze lijst wordt niet meer vanzelf bijgewerkt."
    override val enrolAgain = "Opnieuw aanmelden"

    override fun kindQuestion(type: CaptureType) = when (type) {
        CaptureType.CONTACT -> "Wat brengt iemand?"
        CaptureType.SIGNAL -> "Wat wilt u melden?"
    }
    override val themeQuestion = "Waarover?"
    override fun noteLabel(type: CaptureType) = when (type) {
        CaptureType.CONTACT -> "Notitie"
        CaptureType.SIGNAL -> "Wat is er aan de hand?"
    }
    override val noteHint = "Kort is goed. U kunt later aanvullen."
    override val whereQuestion = "Waar?"
    override val findingPlace = "Locatie zoeken…"
    override fun accuracy(metres: Int) = "uw locatie, op $metres m nauwkeurig"
    override val askBuurt = "U staat vlak bij een grens. Welke buurt is het?"
    override val otherBuurt = "Een andere buurt"
    override val chooseBuurt = "Kies de buurt"
    override val change = "Wijzig"
    override val more = "Meer invullen"
    override val less = "Minder tonen"
    override val ageQuestion = "Leeftijd"
    override val ageUnknown = "Onbekend"
    override val peopleQuestion = "Aantal personen"
    override val fewerPeople = "Een minder"
    override val morePeople = "Een meer"
    override val save = "Bewaren"
    override val saving = "Bewaren…"
    override val close = "Sluiten"
    override val closeForm = "Sluiten, concept bewaren"
    override val discard = "Weggooien"
    override val draftRestored = "Uw concept staat er nog."
    override val chooseKindFirst = "Kies eerst een soort"
    override val chooseBuurtFirst = "Kies eerst de buurt"

    override val welcome = "Welkom bij Wijkboek"
    override val enrolText = "Meld dit toestel aan met de code van uw beheerder. De code werkt één keer."
    override val serverAddress = "Adres van de server"
    override val code = "Code"
    override val deviceName = "Naam van dit toestel"
    override val enrol = "Aanmelden"
    override val enrolling = "Aanmelden…"

    override fun problem(problem: LogbookException) = when (problem) {
        is LogbookException.Offline -> "De server is niet bereikbaar. Controleer de verbinding en probeer het opnieuw."
        is LogbookException.NotAccepted -> "Dit toestel is niet aangemeld. Vraag uw beheerder om een code."
        is LogbookException.NotFound -> "Dit staat niet meer op dit toestel."
        is LogbookException.Invalid -> "Controleer wat u hebt ingevuld."
        is LogbookException.CodeRefused -> "Deze code is onbekend, al gebruikt of verlopen. Vraag een nieuwe."
        is LogbookException.NotAllowed -> "Dit mag u niet wijzigen."
        is LogbookException.OtherPerson -> "Hier staan de gegevens van iemand anders op. Laat uw beheerder dit toestel leegmaken."
        is LogbookException.Locked -> "Het logboek is nog op slot. Ontgrendel het toestel en probeer het opnieuw."
        is LogbookException.NewerDatabase -> "Deze gegevens zijn van een nieuwere versie. Werk de app bij."
        is LogbookException.Damaged -> "Het logboek op dit toestel is niet te lezen. Er is niets gewist; bel uw beheerder."
        is LogbookException.StorageFull -> "Dit toestel is vol. Maak ruimte en bewaar opnieuw; uw tekst staat er nog."
        is LogbookException.RecordFull -> "Dit contact is vol. Begin een nieuw."
        is LogbookException.Server -> "De server kan dit nu niet verwerken (${problem.code}). Probeer het later opnieuw."
        is LogbookException.Internal -> "Er ging iets mis. Geef uw beheerder dit nummer: ${problem.reportId}."
    }
}
