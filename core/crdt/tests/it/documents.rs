//! One document in one place: made, edited, read, loaded.

use wijkboek_crdt::testing::unknown_field;
use wijkboek_crdt::{
    Document, DocumentError, PackChange, PackDocument, PackLimits, Verdict, read_pack, write_pack,
};
use wijkboek_model::testing::one_of;
use wijkboek_model::{
    ChangeHash, Field, Invalid, Record, RecordType, Rule, SET_MEMBERS_MAX, Sensitivity, SetField,
    TallyKey, Value, Write,
};

use crate::fixtures::{
    code, codes, contact, create, entry, judge, load, meeting, principal, record_id, signal, stamp,
    visit,
};

fn put(field: Field, value: &str) -> Write {
    Write::Put(field, Value::Text(value.to_owned()))
}

/// Takes over what `from` has and `to` lacks, through the guard.
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
fn a_document_moves_between_threads() {
    fn is_send<T: Send + Sync>() {}
    is_send::<Document>();
}

#[test]
fn every_type_of_record_reads_back() {
    let of_each_type = RecordType::ALL.iter().map(|record_type| one_of(*record_type));
    for record in of_each_type.chain([contact("bak vol"), signal("lamp stuk"), visit()]) {
        let (document, raw) = create(&record);
        assert_eq!(codes(&judge(None, std::slice::from_ref(&raw))), ["sound"]);
        let packed = PackChange { hash: raw.hash, bytes: &raw.bytes, number: 1 };
        let pack = write_pack(&[PackDocument { id: record_id(1), changes: vec![packed] }], 3);
        let unpacked = read_pack(&pack.expect("sound"), &PackLimits::default()).expect("our own");
        assert_eq!(unpacked[0].changes[0].bytes, raw.bytes);
        assert_eq!(document.record(), Ok(record.clone()));
        let again = load(&[raw]);
        assert_eq!(again.record(), Ok(record.clone()));
        assert_eq!(again.origin(), document.origin());
        assert_eq!(again.origin().author, principal(1));
        assert_eq!(again.heads(), document.heads());
        assert_eq!(again.changes(), document.changes());
        assert_eq!(document.history().len(), 1);
        assert!(document.history()[0].created);
        assert!(document.conflicts().is_empty());
    }
}

#[test]
fn the_same_record_makes_the_same_bytes() {
    assert_eq!(create(&contact("bak vol")).1, create(&contact("bak vol")).1);
}

#[test]
fn an_invalid_record_is_not_made() {
    let made = Document::create(record_id(1), principal(1), &signal(" "), &stamp(1, 0));
    let invalid = Invalid { field: "note", rule: Rule::Required };
    assert_eq!(made.map(|_| ()), Err(DocumentError::Invalid(invalid)));
}

#[test]
fn an_edit_is_one_change_with_its_history() {
    let (mut document, _) = create(&contact("bak vol"));
    let raw = document
        .edit(
            &[
                put(Field::Note, "container vol"),
                Write::Insert(SetField::Themes, "groen".to_owned()),
                Write::Remove(SetField::Themes, "afval".to_owned()),
                Write::Append(entry(1, "gebeld")),
            ],
            &stamp(1, 60),
        )
        .expect("valid")
        .expect("different");
    assert_eq!(document.change_count(), 2);
    assert_eq!(document.heads(), vec![raw.hash]);
    let Ok(Record::Contact(record)) = document.record() else { panic!("a contact") };
    assert_eq!(record.note, "container vol");
    assert_eq!(record.themes.iter().map(ToString::to_string).collect::<Vec<_>>(), ["groen"]);
    assert_eq!(document.entries(), vec![entry(1, "gebeld")]);
    let history = document.history();
    assert_eq!(history[1].touches.len(), 4);
    assert_eq!(history[1].touches[0].write, put(Field::Note, "container vol"));
    assert_eq!(history[1].touches[0].before, Some(Value::Text("bak vol".to_owned())));
    assert_eq!(history[1].at, stamp(1, 60).at);
    assert_eq!(load(&document.changes()).history(), history);
}

