//! What comes from the server: whole, in any order, twice, with gaps, broken or too new.

use automerge::transaction::Transactable;
use automerge::{AutoCommit, ROOT};
use wijkboek_crdt::{ChangeInfo, RawChange};
use wijkboek_model::{ChangeHash, Edit, PrincipalId, RecordId};
use wijkboek_store::{Arrived, Delivery, Filter, Ingest, Scope, Store};

use crate::support::{arrived, edit, ingest, log, memory, person, record_id, send};

/// A record with three changes, as the server would send them.
fn three(store: &mut Store, n: u32) -> (RecordId, Vec<Arrived>) {
    let (id, first) = log(store, n, "drie wijzigingen");
    let second = edit(store, id, Edit::People(2).into_write(), 1_000);
    let third = edit(store, id, Edit::People(3).into_write(), 2_000);
    let all = [first, second, third];
    (id, (1..).zip(&all).map(|(number, change)| arrived(id, number, change)).collect())
}

fn raw(document: &mut AutoCommit) -> RawChange {
    document.commit();
    let change = document.get_last_local_change().expect("a change");
    let bytes = change.raw_bytes().to_vec();
    RawChange { hash: ChangeInfo::read(&bytes).expect("a header").hash, bytes }
}

fn put(document: &mut AutoCommit, key: &str, value: impl Into<automerge::ScalarValue>) {
    document.put(ROOT, key, value).expect("put");
}

fn with_actor(mut document: AutoCommit, n: u8) -> AutoCommit {
    document.set_actor(automerge::ActorId::from([n; 16].as_slice()));
    document
}

/// The document of a store, in Automerge's own hands, so that a test can write what we do not.
fn in_automerge(store: &Store, id: RecordId) -> AutoCommit {
    let mut document = AutoCommit::new();
    for change in store.changes(id).expect("changes") {
        let change = automerge::Change::from_bytes(change.bytes).expect("a change");
        document.apply_changes([change]).expect("applied");
    }
    with_actor(document, 5)
}

#[test]
fn any_order_gives_the_same_record() {
    let mut origin = memory();
    let (id, changes) = three(&mut origin, 1);
    for order in [[0, 1, 2], [2, 1, 0], [1, 2, 0]] {
        let mut store = memory();
        let shuffled = order.iter().map(|i| changes[*i].clone()).collect();
        let ingested = ingest(&mut store, shuffled);
        assert_eq!((ingested.changed, ingested.missing), (vec![id], vec![]));
        assert_eq!(store.heads(id).expect("heads"), origin.heads(id).expect("heads"));
        let row = store.row(id).expect("read").expect("a row");
        assert_eq!((row.delivery, row.number), (Delivery::AtOffice, Some(3)));
        assert_eq!(store.unsent().expect("unsent"), 0);
        assert!(store.rebuild().expect("rebuilt").is_clean());
    }
}

#[test]
fn a_batch_twice_is_the_batch_once() {
    let mut origin = memory();
    let (id, changes) = three(&mut origin, 1);
    let mut store = memory();
    ingest(&mut store, [changes.clone(), changes.clone()].concat());
    let before = store.row(id).expect("read");
    ingest(&mut store, changes);
    assert_eq!(store.row(id).expect("read"), before);
    assert_eq!(store.changes(id).expect("changes").len(), 3);
}

#[test]
fn ones_own_change_coming_back_is_its_acknowledgement() {
    let mut store = memory();
    let (id, changes) = three(&mut store, 1);
    assert_eq!(store.unsent().expect("unsent"), 3);
    let ingested = ingest(&mut store, changes[..2].to_vec());
    assert_eq!(ingested.changed, [id]);
    assert_eq!(store.unsent().expect("unsent"), 1);
    assert_eq!(store.delivery(id).expect("read"), Some(Delivery::OnDevice));
    ingest(&mut store, changes);
    assert_eq!(store.delivery(id).expect("read"), Some(Delivery::AtOffice));
}

