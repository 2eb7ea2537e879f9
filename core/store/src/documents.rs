//! Documents and their raw changes: the truth of the store.
//!
//! A document's changes are rows, or lie in a pack with its later changes as rows (the tail).
//! Rows of documents are in the order of ids, whatever the order of arrival, so that "newest first"
//! is the same on every replica. A row is the id's time in steps, or a free row near it: at most
//! [`BELOW_MAX`] lower, and higher only as far as others stand in between.

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension, named_params};
use wijkboek_crdt::{ChangeInfo, Document, DocumentError, RawChange};
use wijkboek_model::{ChangeHash, IdError, RecordId};

use crate::{Store, StoreError, pack, snapshot};

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
            Some(row) => changes(&self.connection, row),
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

/// Where an id is, or would be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// Its document has this row.
    Taken(i64),
    /// There is none; it belongs at this row, from which others have to move up if `shift`.
    Free { row: i64, shift: bool },
}

/// Where one change of a document lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Held {
    /// A row, at this position.
    Row(i64),
    /// The document's pack, with this log number.
    Packed(u64),
}

/// One row of the document table.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Entered {
    pub(crate) heads: Vec<ChangeHash>,
    pub(crate) number: Option<u64>,
    pub(crate) pack: Option<i64>,
}

pub(crate) fn row_of(db: &Connection, id: RecordId) -> Result<Option<i64>, rusqlite::Error> {
    Ok(match place(db, id)? {
        Place::Taken(row) => Some(row),
        Place::Free { .. } => None,
    })
}

/// Looks an id up. Rows are in the order of ids, so it is where the ids around it are.
pub(crate) fn place(db: &Connection, id: RecordId) -> Result<Place, rusqlite::Error> {
    let lowest = id.rowid().saturating_sub(BELOW_MAX);
    let (before, behind) = neighbours(db, id, lowest)?;
    let lowest = before.map_or(lowest, |row| row.saturating_add(1));
    let wanted = id.rowid().max(lowest);
    Ok(match behind {
        Some((row, other)) if other == id => Place::Taken(row),
        Some((row, _)) if row == lowest => Place::Free { row, shift: true },
        Some((row, _)) => Place::Free { row: wanted.min(row.saturating_sub(1)), shift: false },
        None => Place::Free { row: wanted, shift: false },
    })
}

/// A row that stands above all records with lower ids, and not above those with higher ones.
pub(crate) fn bound(db: &Connection, id: RecordId) -> Result<i64, rusqlite::Error> {
    Ok(match place(db, id)? {
        Place::Taken(row) | Place::Free { row, shift: _ } => row,
    })
}

/// The id of the document at this row, or of the next one above it.
pub(crate) fn id_from(db: &Connection, row: i64) -> Result<Option<RecordId>, rusqlite::Error> {
    db.prepare_cached("SELECT id FROM document WHERE row >= ?1 ORDER BY row LIMIT 1")?
        .query_row([row], |found| id_at(found, 0))
        .optional()
}

/// The row before a place among the ids, and the row and id at or behind it.
type Neighbours = (Option<i64>, Option<(i64, RecordId)>);

/// From this row on: the last row with a lower id, and the first with this one or a higher.
fn neighbours(db: &Connection, id: RecordId, lowest: i64) -> Result<Neighbours, rusqlite::Error> {
    let mut from =
        db.prepare_cached("SELECT row, id FROM document WHERE row >= ?1 ORDER BY row")?;
    let mut before = None;
    let mut near = from.query([lowest])?;
    for _ in 0..NEAR {
        let Some(found) = near.next()? else { return Ok((before, None)) };
        let (row, other) = (found.get(0)?, id_at(found, 1)?);
        if other >= id {
            return Ok((before, Some((row, other))));
        }
        before = Some(row);
    }
    drop(near);
    // A crowded spot: ahead in steps that double, and then back by halves.
    let mut at_or_behind =
        |row: i64| from.query_row([row], |found| Ok((found.get(0)?, id_at(found, 1)?))).optional();
    let mut low = before.unwrap_or(lowest);
    let mut step = NEAR;
    let (mut high, mut behind) = loop {
        let row = low.saturating_add(step);
        match at_or_behind(row)? {
            Some((found, other)) if other < id => low = found,
            found => break (row, found),
        }
        step = step.saturating_mul(2);
    };
    while high - low > 1 {
        let middle = low + (high - low) / 2;
        match at_or_behind(middle)? {
            Some((found, other)) if other < id => low = found,
            found => (high, behind) = (middle, found),
        }
    }
    Ok((Some(low), behind))
}

