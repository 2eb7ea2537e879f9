//! Who logs what in these tests.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::time::Duration;

use wijkboek_client::{Config, Wijkboek};
use wijkboek_model::{
    AgeGroup, Areas, Channel, Colleague, Contact, ContactKind, LivesIn, Party, PrincipalId,
    Promise, Record, Reference, Role, Sensitivity, Signal, Status, Theme, Timestamp, Visit,
};
use wijkboek_sync::Me;

pub(crate) const AT: Timestamp = Timestamp::from_millis(1_772_529_120_000);

pub(crate) fn fatima() -> Me {
    person(1, "Fatima", Role::Wijkregisseur)
}

pub(crate) fn bram() -> Me {
    person(2, "Bram", Role::Wijkregisseur)
}

pub(crate) fn annie() -> Me {
    person(3, "Annie", Role::Ambassadeur)
}

fn person(n: u8, name: &str, role: Role) -> Me {
    Me {
        principal: PrincipalId::from_parts(AT, [n; 10]),
        name: name.to_owned(),
        role: role.into(),
        wijken: BTreeSet::from(["WK059706".parse().expect("a wijk")]),
    }
}

/// A logbook that notices a dead server within a second.
pub(crate) fn open(path: &Path) -> Wijkboek {
    Wijkboek::open_with(path, config()).expect("the logbook opens")
}

pub(crate) fn config() -> Config {
    Config {
        call_timeout: Duration::from_secs(20),
        sync: wijkboek_sync::Config {
            backoff_ms_min: 1,
            backoff_ms_max: 50,
            ..wijkboek_sync::Config::default()
        },
        ..Config::default()
    }
}

pub(crate) fn contact(note: &str) -> Record {
    Record::Contact(Contact {
        kind: ContactKind::Klacht,
        themes: BTreeSet::from(["verkeer".parse().expect("a theme")]),
        note: note.to_owned(),
        buurt: "BU05970600".parse().expect("a buurt"),
        place: None,
        lives_in: LivesIn::Here,
        people: 1,
        households: 1,
        party: Party::Bewoner,
        age_group: Some(AgeGroup::Age65Plus),
        occurred_at: AT,
        channel: Channel::Wijkronde,
        language: "nld".to_owned(),
        sensitivity: Sensitivity::Gewoon,
        status: Status::Nieuw,
        assignee: None,
        over_optreden: false,
        promise: Promise::Unsaid,
        answer: None,
        feedback: None,
        visit: None,
    })
}

pub(crate) fn signal(note: &str) -> Record {
    Record::Signal(Signal {
        kind: ContactKind::Signaal,
        themes: BTreeSet::new(),
        note: note.to_owned(),
        buurt: "BU05970600".parse().expect("a buurt"),
        place: None,
        occurred_at: AT,
        language: "nld".to_owned(),
        sensitivity: Sensitivity::Gewoon,
        status: Status::Nieuw,
        assignee: None,
        promise: Promise::Unsaid,
        answer: None,
        feedback: None,
    })
}

pub(crate) fn visit(starts_at: Timestamp, ends_at: Timestamp, team: &[PrincipalId]) -> Record {
    Record::Visit(Visit {
        place_name: "Dillenburgplein".to_owned(),
        buurt: "BU05970600".parse().expect("a buurt"),
        place: None,
        starts_at,
        ends_at,
        sensitivity: Sensitivity::Gewoon,
        team: team.iter().copied().collect(),
        tallies: BTreeMap::new(),
    })
}

pub(crate) fn reference() -> Reference {
    let colleague =
        |me: Me| Colleague { id: me.principal, name: me.name, role: me.role.as_str().to_owned() };
    Reference {
        version: 1,
        municipality: "GM0597".parse().expect("a municipality"),
        areas: Areas::from_geojson(include_str!("../../../../data/ridderkerk/wijken.geojson"))
            .expect("areas"),
        themes: vec![Theme {
            id: "zorg".parse().expect("a theme"),
            name_nl: "Zorg".to_owned(),
            name_en: "Care".to_owned(),
            parent: None,
            sensitive: true,
        }],
        colleagues: vec![colleague(fatima()), colleague(bram())],
        inhabitants: Vec::new(),
    }
}
