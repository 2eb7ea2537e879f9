//! What goes into the engine and what comes out: data only.

use std::collections::BTreeSet;

use wijkboek_model::{ChangeHash, RecordId, Timestamp};

use crate::wire::{ActorOwner, Me, PulledDocument, PushVerdict};

/// Sizes and waits. The defaults suit a phone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// Most changes in one push.
    pub push_changes: usize,
    /// Most bytes of changes in one push.
    pub push_bytes: usize,
    /// About how many bytes of changes a page of a pull may hold.
    pub pull_bytes: u32,
    /// The first wait after a failure.
    pub backoff_ms_min: u64,
    /// The longest wait after failures.
    pub backoff_ms_max: u64,
    /// How often to ask when no live events arrive.
    pub poll_ms: u64,
    /// How often to ask although live events arrive.
    pub poll_ms_live: u64,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            push_changes: 500,
            push_bytes: 512 << 10,
            pull_bytes: 1 << 20,
            backoff_ms_min: 1_000,
            backoff_ms_max: 300_000,
            poll_ms: 60_000,
            poll_ms_live: 900_000,
        }
    }
}

/// One call to the server; an answer names the call that it answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CallId(pub(crate) u64);

/// Where a call goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Endpoint {
    /// `POST /v1/push`.
    Push,
    /// `POST /v1/pull`.
    Pull,
    /// `GET /v1/reference`, answered in JSON.
    Reference,
}

impl Endpoint {
    /// The path under the server's address.
    pub const fn path(self) -> &'static str {
        match self {
            Self::Push => "/v1/push",
            Self::Pull => "/v1/pull",
            Self::Reference => "/v1/reference",
        }
    }
}

/// Why a call has no usable answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CallError {
    /// The server was not reached: it has nothing of the request.
    Offline,
    /// No whole answer came, in time or at all: the server may have done what was asked.
    Timeout,
    /// 401 or 403.
    Unauthorized,
    /// 409 with [`problem::RESTORED`](crate::problem::RESTORED).
    Restored,
    /// 413.
    TooLarge,
    /// 429 or 503.
    Overloaded {
        /// What `Retry-After` asks for.
        retry_after_ms: Option<u64>,
    },
    /// Any other status, or an answer that is not what was asked for.
    Problem {
        /// The HTTP status.
        status: u16,
        /// The problem's code (see [`problem`](crate::problem)).
        code: String,
    },
}

/// What the store knows when the engine starts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opened {
    /// Whether this device has a token.
    pub enrolled: bool,
    /// What the last [`StoreWork::Ingest`] or [`StoreWork::SavePullState`] stored.
    pub pull_state: Option<Vec<u8>>,
    /// What the last [`StoreWork::SaveCounter`] stored, or 0.
    pub counter: u64,
    /// The version of the stored reference data.
    pub reference_version: Option<u64>,
}

/// One change of the outbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutboxEntry {
    /// Its place in the outbox.
    pub position: i64,
    /// The record.
    pub id: RecordId,
    /// The change.
    pub hash: ChangeHash,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Input {
    /// The store was opened, or a device was enrolled or its account changed. The engine is
    /// stopped after this; [`Input::Wake`] sets it going.
    Opened(Opened),
    /// Something was written here.
    LocalWrite,
    /// Go on now: the user asked, the network came back, or the app came to the front. Also ends
    /// a stop, cuts a wait short and tries a refused token once more; a copied store stays locked.
    Wake,
    /// The server's log has grown to this number.
    HeadMoved(u64),
    /// Live events began or ceased to arrive.
    Live(bool),
    /// The time of the last [`Effect::SetTimer`] has come.
    TimerFired,
    /// Answers [`StoreWork::ReadOutbox`].
    OutboxRead(Vec<OutboxEntry>),
    /// Answers [`StoreWork::Settle`].
    Settled,
    /// Answers [`StoreWork::Ingest`].
    Ingested {
        /// Documents of which changes came whose predecessors are not here.
        missing: Vec<RecordId>,
    },
    /// Answers [`StoreWork::RequeueOwn`].
    Requeued,
    /// Answers [`StoreWork::SaveReference`].
    ReferenceSaved {
        /// The version stored; none when the bytes were no reference data.
        version: Option<u64>,
    },
    /// Answers any work that the store could not do.
    StoreFailed,
    /// Answers [`Effect::Call`].
    Answer {
        /// Which.
        call: CallId,
        /// The body, or why there is none.
        result: Result<Vec<u8>, CallError>,
    },
    /// Do nothing until [`Input::Wake`] or [`Input::Opened`]. A call under way may be dropped.
    Stop,
}

