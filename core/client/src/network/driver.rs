//! Runs the engine: feeds it what happens and carries out what it says.
//!
//! Everything happens on this one thread, one thing after the other; only calls to the server and
//! the stream of events are under way meanwhile.

use std::collections::VecDeque;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::mpsc::Sender as Reply;
use std::time::Duration;

use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::task::JoinHandle;
use wijkboek_store::StoreError;
use wijkboek_sync::{
    Backoff, CallError, CallId, Effect, Endpoint, Engine, Input, PushOutcome, StoreWork, SyncPhase,
};

use super::Command;
use super::enrol;
use super::events::{self, Live};
use super::http::Http;
use crate::account::{Account, Identity};
use crate::error::WijkboekError;
use crate::observe::News;
use crate::perform::{Performed, opened, perform};
use crate::shared::Shared;
use crate::views::SyncReport;

type Answer = (CallId, Result<Vec<u8>, CallError>);
type Enrolled = (Result<Account, WijkboekError>, Reply<Result<Identity, WijkboekError>>);
type Pending<T> = Pin<Box<dyn Future<Output = T>>>;

pub(super) struct Driver {
    shared: Arc<Shared>,
    engine: Engine,
    http: Option<Http>,
    /// Whether it is to synchronise by itself.
    started: bool,
    timer: Option<u64>,
    call: Option<Pending<Answer>>,
    enrolling: Option<Pending<Enrolled>>,
    live: Option<JoinHandle<()>>,
    live_tell: UnboundedSender<Live>,
    live_told: UnboundedReceiver<Live>,
    /// Who waits for the end of a round.
    waiting: Vec<Reply<Result<SyncReport, WijkboekError>>>,
    report: SyncReport,
    store_error: Option<WijkboekError>,
}

impl Driver {
    pub(super) fn new(shared: Arc<Shared>) -> Self {
        let engine = Engine::new(shared.config.sync.clone(), seed());
        let (live_tell, live_told) = unbounded_channel();
        Self {
            shared,
            engine,
            http: None,
            started: false,
            timer: None,
            call: None,
            enrolling: None,
            live: None,
            live_tell,
            live_told,
            waiting: Vec::new(),
            report: SyncReport::default(),
            store_error: None,
        }
    }

    /// Runs until the logbook closes. `first` is a command that came before it began.
    pub(super) async fn run(
        mut self,
        first: Option<Command>,
        commands: &mut UnboundedReceiver<Command>,
    ) {
        self.reopen();
        if let Some(command) = first {
            self.command(command);
        }
        loop {
            let due = self.due();
            tokio::select! {
                command = commands.recv() => match command {
                    None | Some(Command::Close) => break,
                    Some(command) => self.command(command),
                },
                answer = pending(&mut self.call) => {
                    self.call = None;
                    let (call, result) = answer;
                    self.feed(Input::Answer { call, result });
                }
                enrolled = pending(&mut self.enrolling) => {
                    self.enrolling = None;
                    self.enrolled(enrolled);
                }
                Some(live) = self.live_told.recv() => self.heard(live),
                () = sleep(due) => self.waited(),
            }
        }
        self.end_live();
    }

    fn command(&mut self, command: Command) {
        match command {
            Command::Written => self.feed(Input::LocalWrite),
            Command::Begin => {
                self.started = true;
                self.feed(Input::Wake);
                self.begin_live();
            }
            Command::Halt => {
                self.started = false;
                self.end_live();
                self.feed(Input::Live(false));
                if self.waiting.is_empty() {
                    self.feed(Input::Stop);
                }
            }
            Command::Wake if self.started => self.feed(Input::Wake),
            Command::Wake => {}
            Command::Sync(reply) => {
                if self.waiting.is_empty() {
                    self.report = SyncReport::default();
                }
                self.waiting.push(reply);
                self.feed(Input::Wake);
            }
            Command::Enrol { server_url, code, device_name, reply } => {
                if self.enrolling.is_some() {
                    let busy = WijkboekError::ServerProblem { code: BUSY.to_owned() };
                    let _ = reply.send(Err(busy));
                    return;
                }
                let shared = Arc::clone(&self.shared);
                self.enrolling = Some(Box::pin(async move {
                    (enrol::ask(&shared, server_url, code, device_name).await, reply)
                }));
            }
            Command::Close => unreachable!("the loop ends at this command"),
        }
    }

