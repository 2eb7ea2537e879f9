//! Observers.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::channel;
use std::time::Instant;

use wijkboek_client::{ChangedRecords, Event, Wijkboek};

use crate::office::{Office, PATIENCE};
use crate::people;

fn book(folder: &std::path::Path) -> Wijkboek {
    let office = Office::open();
    office.invite("CODE", people::fatima());
    let book = people::open(&folder.join("book.db"));
    book.enrol(&office.url(), "CODE", "toestel 1").expect("enrolled");
    book
}

#[test]
fn the_current_state_comes_first_and_changes_after_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let book = book(folder.path());
    let (tell, told) = channel();
    let _subscription = book
        .subscribe(Box::new(move |event: Event| drop(tell.send(event))))
        .expect("a subscription");
    let first = told.recv_timeout(PATIENCE).expect("the current state");
    assert_eq!(first.records, ChangedRecords::These(Vec::new()));
    assert_eq!(first.status, book.status().expect("a status"));
    let id = book.create(people::contact("x")).expect("logged");
    let next = told.recv_timeout(PATIENCE).expect("the change");
    assert_eq!(next.records, ChangedRecords::These(vec![id]));
    assert_eq!(next.status.unsent, 1);
}

#[test]
fn many_changes_become_few_calls_that_miss_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let book = book(folder.path());
    let (tell, told) = channel();
    let began = Instant::now();
    let _subscription = book
        .subscribe(Box::new(move |event: Event| drop(tell.send(event))))
        .expect("a subscription");
    let made: BTreeSet<_> =
        (0..120).map(|n| book.create(people::contact(&n.to_string())).expect("logged")).collect();
    let (mut calls, mut named, mut many) = (0, BTreeSet::new(), false);
    let mut unsent = 0;
    while unsent < 120 || !(many || named == made) {
        let event = told.recv_timeout(PATIENCE).expect("another event");
        calls += 1;
        unsent = event.status.unsent;
        match event.records {
            ChangedRecords::These(ids) => named.extend(ids),
            ChangedRecords::Many => many = true,
        }
    }
    // n calls have n - 1 pauses between them.
    let pauses_max = began.elapsed().as_millis() / 100;
    assert!(calls <= pauses_max + 1, "{calls} calls in {pauses_max} tenths of a second");
}

#[test]
fn an_observer_may_use_the_logbook_and_may_panic() {
    let folder = tempfile::tempdir().expect("a folder");
    let book = book(folder.path());
    let (tell, told) = channel();
    let own = book.clone();
    let subscription = book
        .subscribe(Box::new(move |event: Event| {
            let unsent = own.status().expect("no lock is held").unsent;
            let _ = tell.send(unsent);
            assert!(event.status.unsent != 1, "the observer is broken");
        }))
        .expect("a subscription");
    assert_eq!(told.recv_timeout(PATIENCE), Ok(0));
    book.create(people::contact("x")).expect("logged");
    assert_eq!(told.recv_timeout(PATIENCE), Ok(1));
    book.create(people::contact("y")).expect("logged");
    assert_eq!(told.recv_timeout(PATIENCE), Ok(2), "the panic ended one call only");
    drop(subscription);
    // The observer goes, and with it its sender.
    while told.recv_timeout(PATIENCE).is_ok() {}
}

#[test]
fn dropping_the_subscription_ends_it_while_others_go_on() {
    let folder = tempfile::tempdir().expect("a folder");
    let book = book(folder.path());
    let calls = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&calls);
    let (told_end, end) = channel::<()>();
    let dropped = book
        .subscribe(Box::new(move |_| {
            let _keep = &told_end;
            counted.fetch_add(1, Ordering::Relaxed);
        }))
        .expect("a subscription");
    drop(dropped);
    assert!(end.recv_timeout(PATIENCE).is_err(), "its thread has ended");
    let before = calls.load(Ordering::Relaxed);
    assert!(before <= 1);
    let (tell, told) = channel();
    let _subscription = book
        .subscribe(Box::new(move |_| tell.send(()).unwrap_or_default()))
        .expect("a subscription");
    told.recv_timeout(PATIENCE).expect("the current state");
    book.create(people::contact("x")).expect("logged");
    told.recv_timeout(PATIENCE).expect("the change");
    assert_eq!(calls.load(Ordering::Relaxed), before);
}
