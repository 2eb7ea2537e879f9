//! The ledger: takes in what phones and office staff write, and gives out what they may see.
//!
//! Log and replica together. Everything here is synchronous, knows no socket and no clock, and is
//! the only way by which a change reaches the log. [`Ledger::append`] and [`Ledger::catch_up`] are
//! two steps on purpose: whatever happens between them, the log is the truth and the replica follows.

mod judge;
mod office;
mod page;
mod pull;
mod push;
mod replica;

use std::path::Path;

use wijkboek_crdt::{DocumentError, Limits};
use wijkboek_model::{MunicipalityCode, Timestamp};
use wijkboek_store::{OpenError, Store, StoreError};
use wijkboek_sync::{Cursor, PullRequest, PullResponse, PushRequest, PushResponse};

use crate::accounts::Device;
use crate::key::ServerKey;
use crate::log::{Head, Log, LogError, LogPlace, SqlLog};

pub use office::OfficeError;
pub use page::{PAGE_BYTES_MAX, PAGE_BYTES_MIN};
pub use pull::pull;
pub use push::{CHANGES_PER_PUSH_MAX, Prepared, prepare};
pub use replica::{RebuildReport, number as replica_number};

/// Why the ledger does not do what was asked. The caller's mistakes come first.
#[derive(Debug, thiserror::Error)]
pub enum LedgerError {
    /// The device was revoked, or is unknown.
    #[error("the device is not known here any more")]
    Unauthorized,
    /// The cursor is not of this log: it was restored since, or the cursor is from its future.
    #[error("the cursor is not of this log")]
    Restored,
    /// A push counter that was used before with other content: another phone runs on a copy.
    #[error("the push counter did not advance")]
    Cloned,
    /// The page token is not one of this server's, or too old.
    #[error("the page token is not valid, or not any more")]
    PageExpired,
    /// More changes or documents than one request may have.
    #[error("more than {max} items in one request")]
    TooMany {
        /// The limit.
        max: usize,
    },
    /// The log.
    #[error(transparent)]
    Log(#[from] LogError),
    /// The replica.
    #[error("the replica failed: {0}")]
    Store(#[from] StoreError),
    /// The replica cannot be opened.
    #[error("the replica cannot be opened: {0}")]
    Open(#[from] OpenError),
    /// A file of the replica cannot be removed.
    #[error("the old replica cannot be removed: {0}")]
    Io(std::io::Error),
    /// A document of the replica does not do what the guard has just shown that it does.
    #[error("a document failed: {0}")]
    Document(#[from] DocumentError),
}

/// The log of one municipality with its replica.
pub struct Ledger<L: Log = SqlLog> {
    log: L,
    replica: Store,
    key: ServerKey,
    limits: Limits,
}

impl Ledger {
    /// A ledger that lives in memory, for simulations and tests.
    ///
    /// # Errors
    /// [`LedgerError`].
    pub fn in_memory(
        municipality: &MunicipalityCode,
        key: ServerKey,
        now: Timestamp,
    ) -> Result<Self, LedgerError> {
        let log = SqlLog::in_memory(municipality, now)?;
        Self::new(log, Store::in_memory()?, key)
    }

    /// Opens (or makes) log and replica where they lie and lets the replica catch up.
    ///
    /// A replica that is lost, damaged or of another log is made anew from the log.
    ///
    /// # Errors
    /// [`LedgerError`].
    pub fn open(
        log: &LogPlace,
        replica: &Path,
        municipality: &MunicipalityCode,
        key: ServerKey,
        now: Timestamp,
    ) -> Result<Self, LedgerError> {
        let log = SqlLog::open_at(log, municipality, now)?;
        let replica = replica::open(replica, &log)?;
        let mut ledger = Self::new(log, replica, key)?;
        ledger.catch_up()?;
        Ok(ledger)
    }
}

impl<L: Log> Ledger<L> {
    /// A ledger on a log and a replica of it. Does not catch up yet.
    ///
    /// # Errors
    /// [`LedgerError`].
    pub fn new(log: L, replica: Store, key: ServerKey) -> Result<Self, LedgerError> {
        Ok(Self { log, replica, key, limits: Limits::default() })
    }

    /// Takes in a push: guards, judges, appends, and brings the replica up to date.
    ///
    /// # Errors
    /// [`LedgerError`].
    pub fn push(
        &mut self,
        device: &Device,
        request: PushRequest,
        now: Timestamp,
    ) -> Result<PushResponse, LedgerError> {
        let prepared = prepare(&self.replica, request, &self.limits)?;
        let response = self.append(device, &prepared, now)?;
        self.catch_up()?;
        Ok(response)
    }

    /// Gives out one page of what is new for a device.
    ///
    /// # Errors
    /// [`LedgerError`].
    pub fn pull(
        &mut self,
        device: &Device,
        request: &PullRequest,
        now: Timestamp,
    ) -> Result<PullResponse, LedgerError> {
        pull(&self.log, &self.key, device, request, now)
    }

    /// Where the log stands.
    ///
    /// # Errors
    /// [`LedgerError`].
    pub fn head(&self) -> Result<Head, LedgerError> {
        Ok(self.log.head()?)
    }

    /// The log, for accounts and reference data.
    pub fn log(&self) -> &L {
        &self.log
    }

    /// The log, for accounts and reference data.
    pub fn log_mut(&mut self) -> &mut L {
        &mut self.log
    }

    /// The replica, for reading.
    pub fn replica(&self) -> &Store {
        &self.replica
    }

    /// Gives log and replica back, for a simulation that starts the process anew.
    pub fn into_parts(self) -> (L, Store) {
        (self.log, self.replica)
    }
}

/// The cursor at a head.
fn cursor(head: &Head) -> Cursor {
    let mut chain = [0; 8];
    chain.copy_from_slice(&head.chain[..8]);
    Cursor { epoch: head.epoch, number: head.number, chain }
}

/// Checks that a cursor is of this log and not beyond its end.
fn check_cursor(log: &impl Log, head: &Head, cursor: &Cursor) -> Result<(), LedgerError> {
    if cursor.epoch != head.epoch || cursor.number > head.number {
        return Err(LedgerError::Restored);
    }
    match log.chain_at(cursor.number)? {
        Some(chain) if chain[..8] == cursor.chain => Ok(()),
        Some(_) | None => Err(LedgerError::Restored),
    }
}
