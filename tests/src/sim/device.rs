//! A phone in the simulation: the real store and engine, and a driver that can be killed between
//! any two pieces of work.

use std::collections::VecDeque;

use rand::RngExt as _;
use rand::rngs::StdRng;
use wijkboek_client::{ensure_install, generation, opened, perform};
use wijkboek_crdt::{RawChange, Stamp};
use wijkboek_model::{ActorId, InstallId, Now, Principal, Record, RecordId, Timestamp, Write};
use wijkboek_server::accounts::Device;
use wijkboek_store::{Filter, Outcome, PageKey, Row, Scope, Settled, Store};
use wijkboek_sync::{CallId, Config, Effect, Endpoint, Engine, Input, StoreWork, SyncPhase};

use super::Bug;

/// One phone and the person who carries it.
pub(super) struct Phone {
    pub(super) principal: Principal,
    pub(super) enrolled: Device,
    pub(super) store: Store,
    engine: Engine,
    install: InstallId,
    /// Grows with each kill.
    pub(super) incarnation: u32,
    pub(super) timer_ms: Option<u64>,
    seed: u64,
    bug: Option<Bug>,
}

/// A call that leaves the phone.
pub(super) struct Outgoing {
    pub(super) call: CallId,
    pub(super) endpoint: Endpoint,
    pub(super) body: Vec<u8>,
}

impl Phone {
    pub(super) fn new(
        principal: Principal,
        enrolled: Device,
        install: InstallId,
        seed: u64,
        bug: Option<Bug>,
    ) -> Self {
        let mut store = Store::in_memory().expect("memory suffices");
        ensure_install(&mut store, install).expect("a fresh store");
        Self {
            principal,
            enrolled,
            store,
            engine: Engine::new(config(), seed),
            install,
            incarnation: 0,
            timer_ms: None,
            seed,
            bug,
        }
    }

    /// The process is killed and started again on the store as it is.
    pub(super) fn restart(&mut self, now: Now) -> Vec<Outgoing> {
        self.incarnation += 1;
        self.timer_ms = None;
        self.engine = Engine::new(config(), self.seed ^ u64::from(self.incarnation));
        let mut known = opened(&self.store).expect("the store reads");
        known.enrolled = true;
        self.engine.step(now, Input::Opened(known));
        let mut calm = Calm;
        self.tell(now, Input::Wake, &mut calm)
    }

    /// Gives the engine an input and does what it asks; `fate` may kill the phone on the way.
    pub(super) fn tell(&mut self, now: Now, input: Input, fate: &mut dyn Fate) -> Vec<Outgoing> {
        let mut out = Vec::new();
        let mut work: VecDeque<Effect> = self.engine.step(now, input).into();
        while let Some(effect) = work.pop_front() {
            match effect {
                Effect::Store(piece) => {
                    if fate.kills() {
                        return self.killed(now, out);
                    }
                    let piece = self.with_bug(piece);
                    let done = perform(&mut self.store, piece).expect("the store works");
                    if fate.kills() {
                        return self.killed(now, out);
                    }
                    if let Some(answer) = done.input {
                        work.extend(self.engine.step(now, answer));
                    }
                }
                Effect::Call { call, endpoint, body } => {
                    out.push(Outgoing { call, endpoint, body });
                }
                Effect::SetTimer { at_boot_ms } => self.timer_ms = Some(at_boot_ms),
                Effect::Status(_) => {}
            }
        }
        out
    }

    /// Calls of the process that is gone have left all the same; those of the new one follow.
    fn killed(&mut self, now: Now, mut out: Vec<Outgoing>) -> Vec<Outgoing> {
        out.clear();
        out.extend(self.restart(now));
        out
    }

    fn with_bug(&mut self, piece: StoreWork) -> StoreWork {
        match (self.bug, piece) {
            (Some(Bug::SentCountsAsAcknowledged), StoreWork::MarkSent(positions)) => {
                let items = self.store.outbox(usize::MAX, usize::MAX).expect("the outbox reads");
                let settled: Vec<Settled> = items
                    .into_iter()
                    .filter(|item| positions.contains(&item.position))
                    .map(|item| Settled {
                        id: item.id,
                        hash: item.change.hash,
                        outcome: Outcome::Duplicate { number: 1 },
                    })
                    .collect();
                self.store.settle(&settled).expect("settles");
                StoreWork::MarkSent(Vec::new())
            }
            (
                Some(Bug::ForgetIsIgnored),
                StoreWork::Ingest { documents, forget: _, pull_state },
            ) => StoreWork::Ingest { documents, forget: Vec::new(), pull_state },
            (_, piece) => piece,
        }
    }

    /// Writes a record; durable when this returns.
    pub(super) fn create(&mut self, id: RecordId, record: &Record, at: Timestamp) -> RawChange {
        let stamp = self.stamp(at);
        self.store.create(id, self.principal.id, record, &stamp).expect("a valid record")
    }

    /// Edits a record; none when nothing changed.
    pub(super) fn edit(&mut self, id: RecordId, write: Write, at: Timestamp) -> Option<RawChange> {
        let stamp = self.stamp(at);
        self.store.edit(id, &[write], &stamp).expect("a valid edit")
    }

    fn stamp(&self, at: Timestamp) -> Stamp {
        let generation = generation(&self.store).expect("the store reads");
        Stamp { actor: ActorId::of(self.install, generation), at }
    }

    /// Everything the phone lists.
    pub(super) fn rows(&self) -> Vec<Row> {
        rows(&self.store)
    }

    pub(super) fn is_idle(&self) -> bool {
        self.engine.status().phase == SyncPhase::Idle
    }

    pub(super) fn phase(&self) -> SyncPhase {
        self.engine.status().phase
    }
}

/// Everything a store lists.
pub(super) fn rows(store: &Store) -> Vec<Row> {
    let mut all = Vec::new();
    let mut after: Option<PageKey> = None;
    loop {
        let page = store.list(&Scope::All, &Filter::default(), after, 50).expect("lists");
        all.extend(page.rows);
        after = page.next;
        if after.is_none() {
            return all;
        }
    }
}

/// Decides whether a phone dies before its next piece of work.
pub(super) trait Fate {
    fn kills(&mut self) -> bool;
}

/// Nobody dies.
pub(super) struct Calm;

impl Fate for Calm {
    fn kills(&mut self) -> bool {
        false
    }
}

/// Somebody may.
pub(super) struct Perilous<'a>(pub(super) &'a mut StdRng);

impl Fate for Perilous<'_> {
    fn kills(&mut self) -> bool {
        self.0.random_bool(0.01)
    }
}

/// Small batches and pages, so that every run has several of each.
fn config() -> Config {
    Config { push_changes: 5, push_bytes: 4_096, pull_bytes: 2_048, ..Config::default() }
}