/// Makes the row of a document that is not here yet.
pub(crate) fn insert(
    db: &Connection,
    id: RecordId,
    place: Place,
    entered: &Entered,
) -> Result<i64, rusqlite::Error> {
    let row = match place {
        Place::Taken(row) | Place::Free { row, shift: false } => row,
        Place::Free { row, shift: true } => {
            shift_up(db, row)?;
            row
        }
    };
    db.prepare_cached(
        "INSERT INTO document (row, id, heads, number, pack) VALUES (?1, ?2, ?3, ?4, ?5)",
    )?
    .execute((
        row,
        id.as_bytes(),
        spelled(&entered.heads),
        entered.number.map(u64::cast_signed),
        entered.pack,
    ))?;
    Ok(row)
}

/// Moves the document at this row, and those right behind it, up. Where many stand row by row, each
/// gets a free row beside it, so that the next ones to come between them find room.
fn shift_up(db: &Connection, slot: i64) -> Result<(), rusqlite::Error> {
    let mut moves: Vec<(i64, i64)> = vec![];
    {
        let mut taken =
            db.prepare_cached("SELECT row FROM document WHERE row >= ?1 ORDER BY row")?;
        let mut rows = taken.query_map([slot], |row| row.get(0))?;
        let mut behind = None;
        while let Some(row) = rows.next().transpose()? {
            if moves.last().is_some_and(|(last, _)| last + 1 != row) {
                behind = Some(row);
                break;
            }
            moves.push((row, row.saturating_add(1)));
        }
        if moves.len() > CROWD_MAX {
            for (n, (_, to)) in (0..).zip(&mut moves) {
                *to = slot.saturating_add(1 + 2 * n);
            }
        }
        let mut next = moves.last().map_or(slot, |(_, to)| to.saturating_add(1));
        while let Some(row) = behind.filter(|row| *row < next) {
            moves.push((row, next));
            next = next.saturating_add(1);
            behind = rows.next().transpose()?;
        }
    }
    let mut shift = db.prepare_cached("UPDATE document SET row = ?2 WHERE row = ?1")?;
    for (from, to) in moves.into_iter().rev() {
        shift.execute((from, to))?;
    }
    Ok(())
}

/// Deletes a document with everything derived from it.
pub(crate) fn delete(db: &Connection, row: i64) -> Result<(), StoreError> {
    delete_all(db, &[row])
}

/// Deletes documents with everything derived from them. A pack is written anew once, whatever the
/// number of its documents that go, and deleted when all of them do.
pub(crate) fn delete_all(db: &Connection, rows: &[i64]) -> Result<(), StoreError> {
    let mut packed: BTreeMap<i64, Vec<RecordId>> = BTreeMap::new();
    for row in rows {
        let found = db
            .prepare_cached("SELECT id, pack FROM document WHERE row = ?1")?
            .query_row([row], |r| Ok((id_at(r, 0)?, r.get::<_, Option<i64>>(1)?)))
            .optional()?;
        if let Some((id, Some(pack))) = found {
            packed.entry(pack).or_default().push(id);
        }
        // Outbox rows go by cascade; the read model first, so that its triggers still see the rest.
        db.prepare_cached("DELETE FROM record WHERE row = ?1")?.execute([row])?;
        db.prepare_cached("DELETE FROM document WHERE row = ?1")?.execute([row])?;
    }
    for (pack, ids) in packed {
        pack::erase(db, pack, &ids.into_iter().collect())?;
    }
    Ok(())
}

/// Brings heads and number of a document up to changes that were appended, in causal order.
pub(crate) fn advance<'a>(
    db: &Connection,
    row: i64,
    appended: impl Iterator<Item = (&'a ChangeInfo, Option<u64>)>,
) -> Result<(), rusqlite::Error> {
    let Entered { mut heads, mut number, .. } = entered(db, row)?;
    for (info, accepted) in appended {
        heads.retain(|head| !info.deps.contains(head));
        heads.push(info.hash);
        number = number.max(accepted);
    }
    heads.sort_unstable();
    db.prepare_cached("UPDATE document SET heads = ?2, number = ?3 WHERE row = ?1")?.execute((
        row,
        spelled(&heads),
        number.map(u64::cast_signed),
    ))?;
    Ok(())
}

