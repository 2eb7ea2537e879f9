//! A logbook of half a million records: how soon it opens, how fast it answers, what it costs in
//! the file and in memory. It is made once per run, from packs, and every figure reads that one.

use std::path::{Path, PathBuf};
use std::process::Command;

use rustix::fs::{Advice, fadvise};
use serde::{Deserialize, Serialize};
use wijkboek_crdt::PackLimits;
use wijkboek_store::{Filter, Scope, Store};

use super::clock::{Times, wall};
use super::files::{Folder, Key, open};
use super::report::Entry;
use super::{BenchError, Sizes, bulk, queries};
use crate::corpus;

/// The rows "storage per record" (its second half), "open + first list", "search, filter, count"
/// and "memory".
///
/// # Errors
/// [`BenchError`].
pub fn figures(root: &Path, key: Option<&Key>, sizes: &Sizes) -> Result<Vec<Entry>, BenchError> {
    let suffix = super::suffix(key);
    let folder = Folder::on_disk(root, "large")?;
    let path = folder.file("large.db");
    let mut store = open(&path, key)?;
    let packs = corpus::packs::packs(sizes.large);
    let ingested = store.ingest_packs(packs, &PackLimits::default())?;
    if ingested.changed.len() != sizes.large as usize {
        return Err(BenchError::NothingChanged);
    }
    store.checkpoint()?;
    drop(store);
    let mut entries = vec![bulk::storage(&path, sizes.large, suffix)?];
    entries.extend(sessions(&path, key, sizes)?);
    let store = open(&path, key)?;
    entries.extend(queries::figures(&store, suffix, sizes)?);
    Ok(entries)
}

/// What a process of its own saw that opened the logbook and used it.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Session {
    /// Milliseconds from before opening until the first list.
    pub first_ms: f64,
    /// The same again, in the process that had done so before.
    pub again_ms: Vec<f64>,
    /// Bytes of memory the process held before it opened the logbook.
    pub before: u64,
    /// Bytes of memory it held at the end.
    pub after: u64,
}

/// Opens the logbook, lists, looks through pages, counts and searches; for a process of its own.
///
/// # Errors
/// [`BenchError`].
pub fn session(path: &Path, key: Option<&Key>) -> Result<Session, BenchError> {
    let before = resident()?;
    let (mut store, first) = wall(|| first_list(path, key))?;
    let mut again = Times::default();
    for _ in 0..OPENED_AGAIN {
        drop(store);
        let (opened, time) = wall(|| first_list(path, key))?;
        store = opened;
        again.push(time);
    }
    use_it(&store)?;
    Ok(Session {
        first_ms: first.as_secs_f64() * 1e3,
        again_ms: again.each_ms(),
        before,
        after: resident()?,
    })
}

fn first_list(path: &Path, key: Option<&Key>) -> Result<Store, BenchError> {
    let store = open(path, key)?;
    let page = store.list(&Scope::All, &Filter::default(), None, 50)?;
    if page.rows.is_empty() { Err(BenchError::NothingChanged) } else { Ok(store) }
}

/// What somebody does who looks something up; no document is left loaded.
fn use_it(store: &Store) -> Result<(), BenchError> {
    let mut after = None;
    for _ in 0..20 {
        after = store.list(&Scope::All, &Filter::default(), after, 50)?.next;
    }
    for buurt in corpus::buurten() {
        let filter = Filter { buurt: Some(buurt), ..Filter::default() };
        store.list(&Scope::All, &filter, None, 50)?;
        store.count(&Scope::All, &filter)?;
    }
    for (_, words) in corpus::SEARCHES {
        let filter = Filter { text: Some(words.to_owned()), ..Filter::default() };
        let page = store.list(&Scope::All, &filter, None, 50)?;
        store.count(&Scope::All, &filter)?;
        for row in page.rows.iter().take(3) {
            drop(store.document(row.id)?);
        }
    }
    Ok(())
}

fn sessions(path: &Path, key: Option<&Key>, sizes: &Sizes) -> Result<Vec<Entry>, BenchError> {
    let (suffix, n) = (super::suffix(key), sizes.large);
    let (mut disk, mut fresh, mut warm, mut memory) = (vec![], vec![], vec![], vec![]);
    let mut whole = vec![];
    for _ in 0..sizes.openings {
        evict(path)?;
        disk.push(in_a_process(path, key)?.first_ms);
        let session = in_a_process(path, key)?;
        fresh.push(session.first_ms);
        warm.push(super::clock::median(&session.again_ms));
        let held = session.after.saturating_sub(session.before);
        memory.push(megabytes(held));
        whole.push(megabytes(session.after));
    }
    let whole = super::clock::median(&whole);
    let entry = |how: &str, runs, detail: &str| {
        let name = format!("open + first list at {n} records, {how}, {suffix}");
        Entry::new(&name, "ms", 5.0, runs, detail.to_owned())
    };
    Ok(vec![
        entry(
            "cold",
            fresh,
            "the first opening in a process of its own; 50 rows, migrations looked at",
        ),
        entry("from the disk", disk, "the same after the system was told to drop the file's pages"),
        entry("warm", warm, "opened anew in a process that had it open before"),
        Entry::new(
            &format!("memory at {n} records, {suffix}"),
            "MB",
            20.0,
            memory,
            format!(
                "resident after opening, 20 pages, counts, searches and nine documents, minus \
                 before opening; the whole process holds {whole:.1} MB"
            ),
        ),
    ])
}

fn in_a_process(path: &Path, key: Option<&Key>) -> Result<Session, BenchError> {
    let mut command = Command::new(std::env::current_exe()?);
    command.arg("--session").arg(path);
    if key.is_some() {
        command.arg("--encrypted");
    }
    let output = command.output()?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        return Err(std::io::Error::other(said).into());
    }
    Ok(serde_json::from_slice(&output.stdout)?)
}

/// Asks the system to forget what it holds of a file that is written out.
fn evict(path: &Path) -> Result<(), BenchError> {
    let file = std::fs::File::open(path)?;
    file.sync_all()?;
    fadvise(&file, 0, None, Advice::DontNeed).map_err(std::io::Error::from)?;
    Ok(())
}

fn resident() -> Result<u64, BenchError> {
    let status = std::fs::read_to_string(PathBuf::from("/proc/self/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kib = line.and_then(|line| line.trim().strip_suffix(" kB")?.trim().parse::<u64>().ok());
    kib.map(|kib| kib * 1024).ok_or(BenchError::NotBuilt("this system tells no memory"))
}

fn megabytes(bytes: u64) -> f64 {
    super::whole(usize::try_from(bytes).unwrap_or(usize::MAX)) / 1e6
}

const OPENED_AGAIN: u32 = 15;
