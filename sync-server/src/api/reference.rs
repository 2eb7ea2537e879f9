//! Reference data: areas, themes, inhabitants and colleagues, for enrolled devices.

use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use wijkboek_sync::problem as codes;

use super::Problem;
use super::device::Caller;
use crate::error::ServerError;
use crate::state::AppState;

pub(crate) async fn show(
    State(state): State<AppState>,
    Caller(_): Caller,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let Some(reference) = state.reference().await? else {
        return Err(Problem::new(
            StatusCode::NOT_FOUND,
            codes::NO_REFERENCE,
            "No areas were imported yet",
        ));
    };
    let etag = format!("\"{}\"", reference.version);
    let known = headers.get(header::IF_NONE_MATCH).is_some_and(|known| known == etag.as_str());
    let etag = HeaderValue::try_from(etag).map_err(|_| Problem::malformed())?;
    if known {
        return Ok((StatusCode::NOT_MODIFIED, [(header::ETAG, etag)]).into_response());
    }
    let body = reference.to_json().map_err(ServerError::from)?;
    let headers = [
        (header::ETAG, etag),
        (header::CONTENT_TYPE, HeaderValue::from_static("application/json")),
        (header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache")),
    ];
    Ok((headers, body).into_response())
}
