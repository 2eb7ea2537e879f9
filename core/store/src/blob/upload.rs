//! What still has to go to the server or come from it. A content goes after the text that names
//! it: not before every change of its record was acknowledged.

use wijkboek_model::{BlobHash, RecordId};

use super::{BlobKind, hash_at, kind_at};
use crate::documents::{self, id_at};
use crate::{MediaType, Store, StoreError, outbox};

/// A content that the server has to get.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BlobToUpload {
    /// The record under which it goes.
    pub id: RecordId,
    /// Its name.
    pub hash: BlobHash,
    /// What it is; none when this version does not know.
    pub media_type: Option<MediaType>,
    /// Bytes.
    pub size: u64,
}

/// A content that a record names and that is not here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BlobToFetch {
    /// The record under which it is to be asked for.
    pub id: RecordId,
    /// Its name.
    pub hash: BlobHash,
    /// As what the record names it.
    pub kind: BlobKind,
}

impl Store {
    /// Contents that the server does not have yet and whose records it has, oldest record first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn blobs_to_upload(&self, limit: usize) -> Result<Vec<BlobToUpload>, StoreError> {
        let mut statement = self.connection.prepare_cached(
            "SELECT d.id, u.hash, b.media_type, b.size FROM blob_upload u
             JOIN document d ON d.row = u.row JOIN blob b ON b.hash = u.hash
             WHERE NOT EXISTS (SELECT 1 FROM outbox o WHERE o.row = u.row)
                AND EXISTS (SELECT 1 FROM record_blob r WHERE r.row = u.row AND r.hash = u.hash)
             ORDER BY u.row, u.hash LIMIT ?1",
        )?;
        let items = statement
            .query_map([i64::try_from(limit).unwrap_or(i64::MAX)], |row| {
                Ok(BlobToUpload {
                    id: id_at(row, 0)?,
                    hash: hash_at(row, 1)?,
                    media_type: row
                        .get::<_, Option<String>>(2)?
                        .and_then(|name| MediaType::from_name(&name)),
                    size: row.get::<_, i64>(3)?.cast_unsigned(),
                })
            })?
            .collect::<Result<_, _>>()?;
        Ok(items)
    }

    /// How many contents the server has not acknowledged.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn unsent_blobs(&self) -> Result<usize, StoreError> {
        let n: i64 = self
            .connection
            .prepare_cached("SELECT count(*) FROM blob_upload")?
            .query_row([], |row| row.get(0))?;
        Ok(usize::try_from(n).unwrap_or(usize::MAX))
    }

    /// Notes that the server has a content under this record; also when it says so twice.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn mark_uploaded(&mut self, id: RecordId, hash: BlobHash) -> Result<(), StoreError> {
        let tx = self.write()?;
        if let Some(row) = documents::row_of(&tx, id)? {
            tx.prepare_cached("DELETE FROM blob_upload WHERE row = ?1 AND hash = ?2")?
                .execute((row, hash.as_bytes()))?;
            outbox::drop_forgotten(&tx, id)?;
        }
        tx.commit()?;
        self.sweep_blobs();
        Ok(())
    }

    /// Contents that records name and that are not here, newest record first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn blobs_to_fetch(&self, limit: usize) -> Result<Vec<BlobToFetch>, StoreError> {
        let mut statement = self.connection.prepare_cached(
            "SELECT d.id, r.hash, r.kind FROM record_blob r JOIN document d ON d.row = r.row
             WHERE NOT EXISTS (SELECT 1 FROM blob b WHERE b.hash = r.hash)
             ORDER BY r.row DESC, r.hash LIMIT ?1",
        )?;
        let items = statement
            .query_map([i64::try_from(limit).unwrap_or(i64::MAX)], |row| {
                Ok(BlobToFetch {
                    id: id_at(row, 0)?,
                    hash: hash_at(row, 1)?,
                    kind: kind_at(row, 2)?,
                })
            })?
            .collect::<Result<_, _>>()?;
        Ok(items)
    }
}
