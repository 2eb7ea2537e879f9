//! What can go wrong, in the words of what a screen can do about it.

use wijkboek_client as client;
use wijkboek_model as model;

use crate::RecordId;

/// Why a call failed. No screen needs to read a message text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, uniffi::Error)]
pub enum WijkboekError {
    /// The server was not reached. Nothing is lost; it is tried again.
    #[error("the server was not reached")]
    Offline,
    /// The server does not accept this device any more: enrol again.
    #[error("the server does not accept this device")]
    Unauthorized,
    /// This device has not been enrolled yet.
    #[error("this device has not been enrolled")]
    NotEnrolled,
    /// There is no such record on this device.
    #[error("there is no such record on this device")]
    NotFound {
        /// The record asked for.
        id: RecordId,
    },
    /// A record with this id is already here.
    #[error("a record with this id is already here")]
    Exists {
        /// The id.
        id: RecordId,
    },
    /// A field breaks a rule: point at the field.
    #[error("a field breaks a rule")]
    Invalid {
        /// The field's key.
        field: String,
        /// The rule.
        rule: Rule,
    },
    /// This person may not do this; the code has a sentence in `refusal_message`.
    #[error("this person may not do this")]
    NotAllowed {
        /// The reason's stable code.
        code: String,
    },
    /// This device holds the records of another person; it must be emptied first.
    #[error("this device holds the records of another person")]
    OtherPerson,
    /// The enrolment code is unknown, used or expired: ask for a new one.
    #[error("the code is unknown, used or expired")]
    CodeRefused,
    /// The store was made by a newer version: update the app.
    #[error("the store was made by a newer version")]
    NewerDatabase,
    /// The store cannot be read; it was left as it is.
    #[error("the store cannot be read")]
    Damaged,
    /// The store is in use, or the device has not been unlocked yet: try again later.
    #[error("the store is locked")]
    StoreLocked,
    /// The store is encrypted with a key that is not this one, or none was given: that key is lost.
    /// Set the store aside and fetch everything again.
    #[error("the key of the store is lost")]
    KeyLost,
    /// A key was given, but this library was built without encryption.
    #[error("this library cannot encrypt")]
    EncryptionUnavailable,
    /// An attachment is not on this device: it has to be fetched first.
    #[error("an attachment is not on this device")]
    AttachmentMissing,
    /// The device is full: make room, nothing was half-written.
    #[error("the device is full")]
    StorageFull,
    /// The record holds as many changes as one may: make a new one.
    #[error("the record is full")]
    RecordFull,
    /// The server answered with a problem.
    #[error("the server answered with a problem")]
    ServerProblem {
        /// Its stable code.
        code: String,
    },
    /// A fault of ours: show the number, so that it can be found in the log.
    #[error("an internal fault")]
    Internal {
        /// Under this number the cause was logged.
        report_id: String,
    },
}

/// The rule that a field breaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum Rule {
    /// It is missing or empty.
    Required,
    /// It holds something that cannot be read.
    Unreadable,
    /// It is longer than allowed.
    TooLong {
        /// The limit in bytes of UTF-8.
        max: u64,
    },
    /// It has more members than allowed.
    TooMany {
        /// The limit.
        max: u64,
    },
    /// A number or moment outside its range.
    OutOfRange,
    /// The record's type has no such field.
    NotOfThisType,
    /// Two fields contradict each other.
    Contradiction,
}

impl WijkboekError {
    pub(crate) fn unreadable(field: &str) -> Self {
        Self::Invalid { field: field.to_owned(), rule: Rule::Unreadable }
    }

    pub(crate) fn out_of_range(field: &str) -> Self {
        Self::Invalid { field: field.to_owned(), rule: Rule::OutOfRange }
    }
}

impl From<client::WijkboekError> for WijkboekError {
    fn from(error: client::WijkboekError) -> Self {
        use client::WijkboekError as E;
        match error {
            E::Offline => Self::Offline,
            E::Unauthorized => Self::Unauthorized,
            E::NotEnrolled => Self::NotEnrolled,
            E::NotFound { id } => Self::NotFound { id: id.into() },
            E::Exists { id } => Self::Exists { id: id.into() },
            E::Invalid { field, rule } => {
                Self::Invalid { field: field.to_owned(), rule: rule.into() }
            }
            E::AlreadySent { .. } => Self::NotAllowed { code: "already-sent".to_owned() },
            E::NotAllowed { denial } => Self::NotAllowed { code: denial.code().to_owned() },
            E::CodeRefused => Self::CodeRefused,
            E::OtherPerson => Self::OtherPerson,
            E::NewerDatabase => Self::NewerDatabase,
            E::Damaged => Self::Damaged,
            E::StoreLocked => Self::StoreLocked,
            E::WrongKey | E::KeyRequired | E::NotEncrypted => Self::KeyLost,
            E::EncryptionUnavailable => Self::EncryptionUnavailable,
            E::AttachmentMissing => Self::AttachmentMissing,
            E::StorageFull => Self::StorageFull,
            E::RecordFull => Self::RecordFull,
            E::ServerProblem { code } => Self::ServerProblem { code },
            E::Internal { report_id } => Self::Internal { report_id: report_id.to_string() },
        }
    }
}

impl From<model::Rule> for Rule {
    fn from(rule: model::Rule) -> Self {
        use model::Rule as R;
        match rule {
            R::Required => Self::Required,
            R::Unreadable => Self::Unreadable,
            R::TooLong { max } => Self::TooLong { max: max as u64 },
            R::TooMany { max } => Self::TooMany { max: max as u64 },
            R::OutOfRange => Self::OutOfRange,
            R::NotOfThisType => Self::NotOfThisType,
            R::Contradiction => Self::Contradiction,
        }
    }
}

impl From<Rule> for model::Rule {
    fn from(rule: Rule) -> Self {
        let bytes = |max: u64| usize::try_from(max).unwrap_or(usize::MAX);
        match rule {
            Rule::Required => Self::Required,
            Rule::Unreadable => Self::Unreadable,
            Rule::TooLong { max } => Self::TooLong { max: bytes(max) },
            Rule::TooMany { max } => Self::TooMany { max: bytes(max) },
            Rule::OutOfRange => Self::OutOfRange,
            Rule::NotOfThisType => Self::NotOfThisType,
            Rule::Contradiction => Self::Contradiction,
        }
    }
}
