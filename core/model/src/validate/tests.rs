//! Each rule and each limit, from both sides.

use super::*;
use crate::samples::{AT, code, contact, entry_id, person, signal, visit};
use crate::{Contact, Entry, LivesIn, RecordId, Signal, TallyKey, Visit};
use proptest::prelude::*;

fn put(record_type: RecordType, field: Field, value: Value) -> Result<(), Rule> {
    validate_write(record_type, &Write::Put(field, value)).map_err(|invalid| {
        assert_eq!(invalid.field, field.key());
        invalid.rule
    })
}

fn text(text: impl Into<String>) -> Value {
    Value::Text(text.into())
}

#[test]
fn fields_belong_to_types() {
    let not_theirs = [
        (RecordType::Contact, Field::Subject),
        (RecordType::Contact, Field::PlaceName),
        (RecordType::Signal, Field::AgeGroup),
        (RecordType::Signal, Field::LivesIn),
        (RecordType::Visit, Field::Note),
        (RecordType::Visit, Field::Status),
    ];
    for (record_type, field) in not_theirs {
        assert_eq!(put(record_type, field, Value::Null), Err(Rule::NotOfThisType), "{field:?}");
    }
    let team = |record_type| {
        let join = Write::Insert(SetField::Team, person(1).to_string());
        validate_write(record_type, &join).map_err(|invalid| invalid.rule)
    };
    assert_eq!(team(RecordType::Contact), Err(Rule::NotOfThisType));
    assert_eq!(team(RecordType::Visit), Ok(()));
}

#[test]
fn texts_have_limits() {
    use RecordType::{Contact, Signal, Visit};
    let limits = [
        (Contact, Field::Note, NOTE_BYTES_MAX),
        (Signal, Field::Note, NOTE_BYTES_MAX),
        (Contact, Field::Answer, ENTRY_BYTES_MAX),
        (Visit, Field::PlaceName, ENTRY_BYTES_MAX),
    ];
    for (record_type, field, max) in limits {
        assert_eq!(put(record_type, field, text("é".repeat(max / 2))), Ok(()));
        let over = text("é".repeat(max / 2) + "!");
        assert_eq!(put(record_type, field, over), Err(Rule::TooLong { max }), "{field:?}");
        assert_eq!(put(record_type, field, Value::Int(1)), Err(Rule::Unreadable), "{field:?}");
    }
    assert_eq!(put(Contact, Field::Note, text("")), Ok(()), "a kind and a theme may be enough");
    assert_eq!(put(Signal, Field::Note, text(" \n")), Err(Rule::Required));
    assert_eq!(put(Visit, Field::PlaceName, text("")), Err(Rule::Required));
    assert_eq!(put(Contact, Field::Answer, text("")), Err(Rule::Required), "none is null");
    assert_eq!(put(Contact, Field::Answer, Value::Null), Ok(()));
}

#[test]
fn numbers_and_moments_have_ranges() {
    let contact = |field, value| put(RecordType::Contact, field, value);
    let most = i64::from(PEOPLE_MAX);
    for (field, least) in [(Field::People, 1), (Field::Households, 0)] {
        for n in [least, most] {
            assert_eq!(contact(field, Value::Int(n)), Ok(()), "{field:?} {n}");
        }
        for n in [least - 1, most + 1, i64::MIN, i64::MAX] {
            assert_eq!(contact(field, Value::Int(n)), Err(Rule::OutOfRange), "{field:?} {n}");
        }
        assert_eq!(contact(field, text("3")), Err(Rule::Unreadable));
    }
    for at in [EARLIEST, LATEST] {
        assert_eq!(contact(Field::OccurredAt, Value::Time(at)), Ok(()));
    }
    for at in [EARLIEST.plus_millis(-1), LATEST.plus_millis(1), Timestamp::from_millis(i64::MIN)] {
        assert_eq!(contact(Field::OccurredAt, Value::Time(at)), Err(Rule::OutOfRange));
    }
    assert_eq!(contact(Field::OccurredAt, Value::Int(0)), Err(Rule::Unreadable));
}

#[test]
fn words_must_be_known() {
    let refused = [
        (Field::Kind, text("wens")),
        (Field::Kind, Value::Null),
        (Field::Buurt, text("WK059706")),
        (Field::Buurt, text("Slikkerveer")),
        (Field::Place, text("0,0,8,gps")),
        (Field::LivesIn, text("thuis")),
        (Field::Party, text("")),
        (Field::AgeGroup, text("66")),
        (Field::Channel, text("duif")),
        (Field::Language, text("nl")),
        (Field::Language, text("NLD")),
        (Field::Sensitivity, text("geheim")),
        (Field::Status, text("klaar")),
        (Field::OverOptreden, text("ja")),
        (Field::Promise, text("persoonlijk:morgen")),
        (Field::Visit, text("tent-1")),
    ];
    for (field, value) in refused {
        let what = format!("{field:?} {value:?}");
        assert_eq!(put(RecordType::Contact, field, value), Err(Rule::Unreadable), "{what}");
    }
    let accepted = [
        (Field::Buurt, text("BU05970600-noord")),
        (Field::LivesIn, text("WK059706")),
        (Field::AgeGroup, Value::Null),
        (Field::Visit, text(RecordId::from_parts(AT, [1; 10]).to_string())),
        (Field::OverOptreden, Value::Bool(true)),
    ];
    for (field, value) in accepted {
        assert_eq!(put(RecordType::Contact, field, value), Ok(()), "{field:?}");
    }
    assert_eq!(
        put(RecordType::Contact, Field::LivesIn, text("GM0597")),
        Err(Rule::OutOfRange),
        "a whole municipality is no buurt"
    );
    assert_eq!(put(RecordType::Signal, Field::Assignee, text("Jan")), Err(Rule::Unreadable));
    assert_eq!(put(RecordType::Signal, Field::Assignee, Value::Null), Ok(()));
}

