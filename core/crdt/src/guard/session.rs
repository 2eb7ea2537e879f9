//! Judging one batch for one document.
//!
//! Changes are taken up when everything they build on is known or sound, in the order of the
//! batch. `trial` is the document as it would be with the sound ones; those in `pending` are not
//! in it yet, because applying many at once is much cheaper than one by one. Before a change that
//! replaces something is judged, the pending ones go in, so that what its writer saw can be read.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use automerge::{Automerge, Change, ExpandedChange, ReadDoc};
use wijkboek_model::{ChangeHash, Entry, EntryId, RecordId, Write};

use super::inspect::{Inspected, inspect};
use super::{ForeignChange, Guarded, Verdict};
use crate::change::{OpId, contained, hash_to_automerge};
use crate::first::first_change;
use crate::graph::Graph;
use crate::mapping::{Container, Layout, encode_entry, read_parts};
use crate::rules::{breaks_a_rule, can_break_a_rule};
use crate::vocabulary::{Deed, deed};
use crate::{Document, Limits, Origin, RawChange, Refusal};

mod proof;

/// The state of judging one batch.
pub(super) struct Session<'a> {
    id: RecordId,
    known: Option<&'a Document>,
    batch: &'a [ForeignChange<'a>],
    limits: &'a Limits,
    standing: Vec<Standing>,
    /// Where in the batch each well-formed change stands first.
    by_hash: HashMap<ChangeHash, usize>,
    /// For a change of the batch, those of the batch that build on it.
    children: HashMap<ChangeHash, Vec<usize>>,
    graph: Graph,
    trial: Automerge,
    record: Option<(Origin, Layout)>,
    /// Sound so far, in causal order, as places in the batch.
    sound: Vec<usize>,
    /// The last of `sound`, which are not in `trial` yet.
    pending: Vec<usize>,
    /// The entries that the batch appends.
    appended: HashMap<EntryId, Entry>,
    /// How often changes were applied.
    applications: usize,
    engine: Engine,
}

/// What the proof asks of Automerge; tests put something faulty in its place.
#[derive(Clone, Copy)]
struct Engine {
    /// Applies changes; false when they cannot be.
    apply: fn(&mut Automerge, Vec<Change>) -> bool,
    /// The document saved and loaded again; none when it does not come back the same.
    reload: fn(&Automerge) -> Option<Automerge>,
}

/// How far the judging of one item has come.
enum Standing {
    /// Not taken up yet.
    Open(Box<Inspected>),
    /// Sound as far as is known; the proof is still to come.
    Sound(Guarded),
    /// The same as an earlier item, whose place is given, or as a known change.
    Same(ChangeHash, Option<usize>),
    Refused(Refusal),
    /// The guard gave up before proving it.
    Unproven(ChangeHash),
}

