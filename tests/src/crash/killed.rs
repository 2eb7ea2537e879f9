//! A book that is written by a process which is killed at random moments, again and again.
//!
//! The writer (`scribe`) names each write after its commit on a pipe; what stands there was
//! acknowledged. The killer reads, kills, opens the store itself and compares.

use std::collections::BTreeSet;
use std::fmt;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::str::FromStr;
use std::time::{Duration, Instant};

use wijkboek_crdt::{PackLimits, Stamp};
use wijkboek_model::{
    ActorId, BlobHash, ChangeHash, Edit, EntryId, InstallId, RecordId, RecordType, Sensitivity,
    Status, TallyKey, Timestamp, Visit,
};
use wijkboek_store::{
    Arrived, Compaction, Filter, Ingest, OpenError, Outcome, Scope, Settled, Store, StoreError,
};

use super::attached;
use super::script::{foreign, foreign_pack};
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
    /// A round could not be made.
    #[error("with SEED={seed}")]
    Round {
        /// Of the kill.
        seed: u32,
        /// Why.
        source: Box<KillError>,
    },
}

/// One acknowledged write, or one that is about to happen and takes something away, as a line.
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
    /// Will be settled by the next write.
    Settling(RecordId, ChangeHash),
    /// Will be forgotten by the next write.
    Forgetting(RecordId),
    /// So many records moved into packs.
    Packed(usize),
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
            Self::Settling(id, hash) => write!(f, "settling {id} {hash} ."),
            Self::Forgetting(id) => write!(f, "forgetting {id} - ."),
            Self::Packed(n) => write!(f, "packed {n} - ."),
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
            "settling" => Ok(Self::Settling(id()?, hash()?)),
            "forgetting" => Ok(Self::Forgetting(id()?)),
            "packed" => Ok(Self::Packed(one.parse().map_err(|_| ())?)),
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
    let mut heard = true;
    for n in from.. {
        write_once(&mut store, n, dice, &mut |line| heard = heard && say(&line))?;
        if !heard {
            break;
        }
    }
    Ok(())
}

fn write_once(
    store: &mut Store,
    n: u32,
    dice: &mut Dice,
    say: &mut dyn FnMut(Line),
) -> Result<(), StoreError> {
    match dice.below(18) {
        0..3 => create(store, n, &wijkboek_model::Record::Contact(corpus::contact(n)), say),
        3 => create(store, n, &wijkboek_model::Record::Visit(visit(n)), say),
        4..7 => edit(store, n, dice, say),
        7 => {
            let text = format!("concept-{n:09}");
            store.save_draft("nieuw", &text)?;
            say(Line::Draft(text));
            Ok(())
        }
        8 => fetch(store, n, say),
        9 => settle(store, n, say),
        10 => forget(store, say),
        11 => fetch_pack(store, n, say),
        12 => {
            // Nearly everything is cold, so that packs come about in books this small.
            let budget = Compaction { documents_max: 6, documents_min: 2, changes_kept: 4 };
            let packed = store.compact(&budget)?.documents;
            say(Line::Packed(packed));
            Ok(())
        }
        13..17 => {
            attached::write_once(store, n, dice)?.into_iter().for_each(say);
            Ok(())
        }
        _ => store.checkpoint().map(drop),
    }
}

fn create(
    store: &mut Store,
    n: u32,
    record: &wijkboek_model::Record,
    say: &mut dyn FnMut(Line),
) -> Result<(), StoreError> {
    let id = corpus::id(n);
    let change = store.create(id, corpus::author(n), record, &stamp(n))?;
    say(Line::Own(id, change.hash));
    Ok(())
}

fn fetch(store: &mut Store, n: u32, say: &mut dyn FnMut(Line)) -> Result<(), StoreError> {
    let changes: Vec<Arrived> = (1..)
        .zip(foreign(n))
        .map(|(k, change)| {
            let number = u64::from(n) * 10 + k;
            Arrived { id: corpus::id(n), number, mac: Some([7; 32]), change }
        })
        .collect();
    store.ingest(&Ingest { changes: changes.clone(), ..Ingest::default() })?;
    for fetched in &changes {
        say(Line::Fetched(fetched.id, fetched.change.hash));
    }
    Ok(())
}

fn fetch_pack(store: &mut Store, n: u32, say: &mut dyn FnMut(Line)) -> Result<(), StoreError> {
    let first = PACKED_FROM + n * 4;
    let arrived = foreign_pack(first..first + 4);
    store.ingest_packs(std::iter::once(arrived.pack), &PackLimits::default())?;
    arrived.changes.into_iter().for_each(|(id, hash)| say(Line::Fetched(id, hash)));
    Ok(())
}

