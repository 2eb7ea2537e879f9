//! The permission table, row by row, and what must hold between its rows.

use proptest::prelude::*;
use proptest::sample::{select, subsequence};

use super::*;
use crate::samples::{any_record, code, contact, entry_id, one_of, person, signal};
use crate::{Entry, Signal, TallyKey};

/// Whoever asks.
const ME: u8 = 1;
/// Whoever else.
const OTHER: u8 = 2;

/// How somebody stands to a record, each relation by itself. The letters name them in the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Relation {
    /// `w`: it lies in their wijk.
    OwnWijk,
    /// `.`: it lies elsewhere, and they have nothing to do with it.
    None,
    /// `a`: they wrote it, elsewhere.
    Author,
    /// `p`: it is assigned to them, or they are in the visit's team, elsewhere.
    Participant,
}

const RELATIONS: [(char, Relation); 4] = [
    ('w', Relation::OwnWijk),
    ('.', Relation::None),
    ('a', Relation::Author),
    ('p', Relation::Participant),
];

/// Which relations let a role see a record: contact and visit, then signal.
///
/// gewoon, gevoelig, vertrouwelijk.
const SEES: [(Role, [&str; 3], [&str; 3]); 9] = [
    (Role::Ambassadeur, ["", "", ""], ["a", "a", "a"]),
    (Role::Wijkregisseur, ["wap", "wap", "wap"], ["wap", "wap", "wap"]),
    (Role::Medewerker, ["w.ap", "ap", "a"], ["w.ap", "ap", "a"]),
    (Role::Oov, ["w.ap", "ap", "w.ap"], ["w.ap", "ap", "w.ap"]),
    (Role::Partner, ["", "", ""], ["", "", ""]),
    (Role::Bestuurder, ["", "", ""], ["", "", ""]),
    (Role::Beheerder, ["", "", ""], ["", "", ""]),
    (Role::PrivacyOfficer, ["", "", ""], ["", "", ""]),
    (Role::Fg, ["", "", ""], ["", "", ""]),
];

fn principal(role: Role) -> Principal {
    Principal { id: person(ME), role, wijken: BTreeSet::from([code("WK059706")]) }
}

fn audience(record_type: RecordType, sensitivity: Sensitivity, relation: Relation) -> Audience {
    let wijk = if relation == Relation::OwnWijk { "WK059706" } else { "WK059707" };
    Audience {
        record_type,
        wijken: BTreeSet::from([code(wijk)]),
        sensitivity,
        author: person(if relation == Relation::Author { ME } else { OTHER }),
        participants: (relation == Relation::Participant).then(|| person(ME)).into_iter().collect(),
    }
}

#[test]
fn who_sees_what() {
    for (role, contact_and_visit, signal) in SEES {
        for record_type in RecordType::ALL {
            let row = match record_type {
                RecordType::Signal => signal,
                RecordType::Endorsement if role == Role::Ambassadeur => ["a", "a", "a"],
                RecordType::Reply
                    if matches!(role, Role::Ambassadeur | Role::Partner | Role::Bestuurder) =>
                {
                    ["ap", "ap", "ap"]
                }
                RecordType::Person | RecordType::Consent
                    if matches!(role, Role::Medewerker | Role::Oov) =>
                {
                    ["ap", "ap", "ap"]
                }
                RecordType::Contact
                | RecordType::Visit
                | RecordType::Action
                | RecordType::Escalation
                | RecordType::Meeting
                | RecordType::Idea
                | RecordType::Budget
                | RecordType::Person
                | RecordType::Consent
                | RecordType::Relation
                | RecordType::Covenant
                | RecordType::Endorsement
                | RecordType::Reply
                | RecordType::InternalNote => contact_and_visit,
            };
            for (sensitivity, seen_by) in Sensitivity::ALL.iter().zip(row) {
                for (letter, relation) in RELATIONS {
                    let audience = audience(*record_type, *sensitivity, relation);
                    assert_eq!(
                        sees(&principal(role), &audience),
                        seen_by.contains(letter),
                        "{role}, {record_type}, {sensitivity}, {relation:?}"
                    );
                }
            }
        }
    }
    assert_eq!(SEES.map(|(role, ..)| role), Role::ALL, "a row for each role");
}

