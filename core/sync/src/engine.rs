//! The phone's side of synchronising as a state machine.
//!
//! A round pushes until the outbox is empty, pulls until the server says that was all, and fetches
//! reference data that is newer. At most one call is under way. Everything that matters after a
//! kill lies in the store: the outbox, the push counter and the pull state; repeating the last step
//! is always harmless. There is no clock, no IO and no global randomness in here.

mod backoff;
mod io;
mod pull;
mod pull_state;
mod push;

use std::collections::BTreeSet;

use wijkboek_model::{ChangeHash, Now, RecordId, Timestamp};

use crate::problem;
use crate::wire::{Cursor, Me};
pub use backoff::Backoff;
pub use io::{
    CallError, CallId, Config, Effect, Endpoint, Input, LockReason, Opened, OutboxEntry, StoreWork,
    SyncPhase, SyncStatus,
};
use pull_state::PullState;

/// The state machine. One per store.
#[derive(Debug)]
pub struct Engine {
    config: Config,
    backoff: Backoff,
    state: State,
    /// Live events arrive.
    live: bool,
    /// Something came up during a round that the round may have missed.
    again: bool,
    /// The highest head heard of during this round.
    head_heard: u64,
    counter: u64,
    pull: PullState,
    reference_version: u64,
    reference_offered: u64,
    me: Option<Me>,
    batch: Batch,
    /// Documents that this round leaves alone: they wait for others, or cannot be sent.
    skip: BTreeSet<RecordId>,
    /// What this round could not send, as a problem's code; the rest of the round went on.
    trouble: Option<String>,
    /// Refused pushes in this round.
    problems: u32,
    /// Documents already asked for whole in this round.
    asked: BTreeSet<RecordId>,
    calls: u64,
    shown: Option<SyncStatus>,
}

/// How much goes into the next push; halved when the server finds it too large.
#[derive(Debug, Clone, Copy)]
struct Batch {
    changes: usize,
    bytes: usize,
}

#[derive(Debug)]
enum State {
    NotEnrolled,
    Stopped,
    Idle {
        poll_at: u64,
        phase: SyncPhase,
    },
    Waiting {
        until: u64,
        phase: SyncPhase,
    },
    Locked(LockReason),
    /// In the middle of a round.
    Busy(Step),
}

/// A change that is under way.
#[derive(Debug, Clone, Copy)]
struct Sent {
    position: i64,
    id: RecordId,
    hash: ChangeHash,
}

#[derive(Debug)]
enum Step {
    Outbox,
    Pushing { call: CallId, sent: Vec<Sent> },
    Settling,
    Pulling { call: CallId, asked: Vec<RecordId> },
    Ingesting { next: PullState },
    Requeueing,
    Fetching { call: CallId },
    SavingReference,
}

impl Engine {
    /// A stopped engine. `seed` decides the jitter and nothing else.
    pub fn new(config: Config, seed: u64) -> Self {
        let backoff = Backoff::new(seed, config.backoff_ms_min, config.backoff_ms_max);
        let batch = Batch { changes: config.push_changes, bytes: config.push_bytes };
        Self {
            config,
            backoff,
            state: State::NotEnrolled,
            live: false,
            again: false,
            head_heard: 0,
            counter: 0,
            pull: PullState::default(),
            reference_version: 0,
            reference_offered: 0,
            me: None,
            batch,
            skip: BTreeSet::new(),
            trouble: None,
            problems: 0,
            asked: BTreeSet::new(),
            calls: 0,
            shown: None,
        }
    }

    /// Takes one input and says what to do. An input that does not fit the state (an answer to a
    /// call long given up, say) does nothing.
    pub fn step(&mut self, now: Now, input: Input) -> Vec<Effect> {
        let mut fx = Vec::new();
        match input {
            Input::Opened(opened) => self.opened(&opened),
            Input::Stop => self.stop(),
            Input::LocalWrite => self.nudged(&mut fx),
            Input::Wake => self.woken(&mut fx),
            Input::HeadMoved(number) => self.head_moved(number, &mut fx),
            Input::Live(live) => self.live_changed(now, live, &mut fx),
            Input::TimerFired => self.timer_fired(now, &mut fx),
            Input::StoreFailed => self.store_failed(now, &mut fx),
            Input::OutboxRead(entries) => self.outbox_read(entries, &mut fx),
            Input::Settled => self.settled(&mut fx),
            Input::Ingested { missing } => self.ingested(now, missing, &mut fx),
            Input::Requeued => self.requeued(&mut fx),
            Input::ReferenceSaved { version } => self.reference_saved(now, version, &mut fx),
            Input::Answer { call, result } => self.answered(now, call, result, &mut fx),
        }
        let status = self.status();
        if self.shown.as_ref() != Some(&status) {
            self.shown = Some(status.clone());
            fx.push(Effect::Status(status));
        }
        fx
    }

