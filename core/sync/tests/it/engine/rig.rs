//! Drives an engine by hand and takes its effects apart.

use minicbor::Decode;
use wijkboek_model::{Now, Timestamp};
use wijkboek_sync::{
    BODY_BYTES_MAX, CallError, CallId, Config, Effect, Endpoint, Engine, Input, Opened,
    OutboxEntry, PullNext, PullRequest, PullResponse, PushOutcome, PushRequest, PushResponse,
    PushVerdict, StoreWork, SyncPhase, from_body, to_body,
};

use crate::samples;

pub(crate) struct Rig {
    pub(crate) engine: Engine,
    pub(crate) now: Now,
}

pub(crate) struct Call {
    pub(crate) id: CallId,
    pub(crate) endpoint: Endpoint,
    body: Vec<u8>,
}

impl Call {
    pub(crate) fn read<T: for<'b> Decode<'b, ()>>(&self) -> T {
        from_body(&self.body, BODY_BYTES_MAX).expect("the engine writes sound messages")
    }
}

pub(crate) fn opened() -> Opened {
    Opened { enrolled: true, pull_state: None, counter: 0, reference_version: Some(4) }
}

pub(crate) fn entry(position: i64, document: u8) -> OutboxEntry {
    let n = u8::try_from(position).expect("a small position");
    OutboxEntry {
        position,
        id: samples::record(document),
        hash: samples::hash(n),
        bytes: vec![n; 100],
    }
}

impl Rig {
    /// Opened and stopped.
    pub(crate) fn new() -> Self {
        Self::open(opened())
    }

    pub(crate) fn open(opened: Opened) -> Self {
        let now = Now { wall: samples::AT, boot_ms: 1_000 };
        let mut rig = Self { engine: Engine::new(Config::default(), 42), now };
        rig.step(Input::Opened(opened));
        rig
    }

    pub(crate) fn step(&mut self, input: Input) -> Vec<Effect> {
        self.engine.step(self.now, input)
    }

    pub(crate) fn phase(&self) -> SyncPhase {
        self.engine.status().phase
    }

    pub(crate) fn pass(&mut self, ms: u64) {
        self.now.boot_ms += ms;
        self.now.wall = self.now.wall.plus_millis(i64::try_from(ms).expect("a short time"));
    }

    /// Wakes it, with these changes in the outbox; gives the push.
    pub(crate) fn push(&mut self, entries: Vec<OutboxEntry>) -> Call {
        let fx = self.step(Input::Wake);
        assert!(reads_outbox(&fx), "a round begins with the outbox: {fx:?}");
        let call = self.outbox(entries).expect("a call");
        assert_eq!(call.endpoint, Endpoint::Push);
        call
    }

    /// Answers a read of the outbox.
    pub(crate) fn outbox(&mut self, entries: Vec<OutboxEntry>) -> Option<Call> {
        let fx = self.step(Input::OutboxRead(entries));
        call(fx)
    }

    /// Wakes it with nothing to push; gives the pull.
    pub(crate) fn pull(&mut self) -> Call {
        let fx = self.step(Input::Wake);
        assert!(reads_outbox(&fx), "a round begins with the outbox: {fx:?}");
        let call = self.outbox(Vec::new()).expect("a call");
        assert_eq!(call.endpoint, Endpoint::Pull);
        call
    }

    pub(crate) fn answer(&mut self, call: &Call, body: Vec<u8>) -> Vec<Effect> {
        self.step(Input::Answer { call: call.id, result: Ok(body) })
    }

    pub(crate) fn fail(&mut self, call: &Call, error: CallError) -> Vec<Effect> {
        self.step(Input::Answer { call: call.id, result: Err(error) })
    }

    /// Accepts everything of a push.
    pub(crate) fn accept(&mut self, call: &Call) -> Vec<Effect> {
        let request: PushRequest = call.read();
        let body = verdicts(&request, |_| PushOutcome::Accepted { number: 1, mac: [0; 32] });
        self.answer(call, body)
    }

    /// Ends a pull with nothing new at this number.
    pub(crate) fn nothing_new(&mut self, call: &Call, number: u64) -> Vec<Effect> {
        let fx = self.answer(call, page(PullNext::Done { cursor: samples::cursor(number) }));
        assert!(fx.iter().any(|effect| matches!(effect, Effect::Store(StoreWork::Ingest { .. }))));
        self.step(Input::Ingested { missing: Vec::new() })
    }

