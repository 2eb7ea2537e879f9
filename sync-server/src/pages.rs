//! The office pages: HTML rendered on the server, usable without a script, Dutch first.
//!
//! Every handler that shows content takes a [`visitor::Member`] and reads the replica through the
//! scope of that person, so that nobody sees, counts or maps a record outside their role. No HTML
//! is built in Rust and nothing is marked safe: templates escape all text. No address holds
//! personal data but what somebody typed to search for, and that is neither logged nor referred.

mod assets;
mod chrome;
mod diff;
mod edits;
mod facts;
mod failure;
mod filters;
mod frame;
mod history;
mod language;
mod live;
mod log;
mod login;
mod map;
mod names;
mod present;
mod record;
mod time;
mod visitor;
mod wording;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request};
use axum::middleware;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};

use crate::AppState;
use failure::Failure;

/// All pages, with the headers, the language and the error pages that belong to them.
pub fn router() -> Router<AppState> {
    Router::new()
        .route("/", get(|| async { Redirect::to(LOG) }))
        .route(LOGIN, get(login::show).post(login::log_in))
        .route("/afmelden", post(login::log_out))
        .route(LOG, get(log::show))
        .route("/logboek/{id}", get(record::show))
        .route("/logboek/{id}/keuze", post(edits::choose))
        .route("/logboek/{id}/status", post(edits::set_status))
        .route("/logboek/{id}/aanvulling", post(edits::add))
        .route(MAP, get(map::show))
        .route(AREAS, get(map::areas))
        .route(POINTS, get(map::points))
        .route("/live", get(live::stream))
        .route("/assets/{version}/{*path}", get(assets::serve))
        .method_not_allowed_fallback(|| async { Failure::NotAllowedHere })
        .layer(DefaultBodyLimit::max(FORM_BYTES_MAX))
        .layer(middleware::from_fn(frame::around))
}

/// The answer to an address that is no page: the Dutch (or English) page for it.
pub async fn not_found(request: Request) -> Response {
    frame::render(request, |_| async { Failure::NotFound.into_response() }).await
}

/// The beginning of a hash, long enough to tell versions and values apart.
fn short_hex(digest: &[u8]) -> String {
    digest.iter().take(8).fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
}

const LOGIN: &str = "/aanmelden";
const LOG: &str = "/logboek";
const MAP: &str = "/kaart";
const AREAS: &str = "/kaart/gebieden";
const POINTS: &str = "/kaart/punten";

/// The longest answer (4,000 bytes) percent-encoded, three times over.
const FORM_BYTES_MAX: usize = 40_000;