#[test]
fn a_contact_is_never_rejected() {
    let rejected = || text(Status::Afgewezen.as_str());
    assert_eq!(put(RecordType::Contact, Field::Status, rejected()), Err(Rule::OutOfRange));
    assert_eq!(put(RecordType::Signal, Field::Status, rejected()), Ok(()));
}

#[test]
fn members_are_checked() {
    let insert = |set, member: &str| {
        let record_type =
            if set == SetField::Team { RecordType::Visit } else { RecordType::Contact };
        validate_write(record_type, &Write::Insert(set, member.to_owned()))
            .map_err(|invalid| invalid.rule)
    };
    assert_eq!(insert(SetField::Themes, "groen"), Ok(()));
    assert_eq!(insert(SetField::Themes, "Groen"), Err(Rule::Unreadable));
    assert_eq!(insert(SetField::Photos, &"ab".repeat(32)), Ok(()));
    assert_eq!(insert(SetField::Photos, "../../etc/passwd"), Err(Rule::Unreadable));
    assert_eq!(insert(SetField::Team, &person(1).to_string()), Ok(()));
    assert_eq!(insert(SetField::Team, "Jan"), Err(Rule::Unreadable));
}

#[test]
fn entries_and_tallies_have_limits() {
    let append = |text: &str| {
        let entry = Entry { id: entry_id(1), author: person(1), text: text.to_owned() };
        validate_write(RecordType::Contact, &Write::Append(entry))
            .map_err(|invalid| (invalid.field, invalid.rule))
    };
    assert_eq!(append("Gebeld"), Ok(()));
    assert_eq!(append(" "), Err(("entries", Rule::Required)));
    assert_eq!(append(&"x".repeat(ENTRY_BYTES_MAX)), Ok(()));
    let max = ENTRY_BYTES_MAX;
    assert_eq!(append(&"x".repeat(max + 1)), Err(("entries", Rule::TooLong { max })));

    let tally = |record_type, by| {
        validate_write(record_type, &Write::Increment(TallyKey::AgeUnknown, by))
            .map_err(|invalid| (invalid.field, invalid.rule))
    };
    for by in [1, -1, TALLY_STEP_MAX, -TALLY_STEP_MAX] {
        assert_eq!(tally(RecordType::Visit, by), Ok(()));
    }
    for by in [0, TALLY_STEP_MAX + 1, -TALLY_STEP_MAX - 1, i64::MIN, i64::MAX] {
        assert_eq!(tally(RecordType::Visit, by), Err(("tallies", Rule::OutOfRange)), "{by}");
    }
    assert_eq!(tally(RecordType::Contact, 1), Err(("tallies", Rule::NotOfThisType)));
}

#[test]
fn whole_records_are_consistent() {
    let check = |record: Record| validate(&record).map_err(|invalid| (invalid.field, invalid.rule));
    assert_eq!(check(Record::Contact(contact())), Ok(()));
    assert_eq!(check(Record::Signal(signal())), Ok(()));
    assert_eq!(check(Record::Visit(visit())), Ok(()));
    let elsewhere = |buurt| Contact { lives_in: LivesIn::Elsewhere(code(buurt)), ..contact() };
    assert_eq!(
        check(Record::Contact(elsewhere("BU05970600"))),
        Err(("lives_in", Rule::Contradiction))
    );
    assert_eq!(check(Record::Contact(elsewhere("BU05970700"))), Ok(()));
    let closed_before_open = Visit { ends_at: AT.plus_millis(-1), ..visit() };
    assert_eq!(check(Record::Visit(closed_before_open)), Err(("ends_at", Rule::Contradiction)));
    let empty = Signal { note: String::new(), ..signal() };
    assert_eq!(check(Record::Signal(empty)), Err(("note", Rule::Required)));
    let many = |n: usize| Contact {
        themes: (0..n).map(|i| format!("thema-{i}").parse().expect("a theme")).collect(),
        ..contact()
    };
    assert_eq!(check(Record::Contact(many(SET_MEMBERS_MAX))), Ok(()));
    assert_eq!(
        check(Record::Contact(many(SET_MEMBERS_MAX + 1))),
        Err(("themes", Rule::TooMany { max: SET_MEMBERS_MAX }))
    );
}

