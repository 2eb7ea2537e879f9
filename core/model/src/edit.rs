//! Fields, and edits as the writes they stand for.
//!
//! The CRDT layer below handles the seven kinds of [`Write`] without knowing any field.

mod field;

use std::collections::{BTreeMap, BTreeSet};

use crate::{EntryId, PrincipalId, TallyKey, Timestamp};

pub use field::{Edit, Field, MapField, ProseField, SetField};

/// One value of a field as it lies in a document.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Value {
    /// Empty.
    Null,
    /// Yes or no.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// Text, codes and words.
    Text(String),
    /// A moment.
    Time(Timestamp),
}

/// An addition to a record's thread. Never changes once written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its id; entries are shown in the order of their ids.
    pub id: EntryId,
    /// Who wrote it.
    pub author: PrincipalId,
    /// What.
    pub text: String,
}

/// A change of a text that people write together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Splice {
    /// Where, counted in characters (Unicode scalar values) from the beginning.
    pub at: usize,
    /// How many characters go.
    pub delete: usize,
    /// What comes in their place.
    pub insert: String,
}

/// What an edit does to a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Write {
    /// Sets a single-value field.
    Put(Field, Value),
    /// Adds a member to a set.
    Insert(SetField, String),
    /// Removes a member from a set.
    Remove(SetField, String),
    /// Sets the value under a key of a map; `Null` removes it.
    Set(MapField, String, Value),
    /// Changes a text that people write together.
    Splice(ProseField, Splice),
    /// Appends to the thread.
    Append(Entry),
    /// Adds to a counter; negative takes a slip of the finger back.
    Increment(TallyKey, i64),
}

/// A record taken apart: what a document holds, by kind of container. The thread and the prose
/// are read beside it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Parts {
    /// The single-value fields.
    pub fields: BTreeMap<Field, Value>,
    /// The sets.
    pub sets: BTreeMap<SetField, BTreeSet<String>>,
    /// The maps.
    pub maps: BTreeMap<MapField, BTreeMap<String, Value>>,
    /// The counters; visits only.
    pub tallies: BTreeMap<TallyKey, i64>,
}

#[cfg(test)]
mod tests;
