//! The record types and the closed lists of words in them.
//!
//! Each list has one spelling on every border (column, wire, FFI, HTML): [`as_str`] and `FromStr`.
//!
//! [`as_str`]: ContactKind::as_str

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::str::FromStr;

use crate::{AreaCode, Day, IdError, PrincipalId, RecordId, ThemeId, Timestamp};

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

        impl FromStr for $name {
            type Err = IdError;
            fn from_str(s: &str) -> Result<Self, IdError> {
                match s {
                    $($word => Ok(Self::$variant),)+
                    _ => Err(IdError::Malformed { what: stringify!($name) }),
                }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}

words!(
    /// What a document is about. Stands in its first change and never changes.
    RecordType {
        /// One conversation.
        Contact = "contact",
        /// A melding: an issue at a place.
        Signal = "signal",
        /// A buurttentbezoek or another presence in the wijk.
        Visit = "visit",
    }
);
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
    /// How far a contact or melding has come. A contact is never [`Status::Afgewezen`].
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

/// A position that is not on earth, or an accuracy that is no length.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a usable position")]
pub struct PlaceError;

/// A position (WGS84) with its accuracy and source: one value, so that a merge never mixes two.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Place {
    lon: f64,
    lat: f64,
    accuracy_m: u32,
    source: PlaceSource,
}

impl Place {
    /// Takes a position inside the Netherlands' bounding box (3.2–7.3° E, 50.7–53.7° N), rounded
    /// to six decimals (about 0.1 m).
    ///
    /// # Errors
    /// [`PlaceError`] for anything outside the box, NaN, or an accuracy above 100 km.
    pub fn new(
        lon: f64,
        lat: f64,
        accuracy_m: u32,
        source: PlaceSource,
    ) -> Result<Self, PlaceError> {
        let inside = (3.2..=7.3).contains(&lon) && (50.7..=53.7).contains(&lat);
        if !inside || accuracy_m > 100_000 {
            return Err(PlaceError);
        }
        let round = |degrees: f64| (degrees * 1e6).round() / 1e6;
        Ok(Self { lon: round(lon), lat: round(lat), accuracy_m, source })
    }

    /// Degrees east.
    pub fn lon(&self) -> f64 {
        self.lon
    }

    /// Degrees north.
    pub fn lat(&self) -> f64 {
        self.lat
    }

    /// Radius in metres within which the true position lies.
    pub fn accuracy_m(&self) -> u32 {
        self.accuracy_m
    }

    /// Where the position came from.
    pub fn source(&self) -> PlaceSource {
        self.source
    }
}

impl fmt::Display for Place {
    /// `lon,lat,accuracy,source`, the spelling in documents.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{},{},{},{}", self.lon, self.lat, self.accuracy_m, self.source)
    }
}

impl FromStr for Place {
    type Err = PlaceError;
    fn from_str(s: &str) -> Result<Self, PlaceError> {
        let mut parts = s.split(',');
        let mut next = || parts.next().ok_or(PlaceError);
        let lon = next()?.parse().map_err(|_| PlaceError)?;
        let lat = next()?.parse().map_err(|_| PlaceError)?;
        let accuracy_m = next()?.parse().map_err(|_| PlaceError)?;
        let source = next()?.parse().map_err(|_| PlaceError)?;
        if parts.next().is_some() {
            return Err(PlaceError);
        }
        Self::new(lon, lat, accuracy_m, source)
    }
}

/// Where the person lives, which is not where they stood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LivesIn {
    /// Not asked or not known; a bar of its own in every audience figure.
    Unknown,
    /// In the buurt of the contact.
    Here,
    /// In another buurt of the municipality.
    Elsewhere(AreaCode),
    /// Outside the municipality.
    Outside,
}

impl fmt::Display for LivesIn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown => f.write_str("onbekend"),
            Self::Here => f.write_str("hier"),
            Self::Elsewhere(area) => area.fmt(f),
            Self::Outside => f.write_str("buiten"),
        }
    }
}

impl FromStr for LivesIn {
    type Err = IdError;
    fn from_str(s: &str) -> Result<Self, IdError> {
        Ok(match s {
            "onbekend" => Self::Unknown,
            "hier" => Self::Here,
            "buiten" => Self::Outside,
            area => Self::Elsewhere(area.parse()?),
        })
    }
}

/// What was said about coming back with an answer (terugkoppeling).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Promise {
    /// Not said yet.
    Unsaid,
    /// Nobody asked for an answer.
    NotAsked,
    /// To the person, by a day if one was named.
    Personal {
        /// The day by which the answer is promised.
        by: Option<Day>,
    },
    /// To everybody concerned at once.
    Collective {
        /// How.
        form: AnswerForm,
        /// The day by which the answer is promised.
        by: Option<Day>,
    },
}

