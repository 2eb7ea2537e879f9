//! Documents in packs: where they lie, and how they leave again.
//!
//! Invariant: the documents in a pack are exactly those that name it in the document table, each
//! with an unbroken beginning of its history, all of it accepted by the server. Nothing is changed
//! inside a pack: what has to change becomes rows first, and the pack is written anew without it,
//! so that its old bytes are overwritten (`secure_delete`).

mod compact;
pub(crate) mod macs;

use std::collections::BTreeSet;

use rusqlite::{Connection, OptionalExtension, named_params};
use wijkboek_crdt::{
    DocumentError, PackChange, PackDocument, PackError, PackLimits, PackedDocument, read_pack,
    read_packed_document, write_pack,
};
use wijkboek_model::{InstallId, RecordId};

use crate::documents::{self, Acceptance};
use crate::projection::Projection;
use crate::{StoreError, snapshot};
use macs::Macs;

pub use compact::{Compacted, Compaction};

/// An audience class: what the documents of a pack share, so that losing a wijk is losing packs.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Class {
    pub(crate) wijk: String,
    pub(crate) sensitivity: String,
}

impl Class {
    /// None where the audience cannot be read, or is not that of one wijk.
    pub(crate) fn of(projection: &Projection) -> Option<Self> {
        let (wijk, sensitivity) = (projection.wijk.as_ref()?, projection.sensitivity?);
        let alone = projection.wijken_too.is_empty();
        alone.then(|| Self { wijk: wijk.to_string(), sensitivity: sensitivity.to_string() })
    }
}

/// A pack as it is stored.
pub(crate) struct Pack<'a> {
    pub(crate) class: &'a Class,
    pub(crate) ids: &'a [RecordId],
    pub(crate) mac: Option<[u8; 32]>,
    pub(crate) macs: &'a Macs,
    pub(crate) bytes: &'a [u8],
}

/// The packed part of a document; none when all of it is rows.
///
/// # Errors
/// [`DocumentError::Damaged`] when its pack can no longer be read.
pub(crate) fn part_of(
    db: &Connection,
    row: i64,
    id: RecordId,
) -> Result<Option<PackedDocument>, StoreError> {
    let found: Option<Option<Vec<u8>>> = db
        .prepare_cached(
            "SELECT p.bytes FROM document d LEFT JOIN pack p ON p.pack = d.pack
             WHERE d.row = ?1 AND d.pack IS NOT NULL",
        )?
        .query_row([row], |r| r.get(0))
        .optional()?;
    let Some(bytes) = found else { return Ok(None) };
    let read = read_packed_document(&bytes.unwrap_or_default(), id, &PackLimits::default());
    read.ok().flatten().map(Some).ok_or(StoreError::Document(DocumentError::Damaged))
}

/// All documents of a pack.
///
/// # Errors
/// [`DocumentError::Damaged`] when it can no longer be read.
pub(crate) fn read_all(db: &Connection, pack: i64) -> Result<Vec<PackedDocument>, StoreError> {
    let bytes: Vec<u8> = db
        .prepare_cached("SELECT bytes FROM pack WHERE pack = ?1")?
        .query_row([pack], |r| r.get(0))?;
    read_pack(&bytes, &PackLimits::default())
        .map_err(|_| StoreError::Document(DocumentError::Damaged))
}

/// The same for a pack that may be damaged or gone; none then.
pub(crate) fn contents(
    db: &Connection,
    pack: i64,
) -> Result<Option<Vec<PackedDocument>>, rusqlite::Error> {
    let bytes: Option<Vec<u8>> = db
        .prepare_cached("SELECT bytes FROM pack WHERE pack = ?1")?
        .query_row([pack], |r| r.get(0))
        .optional()?;
    Ok(bytes.and_then(|bytes| read_pack(&bytes, &PackLimits::default()).ok()))
}

/// Whether count and bounds of a pack are those of the documents that name it.
pub(crate) fn is_described(
    db: &Connection,
    pack: i64,
    ids: &BTreeSet<RecordId>,
) -> Result<bool, rusqlite::Error> {
    let sorted: Vec<RecordId> = ids.iter().copied().collect();
    let (first, last) = bounds(&sorted);
    db.query_row(
        "SELECT documents = ?2 AND first = ?3 AND last = ?4 FROM pack WHERE pack = ?1",
        (pack, i64::try_from(ids.len()).unwrap_or(i64::MAX), first, last),
        |row| row.get(0),
    )
}

