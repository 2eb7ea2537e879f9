//! Records taken apart into fields, and edits as the writes they stand for.
//!
//! This is the only place that knows which field of which type is written how; the CRDT layer
//! below handles the five kinds of [`Write`] without knowing any field.

use std::collections::{BTreeMap, BTreeSet};

use crate::validate::{Invalid, Rule};
use crate::{
    AgeGroup, AreaCode, Channel, Contact, ContactKind, EntryId, LivesIn, Party, Place, PrincipalId,
    Promise, Record, RecordId, RecordType, Sensitivity, Signal, Status, TallyKey, ThemeId,
    Timestamp, Visit,
};

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

keys!(
    /// A field that holds one value at a time: two people who change it at once make a conflict.
    Field {
        /// What a resident brings.
        Kind = "kind",
        /// The note.
        Note = "note",
        /// The buurt.
        Buurt = "buurt",
        /// The position.
        Place = "place",
        /// When it happened.
        OccurredAt = "occurred_at",
        /// Where the person lives.
        LivesIn = "lives_in",
        /// How many people.
        People = "people",
        /// How many households.
        Households = "households",
        /// Who spoke.
        Party = "party",
        /// Age group.
        AgeGroup = "age_group",
        /// Channel.
        Channel = "channel",
        /// Language.
        Language = "language",
        /// Who may see it.
        Sensitivity = "sensitivity",
        /// How far it has come.
        Status = "status",
        /// About the municipality's own conduct.
        OverOptreden = "over_optreden",
        /// What was promised.
        Promise = "promise",
        /// The answer given.
        Answer = "answer",
        /// The visit it hangs under.
        Visit = "visit",
        /// Who works on it.
        Assignee = "assignee",
        /// A visit's square or building.
        PlaceName = "place_name",
        /// A visit's opening time.
        StartsAt = "starts_at",
        /// A visit's closing time.
        EndsAt = "ends_at",
    }
);
keys!(
    /// A field that holds a set: additions and removals of different members merge.
    SetField {
        /// Themes.
        Themes = "themes",
        /// Photos, by content hash.
        Photos = "photos",
        /// A visit's team.
        Team = "team",
    }
);

impl Field {
    /// The single-value fields of a record type, in the order of the screen.
    pub const fn of(record_type: RecordType) -> &'static [Self] {
        use Field as F;
        match record_type {
            RecordType::Contact => &[
                F::Kind,
                F::Note,
                F::Buurt,
                F::Place,
                F::OccurredAt,
                F::LivesIn,
                F::People,
                F::Households,
                F::Party,
                F::AgeGroup,
                F::Channel,
                F::Language,
                F::Sensitivity,
                F::Status,
                F::OverOptreden,
                F::Promise,
                F::Answer,
                F::Visit,
            ],
            RecordType::Signal => &[
                F::Kind,
                F::Note,
                F::Buurt,
                F::Place,
                F::OccurredAt,
                F::Language,
                F::Sensitivity,
                F::Status,
                F::Assignee,
                F::Answer,
            ],
            RecordType::Visit => {
                &[F::PlaceName, F::Buurt, F::Place, F::StartsAt, F::EndsAt, F::Sensitivity]
            }
        }
    }
}

impl SetField {
    /// The set fields of a record type.
    pub const fn of(record_type: RecordType) -> &'static [Self] {
        match record_type {
            RecordType::Contact | RecordType::Signal => &[Self::Themes, Self::Photos],
            RecordType::Visit => &[Self::Team, Self::Photos],
        }
    }
}

/// One value of a field as it lies in a document.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Value {
    /// Empty.
    Null,
    /// Yes or no.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// Text, codes and words.
    Text(String),
    /// A moment.
    Time(Timestamp),
}

/// An addition to a record's thread. Never changes once written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its id; entries are shown in the order of their ids.
    pub id: EntryId,
    /// Who wrote it.
    pub author: PrincipalId,
    /// What.
    pub text: String,
}

/// What an edit does to a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Write {
    /// Sets a single-value field.
    Put(Field, Value),
    /// Adds a member to a set.
    Insert(SetField, String),
    /// Removes a member from a set.
    Remove(SetField, String),
    /// Appends to the thread.
    Append(Entry),
    /// Adds to a counter; negative takes a slip of the finger back.
    Increment(TallyKey, i64),
}

