//! Caps.

/// Caps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Longest change in bytes.
    pub change_bytes: usize,
    /// Most operations in one change.
    pub operations_per_change: usize,
    /// Most changes in one document.
    pub changes_per_document: usize,
    /// Most bytes of all changes of one document.
    pub document_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            change_bytes: 65_536,
            operations_per_change: 256,
            changes_per_document: 20_000,
            document_bytes: 1_000_000,
        }
    }
}
