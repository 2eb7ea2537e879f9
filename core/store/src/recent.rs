//! The documents that were written last, still loaded: who writes to a record often writes to it
//! again. A document is used only where its heads are those of the store, so it is never stale.

use std::collections::VecDeque;

use wijkboek_crdt::Document;
use wijkboek_model::{ChangeHash, RecordId};

/// A few loaded documents, the most recently used first.
#[derive(Debug, Default)]
pub(crate) struct Recent(VecDeque<Document>);

impl Recent {
    /// Takes a document out, if it is in there with these heads, which are sorted.
    pub(crate) fn take(&mut self, id: RecordId, heads: &[ChangeHash]) -> Option<Document> {
        let at = self.0.iter().position(|document| document.origin().id == id)?;
        self.0.remove(at).filter(|document| document.heads() == heads)
    }

    /// Puts a document in, and the least recently used out.
    pub(crate) fn keep(&mut self, document: Document) {
        // A long document would take up the room of all others, and has a snapshot.
        if document.change_count() > CHANGES_MAX {
            return;
        }
        let id = document.origin().id;
        self.0.retain(|other| other.origin().id != id);
        self.0.push_front(document);
        self.0.truncate(DOCUMENTS_MAX);
    }

    /// Drops a document that is no longer in the store.
    pub(crate) fn forget(&mut self, id: RecordId) {
        self.0.retain(|document| document.origin().id != id);
    }
}

/// About 18.5 kB each: 1.2 MB.
const DOCUMENTS_MAX: usize = 64;
const CHANGES_MAX: usize = 200;
