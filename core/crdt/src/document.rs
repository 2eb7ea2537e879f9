//! One record's document: made, loaded, edited, and merged with changes that passed the guard.
//!
//! Invariant: the graph holds exactly the changes that Automerge holds, so nothing here asks
//! Automerge for what is missing or queued; a change enters both or neither.

use std::collections::{HashMap, HashSet};

use automerge::transaction::{CommitOptions, Transactable};
use automerge::{Automerge, Change, ROOT, ReadDoc, ScalarValue, Value as AutomergeValue};
use wijkboek_model::{ChangeHash, Invalid, PrincipalId, Record, RecordId, RecordType, validate};

use crate::change::{actor_to_automerge, contained};
use crate::first::validate_tallies;
use crate::graph::Graph;
use crate::mapping::{AUTHOR, ID, Layout, SCHEMA, SCHEMA_VERSION, TYPE, to_hydrate};
use crate::scan::{LATEST_MS, scan_own};
use crate::{ChangeInfo, Guarded, Limits, RawChange, Stamp};

mod edit;
mod history;
mod read;
mod snapshot;
mod step;
mod undo;

pub use history::{FieldStep, HistoryStep, HistoryTouch};
pub(crate) use read::audience_of;
pub use read::{Alternative, Conflict, PairConflict};
pub use undo::{UndoError, UndoTarget};

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

/// Why a document could not be made, loaded or changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DocumentError {
    /// A value breaks a rule.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// There is no change at all.
    #[error("there are no changes")]
    NoChanges,
    /// The changes belong to another record.
    #[error("the changes belong to another record")]
    OtherRecord,
    /// Changes that others build on are missing.
    #[error("{} changes are missing", missing.len())]
    Missing {
        /// Their hashes.
        missing: Vec<ChangeHash>,
    },
    /// Changes that were accepted once can no longer be read: the bytes are damaged.
    #[error("the changes are damaged")]
    Damaged,
    /// A newer version made it, in a way that this version cannot read at all.
    #[error("the document was made by a newer version")]
    Newer,
    /// The document holds as much as it may; a new record has to follow it.
    #[error("the document is full")]
    Full,
    /// More in one edit than fits in one change.
    #[error("the edit is too large for one change")]
    TooLarge,
    /// An entry of this id with another content is there already.
    #[error("this entry exists and cannot be changed")]
    EntryExists,
}

/// One record's document.
#[derive(Clone)]
pub struct Document {
    origin: Origin,
    layout: Layout,
    graph: Graph,
    doc: Automerge,
}

impl std::fmt::Debug for Document {
    /// Shows no content, so that a document may stand in a log line.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Document")
            .field("origin", &self.origin)
            .field("heads", &self.heads())
            .finish_non_exhaustive()
    }
}

impl Document {
    /// Makes the document of a new record, and its first change.
    ///
    /// # Errors
    /// [`DocumentError::Invalid`] when the record breaks a rule.
    pub fn create(
        id: RecordId,
        author: PrincipalId,
        record: &Record,
        stamp: &Stamp,
    ) -> Result<(Self, RawChange), DocumentError> {
        validate(record)?;
        let parts = record.to_parts();
        validate_tallies(&parts)?;
        let record_type = record.record_type();
        let origin = Origin { id, record_type, author, schema: SCHEMA_VERSION };
        let mut doc = Automerge::new().with_actor(actor_to_automerge(stamp.actor));
        let mut transaction = doc.transaction();
        transaction
            .init_root_from_hydrate(&to_hydrate(&origin, &parts))
            .map_err(|_| DocumentError::Damaged)?;
        transaction.commit_with(CommitOptions::default().with_time(written_at(stamp)));
        let change = doc.get_last_local_change().ok_or(DocumentError::NoChanges)?;
        if change.raw_bytes().len() > Limits::default().change_bytes {
            return Err(DocumentError::TooLarge);
        }
        let raw = RawChange::of(&change);
        let mut graph = Graph::default();
        graph.add(ChangeInfo::of(&change).ok_or(DocumentError::Damaged)?, raw.bytes.len());
        let layout = Layout::read(&doc, record_type).ok_or(DocumentError::Damaged)?;
        Ok((Self { origin, layout, graph, doc }, raw))
    }