impl<'a> Session<'a> {
    pub(super) fn new(
        id: RecordId,
        known: Option<&'a Document>,
        batch: &'a [ForeignChange<'a>],
        limits: &'a Limits,
    ) -> Self {
        let mut session = Self {
            id,
            known,
            batch,
            limits,
            standing: Vec::with_capacity(batch.len()),
            by_hash: HashMap::new(),
            children: HashMap::new(),
            graph: known.map(|d| d.graph().clone()).unwrap_or_default(),
            trial: known.map_or_else(Automerge::new, |d| d.automerge().clone()),
            record: known.map(|d| (d.origin().clone(), d.layout().clone())),
            sound: Vec::new(),
            pending: Vec::new(),
            appended: HashMap::new(),
            applications: 0,
            engine: Engine { apply: proof::apply, reload: proof::reload },
        };
        let mut kept = 0;
        for (place, foreign) in batch.iter().enumerate() {
            let mut inspected = inspect(foreign, limits);
            if let Ok(inspected) = &mut inspected {
                kept += inspected.expanded.as_ref().map_or(0, |e| e.operations.len());
                if kept > MOST_KEPT_OPERATIONS {
                    inspected.expanded = None;
                }
            }
            let standing = match inspected {
                Err(refusal) => {
                    if refusal.shows_the_hash() {
                        session.by_hash.entry(foreign.announced).or_insert(place);
                    }
                    Standing::Refused(refusal)
                }
                Ok(inspected) => session.enter(place, inspected),
            };
            session.standing.push(standing);
        }
        session.refuse_what_builds_on_refused();
        session
    }

    /// Takes up every change whose ancestors are sound, then proves the result.
    pub(super) fn judge(&mut self) {
        let mut ready: BTreeSet<usize> = (0..self.batch.len()).collect();
        while let Some(place) = ready.pop_first() {
            if self.applications > self.limits.applications_per_batch {
                break;
            }
            let Standing::Open(inspected) = &mut self.standing[place] else { continue };
            if !inspected.info.deps.iter().all(|dep| self.graph.contains(dep)) {
                continue;
            }
            let expanded = inspected.decode();
            let inspected = inspected.clone();
            let hash = inspected.info.hash;
            let judged = expanded
                .ok_or(Refusal::Unreadable)
                .and_then(|expanded| self.take_up(&inspected, &expanded));
            if !self.is_open(place) {
                // Refused meanwhile, with an ancestor that turned out not to be applicable.
                continue;
            }
            match judged {
                Ok(guarded) => {
                    let creates = guarded.creates;
                    self.graph.add(guarded.info.clone(), guarded.change.bytes.len());
                    self.standing[place] = Standing::Sound(guarded);
                    self.sound.push(place);
                    self.pending.push(place);
                    if creates {
                        // Whatever comes next is judged on the containers.
                        self.apply_pending();
                    }
                    ready.extend(self.children.get(&hash).into_iter().flatten());
                }
                Err(refusal) => self.refuse(place, refusal),
            }
        }
        self.prove();
    }

    pub(super) fn verdicts(mut self) -> Vec<Verdict> {
        let standing = std::mem::take(&mut self.standing);
        let mut verdicts: Vec<Verdict> = Vec::with_capacity(standing.len());
        for (standing, foreign) in standing.into_iter().zip(self.batch) {
            let verdict = match standing {
                Standing::Sound(guarded) => Verdict::Sound(guarded),
                Standing::Refused(refusal) => Verdict::Refused { hash: foreign.announced, refusal },
                Standing::Unproven(hash) => Verdict::Waiting { hash, missing: Vec::new() },
                Standing::Open(inspected) => self.waiting(&inspected),
                Standing::Same(hash, earlier) => match earlier.map(|at| verdicts[at].clone()) {
                    None | Some(Verdict::Sound(_)) => Verdict::Duplicate(hash),
                    Some(other) => other,
                },
            };
            verdicts.push(verdict);
        }
        verdicts
    }

    fn enter(&mut self, place: usize, inspected: Inspected) -> Standing {
        let hash = inspected.info.hash;
        if self.graph.contains(&hash) {
            return Standing::Same(hash, None);
        }
        if let Some(earlier) = self.by_hash.get(&hash) {
            return Standing::Same(hash, Some(*earlier));
        }
        self.by_hash.insert(hash, place);
        for dep in &inspected.info.deps {
            self.children.entry(*dep).or_default().push(place);
        }
        Standing::Open(Box::new(inspected))
    }

    fn is_open(&self, place: usize) -> bool {
        matches!(self.standing[place], Standing::Open(_))
    }

    fn waiting(&self, inspected: &Inspected) -> Verdict {
        let missing = inspected.info.deps.iter().filter(|dep| !self.graph.contains(dep));
        Verdict::Waiting { hash: inspected.info.hash, missing: missing.copied().collect() }
    }

    /// Judges a change whose ancestors are all in the graph.
    fn take_up(
        &mut self,
        inspected: &Inspected,
        expanded: &ExpandedChange,
    ) -> Result<Guarded, Refusal> {
        let info = &inspected.info;
        self.graph.place(info)?;
        let bytes = inspected.change.raw_bytes().len();
        self.graph.room(info, bytes, self.limits)?;
        let creates = info.deps.is_empty();
        let mut writes = Vec::new();
        let mut unknown_keys = Vec::new();
        if let Some((origin, layout)) = self.record.clone() {
            let mut deeds = Vec::with_capacity(expanded.operations.len());
            for op in &expanded.operations {
                deeds.push(deed(op, &layout, origin.record_type, self.limits)?);
            }
            self.judge_deeds(inspected, &deeds, &origin, &layout)?;
            for deed in deeds {
                match deed.write {
                    Some(write) => writes.push(write),
                    None => unknown_keys.push(deed.key),
                }
            }
        } else {
            self.record = Some(first_change(self.id, expanded, self.limits)?);
        }
        Ok(Guarded {
            change: RawChange::of(&inspected.change),
            info: info.clone(),
            writes,
            creates,
            unknown_keys,
            parsed: Arc::clone(&inspected.change),
        })
    }

    fn judge_deeds(
        &mut self,
        inspected: &Inspected,
        deeds: &[Deed],
        origin: &Origin,
        layout: &Layout,
    ) -> Result<(), Refusal> {
        let mut keys = HashSet::new();
        if !deeds.iter().all(|deed| keys.insert((deed.container, deed.key.as_str()))) {
            return Err(Refusal::KeyWrittenTwice);
        }
        if deeds.iter().any(|deed| replaces_what_stands(deed.container)) {
            self.apply_pending();
        }
        let deps = &inspected.info.deps;
        if !deps.iter().all(|dep| self.graph.contains(dep)) {
            return Err(Refusal::DependsOnRefused);
        }
        let at = (!self.graph.are_heads(deps)).then(|| deps.clone());
        for deed in deeds {
            self.judge_replaced(deed, layout, at.as_deref())?;
        }
        let writes: Vec<Write> = deeds.iter().filter_map(|deed| deed.write.clone()).collect();
        if writes.iter().any(can_break_a_rule) {
            let before = read_parts(&self.trial, origin.record_type, layout, at.as_deref());
            if let Some(broken) = breaks_a_rule(origin.record_type, &before, &writes) {
                return Err(broken.into());
            }
        }
        for write in writes {
            if let Write::Append(entry) = write {
                self.appended.insert(entry.id, entry);
            }
        }
        Ok(())
    }

    /// Compares what an operation replaces with what its writer saw.
    fn judge_replaced(
        &self,
        deed: &Deed,
        layout: &Layout,
        at: Option<&[ChangeHash]>,
    ) -> Result<(), Refusal> {
        let object = layout.object(deed.container).ok_or(Refusal::UnknownObject)?;
        let key = deed.key.as_str();
        let at: Option<Vec<_>> = match deed.container {
            Container::Root | Container::Set(_) => {
                at.map(|heads| heads.iter().copied().map(hash_to_automerge).collect())
            }
            // An entry may stand there from anybody, seen or not; a counter was there from the
            // start.
            Container::Entries | Container::Tallies | Container::Prose(_) => None,
        };
        let standing = match &at {
            None => self.trial.get_all(object, key),
            Some(heads) => self.trial.get_all_at(object, key, heads),
        };
        let standing = standing.map_err(|_| Refusal::WrongPredecessors)?;
        if let Some(Write::Append(entry)) = &deed.write {
            // The same entry twice, as after a retry from elsewhere, says nothing new.
            let written = automerge::Value::from(encode_entry(entry));
            let other = standing.iter().any(|(value, _)| *value != written)
                || self.appended.get(&entry.id).is_some_and(|appended| appended != entry);
            return if other { Err(Refusal::EntryOverwritten) } else { Ok(()) };
        }
        let mut seen: Vec<OpId> = standing.iter().filter_map(|(_, id)| OpId::of(id)).collect();
        let mut replaces = deed.replaces.clone();
        seen.sort_unstable();
        replaces.sort_unstable();
        let empty_removal = matches!(deed.write, Some(Write::Remove(..))) && seen.is_empty();
        if seen == replaces && !empty_removal { Ok(()) } else { Err(Refusal::WrongPredecessors) }
    }

    fn refuse_what_builds_on_refused(&mut self) {
        for (hash, place) in self.by_hash.clone() {
            if matches!(self.standing[place], Standing::Refused(_)) {
                for child in self.children.get(&hash).cloned().unwrap_or_default() {
                    self.refuse(child, Refusal::DependsOnRefused);
                }
            }
        }
    }

    /// Refuses a change, and with it everything in the batch that builds on it.
    fn refuse(&mut self, place: usize, refusal: Refusal) {
        let mut walk = vec![(place, refusal)];
        while let Some((place, refusal)) = walk.pop() {
            let hash = match &self.standing[place] {
                Standing::Open(inspected) => inspected.info.hash,
                Standing::Sound(guarded) => guarded.info.hash,
                Standing::Same(..) | Standing::Refused(_) | Standing::Unproven(_) => continue,
            };
            let foreign = matches!(refusal, Refusal::SecondRoot | Refusal::OtherRecord);
            let of_child =
                if foreign { Refusal::UnrelatedDependency } else { Refusal::DependsOnRefused };
            self.standing[place] = Standing::Refused(refusal);
            let children = self.children.get(&hash).into_iter().flatten();
            walk.extend(children.map(|child| (*child, of_child)));
        }
    }

    fn parsed(&self, place: usize) -> Option<&Change> {
        match &self.standing[place] {
            Standing::Sound(guarded) => Some(guarded.parsed()),
            Standing::Open(_)
            | Standing::Same(..)
            | Standing::Refused(_)
            | Standing::Unproven(_) => None,
        }
    }

    /// Applies changes to a copy of a document; none when Automerge fails or panics.
    fn applied(&self, base: &Automerge, places: &[usize]) -> Option<Automerge> {
        let changes: Vec<Change> =
            places.iter().filter_map(|place| self.parsed(*place)).cloned().collect();
        contained(|| {
            let mut copy = base.clone();
            (self.engine.apply)(&mut copy, changes).then_some(copy)
        })
        .flatten()
    }
}

fn replaces_what_stands(container: Container) -> bool {
    match container {
        Container::Root | Container::Set(_) => true,
        Container::Entries | Container::Tallies | Container::Prose(_) => false,
    }
}

/// How many operations of a batch stay expanded between reading and judging them: expanding the
/// rest once more costs time, keeping all of them would cost a multiple of their bytes.
const MOST_KEPT_OPERATIONS: usize = 2_048;
