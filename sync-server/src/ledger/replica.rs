//! The replica follows the log: it never judges, and losing it costs nothing.
//!
//! How far it came lies in the same transaction as what it took in, as a cursor with the chain
//! hash, so that a replica of another log (one before a restore) is recognised.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::path::{Path, PathBuf};

use wijkboek_crdt::RawChange;
use wijkboek_model::{ChangeHash, RecordId};
use wijkboek_store::{Arrived, ExportError, Exported, Ingest, OpenError, Store, StoreError};
use wijkboek_sync::{BODY_BYTES_MAX, Cursor, from_body, to_body};

use super::{Ledger, LedgerError, check_cursor, cursor};
use crate::log::{Chain, Entry, EntryBody, Head, Log, LogError, transaction};

/// Entries that are taken in at once.
const BATCH: usize = 2_000;

/// What a rebuild found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RebuildReport {
    /// Entries of the log whose chain hash was checked.
    pub entries: u64,
    /// The first entry whose chain hash is wrong: the log was tampered with or is damaged there.
    pub broken_at: Option<u64>,
    /// Documents in the replica now.
    pub documents: usize,
    /// Documents that were missing, incomplete, superfluous or had wrong rows, and were repaired.
    pub repaired: Vec<RecordId>,
}

impl<L: Log> Ledger<L> {
    /// Brings the replica to the log's head and gives the number.
    ///
    /// # Errors
    /// [`LedgerError`].
    pub fn catch_up(&mut self) -> Result<u64, LedgerError> {
        catch_up(&self.log, &mut self.replica)
    }

    /// The number that the replica has reached.
    ///
    /// # Errors
    /// [`LedgerError`].
    pub fn replica_number(&self) -> Result<u64, LedgerError> {
        number(&self.replica)
    }

    /// Writes everything that the replica holds into an archive; see [`Self::catch_up`].
    ///
    /// # Errors
    /// [`ExportError`].
    pub fn export(
        &self,
        out: impl std::io::Write,
        at: wijkboek_model::Timestamp,
    ) -> Result<Exported, ExportError> {
        self.replica.export(out, at)
    }

    /// Checks the log's chain, compares every document of the replica with the log, and repairs
    /// what differs. Can run while another process serves from the same files: that one waits.
    ///
    /// # Errors
    /// [`LedgerError`].
    pub fn rebuild(&mut self) -> Result<RebuildReport, LedgerError> {
        let Self { log, replica, .. } = self;
        // Nobody appends meanwhile, so that no other process moves the replica on.
        transaction(log, |log, head| {
            catch_up(log, replica)?;
            let broken_at = broken_at(log, &head)?;
            let mut repaired = BTreeSet::new();
            let in_log = heads_in_log(log, &head)?;
            for (id, heads) in &in_log {
                if replica.heads(*id)? != *heads {
                    replace(log, replica, *id, head.number)?;
                    repaired.insert(*id);
                }
            }
            for id in replica.ids()? {
                if !in_log.contains_key(&id) {
                    replica.ingest(&Ingest { forget: vec![id], ..Ingest::default() })?;
                    repaired.insert(id);
                }
            }
            repaired.extend(replica.rebuild()?.differing);
            Ok(RebuildReport {
                entries: head.number,
                broken_at,
                documents: in_log.len(),
                repaired: repaired.into_iter().collect(),
            })
        })
    }
}

fn replace(
    log: &impl Log,
    replica: &mut Store,
    id: RecordId,
    up_to: u64,
) -> Result<(), LedgerError> {
    replica.ingest(&Ingest { forget: vec![id], ..Ingest::default() })?;
    let changes = log
        .changes(id, 0, up_to)?
        .into_iter()
        .map(|(number, change)| Arrived {
            id,
            number,
            mac: Some(change.mac),
            change: RawChange { hash: change.hash, bytes: change.bytes },
        })
        .collect();
    replica.ingest(&Ingest { changes, ..Ingest::default() })?;
    Ok(())
}

/// Brings a replica to the log's head, in batches of one transaction each.
pub(super) fn catch_up<L: Log>(log: &L, replica: &mut Store) -> Result<u64, LedgerError> {
    let head = log.head()?;
    let mut reached = number(replica)?;
    while reached < head.number {
        let entries = log.entries(reached, head.number, BATCH)?;
        let Some(last) = entries.last().map(|entry| entry.number) else {
            return Err(LogError::Damaged { what: "sequence of numbers" }.into());
        };
        let chain = log.chain_at(last)?.ok_or(LogError::Damaged { what: "chain" })?;
        let state = cursor(&Head { epoch: head.epoch, number: last, chain });
        let mut ingest = Ingest { pull_state: Some(to_body(&state)), ..Ingest::default() };
        for entry in entries {
            take_in(entry, &mut ingest);
        }
        let ingested = replica.ingest(&ingest)?;
        for id in ingested.missing.iter().chain(&ingested.quarantined) {
            tracing::error!(record = %id, "the replica cannot take in what the log holds");
        }
        if !ingested.missing.is_empty() {
            // One document that does not hold together must not hold up all others.
            replica.ingest(&Ingest { pull_state: ingest.pull_state, ..Ingest::default() })?;
        }
        reached = last;
    }
    // Somebody may be reading: then it is done when the log next has something new.
    if let Err(error) = replica.scrub_if_due() {
        tracing::warn!(%error, "what was erased is not overwritten in the replica yet");
    }
    Ok(reached)
}

