//! The guard.

use wijkboek_model::{ChangeHash, RecordId, Write};

use crate::{ChangeInfo, Document, Limits, RawChange, Refusal};

/// A change from outside, unjudged.
#[derive(Debug, Clone, Copy)]
pub struct ForeignChange<'a> {
    /// The hash under which it was announced.
    pub announced: ChangeHash,
    /// Its bytes.
    pub bytes: &'a [u8],
}

/// A change that passed the guard.
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
    /// Keys it writes that this version does not know.
    pub unknown_keys: Vec<String>,
}

/// What the guard found.
#[derive(Debug, Clone)]
pub enum Verdict {
    /// It may be judged and applied.
    Sound(Guarded),
    /// The document has it already, or an earlier item of the batch is the same.
    Duplicate(ChangeHash),
    /// It depends on changes that nobody sent yet.
    Waiting {
        /// Its hash.
        hash: ChangeHash,
        /// What is missing.
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

/// Judges the shape of foreign changes of one document. Same order as the batch.
pub fn guard(
    _id: RecordId,
    _known: Option<&Document>,
    _batch: &[ForeignChange<'_>],
    _limits: &Limits,
) -> Vec<Verdict> {
    todo!()
}
