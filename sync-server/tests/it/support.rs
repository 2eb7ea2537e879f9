//! A town with people and phones for the tests: the real router on a directory of its own, with a
//! clock that the tests move.

mod http;
mod phone;
mod records;

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU8, Ordering};

use axum::Router;
use wijkboek_model::{AreaCode, MunicipalityCode, PrincipalId, Role, Timestamp};
use wijkboek_server::accounts::Purpose;
use wijkboek_server::config::Config;
use wijkboek_server::log::SqlLog;
use wijkboek_server::{AppState, app};

pub(crate) use http::{Answer, body_of, problem_code};
pub(crate) use phone::Phone;
pub(crate) use records::{contact, record_id, signal, visit};

/// 2026-11-23T08:00:00Z.
const START_MS: i64 = 1_795_420_800_000;

/// Slikkerveer.
pub(crate) const SLIKKERVEER: &str = "WK059706";
/// Rijsoord.
pub(crate) const RIJSOORD: &str = "WK059708";

/// One server and everything around it.
pub(crate) struct Town {
    dir: tempfile::TempDir,
    clock: Arc<AtomicI64>,
    pub(crate) state: AppState,
    pub(crate) app: Router,
}

impl Town {
    pub(crate) fn new() -> Self {
        let dir = tempfile::tempdir().expect("a directory");
        let clock = Arc::new(AtomicI64::new(START_MS));
        let (state, app) = start(Config::local(dir.path(), municipality()), &clock);
        Self { dir, clock, state, app }
    }

    /// A town whose server has other settings.
    #[cfg(feature = "postgres-tests")]
    pub(crate) fn with(config: impl FnOnce(&Path) -> Config) -> Self {
        let dir = tempfile::tempdir().expect("a directory");
        let clock = Arc::new(AtomicI64::new(START_MS));
        let (state, app) = start(config(dir.path()), &clock);
        Self { dir, clock, state, app }
    }

    /// Starts the server anew on the same files; `between` may do things to them.
    pub(crate) fn restart(self, between: impl FnOnce(&Path)) -> Self {
        let Self { dir, clock, state, app } = self;
        let config = state.config().clone();
        drop((state, app));
        between(dir.path());
        let (state, app) = start(config, &clock);
        Self { dir, clock, state, app }
    }

    pub(crate) fn dir(&self) -> &Path {
        self.dir.path()
    }

    pub(crate) fn now(&self) -> Timestamp {
        Timestamp::from_millis(self.clock.load(Ordering::Relaxed))
    }

    pub(crate) fn pass(&self, ms: i64) {
        self.clock.fetch_add(ms, Ordering::Relaxed);
    }

    /// The log as an admin command opens it, beside the server.
    pub(crate) fn log(&self) -> SqlLog {
        SqlLog::open_at(&self.state.config().log, &municipality(), self.now())
            .expect("the log opens")
    }

    pub(crate) fn user(&self, name: &str, role: Role, wijken: &[&str]) -> PrincipalId {
        static NEXT: AtomicU8 = AtomicU8::new(0);
        let random = [NEXT.fetch_add(1, Ordering::Relaxed); 10];
        let id = PrincipalId::from_parts(self.now(), random);
        let wijken = wijken.iter().map(|code| area(code)).collect();
        self.log().add_user(id, name, role, wijken, self.now()).expect("an account");
        id
    }

    pub(crate) fn set_wijken(&self, id: PrincipalId, role: Role, wijken: &[&str]) {
        let wijken = wijken.iter().map(|code| area(code)).collect();
        self.log().set_scope(id, role, wijken, self.now()).expect("new wijken");
    }

    pub(crate) fn invite(&self, id: PrincipalId) -> String {
        self.log().issue_code(Purpose::Enrol, id, self.now()).expect("a code")
    }

    /// A phone that is enrolled for somebody.
    pub(crate) async fn phone(&self, id: PrincipalId) -> Phone {
        Phone::enrol(self, &self.invite(id)).await.expect("the code is good")
    }

    /// A wijkregisseur with a phone.
    pub(crate) async fn wijkregisseur(&self, name: &str, wijken: &[&str]) -> Phone {
        self.phone(self.user(name, Role::Wijkregisseur, wijken)).await
    }
}

fn start(config: Config, clock: &Arc<AtomicI64>) -> (AppState, Router) {
    let clock = Arc::clone(clock);
    let state = AppState::open_with_clock(
        config,
        Box::new(move || Timestamp::from_millis(clock.load(Ordering::Relaxed))),
    );
    let state = state.expect("the server opens its data");
    (state.clone(), app(state))
}

pub(crate) fn municipality() -> MunicipalityCode {
    "GM0597".parse().expect("a municipality's code")
}

pub(crate) fn area(code: &str) -> AreaCode {
    code.parse().expect("an area's code")
}
