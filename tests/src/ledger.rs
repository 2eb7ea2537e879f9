//! The independent ledger: what each phone said was written, kept outside every store.
//!
//! It believes only acknowledgements, knows nothing of documents or databases, and is compared
//! with every replica afterwards. One JSON line a write, appended before anything else happens.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, Write};
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::phone::Held;

/// One acknowledged write.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Acknowledged {
    /// Which phone.
    pub phone: String,
    /// The record.
    pub id: String,
    /// What was written.
    pub write: Written,
    /// The record's heads on that phone after the write.
    pub heads: Vec<String>,
}

/// What a write was about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "write", rename_all = "kebab-case")]
pub enum Written {
    /// A record was made.
    Create {
        /// Its type's word.
        record_type: String,
        /// Its wijk.
        wijk: String,
        /// Its note, or the name of a visit's place.
        text: String,
        /// For a visit: the principals of its team.
        team: Vec<String>,
    },
    /// A field was changed.
    Edit {
        /// The field's key.
        field: String,
        /// Its new value.
        value: String,
    },
    /// A button was tapped.
    Tally {
        /// The counter's key.
        key: String,
        /// How many times.
        by: i64,
    },
}

/// What the ledger believes about one record.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Believed {
    /// Its type's word.
    pub record_type: String,
    /// Its wijk.
    pub wijk: String,
    /// The phone that made it.
    pub author: String,
    /// For a visit: the principals of its team.
    pub team: BTreeSet<String>,
    /// The note at creation and every value that was written to it later.
    pub notes: Vec<String>,
    /// Taps per counter.
    pub taps: BTreeMap<String, i64>,
    /// Every head that a phone ever reported for it.
    pub hashes: BTreeSet<String>,
}

/// The ledger, in memory and in its file.
#[derive(Debug)]
pub struct Ledger {
    file: File,
    /// By record id.
    pub records: BTreeMap<String, Believed>,
}

impl Ledger {
    /// Opens the file and reads what earlier runs wrote.
    ///
    /// # Errors
    /// What the system says; a line that is no entry is `InvalidData`.
    pub fn open(path: &Path) -> std::io::Result<Self> {
        let file = OpenOptions::new().create(true).read(true).append(true).open(path)?;
        let mut ledger = Self { file: file.try_clone()?, records: BTreeMap::new() };
        for line in BufReader::new(file).lines() {
            ledger.believe(serde_json::from_str(&line?)?);
        }
        Ok(ledger)
    }

    /// Notes an acknowledged write down.
    ///
    /// # Errors
    /// What the system says.
    pub fn note(&mut self, entry: Acknowledged) -> std::io::Result<()> {
        writeln!(self.file, "{}", serde_json::to_string(&entry)?)?;
        self.believe(entry);
        Ok(())
    }

    /// Whether a record was made already, in this run or an earlier one.
    pub fn knows(&self, id: &str) -> bool {
        self.records.contains_key(id)
    }

    fn believe(&mut self, entry: Acknowledged) {
        let record = self.records.entry(entry.id).or_default();
        record.hashes.extend(entry.heads);
        match entry.write {
            Written::Create { record_type, wijk, text, team } => {
                record.record_type = record_type;
                record.wijk = wijk;
                record.author = entry.phone;
                record.team = team.into_iter().collect();
                record.notes.push(text);
            }
            Written::Edit { field, value } => {
                if field == "note" {
                    record.notes.push(value);
                }
            }
            Written::Tally { key, by } => *record.taps.entry(key).or_default() += by,
        }
    }
}

/// Somebody's replica, to be compared.
#[derive(Debug, Clone)]
pub struct Replica {
    /// Whose.
    pub name: String,
    /// What it holds, by record id.
    pub records: BTreeMap<String, Held>,
    /// What it should hold, by the demo's own reading of who sees what.
    pub should_hold: BTreeSet<String>,
}

