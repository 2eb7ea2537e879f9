//! Records, actors and short ways to call the guard.

use std::collections::BTreeSet;

use wijkboek_crdt::{Document, ForeignChange, Limits, RawChange, Refusal, Stamp, Verdict, guard};
use wijkboek_model::{
    ActorId, Channel, Contact, ContactKind, Entry, EntryId, Field, InstallId, LivesIn, Parts,
    Party, Place, PlaceSource, PrincipalId, Promise, Record, RecordId, RecordType, Sensitivity,
    Signal, Status, TallyKey, Timestamp, Value, Visit,
};

/// 2026-03-03T09:12:00Z.
pub(crate) const NOW_MS: i64 = 1_772_529_120_000;

pub(crate) fn record_id(n: u8) -> RecordId {
    RecordId::from_parts(Timestamp::from_millis(NOW_MS), [n; 10])
}

pub(crate) fn principal(n: u8) -> PrincipalId {
    PrincipalId::from_parts(Timestamp::from_millis(NOW_MS), [n; 10])
}

pub(crate) fn entry(n: u8, text: &str) -> Entry {
    let id = EntryId::from_parts(Timestamp::from_millis(NOW_MS + i64::from(n)), [n; 10]);
    Entry { id, author: principal(1), text: text.to_owned() }
}

pub(crate) fn actor(n: u8) -> ActorId {
    ActorId::of(InstallId::new([n; 12]), 1)
}

pub(crate) fn stamp(by: u8, after_s: i64) -> Stamp {
    Stamp { actor: actor(by), at: Timestamp::from_millis(NOW_MS + after_s * 1_000) }
}

pub(crate) fn contact(note: &str) -> Record {
    Record::Contact(Contact {
        kind: ContactKind::Klacht,
        themes: BTreeSet::from(["afval".parse().expect("a theme")]),
        note: note.to_owned(),
        buurt: "BU05970600".parse().expect("a buurt"),
        place: Some(Place::new(4.602_66, 51.886_1, 8, PlaceSource::Gps).expect("a place")),
        lives_in: LivesIn::Here,
        people: 2,
        households: 1,
        party: Party::Bewoner,
        age_group: None,
        occurred_at: Timestamp::from_millis(NOW_MS),
        channel: Channel::Wijkronde,
        language: "nld".to_owned(),
        sensitivity: Sensitivity::Gewoon,
        status: Status::Nieuw,
        assignee: None,
        over_optreden: false,
        promise: Promise::Unsaid,
        answer: None,
        feedback: None,
        visit: None,
    })
}

pub(crate) fn signal(note: &str) -> Record {
    Record::Signal(Signal {
        kind: ContactKind::Signaal,
        themes: BTreeSet::new(),
        note: note.to_owned(),
        buurt: "BU05970600".parse().expect("a buurt"),
        place: None,
        occurred_at: Timestamp::from_millis(NOW_MS),
        language: "nld".to_owned(),
        sensitivity: Sensitivity::Gewoon,
        status: Status::Nieuw,
        assignee: None,
        promise: Promise::Unsaid,
        answer: None,
        feedback: None,
    })
}

pub(crate) fn visit() -> Record {
    Record::Visit(Visit {
        place_name: "Dillenburgplein".to_owned(),
        buurt: "BU05970600".parse().expect("a buurt"),
        place: None,
        starts_at: Timestamp::from_millis(NOW_MS),
        ends_at: Timestamp::from_millis(NOW_MS + 7_200_000),
        sensitivity: Sensitivity::Gewoon,
        team: BTreeSet::from([principal(1), principal(2)]),
        tallies: TallyKey::all().map(|key| (key, 0)).collect(),
    })
}

pub(crate) fn meeting() -> Record {
    let text = |text: &str| Value::Text(text.to_owned());
    let time = |ms| Value::Time(Timestamp::from_millis(ms));
    let record_type = RecordType::Meeting;
    let mut parts = Parts::default();
    parts.fields.extend(Field::of(record_type).iter().map(|field| (*field, Value::Null)));
    parts.fields.extend([
        (Field::MeetingKind, text("themabijeenkomst")),
        (Field::Title, text("Schoon en heel")),
        (Field::PlaceName, text("De Wijkplaats")),
        (Field::StartsAt, time(NOW_MS)),
        (Field::EndsAt, time(NOW_MS + 3_600_000)),
        (Field::Status, text("nieuw")),
        (Field::Sensitivity, text("gewoon")),
    ]);
    Record::from_parts(record_type, &parts).expect("a meeting")
}

pub(crate) fn create(record: &Record) -> (Document, RawChange) {
    Document::create(record_id(1), principal(1), record, &stamp(1, 0)).expect("a valid record")
}

pub(crate) fn load(changes: &[RawChange]) -> Document {
    Document::load(record_id(1), changes.iter().map(|c| c.bytes.as_slice())).expect("own changes")
}

/// Judges a batch under its announced hashes, with the default limits.
pub(crate) fn judge(known: Option<&Document>, batch: &[RawChange]) -> Vec<Verdict> {
    judge_for(record_id(1), known, batch)
}

pub(crate) fn judge_for(
    id: RecordId,
    known: Option<&Document>,
    batch: &[RawChange],
) -> Vec<Verdict> {
    let foreign: Vec<_> =
        batch.iter().map(|c| ForeignChange { announced: c.hash, bytes: &c.bytes }).collect();
    guard(id, known, &foreign, &Limits::default())
}

pub(crate) fn refusal(verdict: &Verdict) -> Option<Refusal> {
    match verdict {
        Verdict::Refused { refusal, .. } => Some(*refusal),
        Verdict::Sound(_) | Verdict::Duplicate(_) | Verdict::Waiting { .. } => None,
    }
}

/// The refusal's word, or what else the verdict is.
pub(crate) fn code(verdict: &Verdict) -> &'static str {
    match verdict {
        Verdict::Sound(_) => "sound",
        Verdict::Duplicate(_) => "duplicate",
        Verdict::Waiting { .. } => "waiting",
        Verdict::Refused { refusal, .. } => refusal.code(),
    }
}

pub(crate) fn codes(verdicts: &[Verdict]) -> Vec<&'static str> {
    verdicts.iter().map(code).collect()
}

/// The panics that the guard contains stay out of the tests' output.
pub(crate) fn quiet() {
    static ONCE: std::sync::Once = std::sync::Once::new();
    ONCE.call_once(|| {
        let usual = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            if !wijkboek_crdt::panics_are_contained() {
                usual(panic);
            }
        }));
    });
}