fn settle(store: &mut Store, n: u32, say: &mut dyn FnMut(Line)) -> Result<(), StoreError> {
    let settled: Vec<Settled> = store
        .outbox(3, usize::MAX)?
        .into_iter()
        .map(|item| Settled {
            id: item.id,
            hash: item.change.hash,
            outcome: Outcome::Accepted { number: u64::from(n) * 10, mac: Some([9; 32]) },
        })
        .collect();
    let mut leaving = vec![];
    for one in &settled {
        say(Line::Settling(one.id, one.hash));
        // What was only kept for its unsent work goes with the last of that.
        if store.row(one.id)?.is_some_and(|row| row.forgotten) {
            say(Line::Forgetting(one.id));
            leaving.push(one.id);
        }
    }
    store.settle(&settled)?;
    for one in &settled {
        say(Line::Settled(one.id, one.hash));
    }
    for id in leaving {
        if store.row(id)?.is_none() {
            say(Line::Forgotten(id));
        }
    }
    Ok(())
}

fn forget(store: &mut Store, say: &mut dyn FnMut(Line)) -> Result<(), StoreError> {
    let page = store.list(&Scope::All, &Filter::default(), None, 50)?;
    let held = |row: &&wijkboek_store::Row| row.number.is_some();
    let Some(id) = page.rows.iter().find(held).map(|row| row.id) else { return Ok(()) };
    say(Line::Forgetting(id));
    let batch = Ingest { forget: vec![id], ..Ingest::default() };
    store.ingest(&batch)?.forgotten.into_iter().for_each(|id| say(Line::Forgotten(id)));
    Ok(())
}

