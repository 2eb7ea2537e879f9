//! Taking in what the server sent: one transaction for a batch and its pull state.
//!
//! The server has judged it; here it is only checked that bytes and hashes agree and that the
//! document holds together. What fails goes to quarantine and holds up nobody else. A document
//! with a dependency missing gets nothing of the batch.

mod bad;

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::Connection;
use wijkboek_crdt::{ChangeInfo, DocumentError, RawChange};
use wijkboek_model::{ChangeHash, RecordId};

use crate::documents::{self, Acceptance};
use crate::meta::{self, PULL_STATE};
use crate::projection::Projection;
use crate::{Store, StoreError, outbox};

pub use bad::Quarantined;
pub(crate) use bad::arrived_again;

/// A batch from the server. What is forgotten is forgotten first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ingest {
    /// Changes, in any order.
    pub changes: Vec<Arrived>,
    /// Records that may no longer be here.
    pub forget: Vec<RecordId>,
    /// Opaque: where to go on pulling. Kept only when no dependency is missing, so that a crash
    /// before those were fetched leads to the same batch again.
    pub pull_state: Option<Vec<u8>>,
}

/// One change from the server's log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arrived {
    /// Its record.
    pub id: RecordId,
    /// Its number in the log.
    pub number: u64,
    /// The server's MAC.
    pub mac: Option<[u8; 32]>,
    /// The change, under the hash by which the server calls it.
    pub change: RawChange,
}

/// What became of a batch.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ingested {
    /// Records that are new or have changed, their delivery included.
    pub changed: Vec<RecordId>,
    /// Records of which dependencies are missing: to be asked for whole.
    pub missing: Vec<RecordId>,
    /// Records that are no longer here.
    pub forgotten: Vec<RecordId>,
    /// Records that should have been forgotten but hold unsent work; they go once it is judged.
    pub kept: Vec<RecordId>,
    /// Records of which changes were put into quarantine.
    pub quarantined: Vec<RecordId>,
}

impl Store {
    /// Takes in a batch.
    ///
    /// # Errors
    /// [`StoreError`]; nothing of the batch is then kept.
    pub fn ingest(&mut self, batch: &Ingest) -> Result<Ingested, StoreError> {
        self.durable(false)?;
        let ingested = self.ingest_at_once(batch);
        self.durable(true)?;
        let ingested = ingested?;
        if !ingested.forgotten.is_empty() && !self.checkpoint()? {
            tracing::warn!("forgotten records stay in the write-ahead log while others read it");
        }
        Ok(ingested)
    }

    fn ingest_at_once(&mut self, batch: &Ingest) -> Result<Ingested, StoreError> {
        let tx = self.write()?;
        let mut ingested = Ingested::default();
        for id in &batch.forget {
            forget(&tx, *id, &mut ingested)?;
        }
        let mut per_document: BTreeMap<RecordId, Vec<&Arrived>> = BTreeMap::new();
        for arrived in &batch.changes {
            per_document.entry(arrived.id).or_default().push(arrived);
        }
        for (id, arrived) in per_document {
            take_in(&tx, id, &arrived, &mut ingested)?;
        }
        if let Some(state) = &batch.pull_state
            && ingested.missing.is_empty()
        {
            meta::set_meta(&tx, PULL_STATE, state)?;
        }
        tx.commit()?;
        Ok(ingested)
    }
}

/// A change whose bytes make a change with the announced hash.
#[derive(Debug, Clone)]
pub(crate) struct Checked<'a> {
    pub(crate) arrived: &'a Arrived,
    pub(crate) info: ChangeInfo,
}

