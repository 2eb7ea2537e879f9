//! Rounds of synchronising, with a network and a server that fail in every way.

use std::path::Path;
use std::time::Duration;

use wijkboek_client::{Config, Delivery, Filter, LockReason, SyncPhase, Wijkboek, WijkboekError};
use wijkboek_model::{Edit, RecordId, Status};

use crate::office::{Fault, Office, refusal};
use crate::people;

fn enrolled(path: &Path, office: &Office) -> Wijkboek {
    enrolled_with(path, office, people::config())
}

fn enrolled_with(path: &Path, office: &Office, config: Config) -> Wijkboek {
    office.invite("CODE", people::fatima());
    let book = Wijkboek::open_with(path, config).expect("the logbook opens");
    book.enrol(&office.url(), "CODE", "toestel 1").expect("enrolled");
    book
}

fn delivery(book: &Wijkboek, id: RecordId) -> Delivery {
    book.record(id).expect("a record").expect("it is here").delivery
}

#[test]
fn what_was_logged_offline_reaches_another_phone() {
    let folder = tempfile::tempdir().expect("a folder");
    let office = Office::open();
    let path = folder.path().join("hers.db");
    let hers = enrolled(&path, &office);
    let id = hers.create(people::contact("Te hard rijden bij de school")).expect("logged");
    hers.append(id, "Gebeld met de school".to_owned()).expect("added");
    assert_eq!(delivery(&hers, id), Delivery::OnDevice);
    assert_eq!(hers.status().expect("a status").unsent, 2);
    drop(hers);

    let hers = people::open(&path);
    let report = hers.sync().expect("a round");
    assert_eq!((report.pushed, report.refused, report.unsent), (2, 0, 0));
    assert_eq!(delivery(&hers, id), Delivery::AtOffice);
    assert!(hers.status().expect("a status").last_success.is_some());
    assert!(hers.reference().is_some(), "areas and colleagues came along");

    office.invite("HIS", people::bram());
    let his = people::open(&folder.path().join("his.db"));
    his.enrol(&office.url(), "HIS", "toestel 2").expect("enrolled");
    assert_eq!(his.sync().expect("a round").pulled, 2);
    his.edit(id, vec![Edit::Status(Status::InBehandeling)]).expect("changed");
    his.sync().expect("a round");
    hers.sync().expect("a round");
    for book in [&hers, &his] {
        let detail = book.record(id).expect("a record").expect("it is here");
        let who = |item: &wijkboek_client::HistoryItem| item.by.name.clone().unwrap_or_default();
        let names: Vec<String> = detail.history.iter().map(who).collect();
        assert_eq!(names, ["Fatima", "Fatima", "Bram"]);
        assert!(detail.history[0].created);
        assert_eq!(detail.entries[0].author.name.as_deref(), Some("Fatima"));
        assert!(detail.conflicts.is_empty());
    }
    let heads = (hers.heads(id).expect("heads"), his.heads(id).expect("heads"));
    assert_eq!(heads.0, heads.1);
    let nothing = hers.sync().expect("a round");
    assert_eq!((nothing.pushed, nothing.pulled), (0, 0));
}

#[test]
fn two_who_change_one_field_see_both_values_until_one_chooses() {
    let folder = tempfile::tempdir().expect("a folder");
    let office = Office::open();
    let hers = enrolled(&folder.path().join("hers.db"), &office);
    let id = hers.create(people::contact("eerst")).expect("logged");
    hers.sync().expect("a round");
    office.invite("HIS", people::bram());
    let his = people::open(&folder.path().join("his.db"));
    his.enrol(&office.url(), "HIS", "toestel 2").expect("enrolled");
    his.sync().expect("a round");
    hers.edit(id, vec![Edit::Note("van haar".to_owned())]).expect("changed");
    his.edit(id, vec![Edit::Note("van hem".to_owned())]).expect("changed");
    for book in [&hers, &his, &hers] {
        book.sync().expect("a round");
    }
    let conflicts = hers.record(id).expect("a record").expect("it is here").conflicts;
    assert_eq!(conflicts.len(), 1);
    let mut names: Vec<_> =
        conflicts[0].values.iter().filter_map(|value| value.by.name.as_deref()).collect();
    names.sort_unstable();
    assert_eq!(names, ["Bram", "Fatima"]);
    let chosen = conflicts[0].values[1].value.clone();
    hers.edit(id, vec![Edit::Choose(conflicts[0].field, chosen)]).expect("chosen");
    hers.sync().expect("a round");
    his.sync().expect("a round");
    let only_conflicts = Filter { conflicts_only: true, ..Filter::default() };
    assert_eq!(his.count(&only_conflicts).map(|c| c.n), Ok(0));
}

