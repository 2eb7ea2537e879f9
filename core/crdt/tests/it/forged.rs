//! Made hostile changes: each spoils one thing and is refused for exactly that.

use automerge::legacy::{Key, ObjectId, Op, OpType};
use automerge::{ObjType, ScalarValue};
use wijkboek_crdt::testing::{
    bundle, container_replaced, counter_overwritten, deflated, entry_overwritten,
    foreign_record_id, forge, forked_sequence, frame, hash_mismatch, inflated_start_op,
    makes_object, malformed_author, many_operations, replace_column, reserved_key, second_root,
    sequence_gap, unknown_dependency, unknown_field, unrelated_dependency, whole_document,
};
use wijkboek_crdt::{Document, ForeignChange, Limits, RawChange, Verdict, guard};
use wijkboek_model::{
    ChangeHash, Field, Invalid, Rule, SET_MEMBERS_MAX, SetField, TallyKey, Value, Write,
};

use crate::fixtures::{
    actor, code, codes, contact, create, entry, judge, judge_for, load, principal, quiet,
    record_id, refusal, signal, stamp, visit,
};

fn note(text: &str) -> Write {
    Write::Put(Field::Note, Value::Text(text.to_owned()))
}

fn edited(document: &mut Document, write: Write, by: u8) -> RawChange {
    document.edit(&[write], &stamp(by, 60)).expect("valid").expect("different")
}

/// A document with a first change that the server knows, and an edit that it does not.
fn known_and_edit() -> (Document, RawChange, RawChange) {
    let (mut document, first) = create(&contact("bak vol"));
    let known = load(std::slice::from_ref(&first));
    let edit = edited(&mut document, note("bak leeg"), 1);
    (known, first, edit)
}

fn one(known: &Document, change: RawChange) -> &'static str {
    code(&judge(Some(known), &[change])[0])
}

#[test]
fn what_is_valid_is_sound() {
    let (known, first, edit) = known_and_edit();
    let verdicts = judge(None, &[edit.clone(), first.clone(), edit.clone()]);
    assert_eq!(codes(&verdicts), ["sound", "sound", "duplicate"]);
    let Verdict::Sound(created) = &verdicts[1] else { panic!("sound") };
    assert!(created.creates && created.writes.is_empty());
    let Verdict::Sound(guarded) = &verdicts[0] else { panic!("sound") };
    assert!(!guarded.creates);
    assert_eq!(guarded.writes, [note("bak leeg")]);
    assert_eq!(guarded.change, edit);
    assert_eq!(codes(&judge(Some(&known), &[first, edit])), ["duplicate", "sound"]);
}

#[test]
fn chunks_that_are_no_plain_change() {
    let (known, first, edit) = known_and_edit();
    assert_eq!(one(&known, deflated(&first)), "deflated-chunk");
    assert_eq!(one(&known, bundle(&known)), "bundle-chunk");
    assert_eq!(one(&known, whole_document(&known)), "document-chunk");
    assert_eq!(one(&known, hash_mismatch(&edit)), "hash-mismatch");
    let mut longer = edit.clone();
    longer.bytes.push(0);
    assert_eq!(one(&known, longer), "length-mismatch");
    let mut typeless = edit.clone();
    typeless.bytes[8] = 9;
    assert_eq!(one(&known, typeless), "unknown-chunk-type");
    let mut damaged = edit.clone();
    damaged.bytes[4] ^= 1;
    assert_eq!(one(&known, damaged), "checksum-mismatch");
    let rubbish = RawChange { hash: edit.hash, bytes: b"geen wijziging".to_vec() };
    assert_eq!(one(&known, rubbish), "not-a-chunk");
    let huge = RawChange { hash: edit.hash, bytes: vec![0; 70_000] };
    assert_eq!(one(&known, huge), "change-too-large");
}

