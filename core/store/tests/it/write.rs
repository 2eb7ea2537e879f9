//! Local writes and what can be read right after.

use wijkboek_model::{
    AgeGroup, ContactKind, Edit, Entry, EntryId, Invalid, Place, PlaceSource, Record, Rule, Status,
    TallyKey, Timestamp, Value,
};
use wijkboek_model::{Field, Write};
use wijkboek_store::{Delivery, Filter, Scope, StoreError};

use crate::support::{MORNING, contact, edit, log, memory, person, record_id, stamp, visit};

#[test]
fn a_new_record_is_readable_searchable_and_in_the_outbox() {
    let mut store = memory();
    let mut record = contact("De bank op het plein is stuk");
    record.themes = ["groen", "afval"].iter().map(|t| t.parse().expect("a theme")).collect();
    record.place = Some(Place::new(4.602, 51.886, 8, PlaceSource::Gps).expect("a place"));
    let id = record_id(1);
    let change = store
        .create(id, person(1), &Record::Contact(record.clone()), &stamp(1, 0))
        .expect("created");

    let row = store.row(id).expect("read").expect("a row");
    assert_eq!(row.text, record.note);
    assert_eq!(row.kind, Some(ContactKind::Vraag));
    assert_eq!(row.status, Some(Status::Nieuw));
    assert_eq!(row.buurt, Some(record.buurt.clone()));
    assert_eq!(row.wijk, record.buurt.wijk());
    assert_eq!(row.themes, record.themes.into_iter().collect::<Vec<_>>());
    assert_eq!(row.place, record.place);
    assert_eq!(row.author, Some(person(1)));
    assert_eq!(row.created_at, id.timestamp());
    assert_eq!((row.delivery, row.number, row.readable), (Delivery::OnDevice, None, true));

    let filter = Filter { text: Some("plein".to_owned()), ..Filter::default() };
    assert_eq!(store.list(&Scope::All, &filter, None, 50).expect("a list").rows, [row]);
    let outbox = store.outbox(10, 100_000).expect("the outbox");
    assert_eq!(outbox.len(), 1);
    assert_eq!((outbox[0].id, &outbox[0].change), (id, &change));
    assert_eq!(store.heads(id).expect("heads"), [change.hash]);
    let document = store.document(id).expect("readable").expect("here");
    assert_eq!(document.heads(), [change.hash]);
}

#[test]
fn an_edit_is_one_more_change_and_reaches_row_and_search() {
    let mut store = memory();
    let (id, _) = log(&mut store, 1, "lantaarn kapot");
    edit(&mut store, id, Edit::Status(Status::InBehandeling).into_write(), 1_000);
    let text = "Ook bij de school brandt er geen".to_owned();
    let entry = EntryId::from_parts(Timestamp::from_millis(MORNING), [1; 10]);
    let write = Write::Append(Entry { id: entry, author: person(1), text });
    let last = edit(&mut store, id, write, 2_000);

    let row = store.row(id).expect("read").expect("a row");
    assert_eq!(row.status, Some(Status::InBehandeling));
    assert_eq!(store.heads(id).expect("heads"), [last.hash]);
    assert_eq!(store.unsent().expect("unsent"), 3);
    for words in ["lantaarn school", "LANTAARN", "sch brandt"] {
        let filter = Filter { text: Some(words.to_owned()), ..Filter::default() };
        assert_eq!(store.count(&Scope::All, &filter).expect("a count").n, 1, "{words}");
    }
    let again = store.edit(id, &[Edit::Status(Status::InBehandeling).into_write()], &stamp(1, 3));
    assert_eq!(again.expect("no error"), None);
    assert_eq!(store.unsent().expect("unsent"), 3);
}

#[test]
fn tallies_add_up() {
    let mut store = memory();
    let id = record_id(1);
    store.create(id, person(1), &Record::Visit(visit("Ridderhof")), &stamp(1, 0)).expect("created");
    let old = TallyKey::Age(AgeGroup::Age65Plus);
    for at in 1..=3 {
        edit(&mut store, id, Edit::Tally(old, 2).into_write(), at);
    }
    edit(&mut store, id, Edit::Tally(old, -1).into_write(), 9);
    let row = store.row(id).expect("read").expect("a row");
    assert_eq!(row.tallies[&old], 5);
    assert_eq!(row.tallies.len(), TallyKey::all().count());
    assert_eq!((row.text.as_str(), row.kind, row.status), ("Ridderhof", None, None));
}

#[test]
fn what_breaks_a_rule_leaves_no_trace() {
    let mut store = memory();
    let mut wrong = contact("te veel mensen");
    wrong.people = 1_000_000;
    let refused = store.create(record_id(1), person(1), &Record::Contact(wrong), &stamp(1, 0));
    let people = Invalid { field: Field::People.key(), rule: Rule::OutOfRange };
    assert!(matches!(refused, Err(StoreError::Invalid(invalid)) if invalid == people));
    assert_eq!(store.ids().expect("ids"), []);

    let (id, _) = log(&mut store, 2, "goed");
    let bad = Write::Put(Field::People, Value::Int(-1));
    assert!(matches!(store.edit(id, &[bad], &stamp(1, 1)), Err(StoreError::Invalid(_))));
    let foreign = Write::Put(Field::EndsAt, Value::Time(Timestamp::from_millis(MORNING)));
    assert!(matches!(store.edit(id, &[foreign], &stamp(1, 1)), Err(StoreError::Invalid(_))));
    assert_eq!(store.unsent().expect("unsent"), 1);
}

#[test]
fn an_id_is_taken_once_and_must_be_there_to_be_edited() {
    let mut store = memory();
    let (id, _) = log(&mut store, 1, "eerste");
    let again = store.create(id, person(1), &Record::Contact(contact("tweede")), &stamp(1, 5));
    assert!(matches!(again, Err(StoreError::Exists { id: taken }) if taken == id));
    let missing = record_id(2);
    let edited = store.edit(missing, &[Edit::People(2).into_write()], &stamp(1, 6));
    assert!(matches!(edited, Err(StoreError::NotFound { id }) if id == missing));
    assert_eq!(store.row(missing).expect("read"), None);
    assert_eq!(store.delivery(missing).expect("read"), None);
}

#[test]
fn drafts_and_facts_are_kept_as_given() {
    let mut store = memory();
    store.save_draft("nieuw-contact", r#"{"note":"Mevr."}"#).expect("saved");
    store.save_draft("bezoek", "{}").expect("saved");
    store.save_draft("nieuw-contact", r#"{"note":"Mevrouw"}"#).expect("saved");
    assert_eq!(
        store.draft("nieuw-contact").expect("read").as_deref(),
        Some(r#"{"note":"Mevrouw"}"#)
    );
    let slots: Vec<String> = store.drafts().expect("read").into_iter().map(|d| d.slot).collect();
    assert_eq!(slots, ["nieuw-contact", "bezoek"]);
    store.delete_draft("nieuw-contact").expect("deleted");
    assert_eq!(store.draft("nieuw-contact").expect("read"), None);

    assert_eq!(store.meta("teller").expect("read"), None);
    store.set_meta("teller", &[0, 255]).expect("set");
    store.set_meta("teller", &[1]).expect("set");
    assert_eq!(store.meta("teller").expect("read"), Some(vec![1]));
}
