//! Deleting what nothing holds: the key in a durable transaction first, which makes the file
//! unreadable, then the file, then the note that there was one.
//!
//! A kill anywhere leaves a note from which the next sweep goes on. Deleting is never what fails a
//! call: what could not be deleted now is deleted when the store is opened next.

use rusqlite::Connection;

use super::{BlobKey, FileName, Folder, hash_at};
use crate::{Store, StoreError, write};

impl Store {
    /// Deletes contents that nothing holds any more, and files that nothing claims. Happens by
    /// itself after each call that lets go of one.
    pub fn sweep_blobs(&mut self) {
        sweep(&mut self.connection, self.folder.as_ref());
    }
}

/// What a store does when it is opened: what was taken out of a record and sent cannot come back,
/// and whatever a kill left behind goes.
pub(crate) fn sweep_at_open(connection: &mut Connection, folder: Option<&Folder>) {
    // A document that cannot be read names nothing, and must not lose anything by that.
    let settled = connection.execute(
        "DELETE FROM blob_undo
         WHERE NOT EXISTS (SELECT 1 FROM outbox o WHERE o.row = blob_undo.row)
            AND EXISTS (SELECT 1 FROM record r WHERE r.row = blob_undo.row AND r.readable = 1)",
        [],
    );
    if let Err(error) = settled {
        tracing::warn!(%error, "attachments that were taken out stay for now");
    }
    sweep(connection, folder);
}

/// See [`Store::sweep_blobs`].
pub(crate) fn sweep(connection: &mut Connection, folder: Option<&Folder>) {
    if let Err(error) = collect(connection).and_then(|()| discard(connection, folder)) {
        tracing::warn!(%error, "attachments that nothing holds stay for now");
    }
}

/// Deletes the keys of contents that nothing holds.
pub(super) fn collect(connection: &mut Connection) -> Result<(), StoreError> {
    if !any(connection, "SELECT EXISTS (SELECT 1 FROM blob_loose)")? {
        return Ok(());
    }
    let tx = write::begin(connection)?;
    let unheld: Vec<(BlobKey, wijkboek_model::BlobHash)> = tx
        .prepare_cached(UNHELD)?
        .query_map([], |row| Ok((BlobKey::new(row.get(0)?), hash_at(row, 1)?)))?
        .collect::<Result<_, _>>()?;
    for (key, hash) in &unheld {
        strand(&tx, FileName::of(key, *hash))?;
        tx.prepare_cached("DELETE FROM blob WHERE hash = ?1")?.execute([hash.as_bytes()])?;
    }
    tx.execute("DELETE FROM blob_loose", [])?;
    tx.commit()?;
    Ok(())
}

/// Deletes the files that must not be. The lock keeps them from being claimed meanwhile.
fn discard(connection: &mut Connection, folder: Option<&Folder>) -> Result<(), StoreError> {
    // Without the folder there is nothing to delete; and should it only be another one than it was,
    // the notes stay true.
    let Some(folder) = folder.filter(|folder| folder.exists()) else { return Ok(()) };
    if !any(connection, "SELECT EXISTS (SELECT 1 FROM stranded)")? {
        return Ok(());
    }
    let tx = write::begin(connection)?;
    let names: Vec<FileName> = tx
        .prepare_cached("SELECT file FROM stranded")?
        .query_map([], |row| row.get(0).map(FileName::from_bytes))?
        .collect::<Result<_, _>>()?;
    for name in names {
        match folder.remove(name) {
            Ok(()) => {
                tx.prepare_cached("DELETE FROM stranded WHERE file = ?1")?
                    .execute([name.as_bytes()])?;
            }
            Err(error) => tracing::warn!(%error, "a file that nothing claims stays for now"),
        }
    }
    tx.commit()?;
    Ok(())
}

/// Notes that a file must not be.
pub(super) fn strand(tx: &Connection, name: FileName) -> Result<(), rusqlite::Error> {
    tx.prepare_cached("INSERT OR IGNORE INTO stranded (file) VALUES (?1)")?
        .execute([name.as_bytes()])?;
    Ok(())
}

fn any(db: &Connection, sql: &str) -> Result<bool, rusqlite::Error> {
    db.prepare_cached(sql)?.query_row([], |row| row.get(0))
}

const UNHELD: &str = "
    SELECT b.key, b.hash FROM blob_loose l JOIN blob b ON b.hash = l.hash
    WHERE NOT EXISTS (SELECT 1 FROM record_blob x WHERE x.hash = l.hash)
        AND NOT EXISTS (SELECT 1 FROM draft_blob x WHERE x.hash = l.hash)
        AND NOT EXISTS (SELECT 1 FROM blob_upload x WHERE x.hash = l.hash)
        AND NOT EXISTS (SELECT 1 FROM blob_undo x WHERE x.hash = l.hash)
        AND NOT EXISTS (SELECT 1 FROM blob_refused x WHERE x.hash = l.hash)";
