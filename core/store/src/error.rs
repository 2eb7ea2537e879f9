//! What can go wrong with a store, by what a caller can do about it.

use rusqlite::ErrorCode;
use wijkboek_crdt::{DocumentError, PackError};
use wijkboek_model::{BlobHash, Invalid, RecordId, ReferenceError};

use crate::files;

/// Why a store does not open. The file is left exactly as it was.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// A newer version of the app wrote it: only an update helps.
    #[error("the database has version {found}, this app knows up to {known}")]
    NewerDatabase {
        /// The database's version.
        found: u32,
        /// The highest version this app knows.
        known: u32,
    },
    /// It cannot be read as a database: to be set aside and fetched again.
    #[error("the database file is damaged")]
    Damaged,
    /// A sound database, of another program.
    #[error("the file is a database of another program")]
    Foreign,
    /// Somebody else holds it, or the device has not been unlocked yet: try again later.
    #[error("the database is locked")]
    Locked,
    /// It is encrypted, and with another key: with that one lost, it is to be set aside and
    /// fetched again.
    #[error("the database is encrypted with another key")]
    WrongKey,
    /// It is encrypted, and no key was given.
    #[error("the database is encrypted")]
    KeyRequired,
    /// A key was given, but it is not encrypted: [`crate::Store::encrypt`] does that.
    #[error("the database is not encrypted")]
    NotEncrypted,
    /// A key was given, but this program was built without encryption.
    #[error("this program cannot encrypt")]
    EncryptionUnavailable,
    /// No space left to open it in.
    #[error("the storage is full")]
    Full,
    /// The file or its folder cannot be opened.
    #[error("the database file cannot be opened")]
    Io(#[source] rusqlite::Error),
    /// A file beside the database cannot be read or written.
    #[error("a file beside the database cannot be used")]
    Files(#[source] std::io::Error),
    /// `SQLite` refused for another reason.
    #[error("the database cannot be prepared")]
    Sqlite(#[source] rusqlite::Error),
}

impl From<rusqlite::Error> for OpenError {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt) => Self::Damaged,
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Locked,
            Some(ErrorCode::DiskFull) => Self::Full,
            Some(
                ErrorCode::CannotOpen
                | ErrorCode::PermissionDenied
                | ErrorCode::ReadOnly
                | ErrorCode::SystemIoFailure,
            ) => Self::Io(error),
            _ => Self::Sqlite(error),
        }
    }
}

impl From<std::io::Error> for OpenError {
    fn from(error: std::io::Error) -> Self {
        if files::is_full(&error) { Self::Full } else { Self::Files(error) }
    }
}

/// Why an operation on an open store failed. Nothing of it was written.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// There is no such record here.
    #[error("record {id} is not here")]
    NotFound {
        /// The record.
        id: RecordId,
    },
    /// A record with this id is already here.
    #[error("record {id} exists already")]
    Exists {
        /// The record.
        id: RecordId,
    },
    /// The record may have left this device, so that its history is not only here.
    #[error("record {id} was sent already")]
    Sent {
        /// The record.
        id: RecordId,
    },
    /// A field breaks a rule.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// The disk is full.
    #[error("the storage is full")]
    Full,
    /// The file can no longer be read as a database.
    #[error("the database file is damaged")]
    Damaged,
    /// Another connection kept the database for too long.
    #[error("the database is locked")]
    Locked,
    /// The document refused, or cannot be read by this version.
    #[error(transparent)]
    Document(DocumentError),
    /// A pack from the server cannot be read: to be asked for again.
    #[error(transparent)]
    Pack(#[from] PackError),
    /// The reference data cannot be read.
    #[error(transparent)]
    Reference(#[from] ReferenceError),
    /// The attachment is not held by what it was asked of, or has not been fetched yet.
    #[error("attachment {hash} is not here")]
    BlobMissing {
        /// Its name.
        hash: BlobHash,
    },
    /// The attachment's file is not what was written: to be fetched again.
    #[error("the file of attachment {hash} is damaged")]
    BlobDamaged {
        /// Its name.
        hash: BlobHash,
    },
    /// What was to be kept as an attachment is not what its hash says.
    #[error("the content is not that of the attachment")]
    OtherContent,
    /// A database in memory was given no folder for attachments.
    #[error("there is no folder for attachments")]
    NoBlobFolder,
    /// A file beside the database cannot be read or written.
    #[error("a file beside the database cannot be used")]
    Files(#[source] std::io::Error),
    /// Any other failure of `SQLite`.
    #[error("the database failed")]
    Sqlite(#[source] rusqlite::Error),
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => Self::Full,
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => Self::Damaged,
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Locked,
            _ => Self::Sqlite(error),
        }
    }
}

impl From<std::io::Error> for StoreError {
    fn from(error: std::io::Error) -> Self {
        if files::is_full(&error) { Self::Full } else { Self::Files(error) }
    }
}

impl From<DocumentError> for StoreError {
    fn from(error: DocumentError) -> Self {
        if let DocumentError::Invalid(invalid) = error {
            Self::Invalid(invalid)
        } else {
            Self::Document(error)
        }
    }
}