#[test]
fn columns_that_declare_too_much() {
    quiet();
    let (known, _, edit) = known_and_edit();
    let bomb = many_operations(&edit);
    assert!(bomb.bytes.len() < edit.bytes.len() + 8);
    assert_eq!(one(&known, bomb), "too-many-operations");
    let nulls = replace_column(&edit, 0x42, &[0x00, 0x01]);
    assert_eq!(one(&known, nulls), "malformed-change");
    let none = replace_column(&edit, 0x42, &[]);
    assert_eq!(one(&known, none), "empty-change");
    let replaced = replace_column(&edit, 0x70, &[0x01, 0x80, 0x80, 0x80, 0x80, 0x20]);
    assert_eq!(one(&known, replaced), "too-many-replaced");
    let long_key = replace_column(&edit, 0x15, &[0x7f, 0x80, 0x94, 0xeb, 0xdc, 0x03, b'x']);
    assert_eq!(one(&known, long_key), "malformed-change");
    let many = forge(&edit, |change| {
        let op = change.operations[0].clone();
        change.operations = vec![op; 257];
    });
    assert_eq!(one(&known, many), "too-many-operations");
    assert_eq!(one(&known, frame(&[0xff, 0xff, 0x03, 1, 2, 3])), "too-many-dependencies");
    assert_eq!(one(&known, frame(&[])), "malformed-change");
}

#[test]
fn values_that_declare_what_is_not_there() {
    quiet();
    let (known, _, edit) = known_and_edit();
    // Kind and length of the one value, and its bytes.
    let value = |meta: &[u8], bytes: &[u8]| {
        let meta = [&[0x7f][..], meta].concat();
        one(&known, replace_column(&replace_column(&edit, 0x56, &meta), 0x57, bytes))
    };
    let of_kind = |kind: u8, bytes: &[u8]| {
        let length = u8::try_from(bytes.len()).expect("short");
        let meta = u16::from(length) << 4 | u16::from(kind);
        let low = u8::try_from(meta & 0x7f).expect("seven bits") | 0x80;
        value(&[low, u8::try_from(meta >> 7).expect("short")], bytes)
    };
    // A text of 2^59 bytes, of 2^60 - 1, and a length in a number of eleven bytes.
    assert_eq!(value(&[0x86, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x40], b"x"), MALFORMED);
    let most = [0xf6, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01];
    assert_eq!(value(&most, b"x"), MALFORMED);
    assert_eq!(value(&[0xff; 11], b"x"), MALFORMED);
    assert_eq!(value(&[0x26], b"x"), MALFORMED);
    assert_eq!(value(&[0x16], b"xy"), MALFORMED);
    // Numbers of eleven bytes, of none, and in a longer spelling than needed; half a float; a text
    // that is none; a true with bytes; kinds that nobody knows.
    for kind in [3, 4, 8, 9] {
        assert_eq!(of_kind(kind, &[0xff; 11]), "unreadable-change", "kind {kind}");
        assert_eq!(of_kind(kind, &[]), "unreadable-change", "kind {kind}");
        assert_ne!(of_kind(kind, &[0x81, 0x80, 0x00]), "sound", "kind {kind}");
    }
    assert_eq!(of_kind(5, &[0; 4]), "unreadable-change");
    assert_eq!(of_kind(6, &[0xff, 0xfe]), "unreadable-change");
    for (kind, bytes) in [(0, &b"x"[..]), (1, b"x"), (2, b"x"), (10, b"x"), (15, b"")] {
        assert_ne!(of_kind(kind, bytes), "sound", "kind {kind}");
    }
}

#[test]
fn columns_of_other_kinds_and_mixtures_of_chunks() {
    quiet();
    let (known, first, edit) = known_and_edit();
    // The column of keys in the table of columns: what it is, and how long.
    let body = edit.bytes[if edit.bytes[9] & 0x80 == 0 { 10 } else { 11 }..].to_vec();
    let table = body.windows(2).position(|two| two == [0x15, 6]).expect("the column of keys");
    let named = |specification: u8| {
        let mut body = body.clone();
        body[table] = specification;
        one(&known, frame(&body))
    };
    assert_eq!(named(0x15), "sound");
    assert_eq!(named(0x1d), "compressed-column");
    assert_eq!(named(0x16), "foreign-column");
    let together = |chunks: &[&RawChange]| {
        let bytes = chunks.iter().flat_map(|chunk| chunk.bytes.clone()).collect();
        one(&known, RawChange { hash: edit.hash, bytes })
    };
    assert_eq!(together(&[&edit, &edit]), "length-mismatch");
    assert_eq!(together(&[&edit, &deflated(&first)]), "length-mismatch");
    assert_eq!(together(&[&deflated(&first), &edit]), "deflated-chunk");
    assert_eq!(together(&[&bundle(&known), &edit]), "bundle-chunk");
    assert_eq!(together(&[&whole_document(&known), &edit]), "document-chunk");
    // Neither harms its neighbours.
    let verdicts = judge(Some(&known), &[bundle(&known), edit, deflated(&first), first]);
    assert_eq!(codes(&verdicts), ["bundle-chunk", "sound", "deflated-chunk", "duplicate"]);
}

