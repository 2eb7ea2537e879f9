//! The HTTP surface for phones: one file per resource, every error a problem (RFC 9457).

mod device;
mod enrolments;
mod events;
mod health;
mod problem;
mod pull;
mod push;
mod reference;
mod wire;

pub(crate) use enrolments::create as create_enrolment;
pub(crate) use events::stream as stream_events;
pub(crate) use health::check as check_health;
pub use problem::{PROBLEM_CONTENT_TYPE, Problem};
pub(crate) use problem::{finish, not_found, panicked};
pub(crate) use pull::pull;
pub(crate) use push::push;
pub(crate) use reference::show as show_reference;
pub use wire::PACKED_BYTES_MAX;
