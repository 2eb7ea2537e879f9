//! A cache for long documents: what loading their changes gave.
//!
//! Never truth: one that does not give the heads that the document table has is not used, and
//! whatever changes a document's rows other than by appending deletes it.

use rusqlite::{Connection, OptionalExtension, named_params};
use wijkboek_crdt::{Document, RawChange};
use wijkboek_model::RecordId;

use crate::{StoreError, documents};

/// A long document's snapshot with the tail upon it; none where there is no snapshot, or none
/// that agrees with the document's heads.
pub(crate) fn load(
    db: &Connection,
    row: i64,
    id: RecordId,
) -> Result<Option<Document>, StoreError> {
    let found: Option<(i64, Vec<u8>)> = db
        .prepare_cached("SELECT position, bytes FROM snapshot WHERE row = ?1")?
        .query_row([row], |r| Ok((r.get(0)?, r.get(1)?)))
        .optional()?;
    let Some((position, bytes)) = found else { return Ok(None) };
    let tail = documents::tail(db, row, position)?;
    let document = restore(id, &bytes, &tail);
    let heads = documents::heads(db, row)?;
    let sound = document.filter(|document| document.heads() == heads);
    if sound.is_none() {
        tracing::warn!(record = %id, "a snapshot is not used: it does not fit its document");
    }
    Ok(sound)
}

fn restore(id: RecordId, bytes: &[u8], tail: &[RawChange]) -> Option<Document> {
    let mut document = Document::from_snapshot(id, bytes)?;
    document.apply_own(tail.iter().map(|change| change.bytes.as_slice())).ok()?;
    Some(document)
}

/// Keeps a snapshot of a document whose last change is the last row of its tail, where it is long
/// and its last snapshot, if any, is far behind.
pub(crate) fn keep(db: &Connection, row: i64, document: &Document) -> Result<(), rusqlite::Error> {
    let count = document.change_count();
    if count < CHANGES_MIN {
        return Ok(());
    }
    let covered: Option<i64> = db
        .prepare_cached("SELECT changes FROM snapshot WHERE row = ?1")?
        .query_row([row], |r| r.get(0))
        .optional()?;
    let covered = covered.and_then(|n| usize::try_from(n).ok()).unwrap_or(0);
    // Growing steps, so that writing snapshots costs a fixed part of writing changes.
    if covered > 0 && count.saturating_sub(covered) < CHANGES_MIN.max(count / 8) {
        return Ok(());
    }
    write(db, row, document)
}

fn write(db: &Connection, row: i64, document: &Document) -> Result<(), rusqlite::Error> {
    db.prepare_cached(
        "INSERT INTO snapshot (row, position, changes, bytes)
         VALUES (:row, coalesce((SELECT max(position) FROM change WHERE row = :row), :none), :changes,
            :bytes)
         ON CONFLICT DO UPDATE SET
            position = excluded.position, changes = excluded.changes, bytes = excluded.bytes",
    )?
    .execute(named_params! {
        ":row": row,
        ":none": i64::MIN,
        ":changes": i64::try_from(document.change_count()).unwrap_or(i64::MAX),
        ":bytes": document.to_snapshot(),
    })?;
    Ok(())
}

/// Deletes the snapshot of a document whose rows are changed other than by appending.
pub(crate) fn drop(db: &Connection, row: i64) -> Result<(), rusqlite::Error> {
    db.prepare_cached("DELETE FROM snapshot WHERE row = ?1")?.execute([row])?;
    Ok(())
}

/// Deletes a snapshot that does not give the document that its changes give; answers whether
/// there was one.
pub(crate) fn check(db: &Connection, row: i64, id: RecordId) -> Result<bool, StoreError> {
    let there: bool = db
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM snapshot WHERE row = ?1)")?
        .query_row([row], |r| r.get(0))?;
    if !there {
        return Ok(false);
    }
    let stored = documents::changes(db, row)?;
    let truth = documents::load_from(id, &stored, &[]).ok();
    let cached = load(db, row, id)?;
    let same = match (&truth, &cached) {
        (Some(truth), Some(cached)) => truth.view() == cached.view(),
        (None, _) | (_, None) => false,
    };
    if !same {
        drop(db, row)?;
    }
    Ok(!same)
}

/// A document with fewer changes than this is loaded from them.
const CHANGES_MIN: usize = 50;
