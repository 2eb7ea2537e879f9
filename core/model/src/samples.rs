//! Records for the tests of this crate: one of each type, and any that the rules allow.

use std::collections::{BTreeMap, BTreeSet};

use proptest::collection::{btree_set, vec};
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

use crate::{
    AgeGroup, AnswerForm, AreaCode, Channel, Contact, ContactKind, EntryId, LivesIn, PEOPLE_MAX,
    Party, Place, PlaceSource, PrincipalId, Promise, Record, RecordId, RecordType, Sensitivity,
    Signal, Status, TallyKey, ThemeId, Timestamp, Visit,
};

pub(crate) use crate::testing::{AT, one_of};

pub(crate) fn person(n: u8) -> PrincipalId {
    PrincipalId::from_parts(AT, [n; 10])
}

pub(crate) fn entry_id(n: u8) -> EntryId {
    EntryId::from_parts(AT, [n; 10])
}

pub(crate) fn code(text: &str) -> AreaCode {
    text.parse().expect("an area code")
}

pub(crate) fn contact() -> Contact {
    Contact {
        kind: ContactKind::Klacht,
        themes: BTreeSet::from(["verkeer".parse().expect("a theme")]),
        note: "Busjes op de stoep".to_owned(),
        buurt: code("BU05970600"),
        place: Place::new(4.602_66, 51.886_1, 8, PlaceSource::Gps).ok(),
        lives_in: LivesIn::Here,
        people: 1,
        households: 1,
        party: Party::Bewoner,
        age_group: Some(AgeGroup::Age65Plus),
        occurred_at: AT,
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

pub(crate) fn signal() -> Signal {
    Signal {
        kind: ContactKind::Signaal,
        themes: BTreeSet::new(),
        note: "Ratten bij de vijver".to_owned(),
        buurt: code("BU05970600"),
        place: None,
        occurred_at: AT,
        language: "nld".to_owned(),
        sensitivity: Sensitivity::Gewoon,
        status: Status::Nieuw,
        assignee: None,
        promise: Promise::Unsaid,
        answer: None,
        feedback: None,
    }
}

pub(crate) fn visit() -> Visit {
    Visit {
        place_name: "Dillenburgplein".to_owned(),
        buurt: code("BU05970600"),
        place: None,
        starts_at: AT,
        ends_at: AT.plus_millis(3 * 3_600_000),
        sensitivity: Sensitivity::Gewoon,
        team: BTreeSet::new(),
        tallies: TallyKey::all().map(|key| (key, 0)).collect(),
    }
}

/// Any record that [`crate::validate`] accepts.
pub(crate) fn any_record() -> impl Strategy<Value = Record> {
    prop_oneof![
        any_contact().prop_map(Record::Contact),
        any_signal().prop_map(Record::Signal),
        any_visit().prop_map(Record::Visit),
        select(&RecordType::ALL[3..]).prop_map(one_of),
    ]
}

fn any_contact() -> impl Strategy<Value = Contact> {
    let what = (
        select(ContactKind::ALL),
        any_themes(),
        "\\PC{0,80}",
        any_buurt(),
        option::of(any_place()),
        option::of("\\PC{0,40}[a-z]"),
    );
    let who = (
        any_lives_in(),
        1..=PEOPLE_MAX,
        0..=PEOPLE_MAX,
        select(Party::ALL),
        option::of(select(AgeGroup::ALL)),
        select(Channel::ALL),
        "[a-z]{3}",
    );
    let how = (
        any_time(),
        select(Sensitivity::ALL),
        select(&[Status::Nieuw, Status::InBehandeling, Status::Afgehandeld][..]),
        any::<bool>(),
        any_promise(),
        option::of(any_time().prop_map(|at| RecordId::from_parts(at, [7; 10]))),
    );
    (what, who, how).prop_map(|(what, who, how)| {
        let (kind, themes, note, buurt, place, answer) = what;
        let (lives_in, people, households, party, age_group, channel, language) = who;
        let (occurred_at, sensitivity, status, over_optreden, promise, visit) = how;
        // Somebody who lives in another buurt does not live in this one.
        let lives_in =
            if lives_in == LivesIn::Elsewhere(buurt.clone()) { LivesIn::Here } else { lives_in };
        Contact {
            kind,
            themes,
            note,
            buurt,
            place,
            lives_in,
            people,
            households,
            party,
            age_group,
            occurred_at,
            channel,
            language,
            sensitivity,
            status,
            assignee: None,
            over_optreden,
            promise,
            answer,
            feedback: None,
            visit,
        }
    })
}

fn any_signal() -> impl Strategy<Value = Signal> {
    let what = (
        select(ContactKind::ALL),
        any_themes(),
        "\\PC{0,80}[a-z]",
        any_buurt(),
        option::of(any_place()),
        any_time(),
    );
    let how = (
        "[a-z]{3}",
        select(Sensitivity::ALL),
        select(Status::ALL),
        option::of(any_person()),
        option::of("[a-z]\\PC{0,40}"),
    );
    (what, how).prop_map(|(what, how)| {
        let (kind, themes, note, buurt, place, occurred_at) = what;
        let (language, sensitivity, status, assignee, answer) = how;
        Signal {
            kind,
            themes,
            note,
            buurt,
            place,
            occurred_at,
            language,
            sensitivity,
            status,
            assignee,
            promise: Promise::Unsaid,
            answer,
            feedback: None,
        }
    })
}

fn any_visit() -> impl Strategy<Value = Visit> {
    let where_and_when =
        ("[A-Z]\\PC{0,40}", any_buurt(), option::of(any_place()), any_time(), 0..86_400_000_i64);
    let who = (
        select(Sensitivity::ALL),
        btree_set(any_person(), 0..4),
        vec(-5..1_000_i64, TallyKey::all().count()),
    );
    (where_and_when, who).prop_map(|(where_and_when, who)| {
        let (place_name, buurt, place, starts_at, open_ms) = where_and_when;
        let (sensitivity, team, counts) = who;
        let tallies: BTreeMap<TallyKey, i64> = TallyKey::all().zip(counts).collect();
        let ends_at = starts_at.plus_millis(open_ms);
        Visit { place_name, buurt, place, starts_at, ends_at, sensitivity, team, tallies }
    })
}

fn any_themes() -> impl Strategy<Value = BTreeSet<ThemeId>> {
    btree_set("[a-z0-9-]{1,40}".prop_map(|id| id.parse().expect("a slug")), 0..4)
}

fn any_person() -> impl Strategy<Value = PrincipalId> {
    any::<u8>().prop_map(person)
}

fn any_buurt() -> impl Strategy<Value = AreaCode> {
    "BU[0-9]{8}(-[a-z0-9]{1,12})?".prop_map(|text| code(&text))
}

fn any_time() -> impl Strategy<Value = Timestamp> {
    // From 2000 until a day before 2100.
    (946_684_800_000..4_102_358_400_000_i64).prop_map(Timestamp::from_millis)
}

fn any_place() -> impl Strategy<Value = Place> {
    (3.2..7.3_f64, 50.7..53.7_f64, 0..=100_000_u32, select(PlaceSource::ALL)).prop_map(
        |(lon, lat, accuracy_m, source)| {
            Place::new(lon, lat, accuracy_m, source).expect("inside the box")
        },
    )
}

fn any_lives_in() -> impl Strategy<Value = LivesIn> {
    prop_oneof![
        Just(LivesIn::Unknown),
        Just(LivesIn::Here),
        Just(LivesIn::Outside),
        any_buurt().prop_map(LivesIn::Elsewhere),
        "WK[0-9]{6}".prop_map(|text| LivesIn::Elsewhere(code(&text))),
    ]
}

fn any_promise() -> impl Strategy<Value = Promise> {
    let by = option::of((2000..2100_i32, 1..=12_u8, 1..=28_u8).prop_map(|(year, month, day)| {
        format!("{year}-{month:02}-{day:02}").parse().expect("a day")
    }));
    (by, 0..4_u8, select(AnswerForm::ALL)).prop_map(|(by, which, form)| match which {
        0 => Promise::Unsaid,
        1 => Promise::NotAsked,
        2 => Promise::Personal { by },
        _ => Promise::Collective { form, by },
    })
}
