//! The comparison at the end: ledger, the server's log, its replica and each phone.
//!
//! Who should see what is worked out here anew, from the demo's own list of people, and not by
//! the rules under test.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use wijkboek_store::{Filter, Scope, Store};

use crate::demo::DemoError;
use crate::demo::town::{Person, Town};
use crate::ledger::{Believed, Ledger, Replica, differences};
use crate::phone::Held;

/// How much one person sees.
#[derive(Debug)]
pub(super) struct Seen {
    pub(super) name: String,
    pub(super) role: String,
    pub(super) sees: usize,
    pub(super) of: usize,
}

/// What a comparison found to agree.
#[derive(Debug)]
pub(super) struct Agreement {
    /// Changes in the server's log.
    pub(super) changes: usize,
}

/// Compares everything with everything.
pub(super) fn compare(
    town: &Town,
    ledger: &Ledger,
    phones: Vec<(Person, Vec<Held>)>,
    side_by_side: &[(String, String)],
    take_away_log_row: bool,
) -> Result<Agreement, DemoError> {
    let server = town.server_dir();
    let log = log_rows(&server.join("log.db"), take_away_log_row)?;
    let office = office_records(&server.join("replica.db"))?;
    let sensitive = gevoelig(&office);
    let mut replicas = vec![Replica {
        name: "office".into(),
        should_hold: ledger.records.keys().cloned().collect(),
        records: office,
    }];
    let mut found = Vec::new();
    for (person, records) in phones {
        found.extend(
            records
                .iter()
                .filter(|held| !held.at_office)
                .map(|held| format!("{}: record {} is not acknowledged", person.name, held.id)),
        );
        replicas.push(Replica {
            should_hold: should_see(&person, ledger, &sensitive),
            name: person.name,
            records: by_id(records),
        });
    }
    found.extend(differences(ledger, &log, &replicas));
    found.extend(replicas.iter().flat_map(|replica| hidden(replica, side_by_side)));
    if found.is_empty() {
        Ok(Agreement { changes: log.len() })
    } else {
        Err(DemoError::Different(found))
    }
}

/// Texts that were written at the same time and that a replica does not show beside each other.
fn hidden(replica: &Replica, side_by_side: &[(String, String)]) -> Vec<String> {
    let shown = |id: &String, text: &String| {
        let held = replica.records.get(id);
        held.is_none_or(|held| held.conflicts.iter().any(|values| values.contains(text)))
    };
    let missing = side_by_side.iter().filter(|(id, text)| !shown(id, text));
    missing.map(|(id, text)| format!("{}: record {id} hides {text:?}", replica.name)).collect()
}

/// How many records each person sees of how many.
pub(super) fn visible(town: &Town, ledger: &Ledger) -> Vec<Seen> {
    let office = office_records(&town.server_dir().join("replica.db")).unwrap_or_default();
    let sensitive = gevoelig(&office);
    town.people()
        .iter()
        .map(|person| Seen {
            name: person.name.clone(),
            role: person.role.clone(),
            sees: should_see(person, ledger, &sensitive).len(),
            of: ledger.records.len(),
        })
        .collect()
}

fn should_see(person: &Person, ledger: &Ledger, sensitive: &BTreeSet<String>) -> BTreeSet<String> {
    let sees = |id: &String, record: &Believed| {
        let own = record.author == person.name || record.team.contains(&person.id);
        match person.role.as_str() {
            "wijkregisseur" => own || person.wijken.contains(&record.wijk),
            "medewerker" => own || !sensitive.contains(id),
            _ => own,
        }
    };
    ledger.records.iter().filter(|(id, r)| sees(id, r)).map(|(id, _)| id.clone()).collect()
}

fn gevoelig(office: &BTreeMap<String, Held>) -> BTreeSet<String> {
    let ordinary = |held: &&Held| !held.row.contains("|gewoon|");
    office.values().filter(ordinary).map(|held| held.id.clone()).collect()
}

fn by_id(records: Vec<Held>) -> BTreeMap<String, Held> {
    records.into_iter().map(|held| (held.id.clone(), held)).collect()
}

fn office_records(file: &Path) -> Result<BTreeMap<String, Held>, DemoError> {
    let office = |error: &dyn std::fmt::Display| DemoError::Office(error.to_string());
    let store = Store::open(file).map_err(|e| office(&e))?;
    let mut records = Vec::new();
    let mut after = None;
    loop {
        let page =
            store.list(&Scope::All, &Filter::default(), after, 50).map_err(|e| office(&e))?;
        for row in page.rows {
            let document = store.document(row.id).map_err(|e| office(&e))?;
            let conflicts = document.map(|d| d.conflicts()).unwrap_or_default();
            let values = conflicts
                .into_iter()
                .map(|c| (c.field, c.values.into_iter().map(|v| v.value).collect()))
                .collect();
            let heads = store.heads(row.id).map_err(|e| office(&e))?;
            records.push(crate::replica::held(&row, &heads, values));
        }
        after = page.next;
        if after.is_none() {
            return Ok(by_id(records));
        }
    }
}

/// Every change in the server's log; the planted loss takes one row out first.
fn log_rows(file: &Path, take_away: bool) -> Result<BTreeSet<(String, String)>, DemoError> {
    let office = |error: rusqlite::Error| DemoError::Office(error.to_string());
    let log = rusqlite::Connection::open(file).map_err(office)?;
    log.busy_timeout(std::time::Duration::from_secs(5)).map_err(office)?;
    if take_away {
        log.execute(
            "DELETE FROM log WHERE number = (SELECT max(number) FROM log WHERE kind = 'change')",
            [],
        )
        .map_err(office)?;
    }
    let mut rows =
        log.prepare("SELECT document, hash FROM log WHERE kind = 'change'").map_err(office)?;
    let pairs = rows
        .query_map([], |row| Ok((row.get::<_, Vec<u8>>(0)?, row.get::<_, Vec<u8>>(1)?)))
        .map_err(office)?
        .collect::<Result<Vec<_>, _>>()
        .map_err(office)?;
    let text = |(document, hash): (Vec<u8>, Vec<u8>)| {
        let id = wijkboek_model::RecordId::from_bytes(&document).ok()?;
        let hash = wijkboek_model::ChangeHash::from_slice(&hash).ok()?;
        Some((id.to_string(), hash.to_string()))
    };
    Ok(pairs.into_iter().filter_map(text).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_that_lost_silently_is_found() {
        let held = |conflicts: &[&str]| Held {
            id: "r1".into(),
            record_type: "contact".into(),
            heads: Vec::new(),
            row: "een".into(),
            tallies: Vec::new(),
            conflicts: conflicts.iter().map(ToString::to_string).collect(),
            at_office: true,
        };
        let replica = |held| Replica {
            name: "kantoor".into(),
            records: [("r1".into(), held)].into(),
            should_hold: BTreeSet::new(),
        };
        let both = [("r1".into(), "een".into()), ("r1".into(), "twee".into())];
        assert_eq!(hidden(&replica(held(&["note: een, twee"])), &both), [""; 0]);
        assert_eq!(hidden(&replica(held(&[])), &both).len(), 2);
    }
}
