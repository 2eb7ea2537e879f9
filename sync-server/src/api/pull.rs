//! Pull: a device asks for what is new to it.

use axum::extract::State;
use wijkboek_sync::{PullRequest, PullResponse};

use super::Problem;
use super::device::Caller;
use super::wire::Wire;
use crate::state::AppState;

pub(crate) async fn pull(
    State(state): State<AppState>,
    Caller(device): Caller,
    Wire(request): Wire<PullRequest>,
) -> Result<Wire<PullResponse>, Problem> {
    Ok(Wire(state.pull(device, request).await?))
}
