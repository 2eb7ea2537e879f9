//! Who calls: the device whose token the request carries.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};

use super::Problem;
use crate::accounts::Device;
use crate::error::ServerError;
use crate::state::AppState;

/// The device that calls; anything else is answered with 401.
pub(crate) struct Caller(pub(super) Device);

impl FromRequestParts<AppState> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Problem> {
        let token = bearer(&parts.headers).ok_or_else(Problem::unauthorized)?.to_owned();
        let device = state
            .log(move |log, now| Ok::<_, ServerError>(log.device_by_token(&token, now)?))
            .await?;
        match device {
            Some(device) if device.revoked_at.is_none() => Ok(Self(device)),
            Some(_) | None => Err(Problem::unauthorized()),
        }
    }
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}
