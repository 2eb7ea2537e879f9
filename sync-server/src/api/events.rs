//! Live news for phones: the log's number as server-sent events, and nothing about what changed.

use std::convert::Infallible;
use std::time::Duration;

use axum::extract::State;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures_util::{Stream, StreamExt as _};
use tokio_stream::wrappers::WatchStream;

use super::device::Caller;
use crate::state::AppState;

/// Keeps proxies from closing a quiet connection.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

pub(crate) async fn stream(
    State(state): State<AppState>,
    Caller(_): Caller,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let head = state.head();
    let events = WatchStream::new(head)
        .map(|number| Ok(Event::default().event("head").data(number.to_string())))
        .take_until(async move { state.stopping().await });
    Sse::new(events).keep_alive(KeepAlive::new().interval(KEEP_ALIVE))
}
