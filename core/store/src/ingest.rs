//! Taking in what the server sent: one transaction for a batch and its pull state.
//!
//! The server has judged it; here it is only checked that bytes and hashes agree and that the
//! document holds together. What fails goes to quarantine and holds up nobody else. A document
//! with a dependency missing gets nothing of the batch.

mod bad;
mod bulk;
pub(crate) mod own;
mod packs;

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::Connection;
use wijkboek_crdt::{ChangeInfo, Document, DocumentError, PackedChange, RawChange, linear_view};
use wijkboek_model::{ChangeHash, RecordId};

use crate::documents::{self, Acceptance, Entered, Lookup, Place};
use crate::meta::{self, PULL_STATE};
use crate::projection::Projection;
use crate::{Store, StoreError, outbox, pack, purge, snapshot};

pub use bad::Quarantined;
pub(crate) use bad::arrived_again;
pub use packs::ArrivedPack;
pub(crate) use packs::raw;

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
    /// Takes in a batch. After one that forgot records, [`Store::scrub_if_due`] has to be called
    /// before nothing is left of them.
    ///
    /// # Errors
    /// [`StoreError`]; nothing of the batch is then kept.
    pub fn ingest(&mut self, batch: &Ingest) -> Result<Ingested, StoreError> {
        self.durable(false)?;
        let ingested = self.ingest_at_once(batch);
        self.durable(true)?;
        let ingested = ingested?;
        self.sweep_blobs();
        if !ingested.forgotten.is_empty() && !self.checkpoint()? {
            tracing::warn!("forgotten records stay in the write-ahead log while others read it");
        }
        Ok(ingested)
    }

    /// Forgets everything that lies in this wijk, as when the device lost it: whole packs at once.
    /// What the device may still see is to be sent again. Work that was never sent stays, as with
    /// [`Ingest::forget`].
    ///
    /// # Errors
    /// [`StoreError`]; nothing is then forgotten.
    pub fn forget_wijk(&mut self, wijk: &wijkboek_model::AreaCode) -> Result<Ingested, StoreError> {
        let forget = self
            .connection
            .prepare_cached(
                "SELECT d.id FROM record r JOIN document d ON d.row = r.row
                 WHERE r.wijk = ?1 AND NOT EXISTS
                    (SELECT 1 FROM record_wijk_too t WHERE t.row = r.row)",
            )?
            .query_map([wijk.as_str()], |row| documents::id_at(row, 0))?
            .collect::<Result<_, _>>()?;
        self.ingest(&Ingest { forget, ..Ingest::default() })
    }

    fn ingest_at_once(&mut self, batch: &Ingest) -> Result<Ingested, StoreError> {
        let tx = self.write()?;
        let mut ingested = Ingested::default();
        forget(&tx, &batch.forget, &mut ingested)?;
        let mut per_document: BTreeMap<RecordId, Vec<&Arrived>> = BTreeMap::new();
        for arrived in &batch.changes {
            per_document.entry(arrived.id).or_default().push(arrived);
        }
        let ids: BTreeSet<RecordId> = per_document.keys().copied().collect();
        for (id, arrived) in per_document {
            take_in(&tx, id, &arrived, &mut ingested)?;
            if arrived.iter().any(|one| one.number == own::UNSENT.cast_unsigned()) {
                own::requeue(&tx, id)?;
            }
        }
        own::retry(&tx, &ids, &mut ingested)?;
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
    let place = documents::place(tx, id)?;
    let lookup = match place {
        Place::Taken(row) => Some((row, Lookup::of(tx, row, id)?)),
        Place::Free { .. } => None,
    };
    let mut changed = false;
    let mut fresh: Vec<Checked<'_>> = vec![];
    for arrived in arrived {
        let hash = arrived.change.hash;
        let held = match &lookup {
            Some((row, lookup)) => lookup.find(hash)?.map(|held| (*row, held)),
            None => None,
        };
        if let Some((row, held)) = held {
            documents::accept(tx, row, id, hash, held, acceptance(arrived))?;
            changed = true;
        } else if fresh.iter().all(|f| f.info.hash != hash) {
            match ChangeInfo::read(&arrived.change.bytes) {
                Ok(info) if info.hash == hash => fresh.push(Checked { arrived, info }),
                Ok(_) => bad::keep(tx, arrived, bad::WRONG_HASH, ingested)?,
                Err(_) => bad::keep(tx, arrived, bad::NO_CHANGE, ingested)?,
            }
        }
    }
    if let Place::Taken(row) = place {
        tx.prepare_cached("UPDATE document SET forgotten = 0 WHERE row = ?1 AND forgotten = 1")?
            .execute([row])?;
    }
    let (ordered, waiting) = in_causal_order(lookup.as_ref().map(|(_, lookup)| lookup), fresh)?;
    let waiting = bad::keep_dependents(tx, id, waiting, ingested)?;
    if !waiting.is_empty() {
        ingested.missing.push(id);
    } else if !ordered.is_empty() {
        changed |= store(tx, id, place, ordered, ingested)?;
    }
    if changed {
        ingested.changed.push(id);
    }
    Ok(())
}

