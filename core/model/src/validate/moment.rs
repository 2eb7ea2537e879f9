//! Rules that depend on the moment at which a record is made.

use super::validate;
use crate::{Field, Invalid, Record, Rule, Timestamp};

/// How far ahead what was said or seen may lie, in milliseconds: a day, for a device whose clock or
/// zone is wrong.
pub const AHEAD_MS_MAX: i64 = 24 * 3_600_000;
/// How far ahead a visit or meeting may be planned, in milliseconds: two years of 366 days. What
/// lies further is a slip in the year.
pub const PLANNED_AHEAD_MS_MAX: i64 = 2 * 366 * 24 * 3_600_000;

/// Checks a new record, made at `now`: all that [`validate`] checks, and that it does not speak of
/// what is still to come. A contact or melding lies at most [`AHEAD_MS_MAX`] ahead; visits and
/// meetings are planned, and begin at most [`PLANNED_AHEAD_MS_MAX`] ahead.
///
/// Only for records as they are made: what was refused by the clock of one day would be accepted
/// by that of the next, so a change from elsewhere is not judged by it.
///
/// # Errors
/// The first field that breaks a rule.
pub fn validate_at(record: &Record, now: Timestamp) -> Result<(), Invalid> {
    validate(record)?;
    validate_moment(record, now)
}

/// Whether a record speaks of what is still to come: what [`validate_at`] asks beyond
/// [`validate`]. For an edit of the moment, as it is made.
///
/// # Errors
/// The field that lies too far ahead.
pub fn validate_moment(record: &Record, now: Timestamp) -> Result<(), Invalid> {
    let (field, at, most) = match record {
        Record::Contact(r) => (Field::OccurredAt, r.occurred_at, AHEAD_MS_MAX),
        Record::Signal(r) => (Field::OccurredAt, r.occurred_at, AHEAD_MS_MAX),
        Record::Visit(r) => (Field::StartsAt, r.starts_at, PLANNED_AHEAD_MS_MAX),
        Record::Meeting(r) => (Field::StartsAt, r.starts_at, PLANNED_AHEAD_MS_MAX),
        Record::Action(_)
        | Record::Escalation(_)
        | Record::Idea(_)
        | Record::Budget(_)
        | Record::Person(_)
        | Record::Consent(_)
        | Record::Relation(_)
        | Record::Covenant(_)
        | Record::Endorsement(_)
        | Record::Reply(_)
        | Record::InternalNote(_) => return Ok(()),
    };
    if at <= now.plus_millis(most) {
        Ok(())
    } else {
        Err(Invalid { field: field.key(), rule: Rule::OutOfRange })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::{AT, one_of};
    use crate::{RecordType, Value};

    /// A record of this type of so many milliseconds after [`AT`].
    fn at(record_type: RecordType, field: Field, ms: i64) -> Record {
        let mut parts = one_of(record_type).to_parts();
        let when = Value::Time(AT.plus_millis(ms));
        if field == Field::StartsAt {
            parts.fields.insert(Field::EndsAt, when.clone());
        }
        parts.fields.insert(field, when);
        Record::from_parts(record_type, &parts).expect("a record of this type")
    }

    #[test]
    fn what_happened_does_not_lie_ahead_and_plans_lie_two_years_ahead_at_most() {
        for record_type in RecordType::ALL {
            let Some(field) = record_type.moment_field() else {
                assert_eq!(validate_at(&one_of(*record_type), AT), Ok(()), "{record_type}");
                continue;
            };
            let most = if field == Field::StartsAt { PLANNED_AHEAD_MS_MAX } else { AHEAD_MS_MAX };
            for (ms, expected) in [
                (-10 * most, Ok(())),
                (0, Ok(())),
                (most, Ok(())),
                (most + 1, Err(Invalid { field: field.key(), rule: Rule::OutOfRange })),
            ] {
                let judged = validate_at(&at(*record_type, field, ms), AT);
                assert_eq!(judged, expected, "{record_type}, {ms} ms ahead");
            }
        }
    }

    #[test]
    fn the_other_rules_hold_too() {
        let record = at(RecordType::Contact, Field::OccurredAt, -AT.as_millis());
        let too_old = Invalid { field: "occurred_at", rule: Rule::OutOfRange };
        assert_eq!(validate_at(&record, AT), Err(too_old));
    }
}