    fn enrolled(&mut self, (account, reply): Enrolled) {
        let kept = account.and_then(|account| enrol::keep(&self.shared, &account));
        if kept.is_ok() {
            self.call = None;
            self.end_live();
            self.reopen();
        }
        // Whoever asked may be gone.
        let _ = reply.send(kept);
    }

    fn heard(&mut self, live: Live) {
        // What was still under way when the stream was closed says nothing any more.
        if self.live.is_none() {
            return;
        }
        match live {
            Live::Open(open) => {
                self.shared.set_live(open);
                self.feed(Input::Live(open));
            }
            Live::Head(number) => self.feed(Input::HeadMoved(number)),
        }
    }

    /// Lets the engine begin with what the store knows.
    fn reopen(&mut self) {
        let opened = opened(&self.shared.store());
        match opened {
            Ok(opened) => {
                self.http = None;
                self.feed(Input::Opened(opened));
                if self.started {
                    self.feed(Input::Wake);
                    self.begin_live();
                }
            }
            Err(error) => self.store_failed(error),
        }
    }

    /// One step of the engine, and every step that follows from it at once.
    fn feed(&mut self, input: Input) {
        let mut inputs = VecDeque::from([input]);
        while let Some(input) = inputs.pop_front() {
            let effects = self.engine.step(self.shared.config.clock.now(), input);
            for effect in effects {
                match effect {
                    Effect::Store(work) => match self.work(work) {
                        Ok(answer) => inputs.extend(answer),
                        Err(error) => {
                            self.store_failed(error);
                            inputs.push_back(Input::StoreFailed);
                            break;
                        }
                    },
                    Effect::Call { call, endpoint, body } => self.dial(call, endpoint, body),
                    Effect::SetTimer { at_boot_ms } => self.timer = Some(at_boot_ms),
                    Effect::Status(status) => {
                        if status.phase == SyncPhase::Idle {
                            self.scrub();
                        }
                        self.shared.set_sync(status);
                    }
                }
            }
        }
        self.answer_waiting();
    }

    /// Once a round is over, what it forgot is overwritten; when that fails, after the next.
    fn scrub(&self) {
        if let Err(error) = self.shared.store().scrub_if_due() {
            tracing::warn!(%error, "what was forgotten is not overwritten yet");
        }
    }

    fn work(&mut self, work: StoreWork) -> Result<Option<Input>, StoreError> {
        self.count(&work);
        let reloads =
            matches!(&work, StoreWork::SaveReference(_) | StoreWork::Learn { me: Some(_), .. });
        let done = perform(&mut self.shared.store(), work);
        let Performed { input, changed } = done?;
        if reloads {
            self.shared.reload()?;
        }
        if !changed.is_empty() {
            self.shared.hub.tell(&News::of(changed));
        }
        Ok(input)
    }

    fn count(&mut self, work: &StoreWork) {
        match work {
            StoreWork::Settle(verdicts) => {
                for verdict in verdicts {
                    match verdict.outcome {
                        PushOutcome::Accepted { .. } | PushOutcome::Duplicate { .. } => {
                            self.report.pushed += 1;
                        }
                        PushOutcome::Refused { .. } => self.report.refused += 1,
                        PushOutcome::Waiting => {}
                    }
                }
            }
            StoreWork::Ingest { documents, forget, .. } => {
                let changes = documents.iter().map(|document| document.changes.len() as u64);
                self.report.pulled += changes.sum::<u64>();
                self.report.forgotten += forget.len() as u64;
            }
            StoreWork::ReadOutbox { .. }
            | StoreWork::SaveCounter(_)
            | StoreWork::MarkSent(_)
            | StoreWork::Learn { .. }
            | StoreWork::SavePullState(_)
            | StoreWork::SaveReference(_)
            | StoreWork::RequeueOwn => {}
        }
    }

    fn store_failed(&mut self, error: StoreError) {
        self.store_error = Some(error.into());
    }

