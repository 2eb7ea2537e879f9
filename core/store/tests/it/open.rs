//! Opening: what must not be touched is not touched.

use std::fs;

use rusqlite::Connection;
use wijkboek_store::{Filter, OpenError, Scope, Store};

use crate::support::log;

#[test]
fn what_was_written_is_there_after_reopening() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("boek.db");
    let mut store = Store::open(&path).expect("opened");
    let (id, change) = log(&mut store, 1, "blijft");
    drop(store);
    let store = Store::open(&path).expect("opened");
    assert_eq!(store.row(id).expect("read").expect("a row").text, "blijft");
    assert_eq!(store.outbox(9, 9_999).expect("outbox")[0].change, change);
}

#[test]
fn a_second_connection_sees_whole_writes() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("boek.db");
    let mut writer = Store::open(&path).expect("opened");
    let reader = Store::open(&path).expect("opened");
    log(&mut writer, 1, "een");
    assert_eq!(reader.count(&Scope::All, &Filter::default()).expect("a count").n, 1);
}

#[test]
fn a_newer_database_is_refused_and_untouched() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("boek.db");
    let mut store = Store::open(&path).expect("opened");
    log(&mut store, 1, "van een nieuwere app");
    drop(store);
    let newer = Connection::open(&path).expect("opened");
    newer.pragma_update(None, "user_version", 99).expect("set");
    newer.pragma_update(None, "wal_autocheckpoint", 0).expect("set");
    newer.execute("CREATE TABLE of_tomorrow (x)", []).expect("made");
    // The write-ahead log stays behind, as after a crash of the newer app.
    let copy = folder.path().join("kopie.db");
    for suffix in ["", "-wal"] {
        let part = |p: &std::path::Path| format!("{}{suffix}", p.display());
        fs::copy(part(&path), part(&copy)).expect("copied");
    }
    let bytes = |suffix: &str| fs::read(format!("{}{suffix}", copy.display())).expect("read");
    let before = (bytes(""), bytes("-wal"));
    assert!(!before.1.is_empty());
    let refused = Store::open(&copy).expect_err("newer");
    assert!(matches!(refused, OpenError::NewerDatabase { found: 99, known } if known < 99));
    assert_eq!((bytes(""), bytes("-wal")), before);
}

#[test]
fn a_damaged_file_is_refused_and_untouched() {
    let folder = tempfile::tempdir().expect("a folder");
    let garbage = folder.path().join("rommel.db");
    fs::write(&garbage, vec![0x5a; 20_000]).expect("written");
    assert!(matches!(Store::open(&garbage), Err(OpenError::Damaged)));
    assert_eq!(fs::read(&garbage).expect("read"), vec![0x5a; 20_000]);

    let torn = folder.path().join("gescheurd.db");
    drop(Store::open(&torn).expect("made"));
    let mut bytes = fs::read(&torn).expect("read");
    bytes[100..4_000].fill(0xff);
    fs::write(&torn, &bytes).expect("written");
    assert!(matches!(Store::open(&torn), Err(OpenError::Damaged)));
    assert_eq!(fs::read(&torn).expect("read"), bytes);
}

#[test]
fn another_programs_database_is_refused_and_untouched() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("anders.db");
    let theirs = Connection::open(&path).expect("opened");
    theirs.execute("CREATE TABLE theirs (x)", []).expect("made");
    drop(theirs);
    let before = fs::read(&path).expect("read");
    assert!(matches!(Store::open(&path), Err(OpenError::Foreign)));
    assert_eq!(fs::read(&path).expect("read"), before);
}

#[test]
fn a_folder_that_is_not_there_is_an_io_error() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("weg").join("boek.db");
    assert!(matches!(Store::open(&path), Err(OpenError::Io(_))));
}
