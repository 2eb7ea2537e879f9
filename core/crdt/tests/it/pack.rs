//! Packs: what goes in comes out, whatever else comes in is an error, and a linear history says
//! without a document what the document says.

use std::collections::BTreeSet;

use automerge::legacy::{Key, Op, OpType};
use automerge::{ObjType, ScalarValue};
use proptest::prelude::*;
use wijkboek_crdt::testing::{forge, fuzz_pack, pack_of_sections, pack_sections, unknown_field};
use wijkboek_crdt::{
    Document, PackChange, PackDocument, PackError, PackLimits, PackedDocument, RawChange, Refusal,
    read_pack, read_packed_document, write_pack,
};
use wijkboek_model::{Entry, EntryId, Field, Record, SetField, TallyKey, Timestamp, Value, Write};

use crate::fixtures::{NOW_MS, contact, entry, principal, quiet, record_id, signal, stamp, visit};

/// One step of a history: by whom, what, and upon everything or only upon one's own.
#[derive(Debug, Clone)]
struct Step {
    by: u8,
    what: u8,
    text: String,
    beside: bool,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = (1..4_u8, any::<u8>(), "[ -~é\n]{1,60}", prop::bool::weighted(0.15));
    let step = step.prop_map(|(by, what, text, beside)| Step { by, what, text, beside });
    prop::collection::vec(step, 0..10)
}

fn start(kind: u8, note: &str) -> Record {
    match kind % 3 {
        0 => contact(note),
        1 => signal(note),
        _ => visit(),
    }
}

fn writes(kind: u8, step: &Step, n: usize) -> Vec<Write> {
    let text = || Value::Text(step.text.clone());
    let place = u8::try_from(n).expect("few steps");
    let appended = Entry {
        id: EntryId::from_parts(Timestamp::from_millis(NOW_MS + 7), [place.wrapping_mul(37); 10]),
        author: principal(step.by),
        text: format!("x{}", step.text),
    };
    let member = principal(step.by).to_string();
    let theme = || ["afval", "groen", "verkeer"][usize::from(step.by % 3)].to_owned();
    match (kind % 3, step.what % 6) {
        (_, 0) => vec![Write::Append(appended)],
        (2, 1) => vec![Write::Increment(TallyKey::JustATalk, i64::from(step.by))],
        (2, 2) => vec![Write::Insert(SetField::Team, member)],
        (2, 3) => vec![Write::Remove(SetField::Team, member)],
        (2, _) => vec![Write::Put(Field::PlaceName, text())],
        (_, 1) => vec![Write::Insert(SetField::Themes, theme())],
        (_, 2) => vec![Write::Remove(SetField::Themes, theme())],
        (_, 3) => vec![
            Write::Put(Field::Sensitivity, Value::Text("gevoelig".to_owned())),
            Write::Append(appended),
        ],
        (_, 4) => vec![Write::Put(Field::Place, Value::Null)],
        _ => vec![Write::Put(Field::Note, text())],
    }
}

/// A document, its changes in the order in which they were made, and whether nothing was written
/// beside something else.
fn history(n: u8, kind: u8, steps: &[Step]) -> (Document, bool) {
    let record = start(kind, "bak vol bij de flat");
    let (mut document, _) =
        Document::create(record_id(n), principal(1), &record, &stamp(1, 0)).expect("valid");
    let mut linear = true;
    for (n, step) in steps.iter().enumerate() {
        let at = stamp(step.by, 60 * i64::try_from(n).expect("few"));
        let mut beside = document.clone();
        let Ok(made) = document.edit(&writes(kind, step, n), &at) else { continue };
        if made.is_some() && step.beside {
            let other = unknown_field(&beside, "later", &step.text, &stamp(step.by + 4, 90));
            let verdicts = wijkboek_crdt::guard(
                beside.origin().id,
                Some(&beside),
                &[wijkboek_crdt::ForeignChange { announced: other.hash, bytes: &other.bytes }],
                &wijkboek_crdt::Limits::default(),
            );
            if let [wijkboek_crdt::Verdict::Sound(guarded)] = verdicts.as_slice() {
                beside.apply(guarded).expect("builds on what is here");
                document.apply(guarded).expect("builds on what is here");
                linear = false;
            }
        }
    }
    (document, linear)
}

fn packed(documents: &[&Document]) -> Vec<u8> {
    let changes: Vec<Vec<RawChange>> = documents.iter().map(|d| d.changes()).collect();
    let documents: Vec<PackDocument<'_>> = documents
        .iter()
        .zip(&changes)
        .map(|(document, changes)| PackDocument {
            id: document.origin().id,
            changes: changes
                .iter()
                .zip(40_u64..)
                .map(|(c, number)| PackChange { hash: c.hash, bytes: &c.bytes, number: number * 3 })
                .collect(),
        })
        .collect();
    write_pack(&documents, 3).expect("sound documents")
}

