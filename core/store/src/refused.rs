//! Own changes that the server refused: out of their document, their text kept for their author.

use std::collections::BTreeSet;

use rusqlite::{Connection, named_params};
use wijkboek_crdt::{ChangeInfo, Document, HistoryStep, RawChange};
use wijkboek_model::{ChangeHash, Field, MapField, Record, RecordId, Timestamp, Value, Write};

use crate::documents::{self, Held, Lookup, hash_at, id_at};
use crate::projection::Projection;
use crate::{Store, StoreError, blob, ingest, pack, purge, snapshot};

/// Something that the server refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefusedItem {
    /// The record it was written to; the record itself is gone when its creation was refused.
    pub id: RecordId,
    /// The change.
    pub hash: ChangeHash,
    /// The reason's stable code; [`DEPENDS_ON_REFUSED`] for what was written upon it later.
    pub code: String,
    /// The texts that it wrote, one per line; empty when it wrote none.
    pub text: String,
    /// When it was written.
    pub at: Timestamp,
}

/// The code of changes that were not refused themselves but written upon one that was.
pub const DEPENDS_ON_REFUSED: &str = "depends-on-refused";

impl Store {
    /// What the server refused and nobody has dismissed yet, oldest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn refused(&self) -> Result<Vec<RefusedItem>, StoreError> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT id, hash, code, text, at FROM refused ORDER BY at, rowid")?;
        let items = statement
            .query_map([], |row| {
                Ok(RefusedItem {
                    id: id_at(row, 0)?,
                    hash: hash_at(row, 1)?,
                    code: row.get(2)?,
                    text: row.get(3)?,
                    at: Timestamp::from_millis(row.get(4)?),
                })
            })?
            .collect::<Result<_, _>>()?;
        Ok(items)
    }

    /// Deletes what was refused of a record: its author has seen it.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn dismiss_refused(&mut self, id: RecordId) -> Result<(), StoreError> {
        let tx = self.write()?;
        if tx.execute("DELETE FROM refused WHERE id = ?1", [id.as_bytes()])? > 0 {
            purge::note_deletion(&tx)?;
        }
        tx.execute("DELETE FROM blob_refused WHERE id = ?1", [id.as_bytes()])?;
        tx.commit()?;
        self.sweep_blobs();
        Ok(())
    }
}

/// Takes a change and everything written upon it out of its document and keeps their texts.
///
/// # Errors
/// [`StoreError::Document`] when a stored change cannot be read; nothing is then touched.
pub(crate) fn take_out(
    tx: &Connection,
    row: i64,
    id: RecordId,
    hash: ChangeHash,
    code: &str,
) -> Result<(), StoreError> {
    let all = documents::changes(tx, row)?;
    let infos =
        all.iter().map(|change| ChangeInfo::read(&change.bytes)).collect::<Result<Vec<_>, _>>()?;
    blob::refuse_with(tx, row, id, || take_out_all(tx, row, id, (hash, code), &all, &infos))
}

/// Takes a change and everything upon it out of these changes, which are all of the document.
fn take_out_all(
    tx: &Connection,
    row: i64,
    id: RecordId,
    (hash, code): (ChangeHash, &str),
    all: &[RawChange],
    infos: &[ChangeInfo],
) -> Result<(), StoreError> {
    let out = with_descendants(hash, infos);
    // What the server refuses it never had, so none of it is packed; unless it contradicts itself.
    let packed = Lookup::of(tx, row, id)?;
    for hash in &out {
        if let Some(Held::Packed(_)) = packed.find(*hash)? {
            pack::unpack(tx, row, id)?;
            break;
        }
    }
    snapshot::drop(tx, row)?;
    // Texts come from the whole document, while it still is one.
    let history = documents::load_from(id, all, &[]).map(|d| d.history()).unwrap_or_default();
    let mut heads = BTreeSet::new();
    for (change, info) in all.iter().zip(infos) {
        if !out.contains(&info.hash) {
            for dependency in &info.deps {
                heads.remove(dependency);
            }
            heads.insert(info.hash);
            continue;
        }
        let code = if info.hash == hash { code } else { DEPENDS_ON_REFUSED };
        let text = text_of(&history, id, change);
        keep(tx, id, change, info.at, code, &text)?;
        tx.prepare_cached("DELETE FROM change WHERE row = ?1 AND hash = ?2")?
            .execute((row, info.hash.as_bytes()))?;
    }
    if heads.is_empty() {
        documents::delete(tx, row)?;
        return Ok(());
    }
    documents::set_heads(tx, row, heads.into_iter().collect())?;
    documents::recount_number(tx, row, id)?;
    let left = documents::changes(tx, row)?;
    ingest::projection_of(id, &left, &[])
        .unwrap_or_else(|_| Projection::unreadable(id))
        .save(tx, row)?;
    Ok(())
}

