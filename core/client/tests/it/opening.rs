//! Opening and closing.

use std::thread;

use wijkboek_client::{Filter, SyncPhase, Wijkboek, WijkboekError};
use wijkboek_model::RecordId;

use crate::people;

#[test]
fn it_works_before_anybody_is_enrolled() {
    let folder = tempfile::tempdir().expect("a folder");
    let book = people::open(&folder.path().join("book.db"));
    assert_eq!(book.identity(), None);
    let status = book.status().expect("a status");
    assert_eq!(
        (status.phase, status.unsent, status.last_success),
        (SyncPhase::NotEnrolled, 0, None)
    );
    assert_eq!(book.create(people::contact("x")), Err(WijkboekError::NotEnrolled));
    assert_eq!(book.sync(), Err(WijkboekError::NotEnrolled));
    assert!(book.list(&Filter::default(), None, 50).expect("a list").rows.is_empty());
    book.save_draft("contact", r#"{"note":"half a w"}"#).expect("a draft is kept");
    drop(book);
    let book = people::open(&folder.path().join("book.db"));
    assert_eq!(book.draft("contact"), Ok(Some(r#"{"note":"half a w"}"#.to_owned())));
}

#[test]
fn it_can_be_opened_again_as_soon_as_it_was_dropped() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("book.db");
    for _ in 0..5 {
        let book = people::open(&path);
        book.start();
        let _subscription = book.subscribe(Box::new(|_| {})).expect("a subscription");
        let clone = book.clone();
        drop(book);
        drop(clone);
    }
}

#[test]
fn a_newer_database_is_left_as_it_is() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("book.db");
    drop(people::open(&path));
    let raw = rusqlite::Connection::open(&path).expect("a database");
    raw.pragma_update(None, "user_version", 9_999).expect("another version");
    drop(raw);
    assert_eq!(Wijkboek::open(&path).expect_err("too new"), WijkboekError::NewerDatabase);
}

#[test]
fn rubbish_is_not_a_database() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("book.db");
    std::fs::write(&path, vec![0x42; 10_000]).expect("a file");
    assert_eq!(Wijkboek::open(&path).expect_err("rubbish"), WijkboekError::Damaged);
    assert_eq!(std::fs::read(&path).expect("still there"), vec![0x42; 10_000]);
}

#[test]
fn a_panic_in_a_call_is_an_error_with_a_number() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("book.db");
    let config = wijkboek_client::Config { clock: std::sync::Arc::new(Broken), ..people::config() };
    let book = Wijkboek::open_with(&path, config).expect("the logbook opens");
    let report = |error| {
        let WijkboekError::Internal { report_id } = error else { panic!("another error: {error}") };
        report_id
    };
    let first = report(book.new_contact_defaults(None).expect_err("the clock is broken"));
    let second = report(book.new_contact_defaults(None).expect_err("the clock is broken"));
    assert_ne!(first, second);
    assert!(book.list(&Filter::default(), None, 50).is_ok(), "everything else goes on");
    let nobody = RecordId::from_parts(people::AT, [0; 10]);
    assert!(thread::spawn(move || book.record(nobody)).join().expect("no panic").is_ok());
}

/// A clock that panics when it is read.
#[derive(Debug)]
struct Broken;

impl wijkboek_client::Clock for Broken {
    fn now(&self) -> wijkboek_model::Now {
        panic!("the clock is broken");
    }
}