#[test]
fn a_lost_answer_is_made_good() {
    let folder = tempfile::tempdir().expect("a folder");
    let office = Office::open();
    let book = enrolled(&folder.path().join("book.db"), &office);
    let id = book.create(people::contact("x")).expect("logged");
    office.fail("/v1/push", Fault::LoseAnswer);
    assert_eq!(book.sync(), Err(WijkboekError::Offline));
    assert_eq!(delivery(&book, id), Delivery::Sent);
    assert_eq!(office.log_length(), 1);
    assert_eq!(book.sync().expect("a round").pushed, 1);
    assert_eq!((office.log_length(), delivery(&book, id)), (1, Delivery::AtOffice));
}

#[test]
fn failures_keep_the_outbox_and_are_told_apart() {
    let folder = tempfile::tempdir().expect("a folder");
    let office = Office::open();
    let book = enrolled(&folder.path().join("book.db"), &office);
    book.create(people::contact("x")).expect("logged");
    let problem = |code: &str| WijkboekError::ServerProblem { code: code.to_owned() };
    let html = || Fault::Answer(200, "text/html", b"<html>".to_vec());
    let cbor = |body: Vec<u8>| Fault::Answer(200, wijkboek_sync::CONTENT_TYPE, body);
    for (fault, expected) in [
        (Fault::HangUp, WijkboekError::Offline),
        (refusal(503, "overloaded"), problem("overloaded")),
        (html(), problem("not-a-wijkboek-server")),
        (Fault::Answer(302, "text/html", Vec::new()), problem("unknown")),
        (cbor(b"rubbish".to_vec()), problem("malformed")),
        (cbor(vec![0; 20 << 20]), problem("not-a-wijkboek-server")),
        (refusal(408, "slow"), WijkboekError::Offline),
        (refusal(400, "protocol"), problem("protocol")),
        (refusal(400, "Drop Table"), problem("unknown")),
    ] {
        office.fail("/v1/push", fault);
        assert_eq!(book.sync(), Err(expected));
        assert_eq!(book.status().expect("a status").unsent, 1);
    }
    // Found at once and left alone, so that the rest of the round goes on.
    office.fail("/v1/push", refusal(500, "internal"));
    assert_eq!(book.sync(), Err(problem("internal")));
    assert_eq!(office.calls("/v1/pull"), 1);
    assert_eq!(book.sync().expect("a round").pushed, 1);
}

#[test]
fn a_server_that_never_answers_is_given_up() {
    let folder = tempfile::tempdir().expect("a folder");
    let office = Office::open();
    let config = Config { call_timeout: Duration::from_millis(300), ..people::config() };
    let book = enrolled_with(&folder.path().join("book.db"), &office, config);
    office.fail("/v1/pull", Fault::Stall);
    assert_eq!(book.sync(), Err(WijkboekError::Offline));
    assert!(book.sync().is_ok());
}

#[test]
fn a_server_that_is_gone_is_no_disaster() {
    let folder = tempfile::tempdir().expect("a folder");
    let office = Office::open();
    let book = enrolled(&folder.path().join("book.db"), &office);
    drop(office);
    let id = book.create(people::contact("x")).expect("logged all the same");
    assert_eq!(book.sync(), Err(WijkboekError::Offline));
    assert_eq!(delivery(&book, id), Delivery::OnDevice);
    assert!(matches!(book.status().expect("a status").phase, SyncPhase::Offline { .. }));
}