#[test]
fn two_values_of_a_buurt_show_it_to_both_wijken() {
    let mut audience = audience(RecordType::Contact, Sensitivity::Gewoon, Relation::None);
    assert!(!sees(&principal(Role::Wijkregisseur), &audience));
    audience.wijken.insert(code("WK059706"));
    assert!(sees(&principal(Role::Wijkregisseur), &audience));
}

/// The types that somebody in this role makes.
fn made_by(role: Role) -> &'static [RecordType] {
    use RecordType as T;
    match role {
        Role::Wijkregisseur => T::ALL,
        Role::Medewerker => &[
            T::Contact,
            T::Signal,
            T::Visit,
            T::Action,
            T::Meeting,
            T::Idea,
            T::Person,
            T::Consent,
            T::Endorsement,
            T::Reply,
            T::InternalNote,
        ],
        Role::Ambassadeur => &[T::Signal, T::Endorsement, T::Reply],
        Role::Partner | Role::Bestuurder => &[T::Reply],
        Role::Oov | Role::Beheerder | Role::PrivacyOfficer | Role::Fg => &[],
    }
}

#[test]
fn who_creates_what() {
    for role in Role::ALL {
        for record_type in RecordType::ALL {
            // Over the border: far outside the wijken of whoever creates it.
            let audience = audience(*record_type, Sensitivity::Gewoon, Relation::Author);
            let record = one_of(*record_type);
            let expected = if made_by(*role).contains(record_type) {
                Ok(())
            } else {
                Err(Denial::TypeNotForRole)
            };
            let verdict = may(&principal(*role), Deed::Create, &record, &audience);
            assert_eq!(verdict, expected, "{role}, {record_type}");
            let foreign = Audience { author: person(OTHER), ..audience };
            let verdict = may(&principal(*role), Deed::Create, &record, &foreign);
            assert_eq!(verdict, Err(Denial::NotTheAuthor), "{role}, {record_type}");
        }
    }
}

#[test]
fn only_the_author_withdraws_and_the_wijkregisseur_cleans_too() {
    let entry = |author| Entry { id: entry_id(1), author: person(author), text: "Ja".to_owned() };
    for role in Role::ALL {
        for (_, relation) in RELATIONS {
            let audience = audience(RecordType::Signal, Sensitivity::Gewoon, relation);
            let seen = sees(&principal(*role), &audience);
            let verdict = |allowed| match (seen, allowed) {
                (false, _) => Err(Denial::NotVisible),
                (true, true) => Ok(()),
                (true, false) => Err(Denial::NotTheAuthor),
            };
            let withdraws = |by| may_withdraw(&principal(*role), &entry(by), &audience);
            assert_eq!(withdraws(ME), verdict(true), "{role}, {relation:?}");
            assert_eq!(withdraws(OTHER), verdict(false), "{role}, {relation:?}");
            let own = relation == Relation::Author;
            let wijk = *role == Role::Wijkregisseur && relation == Relation::OwnWijk;
            let cleans = may_clean(&principal(*role), &audience);
            assert_eq!(cleans, verdict(own || wijk), "{role}, {relation:?}");
        }
    }
}

#[test]
fn an_ambassadeur_reports_and_does_not_settle() {
    let create = |signal: Signal| {
        let audience = audience(RecordType::Signal, Sensitivity::Gewoon, Relation::Author);
        may(&principal(Role::Ambassadeur), Deed::Create, &Record::Signal(signal), &audience)
    };
    assert_eq!(create(signal()), Ok(()));
    let refused = Err(Denial::FieldNotForRole);
    assert_eq!(create(Signal { status: Status::Afgehandeld, ..signal() }), refused);
    assert_eq!(create(Signal { assignee: Some(person(OTHER)), ..signal() }), refused);
    assert_eq!(create(Signal { answer: Some("Klaar".to_owned()), ..signal() }), refused);
}

