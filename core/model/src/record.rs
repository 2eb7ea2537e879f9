//! The record types: one struct each, and one enum of them all.
//!
//! Every type has a sensitivity, a thread of entries, and the sets of photos, recordings, links,
//! foreign numbers and withdrawn entries; those lie in its document and not in its struct.

mod conversation;
mod money;
mod people;
pub(crate) mod shape;
mod sharing;
mod values;
mod words;
mod work;

use crate::{AreaCode, Field, Invalid, MapField, Parts, ProseField, SetField, Timestamp};

pub use conversation::{Contact, Signal, Visit};
pub use money::{Budget, Idea};
pub use people::{Consent, Person, Relation};
use shape::Shape;
pub use sharing::{Covenant, Endorsement, InternalNote, Reply};
pub use values::{
    Advice, Cents, Cost, FOREIGN_NUMBER_BYTES_MAX, ForeignReference, Link, LivesIn, Place,
    PlaceError, Promise, TallyKey,
};
pub use words::{
    AdvicePosition, AgeGroup, AnswerForm, Channel, ConsentHow, ContactKind, DataKind,
    EscalationLevel, Feedback, ForeignSystem, IdeaStage, LawfulGround, LinkKind, MeetingKind,
    Party, PlaceSource, Sensitivity, Status,
};
pub use work::{Action, Escalation, Meeting};