fn assert_same(back: &PackedDocument, document: &Document) {
    assert_eq!(back.id, document.origin().id);
    let raw: Vec<RawChange> =
        back.changes.iter().map(|c| RawChange { hash: c.hash, bytes: c.bytes.clone() }).collect();
    assert_eq!(raw, document.changes());
    let infos: Vec<_> = back.changes.iter().map(|c| c.info.clone()).collect();
    assert_eq!(infos, document.infos());
    let numbers: Vec<u64> = (40..).map(|n| n * 3).take(raw.len()).collect();
    assert_eq!(back.changes.iter().map(|c| c.number).collect::<Vec<_>>(), numbers);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn packs_give_back_what_was_packed(kinds in prop::collection::vec((any::<u8>(), steps()), 1..6)) {
        quiet();
        let made: Vec<(Document, bool)> =
            kinds.iter().zip(1_u8..).map(|((kind, steps), n)| history(n, *kind, steps)).collect();
        let documents: Vec<&Document> = made.iter().map(|(document, _)| document).collect();
        let pack = packed(&documents);
        let back = read_pack(&pack, &PackLimits::default()).expect("our own pack");
        prop_assert_eq!(back.len(), documents.len());
        for (back, (document, linear)) in back.iter().zip(&made) {
            assert_same(back, document);
            prop_assert_eq!(back.view(), linear.then(|| document.view()));
            let one = read_packed_document(&pack, back.id, &PackLimits::default());
            prop_assert_eq!(one.as_ref(), Ok(&Some(back.clone())));
        }
        let absent = read_packed_document(&pack, record_id(200), &PackLimits::default());
        prop_assert_eq!(absent, Ok(None));
    }
}

fn a_pack() -> Vec<u8> {
    let step = |by, what, beside| Step { by, what, text: "gebeld".to_owned(), beside };
    let steps = [step(1, 0, false), step(2, 1, true), step(1, 5, false), step(3, 3, false)];
    let made: Vec<Document> = (0..3_u8).map(|n| history(n + 1, n, &steps).0).collect();
    packed(&made.iter().collect::<Vec<_>>())
}

#[test]
fn a_pack_cut_short_or_prolonged_is_an_error() {
    let pack = a_pack();
    for end in 0..pack.len() {
        assert!(read_pack(&pack[..end], &PackLimits::default()).is_err(), "{end}");
    }
    let longer = [&pack[..], &[0]].concat();
    assert_eq!(read_pack(&longer, &PackLimits::default()), Err(PackError::Trailing));
    let sections = pack_sections(&pack).expect("our own pack");
    for section in 0..3 {
        for end in 0..sections[section].len() {
            let mut short = sections.clone();
            short[section].truncate(end);
            let read = read_pack(&pack_of_sections(&short), &PackLimits::default());
            assert!(read.is_err(), "section {section} up to {end}");
        }
    }
}

#[test]
fn spoiled_packs_neither_panic_nor_lie() {
    quiet();
    let pack = a_pack();
    let sound = read_pack(&pack, &PackLimits::default()).expect("our own pack");
    let ids: BTreeSet<_> = sound.iter().map(|document| document.id).collect();
    let sections = pack_sections(&pack).expect("our own pack");
    let (mut refused, mut read) = (0_u32, 0_u32);
    for section in 0..3 {
        for at in 0..sections[section].len() {
            for value in [0, 1, 0x7f, 0x80, 0xff, sections[section][at] ^ 0x10] {
                let mut spoiled = sections.clone();
                spoiled[section][at] = value;
                match read_pack(&pack_of_sections(&spoiled), &PackLimits::default()) {
                    Err(_) => refused += 1,
                    Ok(documents) => {
                        read += 1;
                        // Whatever was read has the hash of its bytes and names its own record.
                        for document in documents.iter().filter(|d| !ids.contains(&d.id)) {
                            let view = document.view();
                            assert!(view.is_none_or(|view| view.origin.id == document.id));
                        }
                    }
                }
            }
        }
    }
    assert!(refused > 1_000 && read > 100, "{refused} refused, {read} read");
}

