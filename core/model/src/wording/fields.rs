//! The names of the fields, sets and maps.

use super::{Label, Lang};
use crate::{Field, MapField, ProseField, SetField};

impl Label for Field {
    fn label(&self, lang: Lang) -> &'static str {
        match self {
            Self::Kind => lang.pick("Soort", "Kind"),
            Self::Note => lang.pick("Notitie", "Note"),
            Self::Buurt => lang.pick("Buurt", "Neighbourhood"),
            Self::Place => lang.pick("Locatie", "Location"),
            Self::OccurredAt => lang.pick("Tijdstip", "Time"),
            Self::LivesIn => lang.pick("Woont in", "Lives in"),
            Self::People => lang.pick("Aantal personen", "Number of people"),
            Self::Households => lang.pick("Aantal huishoudens", "Number of households"),
            Self::Party => lang.pick("Gesproken met", "Spoken with"),
            Self::AgeGroup => lang.pick("Leeftijdsgroep", "Age group"),
            Self::Channel => lang.pick("Kanaal", "Channel"),
            Self::Language => lang.pick("Taal", "Language"),
            Self::Sensitivity => lang.pick("Gevoeligheid", "Sensitivity"),
            Self::Status => lang.pick("Status", "State"),
            Self::OverOptreden => lang.pick(
                "Gaat over het optreden van de gemeente",
                "About the municipality's own conduct",
            ),
            Self::Promise => lang.pick("Terugkoppeling", "Promised answer"),
            Self::Answer => lang.pick("Antwoord", "Answer"),
            Self::Visit => lang.pick("Buurttentbezoek", "Pop-up tent visit"),
            Self::Assignee => lang.pick("Behandelaar", "Assigned to"),
            Self::PlaceName => lang.pick("Plek", "Place"),
            Self::StartsAt => lang.pick("Van", "From"),
            Self::EndsAt => lang.pick("Tot", "Until"),
            Self::Title => lang.pick("Titel", "Title"),
            Self::Stage => lang.pick("Stand", "Stage"),
            Self::Feedback => lang.pick("Teruggekoppeld", "Answer passed on"),
            Self::Subject => lang.pick("Onderwerp", "Subject"),
            Self::Organisation => lang.pick("Organisatie", "Organisation"),
            Self::Due => lang.pick("Uiterlijk", "Due"),
            Self::Level => lang.pick("Opgeschaald naar", "Escalated to"),
            Self::Addressee => lang.pick("Gericht aan", "Addressed to"),
            Self::MeetingKind => lang.pick("Soort overleg", "Kind of meeting"),
            Self::Covenant => lang.pick("Convenant", "Covenant"),
            Self::RequestedCents => lang.pick("Gevraagd bedrag", "Amount requested"),
            Self::OwnEffort => lang.pick("Eigen inzet", "Own effort"),
            Self::Person => lang.pick("Persoon", "Person"),
            Self::Budget => lang.pick("Budget", "Budget"),
            Self::ReceivedOn => lang.pick("Ontvangen op", "Received on"),
            Self::DecidedOn => lang.pick("Besloten op", "Decided on"),
            Self::GrantedCents => lang.pick("Toegekend bedrag", "Amount granted"),
            Self::AccountedCents => lang.pick("Verantwoord bedrag", "Amount accounted for"),
            Self::Year => lang.pick("Jaar", "Year"),
            Self::AmountCents => lang.pick("Beschikbaar bedrag", "Amount available"),
            Self::IdeaMaxCents => lang.pick("Hoogste bedrag per idee", "Most per idea"),
            Self::OwnEffortRequired => lang.pick("Eigen inzet verplicht", "Own effort required"),
            Self::SupportMin => lang.pick("Minimaal draagvlak", "Least support"),
            Self::DecisionWeeks => lang.pick("Weken tot besluit", "Weeks to decide"),
            Self::Name => lang.pick("Naam", "Name"),
            Self::Phone => lang.pick("Telefoonnummer", "Telephone number"),
            Self::Email => lang.pick("E-mailadres", "E-mail address"),
            Self::Address => lang.pick("Adres", "Address"),
            Self::BirthYear => lang.pick("Geboortejaar", "Year of birth"),
            Self::Guardian => lang.pick("Ouder of verzorger", "Parent or guardian"),
            Self::Purpose => lang.pick("Doel", "Purpose"),
            Self::Ground => lang.pick("Grondslag", "Lawful ground"),
            Self::KeepUntil => lang.pick("Bewaren tot en met", "Keep until"),
            Self::Recipient => lang.pick("Doorgeven aan", "Pass on to"),
            Self::GivenHow => lang.pick("Hoe toestemming gegeven", "How consent was given"),
            Self::GivenOn => lang.pick("Toestemming gegeven op", "Consent given on"),
            Self::WithdrawnOn => lang.pick("Toestemming ingetrokken op", "Consent withdrawn on"),
            Self::ConsentOn => lang.pick("Toestemming netwerk op", "Joined the network on"),
            Self::RenewBy => lang.pick("Opnieuw vragen voor", "Ask again by"),
            Self::Ambassadeur => lang.pick("Is ambassadeur", "Is an ambassador"),
            Self::TermFrom => lang.pick("Ambassadeur sinds", "Ambassador since"),
            Self::TermUntil => lang.pick("Ambassadeur tot en met", "Ambassador until"),
            Self::Agreements => lang.pick("Afspraken", "Agreements"),
            Self::Account => lang.pick("Account", "Account"),
            Self::ValidFrom => lang.pick("Geldig vanaf", "Valid from"),
            Self::ValidUntil => lang.pick("Geldig tot en met", "Valid until"),
            Self::To => lang.pick("Aan", "To"),
        }
    }
}

impl Label for SetField {
    fn label(&self, lang: Lang) -> &'static str {
        match self {
            Self::Themes => lang.pick("Thema's", "Themes"),
            Self::Photos => lang.pick("Foto's", "Photos"),
            Self::Team => lang.pick("Team", "Crew"),
            Self::Audio => lang.pick("Opnamen", "Recordings"),
            Self::Links => lang.pick("Verwijzingen", "Links"),
            Self::References => lang.pick("Nummers elders", "Numbers elsewhere"),
            Self::Withdrawn => lang.pick("Ingetrokken reacties", "Withdrawn replies"),
            Self::Wijken => lang.pick("Wijken", "Districts"),
            Self::Agenda => lang.pick("Agenda", "Agenda"),
            Self::Organisations => lang.pick("Organisaties", "Organisations"),
            Self::DataKinds => lang.pick("Te delen gegevens", "Data to share"),
        }
    }
}

impl Label for MapField {
    fn label(&self, lang: Lang) -> &'static str {
        match self {
            Self::Attendance => lang.pick("Aanwezigen", "Attendance"),
            Self::Decisions => lang.pick("Besluiten", "Decisions"),
            Self::Costs => lang.pick("Begroting", "Costs"),
            Self::Support => lang.pick("Draagvlak", "Support"),
            Self::SupportAddresses => lang.pick("Adressen draagvlak", "Supporting addresses"),
            Self::Advice => lang.pick("Advies", "Advice"),
        }
    }
}

impl Label for ProseField {
    fn label(&self, lang: Lang) -> &'static str {
        match self {
            Self::Minutes => lang.pick("Verslag", "Minutes"),
        }
    }
}
