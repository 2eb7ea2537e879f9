//! Enrolment: a one-time code for a device token.

use axum::extract::State;
use axum::http::StatusCode;
use wijkboek_sync::{EnrolRequest, EnrolResponse, Me};

use super::Problem;
use super::wire::Wire;
use crate::accounts::AccountError;
use crate::error::ServerError;
use crate::log::Log as _;
use crate::state::AppState;

pub(crate) async fn create(
    State(state): State<AppState>,
    Wire(request): Wire<EnrolRequest>,
) -> Result<(StatusCode, Wire<EnrolResponse>), Problem> {
    if state.too_many_failed_codes() {
        return Err(Problem::overloaded(StatusCode::TOO_MANY_REQUESTS));
    }
    let answer = state
        .log(move |log, now| -> Result<_, ServerError> {
            let enrolled = log.enrol(&request.code, request.install, &request.device_name, now)?;
            let user = log.user(enrolled.device.principal)?.ok_or(AccountError::UnknownUser)?;
            let me = Me {
                principal: user.principal.id,
                name: user.name,
                role: user.principal.role.into(),
                wijken: user.principal.wijken,
            };
            let municipality = log.municipality().clone();
            tracing::info!(device = %enrolled.device.id, "device enrolled");
            Ok(EnrolResponse { token: enrolled.token, me, municipality, server_time: now })
        })
        .await;
    if matches!(answer, Err(ServerError::Account(AccountError::CodeRefused))) {
        state.count_failed_code();
    }
    Ok((StatusCode::CREATED, Wire(answer?)))
}
