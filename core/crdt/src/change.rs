//! What a change is to the other crates: bytes under a hash, and the facts in its header.

use wijkboek_model::{ActorId, ChangeHash, Timestamp};

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
    /// The how-manieth change of that actor in this document, from 1.
    pub seq: u64,
    /// The changes it was written upon.
    pub deps: Vec<ChangeHash>,
    /// The number of its first operation.
    pub start_op: u64,
    /// The number of its last operation.
    pub max_op: u64,
    /// When it was written, by its writer's clock.
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
