//! Own changes on their way to the server, and what the server said about them.
//!
//! A change leaves the outbox only when the server named its document and hash: accepted,
//! duplicate or refused. Nothing else takes it out.

use rusqlite::Connection;
use wijkboek_crdt::RawChange;
use wijkboek_model::{ChangeHash, InstallId, RecordId};

use crate::documents::{self, Acceptance, Held, Lookup, hash_at, id_at};
use crate::{Delivery, Store, StoreError, pack, purge, refused, row};

/// One change to push.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutboxItem {
    /// Where it stands; names it in [`Store::mark_sent`].
    pub position: i64,
    /// Its record.
    pub id: RecordId,
    /// The change.
    pub change: RawChange,
}

/// The server's verdict on one change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settled {
    /// The record.
    pub id: RecordId,
    /// The change.
    pub hash: ChangeHash,
    /// What became of it.
    pub outcome: Outcome,
}

/// What became of a pushed change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It stands in the log.
    Accepted {
        /// Its number there.
        number: u64,
        /// The server's MAC, with which any device may bring it back to a restored server.
        mac: Option<[u8; 32]>,
    },
    /// It stood in the log already.
    Duplicate {
        /// Its number there.
        number: u64,
    },
    /// It never will.
    Refused {
        /// The reason's stable code.
        code: String,
    },
    /// It depends on changes that the server does not have yet; it is to be pushed again.
    Waiting,
}

/// What verdicts did to this store.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Settlement {
    /// Records whose rows changed.
    pub changed: Vec<RecordId>,
    /// Those of them that lost changes which the server refused. New changes of this install to
    /// them need the next generation of its actor.
    pub refused: Vec<RecordId>,
}

impl Store {
    /// The changes that the server has not acknowledged, each after those of its document that it
    /// depends on, up to both limits; one at least, however large.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn outbox(
        &self,
        max_changes: usize,
        max_bytes: usize,
    ) -> Result<Vec<OutboxItem>, StoreError> {
        let mut items = vec![];
        let mut bytes = 0;
        // Those that wait for dependencies go to the back, so that they hold up nobody else.
        for part in ["o.waits = 0 ORDER BY o.position", "o.waits > 0 ORDER BY o.waits, o.position"]
        {
            let mut statement = self.connection.prepare_cached(&format!(
                "SELECT o.position, d.id, c.hash, c.bytes FROM outbox o
                 JOIN change c ON c.position = o.position JOIN document d ON d.row = c.row
                 WHERE {part} LIMIT ?1"
            ))?;
            let left = max_changes.saturating_sub(items.len());
            let mut rows = statement.query([i64::try_from(left).unwrap_or(i64::MAX)])?;
            while let Some(row) = rows.next()? {
                let change = RawChange { hash: hash_at(row, 2)?, bytes: row.get(3)? };
                bytes += change.bytes.len();
                if bytes > max_bytes && !items.is_empty() {
                    return Ok(items);
                }
                items.push(OutboxItem { position: row.get(0)?, id: id_at(row, 1)?, change });
            }
        }
        Ok(items)
    }

    /// How many changes the server has not acknowledged.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn unsent(&self) -> Result<usize, StoreError> {
        let mut statement = self.connection.prepare_cached("SELECT count(*) FROM outbox")?;
        let n: i64 = statement.query_row([], |row| row.get(0))?;
        Ok(usize::try_from(n).unwrap_or(usize::MAX))
    }

    /// Notes that these changes were pushed and that a verdict is on its way.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn mark_sent(&mut self, positions: &[i64]) -> Result<(), StoreError> {
        let tx = self.write()?;
        for position in positions {
            tx.prepare_cached("UPDATE outbox SET sent = 1 WHERE position = ?1")?
                .execute([position])?;
        }
        tx.commit()?;
        Ok(())
    }

    /// How far a record has come on its way to the office; none when it is not here at all.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn delivery(&self, id: RecordId) -> Result<Option<Delivery>, StoreError> {
        let row = documents::row_of(&self.connection, id)?;
        let mut statement = self.connection.prepare_cached(
            "SELECT CASE
                WHEN EXISTS (SELECT 1 FROM refused f WHERE f.id = ?1) THEN 3
                WHEN EXISTS (SELECT 1 FROM outbox o WHERE o.row = ?2 AND o.sent = 0) THEN 0
                WHEN EXISTS (SELECT 1 FROM outbox o WHERE o.row = ?2) THEN 1
                WHEN ?2 IS NOT NULL THEN 2
             END",
        )?;
        let code: Option<i64> = statement.query_row((id.as_bytes(), row), |row| row.get(0))?;
        Ok(code.map(row::delivery))
    }

    /// Takes in what the server said about pushed changes, in one transaction. A verdict on a
    /// change that is not here does nothing, so the same answer may come twice.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn settle(&mut self, verdicts: &[Settled]) -> Result<Settlement, StoreError> {
        let tx = self.write()?;
        let mut settlement = Settlement::default();
        for Settled { id, hash, outcome } in verdicts {
            let Some(row) = documents::row_of(&tx, *id)? else { continue };
            let Some(held) = Lookup::of(&tx, row, *id)?.find(*hash)? else { continue };
            match outcome {
                Outcome::Accepted { number, mac } => {
                    let acceptance = Acceptance { number: Some(*number), mac: *mac };
                    documents::accept(&tx, row, *id, *hash, held, acceptance)?;
                }
                Outcome::Duplicate { number } => {
                    let acceptance = Acceptance { number: Some(*number), mac: None };
                    documents::accept(&tx, row, *id, *hash, held, acceptance)?;
                }
                Outcome::Refused { code } => {
                    if is_acknowledged(&tx, held)? {
                        tracing::warn!(record = %id, "a change that the server had was refused");
                        continue;
                    }
                    match refused::take_out(&tx, row, *id, *hash, code) {
                        Ok(()) => settlement.refused.push(*id),
                        // One damaged document must not keep the others from being settled.
                        Err(StoreError::Document(error)) => {
                            tracing::error!(record = %id, %error, "a refusal cannot be carried out");
                            continue;
                        }
                        Err(error) => return Err(error),
                    }
                }
                Outcome::Waiting => {
                    tx.prepare_cached(
                        "UPDATE outbox SET sent = 0, waits = waits + 1 WHERE row = ?1",
                    )?
                    .execute([row])?;
                }
            }
            settlement.changed.push(*id);
            drop_forgotten(&tx, *id)?;
        }
        tx.commit()?;
        self.sweep_blobs();
        for ids in [&mut settlement.changed, &mut settlement.refused] {
            ids.sort_unstable();
            ids.dedup();
        }
        Ok(settlement)
    }

    /// Puts everything that this installation wrote into the outbox again, after the server was
    /// restored from a backup; answers how many changes there are now.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn requeue_own(&mut self, install: InstallId) -> Result<usize, StoreError> {
        let tx = self.write()?;
        pack::unpack_written_by(&tx, install)?;
        let own = "substr(actor, 1, 12) = ?1";
        tx.execute(
            &format!(
                "INSERT INTO outbox (position, row) SELECT position, row FROM change WHERE {own}
                 ON CONFLICT DO UPDATE SET sent = 0, waits = 0"
            ),
            [install.as_bytes()],
        )?;
        // The numbers were those of a log that is no more.
        tx.execute(&format!("UPDATE change SET number = NULL WHERE {own}"), [install.as_bytes()])?;
        let rows: Vec<(i64, RecordId)> = tx
            .prepare(
                "SELECT row, id FROM document WHERE row IN (SELECT row FROM outbox) ORDER BY row",
            )?
            .query_map([], |row| Ok((row.get(0)?, id_at(row, 1)?)))?
            .collect::<Result<_, _>>()?;
        for (row, id) in rows {
            documents::recount_number(&tx, row, id)?;
        }
        // The restored server may lack their attachments too.
        tx.execute(
            "INSERT OR IGNORE INTO blob_upload (row, hash)
             SELECT r.row, r.hash FROM record_blob r JOIN blob b ON b.hash = r.hash
             WHERE r.row IN (SELECT row FROM outbox)",
            [],
        )?;
        let n: i64 = tx.query_row("SELECT count(*) FROM outbox", [], |row| row.get(0))?;
        tx.commit()?;
        Ok(usize::try_from(n).unwrap_or(usize::MAX))
    }
}