pub(crate) fn describe(
    db: &Connection,
    pack: i64,
    ids: &BTreeSet<RecordId>,
) -> Result<(), rusqlite::Error> {
    let sorted: Vec<RecordId> = ids.iter().copied().collect();
    let (first, last) = bounds(&sorted);
    db.execute(
        "UPDATE pack SET documents = ?2, first = ?3, last = ?4 WHERE pack = ?1",
        (pack, i64::try_from(ids.len()).unwrap_or(i64::MAX), first, last),
    )?;
    Ok(())
}

pub(crate) fn macs_of(db: &Connection, pack: i64) -> Result<Macs, rusqlite::Error> {
    let bytes: Option<Vec<u8>> = db
        .prepare_cached("SELECT macs FROM pack WHERE pack = ?1")?
        .query_row([pack], |r| r.get(0))?;
    Ok(Macs::read(&bytes.unwrap_or_default()))
}

/// Stores a pack of documents sorted by id; the caller names it in their rows.
pub(crate) fn insert(db: &Connection, pack: &Pack<'_>) -> Result<i64, rusqlite::Error> {
    let (first, last) = bounds(pack.ids);
    db.prepare_cached(
        "INSERT INTO pack (wijk, sensitivity, documents, first, last, mac, macs, bytes)
         VALUES (:wijk, :sensitivity, :documents, :first, :last, :mac, :macs, :bytes)",
    )?
    .execute(named_params! {
        ":wijk": pack.class.wijk,
        ":sensitivity": pack.class.sensitivity,
        ":documents": i64::try_from(pack.ids.len()).unwrap_or(i64::MAX),
        ":first": first,
        ":last": last,
        ":mac": pack.mac,
        ":macs": pack.macs.written(),
        ":bytes": pack.bytes,
    })?;
    Ok(db.last_insert_rowid())
}

/// Turns a document's packed part into rows, before those of its tail.
pub(crate) fn unpack(db: &Connection, row: i64, id: RecordId) -> Result<(), StoreError> {
    let Some(pack) = documents::entered(db, row)?.pack else { return Ok(()) };
    let Some(document) = part_of(db, row, id)? else { return Ok(()) };
    to_rows(db, row, &document, &macs_of(db, pack)?)?;
    erase(db, pack, &BTreeSet::from([id]))
}

/// Writes what is packed of a document as rows; the pack is still to lose it.
pub(crate) fn to_rows(
    db: &Connection,
    row: i64,
    document: &PackedDocument,
    macs: &Macs,
) -> Result<(), StoreError> {
    let macs = macs.of(document.id);
    // Positions below all others: within the document they must come before the tail.
    let lowest: i64 =
        db.query_row("SELECT coalesce(min(position), 1) FROM change", [], |r| r.get(0))?;
    let count = i64::try_from(document.changes.len()).unwrap_or(i64::MAX);
    let before = lowest.min(1).saturating_sub(count);
    for (n, change) in (0_i64..).zip(&document.changes) {
        let mac = usize::try_from(n).ok().and_then(|n| macs.get(n).copied().flatten());
        let acceptance = Acceptance { number: Some(change.number), mac };
        let content = (change.hash, change.bytes.as_slice());
        let at = Some(before.saturating_add(n));
        documents::insert_row(db, at, row, content, &change.info, acceptance)?;
    }
    db.prepare_cached("UPDATE document SET pack = NULL WHERE row = ?1")?.execute([row])?;
    snapshot::drop(db, row)?;
    Ok(())
}

/// Writes a pack anew without these documents; deletes it when none is left.
///
/// What can no longer be read is deleted whole: its documents are damaged as it is, and what was
/// to be erased must not stay.
pub(crate) fn erase(
    db: &Connection,
    pack: i64,
    ids: &BTreeSet<RecordId>,
) -> Result<(), StoreError> {
    let documents: Option<i64> = db
        .prepare_cached("SELECT documents FROM pack WHERE pack = ?1")?
        .query_row([pack], |r| r.get(0))
        .optional()?;
    let Some(documents) = documents else { return Ok(()) };
    if usize::try_from(documents).is_ok_and(|n| n <= ids.len()) {
        return Ok(delete(db, pack)?);
    }
    let Ok(mut left) = read_all(db, pack) else {
        tracing::error!(pack, "a damaged pack is deleted, since something in it has to go");
        return Ok(delete(db, pack)?);
    };
    left.retain(|document| !ids.contains(&document.id));
    let mut macs = macs_of(db, pack)?;
    macs.remove(ids);
    rewrite(db, pack, &left, &macs)
}

