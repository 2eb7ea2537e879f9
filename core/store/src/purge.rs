//! Taking records out for good: their whole history, and everything that was derived from it.
//!
//! Deleted bytes are overwritten (`secure_delete`, the search index's `secure-delete`), packs are
//! written anew without them, and the write-ahead log is emptied at the end. Unlike
//! [`Ingest::forget`](crate::Ingest::forget) this does not wait for unsent work: who purges has
//! decided.

use std::collections::BTreeSet;

use rusqlite::Connection;
use wijkboek_model::RecordId;

use crate::{Store, StoreError, documents};

/// What a purge took out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Purged {
    /// The records of which something was here.
    pub records: Vec<RecordId>,
    /// How many of their changes no server had.
    pub unsent: usize,
    /// How many drafts went with them.
    pub drafts: usize,
    /// Whether the write-ahead log could be emptied. When another connection was still reading it,
    /// [`Store::checkpoint`] has to be called again before anybody may say that it is gone.
    pub complete: bool,
}

impl Store {
    /// Deletes records with everything that came of them: changes, packed ones too, snapshots,
    /// outbox, quarantine, what was refused of them, lists, counts, search, and the drafts that
    /// belong to them (whose slot ends with the record's id).
    ///
    /// # Errors
    /// [`StoreError`]; nothing is then deleted.
    pub fn purge(&mut self, ids: &[RecordId]) -> Result<Purged, StoreError> {
        let ids: BTreeSet<RecordId> = ids.iter().copied().collect();
        let tx = self.write()?;
        let mut purged = take_out(&tx, &ids)?;
        tx.commit()?;
        for id in &ids {
            self.recent.forget(*id);
        }
        purged.complete = self.checkpoint()?;
        if !purged.complete {
            tracing::warn!("purged records stay in the write-ahead log while others read it");
        }
        Ok(purged)
    }
}

/// Deletes records within a transaction of the caller's, who empties the write-ahead log after it.
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
        for table in ["quarantine", "refused"] {
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
