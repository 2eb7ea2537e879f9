//! Cold sync: packs are stored as received, and their documents' rows computed straight from them.
//!
//! Reading a pack is bounded and checks every hash; documents that the pack reader takes but that
//! make no record go to quarantine. One thread reads while this one writes. A few packs share a
//! transaction, so a crash leaves whole packs, and the same packs may come again.

use std::collections::BTreeSet;
use std::sync::mpsc::{Receiver, sync_channel};

use rusqlite::Connection;
use wijkboek_crdt::{DocumentError, PackError, PackLimits, PackedDocument, RawChange, read_pack};
use wijkboek_model::{AreaCode, RecordId, Sensitivity};

use super::bulk::Bulk;
use super::{Arrived, Ingested, bad, projection_of, take_in};
use crate::documents::{self, Entered, Place};
use crate::pack::macs::Macs;
use crate::pack::{self, Class, Pack};
use crate::projection::Projection;
use crate::{Store, StoreError};

/// A pack from one's own server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArrivedPack {
    /// The wijk in which all its documents lie.
    pub wijk: AreaCode,
    /// The sensitivity of all its documents.
    pub sensitivity: Sensitivity,
    /// The server's MAC over the bytes.
    pub mac: Option<[u8; 32]>,
    /// The pack, as `core/crdt` writes it.
    pub bytes: Vec<u8>,
}

impl Store {
    /// Takes in one pack; see [`Self::ingest_packs`].
    ///
    /// # Errors
    /// As there.
    pub fn ingest_pack(
        &mut self,
        pack: ArrivedPack,
        limits: &PackLimits,
    ) -> Result<Ingested, StoreError> {
        self.ingest_packs(std::iter::once(pack), limits)
    }

    /// Takes in packs as they arrive. A document that is here already gets what it lacks as rows,
    /// and the pack is then stored without it; so is one that is not of the pack's class.
    ///
    /// # Errors
    /// [`StoreError::Pack`] for the first pack that cannot be read. The packs before it are kept,
    /// as they are after a crash: sending all of them again is right in both cases.
    pub fn ingest_packs(
        &mut self,
        packs: impl Iterator<Item = ArrivedPack> + Send,
        limits: &PackLimits,
    ) -> Result<Ingested, StoreError> {
        self.durable(false)?;
        self.connection.pragma_update(None, "cache_size", BULK_CACHE_KIB)?;
        let ingested = std::thread::scope(|scope| {
            let (send, receive) = sync_channel(READ_AHEAD);
            scope.spawn(move || {
                for pack in packs {
                    let read = ReadPack::of(pack, limits);
                    let failed = read.is_err();
                    // The other side is gone when storing failed.
                    if send.send(read).is_err() || failed {
                        break;
                    }
                }
            });
            self.store_packs(&receive)
        });
        self.connection.pragma_update(None, "cache_size", USUAL_CACHE_KIB)?;
        self.durable(true)?;
        ingested
    }

    fn store_packs(
        &mut self,
        packs: &Receiver<Result<ReadPack, PackError>>,
    ) -> Result<Ingested, StoreError> {
        let mut ingested = Ingested::default();
        let mut next = packs.recv().ok();
        while let Some(first) = next.take() {
            let tx = self.write()?;
            let mut bulk = Bulk::begin(&tx)?;
            let mut known = vec![];
            let mut documents = 0;
            let mut failed = None;
            let mut read = Some(first);
            while let Some(pack) = read.take() {
                match pack {
                    Ok(pack) => {
                        documents += pack.documents.len();
                        store_pack(&tx, pack, &mut bulk, &mut known, &mut ingested)?;
                    }
                    Err(error) => {
                        failed = Some(error);
                        break;
                    }
                }
                if documents >= DOCUMENTS_PER_TRANSACTION {
                    break;
                }
                read = packs.recv().ok();
            }
            bulk.end()?;
            for arrived in &known {
                let arrived: Vec<&Arrived> = arrived.iter().collect();
                if let Some(first) = arrived.first() {
                    take_in(&tx, first.id, &arrived, &mut ingested)?;
                }
            }
            tx.commit()?;
            if let Some(error) = failed {
                return Err(error.into());
            }
            next = packs.recv().ok();
        }
        Ok(ingested)
    }
}

