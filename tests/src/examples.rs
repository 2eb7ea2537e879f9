//! The example contacts as phones log them: from the file in `data/` to commands.
//!
//! The file's own ids are foreign ids here; its words for kinds, channels and ages are ours.

use serde::Deserialize;

use crate::phone::{NewRecord, NewTalk, NewVisit};

/// The file's content.
#[derive(Debug, Deserialize)]
pub struct Examples {
    #[serde(rename = "contacten")]
    contacts: Vec<ExampleContact>,
    #[serde(rename = "buurttent")]
    visits: Vec<ExampleVisit>,
}

/// One contact as it was jotted down.
#[derive(Debug, Deserialize)]
struct ExampleContact {
    id: String,
    #[serde(rename = "soort")]
    kind: String,
    #[serde(rename = "thema")]
    theme: String,
    #[serde(rename = "buurtcode")]
    buurt: String,
    #[serde(rename = "kanaal")]
    channel: String,
    #[serde(rename = "door")]
    by: String,
    #[serde(rename = "leeftijdsgroep")]
    age_group: Option<String>,
    #[serde(rename = "taal")]
    language: String,
    #[serde(rename = "plaatsgevondenOp")]
    occurred_at: String,
    #[serde(rename = "locatie")]
    place: Option<ExamplePlace>,
    #[serde(rename = "tekst")]
    note: String,
    #[serde(rename = "verwacht")]
    expected: Expected,
}

#[derive(Debug, Deserialize)]
struct ExamplePlace {
    lon: f64,
    lat: f64,
    #[serde(rename = "nauwkeurigheidM")]
    accuracy_m: u32,
}

#[derive(Debug, Deserialize)]
struct Expected {
    #[serde(rename = "terugkoppelingGevraagd")]
    answer_asked: bool,
}

/// One opening of the buurttent, with what was counted.
#[derive(Debug, Deserialize)]
struct ExampleVisit {
    id: String,
    #[serde(rename = "buurtcode")]
    buurt: String,
    #[serde(rename = "plek")]
    place_name: String,
    #[serde(rename = "van")]
    starts_at: String,
    #[serde(rename = "tot")]
    ends_at: String,
    #[serde(rename = "turf")]
    by_age: std::collections::BTreeMap<String, i64>,
    #[serde(rename = "turfSoort")]
    by_kind: std::collections::BTreeMap<String, i64>,
}

/// Who logs an example.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// A wijkregisseur: it becomes a contact.
    Wijkregisseur,
    /// An ambassadeur: it becomes a melding.
    Ambassadeur,
}

/// One example, ready to be logged.
#[derive(Debug, Clone)]
pub struct Example {
    /// Its id in the file.
    pub foreign: String,
    /// Who logs it.
    pub by: By,
    /// Its buurt's code.
    pub buurt: String,
    /// What is logged.
    pub record: NewRecord,
    /// For a visit: what is tapped, counter's key and number.
    pub taps: Vec<(String, i64)>,
}

impl Examples {
    /// Reads the file's text.
    ///
    /// # Errors
    /// What the JSON reader says.
    pub fn parse(text: &str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(text)
    }

    /// The contacts (an ambassadeur's as meldingen) and then the visits, in the file's order.
    pub fn all(self) -> Vec<Example> {
        let contacts = self.contacts.into_iter().map(contact);
        contacts.chain(self.visits.into_iter().map(visit)).collect()
    }
}

fn contact(c: ExampleContact) -> Example {
    let by = if c.by == "ambassadeur" { By::Ambassadeur } else { By::Wijkregisseur };
    let promise = if c.expected.answer_asked { "persoonlijk" } else { "geen" };
    let is_contact = by == By::Wijkregisseur;
    let talk = NewTalk {
        kind: c.kind,
        themes: vec![c.theme],
        note: c.note,
        buurt: c.buurt.clone(),
        place: c.place.map(|p| (p.lon, p.lat, p.accuracy_m)),
        occurred_at: c.occurred_at,
        age_group: c.age_group.filter(|_| is_contact),
        channel: is_contact.then_some(c.channel),
        language: c.language,
        promise: is_contact.then(|| promise.to_owned()),
    };
    let record = if is_contact { NewRecord::Contact(talk) } else { NewRecord::Signal(talk) };
    Example { foreign: c.id, by, buurt: c.buurt, record, taps: Vec::new() }
}

fn visit(v: ExampleVisit) -> Example {
    let ages = v.by_age.into_iter().map(|(age, n)| (format!("leeftijd:{age}"), n));
    let kinds = v.by_kind.into_iter().map(|(kind, n)| {
        let kind = if kind == "alleen praatje" { "praatje" } else { &kind };
        (format!("soort:{kind}"), n)
    });
    Example {
        foreign: v.id,
        by: By::Wijkregisseur,
        buurt: v.buurt.clone(),
        taps: ages.chain(kinds).collect(),
        record: NewRecord::Visit(NewVisit {
            place_name: v.place_name,
            buurt: v.buurt,
            starts_at: v.starts_at,
            ends_at: v.ends_at,
            team: Vec::new(),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::str::FromStr;

    #[test]
    fn the_file_becomes_contacts_meldingen_and_visits() {
        let text = include_str!("../../data/voorbeeldcontacten.json");
        let all = Examples::parse(text).expect("reads").all();
        let of = |by| all.iter().filter(|e| e.by == by).count();
        assert_eq!((of(By::Wijkregisseur), of(By::Ambassadeur)), (22, 2));
        for (key, n) in all.iter().flat_map(|e| &e.taps) {
            assert!(wijkboek_model::TallyKey::from_str(key).is_ok() && *n > 0, "{key}");
        }
    }
}