    /// How it stands now.
    pub fn status(&self) -> SyncStatus {
        let phase = match &self.state {
            State::NotEnrolled => SyncPhase::NotEnrolled,
            State::Stopped => SyncPhase::Idle,
            State::Idle { phase, .. } | State::Waiting { phase, .. } => phase.clone(),
            State::Locked(reason) => SyncPhase::Locked(*reason),
            State::Busy(_) => SyncPhase::Syncing,
        };
        SyncStatus { phase, last_success: self.pull.last_success() }
    }

    /// Where the log has been read up to.
    pub fn cursor(&self) -> Option<Cursor> {
        self.pull.cursor
    }

    fn opened(&mut self, opened: &Opened) {
        self.state = if opened.enrolled { State::Stopped } else { State::NotEnrolled };
        self.pull = opened.pull_state.as_deref().map(PullState::from_bytes).unwrap_or_default();
        self.counter = opened.counter;
        self.reference_version = opened.reference_version.unwrap_or(0);
        self.reference_offered = 0;
        self.me = None;
        self.again = false;
        self.backoff.reset();
    }

    fn stop(&mut self) {
        match self.state {
            State::NotEnrolled | State::Locked(_) => {}
            State::Stopped | State::Idle { .. } | State::Waiting { .. } | State::Busy(_) => {
                self.state = State::Stopped;
            }
        }
    }

    /// Something was written here: a round now, unless one is waiting for the server anyway.
    fn nudged(&mut self, fx: &mut Vec<Effect>) {
        match self.state {
            State::Idle { .. } => self.begin(fx),
            State::NotEnrolled | State::Stopped | State::Waiting { .. } | State::Locked(_) => {}
            State::Busy(_) => self.again = true,
        }
    }

    fn woken(&mut self, fx: &mut Vec<Effect>) {
        match self.state {
            // Another round would carry a higher counter: the server would take this copy for the
            // original, and lock that out instead.
            State::NotEnrolled | State::Locked(LockReason::Cloned) => {}
            State::Stopped
            | State::Idle { .. }
            | State::Waiting { .. }
            | State::Locked(LockReason::Unauthorized) => self.begin(fx),
            State::Busy(_) => self.again = true,
        }
    }

    /// A head is news from the server itself, so it also ends waiting for it to be reached.
    fn head_moved(&mut self, number: u64, fx: &mut Vec<Effect>) {
        match self.state {
            State::Waiting { phase: SyncPhase::Offline { .. }, .. } => self.begin(fx),
            State::NotEnrolled | State::Stopped | State::Locked(_) | State::Waiting { .. } => {}
            State::Idle { .. } => {
                if self.pull.cursor.is_none_or(|cursor| cursor.number != number) {
                    self.begin(fx);
                }
            }
            State::Busy(_) => self.head_heard = self.head_heard.max(number),
        }
    }

    /// When events begin to arrive, something may have been missed before: a round, also instead
    /// of waiting for the server to be reached.
    fn live_changed(&mut self, now: Now, live: bool, fx: &mut Vec<Effect>) {
        let began = live && !self.live;
        self.live = live;
        match self.state {
            State::Idle { .. } | State::Waiting { phase: SyncPhase::Offline { .. }, .. }
                if began =>
            {
                self.begin(fx);
            }
            State::Idle { .. } => self.rest(now, fx),
            State::NotEnrolled
            | State::Stopped
            | State::Waiting { .. }
            | State::Locked(_)
            | State::Busy(_) => {}
        }
    }

    fn timer_fired(&mut self, now: Now, fx: &mut Vec<Effect>) {
        let (State::Idle { poll_at: due, .. } | State::Waiting { until: due, .. }) = self.state
        else {
            return;
        };
        if now.boot_ms >= due {
            self.begin(fx);
        } else {
            fx.push(Effect::SetTimer { at_boot_ms: due });
        }
    }

    fn store_failed(&mut self, now: Now, fx: &mut Vec<Effect>) {
        match self.state {
            State::NotEnrolled
            | State::Stopped
            | State::Idle { .. }
            | State::Waiting { .. }
            | State::Locked(_) => {}
            State::Busy(_) => self.failing(now, "store", None, fx),
        }
    }

    /// A round from its start.
    fn begin(&mut self, fx: &mut Vec<Effect>) {
        self.again = false;
        self.head_heard = 0;
        self.skip.clear();
        self.trouble = None;
        self.problems = 0;
        self.asked.clear();
        self.read_outbox(fx);
    }

    /// A round is complete.
    fn end(&mut self, now: Now, fx: &mut Vec<Effect>) {
        let heard_more = self.pull.cursor.is_some_and(|cursor| self.head_heard > cursor.number);
        if self.again || heard_more {
            self.begin(fx);
        } else {
            self.rest(now, fx);
        }
    }