impl fmt::Display for Promise {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let by = match self {
            Self::Unsaid => return f.write_str("ongezegd"),
            Self::NotAsked => return f.write_str("geen"),
            Self::Personal { by } => {
                f.write_str("persoonlijk")?;
                by
            }
            Self::Collective { form, by } => {
                write!(f, "collectief:{form}")?;
                by
            }
        };
        by.map_or(Ok(()), |day| write!(f, ":{day}"))
    }
}

impl FromStr for Promise {
    type Err = IdError;
    fn from_str(s: &str) -> Result<Self, IdError> {
        let malformed = || IdError::Malformed { what: "Promise" };
        let day = |part: Option<&str>| part.map(str::parse).transpose().map_err(|_| malformed());
        let mut parts = s.split(':');
        let promise = match parts.next() {
            Some("ongezegd") => Self::Unsaid,
            Some("geen") => Self::NotAsked,
            Some("persoonlijk") => Self::Personal { by: day(parts.next())? },
            Some("collectief") => Self::Collective {
                form: parts.next().ok_or_else(malformed)?.parse()?,
                by: day(parts.next())?,
            },
            _ => return Err(malformed()),
        };
        if parts.next().is_some() { Err(malformed()) } else { Ok(promise) }
    }
}

/// One button of the tally at a buurttent: two independent sets, by age and by kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TallyKey {
    /// A visitor of this age group.
    Age(AgeGroup),
    /// A visitor whose age is not known.
    AgeUnknown,
    /// A talk of this kind.
    Kind(ContactKind),
    /// "Alleen een praatje".
    JustATalk,
}

impl TallyKey {
    /// All eleven, in the order of the screen.
    pub fn all() -> impl Iterator<Item = Self> {
        let ages = AgeGroup::ALL.iter().copied().map(Self::Age);
        let kinds = ContactKind::ALL.iter().copied().map(Self::Kind);
        ages.chain([Self::AgeUnknown]).chain(kinds).chain([Self::JustATalk])
    }
}

impl fmt::Display for TallyKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Age(age) => write!(f, "leeftijd:{age}"),
            Self::AgeUnknown => f.write_str("leeftijd:onbekend"),
            Self::Kind(kind) => write!(f, "soort:{kind}"),
            Self::JustATalk => f.write_str("soort:praatje"),
        }
    }
}

impl FromStr for TallyKey {
    type Err = IdError;
    fn from_str(s: &str) -> Result<Self, IdError> {
        match s.split_once(':') {
            Some(("leeftijd", "onbekend")) => Ok(Self::AgeUnknown),
            Some(("leeftijd", age)) => age.parse().map(Self::Age),
            Some(("soort", "praatje")) => Ok(Self::JustATalk),
            Some(("soort", kind)) => kind.parse().map(Self::Kind),
            _ => Err(IdError::Malformed { what: "TallyKey" }),
        }
    }
}

/// One conversation with one or more people.
#[derive(Debug, Clone, PartialEq)]
pub struct Contact {
    /// Question, complaint, observation or plan.
    pub kind: ContactKind,
    /// Themes from the municipality's list.
    pub themes: BTreeSet<ThemeId>,
    /// What was said, as jotted down.
    pub note: String,
    /// The buurt where the talk took place.
    pub buurt: AreaCode,
    /// The position, when there is one.
    pub place: Option<Place>,
    /// Where the person lives.
    pub lives_in: LivesIn,
    /// How many people took part.
    pub people: u32,
    /// How many households it concerns.
    pub households: u32,
    /// Who spoke.
    pub party: Party,
    /// Age group, when known.
    pub age_group: Option<AgeGroup>,
    /// When the talk took place: the user's own statement.
    pub occurred_at: Timestamp,
    /// Through what it came.
    pub channel: Channel,
    /// ISO 639-2/B code of the language spoken, three letters.
    pub language: String,
    /// Who may see it.
    pub sensitivity: Sensitivity,
    /// How far it has come.
    pub status: Status,
    /// A complaint about the municipality's own conduct.
    pub over_optreden: bool,
    /// What was promised.
    pub promise: Promise,
    /// The answer given when it was closed.
    pub answer: Option<String>,
    /// The visit it hangs under.
    pub visit: Option<RecordId>,
}

