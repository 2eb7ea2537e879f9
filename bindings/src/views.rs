//! What a screen is shown: rows of lists, whole records with their history, reference data.

use std::time::SystemTime;

use wijkboek_model::{
    AgeGroup, Channel, ContactKind, Feedback, Field, Party, RecordType, Role, Sensitivity, Status,
};

use crate::{
    AreaCode, EntryId, LivesIn, MunicipalityCode, Place, PrincipalId, Promise, RecordId, TallyKey,
    ThemeId, Value,
};

/// Who this device is enrolled as.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct IdentityView {
    /// Their id.
    pub principal: PrincipalId,
    /// As they are called at work.
    pub name: String,
    /// Their role; none when this version does not know it.
    pub role: Option<Role>,
    /// The wijken that are theirs.
    pub wijken: Vec<AreaCode>,
    /// What a talk that they log becomes; none for a role that logs nothing.
    pub captures: Option<RecordType>,
    /// The server.
    pub server_url: String,
    /// The municipality.
    pub municipality: MunicipalityCode,
}

/// How far a record has got on its way to the office.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum Delivery {
    /// Safe on this device.
    OnDevice,
    /// On its way; the office has not confirmed it.
    Sent,
    /// Confirmed by the office.
    AtOffice,
    /// The office refused a part of it; the text is kept.
    Refused,
}

/// One counter of a visit.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct TallyView {
    /// What is counted.
    pub key: TallyKey,
    /// How many.
    pub count: i64,
}

/// One line of a list.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct RowView {
    /// The record.
    pub id: RecordId,
    /// Its type; absent only when it is not readable.
    pub record_type: Option<RecordType>,
    /// Its kind; none for a visit.
    pub kind: Option<ContactKind>,
    /// How far it has come; none for a visit.
    pub status: Option<Status>,
    /// The buurt; absent only when it is not readable.
    pub buurt: Option<AreaCode>,
    /// The wijk that the buurt lies in.
    pub wijk: Option<AreaCode>,
    /// Its themes.
    pub themes: Vec<ThemeId>,
    /// The note, or a visit's place name.
    pub text: String,
    /// Who wrote it; absent only when it is not readable.
    pub author: Option<PrincipalId>,
    /// When it happened.
    pub occurred_at: SystemTime,
    /// When it was written down.
    pub created_at: SystemTime,
    /// Who may see it.
    pub sensitivity: Sensitivity,
    /// Its position, when it has one.
    pub place: Option<Place>,
    /// How many fields hold two values at once.
    pub conflicts: u32,
    /// A visit's counters.
    pub tallies: Vec<TallyView>,
    /// How far it has got.
    pub delivery: Delivery,
    /// Its highest number in the municipality's log, once it has one.
    pub number: Option<u64>,
    /// False when this version cannot read all of it.
    pub readable: bool,
    /// The office took it back; it stays only until unsent work on it has been judged.
    pub forgotten: bool,
}

/// Where the next page of a list begins. Opaque.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct PageKey {
    /// Opaque.
    pub value: String,
}

/// Says whether a list that was read before may have changed since.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Record)]
pub struct ChangeToken {
    /// Only equality means anything.
    pub value: u64,
}

/// At most fifty lines of a list, newest first.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct PageView {
    /// The lines.
    pub rows: Vec<RowView>,
    /// Where to go on; none at the end.
    pub next: Option<PageKey>,
    /// As of when.
    pub token: ChangeToken,
}

/// One conversation.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct ContactView {
    /// Question, complaint, observation or plan.
    pub kind: ContactKind,
    /// Themes.
    pub themes: Vec<ThemeId>,
    /// What was said.
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
    /// ISO 639-2/B code of the language spoken.
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

/// A melding.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct SignalView {
    /// The kind the reporter chose.
    pub kind: ContactKind,
    /// Themes.
    pub themes: Vec<ThemeId>,
    /// What is the matter.
    pub note: String,
    /// The buurt where it is.
    pub buurt: AreaCode,
    /// The position, when there is one.
    pub place: Option<Place>,
    /// When it was seen.
    pub occurred_at: SystemTime,
    /// ISO 639-2/B code.
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

