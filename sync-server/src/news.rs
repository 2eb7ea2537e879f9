//! Endless answers: the log's number as server-sent events, and nothing about what changed.
//!
//! Invariant: whoever listens may still do so. That is looked up again before every event and
//! every sign of life, and a stream whose reader lost the right ends.

use std::convert::Infallible;
use std::future::ready;
use std::time::Duration;

use axum::response::sse::{Event, Sse};
use futures_util::stream::{Stream, StreamExt as _, select};
use tokio::time::{Instant, MissedTickBehavior, interval_at};
use tokio_stream::wrappers::{IntervalStream, WatchStream};

use crate::state::AppState;

/// Shorter than the idle time after which proxies commonly hang up.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// An event with the number at once and each time it grows, for as long as `may_listen` says yes
/// and the server runs.
pub(crate) fn stream<F, Fut>(
    state: &AppState,
    may_listen: F,
) -> Sse<impl Stream<Item = Result<Event, Infallible>> + use<F, Fut>>
where
    F: Fn() -> Fut + Send + Sync + 'static,
    Fut: Future<Output = bool> + Send + 'static,
{
    let stopping = {
        let state = state.clone();
        async move { state.stopping().await }
    };
    let mut ticks = interval_at(Instant::now() + KEEP_ALIVE, KEEP_ALIVE);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let heads = WatchStream::new(state.head())
        .map(|number| Event::default().event("head").data(number.to_string()));
    let signs_of_life = IntervalStream::new(ticks).map(|_| Event::default().comment(""));
    let events = select(heads, signs_of_life)
        .then(move |event| {
            let allowed = may_listen();
            async move { allowed.await.then_some(Ok(event)) }
        })
        .take_while(|event| ready(event.is_some()))
        .filter_map(ready)
        .take_until(stopping);
    Sse::new(events)
}
