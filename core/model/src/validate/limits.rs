//! One table of every field's limit, over all record types: at the limit it passes, one beyond it
//! the field is named.

use super::*;
use crate::samples::{AT, entry_id, one_of, person};
use crate::{Entry, RecordId, Splice, TallyKey};

/// Values of a field that are just allowed, and just not, with the rule each breaks.
struct Row {
    accepted: Vec<Value>,
    refused: Vec<(Value, Rule)>,
}

fn words(text: &str) -> Value {
    Value::Text(text.to_owned())
}

fn text_of(max: usize) -> Row {
    let too_long = Rule::TooLong { max };
    Row {
        accepted: vec![words(&"x".repeat(max)), words(&"é".repeat(max / 2))],
        refused: vec![
            (words(&"x".repeat(max + 1)), too_long),
            (words(&("é".repeat(max / 2) + "é")), too_long),
            (words(&"x".repeat(1 << 20)), too_long),
            (Value::Int(1), Rule::Unreadable),
        ],
    }
}

fn number_of(least: i64, most: i64) -> Row {
    let refused = [least - 1, most + 1, i64::MIN, i64::MAX];
    let refused = refused.into_iter().map(|n| (Value::Int(n), Rule::OutOfRange));
    Row {
        accepted: vec![Value::Int(least), Value::Int(most)],
        refused: refused.chain([(words("3"), Rule::Unreadable)]).collect(),
    }
}

fn moment() -> Row {
    let time = |ms| Value::Time(Timestamp::from_millis(ms));
    // From the first moment of 2000 to the first of 2100.
    let (first, last) = (946_684_800_000, 4_102_444_800_000);
    let refused = [first - 1, last + 1, i64::MIN, i64::MAX];
    let refused = refused.into_iter().map(|ms| (time(ms), Rule::OutOfRange));
    Row {
        accepted: vec![time(first), time(last)],
        refused: refused.chain([(words("2026-04-16"), Rule::Unreadable)]).collect(),
    }
}

fn day() -> Row {
    Row {
        accepted: vec![words("2000-01-01"), words("2100-12-31"), words("2028-02-29")],
        refused: vec![
            (words("1999-12-31"), Rule::OutOfRange),
            (words("2101-01-01"), Rule::OutOfRange),
            (words("2026-02-29"), Rule::Unreadable),
            (words("morgen"), Rule::Unreadable),
            (Value::Time(AT), Rule::Unreadable),
        ],
    }
}

fn listed(accepted: &[&str], refused: &[&str]) -> Row {
    Row {
        accepted: accepted.iter().map(|word| words(word)).collect(),
        refused: refused
            .iter()
            .map(|word| (words(word), Rule::Unreadable))
            .chain([(Value::Int(1), Rule::Unreadable)])
            .collect(),
    }
}

fn yes_or_no() -> Row {
    Row {
        accepted: vec![Value::Bool(true), Value::Bool(false)],
        refused: vec![(words("ja"), Rule::Unreadable), (Value::Int(1), Rule::Unreadable)],
    }
}

fn place() -> Row {
    listed(
        &["3.2,50.7,0,gps", "7.3,53.7,100000,kaart", "4.60266,51.8861,8,adres"],
        &[
            "NaN,51.9,8,gps",
            "4.6,NaN,8,gps",
            "inf,51.9,8,gps",
            "4.6,-inf,8,gps",
            "3.199999,51.9,8,gps",
            "7.300001,51.9,8,gps",
            "4.6,50.699999,8,gps",
            "4.6,53.700001,8,gps",
            "51.9,4.6,8,gps",
            "0,0,8,gps",
            "4.6,51.9,100001,gps",
            "4.6,51.9,-1,gps",
            "4.6,51.9,8,duif",
            "4.6,51.9,8",
        ],
    )
}

