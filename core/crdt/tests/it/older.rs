//! Documents that other versions of the mapping wrote. Older ones lie as bytes on disk: they pass
//! the guard, read as they did and take edits. A newer one is made here: what this version does not
//! know of it is kept, edited around and passed on.

use std::path::Path;

use automerge::ScalarValue;
use automerge::legacy::{Key, Op, OpType};
use wijkboek_crdt::testing::{forge, unknown_field};
use wijkboek_crdt::{ChangeInfo, Document, RawChange};
use wijkboek_model::{ChangeHash, Field, Record, SetField, TallyKey, Value, Write, validate_parts};

use crate::fixtures::{code, codes, contact, create, entry, judge, load, principal, stamp};

/// The changes of a document of schema 1, in causal order.
pub(crate) fn older(name: &str) -> Vec<RawChange> {
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

/// A first change as schema 7 might write it: more fields, and members of sets and maps that are
/// keys of the root.
fn newer() -> RawChange {
    forge(&create(&contact("bak vol")).1, |change| {
        let like = change.operations.iter().find(|op| op.key == Key::from("note"));
        let like = like.expect("a note").clone();
        for op in &mut change.operations {
            if op.key == Key::from("_schema") {
                op.action = OpType::Put(ScalarValue::Uint(7));
            }
        }
        let values: [(&str, ScalarValue); 4] = [
            ("mood", "opgelucht".into()),
            ("temperature", ScalarValue::F64(21.5)),
            ("labels:geel", true.into()),
            ("inventory:019cb2f7-f301-7101-8101-010101010101", "4000\nverf".into()),
        ];
        change.operations.extend(values.into_iter().map(|(key, value)| Op {
            key: Key::from(key),
            action: OpType::Put(value),
            ..like.clone()
        }));
    })
}

/// What lies in a document under a key, whatever it is, for somebody who knows what it means.
fn raw_value(document: &Document, key: &str) -> Vec<ScalarValue> {
    use automerge::{Automerge, Change, ROOT, ReadDoc};
    let changes = document.changes();
    let changes = changes.iter().map(|c| Change::try_from(c.bytes.as_slice()).expect("a change"));
    let mut doc = Automerge::new();
    doc.apply_changes(changes).expect("a document's own changes");
    let standing = doc.get_all(ROOT, key).expect("the root is a map");
    standing.into_iter().filter_map(|(value, _)| value.into_scalar().ok()).collect()
}

#[test]
fn a_document_of_a_newer_schema_is_kept_edited_around_and_passed_on() {
    let first = newer();
    assert_eq!(codes(&judge(None, std::slice::from_ref(&first))), ["sound"]);
    let mut document = load(std::slice::from_ref(&first));
    assert_eq!(document.origin().schema, 7);
    assert!(document.record().is_ok());

    // Its own version writes on, adds a member and deletes one, while ours edits what it knows.
    let theirs = document.clone();
    let added = unknown_field(&theirs, "labels:blauw", "ja", &stamp(3, 60));
    let removed = forge(&unknown_field(&theirs, "labels:geel", "", &stamp(4, 61)), |change| {
        change.operations[0].action = OpType::Delete;
    });
    let note = Write::Put(Field::Note, text("bak leeg"));
    let ours = document.edit(&[note], &stamp(1, 62)).expect("valid").expect("different");
    let verdicts = judge(Some(&document), &[added.clone(), removed.clone()]);
    assert_eq!(codes(&verdicts), ["sound", "sound"]);
    for verdict in &verdicts {
        let wijkboek_crdt::Verdict::Sound(guarded) = verdict else { panic!("{verdict:?}") };
        assert!(guarded.writes.is_empty(), "nothing that this version could judge");
        assert!(guarded.unknown_keys[0].starts_with("labels:"));
        document.apply(guarded).expect("fits");
    }
    assert_eq!(raw_value(&document, "mood"), [ScalarValue::from("opgelucht")]);
    assert_eq!(raw_value(&document, "temperature"), [ScalarValue::F64(21.5)]);
    assert_eq!(raw_value(&document, "labels:blauw"), [ScalarValue::from("ja")]);
    assert!(raw_value(&document, "labels:geel").is_empty());
    let again = load(&document.changes());
    for change in [first, added, removed, ours] {
        assert!(again.changes().contains(&change), "passed on as it came");
    }
    let Ok(Record::Contact(contact)) = again.record() else { panic!("a contact") };
    assert_eq!(contact.note, "bak leeg");
}

#[test]
fn keys_of_newer_sets_have_one_spelling_and_no_old_name() {
    let (document, _) = create(&contact("bak vol"));
    let judged = |key: &str| {
        code(&judge(Some(&document), &[unknown_field(&document, key, "ja", &stamp(3, 60))])[0])
    };
    assert_eq!(judged("labels:geel"), "sound");
    assert_eq!(judged("labels:A.b_c:d+e-9"), "sound");
    assert_eq!(judged(&format!("labels:{}", "x".repeat(160))), "sound");
    assert_eq!(judged(&format!("labels:{}", "x".repeat(161))), "key-malformed");
    for malformed in ["labels:", ":geel", "Labels:geel", "labels:ge el", "labels:é", "note:geel"] {
        assert_eq!(judged(malformed), "key-malformed", "{malformed}");
    }
    assert_eq!(judged("themes:geel"), "key-malformed", "that set is a container");
    assert_eq!(judged("_labels:geel"), "reserved-key");
}

#[test]
fn documents_of_schema_1_take_the_fields_of_this_one() {
    for name in ["contact", "signal", "visit"] {
        let mut document = accepted(name);
        let known = document.clone();
        let gone = document.entries()[0].id.to_string();
        let reference = "signalen:2026-118".to_owned();
        let mut writes = vec![
            Write::Insert(SetField::Withdrawn, gone.clone()),
            Write::Insert(SetField::References, reference.clone()),
        ];
        if name == "contact" {
            writes.push(Write::Put(Field::Assignee, text(&principal(8).to_string())));
        }
        let change = document.edit(&writes, &stamp(4, 200)).expect("valid").expect("different");
        assert_eq!(codes(&judge(Some(&known), &[change])), ["sound"], "{name}");
        let parts = load(&document.changes()).parts();
        assert!(parts.sets[&SetField::Withdrawn].contains(&gone));
        assert!(parts.sets[&SetField::References].contains(&reference));
        if name == "contact" {
            assert_eq!(parts.fields[&Field::Assignee], text(&principal(8).to_string()));
            let audience = document.audience().expect("readable");
            assert!(audience.participants.contains(&principal(8)));
        }
        // And gives them back: a removed member leaves nothing behind.
        let removal = [Write::Remove(SetField::References, reference.clone())];
        document.edit(&removal, &stamp(5, 210)).expect("valid").expect("different");
        assert!(!document.parts().sets[&SetField::References].contains(&reference));
        assert!(raw_value(&document, &format!("references:{reference}")).is_empty());
    }
}
