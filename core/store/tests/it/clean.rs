//! *Schonen*: the state of now in a new record, and nothing left of what it was before.

use std::collections::BTreeMap;
use std::path::Path;

use wijkboek_model::{
    AgeGroup, Edit, Entry, EntryId, Field, Link, LinkKind, Record, RecordId, SetField, TallyKey,
    Timestamp, Value, Write,
};
use wijkboek_store::{Cleaning, Filter, Outcome, Scope, Settled, Store, StoreError};

use crate::support::{MORNING, edit, log, memory, person, record_id, send, stamp, visit};

const SECRET: &str = "Zonnebloemwethouderskind van nummer zeventien";

fn entry(n: u8, text: &str) -> Entry {
    let id = EntryId::from_parts(Timestamp::from_millis(MORNING), [n; 10]);
    Entry { id, author: person(1), text: text.to_owned() }
}

fn without_note(successor: RecordId) -> Cleaning {
    let writes = vec![Edit::Note("een kind uit de straat".to_owned()).into_write()];
    Cleaning { successor, writes, entries: BTreeMap::new() }
}

fn holds(path: &Path, needle: &str) -> bool {
    ["boek.db", "boek.db-wal", "boek.db-shm"].iter().any(|name| {
        let bytes = std::fs::read(path.join(name)).unwrap_or_default();
        bytes.windows(needle.len()).any(|window| window == needle.as_bytes())
    })
}

#[test]
fn a_cleaned_record_has_its_state_and_no_past() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut store = Store::open(&folder.path().join("boek.db")).expect("opened");
    let (id, _) = log(&mut store, 1, "eerst iets anders");
    edit(&mut store, id, Edit::Note(SECRET.to_owned()).into_write(), 1);
    for (n, text) in [(1, "blijft"), (2, SECRET), (3, SECRET), (4, SECRET)] {
        edit(&mut store, id, Write::Append(entry(n, text)), 1 + i64::from(n));
    }
    let taken_back = entry(4, "").id.to_string();
    edit(&mut store, id, Write::Insert(SetField::Withdrawn, taken_back), 9);
    edit(&mut store, id, Write::Insert(SetField::References, "signalen:12".to_owned()), 10);
    edit(&mut store, id, Edit::People(4).into_write(), 11);
    store.save_draft(&format!("aanvulling:{id}"), SECRET).expect("saved");
    store.checkpoint().expect("checkpointed");
    assert!(holds(folder.path(), SECRET));

    let new = record_id(7);
    let entries = BTreeMap::from([
        (entry(2, "").id, Some("anders gezegd".to_owned())),
        (entry(3, "").id, None),
    ]);
    let purged =
        store.clean(id, &Cleaning { entries, ..without_note(new) }, &stamp(1, 20)).expect("clean");
    assert!(purged.complete && purged.records == [id] && purged.drafts == 1);
    assert!(!holds(folder.path(), SECRET));
    assert!(!holds(folder.path(), &SECRET[4..20].to_lowercase()));
    assert!(!holds(folder.path(), "eerst iets anders"));

    assert_eq!(store.ids().expect("ids"), [new]);
    assert_eq!(store.successor(id).expect("read"), Some(new));
    assert_eq!(store.successor(new).expect("read"), None);
    let document = store.document(new).expect("readable").expect("here");
    let parts = document.parts();
    assert_eq!(parts.fields[&Field::Note], Value::Text("een kind uit de straat".to_owned()));
    assert_eq!(parts.fields[&Field::People], Value::Int(4));
    let link = Link { kind: LinkKind::SuccessorOf, to: id };
    assert_eq!(parts.sets[&SetField::Links], [link.to_string()].into());
    assert_eq!(parts.sets[&SetField::References], ["signalen:12".to_owned()].into());
    assert!(parts.sets[&SetField::Withdrawn].is_empty());
    assert_eq!(document.entries(), [entry(1, "blijft"), entry(2, "anders gezegd")]);
    assert_eq!(document.origin().author, person(1));
    assert_eq!(document.change_count(), 2);
    assert_eq!(store.unsent().expect("counted"), 2, "it goes to the office as it is now");
    assert!(store.rebuild().expect("rebuilt").is_clean());

    // Once more: who asks for the first is led to the last.
    let newest = record_id(8);
    store.clean(new, &without_note(newest), &stamp(1, 30)).expect("cleaned again");
    assert_eq!(store.successor(id).expect("read"), Some(newest));
    assert_eq!(store.successor(new).expect("read"), Some(newest));
}

