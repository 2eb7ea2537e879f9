//! What makes a record or an edit of one acceptable, whoever wrote it and wherever it is checked.

use std::collections::BTreeSet;
use std::str::FromStr;

use crate::{
    Edit, Field, LivesIn, Parts, Record, RecordType, SetField, Status, Timestamp, Value, Write,
};

/// A field that breaks a rule. Carries no content, so that it may be logged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{field}: {rule}")]
pub struct Invalid {
    /// The field's key ([`Field::key`], [`SetField::key`], `entries` or `tallies`).
    pub field: &'static str,
    /// The rule it breaks.
    pub rule: Rule,
}

/// The rules that a field can break.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Rule {
    /// It is missing or empty.
    #[error("is required")]
    Required,
    /// It holds a value that this version cannot read.
    #[error("cannot be read")]
    Unreadable,
    /// It is longer than allowed.
    #[error("is longer than {max} bytes")]
    TooLong {
        /// The limit in bytes of UTF-8.
        max: usize,
    },
    /// It has more members than allowed.
    #[error("has more than {max} members")]
    TooMany {
        /// The limit.
        max: usize,
    },
    /// A number or moment outside its range.
    #[error("is out of range")]
    OutOfRange,
    /// The record's type has no such field.
    #[error("does not belong to this type of record")]
    NotOfThisType,
    /// Two fields contradict each other, such as a closing time before the opening time.
    #[error("contradicts another field")]
    Contradiction,
}

impl Rule {
    /// One of each kind, with the limits that apply to most fields.
    pub const EXAMPLES: &[Self] = &[
        Self::Required,
        Self::Unreadable,
        Self::TooLong { max: NOTE_BYTES_MAX },
        Self::TooMany { max: SET_MEMBERS_MAX },
        Self::OutOfRange,
        Self::NotOfThisType,
        Self::Contradiction,
    ];

    /// The stable name of this rule on the wire.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Required => "required",
            Self::Unreadable => "unreadable",
            Self::TooLong { .. } => "too-long",
            Self::TooMany { .. } => "too-many",
            Self::OutOfRange => "out-of-range",
            Self::NotOfThisType => "not-of-this-type",
            Self::Contradiction => "contradiction",
        }
    }
}

/// Longest note in bytes of UTF-8.
pub const NOTE_BYTES_MAX: usize = 20_000;
/// Longest entry, answer or place name in bytes of UTF-8.
pub const ENTRY_BYTES_MAX: usize = 4_000;
/// Most members of one set.
pub const SET_MEMBERS_MAX: usize = 50;
/// Most people or households in one contact.
pub const PEOPLE_MAX: u32 = 10_000;
/// Most visitors that one edit may count or take back.
pub const TALLY_STEP_MAX: i64 = 1_000;

/// 2000-01-01T00:00:00Z, the earliest moment a record may speak of.
const EARLIEST: Timestamp = Timestamp::from_millis(946_684_800_000);
/// 2100-01-01T00:00:00Z, the latest.
const LATEST: Timestamp = Timestamp::from_millis(4_102_444_800_000);

/// Checks a whole record.
///
/// # Errors
/// The first field that breaks a rule.
pub fn validate(record: &Record) -> Result<(), Invalid> {
    validate_parts(record.record_type(), &record.to_parts())?;
    validate_together(record)
}

/// Checks the fields and sets of a record as they lie in a document, spelling and all, each by
/// itself. A [`Record`] made of them shows neither how they were spelled nor every set.
///
/// # Errors
/// The first field that breaks a rule.
pub fn validate_parts(record_type: RecordType, parts: &Parts) -> Result<(), Invalid> {
    for (field, value) in &parts.fields {
        field_value(record_type, *field, value)?;
    }
    for (set, members) in &parts.sets {
        members.iter().try_for_each(|member| member_value(*set, member))?;
        if members.len() > SET_MEMBERS_MAX {
            return Err(too_many(*set));
        }
    }
    Ok(())
}

/// Checks that sets which a change lets grow stay within their cap. One that was beyond it
/// before, because people added at the same time, may stay so or shrink.
///
/// # Errors
/// The first set that the change makes larger than it may be.
pub fn validate_growth(before: &Parts, after: &Parts) -> Result<(), Invalid> {
    let size = |parts: &Parts, set| parts.sets.get(set).map_or(0, BTreeSet::len);
    for (set, members) in &after.sets {
        if members.len() > SET_MEMBERS_MAX && members.len() > size(before, set) {
            return Err(too_many(*set));
        }
    }
    Ok(())
}

