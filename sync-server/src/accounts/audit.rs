//! Who did what to accounts, devices and reference data: action, object, result, origin, actor and
//! time, without names or secrets.

use wijkboek_model::{PrincipalId, Timestamp};

use crate::log::sql::params;
use crate::log::{LogError, SqlLog};

/// Where an action came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum By {
    /// An admin command on the server itself.
    CommandLine,
    /// A phone.
    Phone,
    /// An office page.
    Office,
}

impl By {
    const fn as_str(self) -> &'static str {
        match self {
            Self::CommandLine => "command-line",
            Self::Phone => "phone",
            Self::Office => "office",
        }
    }
}

/// One line of the audit.
pub(super) struct Audit {
    pub(super) by: By,
    pub(super) actor: Option<PrincipalId>,
    pub(super) action: &'static str,
    pub(super) object: String,
    pub(super) done: bool,
}

/// A line as it is read back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditLine {
    /// When.
    pub at: Timestamp,
    /// What was done.
    pub action: String,
    /// To which account, device or version, by its id.
    pub object: String,
    /// `done` or `refused`.
    pub result: String,
    /// `command-line`, `phone` or `office`.
    pub origin: String,
}

impl SqlLog {
    /// Writes a line; inside the transaction of what it speaks of, when there is one.
    pub(super) fn note(&self, audit: &Audit, now: Timestamp) -> Result<(), LogError> {
        self.db.execute(
            "INSERT INTO audit (municipality, at, actor, action, object, result, origin)
                 VALUES (:municipality, :at, :actor, :action, :object, :result, :origin)",
            params! {
                ":municipality": self.municipality.as_str(),
                ":at": now.as_millis(),
                ":actor": audit.actor.as_ref().map(PrincipalId::as_bytes),
                ":action": audit.action,
                ":object": audit.object.as_str(),
                ":result": if audit.done { "done" } else { "refused" },
                ":origin": audit.by.as_str(),
            },
        )?;
        Ok(())
    }

    /// The newest lines of the audit, newest first.
    ///
    /// # Errors
    /// [`LogError`].
    pub fn audit(&self, limit: u32) -> Result<Vec<AuditLine>, LogError> {
        self.db.rows(
            "SELECT at, action, object, result, origin FROM audit
             WHERE municipality = :municipality ORDER BY id DESC LIMIT :limit",
            params! { ":municipality": self.municipality.as_str(), ":limit": limit },
            |row| {
                Ok(AuditLine {
                    at: Timestamp::from_millis(row.get("at")?),
                    action: row.get("action")?,
                    object: row.get("object")?,
                    result: row.get("result")?,
                    origin: row.get("origin")?,
                })
            },
        )
    }
}
