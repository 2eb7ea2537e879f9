//! The facade. Cheap to clone, safe to use from any thread.

mod attachments;
mod cleaning;
mod network;
mod reading;
mod rules;
mod writing;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Arc;

use wijkboek_store::{DatabaseKey, OpenError, Store};

pub use writing::Written;

use crate::config::Config;
use crate::error::{ReportId, WijkboekError};
use crate::network::Network;
use crate::shared::Shared;

/// One person's logbook on this device.
///
/// The last clone to go closes it: observers end, the network thread stops and the database is
/// closed before that drop returns.
#[derive(Debug, Clone)]
pub struct Wijkboek {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    shared: Arc<Shared>,
    network: Network,
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.shared.hub.close();
        self.network.close();
    }
}

impl Wijkboek {
    /// Opens the logbook in this file, or makes it. Works before the device is enrolled.
    ///
    /// # Errors
    /// [`WijkboekError::NewerDatabase`], [`WijkboekError::Damaged`],
    /// [`WijkboekError::StoreLocked`], [`WijkboekError::StorageFull`]; the file is then left
    /// exactly as it was.
    pub fn open(path: &Path) -> Result<Self, WijkboekError> {
        Self::open_with(path, Config::default())
    }

    /// The same with a configuration of one's own.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn open_with(path: &Path, config: Config) -> Result<Self, WijkboekError> {
        guarded(|| {
            let shared = Arc::new(Shared::new(config, Store::open(path)?)?);
            let network =
                Network::start(&shared).map_err(|error| WijkboekError::internal(&error))?;
            Ok(Self { inner: Arc::new(Inner { shared, network }) })
        })
    }

    /// Opens the encrypted logbook in this file, or makes it. One that is still plain is encrypted
    /// first, in its place.
    ///
    /// # Errors
    /// [`WijkboekError::WrongKey`]: the key was lost, and what was not sent with it.
    /// [`WijkboekError::EncryptionUnavailable`] where this was built without the feature
    /// `sqlcipher`. Otherwise as [`Self::open`].
    pub fn open_with_key(
        path: &Path,
        key: &DatabaseKey,
        config: Config,
    ) -> Result<Self, WijkboekError> {
        guarded(|| {
            let store = match Store::open_with_key(path, key) {
                Err(OpenError::NotEncrypted) => {
                    Store::encrypt(path, key)?;
                    Store::open_with_key(path, key)?
                }
                other => other?,
            };
            let shared = Arc::new(Shared::new(config, store)?);
            let network =
                Network::start(&shared).map_err(|error| WijkboekError::internal(&error))?;
            Ok(Self { inner: Arc::new(Inner { shared, network }) })
        })
    }

    fn shared(&self) -> &Shared {
        &self.inner.shared
    }
}

/// A panic inside becomes an error; the store rolled back whatever was under way.
fn guarded<T>(work: impl FnOnce() -> Result<T, WijkboekError>) -> Result<T, WijkboekError> {
    catch_unwind(AssertUnwindSafe(work))
        .unwrap_or_else(|_| Err(WijkboekError::Internal { report_id: ReportId::log_panic() }))
}
