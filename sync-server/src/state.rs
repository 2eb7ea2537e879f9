//! What all handlers share: the ledger, read handles of log and replica, and live news.
//!
//! Every database call happens on a blocking thread; no lock is held across an await.

mod live;
mod office;
mod readers;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tokio::sync::{Semaphore, watch};
use wijkboek_crdt::Limits;
use wijkboek_model::{ActorId, InstallId, PrincipalId, Reference, Timestamp};
use wijkboek_store::Store;
use wijkboek_sync::{PullRequest, PullResponse, PushRequest, PushResponse};

use crate::accounts::Device;
use crate::config::Config;
use crate::error::ServerError;
use crate::key::ServerKey;
use crate::ledger::{Ledger, prepare, pull};
use crate::log::{Log as _, SqlLog};

use office::FailedCodes;
pub use office::{EditError, LoginError, SessionToken, Staff};
use readers::Reader;

/// How many database calls run at once; more wait.
const BLOCKING_MAX: usize = 32;
/// How long a call waits for its turn before the caller is told to come back.
const TURN_TIMEOUT: Duration = Duration::from_secs(5);

/// Gives the time; the system's clock but for tests.
pub type Clock = Box<dyn Fn() -> Timestamp + Send + Sync>;

/// Shared by all handlers; cheap to clone.
#[derive(Clone)]
pub struct AppState(Arc<Inner>);

struct Inner {
    config: Config,
    clock: Clock,
    key: ServerKey,
    ledger: Mutex<Ledger>,
    readers: Mutex<Vec<Reader>>,
    turns: Semaphore,
    head: watch::Sender<u64>,
    stopping: watch::Sender<bool>,
    reference: Mutex<Option<Arc<Reference>>>,
    office_installs: Mutex<HashMap<PrincipalId, InstallId>>,
    failed_codes: Mutex<FailedCodes>,
}

impl AppState {
    /// Opens log, replica and key in the configured directory and brings the replica up to date.
    ///
    /// # Errors
    /// [`ServerError`].
    pub fn open(config: Config) -> Result<Self, ServerError> {
        Self::open_with_clock(config, Box::new(system_time))
    }

    /// The same with another clock.
    ///
    /// # Errors
    /// [`ServerError`].
    pub fn open_with_clock(config: Config, clock: Clock) -> Result<Self, ServerError> {
        Config::make_data_directory(&config.data)?;
        let key = ServerKey::open(&config.key_path())?;
        let ledger = Ledger::open(
            &config.log,
            &config.replica_path(),
            &config.municipality,
            key.clone(),
            clock(),
        )?;
        let head = watch::Sender::new(ledger.replica_number()?);
        Ok(Self(Arc::new(Inner {
            config,
            clock,
            key,
            ledger: Mutex::new(ledger),
            readers: Mutex::default(),
            turns: Semaphore::new(BLOCKING_MAX),
            head,
            stopping: watch::Sender::new(false),
            reference: Mutex::default(),
            office_installs: Mutex::default(),
            failed_codes: Mutex::default(),
        })))
    }

    /// The settings.
    pub fn config(&self) -> &Config {
        &self.0.config
    }

    /// The server's clock.
    pub fn now(&self) -> Timestamp {
        (self.0.clock)()
    }

    /// Whether browsers come over TLS, so that cookies must be `Secure`.
    pub fn public_https(&self) -> bool {
        self.0.config.is_secure()
    }

    /// Reads the replica on a blocking thread.
    ///
    /// # Errors
    /// [`ServerError`].
    pub async fn read<R, F>(&self, f: F) -> Result<R, ServerError>
    where
        F: FnOnce(&Store) -> R + Send + 'static,
        R: Send + 'static,
    {
        self.with_reader(move |reader, _| Ok(f(&reader.replica))).await
    }

    /// Uses the log's tables (accounts, devices, reference data) on a blocking thread.
    ///
    /// # Errors
    /// What the work fails with, or [`ServerError`].
    pub async fn log<R, E, F>(&self, f: F) -> Result<R, E>
    where
        F: FnOnce(&mut SqlLog, Timestamp) -> Result<R, E> + Send + 'static,
        R: Send + 'static,
        E: From<ServerError> + Send + 'static,
    {
        self.with_reader(move |reader, now| Ok(f(&mut reader.log, now))).await?
    }

