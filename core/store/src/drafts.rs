//! What somebody is still typing. Opaque to the store: it only promises not to lose it.

use rusqlite::OptionalExtension;

use crate::{Store, StoreError};

/// One draft.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// Which form it belongs to.
    pub slot: String,
    /// What the form wrote.
    pub json: String,
}

impl Store {
    /// Keeps a draft, in place of the one that was in its slot.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn save_draft(&mut self, slot: &str, json: &str) -> Result<(), StoreError> {
        self.connection
            .prepare_cached(
                "INSERT INTO draft (slot, json) VALUES (?1, ?2)
                 ON CONFLICT DO UPDATE SET json = ?2",
            )?
            .execute((slot, json))?;
        Ok(())
    }

    /// The draft in a slot.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn draft(&self, slot: &str) -> Result<Option<String>, StoreError> {
        let mut statement =
            self.connection.prepare_cached("SELECT json FROM draft WHERE slot = ?1")?;
        Ok(statement.query_row([slot], |row| row.get(0)).optional()?)
    }

    /// All drafts, in the order in which their slots were first used.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn drafts(&self) -> Result<Vec<Draft>, StoreError> {
        let mut statement =
            self.connection.prepare_cached("SELECT slot, json FROM draft ORDER BY rowid")?;
        let drafts = statement
            .query_map([], |row| Ok(Draft { slot: row.get(0)?, json: row.get(1)? }))?
            .collect::<Result<_, _>>()?;
        Ok(drafts)
    }

    /// Deletes a draft and lets go of what hangs on it; nothing happens when there is none.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn delete_draft(&mut self, slot: &str) -> Result<(), StoreError> {
        self.connection.execute("DELETE FROM draft WHERE slot = ?1", [slot])?;
        self.sweep_blobs();
        Ok(())
    }
}
