//! A record's history, newest first: who changed what, when, from which value to which.

use wijkboek_crdt::{HistoryStep, HistoryTouch};
use wijkboek_model::Write;

use super::names::Names;
use super::present;
use super::time::Moment;
use super::wording::say;

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

pub(super) fn steps(history: &[HistoryStep], names: &Names) -> Vec<Step> {
    history.iter().rev().map(|step| Step::new(step, names)).collect()
}

impl Step {
    fn new(step: &HistoryStep, names: &Names) -> Self {
        let lang = names.lang;
        let only_additions =
            step.touches.iter().all(|touch| matches!(touch.write, Write::Append(_)));
        let only_tallies =
            step.touches.iter().all(|touch| matches!(touch.write, Write::Increment(..)));
        let did = if step.created {
            say(lang, "legde dit vast", "recorded this")
        } else if only_additions {
            say(lang, "vulde dit aan", "added to this")
        } else if only_tallies {
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
                | Write::Append(_)
                | Write::Increment(..),
                _,
            ) => None,
        };
        Self { label, before, after }
    }
}
