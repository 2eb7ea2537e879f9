//! From "on this device" to "at the office", and what comes back refused.

use wijkboek_model::{Edit, Entry, EntryId, Status, Timestamp, Write};
use wijkboek_store::{
    DEPENDS_ON_REFUSED, Delivery, Filter, Ingest, Outcome, Scope, Settled, Settlement, Store,
};

use crate::support::{
    MORNING, arrived, edit, ingest, install, log, memory, person, record_id, send,
};

fn accepted(number: u64) -> Outcome {
    Outcome::Accepted { number, mac: Some([3; 32]) }
}

fn refused() -> Outcome {
    Outcome::Refused { code: "not-visible".to_owned() }
}

fn delivery(store: &Store, id: wijkboek_model::RecordId) -> Delivery {
    store.delivery(id).expect("read").expect("here")
}

fn append(n: u8, text: &str) -> Write {
    let id = EntryId::from_parts(Timestamp::from_millis(MORNING), [n; 10]);
    Write::Append(Entry { id, author: person(1), text: text.to_owned() })
}

#[test]
fn a_record_travels_from_device_to_office() {
    let mut store = memory();
    let (id, change) = log(&mut store, 1, "onderweg");
    assert_eq!(delivery(&store, id), Delivery::OnDevice);
    let positions: Vec<i64> =
        store.outbox(10, 10_000).expect("outbox").iter().map(|item| item.position).collect();
    store.mark_sent(&positions).expect("marked");
    assert_eq!(delivery(&store, id), Delivery::Sent);
    assert_eq!(store.unsent().expect("unsent"), 1, "sent is not acknowledged");

    let verdict = Settled { id, hash: change.hash, outcome: accepted(41) };
    let settled = store.settle(std::slice::from_ref(&verdict)).expect("settled");
    assert_eq!(settled, Settlement { changed: vec![id], refused: vec![] });
    assert_eq!(delivery(&store, id), Delivery::AtOffice);
    let row = store.row(id).expect("read").expect("a row");
    assert_eq!((row.number, row.delivery), (Some(41), Delivery::AtOffice));
    assert_eq!(store.unsent().expect("unsent"), 0);
    store.settle(&[verdict]).expect("the same answer twice");
    assert!(store.rebuild().expect("rebuilt").is_clean());
}

#[test]
fn a_verdict_counts_for_its_document_only() {
    let mut store = memory();
    let (one, change) = log(&mut store, 1, "een");
    let (other, _) = log(&mut store, 2, "twee");
    let wrong = Settled { id: other, hash: change.hash, outcome: accepted(1) };
    store.settle(&[wrong]).expect("settled");
    assert_eq!(delivery(&store, one), Delivery::OnDevice);
    assert_eq!(delivery(&store, other), Delivery::OnDevice);
}

#[test]
fn the_outbox_keeps_the_order_and_its_limits() {
    let mut store = memory();
    let (a, a1) = log(&mut store, 1, "eerste");
    let (_, b1) = log(&mut store, 2, "tweede");
    let a2 = edit(&mut store, a, Edit::People(2).into_write(), 10);
    let hashes = |changes: usize, bytes: usize| -> Vec<_> {
        let items = store.outbox(changes, bytes).expect("outbox");
        items.into_iter().map(|item| item.change.hash).collect()
    };
    assert_eq!(hashes(10, 100_000), [a1.hash, b1.hash, a2.hash]);
    assert_eq!(hashes(2, 100_000), [a1.hash, b1.hash]);
    assert_eq!(hashes(10, a1.bytes.len() + 1), [a1.hash]);
    assert_eq!(hashes(10, 0), [a1.hash], "one at least, or it would never leave");
}

