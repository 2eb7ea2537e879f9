//! Replicas that edit at the same time come to the same, whatever the order of delivery.

use std::collections::BTreeMap;

use proptest::prelude::*;
use wijkboek_crdt::{Document, RawChange, Verdict};
use wijkboek_model::{Field, MapField, Record, SetField, TallyKey, Value, Write};

use crate::fixtures::{contact, create, entry, judge, load, meeting, principal, stamp, visit};

/// What one replica does: write something, or take over what another one has.
#[derive(Debug, Clone)]
enum Act {
    Edit(usize, Write),
    Sync { from: usize, to: usize, skip: usize },
}

fn contact_write() -> impl Strategy<Value = Write> {
    let text = |s: &str| Value::Text(s.to_owned());
    prop_oneof![
        (0_u8..4).prop_map(move |n| Write::Put(Field::Note, text(&format!("notitie {n}")))),
        prop_oneof![Just("nieuw"), Just("in-behandeling"), Just("afgehandeld")]
            .prop_map(move |status| Write::Put(Field::Status, text(status))),
        (0_u8..3).prop_map(move |n| Write::Put(Field::Buurt, text(&format!("BU0597010{n}")))),
        (0_i64..5).prop_map(|n| Write::Put(Field::People, Value::Int(n))),
        prop_oneof![Just(Value::Null), Just(Value::Text("65+".to_owned()))]
            .prop_map(|age| Write::Put(Field::AgeGroup, age)),
        (0_u8..4).prop_map(|n| Write::Insert(SetField::Themes, format!("thema-{n}"))),
        (0_u8..4).prop_map(|n| Write::Remove(SetField::Themes, format!("thema-{n}"))),
        any::<u8>().prop_map(|n| Write::Append(entry(n, "nog gebeld"))),
        (0_u8..3).prop_map(|n| Write::Insert(SetField::References, format!("zaak:{n}"))),
        (0_u8..3).prop_map(|n| Write::Remove(SetField::References, format!("zaak:{n}"))),
        any::<u8>().prop_map(|n| Write::Insert(SetField::Withdrawn, entry(n, "").id.to_string())),
    ]
}

/// Fields, flat sets and both kinds of map.
fn meeting_write() -> impl Strategy<Value = Write> {
    let decision = |n: u8| entry(n, "").id.to_string();
    let wijk = |n: u8| format!("WK05970{n}");
    prop_oneof![
        (0_u8..4).prop_map(|n| Write::Put(Field::Title, Value::Text(format!("titel {n}")))),
        (0_u8..3, 0_u8..4).prop_map(move |(key, n)| {
            let text = Value::Text(format!("besluit {n}"));
            Write::Set(MapField::Decisions, decision(key), text)
        }),
        (0_u8..3).prop_map(move |n| Write::Set(MapField::Decisions, decision(n), Value::Null)),
        (10_u8..14).prop_map(move |n| Write::Insert(SetField::Wijken, wijk(n))),
        (10_u8..14).prop_map(move |n| Write::Remove(SetField::Wijken, wijk(n))),
        (0_u8..4).prop_map(|n| Write::Insert(SetField::Team, principal(n).to_string())),
        any::<u8>().prop_map(|n| Write::Append(entry(n, "stoelen nodig"))),
    ]
}

fn visit_write() -> impl Strategy<Value = Write> {
    (0_usize..11, -3_i64..20).prop_map(|(key, by)| {
        let key = TallyKey::all().nth(key).expect("eleven keys");
        Write::Increment(key, if by == 0 { 1 } else { by })
    })
}

fn acts(write: impl Strategy<Value = Write>) -> impl Strategy<Value = Vec<Act>> {
    let act = prop_oneof![
        3 => (0_usize..3, write).prop_map(|(by, write)| Act::Edit(by, write)),
        1 => (0_usize..3, 0_usize..3, 0_usize..6)
            .prop_map(|(from, to, skip)| Act::Sync { from, to, skip }),
    ];
    prop::collection::vec(act, 1..40)
}

/// Takes what the guard finds sound in a delivery, in whatever order it came.
fn deliver(to: &mut Document, delivery: &[RawChange]) {
    let mut sound = Vec::new();
    for verdict in judge(Some(to), delivery) {
        match verdict {
            Verdict::Sound(guarded) => sound.push(guarded),
            Verdict::Duplicate(_) | Verdict::Waiting { .. } => {}
            Verdict::Refused { refusal, .. } => panic!("an honest change was refused: {refusal}"),
        }
    }
    sound.sort_by_key(|guarded| guarded.info.start_op);
    for guarded in sound {
        to.apply(&guarded).expect("the guard judged it for this document");
    }
}

fn play(replicas: &mut [Document; 3], acts: &[Act]) -> Vec<Write> {
    let mut written = Vec::new();
    for (second, act) in (1..).zip(acts) {
        match act {
            Act::Edit(by, write) => {
                let actor = u8::try_from(*by).expect("three replicas") + 1;
                let edit = replicas[*by].edit(std::slice::from_ref(write), &stamp(actor, second));
                if matches!(edit, Ok(Some(_))) {
                    written.push(write.clone());
                }
            }
            Act::Sync { from, to, skip } => {
                let mut delivery = replicas[*from].changes();
                // Out of order, and without the newest few.
                delivery.truncate(delivery.len().saturating_sub(*skip));
                delivery.reverse();
                deliver(&mut replicas[*to], &delivery);
            }
        }
    }
    written
}