/// Checks the rules between several fields of a record.
///
/// # Errors
/// The field that contradicts another.
pub fn validate_together(record: &Record) -> Result<(), Invalid> {
    match record {
        Record::Contact(contact) => {
            if contact.lives_in == LivesIn::Elsewhere(contact.buurt.clone()) {
                return Err(Invalid { field: Field::LivesIn.key(), rule: Rule::Contradiction });
            }
            Ok(())
        }
        Record::Signal(_) => Ok(()),
        Record::Visit(visit) => {
            if visit.ends_at < visit.starts_at {
                return Err(Invalid { field: Field::EndsAt.key(), rule: Rule::Contradiction });
            }
            Ok(())
        }
    }
}

/// Checks one edit against the type of record it is meant for.
///
/// # Errors
/// The field that breaks a rule.
pub fn validate_write(record_type: RecordType, write: &Write) -> Result<(), Invalid> {
    match write {
        Write::Put(field, value) => field_value(record_type, *field, value),
        Write::Insert(set, member) | Write::Remove(set, member) => {
            if !SetField::of(record_type).contains(set) {
                return Err(Invalid { field: set.key(), rule: Rule::NotOfThisType });
            }
            member_value(*set, member)
        }
        Write::Append(entry) => text(ENTRIES, &entry.text, ENTRY_BYTES_MAX, true),
        Write::Increment(_, by) => {
            if record_type != RecordType::Visit {
                return Err(Invalid { field: TALLIES, rule: Rule::NotOfThisType });
            }
            if *by == 0 || !(-TALLY_STEP_MAX..=TALLY_STEP_MAX).contains(by) {
                return Err(Invalid { field: TALLIES, rule: Rule::OutOfRange });
            }
            Ok(())
        }
    }
}

fn too_many(set: SetField) -> Invalid {
    Invalid { field: set.key(), rule: Rule::TooMany { max: SET_MEMBERS_MAX } }
}

fn field_value(record_type: RecordType, field: Field, value: &Value) -> Result<(), Invalid> {
    let invalid = |rule| Err(Invalid { field: field.key(), rule });
    if !Field::of(record_type).contains(&field) {
        return invalid(Rule::NotOfThisType);
    }
    match field {
        // A melding says what is the matter; a contact may be only a kind and a theme.
        Field::Note => text_value(field, value, NOTE_BYTES_MAX, record_type == RecordType::Signal),
        Field::PlaceName => text_value(field, value, ENTRY_BYTES_MAX, true),
        Field::Answer => match value {
            Value::Null => Ok(()),
            Value::Text(_) | Value::Bool(_) | Value::Int(_) | Value::Time(_) => {
                text_value(field, value, ENTRY_BYTES_MAX, true)
            }
        },
        Field::Language => match value {
            Value::Text(code)
                if code.len() == 3 && code.bytes().all(|b| b.is_ascii_lowercase()) =>
            {
                Ok(())
            }
            Value::Null | Value::Text(_) | Value::Bool(_) | Value::Int(_) | Value::Time(_) => {
                invalid(Rule::Unreadable)
            }
        },
        Field::People | Field::Households => match value {
            // A talk is with somebody; a school or a shop is no household.
            Value::Int(n)
                if (i64::from(field == Field::People)..=i64::from(PEOPLE_MAX)).contains(n) =>
            {
                Ok(())
            }
            Value::Int(_) => invalid(Rule::OutOfRange),
            Value::Null | Value::Text(_) | Value::Bool(_) | Value::Time(_) => {
                invalid(Rule::Unreadable)
            }
        },
        Field::OccurredAt | Field::StartsAt | Field::EndsAt => match value {
            Value::Time(at) if (EARLIEST..=LATEST).contains(at) => Ok(()),
            Value::Time(_) => invalid(Rule::OutOfRange),
            Value::Null | Value::Text(_) | Value::Bool(_) | Value::Int(_) => {
                invalid(Rule::Unreadable)
            }
        },
        Field::LivesIn => match value {
            Value::Text(word) if word.starts_with("GM") => invalid(Rule::OutOfRange),
            Value::Null | Value::Text(_) | Value::Bool(_) | Value::Int(_) | Value::Time(_) => {
                parses(field, value)
            }
        },
        Field::Status => match (record_type, value) {
            (RecordType::Contact, Value::Text(word)) if word == Status::Afgewezen.as_str() => {
                invalid(Rule::OutOfRange)
            }
            _ => parses(field, value),
        },
        Field::Kind
        | Field::Buurt
        | Field::Place
        | Field::Party
        | Field::AgeGroup
        | Field::Channel
        | Field::Sensitivity
        | Field::OverOptreden
        | Field::Promise
        | Field::Visit
        | Field::Assignee => parses(field, value),
    }
}