/// A melding: an issue at a place.
#[derive(Debug, Clone, PartialEq)]
pub struct Signal {
    /// The kind the reporter chose.
    pub kind: ContactKind,
    /// Themes from the municipality's list.
    pub themes: BTreeSet<ThemeId>,
    /// What is the matter.
    pub note: String,
    /// The buurt where it is.
    pub buurt: AreaCode,
    /// The position, when there is one.
    pub place: Option<Place>,
    /// When it was seen.
    pub occurred_at: Timestamp,
    /// ISO 639-2/B code, three letters.
    pub language: String,
    /// Who may see it.
    pub sensitivity: Sensitivity,
    /// How far it has come.
    pub status: Status,
    /// The colleague who works on it.
    pub assignee: Option<PrincipalId>,
    /// The answer given when it was closed.
    pub answer: Option<String>,
}

/// A buurttentbezoek: an opening of the buurttent or another presence in the wijk.
#[derive(Debug, Clone, PartialEq)]
pub struct Visit {
    /// The square or building, as people call it.
    pub place_name: String,
    /// The buurt.
    pub buurt: AreaCode,
    /// The position, when there is one.
    pub place: Option<Place>,
    /// Opening time.
    pub starts_at: Timestamp,
    /// Closing time.
    pub ends_at: Timestamp,
    /// Who may see it.
    pub sensitivity: Sensitivity,
    /// The colleagues and ambassadeurs who are there.
    pub team: BTreeSet<PrincipalId>,
    /// Counted visitors and talks; every key is present, zero included.
    pub tallies: BTreeMap<TallyKey, i64>,
}

/// A record of any type.
#[derive(Debug, Clone, PartialEq)]
pub enum Record {
    /// One conversation.
    Contact(Contact),
    /// A melding.
    Signal(Signal),
    /// A buurttentbezoek.
    Visit(Visit),
}

impl Record {
    /// Which type it is.
    pub fn record_type(&self) -> RecordType {
        match self {
            Self::Contact(_) => RecordType::Contact,
            Self::Signal(_) => RecordType::Signal,
            Self::Visit(_) => RecordType::Visit,
        }
    }

    /// The buurt it belongs to.
    pub fn buurt(&self) -> &AreaCode {
        match self {
            Self::Contact(r) => &r.buurt,
            Self::Signal(r) => &r.buurt,
            Self::Visit(r) => &r.buurt,
        }
    }

    /// Who may see it.
    pub fn sensitivity(&self) -> Sensitivity {
        match self {
            Self::Contact(r) => r.sensitivity,
            Self::Signal(r) => r.sensitivity,
            Self::Visit(r) => r.sensitivity,
        }
    }

    /// The position, when there is one.
    pub fn place(&self) -> Option<&Place> {
        match self {
            Self::Contact(r) => r.place.as_ref(),
            Self::Signal(r) => r.place.as_ref(),
            Self::Visit(r) => r.place.as_ref(),
        }
    }

    /// The text that search covers: the note, or the name of a visit's place.
    pub fn text(&self) -> &str {
        match self {
            Self::Contact(r) => &r.note,
            Self::Signal(r) => &r.note,
            Self::Visit(r) => &r.place_name,
        }
    }

    /// When it happened: a visit's opening time for a visit.
    pub fn occurred_at(&self) -> Timestamp {
        match self {
            Self::Contact(r) => r.occurred_at,
            Self::Signal(r) => r.occurred_at,
            Self::Visit(r) => r.starts_at,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_reads_back() {
        for kind in ContactKind::ALL {
            assert_eq!(kind.as_str().parse(), Ok(*kind));
        }
        for key in TallyKey::all() {
            assert_eq!(key.to_string().parse(), Ok(key));
        }
        assert_eq!(TallyKey::all().count(), 11);
        assert!("Vraag".parse::<ContactKind>().is_err());
    }

    #[test]
    fn promises_read_back() {
        let day = "2026-04-16".parse().expect("a day");
        for promise in [
            Promise::Unsaid,
            Promise::NotAsked,
            Promise::Personal { by: None },
            Promise::Personal { by: Some(day) },
            Promise::Collective { form: AnswerForm::School, by: Some(day) },
        ] {
            assert_eq!(promise.to_string().parse(), Ok(promise));
        }
        assert!("persoonlijk:morgen".parse::<Promise>().is_err());
        assert!("geen:2026-04-16".parse::<Promise>().is_err());
    }

    #[test]
    fn places_outside_the_country_are_refused() {
        let at = |lon, lat| Place::new(lon, lat, 8, PlaceSource::Gps);
        let place = at(4.602_66, 51.886_1).expect("Slikkerveer");
        assert_eq!(place.to_string(), "4.60266,51.8861,8,gps");
        assert_eq!(place.to_string().parse(), Ok(place));
        for (lon, lat) in [(0.0, 0.0), (51.9, 4.6), (f64::NAN, 51.9), (4.6, f64::INFINITY)] {
            assert_eq!(at(lon, lat), Err(PlaceError));
        }
    }
}
