//! Push: a device hands over what it wrote.

use axum::extract::State;
use wijkboek_sync::{PushOutcome, PushRequest, PushResponse};

use super::Problem;
use super::device::Caller;
use super::wire::Wire;
use crate::state::AppState;

pub(crate) async fn push(
    State(state): State<AppState>,
    Caller(device): Caller,
    Wire(request): Wire<PushRequest>,
) -> Result<Wire<PushResponse>, Problem> {
    let id = device.id;
    let response = state.push(device, request).await?;
    for verdict in &response.verdicts {
        if let PushOutcome::Refused { code } = &verdict.outcome {
            tracing::info!(device = %id, record = %verdict.id, change = %verdict.hash, code,
                "change refused");
        }
    }
    Ok(Wire(response))
}