#[test]
fn equal_values_make_no_change() {
    let (mut document, _) = create(&contact("bak vol"));
    let writes = [
        put(Field::Note, "bak vol"),
        Write::Put(Field::Answer, Value::Null),
        Write::Insert(SetField::Themes, "afval".to_owned()),
        Write::Remove(SetField::Themes, "groen".to_owned()),
    ];
    assert_eq!(document.edit(&writes, &stamp(1, 60)), Ok(None));
    let (mut document, _) = create(&visit());
    let slip =
        [Write::Increment(TallyKey::JustATalk, 1), Write::Increment(TallyKey::JustATalk, -1)];
    assert_eq!(document.edit(&slip, &stamp(1, 60)), Ok(None));
    assert_eq!(document.change_count(), 1);
}

#[test]
fn an_edit_that_breaks_a_rule_changes_nothing() {
    let (mut document, _) = create(&contact("bak vol"));
    let before = document.heads();
    let lives_here = put(Field::LivesIn, "BU05970600");
    let invalid = document.edit(&[lives_here], &stamp(1, 60));
    let contradiction = Invalid { field: "lives_in", rule: Rule::Contradiction };
    assert_eq!(invalid, Err(DocumentError::Invalid(contradiction)));
    let long = put(Field::Note, &"x".repeat(20_001));
    assert!(matches!(document.edit(&[long], &stamp(1, 60)), Err(DocumentError::Invalid(_))));
    let shouted = Write::Insert(SetField::Photos, "AB".repeat(32));
    assert!(matches!(document.edit(&[shouted], &stamp(1, 60)), Err(DocumentError::Invalid(_))));
    let no_counter = Write::Increment(TallyKey::JustATalk, 1);
    assert!(matches!(document.edit(&[no_counter], &stamp(1, 60)), Err(DocumentError::Invalid(_))));
    assert_eq!(document.heads(), before);
}

#[test]
fn photos_have_a_cap() {
    let photo = |n| Write::Insert(SetField::Photos, ChangeHash::new([n; 32]).to_string());
    let too_many = |field| {
        let rule = Rule::TooMany { max: SET_MEMBERS_MAX };
        Err(DocumentError::Invalid(Invalid { field, rule }))
    };
    let (mut document, _) = create(&contact("bak vol"));
    let max = u8::try_from(SET_MEMBERS_MAX).expect("a small cap");
    let all: Vec<Write> = (0..=max).map(photo).collect();
    assert_eq!(document.edit(&all, &stamp(1, 60)), too_many("photos"));
    assert!(document.edit(&all[1..], &stamp(1, 60)).expect("as many as may be").is_some());
    assert_eq!(document.edit(&all[..1], &stamp(1, 60)), too_many("photos"));
    let Write::Insert(set, member) = all[9].clone() else { panic!("an insert") };
    let exchange = [all[0].clone(), Write::Remove(set, member)];
    assert!(document.edit(&exchange, &stamp(1, 60)).expect("one for another").is_some());
}

#[test]
fn an_entry_is_written_once() {
    let (mut document, _) = create(&contact("bak vol"));
    let first = Write::Append(entry(1, "gebeld"));
    assert!(document.edit(std::slice::from_ref(&first), &stamp(1, 60)).expect("valid").is_some());
    assert_eq!(document.edit(&[first], &stamp(1, 61)), Ok(None));
    let other = Write::Append(entry(1, "niet gebeld"));
    assert_eq!(document.edit(&[other], &stamp(1, 62)), Err(DocumentError::EntryExists));
}