#[test]
fn an_entry_names_its_author() {
    let (mut document, first) = create(&visit());
    let known = load(&[first]);
    let append = edited(&mut document, Write::Append(entry(1, "regen")), 1);
    for written in ["zonder schrijver", "ik\nregen", ""] {
        let nobodys = forge(&append, |c| c.operations[0].action = OpType::Put(written.into()));
        assert_eq!(one(&known, nobodys), "entry-malformed", "{written}");
    }
}

#[test]
fn headers_that_no_client_writes() {
    let (known, _, edit) = known_and_edit();
    let twice = forge(&edit, |change| change.deps.push(change.deps[0]));
    assert_eq!(one(&known, twice), "duplicate-dependency");
    let short = forge(&edit, |change| change.actor_id = automerge::ActorId::from(&[1, 2][..]));
    assert_eq!(one(&known, short), "actor-malformed");
    for time in [-1, i64::MAX, i64::MIN] {
        assert_eq!(one(&known, forge(&edit, |c| c.time = time)), "time-out-of-range");
    }
    let message = forge(&edit, |change| change.message = Some("hallo".to_owned()));
    assert_eq!(one(&known, message), "message-not-allowed");
    let trailing = forge(&edit, |change| change.extra_bytes = vec![1, 2, 3]);
    assert_eq!(one(&known, trailing), "trailing-bytes");
    assert_eq!(one(&known, forge(&edit, |c| c.operations.clear())), "empty-change");
}

#[test]
fn a_change_out_of_place() {
    let (known, first, edit) = known_and_edit();
    assert_eq!(one(&known, second_root(&first, actor(9))), "second-root");
    assert_eq!(one(&known, inflated_start_op(&edit)), "wrong-start-op");
    assert_eq!(one(&known, sequence_gap(&edit)), "sequence-gap");
    assert_eq!(one(&known, forge(&edit, |c| c.seq = 1)), "forked-sequence");
    let forked = judge(Some(&known), &[edit.clone(), forked_sequence(&edit)]);
    assert_eq!(codes(&forked), ["sound", "forked-sequence"]);
    assert_eq!(one(&known, unknown_dependency(&edit)), "waiting");
    // An edit of another record, replayed here: what it builds on is not here and never will be.
    let (mut other, _) = create(&contact("iets heel anders"));
    assert_eq!(one(&known, edited(&mut other, note("leeg"), 1)), "waiting");
}

#[test]
fn a_change_must_build_on_its_actors_previous_one() {
    let (mut document, first) = create(&contact("bak vol"));
    let edit = edited(&mut document, note("bak leeg"), 1);
    let aside = forge(&edit, |change| {
        change.seq = 3;
        change.time += 5;
    });
    let known = load(&[first, edit]);
    assert_eq!(one(&known, aside), "previous-not-ancestor");
}

#[test]
fn another_records_first_change() {
    let (known, first, edit) = known_and_edit();
    assert_eq!(
        code(&judge_for(record_id(2), None, std::slice::from_ref(&first))[0]),
        "other-record"
    );
    let renamed = foreign_record_id(&first, record_id(2));
    assert_eq!(code(&judge(None, std::slice::from_ref(&renamed))[0]), "other-record");
    let tangled = unrelated_dependency(&edit, &renamed);
    let verdicts = judge(Some(&known), &[tangled, renamed, edit]);
    assert_eq!(codes(&verdicts), ["unrelated-dependency", "second-root", "sound"]);
}

