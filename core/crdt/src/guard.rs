//! The guard: what a foreign change has to stand before anybody may see it.
//!
//! Nothing that comes from outside may panic, end the process, take more memory than
//! [`Limits`] state, or make a document that no longer loads. In order:
//!
//! 1. bytes ([`crate::scan`]): length, chunk type, checksum, announced hash, and a run-length
//!    scan that bounds what the columns declare without expanding them;
//! 2. content ([`inspect`]): Automerge reads it, inside `catch_unwind`; written anew it must
//!    have the same bytes;
//! 3. place ([`crate::graph`]): one first change, each actor a chain, operations numbered exactly;
//! 4. meaning ([`crate::vocabulary`], [`crate::first`]): only what a record allows, with valid
//!    values, replacing exactly what its writer saw;
//! 5. proof ([`session`]): the whole batch on a copy of the document, which must save, load and
//!    read as before; when it does not, bisection finds the change that is to blame.
//!
//! What the guard accepts is sound, not permitted: whether this writer may do this is judged
//! by the caller, with [`Guarded::writes`].

use std::sync::Arc;

use automerge::Change;
use wijkboek_model::{ChangeHash, RecordId, Write};

use crate::{ChangeInfo, Document, Limits, RawChange, Refusal};

mod announce;
mod inspect;
mod session;

pub use announce::announced;
use session::Session;

/// A change from outside, unjudged.
#[derive(Debug, Clone, Copy)]
pub struct ForeignChange<'a> {
    /// The hash under which it was announced.
    pub announced: ChangeHash,
    /// Its bytes.
    pub bytes: &'a [u8],
}

/// A change that passed the guard. Only the guard makes these.
#[derive(Debug, Clone)]
pub struct Guarded {
    /// The change.
    pub change: RawChange,
    /// Its header.
    pub info: ChangeInfo,
    /// What it does, in model words, for judging; empty when it creates the document.
    pub writes: Vec<Write>,
    /// Whether it is the document's first change.
    pub creates: bool,
    /// The keys it writes that this version does not know. They say nothing to the rules on
    /// permissions, so only somebody who may change the whole record should write them.
    pub unknown_keys: Vec<String>,
    parsed: Arc<Change>,
}

impl Guarded {
    pub(crate) fn parsed(&self) -> &Change {
        &self.parsed
    }
}

/// What the guard found.
#[derive(Debug, Clone)]
pub enum Verdict {
    /// It may be judged and applied.
    Sound(Guarded),
    /// The document has it already, or an earlier item of the batch is the same change.
    Duplicate(ChangeHash),
    /// It cannot be judged yet; nothing is stored and nothing acknowledged.
    Waiting {
        /// Its hash.
        hash: ChangeHash,
        /// The changes it builds on that are neither known nor sound in this batch. Empty when
        /// the batch asked for more work than one may
        /// ([`Limits::applications_per_batch`], or many changes that failed the proof): then it is
        /// to be pushed again with a part of the others.
        missing: Vec<ChangeHash>,
    },
    /// It is refused for good.
    Refused {
        /// The hash under which it was announced.
        hash: ChangeHash,
        /// Why.
        refusal: Refusal,
    },
}

/// Judges foreign changes of one document, given what is known of it; verdicts in the order of
/// the batch.
///
/// The changes may come in any order. One that builds on another of the batch is sound only when
/// that one is. `Sound` changes are to be applied in causal order (`info.start_op` ascending).
///
/// The caller bounds the batch (the wire caps a request at 8 MiB). Memory grows with its bytes and
/// with the document, never with what the bytes declare; so does time, except for what
/// [`Limits::applications_per_batch`] allows.
pub fn guard(
    id: RecordId,
    known: Option<&Document>,
    batch: &[ForeignChange<'_>],
    limits: &Limits,
) -> Vec<Verdict> {
    let mut session = Session::new(id, known, batch, limits);
    session.judge();
    session.verdicts()
}
