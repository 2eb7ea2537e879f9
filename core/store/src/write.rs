//! Local writes: change, read model, search and outbox in one durable transaction.
//!
//! When a call returns without an error the write survives a power cut.

use rusqlite::{Connection, Transaction, TransactionBehavior};
use wijkboek_crdt::{ChangeInfo, Document, RawChange, Stamp};
use wijkboek_model::{PrincipalId, Record, RecordId, Write, validate_write};

use crate::documents::{self, Acceptance, Entered, Place};
use crate::projection::Projection;
use crate::{Store, StoreError, outbox, pack, snapshot};

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
        let made = Document::create(id, author, record, stamp)?;
        let tx = begin(&mut self.connection)?;
        enter(&tx, id, &made)?;
        tx.commit()?;
        let (document, change) = made;
        self.recent.keep(document);
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
        let tx = begin(&mut self.connection)?;
        let row = documents::row_of(&tx, id)?.ok_or(StoreError::NotFound { id })?;
        let entered = documents::entered(&tx, row)?;
        let mut document = match self.recent.take(id, &entered.heads) {
            Some(document) => document,
            None => documents::load(&tx, row, id, &[])?,
        };
        for write in writes {
            validate_write(document.origin().record_type, write)?;
        }
        let before = Projection::of(&document.view());
        let Some(change) = document.edit(writes, stamp)? else {
            self.recent.keep(document);
            return Ok(None);
        };
        keep_own(&tx, row, &entered, &document, &change, &before)?;
        tx.commit()?;
        self.recent.keep(document);
        Ok(Some(change))
    }

    /// A transaction that has the write lock from its start and rolls back unless committed.
    pub(crate) fn write(&mut self) -> Result<Transaction<'_>, rusqlite::Error> {
        begin(&mut self.connection)
    }
}

/// Makes a new record inside a transaction.
pub(crate) fn create_in(
    tx: &Connection,
    id: RecordId,
    author: PrincipalId,
    record: &Record,
    stamp: &Stamp,
) -> Result<(Document, RawChange), StoreError> {
    let made = Document::create(id, author, record, stamp)?;
    enter(tx, id, &made)?;
    Ok(made)
}

/// Writes one change to a record inside a transaction; none when nothing would change.
pub(crate) fn edit_in(
    tx: &Connection,
    id: RecordId,
    writes: &[Write],
    stamp: &Stamp,
) -> Result<Option<RawChange>, StoreError> {
    let row = documents::row_of(tx, id)?.ok_or(StoreError::NotFound { id })?;
    let entered = documents::entered(tx, row)?;
    let mut document = documents::load(tx, row, id, &[])?;
    for write in writes {
        validate_write(document.origin().record_type, write)?;
    }
    let before = Projection::of(&document.view());
    let Some(change) = document.edit(writes, stamp)? else { return Ok(None) };
    keep_own(tx, row, &entered, &document, &change, &before)?;
    Ok(Some(change))
}

fn enter(
    tx: &Connection,
    id: RecordId,
    (document, change): &(Document, RawChange),
) -> Result<(), StoreError> {
    let info = ChangeInfo::read(&change.bytes)?;
    let place = documents::place(tx, id)?;
    if let Place::Taken(_) = place {
        return Err(StoreError::Exists { id });
    }
    let entered = Entered { heads: vec![change.hash], ..Entered::default() };
    let row = documents::insert(tx, id, place, &entered)?;
    let position = documents::append_row(tx, row, change, &info, Acceptance::default())?;
    Projection::of(&document.view()).insert(tx, row)?;
    outbox::enqueue(tx, row, position)?;
    Ok(())
}

pub(crate) fn begin(connection: &mut Connection) -> Result<Transaction<'_>, rusqlite::Error> {
    connection.transaction_with_behavior(TransactionBehavior::Immediate)
}

fn keep_own(
    tx: &Connection,
    row: i64,
    entered: &Entered,
    document: &Document,
    change: &RawChange,
    before: &Projection,
) -> Result<(), StoreError> {
    let info = ChangeInfo::read(&change.bytes)?;
    let position = documents::append_row(tx, row, change, &info, Acceptance::default())?;
    documents::set_heads(tx, row, document.heads())?;
    let after = Projection::of(&document.view());
    after.update(tx, row, before)?;
    outbox::enqueue(tx, row, position)?;
    if let Some(pack) = entered.pack {
        pack::leave_class(tx, row, document.origin().id, pack, &after)?;
    }
    snapshot::keep(tx, row, document)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use wijkboek_model::{
        ActorId, Contact, ContactKind, InstallId, LivesIn, Party, Promise, Sensitivity, Status,
        Timestamp,
    };

    use super::*;

    fn contact(note: String) -> Record {
        Record::Contact(Contact {
            kind: ContactKind::Vraag,
            themes: std::collections::BTreeSet::new(),
            note,
            buurt: "BU05970600".parse().expect("an area"),
            place: None,
            lives_in: LivesIn::Here,
            people: 1,
            households: 1,
            party: Party::Bewoner,
            age_group: None,
            occurred_at: Timestamp::from_millis(1_772_529_120_000),
            channel: wijkboek_model::Channel::Wijkronde,
            language: "nld".to_owned(),
            sensitivity: Sensitivity::Gewoon,
            status: Status::Nieuw,
            assignee: None,
            over_optreden: false,
            promise: Promise::Unsaid,
            answer: None,
            feedback: None,
            visit: None,
        })
    }

    #[test]
    fn a_full_disk_is_said_and_loses_nothing() {
        let mut store = Store::in_memory().expect("memory is available");
        let pages: i64 = store
            .connection
            .query_row("PRAGMA page_count", [], |row| row.get(0))
            .expect("a number");
        store
            .connection
            .query_row(&format!("PRAGMA max_page_count = {}", pages + 20), [], |_| Ok(()))
            .expect("capped");
        let at = Timestamp::from_millis(1_772_529_120_000);
        let stamp = Stamp { actor: ActorId::of(InstallId::new([1; 12]), 0), at };
        let author = PrincipalId::from_parts(at, [1; 10]);
        let mut kept = vec![];
        let full = loop {
            let n = u8::try_from(kept.len()).expect("full long before");
            let id = RecordId::from_parts(at, [n; 10]);
            let note = contact("de stoep ligt los ".repeat(300));
            match store.create(id, author, &note, &stamp) {
                Ok(_) => kept.push(id),
                Err(error) => break error,
            }
        };
        assert!(matches!(full, StoreError::Full), "{full:?}");
        assert!(!kept.is_empty());
        assert_eq!(store.ids().expect("ids").len(), kept.len());
        assert_eq!(store.unsent().expect("unsent"), kept.len());
        assert!(store.rebuild().expect("rebuilt").is_clean());

        store
            .connection
            .query_row("PRAGMA max_page_count = 100000", [], |_| Ok(()))
            .expect("space again");
        let id = RecordId::from_parts(at, [255; 10]);
        store.create(id, author, &contact("past weer".to_owned()), &stamp).expect("created");
    }
}