#[test]
fn what_builds_on_a_refused_change_is_refused_and_its_neighbour_is_not() {
    let (mut document, first) = create(&contact("bak vol"));
    let mut colleague = load(std::slice::from_ref(&first));
    let good = edited(&mut colleague, note("bak weg"), 2);
    let bad = forge(&edited(&mut document, note("bak leeg"), 1), |change| {
        change.operations[0].action = OpType::Put(ScalarValue::F64(1.5));
    });
    let on_bad = forge(&edited(&mut document, note("bak halfvol"), 1), |change| {
        change.deps = vec![automerge::ChangeHash(*bad.hash.as_bytes())];
    });
    let verdicts = judge(None, &[on_bad, bad, good, first]);
    assert_eq!(codes(&verdicts), ["depends-on-refused", "forbidden-value", "sound", "sound"]);
}

#[test]
fn first_changes_that_do_not_build_the_record() {
    let (_, first) = create(&visit());
    let judged = |change: RawChange| code(&judge(None, &[change])[0]);
    assert_eq!(judged(malformed_author(&first)), "author-malformed");
    let set = |key: &'static str, value: ScalarValue| {
        forge(&first, move |change| {
            let op = change.operations.iter_mut().find(|op| op.key == Key::from(key));
            op.expect("such a key").action = OpType::Put(value);
        })
    };
    assert_eq!(judged(set("_id", "kort".into())), "id-malformed");
    assert_eq!(judged(set("_type", "raadsbesluit".into())), "type-unknown");
    assert_eq!(judged(set("_type", "contact".into())), "invalid-value");
    assert_eq!(judged(set("_schema", ScalarValue::Uint(0))), "schema-malformed");
    assert_eq!(judged(set("tallies", ScalarValue::Null)), "container-replaced");
    assert_eq!(judged(set("soort:praatje", ScalarValue::Int(3))), "forbidden-value");
    assert_eq!(judged(set("soort:praatje", ScalarValue::counter(-3))), "invalid-value");
    assert_eq!(judged(set("ends_at", ScalarValue::Timestamp(946_684_800_001))), "invalid-value");
    let without = |key: &'static str| {
        forge(&first, move |c| {
            let op = c.operations.iter_mut().find(|op| op.key == Key::from(key));
            op.expect("such a key").key = Key::from("mood");
        })
    };
    assert_eq!(judged(without("_author")), "author-malformed");
    assert_eq!(judged(without("entries")), "makes-object");
    assert_eq!(judged(without("place_name")), "invalid-value");
    assert_eq!(judged(without("place")), "sound", "an older version may not know a field");
    assert_eq!(judged(without("soort:praatje")), "unknown-tally");
    let counters =
        forge(&first, |c| c.operations.retain(|op| op.key != Key::from("soort:praatje")));
    assert_eq!(judged(counters), "first-change-incomplete");
    let list = forge(&first, |change| {
        let op = change.operations.iter_mut().find(|op| op.key == Key::from("team"));
        op.expect("a team").action = OpType::Make(ObjType::List);
    });
    assert_eq!(judged(list), "makes-object");
    let twice = forge(&first, |change| change.operations.push(change.operations[0].clone()));
    assert_eq!(judged(twice), "key-written-twice");
    let hidden = forge(&first, |change| {
        let op = change.operations.iter_mut().find(|op| op.key == Key::from("place"));
        op.expect("a place").key = Key::from("_hidden");
    });
    assert_eq!(judged(hidden), "reserved-key");
}