/// The writes of the table, each with its name.
fn writes() -> Vec<(&'static str, Write)> {
    let put = |field, word: &str| Write::Put(field, Value::Text(word.to_owned()));
    let reply =
        |author| Write::Append(Entry { id: entry_id(1), author, text: "Morgen".to_owned() });
    let theme = || "groen".to_owned();
    let photo = || "ab".repeat(32);
    vec![
        ("note", put(Field::Note, "Anders")),
        ("kind", put(Field::Kind, "vraag")),
        ("buurt", put(Field::Buurt, "BU05970700")),
        ("place", Write::Put(Field::Place, Value::Null)),
        ("time", Write::Put(Field::OccurredAt, Value::Time(crate::samples::AT))),
        ("status", put(Field::Status, "in-behandeling")),
        ("assignee", put(Field::Assignee, &person(ME).to_string())),
        ("answer", put(Field::Answer, "Gesnoeid")),
        ("promise", put(Field::Promise, "geen")),
        ("people", Write::Put(Field::People, Value::Int(3))),
        ("more sensitive", put(Field::Sensitivity, "vertrouwelijk")),
        ("less sensitive", put(Field::Sensitivity, "gewoon")),
        ("theme", Write::Insert(SetField::Themes, theme())),
        ("theme off", Write::Remove(SetField::Themes, theme())),
        ("photo", Write::Insert(SetField::Photos, photo())),
        ("photo off", Write::Remove(SetField::Photos, photo())),
        ("team", Write::Insert(SetField::Team, person(ME).to_string())),
        ("tally", Write::Increment(TallyKey::JustATalk, 1)),
        ("reply", reply(person(ME))),
        ("withdraw own", Write::Insert(SetField::Withdrawn, entry_id(ME).to_string())),
        ("put back own", Write::Remove(SetField::Withdrawn, entry_id(ME).to_string())),
        ("withdraw another's", Write::Insert(SetField::Withdrawn, entry_id(OTHER).to_string())),
        ("put back another's", Write::Remove(SetField::Withdrawn, entry_id(OTHER).to_string())),
        ("withdraw what is not there", Write::Insert(SetField::Withdrawn, entry_id(9).to_string())),
    ]
}

/// The writes that nobody may make, whatever their role.
const NOBODY_MAY: [&str; 3] =
    ["withdraw another's", "put back another's", "withdraw what is not there"];

/// A thread with an entry of each of us.
fn thread() -> [Entry; 2] {
    [ME, OTHER].map(|n| Entry { id: entry_id(n), author: person(n), text: "Ja".to_owned() })
}

/// What somebody may write in a record with this status that is theirs, or somebody else's.
fn allowed(role: Role, own: bool, status: Status) -> Vec<&'static str> {
    let sensitivity = Sensitivity::Gevoelig;
    let record = Record::Signal(Signal { sensitivity, status, ..signal() });
    let relation = if own { Relation::Author } else { Relation::Participant };
    let audience = audience(RecordType::Signal, sensitivity, relation);
    let thread = thread();
    let verdicts = writes().into_iter().map(|(name, write)| {
        (name, may(&principal(role), Deed::of(&write, &thread), &record, &audience))
    });
    verdicts.filter(|(_, verdict)| verdict.is_ok()).map(|(name, _)| name).collect()
}

