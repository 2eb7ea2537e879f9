//! The live signal of the pages: an event with a number each time there is something new to read.
//!
//! It carries no content; a page fetches what it shows again, with its own rights. The stream ends
//! with the session, and when the server stops.

use std::convert::Infallible;

use axum::extract::State;
use axum::response::sse::{Event, Sse};
use futures_util::Stream;

use super::visitor::Member;
use crate::{AppState, news};

/// `GET /live`.
pub(super) async fn stream(
    State(state): State<AppState>,
    member: Member,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let token = member.visitor.token().unwrap_or_default().to_owned();
    let known = state.clone();
    news::stream(&state, move || {
        let (state, token) = (known.clone(), token.clone());
        async move { matches!(state.staff(&token).await, Ok(Some(_))) }
    })
}
