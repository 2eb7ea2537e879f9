//! The one door through which the phones reach Wijkboek: core's facade as UniFFI objects.
//!
//! A thin surface without logic: every rule is core's. Nothing here panics into a foreign caller
//! (a panic becomes [`WijkboekError::Internal`]) and no call blocks its caller on the network.

mod error;
mod ids;
mod requests;
mod values;
mod views;
mod words;

pub use error::{Rule, WijkboekError};
pub use ids::{AreaCode, Day, EntryId, MunicipalityCode, PrincipalId, RecordId, ThemeId};
pub use requests::{ContactRequest, EditRequest, FilterRequest, SignalRequest, VisitRequest};
pub use values::{LivesIn, Place, Promise, TallyKey, Value};
pub use views::{
    AlternativeView, AreaView, BuurtAnswer, ChangeToken, ColleagueView, ConflictView, ContactView,
    Delivery, DraftView, EntryView, HistoryStepView, IdentityView, PageKey, PageView,
    RecordDetailView, RecordView, ReferenceView, RowView, SignalView, StatusView, SyncPhase,
    SyncReportView, TallyView, ThemeView, TouchView, VisitView,
};

uniffi::setup_scaffolding!();