fn edit(
    store: &mut Store,
    n: u32,
    dice: &mut Dice,
    say: &mut dyn FnMut(Line),
) -> Result<(), StoreError> {
    let page = store.list(&Scope::All, &Filter::default(), None, 50)?;
    if page.rows.is_empty() {
        return Ok(());
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
    if let Some(change) = change {
        say(Line::Own(id, change.hash));
    }
    Ok(())
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
    /// How many records were moved into packs.
    pub packed: usize,
    /// What did not hold, with the seed that says when.
    pub violations: Vec<String>,
}

/// A book, and what was acknowledged about it.
#[derive(Debug)]
pub struct Book {
    path: PathBuf,
    /// The seed of its first kill, from which all its rounds can be played again.
    seed: u32,
    known: Known,
    round: u32,
}

/// What must be in a book, what must not, and what the write at the moment of a kill left open.
#[derive(Debug, Default)]
struct Known {
    changes: BTreeSet<(RecordId, ChangeHash)>,
    /// Own changes that the server does not have.
    unsent: BTreeSet<(RecordId, ChangeHash)>,
    settled: BTreeSet<(RecordId, ChangeHash)>,
    gone: BTreeSet<RecordId>,
    draft: Option<String>,
    settling: BTreeSet<(RecordId, ChangeHash)>,
    forgetting: BTreeSet<RecordId>,
    /// What is said about drafts and recordings.
    attached: Vec<Line>,
}

impl Known {
    fn hear(&mut self, line: Line) {
        match line {
            Line::Own(id, hash) => {
                self.changes.insert((id, hash));
                self.unsent.insert((id, hash));
            }
            Line::Fetched(id, hash) => {
                self.changes.insert((id, hash));
            }
            Line::Settled(id, hash) => {
                self.changes.insert((id, hash));
                self.settled.insert((id, hash));
                self.unsent.remove(&(id, hash));
            }
            Line::Draft(text) => self.draft = Some(text),
            Line::Forgotten(id) => self.forget(id),
            Line::Settling(id, hash) => {
                self.settling.insert((id, hash));
            }
            Line::Forgetting(id) => {
                self.forgetting.insert(id);
            }
            Line::Typed(..) | Line::Hung(..) | Line::Moved(..) => self.attached.push(line),
            Line::Packed(_) => {}
        }
    }

    fn forget(&mut self, forgotten: RecordId) {
        self.changes.retain(|(id, _)| *id != forgotten);
        self.unsent.retain(|(id, _)| *id != forgotten);
        self.gone.insert(forgotten);
    }

    /// Settles what a kill left open by looking: each such write happened whole or not at all.
    fn resolve(&mut self, store: &Store) -> Result<(), StoreError> {
        let outbox = store.outbox(usize::MAX, usize::MAX)?;
        let waiting: BTreeSet<_> = outbox.iter().map(|item| (item.id, item.change.hash)).collect();
        for change in std::mem::take(&mut self.settling) {
            // An own change whose creation was not acknowledged may have been settled too.
            if !waiting.contains(&change) && self.unsent.remove(&change) {
                self.settled.insert(change);
            }
        }
        for id in std::mem::take(&mut self.forgetting) {
            let unsent = self.unsent.iter().any(|(own, _)| *own == id);
            if !unsent && store.row(id)?.is_none() {
                self.forget(id);
            }
        }
        Ok(())
    }

    fn violations(&self, store: &mut Store) -> Result<Vec<String>, StoreError> {
        let mut broken = vec![];
        let mut held = BTreeSet::new();
        let ids: BTreeSet<RecordId> = self.changes.iter().map(|(id, _)| *id).collect();
        for id in ids {
            held.extend(store.changes(id)?.into_iter().map(|change| (id, change.hash)));
            if store.row(id)?.is_none() {
                broken.push(format!("no row shows {id}"));
            }
        }
        for (id, hash) in self.changes.difference(&held) {
            broken.push(format!("lost: {hash} of {id}"));
        }
        let outbox = store.outbox(usize::MAX, usize::MAX)?;
        let waiting: BTreeSet<_> = outbox.iter().map(|item| (item.id, item.change.hash)).collect();
        for (id, hash) in self.unsent.difference(&waiting) {
            broken.push(format!("left the outbox unsent: {hash} of {id}"));
        }
        for (id, hash) in self.settled.intersection(&waiting) {
            broken.push(format!("to be sent again: {hash} of {id}"));
        }
        for id in &self.gone {
            if store.row(*id)?.is_some() || !store.changes(*id)?.is_empty() {
                broken.push(format!("still here: {id}"));
            }
        }
        if store.draft("nieuw")? < self.draft {
            broken.push(format!("the draft lost {:?}", self.draft));
        }
        for line in &self.attached {
            if !attached::holds(store, line)? {
                broken.push(format!("lost: {line}"));
            }
        }
        let report = store.rebuild()?;
        if !report.is_clean() {
            broken.push(format!("the index differs from its rebuild: {report:?}"));
        }
        Ok(broken)
    }
}

impl Book {
    /// A new book in this folder, whose first kill has this seed.
    pub fn new(folder: &Path, name: &str, seed: u32) -> Self {
        Self { path: folder.join(name), seed, known: Known::default(), round: 0 }
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

    /// Starts the writer, kills it at a moment that the next seed picks, and compares.
    ///
    /// # Errors
    /// [`KillError::Round`].
    pub fn kill_once(&mut self, scribe: &Path, tally: &mut Tally) -> Result<(), KillError> {
        let seed = self.seed.wrapping_add(self.round);
        self.round += 1;
        self.round(scribe, seed, tally)
            .map_err(|source| KillError::Round { seed: self.seed, source: Box::new(source) })
    }

    fn round(&mut self, scribe: &Path, seed: u32, tally: &mut Tally) -> Result<(), KillError> {
        let lines = killed_after(scribe, &self.path, seed, self.round * 1_000)?;
        tally.kills += 1;
        tally.early += u32::from(lines.is_empty());
        for line in lines {
            match line {
                Line::Own(..)
                | Line::Fetched(..)
                | Line::Settled(..)
                | Line::Draft(_)
                | Line::Typed(..)
                | Line::Hung(..)
                | Line::Moved(..)
                | Line::Forgotten(_) => tally.acknowledged += 1,
                Line::Packed(n) => tally.packed += n,
                Line::Settling(..) | Line::Forgetting(_) => {}
            }
            self.known.hear(line);
        }
        let mut store = Store::open(&self.path)?;
        self.known.resolve(&store)?;
        let attached = attached::violations(&store, &self.path)?;
        for violation in self.known.violations(&mut store)?.into_iter().chain(attached) {
            let (first, kills) = (self.seed, self.round);
            tally.violations.push(format!("SEED={first} KILLS={kills} finds: {violation}"));
        }
        Ok(())
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
    let mut book = Book::new(folder, "boek-0.db", seed);
    for n in 0..kills {
        if n % KILLS_PER_BOOK == 0 {
            book.remove();
            book = Book::new(folder, &format!("boek-{n}.db"), seed.wrapping_add(n));
            // One of a former run may lie there.
            book.remove();
        }
        book.kill_once(scribe, &mut tally)?;
    }
    Ok(tally)
}

const KILLS_PER_BOOK: u32 = 8;
/// Records that come in packs are numbered from here, out of the way of all others.
const PACKED_FROM: u32 = 400_000;
