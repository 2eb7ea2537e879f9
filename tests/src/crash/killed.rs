//! A book that is written by a process which is killed at random moments, again and again.
//!
//! The writer (`scribe`) names each write after its commit on a pipe; what stands there was
//! acknowledged. The killer reads, kills, opens the store itself and compares.

use std::fmt;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::str::FromStr;
use std::time::{Duration, Instant};

use wijkboek_crdt::Stamp;
use wijkboek_model::{
    ActorId, BlobHash, ChangeHash, Edit, EntryId, InstallId, RecordId, RecordType, Sensitivity,
    Status, TallyKey, Timestamp, Visit,
};
use wijkboek_store::{
    Arrived, Filter, Ingest, OpenError, Outcome, Scope, Settled, Store, StoreError,
};

use super::attached;
use super::script::foreign;
use crate::corpus::{self, Dice};

/// Why a run could not be made.
#[derive(Debug, thiserror::Error)]
pub enum KillError {
    /// A store did not open.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// A store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The writer could not be started or heard.
    #[error("the writing process failed")]
    Io(#[from] std::io::Error),
    /// The writer ended by itself.
    #[error("the writing process ended by itself: {0}")]
    Ended(String),
}

/// One acknowledged write, as a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Line {
    /// A change of one's own.
    Own(RecordId, ChangeHash),
    /// A change from the server.
    Fetched(RecordId, ChangeHash),
    /// The server has an own change.
    Settled(RecordId, ChangeHash),
    /// The draft says this, or something written later.
    Draft(String),
    /// The server took a record back.
    Forgotten(RecordId),
    /// The draft of this stretch of numbers says this, or something written later.
    Typed(u32, u32),
    /// A recording hangs on the draft of this stretch, or on the record that it became.
    Hung(u32, BlobHash),
    /// The draft of this stretch became a record.
    Moved(u32, RecordId),
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Own(id, hash) => write!(f, "own {id} {hash} ."),
            Self::Fetched(id, hash) => write!(f, "fetched {id} {hash} ."),
            Self::Settled(id, hash) => write!(f, "settled {id} {hash} ."),
            Self::Draft(text) => write!(f, "draft {text} - ."),
            Self::Forgotten(id) => write!(f, "forgotten {id} - ."),
            Self::Typed(stretch, n) => write!(f, "typed {stretch} {n} ."),
            Self::Hung(stretch, hash) => write!(f, "hung {stretch} {hash} ."),
            Self::Moved(stretch, id) => write!(f, "moved {stretch} {id} ."),
        }
    }
}

impl FromStr for Line {
    type Err = ();

    /// The full stop at the end tells a whole line from one that the kill tore.
    fn from_str(line: &str) -> Result<Self, ()> {
        let words: Vec<&str> = line.split(' ').collect();
        let [kind, one, two, "."] = words[..] else { return Err(()) };
        let id = || one.parse().map_err(|_| ());
        let hash = || two.parse().map_err(|_| ());
        let number = || one.parse().map_err(|_| ());
        match kind {
            "own" => Ok(Self::Own(id()?, hash()?)),
            "fetched" => Ok(Self::Fetched(id()?, hash()?)),
            "settled" => Ok(Self::Settled(id()?, hash()?)),
            "draft" => Ok(Self::Draft(one.to_owned())),
            "forgotten" => Ok(Self::Forgotten(id()?)),
            "typed" => Ok(Self::Typed(number()?, two.parse().map_err(|_| ())?)),
            "hung" => Ok(Self::Hung(number()?, two.parse().map_err(|_| ())?)),
            "moved" => Ok(Self::Moved(number()?, two.parse().map_err(|_| ())?)),
            _ => Err(()),
        }
    }
}

/// Writes into the store until `say` answers false; records are numbered from `from` on.
///
/// # Errors
/// [`KillError`].
pub fn write_without_end(
    path: &Path,
    seed: u32,
    from: u32,
    say: &mut dyn FnMut(&Line) -> bool,
) -> Result<(), KillError> {
    let mut store = Store::open(path)?;
    let dice = &mut Dice::new(u64::from(seed));
    for n in from.. {
        for line in write_once(&mut store, n, dice)? {
            if !say(&line) {
                break;
            }
        }
    }
    Ok(())
}