/// A change that somebody wants to make, checked by type.
#[derive(Debug, Clone, PartialEq)]
pub enum Edit {
    /// Changes the kind.
    Kind(ContactKind),
    /// Replaces the note.
    Note(String),
    /// Moves it to another buurt.
    Buurt(AreaCode),
    /// Sets or clears the position.
    Place(Option<Place>),
    /// Corrects when it happened.
    OccurredAt(Timestamp),
    /// Says where the person lives.
    LivesIn(LivesIn),
    /// How many people.
    People(u32),
    /// How many households.
    Households(u32),
    /// Who spoke.
    Party(Party),
    /// Sets or clears the age group.
    AgeGroup(Option<AgeGroup>),
    /// Through what it came.
    Channel(Channel),
    /// ISO 639-2/B language code.
    Language(String),
    /// Who may see it.
    Sensitivity(Sensitivity),
    /// How far it has come.
    Status(Status),
    /// About the municipality's own conduct.
    OverOptreden(bool),
    /// What was promised.
    Promise(Promise),
    /// The answer given.
    Answer(Option<String>),
    /// The visit it hangs under.
    Visit(Option<RecordId>),
    /// Who works on it.
    Assignee(Option<PrincipalId>),
    /// A visit's square or building.
    PlaceName(String),
    /// A visit's opening time.
    StartsAt(Timestamp),
    /// A visit's closing time.
    EndsAt(Timestamp),
    /// Adds a theme.
    AddTheme(ThemeId),
    /// Removes a theme.
    RemoveTheme(ThemeId),
    /// Adds somebody to a visit's team.
    JoinTeam(PrincipalId),
    /// Takes somebody out of a visit's team.
    LeaveTeam(PrincipalId),
    /// Adds to the thread.
    Append(Entry),
    /// Counts visitors or talks.
    Tally(TallyKey, i64),
    /// Settles a conflict: one of the values that stand there, chosen by a person.
    Choose(Field, Value),
}

impl Edit {
    /// The write this edit stands for.
    pub fn into_write(self) -> Write {
        use Write::{Append, Increment, Insert, Put, Remove};
        match self {
            Self::Kind(v) => Put(Field::Kind, word(v.as_str())),
            Self::Note(v) => Put(Field::Note, Value::Text(v)),
            Self::Buurt(v) => Put(Field::Buurt, Value::Text(v.into())),
            Self::Place(v) => Put(Field::Place, or_null(v)),
            Self::OccurredAt(v) => Put(Field::OccurredAt, Value::Time(v)),
            Self::LivesIn(v) => Put(Field::LivesIn, Value::Text(v.to_string())),
            Self::People(v) => Put(Field::People, Value::Int(v.into())),
            Self::Households(v) => Put(Field::Households, Value::Int(v.into())),
            Self::Party(v) => Put(Field::Party, word(v.as_str())),
            Self::AgeGroup(v) => Put(Field::AgeGroup, or_null(v)),
            Self::Channel(v) => Put(Field::Channel, word(v.as_str())),
            Self::Language(v) => Put(Field::Language, Value::Text(v)),
            Self::Sensitivity(v) => Put(Field::Sensitivity, word(v.as_str())),
            Self::Status(v) => Put(Field::Status, word(v.as_str())),
            Self::OverOptreden(v) => Put(Field::OverOptreden, Value::Bool(v)),
            Self::Promise(v) => Put(Field::Promise, Value::Text(v.to_string())),
            Self::Answer(v) => Put(Field::Answer, or_null(v)),
            Self::Visit(v) => Put(Field::Visit, or_null(v)),
            Self::Assignee(v) => Put(Field::Assignee, or_null(v)),
            Self::PlaceName(v) => Put(Field::PlaceName, Value::Text(v)),
            Self::StartsAt(v) => Put(Field::StartsAt, Value::Time(v)),
            Self::EndsAt(v) => Put(Field::EndsAt, Value::Time(v)),
            Self::AddTheme(v) => Insert(SetField::Themes, v.into()),
            Self::RemoveTheme(v) => Remove(SetField::Themes, v.into()),
            Self::JoinTeam(v) => Insert(SetField::Team, v.into()),
            Self::LeaveTeam(v) => Remove(SetField::Team, v.into()),
            Self::Append(entry) => Append(entry),
            Self::Tally(key, by) => Increment(key, by),
            Self::Choose(field, value) => Put(field, value),
        }
    }
}

