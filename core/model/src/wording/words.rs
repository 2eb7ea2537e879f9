//! The names of the closed lists.

use super::{Label, Lang};
use crate::{
    AgeGroup, AnswerForm, AreaLevel, Channel, ContactKind, LivesIn, Party, PlaceSource, Promise,
    RecordType, Role, Sensitivity, Status, TallyKey,
};

impl Label for RecordType {
    fn label(&self, lang: Lang) -> &'static str {
        match self {
            Self::Contact => lang.pick("Contactmoment", "Contact"),
            Self::Signal => lang.pick("Melding", "Report"),
            Self::Visit => lang.pick("Buurttentbezoek", "Pop-up tent visit"),
            Self::Action => lang.pick("Actie", "Action"),
            Self::Escalation => lang.pick("Opschaling", "Escalation"),
            Self::Meeting => lang.pick("Overleg", "Meeting"),
            Self::Idea => lang.pick("Wijkidee", "Neighbourhood idea"),
            Self::Budget => lang.pick("Wijkideebudget", "Budget for ideas"),
            Self::Person => lang.pick("Persoon", "Person"),
            Self::Consent => lang.pick("Toestemming doorgeven", "Consent to pass on"),
            Self::Relation => lang.pick("Netwerkcontact", "Network member"),
            Self::Covenant => lang.pick("Convenant", "Covenant"),
            Self::Endorsement => lang.pick("Mede-melder", "Endorsement"),
            Self::Reply => lang.pick("Bericht", "Message"),
            Self::InternalNote => lang.pick("Interne notitie", "Internal note"),
        }
    }
}

impl Label for ContactKind {
    fn label(&self, lang: Lang) -> &'static str {
        match self {
            Self::Vraag => lang.pick("Vraag", "Question"),
            Self::Klacht => lang.pick("Klacht", "Complaint"),
            Self::Signaal => lang.pick("Signaal", "Observation"),
            Self::Initiatief => lang.pick("Initiatief", "Initiative"),
        }
    }
}

impl Label for Status {
    fn label(&self, lang: Lang) -> &'static str {
        match self {
            Self::Nieuw => lang.pick("Nieuw", "New"),
            Self::InBehandeling => lang.pick("In behandeling", "In progress"),
            Self::Afgehandeld => lang.pick("Afgehandeld", "Settled"),
            Self::Afgewezen => lang.pick("Afgewezen", "Declined"),
        }
    }
}

impl Status {
    /// What a person reads for it on a record of this type.
    pub fn label_in(self, record_type: RecordType, lang: Lang) -> &'static str {
        match (record_type, self) {
            (RecordType::Action, Self::Nieuw) => lang.pick("Te doen", "To do"),
            (RecordType::Action, Self::InBehandeling) => lang.pick("Mee bezig", "Under way"),
            (RecordType::Action, Self::Afgehandeld) => lang.pick("Gedaan", "Done"),
            (RecordType::Action, Self::Afgewezen) => lang.pick("Gaat niet door", "Dropped"),
            (RecordType::Escalation, Self::Nieuw) => lang.pick("Opgeschaald", "Escalated"),
            (RecordType::Escalation, Self::Afgehandeld) => lang.pick("Besloten", "Decided"),
            (RecordType::Escalation, Self::Afgewezen) => lang.pick("Teruggelegd", "Sent back"),
            (RecordType::Meeting, Self::Nieuw) => lang.pick("Gepland", "Planned"),
            (RecordType::Meeting, Self::InBehandeling) => lang.pick("Bezig", "Going on"),
            (RecordType::Meeting, Self::Afgehandeld) => lang.pick("Gehouden", "Held"),
            (RecordType::Meeting, Self::Afgewezen) => lang.pick("Afgelast", "Cancelled"),
            (
                RecordType::Contact
                | RecordType::Signal
                | RecordType::Visit
                | RecordType::Escalation
                | RecordType::Idea
                | RecordType::Budget
                | RecordType::Person
                | RecordType::Consent
                | RecordType::Relation
                | RecordType::Covenant
                | RecordType::Endorsement
                | RecordType::Reply
                | RecordType::InternalNote,
                Self::Nieuw | Self::InBehandeling | Self::Afgehandeld | Self::Afgewezen,
            ) => self.label(lang),
        }
    }
}

impl Label for AgeGroup {
    fn label(&self, lang: Lang) -> &'static str {
        match self {
            Self::Age0To14 => lang.pick("0 tot en met 14 jaar", "0 to 14 years"),
            Self::Age15To24 => lang.pick("15 tot en met 24 jaar", "15 to 24 years"),
            Self::Age25To44 => lang.pick("25 tot en met 44 jaar", "25 to 44 years"),
            Self::Age45To64 => lang.pick("45 tot en met 64 jaar", "45 to 64 years"),
            Self::Age65Plus => lang.pick("65 jaar en ouder", "65 years and older"),
        }
    }
}