fn write_once(store: &mut Store, n: u32, dice: &mut Dice) -> Result<Vec<Line>, StoreError> {
    match dice.below(16) {
        0..3 => {
            let record = wijkboek_model::Record::Contact(corpus::contact(n));
            let id = corpus::id(n);
            let change = store.create(id, corpus::author(n), &record, &stamp(n))?;
            Ok(vec![Line::Own(id, change.hash)])
        }
        3 => {
            let id = corpus::id(n);
            let record = wijkboek_model::Record::Visit(visit(n));
            let change = store.create(id, corpus::author(n), &record, &stamp(n))?;
            Ok(vec![Line::Own(id, change.hash)])
        }
        4..7 => edit(store, n, dice),
        7 => {
            let text = format!("concept-{n:09}");
            store.save_draft("nieuw", &text)?;
            Ok(vec![Line::Draft(text)])
        }
        8 => {
            let changes: Vec<Arrived> = (1..)
                .zip(foreign(n))
                .map(|(k, change)| {
                    let number = u64::from(n) * 10 + k;
                    Arrived { id: corpus::id(n), number, mac: Some([7; 32]), change }
                })
                .collect();
            store.ingest(&Ingest { changes: changes.clone(), ..Ingest::default() })?;
            Ok(changes.iter().map(|c| Line::Fetched(c.id, c.change.hash)).collect())
        }
        9 => {
            let settled: Vec<Settled> = store
                .outbox(3, usize::MAX)?
                .into_iter()
                .map(|item| Settled {
                    id: item.id,
                    hash: item.change.hash,
                    outcome: Outcome::Accepted { number: u64::from(n) * 10, mac: Some([9; 32]) },
                })
                .collect();
            store.settle(&settled)?;
            Ok(settled.iter().map(|s| Line::Settled(s.id, s.hash)).collect())
        }
        10 => {
            let page = store.list(&Scope::All, &Filter::default(), None, 50)?;
            let held = |row: &&wijkboek_store::Row| row.number.is_some();
            let Some(id) = page.rows.iter().find(held).map(|row| row.id) else { return Ok(vec![]) };
            let batch = Ingest { forget: vec![id], ..Ingest::default() };
            let forgotten = store.ingest(&batch)?.forgotten;
            Ok(forgotten.into_iter().map(Line::Forgotten).collect())
        }
        12..16 => attached::write_once(store, n, dice),
        _ => {
            store.checkpoint()?;
            Ok(vec![])
        }
    }
}

fn edit(store: &mut Store, n: u32, dice: &mut Dice) -> Result<Vec<Line>, StoreError> {
    let page = store.list(&Scope::All, &Filter::default(), None, 50)?;
    if page.rows.is_empty() {
        return Ok(vec![]);
    }
    let row = dice.pick(&page.rows);
    let (id, tallied) = (row.id, row.record_type == Some(RecordType::Visit));
    let entry = wijkboek_model::Entry {
        id: EntryId::from_parts(corpus::at(n), [n.to_le_bytes()[0]; 10]),
        author: corpus::author(n),
        text: format!("later bijgeschreven {n}"),
    };
    let edit = match (tallied, dice.below(2)) {
        (true, 0) => Edit::Tally(TallyKey::JustATalk, 1),
        (false, 0) => Edit::Status(match row.status {
            Some(Status::Nieuw) => Status::InBehandeling,
            Some(Status::InBehandeling | Status::Afgehandeld | Status::Afgewezen) | None => {
                Status::Nieuw
            }
        }),
        (_, _) => Edit::Append(entry),
    };
    let change = store.edit(id, &[edit.into_write()], &stamp(n))?;
    Ok(change.map(|change| Line::Own(id, change.hash)).into_iter().collect())
}

fn visit(n: u32) -> Visit {
    Visit {
        place_name: format!("Plein {n}"),
        buurt: corpus::contact(n).buurt,
        place: None,
        starts_at: corpus::at(n),
        ends_at: Timestamp::from_millis(corpus::at(n).as_millis() + 7_200_000),
        sensitivity: Sensitivity::Gewoon,
        team: std::collections::BTreeSet::new(),
        tallies: TallyKey::all().map(|key| (key, 0)).collect(),
    }
}

/// One installation's actor; a number of its own for each process, as after a restore.
pub(super) fn stamp(n: u32) -> Stamp {
    Stamp { actor: ActorId::of(InstallId::new([4; 12]), 0), at: corpus::at(n) }
}

/// What many kills came to.
#[derive(Debug, Clone, Default)]
pub struct Tally {
    /// How often the writer was killed.
    pub kills: u32,
    /// How often before it had acknowledged anything: while it opened the store or wrote first.
    pub early: u32,
    /// How many writes were acknowledged.
    pub acknowledged: usize,
    /// What did not hold, with the seed that says when.
    pub violations: Vec<String>,
}

/// A book, and what was acknowledged about it.
#[derive(Debug)]
pub struct Book {
    path: PathBuf,
    lines: Vec<Line>,
    round: u32,
}

impl Book {
    /// A new book in this folder.
    pub fn new(folder: &Path, name: &str) -> Self {
        Self { path: folder.join(name), lines: vec![], round: 0 }
    }

    /// Deletes its files.
    fn remove(&self) {
        for end in ["", "-wal", "-shm"] {
            let mut file = self.path.clone().into_os_string();
            file.push(end);
            let _ = std::fs::remove_file(file);
        }
        let _ = std::fs::remove_dir_all(attached::folder_of(&self.path));
    }

