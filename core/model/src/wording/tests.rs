//! Every word has a name in both languages that is not its key.

use std::collections::BTreeSet;
use std::fmt::Debug;

use super::*;
use crate::{
    AgeGroup, AnswerForm, AreaLevel, Channel, ContactKind, Denial, Field, Invalid, LivesIn, Party,
    PlaceSource, Promise, RecordType, Role, Rule, Sensitivity, SetField, Status, TallyKey,
};

/// Checks a list: the labels are there, begin with a capital or a digit and tell values apart.
fn check<T: Label + Debug>(values: impl IntoIterator<Item = T>, key: impl Fn(&T) -> String) {
    let mut seen = BTreeSet::new();
    for value in values {
        for lang in Lang::ALL {
            let label = value.label(*lang);
            assert_eq!(label.trim(), label, "{value:?}");
            let first = label.chars().next().expect("a label that is not empty");
            assert!(first.is_uppercase() || first.is_ascii_digit(), "{value:?}: {label}");
            assert!(seen.insert((*lang, label)), "{value:?} is called {label} as another is");
        }
        assert_ne!(value.label(Lang::Nl), key(&value), "{value:?} shows its key");
    }
}

#[test]
fn every_word_has_a_name_in_both_languages() {
    check(RecordType::ALL.iter().copied(), ToString::to_string);
    check(ContactKind::ALL.iter().copied(), ToString::to_string);
    check(Status::ALL.iter().copied(), ToString::to_string);
    check(AgeGroup::ALL.iter().copied(), ToString::to_string);
    check(Party::ALL.iter().copied(), ToString::to_string);
    check(Channel::ALL.iter().copied(), ToString::to_string);
    check(Sensitivity::ALL.iter().copied(), ToString::to_string);
    check(PlaceSource::ALL.iter().copied(), ToString::to_string);
    check(AnswerForm::ALL.iter().copied(), ToString::to_string);
    check(Role::ALL.iter().copied(), ToString::to_string);
    check(TallyKey::all(), ToString::to_string);
    check(AreaLevel::ALL.iter().copied(), |level| format!("{level:?}").to_lowercase());
    check(Field::ALL.iter().copied(), |field| field.key().to_owned());
    check(SetField::ALL.iter().copied(), |set| set.key().to_owned());
    check(Denial::ALL.iter().copied(), |denial| denial.code().to_owned());
    check(Rule::EXAMPLES.iter().copied(), |rule| rule.code().to_owned());
    let elsewhere = LivesIn::Elsewhere("BU05970600".parse().expect("a code"));
    check([LivesIn::Unknown, LivesIn::Here, elsewhere, LivesIn::Outside], ToString::to_string);
    let collective = Promise::Collective { form: AnswerForm::Bord, by: None };
    let personal = Promise::Personal { by: None };
    check([Promise::Unsaid, Promise::NotAsked, personal, collective], ToString::to_string);
}

#[test]
fn it_is_said_as_at_the_town_hall() {
    assert_eq!(RecordType::Signal.label(Lang::Nl), "Melding");
    assert_eq!(Status::InBehandeling.label(Lang::Nl), "In behandeling");
    assert_eq!(TallyKey::JustATalk.label(Lang::Nl), "Alleen een praatje");
    assert_eq!(AgeGroup::Age65Plus.label(Lang::Nl), "65 jaar en ouder");
    assert_eq!(Field::Promise.label(Lang::Nl), "Terugkoppeling");
}

#[test]
fn a_broken_rule_names_its_field_and_its_limit() {
    let invalid = |field, rule| Invalid { field, rule };
    let long = invalid(Field::Note.key(), Rule::TooLong { max: 20_000 });
    assert_eq!(
        long.message(Lang::Nl),
        "Notitie: Dit is te lang. Maak het korter. Er passen ongeveer 20000 tekens in."
    );
    assert_eq!(invalid("entries", Rule::Required).message(Lang::En), "Reply: Fill this in.");
    let newer = invalid("a-field-of-a-newer-version", Rule::Unreadable).message(Lang::Nl);
    assert!(newer.starts_with("Gegeven: "), "{newer}");
    for lang in Lang::ALL {
        for field in Field::ALL {
            for rule in Rule::EXAMPLES {
                let message = invalid(field.key(), *rule).message(*lang);
                assert!(message.starts_with(field.label(*lang)), "{message}");
                assert!(message.ends_with('.'), "{message}");
            }
        }
    }
}

#[test]
fn every_refusal_has_a_sentence() {
    let denied = refusal("not-visible", Lang::Nl);
    assert_eq!(denied, Denial::NotVisible.label(Lang::Nl));
    assert_eq!(refusal("too-long", Lang::En), "This is too long. Shorten it.");
    let unknown = refusal("reason-of-a-newer-server", Lang::Nl);
    let codes = [
        "invalid-value",
        "change-too-large",
        "document-full",
        "depends-on-refused",
        "time-out-of-range",
        "erased",
        "rights-ended",
        "step-refused",
        "actor-not-own",
        "type-unknown",
    ];
    for code in codes {
        assert_ne!(refusal(code, Lang::Nl), unknown, "{code}");
        assert_ne!(refusal(code, Lang::Nl), refusal(code, Lang::En), "{code}");
    }
}

#[test]
fn languages_read_back() {
    for lang in Lang::ALL {
        assert_eq!(lang.to_string().parse(), Ok(*lang));
    }
    assert!("de".parse::<Lang>().is_err());
}