#[test]
fn a_gap_is_reported_and_nothing_of_it_kept() {
    let mut origin = memory();
    let (id, changes) = three(&mut origin, 1);
    let (other, whole) = three(&mut origin, 2);
    let mut store = memory();
    let batch = Ingest {
        changes: [vec![changes[0].clone(), changes[2].clone()], whole].concat(),
        forget: vec![],
        pull_state: Some(vec![1]),
    };
    let ingested = store.ingest(&batch).expect("ingested");
    assert_eq!((ingested.changed, ingested.missing), (vec![other], vec![id]));
    assert_eq!(store.row(id).expect("read"), None);
    assert_eq!(store.changes(id).expect("changes"), []);
    assert_eq!(store.pull_state().expect("read"), None, "or the gap would be forgotten");

    let whole = Ingest { changes, forget: vec![], pull_state: Some(vec![2]) };
    assert_eq!(store.ingest(&whole).expect("ingested").changed, [id]);
    assert_eq!(store.pull_state().expect("read"), Some(vec![2]));
}

#[test]
fn a_gap_above_known_work_keeps_what_was_there() {
    let mut origin = memory();
    let (id, changes) = three(&mut origin, 1);
    let mut store = memory();
    ingest(&mut store, vec![changes[0].clone()]);
    let ingested = ingest(&mut store, vec![changes[2].clone()]);
    assert_eq!(ingested.missing, [id]);
    assert_eq!(store.heads(id).expect("heads"), [changes[0].change.hash]);
}

#[test]
fn what_cannot_be_read_goes_to_quarantine_and_holds_up_nobody() {
    let mut origin = memory();
    let (id, changes) = three(&mut origin, 1);
    let (good, whole) = three(&mut origin, 2);
    let mut rubbish = changes[1].clone();
    rubbish.change.bytes.truncate(20);
    let mut renamed = changes[1].clone();
    renamed.change.hash = ChangeHash::new([9; 32]);
    let mut store = memory();
    let batch = Ingest {
        changes: [vec![changes[0].clone(), rubbish, renamed, changes[2].clone()], whole].concat(),
        forget: vec![],
        pull_state: Some(vec![1]),
    };
    let ingested = store.ingest(&batch).expect("ingested");
    assert_eq!((ingested.quarantined, ingested.missing), (vec![id], vec![]));
    assert_eq!(ingested.changed, [id, good]);
    assert_eq!(store.heads(id).expect("heads"), [changes[0].change.hash]);
    let reasons: Vec<String> =
        store.quarantined().expect("read").into_iter().map(|q| q.reason).collect();
    assert_eq!(reasons, ["no-change", "wrong-hash", "depends-on-quarantined"]);
    assert_eq!(store.pull_state().expect("read"), Some(vec![1]));

    ingest(&mut store, changes[1..].to_vec());
    assert_eq!(store.heads(id).expect("heads"), [changes[2].change.hash]);
    assert_eq!(store.quarantined().expect("read").len(), 1, "the one that never was a change");
}

#[test]
fn a_change_that_breaks_its_document_is_kept_apart() {
    let mut origin = memory();
    let (id, first) = log(&mut origin, 1, "heel");
    let second = edit(&mut origin, id, Edit::People(2).into_write(), 1_000);
    // A second root: sound bytes, but of another document.
    let (_, stray) = log(&mut origin, 2, "van een ander");
    let mut store = memory();
    let ingested = ingest(
        &mut store,
        vec![arrived(id, 1, &first), arrived(id, 2, &stray), arrived(id, 3, &second)],
    );
    assert_eq!(ingested.quarantined, [id]);
    assert_eq!(store.heads(id).expect("heads"), [second.hash]);
    assert_eq!(store.quarantined().expect("read")[0].reason, "breaks-document");
    let ingested = ingest(&mut store, vec![arrived(record_id(3), 4, &first)]);
    assert_eq!(ingested.quarantined, [record_id(3)]);
    assert_eq!(store.row(record_id(3)).expect("read"), None);
}

