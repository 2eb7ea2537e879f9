//! Observers: a foreign object that is told what changed, and the handle that ends it.
//!
//! Events come on a thread of core's own, with no lock held, at most ten times a second.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use wijkboek_client as client;

use crate::EventView;

/// Why an observer could not take an event: its own failure, or the foreign runtime's.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, uniffi::Error)]
pub enum ObserverError {
    /// The observer threw; the subscription goes on and [`Subscription::has_failed`] says so.
    #[error("the observer failed")]
    Failed,
}

impl From<uniffi::UnexpectedUniFFICallbackError> for ObserverError {
    fn from(_unexpected: uniffi::UnexpectedUniFFICallbackError) -> Self {
        Self::Failed
    }
}

/// Somebody who wants to know what changes. The current state comes first.
#[uniffi::export(callback_interface)]
pub trait Observer: Send + Sync {
    /// Something changed. Called on a thread of core's own: hand it over and return.
    ///
    /// # Errors
    /// [`ObserverError::Failed`] when the event was not taken.
    fn on_event(&self, event: EventView) -> Result<(), ObserverError>;
}

/// Ends its subscription when it is cancelled or goes away.
#[derive(Debug, uniffi::Object)]
pub struct Subscription {
    running: Mutex<Option<client::Subscription>>,
    failed: Arc<AtomicBool>,
}

impl Subscription {
    pub(crate) fn begin(
        facade: &client::Wijkboek,
        observer: Box<dyn Observer>,
    ) -> Result<Arc<Self>, client::WijkboekError> {
        let failed = Arc::new(AtomicBool::new(false));
        let noted = Arc::clone(&failed);
        let running = facade.subscribe(Box::new(move |event| {
            if observer.on_event(event.into()).is_err() {
                tracing::warn!("an observer failed");
                noted.store(true, Ordering::Relaxed);
            }
        }))?;
        Ok(Arc::new(Self { running: Mutex::new(Some(running)), failed }))
    }
}

#[uniffi::export]
impl Subscription {
    /// Ends it now. A call that has begun may still end after that.
    pub fn cancel(&self) {
        // Dropped outside of the lock.
        let running = self.running.lock().unwrap_or_else(PoisonError::into_inner).take();
        drop(running);
    }

    /// Whether the observer failed to take an event: what it shows may be stale.
    pub fn has_failed(&self) -> bool {
        self.failed.load(Ordering::Relaxed)
    }
}