#[test]
fn a_revoked_token_locks_until_it_is_enrolled_again() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("book.db");
    let office = Office::open();
    let book = enrolled(&path, &office);
    let id = book.create(people::contact("x")).expect("logged");
    office.revoke_all();
    assert_eq!(book.sync(), Err(WijkboekError::Unauthorized));
    let status = book.status().expect("a status");
    assert_eq!(status.phase, SyncPhase::Locked(LockReason::Unauthorized));
    assert_eq!(status.unsent, 1, "what was written stays");
    book.create(people::contact("y")).expect("and writing goes on");
    office.invite("NEW", people::fatima());
    book.enrol(&office.url(), "NEW", "toestel 1").expect("enrolled again");
    assert_eq!(book.sync().expect("a round").pushed, 2);
    assert_eq!(delivery(&book, id), Delivery::AtOffice);
}

#[test]
fn a_large_outbox_goes_in_portions_that_the_server_takes() {
    let folder = tempfile::tempdir().expect("a folder");
    let office = Office::open();
    let book = enrolled(&folder.path().join("book.db"), &office);
    for n in 0..40 {
        book.create(people::contact(&format!("{n} {}", "lang verhaal ".repeat(100))))
            .expect("logged");
    }
    office.take_at_most(8_000);
    let report = book.sync().expect("a round");
    assert_eq!((report.pushed, report.unsent), (40, 0));
    assert!(office.calls("/v1/push") > 8, "{} pushes", office.calls("/v1/push"));
}

#[test]
fn one_change_that_the_server_never_takes_stops_nothing_else() {
    let folder = tempfile::tempdir().expect("a folder");
    let office = Office::open();
    let book = enrolled(&folder.path().join("book.db"), &office);
    let large = book.create(people::contact(&"lang verhaal ".repeat(1_000))).expect("logged");
    let small = book.create(people::contact("kort")).expect("logged");
    office.take_at_most(4_000);
    let too_large = WijkboekError::ServerProblem { code: "too-large".to_owned() };
    assert_eq!(book.sync(), Err(too_large));
    assert_eq!(delivery(&book, small), Delivery::AtOffice);
    assert_eq!(book.status().expect("a status").unsent, 1);
    office.take_at_most(100_000);
    book.sync().expect("a round");
    assert_eq!(delivery(&book, large), Delivery::AtOffice);
}

#[test]
fn what_is_refused_keeps_its_text() {
    let folder = tempfile::tempdir().expect("a folder");
    let office = Office::open();
    let book = enrolled(&folder.path().join("book.db"), &office);
    let id = book.create(people::contact("eerst")).expect("logged");
    book.sync().expect("a round");
    book.edit(id, vec![Edit::Note("mag niet".to_owned())]).expect("changed");
    office.refuse_everything("not-visible");
    let report = book.sync().expect("a round");
    assert_eq!((report.pushed, report.refused, report.unsent), (0, 1, 0));
    let refused = book.refused().expect("a list");
    assert_eq!((refused.len(), refused[0].code.as_str()), (1, "not-visible"));
    assert!(refused[0].text.contains("mag niet"));
    let detail = book.record(id).expect("a record").expect("it is here");
    assert_eq!((detail.row.text.as_str(), detail.delivery), ("eerst", Delivery::Refused));
    assert_eq!(book.status().expect("a status").refused, 1);
    book.dismiss_refused(id).expect("seen");
    assert_eq!(delivery(&book, id), Delivery::AtOffice);
}

#[test]
fn a_restored_server_gets_back_what_it_lost() {
    let folder = tempfile::tempdir().expect("a folder");
    let office = Office::open();
    let book = enrolled(&folder.path().join("book.db"), &office);
    let ids: Vec<_> = (0..5)
        .map(|n| {
            let id = book.create(people::contact(&n.to_string())).expect("logged");
            book.sync().expect("a round");
            id
        })
        .collect();
    office.restore(2);
    book.create(people::contact("nieuw")).expect("logged");
    let report = book.sync().expect("a round");
    assert_eq!(report.pushed, 6, "everything of this phone, and what it had already counts too");
    assert_eq!(office.log_length(), 6);
    for id in ids {
        assert_eq!(delivery(&book, id), Delivery::AtOffice);
    }
    assert_eq!(book.count(&Filter::default()).map(|c| c.n), Ok(6));
}