#[test]
fn a_conflict_shows_both_values_until_somebody_chooses() {
    let (mut one, _) = create(&contact("bak vol"));
    let mut two = load(&one.changes());
    one.edit(&[put(Field::Note, "bak leeg")], &stamp(1, 60)).expect("valid");
    two.edit(&[put(Field::Note, "bak weg")], &stamp(2, 61)).expect("valid");
    sync(&one, &mut two);
    sync(&two, &mut one);
    assert_eq!(one.conflicts(), two.conflicts());
    let conflicts = one.conflicts();
    assert_eq!(conflicts.len(), 1);
    assert_eq!(conflicts[0].field, Field::Note);
    let shown: Vec<_> = conflicts[0].values.iter().map(|a| a.value.clone()).collect();
    // Equal operation numbers: the greater actor wins.
    assert_eq!(shown, [Value::Text("bak weg".to_owned()), Value::Text("bak leeg".to_owned())]);
    assert_eq!(conflicts[0].values[1].actor, stamp(1, 0).actor);
    assert_eq!(conflicts[0].values[1].at, stamp(1, 60).at);

    // The winner, chosen: still a change, and one that everybody accepts.
    let chosen = one.edit(&[put(Field::Note, "bak weg")], &stamp(1, 90)).expect("valid");
    assert!(chosen.is_some());
    assert!(one.conflicts().is_empty());
    sync(&one, &mut two);
    assert!(two.conflicts().is_empty());
    assert_eq!(one.heads(), two.heads());
    let history = two.history();
    let step = history.last().expect("a choice");
    assert_eq!(step.touches[0].write, put(Field::Note, "bak weg"));
    assert_eq!(one.edit(&[put(Field::Note, "bak weg")], &stamp(1, 95)), Ok(None));
}

#[test]
fn two_different_choices_at_once_are_a_conflict_again() {
    let (mut one, _) = create(&contact("bak vol"));
    let mut two = load(&one.changes());
    one.edit(&[put(Field::Note, "bak leeg")], &stamp(1, 60)).expect("valid");
    two.edit(&[put(Field::Note, "bak weg")], &stamp(2, 61)).expect("valid");
    sync(&one, &mut two);
    sync(&two, &mut one);
    one.edit(&[put(Field::Note, "bak weg")], &stamp(1, 90)).expect("valid");
    two.edit(&[put(Field::Note, "bak leeg")], &stamp(2, 91)).expect("valid");
    sync(&one, &mut two);
    sync(&two, &mut one);
    assert_eq!(one.conflicts().len(), 1);
    assert_eq!(one.conflicts(), two.conflicts());
}

#[test]
fn equal_values_side_by_side_are_no_conflict() {
    let (mut one, _) = create(&contact("bak vol"));
    let mut two = load(&one.changes());
    one.edit(&[put(Field::Note, "bak leeg")], &stamp(1, 60)).expect("valid");
    two.edit(&[put(Field::Note, "bak leeg")], &stamp(2, 61)).expect("valid");
    sync(&two, &mut one);
    assert!(one.conflicts().is_empty());
    assert_eq!(one.edit(&[put(Field::Note, "bak leeg")], &stamp(1, 90)), Ok(None));
}

#[test]
fn the_audience_is_read_carefully_while_values_are_concurrent() {
    let (mut one, _) = create(&signal("lamp stuk"));
    let mut two = load(&one.changes());
    let assignee = |n| put(Field::Assignee, &principal(n).to_string());
    one.edit(&[put(Field::Sensitivity, "gevoelig"), assignee(8)], &stamp(1, 60)).expect("valid");
    two.edit(
        &[put(Field::Sensitivity, "vertrouwelijk"), put(Field::Buurt, "BU05970100"), assignee(9)],
        &stamp(2, 61),
    )
    .expect("valid");
    assert_eq!(two.audience().expect("readable").wijken.len(), 1);
    sync(&two, &mut one);
    let audience = one.audience().expect("readable");
    assert_eq!(audience.sensitivity, Sensitivity::Gevoelig);
    assert_eq!(audience.participants, [principal(8), principal(9)].into());
    assert_eq!(audience.author, principal(1));
    // One side moved it: that is no conflict, the other side changed nothing there.
    assert_eq!(audience.wijken.iter().map(ToString::to_string).collect::<Vec<_>>(), ["WK059701"]);
    one.edit(&[put(Field::Buurt, "BU05970200")], &stamp(1, 70)).expect("valid");
    two.edit(&[put(Field::Buurt, "BU05970300")], &stamp(2, 71)).expect("valid");
    sync(&two, &mut one);
    assert_eq!(one.audience().expect("readable").wijken.len(), 2);
    let (visit, _) = create(&visit());
    let team = visit.audience().expect("readable").participants;
    assert_eq!(team, [principal(1), principal(2)].into());
}

