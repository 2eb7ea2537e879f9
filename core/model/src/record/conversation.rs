//! What was said and seen in the wijk: contacts, meldingen, and the visits they hang under.

use crate::record::shape::record;
use crate::{
    AgeGroup, AreaCode, Channel, ContactKind, Feedback, LivesIn, Party, Place, PrincipalId,
    Promise, RecordId, Sensitivity, Status, ThemeId, Timestamp,
};

record! {
    /// One conversation with one or more people.
    Contact {
        /// Question, complaint, observation or plan.
        kind: ContactKind => Kind,
        /// What was said, as jotted down.
        note: String => Note,
        /// The buurt where the talk took place.
        buurt: AreaCode => Buurt,
        /// The position, when there is one.
        place: Option<Place> => Place,
        /// When the talk took place: the user's own statement.
        occurred_at: Timestamp => OccurredAt,
        /// Where the person lives.
        lives_in: LivesIn => LivesIn,
        /// How many people took part.
        people: u32 => People,
        /// How many households it concerns.
        households: u32 => Households,
        /// Who spoke.
        party: Party => Party,
        /// Age group, when known.
        age_group: Option<AgeGroup> => AgeGroup,
        /// Through what it came.
        channel: Channel => Channel,
        /// ISO 639-2/B code of the language spoken, three letters.
        language: String => Language,
        /// Who may see it.
        sensitivity: Sensitivity => Sensitivity,
        /// How far it has come.
        status: Status => Status,
        /// The colleague who follows it up.
        assignee: Option<PrincipalId> => Assignee,
        /// A complaint about the municipality's own conduct.
        over_optreden: bool => OverOptreden,
        /// What was promised.
        promise: Promise => Promise,
        /// The answer given when it was closed.
        answer: Option<String> => Answer,
        /// What became of the promised answer.
        feedback: Option<Feedback> => Feedback,
        /// The visit it hangs under.
        visit: Option<RecordId> => Visit,
    }
    sets {
        /// Themes from the municipality's list.
        themes: ThemeId => Themes,
    }
}

record! {
    /// A melding: an issue at a place.
    Signal {
        /// The kind the reporter chose.
        kind: ContactKind => Kind,
        /// What is the matter.
        note: String => Note,
        /// The buurt where it is.
        buurt: AreaCode => Buurt,
        /// The position, when there is one.
        place: Option<Place> => Place,
        /// When it was seen.
        occurred_at: Timestamp => OccurredAt,
        /// ISO 639-2/B code, three letters.
        language: String => Language,
        /// Who may see it.
        sensitivity: Sensitivity => Sensitivity,
        /// How far it has come.
        status: Status => Status,
        /// The colleague who works on it.
        assignee: Option<PrincipalId> => Assignee,
        /// What was promised; unsaid in meldingen of schema 1.
        promise: Promise => Promise,
        /// The answer given when it was closed.
        answer: Option<String> => Answer,
        /// What became of the promised answer.
        feedback: Option<Feedback> => Feedback,
    }
    sets {
        /// Themes from the municipality's list.
        themes: ThemeId => Themes,
    }
}

record! {
    /// A buurttentbezoek: an opening of the buurttent or another presence in the wijk.
    Visit {
        /// The square or building, as people call it.
        place_name: String => PlaceName,
        /// The buurt.
        buurt: AreaCode => Buurt,
        /// The position, when there is one.
        place: Option<Place> => Place,
        /// Opening time.
        starts_at: Timestamp => StartsAt,
        /// Closing time.
        ends_at: Timestamp => EndsAt,
        /// Who may see it.
        sensitivity: Sensitivity => Sensitivity,
    }
    sets {
        /// The colleagues and ambassadeurs who are there.
        team: PrincipalId => Team,
    }
    counters {
        /// Counted visitors and talks; every key is present, zero included.
        tallies
    }
}