    /// A whole round with nothing to do; ends idle.
    pub(crate) fn quiet_round(&mut self, number: u64) {
        let pull = self.pull();
        self.nothing_new(&pull, number);
        assert_eq!(self.phase(), SyncPhase::Idle);
    }
}

/// The body of a page with nothing in it.
pub(crate) fn page(next: PullNext) -> Vec<u8> {
    to_body(&PullResponse {
        documents: Vec::new(),
        forget: Vec::new(),
        actors: None,
        ..samples::pull_response(next)
    })
}

/// The body that gives each change of a push a verdict.
pub(crate) fn verdicts(
    request: &PushRequest,
    mut outcome: impl FnMut(&wijkboek_model::ChangeHash) -> PushOutcome,
) -> Vec<u8> {
    let verdicts = request
        .documents
        .iter()
        .flat_map(|document| document.changes.iter().map(|change| (document.id, change.hash)))
        .map(|(id, hash)| PushVerdict { id, hash, outcome: outcome(&hash) })
        .collect();
    to_body(&PushResponse { head: samples::cursor(1), verdicts })
}

/// The only call among the effects.
pub(crate) fn call(fx: Vec<Effect>) -> Option<Call> {
    let mut calls = fx.into_iter().filter_map(|effect| match effect {
        Effect::Call { call, endpoint, body } => Some(Call { id: call, endpoint, body }),
        Effect::Store(_) | Effect::SetTimer { .. } | Effect::Status(_) => None,
    });
    let call = calls.next();
    assert!(calls.next().is_none(), "one call at a time");
    call
}

pub(crate) fn work(fx: Vec<Effect>) -> Vec<StoreWork> {
    fx.into_iter()
        .filter_map(|effect| match effect {
            Effect::Store(work) => Some(work),
            Effect::Call { .. } | Effect::SetTimer { .. } | Effect::Status(_) => None,
        })
        .collect()
}

pub(crate) fn timer(fx: &[Effect]) -> Option<u64> {
    fx.iter().rev().find_map(|effect| match effect {
        Effect::SetTimer { at_boot_ms } => Some(*at_boot_ms),
        Effect::Store(_) | Effect::Call { .. } | Effect::Status(_) => None,
    })
}

pub(crate) fn reads_outbox(fx: &[Effect]) -> bool {
    fx.iter().any(|effect| matches!(effect, Effect::Store(StoreWork::ReadOutbox { .. })))
}

/// The limits of the only read of the outbox among the effects.
pub(crate) fn window(fx: Vec<Effect>) -> (usize, usize, usize) {
    work(fx)
        .into_iter()
        .find_map(|work| match work {
            StoreWork::ReadOutbox { max_changes, max_bytes, skip } => {
                Some((max_changes, max_bytes, skip.len()))
            }
            StoreWork::SaveCounter(_)
            | StoreWork::MarkSent(_)
            | StoreWork::Settle(_)
            | StoreWork::Learn { .. }
            | StoreWork::Ingest { .. }
            | StoreWork::SavePullState(_)
            | StoreWork::SaveReference(_)
            | StoreWork::RequeueOwn => None,
        })
        .expect("a read of the outbox")
}

/// The pull state of the last ingest or save among the effects.
pub(crate) fn saved_state(fx: Vec<Effect>) -> Vec<u8> {
    work(fx)
        .into_iter()
        .rev()
        .find_map(|work| match work {
            StoreWork::Ingest { pull_state, .. } | StoreWork::SavePullState(pull_state) => {
                Some(pull_state)
            }
            StoreWork::ReadOutbox { .. }
            | StoreWork::SaveCounter(_)
            | StoreWork::MarkSent(_)
            | StoreWork::Settle(_)
            | StoreWork::Learn { .. }
            | StoreWork::SaveReference(_)
            | StoreWork::RequeueOwn => None,
        })
        .expect("a saved pull state")
}

pub(crate) fn later(now: Now, ms: i64) -> Timestamp {
    now.wall.plus_millis(ms)
}

pub(crate) fn pull_request(call: &Call) -> PullRequest {
    call.read()
}
