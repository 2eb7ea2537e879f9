//! What screens are given to show: plain data with names resolved, holding no lock and no document.

use wijkboek_crdt::HistoryTouch;
use wijkboek_model::{
    AreaCode, ChangeHash, Channel, Contact, ContactKind, EntryId, Field, LivesIn, Party, Place,
    PrincipalId, Promise, Record, RecordId, Sensitivity, Signal, Status as RecordStatus, Timestamp,
    Value,
};
use wijkboek_store::{Delivery, Row};
use wijkboek_sync::SyncPhase;

/// Everything about one record.
#[derive(Debug, Clone)]
pub struct RecordDetail {
    /// Its row, as lists show it.
    pub row: Row,
    /// The record; none when a newer version wrote something that this one cannot read.
    pub record: Option<Record>,
    /// Its thread, oldest first.
    pub entries: Vec<EntryItem>,
    /// Fields of which several values stand side by side.
    pub conflicts: Vec<ConflictItem>,
    /// Its changes, each after those that it builds on.
    pub history: Vec<HistoryItem>,
    /// How far it has come on its way to the office.
    pub delivery: Delivery,
}

/// Somebody, by name where the name is known here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Who {
    /// The person; none when only the server knows whose device it was.
    pub principal: Option<PrincipalId>,
    /// As they are called at work.
    pub name: Option<String>,
}

/// One addition to a thread.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryItem {
    /// Its id.
    pub id: EntryId,
    /// Who wrote it.
    pub author: Who,
    /// When.
    pub at: Timestamp,
    /// What.
    pub text: String,
}

/// A field that several people changed at once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConflictItem {
    /// The field.
    pub field: Field,
    /// Its values, the one that lists show first.
    pub values: Vec<AlternativeItem>,
}

/// One of several values of a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AlternativeItem {
    /// The value; goes into [`Edit::Choose`](wijkboek_model::Edit::Choose) as it is.
    pub value: Value,
    /// Who wrote it.
    pub by: Who,
    /// When, by their device's clock.
    pub at: Timestamp,
}

/// One change of a record: who did what, when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HistoryItem {
    /// The change.
    pub hash: ChangeHash,
    /// Who made it.
    pub by: Who,
    /// When, by their device's clock.
    pub at: Timestamp,
    /// Whether it made the record.
    pub created: bool,
    /// What it did; empty for the creation.
    pub touches: Vec<HistoryTouch>,
}

/// The buurt of a position.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BuurtAnswer {
    /// It lies in this one, with the whole of its accuracy circle.
    Sure(NamedArea),
    /// The accuracy circle touches several: ask. The one with the position in it comes first.
    Ask(Vec<NamedArea>),
    /// Outside the municipality.
    Outside,
    /// This device has no areas yet.
    NoAreas,
}

/// An area with its name, which alone does not identify it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedArea {
    /// Its code.
    pub code: AreaCode,
    /// Its name.
    pub name: String,
}

/// What a new contact starts with; the kind, and the buurt where it is asked, are the user's.
#[derive(Debug, Clone, PartialEq)]
pub struct ContactDefaults {
    /// The moment of the first tap.
    pub occurred_at: Timestamp,
    /// The position, as given.
    pub place: Option<Place>,
    /// The buurt of that position; none without a position.
    pub buurt: Option<BuurtAnswer>,
    /// The visit that is going on now with this person in its team.
    pub visit: Option<RecordId>,
    /// The buurttent during a visit, the round through the wijk otherwise.
    pub channel: Channel,
}

impl ContactDefaults {
    /// A contact of one resident, with nothing said yet but these.
    pub fn contact(&self, kind: ContactKind, buurt: AreaCode, note: String) -> Contact {
        Contact {
            kind,
            themes: std::collections::BTreeSet::new(),
            note,
            buurt,
            place: self.place,
            lives_in: LivesIn::Unknown,
            people: 1,
            households: 1,
            party: Party::Bewoner,
            age_group: None,
            occurred_at: self.occurred_at,
            channel: self.channel,
            language: "nld".to_owned(),
            sensitivity: Sensitivity::Gewoon,
            status: RecordStatus::Nieuw,
            assignee: None,
            over_optreden: false,
            promise: Promise::Unsaid,
            answer: None,
            feedback: None,
            visit: self.visit,
        }
    }

    /// A new melding, with nothing said yet but these.
    pub fn signal(&self, kind: ContactKind, buurt: AreaCode, note: String) -> Signal {
        Signal {
            kind,
            themes: std::collections::BTreeSet::new(),
            note,
            buurt,
            place: self.place,
            occurred_at: self.occurred_at,
            language: "nld".to_owned(),
            sensitivity: Sensitivity::Gewoon,
            status: RecordStatus::Nieuw,
            assignee: None,
            promise: Promise::Unsaid,
            answer: None,
            feedback: None,
        }
    }
}

/// How it stands with this device, computed from what the server acknowledged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    /// What synchronising does.
    pub phase: SyncPhase,
    /// Changes that the server has not acknowledged.
    pub unsent: u64,
    /// Attachments that the server has not acknowledged.
    pub unsent_attachments: u64,
    /// Changes that the server refused and nobody has looked at.
    pub refused: u64,
    /// When synchronising last was complete.
    pub last_success: Option<Timestamp>,
    /// Whether the server's live events arrive.
    pub live: bool,
}

/// What one round of synchronising did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SyncReport {
    /// Changes that the server acknowledged.
    pub pushed: u64,
    /// Changes that it refused.
    pub refused: u64,
    /// Changes that came from it.
    pub pulled: u64,
    /// Records that it took back.
    pub forgotten: u64,
    /// Changes that are still only here.
    pub unsent: u64,
}

/// What observers are told: how it stands, and what may look different since the last event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// How it stands now.
    pub status: Status,
    /// Records that are new, changed or gone.
    pub records: ChangedRecords,
    /// Areas, themes or colleagues are other ones.
    pub reference: bool,
    /// The person, their role or their wijken are other ones.
    pub identity: bool,
}

/// Which records an event is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ChangedRecords {
    /// None, or so few that they are named.
    These(Vec<RecordId>),
    /// So many that a list is better read again.
    Many,
}
