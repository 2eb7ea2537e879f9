//! Own changes that come from elsewhere than a form: out of a damaged database, or carried over
//! from another device. They are taken in like those of the server, under the number 0, which no
//! log gives, and put into the outbox.
//!
//! One that builds upon something that is not here waits in quarantine under that number, and goes
//! on by itself when its record arrives.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Connection, named_params};
use wijkboek_model::RecordId;

use super::{Arrived, Ingested, bad, take_in};
use crate::{Store, StoreError, documents, outbox};

/// The number of a change that no server has, until it is in the outbox.
pub(crate) const UNSENT: i64 = 0;

/// Its record is not here, or not as far as it builds upon.
const WAITS: &str = "waits-for-its-record";

/// Lets changes wait until their records arrive.
pub(crate) fn wait(store: &mut Store, changes: &[Arrived]) -> Result<(), StoreError> {
    let tx = store.write()?;
    for arrived in changes {
        tx.prepare_cached(
            "INSERT INTO quarantine (id, hash, reason, number, mac, bytes)
             VALUES (:id, :hash, :reason, :number, NULL, :bytes) ON CONFLICT DO NOTHING",
        )?
        .execute(named_params! {
            ":id": arrived.id.as_bytes(),
            ":hash": arrived.change.hash.as_bytes(),
            ":reason": WAITS,
            ":number": UNSENT,
            ":bytes": arrived.change.bytes,
        })?;
    }
    tx.commit()?;
    Ok(())
}

/// Tries those that wait for one of these records, and puts what came as unsent into the outbox.
/// On most devices at most times nothing waits.
pub(super) fn retry(
    tx: &Connection,
    ids: &BTreeSet<RecordId>,
    ingested: &mut Ingested,
) -> Result<(), StoreError> {
    let any: bool = tx
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM quarantine WHERE number = ?1)")?
        .query_row([UNSENT], |row| row.get(0))?;
    if !any {
        return Ok(());
    }
    let mut waiting: BTreeMap<RecordId, Vec<Arrived>> = BTreeMap::new();
    let is_own = |arrived: &Arrived| arrived.number == UNSENT.cast_unsigned();
    for arrived in bad::arrived_again(tx)?.into_iter().filter(is_own) {
        if ids.contains(&arrived.id) {
            waiting.entry(arrived.id).or_default().push(arrived);
        }
    }
    for (id, arrived) in waiting {
        // What is still missing is not to be asked for: the record was just sent whole.
        let mut tried = Ingested::default();
        take_in(tx, id, &arrived.iter().collect::<Vec<_>>(), &mut tried)?;
        requeue(tx, id)?;
        ingested.changed.extend(tried.changed);
    }
    Ok(())
}

/// Puts what was taken in of a record as unsent into the outbox.
pub(crate) fn requeue(tx: &Connection, id: RecordId) -> Result<(), StoreError> {
    let Some(row) = documents::row_of(tx, id)? else { return Ok(()) };
    let positions: Vec<i64> = tx
        .prepare_cached(
            "SELECT position FROM change WHERE row = ?1 AND number = ?2 ORDER BY position",
        )?
        .query_map((row, UNSENT), |r| r.get(0))?
        .collect::<Result<_, _>>()?;
    for position in positions {
        outbox::enqueue(tx, row, position)?;
        tx.prepare_cached("UPDATE change SET number = NULL WHERE position = ?1")?
            .execute([position])?;
    }
    tx.prepare_cached("UPDATE document SET number = nullif(number, ?2) WHERE row = ?1")?
        .execute((row, UNSENT))?;
    Ok(())
}