/// Compares the ledger with the log and with every replica.
///
/// `log` holds `(record id, change hash)` of every change in the server's log. Returns one line
/// for each difference; none means that nothing was lost and that all agree.
pub fn differences(
    ledger: &Ledger,
    log: &BTreeSet<(String, String)>,
    replicas: &[Replica],
) -> Vec<String> {
    let mut found = Vec::new();
    for (id, believed) in &ledger.records {
        for hash in &believed.hashes {
            if !log.contains(&(id.clone(), hash.clone())) {
                found.push(format!("record {id}: acknowledged change {hash} is not in the log"));
            }
        }
    }
    let mut agreed: BTreeMap<&str, (&str, &Held)> = BTreeMap::new();
    for replica in replicas {
        let holds: BTreeSet<String> = replica.records.keys().cloned().collect();
        for id in replica.should_hold.difference(&holds) {
            found.push(format!("{}: record {id} is missing", replica.name));
        }
        for id in holds.difference(&replica.should_hold) {
            found.push(format!("{}: record {id} should not be there", replica.name));
        }
        for (id, held) in &replica.records {
            if let Some(believed) = ledger.records.get(id) {
                found.extend(record_differences(&replica.name, believed, held));
            }
            match agreed.get(id.as_str()) {
                None => {
                    agreed.insert(id, (&replica.name, held));
                }
                Some((other, theirs)) if !same(theirs, held) => {
                    found.push(format!("record {id}: {} and {other} differ", replica.name));
                }
                Some(_) => {}
            }
        }
    }
    found
}

fn record_differences(replica: &str, believed: &Believed, held: &Held) -> Vec<String> {
    let mut found = Vec::new();
    let taps: Vec<String> = believed
        .taps
        .iter()
        .filter(|(_, n)| **n != 0)
        .map(|(key, n)| format!("{key}={n}"))
        .collect();
    if held.tallies != taps {
        found.push(format!(
            "{replica}: record {} counts {:?}, tapped were {taps:?}",
            held.id, held.tallies
        ));
    }
    if !believed.notes.iter().any(|note| held.row.contains(note.as_str())) {
        found.push(format!("{replica}: record {} shows a text nobody wrote", held.id));
    }
    found
}

/// Whether two replicas hold a record alike; being acknowledged is each phone's own.
fn same(a: &Held, b: &Held) -> bool {
    a.heads == b.heads && a.row == b.row && a.tallies == b.tallies && a.conflicts == b.conflicts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn held(heads: &[&str]) -> Held {
        Held {
            id: "r1".into(),
            record_type: "visit".into(),
            heads: heads.iter().map(ToString::to_string).collect(),
            row: "Dillenburgplein".into(),
            tallies: vec!["soort:praatje=2".into()],
            conflicts: Vec::new(),
            at_office: true,
        }
    }

    fn replica(name: &str, heads: &[&str]) -> Replica {
        Replica {
            name: name.into(),
            records: [("r1".into(), held(heads))].into(),
            should_hold: ["r1".into()].into(),
        }
    }

    fn ledger(dir: &Path) -> Ledger {
        let mut ledger = Ledger::open(&dir.join("ledger.jsonl")).expect("opens");
        let mut note = |write, heads: &[&str]| {
            let heads = heads.iter().map(ToString::to_string).collect();
            ledger
                .note(Acknowledged { phone: "a".into(), id: "r1".into(), write, heads })
                .expect("writes");
        };
        note(
            Written::Create {
                record_type: "visit".into(),
                wijk: "WK059706".into(),
                text: "Dillenburgplein".into(),
                team: Vec::new(),
            },
            &["h1"],
        );
        note(Written::Tally { key: "soort:praatje".into(), by: 2 }, &["h2"]);
        ledger
    }

    #[test]
    fn a_missing_log_row_a_lost_tap_and_a_different_head_are_found() {
        let dir = tempfile::tempdir().expect("a directory");
        let ledger = ledger(dir.path());
        let log: BTreeSet<_> = [("r1".into(), "h1".into()), ("r1".into(), "h2".into())].into();
        let office = replica("kantoor", &["h2"]);
        assert_eq!(differences(&ledger, &log, std::slice::from_ref(&office)), [""; 0]);

        let short: BTreeSet<_> = [("r1".into(), "h1".into())].into();
        assert_eq!(differences(&ledger, &short, std::slice::from_ref(&office)).len(), 1);

        let behind = replica("toestel 1", &["h1"]);
        assert_eq!(differences(&ledger, &log, &[office.clone(), behind]).len(), 1);

        let mut lost = office;
        lost.records.get_mut("r1").expect("held").tallies = vec!["soort:praatje=1".into()];
        assert_eq!(differences(&ledger, &log, &[lost]).len(), 1);
    }

    #[test]
    fn it_remembers_earlier_runs() {
        let dir = tempfile::tempdir().expect("a directory");
        let before = ledger(dir.path()).records;
        let again = Ledger::open(&dir.path().join("ledger.jsonl")).expect("opens");
        assert_eq!(again.records, before);
    }
}
