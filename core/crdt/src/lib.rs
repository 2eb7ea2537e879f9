//! One Automerge document per record: making, editing, reading and merging it, and the guard
//! through which every foreign change must pass.
//!
//! No IO, no clock and no randomness that shows: times and actors come in with each call.

mod change;
mod document;
mod first;
mod graph;
mod guard;
mod limits;
mod linear;
mod mapping;
mod pack;
mod refusal;
mod rules;
mod scan;
mod slim;
#[cfg(feature = "testing")]
pub mod testing;
mod view;
mod vocabulary;

pub use change::{ChangeInfo, RawChange, Stamp, panics_are_contained};
pub use document::{
    Alternative, Conflict, Document, DocumentError, FieldStep, HistoryStep, HistoryTouch, Origin,
    PairConflict, UndoError, UndoTarget,
};
pub use guard::{ForeignChange, Guarded, Verdict, announced, guard};
pub use limits::Limits;
pub use linear::linear_view;
pub use pack::{
    PackChange, PackDocument, PackError, PackLimits, PackedChange, PackedDocument, read_pack,
    read_packed_document, write_pack,
};
pub use refusal::Refusal;
pub use view::View;
