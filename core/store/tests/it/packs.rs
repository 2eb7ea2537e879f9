//! Documents in packs: as if they were rows, in whatever way they came there and leave again.

use std::collections::BTreeSet;
use std::path::Path;

use rusqlite::Connection;
use wijkboek_crdt::{PackChange, PackDocument, PackLimits, RawChange, write_pack};
use wijkboek_model::{Edit, Entry, EntryId, RecordId, Sensitivity, Status, Timestamp, Write};
use wijkboek_store::{
    ArrivedPack, Compaction, Filter, Ingest, Outcome, Row, Scope, Settled, Store, StoreError,
};

use crate::support::{
    MORNING, area, arrived, concurrently, edit, ingest, install, log, memory, person, record_id,
    stamp,
};

const COMPACT: Compaction = Compaction { documents_max: 1_000, documents_min: 2, changes_kept: 0 };

/// Records of installation 1 with a few changes each; every fifth has two at once.
fn origin(records: u32) -> Store {
    let mut store = memory();
    for n in 0..records {
        let (id, _) = log(&mut store, n, &format!("gesprek {n} over de speeltuin"));
        if n % 2 == 0 {
            edit(&mut store, id, Edit::Status(Status::InBehandeling).into_write(), 1_000);
            edit(&mut store, id, append(&format!("later {n}")), 2_000);
        }
        if n % 5 == 0 {
            let one = [Edit::Note(format!("de een {n}")).into_write()];
            let other = [Edit::Note(format!("de ander {n}")).into_write()];
            concurrently(&mut store, id, &one, &other);
        }
    }
    store
}

fn append(text: &str) -> Write {
    let id = EntryId::from_parts(Timestamp::from_millis(MORNING), [9; 10]);
    Write::Append(Entry { id, author: person(1), text: text.to_owned() })
}

/// All changes of these records, numbered as one log.
fn numbered(from: &Store, ids: &[RecordId]) -> Vec<(RecordId, Vec<(u64, RawChange)>)> {
    let mut number = 0;
    ids.iter()
        .map(|id| {
            let changes = from.changes(*id).expect("changes").into_iter().map(|change| {
                number += 1;
                (number, change)
            });
            (*id, changes.collect())
        })
        .collect()
}

fn pack_of(from: &Store, ids: &[RecordId]) -> ArrivedPack {
    let numbered = numbered(from, ids);
    let documents: Vec<PackDocument<'_>> = numbered
        .iter()
        .map(|(id, changes)| PackDocument {
            id: *id,
            changes: changes
                .iter()
                .map(|(number, c)| PackChange { hash: c.hash, bytes: &c.bytes, number: *number })
                .collect(),
        })
        .collect();
    ArrivedPack {
        wijk: area("WK059706"),
        sensitivity: Sensitivity::Gewoon,
        mac: Some([5; 32]),
        bytes: write_pack(&documents, 3).expect("packed"),
    }
}

/// The same records as single changes.
fn by_rows(from: &Store) -> Store {
    let mut store = memory();
    let all = numbered(from, &from.ids().expect("ids"));
    let changes = all
        .iter()
        .flat_map(|(id, changes)| changes.iter().map(|(n, change)| arrived(*id, *n, change)));
    ingest(&mut store, changes.collect());
    store
}

fn by_pack(from: &Store) -> Store {
    let mut store = memory();
    let ids = from.ids().expect("ids");
    let ingested =
        store.ingest_pack(pack_of(from, &ids), &PackLimits::default()).expect("ingested");
    assert_eq!(ingested.changed, ids);
    store
}

fn rows(store: &Store) -> Vec<Row> {
    store.list(&Scope::All, &Filter::default(), None, 50).expect("a list").rows
}

fn count(store: &Store, text: &str) -> u64 {
    let filter = Filter { text: Some(text.to_owned()), ..Filter::default() };
    store.count(&Scope::All, &filter).expect("a count").n
}

fn assert_same(one: &mut Store, other: &mut Store) {
    assert_eq!(rows(one), rows(other));
    let ids = one.ids().expect("ids");
    assert_eq!(ids, other.ids().expect("ids"));
    for id in ids {
        let sorted = |store: &Store| -> BTreeSet<Vec<u8>> {
            store.changes(id).expect("changes").into_iter().map(|c| c.bytes).collect()
        };
        assert_eq!(one.heads(id).expect("heads"), other.heads(id).expect("heads"));
        assert_eq!(sorted(one), sorted(other));
        let view = |store: &Store| store.document(id).expect("readable").expect("here").view();
        assert_eq!(view(one), view(other));
    }
    let by_area = |store: &Store| store.counts_by_area(&Scope::All, &Filter::default());
    assert_eq!(by_area(one).expect("counts"), by_area(other).expect("counts"));
    for words in ["speeltuin", "later", "ander", "gesprek 3"] {
        assert_eq!(count(one, words), count(other, words), "{words}");
    }
    for store in [one, other] {
        let report = store.rebuild().expect("rebuilt");
        assert!(report.is_clean(), "{report:?}");
    }
}

