//! Whether the server can serve, for whoever watches over it.

use axum::Json;
use axum::extract::State;
use serde::Serialize;

use super::Problem;
use crate::state::AppState;

/// What a healthy server says.
#[derive(Serialize)]
pub(crate) struct Health {
    status: &'static str,
    version: &'static str,
}

pub(crate) async fn check(State(state): State<AppState>) -> Result<Json<Health>, Problem> {
    state.health().await?;
    Ok(Json(Health { status: "ok", version: env!("CARGO_PKG_VERSION") }))
}