macro_rules! record_types {
    ($($(#[$doc:meta])* $name:ident = $word:literal,)+) => {
        words::words!(
            /// What a document is about. Stands in its first change and never changes.
            RecordType { $($(#[$doc])* $name = $word),+ }
        );

        /// A record of any type.
        #[derive(Debug, Clone, PartialEq)]
        pub enum Record { $($(#[$doc])* $name($name)),+ }

        impl Record {
            /// Which type it is.
            pub const fn record_type(&self) -> RecordType {
                match self { $(Self::$name(_) => RecordType::$name),+ }
            }

            /// Takes the record apart: every field, set and map of its type is present, `Null`
            /// where a field is empty.
            pub fn to_parts(&self) -> Parts {
                match self { $(Self::$name(record) => record.to_parts()),+ }
            }

            /// Puts a record together. A field that is missing is empty, where it may be: the
            /// document is of a version that did not know it.
            ///
            /// # Errors
            /// [`Invalid`] naming the field that is missing or that this version cannot read.
            pub fn from_parts(record_type: RecordType, parts: &Parts) -> Result<Self, Invalid> {
                Ok(match record_type {
                    $(RecordType::$name => Self::$name($name::from_parts(parts)?)),+
                })
            }

            /// Who may see it.
            pub const fn sensitivity(&self) -> Sensitivity {
                match self { $(Self::$name(record) => record.sensitivity),+ }
            }

            /// Says who may see it, before it is saved for the first time.
            pub const fn set_sensitivity(&mut self, sensitivity: Sensitivity) {
                match self { $(Self::$name(record) => record.sensitivity = sensitivity),+ }
            }
        }

        impl Field {
            /// The single-value fields of a record type, in the order of the screen.
            pub const fn of(record_type: RecordType) -> &'static [Self] {
                match record_type { $(RecordType::$name => $name::FIELDS),+ }
            }

            /// The fields of a record type that may be empty.
            pub const fn optional(record_type: RecordType) -> &'static [Self] {
                match record_type { $(RecordType::$name => $name::OPTIONAL),+ }
            }
        }

        impl SetField {
            /// The sets of a record type, those that every type has included.
            pub const fn of(record_type: RecordType) -> &'static [Self] {
                match record_type { $(RecordType::$name => $name::SETS),+ }
            }
        }

        impl MapField {
            /// The maps of a record type.
            pub const fn of(record_type: RecordType) -> &'static [Self] {
                match record_type { $(RecordType::$name => $name::MAPS),+ }
            }
        }
    };
}

record_types! {
    /// One conversation.
    Contact = "contact",
    /// A melding: an issue at a place.
    Signal = "signal",
    /// A buurttentbezoek or another presence in the wijk.
    Visit = "visit",
    /// Who does what by when.
    Action = "action",
    /// A matter brought higher up.
    Escalation = "escalation",
    /// An overleg.
    Meeting = "meeting",
    /// A wijkidee.
    Idea = "idea",
    /// A budget for wijkideeën.
    Budget = "budget",
    /// A resident's contact details.
    Person = "person",
    /// Consent to pass something on.
    Consent = "consent",
    /// Somebody of the network.
    Relation = "relation",
    /// What may be shared with partners.
    Covenant = "covenant",
    /// "+1 mede-melder".
    Endorsement = "endorsement",
    /// A reply by or to somebody who sees only a card.
    Reply = "reply",
    /// A note among colleagues.
    InternalNote = "internal-note",
}

impl RecordType {
    /// The fields whose words search covers. The first of them is how a list calls the record.
    pub const fn text_fields(self) -> &'static [Field] {
        match self {
            Self::Contact
            | Self::Signal
            | Self::Relation
            | Self::Consent
            | Self::Endorsement
            | Self::Reply
            | Self::InternalNote => &[Field::Note],
            Self::Visit => &[Field::PlaceName],
            Self::Action => &[Field::Title, Field::Note],
            Self::Escalation => &[Field::Note, Field::Addressee],
            Self::Meeting => &[Field::Title, Field::PlaceName],
            Self::Idea => &[Field::Title, Field::Note, Field::OwnEffort],
            Self::Budget => &[Field::Title],
            Self::Person => &[Field::Name],
            Self::Covenant => &[Field::Title, Field::Purpose],
        }
    }

    /// The field that says when it happened; none where that is when it was written down.
    pub const fn moment_field(self) -> Option<Field> {
        match self {
            Self::Contact | Self::Signal => Some(Field::OccurredAt),
            Self::Visit | Self::Meeting => Some(Field::StartsAt),
            Self::Action
            | Self::Escalation
            | Self::Idea
            | Self::Budget
            | Self::Person
            | Self::Consent
            | Self::Relation
            | Self::Covenant
            | Self::Endorsement
            | Self::Reply
            | Self::InternalNote => None,
        }
    }

    /// Whether it counts visitors and talks.
    pub const fn has_tallies(self) -> bool {
        matches!(self, Self::Visit)
    }
}

impl ProseField {
    /// The prose of a record type.
    pub const fn of(record_type: RecordType) -> &'static [Self] {
        if matches!(record_type, RecordType::Meeting) { &[Self::Minutes] } else { &[] }
    }
}

impl Record {
    /// The buurt it belongs to; none for a budget or covenant, and for a meeting of no wijk.
    pub const fn buurt(&self) -> Option<&AreaCode> {
        match self {
            Self::Contact(r) => Some(&r.buurt),
            Self::Signal(r) => Some(&r.buurt),
            Self::Visit(r) => Some(&r.buurt),
            Self::Action(r) => Some(&r.buurt),
            Self::Escalation(r) => Some(&r.buurt),
            Self::Meeting(r) => r.buurt.as_ref(),
            Self::Idea(r) => Some(&r.buurt),
            Self::Person(r) => Some(&r.buurt),
            Self::Consent(r) => Some(&r.buurt),
            Self::Relation(r) => Some(&r.buurt),
            Self::Endorsement(r) => Some(&r.buurt),
            Self::Reply(r) => Some(&r.buurt),
            Self::InternalNote(r) => Some(&r.buurt),
            Self::Budget(_) | Self::Covenant(_) => None,
        }
    }

    /// The position, when there is one.
    pub const fn place(&self) -> Option<&Place> {
        match self {
            Self::Contact(r) => r.place.as_ref(),
            Self::Signal(r) => r.place.as_ref(),
            Self::Visit(r) => r.place.as_ref(),
            Self::Action(r) => r.place.as_ref(),
            Self::Meeting(r) => r.place.as_ref(),
            Self::Idea(r) => r.place.as_ref(),
            Self::Escalation(_)
            | Self::Budget(_)
            | Self::Person(_)
            | Self::Consent(_)
            | Self::Relation(_)
            | Self::Covenant(_)
            | Self::Endorsement(_)
            | Self::Reply(_)
            | Self::InternalNote(_) => None,
        }
    }

    /// How a list calls it: the first of [`RecordType::text_fields`].
    pub fn text(&self) -> &str {
        match self {
            Self::Contact(r) => &r.note,
            Self::Signal(r) => &r.note,
            Self::Visit(r) => &r.place_name,
            Self::Action(r) => &r.title,
            Self::Escalation(r) => &r.note,
            Self::Meeting(r) => &r.title,
            Self::Idea(r) => &r.title,
            Self::Budget(r) => &r.title,
            Self::Person(r) => &r.name,
            Self::Consent(r) => &r.note,
            Self::Relation(r) => &r.note,
            Self::Covenant(r) => &r.title,
            Self::Endorsement(r) => r.note.as_deref().unwrap_or_default(),
            Self::Reply(r) => &r.note,
            Self::InternalNote(r) => &r.note,
        }
    }

    /// When it happened; none where that is when it was written down.
    pub const fn occurred_at(&self) -> Option<Timestamp> {
        match self {
            Self::Contact(r) => Some(r.occurred_at),
            Self::Signal(r) => Some(r.occurred_at),
            Self::Visit(r) => Some(r.starts_at),
            Self::Meeting(r) => Some(r.starts_at),
            Self::Action(_)
            | Self::Escalation(_)
            | Self::Idea(_)
            | Self::Budget(_)
            | Self::Person(_)
            | Self::Consent(_)
            | Self::Relation(_)
            | Self::Covenant(_)
            | Self::Endorsement(_)
            | Self::Reply(_)
            | Self::InternalNote(_) => None,
        }
    }

    /// How far it has come, for the types that have a status.
    pub const fn status(&self) -> Option<Status> {
        match self {
            Self::Contact(r) => Some(r.status),
            Self::Signal(r) => Some(r.status),
            Self::Action(r) => Some(r.status),
            Self::Escalation(r) => Some(r.status),
            Self::Meeting(r) => Some(r.status),
            Self::Visit(_)
            | Self::Idea(_)
            | Self::Budget(_)
            | Self::Person(_)
            | Self::Consent(_)
            | Self::Relation(_)
            | Self::Covenant(_)
            | Self::Endorsement(_)
            | Self::Reply(_)
            | Self::InternalNote(_) => None,
        }
    }

    /// The answer given when it was closed or decided.
    pub fn answer(&self) -> Option<&str> {
        match self {
            Self::Contact(r) => r.answer.as_deref(),
            Self::Signal(r) => r.answer.as_deref(),
            Self::Action(r) => r.answer.as_deref(),
            Self::Escalation(r) => r.answer.as_deref(),
            Self::Idea(r) => r.answer.as_deref(),
            Self::Visit(_)
            | Self::Meeting(_)
            | Self::Budget(_)
            | Self::Person(_)
            | Self::Consent(_)
            | Self::Relation(_)
            | Self::Covenant(_)
            | Self::Endorsement(_)
            | Self::Reply(_)
            | Self::InternalNote(_) => None,
        }
    }
}
