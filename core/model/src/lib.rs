//! The words and rules of Wijkboek: ids, records, areas, permissions and wording.
//!
//! Everything here is a pure function of its arguments: there is no IO, no clock and no source of
//! randomness in this crate, so the phone and the server come to the same answer.

mod areas;
mod audience_numbers;
mod edit;
#[cfg(any(test, feature = "testing"))]
pub mod fuzz;
mod ids;
mod local_time;
mod nearby;
mod persondata;
mod policy;
mod record;
mod reference;
mod rules;
#[cfg(test)]
mod samples;
mod sensitivity;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
mod time;
mod validate;
mod wording;

pub use areas::{Area, AreaImportError, AreaLevel, Areas, RingFault};
pub use audience_numbers::{
    AudienceError, AudienceRow, Cell, SHOWN_FROM, ShownRow, per_thousand, suppress,
};
pub use edit::{Edit, Entry, Field, MapField, Parts, ProseField, SetField, Splice, Value, Write};
pub use ids::{
    ActorId, AreaCode, BlobHash, ChangeHash, DeviceId, EntryId, IdError, InstallId,
    MunicipalityCode, OrganisationCode, Postcode, PrincipalId, ROW_STEP_BITS, RecordId, ThemeId,
};
pub use local_time::{LocalTimeError, local_day, local_time};
pub use nearby::{
    Bounds, Candidate, DUPLICATE_APART_MS_MAX, DUPLICATE_METRES_MAX, bounding_box, distance_m,
    is_duplicate_candidate,
};
pub use persondata::{
    Finding, Masked, MaskedIn, PersonDataAction, PersonDataKind, WavedThrough, in_characters,
    is_sensitive_text, mask_bsn, mask_draft, mask_person_data, mask_record, mask_write,
    person_data, speaks_of_health,
};
pub use policy::{
    Audience, Deed, Denial, Principal, Role, is_personal, makes, may, may_clean, may_withdraw, sees,
};
pub use record::{
    Action, Advice, AdvicePosition, AgeGroup, AnswerForm, Budget, Cents, Channel, Consent,
    ConsentHow, Contact, ContactKind, Cost, Covenant, DataKind, Endorsement, Escalation,
    EscalationLevel, FOREIGN_NUMBER_BYTES_MAX, Feedback, ForeignReference, ForeignSystem, Idea,
    IdeaStage, InternalNote, LawfulGround, Link, LinkKind, LivesIn, Meeting, MeetingKind, Party,
    Person, Place, PlaceError, PlaceSource, Promise, Record, RecordType, Relation, Reply,
    Sensitivity, Signal, Status, TallyKey, Visit,
};
pub use reference::{
    AgeCounts, Colleague, Inhabitants, Reference, ReferenceError, RowFault, THEMES_MAX, Theme,
    ThemeIndex, WijkTeam, inhabitants_from_csv, teams_from_csv, themes_from_json,
};
pub use rules::{
    AdviceCount, IdeaFault, IdeaRules, KEEP_YEARS_MAX, may_follow, missing_to_close, person_faults,
    stage_may_follow, step_faults, validate_transition,
};
pub use sensitivity::default_sensitivity;
pub use time::{Day, Now, TimeError, Timestamp};
pub use validate::{
    AHEAD_MS_MAX, EMAIL_BYTES_MAX, ENTRY_BYTES_MAX, Invalid, LINE_BYTES_MAX, MAP_KEYS_MAX,
    NOTE_BYTES_MAX, PEOPLE_MAX, PHONE_BYTES_MAX, PLANNED_AHEAD_MS_MAX, PURPOSE_BYTES_MAX, Rule,
    SET_MEMBERS_MAX, SPLICE_BYTES_MAX, TALLY_STEP_MAX, is_judged_together, validate, validate_at,
    validate_growth, validate_moment, validate_parts, validate_together, validate_write,
};
pub use wording::{Label, Lang, refusal};