/// The limits of a field, whatever the type; exhaustive, so that a new field gets its row.
fn row(field: Field) -> Row {
    use Field as F;
    let id = RecordId::from_parts(AT, [3; 10]).to_string();
    let somebody = person(3).to_string();
    match field {
        F::Note => text_of(20_000),
        F::Answer | F::PlaceName | F::OwnEffort | F::Agreements => text_of(4_000),
        F::Title | F::Addressee | F::Name | F::Recipient => text_of(200),
        F::Address | F::Purpose => text_of(500),
        F::Phone => text_of(40),
        F::Email => text_of(254),
        F::People => number_of(1, 10_000),
        F::Households | F::SupportMin => number_of(0, 10_000),
        F::DecisionWeeks => number_of(1, 52),
        F::Year => number_of(2000, 2100),
        F::BirthYear => number_of(1900, 2100),
        F::RequestedCents
        | F::GrantedCents
        | F::AccountedCents
        | F::AmountCents
        | F::IdeaMaxCents => number_of(0, 1_000_000_000),
        F::OccurredAt | F::StartsAt | F::EndsAt => moment(),
        F::Due
        | F::ReceivedOn
        | F::DecidedOn
        | F::KeepUntil
        | F::GivenOn
        | F::WithdrawnOn
        | F::ConsentOn
        | F::RenewBy
        | F::TermFrom
        | F::TermUntil
        | F::ValidFrom
        | F::ValidUntil => day(),
        F::Place => place(),
        F::OverOptreden | F::OwnEffortRequired | F::Ambassadeur => yes_or_no(),
        F::Subject | F::Visit | F::Covenant | F::Person | F::Budget | F::Guardian => {
            listed(&[&id], &["1", "", &id.to_uppercase()])
        }
        F::Assignee | F::Account | F::To => listed(&[&somebody], &["Jan", ""]),
        F::Kind => listed(&["vraag", "initiatief"], &["wens", "Vraag", ""]),
        F::Buurt => listed(&["BU05970600", "BU05970600-noord"], &["WK059706", "GM0597", "Noord"]),
        F::LivesIn => listed(&["onbekend", "hier", "buiten", "WK059706"], &["thuis", ""]),
        F::Party => listed(&["bewoner", "kind"], &["buur", ""]),
        F::AgeGroup => listed(&["0-14", "65+"], &["66", ""]),
        F::Channel => listed(&["wijkronde", "balie"], &["duif", ""]),
        F::Language => listed(&["nld", "tur"], &["nl", "NLD", "nlds", ""]),
        F::Sensitivity => listed(&["gewoon", "vertrouwelijk"], &["geheim", ""]),
        F::Status => listed(&["nieuw", "in-behandeling", "afgehandeld"], &["klaar", ""]),
        F::Stage => listed(&["ingediend", "ingetrokken"], &["nieuw", ""]),
        F::Promise => listed(
            &["ongezegd", "persoonlijk:2026-04-16", "collectief:bord"],
            &["persoonlijk:morgen", "collectief", ""],
        ),
        F::Feedback => listed(&["gegeven", "niet-nodig"], &["ja", ""]),
        F::Organisation => listed(&["wooncompas"], &["Woon compas", ""]),
        F::Level => listed(&["wethouder"], &["minister", ""]),
        F::MeetingKind => listed(&["werkgroep"], &["borrel", ""]),
        F::Ground => listed(&["toestemming", "vitaal-belang"], &["zomaar", ""]),
        F::GivenHow => listed(&["mondeling"], &["stilzwijgend", ""]),
    }
}

/// Judges this value in this field twice, by the write alone and in the record that has it.
fn judged(record_type: RecordType, field: Field, value: &Value) -> Result<(), Invalid> {
    let mut parts = one_of(record_type).to_parts();
    parts.fields.insert(field, value.clone());
    let written = validate_write(record_type, &Write::Put(field, value.clone()));
    assert_eq!(validate_parts(record_type, &parts), written, "{record_type}, {field:?}");
    written
}

/// What fails, without the megabyte that it may be.
fn shown(record_type: RecordType, field: Field, value: &Value) -> String {
    let value: String = format!("{value:?}").chars().take(60).collect();
    format!("{record_type}, {}: {value}", field.key())
}

#[test]
fn every_field_of_every_type_has_its_limits() {
    for record_type in RecordType::ALL {
        for field in Field::of(*record_type) {
            let Row { accepted, refused } = row(*field);
            for value in &accepted {
                let what = shown(*record_type, *field, value);
                assert_eq!(judged(*record_type, *field, value), Ok(()), "{what}");
            }
            for (value, rule) in refused {
                let what = shown(*record_type, *field, &value);
                let named = Err(Invalid { field: field.key(), rule });
                assert_eq!(judged(*record_type, *field, &value), named, "{what}");
            }
        }
    }
}

#[test]
fn a_field_is_of_its_types_only_and_empty_only_where_it_may_be() {
    for record_type in RecordType::ALL {
        for field in Field::ALL {
            let judged = validate_write(*record_type, &Write::Put(*field, Value::Null));
            let expected = if !Field::of(*record_type).contains(field) {
                Err(Invalid { field: field.key(), rule: Rule::NotOfThisType })
            } else if Field::optional(*record_type).contains(field) {
                Ok(())
            } else {
                Err(Invalid { field: field.key(), rule: Rule::Unreadable })
            };
            assert_eq!(judged, expected, "{record_type}, {field:?}");
        }
    }
}

