//! The closed lists of words in records.
//!
//! Each list has one spelling on every border (column, wire, FFI, HTML): `as_str` and `FromStr`.

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$vdoc])* $variant),+ }

        impl $name {
            /// Every value, in the order in which screens show them.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The one spelling of this value outside Rust.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
        }

        impl std::str::FromStr for $name {
            type Err = crate::IdError;
            fn from_str(s: &str) -> Result<Self, crate::IdError> {
                match s {
                    $($word => Ok(Self::$variant),)+
                    _ => Err(crate::IdError::Malformed { what: stringify!($name) }),
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}

pub(crate) use words;

words!(
    /// What a resident brings.
    ContactKind {
        /// A question.
        Vraag = "vraag",
        /// Dissatisfaction about wijk or service.
        Klacht = "klacht",
        /// An observation or a pattern.
        Signaal = "signaal",
        /// A plan of their own.
        Initiatief = "initiatief",
    }
);
words!(
    /// How far a contact, melding, action, escalation or meeting has come; each calls it its own way
    /// ([`Status::label_in`]). A contact is never [`Status::Afgewezen`].
    Status {
        /// Nobody has taken it up.
        Nieuw = "nieuw",
        /// Taken up.
        InBehandeling = "in-behandeling",
        /// Done, with an answer.
        Afgehandeld = "afgehandeld",
        /// Turned down, with a reason.
        Afgewezen = "afgewezen",
    }
);
words!(
    /// Age in five groups; "unknown" is the absence of one.
    AgeGroup {
        /// 0 to 14 years.
        Age0To14 = "0-14",
        /// 15 to 24 years.
        Age15To24 = "15-24",
        /// 25 to 44 years.
        Age25To44 = "25-44",
        /// 45 to 64 years.
        Age45To64 = "45-64",
        /// 65 years and older.
        Age65Plus = "65+",
    }
);
words!(
    /// Who spoke.
    Party {
        /// A resident.
        Bewoner = "bewoner",
        /// Somebody with a business.
        Ondernemer = "ondernemer",
        /// An organisation.
        Organisatie = "organisatie",
        /// A child.
        Kind = "kind",
    }
);
words!(
    /// Through what the contact came.
    Channel {
        /// Met while walking the wijk.
        Wijkronde = "wijkronde",
        /// At the buurttent.
        Buurttent = "buurttent",
        /// Through an ambassadeur.
        Ambassadeur = "ambassadeur",
        /// By telephone.
        Telefoon = "telefoon",
        /// By e-mail.
        Email = "email",
        /// At the desk.
        Balie = "balie",
    }
);
words!(
    /// Who may see a record beyond those whose wijk it is.
    Sensitivity {
        /// Ordinary.
        Gewoon = "gewoon",
        /// Care, minors, accusations.
        Gevoelig = "gevoelig",
        /// Marked for OOV.
        Vertrouwelijk = "vertrouwelijk",
    }
);
words!(
    /// Where a position came from.
    PlaceSource {
        /// The device's own position.
        Gps = "gps",
        /// Pointed out on a map.
        Kaart = "kaart",
        /// Looked up from an address.
        Adres = "adres",
    }
);
words!(
    /// How a collective answer is given.
    AnswerForm {
        /// A board in the street.
        Bord = "bord",
        /// At the buurttent.
        Tent = "tent",
        /// In the neighbourhood's chat group.
        Buurtapp = "buurtapp",
        /// Through a school.
        School = "school",
    }
);
words!(
    /// What became of the answer that was promised, said when a record is closed.
    Feedback {
        /// Nobody waits for one.
        NietNodig = "niet-nodig",
        /// It was given.
        Gegeven = "gegeven",
        /// It could not be given, for instance because nobody can be reached.
        NietMogelijk = "niet-mogelijk",
    }
);
words!(
    /// How far a wijkidee has come.
    IdeaStage {
        /// Handed in.
        Ingediend = "ingediend",
        /// With the ambassadeurs for advice.
        InAdvies = "in-advies",
        /// Granted.
        Toegekend = "toegekend",
        /// Turned down, with reasons.
        Afgewezen = "afgewezen",
        /// Done.
        Uitgevoerd = "uitgevoerd",
        /// Done and accounted for.
        Verantwoord = "verantwoord",
        /// Taken back by whoever handed it in.
        Ingetrokken = "ingetrokken",
    }
);
words!(
    /// What kind of meeting it is.
    MeetingKind {
        /// The partners of one team, "benen op tafel".
        Leefbaarheidsteam = "leefbaarheidsteam",
        /// The town-wide one, twice a year.
        Regieteam = "regieteam",
        /// About one theme, with residents.
        Themabijeenkomst = "themabijeenkomst",
        /// A working group.
        Werkgroep = "werkgroep",
        /// Meeting residents in their wijk.
        Ontmoeting = "ontmoeting",
        /// The college's walk-in hour.
        Inloopspreekuur = "inloopspreekuur",
    }
);
words!(
    /// How high something was escalated (opgeschaald).
    EscalationLevel {
        /// To a department head.
        Afdelingshoofd = "afdelingshoofd",
        /// To the wethouder.
        Wethouder = "wethouder",
    }
);
words!(
    /// On what ground contact details are kept (article 6 GDPR).
    LawfulGround {
        /// The person's consent.
        Toestemming = "toestemming",
        /// A task in the public interest.
        PubliekeTaak = "publieke-taak",
        /// A legal obligation.
        WettelijkePlicht = "wettelijke-plicht",
        /// A vital interest.
        VitaalBelang = "vitaal-belang",
    }
);
words!(
    /// How somebody consented.
    ConsentHow {
        /// By word of mouth.
        Mondeling = "mondeling",
        /// On paper.
        Schriftelijk = "schriftelijk",
        /// In a form or an e-mail.
        Digitaal = "digitaal",
    }
);
words!(
    /// What a covenant allows to be shared with its parties.
    DataKind {
        /// What it is about.
        Thema = "thema",
        /// The street, never a house number.
        Straat = "straat",
        /// How far it has come.
        Status = "status",
        /// The words themselves.
        Tekst = "tekst",
        /// Photos.
        Foto = "foto",
        /// Contact details of a person who consented.
        Contactgegevens = "contactgegevens",
    }
);
words!(
    /// How one record is related to another.
    LinkKind {
        /// It was raised from the other.
        RaisedFrom = "raised-from",
        /// It is about the same thing as the other, which counts.
        DuplicateOf = "duplicate-of",
        /// The other is an earlier talk with the same person.
        EarlierContact = "earlier-contact",
        /// It is about the other.
        About = "about",
        /// It took the place of the other.
        SuccessorOf = "successor-of",
    }
);
words!(
    /// A system of somebody else's in which the same matter has a number.
    ForeignSystem {
        /// Signalen.
        Signalen = "signalen",
        /// Open Klant.
        OpenKlant = "open-klant",
        /// An Open311 service.
        Open311 = "open311",
        /// The municipality's case system.
        Zaak = "zaak",
    }
);
words!(
    /// What an ambassadeur advises about a wijkidee.
    AdvicePosition {
        /// In favour.
        Voor = "voor",
        /// Against.
        Tegen = "tegen",
        /// Abstains.
        Onthouden = "onthouden",
    }
);
