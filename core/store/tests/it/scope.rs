//! `Scope::Of` in SQL is `wijkboek_model::sees`, whoever asks and whatever stands side by side.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use wijkboek_model::{
    AreaCode, Edit, Endorsement, InternalNote, LawfulGround, Person, Principal, Record, RecordId,
    RecordType, Reply, Role, Sensitivity, sees,
};
use wijkboek_store::{Filter, Scope, Store};

use crate::support::{
    area, concurrently, contact, memory, person, record_id, signal, stamp, visit,
};

const BUURTEN: [&str; 4] = ["BU05970100", "BU05970101", "BU05970600", "BU05970700"];

/// One record type of each kind that a role may see differently.
const TOLD_APART: &[RecordType] = &[
    RecordType::Contact,
    RecordType::Signal,
    RecordType::Visit,
    RecordType::Person,
    RecordType::Reply,
    RecordType::InternalNote,
    RecordType::Endorsement,
];

/// One record: type, place, sensitivity, author, participants; and what two people then wrote at
/// once.
#[derive(Debug, Clone)]
struct Made {
    record_type: RecordType,
    buurt: AreaCode,
    sensitivity: Sensitivity,
    author: u8,
    involved: BTreeSet<u8>,
    at_once: Option<(Edit, Edit)>,
}

fn made() -> impl Strategy<Value = Made> {
    let buurt = || prop::sample::select(&BUURTEN[..]).prop_map(area);
    let sensitivity = || prop::sample::select(Sensitivity::ALL);
    let edit = move || {
        prop_oneof![buurt().prop_map(Edit::Buurt), sensitivity().prop_map(Edit::Sensitivity),]
    };
    (
        prop::sample::select(TOLD_APART),
        buurt(),
        sensitivity(),
        1..4_u8,
        prop::collection::btree_set(1..4_u8, 0..2),
        prop::option::of((edit(), edit())),
    )
        .prop_map(|(record_type, buurt, sensitivity, author, involved, at_once)| Made {
            record_type,
            buurt,
            sensitivity,
            author,
            involved,
            at_once,
        })
}

fn principal() -> impl Strategy<Value = Principal> {
    let wijk = prop::sample::select(&BUURTEN[..]).prop_map(|b| area(b).wijk().expect("a wijk"));
    (1..4_u8, prop::sample::select(Role::ALL), prop::collection::btree_set(wijk, 0..3))
        .prop_map(|(n, role, wijken)| Principal { id: person(n), role, wijken })
}

fn keep(store: &mut Store, n: u32, made: &Made) -> RecordId {
    let id = record_id(n);
    let people: Vec<_> = made.involved.iter().map(|n| person(*n)).collect();
    let record = match made.record_type {
        RecordType::Contact => {
            let mut record = contact("x");
            record.buurt = made.buurt.clone();
            record.sensitivity = made.sensitivity;
            Record::Contact(record)
        }
        RecordType::Signal => {
            let mut record = signal("x");
            record.buurt = made.buurt.clone();
            record.sensitivity = made.sensitivity;
            record.assignee = people.first().copied();
            Record::Signal(record)
        }
        RecordType::Visit => {
            let mut record = visit("x");
            record.buurt = made.buurt.clone();
            record.sensitivity = made.sensitivity;
            record.team = people.into_iter().collect();
            Record::Visit(record)
        }
        RecordType::Person => Record::Person(Person {
            name: "x".to_owned(),
            phone: None,
            email: None,
            address: None,
            birth_year: None,
            guardian: None,
            purpose: "Terugbellen".to_owned(),
            ground: LawfulGround::PubliekeTaak,
            keep_until: "2027-01-01".parse().expect("a day"),
            language: "nld".to_owned(),
            buurt: made.buurt.clone(),
            sensitivity: made.sensitivity,
            assignee: people.first().copied(),
            note: String::new(),
        }),
        RecordType::Reply => Record::Reply(Reply {
            subject: record_id(0),
            to: people.first().copied(),
            note: "x".to_owned(),
            buurt: made.buurt.clone(),
            sensitivity: made.sensitivity,
        }),
        RecordType::InternalNote => Record::InternalNote(InternalNote {
            subject: record_id(0),
            note: "x".to_owned(),
            buurt: made.buurt.clone(),
            sensitivity: made.sensitivity,
        }),
        RecordType::Endorsement => Record::Endorsement(Endorsement {
            subject: record_id(0),
            note: None,
            buurt: made.buurt.clone(),
            sensitivity: made.sensitivity,
        }),
        other @ (RecordType::Action
        | RecordType::Escalation
        | RecordType::Meeting
        | RecordType::Idea
        | RecordType::Budget
        | RecordType::Consent
        | RecordType::Relation
        | RecordType::Covenant) => {
            unreachable!("{other} is not among the kinds that the scope tells apart")
        }
    };
    store.create(id, person(made.author), &record, &stamp(1, 0)).expect("created");
    if let Some((one, other)) = &made.at_once {
        concurrently(store, id, &[one.clone().into_write()], &[other.clone().into_write()]);
    }
    id
}

