//! Which status or stage may follow which. What is closed is opened again before anything else
//! happens to it.
//!
//! Invariant: each step can be taken back. A slip of the finger on "toegekend" is corrected, and the
//! history shows both.

use crate::{Field, IdeaStage, Invalid, Record, RecordType, Rule, Status};

/// Whether a status may become another; staying the same is no change and always may.
///
/// What was handled becomes turned down only by way of open (heropenen), and the other way round.
/// That a contact is never turned down is [`crate::validate`]'s to say.
pub const fn may_follow(from: Status, to: Status) -> bool {
    match from {
        Status::Nieuw | Status::InBehandeling => true,
        Status::Afgehandeld => !matches!(to, Status::Afgewezen),
        Status::Afgewezen => !matches!(to, Status::Afgehandeld),
    }
}

/// Whether the stage of a wijkidee may become another; staying the same always may.
///
/// Nothing is granted without advice, carried out without being granted, or accounted for without
/// being carried out.
pub const fn stage_may_follow(from: IdeaStage, to: IdeaStage) -> bool {
    use IdeaStage as S;
    match from {
        S::Ingediend => {
            matches!(to, S::Ingediend | S::InAdvies | S::Afgewezen | S::Ingetrokken)
        }
        S::InAdvies => !matches!(to, S::Uitgevoerd | S::Verantwoord),
        S::Toegekend => matches!(to, S::InAdvies | S::Toegekend | S::Uitgevoerd | S::Ingetrokken),
        S::Afgewezen => matches!(to, S::Ingediend | S::InAdvies | S::Afgewezen),
        S::Uitgevoerd => matches!(to, S::Toegekend | S::Uitgevoerd | S::Verantwoord),
        S::Verantwoord => matches!(to, S::Uitgevoerd | S::Verantwoord),
        S::Ingetrokken => {
            matches!(to, S::Ingediend | S::InAdvies | S::Toegekend | S::Ingetrokken)
        }
    }
}

impl Status {
    /// Whether nothing more is to be done: the resident has an answer.
    pub const fn is_closed(self) -> bool {
        match self {
            Self::Nieuw | Self::InBehandeling => false,
            Self::Afgehandeld | Self::Afgewezen => true,
        }
    }

    /// What a record of this type may become next, itself left out, in the order of the screen.
    /// A talk that was had is never turned down.
    pub fn next(self, record_type: RecordType) -> Vec<Self> {
        let all = Self::ALL.iter().copied();
        let never = |to| record_type == RecordType::Contact && to == Self::Afgewezen;
        all.filter(|to| *to != self && may_follow(self, *to) && !never(*to)).collect()
    }
}

impl IdeaStage {
    /// What may follow, itself left out, in the order of the screen.
    pub fn next(self) -> Vec<Self> {
        let all = Self::ALL.iter().copied();
        all.filter(|to| *to != self && stage_may_follow(self, *to)).collect()
    }
}

