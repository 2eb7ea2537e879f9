//! One record's document.

use wijkboek_model::{
    ActorId, Audience, ChangeHash, Entry, Field, Invalid, Parts, PrincipalId, Record, RecordId,
    RecordType, Timestamp, Value, Write,
};

use crate::{ChangeInfo, Guarded, RawChange, Stamp};

/// What a document's first change says about it, for ever.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// The record.
    pub id: RecordId,
    /// Its type.
    pub record_type: RecordType,
    /// Who created it.
    pub author: PrincipalId,
    /// The version of the mapping it was created with.
    pub schema: u32,
}

/// A field that holds several concurrent values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflict {
    /// The field.
    pub field: Field,
    /// Its distinct values, the winner first.
    pub values: Vec<Alternative>,
}

/// One of several concurrent values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alternative {
    /// The value.
    pub value: Value,
    /// Who wrote it.
    pub actor: ActorId,
    /// When, by the writer's clock.
    pub at: Timestamp,
}

/// One change of a document's history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HistoryStep {
    /// The change.
    pub hash: ChangeHash,
    /// Who made it.
    pub actor: ActorId,
    /// When, by the writer's clock.
    pub at: Timestamp,
    /// Whether it is the first.
    pub created: bool,
    /// What it did; empty for the first.
    pub touches: Vec<HistoryTouch>,
}

/// One write of a change, with what stood there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HistoryTouch {
    /// The write.
    pub write: Write,
    /// The value that a [`Write::Put`] replaced.
    pub before: Option<Value>,
}

/// Why a document could not be made, read or changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DocumentError {
    /// A value breaks a rule.
    #[error(transparent)]
    Invalid(#[from] Invalid),
}

/// One record's document.
#[derive(Clone)]
pub struct Document {
    origin: Origin,
}

impl Document {
    /// Makes the document of a new record.
    ///
    /// # Errors
    /// [`DocumentError::Invalid`] when the record breaks a rule.
    pub fn create(
        _id: RecordId,
        _author: PrincipalId,
        _record: &Record,
        _stamp: &Stamp,
    ) -> Result<(Self, RawChange), DocumentError> {
        todo!()
    }

    /// Loads own, already guarded changes, in any causal order.
    ///
    /// # Errors
    /// [`DocumentError`].
    pub fn load<'a>(
        _id: RecordId,
        _changes: impl IntoIterator<Item = &'a [u8]>,
    ) -> Result<Self, DocumentError> {
        todo!()
    }

    /// Writes one change; none when nothing would change.
    ///
    /// # Errors
    /// [`DocumentError`].
    pub fn edit(
        &mut self,
        _writes: &[Write],
        _stamp: &Stamp,
    ) -> Result<Option<RawChange>, DocumentError> {
        todo!()
    }

    /// Takes in a change that passed the guard.
    ///
    /// # Errors
    /// [`DocumentError`].
    pub fn apply(&mut self, _guarded: &Guarded) -> Result<(), DocumentError> {
        todo!()
    }

    /// What the first change says.
    pub fn origin(&self) -> &Origin {
        &self.origin
    }

    /// The changes on which nothing was written yet, sorted.
    pub fn heads(&self) -> Vec<ChangeHash> {
        todo!()
    }

    /// How many changes it holds.
    pub fn change_count(&self) -> usize {
        todo!()
    }

    /// All changes, in causal order.
    pub fn changes(&self) -> Vec<RawChange> {
        todo!()
    }

    /// All headers, in causal order.
    pub fn infos(&self) -> Vec<ChangeInfo> {
        todo!()
    }

    /// The record taken apart.
    pub fn parts(&self) -> Parts {
        todo!()
    }

    /// The record.
    ///
    /// # Errors
    /// The field that this version cannot read.
    pub fn record(&self) -> Result<Record, Invalid> {
        todo!()
    }

    /// The thread, in the order of the entries' ids.
    pub fn entries(&self) -> Vec<Entry> {
        todo!()
    }

    /// The fields with more than one concurrent value.
    pub fn conflicts(&self) -> Vec<Conflict> {
        todo!()
    }

    /// What happened, in causal order.
    pub fn history(&self) -> Vec<HistoryStep> {
        todo!()
    }

    /// Who may see it.
    ///
    /// # Errors
    /// The field that this version cannot read.
    pub fn audience(&self) -> Result<Audience, Invalid> {
        todo!()
    }
}
