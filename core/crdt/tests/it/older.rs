//! Documents that an older version of the mapping wrote, as bytes on disk: they pass the guard,
//! read as they did, and take edits of fields that their version did not have.

use std::path::Path;

use wijkboek_crdt::testing::unknown_field;
use wijkboek_crdt::{ChangeInfo, Document, RawChange};
use wijkboek_model::{ChangeHash, Field, Record, SetField, TallyKey, Value, Write, validate_parts};

use crate::fixtures::{codes, entry, judge, load, principal, stamp};

fn older(name: &str) -> Vec<RawChange> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/schema-1");
    let read = |n: usize| std::fs::read(folder.join(format!("{name}-{n}.bin")));
    let changes: Vec<RawChange> = (0..)
        .map_while(|n| read(n).ok())
        .map(|bytes| {
            let info = ChangeInfo::read(&bytes).expect("a change");
            RawChange { hash: info.hash, bytes }
        })
        .collect();
    assert_eq!(changes.len(), 5, "{name}");
    changes
}

/// The document, after the guard accepted each of its changes for a server that has none of it.
fn accepted(name: &str) -> Document {
    let changes = older(name);
    assert_eq!(codes(&judge(None, &changes)), ["sound"; 5], "{name}");
    let document = load(&changes);
    assert_eq!(document.origin().schema, 1);
    // Passed on as they came; concurrent ones in whatever order.
    let passed_on = document.changes();
    assert_eq!(passed_on.len(), changes.len());
    assert!(changes.iter().all(|change| passed_on.contains(change)), "{name}");
    document
}

fn text(value: &str) -> Value {
    Value::Text(value.to_owned())
}

#[test]
fn a_contact_of_schema_1_reads_as_it_did() {
    let document = accepted("contact");
    let Ok(Record::Contact(contact)) = document.record() else { panic!("a contact") };
    assert_eq!(contact.note, "bak weg");
    assert_eq!(contact.promise.to_string(), "persoonlijk:2026-04-16");
    assert_eq!(contact.themes.iter().map(ToString::to_string).collect::<Vec<_>>(), ["groen"]);
    assert_eq!(document.entries(), [entry(1, "gebeld"), entry(2, "langs geweest")]);
    let photos = &document.parts().sets[&SetField::Photos];
    assert!(photos.contains(&ChangeHash::new([1; 32]).to_string()));
    let conflicts = document.conflicts();
    assert_eq!(conflicts.len(), 1);
    let values: Vec<_> = conflicts[0].values.iter().map(|a| a.value.clone()).collect();
    assert_eq!(
        (conflicts[0].field, values),
        (Field::Note, vec![text("bak weg"), text("bak leeg")])
    );
    assert_eq!(document.history().len(), 5);
}

#[test]
fn a_signal_of_schema_1_reads_as_it_did() {
    let document = accepted("signal");
    let Ok(Record::Signal(signal)) = document.record() else { panic!("a signal") };
    assert_eq!(signal.answer.as_deref(), Some("lamp vervangen"));
    assert_eq!(document.conflicts()[0].field, Field::Assignee);
    let audience = document.audience().expect("readable");
    assert_eq!(audience.participants, [principal(8), principal(9)].into());
    // What its version did not know either is still there, and is still replaced correctly.
    let again = unknown_field(&document, "mood", "boos", &stamp(4, 99));
    assert_eq!(codes(&judge(Some(&document), &[again])), ["sound"]);
}

#[test]
fn a_visit_of_schema_1_reads_as_it_did() {
    let document = accepted("visit");
    let Ok(Record::Visit(visit)) = document.record() else { panic!("a visit") };
    assert_eq!(visit.place_name, "Koningsplein");
    assert_eq!(visit.team, [principal(1), principal(7)].into());
    let first = TallyKey::all().next().expect("a counter");
    assert_eq!((visit.tallies[&first], visit.tallies[&TallyKey::JustATalk]), (6, 2));
    assert_eq!(document.heads().len(), 2);
}

#[test]
fn documents_of_schema_1_take_edits_and_choices() {
    for name in ["contact", "signal", "visit"] {
        let mut document = accepted(name);
        let known = document.clone();
        for conflict in document.conflicts() {
            let chosen = Write::Put(conflict.field, conflict.values[1].value.clone());
            assert!(document.edit(&[chosen], &stamp(4, 200)).expect("valid").is_some());
        }
        let writes = [
            Write::Append(entry(9, "nog eens langs")),
            Write::Insert(SetField::Photos, ChangeHash::new([9; 32]).to_string()),
        ];
        assert!(document.edit(&writes, &stamp(4, 201)).expect("valid").is_some());
        assert!(document.conflicts().is_empty());
        assert!(document.record().is_ok());
        let new: Vec<_> =
            document.changes().into_iter().filter(|change| !known.contains(&change.hash)).collect();
        let codes = codes(&judge(Some(&known), &new));
        assert!(codes.iter().all(|code| *code == "sound"), "{name}: {codes:?}");
        let parts = document.parts();
        assert_eq!(validate_parts(document.origin().record_type, &parts), Ok(()));
        assert_eq!(load(&document.changes()).parts(), parts);
    }
}
