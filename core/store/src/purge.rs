//! Taking records out for good: their whole history, and everything that was derived from it.
//!
//! Deleted rows are overwritten (`secure_delete`, the search index's `secure-delete`) and packs
//! written anew without them, but that is not all: when `SQLite` moves rows from page to page it
//! leaves copies in the unused middle of pages, which no deletion overwrites. So what was deleted
//! is only gone after a scrub, which writes the whole file anew and empties the write-ahead log. That
//! one is due stands in the database, in the same transaction as the deletion. Unlike
//! [`Ingest::forget`](crate::Ingest::forget), purging does not wait for unsent work: who purges
//! has decided.

use std::collections::BTreeSet;

use rusqlite::{Connection, OptionalExtension};
use wijkboek_model::RecordId;

use crate::{Store, StoreError, documents, meta};

/// What a purge took out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Purged {
    /// The records of which something was here.
    pub records: Vec<RecordId>,
    /// How many of their changes no server had.
    pub unsent: usize,
    /// How many drafts went with them.
    pub drafts: usize,
    /// Whether no file holds anything of them any more. Otherwise another connection was still
    /// reading, or there was no room to write the file anew: [`Store::scrub_if_due`] is to be
    /// called again before anybody may say that it is gone.
    pub complete: bool,
}

impl Store {
    /// Deletes records with everything that came of them: changes, packed ones too, snapshots,
    /// outbox, quarantine, what was refused of them, lists, counts, search, attachments that nothing
    /// else holds, and the drafts that belong to them (whose slot ends with the record's id). Then
    /// scrubs.
    ///
    /// # Errors
    /// [`StoreError`]; nothing is then deleted.
    pub fn purge(&mut self, ids: &[RecordId]) -> Result<Purged, StoreError> {
        let ids: BTreeSet<RecordId> = ids.iter().copied().collect();
        let tx = self.write()?;
        let mut purged = take_out(&tx, &ids)?;
        tx.commit()?;
        self.purged(&ids);
        self.sweep_blobs();
        purged.complete = self.scrub_if_due().unwrap_or(false);
        Ok(purged)
    }

    /// Writes the database file anew when something was deleted since it was last done, so that
    /// no byte of that is left in any file. Answers whether that is so now; false while another
    /// connection reads.
    ///
    /// Takes 8 ms per MB, and as much room on the disk, once more, as the database has.
    ///
    /// # Errors
    /// [`StoreError::Full`], [`StoreError::Locked`]; it is then still due.
    pub fn scrub_if_due(&mut self) -> Result<bool, StoreError> {
        if self.meta(SCRUB_DUE)?.is_none() {
            return Ok(true);
        }
        // In an encrypting build nothing may touch the disk unencrypted; elsewhere a replica of
        // hundreds of megabytes need not fit into memory.
        let encrypting = self
            .connection
            .query_row("PRAGMA cipher_version", [], |_| Ok(()))
            .optional()?
            .is_some();
        let held = if encrypting { "MEMORY" } else { "FILE" };
        self.connection.pragma_update(None, "temp_store", held)?;
        let written = self.connection.execute_batch("VACUUM");
        self.connection.pragma_update(None, "temp_store", "MEMORY")?;
        written?;
        let emptied = self.checkpoint()?;
        if emptied {
            self.connection.execute("DELETE FROM meta WHERE key = ?1", [SCRUB_DUE])?;
        } else {
            tracing::warn!("what was deleted stays in the write-ahead log while others read it");
        }
        Ok(emptied)
    }

    /// Drops what is kept of deleted records in memory.
    pub(crate) fn purged(&mut self, ids: &BTreeSet<RecordId>) {
        for id in ids {
            self.recent.forget(*id);
        }
    }
}

/// Notes that something was deleted of which copies may be left behind.
pub(crate) fn note_deletion(tx: &Connection) -> Result<(), rusqlite::Error> {
    meta::set_meta(tx, SCRUB_DUE, &[1])
}

/// Deletes records within a transaction of the caller's, who scrubs after it.
pub(crate) fn take_out(tx: &Connection, ids: &BTreeSet<RecordId>) -> Result<Purged, StoreError> {
    let mut purged = Purged::default();
    let mut rows = vec![];
    for id in ids {
        let mut found = 0;
        if let Some(row) = documents::row_of(tx, *id)? {
            purged.unsent += unsent(tx, row)?;
            rows.push(row);
            found += 1;
        }
        for table in ["quarantine", "refused", "blob_refused"] {
            found += tx
                .prepare_cached(&format!("DELETE FROM {table} WHERE id = ?1"))?
                .execute([id.as_bytes()])?;
        }
        let drafts = drafts_of(tx, *id)?;
        purged.drafts += drafts;
        if found + drafts > 0 {
            purged.records.push(*id);
        }
    }
    documents::delete_all(tx, &rows)?;
    note_deletion(tx)?;
    Ok(purged)
}

fn unsent(tx: &Connection, row: i64) -> Result<usize, rusqlite::Error> {
    let n: i64 = tx
        .prepare_cached("SELECT count(*) FROM outbox WHERE row = ?1")?
        .query_row([row], |r| r.get(0))?;
    Ok(usize::try_from(n).unwrap_or(usize::MAX))
}

/// A form that is about one record keeps its draft in a slot that ends with the record's id.
fn drafts_of(tx: &Connection, id: RecordId) -> Result<usize, rusqlite::Error> {
    let id = id.to_string();
    tx.prepare_cached("DELETE FROM draft WHERE substr(slot, -length(?1)) = ?1")?.execute([id])
}

/// The name under which it stands that something was deleted since the last scrub.
const SCRUB_DUE: &str = "scrub-due";
