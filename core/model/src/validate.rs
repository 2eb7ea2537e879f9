//! What makes a record or an edit of one acceptable, whoever wrote it and wherever it is checked.

#[cfg(test)]
mod limits;
mod member;
mod moment;
mod together;

use std::ops::RangeInclusive;

use crate::{
    Cents, Day, Edit, Field, MapField, Parts, ProseField, Record, RecordType, SetField, Status,
    Timestamp, Value, Write,
};

pub use moment::{AHEAD_MS_MAX, PLANNED_AHEAD_MS_MAX, validate_at, validate_moment};
pub use together::{is_judged_together, validate_together};

/// A field that breaks a rule. Carries no content, so that it may be logged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{field}: {rule}")]
pub struct Invalid {
    /// The field's key ([`Field::key`], [`SetField::key`], [`MapField::key`], [`ProseField::key`],
    /// `entries` or `tallies`).
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
/// Longest entry, answer, decision or place name in bytes of UTF-8.
pub const ENTRY_BYTES_MAX: usize = 4_000;
/// Longest title, name or other line of text in bytes of UTF-8.
pub const LINE_BYTES_MAX: usize = 200;
/// Longest purpose or postal address in bytes of UTF-8.
pub const PURPOSE_BYTES_MAX: usize = 500;
/// Longest telephone number in bytes.
pub const PHONE_BYTES_MAX: usize = 40;
/// Longest e-mail address in bytes (RFC 5321).
pub const EMAIL_BYTES_MAX: usize = 254;
/// Longest text that one splice brings into prose, in bytes of UTF-8.
pub const SPLICE_BYTES_MAX: usize = 4_000;
/// Most members of one set.
pub const SET_MEMBERS_MAX: usize = 50;
/// Most keys of one map.
pub const MAP_KEYS_MAX: usize = 100;
/// Most people or households in one contact, or people of one organisation at a meeting.
pub const PEOPLE_MAX: u32 = 10_000;
/// Most visitors that one edit may count or take back.
pub const TALLY_STEP_MAX: i64 = 1_000;

/// 2000-01-01T00:00:00Z, the earliest moment a record may speak of.
const EARLIEST: Timestamp = Timestamp::from_millis(946_684_800_000);
/// 2100-01-01T00:00:00Z, the latest.
const LATEST: Timestamp = Timestamp::from_millis(4_102_444_800_000);
/// The years that a record may speak of.
const YEARS: RangeInclusive<i64> = 2000..=2100;
/// The years in which somebody may be born.
const BIRTH_YEARS: RangeInclusive<i64> = 1900..=2100;

/// Checks a whole record.
///
/// # Errors
/// The first field that breaks a rule.
pub fn validate(record: &Record) -> Result<(), Invalid> {
    validate_parts(record.record_type(), &record.to_parts())?;
    validate_together(record)
}

/// Checks the fields, sets and maps of a record as they lie in a document, spelling and all, each
/// by itself. A [`Record`] made of them shows neither how they were spelled nor every set.
///
/// # Errors
/// The first field that breaks a rule.
pub fn validate_parts(record_type: RecordType, parts: &Parts) -> Result<(), Invalid> {
    for (field, value) in &parts.fields {
        let absent = *value == Value::Null && field.may_be_absent();
        if !absent || !Field::of(record_type).contains(field) {
            field_value(record_type, *field, value)?;
        }
    }
    for (set, members) in &parts.sets {
        members.iter().try_for_each(|member| set.check_member(member))?;
        at_most(set.key(), members.len(), SET_MEMBERS_MAX)?;
    }
    for (map, pairs) in &parts.maps {
        pairs.iter().try_for_each(|(key, value)| map.check(key, value))?;
        at_most(map.key(), pairs.len(), MAP_KEYS_MAX)?;
    }
    Ok(())
}

/// Checks that sets and maps which a change lets grow stay within their cap. One that was beyond
/// it before, because people added at the same time, may stay so or shrink.
///
/// # Errors
/// The first set or map that the change makes larger than it may be.
pub fn validate_growth(before: &Parts, after: &Parts) -> Result<(), Invalid> {
    for (set, members) in &after.sets {
        let was = before.sets.get(set).map_or(0, std::collections::BTreeSet::len);
        at_most(set.key(), members.len(), SET_MEMBERS_MAX.max(was))
            .map_err(|_| too_many(set.key(), SET_MEMBERS_MAX))?;
    }
    for (map, pairs) in &after.maps {
        let was = before.maps.get(map).map_or(0, std::collections::BTreeMap::len);
        at_most(map.key(), pairs.len(), MAP_KEYS_MAX.max(was))
            .map_err(|_| too_many(map.key(), MAP_KEYS_MAX))?;
    }
    Ok(())
}

/// Checks one edit against the type of record it is meant for.
///
/// # Errors
/// The field that breaks a rule.
pub fn validate_write(record_type: RecordType, write: &Write) -> Result<(), Invalid> {
    let of_type = |belongs: bool, field| {
        if belongs { Ok(()) } else { Err(Invalid { field, rule: Rule::NotOfThisType }) }
    };
    match write {
        Write::Put(field, value) => field_value(record_type, *field, value),
        Write::Insert(set, member) | Write::Remove(set, member) => {
            of_type(SetField::of(record_type).contains(set), set.key())?;
            set.check_member(member)
        }
        Write::Set(map, key, value) => {
            of_type(MapField::of(record_type).contains(map), map.key())?;
            if *value == Value::Null { map.check_key(key) } else { map.check(key, value) }
        }
        Write::Splice(prose, splice) => {
            of_type(ProseField::of(record_type).contains(prose), prose.key())?;
            text(prose.key(), &splice.insert, SPLICE_BYTES_MAX, false)
        }
        Write::Append(entry) => text(ENTRIES, &entry.text, ENTRY_BYTES_MAX, true),
        Write::Increment(_, by) => {
            of_type(record_type.has_tallies(), TALLIES)?;
            if *by == 0 || !(-TALLY_STEP_MAX..=TALLY_STEP_MAX).contains(by) {
                return Err(Invalid { field: TALLIES, rule: Rule::OutOfRange });
            }
            Ok(())
        }
    }
}

fn too_many(field: &'static str, max: usize) -> Invalid {
    Invalid { field, rule: Rule::TooMany { max } }
}

fn at_most(field: &'static str, count: usize, max: usize) -> Result<(), Invalid> {
    if count > max { Err(too_many(field, max)) } else { Ok(()) }
}

/// What is checked of a field's value besides its type and spelling.
enum Limit {
    /// A text of at most so many bytes of UTF-8.
    Text { max: usize },
    /// A whole number in a range.
    Number(RangeInclusive<i64>),
    /// A moment or day in this century.
    InTime,
    /// An ISO 639-2/B code.
    Language,
    /// A buurt or sub-buurt, and no larger area.
    Buurt,
    /// A buurt or wijk, and not the whole municipality.
    NotMunicipality,
    /// A status that this type of record can have.
    Status,
    /// None.
    TypeOnly,
}

impl Limit {
    fn of(field: Field) -> Self {
        use Field as F;
        match field {
            F::Note => Self::Text { max: NOTE_BYTES_MAX },
            F::PlaceName | F::Answer | F::OwnEffort | F::Agreements => {
                Self::Text { max: ENTRY_BYTES_MAX }
            }
            F::Title | F::Addressee | F::Name | F::Recipient => Self::Text { max: LINE_BYTES_MAX },
            F::Address | F::Purpose => Self::Text { max: PURPOSE_BYTES_MAX },
            F::Phone => Self::Text { max: PHONE_BYTES_MAX },
            F::Email => Self::Text { max: EMAIL_BYTES_MAX },
            F::Language => Self::Language,
            // A talk is with somebody; a school or a shop is no household.
            F::People => Self::Number(1..=PEOPLE_MAX.into()),
            F::Households | F::SupportMin => Self::Number(0..=PEOPLE_MAX.into()),
            F::DecisionWeeks => Self::Number(1..=52),
            F::Year => Self::Number(YEARS),
            F::BirthYear => Self::Number(BIRTH_YEARS),
            F::RequestedCents
            | F::GrantedCents
            | F::AccountedCents
            | F::AmountCents
            | F::IdeaMaxCents => Self::Number(0..=Cents::MAX.as_i64()),
            F::OccurredAt
            | F::StartsAt
            | F::EndsAt
            | F::Due
            | F::ReceivedOn
            | F::DecidedOn
            | F::KeepUntil
            | F::GivenOn
            | F::WithdrawnOn
            | F::ConsentOn
            | F::RenewBy
            | F::TermFrom
            | F::TermUntil
            | F::ValidFrom
            | F::ValidUntil => Self::InTime,
            F::Buurt => Self::Buurt,
            F::LivesIn => Self::NotMunicipality,
            F::Status => Self::Status,
            F::Kind
            | F::Place
            | F::Party
            | F::AgeGroup
            | F::Channel
            | F::Sensitivity
            | F::Stage
            | F::OverOptreden
            | F::Promise
            | F::Feedback
            | F::Visit
            | F::Subject
            | F::Assignee
            | F::Organisation
            | F::Level
            | F::MeetingKind
            | F::Covenant
            | F::Person
            | F::Budget
            | F::OwnEffortRequired
            | F::Guardian
            | F::Ground
            | F::GivenHow
            | F::Ambassadeur
            | F::Account
            | F::To => Self::TypeOnly,
        }
    }
}

fn field_value(record_type: RecordType, field: Field, value: &Value) -> Result<(), Invalid> {
    let invalid = |rule| Err(Invalid { field: field.key(), rule });
    if !Field::of(record_type).contains(&field) {
        return invalid(Rule::NotOfThisType);
    }
    if *value == Value::Null {
        let optional = Field::optional(record_type).contains(&field);
        return if optional { Ok(()) } else { invalid(Rule::Unreadable) };
    }
    match (Limit::of(field), value) {
        (Limit::Text { max }, Value::Text(words)) => {
            text(field.key(), words, max, !may_be_blank(record_type, field))
        }
        (Limit::Number(range), Value::Int(number)) if !range.contains(number) => {
            invalid(Rule::OutOfRange)
        }
        (Limit::InTime, Value::Time(at)) if !(EARLIEST..=LATEST).contains(at) => {
            invalid(Rule::OutOfRange)
        }
        (Limit::InTime, Value::Text(day))
            if day.parse::<Day>().is_ok_and(|day| !YEARS.contains(&day.year().into())) =>
        {
            invalid(Rule::OutOfRange)
        }
        (Limit::Language, Value::Text(code)) if !is_language(code) => invalid(Rule::Unreadable),
        (Limit::Buurt, Value::Text(code)) if !code.starts_with("BU") => invalid(Rule::Unreadable),
        (Limit::NotMunicipality, Value::Text(code)) if code.starts_with("GM") => {
            invalid(Rule::OutOfRange)
        }
        (Limit::Status, Value::Text(word))
            if record_type == RecordType::Contact && word == Status::Afgewezen.as_str() =>
        {
            invalid(Rule::OutOfRange)
        }
        (
            Limit::Text { .. }
            | Limit::Number(_)
            | Limit::InTime
            | Limit::Language
            | Limit::Buurt
            | Limit::NotMunicipality
            | Limit::Status
            | Limit::TypeOnly,
            _,
        ) => {
            if field.is_canonical(value) {
                Ok(())
            } else {
                invalid(Rule::Unreadable)
            }
        }
    }
}

/// Whether a text that must be there may say nothing. A melding says what is the matter; a
/// contact may be only a kind and a theme, and an action or idea no more than its title. Where a
/// text may be left out altogether, leaving it out is null.
fn may_be_blank(record_type: RecordType, field: Field) -> bool {
    match record_type {
        RecordType::Contact | RecordType::Action | RecordType::Person => field == Field::Note,
        RecordType::Idea => matches!(field, Field::Note | Field::OwnEffort),
        RecordType::Signal
        | RecordType::Visit
        | RecordType::Escalation
        | RecordType::Meeting
        | RecordType::Budget
        | RecordType::Consent
        | RecordType::Relation
        | RecordType::Covenant
        | RecordType::Endorsement
        | RecordType::Reply
        | RecordType::InternalNote => false,
    }
}

fn is_language(code: &str) -> bool {
    code.len() == 3 && code.bytes().all(|b| b.is_ascii_lowercase())
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
