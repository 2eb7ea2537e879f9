//! Values that consist of more than a word: each is one text in a document, so that a merge never
//! mixes two of them.

use std::fmt;
use std::str::FromStr;

use crate::record::words::{
    AdvicePosition, AgeGroup, AnswerForm, ContactKind, ForeignSystem, LinkKind, PlaceSource,
};
use crate::{AreaCode, Day, IdError, RecordId};

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

/// An amount of money in eurocents: never negative, at most ten million euros.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cents(i64);

impl Cents {
    /// Nothing.
    pub const ZERO: Self = Self(0);
    /// Ten million euros; what a neighbourhood budget never reaches.
    pub const MAX: Self = Self(1_000_000_000);

    /// So many cents; none when it is negative or more than [`Self::MAX`].
    pub const fn new(cents: i64) -> Option<Self> {
        if cents >= 0 && cents <= Self::MAX.0 { Some(Self(cents)) } else { None }
    }

    /// The number of cents.
    pub const fn as_i64(self) -> i64 {
        self.0
    }
}

impl fmt::Display for Cents {
    /// The number of cents in digits, the spelling in documents.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for Cents {
    type Err = IdError;
    fn from_str(s: &str) -> Result<Self, IdError> {
        let malformed = || IdError::Malformed { what: "Cents" };
        s.parse().ok().and_then(Self::new).ok_or_else(malformed)
    }
}

/// One line of a wijkidee's costs (begroting).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cost {
    /// How much.
    pub cents: Cents,
    /// For what.
    pub description: String,
}

impl fmt::Display for Cost {
    /// `<cents>`, a line feed and the description.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}\n{}", self.cents, self.description)
    }
}

impl FromStr for Cost {
    type Err = IdError;
    fn from_str(s: &str) -> Result<Self, IdError> {
        let (cents, description) = s.split_once('\n').ok_or(IdError::Malformed { what: "Cost" })?;
        Ok(Self { cents: cents.parse()?, description: description.to_owned() })
    }
}

/// What one ambassadeur advises about a wijkidee.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Advice {
    /// For, against, or neither.
    pub position: AdvicePosition,
    /// Whether they have an interest of their own; then their advice does not count.
    pub own_interest: bool,
    /// Why.
    pub reasons: String,
}

impl fmt::Display for Advice {
    /// The position, `:belang` where there is an own interest, a line feed and the reasons.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let interest = if self.own_interest { OWN_INTEREST } else { "" };
        write!(f, "{}{interest}\n{}", self.position, self.reasons)
    }
}

impl FromStr for Advice {
    type Err = IdError;
    fn from_str(s: &str) -> Result<Self, IdError> {
        let (head, reasons) = s.split_once('\n').ok_or(IdError::Malformed { what: "Advice" })?;
        let (position, own_interest) = match head.strip_suffix(OWN_INTEREST) {
            Some(position) => (position, true),
            None => (head, false),
        };
        Ok(Self { position: position.parse()?, own_interest, reasons: reasons.to_owned() })
    }
}

const OWN_INTEREST: &str = ":belang";

/// A link from one record to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Link {
    /// How they are related.
    pub kind: LinkKind,
    /// The other record.
    pub to: RecordId,
}

impl fmt::Display for Link {
    /// `<kind>:<record id>`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.kind, self.to)
    }
}

impl FromStr for Link {
    type Err = IdError;
    fn from_str(s: &str) -> Result<Self, IdError> {
        let (kind, to) = s.split_once(':').ok_or(IdError::Malformed { what: "Link" })?;
        Ok(Self { kind: kind.parse()?, to: to.parse()? })
    }
}

/// The number that a matter has in somebody else's system.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ForeignReference {
    system: ForeignSystem,
    number: String,
}

impl ForeignReference {
    /// Takes a number of 1 to 100 letters, digits, dots, hyphens, plus signs or underscores.
    ///
    /// # Errors
    /// [`IdError::Malformed`] for any other.
    pub fn new(system: ForeignSystem, number: &str) -> Result<Self, IdError> {
        let spelled = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'+' | b'_');
        if (1..=FOREIGN_NUMBER_BYTES_MAX).contains(&number.len()) && number.bytes().all(spelled) {
            Ok(Self { system, number: number.to_owned() })
        } else {
            Err(IdError::Malformed { what: "ForeignReference" })
        }
    }

    /// Whose system it is.
    pub fn system(&self) -> ForeignSystem {
        self.system
    }

    /// The number there.
    pub fn number(&self) -> &str {
        &self.number
    }
}

impl fmt::Display for ForeignReference {
    /// `<system>:<number>`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.system, self.number)
    }
}

impl FromStr for ForeignReference {
    type Err = IdError;
    fn from_str(s: &str) -> Result<Self, IdError> {
        let malformed = || IdError::Malformed { what: "ForeignReference" };
        let (system, number) = s.split_once(':').ok_or_else(malformed)?;
        Self::new(system.parse()?, number)
    }
}

/// Longest number of another system, in bytes.
pub const FOREIGN_NUMBER_BYTES_MAX: usize = 100;

#[cfg(test)]
mod tests {
    use super::*;

    fn reads_back<T: FromStr<Err = IdError> + fmt::Display + PartialEq + fmt::Debug>(
        value: &T,
        spelled: &str,
    ) {
        assert_eq!(value.to_string(), spelled);
        assert_eq!(spelled.parse::<T>().as_ref(), Ok(value));
    }

    #[test]
    fn values_of_two_parts_read_back() {
        let cents = Cents::new(12_550).expect("an amount");
        let cost = Cost { cents, description: "Bankje\nmet leuning".to_owned() };
        reads_back(&cost, "12550\nBankje\nmet leuning");
        let advice = |own_interest| Advice {
            position: AdvicePosition::Voor,
            own_interest,
            reasons: "Goed plan".to_owned(),
        };
        reads_back(&advice(false), "voor\nGoed plan");
        reads_back(&advice(true), "voor:belang\nGoed plan");
        let to = RecordId::from_parts(crate::samples::AT, [1; 10]);
        let link = Link { kind: LinkKind::DuplicateOf, to };
        reads_back(&link, &format!("duplicate-of:{to}"));
        let number = ForeignReference::new(ForeignSystem::Signalen, "SIG-1234").expect("a number");
        reads_back(&number, "signalen:SIG-1234");
        for bad in ["signalen:", "signalen:a b", "zaak:a:b", "elders:1", "zaak"] {
            assert!(bad.parse::<ForeignReference>().is_err(), "{bad}");
        }
        assert!("12,50\nBankje".parse::<Cost>().is_err());
        assert!("voor".parse::<Advice>().is_err(), "reasons may be empty but not absent");
    }

    #[test]
    fn money_is_never_negative() {
        assert_eq!(Cents::new(-1), None);
        assert_eq!(Cents::new(0), Some(Cents::ZERO));
        assert_eq!(Cents::new(Cents::MAX.as_i64()), Some(Cents::MAX));
        assert_eq!(Cents::new(Cents::MAX.as_i64() + 1), None);
    }

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