#[test]
fn counters_and_what_names_it_come_along() {
    let mut store = memory();
    let tent = record_id(1);
    let made = Record::Visit(visit("Ridderhof, bij mevrouw X"));
    store.create(tent, person(1), &made, &stamp(1, 0)).expect("created");
    let key = TallyKey::Age(AgeGroup::Age65Plus);
    edit(&mut store, tent, Edit::Tally(key, 3).into_write(), 1);
    edit(&mut store, tent, Edit::Tally(key, 2).into_write(), 2);
    let (talk, _) = log(&mut store, 2, "bij de tent");
    edit(&mut store, talk, Write::Put(Field::Visit, Value::Text(tent.to_string())), 3);
    let new = record_id(3);
    let writes = vec![Write::Put(Field::PlaceName, Value::Text("Ridderhof".to_owned()))];
    let cleaning = Cleaning { successor: new, writes, entries: BTreeMap::new() };
    store.clean(tent, &cleaning, &stamp(1, 4)).expect("cleaned");
    let document = store.document(new).expect("readable").expect("here");
    assert_eq!(document.parts().tallies[&key], 5);
    let named = Filter { linked_to: Some(tent), ..Filter::default() };
    assert_eq!(store.count(&Scope::All, &named).expect("counted").n, 2, "the talk, the successor");
    assert!(store.rebuild().expect("rebuilt").is_clean());
}

#[test]
fn what_may_have_left_the_device_is_not_cleaned_here() {
    let mut store = memory();
    let (id, change) = log(&mut store, 1, SECRET);
    let later = edit(&mut store, id, Edit::People(4).into_write(), 1);
    let refused = |store: &mut Store, id| {
        let before = store.heads(id).expect("heads");
        let error = store.clean(id, &without_note(record_id(9)), &stamp(1, 9)).expect_err("sent");
        assert!(matches!(error, StoreError::Sent { id: of } if of == id), "{error:?}");
        assert_eq!(store.heads(id).expect("heads"), before);
        assert_eq!(store.row(record_id(9)).expect("read"), None);
    };
    // Pushed, and no answer yet.
    let position = store.outbox(1, 10_000).expect("outbox")[0].position;
    store.mark_sent(&[position]).expect("marked");
    refused(&mut store, id);
    // Accepted, with a later change that was never pushed.
    let outcome = Outcome::Accepted { number: 1, mac: None };
    store.settle(&[Settled { id, hash: change.hash, outcome }]).expect("settled");
    refused(&mut store, id);
    let outcome = Outcome::Accepted { number: 2, mac: None };
    store.settle(&[Settled { id, hash: later.hash, outcome }]).expect("settled");
    refused(&mut store, id);
    // Somebody else's.
    let mut others = memory();
    let (theirs, _) = log(&mut others, 5, SECRET);
    send(&others, &mut store, theirs);
    refused(&mut store, theirs);
    let nobody = store.clean(record_id(77), &without_note(record_id(9)), &stamp(1, 9));
    assert!(matches!(nobody, Err(StoreError::NotFound { .. })));
}

#[test]
fn a_successor_that_cannot_be_leaves_the_record_as_it_was() {
    let mut store = memory();
    let (id, _) = log(&mut store, 1, SECRET);
    let (taken, _) = log(&mut store, 2, "een ander");
    let before = store.changes(id).expect("changes");
    let exists = store.clean(id, &without_note(taken), &stamp(1, 9));
    assert!(matches!(exists, Err(StoreError::Exists { id }) if id == taken));
    let writes = vec![Write::Put(Field::Note, Value::Text(" ".repeat(2_000_000)))];
    let cleaning = Cleaning { successor: record_id(3), writes, entries: BTreeMap::new() };
    assert!(store.clean(id, &cleaning, &stamp(1, 9)).is_err());
    assert_eq!(store.changes(id).expect("changes"), before);
    assert_eq!(store.ids().expect("ids").len(), 2);
    assert!(store.rebuild().expect("rebuilt").is_clean());
}
