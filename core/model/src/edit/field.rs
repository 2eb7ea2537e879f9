//! The fields of all record types, each with its key and the type of its values.
//!
//! One list yields the field, the [`Edit`] that sets it, and the check that a value is of its type.

use crate::record::shape::FieldValue;
use crate::{
    Advice, AgeGroup, AreaCode, Cents, Channel, ConsentHow, ContactKind, Cost, Day, EntryId,
    EscalationLevel, Feedback, ForeignReference, IdeaStage, LawfulGround, Link, LivesIn,
    MeetingKind, OrganisationCode, Party, Place, Postcode, PrincipalId, Promise, RecordId,
    Sensitivity, Status, TallyKey, ThemeId, Timestamp, Value, Write,
};
use crate::{Entry, Splice};

macro_rules! keys {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $key:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$vdoc])* $variant),+ }

        impl $name {
            /// Every value.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The key in documents, in columns and on the wire.
            pub const fn key(self) -> &'static str {
                match self { $(Self::$variant => $key),+ }
            }

            /// Finds a key again; unknown keys belong to a newer version of the app.
            pub fn from_key(key: &str) -> Option<Self> {
                match key { $($key => Some(Self::$variant),)+ _ => None }
            }
        }
    };
}

macro_rules! fields {
    ($($(#[$doc:meta])* $variant:ident = $key:literal: $type:ty,)+) => {
        keys!(
            /// A field that holds one value at a time: two people who change it at once make a
            /// conflict.
            Field { $($(#[$doc])* $variant = $key),+ }
        );

        impl Field {
            /// Whether this is a value of the field's own type, in its one spelling.
            pub(crate) fn is_canonical(self, value: &Value) -> bool {
                match self { $(Self::$variant => <$type as FieldValue>::is_canonical(value)),+ }
            }

            /// Whether a document without this field means something, because the version that
            /// made it did not know the field.
            pub(crate) fn may_be_absent(self) -> bool {
                match self { $(Self::$variant => <$type as FieldValue>::absent().is_some()),+ }
            }
        }

        /// A change that somebody wants to make, checked by type. Those named like a [`Field`] set
        /// that field.
        #[derive(Debug, Clone, PartialEq)]
        pub enum Edit {
            $($(#[$doc])* $variant($type),)+
            /// Empties a field that may be empty.
            Clear(Field),
            /// Adds a theme.
            AddTheme(ThemeId),
            /// Removes a theme.
            RemoveTheme(ThemeId),
            /// Adds somebody to the team of a visit or meeting.
            JoinTeam(PrincipalId),
            /// Takes somebody out of the team.
            LeaveTeam(PrincipalId),
            /// Adds a member to any set.
            Insert(SetField, String),
            /// Removes a member from any set.
            Remove(SetField, String),
            /// Says that a number of people of an organisation attended; none takes it back.
            Attend(OrganisationCode, Option<u32>),
            /// Writes a decision of a meeting; none takes it back.
            Decide(EntryId, Option<String>),
            /// Writes a line of a wijkidee's costs; none takes it back.
            Cost(EntryId, Option<Cost>),
            /// Counts the supporters of a wijkidee under a postcode; none takes them back.
            Support(Postcode, Option<u32>),
            /// Writes a supporting address of a wijkidee; none removes it.
            SupportAddress(EntryId, Option<String>),
            /// Writes what an ambassadeur advises; none takes it back.
            Advise(PrincipalId, Option<Advice>),
            /// Writes in a text that people write together.
            Splice(ProseField, Splice),
            /// Adds to the thread.
            Append(Entry),
            /// Counts visitors or talks.
            Tally(TallyKey, i64),
            /// Adds a link to another record.
            Link(Link),
            /// Takes a link away.
            Unlink(Link),
            /// Adds the number of another system.
            Refer(ForeignReference),
            /// Takes that number away.
            Unrefer(ForeignReference),
            /// Takes back an entry of the thread that one wrote.
            Withdraw(EntryId),
            /// Settles a conflict: one of the values that stand there, chosen by a person.
            Choose(Field, Value),
        }

        impl Edit {
            /// The write this edit stands for.
            pub fn into_write(self) -> Write {
                use Write::{Append, Increment, Insert, Put, Remove, Set};
                match self {
                    $(Self::$variant(v) => Put(Field::$variant, v.to_value()),)+
                    Self::Clear(field) => Put(field, Value::Null),
                    Self::AddTheme(v) => Insert(SetField::Themes, v.into()),
                    Self::RemoveTheme(v) => Remove(SetField::Themes, v.into()),
                    Self::JoinTeam(v) => Insert(SetField::Team, v.into()),
                    Self::LeaveTeam(v) => Remove(SetField::Team, v.into()),
                    Self::Insert(set, member) => Insert(set, member),
                    Self::Remove(set, member) => Remove(set, member),
                    Self::Attend(who, n) => Set(MapField::Attendance, who.into(), n.to_value()),
                    Self::Decide(id, v) => Set(MapField::Decisions, id.into(), v.to_value()),
                    Self::Cost(id, v) => Set(MapField::Costs, id.into(), v.to_value()),
                    Self::Support(code, n) => Set(MapField::Support, code.into(), n.to_value()),
                    Self::SupportAddress(id, v) => {
                        Set(MapField::SupportAddresses, id.into(), v.to_value())
                    }
                    Self::Advise(who, v) => Set(MapField::Advice, who.into(), v.to_value()),
                    Self::Splice(prose, splice) => Write::Splice(prose, splice),
                    Self::Append(entry) => Append(entry),
                    Self::Tally(key, by) => Increment(key, by),
                    Self::Link(link) => Insert(SetField::Links, link.to_string()),
                    Self::Unlink(link) => Remove(SetField::Links, link.to_string()),
                    Self::Refer(to) => Insert(SetField::References, to.to_string()),
                    Self::Unrefer(to) => Remove(SetField::References, to.to_string()),
                    Self::Withdraw(entry) => Insert(SetField::Withdrawn, entry.into()),
                    Self::Choose(field, value) => Put(field, value),
                }
            }
        }
    };
}

fields! {
    /// What a resident brings.
    Kind = "kind": ContactKind,
    /// What it is called.
    Title = "title": String,
    /// The note.
    Note = "note": String,
    /// The buurt.
    Buurt = "buurt": AreaCode,
    /// The position.
    Place = "place": Option<Place>,
    /// When it happened: the user's own statement.
    OccurredAt = "occurred_at": Timestamp,
    /// Where the person lives.
    LivesIn = "lives_in": LivesIn,
    /// How many people.
    People = "people": u32,
    /// How many households.
    Households = "households": u32,
    /// Who spoke.
    Party = "party": Party,
    /// The age group, when known.
    AgeGroup = "age_group": Option<AgeGroup>,
    /// Through what it came.
    Channel = "channel": Channel,
    /// ISO 639-2/B code of a language, three letters.
    Language = "language": String,
    /// Who may see it.
    Sensitivity = "sensitivity": Sensitivity,
    /// How far it has come.
    Status = "status": Status,
    /// How far a wijkidee has come.
    Stage = "stage": IdeaStage,
    /// About the municipality's own conduct.
    OverOptreden = "over_optreden": bool,
    /// What was promised.
    Promise = "promise": Promise,
    /// The answer given, or the reasons of a decision.
    Answer = "answer": Option<String>,
    /// What became of the promised answer.
    Feedback = "feedback": Option<Feedback>,
    /// The visit it hangs under.
    Visit = "visit": Option<RecordId>,
    /// The record it is about.
    Subject = "subject": RecordId,
    /// Who works on it.
    Assignee = "assignee": Option<PrincipalId>,
    /// The organisation that does it.
    Organisation = "organisation": Option<OrganisationCode>,
    /// The day by which it should be done.
    Due = "due": Option<Day>,
    /// How high it was escalated.
    Level = "level": EscalationLevel,
    /// The office it is addressed to.
    Addressee = "addressee": String,
    /// What kind of meeting.
    MeetingKind = "meeting_kind": MeetingKind,
    /// The square, building or room, as people call it.
    PlaceName = "place_name": String,
    /// When it begins.
    StartsAt = "starts_at": Timestamp,
    /// When it ends.
    EndsAt = "ends_at": Timestamp,
    /// The covenant under which it is shared.
    Covenant = "covenant": Option<RecordId>,
    /// What is asked for, in eurocents.
    RequestedCents = "requested_cents": Cents,
    /// What the residents do themselves.
    OwnEffort = "own_effort": String,
    /// The person it is about, or who handed it in.
    Person = "person": Option<RecordId>,
    /// The budget it is paid from.
    Budget = "budget": Option<RecordId>,
    /// When it came in.
    ReceivedOn = "received_on": Day,
    /// When it was decided.
    DecidedOn = "decided_on": Option<Day>,
    /// What was granted, in eurocents.
    GrantedCents = "granted_cents": Option<Cents>,
    /// What was accounted for, in eurocents.
    AccountedCents = "accounted_cents": Option<Cents>,
    /// The calendar year.
    Year = "year": u16,
    /// How much there is, in eurocents.
    AmountCents = "amount_cents": Cents,
    /// The most that one idea may get, in eurocents.
    IdeaMaxCents = "idea_max_cents": Cents,
    /// Whether residents must do something themselves.
    OwnEffortRequired = "own_effort_required": bool,
    /// How many supporters an idea needs.
    SupportMin = "support_min": u32,
    /// Within how many weeks an idea is decided.
    DecisionWeeks = "decision_weeks": u32,
    /// What somebody is called.
    Name = "name": String,
    /// A telephone number.
    Phone = "phone": Option<String>,
    /// An e-mail address.
    Email = "email": Option<String>,
    /// A postal address.
    Address = "address": Option<String>,
    /// A year of birth.
    BirthYear = "birth_year": Option<u16>,
    /// The parent or guardian, another person.
    Guardian = "guardian": Option<RecordId>,
    /// For what details are kept or something is shared.
    Purpose = "purpose": String,
    /// On what ground details are kept.
    Ground = "ground": LawfulGround,
    /// The day after which details are removed.
    KeepUntil = "keep_until": Day,
    /// To whom something may be passed on.
    Recipient = "recipient": String,
    /// How somebody consented.
    GivenHow = "given_how": ConsentHow,
    /// When somebody consented to pass something on.
    GivenOn = "given_on": Day,
    /// When consent was taken back.
    WithdrawnOn = "withdrawn_on": Option<Day>,
    /// When somebody consented to be in the network.
    ConsentOn = "consent_on": Day,
    /// By when that consent is asked for again.
    RenewBy = "renew_by": Day,
    /// Whether somebody is an ambassadeur.
    Ambassadeur = "ambassadeur": bool,
    /// Since when somebody is an ambassadeur.
    TermFrom = "term_from": Option<Day>,
    /// Until when somebody is an ambassadeur.
    TermUntil = "term_until": Option<Day>,
    /// What was agreed with an ambassadeur.
    Agreements = "agreements": Option<String>,
    /// Somebody's account here.
    Account = "account": Option<PrincipalId>,
    /// The first day on which it is valid.
    ValidFrom = "valid_from": Day,
    /// The last day on which it is valid.
    ValidUntil = "valid_until": Day,
    /// To whom a reply is addressed.
    To = "to": Option<PrincipalId>,
}

keys!(
    /// A field that holds a set: additions and removals of different members merge.
    SetField {
        /// Themes.
        Themes = "themes",
        /// Photos, by content hash.
        Photos = "photos",
        /// The team of a visit or meeting.
        Team = "team",
        /// Recordings, by content hash.
        Audio = "audio",
        /// Links to other records ([`Link`]).
        Links = "links",
        /// Numbers of other systems ([`ForeignReference`]).
        References = "references",
        /// Entries of the thread that their author took back.
        Withdrawn = "withdrawn",
        /// Wijken.
        Wijken = "wijken",
        /// The records on an agenda.
        Agenda = "agenda",
        /// Organisations.
        Organisations = "organisations",
        /// What a covenant allows to be shared.
        DataKinds = "data_kinds",
    }
);
keys!(
    /// A field that holds one value under each of several keys: those of different keys merge.
    MapField {
        /// Organisation → how many people it sent.
        Attendance = "attendance",
        /// Entry id → what was decided.
        Decisions = "decisions",
        /// Entry id → one line of a wijkidee's costs.
        Costs = "costs",
        /// Postcode → how many supporters live there.
        Support = "support",
        /// Entry id → a supporting address.
        SupportAddresses = "support_addresses",
        /// Principal id → what they advise.
        Advice = "advice",
    }
);
keys!(
    /// A text that people write together, letter by letter.
    ProseField {
        /// The minutes of a meeting.
        Minutes = "minutes",
    }
);

impl Field {
    /// Whether its value names somebody who takes part in the record, and therefore may see it.
    pub const fn names_participant(self) -> bool {
        matches!(self, Self::Assignee | Self::To | Self::Account)
    }
}

impl SetField {
    /// Whether its members lie in the root of the document, each under `<key>:<member>`. The sets
    /// of schema 1 have a container of their own.
    pub const fn is_flat(self) -> bool {
        match self {
            Self::Themes | Self::Photos | Self::Team => false,
            Self::Audio
            | Self::Links
            | Self::References
            | Self::Withdrawn
            | Self::Wijken
            | Self::Agenda
            | Self::Organisations
            | Self::DataKinds => true,
        }
    }
}
