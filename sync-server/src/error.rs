//! What can go wrong inside the server, converted to an answer at one place ([`crate::api`]).

use crate::accounts::AccountError;
use crate::key::KeyError;
use crate::ledger::LedgerError;
use crate::log::LogError;
use crate::secret::NoRandomness;
use wijkboek_store::{OpenError, StoreError};

/// A failure that is the server's own, not the caller's.
#[derive(Debug, thiserror::Error)]
pub enum ServerError {
    /// The log.
    #[error(transparent)]
    Log(#[from] LogError),
    /// Pushing, pulling or catching up.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// Accounts, devices and codes.
    #[error(transparent)]
    Account(#[from] AccountError),
    /// The replica cannot be opened.
    #[error("the replica cannot be opened: {0}")]
    Open(#[from] OpenError),
    /// The replica.
    #[error("the replica failed: {0}")]
    Store(#[from] StoreError),
    /// The server key.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// No randomness.
    #[error(transparent)]
    NoRandomness(#[from] NoRandomness),
    /// Reference data in the log cannot be read.
    #[error("the reference data cannot be read: {0}")]
    Reference(#[from] wijkboek_model::ReferenceError),
    /// A file or socket.
    #[error("{0}")]
    Io(#[from] std::io::Error),
    /// Too much is waiting already.
    #[error("too many requests are waiting")]
    Overloaded,
    /// Work on a blocking thread panicked or was dropped at the end.
    #[error("a task was interrupted")]
    Interrupted,
}
