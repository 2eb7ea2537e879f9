//! Opening a database: refuse first, touch later.
//!
//! Until the file is known to be ours and not newer, nothing is written, not even a checkpoint.

use std::path::Path;
use std::time::Duration;

use rusqlite::Connection;
use rusqlite::config::DbConfig;

use crate::blob::{Folder, sweep_at_open};
use crate::key::{DatabaseKey, Form};
use crate::recent::Recent;
use crate::{OpenError, Store, migrate, rescue};

impl Store {
    /// Opens the database in this file, makes it when there is none, and brings it up to date.
    ///
    /// # Errors
    /// [`OpenError`]; the file is then left as it was.
    pub fn open(path: &Path) -> Result<Self, OpenError> {
        rescue::finish(path)?;
        match Form::of(path)? {
            Form::Encrypted => return Err(OpenError::KeyRequired),
            // What cannot be a database is found out by reading it.
            Form::Absent | Form::Plain | Form::Unknown => {}
        }
        Self::prepare(Connection::open(path)?, Some(path))
    }

    /// Opens the encrypted database in this file, or makes one.
    ///
    /// # Errors
    /// [`OpenError::WrongKey`], [`OpenError::NotEncrypted`], [`OpenError::EncryptionUnavailable`]
    /// where this program was built without the feature `sqlcipher`, and those of [`Self::open`].
    /// The file is then left as it was.
    pub fn open_with_key(path: &Path, key: &DatabaseKey) -> Result<Self, OpenError> {
        rescue::finish(path)?;
        cipher::open(path, key)
    }

    /// Encrypts a plain database in its place; nothing happens when that was done before.
    ///
    /// A kill or a power cut at any moment leaves the plain database or the encrypted one, whole.
    /// The plain file's blocks go back to the file system without being overwritten: on flash
    /// storage nobody can promise more, so encrypt before there is anything to hide.
    ///
    /// # Errors
    /// [`OpenError::WrongKey`] when it is encrypted with another key, [`OpenError::Locked`] while
    /// somebody else has it open, [`OpenError::EncryptionUnavailable`], [`OpenError::Full`].
    pub fn encrypt(path: &Path, key: &DatabaseKey) -> Result<(), OpenError> {
        cipher::encrypt(path, key)
    }

    /// A database that is gone when it is dropped.
    ///
    /// # Errors
    /// [`OpenError`], when there is no memory.
    pub fn in_memory() -> Result<Self, OpenError> {
        Self::prepare(Connection::open_in_memory()?, None)
    }

    /// Moves everything from the write-ahead log into the database file and empties the log, so
    /// that what was deleted is on no page of either.
    ///
    /// Answers false when another connection was still reading from the log.
    ///
    /// # Errors
    /// [`crate::StoreError`].
    pub fn checkpoint(&self) -> Result<bool, crate::StoreError> {
        let busy: bool =
            self.connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
        Ok(!busy)
    }

    /// Sets how far a commit waits for the disk: a local write is on it before it returns; what
    /// the server sent can be fetched again, so losing the last of it to a power cut is no loss.
    pub(crate) fn durable(&self, durable: bool) -> Result<(), rusqlite::Error> {
        let level = if durable { "FULL" } else { "NORMAL" };
        self.connection.pragma_update(None, "synchronous", level)
    }

    /// Checks and prepares a connection to which the key, if any, was given.
    pub(crate) fn prepare(
        mut connection: Connection,
        path: Option<&Path>,
    ) -> Result<Self, OpenError> {
        connection.busy_timeout(BUSY_WAIT)?;
        // Closing a refused database must not fold its write-ahead log into it.
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
        migrate::check(&connection, migrate::MIGRATIONS)?;
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, false)?;
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        connection.pragma_update(None, "synchronous", "FULL")?;
        connection.pragma_update(None, "secure_delete", true)?;
        connection.pragma_update(None, "temp_store", "MEMORY")?;
        connection.set_prepared_statement_cache_capacity(STATEMENTS_CACHED);
        // Without foreign keys a migration may put another table in the place of one that others
        // refer to.
        connection.pragma_update(None, "foreign_keys", false)?;
        migrate::run(&mut connection, migrate::MIGRATIONS, migrate::refill)?;
        connection.pragma_update(None, "foreign_keys", true)?;
        let folder = path.map(Folder::beside);
        sweep_at_open(&mut connection, folder.as_ref());
        Ok(Self { connection, recent: Recent::default(), folder })
    }
}

/// Gives a connection its key.
pub(crate) fn unlock(connection: &Connection, key: &DatabaseKey) -> Result<(), OpenError> {
    cipher::unlock(connection, "main", key)
}

#[cfg(not(feature = "sqlcipher"))]
mod cipher {
    use std::path::Path;

    use crate::{DatabaseKey, OpenError, Store};

    pub(super) fn open(_: &Path, _: &DatabaseKey) -> Result<Store, OpenError> {
        Err(OpenError::EncryptionUnavailable)
    }

    pub(super) fn encrypt(_: &Path, _: &DatabaseKey) -> Result<(), OpenError> {
        Err(OpenError::EncryptionUnavailable)
    }

    pub(super) fn unlock(
        _: &rusqlite::Connection,
        _: &str,
        _: &DatabaseKey,
    ) -> Result<(), OpenError> {
        Err(OpenError::EncryptionUnavailable)
    }
}

#[cfg(feature = "sqlcipher")]
use crate::key_cipher as cipher;

const BUSY_WAIT: Duration = Duration::from_secs(5);
const STATEMENTS_CACHED: usize = 128;
