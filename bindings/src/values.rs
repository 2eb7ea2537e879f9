//! Values that stand in requests and in views alike.

use std::time::{Duration, SystemTime};

use wijkboek_model as model;
use wijkboek_model::{AgeGroup, AnswerForm, ContactKind, Field, PlaceSource, Timestamp};

use crate::{AreaCode, Day, WijkboekError};

/// A position (WGS84) with its accuracy and source.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct Place {
    /// Degrees east.
    pub lon: f64,
    /// Degrees north.
    pub lat: f64,
    /// Radius in metres within which the true position lies.
    pub accuracy_m: u32,
    /// Where the position came from.
    pub source: PlaceSource,
}

impl Place {
    pub(crate) fn parse(&self) -> Result<model::Place, WijkboekError> {
        model::Place::new(self.lon, self.lat, self.accuracy_m, self.source)
            .map_err(|_| WijkboekError::out_of_range(Field::Place.key()))
    }
}

impl From<&model::Place> for Place {
    fn from(place: &model::Place) -> Self {
        Self {
            lon: place.lon(),
            lat: place.lat(),
            accuracy_m: place.accuracy_m(),
            source: place.source(),
        }
    }
}

/// Where the person lives, which is not where they stood.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Enum)]
pub enum LivesIn {
    /// Not asked or not known.
    Unknown,
    /// In the buurt of the contact.
    Here,
    /// In another buurt of the municipality.
    Elsewhere {
        /// Which.
        buurt: AreaCode,
    },
    /// Outside the municipality.
    Outside,
}

impl LivesIn {
    pub(crate) fn parse(&self) -> Result<model::LivesIn, WijkboekError> {
        Ok(match self {
            Self::Unknown => model::LivesIn::Unknown,
            Self::Here => model::LivesIn::Here,
            Self::Elsewhere { buurt } => {
                model::LivesIn::Elsewhere(buurt.parse(Field::LivesIn.key())?)
            }
            Self::Outside => model::LivesIn::Outside,
        })
    }
}

impl From<&model::LivesIn> for LivesIn {
    fn from(lives_in: &model::LivesIn) -> Self {
        match lives_in {
            model::LivesIn::Unknown => Self::Unknown,
            model::LivesIn::Here => Self::Here,
            model::LivesIn::Elsewhere(buurt) => Self::Elsewhere { buurt: buurt.into() },
            model::LivesIn::Outside => Self::Outside,
        }
    }
}

/// What was said about coming back with an answer (terugkoppeling).
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Enum)]
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

impl Promise {
    pub(crate) fn parse(&self) -> Result<model::Promise, WijkboekError> {
        let day =
            |by: &Option<Day>| by.as_ref().map(|day| day.parse(Field::Promise.key())).transpose();
        Ok(match self {
            Self::Unsaid => model::Promise::Unsaid,
            Self::NotAsked => model::Promise::NotAsked,
            Self::Personal { by } => model::Promise::Personal { by: day(by)? },
            Self::Collective { form, by } => {
                model::Promise::Collective { form: *form, by: day(by)? }
            }
        })
    }
}

impl From<&model::Promise> for Promise {
    fn from(promise: &model::Promise) -> Self {
        match *promise {
            model::Promise::Unsaid => Self::Unsaid,
            model::Promise::NotAsked => Self::NotAsked,
            model::Promise::Personal { by } => Self::Personal { by: by.map(Into::into) },
            model::Promise::Collective { form, by } => {
                Self::Collective { form, by: by.map(Into::into) }
            }
        }
    }
}

/// One button of the tally at a buurttent.
#[derive(Debug, Clone, PartialEq, Eq, Hash, uniffi::Enum)]
pub enum TallyKey {
    /// A visitor of this age group.
    Age {
        /// Which.
        group: AgeGroup,
    },
    /// A visitor whose age is not known.
    AgeUnknown,
    /// A talk of this kind.
    Kind {
        /// Which.
        kind: ContactKind,
    },
    /// "Alleen een praatje".
    JustATalk,
}