fn packed(path: &Path) -> i64 {
    let db = Connection::open(path).expect("opened beside");
    db.query_row("SELECT count(*) FROM document WHERE pack IS NOT NULL", [], |r| r.get(0))
        .expect("a number")
}

#[test]
fn a_pack_gives_what_its_changes_one_by_one_give() {
    let origin = origin(30);
    assert_same(&mut by_pack(&origin), &mut by_rows(&origin));
}

#[test]
fn the_same_pack_twice_is_the_pack_once() {
    let origin = origin(12);
    let mut store = by_pack(&origin);
    let again = pack_of(&origin, &origin.ids().expect("ids"));
    store.ingest_pack(again, &PackLimits::default()).expect("ingested");
    assert_same(&mut store, &mut by_rows(&origin));
}

#[test]
fn a_pack_with_known_documents_completes_them_and_settles_own_work() {
    let origin = origin(12);
    let ids = origin.ids().expect("ids");
    let mut store = memory();
    let (own, first) = log(&mut store, 0, "gesprek 0 over de speeltuin");
    assert_eq!(own, ids[0]);
    assert_eq!(first, origin.changes(own).expect("changes")[0]);
    ingest(&mut store, vec![arrived(ids[2], 9, &origin.changes(ids[2]).expect("changes")[0])]);
    store.ingest_pack(pack_of(&origin, &ids), &PackLimits::default()).expect("ingested");
    assert_eq!(store.unsent().expect("unsent"), 0);
    assert_same(&mut store, &mut by_rows(&origin));
}

#[test]
fn later_changes_lie_upon_a_packed_document() {
    let origin = origin(12);
    let (mut one, mut other) = (by_pack(&origin), by_rows(&origin));
    let ids = origin.ids().expect("ids");
    for store in [&mut one, &mut other] {
        edit(store, ids[3], Edit::People(4).into_write(), 9_000);
        let writes = [Edit::Note("van kantoor".to_owned()).into_write()];
        let mut office = memory();
        let all = origin.changes(ids[4]).expect("changes");
        let sent = (1..).zip(&all).map(|(n, c)| arrived(ids[4], n, c)).collect();
        ingest(&mut office, sent);
        let change = office.edit(ids[4], &writes, &stamp(3, 9_000)).expect("edited");
        ingest(store, vec![arrived(ids[4], 1_000, &change.expect("a change"))]);
    }
    assert_same(&mut one, &mut other);
    let unsent = one.outbox(9, 9_000).expect("outbox");
    assert_eq!(unsent.len(), 1);
    let refused = Outcome::Refused { code: "not-visible".to_owned() };
    let hash = unsent[0].change.hash;
    for store in [&mut one, &mut other] {
        let outcome = refused.clone();
        store.settle(&[Settled { id: ids[3], hash, outcome }]).expect("settled");
    }
    assert_same(&mut one, &mut other);
}

#[test]
fn a_document_that_leaves_its_class_leaves_its_pack() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("boek.db");
    let origin = origin(6);
    let ids = origin.ids().expect("ids");
    let mut store = Store::open(&path).expect("opened");
    store.ingest_pack(pack_of(&origin, &ids), &PackLimits::default()).expect("ingested");
    assert_eq!(packed(&path), 6);
    edit(&mut store, ids[1], Edit::Sensitivity(Sensitivity::Gevoelig).into_write(), 9_000);
    assert_eq!(packed(&path), 5);
    assert!(store.rebuild().expect("rebuilt").is_clean());
    assert_eq!(store.changes(ids[1]).expect("changes").len(), 2);
}

#[test]
fn what_is_forgotten_is_in_no_pack_and_its_bytes_are_gone() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("boek.db");
    let origin = origin(8);
    let ids = origin.ids().expect("ids");
    let mut store = Store::open(&path).expect("opened");
    let pack = pack_of(&origin, &ids);
    let old = pack.bytes[pack.bytes.len() / 2..][..24].to_vec();
    store.ingest_pack(pack, &PackLimits::default()).expect("ingested");
    store.checkpoint().expect("checkpointed");
    let holds = || {
        let bytes = std::fs::read(&path).expect("read");
        bytes.windows(old.len()).any(|window| window == old)
    };
    assert!(holds(), "the test must be able to find it");
    let forget = Ingest { forget: vec![ids[2], ids[5]], ..Ingest::default() };
    assert_eq!(store.ingest(&forget).expect("ingested").forgotten, [ids[2], ids[5]]);
    assert!(!holds());
    assert_eq!((packed(&path), store.ids().expect("ids").len()), (6, 6));
    assert!(store.rebuild().expect("rebuilt").is_clean());
    for id in store.ids().expect("ids") {
        assert_eq!(store.changes(id).expect("changes"), origin.changes(id).expect("changes"));
    }
    let gone = store.forget_wijk(&area("WK059706")).expect("forgotten");
    assert_eq!(gone.forgotten.len(), 6);
    let db = Connection::open(&path).expect("opened beside");
    let packs: i64 = db.query_row("SELECT count(*) FROM pack", [], |r| r.get(0)).expect("a number");
    assert_eq!((packs, count(&store, "speeltuin")), (0, 0));
    assert!(store.rebuild().expect("rebuilt").is_clean());
}