    /// Uses the ledger, alone, on a blocking thread; tells the news afterwards.
    ///
    /// # Errors
    /// What the work fails with, or [`ServerError`].
    pub async fn ledger<R, E, F>(&self, f: F) -> Result<R, E>
    where
        F: FnOnce(&mut Ledger, Timestamp) -> Result<R, E> + Send + 'static,
        R: Send + 'static,
        E: From<ServerError> + Send + 'static,
    {
        self.blocking(move |inner| {
            let mut ledger = lock(&inner.ledger);
            let done = f(&mut ledger, (inner.clock)());
            let reached = ledger.replica_number()?;
            drop(ledger);
            inner.tell(reached);
            Ok(done)
        })
        .await?
    }

    /// Takes in a push. The guard runs beside other requests; only storing is one at a time.
    ///
    /// # Errors
    /// [`ServerError`].
    pub async fn push(
        &self,
        device: Device,
        request: PushRequest,
    ) -> Result<PushResponse, ServerError> {
        let prepared = self
            .with_reader(move |reader, _| {
                Ok(prepare(&reader.replica, request, &Limits::default())?)
            })
            .await?;
        self.ledger(move |ledger, now| -> Result<_, ServerError> {
            let response = ledger.append(&device, &prepared, now)?;
            // What was accepted stands in the log: a replica that stumbles follows later.
            if let Err(error) = ledger.catch_up() {
                tracing::error!(%error, "the replica did not follow");
            }
            Ok(response)
        })
        .await
    }

    /// Gives out one page of what is new for a device.
    ///
    /// # Errors
    /// [`ServerError`].
    pub async fn pull(
        &self,
        device: Device,
        request: PullRequest,
    ) -> Result<PullResponse, ServerError> {
        let key = self.0.key.clone();
        self.log(move |log, now| Ok(pull(log, &key, &device, &request, now)?)).await
    }

    /// Areas, themes, inhabitants and the names of people; none before the first import.
    ///
    /// # Errors
    /// [`ServerError`].
    pub async fn reference(&self) -> Result<Option<Arc<Reference>>, ServerError> {
        let kept = lock(&self.0.reference).clone();
        let newest = self
            .log(move |log, _| -> Result<_, ServerError> {
                let version = log.reference_version()?;
                match kept {
                    _ if version == 0 => Ok(None),
                    Some(kept) if kept.version == version => Ok(Some(kept)),
                    _ => Ok(log.reference()?.map(Arc::new)),
                }
            })
            .await?;
        lock(&self.0.reference).clone_from(&newest);
        Ok(newest)
    }

    /// What somebody is called, also when they left.
    ///
    /// # Errors
    /// [`ServerError`].
    pub async fn name_of(&self, id: PrincipalId) -> Result<Option<String>, ServerError> {
        self.log(move |log, _| Ok(log.name(id)?)).await
    }

    /// Who stands behind actors, for histories and conflicts.
    ///
    /// # Errors
    /// [`ServerError`].
    pub async fn principals_of(
        &self,
        actors: &[ActorId],
    ) -> Result<HashMap<ActorId, PrincipalId>, ServerError> {
        let actors = actors.to_vec();
        self.log(move |log, _| Ok(log.principals_of(&actors)?)).await
    }

    /// Whether log and replica answer; gives the numbers that they have reached.
    ///
    /// # Errors
    /// [`ServerError`].
    pub async fn health(&self) -> Result<(u64, u64), ServerError> {
        self.with_reader(|reader, _| Ok((reader.log.head()?.number, reader.replica_number()?)))
            .await
    }

    /// Does work with a read handle that nobody else uses meanwhile.
    async fn with_reader<R, F>(&self, f: F) -> Result<R, ServerError>
    where
        F: FnOnce(&mut Reader, Timestamp) -> Result<R, ServerError> + Send + 'static,
        R: Send + 'static,
    {
        self.blocking(move |inner| {
            let mut reader = inner.reader()?;
            let done = f(&mut reader, (inner.clock)());
            inner.put_back(reader);
            done
        })
        .await
    }

    async fn blocking<R, F>(&self, f: F) -> Result<R, ServerError>
    where
        F: FnOnce(&Inner) -> Result<R, ServerError> + Send + 'static,
        R: Send + 'static,
    {
        let turn = tokio::time::timeout(TURN_TIMEOUT, self.0.turns.acquire()).await;
        let _turn = match turn {
            Ok(Ok(turn)) => turn,
            Ok(Err(_)) => return Err(ServerError::Interrupted),
            Err(_) => return Err(ServerError::Overloaded),
        };
        let inner = Arc::clone(&self.0);
        let work = tokio::task::spawn_blocking(move || f(&inner));
        work.await.map_err(|_| ServerError::Interrupted)?
    }
}

/// Locks; a panic elsewhere leaves no half-done work behind, for all of it is in transactions.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn system_time() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp::from_millis(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}
