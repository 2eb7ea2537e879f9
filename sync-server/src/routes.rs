//! The route table: every path of the API, and the office pages beside it.

use std::time::Duration;

use axum::Router;
use axum::http::StatusCode;
use axum::middleware::from_fn;
use axum::routing::{get, post};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::timeout::TimeoutLayer;

use crate::state::AppState;
use crate::{api, middleware, pages};

/// How long an answer may take until its first byte.
const ANSWER_TIMEOUT: Duration = Duration::from_mins(1);

/// Everything that the server answers to.
pub fn app(state: AppState) -> Router {
    Router::new()
        .nest("/v1", api_routes())
        .merge(pages::router())
        .fallback(pages::not_found)
        .layer(from_fn(middleware::trace))
        .with_state(state)
}

fn api_routes() -> Router<AppState> {
    Router::new()
        .route("/enrolments", post(api::create_enrolment))
        .route("/push", post(api::push))
        .route("/pull", post(api::pull))
        .route("/reference", get(api::show_reference))
        .route("/events", get(api::stream_events))
        .route("/health", get(api::check_health))
        .fallback(api::not_found)
        .layer(TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, ANSWER_TIMEOUT))
        .layer(CatchPanicLayer::custom(api::panicked))
        .layer(from_fn(api::finish))
        .layer(from_fn(middleware::api_headers))
}