#[test]
fn writes_that_a_record_does_not_allow() {
    let (mut document, first) = create(&visit());
    let append = edited(&mut document, Write::Append(entry(1, "regen")), 1);
    let document = load(&[first, append]);
    let by = stamp(2, 90);
    assert_eq!(one(&document, counter_overwritten(&document, &by)), "counter-overwritten");
    assert_eq!(one(&document, container_replaced(&document, &by)), "container-replaced");
    assert_eq!(one(&document, makes_object(&document, &by)), "makes-object");
    let rewritten = entry_overwritten(&document, entry(1, "").id, &by);
    assert_eq!(one(&document, rewritten.clone()), "entry-overwritten");
    let beside = forge(&rewritten, |c| c.operations[0].pred = Vec::new().into());
    assert_eq!(one(&document, beside), "entry-overwritten");
    let deleted = forge(&rewritten, |c| c.operations[0].action = OpType::Delete);
    assert_eq!(one(&document, deleted), "entry-overwritten");
    assert_eq!(one(&document, reserved_key(&document, &by)), "reserved-key");
    let new_key = unknown_field(&document, "mood", "blij", &by);
    assert_eq!(one(&document, new_key.clone()), "sound");
    let long = unknown_field(&document, "mood", &"x".repeat(4_001), &by);
    assert_eq!(one(&document, long), "value-too-large");
    let shouted = unknown_field(&document, "Mood!", "blij", &by);
    assert_eq!(one(&document, shouted), "key-malformed");
    let nested = forge(&new_key, |c| c.operations[0].action = OpType::Make(ObjType::Map));
    assert_eq!(one(&document, nested), "makes-object");
    let counter = forge(&new_key, |c| c.operations[0].action = OpType::Increment(1));
    assert_eq!(one(&document, counter), "not-a-counter");
    let twice = forge(&new_key, |c| c.operations.push(c.operations[0].clone()));
    assert_eq!(one(&document, twice), "key-written-twice");
    let astray = forge(&new_key, |c| {
        c.operations[0].obj = ObjectId::Id(automerge::legacy::OpId(1, c.actor_id.clone()));
    });
    assert_eq!(one(&document, astray), "unknown-object");
    let foreign = forge(&new_key, |c| {
        let stranger = automerge::ActorId::from(&[9_u8; 16][..]);
        c.operations[0].pred = vec![automerge::legacy::OpId(1, stranger)].into();
    });
    assert_eq!(one(&document, foreign), "wrong-predecessors");
    let inserted = forge(&new_key, |c| c.operations[0].insert = true);
    assert_eq!(one(&document, inserted), "forbidden-operation");
    let in_list = forge(&new_key, |c| c.operations[0].key = Key::head());
    assert_eq!(one(&document, in_list), "foreign-column");
}

#[test]
fn values_are_checked_as_for_own_edits() {
    let (known, _, edit) = known_and_edit();
    let value = |v: ScalarValue| forge(&edit, |c| c.operations[0].action = OpType::Put(v));
    let verdict = |v: ScalarValue| refusal(&judge(Some(&known), &[value(v)])[0]);
    let long = verdict("x".repeat(20_001).into());
    let rule = Rule::TooLong { max: 20_000 };
    assert_eq!(long, Some(Invalid { field: "note", rule }.into()));
    assert_eq!(verdict(ScalarValue::Null).map(|r| r.code()), Some("invalid-value"));
    assert_eq!(verdict(ScalarValue::Bytes(vec![1])).map(|r| r.code()), Some("forbidden-value"));
    let deleted = forge(&edit, |c| c.operations[0].action = OpType::Delete);
    assert_eq!(one(&known, deleted), "invalid-value");
    let other_type = forge(&edit, |c| c.operations[0].key = Key::from("place_name"));
    assert_eq!(one(&known, other_type), "invalid-value");
    let contradiction = forge(&edit, |c| {
        c.operations[0].key = Key::from("lives_in");
        c.operations[0].action = OpType::Put("BU05970600".into());
    });
    assert_eq!(one(&known, contradiction), "wrong-predecessors");
    let member = forge(&edit, |c| c.operations[0].key = Key::from("themes"));
    assert_eq!(one(&known, member), "container-replaced");
}

#[test]
fn a_rule_between_fields_binds_foreign_changes_too() {
    let (mut document, first) = create(&contact("bak vol"));
    let known = load(&[first]);
    let lives = Write::Put(Field::LivesIn, Value::Text("BU05970100".to_owned()));
    let edit = edited(&mut document, lives, 1);
    let broken = forge(&edit, |c| c.operations[0].action = OpType::Put("BU05970600".into()));
    let refused = refusal(&judge(Some(&known), &[broken])[0]);
    let invalid = Invalid { field: "lives_in", rule: Rule::Contradiction };
    assert_eq!(refused, Some(invalid.into()));
    assert_eq!(one(&known, edit), "sound");
}

