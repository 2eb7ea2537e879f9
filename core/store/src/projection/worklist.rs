//! What of a record goes on lists of work: what is owed, what is due, what it hangs together with.
//!
//! Fields are found by their key, so that a record of any type that has one is on the list.

use std::collections::BTreeSet;

use wijkboek_model::{Parts, Promise, RecordId, Status, Value};

/// Stands for "no day was named" in a column that sorts by day.
pub(crate) const NO_DAY: &str = "9999-12-31";

pub(super) const TITLE: &str = "title";

/// The day by which an answer is still owed; a closed record owes it too until it was given.
pub(super) fn owed_by(parts: &Parts) -> Option<String> {
    if text(parts, "feedback").is_some() {
        return None;
    }
    match text(parts, "promise")?.parse().ok()? {
        Promise::Unsaid | Promise::NotAsked => None,
        Promise::Personal { by } | Promise::Collective { form: _, by } => {
            Some(by.map_or_else(|| NO_DAY.to_owned(), |day| day.to_string()))
        }
    }
}

/// The day by which something must have happened, unless it has been done.
pub(super) fn due_on(parts: &Parts) -> Option<String> {
    let done = match text(parts, "status").and_then(|status| status.parse().ok()) {
        Some(Status::Afgehandeld | Status::Afgewezen) => true,
        Some(Status::Nieuw | Status::InBehandeling) | None => false,
    };
    let day = DUE.iter().find_map(|key| text(parts, key)).filter(|_| !done)?;
    Some(day.to_owned())
}

pub(super) fn stage(parts: &Parts) -> Option<String> {
    text(parts, "stage").map(str::to_owned)
}

/// The records it names, each with what it names it as.
pub(super) fn links(parts: &Parts) -> BTreeSet<(RecordId, String)> {
    let named =
        NAMED.iter().filter_map(|key| Some((text(parts, key)?.parse().ok()?, (*key).to_owned())));
    let members = |key| set(parts, key).into_iter().flatten();
    let linked = members("links").filter_map(|member| {
        let (kind, id) = member.split_once(':')?;
        Some((id.parse().ok()?, kind.to_owned()))
    });
    let agenda =
        members("agenda").filter_map(|member| Some((member.parse().ok()?, "agenda".to_owned())));
    named.chain(linked).chain(agenda).collect()
}

/// Its numbers in other systems.
pub(super) fn references(parts: &Parts) -> BTreeSet<String> {
    set(parts, "references").cloned().unwrap_or_default()
}

pub(super) fn set<'a>(parts: &'a Parts, key: &str) -> Option<&'a BTreeSet<String>> {
    parts.sets.iter().find(|(set, _)| set.key() == key).map(|(_, members)| members)
}

fn text<'a>(parts: &'a Parts, key: &str) -> Option<&'a str> {
    match parts.fields.iter().find(|(field, _)| field.key() == key)?.1 {
        Value::Text(text) => Some(text),
        Value::Null | Value::Bool(_) | Value::Int(_) | Value::Time(_) => None,
    }
}

/// An action's or escalation's day, a relation's renewal, the end of what may be kept, the end of
/// an agreement.
const DUE: [&str; 4] = ["due", "renew_by", "keep_until", "valid_until"];

/// Single-value fields that name a record.
const NAMED: [&str; 6] = ["visit", "subject", "covenant", "budget", "person", "guardian"];
