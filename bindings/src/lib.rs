//! The one door through which the phones reach Wijkboek: core's facade as UniFFI objects.
//!
//! A thin surface without logic: every rule is core's. Nothing here panics into a foreign caller
//! (a panic becomes [`WijkboekError::Internal`]) and no call blocks its caller on the network.

mod attachments;
mod call;
mod error;
mod ids;
mod observe;
mod requests;
mod show;
mod values;
mod views;
mod wijkboek;
mod wording;
mod words;

pub use attachments::{BlobKind, BlobOf, BlobPresence, BlobView};
pub use error::{Rule, WijkboekError};
pub use ids::{AreaCode, BlobHash, Day, EntryId, MunicipalityCode, PrincipalId, RecordId, ThemeId};
pub use observe::{Observer, ObserverError, Subscription};
pub use requests::{ContactRequest, EditRequest, FilterRequest, SignalRequest, VisitRequest};
pub use values::{LivesIn, Place, Promise, TallyKey, Value};
pub use views::{
    AlternativeView, AreaView, BuurtAnswer, ChangeToken, ChangedRecords, ColleagueView,
    ConflictView, ContactView, Delivery, DraftView, EntryView, EventView, HistoryStepView,
    IdentityView, LockReason, PageKey, PageView, RecordDetailView, RecordView, ReferenceView,
    RefusedView, RowView, SignalView, StatusView, SyncPhase, SyncReportView, TallyView, ThemeView,
    TouchView, VisitView, WhoView,
};
pub use wijkboek::Wijkboek;
pub use wording::{Word, invalid_message, label, refusal_message};

uniffi::setup_scaffolding!();
