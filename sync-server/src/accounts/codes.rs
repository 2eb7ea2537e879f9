//! One-time codes: shown once, kept as a hash, valid for fifteen minutes and one use.

use wijkboek_model::{PrincipalId, Timestamp};

use super::AccountError;
use super::audit::{Audit, By};
use crate::log::sql::{params, row_id};
use crate::log::{Log as _, SqlLog, transaction};
use crate::secret;

/// How long a code can be used, in milliseconds.
pub const CODE_VALID_MS: i64 = 15 * 60 * 1_000;

/// What a code is good for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Making a phone known.
    Enrol,
    /// A session in a browser.
    Login,
}

impl Purpose {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Enrol => "enrol",
            Self::Login => "login",
        }
    }

    const fn audited(self) -> &'static str {
        match self {
            Self::Enrol => "issue-enrolment-code",
            Self::Login => "issue-login-code",
        }
    }
}

impl SqlLog {
    /// Makes a code for somebody. The answer is the only place where it can be read.
    ///
    /// # Errors
    /// [`AccountError::UnknownUser`] and failures of the database.
    pub fn issue_code(
        &mut self,
        purpose: Purpose,
        principal: PrincipalId,
        now: Timestamp,
    ) -> Result<String, AccountError> {
        let code = secret::code()?;
        transaction(self, |log, head| {
            if log.principal_at(principal, head.number)?.is_none() {
                return Err(AccountError::UnknownUser);
            }
            log.db.execute(
                "DELETE FROM one_time_code WHERE municipality = :municipality
                   AND expires_at <= :now",
                params! {
                    ":municipality": log.municipality.as_str(),
                    ":now": now.as_millis(),
                },
            )?;
            log.db.execute(
                "INSERT INTO one_time_code
                     (municipality, code_hash, purpose, principal, created_at, expires_at)
                 VALUES (:municipality, :hash, :purpose, :principal, :at, :expires)",
                params! {
                    ":municipality": log.municipality.as_str(),
                    ":hash": &secret::code_hash(&code),
                    ":purpose": purpose.as_str(),
                    ":principal": principal.as_bytes(),
                    ":at": now.as_millis(),
                    ":expires": now.plus_millis(CODE_VALID_MS).as_millis(),
                },
            )?;
            log.note(
                &Audit {
                    by: By::CommandLine,
                    actor: None,
                    action: purpose.audited(),
                    object: principal.to_string(),
                    done: true,
                },
                now,
            )?;
            Ok(code)
        })
    }

    /// Uses a code up. Call it inside a transaction together with what the code is exchanged for,
    /// so that a failure there leaves the code usable.
    ///
    /// # Errors
    /// [`AccountError::CodeRefused`] and failures of the database.
    pub(super) fn redeem_code(
        &self,
        purpose: Purpose,
        typed: &str,
        now: Timestamp,
    ) -> Result<PrincipalId, AccountError> {
        let principal = self.db.first(
            "UPDATE one_time_code SET used_at = :now
                 WHERE municipality = :municipality AND code_hash = :hash AND purpose = :purpose
                   AND used_at IS NULL AND expires_at > :now
                 RETURNING principal",
            params! {
                ":municipality": self.municipality.as_str(),
                ":hash": &secret::code_hash(typed),
                ":purpose": purpose.as_str(),
                ":now": now.as_millis(),
            },
            |row| row_id(row, "principal", PrincipalId::from_bytes),
        )?;
        principal.ok_or(AccountError::CodeRefused)
    }
}
