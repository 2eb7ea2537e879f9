//! Records to write in tests.

use std::collections::{BTreeMap, BTreeSet};

use wijkboek_model::{
    Channel, Contact, ContactKind, LivesIn, Party, PrincipalId, Promise, Record, RecordId,
    Sensitivity, Signal, Status, Timestamp, Visit,
};

use super::area;

/// 2026-03-03T09:12:00Z.
const OCCURRED: Timestamp = Timestamp::from_millis(1_772_529_120_000);

/// A record's id by a small number, the same in every run.
pub(crate) fn record_id(number: u8) -> RecordId {
    RecordId::from_parts(OCCURRED.plus_millis(i64::from(number)), [number; 10])
}

/// A contact in a wijk, with a note.
pub(crate) fn contact(wijk: &str, note: &str) -> Record {
    Record::Contact(Contact {
        kind: ContactKind::Klacht,
        themes: BTreeSet::new(),
        note: note.to_owned(),
        buurt: area(&buurt(wijk)),
        place: None,
        lives_in: LivesIn::Here,
        people: 1,
        households: 1,
        party: Party::Bewoner,
        age_group: None,
        occurred_at: OCCURRED,
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

/// A melding in a wijk, with a note.
pub(crate) fn signal(wijk: &str, note: &str) -> Record {
    Record::Signal(Signal {
        kind: ContactKind::Signaal,
        themes: BTreeSet::new(),
        note: note.to_owned(),
        buurt: area(&buurt(wijk)),
        place: None,
        occurred_at: OCCURRED,
        language: "nld".to_owned(),
        sensitivity: Sensitivity::Gewoon,
        status: Status::Nieuw,
        assignee: None,
        promise: Promise::Unsaid,
        answer: None,
        feedback: None,
    })
}

/// A buurttentbezoek in a wijk, with a team.
pub(crate) fn visit(wijk: &str, team: &[PrincipalId]) -> Record {
    Record::Visit(Visit {
        place_name: "Dillenburgplein".to_owned(),
        buurt: area(&buurt(wijk)),
        place: None,
        starts_at: OCCURRED,
        ends_at: OCCURRED.plus_millis(3_600_000),
        sensitivity: Sensitivity::Gewoon,
        team: team.iter().copied().collect(),
        tallies: BTreeMap::new(),
    })
}

/// The first buurt of a wijk.
pub(crate) fn buurt(wijk: &str) -> String {
    format!("BU{}00", &wijk[2..])
}