#[test]
fn a_change_replaces_exactly_what_its_writer_saw() {
    let (known, _, edit) = known_and_edit();
    let blind = forge(&edit, |c| c.operations[0].pred = Vec::new().into());
    assert_eq!(one(&known, blind), "wrong-predecessors");
    let astray = forge(&edit, |c| c.operations[0].key = Key::from("answer"));
    assert_eq!(one(&known, astray), "wrong-predecessors");
    let (mut document, first) = create(&contact("bak vol"));
    let earlier = edited(&mut document, note("een"), 1);
    let later = edited(&mut document, note("twee"), 1);
    let beyond = forge(&later, |c| {
        let pred = c.operations[0].pred.iter().next().expect("one").counter();
        let actor = c.actor_id.clone();
        c.operations[0].pred = vec![automerge::legacy::OpId(pred - 1, actor)].into();
    });
    let known = load(&[first, earlier]);
    assert_eq!(one(&known, beyond), "wrong-predecessors");
    let removal = forge(&later, |c| {
        let themes = known.changes();
        let first = automerge::Change::try_from(themes[0].bytes.as_slice()).expect("a change");
        let made = first.decode().operations.iter().position(|op| op.key == Key::from("themes"));
        let counter = made.expect("a container") as u64 + 1;
        c.operations[0].obj = ObjectId::Id(automerge::legacy::OpId(counter, c.actor_id.clone()));
        c.operations[0].key = Key::from("groen");
        c.operations[0].action = OpType::Delete;
        c.operations[0].pred = Vec::new().into();
    });
    assert_eq!(one(&known, removal), "wrong-predecessors");
}

#[test]
fn a_counter_takes_small_steps_of_known_keys() {
    let (mut document, first) = create(&visit());
    let known = load(&[first]);
    let edit = edited(&mut document, Write::Increment(TallyKey::JustATalk, 2), 1);
    assert_eq!(one(&known, edit.clone()), "sound");
    let leap = forge(&edit, |c| c.operations[0].action = OpType::Increment(1_001));
    assert_eq!(one(&known, leap), "invalid-value");
    let strange = forge(&edit, |c| c.operations[0].key = Key::from("soort:gezellig"));
    assert_eq!(one(&known, strange), "unknown-tally");
    let other = forge(&edit, |c| c.operations[0].key = Key::from("soort:vraag"));
    assert_eq!(one(&known, other), "wrong-predecessors");
}

#[test]
fn members_have_one_spelling() {
    let (mut document, first) = create(&visit());
    let known = load(&[first]);
    let join = Write::Insert(SetField::Team, principal(7).to_string());
    let edit = edited(&mut document, join, 1);
    let shouted = forge(&edit, |c| {
        c.operations[0].key = Key::from(principal(7).to_string().to_uppercase());
    });
    assert_eq!(one(&known, shouted), "key-malformed");
    let no = forge(&edit, |c| c.operations[0].action = OpType::Put(false.into()));
    assert_eq!(one(&known, no), "forbidden-value");
}

#[test]
fn photos_have_a_cap_for_foreign_changes_too() {
    let more = |change: &RawChange, object: &ObjectId, photos: usize| {
        forge(change, |change| {
            let photos = u8::try_from(photos).expect("a few");
            change.operations.extend((100..100 + photos).map(|n| Op {
                action: OpType::Put(true.into()),
                obj: object.clone(),
                key: Key::from(ChangeHash::new([n; 32]).to_string()),
                pred: Vec::new().into(),
                insert: false,
            }));
        })
    };
    let (mut document, first) = create(&contact("bak vol"));
    let known = load(std::slice::from_ref(&first));
    let photo = Write::Insert(SetField::Photos, ChangeHash::new([1; 32]).to_string());
    let edit = edited(&mut document, photo, 1);
    let decoded = automerge::Change::try_from(edit.bytes.as_slice()).expect("a change").decode();
    let photos = &decoded.operations[0].obj;
    assert_eq!(one(&known, more(&edit, photos, SET_MEMBERS_MAX - 1)), "sound");
    let invalid = Invalid { field: "photos", rule: Rule::TooMany { max: SET_MEMBERS_MAX } };
    let over = more(&edit, photos, SET_MEMBERS_MAX);
    assert_eq!(refusal(&judge(Some(&known), &[over])[0]), Some(invalid.into()));
    let judged = |photos_at_once| judge(None, &[more(&first, photos, photos_at_once)]);
    assert_eq!(code(&judged(SET_MEMBERS_MAX)[0]), "sound");
    assert_eq!(refusal(&judged(SET_MEMBERS_MAX + 1)[0]), Some(invalid.into()));
}

