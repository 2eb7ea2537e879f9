//! Read handles of log and replica, kept for the next request.

use wijkboek_store::Store;

use super::{Inner, lock};
use crate::error::ServerError;
use crate::ledger::replica_number;
use crate::log::SqlLog;

/// How many handles are kept while nobody uses them.
const KEPT_MAX: usize = 8;

/// A connection to the log and one to the replica, both beside the ledger's own.
pub(super) struct Reader {
    pub(super) log: SqlLog,
    pub(super) replica: Store,
}

impl Reader {
    pub(super) fn replica_number(&self) -> Result<u64, ServerError> {
        Ok(replica_number(&self.replica)?)
    }
}

impl Inner {
    pub(super) fn reader(&self) -> Result<Reader, ServerError> {
        if let Some(reader) = lock(&self.readers).pop() {
            return Ok(reader);
        }
        let config = &self.config;
        Ok(Reader {
            log: SqlLog::open_at(&config.log, &config.municipality, (self.clock)())?,
            replica: Store::open(&config.replica_path())?,
        })
    }

    pub(super) fn put_back(&self, reader: Reader) {
        let mut readers = lock(&self.readers);
        if readers.len() < KEPT_MAX && reader.log.is_usable() {
            readers.push(reader);
        }
    }
}