#[test]
fn every_set_has_a_cap() {
    let parts = |set, n: usize| {
        let members = (0..n).map(|i| member(set, i)).collect();
        Parts { sets: [(set, members)].into(), ..Parts::default() }
    };
    // There are fewer kinds of data than a set may hold.
    for set in SetField::ALL.iter().filter(|set| **set != SetField::DataKinds) {
        let (full, over) = (parts(*set, SET_MEMBERS_MAX), parts(*set, SET_MEMBERS_MAX + 1));
        let too_many = Err(too_many(set.key(), SET_MEMBERS_MAX));
        assert_eq!(validate_parts(RecordType::Visit, &full), Ok(()));
        assert_eq!(validate_parts(RecordType::Visit, &over), too_many);
        assert_eq!(validate_growth(&Parts::default(), &full), Ok(()));
        assert_eq!(validate_growth(&full, &over), too_many);
        assert_eq!(validate_growth(&over, &parts(*set, SET_MEMBERS_MAX + 2)), too_many);
        assert_eq!(validate_growth(&parts(*set, SET_MEMBERS_MAX + 2), &over), Ok(()), "shrinks");
    }
}

fn numbered(i: usize) -> RecordId {
    RecordId::from_parts(AT, [u8::try_from(i).expect("a few"); 10])
}

fn member(set: SetField, i: usize) -> String {
    match set {
        SetField::Themes => format!("thema-{i}"),
        SetField::Photos | SetField::Audio => format!("{i:064x}"),
        SetField::Links => format!("about:{}", numbered(i)),
        SetField::References => format!("zaak:{i}"),
        SetField::Withdrawn | SetField::Agenda => numbered(i).to_string(),
        SetField::Wijken => format!("WK0597{i:02}"),
        SetField::Organisations => format!("organisatie-{i}"),
        SetField::DataKinds => crate::DataKind::ALL[i % crate::DataKind::ALL.len()].to_string(),
        SetField::Team => person(u8::try_from(i).expect("a few")).to_string(),
    }
}

#[test]
fn a_value_has_one_spelling() {
    let id = person(1).to_string();
    let braced = format!("{{{id}}}");
    let urn = format!("urn:uuid:{id}");
    let (shouted, simple) = (id.to_uppercase(), id.replace('-', ""));
    for other in [&braced, &urn, &shouted, &simple] {
        assert!(other.parse::<crate::PrincipalId>().is_ok(), "another spelling: {other}");
        for (record_type, field) in
            [(RecordType::Signal, Field::Assignee), (RecordType::Contact, Field::Visit)]
        {
            let value = text(other.as_str());
            assert_eq!(put(record_type, field, value), Err(Rule::Unreadable), "{other}");
            assert_eq!(put(record_type, field, text(id.as_str())), Ok(()));
        }
        assert!(!SetField::Team.is_member(other), "{other}");
    }
    let place = |spelled| put(RecordType::Contact, Field::Place, text(spelled));
    assert_eq!(place("4.6,51.9,8,gps"), Ok(()));
    for other in ["+4.6e0,51.9,8,gps", "4.60,51.9,8,gps", "4.6,51.9,+8,gps", "4.6,51.9,08,gps"] {
        assert!(other.parse::<crate::Place>().is_ok(), "another spelling: {other}");
        assert_eq!(place(other), Err(Rule::Unreadable), "{other}");
    }
    assert!(SetField::Photos.is_member(&"ab".repeat(32)));
    assert!(!SetField::Photos.is_member(&"AB".repeat(32)));
    assert!(!SetField::Photos.is_member(&"+a".repeat(32)));
    let parts = Parts { fields: [(Field::Assignee, text(braced))].into(), ..Parts::default() };
    let unreadable = Invalid { field: "assignee", rule: Rule::Unreadable };
    assert_eq!(validate_parts(RecordType::Signal, &parts), Err(unreadable));
}

#[test]
fn rules_have_codes_of_their_own() {
    let codes: std::collections::BTreeSet<_> =
        Rule::EXAMPLES.iter().map(|rule| rule.code()).collect();
    assert_eq!(codes.len(), Rule::EXAMPLES.len());
    let invalid = Invalid { field: "note", rule: Rule::TooLong { max: 5 } };
    assert_eq!(invalid.to_string(), "note: is longer than 5 bytes");
}

proptest! {
    /// Whatever text arrives, in whatever field: an answer, no panic.
    #[test]
    fn any_value_gets_an_answer(word in "\\PC{0,40}", number in any::<i64>()) {
        for record_type in RecordType::ALL {
            for field in Field::ALL {
                for value in [
                    Value::Text(word.clone()),
                    Value::Int(number),
                    Value::Time(Timestamp::from_millis(number)),
                    Value::Null,
                    Value::Bool(number % 2 == 0),
                ] {
                    let _ = validate_write(*record_type, &Write::Put(*field, value));
                }
            }
        }
    }
}
