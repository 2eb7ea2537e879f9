//! Photos and recordings: contents in encrypted files, and who holds them.
//!
//! A content is reached through the record or draft that holds it, never by its hash alone. It is
//! claimed in the same transaction that makes something hold it, after its file is on the disk; it
//! goes, key first and then the file, when nothing holds it any more.

mod folder;
mod holders;
mod sealed;
mod sweep;
#[cfg(test)]
mod tests;
mod upload;

use std::io::Read;
use std::ops::Range;

use rusqlite::{Connection, OptionalExtension, Transaction, named_params};
use wijkboek_model::{BlobHash, RecordId, SetField};
use zeroize::Zeroize;

use crate::documents::not_ours;
#[cfg(test)]
use crate::files;
use crate::{Attachable, MediaType, Store, StoreError, write};

use folder::FileName;
pub(crate) use folder::Folder;
pub(crate) use holders::{named_in, refuse_with};
use sealed::{ReadError, SealError, Sealed};
pub(crate) use sweep::sweep_at_open;
pub use upload::{BlobToFetch, BlobToUpload};

/// Thirty-two random bytes that encrypt one file. The store has no randomness, so whoever adds a
/// content brings a new one; it is used once and overwritten when it is dropped.
pub struct BlobKey([u8; 32]);

impl BlobKey {
    /// Takes random bytes over.
    pub fn new(random: [u8; 32]) -> Self {
        Self(random)
    }

    fn bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl Drop for BlobKey {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl std::fmt::Debug for BlobKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("BlobKey")
    }
}

/// As what a record or draft holds a content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BlobKind {
    /// A photo.
    Photo,
    /// A recording.
    Audio,
}

impl BlobKind {
    /// The set of a record whose members are such contents.
    pub const fn set(self) -> SetField {
        match self {
            Self::Photo => SetField::Photos,
            Self::Audio => SetField::Audio,
        }
    }

    pub(crate) const ALL: [Self; 2] = [Self::Photo, Self::Audio];

    /// As it stands in a column.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Photo => "photo",
            Self::Audio => "audio",
        }
    }

    pub(crate) fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }
}

impl MediaType {
    /// As what it is attached.
    pub const fn kind(self) -> BlobKind {
        match self {
            Self::Jpeg => BlobKind::Photo,
            Self::Mp4Audio | Self::OggOpus | Self::Wav => BlobKind::Audio,
        }
    }

    /// What a content is, by its first bytes.
    fn of_start(start: &[u8; sealed::START]) -> Option<Self> {
        match start {
            [0xff, 0xd8, 0xff, ..] => Some(Self::Jpeg),
            [b'O', b'g', b'g', b'S', ..] => Some(Self::OggOpus),
            [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'A', b'V', b'E'] => Some(Self::Wav),
            [_, _, _, _, b'f', b't', b'y', b'p', ..] => Some(Self::Mp4Audio),
            _other_bytes => None,
        }
    }
}

/// Through what a content is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BlobOf<'a> {
    /// A record that names it, or of which the server refused a change that did.
    Record(RecordId),
    /// The draft in this slot.
    Draft(&'a str),
}

/// A content that a record or draft holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HeldBlob {
    /// Its name.
    pub hash: BlobHash,
    /// As what.
    pub kind: BlobKind,
    /// Where it is.
    pub presence: Presence,
}

/// Whether a content is on this device.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presence {
    /// It is.
    Here {
        /// What it is; none when this version does not know.
        media_type: Option<MediaType>,
        /// Bytes.
        size: u64,
        /// Whether it still has to go to the server, under this record; true for a draft's.
        to_upload: bool,
    },
    /// It is still to be fetched.
    ToFetch,
}

impl Store {
    /// Where files lie that belong to the database: in a folder beside it, unless said otherwise.
    /// A database in memory has none and attaches nothing before this was called.
    pub fn set_blob_folder(&mut self, folder: std::path::PathBuf) {
        self.folder = Some(Folder::at(folder));
        self.sweep_blobs();
    }

