//! Nothing that passes the earlier checks is known to fail the proof, so these tests put an
//! engine in Automerge's place that panics on, or does not reload, what holds a given text.

use automerge::transaction::Transactable;
use wijkboek_model::{
    ActorId, Entry, EntryId, InstallId, PrincipalId, Record, RecordId, Sensitivity, TallyKey,
    Timestamp, Visit, Write,
};

use super::super::Engine;
use super::*;
use crate::{Document, ForeignChange, Limits, RawChange, Stamp, Verdict};

const MOMENT: Timestamp = Timestamp::from_millis(1_772_529_120_000);

fn stamp(by: u8) -> Stamp {
    Stamp { actor: ActorId::of(InstallId::new([by; 12]), 0), at: MOMENT }
}

fn create() -> (Document, RawChange) {
    let record = Record::Visit(Visit {
        place_name: "plein".to_owned(),
        buurt: "BU05970600".parse().expect("a buurt"),
        place: None,
        starts_at: MOMENT,
        ends_at: MOMENT,
        sensitivity: Sensitivity::Gewoon,
        team: std::collections::BTreeSet::new(),
        tallies: TallyKey::all().map(|key| (key, 0)).collect(),
    });
    let author = PrincipalId::from_parts(MOMENT, [1; 10]);
    Document::create(RecordId::from_parts(MOMENT, [1; 10]), author, &record, &stamp(0))
        .expect("a valid record")
}

/// One change of its own actor that appends this text.
fn append(document: &Document, by: u8, text: &str) -> RawChange {
    let id = EntryId::from_parts(MOMENT, [by; 10]);
    let entry = Entry { id, author: document.origin().author, text: text.to_owned() };
    let edit = document.clone().edit(&[Write::Append(entry)], &stamp(by));
    edit.expect("valid").expect("different")
}

fn holds(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|part| part == text.as_bytes())
}

fn judge(known: &Document, batch: &[RawChange], engine: Engine) -> Vec<&'static str> {
    let foreign: Vec<_> =
        batch.iter().map(|c| ForeignChange { announced: c.hash, bytes: &c.bytes }).collect();
    let limits = Limits::default();
    let mut session = Session::new(known.origin().id, Some(known), &foreign, &limits);
    session.engine = engine;
    session.judge();
    let verdicts = session.verdicts();
    verdicts
        .iter()
        .map(|verdict| match verdict {
            Verdict::Sound(_) => "sound",
            Verdict::Duplicate(_) => "duplicate",
            Verdict::Waiting { .. } => "waiting",
            Verdict::Refused { refusal, .. } => refusal.code(),
        })
        .collect()
}

fn fussy_apply(doc: &mut Automerge, changes: Vec<Change>) -> bool {
    assert!(!changes.iter().any(|change| holds(change.raw_bytes(), "knal")), "a planted panic");
    apply(doc, changes)
}

fn fussy_reload(doc: &Automerge) -> Option<Automerge> {
    if holds(&doc.save_nocompress(), "gif") { None } else { reload(doc) }
}

const FUSSY: Engine = Engine { apply: fussy_apply, reload: fussy_reload };

#[test]
fn the_one_to_blame_is_found_and_the_others_stand() {
    let (known, _) = create();
    let mut edited = known.clone();
    let bad = append(&known, 3, "gif");
    edited.apply_all(&sound(&known, std::slice::from_ref(&bad))).expect("fits");
    let batch = [
        append(&known, 1, "een"),
        append(&known, 2, "twee"),
        bad,
        append(&edited, 4, "bouwt erop"),
        append(&known, 5, "vijf"),
        append(&known, 6, "weer gif"),
        append(&known, 7, "zeven"),
    ];
    let codes = judge(&known, &batch, FUSSY);
    let bad = "not-reloadable";
    let expected = ["sound", "sound", bad, "depends-on-refused", "sound", bad, "sound"];
    assert_eq!(codes, expected);
}

/// Applies something else beside what holds the text, as an engine with a fault might.
fn altering_apply(doc: &mut Automerge, changes: Vec<Change>) -> bool {
    let alters = changes.iter().any(|change| holds(change.raw_bytes(), "vals"));
    if !apply(doc, changes) {
        return false;
    }
    if alters {
        let mut transaction = doc.transaction();
        let put = transaction.put(automerge::ROOT, "sensitivity", "openbaar");
        transaction.commit();
        return put.is_ok();
    }
    true
}

#[test]
fn what_leaves_no_readable_record_is_refused_alone() {
    let (known, _) = create();
    let batch = [append(&known, 1, "een"), append(&known, 2, "vals"), append(&known, 3, "drie")];
    let engine = Engine { apply: altering_apply, reload };
    assert_eq!(judge(&known, &batch, engine), ["sound", "record-unreadable", "sound"]);
}

#[test]
fn what_panics_while_it_is_applied_is_refused_alone() {
    let (known, _) = create();
    let batch = [append(&known, 1, "een"), append(&known, 2, "knal"), append(&known, 3, "drie")];
    assert_eq!(judge(&known, &batch, FUSSY), ["sound", "not-applicable", "sound"]);
}

#[test]
fn a_flood_of_harmful_changes_makes_the_rest_wait() {
    let (known, _) = create();
    let mut batch: Vec<_> = (1..=6).map(|by| append(&known, by, "gif")).collect();
    batch.push(append(&known, 9, "goed"));
    let codes = judge(&known, &batch, FUSSY);
    assert_eq!(codes.iter().filter(|code| **code == "not-reloadable").count(), MOST_BLAMED);
    assert_eq!(codes.iter().filter(|code| **code == "waiting").count(), 3);
    assert_eq!(judge(&known, &batch[5..], FUSSY), ["not-reloadable", "sound"]);
}

fn sound(known: &Document, batch: &[RawChange]) -> Vec<crate::Guarded> {
    let foreign: Vec<_> =
        batch.iter().map(|c| ForeignChange { announced: c.hash, bytes: &c.bytes }).collect();
    crate::guard(known.origin().id, Some(known), &foreign, &Limits::default())
        .into_iter()
        .filter_map(|verdict| match verdict {
            Verdict::Sound(guarded) => Some(guarded),
            Verdict::Duplicate(_) | Verdict::Waiting { .. } | Verdict::Refused { .. } => None,
        })
        .collect()
}
