//! One replica's view of a record, in the form in which replicas are compared.

use wijkboek_model::{ChangeHash, Field, ThemeId, Value};
use wijkboek_store::{Delivery, Row};

use crate::phone::Held;

/// Puts together what is compared of one record: rows, heads, counters and conflicts.
pub fn held(row: &Row, heads: &[ChangeHash], conflicts: Vec<(Field, Vec<Value>)>) -> Held {
    let mut heads: Vec<String> = heads.iter().map(ToString::to_string).collect();
    heads.sort();
    let mut conflicts: Vec<String> = conflicts
        .into_iter()
        .map(|(field, mut values)| {
            values.sort();
            format!("{}: {values:?}", field.key())
        })
        .collect();
    conflicts.sort();
    let kind = row.kind.map_or("", |kind| kind.as_str());
    let status = row.status.map_or("", |status| status.as_str());
    let themes: Vec<&str> = row.themes.iter().map(ThemeId::as_str).collect();
    Held {
        id: row.id.to_string(),
        record_type: row.record_type.map_or("", |kind| kind.as_str()).to_owned(),
        heads,
        row: format!(
            "{kind}|{status}|{}|{}|{}|{}|{}",
            row.buurt.as_ref().map_or("", |code| code.as_str()),
            themes.join(","),
            row.occurred_at,
            row.sensitivity,
            row.text
        ),
        tallies: row
            .tallies
            .iter()
            .filter(|(_, n)| **n != 0)
            .map(|(key, n)| format!("{key}={n}"))
            .collect::<std::collections::BTreeSet<_>>()
            .into_iter()
            .collect(),
        conflicts,
        at_office: row.delivery == Delivery::AtOffice,
    }
}
