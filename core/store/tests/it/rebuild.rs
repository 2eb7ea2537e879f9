//! The read model follows from the changes: what somebody plants in it is found and put right.

use std::path::Path;

use rusqlite::Connection;
use wijkboek_model::{AgeGroup, Edit, Record, RecordId, TallyKey};
use wijkboek_store::{Filter, RebuildReport, Scope, Store};

use crate::support::{contact, edit, log, memory, person, record_id, send, stamp, visit};

/// A store with some of everything; the ids of a contact and a visit in it.
fn filled(path: &Path) -> (Store, RecordId, RecordId) {
    let mut store = Store::open(path).expect("opened");
    let mut record = contact("de heg is te hoog");
    record.themes = ["groen"].iter().map(|t| t.parse().expect("a theme")).collect();
    let first = record_id(1);
    store.create(first, person(1), &Record::Contact(record), &stamp(1, 0)).expect("created");
    let tent = record_id(2);
    let mut at_square = visit("Ridderhof");
    at_square.team = [person(2)].into();
    store.create(tent, person(1), &Record::Visit(at_square), &stamp(1, 0)).expect("created");
    edit(&mut store, tent, Edit::Tally(TallyKey::Age(AgeGroup::Age0To14), 4).into_write(), 1);
    let mut others = memory();
    let (third, _) = log(&mut others, 3, "van een ander");
    send(&others, &mut store, third);
    (store, first, tent)
}

fn row_of(path: &Path, id: RecordId) -> i64 {
    let db = Connection::open(path).expect("opened beside");
    db.query_row("SELECT row FROM document WHERE id = ?1", [id.as_bytes()], |row| row.get(0))
        .expect("a row")
}

#[test]
fn a_store_in_order_has_nothing_to_put_right() {
    let folder = tempfile::tempdir().expect("a folder");
    let (mut store, ..) = filled(&folder.path().join("boek.db"));
    let report = store.rebuild().expect("rebuilt");
    assert_eq!(report, RebuildReport { documents: 3, ..RebuildReport::default() });
    assert!(report.is_clean());
}

#[test]
fn planted_differences_are_found_and_put_right() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("boek.db");
    let (mut store, first, tent) = filled(&path);
    let before = store.list(&Scope::All, &Filter::default(), None, 50).expect("a list");
    let contact_row = row_of(&path, first);
    let visit_row = row_of(&path, tent);
    let planted = [
        (first, format!("UPDATE record SET text = 'anders' WHERE row = {contact_row}")),
        (first, format!("UPDATE record SET wijk = 'WK059799' WHERE row = {contact_row}")),
        (first, format!("UPDATE record SET conflicts = 3 WHERE row = {contact_row}")),
        (first, format!("DELETE FROM record WHERE row = {contact_row}")),
        (first, format!("DELETE FROM record_theme WHERE row = {contact_row}")),
        (first, format!("INSERT INTO record_theme VALUES ('zorg', {contact_row})")),
        (first, format!("INSERT INTO record_wijk_too VALUES ('WK059701', {contact_row})")),
        (first, format!("UPDATE document SET heads = zeroblob(32) WHERE row = {contact_row}")),
        (first, format!("UPDATE document SET number = 77 WHERE row = {contact_row}")),
        (tent, format!("UPDATE tally SET n = n + 1 WHERE row = {visit_row}")),
        (tent, format!("DELETE FROM participant WHERE row = {visit_row}")),
    ];
    for (id, sql) in planted {
        let other = Connection::open(&path).expect("opened beside");
        assert!(other.execute(&sql, []).expect("planted") > 0, "{sql}");
        let report = store.rebuild().expect("rebuilt");
        assert_eq!(report.differing, [id], "{sql}");
        assert!(store.rebuild().expect("rebuilt").is_clean(), "{sql}");
        let after = store.list(&Scope::All, &Filter::default(), None, 50).expect("a list");
        assert_eq!(after, before, "{sql}");
    }
}

#[test]
fn wrong_counts_and_a_wrong_search_index_are_found() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("boek.db");
    let (mut store, first, _) = filled(&path);
    let other = Connection::open(&path).expect("opened beside");
    other.execute("UPDATE area_count SET n = n + 5", []).expect("planted");
    assert!(store.rebuild().expect("rebuilt").counts_differed);
    assert_eq!(store.count(&Scope::All, &Filter::default()).expect("a count").n, 3);

    let row = row_of(&path, first);
    let delete = format!(
        "INSERT INTO search (search, rowid, text, thread, more)
         SELECT 'delete', row, text, thread, more FROM record WHERE row = {row}"
    );
    other.execute(&delete, []).expect("planted");
    let filter = Filter { text: Some("heg".to_owned()), ..Filter::default() };
    assert_eq!(store.count(&Scope::All, &filter).expect("a count").n, 0);
    assert!(store.rebuild().expect("rebuilt").search_differed);
    assert_eq!(store.count(&Scope::All, &filter).expect("a count").n, 1);
    assert!(store.rebuild().expect("rebuilt").is_clean());
}

#[test]
fn a_rotten_change_is_reported_and_left_alone() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("boek.db");
    let (mut store, first, _) = filled(&path);
    let row = row_of(&path, first);
    let other = Connection::open(&path).expect("opened beside");
    let rot = format!("UPDATE change SET bytes = x'00' WHERE row = {row}");
    other.execute(&rot, []).expect("planted");
    let report = store.rebuild().expect("rebuilt");
    assert_eq!((report.damaged, report.differing), (vec![first], vec![]));
    let kept = store.row(first).expect("read").expect("still listed");
    assert_eq!(kept.text, "de heg is te hoog");
}
