//! A loaded document as bytes, so that a long one need not be put together from its changes again.
//!
//! For a store's own cache, never for anything that came from outside. The bytes carry their
//! SHA-256, so that what rotted on disk is noticed before Automerge, which could exhaust memory
//! over it, sees it.

use automerge::{Automerge, Change};
use sha2::{Digest, Sha256};
use wijkboek_model::{ActorId, RecordId, Timestamp};

use super::{in_causal_order, read_origin};
use crate::change::{contained, hash_of};
use crate::graph::Graph;
use crate::mapping::Layout;
use crate::scan::scan_own;
use crate::{ChangeInfo, Document, DocumentError};

impl Document {
    /// The document as bytes of one's own, in a form that only [`Self::from_snapshot`] reads.
    pub fn to_snapshot(&self) -> Vec<u8> {
        let bytes = u64::try_from(self.graph.bytes()).unwrap_or(u64::MAX);
        let saved = self.doc.save_nocompress();
        let mut snapshot = Vec::with_capacity(HEADER + saved.len());
        snapshot.extend_from_slice(&checksum(bytes, &saved));
        snapshot.extend_from_slice(&bytes.to_le_bytes());
        snapshot.extend_from_slice(&saved);
        snapshot
    }

    /// The document that a snapshot was made of; none when the bytes are damaged or say something
    /// else than they should. The changes are then to be loaded.
    pub fn from_snapshot(id: RecordId, snapshot: &[u8]) -> Option<Self> {
        let (header, saved) = snapshot.split_at_checked(HEADER)?;
        let (sum, bytes) = header.split_at_checked(CHECKSUM)?;
        let bytes = u64::from_le_bytes(bytes.try_into().ok()?);
        if checksum(bytes, saved) != *sum {
            return None;
        }
        let document = contained(|| {
            let doc = Automerge::load(saved).ok()?;
            let origin = read_origin(&doc)?;
            let layout = Layout::read(&doc, origin.record_type)?;
            let graph = graph_of(&doc, usize::try_from(bytes).ok()?)?;
            Some(Self { origin, layout, graph, doc })
        });
        document.flatten().filter(|document| document.origin.id == id)
    }

    /// Takes in further changes of one's own store, each of which was made here or passed the
    /// guard once, in any order. Those that are already here change nothing.
    ///
    /// # Errors
    /// [`DocumentError::Missing`], [`DocumentError::OtherRecord`] for the first change of another
    /// document, [`DocumentError::Damaged`], after which the document is not to be used.
    pub fn apply_own<'a>(
        &mut self,
        changes: impl IntoIterator<Item = &'a [u8]>,
    ) -> Result<(), DocumentError> {
        let mut waiting = Vec::new();
        for bytes in changes {
            let info = scan_own(bytes).map_err(|_| DocumentError::Damaged)?.info;
            if self.graph.contains(&info.hash) {
                continue;
            }
            if info.deps.is_empty() {
                return Err(DocumentError::OtherRecord);
            }
            waiting.push((info, bytes));
        }
        if waiting.is_empty() {
            return Ok(());
        }
        let ordered = in_causal_order(&mut self.graph, waiting)?;
        let doc = &mut self.doc;
        let heads = self.graph.heads().len();
        contained(|| {
            let changes: Option<Vec<Change>> =
                ordered.into_iter().map(|bytes| Change::try_from(bytes).ok()).collect();
            doc.apply_changes(changes?).ok()?;
            (doc.get_heads().len() == heads).then_some(())
        })
        .flatten()
        .ok_or(DocumentError::Damaged)
    }
}

/// The change graph of a loaded document, of whose changes all bytes together are known.
fn graph_of(doc: &Automerge, bytes: usize) -> Option<Graph> {
    let mut changes = doc.get_changes_meta(&[]);
    // Ancestors have lower operation numbers.
    changes.sort_by_key(|change| change.start_op);
    let mut graph = Graph::default();
    for change in changes {
        let info = ChangeInfo {
            hash: hash_of(change.hash),
            actor: ActorId::from_slice(change.actor.to_bytes()).ok()?,
            seq: change.seq,
            deps: change.deps.iter().copied().map(hash_of).collect(),
            start_op: change.start_op,
            max_op: change.max_op,
            at: Timestamp::from_millis(change.timestamp),
        };
        // Counted with the first one: only the sum matters.
        let bytes = if graph.is_empty() { bytes } else { 0 };
        graph.add(info, bytes);
    }
    (!graph.is_empty()).then_some(graph)
}

fn checksum(bytes: u64, saved: &[u8]) -> [u8; CHECKSUM] {
    Sha256::new().chain_update(bytes.to_le_bytes()).chain_update(saved).finalize().into()
}

const CHECKSUM: usize = 32;
const HEADER: usize = CHECKSUM + 8;
