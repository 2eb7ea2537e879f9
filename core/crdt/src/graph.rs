//! The changes of one document and how they build on each other.
//!
//! Invariant: a change is in the graph only after everything it depends on, so the list is in
//! causal order; each actor's changes form a chain; operation numbers grow along every path.

use std::collections::{BTreeSet, HashMap};

use wijkboek_model::{ActorId, ChangeHash};

use crate::{ChangeInfo, Limits, Refusal};

/// The change graph of one document.
#[derive(Debug, Clone, Default)]
pub(crate) struct Graph {
    infos: Vec<ChangeInfo>,
    index: HashMap<ChangeHash, usize>,
    by_actor: HashMap<ActorId, Vec<usize>>,
    heads: BTreeSet<ChangeHash>,
    operations: u64,
    bytes: usize,
}

impl Graph {
    pub(crate) fn contains(&self, hash: &ChangeHash) -> bool {
        self.index.contains_key(hash)
    }

    pub(crate) fn len(&self) -> usize {
        self.infos.len()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.infos.is_empty()
    }

    /// The bytes of all changes together.
    pub(crate) fn bytes(&self) -> usize {
        self.bytes
    }

    /// In causal order.
    pub(crate) fn infos(&self) -> &[ChangeInfo] {
        &self.infos
    }

    pub(crate) fn info(&self, hash: &ChangeHash) -> Option<&ChangeInfo> {
        self.index.get(hash).map(|at| &self.infos[*at])
    }

    /// Sorted.
    pub(crate) fn heads(&self) -> Vec<ChangeHash> {
        self.heads.iter().copied().collect()
    }

    pub(crate) fn are_heads(&self, deps: &[ChangeHash]) -> bool {
        deps.len() == self.heads.len() && deps.iter().all(|dep| self.heads.contains(dep))
    }

    pub(crate) fn max_op(&self) -> u64 {
        self.highest_op(self.heads.iter())
    }

    /// How many changes this actor has here, which is its last one's number.
    pub(crate) fn last_seq(&self, actor: &ActorId) -> u64 {
        self.by_actor.get(actor).map_or(0, |own| own.len() as u64)
    }

    /// The change in which an operation was made, as this graph numbers them.
    pub(crate) fn maker(&self, actor: &ActorId, counter: u64) -> Option<&ChangeInfo> {
        let own = self.by_actor.get(actor)?;
        let after = own.partition_point(|at| self.infos[*at].start_op <= counter);
        let info = &self.infos[own[after.checked_sub(1)?]];
        (counter <= info.max_op).then_some(info)
    }

    /// Puts a change in whose place was checked, or that is our own.
    pub(crate) fn add(&mut self, info: ChangeInfo, bytes: usize) {
        let at = self.infos.len();
        for dep in &info.deps {
            self.heads.remove(dep);
        }
        self.heads.insert(info.hash);
        self.index.insert(info.hash, at);
        self.by_actor.entry(info.actor).or_default().push(at);
        self.bytes += bytes;
        self.operations += operations(&info);
        self.infos.push(info);
    }

    /// Whether there is room for one more change.
    ///
    /// # Errors
    /// [`Refusal::DocumentFull`] and [`Refusal::TooManyActors`].
    pub(crate) fn room(
        &self,
        info: &ChangeInfo,
        bytes: usize,
        limits: &Limits,
    ) -> Result<(), Refusal> {
        let operations = self.operations.saturating_add(operations(info));
        if self.len() >= limits.changes_per_document
            || operations > limits.operations_per_document as u64
            || self.bytes.saturating_add(bytes) > limits.document_bytes
        {
            return Err(Refusal::DocumentFull);
        }
        let known = self.by_actor.contains_key(&info.actor);
        if !known && self.by_actor.len() >= limits.actors_per_document {
            return Err(Refusal::TooManyActors);
        }
        Ok(())
    }

    /// Checks a change's place among its ancestors, all of which are here.
    ///
    /// # Errors
    /// What is wrong with its place.
    pub(crate) fn place(&self, info: &ChangeInfo) -> Result<(), Refusal> {
        if info.deps.is_empty() && !self.is_empty() {
            return Err(Refusal::SecondRoot);
        }
        let last = self.last_seq(&info.actor);
        if info.seq == 0 || info.seq > last + 1 {
            return Err(Refusal::SequenceGap);
        }
        if info.seq <= last {
            return Err(Refusal::ForkedSequence);
        }
        if info.start_op != self.highest_op(info.deps.iter()) + 1 {
            return Err(Refusal::WrongStartOp);
        }
        let previous = self.by_actor.get(&info.actor).and_then(|own| own.last());
        match previous {
            Some(previous) if !self.descends(&info.deps, *previous) => {
                Err(Refusal::PreviousNotAncestor)
            }
            Some(_) | None => Ok(()),
        }
    }

    /// The highest operation of the changes that have these hashes.
    pub(crate) fn highest_op<'a>(&self, hashes: impl Iterator<Item = &'a ChangeHash>) -> u64 {
        hashes.filter_map(|hash| self.info(hash)).map(|info| info.max_op).max().unwrap_or(0)
    }

    /// Whether one of `from` is the change at `target` or builds on it.
    ///
    /// Only changes with a higher operation than the target's can build on it, so the walk ends
    /// there: in a linear history it is one step.
    fn descends(&self, from: &[ChangeHash], target: usize) -> bool {
        let mut walk: Vec<usize> =
            from.iter().filter_map(|hash| self.index.get(hash)).copied().collect();
        // Nearly always; and whoever makes a graph on purpose in which it is not, gets bits to
        // mark, not a tree to fill.
        if walk.contains(&target) {
            return true;
        }
        let floor = self.infos[target].max_op;
        let mut seen = vec![false; self.infos.len()];
        while let Some(at) = walk.pop() {
            if at == target {
                return true;
            }
            if self.infos[at].max_op > floor && !std::mem::replace(&mut seen[at], true) {
                walk.extend(self.infos[at].deps.iter().filter_map(|dep| self.index.get(dep)));
            }
        }
        false
    }
}

fn operations(info: &ChangeInfo) -> u64 {
    info.max_op.saturating_sub(info.start_op).saturating_add(1)
}