#[test]
fn a_merge_that_breaks_a_rule_is_kept_and_can_be_edited() {
    let (mut one, _) = create(&contact("bak vol"));
    let mut two = load(&one.changes());
    one.edit(&[put(Field::Buurt, "BU05970100")], &stamp(1, 60)).expect("valid");
    two.edit(&[put(Field::LivesIn, "BU05970100")], &stamp(2, 61)).expect("valid");
    sync(&two, &mut one);
    sync(&one, &mut two);
    assert!(wijkboek_model::validate(&one.record().expect("readable")).is_err());
    one.edit(&[put(Field::Note, "toch leeg")], &stamp(1, 70)).expect("not its fault");
    sync(&one, &mut two);
    assert_eq!(one.heads(), two.heads());
}

#[test]
fn a_field_of_a_newer_version_is_kept_and_passed_on() {
    let (document, _) = create(&contact("bak vol"));
    let newer = unknown_field(&document, "mood", "opgelucht", &stamp(3, 60));
    let verdicts = judge(Some(&document), &[newer]);
    let Verdict::Sound(guarded) = &verdicts[0] else { panic!("{verdicts:?}") };
    assert!(guarded.writes.is_empty());
    assert_eq!(guarded.unknown_keys, ["mood"]);
    let mut document = document;
    document.apply(guarded).expect("fits");
    document.edit(&[put(Field::Note, "bak leeg")], &stamp(1, 90)).expect("valid");
    let again = load(&document.changes());
    assert_eq!(again.heads(), document.heads());
    assert!(again.changes().iter().any(|c| c.bytes.windows(9).any(|w| w == b"opgelucht")));
    // Somebody who knows the field reads it after our edit, and may overwrite it.
    let overwritten = unknown_field(&again, "mood", "boos", &stamp(3, 99));
    assert_eq!(code(&judge(Some(&again), &[overwritten])[0]), "sound");
}

#[test]
fn loading_says_what_is_wrong() {
    let (mut document, first) = create(&contact("bak vol"));
    let second = document.edit(&[put(Field::Note, "leeg")], &stamp(1, 60)).expect("valid");
    let second = second.expect("different");
    let bytes = |parts: &[&wijkboek_crdt::RawChange]| {
        let parts: Vec<_> = parts.iter().map(|c| c.bytes.clone()).collect();
        Document::load(record_id(1), parts.iter().map(Vec::as_slice)).map(|d| d.heads())
    };
    assert_eq!(bytes(&[&second, &first, &second]), Ok(vec![second.hash]));
    assert_eq!(bytes(&[]), Err(DocumentError::NoChanges));
    assert_eq!(bytes(&[&second]), Err(DocumentError::Missing { missing: vec![first.hash] }));
    let other = Document::load(record_id(2), [first.bytes.as_slice()]);
    assert_eq!(other.map(|_| ()), Err(DocumentError::OtherRecord));
    for at in 0..first.bytes.len() {
        let mut rotten = first.clone();
        rotten.bytes[at] ^= 0x10;
        assert_eq!(
            bytes(&[&rotten, &second]).map_err(|e| matches!(e, DocumentError::Damaged)),
            Err(true)
        );
    }
}

#[test]
fn a_phone_with_a_wrong_clock_still_writes_what_the_server_accepts() {
    for ms in [i64::MIN, -1, 0, i64::MAX] {
        let mut stamp = stamp(1, 0);
        stamp.at = wijkboek_model::Timestamp::from_millis(ms);
        let made = Document::create(record_id(1), principal(1), &contact("bak"), &stamp);
        let (mut document, first) = made.expect("valid");
        let edit = document.edit(&[put(Field::Note, "vol")], &stamp).expect("valid");
        let verdicts = judge(None, &[first, edit.expect("different")]);
        assert_eq!(crate::fixtures::codes(&verdicts), ["sound", "sound"]);
    }
}