/// Checks that the status or stage of a record may have become what it is after a change. Types
/// without either are never refused.
///
/// Choosing one of several values that stand side by side is no transition: each of them was
/// reached on a road of its own.
///
/// # Errors
/// `status` or `stage` with [`Rule::OutOfRange`].
pub fn validate_transition(before: &Record, after: &Record) -> Result<(), Invalid> {
    let (field, follows) = match (before, after) {
        (Record::Idea(before), Record::Idea(after)) => {
            (Field::Stage, stage_may_follow(before.stage, after.stage))
        }
        (before, after) => {
            let both = before.status().zip(after.status());
            (Field::Status, both.is_none_or(|(before, after)| may_follow(before, after)))
        }
    };
    if follows { Ok(()) } else { Err(Invalid { field: field.key(), rule: Rule::OutOfRange }) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::one_of;
    use crate::{Parts, RecordType, Value};

    /// From, and all that it may become.
    const STATUS: [(Status, &[Status]); 4] = [
        (Status::Nieuw, &[Status::InBehandeling, Status::Afgehandeld, Status::Afgewezen]),
        (Status::InBehandeling, &[Status::Nieuw, Status::Afgehandeld, Status::Afgewezen]),
        (Status::Afgehandeld, &[Status::Nieuw, Status::InBehandeling]),
        (Status::Afgewezen, &[Status::Nieuw, Status::InBehandeling]),
    ];

    const STAGE: [(IdeaStage, &[IdeaStage]); 7] = {
        use IdeaStage as S;
        [
            (S::Ingediend, &[S::InAdvies, S::Afgewezen, S::Ingetrokken]),
            (S::InAdvies, &[S::Ingediend, S::Toegekend, S::Afgewezen, S::Ingetrokken]),
            (S::Toegekend, &[S::InAdvies, S::Uitgevoerd, S::Ingetrokken]),
            (S::Afgewezen, &[S::Ingediend, S::InAdvies]),
            (S::Uitgevoerd, &[S::Toegekend, S::Verantwoord]),
            (S::Verantwoord, &[S::Uitgevoerd]),
            (S::Ingetrokken, &[S::Ingediend, S::InAdvies, S::Toegekend]),
        ]
    };

    /// A record of this type with one word changed.
    fn with(record_type: RecordType, field: Field, word: &str) -> Record {
        let mut parts: Parts = one_of(record_type).to_parts();
        parts.fields.insert(field, Value::Text(word.to_owned()));
        Record::from_parts(record_type, &parts).expect("a record of this type")
    }

    #[test]
    fn each_status_has_its_followers() {
        assert_eq!(STATUS.map(|(from, _)| from).as_slice(), Status::ALL, "a row for each");
        for (from, followers) in STATUS {
            for to in Status::ALL {
                let expected = from == *to || followers.contains(to);
                assert_eq!(may_follow(from, *to), expected, "{from} to {to}");
            }
        }
    }

    #[test]
    fn each_stage_has_its_followers() {
        for stage in IdeaStage::ALL {
            assert_eq!(STAGE.iter().filter(|(from, _)| from == stage).count(), 1, "{stage}");
        }
        for (from, followers) in STAGE {
            for to in IdeaStage::ALL {
                let expected = from == *to || followers.contains(to);
                assert_eq!(stage_may_follow(from, *to), expected, "{from} to {to}");
            }
        }
    }

    #[test]
    fn each_step_can_be_taken_back() {
        for from in Status::ALL {
            for to in Status::ALL {
                assert_eq!(may_follow(*from, *to), may_follow(*to, *from), "{from}, {to}");
            }
        }
        for from in IdeaStage::ALL {
            for to in IdeaStage::ALL {
                let there = stage_may_follow(*from, *to);
                assert_eq!(there, stage_may_follow(*to, *from), "{from}, {to}");
            }
        }
    }

    #[test]
    fn what_may_be_next_is_what_the_rules_accept() {
        for record_type in RecordType::ALL {
            if !Field::of(*record_type).contains(&Field::Status) {
                continue;
            }
            for (from, followers) in STATUS {
                let next = from.next(*record_type);
                for to in Status::ALL {
                    let put = crate::Write::Put(Field::Status, Value::Text(to.to_string()));
                    let valid = crate::validate_write(*record_type, &put).is_ok();
                    let expected = followers.contains(to) && valid;
                    assert_eq!(next.contains(to), expected, "{record_type}: {from} to {to}");
                }
            }
        }
        for (from, followers) in STAGE {
            assert_eq!(
                from.next().iter().filter(|to| followers.contains(to)).count(),
                followers.len()
            );
            assert_eq!(from.next().len(), followers.len(), "{from}");
        }
    }

    #[test]
    fn records_are_judged_by_their_own_field() {
        let refused = |field: Field| Err(Invalid { field: field.key(), rule: Rule::OutOfRange });
        for record_type in RecordType::ALL {
            let record = one_of(*record_type);
            assert_eq!(validate_transition(&record, &record), Ok(()), "{record_type}");
            for (field, from, to) in [
                (Field::Status, "afgehandeld", "afgewezen"),
                (Field::Stage, "ingediend", "toegekend"),
            ] {
                if Field::of(*record_type).contains(&field) {
                    let before = with(*record_type, field, from);
                    let after = with(*record_type, field, to);
                    let judged = validate_transition(&before, &after);
                    assert_eq!(judged, refused(field), "{record_type}");
                }
            }
        }
    }
}