/// Writes other documents, sorted by id, into a pack.
pub(crate) fn rewrite(
    db: &Connection,
    pack: i64,
    documents: &[PackedDocument],
    macs: &Macs,
) -> Result<(), StoreError> {
    if documents.is_empty() {
        return Ok(delete(db, pack)?);
    }
    let bytes = packed(documents).map_err(|_| StoreError::Document(DocumentError::Damaged))?;
    let ids: Vec<RecordId> = documents.iter().map(|document| document.id).collect();
    let (first, last) = bounds(&ids);
    db.prepare_cached(
        "UPDATE pack SET documents = :documents, first = :first, last = :last, mac = NULL,
            macs = :macs, bytes = :bytes
         WHERE pack = :pack",
    )?
    .execute(named_params! {
        ":pack": pack,
        ":documents": i64::try_from(ids.len()).unwrap_or(i64::MAX),
        ":first": first,
        ":last": last,
        ":macs": macs.written(),
        ":bytes": bytes,
    })?;
    Ok(())
}

/// The bytes of a pack of these documents, which are sorted by id.
pub(crate) fn packed<'a>(
    documents: impl IntoIterator<Item = &'a PackedDocument>,
) -> Result<Vec<u8>, PackError> {
    let documents: Vec<PackDocument<'_>> = documents
        .into_iter()
        .map(|document| PackDocument {
            id: document.id,
            changes: document
                .changes
                .iter()
                .map(|change| PackChange {
                    hash: change.hash,
                    bytes: &change.bytes,
                    number: change.number,
                })
                .collect(),
        })
        .collect();
    write_pack(&documents, LEVEL)
}

/// Takes a document out of its pack when its audience is no longer that of the pack.
pub(crate) fn leave_class(
    db: &Connection,
    row: i64,
    id: RecordId,
    pack: i64,
    projection: &Projection,
) -> Result<(), StoreError> {
    let class = db
        .prepare_cached("SELECT wijk, sensitivity FROM pack WHERE pack = ?1")?
        .query_row([pack], |r| Ok(Class { wijk: r.get(0)?, sensitivity: r.get(1)? }))
        .optional()?;
    if class.is_some() && class != Class::of(projection) { unpack(db, row, id) } else { Ok(()) }
}

/// Turns every packed document in which this installation wrote into rows.
pub(crate) fn unpack_written_by(db: &Connection, install: InstallId) -> Result<(), StoreError> {
    let packs: Vec<i64> = db
        .prepare("SELECT pack FROM pack ORDER BY pack")?
        .query_map([], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    for pack in packs {
        let Ok(documents) = read_all(db, pack) else { continue };
        let wrote = |document: &&PackedDocument| {
            document.changes.iter().any(|change| change.info.actor.install() == install)
        };
        let own: Vec<PackedDocument> = documents.iter().filter(wrote).cloned().collect();
        let macs = macs_of(db, pack)?;
        for document in &own {
            if let Some(row) = documents::row_of(db, document.id)? {
                to_rows(db, row, document, &macs)?;
            }
        }
        erase(db, pack, &own.iter().map(|document| document.id).collect())?;
    }
    Ok(())
}

pub(crate) fn delete(db: &Connection, pack: i64) -> Result<(), rusqlite::Error> {
    db.prepare_cached("DELETE FROM pack WHERE pack = ?1")?.execute([pack])?;
    Ok(())
}

fn bounds(sorted: &[RecordId]) -> (&[u8], &[u8]) {
    (end(sorted.first()), end(sorted.last()))
}

fn end(id: Option<&RecordId>) -> &[u8] {
    id.map_or(&[], |id| id.as_bytes())
}

/// zstd's: packs are written rarely and read often.
const LEVEL: i32 = 10;