/// Puts changes behind those they depend on; what remains depends on something that is not here.
fn in_causal_order<'a>(
    lookup: Option<&Lookup<'_>>,
    mut fresh: Vec<Checked<'a>>,
) -> Result<(Vec<Checked<'a>>, Vec<Checked<'a>>), StoreError> {
    let mut here: BTreeSet<ChangeHash> = BTreeSet::new();
    if let Some(lookup) = lookup {
        for dependency in fresh.iter().flat_map(|f| &f.info.deps) {
            if lookup.find(*dependency)?.is_some() {
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
    place: Place,
    ordered: Vec<Checked<'_>>,
    ingested: &mut Ingested,
) -> Result<bool, StoreError> {
    let base = match place {
        Place::Taken(row) => Base::of(tx, row, id)?,
        Place::Free { .. } => Base::Nothing,
    };
    let (ordered, outcome) = bad::sift(tx, id, &base, ordered, ingested)?;
    if ordered.is_empty() {
        return Ok(false);
    }
    let (projection, document) = outcome;
    let (row, new) = match place {
        Place::Taken(row) => (row, false),
        Place::Free { .. } => (documents::insert(tx, id, place, &Entered::default())?, true),
    };
    for Checked { arrived, info } in &ordered {
        documents::append_row(tx, row, &arrived.change, info, acceptance(arrived))?;
    }
    documents::advance(tx, row, ordered.iter().map(|c| (&c.info, acceptance(c.arrived).number)))?;
    bad::clear(tx, id, ordered.iter().map(|checked| checked.info.hash))?;
    if new {
        projection.insert(tx, row)?;
    } else {
        projection.save(tx, row)?;
        if let Some(pack) = documents::entered(tx, row)?.pack {
            pack::leave_class(tx, row, id, pack, &projection)?;
        }
    }
    if let Some(document) = document {
        snapshot::keep(tx, row, &document)?;
    }
    Ok(true)
}

/// What a batch's changes come on top of.
pub(crate) enum Base {
    /// A new document.
    Nothing,
    /// What is here, loaded.
    Loaded(Box<Document>),
    /// What is here and cannot be loaded: by this version, or at all.
    Changes(Vec<RawChange>),
}

impl Base {
    fn of(tx: &Connection, row: i64, id: RecordId) -> Result<Self, StoreError> {
        match documents::load(tx, row, id, &[]) {
            Ok(document) => Ok(Self::Loaded(Box::new(document))),
            Err(StoreError::Document(_)) => Ok(Self::Changes(documents::changes(tx, row)?)),
            Err(error) => Err(error),
        }
    }

    /// The read model with these changes on top, and the document where one was loaded for it.
    fn with(
        &self,
        id: RecordId,
        more: &[&Checked<'_>],
    ) -> Result<(Projection, Option<Document>), DocumentError> {
        match self {
            Self::Nothing => {
                let packed: Vec<PackedChange> = more.iter().map(|c| packed(c)).collect();
                if let Some(view) = linear_view(id, &packed) {
                    return Ok((Projection::of(&view), None));
                }
                Self::load(id, &[], more)
            }
            Self::Loaded(base) => {
                let mut document = base.as_ref().clone();
                document.apply_own(more.iter().map(|c| c.arrived.change.bytes.as_slice()))?;
                Ok((Projection::of(&document.view()), Some(document)))
            }
            Self::Changes(stored) => Self::load(id, stored, more),
        }
    }

    fn load(
        id: RecordId,
        stored: &[RawChange],
        more: &[&Checked<'_>],
    ) -> Result<(Projection, Option<Document>), DocumentError> {
        let more: Vec<&RawChange> = more.iter().map(|c| &c.arrived.change).collect();
        match documents::load_from(id, stored, &more) {
            Ok(document) => Ok((Projection::of(&document.view()), Some(document))),
            Err(DocumentError::Newer) => Ok((Projection::unreadable(id), None)),
            Err(error) => Err(error),
        }
    }
}

fn packed(checked: &Checked<'_>) -> PackedChange {
    let RawChange { hash, bytes } = &checked.arrived.change;
    let (info, number) = (checked.info.clone(), checked.arrived.number);
    PackedChange { hash: *hash, bytes: bytes.clone(), info, number }
}

/// Forgets records; those that hold unsent work stay until it is judged.
fn forget(tx: &Connection, ids: &[RecordId], ingested: &mut Ingested) -> Result<(), StoreError> {
    let mut rows = BTreeSet::new();
    for id in ids {
        // What waits to be sent stays.
        tx.prepare_cached("DELETE FROM quarantine WHERE id = ?1 AND number <> ?2")?
            .execute((id.as_bytes(), own::UNSENT))?;
        match documents::row_of(tx, *id)? {
            Some(row) if outbox::has_unsent(tx, row)? => {
                tx.prepare_cached("UPDATE document SET forgotten = 1 WHERE row = ?1")?
                    .execute([row])?;
                ingested.kept.push(*id);
            }
            Some(row) if rows.insert(row) => ingested.forgotten.push(*id),
            Some(_) | None => {}
        }
    }
    if !rows.is_empty() {
        purge::note_deletion(tx)?;
    }
    let rows: Vec<i64> = rows.into_iter().collect();
    documents::delete_all(tx, &rows)
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
