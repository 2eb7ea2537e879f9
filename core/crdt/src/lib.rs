//! One Automerge document per record: making, editing, reading and merging it, and the guard
//! through which every foreign change must pass. No IO, no clock, no randomness.

mod change;
mod document;
mod guard;
mod limits;
mod refusal;

pub use change::{ChangeInfo, RawChange, Stamp};
pub use document::{
    Alternative, Conflict, Document, DocumentError, HistoryStep, HistoryTouch, Origin,
};
pub use guard::{ForeignChange, Guarded, Verdict, guard};
pub use limits::Limits;
pub use refusal::Refusal;
