//! What people read: core's words, so that both shells and the office pages say the same.

use wijkboek_model as model;
use wijkboek_model::{
    AgeGroup, AnswerForm, Channel, ContactKind, Feedback, Field, Label, Lang, MapField, Party,
    PlaceSource, ProseField, RecordType, Role, Sensitivity, SetField, Status,
};

use crate::{LivesIn, Promise, Rule, TallyKey, WijkboekError};

/// Something with a name on screen.
#[derive(Debug, Clone, PartialEq, uniffi::Enum)]
pub enum Word {
    /// A type of record.
    RecordType {
        /// Which.
        value: RecordType,
    },
    /// What a resident brings.
    Kind {
        /// Which.
        value: ContactKind,
    },
    /// How far it has come.
    Status {
        /// How far.
        value: Status,
    },
    /// An age group.
    AgeGroup {
        /// Which.
        value: AgeGroup,
    },
    /// Who spoke.
    Party {
        /// They.
        value: Party,
    },
    /// Through what it came.
    Channel {
        /// What.
        value: Channel,
    },
    /// Who may see it.
    Sensitivity {
        /// They.
        value: Sensitivity,
    },
    /// Where a position came from.
    PlaceSource {
        /// Where.
        value: PlaceSource,
    },
    /// How a collective answer is given.
    AnswerForm {
        /// How.
        value: AnswerForm,
    },
    /// What became of the promised answer.
    Feedback {
        /// What.
        value: Feedback,
    },
    /// A role.
    Role {
        /// Which.
        value: Role,
    },
    /// The name of a field.
    Field {
        /// Which.
        value: Field,
    },
    /// Where the person lives.
    LivesIn {
        /// There.
        value: LivesIn,
    },
    /// What was promised.
    Promise {
        /// What.
        value: Promise,
    },
    /// A button of the tally.
    Tally {
        /// Which.
        value: TallyKey,
    },
}

/// What a person reads for a word.
///
/// # Errors
/// [`WijkboekError::Invalid`] for a code or day inside the word that cannot be read.
#[uniffi::export]
pub fn label(word: Word, lang: Lang) -> Result<String, WijkboekError> {
    Ok(match word {
        Word::RecordType { value } => value.label(lang),
        Word::Kind { value } => value.label(lang),
        Word::Status { value } => value.label(lang),
        Word::AgeGroup { value } => value.label(lang),
        Word::Party { value } => value.label(lang),
        Word::Channel { value } => value.label(lang),
        Word::Sensitivity { value } => value.label(lang),
        Word::PlaceSource { value } => value.label(lang),
        Word::AnswerForm { value } => value.label(lang),
        Word::Feedback { value } => value.label(lang),
        Word::Role { value } => value.label(lang),
        Word::Field { value } => value.label(lang),
        Word::LivesIn { value } => value.parse()?.label(lang),
        Word::Promise { value } => value.parse()?.label(lang),
        Word::Tally { value } => model::TallyKey::from(&value).label(lang),
    }
    .to_owned())
}

/// Which field is not right, and what to do about it.
#[uniffi::export]
#[expect(clippy::needless_pass_by_value, reason = "what crosses the border is handed over")]
pub fn invalid_message(field: String, rule: Rule, lang: Lang) -> String {
    let field = Field::from_key(&field)
        .map(Field::key)
        .or_else(|| SetField::from_key(&field).map(SetField::key))
        .or_else(|| MapField::from_key(&field).map(MapField::key))
        .or_else(|| ProseField::from_key(&field).map(ProseField::key))
        .unwrap_or("");
    model::Invalid { field, rule: rule.into() }.message(lang)
}

/// What to tell somebody whose change was refused, by the reason's stable code.
#[uniffi::export]
#[expect(clippy::needless_pass_by_value, reason = "what crosses the border is handed over")]
pub fn refusal_message(code: String, lang: Lang) -> String {
    model::refusal(&code, lang).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_languages_are_core_s() {
        let klacht = || Word::Kind { value: ContactKind::Klacht };
        assert_eq!(label(klacht(), Lang::Nl), Ok("Klacht".to_owned()));
        assert_eq!(label(klacht(), Lang::En), Ok("Complaint".to_owned()));
    }

    #[test]
    fn a_message_names_the_field() {
        let message = invalid_message("note".to_owned(), Rule::Required, Lang::Nl);
        assert!(message.starts_with("Notitie"), "{message}");
    }
}