fn listed(store: &Store, scope: &Scope, filter: &Filter) -> Vec<RecordId> {
    let mut ids = vec![];
    let mut after = None;
    loop {
        let page = store.list(scope, filter, after, 3).expect("a page");
        ids.extend(page.rows.iter().map(|row| row.id));
        after = page.next;
        if after.is_none() {
            return ids;
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_sql_scope_is_the_rule(
        records in prop::collection::vec(made(), 1..12),
        principals in prop::collection::vec(principal(), 1..8),
    ) {
        let mut store = memory();
        let ids: Vec<RecordId> =
            (0..).zip(&records).map(|(n, made)| keep(&mut store, n, made)).collect();
        for principal in principals {
            let scope = Scope::Of(principal.clone());
            let mut seen = vec![];
            let mut per_buurt: BTreeMap<AreaCode, u64> = BTreeMap::new();
            for id in ids.iter().rev() {
                let document = store.document(*id).expect("readable").expect("here");
                let expected = sees(&principal, &document.audience().expect("readable"));
                prop_assert_eq!(store.sees(&scope, *id).expect("asked"), expected);
                if expected {
                    seen.push(*id);
                    let record = document.record().expect("readable");
                    let buurt = record.buurt().expect("all of these have one").clone();
                    *per_buurt.entry(buurt).or_default() += 1;
                }
            }
            let all = Filter::default();
            prop_assert_eq!(listed(&store, &scope, &all), seen.clone());
            prop_assert_eq!(store.count(&scope, &all).expect("a count").n, seen.len() as u64);
            let counted = store.counts_by_area(&scope, &all).expect("counts").counts;
            prop_assert_eq!(counted, per_buurt.into_iter().collect::<Vec<_>>());
            for buurt in BUURTEN {
                let wijk = area(buurt).wijk();
                let there: Vec<RecordId> = seen
                    .iter()
                    .filter(|id| store.row(**id).expect("read").expect("a row").wijk == wijk)
                    .copied()
                    .collect();
                let filter = Filter { wijk, ..Filter::default() };
                prop_assert_eq!(store.count(&scope, &filter).expect("a count").n, there.len() as u64);
                prop_assert_eq!(listed(&store, &scope, &filter), there);
            }
            // The same count without the aggregate table.
            let row_by_row = Filter { conflicts_only: true, ..Filter::default() };
            let conflicts = seen
                .iter()
                .filter(|id| store.row(**id).expect("read").expect("a row").conflicts > 0)
                .count();
            prop_assert_eq!(store.count(&scope, &row_by_row).expect("a count").n, conflicts as u64);
        }
    }
}

#[test]
fn a_phone_sees_everything_it_holds() {
    let mut store = memory();
    for n in 0..5 {
        crate::support::log(&mut store, n, "van wie dan ook");
    }
    assert_eq!(listed(&store, &Scope::All, &Filter::default()).len(), 5);
}
