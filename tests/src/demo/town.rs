//! The people, wijken and files of the demo, and what it remembers between two runs.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::demo::DemoError;
use crate::process::admin;
use crate::ridderkerk;

/// Somebody in the demo.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Person {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) role: String,
    pub(super) wijken: Vec<String>,
}

/// What the demo keeps in `demo.json`.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Town {
    #[serde(skip)]
    dir: PathBuf,
    /// The server's port, which the phones were told.
    pub(super) port: u16,
    /// How many times the demo has run on this data.
    pub(super) run: u32,
    people: Vec<Person>,
    /// Example id → record id.
    pub(super) logged: BTreeMap<String, String>,
    /// Taps that the second part of the story still has to make: record, counter, times.
    pub(super) to_tap: Vec<(String, String, i64)>,
}

/// Name, role and wijken; the first two share Slikkerveer (06).
const PEOPLE: &[(&str, &str, &[&str])] = &[
    ("Anouk (wijkregisseur)", "wijkregisseur", &["06", "07", "01", "02", "10"]),
    ("Bram (wijkregisseur)", "wijkregisseur", &["06", "03", "04", "05", "08", "09", "12"]),
    ("Carla (ambassadeur)", "ambassadeur", &["04"]),
    ("Dirk (medewerker)", "medewerker", &[]),
];

/// The contact whose note two phones rewrite at once: the first example.
const DISPUTED: &str = "41b926f1-27c5-4727-b626-e4d719fdfe39";

/// What the two add to it.
const ADDITIONS: &[&str] = &[
    "Zelf gaan kijken: twee busjes voor de winkel, stoep geheel versperd.",
    "Winkelier gesproken: hij wil een laadplek om de hoek.",
];

/// Buurt, theme, kind and note of the talks that keep coming while the demo runs.
pub(super) const SMALL_TALK: &[(&str, &str, &str, &str)] = &[
    ("BU05970600", "groen", "vraag", "Wanneer worden de bomen bij de school gesnoeid?"),
    ("BU05970700", "afval", "klacht", "Container bij het café zit al drie dagen vol."),
    ("BU05970100", "ontmoeting", "initiatief", "Wil in de zomer een straatdiner organiseren."),
    (
        "BU05970200",
        "verkeer",
        "signaal",
        "Fietsers rijden tegen het verkeer in sinds de omleiding.",
    ),
];

/// The port that the demo takes when it is free.
const PORT: u16 = 8787;

/// What the person whose turn it is makes of the disputed note.
pub(super) fn disputed_text(original: &str, turn: usize, run: u32) -> String {
    format!("{original} {} (ronde {run})", ADDITIONS[turn % ADDITIONS.len()])
}

impl Town {
    /// Goes on with what is there, or sets everything up. Says which of the two it was.
    pub(super) fn open(dir: &Path) -> Result<(Self, bool), DemoError> {
        let file = dir.join("demo.json");
        if file.exists() {
            let text = std::fs::read_to_string(&file)?;
            let mut town: Self = serde_json::from_str(&text).map_err(std::io::Error::from)?;
            dir.clone_into(&mut town.dir);
            return Ok((town, true));
        }
        let mut town = Self {
            dir: dir.to_owned(),
            port: PORT,
            run: 0,
            people: Vec::new(),
            logged: BTreeMap::new(),
            to_tap: Vec::new(),
        };
        ridderkerk::import(&town.server_dir())?;
        for (name, role, wijken) in PEOPLE {
            town.add_person(name, role, wijken)?;
        }
        Ok((town, false))
    }

    fn add_person(&mut self, name: &str, role: &str, wijken: &[&str]) -> Result<(), DemoError> {
        let wijken: Vec<String> = wijken.iter().map(|nr| format!("WK0597{nr}")).collect();
        let mut args = vec!["user", "add", "--name", name, "--role", role];
        for wijk in &wijken {
            args.extend(["--wijk", wijk]);
        }
        let added = admin(&self.server_dir(), &args)?;
        let id = added["id"].as_str().unwrap_or_default().to_owned();
        self.people.push(Person { id, name: name.into(), role: role.into(), wijken });
        Ok(())
    }

    /// Writes `demo.json`, whole or not at all.
    pub(super) fn save(&self) -> Result<(), DemoError> {
        let text = serde_json::to_string_pretty(self).map_err(std::io::Error::from)?;
        let (new, file) = (self.dir.join("demo.json.new"), self.dir.join("demo.json"));
        std::fs::write(&new, text)?;
        std::fs::rename(new, file)?;
        Ok(())
    }

    pub(super) fn server_dir(&self) -> PathBuf {
        self.dir.join("server")
    }

    pub(super) fn phone_store(&self, person: &Person) -> PathBuf {
        let first = person.name.split_whitespace().next().unwrap_or("phone").to_lowercase();
        self.dir.join(format!("phone-{first}.db"))
    }

    pub(super) fn people(&self) -> &[Person] {
        &self.people
    }

    /// Who carries a phone.
    pub(super) fn field_people(&self) -> Vec<Person> {
        self.people.iter().filter(|p| p.role != "medewerker").cloned().collect()
    }

    /// Whose login is printed: the medewerker and one wijkregisseur.
    pub(super) fn office_people(&self) -> impl Iterator<Item = &Person> {
        let is = |role: &'static str| self.people.iter().find(move |p| p.role == role);
        is("medewerker").into_iter().chain(is("wijkregisseur"))
    }

    /// The wijkregisseurs of a wijk, as principal ids.
    pub(super) fn team_of(&self, wijk: &str) -> Vec<String> {
        let theirs = |p: &&Person| p.role == "wijkregisseur" && p.wijken.iter().any(|w| w == wijk);
        self.people.iter().filter(theirs).map(|p| p.id.clone()).collect()
    }

    /// The taps of the second part: the rest of the examples', or one more of each in a later run.
    pub(super) fn taps_for_this_run(&self) -> Vec<(String, String, i64)> {
        if !self.to_tap.is_empty() {
            return self.to_tap.clone();
        }
        let visit = self.logged.get("tent-1").cloned().unwrap_or_default();
        ["leeftijd:15-24", "soort:praatje"].map(|key| (visit.clone(), key.to_owned(), 2)).to_vec()
    }

    /// The disputed record and the text that both start from.
    pub(super) fn disputed_note(&self) -> Result<(String, String), DemoError> {
        let missing = || std::io::Error::other("the first example was not logged");
        let id = self.logged.get(DISPUTED).cloned().ok_or_else(missing)?;
        Ok((id, "Mevr bij dillenburgplein: busjes laden en lossen op de stoep.".into()))
    }
}