/// A pack with what its documents are for the read model.
struct ReadPack {
    arrived: ArrivedPack,
    documents: Vec<(PackedDocument, Result<Projection, DocumentError>)>,
}

impl ReadPack {
    fn of(arrived: ArrivedPack, limits: &PackLimits) -> Result<Self, PackError> {
        let documents = read_pack(&arrived.bytes, limits)?
            .into_iter()
            .map(|document| {
                let projection = project(&document);
                (document, projection)
            })
            .collect();
        Ok(Self { arrived, documents })
    }
}

/// The read model of a packed document: from its operations, or else through Automerge.
pub(crate) fn project(document: &PackedDocument) -> Result<Projection, DocumentError> {
    match document.view() {
        Some(view) => Ok(Projection::of(&view)),
        None => projection_of(document.id, &raw(document), &[]),
    }
}

pub(crate) fn raw(document: &PackedDocument) -> Vec<RawChange> {
    let changes = document.changes.iter();
    changes.map(|c| RawChange { hash: c.hash, bytes: c.bytes.clone() }).collect()
}

/// Stores a pack and its new documents. What is here already, or is of another class, becomes
/// single changes to be taken in.
fn store_pack(
    tx: &Connection,
    pack: ReadPack,
    bulk: &mut Bulk<'_>,
    known: &mut Vec<Vec<Arrived>>,
    ingested: &mut Ingested,
) -> Result<(), StoreError> {
    let ReadPack { arrived, documents } = pack;
    let ArrivedPack { wijk, sensitivity, mac, bytes } = arrived;
    let class = Class { wijk: wijk.to_string(), sensitivity: sensitivity.to_string() };
    let mut new = vec![];
    let mut apart = BTreeSet::new();
    for (document, projection) in documents {
        let place = documents::place(tx, document.id)?;
        match (place, projection) {
            (Place::Free { .. }, Ok(projection))
                if Class::of(&projection).as_ref() == Some(&class) =>
            {
                new.push((document, projection));
            }
            (Place::Free { .. } | Place::Taken(_), _) => {
                apart.insert(document.id);
                known.push(single(document));
            }
        }
    }
    if new.is_empty() {
        return Ok(());
    }
    let ids: Vec<RecordId> = new.iter().map(|(document, _)| document.id).collect();
    let macs = Macs::default();
    let bytes = if apart.is_empty() { Some((bytes, mac)) } else { None };
    let (bytes, mac) = match bytes {
        Some(as_received) => as_received,
        None => (pack::packed(new.iter().map(|(document, _)| document))?, None),
    };
    let number =
        pack::insert(tx, &Pack { class: &class, ids: &ids, mac, macs: &macs, bytes: &bytes })?;
    let leftovers = bad::any(tx)?;
    for (document, projection) in &new {
        let place = documents::place(tx, document.id)?;
        let entered = Entered {
            heads: heads_of(document),
            number: document.changes.iter().map(|change| change.number).max(),
            pack: Some(number),
        };
        if let Place::Free { shift: true, .. } = place {
            bulk.catch_up()?;
        }
        let row = documents::insert(tx, document.id, place, &entered)?;
        bulk.insert(row, projection)?;
        if leftovers {
            bad::clear(tx, document.id, document.changes.iter().map(|change| change.hash))?;
        }
        ingested.changed.push(document.id);
    }
    Ok(())
}

fn single(document: PackedDocument) -> Vec<Arrived> {
    let id = document.id;
    let changes = document.changes.into_iter();
    changes
        .map(|change| Arrived {
            id,
            number: change.number,
            mac: None,
            change: RawChange { hash: change.hash, bytes: change.bytes },
        })
        .collect()
}

/// The heads of a packed document, sorted.
pub(crate) fn heads_of(document: &PackedDocument) -> Vec<wijkboek_model::ChangeHash> {
    let mut heads = BTreeSet::new();
    for change in &document.changes {
        for dependency in &change.info.deps {
            heads.remove(dependency);
        }
        heads.insert(change.hash);
    }
    heads.into_iter().collect()
}

/// Packs read but not yet stored; with 500 documents each a few megabytes.
const READ_AHEAD: usize = 2;
/// Bounds the write-ahead log and what a crash costs.
const DOCUMENTS_PER_TRANSACTION: usize = 25_000;
/// Negative: in KiB.
const BULK_CACHE_KIB: i64 = -16_384;
const USUAL_CACHE_KIB: i64 = -2_000;
