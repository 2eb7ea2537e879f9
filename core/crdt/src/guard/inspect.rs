//! One foreign change on its own: bytes that are bounded, readable and written the usual way.

use std::sync::Arc;

use automerge::{Change, ExpandedChange};

use super::ForeignChange;
use crate::change::{contained, hash_of};
use crate::scan::scan_foreign;
use crate::vocabulary::anywhere;
use crate::{ChangeInfo, Limits, Refusal};

/// A change that Automerge reads, and that is exactly what its bytes say.
#[derive(Debug, Clone)]
pub(super) struct Inspected {
    pub(super) info: ChangeInfo,
    pub(super) change: Arc<Change>,
    /// The operations, expanded, as long as somebody keeps them.
    pub(super) expanded: Option<Box<ExpandedChange>>,
}

impl Inspected {
    /// The operations, expanded. The scan bounded how many there are.
    pub(super) fn decode(&mut self) -> Option<Box<ExpandedChange>> {
        let kept = self.expanded.take();
        kept.or_else(|| contained(|| Box::new(self.change.decode())))
    }
}

/// Reads a foreign change.
///
/// # Errors
/// Why it is refused whatever document it is for.
pub(super) fn inspect(foreign: &ForeignChange<'_>, limits: &Limits) -> Result<Inspected, Refusal> {
    let scanned = scan_foreign(foreign.bytes, foreign.announced, limits)?;
    let read = contained(|| Change::try_from(foreign.bytes).ok());
    let change = read.flatten().ok_or(Refusal::Unreadable)?;
    let expanded = contained(|| Box::new(change.decode())).ok_or(Refusal::Unreadable)?;
    if !scanned.info.deps.is_empty() {
        expanded.operations.iter().try_for_each(|op| anywhere(op, limits))?;
    }
    let rewritten = contained(|| Change::from((*expanded).clone())).ok_or(Refusal::Unreadable)?;
    // Whatever a reader of ours ignores or repairs (overlong numbers, unsorted lists, odd runs)
    // would get another hash as soon as somebody's document is saved and loaded.
    if rewritten.raw_bytes() != foreign.bytes || hash_of(change.hash()) != scanned.info.hash {
        return Err(Refusal::NotCanonical);
    }
    if ChangeInfo::of(&change).as_ref() != Some(&scanned.info) {
        return Err(Refusal::NotCanonical);
    }
    Ok(Inspected { info: scanned.info, change: Arc::new(change), expanded: Some(expanded) })
}
