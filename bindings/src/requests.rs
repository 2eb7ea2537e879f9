//! What a screen hands in: whole records to write, and edits of one field.
//!
//! Nothing here decides anything: each request becomes core's own type, which is checked there.

use std::time::SystemTime;

use wijkboek_model as model;
use wijkboek_model::{
    AgeGroup, Channel, ContactKind, Feedback, Field, Party, RecordType, Sensitivity, SetField,
    Status,
};

use crate::values::timestamp;
use crate::{
    AreaCode, LivesIn, Place, PrincipalId, Promise, RecordId, ThemeId, Value, WijkboekError,
};

/// One conversation to be written. Ask for one with its defaults filled in first.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct ContactRequest {
    /// Question, complaint, observation or plan.
    pub kind: ContactKind,
    /// Themes from the municipality's list.
    pub themes: Vec<ThemeId>,
    /// What was said, as jotted down; may be empty.
    pub note: String,
    /// The buurt where the talk took place.
    pub buurt: AreaCode,
    /// The position, when there is one.
    pub place: Option<Place>,
    /// Where the person lives.
    pub lives_in: LivesIn,
    /// How many people took part.
    pub people: u32,
    /// How many households it concerns.
    pub households: u32,
    /// Who spoke.
    pub party: Party,
    /// Age group, when known.
    pub age_group: Option<AgeGroup>,
    /// When the talk took place.
    pub occurred_at: SystemTime,
    /// Through what it came.
    pub channel: Channel,
    /// ISO 639-2/B code of the language spoken, three letters.
    pub language: String,
    /// Who may see it.
    pub sensitivity: Sensitivity,
    /// How far it has come.
    pub status: Status,
    /// A complaint about the municipality's own conduct.
    pub over_optreden: bool,
    /// What was promised.
    pub promise: Promise,
    /// The answer given when it was closed.
    pub answer: Option<String>,
    /// The visit it hangs under.
    pub visit: Option<RecordId>,
    /// The colleague who follows it up.
    #[uniffi(default = None)]
    pub assignee: Option<PrincipalId>,
    /// What became of the promised answer.
    #[uniffi(default = None)]
    pub feedback: Option<Feedback>,
}

impl ContactRequest {
    pub(crate) fn parse(self) -> Result<model::Contact, WijkboekError> {
        Ok(model::Contact {
            kind: self.kind,
            themes: themes(&self.themes)?,
            note: self.note,
            buurt: self.buurt.parse(Field::Buurt.key())?,
            place: place(self.place.as_ref())?,
            lives_in: self.lives_in.parse()?,
            people: self.people,
            households: self.households,
            party: self.party,
            age_group: self.age_group,
            occurred_at: timestamp(self.occurred_at),
            channel: self.channel,
            language: self.language,
            sensitivity: self.sensitivity,
            status: self.status,
            over_optreden: self.over_optreden,
            promise: self.promise.parse()?,
            answer: self.answer,
            visit: self.visit.as_ref().map(|id| id.parse(Field::Visit.key())).transpose()?,
            assignee: self
                .assignee
                .as_ref()
                .map(|id| id.parse(Field::Assignee.key()))
                .transpose()?,
            feedback: self.feedback,
        })
    }
}

/// A melding to be written.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct SignalRequest {
    /// The kind the reporter chose.
    pub kind: ContactKind,
    /// Themes from the municipality's list.
    pub themes: Vec<ThemeId>,
    /// What is the matter; required.
    pub note: String,
    /// The buurt where it is.
    pub buurt: AreaCode,
    /// The position, when there is one.
    pub place: Option<Place>,
    /// When it was seen.
    pub occurred_at: SystemTime,
    /// ISO 639-2/B code, three letters.
    pub language: String,
    /// Who may see it.
    pub sensitivity: Sensitivity,
    /// How far it has come.
    pub status: Status,
    /// The colleague who works on it.
    pub assignee: Option<PrincipalId>,
    /// The answer given when it was closed.
    pub answer: Option<String>,
    /// What became of the promised answer.
    #[uniffi(default = None)]
    pub feedback: Option<Feedback>,
}

