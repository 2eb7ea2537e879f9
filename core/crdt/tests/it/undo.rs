//! Taking one's last change back, also while others write; and the history of one field.

use proptest::prelude::*;
use wijkboek_crdt::testing::unknown_field;
use wijkboek_crdt::{Document, DocumentError, RawChange, UndoError, UndoTarget, Verdict};
use wijkboek_model::{
    ChangeHash, Field, Invalid, Record, Rule, SET_MEMBERS_MAX, SetField, TallyKey, Value, Write,
};

use crate::fixtures::{
    actor, codes, contact, create, entry, judge, load, principal, record_id, signal, stamp, visit,
};

fn text(value: &str) -> Value {
    Value::Text(value.to_owned())
}

fn put(field: Field, value: &str) -> Write {
    Write::Put(field, text(value))
}

fn edit(document: &mut Document, writes: &[Write], by: u8, after_s: i64) -> RawChange {
    document.edit(writes, &stamp(by, after_s)).expect("valid").expect("different")
}

fn undo(document: &mut Document, by: u8) -> Result<Option<RawChange>, UndoError> {
    document.undo(UndoTarget::LastOf(actor(by).install()), &stamp(by, 500))
}

fn sync(from: &Document, to: &mut Document) {
    for verdict in judge(Some(to), &from.changes()) {
        match verdict {
            Verdict::Sound(guarded) => to.apply(&guarded).expect("in causal order"),
            Verdict::Duplicate(_) => {}
            other @ (Verdict::Waiting { .. } | Verdict::Refused { .. }) => panic!("{other:?}"),
        }
    }
}

#[test]
fn an_undo_is_an_ordinary_change_that_puts_everything_back() {
    let (mut document, _) = create(&contact("bak vol"));
    let before = document.parts();
    let writes = [
        put(Field::Note, "bak leeg"),
        put(Field::Answer, "geleegd"),
        Write::Put(Field::People, Value::Int(7)),
        Write::Insert(SetField::Themes, "groen".to_owned()),
        Write::Remove(SetField::Themes, "afval".to_owned()),
    ];
    edit(&mut document, &writes, 1, 60);
    let after = document.parts();
    let server = document.clone();
    let undone = undo(&mut document, 1).expect("nothing in between").expect("something");
    assert_eq!(document.parts(), before);
    assert_eq!(codes(&judge(Some(&server), std::slice::from_ref(&undone))), ["sound"]);
    assert_eq!(document.history().len(), 3, "nothing is forgotten");
    // An undone undo does it again.
    undo(&mut document, 1).expect("nothing in between").expect("something");
    assert_eq!(document.parts(), after);
}

#[test]
fn a_counter_is_stepped_back_beside_what_others_count() {
    let (mut one, first) = create(&visit());
    let mut two = load(&[first]);
    edit(&mut one, &[Write::Increment(TallyKey::JustATalk, 5)], 1, 60);
    edit(&mut two, &[Write::Increment(TallyKey::JustATalk, 2)], 2, 61);
    sync(&two, &mut one);
    undo(&mut one, 1).expect("a counter can always be stepped back").expect("something");
    sync(&one, &mut two);
    assert_eq!(two.parts().tallies[&TallyKey::JustATalk], 2);
    assert_eq!(one.heads(), two.heads());
}

#[test]
fn what_somebody_changed_since_stays() {
    let (mut one, first) = create(&contact("bak vol"));
    let mut two = load(&[first]);
    edit(&mut one, &[put(Field::Note, "bak leeg"), put(Field::Answer, "geleegd")], 1, 60);
    sync(&one, &mut two);
    edit(&mut two, &[put(Field::Note, "bak weg")], 2, 70);
    sync(&two, &mut one);
    let heads = one.heads();
    assert_eq!(undo(&mut one, 1), Err(UndoError::ChangedSince { field: "note" }));
    assert_eq!(one.heads(), heads, "all of it or nothing");
    // The other one's own last change can be undone, back to what its writer saw.
    undo(&mut two, 2).expect("the last word").expect("something");
    assert_eq!(two.parts().fields[&Field::Note], text("bak leeg"));
}

#[test]
fn what_somebody_wrote_at_the_same_time_is_not_overruled() {
    let (mut one, first) = create(&contact("bak vol"));
    let mut two = load(&[first]);
    edit(&mut one, &[put(Field::Note, "bak leeg")], 1, 60);
    edit(&mut two, &[put(Field::Note, "bak weg")], 2, 61);
    let undone = undo(&mut one.clone(), 1).expect("nobody else yet").expect("something");
    sync(&two, &mut one);
    assert_eq!(undo(&mut one, 1), Err(UndoError::ChangedSince { field: "note" }));
    // Undone before the other's words arrived: those stay, beside the old ones, as a conflict.
    let mut late = load(&one.changes());
    for verdict in judge(Some(&late), &[undone]) {
        let Verdict::Sound(guarded) = verdict else { panic!("{verdict:?}") };
        late.apply(&guarded).expect("fits");
    }
    let values: Vec<_> = late.conflicts()[0].values.iter().map(|a| a.value.clone()).collect();
    assert!(values.contains(&text("bak weg")) && values.contains(&text("bak vol")), "{values:?}");
}

