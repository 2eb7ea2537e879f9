//! Accounts, devices, one-time codes and sessions: rows of the log's database beside the log.
//!
//! Secrets are kept as SHA-256 only. What changes somebody's rights is a log entry as well, in the
//! same transaction, so that phones and the other process notice.

mod audit;
mod codes;
mod counts;
mod devices;
mod office;
mod people;
mod reference;

use wijkboek_model::{DeviceId, InstallId, PrincipalId, Timestamp};

use crate::log::LogError;
use crate::secret::NoRandomness;

pub use audit::AuditLine;
pub use codes::{CODE_VALID_MS, Purpose};
pub use counts::LogCounts;
pub use devices::Enrolled;
pub use office::SESSION_VALID_MS;
pub use people::User;
pub use reference::ReferenceImport;

/// Why something about an account cannot be done.
#[derive(Debug, thiserror::Error)]
pub enum AccountError {
    /// The database.
    #[error(transparent)]
    Log(#[from] LogError),
    /// No randomness for a secret.
    #[error(transparent)]
    NoRandomness(#[from] NoRandomness),
    /// The code is unknown, used or too old; which of these is not told.
    #[error("the code is not valid, or not any more")]
    CodeRefused,
    /// The installation is enrolled for somebody else, or was revoked.
    #[error("this installation belongs to another account or was revoked")]
    InstallTaken,
    /// Somebody is called that already.
    #[error("there is an account with this name already")]
    NameTaken,
    /// A name that cannot be shown.
    #[error("a name has 1 to 100 characters on one line")]
    BadName,
    /// There is no such account.
    #[error("there is no such account")]
    UnknownUser,
    /// A wijkregisseur or ambassadeur without a wijk sees nothing of anybody.
    #[error("this role needs at least one wijk (a code like WK059706)")]
    WijkMissing,
    /// No such wijk in this municipality.
    #[error("{0} is not a wijk of this municipality")]
    UnknownWijk(wijkboek_model::AreaCode),
    /// Reference data that cannot be written as JSON.
    #[error("the reference data cannot be written: {0}")]
    Reference(#[from] wijkboek_model::ReferenceError),
}

/// An enrolled installation of the app, as the ledger needs to know it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Device {
    /// Its id.
    pub id: DeviceId,
    /// Whose it is.
    pub principal: PrincipalId,
    /// The installation that may make actors.
    pub install: InstallId,
    /// Since when it is not heard any more.
    pub revoked_at: Option<Timestamp>,
}
