//! The office in the simulation: the real ledger behind a door that can be shut.

use std::collections::BTreeSet;

use wijkboek_model::{
    AreaCode, InstallId, MunicipalityCode, Principal, PrincipalId, Role, Timestamp,
};
use wijkboek_server::accounts::{Device, Purpose};
use wijkboek_server::key::ServerKey;
use wijkboek_server::ledger::{Ledger, LedgerError, prepare};
use wijkboek_server::log::{Log, SqlLog};
use wijkboek_store::Store;
use wijkboek_sync::{
    BODY_BYTES_MAX, CallError, Endpoint, PullRequest, PushRequest, from_body, problem, to_body,
};

/// The ledger, and whether its process runs.
pub(super) struct Office {
    ledger: Option<Ledger>,
    key: ServerKey,
    pub(super) up: bool,
    /// Documents that the last pulls gave out, to see that a quiet world gives out none.
    pub(super) pulled: usize,
    /// Changes that the last pushes brought.
    pub(super) pushed: usize,
}

/// How a request ended.
pub(super) enum Served {
    /// With an answer, or a refusal.
    Answer(Result<Vec<u8>, CallError>),
    /// The process died while it worked on it: no answer ever comes.
    Died,
}

impl Office {
    pub(super) fn new(now: Timestamp) -> Self {
        let key = ServerKey::from_bytes([7; 32]);
        let gemeente: MunicipalityCode = "GM0597".parse().expect("a code");
        let ledger = Ledger::in_memory(&gemeente, key.clone(), now).expect("memory suffices");
        Self { ledger: Some(ledger), key, up: true, pulled: 0, pushed: 0 }
    }

    pub(super) fn ledger(&mut self) -> &mut Ledger {
        self.ledger.as_mut().expect("put back after each restart")
    }

    pub(super) fn log(&mut self) -> &mut SqlLog {
        self.ledger().log_mut()
    }

    pub(super) fn replica(&mut self) -> &Store {
        self.ledger().replica()
    }

    /// Makes an account with one enrolled device.
    pub(super) fn enrol(
        &mut self,
        principal: &Principal,
        name: &str,
        install: InstallId,
        now: Timestamp,
    ) -> Device {
        let log = self.log();
        log.add_user(principal.id, name, principal.role, principal.wijken.clone(), now)
            .expect("a new account");
        let code = log.issue_code(Purpose::Enrol, principal.id, now).expect("a code");
        log.enrol(&code, install, name, now).expect("a fresh code").device
    }

    pub(super) fn set_scope(
        &mut self,
        principal: PrincipalId,
        role: Role,
        wijken: BTreeSet<AreaCode>,
        now: Timestamp,
    ) {
        self.log().set_scope(principal, role, wijken, now).expect("a known account");
        self.ledger().catch_up().expect("the replica follows");
    }

    /// The process ends and a new one starts on the same log and replica.
    pub(super) fn restart(&mut self) {
        let (log, replica) = self.ledger.take().expect("one ledger").into_parts();
        let mut ledger = Ledger::new(log, replica, self.key.clone()).expect("opens again");
        ledger.catch_up().expect("the replica follows the log");
        self.ledger = Some(ledger);
    }

    /// Works on a request. With `dies` the process is killed between log and replica.
    pub(super) fn serve(
        &mut self,
        device: &Device,
        endpoint: Endpoint,
        body: &[u8],
        now: Timestamp,
        dies: bool,
    ) -> Served {
        if !self.up {
            return Served::Answer(Err(CallError::Offline));
        }
        let result = match endpoint {
            Endpoint::Push => {
                let request: PushRequest = from_body(body, BODY_BYTES_MAX).expect("our own bytes");
                self.pushed += request.documents.iter().map(|d| d.changes.len()).sum::<usize>();
                if dies {
                    let ledger = self.ledger();
                    let prepared =
                        prepare(ledger.replica(), request, &wijkboek_crdt::Limits::default());
                    // Whether it was appended or not: the phone hears nothing.
                    let _ = prepared.and_then(|prepared| ledger.append(device, &prepared, now));
                    self.restart();
                    return Served::Died;
                }
                self.ledger().push(device, request, now).map(|response| to_body(&response))
            }
            Endpoint::Pull => {
                let request: PullRequest = from_body(body, BODY_BYTES_MAX).expect("our own bytes");
                let answer = self.ledger().pull(device, &request, now);
                if let Ok(response) = &answer {
                    self.pulled += response.documents.len() + response.forget.len();
                }
                answer.map(|response| to_body(&response))
            }
            Endpoint::Reference => {
                return Served::Answer(Err(CallError::Problem {
                    status: 404,
                    code: "no-reference".into(),
                }));
            }
        };
        Served::Answer(result.map_err(|error| call_error(&error)))
    }

    /// Whether the log holds a change.
    pub(super) fn log_holds(
        &mut self,
        id: wijkboek_model::RecordId,
        hash: wijkboek_model::ChangeHash,
    ) -> bool {
        self.ledger().log().accepted(id, hash).expect("the log reads").is_some()
    }
}

/// What the API makes of it.
fn call_error(error: &LedgerError) -> CallError {
    match error {
        LedgerError::Unauthorized => CallError::Unauthorized,
        LedgerError::Restored => CallError::Restored,
        LedgerError::Cloned => CallError::Problem { status: 409, code: problem::CLONED.to_owned() },
        LedgerError::PageExpired => CallError::Problem { status: 400, code: "page-expired".into() },
        LedgerError::TooMany { .. } => CallError::TooLarge,
        LedgerError::Log(_)
        | LedgerError::Store(_)
        | LedgerError::Open(_)
        | LedgerError::Io(_)
        | LedgerError::Document(_) => CallError::Problem { status: 500, code: error.to_string() },
    }
}
