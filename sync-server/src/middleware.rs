//! What happens around every request: an id, a line in the log, and no panic reaching the caller.
//!
//! Log lines carry ids, routes, statuses and times; never paths, queries, names or bodies.

use std::time::Instant;

use axum::extract::{MatchedPath, Request};
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;
use tracing::Instrument as _;

use crate::secret;

/// The header with the request's id, in both directions.
pub(crate) const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Gives the request an id of our own (a caller's is not trusted) and logs how it went.
pub(crate) async fn trace(mut request: Request, next: Next) -> Response {
    let id = secret::random::<8>().unwrap_or_default();
    let id = format!("{:016x}", u64::from_be_bytes(id));
    let header = HeaderValue::try_from(&id).ok();
    match &header {
        Some(value) => drop(request.headers_mut().insert(REQUEST_ID, value.clone())),
        None => drop(request.headers_mut().remove(REQUEST_ID)),
    }
    let route = request.extensions().get::<MatchedPath>().map_or("none", |path| path.as_str());
    let span = tracing::info_span!("request", id, method = %request.method(), route);
    let started = Instant::now();
    async move {
        let mut response = next.run(request).await;
        let status = response.status().as_u16();
        let ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
        if response.status().is_server_error() {
            tracing::warn!(status, ms, "request failed");
        } else {
            tracing::debug!(status, ms, "request answered");
        }
        if let Some(value) = header {
            response.headers_mut().insert(REQUEST_ID, value);
        }
        response
    }
    .instrument(span)
    .await
}

/// The headers of every answer of the API.
pub(crate) async fn api_headers(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'"),
    );
    headers.insert(HeaderName::from_static("api-version"), HeaderValue::from_static("1.0.0"));
    response
}

/// The id that [`trace`] gave to a request.
pub(crate) fn request_id(headers: &HeaderMap) -> Option<String> {
    headers.get(REQUEST_ID).and_then(|id| id.to_str().ok()).map(str::to_owned)
}