#[test]
fn what_waits_for_dependencies_holds_up_nobody() {
    let mut store = memory();
    let (a, a1) = log(&mut store, 1, "wacht");
    let (_, b1) = log(&mut store, 2, "kan door");
    store.settle(&[Settled { id: a, hash: a1.hash, outcome: Outcome::Waiting }]).expect("settled");
    let a2 = edit(&mut store, a, Edit::People(2).into_write(), 10);
    let order: Vec<_> =
        store.outbox(10, 100_000).expect("outbox").into_iter().map(|i| i.change.hash).collect();
    assert_eq!(order, [b1.hash, a1.hash, a2.hash]);
    assert_eq!(delivery(&store, a), Delivery::OnDevice);
}

#[test]
fn a_refused_edit_goes_with_what_was_written_upon_it_and_keeps_its_text() {
    let mut store = memory();
    let (id, first) = log(&mut store, 1, "de oude tekst");
    store.settle(&[Settled { id, hash: first.hash, outcome: accepted(1) }]).expect("settled");
    let bad = edit(&mut store, id, Edit::Note("de nieuwe tekst".to_owned()).into_write(), 10);
    let upon = edit(&mut store, id, append(1, "en nog iets"), 20);
    let plain = edit(&mut store, id, Edit::People(3).into_write(), 30);

    let settled = store
        .settle(&[
            Settled { id, hash: bad.hash, outcome: refused() },
            Settled { id, hash: upon.hash, outcome: Outcome::Waiting },
        ])
        .expect("settled");
    assert_eq!(settled, Settlement { changed: vec![id], refused: vec![id] });
    let row = store.row(id).expect("read").expect("a row");
    assert_eq!((row.text.as_str(), row.delivery), ("de oude tekst", Delivery::Refused));
    assert_eq!(store.heads(id).expect("heads"), [first.hash]);
    assert_eq!(store.unsent().expect("unsent"), 0);
    let gone = Filter { text: Some("nieuwe".to_owned()), ..Filter::default() };
    assert_eq!(store.count(&Scope::All, &gone).expect("count").n, 0);

    let items = store.refused().expect("refused");
    let seen: Vec<_> = items.iter().map(|i| (i.hash, i.code.as_str(), i.text.as_str())).collect();
    assert_eq!(
        seen,
        [
            (bad.hash, "not-visible", "de nieuwe tekst"),
            (upon.hash, DEPENDS_ON_REFUSED, "en nog iets"),
            (plain.hash, DEPENDS_ON_REFUSED, ""),
        ]
    );
    assert!(store.rebuild().expect("rebuilt").is_clean());
    store.dismiss_refused(id).expect("dismissed");
    assert_eq!(delivery(&store, id), Delivery::AtOffice);
}

#[test]
fn a_refused_creation_leaves_only_its_text() {
    let mut store = memory();
    let (id, change) = log(&mut store, 1, "mag niet");
    store.settle(&[Settled { id, hash: change.hash, outcome: refused() }]).expect("settled");
    assert_eq!(store.row(id).expect("read"), None);
    assert_eq!(store.document(id).expect("read").map(|d| d.change_count()), None);
    assert_eq!(delivery(&store, id), Delivery::Refused);
    assert_eq!(store.refused().expect("refused")[0].text, "mag niet");
    assert!(store.rebuild().expect("rebuilt").is_clean());
}

#[test]
fn others_work_survives_a_refusal() {
    let mut phone = memory();
    let mut office = memory();
    let (id, first) = log(&mut phone, 1, "samen");
    send(&phone, &mut office, id);
    phone.settle(&[Settled { id, hash: first.hash, outcome: accepted(1) }]).expect("settled");
    let theirs = office
        .edit(id, &[append(2, "van kantoor")], &crate::support::stamp(2, 50))
        .expect("edited")
        .expect("a change");
    let mine = edit(&mut phone, id, Edit::Status(Status::Afgehandeld).into_write(), 40);
    ingest(&mut phone, vec![arrived(id, 2, &theirs)]);
    assert_eq!(phone.heads(id).expect("heads").len(), 2);
    phone.settle(&[Settled { id, hash: mine.hash, outcome: refused() }]).expect("settled");
    assert_eq!(phone.heads(id).expect("heads"), [theirs.hash]);
    let row = phone.row(id).expect("read").expect("a row");
    assert_eq!((row.status, row.number), (Some(Status::Nieuw), Some(2)));
}

