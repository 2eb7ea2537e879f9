//! The names of the lists around meetings, money, people and other systems.

use super::{Label, Lang};
use crate::{
    AdvicePosition, ConsentHow, DataKind, EscalationLevel, Feedback, ForeignSystem, IdeaStage,
    LawfulGround, LinkKind, MeetingKind,
};

impl Label for Feedback {
    fn label(&self, lang: Lang) -> &'static str {
        match self {
            Self::NietNodig => lang.pick("Niet nodig", "Not needed"),
            Self::Gegeven => lang.pick("Teruggekoppeld", "Answer given"),
            Self::NietMogelijk => lang.pick("Niet mogelijk", "Not possible"),
        }
    }
}

impl Label for IdeaStage {
    fn label(&self, lang: Lang) -> &'static str {
        match self {
            Self::Ingediend => lang.pick("Ingediend", "Handed in"),
            Self::InAdvies => lang.pick("In advies", "Being advised on"),
            Self::Toegekend => lang.pick("Toegekend", "Granted"),
            Self::Afgewezen => lang.pick("Afgewezen", "Declined"),
            Self::Uitgevoerd => lang.pick("Uitgevoerd", "Carried out"),
            Self::Verantwoord => lang.pick("Verantwoord", "Accounted for"),
            Self::Ingetrokken => lang.pick("Ingetrokken", "Withdrawn"),
        }
    }
}

impl Label for MeetingKind {
    fn label(&self, lang: Lang) -> &'static str {
        match self {
            Self::Leefbaarheidsteam => lang.pick("Leefbaarheidsteam", "Liveability team"),
            Self::Regieteam => lang.pick("Regieteam", "Steering team"),
            Self::Themabijeenkomst => lang.pick("Themabijeenkomst", "Theme meeting"),
            Self::Werkgroep => lang.pick("Werkgroep", "Working group"),
            Self::Ontmoeting => lang.pick("Ontmoeting in de wijk", "Meeting residents"),
            Self::Inloopspreekuur => {
                lang.pick("Inloopspreekuur van het college", "The executive's walk-in hour")
            }
        }
    }
}

impl Label for EscalationLevel {
    fn label(&self, lang: Lang) -> &'static str {
        match self {
            Self::Afdelingshoofd => lang.pick("Afdelingshoofd", "Department head"),
            Self::Wethouder => lang.pick("Wethouder", "Alderman"),
        }
    }
}

impl Label for LawfulGround {
    fn label(&self, lang: Lang) -> &'static str {
        match self {
            Self::Toestemming => lang.pick("Toestemming", "Consent"),
            Self::PubliekeTaak => lang.pick("Publieke taak", "Public task"),
            Self::WettelijkePlicht => lang.pick("Wettelijke plicht", "Legal obligation"),
            Self::VitaalBelang => lang.pick("Vitaal belang", "Vital interest"),
        }
    }
}

impl Label for ConsentHow {
    fn label(&self, lang: Lang) -> &'static str {
        match self {
            Self::Mondeling => lang.pick("Mondeling", "By word of mouth"),
            Self::Schriftelijk => lang.pick("Schriftelijk", "On paper"),
            Self::Digitaal => lang.pick("Digitaal", "Digitally"),
        }
    }
}

impl Label for DataKind {
    fn label(&self, lang: Lang) -> &'static str {
        match self {
            Self::Thema => lang.pick("Thema", "Theme"),
            Self::Straat => lang.pick("Straat", "Street"),
            Self::Status => lang.pick("Stand van zaken", "State"),
            Self::Tekst => lang.pick("Tekst", "Text"),
            Self::Foto => lang.pick("Foto's", "Photos"),
            Self::Contactgegevens => lang.pick("Contactgegevens", "Contact details"),
        }
    }
}

impl Label for LinkKind {
    fn label(&self, lang: Lang) -> &'static str {
        match self {
            Self::RaisedFrom => lang.pick("Komt voort uit", "Raised from"),
            Self::DuplicateOf => lang.pick("Dubbel met", "Duplicate of"),
            Self::EarlierContact => lang.pick("Eerder contact", "Earlier contact"),
            Self::About => lang.pick("Gaat over", "About"),
            Self::SuccessorOf => lang.pick("Vervangt", "Takes the place of"),
        }
    }
}

impl Label for ForeignSystem {
    fn label(&self, lang: Lang) -> &'static str {
        match self {
            Self::Signalen => {
                lang.pick("Signalen (meldingensysteem)", "Signalen (reporting system)")
            }
            Self::OpenKlant => lang.pick("Open Klant", "Open Klant"),
            Self::Open311 => lang.pick("Open311-dienst", "Open311 service"),
            Self::Zaak => lang.pick("Zaaksysteem", "Case system"),
        }
    }
}

impl Label for AdvicePosition {
    fn label(&self, lang: Lang) -> &'static str {
        match self {
            Self::Voor => lang.pick("Voor", "In favour"),
            Self::Tegen => lang.pick("Tegen", "Against"),
            Self::Onthouden => lang.pick("Onthouding", "Abstains"),
        }
    }
}
