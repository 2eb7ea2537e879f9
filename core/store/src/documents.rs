//! Documents and their raw changes: the truth of the store.
//!
//! Rows grow strictly with (rowid of the id, id), whatever the order of arrival, so that two
//! records which share a rowid sort the same way on every replica.

use rusqlite::{Connection, OptionalExtension, named_params};
use wijkboek_crdt::{ChangeInfo, Document, DocumentError, RawChange};
use wijkboek_model::{ChangeHash, IdError, RecordId};

use crate::{Store, StoreError};

impl Store {
    /// A record's document, loaded from its changes; none when it is not here.
    ///
    /// # Errors
    /// [`StoreError::Document`] when this version cannot read it.
    pub fn document(&self, id: RecordId) -> Result<Option<Document>, StoreError> {
        let Some(row) = row_of(&self.connection, id)? else { return Ok(None) };
        load(&self.connection, row, id, &[]).map(Some)
    }

    /// The changes of a document upon which nothing is written yet, sorted; empty when it is not
    /// here.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn heads(&self, id: RecordId) -> Result<Vec<ChangeHash>, StoreError> {
        match row_of(&self.connection, id)? {
            Some(row) => Ok(heads(&self.connection, row)?),
            None => Ok(vec![]),
        }
    }

    /// Every record here, oldest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn ids(&self) -> Result<Vec<RecordId>, StoreError> {
        let mut statement =
            self.connection.prepare_cached("SELECT id FROM document ORDER BY row")?;
        let ids = statement.query_map([], |row| id_at(row, 0))?.collect::<Result<_, _>>()?;
        Ok(ids)
    }

    /// The raw changes of a document, each after those it depends on; empty when it is not here.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn changes(&self, id: RecordId) -> Result<Vec<RawChange>, StoreError> {
        match row_of(&self.connection, id)? {
            Some(row) => Ok(changes(&self.connection, row)?),
            None => Ok(vec![]),
        }
    }
}

/// What the server said about a change when it accepted it.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Acceptance {
    pub(crate) number: Option<u64>,
    pub(crate) mac: Option<[u8; 32]>,
}

pub(crate) fn row_of(db: &Connection, id: RecordId) -> Result<Option<i64>, rusqlite::Error> {
    db.prepare_cached("SELECT row FROM document WHERE id = ?1")?
        .query_row([id.as_bytes()], |row| row.get(0))
        .optional()
}

/// Makes the row of a document that is not here yet.
pub(crate) fn insert(db: &Connection, id: RecordId) -> Result<i64, rusqlite::Error> {
    let row = make_room(db, id)?;
    db.prepare_cached("INSERT INTO document (row, id, heads) VALUES (?1, ?2, x'')")?
        .execute((row, id.as_bytes()))?;
    Ok(row)
}

/// Frees the row at which this id belongs, moving others up where ids share a rowid.
fn make_room(db: &Connection, id: RecordId) -> Result<i64, rusqlite::Error> {
    let mut slot = id.rowid();
    {
        let mut after =
            db.prepare_cached("SELECT row, id FROM document WHERE row >= ?1 ORDER BY row")?;
        let mut rows = after.query([slot])?;
        while let Some(row) = rows.next()? {
            let other = id_at(row, 1)?;
            if (other.rowid(), other) > (id.rowid(), id) {
                break;
            }
            slot = row.get::<_, i64>(0)?.saturating_add(1);
        }
    }
    let mut end = slot;
    let mut taken = db.prepare_cached("SELECT EXISTS (SELECT 1 FROM document WHERE row = ?1)")?;
    while taken.query_row([end], |row| row.get::<_, bool>(0))? {
        end = end.saturating_add(1);
    }
    for row in (slot..end).rev() {
        db.prepare_cached("UPDATE document SET row = ?1 + 1 WHERE row = ?1")?.execute([row])?;
    }
    Ok(slot)
}

/// Deletes a document with everything derived from it.
pub(crate) fn delete(db: &Connection, row: i64) -> Result<(), rusqlite::Error> {
    // Outbox rows go by cascade; the read model first, so that its triggers still see the rest.
    db.prepare_cached("DELETE FROM record WHERE row = ?1")?.execute([row])?;
    db.prepare_cached("DELETE FROM document WHERE row = ?1")?.execute([row])?;
    Ok(())
}

/// Appends a change whose dependencies are here; answers its position.
pub(crate) fn append(
    db: &Connection,
    row: i64,
    change: &RawChange,
    info: &ChangeInfo,
    acceptance: Acceptance,
) -> Result<i64, rusqlite::Error> {
    db.prepare_cached(
        "INSERT INTO change (row, hash, actor, seq, number, mac, bytes)
         VALUES (:row, :hash, :actor, :seq, :number, :mac, :bytes)",
    )?
    .execute(named_params! {
        ":row": row,
        ":hash": change.hash.as_bytes(),
        ":actor": info.actor.as_bytes(),
        ":seq": info.seq.cast_signed(),
        ":number": acceptance.number.map(u64::cast_signed),
        ":mac": acceptance.mac,
        ":bytes": change.bytes,
    })?;
    let position = db.last_insert_rowid();
    let mut after = heads(db, row)?;
    after.retain(|head| !info.deps.contains(head));
    after.push(change.hash);
    set_heads(db, row, after)?;
    raise_number(db, row, acceptance.number)?;
    Ok(position)
}

