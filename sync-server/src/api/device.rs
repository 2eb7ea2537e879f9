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
        let Token(token) = Token::from_request_parts(parts, state).await?;
        device_of(state, token).await?.map(Self).ok_or_else(Problem::unauthorized)
    }
}

/// The secret that a request carries, whosever it is.
pub(crate) struct Token(pub(super) String);

impl FromRequestParts<AppState> for Token {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &AppState) -> Result<Self, Problem> {
        let token = bearer(&parts.headers).ok_or_else(Problem::unauthorized)?;
        Ok(Self(token.to_owned()))
    }
}

/// The device that a token is good for at this moment.
pub(super) async fn device_of(
    state: &AppState,
    token: String,
) -> Result<Option<Device>, ServerError> {
    let device =
        state.log(move |log, now| Ok::<_, ServerError>(log.device_by_token(&token, now)?)).await?;
    Ok(device.filter(|device| device.revoked_at.is_none()))
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}