fn take_in(entry: Entry, ingest: &mut Ingest) {
    match entry.body {
        EntryBody::Change(change) => ingest.changes.push(Arrived {
            id: change.document,
            number: entry.number,
            mac: Some(change.mac),
            change: RawChange { hash: change.hash, bytes: change.bytes },
        }),
        EntryBody::Erasure { document, .. } => {
            ingest.changes.retain(|change| change.id != document);
            ingest.forget.push(document);
        }
        // Read from the log's own tables where they are needed.
        EntryBody::Scope(_) | EntryBody::Reference | EntryBody::Revocation { .. } => {}
    }
}

/// Opens a replica's file; one that is damaged or of another log is put away and made anew.
pub(super) fn open(path: &Path, log: &impl Log) -> Result<Store, LedgerError> {
    let store = match Store::open(path) {
        Ok(store) => store,
        Err(OpenError::Damaged | OpenError::Foreign) => {
            remove(path)?;
            Store::open(path)?
        }
        Err(error) => return Err(error.into()),
    };
    if is_of(&store, log)? {
        return Ok(store);
    }
    drop(store);
    remove(path)?;
    Ok(Store::open(path)?)
}

fn is_of(replica: &Store, log: &impl Log) -> Result<bool, LedgerError> {
    let Some(state) = state(replica)? else { return Ok(true) };
    match check_cursor(log, &log.head()?, &state) {
        Ok(()) => Ok(true),
        Err(LedgerError::Restored) => Ok(false),
        Err(error) => Err(error),
    }
}

fn remove(path: &Path) -> Result<(), LedgerError> {
    for suffix in ["", "-wal", "-shm"] {
        let mut name = path.as_os_str().to_owned();
        name.push(suffix);
        match std::fs::remove_file(PathBuf::from(name)) {
            Ok(()) => {}
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => return Err(LedgerError::Io(error)),
        }
    }
    Ok(())
}

/// The number of the log that a replica has reached.
///
/// # Errors
/// [`LedgerError::Store`].
pub fn number(replica: &Store) -> Result<u64, LedgerError> {
    Ok(state(replica)?.map_or(0, |cursor| cursor.number))
}

/// A state that cannot be read counts as none: everything is then taken in once more.
fn state(replica: &Store) -> Result<Option<Cursor>, StoreError> {
    let bytes = replica.pull_state()?;
    Ok(bytes.and_then(|bytes| from_body(&bytes, BODY_BYTES_MAX).ok()))
}

fn broken_at(log: &impl Log, head: &Head) -> Result<Option<u64>, LedgerError> {
    let mut before: Chain = [0; 32];
    let mut after = 0;
    while after < head.number {
        let entries = log.entries(after, head.number, BATCH)?;
        if entries.is_empty() {
            return Ok(Some(after + 1));
        }
        for entry in entries {
            let chain = entry.chain_after(&before);
            if entry.number != after + 1 || log.chain_at(entry.number)? != Some(chain) {
                return Ok(Some(after + 1));
            }
            before = chain;
            after = entry.number;
        }
    }
    Ok((before != head.chain).then_some(head.number))
}

/// The heads that every document has according to the log alone.
fn heads_in_log(
    log: &impl Log,
    head: &Head,
) -> Result<BTreeMap<RecordId, Vec<ChangeHash>>, LedgerError> {
    let mut found = BTreeMap::new();
    let mut before = None;
    loop {
        let batch = log.touched(0, head.number, before, BATCH)?;
        for id in &batch {
            if log.tombstone(*id)?.is_some() {
                continue;
            }
            let changes = log.changes(*id, 0, head.number)?;
            let mut heads: HashSet<ChangeHash> = changes.iter().map(|(_, c)| c.hash).collect();
            for (_, change) in &changes {
                for dependency in wijkboek_crdt::ChangeInfo::read(&change.bytes)?.deps {
                    heads.remove(&dependency);
                }
            }
            let mut heads: Vec<ChangeHash> = heads.into_iter().collect();
            heads.sort_unstable();
            found.insert(*id, heads);
        }
        before = batch.last().copied();
        if batch.len() < BATCH {
            return Ok(found);
        }
    }
}