#[test]
fn a_megabyte_is_too_long_wherever_text_is_written() {
    let megabyte = "n".repeat(1 << 20);
    for record_type in RecordType::ALL {
        let entry = Entry { id: entry_id(1), author: person(1), text: megabyte.clone() };
        let too_long = Invalid { field: "entries", rule: Rule::TooLong { max: 4_000 } };
        assert_eq!(validate_write(*record_type, &Write::Append(entry)), Err(too_long));
    }
    let splice = Splice { at: 0, delete: 0, insert: megabyte };
    let too_long = Invalid { field: "minutes", rule: Rule::TooLong { max: 4_000 } };
    let judged = validate_write(RecordType::Meeting, &Write::Splice(ProseField::Minutes, splice));
    assert_eq!(judged, Err(too_long));
}

#[test]
fn every_map_has_limits_on_its_keys_its_values_and_its_size() {
    let id = |n: u8| entry_id(n).to_string();
    let somebody = |n: u8| person(n).to_string();
    let long = |head: &str, n: usize| words(&format!("{head}{}", "x".repeat(n)));
    let count = Value::Int;
    let too_long = |max| Rule::TooLong { max };
    for map in MapField::ALL {
        let key = |n: u8| match map {
            MapField::Attendance => format!("organisatie-{n}"),
            MapField::Decisions | MapField::Costs | MapField::SupportAddresses => id(n),
            MapField::Support => format!("{}AB", 1000 + u32::from(n)),
            MapField::Advice => somebody(n),
        };
        let (accepted, refused) = match map {
            MapField::Attendance => (
                [count(0), count(10_000)],
                [(count(-1), Rule::OutOfRange), (count(10_001), Rule::OutOfRange)],
            ),
            MapField::Support => (
                [count(1), count(10_000)],
                [(count(0), Rule::OutOfRange), (count(10_001), Rule::OutOfRange)],
            ),
            MapField::Decisions => (
                [words("Ja"), long("", 4_000)],
                [(words(" "), Rule::Required), (long("", 4_001), too_long(4_000))],
            ),
            MapField::SupportAddresses => (
                [words("Kerkstraat 1"), long("", 200)],
                [(words(""), Rule::Required), (long("", 201), too_long(200))],
            ),
            MapField::Costs => (
                [words("0\nBankje"), long("1000000000\n", 200)],
                [
                    (words("1000000001\nBankje"), Rule::Unreadable),
                    (long("1\n", 201), too_long(200)),
                ],
            ),
            MapField::Advice => (
                [words("voor\n"), long("tegen:belang\n", 4_000)],
                [
                    (words("misschien\nJa"), Rule::Unreadable),
                    (long("voor\n", 4_001), too_long(4_000)),
                ],
            ),
        };
        let owner = RecordType::ALL
            .iter()
            .find(|record_type| MapField::of(**record_type).contains(map))
            .expect("a type with this map");
        let set = |key: &str, value: &Value| {
            validate_write(*owner, &Write::Set(*map, key.to_owned(), value.clone()))
        };
        let named = |rule| Err(Invalid { field: map.key(), rule });
        for value in &accepted {
            assert_eq!(set(&key(1), value), Ok(()), "{map:?}");
            assert_eq!(set("geen sleutel", value), named(Rule::Unreadable), "{map:?}");
        }
        for (value, rule) in &refused {
            assert_eq!(set(&key(1), value), named(*rule), "{map:?}");
        }
        let [value, _] = accepted;
        for (n, expected) in [(100, Ok(())), (101, named(Rule::TooMany { max: 100 }))] {
            let pairs = (0..n).map(|n| (key(n), value.clone())).collect();
            let parts = Parts { maps: [(*map, pairs)].into(), ..Parts::default() };
            assert_eq!(validate_parts(*owner, &parts), expected, "{map:?}, {n} keys");
        }
    }
}

#[test]
fn fifty_members_of_a_set_and_a_thousand_at_the_tent() {
    for (n, expected) in [
        (50, Ok(())),
        (51, Err(Invalid { field: "themes", rule: Rule::TooMany { max: 50 } })),
        (10_000, Err(Invalid { field: "themes", rule: Rule::TooMany { max: 50 } })),
    ] {
        let members = (0..n).map(|n| format!("thema-{n}")).collect();
        let parts = Parts { sets: [(SetField::Themes, members)].into(), ..Parts::default() };
        assert_eq!(validate_parts(RecordType::Contact, &parts), expected, "{n}");
    }
    let out = Invalid { field: "tallies", rule: Rule::OutOfRange };
    for (by, expected) in [(1_000, Ok(())), (-1_000, Ok(())), (1_001, Err(out)), (0, Err(out))] {
        let tally = Write::Increment(TallyKey::JustATalk, by);
        assert_eq!(validate_write(RecordType::Visit, &tally), expected, "{by}");
    }
}