#[test]
fn a_choice_is_not_undone_but_made_anew() {
    let (mut one, first) = create(&contact("bak vol"));
    let mut two = load(&[first]);
    edit(&mut one, &[put(Field::Note, "bak leeg")], 1, 60);
    edit(&mut two, &[put(Field::Note, "bak weg")], 2, 61);
    sync(&two, &mut one);
    edit(&mut one, &[put(Field::Note, "bak leeg")], 1, 70);
    assert_eq!(undo(&mut one, 1), Err(UndoError::SettledConflict { field: "note" }));
}

#[test]
fn a_member_that_somebody_else_added_too_stays() {
    let (mut one, first) = create(&contact("bak vol"));
    let mut two = load(&[first]);
    let green = Write::Insert(SetField::Themes, "groen".to_owned());
    edit(&mut one, std::slice::from_ref(&green), 1, 60);
    edit(&mut two, &[green], 2, 61);
    sync(&two, &mut one);
    assert_eq!(undo(&mut one, 1), Ok(None));
    assert!(one.parts().sets[&SetField::Themes].contains("groen"));
    let gone = Write::Remove(SetField::Themes, "afval".to_owned());
    edit(&mut two, std::slice::from_ref(&gone), 2, 70);
    let back = Write::Insert(SetField::Themes, "afval".to_owned());
    edit(&mut two, &[back], 3, 80);
    assert_eq!(undo(&mut two, 2), Ok(None), "it is back already");
}

#[test]
fn only_the_last_change_of_its_writer_is_undone_and_never_the_first_of_all() {
    let (mut document, first) = create(&contact("bak vol"));
    assert_eq!(undo(&mut document, 1), Err(UndoError::CannotUndoCreation));
    assert_eq!(undo(&mut document, 9), Err(UndoError::NothingToUndo));
    let earlier = edit(&mut document, &[put(Field::Note, "bak leeg")], 1, 60);
    edit(&mut document, &[put(Field::Answer, "geleegd")], 1, 70);
    let mut by_hash = |hash, by| document.undo(UndoTarget::Change(hash), &stamp(by, 500));
    assert_eq!(by_hash(earlier.hash, 1), Err(UndoError::NotTheLast));
    assert_eq!(by_hash(first.hash, 1), Err(UndoError::NotTheLast));
    assert_eq!(by_hash(ChangeHash::new([7; 32]), 1), Err(UndoError::NothingToUndo));
    let newer = unknown_field(&document, "mood", "blij", &stamp(5, 80));
    let verdicts = judge(Some(&document), &[newer]);
    let Verdict::Sound(guarded) = &verdicts[0] else { panic!("{verdicts:?}") };
    document.apply(guarded).expect("fits");
    assert_eq!(undo(&mut document, 5), Err(UndoError::NothingToUndo));
}

#[test]
fn a_step_is_not_undone_twice() {
    let (mut document, _) = create(&visit());
    let step = edit(&mut document, &[Write::Increment(TallyKey::JustATalk, 3)], 1, 60);
    // An office process has an actor of its own.
    let target = UndoTarget::Change(step.hash);
    assert!(document.undo(target, &stamp(8, 500)).expect("the last").is_some());
    assert_eq!(document.undo(target, &stamp(8, 501)), Err(UndoError::NotTheLast));
    assert_eq!(document.parts().tallies[&TallyKey::JustATalk], 0);
}

#[test]
fn an_undo_keeps_the_rules() {
    let photo = |n| Write::Insert(SetField::Photos, ChangeHash::new([n; 32]).to_string());
    let (mut document, _) = create(&contact("bak vol"));
    let max = u8::try_from(SET_MEMBERS_MAX).expect("a small cap");
    edit(&mut document, &(1..=max).map(photo).collect::<Vec<_>>(), 1, 60);
    let Write::Insert(set, member) = photo(1) else { panic!("an insert") };
    edit(&mut document, &[Write::Remove(set, member)], 1, 70);
    edit(&mut document, &[photo(0)], 2, 80);
    let rule = Rule::TooMany { max: SET_MEMBERS_MAX };
    let full = DocumentError::Invalid(Invalid { field: "photos", rule });
    assert_eq!(undo(&mut document, 1), Err(UndoError::Document(full)));
}

