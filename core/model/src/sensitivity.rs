//! How sensitive a new record is unless somebody says otherwise.

use crate::{AgeGroup, Record, Reference, Sensitivity, is_sensitive_text};

/// The sensitivity that a new record gets: what its writer chose, but at least
/// [`Sensitivity::Gevoelig`] when one of its themes is sensitive, a child up to 14 speaks, or its
/// text holds a service number or speaks of somebody's health ([`is_sensitive_text`]).
pub fn default_sensitivity(record: &Record, reference: Option<&Reference>) -> Sensitivity {
    let (themes, minor) = match record {
        Record::Contact(contact) => {
            (Some(&contact.themes), contact.age_group == Some(AgeGroup::Age0To14))
        }
        Record::Signal(signal) => (Some(&signal.themes), false),
        Record::Visit(_) => (None, false),
    };
    let by_theme = match (reference, themes) {
        (Some(reference), Some(themes)) => reference.default_sensitivity(themes),
        (None, _) | (_, None) => Sensitivity::Gewoon,
    };
    let by_age = if minor || is_sensitive_text(record) {
        Sensitivity::Gevoelig
    } else {
        Sensitivity::Gewoon
    };
    record.sensitivity().max(by_theme).max(by_age)
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;
    use crate::{
        Areas, Channel, Contact, ContactKind, LivesIn, Party, Promise, Signal, Status, Theme,
        Timestamp, Visit,
    };

    const WIJKEN: &str = include_str!("../../../data/ridderkerk/wijken.geojson");
    const AT: Timestamp = Timestamp::from_millis(1_772_529_120_000);

    fn reference() -> Reference {
        let theme = |id: &str, sensitive| Theme {
            id: id.parse().expect("a theme"),
            name_nl: id.to_owned(),
            name_en: id.to_owned(),
            parent: None,
            sensitive,
        };
        Reference {
            version: 1,
            municipality: "GM0597".parse().expect("a municipality"),
            areas: Areas::from_geojson(WIJKEN).expect("areas"),
            themes: vec![theme("zorg", true), theme("groen", false)],
            colleagues: Vec::new(),
            inhabitants: Vec::new(),
        }
    }

    fn contact(themes: &[&str], age_group: Option<AgeGroup>, sensitivity: Sensitivity) -> Record {
        Record::Contact(Contact {
            kind: ContactKind::Vraag,
            themes: themes.iter().map(|id| id.parse().expect("a theme")).collect(),
            note: String::new(),
            buurt: "BU05970600".parse().expect("a buurt"),
            place: None,
            lives_in: LivesIn::Unknown,
            people: 1,
            households: 1,
            party: Party::Bewoner,
            age_group,
            occurred_at: AT,
            channel: Channel::Wijkronde,
            language: "nld".to_owned(),
            sensitivity,
            status: Status::Nieuw,
            over_optreden: false,
            promise: Promise::Unsaid,
            answer: None,
            visit: None,
        })
    }

    #[test]
    fn a_sensitive_theme_or_a_child_raises_it_and_nothing_lowers_it() {
        use Sensitivity::{Gevoelig, Gewoon, Vertrouwelijk};
        let child = Some(AgeGroup::Age0To14);
        let reference = reference();
        for (themes, age, chosen, expected) in [
            (&["groen"][..], None, Gewoon, Gewoon),
            (&["groen", "zorg"], None, Gewoon, Gevoelig),
            (&["onbekend"], Some(AgeGroup::Age15To24), Gewoon, Gewoon),
            (&[], child, Gewoon, Gevoelig),
            (&["groen"], None, Gevoelig, Gevoelig),
            (&["zorg"], child, Vertrouwelijk, Vertrouwelijk),
        ] {
            let record = contact(themes, age, chosen);
            let found = default_sensitivity(&record, Some(&reference));
            assert_eq!(found, expected, "{themes:?}, {age:?}, {chosen}");
        }
        assert_eq!(default_sensitivity(&contact(&["zorg"], None, Gewoon), None), Gewoon);
        assert_eq!(default_sensitivity(&contact(&[], child, Gewoon), None), Gevoelig);
    }

    #[test]
    fn meldingen_and_visits_follow_their_own_fields() {
        let reference = reference();
        let buurt: crate::AreaCode = "BU05970600".parse().expect("a buurt");
        let signal = Record::Signal(Signal {
            kind: ContactKind::Signaal,
            themes: BTreeSet::from(["zorg".parse().expect("a theme")]),
            note: "deur staat open".to_owned(),
            buurt: buurt.clone(),
            place: None,
            occurred_at: AT,
            language: "nld".to_owned(),
            sensitivity: Sensitivity::Gewoon,
            status: Status::Nieuw,
            assignee: None,
            answer: None,
        });
        let visit = Record::Visit(Visit {
            place_name: "Plein".to_owned(),
            buurt,
            place: None,
            starts_at: AT,
            ends_at: AT,
            sensitivity: Sensitivity::Gewoon,
            team: BTreeSet::new(),
            tallies: BTreeMap::new(),
        });
        assert_eq!(default_sensitivity(&signal, Some(&reference)), Sensitivity::Gevoelig);
        assert_eq!(default_sensitivity(&visit, Some(&reference)), Sensitivity::Gewoon);
    }
}
