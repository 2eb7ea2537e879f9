//! How a call runs: never on the caller's time when it goes over the network, and never letting a
//! panic through.

use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::thread;

use tokio::sync::oneshot;

use crate::WijkboekError;

/// Runs a call here; a panic becomes [`WijkboekError::Internal`].
pub(crate) fn guarded<T>(
    work: impl FnOnce() -> Result<T, WijkboekError>,
) -> Result<T, WijkboekError> {
    // The facade keeps its state behind locks and in a store with transactions: a panic leaves
    // nothing half-written behind.
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_panic| Err(internal("a call panicked")))
}

/// Runs a call that may wait for the network on a thread of its own.
///
/// Cancelling the future drops the answer; the call itself completes.
pub(crate) async fn off_thread<T, F>(work: F) -> Result<T, WijkboekError>
where
    T: Send + 'static,
    F: FnOnce() -> Result<T, WijkboekError> + Send + 'static,
{
    let (answer, answered) = oneshot::channel();
    thread::Builder::new()
        .name("wijkboek-call".to_owned())
        .spawn(move || {
            // Nobody waits any more: the work is done all the same.
            let _unread = answer.send(guarded(work));
        })
        .map_err(|_| internal("no thread for a call"))?;
    answered.await.unwrap_or_else(|_| Err(internal("a call ended without an answer")))
}

/// Logs a fault under a fresh number, which the screen shows.
fn internal(what: &'static str) -> WijkboekError {
    let report_id = format!("{:08x}", RandomState::new().build_hasher().finish() >> 32);
    tracing::error!(report_id, "{what}");
    WijkboekError::Internal { report_id }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_becomes_a_numbered_fault() {
        let answer: Result<(), _> = guarded(|| panic!("planted"));
        let Err(WijkboekError::Internal { report_id }) = answer else {
            panic!("not an internal fault: {answer:?}")
        };
        assert_eq!(report_id.len(), 8);
    }

    #[test]
    fn an_error_passes_unchanged() {
        let answer: Result<(), _> = guarded(|| Err(WijkboekError::Offline));
        assert_eq!(answer, Err(WijkboekError::Offline));
    }

    #[tokio::test]
    async fn the_caller_s_thread_stays_free() {
        let here = thread::current().id();
        let there = off_thread(|| Ok(thread::current().id())).await;
        assert_ne!(there, Ok(here));
    }
}