impl From<&TallyKey> for model::TallyKey {
    fn from(key: &TallyKey) -> Self {
        match *key {
            TallyKey::Age { group } => Self::Age(group),
            TallyKey::AgeUnknown => Self::AgeUnknown,
            TallyKey::Kind { kind } => Self::Kind(kind),
            TallyKey::JustATalk => Self::JustATalk,
        }
    }
}

impl From<&model::TallyKey> for TallyKey {
    fn from(key: &model::TallyKey) -> Self {
        match *key {
            model::TallyKey::Age(group) => Self::Age { group },
            model::TallyKey::AgeUnknown => Self::AgeUnknown,
            model::TallyKey::Kind(kind) => Self::Kind { kind },
            model::TallyKey::JustATalk => Self::JustATalk,
        }
    }
}

/// A value of a field as it lies in a document; handed back unchanged to choose it in a conflict.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Enum)]
pub enum Value {
    /// Empty.
    Empty,
    /// Yes or no.
    YesNo {
        /// Which.
        value: bool,
    },
    /// A whole number.
    Number {
        /// It.
        value: i64,
    },
    /// Text, codes and words.
    Text {
        /// It.
        value: String,
    },
    /// A moment.
    Moment {
        /// It.
        value: SystemTime,
    },
}

impl From<&Value> for model::Value {
    fn from(value: &Value) -> Self {
        match value {
            Value::Empty => Self::Null,
            Value::YesNo { value } => Self::Bool(*value),
            Value::Number { value } => Self::Int(*value),
            Value::Text { value } => Self::Text(value.clone()),
            Value::Moment { value } => Self::Time(timestamp(*value)),
        }
    }
}

impl From<&model::Value> for Value {
    fn from(value: &model::Value) -> Self {
        match value {
            model::Value::Null => Self::Empty,
            model::Value::Bool(value) => Self::YesNo { value: *value },
            model::Value::Int(value) => Self::Number { value: *value },
            model::Value::Text(value) => Self::Text { value: value.clone() },
            model::Value::Time(value) => Self::Moment { value: system_time(*value) },
        }
    }
}

/// A moment for the foreign side (`Instant`, `Date`).
pub(crate) fn system_time(at: Timestamp) -> SystemTime {
    let ms = Duration::from_millis(at.as_millis().unsigned_abs());
    let moved = if at.as_millis() < 0 {
        SystemTime::UNIX_EPOCH.checked_sub(ms)
    } else {
        SystemTime::UNIX_EPOCH.checked_add(ms)
    };
    moved.unwrap_or(SystemTime::UNIX_EPOCH)
}

/// A moment from the foreign side, to the nearest millisecond: Swift keeps seconds as a `Double`,
/// which loses the last digits.
pub(crate) fn timestamp(at: SystemTime) -> Timestamp {
    let nearest =
        |span: Duration| i64::try_from((span.as_nanos() + 500_000) / 1_000_000).unwrap_or(i64::MAX);
    match at.duration_since(SystemTime::UNIX_EPOCH) {
        Ok(after) => Timestamp::from_millis(nearest(after)),
        Err(before) => Timestamp::from_millis(-nearest(before.duration())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_survive_the_border() {
        for ms in [0, 1_772_529_120_123, -1, 946_684_800_000] {
            let at = Timestamp::from_millis(ms);
            assert_eq!(timestamp(system_time(at)), at);
        }
        let just_below = SystemTime::UNIX_EPOCH + Duration::from_nanos(1_122_999_906);
        assert_eq!(timestamp(just_below), Timestamp::from_millis(1_123));
    }

    #[test]
    fn every_tally_key_reads_back() {
        for key in model::TallyKey::all() {
            assert_eq!(model::TallyKey::from(&TallyKey::from(&key)), key);
        }
    }
}