/// A buurttentbezoek.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct VisitView {
    /// The square or building.
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
    /// Who is there.
    pub team: Vec<PrincipalId>,
    /// Counted visitors and talks, in the order of the screen.
    pub tallies: Vec<TallyView>,
}

/// A record of any type.
#[derive(Debug, Clone, PartialEq, uniffi::Enum)]
pub enum RecordView {
    /// One conversation.
    Contact {
        /// It.
        contact: ContactView,
    },
    /// A melding.
    Signal {
        /// It.
        signal: SignalView,
    },
    /// A buurttentbezoek.
    Visit {
        /// It.
        visit: VisitView,
    },
    /// Any other type, as far as a screen that does not know the type can show it.
    Other {
        /// Which.
        record_type: RecordType,
        /// How a list calls it.
        text: String,
        /// How far it has come, for the types that have a status.
        status: Option<Status>,
        /// The answer, or the reasons of a decision.
        answer: Option<String>,
        /// Who may see it.
        sensitivity: Sensitivity,
    },
}

/// Somebody, by name where the name is known here.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct WhoView {
    /// The person; none when only the server knows whose device it was.
    pub principal: Option<PrincipalId>,
    /// As they are called at work.
    pub name: Option<String>,
}

/// An addition to a record's thread.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct EntryView {
    /// Its id.
    pub id: EntryId,
    /// Who wrote it.
    pub author: WhoView,
    /// When.
    pub at: SystemTime,
    /// What.
    pub text: String,
}

/// A field in which two people's values stand side by side.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct ConflictView {
    /// The field.
    pub field: Field,
    /// The values, the one that shows first.
    pub alternatives: Vec<AlternativeView>,
}

/// One of the values of a conflict.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct AlternativeView {
    /// The value: hand it back to choose it.
    pub value: Value,
    /// Whose it is.
    pub by: WhoView,
    /// When it was written.
    pub at: SystemTime,
}

/// One step of a record's history.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct HistoryStepView {
    /// Whose it is.
    pub by: WhoView,
    /// When.
    pub at: SystemTime,
    /// True for the first: the record was made.
    pub created: bool,
    /// What was touched.
    pub touches: Vec<TouchView>,
}

/// What one step of the history did.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Enum)]
pub enum TouchView {
    /// Set a field.
    Put {
        /// Which.
        field: Field,
        /// What stood there.
        before: Option<Value>,
        /// What stands there since.
        after: Value,
    },
    /// Added a member to a set.
    Inserted {
        /// The set's key.
        set: String,
        /// The member.
        member: String,
    },
    /// Removed a member from a set.
    Removed {
        /// The set's key.
        set: String,
        /// The member.
        member: String,
    },
    /// Set what stands under one key of a map.
    Set {
        /// The map's key.
        map: String,
        /// The key in it.
        key: String,
        /// What stands there since; empty when it was taken away.
        value: Value,
    },
    /// Wrote in a text that people write together.
    Written {
        /// The text's key.
        prose: String,
    },
    /// Added to the thread.
    Appended {
        /// What.
        text: String,
    },
    /// Counted.
    Counted {
        /// What.
        key: TallyKey,
        /// How many, negative to take back.
        by: i64,
    },
}

/// A record with all that belongs to it.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct RecordDetailView {
    /// Its line in lists.
    pub row: RowView,
    /// The record; none when a newer version wrote something that this one cannot read.
    pub record: Option<RecordView>,
    /// Its thread, oldest first.
    pub entries: Vec<EntryView>,
    /// Fields that wait for somebody to choose.
    pub conflicts: Vec<ConflictView>,
    /// Who changed what and when, oldest first.
    pub history: Vec<HistoryStepView>,
}

/// An area to choose from.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct AreaView {
    /// Its code, which identifies it.
    pub code: AreaCode,
    /// Its name, which does not.
    pub name: String,
}

