//! The main job from end to end: phones that log while offline, a server that comes and goes, and
//! a check by an independent ledger that nothing was lost and nobody holds what is not theirs.
//!
//! Phones and server are processes of the real code; this one only tells them what to do.

mod check;
mod town;

use std::path::PathBuf;
use std::thread::ScopedJoinHandle;
use std::time::Duration;

use wijkboek_model::AreaCode;

use crate::examples::{By, Example, Examples};
use crate::ledger::{Acknowledged, Ledger, Written};
use crate::phone::{Answer, Command, NewRecord, NewTalk};
use crate::process::{Phone, ProcessError, Server, admin, free_port};
use crate::ridderkerk::data_file;

use check::{Seen, compare};
use town::{Person, Town};

/// What the demo is asked to do.
#[derive(Debug, Clone)]
pub struct Options {
    /// Where everything is kept.
    pub data: PathBuf,
    /// Throw away what earlier runs left.
    pub fresh: bool,
    /// Take one row out of the server's log before the comparison, which must then fail.
    pub take_away_log_row: bool,
}

/// Why the demo did not come to a good end.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// A process did not do what it was told.
    #[error(transparent)]
    Process(#[from] ProcessError),
    /// The server of an earlier run's phones does not come up.
    #[error("{source} (port {port}; --fresh starts over with new data)")]
    Port {
        /// The port that the phones were told.
        port: u16,
        /// What went wrong.
        source: ProcessError,
    },
    /// A file of the demo could not be read or written.
    #[error("{0}")]
    Io(#[from] std::io::Error),
    /// The server's databases could not be read for the comparison.
    #[error("the office's databases cannot be read: {0}")]
    Office(String),
    /// A phone refused a command.
    #[error("{phone} refused: {error}")]
    Refused {
        /// Which phone.
        phone: String,
        /// Its words.
        error: String,
    },
    /// The replicas and the ledger do not agree.
    #[error("{} differences between the ledger and the replicas:\n  {}", .0.len(), .0.join("\n  "))]
    Different(Vec<String>),
}

/// The demo while its server and phones run.
#[derive(Debug)]
pub struct Demo {
    town: Town,
    ledger: Ledger,
    server: Option<Server>,
    phones: Vec<(Person, Phone)>,
    listen: String,
    run: u32,
    /// Notes that must stand side by side on every replica: record and text.
    side_by_side: Vec<(String, String)>,
}

impl Demo {
    /// Runs the whole story once; afterwards the server and the phones still run.
    ///
    /// # Errors
    /// [`DemoError`]; [`DemoError::Different`] when anything was lost or leaked.
    pub fn run(options: &Options) -> Result<Self, DemoError> {
        let mut demo = Self::open(options)?;
        demo.log_offline()?;
        demo.kill_every_phone()?;
        demo.come_online("The server is back: every phone sends what it has")?;
        demo.verify("Comparing every replica with the ledger", false)?;
        demo.disagree_offline()?;
        demo.come_online("The server is back once more: everything is merged")?;
        demo.verify("Comparing again", options.take_away_log_row)?;
        Ok(demo)
    }

    fn open(options: &Options) -> Result<Self, DemoError> {
        if options.fresh && options.data.exists() {
            std::fs::remove_dir_all(&options.data)?;
        }
        std::fs::create_dir_all(&options.data)?;
        let (mut town, known) = Town::open(&options.data)?;
        if known {
            step(&format!("Going on with what is in {}", options.data.display()));
        } else {
            step("Setting up: Ridderkerk's areas, themes and inhabitants, four accounts");
        }
        town.run += 1;
        let listen = format!("127.0.0.1:{}", town.port);
        let server = match Server::start(&town.server_dir(), &listen) {
            Ok(server) => server,
            // Somebody else has taken the port: the phones are told below, by enrolment's address.
            Err(_) if !known => {
                town.port = free_port()?;
                Server::start(&town.server_dir(), &format!("127.0.0.1:{}", town.port))?
            }
            Err(error) => return Err(DemoError::Port { port: town.port, source: error }),
        };
        let ledger = Ledger::open(&options.data.join("ledger.jsonl"))?;
        let mut phones = Vec::new();
        for person in town.field_people() {
            let mut phone = Phone::start(&town.phone_store(&person))?;
            if !known {
                enrol(&town, &person, &mut phone, &server.address)?;
            }
            ask(&person, &mut phone, &Command::Sync)?;
            phones.push((person, phone));
        }
        if !known {
            done("three phones enrolled with one-time codes");
        }
        town.save()?;
        server.stop()?;
        let (listen, run) = (format!("127.0.0.1:{}", town.port), town.run);
        Ok(Self { town, ledger, server: None, phones, listen, run, side_by_side: Vec::new() })
    }

    /// Everything in the examples, on the phone of whoever would have logged it.
    fn log_offline(&mut self) -> Result<(), DemoError> {
        step("The server is down. The phones log the example contacts and both buurttent visits");
        let text = std::fs::read_to_string(data_file("voorbeeldcontacten.json"))?;
        let examples = Examples::parse(&text).map_err(std::io::Error::from)?.all();
        let mut made = 0;
        for example in examples {
            let index = self.logger_of(&example);
            if self.log(index, example)? {
                made += 1;
            }
        }
        for (person, phone) in &mut self.phones {
            let answer = phone.ask(&Command::Sync)?;
            if !matches!(answer, Answer::Failed { offline: true, .. }) {
                return Err(refused(person, &format!("a sync without server gave {answer:?}")));
            }
        }
        done(&format!("{made} records made, all offline"));
        Ok(())
    }

    /// Who logs an example: the ambassadeur, or the first wijkregisseur whose wijk it is.
    fn logger_of(&self, example: &Example) -> usize {
        let wijk = wijk_of(&example.buurt);
        self.phones
            .iter()
            .position(|(person, _)| match example.by {
                By::Ambassadeur => person.role == "ambassadeur",
                By::Wijkregisseur => {
                    person.role == "wijkregisseur" && person.wijken.contains(&wijk)
                }
            })
            .unwrap_or(0)
    }

    fn log(&mut self, index: usize, mut example: Example) -> Result<bool, DemoError> {
        let team = self.town.team_of(&wijk_of(&example.buurt));
        if let NewRecord::Visit(visit) = &mut example.record {
            visit.team.clone_from(&team);
        }
        let (record_type, text) = match &example.record {
            NewRecord::Contact(talk) => ("contact", talk.note.clone()),
            NewRecord::Signal(talk) => ("signal", talk.note.clone()),
            NewRecord::Visit(visit) => ("visit", visit.place_name.clone()),
        };
        let write = Written::Create {
            record_type: record_type.into(),
            wijk: wijk_of(&example.buurt),
            text,
            team,
        };
        if self.town.logged.contains_key(&example.foreign) {
            return Ok(false);
        }
        let command = Command::Create {
            record: Box::new(example.record),
            foreign: Some(example.foreign.clone()),
        };
        let id = self.write(index, &command, write)?;
        self.town.logged.insert(example.foreign, id.clone());
        self.town.save()?;
        // The first half of the taps now; the rest later, by two phones at the same time.
        for (key, n) in &example.taps {
            self.tap(index, &id, key, n / 2)?;
            self.town.to_tap.push((id.clone(), key.clone(), n - n / 2));
        }
        self.town.save()?;
        Ok(true)
    }

    fn tap(&mut self, index: usize, id: &str, key: &str, times: i64) -> Result<(), DemoError> {
        if times == 0 {
            return Ok(());
        }
        let command = Command::Tally { id: id.into(), key: key.into(), by: times };
        self.write(index, &command, Written::Tally { key: key.into(), by: times })?;
        Ok(())
    }

    /// Gives a write to a phone and notes down what it acknowledged.
    fn write(
        &mut self,
        index: usize,
        command: &Command,
        write: Written,
    ) -> Result<String, DemoError> {
        let (person, phone) = &mut self.phones[index];
        let (id, heads) = acknowledged(person, phone.ask(command)?)?;
        let phone = person.name.clone();
        self.ledger.note(Acknowledged { phone, id: id.clone(), write, heads })?;
        Ok(id)
    }

    fn kill_every_phone(&mut self) -> Result<(), DemoError> {
        step("Each phone is killed (SIGKILL) and opened again, before anything was sent");
        for (_, phone) in &mut self.phones {
            phone.kill_and_reopen()?;
        }
        done("reopened");
        Ok(())
    }

    fn come_online(&mut self, what: &str) -> Result<(), DemoError> {
        step(what);
        self.server = Some(Server::start(&self.town.server_dir(), &self.listen)?);
        // The second round brings what the others sent after a phone's first.
        for _ in 0..2 {
            for (person, phone) in &mut self.phones {
                ask(person, phone, &Command::Sync)?;
            }
        }
        done("every phone has had a full round");
        Ok(())
    }

    fn verify(&mut self, what: &str, take_away_log_row: bool) -> Result<(), DemoError> {
        step(what);
        let mut dumps = Vec::new();
        for (person, phone) in &mut self.phones {
            let answer = phone.ask(&Command::Dump)?;
            let Answer::Dump { records } = answer else {
                return Err(refused(person, &format!("no dump but {answer:?}")));
            };
            dumps.push((person.clone(), records));
        }
        let seen = compare(&self.town, &self.ledger, dumps, &self.side_by_side, take_away_log_row)?;
        let (records, changes) = (self.ledger.records.len(), seen.changes);
        done(&format!("{records} records, {changes} changes in the log: all agree, nothing lost"));
        Ok(())
    }

    /// Two phones tally one visit and rewrite one note at the same time, both offline.
    fn disagree_offline(&mut self) -> Result<(), DemoError> {
        step("Offline again: two phones tally the same visit and edit the same note at once");
        if let Some(server) = self.server.take() {
            server.stop()?;
        }
        let taps = self.town.taps_for_this_run();
        let note = self.town.disputed_note()?;
        // In threads of their own, so that the two phones really write at the same time.
        let (ledger, run) = (&self.ledger, self.run);
        let written: Vec<Vec<Acknowledged>> = std::thread::scope(|scope| {
            let handles: Vec<_> = self
                .phones
                .iter_mut()
                .filter(|(person, _)| person.role == "wijkregisseur")
                .enumerate()
                .map(|(turn, (person, phone))| {
                    let own = share_of(ledger, person, &taps);
                    let text = town::disputed_text(&note.1, turn, run);
                    let id = &note.0;
                    scope.spawn(move || quarrel(person, phone, &own, id, text))
                })
                .collect();
            let join = |handle: ScopedJoinHandle<'_, _>| match handle.join() {
                Ok(written) => written,
                Err(panic) => std::panic::resume_unwind(panic),
            };
            handles.into_iter().map(join).collect::<Result<_, DemoError>>()
        })?;
        for entry in written.into_iter().flatten() {
            if let Written::Edit { value, .. } = &entry.write {
                self.side_by_side.push((entry.id.clone(), value.clone()));
            }
            self.ledger.note(entry)?;
        }
        self.town.to_tap.clear();
        self.town.save()?;
        done("both acknowledged; neither knows of the other yet");
        Ok(())
    }

    /// Prints what happened and where to look.
    ///
    /// # Errors
    /// [`DemoError`] when the office cannot be asked.
    pub fn summary(&mut self) -> Result<(), DemoError> {
        let Some(server) = &self.server else { return Ok(()) };
        println!("\nWho sees what (no role sees everything):");
        for Seen { name, role, sees, of } in check::visible(&self.town, &self.ledger) {
            println!("  {name:<24} {role:<14} {sees:>3} of {of}, {:>3} withheld", of - sees);
        }
        println!("\nOffice pages (each link works once, for 15 minutes):");
        for person in self.town.office_people() {
            let login = admin(&self.town.server_dir(), &["user", "login", &person.id])?;
            let path = login["path"].as_str().unwrap_or_default();
            println!("  {:<24} {}{path}", person.name, server.address);
        }
        println!("\nOne phone logs something now and then: watch the log update by itself.");
        println!("Ctrl-C ends everything.");
        Ok(())
    }

    /// Logs one more contact on the first phone and syncs it; for the live office page.
    ///
    /// # Errors
    /// [`DemoError`] when the phone refuses.
    pub fn log_one_more(&mut self, turn: usize) -> Result<(), DemoError> {
        let (buurt, theme, kind, note) = town::SMALL_TALK[turn % town::SMALL_TALK.len()];
        let talk = NewTalk {
            kind: kind.into(),
            themes: vec![theme.into()],
            note: note.into(),
            buurt: buurt.into(),
            place: None,
            occurred_at: jiff::Timestamp::now().to_string(),
            age_group: None,
            channel: Some("wijkronde".into()),
            language: "nld".into(),
            promise: Some("geen".into()),
        };
        let write = Written::Create {
            record_type: "contact".into(),
            wijk: wijk_of(buurt),
            text: note.into(),
            team: Vec::new(),
        };
        let command = Command::Create { record: Box::new(NewRecord::Contact(talk)), foreign: None };
        self.write(0, &command, write)?;
        let (person, phone) = &mut self.phones[0];
        ask(person, phone, &Command::Sync)?;
        Ok(())
    }

    /// Ends every process in an orderly way.
    ///
    /// # Errors
    /// [`DemoError::Process`] when one does not end.
    pub fn end(self) -> Result<(), DemoError> {
        for (_, phone) in self.phones {
            phone.quit()?;
        }
        if let Some(server) = self.server {
            server.stop()?;
        }
        Ok(())
    }

    /// How long to wait between two talks that [`Self::log_one_more`] logs.
    pub const PAUSE: Duration = Duration::from_secs(8);
}

