//! Local writes: change, read model, search and outbox in one durable transaction.
//!
//! When a call returns without an error the write survives a power cut.

use rusqlite::{Connection, Transaction, TransactionBehavior};
use wijkboek_crdt::{ChangeInfo, Document, RawChange, Stamp};
use wijkboek_model::{PrincipalId, Record, RecordId, Write, validate_write};

use crate::documents::{self, Acceptance};
use crate::projection::Projection;
use crate::{Store, StoreError, outbox};

impl Store {
    /// Makes a new record and puts its first change into the outbox.
    ///
    /// # Errors
    /// [`StoreError::Invalid`] for a record that breaks a rule, [`StoreError::Exists`] for an id
    /// that is taken, [`StoreError::Full`] when the disk is.
    pub fn create(
        &mut self,
        id: RecordId,
        author: PrincipalId,
        record: &Record,
        stamp: &Stamp,
    ) -> Result<RawChange, StoreError> {
        let (document, change) = Document::create(id, author, record, stamp)?;
        let tx = self.write()?;
        if documents::row_of(&tx, id)?.is_some() {
            return Err(StoreError::Exists { id });
        }
        let row = documents::insert(&tx, id)?;
        keep_own(&tx, row, &document, &change)?;
        tx.commit()?;
        Ok(change)
    }

    /// Writes one change to a record and puts it into the outbox; none when nothing would change.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], [`StoreError::Invalid`] for a write that breaks a rule,
    /// [`StoreError::Document`] where a newer version wrote it, [`StoreError::Full`].
    pub fn edit(
        &mut self,
        id: RecordId,
        writes: &[Write],
        stamp: &Stamp,
    ) -> Result<Option<RawChange>, StoreError> {
        let tx = self.write()?;
        let row = documents::row_of(&tx, id)?.ok_or(StoreError::NotFound { id })?;
        let mut document = documents::load(&tx, row, id, &[])?;
        for write in writes {
            validate_write(document.origin().record_type, write)?;
        }
        let Some(change) = document.edit(writes, stamp)? else {
            return Ok(None);
        };
        keep_own(&tx, row, &document, &change)?;
        tx.commit()?;
        Ok(Some(change))
    }

    /// A transaction that has the write lock from its start and rolls back unless committed.
    pub(crate) fn write(&mut self) -> Result<Transaction<'_>, rusqlite::Error> {
        self.connection.transaction_with_behavior(TransactionBehavior::Immediate)
    }
}

fn keep_own(
    tx: &Connection,
    row: i64,
    document: &Document,
    change: &RawChange,
) -> Result<(), StoreError> {
    let info = ChangeInfo::read(&change.bytes)?;
    let position = documents::append(tx, row, change, &info, Acceptance::default())?;
    Projection::of(document).save(tx, row)?;
    outbox::enqueue(tx, row, position)?;
    Ok(())
}