/// Whether the value is of the field's own type, in its one spelling.
fn parses(field: Field, value: &Value) -> Result<(), Invalid> {
    use crate::{
        AgeGroup, AreaCode, Channel, ContactKind, Party, Place, PrincipalId, Promise, RecordId,
        Sensitivity,
    };
    let ok = match (field, value) {
        (
            Field::Place | Field::AgeGroup | Field::Visit | Field::Assignee | Field::Answer,
            Value::Null,
        )
        | (Field::OverOptreden, Value::Bool(_)) => true,
        (Field::Kind, Value::Text(s)) => is_canonical::<ContactKind>(s),
        (Field::Buurt, Value::Text(s)) => s.starts_with("BU") && is_canonical::<AreaCode>(s),
        (Field::Place, Value::Text(s)) => is_canonical::<Place>(s),
        (Field::LivesIn, Value::Text(s)) => is_canonical::<LivesIn>(s),
        (Field::Party, Value::Text(s)) => is_canonical::<Party>(s),
        (Field::AgeGroup, Value::Text(s)) => is_canonical::<AgeGroup>(s),
        (Field::Channel, Value::Text(s)) => is_canonical::<Channel>(s),
        (Field::Sensitivity, Value::Text(s)) => is_canonical::<Sensitivity>(s),
        (Field::Status, Value::Text(s)) => is_canonical::<Status>(s),
        (Field::Promise, Value::Text(s)) => is_canonical::<Promise>(s),
        (Field::Visit, Value::Text(s)) => is_canonical::<RecordId>(s),
        (Field::Assignee, Value::Text(s)) => is_canonical::<PrincipalId>(s),
        _ => false,
    };
    if ok { Ok(()) } else { Err(Invalid { field: field.key(), rule: Rule::Unreadable }) }
}

/// Whether a text is read, and written back as it was. Another spelling of the same value would
/// stand beside it: a conflict between equals, or a member twice.
fn is_canonical<T: FromStr + ToString>(text: &str) -> bool {
    text.parse::<T>().is_ok_and(|value| value.to_string() == text)
}

impl SetField {
    /// Whether this may be a member of the set: readable, and in its one spelling.
    pub fn is_member(self, member: &str) -> bool {
        match self {
            Self::Themes => is_canonical::<crate::ThemeId>(member),
            Self::Team => is_canonical::<crate::PrincipalId>(member),
            Self::Photos => is_canonical::<crate::ChangeHash>(member),
        }
    }
}

fn member_value(set: SetField, member: &str) -> Result<(), Invalid> {
    if set.is_member(member) {
        Ok(())
    } else {
        Err(Invalid { field: set.key(), rule: Rule::Unreadable })
    }
}

fn text_value(field: Field, value: &Value, max: usize, required: bool) -> Result<(), Invalid> {
    match value {
        Value::Text(s) => text(field.key(), s, max, required),
        Value::Null | Value::Bool(_) | Value::Int(_) | Value::Time(_) => {
            Err(Invalid { field: field.key(), rule: Rule::Unreadable })
        }
    }
}

fn text(field: &'static str, s: &str, max: usize, required: bool) -> Result<(), Invalid> {
    if required && s.trim().is_empty() {
        return Err(Invalid { field, rule: Rule::Required });
    }
    if s.len() > max {
        return Err(Invalid { field, rule: Rule::TooLong { max } });
    }
    Ok(())
}

impl Edit {
    /// Checks this edit for a record of the given type.
    ///
    /// # Errors
    /// The field that breaks a rule.
    pub fn check(self, record_type: RecordType) -> Result<Write, Invalid> {
        let write = self.into_write();
        validate_write(record_type, &write)?;
        Ok(write)
    }
}

const ENTRIES: &str = "entries";
const TALLIES: &str = "tallies";

#[cfg(test)]
mod tests;
