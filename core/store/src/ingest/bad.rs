//! Quarantine: changes from the server that cannot be taken in, kept with the reason's code.
//!
//! They are tried again by [`Store::rebuild`], since a newer version of the app may read them.

use std::collections::BTreeSet;

use rusqlite::{Connection, named_params};
use wijkboek_crdt::{Document, RawChange};
use wijkboek_model::{ChangeHash, RecordId};

use super::{Arrived, Base, Checked, Ingested};
use crate::documents::{hash_at, id_at};
use crate::projection::Projection;
use crate::{Store, StoreError};

/// The bytes are no change.
pub(super) const NO_CHANGE: &str = "no-change";
/// The bytes are another change than the server called them.
pub(super) const WRONG_HASH: &str = "wrong-hash";
/// With it the document cannot be read any more.
const BREAKS_DOCUMENT: &str = "breaks-document";
/// It was written upon one in quarantine.
const DEPENDS_ON_QUARANTINED: &str = "depends-on-quarantined";

/// A change in quarantine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quarantined {
    /// Its record.
    pub id: RecordId,
    /// The hash under which the server sent it.
    pub hash: ChangeHash,
    /// The reason's stable code.
    pub reason: String,
}

impl Store {
    /// What could not be taken in.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn quarantined(&self) -> Result<Vec<Quarantined>, StoreError> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT id, hash, reason FROM quarantine ORDER BY rowid")?;
        let all = statement
            .query_map([], |row| {
                Ok(Quarantined { id: id_at(row, 0)?, hash: hash_at(row, 1)?, reason: row.get(2)? })
            })?
            .collect::<Result<_, _>>()?;
        Ok(all)
    }
}

/// Everything in quarantine, as it arrived.
pub(crate) fn arrived_again(db: &Connection) -> Result<Vec<Arrived>, rusqlite::Error> {
    db.prepare("SELECT id, hash, number, mac, bytes FROM quarantine ORDER BY rowid")?
        .query_map([], |row| {
            Ok(Arrived {
                id: id_at(row, 0)?,
                number: row.get::<_, i64>(2)?.cast_unsigned(),
                mac: row.get(3)?,
                change: RawChange { hash: hash_at(row, 1)?, bytes: row.get(4)? },
            })
        })?
        .collect()
}

pub(super) fn keep(
    tx: &Connection,
    arrived: &Arrived,
    reason: &str,
    ingested: &mut Ingested,
) -> Result<(), rusqlite::Error> {
    tracing::warn!(record = %arrived.id, reason, "a change went to quarantine");
    tx.prepare_cached(
        "INSERT INTO quarantine (id, hash, reason, number, mac, bytes)
         VALUES (:id, :hash, :reason, :number, :mac, :bytes)
         ON CONFLICT DO UPDATE SET reason = :reason, number = :number, mac = :mac, bytes = :bytes",
    )?
    .execute(named_params! {
        ":id": arrived.id.as_bytes(),
        ":hash": arrived.change.hash.as_bytes(),
        ":reason": reason,
        ":number": arrived.number.cast_signed(),
        ":mac": arrived.mac,
        ":bytes": arrived.change.bytes,
    })?;
    if ingested.quarantined.last() != Some(&arrived.id) {
        ingested.quarantined.push(arrived.id);
    }
    Ok(())
}

/// Of changes that lack a dependency, keeps back those that lack it because it is in quarantine:
/// asking for the document again would never help them.
pub(super) fn keep_dependents<'a>(
    tx: &Connection,
    id: RecordId,
    mut waiting: Vec<Checked<'a>>,
    ingested: &mut Ingested,
) -> Result<Vec<Checked<'a>>, StoreError> {
    if waiting.is_empty() {
        return Ok(waiting);
    }
    let mut bad: BTreeSet<ChangeHash> = tx
        .prepare_cached("SELECT hash FROM quarantine WHERE id = ?1")?
        .query_map([id.as_bytes()], |row| hash_at(row, 0))?
        .collect::<Result<_, _>>()?;
    loop {
        let (dependents, others): (Vec<_>, Vec<_>) = waiting
            .into_iter()
            .partition(|checked| checked.info.deps.iter().any(|dep| bad.contains(dep)));
        if dependents.is_empty() {
            return Ok(others);
        }
        for checked in dependents {
            bad.insert(checked.info.hash);
            keep(tx, checked.arrived, DEPENDS_ON_QUARANTINED, ingested)?;
        }
        waiting = others;
    }
}

/// What a batch makes of a document: its read model, and the document where one was loaded.
pub(super) type Outcome = (Projection, Option<Document>);

/// Takes out the changes with which the document cannot be read, and what was written upon them.
pub(super) fn sift<'a>(
    tx: &Connection,
    id: RecordId,
    base: &Base,
    mut ordered: Vec<Checked<'a>>,
    ingested: &mut Ingested,
) -> Result<(Vec<Checked<'a>>, Outcome), StoreError> {
    loop {
        let more: Vec<&Checked<'_>> = ordered.iter().collect();
        let error = match base.with(id, &more) {
            Ok(outcome) => return Ok((ordered, outcome)),
            Err(error) => error,
        };
        if ordered.is_empty() {
            return Err(error.into());
        }
        // The longest prefix that still makes a document ends before the culprit.
        let mut sound = 0;
        let mut broken = more.len();
        while broken - sound > 1 {
            let middle = sound.midpoint(broken);
            match base.with(id, &more[..middle]) {
                Ok(_) => sound = middle,
                Err(_) => broken = middle,
            }
        }
        let culprit = ordered.remove(sound);
        let mut bad = BTreeSet::from([culprit.info.hash]);
        keep(tx, culprit.arrived, BREAKS_DOCUMENT, ingested)?;
        let mut kept = vec![];
        for checked in ordered {
            if checked.info.deps.iter().any(|dependency| bad.contains(dependency)) {
                bad.insert(checked.info.hash);
                keep(tx, checked.arrived, DEPENDS_ON_QUARANTINED, ingested)?;
            } else {
                kept.push(checked);
            }
        }
        if kept.is_empty() {
            return Ok((kept, (Projection::unreadable(id), None)));
        }
        ordered = kept;
    }
}

/// Takes changes that are here now out of quarantine and from among the refused.
pub(super) fn clear(
    tx: &Connection,
    id: RecordId,
    hashes: impl Iterator<Item = ChangeHash>,
) -> Result<(), rusqlite::Error> {
    if !any(tx)? {
        return Ok(());
    }
    for hash in hashes {
        for table in ["quarantine", "refused"] {
            tx.prepare_cached(&format!("DELETE FROM {table} WHERE id = ?1 AND hash = ?2"))?
                .execute((id.as_bytes(), hash.as_bytes()))?;
        }
    }
    Ok(())
}

/// Whether anything is in quarantine or was refused; on most devices at most times nothing is.
pub(super) fn any(tx: &Connection) -> Result<bool, rusqlite::Error> {
    tx.prepare_cached("SELECT EXISTS (SELECT 1 FROM quarantine) OR EXISTS (SELECT 1 FROM refused)")?
        .query_row([], |row| row.get(0))
}