/// A record taken apart: what a document holds, by kind of container.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Parts {
    /// The single-value fields.
    pub fields: BTreeMap<Field, Value>,
    /// The sets.
    pub sets: BTreeMap<SetField, BTreeSet<String>>,
    /// The counters; visits only.
    pub tallies: BTreeMap<TallyKey, i64>,
}

impl Record {
    /// Takes the record apart: every field of its type is present, `Null` where it is empty.
    pub fn to_parts(&self) -> Parts {
        match self {
            Self::Contact(r) => contact_parts(r),
            Self::Signal(r) => signal_parts(r),
            Self::Visit(r) => visit_parts(r),
        }
    }

    /// Puts a record together.
    ///
    /// # Errors
    /// [`Invalid`] naming the field that is missing or that this version cannot read.
    pub fn from_parts(record_type: RecordType, parts: &Parts) -> Result<Self, Invalid> {
        let read = Reader(parts);
        Ok(match record_type {
            RecordType::Contact => Self::Contact(Contact {
                kind: read.parsed(Field::Kind)?,
                themes: read.set(SetField::Themes)?,
                note: read.text(Field::Note)?,
                buurt: read.parsed(Field::Buurt)?,
                place: read.optional(Field::Place)?,
                lives_in: read.parsed(Field::LivesIn)?,
                people: read.count(Field::People)?,
                households: read.count(Field::Households)?,
                party: read.parsed(Field::Party)?,
                age_group: read.optional(Field::AgeGroup)?,
                occurred_at: read.time(Field::OccurredAt)?,
                channel: read.parsed(Field::Channel)?,
                language: read.text(Field::Language)?,
                sensitivity: read.parsed(Field::Sensitivity)?,
                status: read.parsed(Field::Status)?,
                over_optreden: read.bool(Field::OverOptreden)?,
                promise: read.parsed(Field::Promise)?,
                answer: read.optional(Field::Answer)?,
                visit: read.optional(Field::Visit)?,
            }),
            RecordType::Signal => Self::Signal(Signal {
                kind: read.parsed(Field::Kind)?,
                themes: read.set(SetField::Themes)?,
                note: read.text(Field::Note)?,
                buurt: read.parsed(Field::Buurt)?,
                place: read.optional(Field::Place)?,
                occurred_at: read.time(Field::OccurredAt)?,
                language: read.text(Field::Language)?,
                sensitivity: read.parsed(Field::Sensitivity)?,
                status: read.parsed(Field::Status)?,
                assignee: read.optional(Field::Assignee)?,
                answer: read.optional(Field::Answer)?,
            }),
            RecordType::Visit => Self::Visit(Visit {
                place_name: read.text(Field::PlaceName)?,
                buurt: read.parsed(Field::Buurt)?,
                place: read.optional(Field::Place)?,
                starts_at: read.time(Field::StartsAt)?,
                ends_at: read.time(Field::EndsAt)?,
                sensitivity: read.parsed(Field::Sensitivity)?,
                team: read.set(SetField::Team)?,
                tallies: TallyKey::all()
                    .map(|key| (key, parts.tallies.get(&key).copied().unwrap_or(0)))
                    .collect(),
            }),
        })
    }
}

fn contact_parts(r: &Contact) -> Parts {
    let fields = [
        Edit::Kind(r.kind),
        Edit::Note(r.note.clone()),
        Edit::Buurt(r.buurt.clone()),
        Edit::Place(r.place),
        Edit::LivesIn(r.lives_in.clone()),
        Edit::People(r.people),
        Edit::Households(r.households),
        Edit::Party(r.party),
        Edit::AgeGroup(r.age_group),
        Edit::OccurredAt(r.occurred_at),
        Edit::Channel(r.channel),
        Edit::Language(r.language.clone()),
        Edit::Sensitivity(r.sensitivity),
        Edit::Status(r.status),
        Edit::OverOptreden(r.over_optreden),
        Edit::Promise(r.promise),
        Edit::Answer(r.answer.clone()),
        Edit::Visit(r.visit),
    ];
    parts(fields, SetField::Themes, r.themes.iter().map(ToString::to_string).collect())
}