    fn dial(&mut self, call: CallId, endpoint: Endpoint, body: Vec<u8>) {
        let (Some(http), Some(Account { token, .. })) = (self.http(), self.shared.account()) else {
            self.call = Some(Box::pin(async move { (call, Err(CallError::Offline)) }));
            return;
        };
        self.call = Some(Box::pin(async move { (call, http.call(&token, endpoint, body).await) }));
    }

    /// The transport to the account's server, made when it is first needed.
    fn http(&mut self) -> Option<Http> {
        if self.http.is_none() {
            let account = self.shared.account()?;
            match Http::new(&account.identity.server_url, &self.shared.config) {
                Ok(http) => self.http = Some(http),
                Err(error) => {
                    tracing::error!(error = %error.without_url(), "no transport can be made");
                }
            }
        }
        self.http.clone()
    }

    fn begin_live(&mut self) {
        let (Some(http), Some(account)) = (self.http(), self.shared.account()) else { return };
        if self.live.is_some() {
            return;
        }
        let sync = &self.shared.config.sync;
        let backoff = Backoff::new(seed(), sync.backoff_ms_min, sync.backoff_ms_max);
        let silence = self.shared.config.live_silence;
        let tell = self.live_tell.clone();
        let follow = events::follow(http, account.token, silence, backoff, tell);
        self.live = Some(tokio::spawn(follow));
    }

    fn end_live(&mut self) {
        if let Some(live) = self.live.take() {
            live.abort();
        }
        self.shared.set_live(false);
    }

    /// When a round has ended, whoever waits for it learns how.
    fn answer_waiting(&mut self) {
        if self.waiting.is_empty() {
            return;
        }
        let ended = match self.engine.status().phase {
            SyncPhase::Syncing => return,
            SyncPhase::Idle => Ok(()),
            SyncPhase::NotEnrolled => Err(WijkboekError::NotEnrolled),
            SyncPhase::Offline { .. } => Err(WijkboekError::Offline),
            SyncPhase::Locked(_) => Err(WijkboekError::Unauthorized),
            SyncPhase::Failing { code, .. } => {
                Err(self.store_error.take().unwrap_or(WijkboekError::ServerProblem { code }))
            }
        };
        self.store_error = None;
        if !self.started {
            // The waiting goes on being asked for, so no timer shall bring a round by itself.
            self.engine_stop();
        }
        let unsent = self.shared.store().unsent();
        self.report.unsent =
            unsent.ok().and_then(|unsent| u64::try_from(unsent).ok()).unwrap_or_default();
        for reply in self.waiting.drain(..) {
            // Whoever asked may be gone.
            let _ = reply.send(ended.clone().map(|()| self.report));
        }
    }

    /// Stops the engine without hiding why the last round ended.
    fn engine_stop(&mut self) {
        self.timer = None;
        self.engine.step(self.shared.config.clock.now(), Input::Stop);
    }

    /// A wait, or a step of one, is over. The engine knows what it waited for.
    fn waited(&mut self) {
        let now = self.shared.config.clock.now().boot_ms;
        if self.timer.is_some_and(|at| at <= now) {
            self.timer = None;
            self.feed(Input::TimerFired);
        }
    }

    /// How long until the timer; waits in steps, since a runtime's clock stands still in sleep.
    fn due(&self) -> Option<Duration> {
        let at = self.timer.filter(|_| self.started)?;
        let left = at.saturating_sub(self.shared.config.clock.now().boot_ms);
        Some(Duration::from_millis(left).min(STEP))
    }
}

/// The value of something that is under way; nothing ever comes of nothing.
async fn pending<T>(under_way: &mut Option<Pending<T>>) -> T {
    match under_way {
        Some(future) => future.await,
        None => std::future::pending().await,
    }
}

async fn sleep(due: Option<Duration>) {
    match due {
        Some(due) => tokio::time::sleep(due).await,
        None => std::future::pending().await,
    }
}

/// For jitter only; without randomness the phones merely wait in step.
fn seed() -> u64 {
    let mut bytes = [0; 8];
    let _ = getrandom::fill(&mut bytes);
    u64::from_le_bytes(bytes)
}

/// The longest uninterrupted wait.
const STEP: Duration = Duration::from_secs(30);
/// The code for a second enrolment while one is under way.
const BUSY: &str = "busy";