pub(crate) fn take_in(
    tx: &Connection,
    id: RecordId,
    arrived: &[&Arrived],
    ingested: &mut Ingested,
) -> Result<(), StoreError> {
    let row = documents::row_of(tx, id)?;
    let mut changed = false;
    let mut fresh: Vec<Checked<'_>> = vec![];
    for arrived in arrived {
        let position = match row {
            Some(row) => documents::position_of(tx, row, arrived.change.hash)?.map(|p| (row, p)),
            None => None,
        };
        if let Some((row, position)) = position {
            documents::accept(tx, row, position, acceptance(arrived))?;
            changed = true;
        } else if fresh.iter().all(|f| f.info.hash != arrived.change.hash) {
            match ChangeInfo::read(&arrived.change.bytes) {
                Ok(info) if info.hash == arrived.change.hash => {
                    fresh.push(Checked { arrived, info });
                }
                Ok(_) => bad::keep(tx, arrived, bad::WRONG_HASH, ingested)?,
                Err(_) => bad::keep(tx, arrived, bad::NO_CHANGE, ingested)?,
            }
        }
    }
    if let Some(row) = row {
        tx.prepare_cached("UPDATE document SET forgotten = 0 WHERE row = ?1 AND forgotten = 1")?
            .execute([row])?;
    }
    let (ordered, waiting) = in_causal_order(tx, row, fresh)?;
    let waiting = bad::keep_dependents(tx, id, waiting, ingested)?;
    if !waiting.is_empty() {
        ingested.missing.push(id);
    } else if !ordered.is_empty() {
        changed |= store(tx, id, row, ordered, ingested)?;
    }
    if changed {
        ingested.changed.push(id);
    }
    Ok(())
}

/// Puts changes behind those they depend on; what remains depends on something that is not here.
fn in_causal_order<'a>(
    tx: &Connection,
    row: Option<i64>,
    mut fresh: Vec<Checked<'a>>,
) -> Result<(Vec<Checked<'a>>, Vec<Checked<'a>>), StoreError> {
    let mut here: BTreeSet<ChangeHash> = BTreeSet::new();
    if let Some(row) = row {
        for dependency in fresh.iter().flat_map(|f| &f.info.deps) {
            if documents::position_of(tx, row, *dependency)?.is_some() {
                here.insert(*dependency);
            }
        }
    }
    let mut ordered = vec![];
    loop {
        let before = ordered.len();
        let mut waiting = vec![];
        for checked in fresh {
            if checked.info.deps.iter().all(|dependency| here.contains(dependency)) {
                here.insert(checked.info.hash);
                ordered.push(checked);
            } else {
                waiting.push(checked);
            }
        }
        if waiting.is_empty() || ordered.len() == before {
            return Ok((ordered, waiting));
        }
        fresh = waiting;
    }
}

/// Stores changes whose dependencies are all here; answers whether any was.
fn store(
    tx: &Connection,
    id: RecordId,
    row: Option<i64>,
    ordered: Vec<Checked<'_>>,
    ingested: &mut Ingested,
) -> Result<bool, StoreError> {
    let stored = match row {
        Some(row) => documents::changes(tx, row)?,
        None => vec![],
    };
    let (ordered, projection) = bad::sift(tx, id, &stored, ordered, ingested)?;
    if ordered.is_empty() {
        return Ok(false);
    }
    let row = match row {
        Some(row) => row,
        None => documents::insert(tx, id)?,
    };
    for Checked { arrived, info } in &ordered {
        documents::append(tx, row, &arrived.change, info, acceptance(arrived))?;
        for table in ["quarantine", "refused"] {
            tx.prepare_cached(&format!("DELETE FROM {table} WHERE id = ?1 AND hash = ?2"))?
                .execute((id.as_bytes(), info.hash.as_bytes()))?;
        }
    }
    projection.save(tx, row)?;
    Ok(true)
}

fn forget(tx: &Connection, id: RecordId, ingested: &mut Ingested) -> Result<(), StoreError> {
    tx.prepare_cached("DELETE FROM quarantine WHERE id = ?1")?.execute([id.as_bytes()])?;
    match documents::row_of(tx, id)? {
        None => {}
        Some(row) if outbox::has_unsent(tx, row)? => {
            tx.prepare_cached("UPDATE document SET forgotten = 1 WHERE row = ?1")?
                .execute([row])?;
            ingested.kept.push(id);
        }
        Some(row) => {
            documents::delete(tx, row)?;
            ingested.forgotten.push(id);
        }
    }
    Ok(())
}

fn acceptance(arrived: &Arrived) -> Acceptance {
    Acceptance { number: Some(arrived.number), mac: arrived.mac }
}

/// The read model of a document, also where a newer version wrote it.
pub(crate) fn projection_of(
    id: RecordId,
    stored: &[RawChange],
    more: &[&RawChange],
) -> Result<Projection, DocumentError> {
    match documents::load_from(id, stored, more) {
        Ok(document) => Ok(Projection::of(&document.view())),
        Err(DocumentError::Newer) => Ok(Projection::unreadable(id)),
        Err(error) => Err(error),
    }
}
