//! What must be said before a record is closed: the resident is owed an answer, and whoever reads
//! it later must see what became of it.

use crate::{Feedback, Field, Invalid, Promise, Record, Rule};

/// Everything that is missing before this record may be closed (afgehandeld or afgewezen), in the
/// order of the screen; nothing when it may be. Does not look at the status itself.
///
/// A contact, melding, action or escalation needs an answer text; a contact or melding with a
/// promise also needs [`Field::Feedback`]: what became of it. The other types are not closed
/// with an answer.
pub fn missing_to_close(record: &Record) -> Vec<Invalid> {
    match record {
        Record::Contact(r) => missing(r.answer.as_deref(), owes(r.promise, r.feedback)),
        Record::Signal(r) => missing(r.answer.as_deref(), owes(r.promise, r.feedback)),
        Record::Action(r) => missing(r.answer.as_deref(), false),
        Record::Escalation(r) => missing(r.answer.as_deref(), false),
        Record::Visit(_)
        | Record::Meeting(_)
        | Record::Idea(_)
        | Record::Budget(_)
        | Record::Person(_)
        | Record::Consent(_)
        | Record::Relation(_)
        | Record::Covenant(_)
        | Record::Endorsement(_)
        | Record::Reply(_)
        | Record::InternalNote(_) => Vec::new(),
    }
}

/// Whether something was promised and nobody said what became of it.
const fn owes(promise: Promise, feedback: Option<Feedback>) -> bool {
    let promised = match promise {
        Promise::Unsaid | Promise::NotAsked => false,
        Promise::Personal { .. } | Promise::Collective { .. } => true,
    };
    promised && feedback.is_none()
}

fn missing(answer: Option<&str>, owes: bool) -> Vec<Invalid> {
    let unanswered = answer.is_none_or(|words| words.trim().is_empty());
    [(unanswered, Field::Answer), (owes, Field::Feedback)]
        .into_iter()
        .filter(|(is_missing, _)| *is_missing)
        .map(|(_, field)| Invalid { field: field.key(), rule: Rule::Required })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::{contact, one_of, signal};
    use crate::{AnswerForm, Contact, RecordType, Signal};

    fn fields(record: &Record) -> Vec<&'static str> {
        let missing = missing_to_close(record);
        assert!(missing.iter().all(|invalid| invalid.rule == Rule::Required));
        missing.into_iter().map(|invalid| invalid.field).collect()
    }

    #[test]
    fn an_answer_and_what_became_of_the_promise() {
        let personal = Promise::Personal { by: None };
        let collective = Promise::Collective { form: AnswerForm::Bord, by: None };
        let given = Some(Feedback::Gegeven);
        let rows = [
            (None, Promise::Unsaid, None, &["answer"][..]),
            (Some(" \n"), Promise::NotAsked, None, &["answer"]),
            (Some("Geveegd"), Promise::Unsaid, None, &[]),
            (Some("Geveegd"), Promise::NotAsked, None, &[]),
            (Some("Geveegd"), personal, None, &["feedback"]),
            (Some("Geveegd"), collective, None, &["feedback"]),
            (Some("Geveegd"), collective, Some(Feedback::NietMogelijk), &[]),
            (None, personal, given, &["answer"]),
            (None, personal, None, &["answer", "feedback"]),
        ];
        for (answer, promise, feedback, expected) in rows {
            let answer = answer.map(str::to_owned);
            let talk = Contact { answer: answer.clone(), promise, feedback, ..contact() };
            assert_eq!(fields(&Record::Contact(talk)), expected, "{answer:?}, {promise}");
            let melding = Signal { answer: answer.clone(), promise, feedback, ..signal() };
            assert_eq!(fields(&Record::Signal(melding)), expected, "{answer:?}, {promise}");
        }
    }

    #[test]
    fn which_types_are_closed_with_an_answer() {
        for record_type in RecordType::ALL {
            let expected: &[&str] = match record_type {
                RecordType::Contact
                | RecordType::Signal
                | RecordType::Action
                | RecordType::Escalation => &["answer"],
                RecordType::Visit
                | RecordType::Meeting
                | RecordType::Idea
                | RecordType::Budget
                | RecordType::Person
                | RecordType::Consent
                | RecordType::Relation
                | RecordType::Covenant
                | RecordType::Endorsement
                | RecordType::Reply
                | RecordType::InternalNote => &[],
            };
            assert_eq!(fields(&one_of(*record_type)), expected, "{record_type}");
        }
    }
}