impl SignalRequest {
    pub(crate) fn parse(self) -> Result<model::Signal, WijkboekError> {
        Ok(model::Signal {
            kind: self.kind,
            themes: themes(&self.themes)?,
            note: self.note,
            buurt: self.buurt.parse(Field::Buurt.key())?,
            place: place(self.place.as_ref())?,
            occurred_at: timestamp(self.occurred_at),
            language: self.language,
            sensitivity: self.sensitivity,
            status: self.status,
            assignee: self
                .assignee
                .as_ref()
                .map(|id| id.parse(Field::Assignee.key()))
                .transpose()?,
            promise: model::Promise::Unsaid,
            answer: self.answer,
            feedback: self.feedback,
        })
    }
}

/// A buurttentbezoek to be written; it is counted on afterwards.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct VisitRequest {
    /// The square or building, as people call it.
    pub place_name: String,
    /// The buurt.
    pub buurt: AreaCode,
    /// The position, when there is one.
    pub place: Option<Place>,
    /// Opening time.
    pub starts_at: SystemTime,
    /// Closing time.
    pub ends_at: SystemTime,
    /// Who may see it.
    pub sensitivity: Sensitivity,
    /// The colleagues and ambassadeurs who are there.
    pub team: Vec<PrincipalId>,
}

impl VisitRequest {
    pub(crate) fn parse(self) -> Result<model::Visit, WijkboekError> {
        let team =
            self.team.iter().map(|id| id.parse(SetField::Team.key())).collect::<Result<_, _>>();
        Ok(model::Visit {
            place_name: self.place_name,
            buurt: self.buurt.parse(Field::Buurt.key())?,
            place: place(self.place.as_ref())?,
            starts_at: timestamp(self.starts_at),
            ends_at: timestamp(self.ends_at),
            sensitivity: self.sensitivity,
            team: team?,
            tallies: model::TallyKey::all().map(|key| (key, 0)).collect(),
        })
    }
}

/// One change of one field.
#[derive(Debug, Clone, PartialEq, uniffi::Enum)]
pub enum EditRequest {
    /// Changes the kind.
    Kind {
        /// To this.
        value: ContactKind,
    },
    /// Replaces the note.
    Note {
        /// By this.
        value: String,
    },
    /// Moves it to another buurt.
    Buurt {
        /// This one.
        value: AreaCode,
    },
    /// Sets or clears the position.
    Place {
        /// To this.
        value: Option<Place>,
    },
    /// Corrects when it happened.
    OccurredAt {
        /// To this.
        value: SystemTime,
    },
    /// Says where the person lives.
    LivesIn {
        /// Here.
        value: LivesIn,
    },
    /// How many people.
    People {
        /// So many.
        value: u32,
    },
    /// How many households.
    Households {
        /// So many.
        value: u32,
    },
    /// Who spoke.
    Party {
        /// They.
        value: Party,
    },
    /// Sets or clears the age group.
    AgeGroup {
        /// To this.
        value: Option<AgeGroup>,
    },
    /// Through what it came.
    Channel {
        /// This.
        value: Channel,
    },
    /// The language spoken.
    Language {
        /// ISO 639-2/B code.
        value: String,
    },
    /// Who may see it.
    Sensitivity {
        /// They.
        value: Sensitivity,
    },
    /// How far it has come.
    Status {
        /// So far.
        value: Status,
    },
    /// About the municipality's own conduct.
    OverOptreden {
        /// Or not.
        value: bool,
    },
    /// What was promised.
    Promise {
        /// This.
        value: Promise,
    },
    /// The answer given.
    Answer {
        /// This.
        value: Option<String>,
    },
    /// What became of the promised answer.
    Feedback {
        /// This.
        value: Option<Feedback>,
    },
    /// The visit it hangs under.
    Visit {
        /// This one.
        value: Option<RecordId>,
    },
    /// Who works on it.
    Assignee {
        /// They.
        value: Option<PrincipalId>,
    },
    /// A visit's square or building.
    PlaceName {
        /// Its name.
        value: String,
    },
    /// A visit's opening time.
    StartsAt {
        /// This.
        value: SystemTime,
    },
    /// A visit's closing time.
    EndsAt {
        /// This.
        value: SystemTime,
    },
    /// Adds a theme.
    AddTheme {
        /// This one.
        theme: ThemeId,
    },
    /// Removes a theme.
    RemoveTheme {
        /// This one.
        theme: ThemeId,
    },
    /// Adds somebody to a visit's team.
    JoinTeam {
        /// They.
        member: PrincipalId,
    },
    /// Takes somebody out of a visit's team.
    LeaveTeam {
        /// They.
        member: PrincipalId,
    },
    /// Settles a conflict: one of the values that stand there, chosen by a person.
    Choose {
        /// Of this field.
        field: Field,
        /// This value.
        value: Value,
    },
}

