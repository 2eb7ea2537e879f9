//! The line protocol of the `phone` binary: one JSON command a line in, one JSON answer a line out.
//!
//! An answer to a write is sent only after the write is durable; what it says is what the
//! independent [`ledger`](crate::ledger) of the demo believes.

use serde::{Deserialize, Serialize};

/// What a phone can be told to do.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "kebab-case")]
pub enum Command {
    /// Exchange a one-time code for a token.
    Enrol {
        /// The server's base address.
        server: String,
        /// The one-time code.
        code: String,
        /// What the device is called.
        device: String,
    },
    /// Make a record.
    Create {
        /// The type and content.
        #[serde(flatten)]
        record: Box<NewRecord>,
        /// The id that it has in another system, if it comes from one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        foreign: Option<String>,
    },
    /// Change one single-value field.
    Edit {
        /// The record.
        id: String,
        /// The field's key.
        field: String,
        /// Its new value as text.
        value: String,
    },
    /// Count visitors or talks.
    Tally {
        /// The visit.
        id: String,
        /// The counter's key.
        key: String,
        /// How many.
        by: i64,
    },
    /// One full round with the server.
    Sync,
    /// Every record with its heads and what a screen shows of it.
    Dump,
    /// End in an orderly way.
    Quit,
}

/// A record to be made, with its type.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "type", content = "record", rename_all = "kebab-case")]
pub enum NewRecord {
    /// One conversation.
    Contact(NewTalk),
    /// A melding.
    Signal(NewTalk),
    /// A buurttentbezoek.
    Visit(NewVisit),
}

/// What is jotted down of a talk or melding. Words are spelled as in documents.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct NewTalk {
    /// vraag, klacht, signaal or initiatief.
    pub kind: String,
    /// Theme ids.
    pub themes: Vec<String>,
    /// The note.
    pub note: String,
    /// The buurt's code.
    pub buurt: String,
    /// Longitude, latitude, accuracy in metres.
    pub place: Option<(f64, f64, u32)>,
    /// RFC 3339.
    pub occurred_at: String,
    /// Age group, if known; contacts only.
    #[serde(default)]
    pub age_group: Option<String>,
    /// Through what it came; contacts only.
    #[serde(default)]
    pub channel: Option<String>,
    /// ISO 639-2/B.
    pub language: String,
    /// What was promised; contacts only.
    #[serde(default)]
    pub promise: Option<String>,
}

/// A buurttentbezoek.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct NewVisit {
    /// The square or building.
    pub place_name: String,
    /// The buurt's code.
    pub buurt: String,
    /// RFC 3339.
    pub starts_at: String,
    /// RFC 3339.
    pub ends_at: String,
    /// Principal ids.
    pub team: Vec<String>,
}

/// What a phone answers.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "answer", rename_all = "kebab-case")]
pub enum Answer {
    /// Enrolled as this principal.
    Enrolled {
        /// The principal's id.
        principal: String,
    },
    /// Written, durably.
    Written {
        /// The record.
        id: String,
        /// Its heads after the write: the hashes of its newest changes.
        heads: Vec<String>,
    },
    /// A round with the server is over.
    Synced {
        /// Changes that still wait to be sent.
        unsent: u64,
        /// Changes that the server refused.
        refused: u64,
    },
    /// Everything the phone holds.
    Dump {
        /// Its records, by id.
        records: Vec<Held>,
    },
    /// It did not work; nothing was changed.
    Failed {
        /// The error's own words.
        error: String,
        /// Whether the server could not be reached.
        offline: bool,
    },
    /// Goodbye.
    Ended,
}

/// One record as a replica holds it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Held {
    /// Its id.
    pub id: String,
    /// Its type's word.
    pub record_type: String,
    /// Hashes of its newest changes, sorted.
    pub heads: Vec<String>,
    /// What the list shows: text, kind, status and buurt.
    pub row: String,
    /// Counters that are not zero, `key=n`, sorted.
    pub tallies: Vec<String>,
    /// The fields that hold several values at once, with the values, sorted.
    pub conflicts: Vec<String>,
    /// Whether every change of it was acknowledged by the office.
    pub at_office: bool,
}
