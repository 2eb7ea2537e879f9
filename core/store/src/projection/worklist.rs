//! What of a record goes on lists of work: what is owed, what is due, what it hangs together with.
//!
//! A field says so whatever the type of its record: each type that has one is on the list.

use std::collections::BTreeSet;

use wijkboek_model::{Field, Parts, Promise, RecordId, SetField, Status};

use super::text_of;

/// Stands for "no day was named" in a column that sorts by day.
pub(crate) const NO_DAY: &str = "9999-12-31";

/// The day by which an answer is still owed; a closed record owes it too until somebody said what
/// became of it.
pub(super) fn owed_by(parts: &Parts) -> Option<String> {
    if text_of(parts, Field::Feedback).is_some() {
        return None;
    }
    match text_of(parts, Field::Promise)?.parse().ok()? {
        Promise::Unsaid | Promise::NotAsked => None,
        Promise::Personal { by } | Promise::Collective { form: _, by } => {
            Some(by.map_or_else(|| NO_DAY.to_owned(), |day| day.to_string()))
        }
    }
}

/// The day by which something must have happened, unless it has been done.
pub(super) fn due_on(parts: &Parts) -> Option<String> {
    let done = match text_of(parts, Field::Status).and_then(|status| status.parse().ok()) {
        Some(Status::Afgehandeld | Status::Afgewezen) => true,
        Some(Status::Nieuw | Status::InBehandeling) | None => false,
    };
    let day = DUE.iter().find_map(|field| text_of(parts, *field)).filter(|_| !done)?;
    Some(day.to_owned())
}

pub(super) fn stage(parts: &Parts) -> Option<String> {
    text_of(parts, Field::Stage).map(str::to_owned)
}

/// The records it names, each with what it names it as.
pub(super) fn links(parts: &Parts) -> BTreeSet<(RecordId, String)> {
    let named = NAMED
        .iter()
        .filter_map(|field| Some((text_of(parts, *field)?.parse().ok()?, field.key().to_owned())));
    let members = |set: SetField| parts.sets.get(&set).into_iter().flatten();
    let linked = members(SetField::Links).filter_map(|member| {
        let (kind, id) = member.split_once(':')?;
        Some((id.parse().ok()?, kind.to_owned()))
    });
    let agenda = members(SetField::Agenda)
        .filter_map(|member| Some((member.parse().ok()?, SetField::Agenda.key().to_owned())));
    named.chain(linked).chain(agenda).collect()
}

/// Its numbers in other systems.
pub(super) fn references(parts: &Parts) -> BTreeSet<String> {
    parts.sets.get(&SetField::References).cloned().unwrap_or_default()
}

/// An action's or escalation's day, a relation's renewal, the end of what may be kept, the end of
/// an agreement.
const DUE: [Field; 4] = [Field::Due, Field::RenewBy, Field::KeepUntil, Field::ValidUntil];

/// Single-value fields that name a record.
const NAMED: [Field; 6] =
    [Field::Visit, Field::Subject, Field::Covenant, Field::Budget, Field::Person, Field::Guardian];