impl EditRequest {
    pub(crate) fn parse(self) -> Result<model::Edit, WijkboekError> {
        use model::Edit as E;
        let principal = |id: &PrincipalId, field: &'static str| id.parse(field);
        Ok(match self {
            Self::Kind { value } => E::Kind(value),
            Self::Note { value } => E::Note(value),
            Self::Buurt { value } => E::Buurt(value.parse(Field::Buurt.key())?),
            Self::Place { value } => E::Place(place(value.as_ref())?),
            Self::OccurredAt { value } => E::OccurredAt(timestamp(value)),
            Self::LivesIn { value } => E::LivesIn(value.parse()?),
            Self::People { value } => E::People(value),
            Self::Households { value } => E::Households(value),
            Self::Party { value } => E::Party(value),
            Self::AgeGroup { value } => E::AgeGroup(value),
            Self::Channel { value } => E::Channel(value),
            Self::Language { value } => E::Language(value),
            Self::Sensitivity { value } => E::Sensitivity(value),
            Self::Status { value } => E::Status(value),
            Self::OverOptreden { value } => E::OverOptreden(value),
            Self::Promise { value } => E::Promise(value.parse()?),
            Self::Answer { value } => E::Answer(value),
            Self::Feedback { value } => E::Feedback(value),
            Self::Visit { value } => {
                E::Visit(value.map(|id| id.parse(Field::Visit.key())).transpose()?)
            }
            Self::Assignee { value } => {
                E::Assignee(value.map(|id| principal(&id, Field::Assignee.key())).transpose()?)
            }
            Self::PlaceName { value } => E::PlaceName(value),
            Self::StartsAt { value } => E::StartsAt(timestamp(value)),
            Self::EndsAt { value } => E::EndsAt(timestamp(value)),
            Self::AddTheme { theme } => E::AddTheme(theme.parse(SetField::Themes.key())?),
            Self::RemoveTheme { theme } => E::RemoveTheme(theme.parse(SetField::Themes.key())?),
            Self::JoinTeam { member } => E::JoinTeam(principal(&member, SetField::Team.key())?),
            Self::LeaveTeam { member } => E::LeaveTeam(principal(&member, SetField::Team.key())?),
            Self::Choose { field, value } => E::Choose(field, (&value).into()),
        })
    }
}

/// Which records a list shows. Empty means no restriction.
#[derive(Debug, Clone, Default, PartialEq, uniffi::Record)]
pub struct FilterRequest {
    /// Only of this wijk.
    #[uniffi(default = None)]
    pub wijk: Option<AreaCode>,
    /// Only of this buurt.
    #[uniffi(default = None)]
    pub buurt: Option<AreaCode>,
    /// Only of this type.
    #[uniffi(default = None)]
    pub record_type: Option<RecordType>,
    /// Only of this kind.
    #[uniffi(default = None)]
    pub kind: Option<ContactKind>,
    /// Only with this theme.
    #[uniffi(default = None)]
    pub theme: Option<ThemeId>,
    /// Only so far.
    #[uniffi(default = None)]
    pub status: Option<Status>,
    /// Only by this person.
    #[uniffi(default = None)]
    pub author: Option<PrincipalId>,
    /// Only what happened at or after this moment.
    #[uniffi(default = None)]
    pub from: Option<SystemTime>,
    /// Only what happened before this moment.
    #[uniffi(default = None)]
    pub to: Option<SystemTime>,
    /// Only with all of these words, each as the beginning of one. Any text is a valid search.
    #[uniffi(default = None)]
    pub text: Option<String>,
    /// Only where two people changed the same field.
    #[uniffi(default = false)]
    pub conflicts_only: bool,
}

pub(crate) fn themes<C>(ids: &[ThemeId]) -> Result<C, WijkboekError>
where
    C: FromIterator<model::ThemeId>,
{
    ids.iter().map(|id| id.parse(SetField::Themes.key())).collect()
}

fn place(place: Option<&Place>) -> Result<Option<model::Place>, WijkboekError> {
    place.map(Place::parse).transpose()
}
