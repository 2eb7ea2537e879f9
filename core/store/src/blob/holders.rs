//! Who holds a content: the records that name it, the drafts it hangs on, and what the server
//! refused. Making something hold one happens in a transaction that the caller commits.

use rusqlite::{Connection, OptionalExtension, Transaction};
use wijkboek_crdt::{RawChange, Stamp};
use wijkboek_model::{
    BlobHash, Invalid, PrincipalId, Record, RecordId, Rule, SET_MEMBERS_MAX, Write,
};

use super::{BlobKey, BlobKind, BlobOf, HeldBlob, Presence, hash_at, kind_at};
use crate::documents;
use crate::{Attachable, MediaType, Store, StoreError, write};

impl Store {
    /// Attaches a content to a record: one change, into the outbox. None when the record holds it
    /// already.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], [`StoreError::Invalid`] where the record can hold no more,
    /// [`StoreError::Full`]. Nothing is then written.
    pub fn attach(
        &mut self,
        id: RecordId,
        content: &Attachable,
        key: BlobKey,
        stamp: &Stamp,
    ) -> Result<Option<RawChange>, StoreError> {
        let (hash, kind) = (content.hash(), content.media_type().kind());
        self.with_attachable(content, key, |tx| {
            let writes = [Write::Insert(kind.set(), hash.to_string())];
            let change = write::edit_in(tx, id, &writes, stamp)?;
            if change.is_some() {
                to_upload(tx, id, hash)?;
            }
            Ok(change)
        })
    }

    /// Hangs a content on a draft, which is made when its slot is empty; once more does nothing.
    ///
    /// # Errors
    /// [`StoreError::Invalid`] where it can hold no more, [`StoreError::Full`]. Nothing is then
    /// written.
    pub fn attach_to_draft(
        &mut self,
        slot: &str,
        content: &Attachable,
        key: BlobKey,
    ) -> Result<BlobHash, StoreError> {
        let (hash, kind) = (content.hash(), content.media_type().kind());
        self.with_attachable(content, key, |tx| {
            tx.execute("INSERT OR IGNORE INTO draft (slot, json) VALUES (?1, '{}')", [slot])?;
            tx.execute(
                "INSERT OR IGNORE INTO draft_blob (slot, hash, kind) VALUES (?1, ?2, ?3)",
                (slot, hash.as_bytes(), kind.as_str()),
            )?;
            let n: i64 = tx.query_row(
                "SELECT count(*) FROM draft_blob WHERE slot = ?1 AND kind = ?2",
                (slot, kind.as_str()),
                |row| row.get(0),
            )?;
            if usize::try_from(n).is_ok_and(|n| n <= SET_MEMBERS_MAX) {
                return Ok(());
            }
            let rule = Rule::TooMany { max: SET_MEMBERS_MAX };
            Err(Invalid { field: kind.set().key(), rule }.into())
        })?;
        Ok(hash)
    }

    /// Takes a content off a draft; false when it did not hang there.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn detach_from_draft(&mut self, slot: &str, hash: BlobHash) -> Result<bool, StoreError> {
        let n = self.connection.execute(
            "DELETE FROM draft_blob WHERE slot = ?1 AND hash = ?2",
            (slot, hash.as_bytes()),
        )?;
        self.sweep_blobs();
        Ok(n > 0)
    }

    /// Makes a new record of a draft: the record, then what hung on the draft, and the draft goes,
    /// all in one transaction. The form says what the record holds, the draft what hangs on it.
    ///
    /// # Errors
    /// As [`Self::create`]; the draft is then as it was.
    pub fn create_from_draft(
        &mut self,
        slot: &str,
        id: RecordId,
        author: PrincipalId,
        record: &Record,
        stamp: &Stamp,
    ) -> Result<Vec<RawChange>, StoreError> {
        let tx = self.write()?;
        let (_, first) = write::create_in(&tx, id, author, record, stamp)?;
        let attached = take_over(&tx, slot, id, vec![], stamp)?;
        tx.commit()?;
        self.sweep_blobs();
        Ok(std::iter::once(first).chain(attached).collect())
    }

    /// Whether a record may name this content again without bringing it: it does now, or did until
    /// it was taken out a moment ago.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn may_name_blob(&self, id: RecordId, hash: BlobHash) -> Result<bool, StoreError> {
        let row = documents::row_of(&self.connection, id)?;
        let mut statement = self.connection.prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM record_blob WHERE row = ?1 AND hash = ?2)
                OR EXISTS (SELECT 1 FROM blob_undo WHERE row = ?1 AND hash = ?2)",
        )?;
        Ok(statement.query_row((row, hash.as_bytes()), |row| row.get(0))?)
    }

    /// Writes a draft into a record that is here: these writes and what hung on the draft in one
    /// change, and the draft goes, all in one transaction. None when nothing would change.
    ///
    /// # Errors
    /// As [`Self::edit`]; the draft is then as it was.
    pub fn edit_from_draft(
        &mut self,
        slot: &str,
        id: RecordId,
        writes: Vec<Write>,
        stamp: &Stamp,
    ) -> Result<Option<RawChange>, StoreError> {
        let tx = self.write()?;
        let change = take_over(&tx, slot, id, writes, stamp)?;
        tx.commit()?;
        self.sweep_blobs();
        Ok(change)
    }
}

