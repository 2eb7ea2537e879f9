//! Rules that concern several fields of one record at once.

use crate::{Day, Field, Invalid, LivesIn, Record, Rule};

/// Whether a rule between several fields looks at this one: a change of any other cannot break it.
pub const fn is_judged_together(field: Field) -> bool {
    matches!(
        field,
        Field::Buurt
            | Field::LivesIn
            | Field::StartsAt
            | Field::EndsAt
            | Field::ReceivedOn
            | Field::DecidedOn
            | Field::GivenOn
            | Field::WithdrawnOn
            | Field::ConsentOn
            | Field::RenewBy
            | Field::TermFrom
            | Field::TermUntil
            | Field::ValidFrom
            | Field::ValidUntil
    )
}

/// Checks the rules between several fields of a record.
///
/// # Errors
/// The field that contradicts another.
pub fn validate_together(record: &Record) -> Result<(), Invalid> {
    match record {
        Record::Contact(contact) => {
            holds(contact.lives_in != LivesIn::Elsewhere(contact.buurt.clone()), Field::LivesIn)
        }
        Record::Visit(visit) => holds(visit.starts_at <= visit.ends_at, Field::EndsAt),
        Record::Meeting(meeting) => holds(meeting.starts_at <= meeting.ends_at, Field::EndsAt),
        Record::Idea(idea) => in_order(Some(idea.received_on), idea.decided_on, Field::DecidedOn),
        Record::Consent(consent) => {
            in_order(Some(consent.given_on), consent.withdrawn_on, Field::WithdrawnOn)
        }
        Record::Relation(relation) => {
            in_order(relation.term_from, relation.term_until, Field::TermUntil)?;
            let within_a_year = (relation.consent_on..=relation.consent_on.plus_years(1))
                .contains(&relation.renew_by);
            holds(within_a_year, Field::RenewBy)
        }
        Record::Covenant(covenant) => {
            in_order(Some(covenant.valid_from), Some(covenant.valid_until), Field::ValidUntil)
        }
        Record::Signal(_)
        | Record::Action(_)
        | Record::Escalation(_)
        | Record::Budget(_)
        | Record::Person(_)
        | Record::Endorsement(_)
        | Record::Reply(_)
        | Record::InternalNote(_) => Ok(()),
    }
}

fn in_order(first: Option<Day>, second: Option<Day>, field: Field) -> Result<(), Invalid> {
    holds(first.zip(second).is_none_or(|(first, second)| first <= second), field)
}

fn holds(rule: bool, field: Field) -> Result<(), Invalid> {
    if rule { Ok(()) } else { Err(Invalid { field: field.key(), rule: Rule::Contradiction }) }
}
