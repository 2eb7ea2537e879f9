//! The `SQLite` store that phones and the server's replica share.
//!
//! The truth is the raw changes; every other row follows from them ([`Store::rebuild`] proves it).
//! A local write is one durable transaction: change, read model, search and outbox together. What
//! the server has not acknowledged by (document, hash) is never deleted. Lists, filters, search
//! and counts never load a document. No clock, no randomness and no network in here.

mod attach;
mod blob;
mod clean;
mod documents;
mod drafts;
mod error;
mod export;
mod files;
mod filter;
mod ingest;
mod key;
#[cfg(feature = "sqlcipher")]
mod key_cipher;
mod meta;
mod migrate;
mod open;
mod outbox;
mod pack;
mod projection;
mod purge;
mod query;
mod rebuild;
mod recent;
mod refused;
mod rescue;
mod row;
mod scope;
mod search;
mod snapshot;
mod write;

use rusqlite::Connection;

pub use attach::{
    AUDIO_BYTES_MAX, AUDIO_MS_MAX, Attachable, AudioError, MediaType, PHOTO_BYTES_MAX,
    PHOTO_PIXELS_MAX, PHOTO_SIDE_MAX, PhotoError, prepare_audio, prepare_photo,
};
pub use blob::{BlobKey, BlobKind, BlobOf, BlobToFetch, BlobToUpload, HeldBlob, Presence};
pub use clean::Cleaning;
pub use drafts::Draft;
pub use error::{OpenError, StoreError};
pub use export::{ExportError, Exported};
pub use filter::{Bounds, Filter};
pub use ingest::{Arrived, ArrivedPack, Ingest, Ingested, Quarantined};
pub use key::DatabaseKey;
pub use meta::PULL_STATE;
pub use outbox::{OutboxItem, Outcome, Settled, Settlement};
pub use pack::{Compacted, Compaction};
pub use purge::Purged;
pub use query::{
    AreaCounts, Count, DayKey, DayPage, PAGE_ROWS_MAX, Page, PageKey, PageKeyError, Whose, Worklist,
};
pub use rebuild::RebuildReport;
pub use refused::{DEPENDS_ON_REFUSED, RefusedItem};
pub use rescue::{RescueError, RescueReport};
pub use row::{Delivery, Row};
pub use scope::Scope;

/// One database file, or one in memory, on one connection.
///
/// Writes take `&mut self` and are atomic; a reader of another connection sees all of a write or
/// nothing.
#[derive(Debug)]
pub struct Store {
    connection: Connection,
    recent: recent::Recent,
    /// Where attachments lie; none for a database in memory.
    folder: Option<blob::Folder>,
}
