//! The live signal of the pages: an event with a number each time there is something new to read.
//!
//! It carries no content; a page fetches what it shows again, with its own rights. The stream ends
//! with the session, and when the server stops.

use std::convert::Infallible;
use std::time::Duration;

use axum::extract::State;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures_util::{Stream, StreamExt as _};
use tokio_stream::wrappers::WatchStream;

use super::visitor::Member;
use crate::AppState;

/// `GET /live`.
pub(super) async fn stream(
    State(state): State<AppState>,
    member: Member,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let stopped = {
        let state = state.clone();
        async move { state.stopping().await }
    };
    let token = member.visitor.token().unwrap_or_default().to_owned();
    let events = WatchStream::new(state.head())
        .then(move |number| {
            let (state, token) = (state.clone(), token.clone());
            async move {
                let valid = matches!(state.staff(&token).await, Ok(Some(_)));
                valid.then(|| Ok(Event::default().event("head").data(number.to_string())))
            }
        })
        .take_while(|event| std::future::ready(event.is_some()))
        .filter_map(std::future::ready)
        .take_until(stopped);
    Sse::new(events).keep_alive(KeepAlive::new().interval(KEEP_ALIVE))
}

/// Shorter than the idle time after which proxies commonly hang up.
const KEEP_ALIVE: Duration = Duration::from_secs(20);
