//! Databases as older versions left them open, are brought up to date and equal a fresh one.
//!
//! `WIJKBOEK_NEW_FIXTURE=FILE cargo test -p wijkboek-store fixture` writes the database that a
//! release adds to `tests/fixtures`, named after its schema's number.

use std::fs;
use std::path::{Path, PathBuf};

use rusqlite::Connection;
use wijkboek_model::{AgeGroup, Edit, Record, TallyKey};
use wijkboek_store::{Filter, Outcome, Scope, Settled, Store};

use crate::support::{contact, edit, log, person, record_id, stamp, visit};

fn fixtures() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    let mut files: Vec<PathBuf> = fs::read_dir(folder)
        .expect("the folder")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "db"))
        .collect();
    files.sort();
    files
}

/// Every table, index and trigger with its SQL, the settings of the search index, and the numbers
/// in the header.
#[derive(Debug, PartialEq)]
struct Schema {
    objects: Vec<(String, String, Option<String>)>,
    search: Vec<(String, i64)>,
    user_version: u32,
    application_id: u32,
}

fn schema(path: &Path) -> Schema {
    let db = Connection::open(path).expect("opened");
    let number = |pragma: &str| {
        db.query_row(&format!("PRAGMA {pragma}"), [], |row| row.get(0)).expect("a number")
    };
    let mut statement =
        db.prepare("SELECT type, name, sql FROM sqlite_schema ORDER BY type, name").expect("sql");
    let objects = statement
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .expect("queried")
        .collect::<Result<_, _>>()
        .expect("read");
    // FTS5 raises its own version when the first row is deleted, not before.
    let mut statement =
        db.prepare("SELECT k, v FROM search_config WHERE k <> 'version' ORDER BY k").expect("sql");
    let search = statement
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
        .expect("queried")
        .collect::<Result<_, _>>()
        .expect("read");
    Schema {
        objects,
        search,
        user_version: number("user_version"),
        application_id: number("application_id"),
    }
}

/// What each fixture holds: three records in different states.
fn fill(store: &mut Store) {
    let mut record = contact("café De Dijk, één klacht");
    record.themes = ["overlast"].iter().map(|t| t.parse().expect("a theme")).collect();
    let id = record_id(1);
    let change =
        store.create(id, person(1), &Record::Contact(record), &stamp(1, 0)).expect("created");
    let outcome = Outcome::Accepted { number: 1, mac: Some([1; 32]) };
    store.settle(&[Settled { id, hash: change.hash, outcome }]).expect("settled");
    let tent = record_id(2);
    store
        .create(tent, person(1), &Record::Visit(visit("Ridderhof")), &stamp(1, 0))
        .expect("created");
    edit(store, tent, Edit::Tally(TallyKey::Age(AgeGroup::Age65Plus), 3).into_write(), 1);
    let (refused, change) = log(store, 3, "mocht niet");
    let outcome = Outcome::Refused { code: "not-visible".to_owned() };
    store.settle(&[Settled { id: refused, hash: change.hash, outcome }]).expect("settled");
    store.save_draft("nieuw", "{}").expect("saved");
}

#[test]
fn every_older_database_becomes_what_a_fresh_one_is() {
    if let Some(path) = std::env::var_os("WIJKBOEK_NEW_FIXTURE") {
        let mut store = Store::open(Path::new(&path)).expect("made");
        fill(&mut store);
        store.checkpoint().expect("checkpointed");
    }
    let folder = tempfile::tempdir().expect("a folder");
    let fresh = folder.path().join("vers.db");
    let mut store = Store::open(&fresh).expect("made");
    fill(&mut store);
    let expected = store.list(&Scope::All, &Filter::default(), None, 50).expect("a list");
    drop(store);
    let files = fixtures();
    assert!(!files.is_empty());
    for file in files {
        let copy = folder.path().join("oud.db");
        fs::copy(&file, &copy).expect("copied");
        let mut store = Store::open(&copy).expect("upgraded");
        assert_eq!(
            store.list(&Scope::All, &Filter::default(), None, 50).expect("a list"),
            expected,
            "{}",
            file.display()
        );
        assert!(store.rebuild().expect("rebuilt").is_clean());
        assert_eq!(store.unsent().expect("unsent"), 2);
        assert_eq!(store.refused().expect("refused")[0].text, "mocht niet");
        assert_eq!(store.drafts().expect("drafts").len(), 1);
        drop(store);
        assert_eq!(schema(&copy), schema(&fresh), "{}", file.display());
        fs::remove_file(&copy).expect("removed");
    }
}
