//! Databases encrypted with SQLCipher, and how a plain one becomes encrypted.
//!
//! Nothing is written to a file before its key has proven right.

use std::path::Path;

use rusqlite::{Connection, OpenFlags, OptionalExtension};

use crate::key::{DatabaseKey, Form, check_fits, digest_path};
use crate::{OpenError, Store, files};

pub(crate) fn open(path: &Path, key: &DatabaseKey) -> Result<Store, OpenError> {
    check_fits(path, Some(key))?;
    let form = Form::of(path)?;
    if form == Form::Absent {
        // The digest is there before the database: an encrypted one always has it.
        files::write_whole(&digest_path(path), &key.digest())?;
    }
    let connection = Connection::open(path)?;
    unlock(&connection, "main", key)?;
    match Store::prepare(connection, Some(path)) {
        Ok(store) => {
            if form == Form::Unknown {
                files::write_whole(&digest_path(path), &key.digest())?;
            }
            Ok(store)
        }
        // Without a digest nothing tells a wrong key from a damaged first page.
        Err(OpenError::Damaged) if form == Form::Unknown => Err(OpenError::WrongKey),
        Err(error) => Err(error),
    }
}

pub(crate) fn encrypt(path: &Path, key: &DatabaseKey) -> Result<(), OpenError> {
    let sealed = files::beside(path, SEALED);
    match Form::of(path)? {
        Form::Absent => return Ok(()),
        Form::Plain => {}
        Form::Encrypted | Form::Unknown => {
            drop(open(path, key)?);
            return Ok(discard(&sealed)?);
        }
    }
    // Brings it up to date, and refuses what is not ours.
    let store = Store::open(path)?;
    if !store.checkpoint().map_err(|_| OpenError::Damaged)? {
        return Err(OpenError::Locked);
    }
    drop(store);
    discard(&sealed)?;
    let before = export(path, &sealed, key)?;
    let after = {
        let copy = Connection::open_with_flags(&sealed, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        unlock(&copy, "main", key)?;
        let sound: String = copy.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))?;
        if sound != "ok" {
            return Err(OpenError::Damaged);
        }
        census(&copy)?
    };
    if before != after {
        return Err(OpenError::Damaged);
    }
    std::fs::File::open(&sealed)?.sync_all()?;
    files::write_whole(&digest_path(path), &key.digest())?;
    std::fs::rename(&sealed, path)?;
    files::sync_folder_of(path)?;
    for of_the_plain_one in ["-wal", "-shm"] {
        files::remove(&files::beside(path, of_the_plain_one))?;
    }
    tracing::info!("the database was encrypted");
    Ok(())
}

/// Gives a connection its key; whether it is the right one shows at the first reading.
pub(crate) fn unlock(
    connection: &Connection,
    schema: &str,
    key: &DatabaseKey,
) -> Result<(), OpenError> {
    // What fails is answered with an error; SQLCipher would write about it to standard error too.
    connection.query_row("PRAGMA cipher_log_level = NONE", [], |_| Ok(())).optional()?;
    Ok(connection.key(Some(schema), key.literal().as_str(), false)?)
}

/// Copies the whole database into an encrypted file, alone with it; answers what it held.
fn export(path: &Path, sealed: &Path, key: &DatabaseKey) -> Result<Census, OpenError> {
    let plain = Connection::open(path)?;
    plain.pragma_update(None, "locking_mode", "EXCLUSIVE")?;
    // Takes the lock, and keeps it.
    plain.execute_batch("BEGIN IMMEDIATE; COMMIT")?;
    let census = census(&plain)?;
    let sealed = sealed.to_str().ok_or_else(|| {
        OpenError::Files(std::io::Error::new(std::io::ErrorKind::InvalidInput, "no UTF-8 path"))
    })?;
    plain.execute("ATTACH ?1 AS sealed", [sealed])?;
    unlock(&plain, "sealed", key)?;
    plain.query_row("SELECT sqlcipher_export('sealed')", [], |_| Ok(())).optional()?;
    for number in ["application_id", "user_version"] {
        let value: i64 = plain.query_row(&format!("PRAGMA main.{number}"), [], |r| r.get(0))?;
        plain.pragma_update(Some("sealed"), number, value)?;
    }
    plain.execute("DETACH sealed", [])?;
    Ok(census)
}

/// How many rows there are of each table, which an export must not change.
type Census = Vec<(String, i64)>;

fn census(db: &Connection) -> Result<Census, rusqlite::Error> {
    let tables: Vec<String> = db
        .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")?
        .query_map([], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    tables
        .into_iter()
        .map(|table| {
            let rows =
                db.query_row(&format!("SELECT count(*) FROM \"{table}\""), [], |row| row.get(0))?;
            Ok((table, rows))
        })
        .collect()
}

fn discard(sealed: &Path) -> std::io::Result<()> {
    for suffix in ["", "-journal", "-wal", "-shm"] {
        files::remove(&files::beside(sealed, suffix))?;
    }
    Ok(())
}

/// Behind the name of an encrypted copy that has not taken its place yet.
const SEALED: &str = "-encrypting";
