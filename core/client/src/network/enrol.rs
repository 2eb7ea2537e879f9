//! Enrolling: a one-time code for a token, and the account that comes of it.

use wijkboek_sync::{
    BODY_BYTES_MAX, CallError, EnrolRequest, EnrolResponse, from_body, problem, to_body,
};

use super::http::Http;
use crate::account::{Account, Identity};
use crate::error::WijkboekError;
use crate::shared::Shared;

/// Asks the server. Stores nothing.
pub(super) async fn ask(
    shared: &Shared,
    server_url: String,
    code: String,
    device_name: String,
) -> Result<Account, WijkboekError> {
    let http =
        Http::new(&server_url, &shared.config).map_err(|error| WijkboekError::internal(&error))?;
    let request = EnrolRequest { code, install: shared.install, device_name };
    let body = http.enrol(to_body(&request)).await.map_err(refusal)?;
    let answer: EnrolResponse = from_body(&body, BODY_BYTES_MAX)
        .map_err(|_| WijkboekError::ServerProblem { code: problem::MALFORMED.to_owned() })?;
    Ok(Account {
        identity: Identity {
            principal: answer.me.principal,
            name: answer.me.name,
            role: answer.me.role,
            wijken: answer.me.wijken.into_iter().collect(),
            server_url,
            municipality: answer.municipality,
        },
        token: answer.token,
    })
}

/// Stores the account. A device that holds somebody else's records keeps the account it has.
pub(super) fn keep(shared: &Shared, account: &Account) -> Result<Identity, WijkboekError> {
    let known = shared.identity().map(|identity| identity.principal);
    if known.is_some_and(|principal| principal != account.identity.principal) {
        return Err(WijkboekError::OtherPerson);
    }
    account.save(&mut shared.store())?;
    shared.reload()?;
    Ok(account.identity.clone())
}

fn refusal(error: CallError) -> WijkboekError {
    match error {
        CallError::Offline | CallError::Timeout => WijkboekError::Offline,
        CallError::Unauthorized => WijkboekError::CodeRefused,
        CallError::Problem { code, .. } if code == problem::CODE_REFUSED => {
            WijkboekError::CodeRefused
        }
        CallError::Problem { code, .. } => WijkboekError::ServerProblem { code },
        CallError::Overloaded { .. } => problem_of(problem::OVERLOADED),
        CallError::Restored => problem_of(problem::RESTORED),
        CallError::TooLarge => problem_of(problem::TOO_LARGE),
    }
}

fn problem_of(code: &str) -> WijkboekError {
    WijkboekError::ServerProblem { code: code.to_owned() }
}