    /// Loads changes of one's own store, each of which was made here or passed the guard once.
    /// Their order does not matter; a repeated one counts once.
    ///
    /// Damaged bytes are an error, never a panic.
    ///
    /// # Errors
    /// [`DocumentError::NoChanges`], [`DocumentError::OtherRecord`], [`DocumentError::Missing`]
    /// when a change builds on one that is not among them, [`DocumentError::Newer`] for a type of
    /// record that this version does not know, [`DocumentError::Damaged`].
    pub fn load<'a>(
        id: RecordId,
        changes: impl IntoIterator<Item = &'a [u8]>,
    ) -> Result<Self, DocumentError> {
        let mut waiting = Vec::new();
        for bytes in changes {
            let info = scan_own(bytes).map_err(|_| DocumentError::Damaged)?.info;
            waiting.push((info, bytes));
        }
        let mut graph = Graph::default();
        let ordered = in_causal_order(&mut graph, waiting)?;
        let loaded = contained(|| {
            let mut changes = Vec::with_capacity(ordered.len());
            for bytes in ordered {
                changes.push(Change::try_from(bytes).ok()?);
            }
            let mut doc = Automerge::new();
            doc.apply_changes(changes).ok()?;
            if doc.get_heads().len() != graph.heads().len() {
                return None;
            }
            if is_of_a_newer_type(&doc) {
                return Some(Err(DocumentError::Newer));
            }
            let origin = read_origin(&doc)?;
            Some(match Layout::read(&doc, origin.record_type) {
                Some(layout) => Ok((doc, origin, layout)),
                None if origin.schema > SCHEMA_VERSION => Err(DocumentError::Newer),
                None => Err(DocumentError::Damaged),
            })
        });
        let (doc, origin, layout) = loaded.flatten().ok_or(DocumentError::Damaged)??;
        if origin.id == id {
            Ok(Self { origin, layout, graph, doc })
        } else {
            Err(DocumentError::OtherRecord)
        }
    }

    /// Takes in a change that passed the guard. One that is already here changes nothing.
    ///
    /// # Errors
    /// See [`Self::apply_all`].
    pub fn apply(&mut self, guarded: &Guarded) -> Result<(), DocumentError> {
        self.apply_all([guarded])
    }

    /// Takes in changes that passed the guard, in any order: in a long document much cheaper than
    /// one by one. Those that are already here change nothing.
    ///
    /// # Errors
    /// [`DocumentError::Missing`] when one builds on a change that is neither here nor among
    /// them, [`DocumentError::OtherRecord`] when one is the first change of another document.
    /// The document is then as it was.
    pub fn apply_all<'a>(
        &mut self,
        guarded: impl IntoIterator<Item = &'a Guarded>,
    ) -> Result<(), DocumentError> {
        let mut new: Vec<&Guarded> = guarded.into_iter().collect();
        new.sort_by_key(|guarded| guarded.info.start_op);
        let (mut changes, mut infos, mut hashes) = (Vec::new(), Vec::new(), HashSet::new());
        for guarded in new {
            let info = &guarded.info;
            if self.graph.contains(&info.hash) || !hashes.insert(info.hash) {
                continue;
            }
            if info.deps.is_empty() {
                return Err(DocumentError::OtherRecord);
            }
            let is_here = |dep: &ChangeHash| self.graph.contains(dep) || hashes.contains(dep);
            let missing: Vec<_> = info.deps.iter().filter(|dep| !is_here(dep)).copied().collect();
            if !missing.is_empty() {
                return Err(DocumentError::Missing { missing });
            }
            infos.push((info.clone(), guarded.change.bytes.len()));
            changes.push(guarded.parsed().clone());
        }
        self.take_in(changes, infos)
    }

    /// What the first change says.
    pub fn origin(&self) -> &Origin {
        &self.origin
    }

    /// The changes on which nothing was written yet, sorted. Equal heads mean equal documents.
    pub fn heads(&self) -> Vec<ChangeHash> {
        self.graph.heads()
    }

    /// Whether a change is part of the document.
    pub fn contains(&self, hash: &ChangeHash) -> bool {
        self.graph.contains(hash)
    }

    /// How many changes it holds.
    pub fn change_count(&self) -> usize {
        self.graph.len()
    }

    /// All changes, in causal order.
    pub fn changes(&self) -> Vec<RawChange> {
        self.automerge_changes().iter().map(RawChange::of).collect()
    }

    /// The headers of all changes, in causal order.
    pub fn infos(&self) -> Vec<ChangeInfo> {
        self.graph.infos().to_vec()
    }

    pub(crate) fn graph(&self) -> &Graph {
        &self.graph
    }

    pub(crate) fn layout(&self) -> &Layout {
        &self.layout
    }

    pub(crate) fn automerge(&self) -> &Automerge {
        &self.doc
    }

    pub(crate) fn automerge_changes(&self) -> Vec<Change> {
        let hashes = self.graph.infos().iter().map(|info| info.hash);
        let mut by_hash: HashMap<_, _> =
            self.doc.get_changes(&[]).into_iter().map(|c| (c.hash().0, c)).collect();
        hashes.filter_map(|hash| by_hash.remove(hash.as_bytes())).collect()
    }

    /// Applies changes that are our own or passed the guard, which tried them on a copy.
    fn take_in(
        &mut self,
        changes: Vec<Change>,
        infos: Vec<(ChangeInfo, usize)>,
    ) -> Result<(), DocumentError> {
        self.doc.apply_changes(changes).map_err(|_| DocumentError::Damaged)?;
        for (info, bytes) in infos {
            self.graph.add(info, bytes);
        }
        Ok(())
    }
}

