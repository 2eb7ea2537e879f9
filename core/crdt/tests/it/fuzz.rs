//! A few thousand mutations of valid changes, from a fixed seed: nothing panics out of the guard,
//! and what it accepts makes a document that loads.

use wijkboek_crdt::testing::{forge, frame};
use wijkboek_crdt::{Document, RawChange, Verdict};
use wijkboek_model::{Field, SetField, TallyKey, Value, Write};

use crate::fixtures::{contact, create, entry, judge, load, quiet, stamp, visit};

/// `SplitMix64`: small, and the same everywhere.
struct Dice(u64);

impl Dice {
    fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, most: usize) -> usize {
        usize::try_from(self.roll() % u64::try_from(most.max(1)).expect("small")).expect("small")
    }
}

/// Spoils the content and frames it anew, so that the checksum does not give it away.
fn mutate(change: &RawChange, dice: &mut Dice) -> RawChange {
    if dice.below(4) == 0 {
        return mutate_operations(change, dice);
    }
    let mut at = 9;
    while change.bytes[at] & 0x80 != 0 {
        at += 1;
    }
    let mut body = change.bytes[at + 1..].to_vec();
    for _ in 0..=dice.below(3) {
        let place = dice.below(body.len());
        match dice.below(6) {
            0 => body[place] ^= 1 << dice.below(8),
            1 => body[place] = [0, 1, 0x7f, 0x80, 0xff][dice.below(5)],
            2 => body.insert(place, body[place]),
            3 => {
                body.remove(place);
            }
            4 => {
                let other = dice.below(body.len());
                body.swap(place, other);
            }
            _ => {
                let end = (place + 1 + dice.below(8)).min(body.len());
                let piece = body[place..end].to_vec();
                let to = dice.below(body.len());
                body.splice(to..to, piece);
            }
        }
        if body.is_empty() {
            body.push(0);
        }
    }
    frame(&body)
}

/// Well-formed changes that mean something else.
fn mutate_operations(change: &RawChange, dice: &mut Dice) -> RawChange {
    forge(change, |change| {
        let count = change.operations.len();
        let (one, other) = (dice.below(count), dice.below(count));
        let actor = change.actor_id.clone();
        match dice.below(7) {
            0 => change.operations.swap(one, other),
            1 => change.operations[one].key = change.operations[other].key.clone(),
            2 => change.operations[one].obj = change.operations[other].obj.clone(),
            3 => change.operations[one].action = change.operations[other].action.clone(),
            4 => change.operations[one].pred = change.operations[other].pred.clone(),
            5 => {
                let id = automerge::legacy::OpId(dice.roll() % 60, actor);
                change.operations[one].pred = vec![id].into();
            }
            _ => {
                let id = automerge::legacy::OpId(dice.roll() % 60, actor);
                change.operations[one].obj = automerge::legacy::ObjectId::Id(id);
            }
        }
    })
}

fn seeds() -> Vec<(Vec<RawChange>, RawChange)> {
    let (mut contact, first) = create(&contact("bak vol"));
    let mut writes = vec![
        Write::Put(Field::Note, Value::Text("bak leeg".to_owned())),
        Write::Insert(SetField::Themes, "groen".to_owned()),
        Write::Remove(SetField::Themes, "afval".to_owned()),
        Write::Append(entry(1, "gebeld")),
    ];
    let edit = contact.edit(&writes, &stamp(2, 60)).expect("valid").expect("different");
    writes.truncate(0);
    writes.push(Write::Put(Field::Status, Value::Text("afgehandeld".to_owned())));
    let close = contact.edit(&writes, &stamp(1, 61)).expect("valid").expect("different");
    let (mut visit, opening) = create(&visit());
    let step = Write::Increment(TallyKey::JustATalk, 3);
    let tally = visit.edit(&[step], &stamp(2, 62)).expect("valid").expect("different");
    vec![
        (vec![], first.clone()),
        (vec![first.clone()], edit.clone()),
        (vec![first, edit], close),
        (vec![], opening.clone()),
        (vec![opening], tally),
    ]
}

#[test]
fn mutants_neither_panic_nor_spoil_a_document() {
    quiet();
    let mut dice = Dice(20_261_123);
    let (mut refused, mut sound) = (0_u32, 0_u32);
    for (known, valid) in seeds() {
        let known: Option<Document> = (!known.is_empty()).then(|| load(&known));
        for _ in 0..800 {
            let mutant = mutate(&valid, &mut dice);
            let verdicts = judge(known.as_ref(), &[mutant.clone(), valid.clone()]);
            match &verdicts[0] {
                Verdict::Refused { .. } => refused += 1,
                Verdict::Waiting { .. } | Verdict::Duplicate(_) => {}
                Verdict::Sound(guarded) => {
                    sound += 1;
                    let mut all = known.as_ref().map(Document::changes).unwrap_or_default();
                    all.push(guarded.change.clone());
                    let document = load(&all);
                    assert!(document.record().is_ok(), "{mutant:?}");
                    assert_eq!(document.changes().len(), all.len());
                }
            }
            // The valid one stands, unless the mutant took its place in the document.
            let taken = matches!(verdicts[0], Verdict::Sound(_));
            assert!(taken || matches!(verdicts[1], Verdict::Sound(_)), "{:?}", verdicts[1]);
        }
    }
    println!("{refused} refused, {sound} sound");
    assert!(refused > 3_000, "{refused}");
}
