//! Each rule of a budget from both sides, and all of them at once.

use super::*;
use crate::samples::{entry_id, one_of, person};
use crate::{Advice, Record, RecordType};

fn day(text: &str) -> Day {
    text.parse().expect("a day")
}

fn cents(n: i64) -> Cents {
    Cents::new(n).expect("an amount")
}

fn rules() -> IdeaRules {
    let Record::Budget(budget) = one_of(RecordType::Budget) else { panic!("not a budget") };
    IdeaRules::from(&Budget {
        idea_max_cents: cents(250_000),
        own_effort_required: true,
        support_min: 10,
        decision_weeks: 4,
        ..budget
    })
}

/// An idea that keeps the rules, at the stage where nothing is decided.
fn idea() -> Idea {
    let Record::Idea(idea) = one_of(RecordType::Idea) else { panic!("not an idea") };
    Idea {
        requested_cents: cents(250_000),
        own_effort: "Zelf planten".to_owned(),
        support: [support("2988AB", 6), support("2988AC", 4)].into(),
        support_addresses: [(entry_id(1), "Kerkstraat 1".to_owned())].into(),
        received_on: day("2026-03-02"),
        ..idea
    }
}

fn support(postcode: &str, count: u32) -> (crate::Postcode, u32) {
    (postcode.parse().expect("a postcode"), count)
}

/// The same idea, decided as it should be.
fn decided(stage: IdeaStage) -> Idea {
    Idea {
        stage,
        support_addresses: [].into(),
        answer: Some("Past bij de wijk".to_owned()),
        decided_on: Some(day("2026-03-20")),
        granted_cents: Some(cents(200_000)),
        ..idea()
    }
}

fn faults(idea: &Idea) -> Vec<IdeaFault> {
    rules().faults(idea, &BTreeSet::new())
}

fn advice(position: AdvicePosition, own_interest: bool) -> Advice {
    Advice { position, own_interest, reasons: String::new() }
}

#[test]
fn rules_are_those_of_the_budget() {
    let expected = IdeaRules {
        max: cents(250_000),
        own_effort_required: true,
        support_min: 10,
        decision_weeks: 4,
    };
    assert_eq!(rules(), expected);
}

#[test]
fn an_idea_that_keeps_the_rules_has_no_faults() {
    for stage in IdeaStage::ALL {
        let sound = match stage {
            IdeaStage::Ingediend | IdeaStage::InAdvies => Idea { stage: *stage, ..idea() },
            IdeaStage::Toegekend
            | IdeaStage::Afgewezen
            | IdeaStage::Uitgevoerd
            | IdeaStage::Verantwoord => decided(*stage),
            IdeaStage::Ingetrokken => {
                Idea { stage: *stage, support_addresses: [].into(), ..idea() }
            }
        };
        assert_eq!(faults(&sound), [], "{stage}");
    }
}

#[test]
fn what_is_asked_of_the_plan() {
    let max = cents(250_000);
    let asked = IdeaFault::OverMaximum { max, granted: false };
    let granted = IdeaFault::OverMaximum { max, granted: true };
    let too_few = |count| IdeaFault::TooLittleSupport { count, min: 10 };
    let over = cents(250_001);
    let rows = [
        (Idea { requested_cents: over, ..idea() }, vec![asked]),
        (Idea { requested_cents: over, ..decided(IdeaStage::Toegekend) }, vec![]),
        (Idea { granted_cents: Some(over), ..decided(IdeaStage::Toegekend) }, vec![granted]),
        (Idea { own_effort: " \n".to_owned(), ..idea() }, vec![IdeaFault::NoOwnEffort]),
        (Idea { support: [].into(), ..idea() }, vec![too_few(0)]),
        (Idea { support: [support("2988AB", 9)].into(), ..idea() }, vec![too_few(9)]),
        (Idea { support: [support("2988AB", 10)].into(), ..idea() }, vec![]),
    ];
    for (idea, expected) in rows {
        assert_eq!(faults(&idea), expected);
        let rejected = Idea { stage: IdeaStage::Afgewezen, ..decided(IdeaStage::Afgewezen) };
        let rejected = Idea {
            requested_cents: idea.requested_cents,
            granted_cents: idea.granted_cents,
            own_effort: idea.own_effort,
            support: idea.support,
            ..rejected
        };
        assert_eq!(faults(&rejected), [], "what is turned down need not keep to it");
    }
    let lenient = IdeaRules { own_effort_required: false, support_min: 0, ..rules() };
    let bare = Idea { own_effort: String::new(), support: [].into(), ..idea() };
    assert_eq!(lenient.faults(&bare, &BTreeSet::new()), []);
}

