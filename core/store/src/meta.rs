//! Small facts by name, and the reference data.
//!
//! The server's opaque pull state lies here too, written only together with what was pulled.

use rusqlite::{Connection, OptionalExtension};
use wijkboek_model::Reference;

use crate::{Store, StoreError};

/// The name under which [`crate::Ingest::pull_state`] is kept.
pub const PULL_STATE: &str = "pull-state";

impl Store {
    /// What was last kept under this name.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn meta(&self, key: &str) -> Result<Option<Vec<u8>>, StoreError> {
        let mut statement =
            self.connection.prepare_cached("SELECT value FROM meta WHERE key = ?1")?;
        Ok(statement.query_row([key], |row| row.get(0)).optional()?)
    }

    /// Keeps a value under a name.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn set_meta(&mut self, key: &str, value: &[u8]) -> Result<(), StoreError> {
        set_meta(&self.connection, key, value)?;
        Ok(())
    }

    /// The pull state of the last [`Store::ingest`] that carried one.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn pull_state(&self) -> Result<Option<Vec<u8>>, StoreError> {
        self.meta(PULL_STATE)
    }

    /// The reference data; none before it was first fetched.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn reference(&self) -> Result<Option<Reference>, StoreError> {
        let json: Option<String> = self
            .connection
            .prepare_cached("SELECT json FROM reference")?
            .query_row([], |row| row.get(0))
            .optional()?;
        Ok(json.map(|json| Reference::from_json(&json)).transpose()?)
    }

    /// The version of the reference data, without reading all of it.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn reference_version(&self) -> Result<Option<u64>, StoreError> {
        let mut statement = self.connection.prepare_cached("SELECT version FROM reference")?;
        let version: Option<i64> = statement.query_row([], |row| row.get(0)).optional()?;
        Ok(version.map(i64::cast_unsigned))
    }

    /// Replaces the reference data.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn set_reference(&mut self, reference: &Reference) -> Result<(), StoreError> {
        self.connection.execute(
            "INSERT INTO reference (only_one, version, json) VALUES (1, ?1, ?2)
             ON CONFLICT DO UPDATE SET version = ?1, json = ?2",
            (reference.version.cast_signed(), reference.to_json()?),
        )?;
        Ok(())
    }
}

pub(crate) fn set_meta(db: &Connection, key: &str, value: &[u8]) -> Result<(), rusqlite::Error> {
    db.prepare_cached(
        "INSERT INTO meta (key, value) VALUES (?1, ?2) ON CONFLICT DO UPDATE SET value = ?2",
    )?
    .execute((key, value))?;
    Ok(())
}
