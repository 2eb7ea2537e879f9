//! How phones and the server talk: the messages, their bytes, and the phone's engine.
//!
//! Nothing here touches a socket, a disk, a clock or a source of randomness: bytes and moments come
//! in, bytes and effects go out. Decoding is total: no input makes it panic, recurse without bound
//! or allocate more than the stated cap allows.

mod codec;
mod engine;
mod field;
#[cfg(feature = "testing")]
pub mod fuzz;
pub mod problem;
mod shape;
mod wire;

pub use codec::{BODY_BYTES_MAX, CONTENT_TYPE, CodecError, from_body, to_body};
pub use engine::{
    Backoff, CallError, CallId, Config, Effect, Endpoint, Engine, Input, LockReason, Opened,
    OutboxEntry, StoreWork, SyncPhase, SyncStatus,
};
pub use wire::{
    ActorOwner, Cursor, EnrolRequest, EnrolResponse, Me, PROTOCOL_HEADER, PROTOCOL_VERSION,
    PullNext, PullRequest, PullResponse, PulledChange, PulledDocument, PushChange, PushDocument,
    PushOutcome, PushRequest, PushResponse, PushVerdict, RoleName, WHOLE_MAX,
};