/// The taps that fall to this person: each visit's are divided among its team.
fn share_of(
    ledger: &Ledger,
    person: &Person,
    taps: &[(String, String, i64)],
) -> Vec<(String, String, i64)> {
    let share = |(id, key, times): &(String, String, i64)| {
        let team = &ledger.records.get(id)?.team;
        let place = team.iter().position(|member| *member == person.id)?;
        let (place, size) = (i64::try_from(place).ok()?, i64::try_from(team.len()).ok()?);
        let own = times / size + i64::from(place < times % size);
        (own > 0).then(|| (id.clone(), key.clone(), own))
    };
    taps.iter().filter_map(share).collect()
}

/// One phone's part of the disagreement; returns what it acknowledged.
fn quarrel(
    person: &Person,
    phone: &mut Phone,
    taps: &[(String, String, i64)],
    disputed: &str,
    text: String,
) -> Result<Vec<Acknowledged>, DemoError> {
    let mut written = Vec::new();
    let mut write = |command: &Command, write: Written| -> Result<(), DemoError> {
        let (id, heads) = acknowledged(person, phone.ask(command)?)?;
        written.push(Acknowledged { phone: person.name.clone(), id, write, heads });
        Ok(())
    };
    for (id, key, by) in taps {
        let command = Command::Tally { id: id.clone(), key: key.clone(), by: *by };
        write(&command, Written::Tally { key: key.clone(), by: *by })?;
    }
    let field = String::from("note");
    let command = Command::Edit { id: disputed.into(), field: field.clone(), value: text.clone() };
    write(&command, Written::Edit { field, value: text })?;
    Ok(written)
}

