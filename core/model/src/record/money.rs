//! The wijkideebudget: residents' ideas and the money there is for them.

use crate::record::shape::record;
use crate::{
    Advice, AreaCode, Cents, Cost, Day, EntryId, IdeaStage, Place, Postcode, PrincipalId, RecordId,
    Sensitivity, ThemeId,
};

record! {
    /// A wijkidee: what residents propose, who supports it, and what was decided.
    Idea {
        /// What it is called.
        title: String => Title,
        /// What they want to do.
        note: String => Note,
        /// The buurt it is for.
        buurt: AreaCode => Buurt,
        /// The position, when there is one.
        place: Option<Place> => Place,
        /// Who may see it.
        sensitivity: Sensitivity => Sensitivity,
        /// How far it has come.
        stage: IdeaStage => Stage,
        /// What is asked for.
        requested_cents: Cents => RequestedCents,
        /// What the residents do themselves.
        own_effort: String => OwnEffort,
        /// Who handed it in.
        person: Option<RecordId> => Person,
        /// The budget it is paid from; its rules apply.
        budget: Option<RecordId> => Budget,
        /// When it came in; the decision clock runs from here.
        received_on: Day => ReceivedOn,
        /// When it was decided.
        decided_on: Option<Day> => DecidedOn,
        /// What was granted.
        granted_cents: Option<Cents> => GrantedCents,
        /// What was accounted for afterwards.
        accounted_cents: Option<Cents> => AccountedCents,
        /// The reasons of the decision.
        answer: Option<String> => Answer,
    }
    sets {
        /// Themes from the municipality's list.
        themes: ThemeId => Themes,
    }
    maps {
        /// The lines of the estimate (begroting).
        costs: EntryId, Cost => Costs,
        /// How many supporters (draagvlak) live under each postcode.
        support: Postcode, u32 => Support,
        /// The supporting addresses; only until the decision.
        support_addresses: EntryId, String => SupportAddresses,
        /// What the ambassadeurs advise.
        advice: PrincipalId, Advice => Advice,
    }
}

record! {
    /// A budget for wijkideeën in one year, with its rules.
    Budget {
        /// What it is called.
        title: String => Title,
        /// The calendar year.
        year: u16 => Year,
        /// How much there is.
        amount_cents: Cents => AmountCents,
        /// The most that one idea may get.
        idea_max_cents: Cents => IdeaMaxCents,
        /// Whether residents must do something themselves.
        own_effort_required: bool => OwnEffortRequired,
        /// How many supporters an idea needs.
        support_min: u32 => SupportMin,
        /// Within how many weeks an idea is decided; four, unless the municipality says otherwise.
        decision_weeks: u32 => DecisionWeeks,
        /// Who may see it.
        sensitivity: Sensitivity => Sensitivity,
    }
    sets {
        /// The wijken it is for.
        wijken: AreaCode => Wijken,
    }
}