/// A writer's clock as it may stand in a change. A phone whose battery ran out says 1970 or less.
fn written_at(stamp: &Stamp) -> i64 {
    stamp.at.as_millis().clamp(0, LATEST_MS)
}

/// Fills the graph and gives the bytes in the graph's order.
fn in_causal_order<'a>(
    graph: &mut Graph,
    mut waiting: Vec<(ChangeInfo, &'a [u8])>,
) -> Result<Vec<&'a [u8]>, DocumentError> {
    if waiting.is_empty() {
        return Err(DocumentError::NoChanges);
    }
    // Ancestors have lower operation numbers, so one pass is enough when nothing is missing.
    waiting.sort_by_key(|(info, _)| info.start_op);
    let mut ordered = Vec::with_capacity(waiting.len());
    let mut missing = Vec::new();
    for (info, bytes) in waiting {
        if graph.contains(&info.hash) {
            continue;
        }
        let unknown = info.deps.iter().filter(|dep| !graph.contains(dep)).copied();
        let before = missing.len();
        missing.extend(unknown);
        if missing.len() > before {
            continue;
        }
        if graph.place(&info).is_err() {
            return Err(DocumentError::Damaged);
        }
        graph.add(info, bytes.len());
        ordered.push(bytes);
    }
    if missing.is_empty() {
        return Ok(ordered);
    }
    missing.sort_unstable();
    missing.dedup();
    Err(DocumentError::Missing { missing })
}

/// Whether its type is a word, but none that this version knows.
fn is_of_a_newer_type(doc: &Automerge) -> bool {
    let Ok(Some((AutomergeValue::Scalar(scalar), _))) = doc.get(ROOT, TYPE) else {
        return false;
    };
    if let ScalarValue::Str(word) = scalar.as_ref() {
        word.parse::<RecordType>().is_err()
    } else {
        false
    }
}

fn read_origin(doc: &Automerge) -> Option<Origin> {
    let scalar = |key: &str| match doc.get(ROOT, key).ok()?? {
        (AutomergeValue::Scalar(scalar), _) => Some(scalar.into_owned()),
        (AutomergeValue::Object(_), _) => None,
    };
    let ScalarValue::Bytes(id) = scalar(ID)? else { return None };
    let ScalarValue::Str(record_type) = scalar(TYPE)? else { return None };
    let ScalarValue::Bytes(author) = scalar(AUTHOR)? else { return None };
    let ScalarValue::Uint(schema) = scalar(SCHEMA)? else { return None };
    Some(Origin {
        id: RecordId::from_bytes(&id).ok()?,
        record_type: record_type.parse().ok()?,
        author: PrincipalId::from_bytes(&author).ok()?,
        schema: u32::try_from(schema).ok()?,
    })
}