/// Appends a change, whose dependencies are here; answers its position. The document's heads and
/// number are then to be brought up to it.
pub(crate) fn append_row(
    db: &Connection,
    row: i64,
    change: &RawChange,
    info: &ChangeInfo,
    acceptance: Acceptance,
) -> Result<i64, rusqlite::Error> {
    insert_row(db, None, row, (change.hash, &change.bytes), info, acceptance)?;
    Ok(db.last_insert_rowid())
}

/// Writes a change at this position, or behind all others.
pub(crate) fn insert_row(
    db: &Connection,
    position: Option<i64>,
    row: i64,
    (hash, bytes): (ChangeHash, &[u8]),
    info: &ChangeInfo,
    acceptance: Acceptance,
) -> Result<(), rusqlite::Error> {
    db.prepare_cached(
        "INSERT INTO change (position, row, hash, actor, seq, number, mac, bytes)
         VALUES (:position, :row, :hash, :actor, :seq, :number, :mac, :bytes)",
    )?
    .execute(named_params! {
        ":position": position,
        ":row": row,
        ":hash": hash.as_bytes(),
        ":actor": info.actor.as_bytes(),
        ":seq": info.seq.cast_signed(),
        ":number": acceptance.number.map(u64::cast_signed),
        ":mac": acceptance.mac,
        ":bytes": bytes,
    })?;
    Ok(())
}

/// Notes that the server has a change; also when it says so twice.
pub(crate) fn accept(
    db: &Connection,
    row: i64,
    id: RecordId,
    hash: ChangeHash,
    held: Held,
    acceptance: Acceptance,
) -> Result<(), StoreError> {
    let position = match held {
        Held::Row(position) => position,
        // A pack holds accepted changes only, and the log it was made from is still the log.
        Held::Packed(number) if acceptance.number.is_none_or(|n| n == number) => return Ok(()),
        Held::Packed(_) => {
            pack::unpack(db, row, id)?;
            let Some(position) = position_of(db, row, hash)? else { return Ok(()) };
            position
        }
    };
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
    raise_number(db, row, acceptance.number)?;
    Ok(())
}

/// The position of a change that is a row.
pub(crate) fn position_of(
    db: &Connection,
    row: i64,
    hash: ChangeHash,
) -> Result<Option<i64>, rusqlite::Error> {
    db.prepare_cached("SELECT position FROM change WHERE row = ?1 AND hash = ?2")?
        .query_row((row, hash.as_bytes()), |row| row.get(0))
        .optional()
}

/// Looks changes of one document up; reads its pack at most once.
pub(crate) struct Lookup<'db> {
    db: &'db Connection,
    row: i64,
    packed: BTreeMap<ChangeHash, u64>,
}

impl<'db> Lookup<'db> {
    pub(crate) fn of(db: &'db Connection, row: i64, id: RecordId) -> Result<Self, StoreError> {
        let packed = pack::part_of(db, row, id)?;
        let packed = packed.into_iter().flat_map(|document| document.changes);
        Ok(Self { db, row, packed: packed.map(|c| (c.hash, c.number)).collect() })
    }

    /// Where a change lies; none when it is not here.
    pub(crate) fn find(&self, hash: ChangeHash) -> Result<Option<Held>, rusqlite::Error> {
        if let Some(number) = self.packed.get(&hash) {
            return Ok(Some(Held::Packed(*number)));
        }
        Ok(position_of(self.db, self.row, hash)?.map(Held::Row))
    }
}

/// What the document table says of a document.
pub(crate) fn entered(db: &Connection, row: i64) -> Result<Entered, rusqlite::Error> {
    db.prepare_cached("SELECT heads, number, pack FROM document WHERE row = ?1")?.query_row(
        [row],
        |r| {
            Ok(Entered {
                heads: hashes(&r.get::<_, Vec<u8>>(0)?)?,
                number: r.get::<_, Option<i64>>(1)?.map(i64::cast_unsigned),
                pack: r.get(2)?,
            })
        },
    )
}

pub(crate) fn heads(db: &Connection, row: i64) -> Result<Vec<ChangeHash>, rusqlite::Error> {
    let bytes: Vec<u8> = db
        .prepare_cached("SELECT heads FROM document WHERE row = ?1")?
        .query_row([row], |row| row.get(0))?;
    hashes(&bytes)
}

