//! A record taken apart and put together is the same record.

use super::*;
use crate::samples::{any_record, contact, entry_id, person, signal, visit};
use crate::validate;
use crate::{Edit, Record, RecordType, Rule, Status};
use proptest::prelude::*;

proptest! {
    #[test]
    fn records_survive_being_taken_apart(record in any_record()) {
        prop_assert_eq!(validate(&record), Ok(()));
        let parts = record.to_parts();
        let record_type = record.record_type();
        let fields: BTreeSet<Field> = parts.fields.keys().copied().collect();
        prop_assert_eq!(fields, Field::of(record_type).iter().copied().collect());
        let sets: BTreeSet<SetField> = parts.sets.keys().copied().collect();
        prop_assert_eq!(sets, SetField::of(record_type).iter().copied().collect());
        prop_assert_eq!(Record::from_parts(record_type, &parts), Ok(record));
    }

    /// Each value of a valid record is a valid write.
    #[test]
    fn every_part_can_be_written(record in any_record()) {
        let parts = record.to_parts();
        for (field, value) in parts.fields {
            let edit = Edit::Choose(field, value);
            prop_assert!(edit.clone().check(record.record_type()).is_ok(), "{:?}", edit);
        }
    }
}

#[test]
fn a_missing_or_foreign_value_is_named() {
    let invalid = |change: fn(&mut Parts)| {
        let mut parts = Record::Contact(contact()).to_parts();
        change(&mut parts);
        Record::from_parts(RecordType::Contact, &parts)
            .map_err(|invalid| (invalid.field, invalid.rule))
            .expect_err("no contact")
    };
    let missing = invalid(|parts| {
        parts.fields.remove(&Field::Kind);
    });
    assert_eq!(missing, ("kind", Rule::Required));
    let newer = invalid(|parts| {
        parts.fields.insert(Field::Kind, Value::Text("wens".to_owned()));
    });
    assert_eq!(newer, ("kind", Rule::Unreadable));
    let negative = invalid(|parts| {
        parts.fields.insert(Field::People, Value::Int(-1));
    });
    assert_eq!(negative, ("people", Rule::Unreadable));
    let theme = invalid(|parts| {
        parts.sets.insert(SetField::Themes, BTreeSet::from(["Geen Thema".to_owned()]));
    });
    assert_eq!(theme, ("themes", Rule::Unreadable));
}

#[test]
fn a_visit_without_a_count_has_zero() {
    let mut parts = Record::Visit(visit()).to_parts();
    parts.tallies.clear();
    assert_eq!(Record::from_parts(RecordType::Visit, &parts), Ok(Record::Visit(visit())));
}

#[test]
fn edits_become_writes() {
    let entry = Entry { id: entry_id(1), author: person(1), text: "Gebeld".to_owned() };
    let writes = [
        (Edit::Append(entry.clone()), Write::Append(entry)),
        (
            Edit::AddTheme("groen".parse().expect("a theme")),
            Write::Insert(SetField::Themes, "groen".to_owned()),
        ),
        (Edit::LeaveTeam(person(2)), Write::Remove(SetField::Team, person(2).to_string())),
        (Edit::Tally(TallyKey::JustATalk, -1), Write::Increment(TallyKey::JustATalk, -1)),
        (Edit::Assignee(None), Write::Put(Field::Assignee, Value::Null)),
        (
            Edit::Status(Status::InBehandeling),
            Write::Put(Field::Status, Value::Text("in-behandeling".to_owned())),
        ),
    ];
    for (edit, write) in writes {
        assert_eq!(edit.into_write(), write);
    }
    assert_eq!(Record::Signal(signal()).text(), "Ratten bij de vijver");
}

#[test]
fn keys_are_found_again() {
    for field in Field::ALL {
        assert_eq!(Field::from_key(field.key()), Some(*field));
    }
    for set in SetField::ALL {
        assert_eq!(SetField::from_key(set.key()), Some(*set));
    }
    for map in MapField::ALL {
        assert_eq!(MapField::from_key(map.key()), Some(*map));
    }
    assert_eq!(Field::from_key("entries"), None);
}

/// What the protocol says of a type: `optional?` fields may be null.
fn protocol_row(record_type: RecordType) -> String {
    let keys = |keys: Vec<String>| {
        let quoted: Vec<String> = keys.iter().map(|key| format!("`{key}`")).collect();
        if quoted.is_empty() { "–".to_owned() } else { quoted.join(" ") }
    };
    let optional = Field::optional(record_type);
    let mark = |field: &Field| if optional.contains(field) { "?" } else { "" };
    let fields = Field::of(record_type).iter().map(|f| format!("{}{}", f.key(), mark(f)));
    let of = |flat: bool| {
        let sets = SetField::of(record_type).iter().filter(move |set| set.is_flat() == flat);
        sets.map(|set| set.key().to_owned())
    };
    let prose = ProseField::of(record_type).iter().map(|prose| prose.key().to_owned());
    let tallies = record_type.has_tallies().then(|| "tallies".to_owned());
    let containers = of(false).chain(prose).chain(tallies).collect();
    let maps = MapField::of(record_type).iter().map(|map| map.key().to_owned());
    format!(
        "| `{record_type}` | {} | {} | {} |",
        keys(fields.collect()),
        keys(containers),
        keys(of(true).chain(maps).collect()),
    )
}

#[test]
fn the_protocol_lists_what_each_type_holds() {
    let protocol = include_str!("../../../../docs/PROTOCOL.md");
    let rows: Vec<String> = RecordType::ALL.iter().copied().map(protocol_row).collect();
    let missing: Vec<&str> =
        rows.iter().filter(|row| !protocol.contains(*row)).map(String::as_str).collect();
    assert!(missing.is_empty(), "docs/PROTOCOL.md lacks:\n{}", missing.join("\n"));
}
