//! What the pages say besides the words of the domain: every text in Dutch and in English.
//!
//! A text that one of the two lacks does not compile.

use wijkboek_model::Lang;

macro_rules! texts {
    ($($name:ident: $nl:literal, $en:literal;)+) => {
        /// The fixed texts of the pages in one language.
        pub(super) struct Texts { $(pub(super) $name: &'static str,)+ }

        const NL: Texts = Texts { $($name: $nl,)+ };
        const EN: Texts = Texts { $($name: $en,)+ };
    };
}

/// The texts of a language.
pub(super) const fn texts(lang: Lang) -> &'static Texts {
    match lang {
        Lang::Nl => &NL,
        Lang::En => &EN,
    }
}

/// One of the two.
pub(super) const fn say(lang: Lang, nl: &'static str, en: &'static str) -> &'static str {
    match lang {
        Lang::Nl => nl,
        Lang::En => en,
    }
}

texts! {
    skip_to_content: "Naar de inhoud", "Skip to content";
    main_menu: "Hoofdmenu", "Main menu";
    other_language: "English", "Nederlands";
    other_language_code: "en", "nl";
    footer: "Wijkboek, het gedeelde logboek van de wijken.", "Wijkboek, the neighbourhoods' shared logbook.";
    log: "Logboek", "Log";
    map: "Kaart", "Map";
    log_in: "Aanmelden", "Log in";
    log_out: "Afmelden", "Log out";
    log_in_lead: "U meldt zich aan met een code die u één keer kunt gebruiken. U krijgt hem van de functioneel beheerder.", "You log in with a code that works once. The functional administrator gives it to you.";
    code: "Aanmeldcode", "Login code";
    code_help: "Bijvoorbeeld ABCD-EFGH. Hoofdletters en streepjes maken niet uit.", "For example ABCD-EFGH. Capitals and hyphens do not matter.";
    session_ended: "Uw sessie is verlopen. Meld u opnieuw aan; daarna komt u terug op dezelfde pagina.", "Your session has ended. Log in again and you will return to the same page.";
    code_refused: "Deze code klopt niet of is niet meer geldig. Controleer de code of vraag een nieuwe.", "This code is wrong or no longer valid. Check it or ask for a new one.";
    code_too_many: "Er is te vaak een verkeerde code ingevuld. Wacht een paar minuten en probeer het opnieuw.", "Too many wrong codes were tried. Wait a few minutes and try again.";
    code_missing: "Vul de code in.", "Enter the code.";
    filter_heading: "Zoeken en filteren", "Search and filter";
    search: "Zoeken in de tekst", "Search the text";
    search_example: "stoep, café, verlichting", "stoep, café, verlichting";
    wijk: "Wijk", "District";
    all: "Alle", "All";
    filter: "Filter", "Filter";
    clear_filters: "Filters wissen", "Clear filters";
    visit: "Buurttentbezoek", "Tent visit";
    visit_short: "Buurttent", "Tent";
    needs_choice: "Wacht op een keuze", "Awaiting a choice";
    when: "Wanneer", "When";
    kind: "Soort", "Kind";
    text: "Tekst", "Text";
    theme: "Thema", "Theme";
    buurt: "Buurt", "Area";
    author: "Door", "By";
    status: "Status", "Status";
    no_text: "Zonder tekst", "Without text";
    pages: "Bladeren", "Pages";
    newest: "Terug naar de nieuwste", "Back to the newest";
    older: "Oudere", "Older";
    nothing_found: "Niets gevonden", "Nothing found";
    nothing_so_far: "Tot zover niets gevonden; bij Oudere gaat het zoeken verder", "Nothing found so far; Older goes on searching";
    nothing_found_help: "Met deze zoekwoorden en filters is er niets. Probeer minder of kortere woorden.", "These words and filters match nothing. Try fewer or shorter words.";
    nothing_yet: "Er staat nog niets in het logboek", "The log is still empty";
    nothing_yet_help: "Zodra iemand in de wijk iets vastlegt en verbinding heeft, verschijnt het hier vanzelf.", "As soon as somebody records something and has a connection, it appears here by itself.";
    live_on: "Werkt vanzelf bij", "Updates by itself";
    live_off: "Geen verbinding, probeert opnieuw", "No connection, trying again";
    live_new_one: "1 nieuwe regel in het logboek", "1 new line in the log";
    live_new_many: "{} nieuwe regels in het logboek", "{} new lines in the log";
    live_changed: "Het logboek is bijgewerkt", "The log has been updated";
    breadcrumb: "Kruimelpad", "Breadcrumb";
    back_to_log: "Terug naar het logboek", "Back to the log";
    record_changed: "Dit is intussen door iemand anders gewijzigd.", "Somebody else has changed this meanwhile.";
    show_new_version: "Toon de nieuwe versie", "Show the new version";
    shown_now: "Staat nu in het logboek", "Shown in the log now";
    choose_value: "Kies deze waarde", "Choose this value";
    facts: "Gegevens", "Details";
    answer: "Antwoord aan de bewoner", "Answer to the resident";
    answer_help: "Wat hoort de bewoner? Nodig bij afhandelen of afwijzen.", "What is the resident told? Needed to settle or decline.";
    tallied: "Geturfd", "Tallied";
    handle: "Afhandelen", "Handle";
    save: "Bewaren", "Save";
    additions: "Aanvullingen", "Additions";
    no_additions: "Nog geen aanvullingen.", "No additions yet.";
    new_addition: "Nieuwe aanvulling", "New addition";
    add: "Toevoegen", "Add";
    history: "Geschiedenis", "History";
    earlier_changes: "Eerdere wijzigingen", "Earlier changes";
    from: "van", "from";
    to: "naar", "to";
    per_wijk: "Aantal per wijk", "Number per district";
    number: "Aantal", "Number";
    map_of_areas: "Kaart van de wijken", "Map of the districts";
    legend: "Legenda", "Legend";
    no_points: "Niets met een locatie.", "Nothing with a location.";
    map_without_script: "De kaart zelf heeft JavaScript nodig. De lijst hiernaast toont hetzelfde.", "The map itself needs JavaScript. The list beside it shows the same.";
    map_failed: "De kaart kan in deze browser niet worden getekend. De lijst toont hetzelfde.", "This browser cannot draw the map. The list shows the same.";
    map_source: "Gebieden: CBS/Kadaster", "Areas: CBS/Kadaster";
    open_record: "Openen", "Open";
    zoom_in: "Inzoomen", "Zoom in";
    zoom_out: "Uitzoomen", "Zoom out";
    cluster: "{} bij elkaar, inzoomen", "{} together, zoom in";
    close: "Sluiten", "Close";
    not_found: "Deze pagina is er niet", "This page does not exist";
    not_found_help: "Het adres klopt niet, of wat hier stond is niet (meer) voor u in te zien.", "The address is wrong, or what was here is not (any longer) for you to see.";
    malformed: "Dit is niet gelukt", "That did not work";
    malformed_help: "De vraag aan de server was niet compleet. Ga terug en probeer het opnieuw.", "The request to the server was incomplete. Go back and try again.";
    no_content: "Geen inzage met uw rol", "Your role has no access";
    no_content_help: "Met uw rol leest u geen gesprekken en meldingen. Klopt dat niet, neem dan contact op met de functioneel beheerder.", "Your role does not read conversations and reports. If that is wrong, ask the functional administrator.";
    denied: "Dit mag u niet wijzigen", "You may not change this";
    invalid: "Zo kan het niet worden bewaard", "It cannot be saved like this";
    foreign_form: "Dit formulier kwam van een andere website", "This form came from another website";
    foreign_form_help: "Er is niets gewijzigd. Open Wijkboek zelf en probeer het daar opnieuw.", "Nothing was changed. Open Wijkboek itself and try again there.";
    refused: "De wijziging is geweigerd", "The change was refused";
    busy: "Het is even te druk", "Too busy right now";
    busy_help: "Wacht een paar seconden en probeer het opnieuw. Er is niets verloren.", "Wait a few seconds and try again. Nothing is lost.";
    internal: "Er ging iets mis bij ons", "Something went wrong on our side";
    internal_help: "Probeer het straks opnieuw. Blijft het misgaan, meld het dan bij de functioneel beheerder.", "Try again later. If it keeps going wrong, tell the functional administrator.";
    error_reference: "Noem dit nummer als u het meldt:", "Mention this number when you report it:";
    done_choice: "Uw keuze is bewaard. De andere waarde blijft in de geschiedenis staan.", "Your choice is saved. The other value stays in the history.";
    done_status: "Bewaard.", "Saved.";
    done_addition: "Uw aanvulling is toegevoegd.", "Your addition is saved.";
    done_nothing: "Er was niets te wijzigen.", "There was nothing to change.";
    closing_incomplete: "Er ontbreekt nog iets om dit af te handelen of af te wijzen. Er is nog niets bewaard.", "Something is still missing before this can be settled or declined. Nothing was saved yet.";
    answer_missing: "Schrijf een antwoord voor de bewoner.", "Write an answer to the resident.";
    feedback_help: "Is het beloofde antwoord ook gegeven? Nodig bij afhandelen of afwijzen als er iets is beloofd.", "Was the promised answer passed on? Needed to settle or decline when something was promised.";
    feedback_missing: "Kies wat er van de beloofde terugkoppeling is geworden.", "Choose what became of the promised answer.";
    not_said: "Nog niet gezegd", "Not said yet";
    changed_meanwhile: "De status is intussen door iemand anders gewijzigd. Kijk of uw wijziging nog klopt en bewaar opnieuw.", "Somebody else changed the status meanwhile. Check whether your change still fits and save again.";
    gone_choice: "Iemand anders heeft intussen gekozen of gewijzigd. Hieronder staat hoe het nu is.", "Somebody else has chosen or edited meanwhile. Below is how it stands now.";
    empty: "leeg", "empty";
    yes: "Ja", "Yes";
    no: "Nee", "No";
    unknown_person: "Onbekende gebruiker", "Unknown user";
    recorded: "Vastgelegd", "Recorded";
    at_office: "Bij kantoor", "At the office";
    unreadable: "Een nieuwere versie van Wijkboek heeft dit geschreven. Een deel is hier niet te lezen.", "A newer version of Wijkboek wrote this. Part of it cannot be read here.";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_languages_have_the_same_places_to_fill_in() {
        for (nl, en) in [(NL.live_new_many, EN.live_new_many), (NL.cluster, EN.cluster)] {
            assert_eq!(nl.matches("{}").count(), 1, "{nl}");
            assert_eq!(en.matches("{}").count(), 1, "{en}");
        }
        assert_eq!(texts(Lang::Nl).other_language_code, "en");
        assert_eq!(texts(Lang::En).other_language_code, "nl");
    }
}