/// Moves what hangs on a draft to a record, together with these writes, and deletes the draft.
fn take_over(
    tx: &Transaction<'_>,
    slot: &str,
    id: RecordId,
    mut writes: Vec<Write>,
    stamp: &Stamp,
) -> Result<Option<RawChange>, StoreError> {
    let held = of_draft(tx, slot)?;
    writes.extend(held.iter().map(|blob| Write::Insert(blob.kind.set(), blob.hash.to_string())));
    let change = write::edit_in(tx, id, &writes, stamp)?;
    for blob in &held {
        to_upload(tx, id, blob.hash)?;
    }
    tx.execute("DELETE FROM draft WHERE slot = ?1", [slot])?;
    Ok(change)
}

/// Notes that the server has to get a content under this record.
fn to_upload(tx: &Connection, id: RecordId, hash: BlobHash) -> Result<(), StoreError> {
    let row = documents::row_of(tx, id)?.ok_or(StoreError::NotFound { id })?;
    tx.prepare_cached("INSERT OR IGNORE INTO blob_upload (row, hash) VALUES (?1, ?2)")?
        .execute((row, hash.as_bytes()))?;
    Ok(())
}

pub(super) fn of_record(db: &Connection, id: RecordId) -> Result<Vec<HeldBlob>, StoreError> {
    let Some(row) = documents::row_of(db, id)? else { return Ok(vec![]) };
    let mut statement = db.prepare_cached(
        "SELECT r.hash, r.kind, b.media_type, b.size, u.hash IS NOT NULL FROM record_blob r
         LEFT JOIN blob b ON b.hash = r.hash
         LEFT JOIN blob_upload u ON u.row = r.row AND u.hash = r.hash
         WHERE r.row = ?1 ORDER BY r.kind DESC, r.hash",
    )?;
    let held = statement.query_map([row], held_at)?.collect::<Result<_, _>>()?;
    Ok(held)
}

pub(super) fn of_draft(db: &Connection, slot: &str) -> Result<Vec<HeldBlob>, rusqlite::Error> {
    db.prepare_cached(
        "SELECT d.hash, d.kind, b.media_type, b.size, 1 FROM draft_blob d
         JOIN blob b ON b.hash = d.hash
         WHERE d.slot = ?1 ORDER BY d.kind DESC, d.position",
    )?
    .query_map([slot], held_at)?
    .collect()
}

fn held_at(row: &rusqlite::Row<'_>) -> Result<HeldBlob, rusqlite::Error> {
    let (hash, kind) = (hash_at(row, 0)?, kind_at(row, 1)?);
    let presence = match row.get::<_, Option<i64>>(3)? {
        None => Presence::ToFetch,
        Some(size) => Presence::Here {
            media_type: row
                .get::<_, Option<String>>(2)?
                .and_then(|name| MediaType::from_name(&name)),
            size: size.cast_unsigned(),
            to_upload: row.get(4)?,
        },
    };
    Ok(HeldBlob { hash, kind, presence })
}

/// Whether this is a way to reach a content.
pub(super) fn holds(
    db: &Connection,
    of: BlobOf<'_>,
    hash: BlobHash,
) -> Result<bool, rusqlite::Error> {
    match of {
        BlobOf::Record(id) => {
            let row = documents::row_of(db, id)?;
            db.prepare_cached(
                "SELECT EXISTS (SELECT 1 FROM record_blob WHERE row = ?1 AND hash = ?3)
                    OR EXISTS (SELECT 1 FROM blob_refused WHERE id = ?2 AND hash = ?3)",
            )?
            .query_row((row, id.as_bytes(), hash.as_bytes()), |row| row.get(0))
        }
        BlobOf::Draft(slot) => db
            .prepare_cached("SELECT 1 FROM draft_blob WHERE slot = ?1 AND hash = ?2")?
            .query_row((slot, hash.as_bytes()), |_| Ok(()))
            .optional()
            .map(|found| found.is_some()),
    }
}

/// Takes something out of a document that the server refused, and keeps what the document no longer
/// names then for the author of it.
pub(crate) fn refuse_with<T>(
    tx: &Connection,
    row: i64,
    id: RecordId,
    take_out: impl FnOnce() -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    let named = |row: i64| -> Result<Vec<BlobHash>, rusqlite::Error> {
        tx.prepare_cached(
            "SELECT r.hash FROM record_blob r JOIN blob b ON b.hash = r.hash WHERE r.row = ?1",
        )?
        .query_map([row], |row| hash_at(row, 0))?
        .collect()
    };
    let before = named(row)?;
    let out = take_out()?;
    let after = named(row)?;
    for hash in before.iter().filter(|hash| !after.contains(hash)) {
        tx.prepare_cached("INSERT OR IGNORE INTO blob_refused (id, hash) VALUES (?1, ?2)")?
            .execute((id.as_bytes(), hash.as_bytes()))?;
    }
    Ok(out)
}

/// The members of a record's sets of contents.
pub(crate) fn named_in(
    parts: &wijkboek_model::Parts,
) -> std::collections::BTreeSet<(BlobKind, BlobHash)> {
    BlobKind::ALL
        .into_iter()
        .flat_map(|kind| {
            let members = parts.sets.get(&kind.set()).into_iter().flatten();
            members.filter_map(move |member| Some((kind, member.parse().ok()?)))
        })
        .collect()
}