impl Label for Party {
    fn label(&self, lang: Lang) -> &'static str {
        match self {
            Self::Bewoner => lang.pick("Bewoner", "Resident"),
            Self::Ondernemer => lang.pick("Ondernemer", "Entrepreneur"),
            Self::Organisatie => lang.pick("Organisatie", "Organisation"),
            Self::Kind => lang.pick("Kind", "Child"),
        }
    }
}

impl Label for Channel {
    fn label(&self, lang: Lang) -> &'static str {
        match self {
            Self::Wijkronde => lang.pick("Wijkronde", "Round through the neighbourhood"),
            Self::Buurttent => lang.pick("Buurttent", "Pop-up tent"),
            Self::Ambassadeur => lang.pick("Ambassadeur", "Ambassador"),
            Self::Telefoon => lang.pick("Telefoon", "Telephone"),
            Self::Email => lang.pick("E-mail", "E-mail"),
            Self::Balie => lang.pick("Balie", "Desk"),
        }
    }
}

impl Label for Sensitivity {
    fn label(&self, lang: Lang) -> &'static str {
        match self {
            Self::Gewoon => lang.pick("Gewoon", "Ordinary"),
            Self::Gevoelig => lang.pick("Gevoelig", "Sensitive"),
            Self::Vertrouwelijk => lang.pick("Vertrouwelijk (OOV)", "Confidential (OOV)"),
        }
    }
}

impl Label for PlaceSource {
    fn label(&self, lang: Lang) -> &'static str {
        match self {
            Self::Gps => lang.pick("Gps van het toestel", "GPS of the device"),
            Self::Kaart => lang.pick("Aangewezen op de kaart", "Pointed out on the map"),
            Self::Adres => lang.pick("Opgezocht adres", "Looked-up address"),
        }
    }
}

impl Label for AnswerForm {
    fn label(&self, lang: Lang) -> &'static str {
        match self {
            Self::Bord => lang.pick("Bord in de straat", "Board in the street"),
            Self::Tent => lang.pick("Bij de buurttent", "At the pop-up tent"),
            Self::Buurtapp => lang.pick("In de buurtapp", "In the neighbourhood chat"),
            Self::School => lang.pick("Via school", "Through a school"),
        }
    }
}

impl Label for LivesIn {
    fn label(&self, lang: Lang) -> &'static str {
        match self {
            Self::Unknown => lang.pick("Woonplaats niet bekend", "Home not known"),
            Self::Here => lang.pick("Woont in deze buurt", "Lives in this area"),
            Self::Elsewhere(_) => lang.pick("Woont in een andere buurt", "Lives in another area"),
            Self::Outside => {
                lang.pick("Woont buiten de gemeente", "Lives outside the municipality")
            }
        }
    }
}

impl Label for Promise {
    fn label(&self, lang: Lang) -> &'static str {
        match self {
            Self::Unsaid => {
                lang.pick("Terugkoppeling nog niet besproken", "Answer not discussed yet")
            }
            Self::NotAsked => lang.pick("Geen terugkoppeling gevraagd", "No answer asked for"),
            Self::Personal { .. } => lang.pick("Persoonlijke terugkoppeling", "Personal answer"),
            Self::Collective { .. } => {
                lang.pick("Gezamenlijke terugkoppeling", "Collective answer")
            }
        }
    }
}

impl Label for TallyKey {
    fn label(&self, lang: Lang) -> &'static str {
        match self {
            Self::Age(age) => age.label(lang),
            Self::AgeUnknown => lang.pick("Leeftijd onbekend", "Age unknown"),
            Self::Kind(kind) => kind.label(lang),
            Self::JustATalk => lang.pick("Alleen een praatje", "Just a chat"),
        }
    }
}

impl Label for AreaLevel {
    fn label(&self, lang: Lang) -> &'static str {
        match self {
            Self::Gemeente => lang.pick("Gemeente", "Municipality"),
            Self::Wijk => lang.pick("Wijk", "District"),
            Self::Buurt => lang.pick("Buurt", "Neighbourhood"),
            Self::SubBuurt => lang.pick("Deel van een buurt", "Part of a neighbourhood"),
        }
    }
}

impl Label for Role {
    fn label(&self, lang: Lang) -> &'static str {
        match self {
            Self::Ambassadeur => lang.pick("Ambassadeur", "Ambassador"),
            Self::Wijkregisseur => lang.pick("Wijkregisseur", "District coordinator"),
            Self::Medewerker => lang.pick("Medewerker", "Office staff"),
            Self::Oov => {
                lang.pick("Openbare orde en veiligheid (OOV)", "Public order and safety (OOV)")
            }
            Self::Partner => lang.pick("Partner", "Partner"),
            Self::Bestuurder => lang.pick("Bestuurder", "Member of the executive"),
            Self::Beheerder => lang.pick("Functioneel beheerder", "Functional administrator"),
            Self::PrivacyOfficer => lang.pick("Privacyfunctionaris", "Privacy officer"),
            Self::Fg => {
                lang.pick("Functionaris gegevensbescherming (FG)", "Data protection officer (FG)")
            }
        }
    }
}
