//! The calls that have to do with the server. Only these two wait for it: enrol and sync.

use super::{Wijkboek, guarded};
use crate::Identity;
use crate::error::WijkboekError;
use crate::views::SyncReport;

impl Wijkboek {
    /// Offers a one-time code to a server; from then on this device acts for a person. Waits for
    /// the network.
    ///
    /// # Errors
    /// [`WijkboekError::CodeRefused`], [`WijkboekError::Offline`],
    /// [`WijkboekError::Invalid`] for an address that cannot be one,
    /// [`WijkboekError::OtherPerson`] when the device holds somebody else's records,
    /// [`WijkboekError::ServerProblem`]. Nothing changes then.
    pub fn enrol(
        &self,
        server_url: &str,
        code: &str,
        device_name: &str,
    ) -> Result<Identity, WijkboekError> {
        guarded(|| self.inner.network.enrol(server_url, code, device_name))
    }

    /// Synchronises once: everything written here out, everything new in. Waits for the network.
    ///
    /// # Errors
    /// [`WijkboekError::NotEnrolled`], [`WijkboekError::Offline`],
    /// [`WijkboekError::Unauthorized`], [`WijkboekError::ServerProblem`], and those of the
    /// database. What was done before the failure stays done.
    pub fn sync(&self) -> Result<SyncReport, WijkboekError> {
        guarded(|| self.inner.network.sync())
    }

    /// Synchronises from now on by itself: at once, after each write, when the server says that
    /// there is something new, and now and then when it cannot say so.
    pub fn start(&self) {
        self.inner.network.begin();
    }

    /// Ends what [`Self::start`] began.
    pub fn stop(&self) {
        self.inner.network.halt();
    }

    /// The network came back, or the app came to the front: go on now rather than after the wait.
    pub fn wake(&self) {
        self.inner.network.wake();
    }
}