#[test]
fn a_decision_has_reasons_and_a_day_and_takes_the_addresses_away() {
    for stage in
        [IdeaStage::Toegekend, IdeaStage::Afgewezen, IdeaStage::Uitgevoerd, IdeaStage::Verantwoord]
    {
        let silent = Idea { answer: Some(" ".to_owned()), ..decided(stage) };
        assert_eq!(faults(&silent), [IdeaFault::NoReasons], "{stage}");
        let undated = Idea { decided_on: None, ..decided(stage) };
        assert_eq!(faults(&undated), [IdeaFault::NoDecisionDay], "{stage}");
        let kept = Idea { support_addresses: idea().support_addresses, ..decided(stage) };
        assert_eq!(faults(&kept), [IdeaFault::AddressesKept], "{stage}");
    }
    let taken_back = Idea { stage: IdeaStage::Ingetrokken, ..idea() };
    assert_eq!(faults(&taken_back), [IdeaFault::AddressesKept], "no decision will come");
}

#[test]
fn all_faults_are_told_at_once_and_name_their_field() {
    let worst = Idea {
        stage: IdeaStage::Toegekend,
        requested_cents: cents(250_001),
        own_effort: String::new(),
        support: [].into(),
        advice: [(person(1), advice(AdvicePosition::Voor, false))].into(),
        ..idea()
    };
    let faults = rules().faults(&worst, &BTreeSet::from([person(1)]));
    let fields: Vec<_> = faults.iter().map(|fault| fault.field()).collect();
    let expected = [
        "requested_cents",
        "own_effort",
        "support",
        "answer",
        "decided_on",
        "support_addresses",
        "advice",
    ];
    assert_eq!(fields, expected);
}

#[test]
fn an_own_interest_is_said_and_does_not_count() {
    let advised = Idea {
        advice: [
            (person(1), advice(AdvicePosition::Voor, false)),
            (person(2), advice(AdvicePosition::Voor, true)),
            (person(3), advice(AdvicePosition::Tegen, false)),
            (person(4), advice(AdvicePosition::Onthouden, false)),
            (person(5), advice(AdvicePosition::Voor, false)),
        ]
        .into(),
        ..idea()
    };
    assert_eq!(faults(&advised), [], "nobody is known to have an interest");
    let interested = BTreeSet::from([person(2), person(5), person(9)]);
    let undeclared = IdeaFault::UndeclaredInterest { adviser: person(5) };
    assert_eq!(rules().faults(&advised, &interested), [undeclared]);
    let expected = AdviceCount { in_favour: 1, against: 1, abstained: 1, interested: 2 };
    assert_eq!(AdviceCount::of(&advised, &interested), expected);
    assert_eq!(AdviceCount::of(&advised, &BTreeSet::new()).in_favour, 2);
}

#[test]
fn a_decision_is_due_in_four_weeks() {
    assert_eq!(rules().decision_due(day("2026-03-02")), day("2026-03-30"));
    assert_eq!(rules().decision_due(day("2027-12-20")), day("2028-01-17"), "over the year");
    let longer = IdeaRules { decision_weeks: u32::MAX, ..rules() };
    assert_eq!(longer.decision_due(day("2026-03-02")), day("9999-12-31"), "no panic");
    for stage in IdeaStage::ALL {
        let idea = Idea { stage: *stage, ..idea() };
        let waits = matches!(stage, IdeaStage::Ingediend | IdeaStage::InAdvies);
        assert!(!rules().is_overdue(&idea, day("2026-03-30")), "{stage}: on the last day");
        assert_eq!(rules().is_overdue(&idea, day("2026-03-31")), waits, "{stage}");
    }
}