fn signal_parts(r: &Signal) -> Parts {
    let fields = [
        Edit::Kind(r.kind),
        Edit::Note(r.note.clone()),
        Edit::Buurt(r.buurt.clone()),
        Edit::Place(r.place),
        Edit::OccurredAt(r.occurred_at),
        Edit::Language(r.language.clone()),
        Edit::Sensitivity(r.sensitivity),
        Edit::Status(r.status),
        Edit::Assignee(r.assignee),
        Edit::Answer(r.answer.clone()),
    ];
    parts(fields, SetField::Themes, r.themes.iter().map(ToString::to_string).collect())
}

fn visit_parts(r: &Visit) -> Parts {
    let fields = [
        Edit::PlaceName(r.place_name.clone()),
        Edit::Buurt(r.buurt.clone()),
        Edit::Place(r.place),
        Edit::StartsAt(r.starts_at),
        Edit::EndsAt(r.ends_at),
        Edit::Sensitivity(r.sensitivity),
    ];
    let mut parts = parts(fields, SetField::Team, r.team.iter().map(ToString::to_string).collect());
    parts.tallies =
        TallyKey::all().map(|key| (key, r.tallies.get(&key).copied().unwrap_or(0))).collect();
    parts
}

fn parts<const N: usize>(edits: [Edit; N], set: SetField, members: BTreeSet<String>) -> Parts {
    let mut parts = Parts::default();
    for edit in edits {
        if let Write::Put(field, value) = edit.into_write() {
            parts.fields.insert(field, value);
        }
    }
    parts.sets.insert(set, members);
    parts.sets.entry(SetField::Photos).or_default();
    parts
}

fn word(s: &str) -> Value {
    Value::Text(s.to_owned())
}

fn or_null<T: ToString>(value: Option<T>) -> Value {
    value.map_or(Value::Null, |v| Value::Text(v.to_string()))
}

/// Reads typed values out of [`Parts`].
struct Reader<'a>(&'a Parts);

impl Reader<'_> {
    fn value(&self, field: Field) -> Result<&Value, Invalid> {
        self.0.fields.get(&field).ok_or(Invalid { field: field.key(), rule: Rule::Required })
    }

    fn text(&self, field: Field) -> Result<String, Invalid> {
        match self.value(field)? {
            Value::Text(text) => Ok(text.clone()),
            Value::Null | Value::Bool(_) | Value::Int(_) | Value::Time(_) => Err(unreadable(field)),
        }
    }

    fn parsed<T: std::str::FromStr>(&self, field: Field) -> Result<T, Invalid> {
        self.text(field)?.parse().map_err(|_| unreadable(field))
    }

    fn optional<T: std::str::FromStr>(&self, field: Field) -> Result<Option<T>, Invalid> {
        match self.value(field)? {
            Value::Null => Ok(None),
            Value::Text(_) | Value::Bool(_) | Value::Int(_) | Value::Time(_) => {
                self.parsed(field).map(Some)
            }
        }
    }

    fn count(&self, field: Field) -> Result<u32, Invalid> {
        match self.value(field)? {
            Value::Int(n) => u32::try_from(*n).map_err(|_| unreadable(field)),
            Value::Null | Value::Bool(_) | Value::Text(_) | Value::Time(_) => {
                Err(unreadable(field))
            }
        }
    }

    fn time(&self, field: Field) -> Result<Timestamp, Invalid> {
        match self.value(field)? {
            Value::Time(at) => Ok(*at),
            Value::Null | Value::Bool(_) | Value::Text(_) | Value::Int(_) => Err(unreadable(field)),
        }
    }

    fn bool(&self, field: Field) -> Result<bool, Invalid> {
        match self.value(field)? {
            Value::Bool(b) => Ok(*b),
            Value::Null | Value::Int(_) | Value::Text(_) | Value::Time(_) => Err(unreadable(field)),
        }
    }

    fn set<T: std::str::FromStr + Ord>(&self, set: SetField) -> Result<BTreeSet<T>, Invalid> {
        let Some(members) = self.0.sets.get(&set) else { return Ok(BTreeSet::new()) };
        members
            .iter()
            .map(|m| m.parse().map_err(|_| Invalid { field: set.key(), rule: Rule::Unreadable }))
            .collect()
    }
}

fn unreadable(field: Field) -> Invalid {
    Invalid { field: field.key(), rule: Rule::Unreadable }
}

#[cfg(test)]
mod tests;