#[test]
fn a_newer_word_leaves_the_record_listed_but_unreadable() {
    let mut store = memory();
    let (id, _) = log(&mut store, 1, "soort van morgen");
    let mut newer = in_automerge(&store, id);
    put(&mut newer, "kind", "compliment");
    let change = raw(&mut newer);
    let ingested = ingest(&mut store, vec![arrived(id, 2, &change)]);
    assert_eq!(ingested.changed, [id]);
    let row = store.row(id).expect("read").expect("listed");
    assert!(!row.readable);
    assert_eq!((row.text.as_str(), row.kind), ("soort van morgen", None));
    assert_eq!(store.list(&Scope::All, &Filter::default(), None, 9).expect("a list").rows, [row]);
    assert!(store.rebuild().expect("rebuilt").is_clean());
}

#[test]
fn a_newer_type_of_record_is_kept_listed_and_passed_on() {
    let mut newer = with_actor(AutoCommit::new(), 5);
    let id = record_id(7);
    put(&mut newer, "_id", id.as_bytes().to_vec());
    put(&mut newer, "_type", "meeting");
    put(&mut newer, "_author", PrincipalId::as_bytes(&person(2)).to_vec());
    put(&mut newer, "_schema", 9_u64);
    let first = raw(&mut newer);
    put(&mut newer, "agenda", "de rotonde");
    let second = raw(&mut newer);

    let mut store = memory();
    let (_, other) = three(&mut memory(), 1);
    let ingested = ingest(&mut store, [vec![arrived(id, 8, &first)], other].concat());
    assert_eq!((ingested.changed.len(), ingested.quarantined), (2, vec![]));
    ingest(&mut store, vec![arrived(id, 9, &second)]);
    let row = store.row(id).expect("read").expect("listed");
    assert_eq!((row.readable, row.record_type, row.number), (false, None, Some(9)));
    assert_eq!(store.heads(id).expect("heads"), [second.hash]);
    assert_eq!(store.changes(id).expect("changes"), [first, second]);
    assert!(store.document(id).is_err());
    assert!(store.rebuild().expect("rebuilt").is_clean());
}

#[test]
fn a_forgotten_record_can_come_back() {
    let mut origin = memory();
    let (id, changes) = three(&mut origin, 1);
    let mut store = memory();
    ingest(&mut store, changes.clone());
    let forget = Ingest { forget: vec![id, record_id(99)], ..Ingest::default() };
    let ingested = store.ingest(&forget).expect("ingested");
    assert_eq!((ingested.forgotten, ingested.kept), (vec![id], vec![]));
    assert_eq!(store.row(id).expect("read"), None);
    assert_eq!(store.count(&Scope::All, &Filter::default()).expect("a count").n, 0);
    ingest(&mut store, changes);
    assert!(store.row(id).expect("read").is_some());
    assert!(store.rebuild().expect("rebuilt").is_clean());
}

#[test]
fn forgetting_and_sending_again_in_one_batch_leaves_what_was_sent() {
    let mut origin = memory();
    let (id, changes) = three(&mut origin, 1);
    let mut store = memory();
    ingest(&mut store, changes.clone());
    let batch = Ingest { changes: changes[..1].to_vec(), forget: vec![id], pull_state: None };
    store.ingest(&batch).expect("ingested");
    assert_eq!(store.heads(id).expect("heads"), [changes[0].change.hash]);
}

#[test]
fn two_replicas_that_exchanged_everything_are_equal() {
    let mut one = memory();
    let mut other = memory();
    let (id, _) = three(&mut one, 1);
    send(&one, &mut other, id);
    edit(&mut one, id, Edit::Note("op de ene".to_owned()).into_write(), 5_000);
    let write = [Edit::Note("op de andere".to_owned()).into_write()];
    other.edit(id, &write, &crate::support::stamp(2, 5_000)).expect("edited");
    send(&one, &mut other, id);
    send(&other, &mut one, id);
    assert_eq!(one.heads(id).expect("heads"), other.heads(id).expect("heads"));
    let (a, b) = (one.row(id).expect("read"), other.row(id).expect("read"));
    let (a, b) = (a.expect("a row"), b.expect("a row"));
    assert_eq!((a.text, a.conflicts), (b.text, b.conflicts));
    assert_eq!(a.conflicts, 1);
    let conflicts = Filter { conflicts_only: true, ..Filter::default() };
    assert_eq!(one.count(&Scope::All, &conflicts).expect("a count").n, 1);
}