/// Notes that the server has a change; also when it says so twice.
pub(crate) fn accept(
    db: &Connection,
    row: i64,
    position: i64,
    acceptance: Acceptance,
) -> Result<(), rusqlite::Error> {
    db.prepare_cached(
        "UPDATE change SET number = coalesce(:number, number), mac = coalesce(:mac, mac)
         WHERE position = :position",
    )?
    .execute(named_params! {
        ":number": acceptance.number.map(u64::cast_signed),
        ":mac": acceptance.mac,
        ":position": position,
    })?;
    db.prepare_cached("DELETE FROM outbox WHERE position = ?1")?.execute([position])?;
    raise_number(db, row, acceptance.number)
}

pub(crate) fn position_of(
    db: &Connection,
    row: i64,
    hash: ChangeHash,
) -> Result<Option<i64>, rusqlite::Error> {
    db.prepare_cached("SELECT position FROM change WHERE row = ?1 AND hash = ?2")?
        .query_row((row, hash.as_bytes()), |row| row.get(0))
        .optional()
}

pub(crate) fn heads(db: &Connection, row: i64) -> Result<Vec<ChangeHash>, rusqlite::Error> {
    let bytes: Vec<u8> = db
        .prepare_cached("SELECT heads FROM document WHERE row = ?1")?
        .query_row([row], |row| row.get(0))?;
    bytes.chunks(32).map(|hash| ChangeHash::from_slice(hash).map_err(|e| not_ours(0, e))).collect()
}

pub(crate) fn set_heads(
    db: &Connection,
    row: i64,
    mut heads: Vec<ChangeHash>,
) -> Result<(), rusqlite::Error> {
    heads.sort_unstable();
    let bytes: Vec<u8> = heads.iter().flat_map(|hash| *hash.as_bytes()).collect();
    db.prepare_cached("UPDATE document SET heads = ?2 WHERE row = ?1")?.execute((row, bytes))?;
    Ok(())
}

/// The raw changes in the order of writing, which is causal.
pub(crate) fn changes(db: &Connection, row: i64) -> Result<Vec<RawChange>, rusqlite::Error> {
    db.prepare_cached("SELECT hash, bytes FROM change WHERE row = ?1 ORDER BY position")?
        .query_map([row], |row| Ok(RawChange { hash: hash_at(row, 0)?, bytes: row.get(1)? }))?
        .collect()
}

/// Loads a document from what is here and, on top of it, changes that are not stored yet.
pub(crate) fn load(
    db: &Connection,
    row: i64,
    id: RecordId,
    more: &[&RawChange],
) -> Result<Document, StoreError> {
    let stored = changes(db, row)?;
    Ok(load_from(id, &stored, more)?)
}

pub(crate) fn load_from(
    id: RecordId,
    stored: &[RawChange],
    more: &[&RawChange],
) -> Result<Document, DocumentError> {
    let bytes = stored.iter().chain(more.iter().copied()).map(|change| change.bytes.as_slice());
    Document::load(id, bytes)
}

/// Recomputes the highest log number of a document from its changes.
pub(crate) fn recount_number(db: &Connection, row: i64) -> Result<(), rusqlite::Error> {
    db.prepare_cached(
        "UPDATE document SET number = (SELECT max(c.number) FROM change c WHERE c.row = ?1)
         WHERE row = ?1",
    )?
    .execute([row])?;
    Ok(())
}

fn raise_number(db: &Connection, row: i64, number: Option<u64>) -> Result<(), rusqlite::Error> {
    let Some(number) = number else { return Ok(()) };
    db.prepare_cached(
        "UPDATE document SET number = ?2 WHERE row = ?1 AND (number IS NULL OR number < ?2)",
    )?
    .execute((row, number.cast_signed()))?;
    Ok(())
}

/// Reads an id out of a column that only ids were ever written to.
pub(crate) fn id_at(row: &rusqlite::Row<'_>, column: usize) -> Result<RecordId, rusqlite::Error> {
    let bytes: [u8; 16] = row.get(column)?;
    RecordId::from_bytes(&bytes).map_err(|error| not_ours(column, error))
}

pub(crate) fn hash_at(
    row: &rusqlite::Row<'_>,
    column: usize,
) -> Result<ChangeHash, rusqlite::Error> {
    row.get(column).map(ChangeHash::new)
}

/// A column that holds what this store never writes.
pub(crate) fn not_ours(column: usize, error: IdError) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(column, rusqlite::types::Type::Blob, Box::new(error))
}
