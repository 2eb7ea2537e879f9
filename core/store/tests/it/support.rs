//! Records, people and a stand-in for the server's log, the same in every run.

use std::collections::BTreeSet;

use wijkboek_crdt::{Document, RawChange, Stamp};
use wijkboek_model::{
    ActorId, AreaCode, Channel, Contact, ContactKind, InstallId, LivesIn, Party, PrincipalId,
    Promise, Record, RecordId, Sensitivity, Signal, Status, Timestamp, Visit, Write,
};
use wijkboek_store::{Arrived, Ingest, Ingested, Store};

/// 2026-03-03T09:12:00Z.
pub(crate) const MORNING: i64 = 1_772_529_120_000;

pub(crate) fn memory() -> Store {
    Store::in_memory().expect("memory is available")
}

/// The n-th record's id; later ones are newer.
pub(crate) fn record_id(n: u32) -> RecordId {
    let mut random = [0; 10];
    random[6..].copy_from_slice(&n.to_be_bytes());
    RecordId::from_parts(Timestamp::from_millis(MORNING + i64::from(n) * 1_000), random)
}

pub(crate) fn person(n: u8) -> PrincipalId {
    PrincipalId::from_parts(Timestamp::from_millis(MORNING), [n; 10])
}

pub(crate) fn install(n: u8) -> InstallId {
    InstallId::new([n; 12])
}

/// Installation n writing, so many milliseconds into the morning.
pub(crate) fn stamp(n: u8, after_ms: i64) -> Stamp {
    Stamp { actor: ActorId::of(install(n), 0), at: Timestamp::from_millis(MORNING + after_ms) }
}

pub(crate) fn area(code: &str) -> AreaCode {
    code.parse().expect("an area code")
}

pub(crate) fn contact(note: &str) -> Contact {
    Contact {
        kind: ContactKind::Vraag,
        themes: BTreeSet::new(),
        note: note.to_owned(),
        buurt: area("BU05970600"),
        place: None,
        lives_in: LivesIn::Here,
        people: 1,
        households: 1,
        party: Party::Bewoner,
        age_group: None,
        occurred_at: Timestamp::from_millis(MORNING),
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
    }
}

pub(crate) fn signal(note: &str) -> Signal {
    Signal {
        kind: ContactKind::Klacht,
        themes: BTreeSet::new(),
        note: note.to_owned(),
        buurt: area("BU05970600"),
        place: None,
        occurred_at: Timestamp::from_millis(MORNING),
        language: "nld".to_owned(),
        sensitivity: Sensitivity::Gewoon,
        status: Status::Nieuw,
        assignee: None,
        promise: Promise::Unsaid,
        answer: None,
        feedback: None,
    }
}

pub(crate) fn visit(place_name: &str) -> Visit {
    Visit {
        place_name: place_name.to_owned(),
        buurt: area("BU05970600"),
        place: None,
        starts_at: Timestamp::from_millis(MORNING),
        ends_at: Timestamp::from_millis(MORNING + 7_200_000),
        sensitivity: Sensitivity::Gewoon,
        team: BTreeSet::new(),
        tallies: wijkboek_model::TallyKey::all().map(|key| (key, 0)).collect(),
    }
}

/// Makes the n-th record with this note, written by installation 1 and person 1.
pub(crate) fn log(store: &mut Store, n: u32, note: &str) -> (RecordId, RawChange) {
    let id = record_id(n);
    let change = store
        .create(id, person(1), &Record::Contact(contact(note)), &stamp(1, i64::from(n)))
        .expect("created");
    (id, change)
}

/// Edits that must change something.
pub(crate) fn edit(store: &mut Store, id: RecordId, write: Write, at: i64) -> RawChange {
    store.edit(id, &[write], &stamp(1, at)).expect("edited").expect("a change")
}

pub(crate) fn arrived(id: RecordId, number: u64, change: &RawChange) -> Arrived {
    Arrived { id, number, mac: Some([7; 32]), change: change.clone() }
}

pub(crate) fn ingest(store: &mut Store, changes: Vec<Arrived>) -> Ingested {
    store.ingest(&Ingest { changes, ..Ingest::default() }).expect("ingested")
}

/// Everything of one record, from one store into another, as if a server had sent it.
pub(crate) fn send(from: &Store, to: &mut Store, id: RecordId) -> Ingested {
    let changes = from.changes(id).expect("changes");
    let arrived = (1..).zip(&changes).map(|(n, change)| arrived(id, n, change)).collect();
    ingest(to, arrived)
}

/// Lets two other installations write at once, and takes both changes in.
pub(crate) fn concurrently(store: &mut Store, id: RecordId, one: &[Write], other: &[Write]) {
    let document = store.document(id).expect("readable").expect("here");
    let write = |writes: &[Write], by: u8| -> Option<RawChange> {
        let mut own: Document = document.clone();
        own.edit(writes, &stamp(by, 60_000)).expect("edited")
    };
    let changes = [write(one, 8), write(other, 9)];
    let arrived =
        changes.iter().flatten().map(|change| arrived(id, 1_000, change)).collect::<Vec<_>>();
    let ingested = ingest(store, arrived);
    assert!(ingested.missing.is_empty() && ingested.quarantined.is_empty());
}
