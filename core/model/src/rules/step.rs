//! What a change makes of a record, judged by what the work asks.
//!
//! Invariant: a step is judged by whoever takes it and by the server that accepts it, never by a
//! replica that receives it. These rules change with the work; a replica that judged by yesterday's
//! would refuse what everybody else has.

use std::collections::BTreeSet;

use super::{missing_to_close, validate_transition};
use crate::{Field, Invalid, Record, Status};

/// Everything that is amiss with what a change made of a record, in the order of the screen.
///
/// A status or stage among the `settled` was chosen from values that stood side by side: each was
/// reached on a road of its own, so choosing is never refused. Nor is what was missing before: only
/// what this change takes away, or closes without.
pub fn step_faults(before: &Record, after: &Record, settled: &BTreeSet<Field>) -> Vec<Invalid> {
    let mut faults = Vec::new();
    let chosen = settled.contains(&Field::Status) || settled.contains(&Field::Stage);
    if !chosen {
        faults.extend(validate_transition(before, after).err());
    }
    if is_closed(after) && !chosen {
        let known = if is_closed(before) { missing_to_close(before) } else { Vec::new() };
        faults.extend(missing_to_close(after).into_iter().filter(|new| !known.contains(new)));
    }
    faults
}

fn is_closed(record: &Record) -> bool {
    record.status().is_some_and(Status::is_closed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::contact;
    use crate::{Contact, Feedback, Promise, Rule};

    struct Step {
        from: (Status, Option<&'static str>, Option<Feedback>),
        to: (Status, Option<&'static str>, Option<Feedback>),
        faults: &'static [(&'static str, Rule)],
    }

    fn talk((status, answer, feedback): (Status, Option<&str>, Option<Feedback>)) -> Record {
        Record::Contact(Contact {
            status,
            answer: answer.map(str::to_owned),
            promise: Promise::Personal { by: None },
            feedback,
            ..contact()
        })
    }

    #[test]
    fn a_step_answers_for_itself_only() {
        use Status::{Afgehandeld as Closed, Afgewezen as Declined, InBehandeling as Busy};
        let (given, words) = (Some(Feedback::Gegeven), Some("De lamp brandt weer."));
        let steps = [
            Step { from: (Busy, None, None), to: (Busy, words, None), faults: &[] },
            Step {
                from: (Busy, None, None),
                to: (Closed, None, None),
                faults: &[("answer", Rule::Required), ("feedback", Rule::Required)],
            },
            Step { from: (Busy, words, given), to: (Closed, words, given), faults: &[] },
            Step { from: (Busy, None, None), to: (Closed, words, given), faults: &[] },
            Step {
                from: (Closed, words, given),
                to: (Closed, None, given),
                faults: &[("answer", Rule::Required)],
            },
            Step { from: (Closed, None, given), to: (Closed, words, given), faults: &[] },
            Step { from: (Closed, None, None), to: (Closed, None, given), faults: &[] },
            Step { from: (Closed, words, given), to: (Busy, None, None), faults: &[] },
            Step {
                from: (Closed, words, given),
                to: (Declined, words, given),
                faults: &[("status", Rule::OutOfRange)],
            },
        ];
        for step in steps {
            let (before, after) = (talk(step.from), talk(step.to));
            let found: Vec<_> = step_faults(&before, &after, &BTreeSet::new())
                .into_iter()
                .map(|fault| (fault.field, fault.rule))
                .collect();
            assert_eq!(found, step.faults, "{:?} to {:?}", step.from, step.to);
            let settled = BTreeSet::from([Field::Status]);
            assert_eq!(step_faults(&before, &after, &settled), []);
        }
    }
}
