//! A phone as a process of its own: the real client on a store file, driven by lines of JSON.

use std::io::{BufRead, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use wijkboek_client::{Wijkboek, WijkboekError};
use wijkboek_model::{
    Contact, Edit, Field, LivesIn, Party, Place, PlaceSource, Promise, Record, RecordId,
    Sensitivity, Signal, Status, TallyKey, Timestamp, Value, Visit,
};
use wijkboek_store::{Filter, Row};
use wijkboek_tests::phone::{Answer, Command, Held, NewRecord, NewTalk, NewVisit};

/// Runs a phone on a store file; commands come as JSON lines on standard input.
#[derive(Parser)]
struct Arguments {
    /// The store file; made when it does not exist.
    #[arg(long)]
    store: PathBuf,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let wijkboek = match Wijkboek::open(&arguments.store) {
        Ok(wijkboek) => wijkboek,
        Err(error) => {
            eprintln!("phone: {error}");
            return ExitCode::FAILURE;
        }
    };
    let mut out = std::io::stdout().lock();
    for line in std::io::stdin().lock().lines().map_while(Result::ok) {
        let answer = match serde_json::from_str::<Command>(&line) {
            Ok(command) => perform(&wijkboek, command).unwrap_or_else(Failure::answer),
            Err(error) => Answer::Failed { error: error.to_string(), offline: false },
        };
        let ended = matches!(answer, Answer::Ended);
        let written = serde_json::to_string(&answer).map(|text| writeln!(out, "{text}"));
        if !matches!(written, Ok(Ok(()))) || out.flush().is_err() || ended {
            break;
        }
    }
    ExitCode::SUCCESS
}

/// Why a command was not carried out.
enum Failure {
    /// The client said no.
    Client(WijkboekError),
    /// The command itself makes no sense.
    Command(String),
}

impl Failure {
    fn answer(self) -> Answer {
        match self {
            Self::Client(error) => Answer::Failed {
                offline: matches!(error, WijkboekError::Offline),
                error: error.to_string(),
            },
            Self::Command(error) => Answer::Failed { error, offline: false },
        }
    }
}

impl From<WijkboekError> for Failure {
    fn from(error: WijkboekError) -> Self {
        Self::Client(error)
    }
}

fn perform(wijkboek: &Wijkboek, command: Command) -> Result<Answer, Failure> {
    match command {
        Command::Enrol { server, code, device } => {
            let identity = wijkboek.enrol(&server, &code, &device)?;
            Ok(Answer::Enrolled { principal: identity.principal.to_string() })
        }
        Command::Create { record, foreign } => {
            let record = record_of(*record)?;
            let id = match foreign {
                Some(foreign) => {
                    let at = record.occurred_at().unwrap_or(Timestamp::from_millis(0));
                    let id = RecordId::from_foreign(at, "voorbeeld", &foreign);
                    wijkboek.create_with_id(id, record)?;
                    id
                }
                None => wijkboek.create(record)?,
            };
            written(wijkboek, id)
        }
        Command::Edit { id, field, value } => {
            let id = parsed(&id)?;
            wijkboek.edit(id, vec![edit_of(&field, value)?])?;
            written(wijkboek, id)
        }
        Command::Tally { id, key, by } => {
            let id = parsed(&id)?;
            wijkboek.tally(id, parsed::<TallyKey>(&key)?, by)?;
            written(wijkboek, id)
        }
        Command::Sync => {
            wijkboek.sync()?;
            let status = wijkboek.status()?;
            Ok(Answer::Synced { unsent: status.unsent, refused: status.refused })
        }
        Command::Dump => dump(wijkboek),
        Command::Quit => Ok(Answer::Ended),
    }
}

fn written(wijkboek: &Wijkboek, id: RecordId) -> Result<Answer, Failure> {
    let heads = wijkboek.heads(id)?.iter().map(ToString::to_string).collect();
    Ok(Answer::Written { id: id.to_string(), heads })
}

fn dump(wijkboek: &Wijkboek) -> Result<Answer, Failure> {
    let mut records = Vec::new();
    let mut after = None;
    loop {
        let page = wijkboek.list(&Filter::default(), after, 50)?;
        for row in page.rows {
            records.push(held(wijkboek, &row)?);
        }
        after = page.next;
        if after.is_none() {
            return Ok(Answer::Dump { records });
        }
    }
}

fn held(wijkboek: &Wijkboek, row: &Row) -> Result<Held, Failure> {
    let detail = wijkboek.record(row.id)?;
    let conflicts = detail.into_iter().flat_map(|detail| detail.conflicts);
    Ok(wijkboek_tests::replica::held(
        row,
        &wijkboek.heads(row.id)?,
        conflicts.map(|c| (c.field, c.values.into_iter().map(|v| v.value).collect())).collect(),
    ))
}

fn parsed<T: std::str::FromStr>(text: &str) -> Result<T, Failure> {
    text.parse().map_err(|_| Failure::Command(format!("cannot read {text:?}")))
}

fn record_of(new: NewRecord) -> Result<Record, Failure> {
    Ok(match new {
        NewRecord::Contact(talk) => Record::Contact(contact_of(talk)?),
        NewRecord::Signal(talk) => Record::Signal(signal_of(talk)?),
        NewRecord::Visit(visit) => Record::Visit(visit_of(visit)?),
    })
}

fn themes(talk: &NewTalk) -> Result<std::collections::BTreeSet<wijkboek_model::ThemeId>, Failure> {
    talk.themes.iter().map(|theme| parsed(theme)).collect()
}

fn place(talk: &NewTalk) -> Result<Option<Place>, Failure> {
    talk.place
        .map(|(lon, lat, accuracy_m)| Place::new(lon, lat, accuracy_m, PlaceSource::Gps))
        .transpose()
        .map_err(|error| Failure::Command(error.to_string()))
}

fn contact_of(talk: NewTalk) -> Result<Contact, Failure> {
    let text = |part: &Option<String>, or: &str| part.clone().unwrap_or_else(|| or.to_owned());
    let age_group = talk.age_group.as_deref().map(parsed).transpose()?;
    Ok(Contact {
        kind: parsed(&talk.kind)?,
        themes: themes(&talk)?,
        place: place(&talk)?,
        buurt: parsed(&talk.buurt)?,
        lives_in: LivesIn::Here,
        people: 1,
        households: 1,
        party: Party::Bewoner,
        age_group,
        occurred_at: parsed::<Timestamp>(&talk.occurred_at)?,
        channel: parsed(&text(&talk.channel, "wijkronde"))?,
        sensitivity: Sensitivity::Gewoon,
        status: Status::Nieuw,
        assignee: None,
        over_optreden: false,
        promise: parsed::<Promise>(&text(&talk.promise, "ongezegd"))?,
        answer: None,
        feedback: None,
        visit: None,
        note: talk.note,
        language: talk.language,
    })
}

fn signal_of(talk: NewTalk) -> Result<Signal, Failure> {
    Ok(Signal {
        kind: parsed(&talk.kind)?,
        themes: themes(&talk)?,
        place: place(&talk)?,
        buurt: parsed(&talk.buurt)?,
        occurred_at: parsed::<Timestamp>(&talk.occurred_at)?,
        sensitivity: Sensitivity::Gewoon,
        status: Status::Nieuw,
        assignee: None,
        promise: Promise::Unsaid,
        answer: None,
        feedback: None,
        note: talk.note,
        language: talk.language,
    })
}

fn visit_of(visit: NewVisit) -> Result<Visit, Failure> {
    Ok(Visit {
        buurt: parsed(&visit.buurt)?,
        place: None,
        starts_at: parsed::<Timestamp>(&visit.starts_at)?,
        ends_at: parsed::<Timestamp>(&visit.ends_at)?,
        sensitivity: Sensitivity::Gewoon,
        team: visit.team.iter().map(|id| parsed(id)).collect::<Result<_, _>>()?,
        tallies: std::collections::BTreeMap::new(),
        place_name: visit.place_name,
    })
}

fn edit_of(field: &str, value: String) -> Result<Edit, Failure> {
    let field = Field::from_key(field)
        .ok_or_else(|| Failure::Command(format!("there is no field {field:?}")))?;
    Ok(Edit::Choose(field, Value::Text(value)))
}
