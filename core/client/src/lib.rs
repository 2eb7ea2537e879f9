//! The logbook as an app sees it: the store, the sync engine and a transport behind one facade.
//!
//! A write is durable when its call returns. No call but [`Wijkboek::enrol`] and
//! [`Wijkboek::sync`] waits for the network. A panic inside becomes an error with a report id.

mod account;
mod clock;
mod config;
mod error;
mod network;
mod observe;
mod perform;
mod shared;
mod views;
mod wijkboek;

pub use account::{Identity, ensure_install, generation};
pub use clock::{Clock, SystemClock};
pub use config::Config;
pub use error::{ReportId, WijkboekError};
pub use observe::{Observer, Subscription};
pub use perform::{Performed, opened, perform};
pub use views::{
    AlternativeItem, BuurtAnswer, ChangedRecords, ConflictItem, ContactDefaults, EntryItem, Event,
    HistoryItem, NamedArea, RecordDetail, Status, SyncReport, Who,
};
pub use wijkboek::{Wijkboek, Written};
// What the facade takes and gives, from the crates below it.
pub use wijkboek_crdt::HistoryTouch;
pub use wijkboek_store::DatabaseKey;
pub use wijkboek_store::{
    AreaCounts, Bounds, Count, DayKey, DayPage, Delivery, Draft, Filter, PAGE_ROWS_MAX, Page,
    PageKey, RefusedItem, Row, Whose, Worklist,
};
pub use wijkboek_store::{BlobKind, BlobOf, HeldBlob, MediaType, Presence};
pub use wijkboek_sync::{LockReason, SyncPhase};