/// What the driver must do, in this order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// Work for the store.
    Store(StoreWork),
    /// Call the server. Answered by [`Input::Answer`]; there is never more than one under way.
    Call {
        /// Names the answer.
        call: CallId,
        /// Where to.
        endpoint: Endpoint,
        /// The body; empty for [`Endpoint::Reference`].
        body: Vec<u8>,
    },
    /// Send [`Input::TimerFired`] at this moment; replaces the timer set before.
    SetTimer {
        /// Boot time.
        at_boot_ms: u64,
    },
    /// The status is another one now.
    Status(SyncStatus),
}

/// Work for the store. Each names the input that answers it; the others have no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StoreWork {
    /// Read unacknowledged changes, oldest first → [`Input::OutboxRead`].
    ReadOutbox {
        /// At most so many.
        max_changes: usize,
        /// And so many bytes, but at least one change.
        max_bytes: usize,
        /// Leaving these documents out.
        skip: BTreeSet<RecordId>,
    },
    /// Note the push counter, before the request that carries it leaves.
    SaveCounter(u64),
    /// Note that these places of the outbox were sent and may have arrived, without a verdict.
    MarkSent(Vec<i64>),
    /// Store verdicts → [`Input::Settled`].
    Settle(Vec<PushVerdict>),
    /// Note whom the server takes the caller for, and whose installations are.
    Learn {
        /// When it differs from what was known.
        me: Option<Me>,
        /// As they came.
        actors: Vec<ActorOwner>,
    },
    /// In one transaction: store the changes, forget documents, and store the pull state, the
    /// last only when nothing is missing → [`Input::Ingested`].
    Ingest {
        /// Changes per document.
        documents: Vec<PulledDocument>,
        /// What this person no longer sees.
        forget: Vec<RecordId>,
        /// Opaque; comes back in [`Opened`].
        pull_state: Vec<u8>,
    },
    /// Store the pull state alone.
    SavePullState(Vec<u8>),
    /// Store reference data → [`Input::ReferenceSaved`].
    SaveReference(Vec<u8>),
    /// Put everything that this installation wrote into the outbox again → [`Input::Requeued`].
    RequeueOwn,
}

/// How synchronising stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyncStatus {
    /// What it does.
    pub phase: SyncPhase,
    /// When it last was complete, by the device's clock.
    pub last_success: Option<Timestamp>,
}

/// What synchronising does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SyncPhase {
    /// This device has no token yet.
    NotEnrolled,
    /// Nothing to do.
    Idle,
    /// Calling the server.
    Syncing,
    /// The server cannot be reached.
    Offline {
        /// When it is tried again.
        retry_at: Timestamp,
    },
    /// The server, or the store here, cannot do it now.
    Failing {
        /// A problem's code, or `store` when it is this device's own disk.
        code: String,
        /// When it is tried again.
        retry_at: Timestamp,
    },
    /// The server does not let this device in. What was written stays here.
    Locked(LockReason),
}

/// Why the server does not let a device in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LockReason {
    /// Its token is unknown, expired or revoked.
    Unauthorized,
    /// Another phone runs on a copy of its store. Stays so until [`Input::Opened`].
    Cloned,
}
