//! What a change is to the other crates: bytes under a hash, and the facts in its header.
//!
//! Automerge's own types for the same things stay inside this crate; they are translated here.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};

use wijkboek_model::{ActorId, ChangeHash, Timestamp};

use crate::DocumentError;
use crate::scan::scan_own;

/// A change as it travels and lies in stores: an uncompressed Automerge change chunk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RawChange {
    /// SHA-256 of the chunk, as Automerge computes it.
    pub hash: ChangeHash,
    /// The chunk.
    pub bytes: Vec<u8>,
}

/// The facts in a change's header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangeInfo {
    /// Its hash.
    pub hash: ChangeHash,
    /// Who wrote it.
    pub actor: ActorId,
    /// Its number among that actor's changes of this document, from 1.
    pub seq: u64,
    /// The changes it was written upon.
    pub deps: Vec<ChangeHash>,
    /// The number of its first operation.
    pub start_op: u64,
    /// The number of its last operation.
    pub max_op: u64,
    /// When it was written, by its writer's clock. No order depends on it.
    pub at: Timestamp,
}

/// Who writes, and when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp {
    /// The installation's actor.
    pub actor: ActorId,
    /// Its clock.
    pub at: Timestamp,
}

/// The identity of one operation; ordered as Automerge decides between concurrent values: the
/// greatest wins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct OpId {
    pub(crate) counter: u64,
    pub(crate) actor: ActorId,
}

impl OpId {
    /// None for the root object, and for actors that are not ours.
    pub(crate) fn of(id: &automerge::ObjId) -> Option<Self> {
        match id {
            automerge::ObjId::Root => None,
            automerge::ObjId::Id(counter, actor, _) => {
                let actor = ActorId::from_slice(actor.to_bytes()).ok()?;
                Some(Self { counter: *counter, actor })
            }
        }
    }

    /// None for actors that are not ours.
    pub(crate) fn of_operation(id: &automerge::legacy::OpId) -> Option<Self> {
        let actor = ActorId::from_slice(id.actor().to_bytes()).ok()?;
        Some(Self { counter: id.counter(), actor })
    }

    pub(crate) fn to_automerge(self) -> automerge::legacy::OpId {
        automerge::legacy::OpId(self.counter, actor_to_automerge(self.actor))
    }
}

pub(crate) fn actor_to_automerge(actor: ActorId) -> automerge::ActorId {
    automerge::ActorId::from(actor.as_bytes().as_slice())
}

pub(crate) fn hash_of(hash: automerge::ChangeHash) -> ChangeHash {
    ChangeHash::new(hash.0)
}

pub(crate) fn hash_to_automerge(hash: ChangeHash) -> automerge::ChangeHash {
    automerge::ChangeHash(*hash.as_bytes())
}

impl RawChange {
    pub(crate) fn of(change: &automerge::Change) -> Self {
        Self { hash: hash_of(change.hash()), bytes: change.raw_bytes().to_vec() }
    }
}

impl ChangeInfo {
    /// Reads the header of a change that was accepted once, and computes its hash from its bytes.
    ///
    /// # Errors
    /// [`DocumentError::Damaged`] when the bytes are not one plain change; never a panic.
    pub fn read(bytes: &[u8]) -> Result<Self, DocumentError> {
        scan_own(bytes).map(|scanned| scanned.info).map_err(|_| DocumentError::Damaged)
    }

    /// None when the actor is not ours.
    pub(crate) fn of(change: &automerge::Change) -> Option<Self> {
        Some(Self {
            hash: hash_of(change.hash()),
            actor: ActorId::from_slice(change.actor_id().to_bytes()).ok()?,
            seq: change.seq(),
            deps: change.deps().iter().copied().map(hash_of).collect(),
            start_op: change.start_op().get(),
            max_op: change.max_op(),
            at: Timestamp::from_millis(change.timestamp()),
        })
    }
}

/// Whether this thread is inside one of this crate's calls to Automerge on unproven bytes.
///
/// Automerge panics on some well-formed changes. The guard catches that (`panic = "unwind"` is
/// required) and refuses the change; but the process' panic hook runs first and, by default,
/// prints the message, which may quote content. This crate installs no hook, because a hook
/// belongs to the whole process. A host should install one that stays silent while this is true:
///
/// ```
/// let usual = std::panic::take_hook();
/// std::panic::set_hook(Box::new(move |panic| {
///     if !wijkboek_crdt::panics_are_contained() {
///         usual(panic);
///     }
/// }));
/// ```
pub fn panics_are_contained() -> bool {
    CONTAINED.get()
}

/// Runs what may panic inside Automerge; `None` when it did.
///
/// What `work` borrows mutably may be left half-changed by a panic and must not be used again.
pub(crate) fn contained<T>(work: impl FnOnce() -> T) -> Option<T> {
    let outer = CONTAINED.replace(true);
    let result = catch_unwind(AssertUnwindSafe(work));
    CONTAINED.set(outer);
    result.ok()
}

thread_local! {
    static CONTAINED: Cell<bool> = const { Cell::new(false) };
}