#[test]
fn who_writes_what() {
    use Status::{InBehandeling, Nieuw};
    let all: Vec<&str> = writes()
        .into_iter()
        .map(|(name, _)| name)
        .filter(|name| !NOBODY_MAY.contains(name))
        .collect();
    let in_thread = ["reply", "withdraw own", "put back own"];
    let with_thread = |names: &[&'static str]| [names, &in_thread].concat();
    let text = ["note", "kind", "buurt", "place", "time", "theme", "theme off", "photo"];
    let office =
        ["status", "assignee", "answer", "promise", "more sensitive", "theme", "theme off"];
    for status in [Nieuw, InBehandeling] {
        for own in [true, false] {
            assert_eq!(allowed(Role::Wijkregisseur, own, status), all);
            assert_eq!(allowed(Role::Oov, own, status), with_thread(&["status"]));
        }
        assert_eq!(allowed(Role::Medewerker, true, status), all);
        assert_eq!(allowed(Role::Medewerker, false, status), with_thread(&office));
        assert!(allowed(Role::Ambassadeur, false, status).is_empty());
        for role in
            [Role::Partner, Role::Bestuurder, Role::Beheerder, Role::PrivacyOfficer, Role::Fg]
        {
            assert!(allowed(role, true, status).is_empty(), "{role}");
            assert!(allowed(role, false, status).is_empty(), "{role}");
        }
    }
    assert_eq!(allowed(Role::Ambassadeur, true, Nieuw), with_thread(&text));
    assert_eq!(allowed(Role::Ambassadeur, true, InBehandeling), with_thread(&["photo"]));
}

#[test]
fn a_withdrawal_without_its_entry_is_nobodys() {
    let audience = audience(RecordType::Signal, Sensitivity::Gewoon, Relation::Author);
    let record = Record::Signal(signal());
    for (name, write) in writes() {
        if write.withdrawn().is_some() {
            let wijkregisseur = principal(Role::Wijkregisseur);
            for deed in [Deed::Edit(&write), Deed::Settle(&write), Deed::of(&write, &[])] {
                let verdict = may(&wijkregisseur, deed, &record, &audience);
                assert_eq!(verdict, Err(Denial::NotTheAuthor), "{name}");
            }
        }
    }
}

#[test]
fn nobody_replies_in_another_name() {
    let entry = Entry { id: entry_id(1), author: person(OTHER), text: "Akkoord".to_owned() };
    for role in [Role::Ambassadeur, Role::Wijkregisseur, Role::Medewerker, Role::Oov] {
        let audience = audience(RecordType::Signal, Sensitivity::Gewoon, Relation::Author);
        let record = Record::Signal(signal());
        let write = Write::Append(entry.clone());
        let verdict = may(&principal(role), Deed::Edit(&write), &record, &audience);
        assert_eq!(verdict, Err(Denial::NotTheAuthor), "{role}");
    }
}

#[test]
fn office_staff_choose_between_two_values_but_do_not_rewrite() {
    let note = Write::Put(Field::Note, Value::Text("De ene lezing".to_owned()));
    let record = Record::Contact(contact());
    let verdict = |role, action: Deed<'_>, sensitivity| {
        let audience = audience(RecordType::Contact, sensitivity, Relation::None);
        may(&principal(role), action, &record, &audience)
    };
    let gewoon = Sensitivity::Gewoon;
    let refused = Err(Denial::FieldNotForRole);
    assert_eq!(verdict(Role::Medewerker, Deed::Edit(&note), gewoon), refused);
    assert_eq!(verdict(Role::Medewerker, Deed::Settle(&note), gewoon), Ok(()));
    assert_eq!(verdict(Role::Oov, Deed::Settle(&note), gewoon), refused);
    let unseen = verdict(Role::Medewerker, Deed::Settle(&note), Sensitivity::Gevoelig);
    assert_eq!(unseen, Err(Denial::NotVisible));
    let theme = Write::Insert(SetField::Photos, "ab".repeat(32));
    assert_eq!(verdict(Role::Medewerker, Deed::Settle(&theme), gewoon), refused);
}

#[test]
fn codes_and_roles_read_back() {
    for role in Role::ALL {
        assert_eq!(role.to_string().parse(), Ok(*role));
    }
    assert!("burgemeester".parse::<Role>().is_err());
    let codes: BTreeSet<_> = Denial::ALL.iter().map(|denial| denial.code()).collect();
    assert_eq!(codes.len(), Denial::ALL.len());
}