#[test]
fn compacting_changes_nothing_that_shows() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("boek.db");
    let origin = origin(30);
    let mut other = by_rows(&origin);
    let mut store = Store::open(&path).expect("opened");
    for (id, changes) in numbered(&origin, &origin.ids().expect("ids")) {
        ingest(&mut store, changes.iter().map(|(n, change)| arrived(id, *n, change)).collect());
    }
    let kept = Compaction { changes_kept: 1_000, ..COMPACT };
    assert_eq!(store.compact(&kept).expect("compacted").documents, 0, "nothing is cold");
    let some = Compaction { documents_max: 10, ..COMPACT };
    assert_eq!(store.compact(&some).expect("compacted").documents, 10);
    assert_eq!(store.compact(&COMPACT).expect("compacted").documents, 20);
    assert_eq!(packed(&path), 30);
    assert_same(&mut store, &mut other);
    assert_eq!(store.requeue_own(install(1)).expect("requeued"), 60);
    assert_eq!(other.requeue_own(install(1)).expect("requeued"), 60);
    assert_eq!(packed(&path), 0, "its changes have to be rows to be sent");
    assert_same(&mut store, &mut other);
    let db = Connection::open(&path).expect("opened beside");
    let without: i64 = db
        .query_row("SELECT count(*) FROM change WHERE mac IS NULL", [], |r| r.get(0))
        .expect("a number");
    assert_eq!(without, 0, "the MACs came back with them");
}

#[test]
fn unsent_and_sensitive_documents_are_not_packed() {
    let mut store = memory();
    let (_, change) = log(&mut store, 1, "verstuurd");
    let outcome = Outcome::Accepted { number: 1, mac: None };
    store.settle(&[Settled { id: record_id(1), hash: change.hash, outcome }]).expect("settled");
    log(&mut store, 2, "nog niet verstuurd");
    let budget = Compaction { documents_min: 1, ..COMPACT };
    assert_eq!(store.compact(&budget).expect("compacted").documents, 1);
    let (id, change) = log(&mut store, 3, "gevoelig");
    let more = edit(&mut store, id, Edit::Sensitivity(Sensitivity::Gevoelig).into_write(), 5_000);
    for (number, hash) in [(2, change.hash), (3, more.hash)] {
        let outcome = Outcome::Accepted { number, mac: None };
        store.settle(&[Settled { id, hash, outcome }]).expect("settled");
    }
    assert_eq!(store.compact(&budget).expect("compacted").documents, 0);
    assert!(store.rebuild().expect("rebuilt").is_clean());
}

#[test]
fn a_pack_that_cannot_be_read_is_refused_and_one_that_rotted_is_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("boek.db");
    let origin = origin(6);
    let ids = origin.ids().expect("ids");
    let mut store = Store::open(&path).expect("opened");
    let mut cut = pack_of(&origin, &ids);
    cut.bytes.truncate(40);
    let refused = store.ingest_pack(cut, &PackLimits::default());
    assert!(matches!(refused, Err(StoreError::Pack(_))), "{refused:?}");
    assert_eq!(store.ids().expect("ids"), []);
    log(&mut store, 90, "schrijven gaat door");
    store.ingest_pack(pack_of(&origin, &ids), &PackLimits::default()).expect("ingested");
    let db = Connection::open(&path).expect("opened beside");
    db.execute("UPDATE pack SET bytes = x'00'", []).expect("planted");
    let report = store.rebuild().expect("rebuilt");
    assert_eq!(report.damaged, ids);
    let forget = Ingest { forget: ids.clone(), ..Ingest::default() };
    store.ingest(&forget).expect("forgotten");
    store.ingest_pack(pack_of(&origin, &ids), &PackLimits::default()).expect("fetched again");
    assert!(store.rebuild().expect("rebuilt").is_clean());
}

#[test]
fn a_snapshot_is_used_and_a_rotten_one_is_not() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("boek.db");
    let mut store = Store::open(&path).expect("opened");
    let (id, _) = log(&mut store, 1, "een lang gesprek");
    for n in 0..120_u32 {
        edit(&mut store, id, Edit::People(n % 9 + 2).into_write(), i64::from(n) + 1);
    }
    let db = Connection::open(&path).expect("opened beside");
    let covered: i64 =
        db.query_row("SELECT changes FROM snapshot", [], |r| r.get(0)).expect("a snapshot");
    assert!((50..=121).contains(&covered), "{covered}");
    let view = store.document(id).expect("readable").expect("here").view();
    assert_eq!(view.change_count, 121);
    assert!(store.rebuild().expect("rebuilt").is_clean());
    db.execute("UPDATE snapshot SET bytes = zeroblob(length(bytes))", []).expect("planted");
    assert_eq!(store.document(id).expect("readable").expect("here").view(), view);
    assert_eq!(store.rebuild().expect("rebuilt").differing, [id]);
    assert!(store.rebuild().expect("rebuilt").is_clean());
}
