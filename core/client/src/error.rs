//! The errors that a screen can act on.
//!
//! What goes wrong inside is converted here, once, and logged here when the screen learns no more
//! than a report id. No text of an error is meant to be read by an app.

use std::fmt;

use wijkboek_crdt::DocumentError;
use wijkboek_model::{Denial, Invalid, RecordId, Rule};
use wijkboek_store::{OpenError, StoreError};

/// Finds a failure in the log again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ReportId(u64);

impl ReportId {
    /// Logs a failure under a new id.
    pub(crate) fn log(what: &(dyn std::error::Error + 'static)) -> Self {
        let id = Self::fresh();
        let source = what.source().map(tracing::field::display);
        tracing::error!(report_id = %id, error = %what, source, "something failed inside");
        id
    }

    /// Logs a panic under a new id; its message may hold content and stays out of the log.
    pub(crate) fn log_panic() -> Self {
        let id = Self::fresh();
        tracing::error!(report_id = %id, "a panic was caught");
        id
    }

    fn fresh() -> Self {
        let mut bytes = [0; 8];
        // Without randomness the id is zero: the failure still has to be reported.
        let _ = getrandom::fill(&mut bytes);
        Self(u64::from_le_bytes(bytes))
    }
}

impl fmt::Display for ReportId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

/// Why something asked of the logbook was not done. Nothing of it was written, unless said.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WijkboekError {
    /// The server cannot be reached.
    #[error("the server cannot be reached")]
    Offline,
    /// The server does not let this device in. What was written stays here.
    #[error("the server does not let this device in")]
    Unauthorized,
    /// This device has not been enrolled yet.
    #[error("this device has not been enrolled")]
    NotEnrolled,
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
    /// The record was sent, or may have been: only the server can take out its history.
    #[error("record {id} was sent already")]
    AlreadySent {
        /// The record.
        id: RecordId,
    },
    /// A field breaks a rule.
    #[error("{field}: {rule}")]
    Invalid {
        /// The field's key, or `server_url`.
        field: &'static str,
        /// The rule.
        rule: Rule,
    },
    /// This person may not do this.
    #[error("not allowed: {denial}")]
    NotAllowed {
        /// Why.
        denial: Denial,
    },
    /// The enrolment code is unknown, expired or already used.
    #[error("the enrolment code is not accepted")]
    CodeRefused,
    /// This device holds the records of another person; it must be emptied first.
    #[error("this device belongs to another person")]
    OtherPerson,
    /// The record holds as much as a record can, or the edit more than one edit can.
    #[error("the record is full")]
    RecordFull,
    /// A newer version of the app wrote the database, or this record.
    #[error("written by a newer version of the app")]
    NewerDatabase,
    /// The database cannot be read: it is to be set aside and fetched again.
    #[error("the database is damaged")]
    Damaged,
    /// The database is in use, or the device has not been unlocked yet: try again later.
    #[error("the database is locked")]
    StoreLocked,
    /// The database is encrypted with a key that is not this one: the key was lost. Unsent work in
    /// it is lost with it; set it aside and fetch the rest again.
    #[error("the database is encrypted with another key")]
    WrongKey,
    /// The database is encrypted, and no key was given.
    #[error("the database needs its key")]
    KeyRequired,
    /// A key was given for a database that is not encrypted.
    #[error("the database is not encrypted")]
    NotEncrypted,
    /// This build cannot encrypt.
    #[error("this build cannot encrypt")]
    EncryptionUnavailable,
    /// The attachment is not on this device yet, or no longer: it has to be fetched first.
    #[error("the attachment is not on this device")]
    AttachmentMissing,
    /// No space left on the device.
    #[error("the storage is full")]
    StorageFull,
    /// The server answered, but could not do it.
    #[error("the server answered with problem {code}")]
    ServerProblem {
        /// The problem's stable code.
        code: String,
    },
    /// A mistake of ours.
    #[error("internal error, report {report_id}")]
    Internal {
        /// Finds it in the log.
        report_id: ReportId,
    },
}

impl WijkboekError {
    /// A failure that a screen can do nothing about.
    pub(crate) fn internal(what: &(dyn std::error::Error + 'static)) -> Self {
        Self::Internal { report_id: ReportId::log(what) }
    }
}

impl From<OpenError> for WijkboekError {
    fn from(error: OpenError) -> Self {
        match error {
            OpenError::NewerDatabase { .. } => Self::NewerDatabase,
            OpenError::Damaged | OpenError::Foreign => Self::Damaged,
            OpenError::Locked => Self::StoreLocked,
            OpenError::WrongKey => Self::WrongKey,
            OpenError::KeyRequired => Self::KeyRequired,
            OpenError::NotEncrypted => Self::NotEncrypted,
            OpenError::EncryptionUnavailable => Self::EncryptionUnavailable,
            OpenError::Full => Self::StorageFull,
            OpenError::Io(_) | OpenError::Files(_) | OpenError::Sqlite(_) => Self::internal(&error),
        }
    }
}

impl From<StoreError> for WijkboekError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::NotFound { id } => Self::NotFound { id },
            StoreError::Exists { id } => Self::Exists { id },
            StoreError::Sent { id } => Self::AlreadySent { id },
            StoreError::Invalid(invalid) => invalid.into(),
            StoreError::Document(error) => error.into(),
            StoreError::Full => Self::StorageFull,
            StoreError::Damaged => Self::Damaged,
            StoreError::Locked => Self::StoreLocked,
            StoreError::BlobMissing { .. } | StoreError::BlobDamaged { .. } => {
                Self::AttachmentMissing
            }
            StoreError::Pack(_)
            | StoreError::OtherContent
            | StoreError::NoBlobFolder
            | StoreError::Files(_)
            | StoreError::Reference(_)
            | StoreError::Sqlite(_) => Self::internal(&error),
        }
    }
}

impl From<DocumentError> for WijkboekError {
    fn from(error: DocumentError) -> Self {
        match error {
            DocumentError::Invalid(invalid) => invalid.into(),
            DocumentError::Newer => Self::NewerDatabase,
            DocumentError::Full | DocumentError::TooLarge => Self::RecordFull,
            DocumentError::NoChanges
            | DocumentError::OtherRecord
            | DocumentError::Missing { .. }
            | DocumentError::Damaged => Self::Damaged,
            DocumentError::EntryExists => Self::internal(&error),
        }
    }
}

impl From<Invalid> for WijkboekError {
    fn from(Invalid { field, rule }: Invalid) -> Self {
        Self::Invalid { field, rule }
    }
}

impl From<Denial> for WijkboekError {
    fn from(denial: Denial) -> Self {
        Self::NotAllowed { denial }
    }
}

impl From<getrandom::Error> for WijkboekError {
    fn from(error: getrandom::Error) -> Self {
        Self::internal(&error)
    }
}