fn hashes(bytes: &[u8]) -> Result<Vec<ChangeHash>, rusqlite::Error> {
    bytes.chunks(32).map(|hash| ChangeHash::from_slice(hash).map_err(|e| not_ours(0, e))).collect()
}

fn spelled(heads: &[ChangeHash]) -> Vec<u8> {
    heads.iter().flat_map(|hash| *hash.as_bytes()).collect()
}

pub(crate) fn set_heads(
    db: &Connection,
    row: i64,
    mut heads: Vec<ChangeHash>,
) -> Result<(), rusqlite::Error> {
    heads.sort_unstable();
    db.prepare_cached("UPDATE document SET heads = ?2 WHERE row = ?1")?
        .execute((row, spelled(&heads)))?;
    Ok(())
}

/// The raw changes in the order of writing, which is causal: the packed ones, then the tail.
pub(crate) fn changes(db: &Connection, row: i64) -> Result<Vec<RawChange>, StoreError> {
    let id = id_of(db, row)?;
    let packed = pack::part_of(db, row, id)?.into_iter().flat_map(|document| document.changes);
    let mut all: Vec<RawChange> =
        packed.map(|change| RawChange { hash: change.hash, bytes: change.bytes }).collect();
    all.extend(tail(db, row, i64::MIN)?);
    Ok(all)
}

/// The changes that are rows, from behind this position on.
pub(crate) fn tail(
    db: &Connection,
    row: i64,
    behind: i64,
) -> Result<Vec<RawChange>, rusqlite::Error> {
    db.prepare_cached(
        "SELECT hash, bytes FROM change WHERE row = ?1 AND position > ?2 ORDER BY position",
    )?
    .query_map((row, behind), |row| Ok(RawChange { hash: hash_at(row, 0)?, bytes: row.get(1)? }))?
    .collect()
}

/// Loads a document from what is here and, on top of it, changes that are not stored yet.
pub(crate) fn load(
    db: &Connection,
    row: i64,
    id: RecordId,
    more: &[&RawChange],
) -> Result<Document, StoreError> {
    if let Some(mut document) = snapshot::load(db, row, id)? {
        document.apply_own(more.iter().map(|change| change.bytes.as_slice()))?;
        return Ok(document);
    }
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
pub(crate) fn recount_number(db: &Connection, row: i64, id: RecordId) -> Result<(), StoreError> {
    let number = highest_number(db, row, pack::part_of(db, row, id)?.as_ref())?;
    Ok(set_number(db, row, number)?)
}

pub(crate) fn set_number(
    db: &Connection,
    row: i64,
    number: Option<u64>,
) -> Result<(), rusqlite::Error> {
    db.prepare_cached("UPDATE document SET number = ?2 WHERE row = ?1")?
        .execute((row, number.map(u64::cast_signed)))?;
    Ok(())
}

/// The highest log number of a document's changes.
pub(crate) fn highest_number(
    db: &Connection,
    row: i64,
    packed: Option<&wijkboek_crdt::PackedDocument>,
) -> Result<Option<u64>, rusqlite::Error> {
    let tail: Option<i64> = db
        .prepare_cached("SELECT max(number) FROM change WHERE row = ?1")?
        .query_row([row], |r| r.get(0))?;
    let packed = packed.into_iter().flat_map(|document| &document.changes).map(|c| c.number);
    Ok(packed.chain(tail.map(i64::cast_unsigned)).max())
}

fn raise_number(db: &Connection, row: i64, number: Option<u64>) -> Result<(), rusqlite::Error> {
    let Some(number) = number else { return Ok(()) };
    db.prepare_cached(
        "UPDATE document SET number = ?2 WHERE row = ?1 AND (number IS NULL OR number < ?2)",
    )?
    .execute((row, number.cast_signed()))?;
    Ok(())
}

/// The id of a document that is here.
pub(crate) fn id_of(db: &Connection, row: i64) -> Result<RecordId, rusqlite::Error> {
    db.prepare_cached("SELECT id FROM document WHERE row = ?1")?
        .query_row([row], |row| id_at(row, 0))
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

/// How much lower than its time a row may be. So the next record of a step that is taken rarely has
/// to move others up.
const BELOW_MAX: i64 = 8;
/// Rows looked at one by one before halving begins.
const NEAR: i64 = 16;
/// More documents than this in adjacent rows are moved apart.
const CROWD_MAX: usize = 32;