fn enrol(town: &Town, person: &Person, phone: &mut Phone, server: &str) -> Result<(), DemoError> {
    let invite = admin(&town.server_dir(), &["invite", &person.id])?;
    let command = Command::Enrol {
        server: server.to_owned(),
        code: invite["code"].as_str().unwrap_or_default().to_owned(),
        device: format!("Toestel van {}", person.name),
    };
    ask(person, phone, &command)
}

fn ask(person: &Person, phone: &mut Phone, command: &Command) -> Result<(), DemoError> {
    match phone.ask(command)? {
        Answer::Failed { error, .. } => Err(refused(person, &error)),
        Answer::Enrolled { .. }
        | Answer::Written { .. }
        | Answer::Synced { .. }
        | Answer::Dump { .. }
        | Answer::Ended => Ok(()),
    }
}

fn acknowledged(person: &Person, answer: Answer) -> Result<(String, Vec<String>), DemoError> {
    match answer {
        Answer::Written { id, heads } => Ok((id, heads)),
        Answer::Failed { error, .. } => Err(refused(person, &error)),
        Answer::Enrolled { .. } | Answer::Synced { .. } | Answer::Dump { .. } | Answer::Ended => {
            Err(refused(person, "no acknowledgement"))
        }
    }
}

fn refused(person: &Person, error: &str) -> DemoError {
    DemoError::Refused { phone: person.name.clone(), error: error.to_owned() }
}

fn wijk_of(buurt: &str) -> String {
    let wijk = buurt.parse::<AreaCode>().ok().and_then(|code| code.wijk());
    wijk.map(String::from).unwrap_or_default()
}

fn step(what: &str) {
    println!("• {what}");
}

fn done(what: &str) {
    println!("    {what}");
}
