//! The caps under which the guard and the documents work, and the memory that follows from them.
//!
//! With the defaults, judging one change costs less than 1 MiB besides its own bytes, whatever
//! the bytes are, and judging a batch for the largest document that is still accepted less than
//! 64 MiB (`tests/memory.rs` measures both).

/// Caps on foreign changes and on the documents they make.
///
/// A document's own edits keep to the defaults, so that a phone never writes what its server
/// refuses. Lower caps than the defaults therefore belong in tests only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Longest change in bytes. The longest note is 20,000 bytes.
    pub change_bytes: usize,
    /// Most operations in one change. The largest first change, with both sets full, has 140.
    pub operations_per_change: usize,
    /// Most operations that one change may replace, all its operations together: concurrent
    /// values of a field are all replaced by the next one.
    pub replaced_per_change: usize,
    /// Most dependencies of one change: at most one for each actor of the document.
    pub dependencies_per_change: usize,
    /// Most actors in one document; an actor is one generation of one installation.
    pub actors_per_document: usize,
    /// Most changes in one document.
    pub changes_per_document: usize,
    /// Most operations in one document: what Automerge does to a document takes as long as it has
    /// operations, and well-chosen ones take four bytes each.
    pub operations_per_document: usize,
    /// Most bytes of all changes of one document.
    pub document_bytes: usize,
    /// Longest value under a key that this version does not know.
    pub unknown_value_bytes: usize,
    /// How often one batch may have changes applied separately, because what they replace has to
    /// be read in between. The rest of the batch waits for the next push.
    pub applications_per_batch: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            change_bytes: 64 * 1024,
            operations_per_change: 256,
            replaced_per_change: 4_096,
            dependencies_per_change: 1_000,
            actors_per_document: 1_000,
            changes_per_document: 20_000,
            operations_per_document: 50_000,
            document_bytes: 1_000_000,
            unknown_value_bytes: 4_000,
            applications_per_batch: 500,
        }
    }
}

impl Limits {
    /// What a change that was accepted earlier may be at most: under whatever caps that was, it
    /// must load, and bytes that rotted on disk must not exhaust memory.
    pub(crate) fn for_own_changes() -> Self {
        Self {
            change_bytes: 16 << 20,
            operations_per_change: 1 << 17,
            replaced_per_change: 1 << 20,
            dependencies_per_change: 1 << 16,
            ..Self::default()
        }
    }
}