#[test]
fn after_a_restore_everything_own_goes_out_again() {
    let mut store = memory();
    let (id, first) = log(&mut store, 1, "van mij");
    let edit1 = edit(&mut store, id, Edit::People(2).into_write(), 10);
    let mut other = memory();
    let foreign = record_id(9);
    let record = wijkboek_model::Record::Contact(crate::support::contact("van een ander"));
    other.create(foreign, person(2), &record, &crate::support::stamp(2, 0)).expect("created");
    send(&other, &mut store, foreign);
    for (n, hash) in [(1, first.hash), (2, edit1.hash)] {
        store.settle(&[Settled { id, hash, outcome: accepted(n) }]).expect("settled");
    }
    assert_eq!(store.unsent().expect("unsent"), 0);
    assert_eq!(store.requeue_own(install(1)).expect("requeued"), 2);
    let order: Vec<_> =
        store.outbox(10, 100_000).expect("outbox").into_iter().map(|i| i.change.hash).collect();
    assert_eq!(order, [first.hash, edit1.hash]);
    assert_eq!(delivery(&store, id), Delivery::OnDevice);
    assert_eq!(delivery(&store, foreign), Delivery::AtOffice);
    assert!(store.rebuild().expect("rebuilt").is_clean());
}

#[test]
fn unsent_work_outlives_being_forgotten_and_goes_when_judged() {
    let mut store = memory();
    let (id, first) = log(&mut store, 1, "verhuisd naar een andere wijk");
    store.settle(&[Settled { id, hash: first.hash, outcome: accepted(1) }]).expect("settled");
    let mine = edit(&mut store, id, append(1, "nog niet verstuurd"), 10);
    let forget = Ingest { forget: vec![id], ..Ingest::default() };
    let ingested = store.ingest(&forget).expect("ingested");
    assert_eq!((ingested.kept, ingested.forgotten), (vec![id], vec![]));
    assert!(store.row(id).expect("read").expect("still here").forgotten);
    assert_eq!(store.unsent().expect("unsent"), 1);

    let settled =
        store.settle(&[Settled { id, hash: mine.hash, outcome: refused() }]).expect("settled");
    assert_eq!(settled.refused, [id]);
    assert_eq!(store.row(id).expect("read"), None);
    assert_eq!(store.refused().expect("refused")[0].text, "nog niet verstuurd");
}

#[test]
fn a_damaged_document_does_not_keep_the_others_from_being_settled() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("boek.db");
    let mut store = Store::open(&path).expect("opened");
    let (bad, change) = log(&mut store, 1, "straks stuk");
    let (good, other) = log(&mut store, 2, "heel");
    let beside = rusqlite::Connection::open(&path).expect("opened beside");
    let rot = format!("UPDATE change SET bytes = x'00' WHERE row = {}", bad.rowid());
    beside.execute(&rot, []).expect("planted");
    let settled = store
        .settle(&[
            Settled { id: bad, hash: change.hash, outcome: refused() },
            Settled { id: good, hash: other.hash, outcome: accepted(2) },
        ])
        .expect("settled");
    assert_eq!((settled.changed, settled.refused), (vec![good], vec![]));
    assert_eq!(store.unsent().expect("unsent"), 1);
}

#[test]
fn what_the_server_takes_after_all_is_no_longer_refused() {
    let mut store = memory();
    let (id, change) = log(&mut store, 1, "toch goed");
    store.settle(&[Settled { id, hash: change.hash, outcome: refused() }]).expect("settled");
    ingest(&mut store, vec![arrived(id, 5, &change)]);
    assert_eq!(delivery(&store, id), Delivery::AtOffice);
    assert_eq!(store.refused().expect("refused"), []);
}