    fn rest(&mut self, now: Now, fx: &mut Vec<Effect>) {
        let wait = if self.live { self.config.poll_ms_live } else { self.config.poll_ms };
        let poll_at = now.boot_ms.saturating_add(wait);
        let phase = match &self.trouble {
            Some(code) => SyncPhase::Failing { code: code.clone(), retry_at: later(now, wait) },
            None => SyncPhase::Idle,
        };
        self.state = State::Idle { poll_at, phase };
        fx.push(Effect::SetTimer { at_boot_ms: poll_at });
    }

    fn answered(
        &mut self,
        now: Now,
        answer: CallId,
        result: Result<Vec<u8>, CallError>,
        fx: &mut Vec<Effect>,
    ) {
        match &mut self.state {
            State::Busy(Step::Pushing { call, sent }) if *call == answer => {
                let sent = std::mem::take(sent);
                match result {
                    Ok(body) => self.pushed(now, &sent, &body, fx),
                    Err(error) => self.push_failed(now, &sent, error, fx),
                }
            }
            State::Busy(Step::Pulling { call, asked }) if *call == answer => {
                let asked = std::mem::take(asked);
                match result {
                    Ok(body) => self.pulled(now, &asked, &body, fx),
                    Err(error) => self.pull_failed(now, error, fx),
                }
            }
            State::Busy(Step::Fetching { call }) if *call == answer => match result {
                Ok(body) => {
                    self.state = State::Busy(Step::SavingReference);
                    fx.push(Effect::Store(StoreWork::SaveReference(body)));
                }
                Err(error) => self.call_failed(now, error, fx),
            },
            State::NotEnrolled
            | State::Stopped
            | State::Idle { .. }
            | State::Waiting { .. }
            | State::Locked(_)
            | State::Busy(_) => {}
        }
    }

    /// What every endpoint's failures have in common.
    fn call_failed(&mut self, now: Now, error: CallError, fx: &mut Vec<Effect>) {
        match error {
            CallError::Offline | CallError::Timeout => {
                let wait = self.backoff.next_ms();
                let retry_at = later(now, wait);
                self.wait(now, wait, SyncPhase::Offline { retry_at }, fx);
            }
            CallError::Unauthorized => self.state = State::Locked(LockReason::Unauthorized),
            CallError::Overloaded { retry_after_ms } => {
                self.failing(now, problem::OVERLOADED, retry_after_ms, fx);
            }
            CallError::TooLarge => self.failing(now, problem::TOO_LARGE, None, fx),
            CallError::Restored => self.restored(now, fx),
            CallError::Problem { code, .. } if code == problem::CLONED => {
                self.state = State::Locked(LockReason::Cloned);
            }
            CallError::Problem { code, .. } => self.failing(now, &code, None, fx),
        }
    }

    /// The server's log is not the one that the cursor belongs to. What this phone wrote goes out
    /// again first, and only then is the cursor dropped: a kill in between repeats both.
    fn restored(&mut self, now: Now, fx: &mut Vec<Effect>) {
        if self.pull.cursor.is_none() && self.pull.page.is_none() {
            self.failing(now, problem::RESTORED, None, fx);
            return;
        }
        self.state = State::Busy(Step::Requeueing);
        fx.push(Effect::Store(StoreWork::RequeueOwn));
    }

    fn requeued(&mut self, fx: &mut Vec<Effect>) {
        let State::Busy(Step::Requeueing) = self.state else { return };
        self.pull =
            PullState { last_success_ms: self.pull.last_success_ms, ..PullState::default() };
        fx.push(Effect::Store(StoreWork::SavePullState(self.pull.to_bytes())));
        self.begin(fx);
    }

    fn failing(&mut self, now: Now, code: &str, at_least_ms: Option<u64>, fx: &mut Vec<Effect>) {
        let wait = self.backoff.next_ms().max(at_least_ms.unwrap_or(0).min(RETRY_AFTER_MS_MAX));
        let phase = SyncPhase::Failing { code: code.to_owned(), retry_at: later(now, wait) };
        self.wait(now, wait, phase, fx);
    }

    fn wait(&mut self, now: Now, wait_ms: u64, phase: SyncPhase, fx: &mut Vec<Effect>) {
        let until = now.boot_ms.saturating_add(wait_ms);
        self.state = State::Waiting { until, phase };
        fx.push(Effect::SetTimer { at_boot_ms: until });
    }

    fn next_call(&mut self) -> CallId {
        self.calls += 1;
        CallId(self.calls)
    }
}

fn later(now: Now, wait_ms: u64) -> Timestamp {
    now.wall.plus_millis(i64::try_from(wait_ms).unwrap_or(i64::MAX))
}

/// A server may ask for an hour's patience, not for more.
const RETRY_AFTER_MS_MAX: u64 = 3_600_000;
