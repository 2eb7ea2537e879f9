//! A record's history, newest first: who changed what, when, from which value to which.
//!
//! Nothing is left out. What somebody tallied in one go is one step with the sums, since every tap
//! of a finger would bury the rest.

use std::collections::BTreeMap;

use wijkboek_crdt::{HistoryStep, HistoryTouch};
use wijkboek_model::{TallyKey, Write};

use super::names::Names;
use super::present;
use super::time::Moment;
use super::wording::say;

/// A history as the page shows it: the newest steps, and the others folded away.
pub(super) struct History {
    pub(super) recent: Vec<Step>,
    pub(super) earlier: Vec<Step>,
}

/// One change.
pub(super) struct Step {
    pub(super) who: String,
    pub(super) did: &'static str,
    pub(super) time: Moment,
    pub(super) created: bool,
    pub(super) touches: Vec<Touch>,
}

/// One field of it.
pub(super) struct Touch {
    pub(super) label: String,
    pub(super) before: Option<String>,
    pub(super) after: String,
}

impl History {
    /// From steps in causal order.
    pub(super) fn of(steps: &[HistoryStep], names: &Names) -> Self {
        let steps = tallies_joined(steps);
        let mut recent: Vec<_> = steps.iter().rev().map(|step| Step::new(step, names)).collect();
        let earlier = recent.split_off(recent.len().min(RECENT_STEPS));
        Self { recent, earlier }
    }
}

impl Step {
    fn new(step: &HistoryStep, names: &Names) -> Self {
        let lang = names.lang;
        let only_additions =
            step.touches.iter().all(|touch| matches!(touch.write, Write::Append(_)));
        let did = if step.created {
            say(lang, "legde dit vast", "recorded this")
        } else if only_additions {
            say(lang, "vulde dit aan", "added to this")
        } else if is_tally(step) {
            say(lang, "turfde", "tallied")
        } else {
            say(lang, "wijzigde dit", "changed this")
        };
        Self {
            who: names.actor(step.actor),
            did,
            time: Moment::of(step.at, lang),
            created: step.created,
            touches: step.touches.iter().map(|touch| Touch::new(touch, names)).collect(),
        }
    }
}

impl Touch {
    fn new(touch: &HistoryTouch, names: &Names) -> Self {
        let (label, after) = present::write(&touch.write, names);
        let before = match (&touch.write, &touch.before) {
            (Write::Put(field, _), Some(before)) => Some(present::value(*field, before, names)),
            (
                Write::Put(..)
                | Write::Insert(..)
                | Write::Remove(..)
                | Write::Set(..)
                | Write::Splice(..)
                | Write::Append(_)
                | Write::Increment(..),
                _,
            ) => None,
        };
        Self { label, before, after }
    }
}

/// The same steps, with each person's consecutive tallies summed up.
fn tallies_joined(steps: &[HistoryStep]) -> Vec<HistoryStep> {
    let mut joined: Vec<HistoryStep> = vec![];
    for step in steps {
        match joined.last_mut() {
            Some(last) if continues(last, step) => {
                last.touches = summed(last.touches.iter().chain(&step.touches));
                last.at = step.at;
            }
            _ => joined.push(step.clone()),
        }
    }
    joined
}

fn continues(last: &HistoryStep, step: &HistoryStep) -> bool {
    let pause_ms = step.at.as_millis() - last.at.as_millis();
    last.actor.install() == step.actor.install()
        && is_tally(last)
        && is_tally(step)
        && (0..=TALLY_PAUSE_MS_MAX).contains(&pause_ms)
}

fn is_tally(step: &HistoryStep) -> bool {
    !step.touches.is_empty()
        && step.touches.iter().all(|touch| matches!(touch.write, Write::Increment(..)))
}

fn summed<'a>(touches: impl Iterator<Item = &'a HistoryTouch>) -> Vec<HistoryTouch> {
    let mut sums: BTreeMap<TallyKey, i64> = BTreeMap::new();
    for touch in touches {
        if let Write::Increment(key, by) = touch.write {
            *sums.entry(key).or_default() += by;
        }
    }
    let write = |(key, by)| HistoryTouch { write: Write::Increment(key, by), before: None };
    sums.into_iter().map(write).collect()
}

/// A pause that does not yet end one go of tallying.
const TALLY_PAUSE_MS_MAX: i64 = 10 * 60 * 1_000;

/// As many as somebody reads without looking for something.
const RECENT_STEPS: usize = 25;

#[cfg(test)]
mod tests {
    use super::*;
    use wijkboek_model::{
        ActorId, AgeGroup, ChangeHash, Field, InstallId, Status, Timestamp, Value,
    };

    fn step(who: u8, minute: i64, writes: &[Write]) -> HistoryStep {
        HistoryStep {
            hash: ChangeHash::new([who; 32]),
            actor: ActorId::of(InstallId::new([who; 12]), 0),
            at: Timestamp::from_millis(minute * 60_000),
            created: false,
            touches: writes
                .iter()
                .map(|write| HistoryTouch { write: write.clone(), before: None })
                .collect(),
        }
    }

    fn tapped(by: i64) -> Write {
        Write::Increment(TallyKey::Age(AgeGroup::Age65Plus), by)
    }

    #[test]
    fn what_one_person_tallies_in_one_go_is_one_step() {
        let chat = Write::Increment(TallyKey::JustATalk, 1);
        let steps =
            [step(1, 0, &[tapped(1)]), step(1, 2, &[tapped(2), chat]), step(1, 4, &[tapped(-1)])];
        let joined = tallies_joined(&steps);
        assert_eq!(joined.len(), 1);
        let writes: Vec<_> = joined[0].touches.iter().map(|touch| &touch.write).collect();
        assert_eq!(writes, [&tapped(2), &Write::Increment(TallyKey::JustATalk, 1)]);
        assert_eq!(joined[0].at, Timestamp::from_millis(240_000));
    }

    #[test]
    fn another_person_a_pause_or_another_change_begins_a_new_step() {
        let status = Value::Text(Status::Nieuw.as_str().to_owned());
        let steps = [
            step(1, 0, &[tapped(1)]),
            step(2, 0, &[tapped(1)]),
            step(2, 30, &[tapped(1)]),
            step(2, 30, &[Write::Put(Field::Status, status)]),
            step(2, 30, &[tapped(1)]),
        ];
        assert_eq!(tallies_joined(&steps), steps);
    }
}
