//! Everything that lists, filters and search know of a record, read in one go.
//!
//! Invariant: a view is a value; it says the same whether it was read from a loaded document or
//! straight from the operations of a linear history.

use wijkboek_model::{Audience, ChangeHash, Entry, Invalid, Parts};

use crate::{Conflict, Document, Origin};

/// What a document holds, for a read model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct View {
    /// What its first change says.
    pub origin: Origin,
    /// Its fields, each with the winning value, its sets and its counters.
    pub parts: Parts,
    /// Its thread, in the order of the entries' ids.
    pub entries: Vec<Entry>,
    /// The fields that hold more than one value.
    pub conflicts: Vec<Conflict>,
    /// Who may see it, or the field that this version cannot read: then best nobody.
    pub audience: Result<Audience, Invalid>,
    /// The changes on which nothing was written yet, sorted.
    pub heads: Vec<ChangeHash>,
    /// How many changes it consists of.
    pub change_count: usize,
}

impl Document {
    /// What the document holds, for a read model.
    pub fn view(&self) -> View {
        View {
            origin: self.origin().clone(),
            parts: self.parts(),
            entries: self.entries(),
            conflicts: self.conflicts(),
            audience: self.audience(),
            heads: self.heads(),
            change_count: self.change_count(),
        }
    }
}