    /// What a record or draft holds, photos first; empty when it is not here.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn blobs(&self, of: BlobOf<'_>) -> Result<Vec<HeldBlob>, StoreError> {
        match of {
            BlobOf::Record(id) => holders::of_record(&self.connection, id),
            BlobOf::Draft(slot) => Ok(holders::of_draft(&self.connection, slot)?),
        }
    }

    /// A whole content.
    ///
    /// # Errors
    /// [`StoreError::BlobMissing`] when this does not hold it, or it has not been fetched yet;
    /// [`StoreError::BlobDamaged`] when its file is not what was written.
    pub fn read_blob(&self, of: BlobOf<'_>, hash: BlobHash) -> Result<Vec<u8>, StoreError> {
        self.read_blob_range(of, hash, 0..u64::MAX)
    }

    /// A part of a content, without reading the rest; less where the content ends before.
    ///
    /// # Errors
    /// As [`Self::read_blob`].
    pub fn read_blob_range(
        &self,
        of: BlobOf<'_>,
        hash: BlobHash,
        range: Range<u64>,
    ) -> Result<Vec<u8>, StoreError> {
        if !holders::holds(&self.connection, of, hash)? {
            return Err(StoreError::BlobMissing { hash });
        }
        let Some(entered) = Entered::of(&self.connection, hash)? else {
            return Err(StoreError::BlobMissing { hash });
        };
        let path = self.folder()?.path(FileName::of(&entered.key, hash));
        sealed::read(&path, &entered.key, hash, entered.size, range).map_err(|error| match error {
            ReadError::Damaged => StoreError::BlobDamaged { hash },
            ReadError::Io(error) => error.into(),
        })
    }

    /// Keeps a content that a record names and that came from the server.
    ///
    /// # Errors
    /// [`StoreError::BlobMissing`] when the record does not name it, [`StoreError::OtherContent`]
    /// when it is not what its hash says, [`StoreError::Full`]. Nothing of it is then kept.
    pub fn keep_fetched(
        &mut self,
        id: RecordId,
        hash: BlobHash,
        content: &mut dyn Read,
        key: BlobKey,
    ) -> Result<(), StoreError> {
        self.with_content(hash, Source { media_type: None, content }, key, |tx| {
            if holders::holds(tx, BlobOf::Record(id), hash)? {
                Ok(())
            } else {
                Err(StoreError::BlobMissing { hash })
            }
        })
    }

    /// Puts a content on the disk and claims it in the transaction in which `hold` makes something
    /// hold it. One that is here already is only held once more.
    pub(crate) fn with_attachable<T>(
        &mut self,
        content: &Attachable,
        key: BlobKey,
        hold: impl FnOnce(&Transaction<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let source =
            Source { media_type: Some(content.media_type()), content: &mut content.bytes() };
        self.with_content(content.hash(), source, key, hold)
    }

    fn with_content<T>(
        &mut self,
        hash: BlobHash,
        source: Source<'_>,
        key: BlobKey,
        hold: impl FnOnce(&Transaction<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let held = self.claim(hash, source, key, hold);
        // What failed may have left a file that nothing claims; what succeeded, one in whose place
        // this one came.
        self.sweep_blobs();
        held
    }

    fn claim<T>(
        &mut self,
        hash: BlobHash,
        source: Source<'_>,
        key: BlobKey,
        hold: impl FnOnce(&Transaction<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let folder = self.folder()?.clone();
        // First of all: a sweep does nothing where there is no folder.
        folder.make()?;
        let name = FileName::of(&key, hash);
        loop {
            let tx = write::begin(&mut self.connection)?;
            if Entered::of(&tx, hash)?.is_some_and(|there| there.is_whole(&folder, hash)) {
                let held = hold(&tx)?;
                tx.commit()?;
                return Ok(held);
            }
            // Announced before there is a file, so that a kill leaves none that nobody knows of.
            sweep::strand(&tx, name)?;
            tx.commit()?;
            // The lock is held while the file is written: another connection did what it did
            // before, and then all is looked at again, or does it after.
            let tx = write::begin(&mut self.connection)?;
            let damaged = Entered::of(&tx, hash)?;
            let announced =
                tx.execute("DELETE FROM stranded WHERE file = ?1", [name.as_bytes()])? > 0;
            if !announced || damaged.as_ref().is_some_and(|there| there.is_whole(&folder, hash)) {
                continue;
            }
            let media_type = source.media_type;
            let content = source.content;
            let Sealed { size, start } =
                folder.write(name, |file| sealed::seal(content, file, &key, hash))?;
            if let Some(damaged) = &damaged {
                sweep::strand(&tx, FileName::of(&damaged.key, hash))?;
            }
            let media_type = media_type.or_else(|| MediaType::of_start(&start));
            Entered { key, size, media_type }.save(&tx, hash)?;
            let held = hold(&tx)?;
            tx.commit()?;
            return Ok(held);
        }
    }

    fn folder(&self) -> Result<&Folder, StoreError> {
        self.folder.as_ref().ok_or(StoreError::NoBlobFolder)
    }
}

/// Where a content comes from.
struct Source<'a> {
    /// None where only the content itself can tell.
    media_type: Option<MediaType>,
    content: &'a mut dyn Read,
}

/// What the database says of a content that is here.
struct Entered {
    key: BlobKey,
    size: u64,
    media_type: Option<MediaType>,
}

impl Entered {
    fn of(db: &Connection, hash: BlobHash) -> Result<Option<Self>, rusqlite::Error> {
        db.prepare_cached("SELECT key, size, media_type FROM blob WHERE hash = ?1")?
            .query_row([hash.as_bytes()], |row| {
                let name: Option<String> = row.get(2)?;
                Ok(Self {
                    key: BlobKey::new(row.get(0)?),
                    size: row.get::<_, i64>(1)?.cast_unsigned(),
                    media_type: name.and_then(|name| MediaType::from_name(&name)),
                })
            })
            .optional()
    }

    fn save(&self, db: &Connection, hash: BlobHash) -> Result<(), rusqlite::Error> {
        // Not INSERT OR REPLACE: that deletes first, and others refer to the row.
        db.prepare_cached(
            "INSERT INTO blob (hash, media_type, size, key)
             VALUES (:hash, :media_type, :size, :key)
             ON CONFLICT DO UPDATE SET media_type = :media_type, size = :size, key = :key",
        )?
        .execute(named_params! {
            ":hash": hash.as_bytes(),
            ":media_type": self.media_type.map(MediaType::as_str),
            ":size": self.size.cast_signed(),
            ":key": self.key.bytes(),
        })?;
        Ok(())
    }

    /// Whether its file is there and has its length.
    fn is_whole(&self, folder: &Folder, hash: BlobHash) -> bool {
        folder.holds(FileName::of(&self.key, hash), sealed::sealed_len(self.size))
    }
}

impl From<SealError> for StoreError {
    fn from(error: SealError) -> Self {
        match error {
            SealError::Io(error) => error.into(),
            SealError::OtherContent | SealError::TooLarge => Self::OtherContent,
        }
    }
}

pub(crate) fn hash_at(row: &rusqlite::Row<'_>, column: usize) -> Result<BlobHash, rusqlite::Error> {
    row.get(column).map(BlobHash::new)
}

pub(crate) fn kind_at(row: &rusqlite::Row<'_>, column: usize) -> Result<BlobKind, rusqlite::Error> {
    let word: String = row.get(column)?;
    BlobKind::from_word(&word)
        .ok_or_else(|| not_ours(column, wijkboek_model::IdError::Malformed { what: "BlobKind" }))
}
