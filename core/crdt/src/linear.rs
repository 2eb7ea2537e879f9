//! The view of a linear history, straight from its operations.
//!
//! Invariant: what it says is what the loaded document would say; whatever it does not understand
//! it leaves to the document.

pub(crate) mod columns;

use wijkboek_model::RecordId;

use crate::{PackedChange, View};

/// What a document of these changes holds, when each builds on exactly the one before it.
///
/// None when it is not so, or when they hold what this cannot read; then
/// [`crate::Document::load`] is to be asked.
pub fn linear_view(id: RecordId, changes: &[PackedChange]) -> Option<View> {
    let _ = (id, changes);
    None
}