/// Puts a change into the outbox, behind what waits with its document.
pub(crate) fn enqueue(tx: &Connection, row: i64, position: i64) -> Result<(), rusqlite::Error> {
    tx.prepare_cached(
        "INSERT INTO outbox (position, row, waits)
         SELECT ?1, ?2, coalesce(max(waits), 0) FROM outbox WHERE row = ?2",
    )?
    .execute((position, row))?;
    Ok(())
}

/// Whether a document holds changes or attachments that the server does not have.
pub(crate) fn has_unsent(tx: &Connection, row: i64) -> Result<bool, rusqlite::Error> {
    tx.prepare_cached(
        "SELECT EXISTS (SELECT 1 FROM outbox WHERE row = ?1)
            OR EXISTS (SELECT 1 FROM blob_upload WHERE row = ?1)",
    )?
    .query_row([row], |row| row.get(0))
}

/// Deletes a document that the server took back, as soon as it holds no unsent work.
pub(crate) fn drop_forgotten(tx: &Connection, id: RecordId) -> Result<(), StoreError> {
    let Some(row) = documents::row_of(tx, id)? else { return Ok(()) };
    let forgotten: bool = tx
        .prepare_cached("SELECT forgotten FROM document WHERE row = ?1")?
        .query_row([row], |row| row.get(0))?;
    if forgotten && !has_unsent(tx, row)? {
        purge::note_deletion(tx)?;
        documents::delete(tx, row)?;
    }
    Ok(())
}

fn is_acknowledged(tx: &Connection, held: Held) -> Result<bool, rusqlite::Error> {
    match held {
        Held::Packed(_) => Ok(true),
        Held::Row(position) => tx
            .prepare_cached("SELECT NOT EXISTS (SELECT 1 FROM outbox WHERE position = ?1)")?
            .query_row([position], |row| row.get(0)),
    }
}