/// Everybody gets everything, each in another order.
fn meet(replicas: &mut [Document; 3], seed: usize) {
    let mut all: Vec<RawChange> = replicas.iter().flat_map(Document::changes).collect();
    for (n, replica) in replicas.iter_mut().enumerate() {
        let turn = (seed + n * 7) % all.len();
        all.rotate_left(turn);
        if n == 1 {
            all.reverse();
        }
        deliver(replica, &all);
    }
}

fn three(record: &Record) -> [Document; 3] {
    let (one, first) = create(record);
    let other = || load(std::slice::from_ref(&first));
    [one, other(), other()]
}

fn assert_equal(replicas: &[Document; 3]) {
    let [one, rest @ ..] = replicas;
    for other in rest {
        assert_eq!(one.heads(), other.heads());
        assert_eq!(one.parts(), other.parts());
        assert_eq!(one.entries(), other.entries());
        assert_eq!(one.conflicts(), other.conflicts());
        assert_eq!(one.pair_conflicts(), other.pair_conflicts());
        assert_eq!(one.audience(), other.audience());
    }
    let again = load(&one.changes());
    assert_eq!(again.parts(), one.parts());
    assert_eq!(again.conflicts(), one.conflicts());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn replicas_converge_and_a_choice_settles(acts in acts(contact_write()), seed in 0_usize..100) {
        let mut replicas = three(&contact("bak vol"));
        play(&mut replicas, &acts);
        meet(&mut replicas, seed);
        assert_equal(&replicas);
        for conflict in replicas[0].conflicts() {
            let chosen = &conflict.values[seed % conflict.values.len()];
            let by = seed % 3;
            let put = Write::Put(conflict.field, chosen.value.clone());
            let actor = u8::try_from(by).expect("three replicas") + 1;
            let edit = replicas[by].edit(std::slice::from_ref(&put), &stamp(actor, 900));
            // The choice itself may break a rule between fields; then the other one is taken.
            prop_assume!(edit.is_ok());
            prop_assert!(edit.is_ok_and(|change| change.is_some()));
        }
        meet(&mut replicas, seed + 1);
        assert_equal(&replicas);
        prop_assert!(replicas[0].conflicts().is_empty());
        // Everything has arrived: the next delivery changes nothing.
        let heads = replicas[2].heads();
        let all = replicas[0].changes();
        deliver(&mut replicas[2], &all);
        prop_assert_eq!(replicas[2].heads(), heads);
    }

    #[test]
    fn meetings_converge_and_a_choice_settles(acts in acts(meeting_write()), seed in 0_usize..100) {
        let mut replicas = three(&meeting());
        let written = play(&mut replicas, &acts);
        meet(&mut replicas, seed);
        assert_equal(&replicas);
        for conflict in replicas[0].pair_conflicts() {
            let chosen = conflict.values[seed % conflict.values.len()].value.clone();
            let choice = Write::Set(conflict.map, conflict.key, chosen);
            prop_assert!(replicas[0].edit(&[choice], &stamp(1, 900)).expect("valid").is_some());
        }
        meet(&mut replicas, seed + 1);
        assert_equal(&replicas);
        prop_assert!(replicas[0].pair_conflicts().is_empty());
        // Nothing stands there that nobody wrote.
        for (key, value) in &replicas[1].parts().maps[&MapField::Decisions] {
            let write = Write::Set(MapField::Decisions, key.clone(), value.clone());
            prop_assert!(written.contains(&write));
        }
    }

    #[test]
    fn tallies_are_the_sum_of_the_steps(acts in acts(visit_write()), seed in 0_usize..100) {
        let mut replicas = three(&visit());
        let mut sums: BTreeMap<TallyKey, i64> = TallyKey::all().map(|key| (key, 0)).collect();
        for write in play(&mut replicas, &acts) {
            if let Write::Increment(key, by) = write {
                *sums.entry(key).or_default() += by;
            }
        }
        meet(&mut replicas, seed);
        assert_equal(&replicas);
        prop_assert_eq!(&replicas[1].parts().tallies, &sums);
        let steps: i64 = replicas[1].history().iter().flat_map(|step| &step.touches).map(|touch| {
            match &touch.write {
                Write::Increment(_, by) => *by,
                Write::Put(..)
                | Write::Insert(..)
                | Write::Remove(..)
                | Write::Set(..)
                | Write::Splice(..)
                | Write::Append(_) => 0,
            }
        }).sum();
        prop_assert_eq!(steps, sums.values().sum::<i64>());
    }

    #[test]
    fn history_names_the_value_before(acts in acts(contact_write())) {
        let (mut document, _) = create(&contact("bak vol"));
        let mut stood = document.parts().fields;
        for (second, act) in (1..).zip(&acts) {
            if let Act::Edit(_, write) = act {
                let _ = document.edit(std::slice::from_ref(write), &stamp(1, second));
            }
        }
        for step in document.history().iter().skip(1) {
            for touch in &step.touches {
                if let Write::Put(field, value) = &touch.write {
                    let before = stood.insert(*field, value.clone());
                    prop_assert_eq!(&touch.before, &before);
                }
            }
        }
        prop_assert_eq!(stood, document.parts().fields);
    }
}