    /// Starts the writer, kills it at a moment that the seed picks, and compares.
    ///
    /// # Errors
    /// [`KillError`].
    pub fn kill_once(
        &mut self,
        scribe: &Path,
        seed: u32,
        tally: &mut Tally,
    ) -> Result<(), KillError> {
        self.round += 1;
        let before = self.lines.len();
        self.lines.extend(killed_after(scribe, &self.path, seed, self.round * 1_000)?);
        tally.kills += 1;
        tally.early += u32::from(self.lines.len() == before);
        tally.acknowledged += self.lines.len() - before;
        let mut store = Store::open(&self.path)?;
        let attached = attached::violations(&store, &self.path)?;
        for violation in self.violations(&mut store)?.into_iter().chain(attached) {
            tally.violations.push(format!("seed {seed}, round {}: {violation}", self.round));
        }
        Ok(())
    }

    fn violations(&self, store: &mut Store) -> Result<Vec<String>, StoreError> {
        let mut broken = vec![];
        let gone = |id: &RecordId| self.lines.contains(&Line::Forgotten(*id));
        let outbox = store.outbox(usize::MAX, usize::MAX)?;
        let waits = |id: &RecordId, hash: &ChangeHash| {
            outbox.iter().any(|item| item.id == *id && item.change.hash == *hash)
        };
        for line in &self.lines {
            match line {
                Line::Own(id, hash) | Line::Fetched(id, hash) | Line::Settled(id, hash) => {
                    let here = store.changes(*id)?.iter().any(|change| change.hash == *hash);
                    // What the server has, it may have taken back without that being acknowledged.
                    let taken_back = store.row(*id)?.is_none() && !waits(id, hash);
                    let allowed = matches!(line, Line::Fetched(..) | Line::Settled(..))
                        || self.lines.contains(&Line::Settled(*id, *hash));
                    if !(here || gone(id) || taken_back && allowed) {
                        broken.push(format!("lost: {line}"));
                    }
                    if matches!(line, Line::Settled(..)) && waits(id, hash) {
                        broken.push(format!("sent again: {line}"));
                    }
                }
                Line::Draft(text) => {
                    if store.draft("nieuw")?.as_ref() < Some(text) {
                        broken.push(format!("lost: {line}"));
                    }
                }
                Line::Typed(..) | Line::Hung(..) | Line::Moved(..) => {
                    if !attached::holds(store, line)? {
                        broken.push(format!("lost: {line}"));
                    }
                }
                Line::Forgotten(id) => {
                    if store.row(*id)?.is_some() {
                        broken.push(format!("still here: {line}"));
                    }
                }
            }
        }
        let report = store.rebuild()?;
        if !report.is_clean() {
            broken.push(format!("the index differs from its rebuild: {report:?}"));
        }
        Ok(broken)
    }
}

/// Runs the writer until the moment that the seed picks; answers what it acknowledged.
fn killed_after(scribe: &Path, book: &Path, seed: u32, from: u32) -> Result<Vec<Line>, KillError> {
    let dice = &mut Dice::new(u64::from(seed) ^ (1 << 40));
    let acknowledged = dice.below(14) as usize;
    let longer = Duration::from_micros(u64::from(dice.below(4_000)));
    let mut child = Command::new(scribe)
        .arg(book)
        .args([seed.to_string(), from.to_string()])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    let out = child.stdout.take().ok_or_else(|| std::io::Error::other("no pipe"))?;
    let mut lines = vec![];
    let mut reader = BufReader::new(out);
    let mut text = String::new();
    while lines.len() < acknowledged && reader.read_line(&mut text)? > 0 {
        lines.extend(text.trim_end().parse::<Line>());
        text.clear();
    }
    if lines.len() < acknowledged {
        let mut said = String::new();
        if let Some(mut error) = child.stderr.take() {
            std::io::Read::read_to_string(&mut error, &mut said)?;
        }
        child.wait()?;
        return Err(KillError::Ended(said));
    }
    // Any moment will do, so nothing waits for this one.
    let start = Instant::now();
    while start.elapsed() < longer {
        std::thread::yield_now();
    }
    child.kill()?;
    child.wait()?;
    while reader.read_line(&mut text)? > 0 {
        lines.extend(text.trim_end().parse::<Line>());
        text.clear();
    }
    Ok(lines)
}

/// Kills writers so many times, each book a few times, and begins a new one then, so that books
/// stay small and comparing all of one stays fast.
///
/// # Errors
/// [`KillError`].
pub fn run(scribe: &Path, folder: &Path, kills: u32, seed: u32) -> Result<Tally, KillError> {
    let mut tally = Tally::default();
    let mut book = Book::new(folder, "boek-0.db");
    for n in 0..kills {
        if n % KILLS_PER_BOOK == 0 {
            book.remove();
            book = Book::new(folder, &format!("boek-{n}.db"));
            // One of a former run may lie there.
            book.remove();
        }
        book.kill_once(scribe, seed.wrapping_add(n), &mut tally)?;
    }
    Ok(tally)
}

const KILLS_PER_BOOK: u32 = 8;