fn any_principal() -> impl Strategy<Value = Principal> {
    let wijken = vec![code("WK059705"), code("WK059706"), code("WK059707")];
    (select(Role::ALL), 1..4_u8, subsequence(wijken, 0..=3)).prop_map(|(role, id, wijken)| {
        Principal { id: person(id), role, wijken: wijken.into_iter().collect() }
    })
}

fn any_audience() -> impl Strategy<Value = Audience> {
    let wijken = vec![code("WK059705"), code("WK059706"), code("WK059707")];
    let people = vec![person(1), person(2), person(3)];
    let parts = (
        select(RecordType::ALL),
        select(Sensitivity::ALL),
        1..4_u8,
        subsequence(wijken, 1..=3),
        subsequence(people, 0..=3),
    );
    parts.prop_map(|(record_type, sensitivity, author, wijken, participants)| Audience {
        record_type,
        wijken: wijken.into_iter().collect(),
        sensitivity,
        author: person(author),
        participants: participants.into_iter().collect(),
    })
}

proptest! {
    #[test]
    fn who_may_edit_sees(
        principal in any_principal(), audience in any_audience(), record in any_record(),
    ) {
        for (name, write) in writes() {
            let edits = may(&principal, Deed::Edit(&write), &record, &audience);
            let settles = may(&principal, Deed::Settle(&write), &record, &audience);
            if edits.is_ok() || settles.is_ok() {
                prop_assert!(sees(&principal, &audience), "{name}");
            } else if !sees(&principal, &audience) {
                prop_assert_eq!(edits, Err(Denial::NotVisible));
            }
            prop_assert!(edits.is_err() || settles.is_ok(), "who may write may choose: {}", name);
        }
    }

    /// The author keeps seeing what they created, wherever it lies and whatever it becomes.
    #[test]
    fn who_creates_keeps_seeing(
        principal in any_principal(), audience in any_audience(), record in any_record(),
    ) {
        let audience = Audience { record_type: record.record_type(), ..audience };
        if may(&principal, Deed::Create, &record, &audience).is_ok() {
            prop_assert!(sees(&principal, &audience));
        }
    }

    /// While a record is gewoon on one device and gevoelig on another, the careful reading shows
    /// it to nobody who would not see it as gewoon. (OOV is the exception that vertrouwelijk is
    /// there for.)
    #[test]
    fn more_sensitive_is_seen_by_fewer(principal in any_principal(), audience in any_audience()) {
        let at = |sensitivity| sees(&principal, &Audience { sensitivity, ..audience.clone() });
        prop_assert!(at(Sensitivity::Gewoon) || !at(Sensitivity::Gevoelig));
        prop_assert!(at(Sensitivity::Gewoon) || !at(Sensitivity::Vertrouwelijk));
        if principal.role != Role::Oov {
            prop_assert!(at(Sensitivity::Gevoelig) || !at(Sensitivity::Vertrouwelijk));
        }
    }

    /// Another wijk or participant in the union takes nothing away from anybody.
    #[test]
    fn a_wider_audience_is_seen_by_more(
        principal in any_principal(), audience in any_audience(), other in any_audience(),
    ) {
        let mut union = audience.clone();
        union.wijken.extend(other.wijken);
        union.participants.extend(other.participants);
        prop_assert!(!sees(&principal, &audience) || sees(&principal, &union));
    }
}

#[test]
fn what_a_role_captures_it_may_create() {
    for role in Role::ALL {
        let may_create = |record: &Record| {
            let audience = Audience {
                author: person(ME),
                ..audience(record.record_type(), record.sensitivity(), Relation::OwnWijk)
            };
            may(&principal(*role), Deed::Create, record, &audience).is_ok()
        };
        let (contact, signal) = (Record::Contact(contact()), Record::Signal(signal()));
        match role.captures() {
            Some(RecordType::Contact) => assert!(may_create(&contact), "{role}"),
            Some(RecordType::Signal) => assert!(may_create(&signal), "{role}"),
            Some(other) => panic!("{role}: a {other} is not a talk"),
            None => assert!(!may_create(&contact) && !may_create(&signal), "{role}"),
        }
    }
}