#[test]
fn values_have_one_spelling() {
    let (mut document, first) = create(&signal("Ratten bij de vijver"));
    let known = load(std::slice::from_ref(&first));
    let assignee = |spelled: String| Write::Put(Field::Assignee, Value::Text(spelled));
    let edit = edited(&mut document, assignee(principal(7).to_string()), 1);
    let shouted = || OpType::Put(principal(7).to_string().to_uppercase().into());
    let other = forge(&edit, |c| c.operations[0].action = shouted());
    assert_eq!(one(&known, other), "invalid-value");
    assert_eq!(one(&known, edit), "sound");
    let created = forge(&first, |change| {
        let op = change.operations.iter_mut().find(|op| op.key == Key::from("assignee"));
        op.expect("such a key").action = shouted();
    });
    assert_eq!(code(&judge(None, &[created])[0]), "invalid-value");
}

#[test]
fn a_full_document_takes_no_more() {
    let (mut document, first) = create(&visit());
    let mut batch = vec![first];
    for n in 0..4 {
        let write = Write::Increment(TallyKey::JustATalk, 1);
        let edit = document.edit(&[write], &stamp(n, 60)).expect("valid");
        batch.push(edit.expect("different"));
    }
    let judged = |limits: &Limits| {
        let foreign: Vec<_> =
            batch.iter().map(|c| ForeignChange { announced: c.hash, bytes: &c.bytes }).collect();
        codes(&guard(record_id(1), None, &foreign, limits))
    };
    let changes = Limits { changes_per_document: 3, ..Limits::default() };
    let full = ["sound", "sound", "sound", "document-full", "depends-on-refused"];
    assert_eq!(judged(&changes), full);
    let bytes = batch[..3].iter().map(|c| c.bytes.len()).sum();
    assert_eq!(judged(&Limits { document_bytes: bytes, ..Limits::default() }), full);
    let first = load(&batch[..1]).infos()[0].max_op;
    let limits = Limits {
        operations_per_document: usize::try_from(first).expect("few") + 2,
        ..Limits::default()
    };
    assert_eq!(judged(&limits), full);
    let actors = Limits { actors_per_document: 3, ..Limits::default() };
    assert_eq!(judged(&actors)[3..], ["sound", "too-many-actors"]);
}

#[test]
fn a_batch_that_asks_for_too_much_work_waits_in_part() {
    let (mut document, first) = create(&contact("bak vol"));
    let mut batch = vec![first];
    for n in 0..6 {
        batch.push(edited(&mut document, note(&format!("notitie {n}")), 1));
    }
    let limits = Limits { applications_per_batch: 3, ..Limits::default() };
    let foreign: Vec<_> =
        batch.iter().map(|c| ForeignChange { announced: c.hash, bytes: &c.bytes }).collect();
    let verdicts = guard(record_id(1), None, &foreign, &limits);
    let sound = codes(&verdicts).iter().take_while(|code| **code == "sound").count();
    assert!((3..6).contains(&sound), "{verdicts:?}");
    assert!(codes(&verdicts[sound..]).iter().all(|code| *code == "waiting"));
    let known = load(&batch[..sound]);
    let verdicts = guard(record_id(1), Some(&known), &foreign[sound..], &limits);
    assert_eq!(codes(&verdicts), vec!["sound"; 7 - sound]);
}

const MALFORMED: &str = "malformed-change";