#[test]
fn an_entry_is_taken_back_by_withdrawing_it() {
    let (mut document, _) = create(&contact("bak vol"));
    let append = Write::Append(entry(1, "gebeld"));
    edit(&mut document, &[append, Write::Insert(SetField::Themes, "groen".to_owned())], 1, 60);
    let server = document.clone();
    let undone = undo(&mut document, 1).expect("nothing in between").expect("something");
    assert_eq!(codes(&judge(Some(&server), &[undone])), ["sound"]);
    let withdrawn = entry(1, "").id.to_string();
    assert!(document.parts().sets[&SetField::Withdrawn].contains(&withdrawn));
    assert!(!document.parts().sets[&SetField::Themes].contains("groen"));
    assert_eq!(document.entries().len(), 1, "the thread only grows");
    // Undone once more, it is back.
    undo(&mut document, 1).expect("nothing in between").expect("something");
    assert!(document.parts().sets[&SetField::Withdrawn].is_empty());
}

#[test]
fn a_field_has_a_history_of_its_own() {
    let (mut one, first) = create(&signal("lamp stuk"));
    let mut two = load(std::slice::from_ref(&first));
    let assignee = |n| put(Field::Assignee, &principal(n).to_string());
    edit(&mut one, &[assignee(8), put(Field::Note, "lamp brandt weer")], 1, 60);
    edit(&mut two, &[assignee(9)], 2, 61);
    sync(&two, &mut one);
    let person = |n: u8| text(&principal(n).to_string());
    let values = |document: &Document| -> Vec<_> {
        let steps = document.field_history(Field::Assignee);
        steps.into_iter().map(|step| (step.actor, step.value, step.stands)).collect()
    };
    assert_eq!(
        values(&one),
        [(actor(1), Value::Null, false), (actor(1), person(8), true), (actor(2), person(9), true),]
    );
    let choice = edit(&mut one, &[assignee(8)], 3, 90);
    let history = one.field_history(Field::Assignee);
    let last = history.last().expect("a choice");
    assert_eq!((last.hash, last.at, last.stands), (choice.hash, stamp(3, 90).at, true));
    // The assignee came second in its change: the greater operation number wins.
    assert_eq!(last.before, [person(8), person(9)], "the winner first");
    assert!(history[..3].iter().all(|step| !step.stands));
    assert_eq!(history[0].hash, first.hash);
    assert_eq!(one.field_history(Field::Note).len(), 2);
    assert_eq!(load(&one.changes()).field_history(Field::Assignee), history);
}

fn any_write() -> impl Strategy<Value = Write> {
    prop_oneof![
        (0_u8..4).prop_map(|n| put(Field::Note, &format!("notitie {n}"))),
        prop_oneof![Just(Value::Null), Just(text("geleegd"))]
            .prop_map(|answer| Write::Put(Field::Answer, answer)),
        (0_u8..4).prop_map(|n| Write::Insert(SetField::Themes, format!("thema-{n}"))),
        (0_u8..4).prop_map(|n| Write::Remove(SetField::Themes, format!("thema-{n}"))),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever others wrote at the same time to other fields stays; what was undone is as if it
    /// had not been written; and everybody takes the undo over.
    #[test]
    fn an_undo_leaves_the_others_work(
        own in prop::collection::vec(any_write(), 1..4),
        theirs in prop::collection::vec(any_write(), 0..4),
    ) {
        let (mut one, first) = create(&contact("bak vol"));
        let mut two = load(std::slice::from_ref(&first));
        let Ok(Some(written)) = one.edit(&own, &stamp(1, 60)) else { return Ok(()) };
        let _ = two.edit(&theirs, &stamp(2, 61)).expect("valid");
        let without = two.parts();
        sync(&two, &mut one);
        match one.undo(UndoTarget::Change(written.hash), &stamp(1, 90)) {
            Ok(_) => {
                let record = one.record().expect("readable");
                prop_assert_eq!(&record, &Record::from_parts(record.record_type(), &without).expect("readable"));
            }
            Err(UndoError::ChangedSince { field }) => {
                prop_assert!(theirs.iter().any(|write| matches!(write, Write::Put(f, _) if f.key() == field)));
                prop_assert!(one.contains(&written.hash));
            }
            Err(other) => prop_assert!(false, "{other:?}"),
        }
        sync(&one, &mut two);
        prop_assert_eq!(one.heads(), two.heads());
        prop_assert_eq!(one.parts(), two.parts());
        let again = Document::load(record_id(1), one.changes().iter().map(|c| c.bytes.as_slice()));
        prop_assert_eq!(again.expect("own changes").parts(), one.parts());
    }
}