/// Which buurt a position lies in.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Enum)]
pub enum BuurtAnswer {
    /// In this one.
    Sure {
        /// It.
        buurt: AreaView,
    },
    /// The accuracy circle crosses a border: ask. The likeliest comes first.
    Ask {
        /// The buurten that it touches.
        buurten: Vec<AreaView>,
    },
    /// In none of the municipality's.
    Outside,
    /// This device has no areas yet.
    NoAreas,
}

/// A theme of the municipality's list.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct ThemeView {
    /// Its id.
    pub id: ThemeId,
    /// Dutch name.
    pub name_nl: String,
    /// English name.
    pub name_en: String,
    /// The main theme it belongs to, if it is a sub-theme.
    pub parent: Option<ThemeId>,
    /// Records with it are gevoelig unless somebody says otherwise.
    pub sensitive: bool,
}

/// A person whose name appears beside records.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct ColleagueView {
    /// Their id.
    pub id: PrincipalId,
    /// As they are called at work.
    pub name: String,
}

/// Areas, themes and colleagues, as they arrived with the last sync.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct ReferenceView {
    /// Grows with each import.
    pub version: u64,
    /// The municipality.
    pub municipality: MunicipalityCode,
    /// Its wijken.
    pub wijken: Vec<AreaView>,
    /// Its buurten.
    pub buurten: Vec<AreaView>,
    /// Its themes.
    pub themes: Vec<ThemeView>,
    /// The people whose names appear beside records.
    pub colleagues: Vec<ColleagueView>,
}

/// What the engine is doing.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Enum)]
pub enum SyncPhase {
    /// This device has not been enrolled yet.
    NotEnrolled,
    /// Nothing to do.
    Idle,
    /// Sending or fetching.
    Syncing,
    /// The server is not reached; it is tried again by itself.
    Offline {
        /// When.
        retry_at: SystemTime,
    },
    /// The server, or the store here, cannot do it now; it is tried again by itself.
    Failing {
        /// A problem's stable code, or `store` for this device's own disk.
        code: String,
        /// When.
        retry_at: SystemTime,
    },
    /// The server does not let this device in: enrol again. What was written stays here.
    Locked {
        /// Why.
        reason: LockReason,
    },
}

/// Why the server does not let a device in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum LockReason {
    /// Its token is unknown, expired or revoked.
    Unauthorized,
    /// Another phone runs on a copy of its store.
    Cloned,
}

/// How things stand between this device and the office.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct StatusView {
    /// What the engine is doing.
    pub phase: SyncPhase,
    /// Changes that the office has not confirmed.
    pub unsent: u64,
    /// Changes that the office refused and that somebody should look at.
    pub refused: u64,
    /// When everything was last exchanged.
    pub last_success: Option<SystemTime>,
    /// Whether the office's live events arrive.
    pub live: bool,
}

/// What one round of syncing did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Record)]
pub struct SyncReportView {
    /// Changes that the office confirmed.
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

/// What an observer is told: how it stands, and what may look different since the last event.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct EventView {
    /// How it stands now.
    pub status: StatusView,
    /// Records that are new, changed or gone.
    pub records: ChangedRecords,
    /// Areas, themes or colleagues are other ones.
    pub reference: bool,
    /// The person, their role or their wijken are other ones.
    pub identity: bool,
}

/// Which records an event is about.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Enum)]
pub enum ChangedRecords {
    /// None, or so few that they are named.
    These {
        /// They.
        ids: Vec<RecordId>,
    },
    /// So many that a list is better read again.
    Many,
}

/// Something that the office refused, with its text.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct RefusedView {
    /// The record it was written to; itself gone when its creation was refused.
    pub id: RecordId,
    /// The reason's stable code.
    pub code: String,
    /// The texts that it wrote, one per line.
    pub text: String,
    /// When it was written.
    pub at: SystemTime,
}

/// A form that was not finished.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct DraftView {
    /// The form it belongs to.
    pub slot: String,
    /// What was filled in, as the shell wrote it.
    pub json: String,
}