#[test]
fn what_a_newer_version_made_is_told_from_damage() {
    use automerge::transaction::{CommitOptions, Transactable};
    use automerge::{ActorId, Automerge, ObjType, ROOT, ScalarValue};
    let mut newer = Automerge::new().with_actor(ActorId::from(&[5_u8; 16][..]));
    let mut transaction = newer.transaction();
    let id = ScalarValue::Bytes(record_id(1).as_bytes().to_vec());
    transaction.put(ROOT, "_id", id).expect("a map");
    transaction.put(ROOT, "_type", "raadsbesluit").expect("a map");
    let minutes = transaction.put_object(ROOT, "minutes", ObjType::Text).expect("a map");
    transaction.splice_text(&minutes, 0, 0, "Opening.").expect("a text");
    let options = CommitOptions::default().with_time(stamp(5, 0).at.as_millis());
    transaction.commit_with(options.with_message("notulen"));
    let change = newer.get_last_local_change().expect("just written");
    let loaded = Document::load(record_id(1), [change.raw_bytes()]);
    assert_eq!(loaded.map(|_| ()), Err(DocumentError::Newer));
    let info = wijkboek_crdt::ChangeInfo::read(change.raw_bytes()).expect("a change");
    assert_eq!((info.seq, info.start_op, info.max_op), (1, 1, change.max_op()));
}

#[test]
fn a_meeting_has_a_place_for_its_minutes_from_its_first_change_on() {
    let record = meeting();
    let (document, first) = create(&record);
    assert_eq!(crate::fixtures::codes(&judge(None, std::slice::from_ref(&first))), ["sound"]);
    assert_eq!(load(std::slice::from_ref(&first)).record(), Ok(record));
    let minutes = automerge::legacy::Key::from("minutes");
    let without = wijkboek_crdt::testing::forge(&first, |change| {
        change.operations.retain(|op| op.key != minutes);
    });
    // What is left is numbered otherwise, so that it cannot say where its members belong either.
    assert_ne!(code(&judge(None, &[without])[0]), "sound");
    let by = stamp(2, 60);
    let overwritten = unknown_field(&document, "minutes", "niets besproken", &by);
    assert_eq!(code(&judge(Some(&document), &[overwritten])[0]), "container-replaced");
}

#[test]
fn a_key_of_a_map_shows_both_values_until_somebody_chooses() {
    use wijkboek_model::MapField;
    let text = |text: &str| Value::Text(text.to_owned());
    let (mut one, first) = create(&meeting());
    let mut two = load(&[first]);
    let decision = entry(1, "").id.to_string();
    let decide = |what: &str| Write::Set(MapField::Decisions, decision.clone(), text(what));
    one.edit(&[decide("bakken erbij")], &stamp(1, 60)).expect("valid").expect("different");
    two.edit(&[decide("vaker legen")], &stamp(2, 61)).expect("valid").expect("different");
    sync(&one, &mut two);
    sync(&two, &mut one);
    assert_eq!(one.pair_conflicts(), two.pair_conflicts());
    let conflicts = one.pair_conflicts();
    assert_eq!((conflicts.len(), conflicts[0].map), (1, MapField::Decisions));
    assert_eq!(conflicts[0].key, decision);
    let values: Vec<_> = conflicts[0].values.iter().map(|a| a.value.clone()).collect();
    assert_eq!(values, [text("vaker legen"), text("bakken erbij")]);
    assert_eq!(conflicts[0].values[1].actor, stamp(1, 0).actor);
    // The winner, chosen: a change, and one that everybody accepts.
    assert!(one.edit(&[decide("vaker legen")], &stamp(1, 90)).expect("valid").is_some());
    sync(&one, &mut two);
    assert!(one.pair_conflicts().is_empty() && two.pair_conflicts().is_empty());
    assert_eq!(two.parts().maps[&MapField::Decisions][&decision], text("vaker legen"));
    two.edit(&[Write::Set(MapField::Decisions, decision.clone(), Value::Null)], &stamp(2, 99))
        .expect("valid")
        .expect("different");
    assert!(!two.parts().maps[&MapField::Decisions].contains_key(&decision));
}
