//! What the work itself asks of a record: which status follows which, what closing takes, what a
//! wijkidee must keep to, and whose contact details may be kept at all.
//!
//! [`crate::validate`] refuses what no record may hold. What stands here depends on more than one
//! record, on the one before, or on today; so each function is handed all of it, and says
//! everything that is amiss at once.

mod closing;
mod idea;
mod person;
mod step;
mod transition;

pub use closing::missing_to_close;
pub use idea::{AdviceCount, IdeaFault, IdeaRules};
pub use person::{KEEP_YEARS_MAX, person_faults};
pub use step::step_faults;
pub use transition::{may_follow, stage_may_follow, validate_transition};
