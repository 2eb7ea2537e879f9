//! The rules of the wijkideebudget: what an idea must keep to before money goes to it, and by when
//! the residents hear.

use std::collections::BTreeSet;

use crate::{AdvicePosition, Budget, Cents, Day, Field, Idea, IdeaStage, MapField, PrincipalId};

/// The rules of one budget.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IdeaRules {
    /// The most that one idea may get.
    pub max: Cents,
    /// Whether residents must do something themselves.
    pub own_effort_required: bool,
    /// How many supporters (draagvlak) an idea needs, over all postcodes together.
    pub support_min: u32,
    /// Within how many weeks an idea is decided.
    pub decision_weeks: u32,
}

/// Where an idea breaks a rule of its budget. Carries no content, so that it may be logged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum IdeaFault {
    /// More is granted, or asked for while nothing is granted yet, than one idea may get.
    #[error("more than {max} cents")]
    OverMaximum {
        /// The most that it may get.
        max: Cents,
        /// Whether that is what was granted, or what was asked for.
        granted: bool,
    },
    /// The residents do nothing themselves.
    #[error("no effort of their own")]
    NoOwnEffort,
    /// Too few people support it.
    #[error("{count} of at least {min} supporters")]
    TooLittleSupport {
        /// How many there are.
        count: u64,
        /// How many it needs.
        min: u32,
    },
    /// The addresses of supporters are still there, though no decision needs them any more.
    #[error("addresses of supporters are kept after the decision")]
    AddressesKept,
    /// It was decided without saying why.
    #[error("a decision without reasons")]
    NoReasons,
    /// It was decided without saying when.
    #[error("a decision without its day")]
    NoDecisionDay,
    /// An adviser with an interest of their own did not say so.
    #[error("an adviser did not mention their own interest")]
    UndeclaredInterest {
        /// Who.
        adviser: PrincipalId,
    },
}

impl IdeaFault {
    /// The key of the field to put right.
    pub const fn field(self) -> &'static str {
        match self {
            Self::OverMaximum { granted: true, .. } => Field::GrantedCents.key(),
            Self::OverMaximum { granted: false, .. } => Field::RequestedCents.key(),
            Self::NoOwnEffort => Field::OwnEffort.key(),
            Self::TooLittleSupport { .. } => MapField::Support.key(),
            Self::AddressesKept => MapField::SupportAddresses.key(),
            Self::NoReasons => Field::Answer.key(),
            Self::NoDecisionDay => Field::DecidedOn.key(),
            Self::UndeclaredInterest { .. } => MapField::Advice.key(),
        }
    }
}

/// What the ambassadeurs advise together. An own interest that was declared, or is known, does not
/// count for or against.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct AdviceCount {
    /// In favour.
    pub in_favour: usize,
    /// Against.
    pub against: usize,
    /// Neither.
    pub abstained: usize,
    /// Not counted, because of an interest of their own.
    pub interested: usize,
}

impl AdviceCount {
    /// Counts the advice on an idea. `interested` are the accounts of whom it is known that they
    /// have an interest of their own, such as whoever handed the idea in.
    pub fn of(idea: &Idea, interested: &BTreeSet<PrincipalId>) -> Self {
        let mut count = Self::default();
        for (adviser, advice) in &idea.advice {
            let sort = if advice.own_interest || interested.contains(adviser) {
                &mut count.interested
            } else {
                match advice.position {
                    AdvicePosition::Voor => &mut count.in_favour,
                    AdvicePosition::Tegen => &mut count.against,
                    AdvicePosition::Onthouden => &mut count.abstained,
                }
            };
            *sort += 1;
        }
        count
    }
}

impl From<&Budget> for IdeaRules {
    fn from(budget: &Budget) -> Self {
        Self {
            max: budget.idea_max_cents,
            own_effort_required: budget.own_effort_required,
            support_min: budget.support_min,
            decision_weeks: budget.decision_weeks,
        }
    }
}

impl IdeaRules {
    /// Everything in which an idea, as it stands or as somebody is about to decide it, breaks the
    /// rules; nothing when it keeps them. `interested` as in [`AdviceCount::of`].
    ///
    /// What is asked of the plan itself (money, own effort, draagvlak) is not asked of an idea that
    /// was turned down or taken back. Every decision has its reasons and its day. The addresses of
    /// supporters go with the decision, and also when no decision will come.
    pub fn faults(&self, idea: &Idea, interested: &BTreeSet<PrincipalId>) -> Vec<IdeaFault> {
        let mut faults = Vec::new();
        let mut unless = |kept: bool, fault| {
            if !kept {
                faults.push(fault);
            }
        };
        if is_alive(idea.stage) {
            let granted = idea.granted_cents.is_some();
            let amount = idea.granted_cents.unwrap_or(idea.requested_cents);
            unless(amount <= self.max, IdeaFault::OverMaximum { max: self.max, granted });
            let own_effort = !self.own_effort_required || !idea.own_effort.trim().is_empty();
            unless(own_effort, IdeaFault::NoOwnEffort);
            let count = supporters(idea);
            let min = self.support_min;
            unless(count >= min.into(), IdeaFault::TooLittleSupport { count, min });
        }
        if is_decided(idea.stage) {
            let reasons = idea.answer.as_deref().is_some_and(|words| !words.trim().is_empty());
            unless(reasons, IdeaFault::NoReasons);
            unless(idea.decided_on.is_some(), IdeaFault::NoDecisionDay);
        }
        let addresses_needed = awaits_decision(idea.stage);
        unless(addresses_needed || idea.support_addresses.is_empty(), IdeaFault::AddressesKept);
        for (adviser, advice) in &idea.advice {
            let said = advice.own_interest || !interested.contains(adviser);
            unless(said, IdeaFault::UndeclaredInterest { adviser: *adviser });
        }
        faults
    }

    /// The last day on which an idea that came in on this day is decided in time.
    pub fn decision_due(&self, received_on: Day) -> Day {
        received_on.plus_days(self.decision_weeks.saturating_mul(7))
    }

    /// Whether the residents should have had their decision before today. An idea that was decided
    /// or taken back waits for none.
    pub fn is_overdue(&self, idea: &Idea, today: Day) -> bool {
        awaits_decision(idea.stage) && self.decision_due(idea.received_on) < today
    }
}

/// How many supporters there are, over all postcodes together.
fn supporters(idea: &Idea) -> u64 {
    idea.support.values().map(|count| u64::from(*count)).sum()
}

const fn awaits_decision(stage: IdeaStage) -> bool {
    match stage {
        IdeaStage::Ingediend | IdeaStage::InAdvies => true,
        IdeaStage::Toegekend
        | IdeaStage::Afgewezen
        | IdeaStage::Uitgevoerd
        | IdeaStage::Verantwoord
        | IdeaStage::Ingetrokken => false,
    }
}

const fn is_decided(stage: IdeaStage) -> bool {
    match stage {
        IdeaStage::Toegekend
        | IdeaStage::Afgewezen
        | IdeaStage::Uitgevoerd
        | IdeaStage::Verantwoord => true,
        IdeaStage::Ingediend | IdeaStage::InAdvies | IdeaStage::Ingetrokken => false,
    }
}

/// Whether money may still go to it, or went to it.
const fn is_alive(stage: IdeaStage) -> bool {
    match stage {
        IdeaStage::Ingediend
        | IdeaStage::InAdvies
        | IdeaStage::Toegekend
        | IdeaStage::Uitgevoerd
        | IdeaStage::Verantwoord => true,
        IdeaStage::Afgewezen | IdeaStage::Ingetrokken => false,
    }
}

#[cfg(test)]
mod tests;
