//! Live news for phones: the log's number as server-sent events, and nothing about what changed.
//!
//! The stream ends when the device is revoked or its token is replaced.

use std::convert::Infallible;

use axum::extract::State;
use axum::response::sse::{Event, Sse};
use futures_util::Stream;

use super::device::{Caller, Token, device_of};
use crate::news;
use crate::state::AppState;

pub(crate) async fn stream(
    State(state): State<AppState>,
    Caller(_): Caller,
    Token(token): Token,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let known = state.clone();
    news::stream(&state, move || {
        let (state, token) = (known.clone(), token.clone());
        async move { matches!(device_of(&state, token).await, Ok(Some(_))) }
    })
}
