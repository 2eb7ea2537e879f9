//! Synchronising by itself.

use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use wijkboek_client::{Config, Event, Filter, Subscription, SyncPhase, Wijkboek};

use crate::office::{Fault, Office, PATIENCE};
use crate::people;

/// Events of a logbook as they come.
fn watch(book: &Wijkboek) -> (Subscription, Receiver<Event>) {
    let (tell, told) = channel();
    // The test may be over before the last event.
    let observer = Box::new(move |event| drop(tell.send(event)));
    (book.subscribe(observer).expect("a subscription"), told)
}

fn wait_for(told: &Receiver<Event>, what: &str, mut holds: impl FnMut(&Event) -> bool) {
    let end = Instant::now() + PATIENCE;
    loop {
        let left = end.saturating_duration_since(Instant::now());
        let event = told.recv_timeout(left).unwrap_or_else(|_| panic!("never: {what}"));
        if holds(&event) {
            return;
        }
    }
}

fn pair(folder: &std::path::Path, office: &Office, config: &Config) -> (Wijkboek, Wijkboek) {
    office.invite("HERS", people::fatima());
    office.invite("HIS", people::bram());
    let open = |file: &str, code: &str| {
        let path = folder.join(file);
        let book = Wijkboek::open_with(&path, config.clone()).expect("the logbook opens");
        book.enrol(&office.url(), code, file).expect("enrolled");
        book
    };
    (open("hers.db", "HERS"), open("his.db", "HIS"))
}

#[test]
fn a_write_goes_out_and_arrives_without_being_asked_for() {
    let folder = tempfile::tempdir().expect("a folder");
    let office = Office::open();
    let (hers, his) = pair(folder.path(), &office, &people::config());
    hers.start();
    his.start();
    office.wait_for_streams(2);
    let (_subscription, told) = watch(&his);
    hers.create(people::contact("x")).expect("logged");
    office.wait_for_log(1);
    wait_for(&told, "the record arrives, and it rests", |event| {
        let at_rest = event.status.live && event.status.phase == SyncPhase::Idle;
        at_rest && his.count(&Filter::default()).map(|c| c.n) == Ok(1)
    });
}

#[test]
fn a_broken_stream_is_opened_again() {
    let folder = tempfile::tempdir().expect("a folder");
    let office = Office::open();
    let (hers, his) = pair(folder.path(), &office, &people::config());
    his.start();
    office.wait_for_streams(1);
    let (_subscription, told) = watch(&his);
    office.fail("/v1/events", Fault::Answer(500, "text/html", Vec::new()));
    office.fail("/v1/events", Fault::HangUp);
    office.fail("/v1/events", Fault::Answer(200, "text/html", Vec::new()));
    office.break_streams();
    // Written while nobody listens: found as soon as the stream is open again.
    hers.create(people::contact("x")).expect("logged");
    hers.sync().expect("a round");
    wait_for(&told, "the record arrives", |_| his.count(&Filter::default()).map(|c| c.n) == Ok(1));
    office.wait_for_streams(1);
    assert!(office.calls("/v1/events") >= 5);
}

#[test]
fn a_silent_stream_is_taken_for_broken() {
    let folder = tempfile::tempdir().expect("a folder");
    let office = Office::open();
    let config = Config { live_silence: Duration::from_millis(100), ..people::config() };
    let (_hers, his) = pair(folder.path(), &office, &config);
    his.start();
    office.wait_for_streams(3);
}

#[test]
fn without_events_it_asks_now_and_then() {
    let folder = tempfile::tempdir().expect("a folder");
    let office = Office::open();
    for _ in 0..1_000 {
        office.fail("/v1/events", Fault::Answer(404, "text/html", Vec::new()));
    }
    let sync = wijkboek_sync::Config { poll_ms: 50, ..people::config().sync };
    let (hers, his) = pair(folder.path(), &office, &Config { sync, ..people::config() });
    his.start();
    let (_subscription, told) = watch(&his);
    hers.create(people::contact("x")).expect("logged");
    hers.sync().expect("a round");
    wait_for(&told, "the record arrives", |_| his.count(&Filter::default()).map(|c| c.n) == Ok(1));
}

#[test]
fn it_goes_on_by_itself_when_the_server_is_back() {
    let folder = tempfile::tempdir().expect("a folder");
    let office = Office::open();
    let (hers, _his) = pair(folder.path(), &office, &people::config());
    for _ in 0..5 {
        office.fail("/v1/push", Fault::HangUp);
    }
    hers.start();
    hers.create(people::contact("x")).expect("logged");
    office.wait_for_log(1);
}

#[test]
fn after_a_stop_nothing_goes_out() {
    let folder = tempfile::tempdir().expect("a folder");
    let office = Office::open();
    let (hers, _his) = pair(folder.path(), &office, &people::config());
    hers.start();
    office.wait_for_streams(1);
    hers.stop();
    // A round that is asked for comes after everything that was under way.
    hers.sync().expect("a round");
    let pushes = office.calls("/v1/push");
    hers.create(people::contact("x")).expect("logged");
    hers.wake();
    assert_eq!(hers.sync().expect("a round").pushed, 1, "nobody pushed it before");
    assert_eq!(office.calls("/v1/push"), pushes + 1);
    assert!(!hers.status().expect("a status").live);
}