fn with_descendants(hash: ChangeHash, causal: &[ChangeInfo]) -> BTreeSet<ChangeHash> {
    let mut out = BTreeSet::from([hash]);
    for info in causal {
        if info.deps.iter().any(|dependency| out.contains(dependency)) {
            out.insert(info.hash);
        }
    }
    out
}

fn keep(
    tx: &Connection,
    id: RecordId,
    change: &RawChange,
    at: Timestamp,
    code: &str,
    text: &str,
) -> Result<(), rusqlite::Error> {
    tx.prepare_cached(
        "INSERT INTO refused (id, hash, code, text, at, bytes)
         VALUES (:id, :hash, :code, :text, :at, :bytes) ON CONFLICT DO NOTHING",
    )?
    .execute(named_params! {
        ":id": id.as_bytes(),
        ":hash": change.hash.as_bytes(),
        ":code": code,
        ":text": text,
        ":at": at.as_millis(),
        ":bytes": change.bytes,
    })?;
    Ok(())
}

/// The texts that one change wrote.
fn text_of(history: &[HistoryStep], id: RecordId, change: &RawChange) -> String {
    let Some(step) = history.iter().find(|step| step.hash == change.hash) else {
        return String::new();
    };
    if step.created {
        let first = Document::load(id, [change.bytes.as_slice()]);
        return first.and_then(|d| Ok(d.record()?)).map(|r| words_of(&r)).unwrap_or_default();
    }
    let texts: Vec<&str> = step.touches.iter().filter_map(|touch| written(&touch.write)).collect();
    texts.join("\n")
}

fn written(write: &Write) -> Option<&str> {
    match write {
        Write::Put(field, Value::Text(text)) if is_prose(*field) => Some(text),
        Write::Set(
            MapField::Decisions | MapField::Costs | MapField::SupportAddresses | MapField::Advice,
            _,
            Value::Text(text),
        ) => Some(text),
        Write::Splice(_, splice) => Some(&splice.insert),
        Write::Append(entry) => Some(&entry.text),
        Write::Put(..)
        | Write::Insert(..)
        | Write::Remove(..)
        | Write::Set(..)
        | Write::Increment(..) => None,
    }
}

fn words_of(record: &Record) -> String {
    let parts = record.to_parts();
    let words = parts.fields.iter().filter(|(field, _)| is_prose(**field));
    let words = words.filter_map(|(_, value)| match value {
        Value::Text(text) if !text.is_empty() => Some(text.as_str()),
        Value::Text(_) | Value::Null | Value::Bool(_) | Value::Int(_) | Value::Time(_) => None,
    });
    words.collect::<Vec<_>>().join("\n")
}

/// Whether somebody typed the field's words, so that they must not be lost with a refused change.
fn is_prose(field: Field) -> bool {
    matches!(
        field,
        Field::Title
            | Field::Note
            | Field::PlaceName
            | Field::Answer
            | Field::Addressee
            | Field::OwnEffort
            | Field::Name
            | Field::Phone
            | Field::Email
            | Field::Address
            | Field::Purpose
            | Field::Recipient
            | Field::Agreements
    )
}
