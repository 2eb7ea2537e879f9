//! The streams of a pack: runs of bytes of one kind each, from all documents, and the order in
//! which they lie.

/// What the streams hold that lie before those of the columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// The last ten bytes of ids.
    Random,
    /// Per document: the distance of its id's time to the one before.
    DocumentTimes,
    /// Per document: its number of changes.
    Changes,
    /// Per change: its shape, zero when it lies there whole.
    Shapes,
    /// Per change: its actor.
    Actors,
    /// Per change: the other actors it names.
    Others,
    /// Per change but the first: what it builds on.
    Dependencies,
    /// Per change: the distance of its time to the one before.
    Times,
    /// Per change: the distance of its number to the one before.
    Numbers,
    /// The times of ids that were cut out.
    IdTimes,
    /// Changes that lie there whole.
    Whole,
}

/// How many kinds there are.
pub(super) const KINDS: usize = Kind::Whole as usize + 1;

/// The column of keys, from which ids are cut out.
pub(super) const KEY: u64 = 0x15;
/// The column of operations' actions, one per operation.
pub(super) const ACTION: u64 = 0x42;
/// The column of the kinds and lengths of values, which is laid out by key.
pub(super) const VALUE_META: u64 = 0x56;
/// The column of values, which is laid out by key.
pub(super) const VALUE: u64 = 0x57;
