//! What may be a member of a set, or a key and value of a map: readable, and in its one spelling.

use std::str::FromStr;

use super::{ENTRY_BYTES_MAX, LINE_BYTES_MAX, PEOPLE_MAX, text};
use crate::{
    Advice, AreaCode, AreaLevel, BlobHash, Cost, DataKind, EntryId, ForeignReference, Invalid,
    Link, MapField, OrganisationCode, Postcode, PrincipalId, RecordId, Rule, SetField, ThemeId,
    Value,
};

impl SetField {
    /// Whether this may be a member of the set: readable, and in its one spelling.
    pub fn is_member(self, member: &str) -> bool {
        match self {
            Self::Themes => is_canonical::<ThemeId>(member),
            Self::Team => is_canonical::<PrincipalId>(member),
            Self::Photos | Self::Audio => is_canonical::<BlobHash>(member),
            Self::Links => is_canonical::<Link>(member),
            Self::References => is_canonical::<ForeignReference>(member),
            Self::Withdrawn => is_canonical::<EntryId>(member),
            Self::Wijken => {
                member.parse::<AreaCode>().is_ok_and(|area| area.level() == AreaLevel::Wijk)
            }
            Self::Agenda => is_canonical::<RecordId>(member),
            Self::Organisations => is_canonical::<OrganisationCode>(member),
            Self::DataKinds => is_canonical::<DataKind>(member),
        }
    }

    pub(super) fn check_member(self, member: &str) -> Result<(), Invalid> {
        readable(self.is_member(member), self.key())
    }
}

impl MapField {
    /// Whether this may be a key of the map: readable, and in its one spelling.
    pub fn is_key(self, key: &str) -> bool {
        match self {
            Self::Attendance => is_canonical::<OrganisationCode>(key),
            Self::Decisions | Self::Costs | Self::SupportAddresses => is_canonical::<EntryId>(key),
            Self::Support => is_canonical::<Postcode>(key),
            Self::Advice => is_canonical::<PrincipalId>(key),
        }
    }

    pub(super) fn check_key(self, key: &str) -> Result<(), Invalid> {
        readable(self.is_key(key), self.key())
    }

    /// Checks a key with its value; an empty value has no key.
    pub(super) fn check(self, key: &str, value: &Value) -> Result<(), Invalid> {
        self.check_key(key)?;
        let unreadable = Err(Invalid { field: self.key(), rule: Rule::Unreadable });
        match (self, value) {
            (Self::Attendance, Value::Int(people)) => self.count(*people, 0),
            // Nobody at all is no key.
            (Self::Support, Value::Int(supporters)) => self.count(*supporters, 1),
            (Self::Decisions, Value::Text(decision)) => {
                text(self.key(), decision, ENTRY_BYTES_MAX, true)
            }
            (Self::SupportAddresses, Value::Text(address)) => {
                text(self.key(), address, LINE_BYTES_MAX, true)
            }
            (Self::Costs, Value::Text(spelled)) => match spelled.parse::<Cost>() {
                Ok(cost) if cost.to_string() == *spelled => {
                    text(self.key(), &cost.description, LINE_BYTES_MAX, true)
                }
                Ok(_) | Err(_) => unreadable,
            },
            (Self::Advice, Value::Text(spelled)) => match spelled.parse::<Advice>() {
                Ok(advice) if advice.to_string() == *spelled => {
                    text(self.key(), &advice.reasons, ENTRY_BYTES_MAX, false)
                }
                Ok(_) | Err(_) => unreadable,
            },
            (
                Self::Attendance
                | Self::Decisions
                | Self::Costs
                | Self::Support
                | Self::SupportAddresses
                | Self::Advice,
                _,
            ) => unreadable,
        }
    }

    fn count(self, people: i64, least: i64) -> Result<(), Invalid> {
        if (least..=i64::from(PEOPLE_MAX)).contains(&people) {
            Ok(())
        } else {
            Err(Invalid { field: self.key(), rule: Rule::OutOfRange })
        }
    }
}

/// Whether a text is read, and written back as it was. Another spelling of the same value would
/// stand beside it: a member twice.
fn is_canonical<T: FromStr + ToString>(text: &str) -> bool {
    text.parse::<T>().is_ok_and(|value| value.to_string() == text)
}

fn readable(readable: bool, field: &'static str) -> Result<(), Invalid> {
    if readable { Ok(()) } else { Err(Invalid { field, rule: Rule::Unreadable }) }
}
