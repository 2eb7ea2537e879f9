//! Proving the sound changes of a batch on a copy, and finding the one to blame when that fails.
//!
//! After the checks before, nothing should fail here; what does is a fault of Automerge that
//! nobody knew. So failing is allowed to be slow, but not endless: after
//! [`MOST_BLAMED`] culprits the rest of the batch waits for another push.

use automerge::{Automerge, Change, ReadDoc};
use wijkboek_model::Record;

use super::{Session, Standing};
use crate::Refusal;
use crate::change::contained;
use crate::mapping::{read_entries, read_parts};

impl Session<'_> {
    /// Brings the trial document up to date with the sound changes.
    pub(super) fn apply_pending(&mut self) {
        let pending = std::mem::take(&mut self.pending);
        if pending.is_empty() {
            return;
        }
        self.applications += 1;
        if let Some(trial) = self.applied(&self.trial, &pending) {
            self.trial = trial;
            return;
        }
        for place in pending {
            // Refused already, with an ancestor.
            if self.parsed(place).is_none() {
                continue;
            }
            match self.applied(&self.trial, &[place]) {
                Some(trial) => self.trial = trial,
                None => self.blame(place, Refusal::NotApplicable),
            }
        }
    }

    /// Saves and loads the trial document with all sound changes; blames until that works.
    pub(super) fn prove(&mut self) {
        self.apply_pending();
        for _ in 0..MOST_BLAMED {
            if self.sound.is_empty() || self.fault(&self.trial).is_none() {
                return;
            }
            let (place, refusal) = self.first_at_fault();
            self.blame(place, refusal);
            let sound = self.sound.clone();
            match self.applied(&self.base(), &sound) {
                Some(trial) => self.trial = trial,
                None => break,
            }
        }
        if !self.sound.is_empty() && self.fault(&self.trial).is_some() {
            for place in std::mem::take(&mut self.sound) {
                if let Standing::Sound(guarded) = &self.standing[place] {
                    self.standing[place] = Standing::Unproven(guarded.info.hash);
                }
            }
        }
    }

    /// The shortest run of sound changes that makes a faulty document ends with the culprit.
    fn first_at_fault(&self) -> (usize, Refusal) {
        let base = self.base();
        let fault_of = |count: usize| match self.applied(&base, &self.sound[..count]) {
            Some(trial) => self.fault(&trial),
            None => Some(Refusal::NotApplicable),
        };
        let (mut good, mut bad) = (0, self.sound.len());
        let mut found = Refusal::NotReloadable;
        while bad - good > 1 {
            let middle = good.midpoint(bad);
            match fault_of(middle) {
                None => good = middle,
                Some(refusal) => {
                    bad = middle;
                    found = refusal;
                }
            }
        }
        (self.sound[bad - 1], fault_of(bad).unwrap_or(found))
    }

    /// What is wrong with a document that changes were applied to.
    ///
    /// That it came back the same is known from its bytes; that it also reads the same, from what
    /// a screen shows of both. Reading all of it out a second way would cost as much as loading.
    fn fault(&self, trial: &Automerge) -> Option<Refusal> {
        let reloaded = contained(|| (self.engine.reload)(trial)).flatten();
        let Some(again) = reloaded else { return Some(Refusal::NotReloadable) };
        let Some((origin, layout)) = &self.record else { return Some(Refusal::NotReloadable) };
        let read = |doc: &Automerge| {
            contained(|| {
                let parts = read_parts(doc, origin.record_type, layout, None);
                (parts, read_entries(doc, layout))
            })
        };
        let Some(shown) = read(&again) else { return Some(Refusal::NotReloadable) };
        if read(trial).as_ref() != Some(&shown) {
            return Some(Refusal::NotReloadable);
        }
        // A record that a newer version wrote may have been unreadable to this one before.
        let readable = Record::from_parts(origin.record_type, &shown.0).is_ok();
        let was_readable = || self.known.is_none_or(|document| document.record().is_ok());
        (!readable && was_readable()).then_some(Refusal::RecordUnreadable)
    }

    /// Refuses a sound change with all that builds on it, and takes them out of the graph.
    fn blame(&mut self, place: usize, refusal: Refusal) {
        self.refuse(place, refusal);
        let standing = &self.standing;
        self.sound.retain(|place| matches!(standing[*place], Standing::Sound(_)));
        self.graph = self.known.map(|d| d.graph().clone()).unwrap_or_default();
        for place in &self.sound {
            if let Standing::Sound(guarded) = &self.standing[*place] {
                self.graph.add(guarded.info.clone(), guarded.change.bytes.len());
            }
        }
        if self.graph.is_empty() {
            self.record = None;
        }
    }

    fn base(&self) -> Automerge {
        self.known.map_or_else(Automerge::new, |document| document.automerge().clone())
    }
}

pub(super) fn apply(doc: &mut Automerge, changes: Vec<Change>) -> bool {
    doc.apply_changes(changes).is_ok()
}

pub(super) fn reload(doc: &Automerge) -> Option<Automerge> {
    let saved = doc.save_nocompress();
    let again = Automerge::load(&saved).ok()?;
    let same = sorted_heads(&again) == sorted_heads(doc)
        && again.get_missing_deps(&[]).is_empty()
        && again.save_nocompress() == saved;
    same.then_some(again)
}

fn sorted_heads(doc: &Automerge) -> Vec<automerge::ChangeHash> {
    let mut heads = doc.get_heads();
    heads.sort_unstable();
    heads
}

/// How many changes of one batch may fail the proof before the rest has to wait.
const MOST_BLAMED: usize = 4;

#[cfg(test)]
mod tests;