#[test]
fn caps_hold_before_anything_is_made() {
    let pack = a_pack();
    let default = PackLimits::default;
    for limits in [
        PackLimits { pack_bytes: pack.len() - 1, ..default() },
        PackLimits { unpacked_bytes: 500, ..default() },
        PackLimits { documents: 2, ..default() },
        PackLimits { changes: 5, ..default() },
        PackLimits { change_bytes: 1_000, ..default() },
    ] {
        assert_eq!(read_pack(&pack, &limits), Err(PackError::TooLarge), "{limits:?}");
    }
    for limits in [
        PackLimits { changes_per_document: 4, ..default() },
        PackLimits { document_bytes: 1_000, ..default() },
    ] {
        let full = PackError::Change { document: record_id(1), refusal: Refusal::DocumentFull };
        assert_eq!(read_pack(&pack, &limits), Err(full), "{limits:?}");
    }
    assert_eq!(read_pack(b"WBPK\x02", &default()), Err(PackError::OtherVersion));
    assert_eq!(read_pack(b"WBPC\x01", &default()), Err(PackError::NotAPack));
    // A section that says it unpacks to a terabyte.
    let bomb = [b"WBPK\x01".as_slice(), &[0x80, 0x80, 0x80, 0x80, 0x80, 0x20, 1, 0]].concat();
    assert_eq!(read_pack(&bomb, &default()), Err(PackError::TooLarge));
    assert_eq!(fuzz_pack(&bomb), 0);
}

#[test]
fn what_has_no_place_is_not_packed() {
    let (mut document, first) =
        Document::create(record_id(1), principal(1), &contact("vol"), &stamp(1, 0)).expect("valid");
    let edit = document
        .edit(&[Write::Append(entry(1, "gebeld"))], &stamp(1, 60))
        .expect("valid")
        .expect("different");
    let pack = |id, changes: &[&RawChange]| {
        let changes =
            changes.iter().map(|c| PackChange { number: 1, hash: c.hash, bytes: &c.bytes });
        write_pack(&[PackDocument { id: record_id(id), changes: changes.collect() }], 3)
    };
    let refusal = |result| match result {
        Err(PackError::Change { refusal, .. }) => refusal.code(),
        other => panic!("{other:?}"),
    };
    assert_eq!(refusal(pack(1, &[])), "empty-change");
    assert_eq!(refusal(pack(1, &[&edit, &first])), "unrelated-dependency");
    assert_eq!(refusal(pack(1, &[&first, &first])), "forked-sequence");
    assert_eq!(refusal(pack(2, &[&first, &edit])), "other-record");
    let other = RawChange { hash: edit.hash, bytes: first.bytes.clone() };
    assert_eq!(refusal(pack(1, &[&other])), "hash-mismatch");
    let twice = PackDocument {
        id: record_id(1),
        changes: vec![PackChange { hash: first.hash, bytes: &first.bytes, number: 1 }],
    };
    assert_eq!(write_pack(&[twice.clone(), twice], 3), Err(PackError::Order));
}

/// What a newer server accepted, this version keeps, whatever it makes of it.
#[test]
fn first_changes_of_a_newer_version_pass() {
    let (_, first) =
        Document::create(record_id(1), principal(1), &contact("vol"), &stamp(1, 0)).expect("valid");
    let put = |key: &'static str, value: ScalarValue| {
        forge(&first, move |change| {
            let op = change.operations.iter_mut().find(|op| op.key == Key::from(key));
            op.expect("such a key").action = OpType::Put(value);
        })
    };
    let newer_shape = forge(&put("_schema", ScalarValue::Uint(7)), |change| {
        let list = Op { key: Key::from("more"), ..change.operations[0].clone() };
        change.operations.push(Op { action: OpType::Make(ObjType::List), ..list });
    });
    let read = |change: &RawChange| {
        let changes = vec![PackChange { hash: change.hash, bytes: &change.bytes, number: 1 }];
        let pack = write_pack(&[PackDocument { id: record_id(1), changes }], 3);
        pack.and_then(|pack| read_pack(&pack, &PackLimits::default()))
    };
    for newer in [put("_type", "raadsbesluit".into()), newer_shape] {
        let documents = read(&newer).expect("kept");
        assert_eq!(documents[0].changes[0].bytes, newer.bytes);
        assert_eq!(documents[0].view(), None);
    }
    let stricter = read(&put("note", "x".repeat(20_001).into()));
    assert!(stricter.is_ok(), "values are not judged again");
}

/// The example that `docs/PROTOCOL.md` names. It never changes: a reader of any version reads it.
#[test]
fn the_example_of_the_protocol_reads_as_written_down() {
    let example = include_bytes!("pack/three-records.bin");
    let documents = read_pack(example, &PackLimits::default()).expect("a pack");
    let changes: Vec<String> = documents
        .iter()
        .flat_map(|d| d.changes.iter().map(|c| format!("{} {} {}\n", d.id, c.number, c.hash)))
        .collect();
    assert_eq!(changes.concat(), include_str!("pack/three-records.txt"));
    let again: Vec<PackDocument<'_>> = documents
        .iter()
        .map(|document| PackDocument {
            id: document.id,
            changes: document
                .changes
                .iter()
                .map(|c| PackChange { hash: c.hash, bytes: &c.bytes, number: c.number })
                .collect(),
        })
        .collect();
    let again = write_pack(&again, 3).expect("sound documents");
    let sections = pack_sections(example).expect("a pack");
    assert_eq!(sections, pack_sections(&again).expect("a pack"), "another layout: a new version");
}
