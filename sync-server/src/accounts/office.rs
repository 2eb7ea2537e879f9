//! Sessions of people at the office, and the installations under which their edits are made.

use std::collections::HashMap;

use wijkboek_model::{ActorId, InstallId, PrincipalId, Timestamp};

use super::audit::{Audit, By};
use super::{AccountError, Purpose, User};
use crate::log::sql::{params, row_id};
use crate::log::{Log as _, LogError, SqlLog, transaction};
use crate::secret;

/// How long a session lasts, in milliseconds: a working day.
pub const SESSION_VALID_MS: i64 = 12 * 60 * 60 * 1_000;

impl SqlLog {
    /// Exchanges a one-time login code for a session token.
    ///
    /// # Errors
    /// [`AccountError::CodeRefused`] and failures of the database.
    pub fn log_in(&mut self, code: &str, now: Timestamp) -> Result<String, AccountError> {
        let token = secret::token()?;
        let done = transaction(self, |log, _| {
            let principal = log.redeem_code(Purpose::Login, code, now)?;
            log.db.execute(
                "DELETE FROM session WHERE municipality = :municipality AND expires_at <= :now",
                params! {
                    ":municipality": log.municipality.as_str(),
                    ":now": now.as_millis(),
                },
            )?;
            log.db.execute(
                "INSERT INTO session (municipality, token_hash, principal, created_at, expires_at)
                 VALUES (:municipality, :token_hash, :principal, :at, :expires)",
                params! {
                    ":municipality": log.municipality.as_str(),
                    ":token_hash": &secret::hash(&token),
                    ":principal": principal.as_bytes(),
                    ":at": now.as_millis(),
                    ":expires": now.plus_millis(SESSION_VALID_MS).as_millis(),
                },
            )?;
            log.note(
                &Audit {
                    by: By::Office,
                    actor: Some(principal),
                    action: "log-in",
                    object: principal.to_string(),
                    done: true,
                },
                now,
            )?;
            Ok(token)
        });
        if let Err(AccountError::CodeRefused) = &done {
            let refused = Audit {
                by: By::Office,
                actor: None,
                action: "log-in",
                object: String::new(),
                done: false,
            };
            self.note(&refused, now)?;
        }
        done
    }

    /// Ends a session.
    ///
    /// # Errors
    /// [`LogError`].
    pub fn log_out(&self, token: &str) -> Result<(), LogError> {
        self.db.execute(
            "DELETE FROM session WHERE municipality = :municipality AND token_hash = :token_hash",
            params! {
                ":municipality": self.municipality.as_str(),
                ":token_hash": &secret::hash(token),
            },
        )?;
        Ok(())
    }

    /// Whose session this is, with the rights of now; none when it ended.
    ///
    /// # Errors
    /// [`LogError`].
    pub fn session(&self, token: &str, now: Timestamp) -> Result<Option<User>, LogError> {
        let principal = self.db.first(
            "SELECT principal FROM session WHERE municipality = :municipality
                   AND token_hash = :token_hash AND expires_at > :now",
            params! {
                ":municipality": self.municipality.as_str(),
                ":token_hash": &secret::hash(token),
                ":now": now.as_millis(),
            },
            |row| row_id(row, "principal", PrincipalId::from_bytes),
        )?;
        let Some(principal) = principal else { return Ok(None) };
        self.user(principal)
    }

    /// Makes an installation for somebody's edits at the office by this process.
    ///
    /// # Errors
    /// [`AccountError`].
    pub fn office_install(
        &mut self,
        principal: PrincipalId,
        now: Timestamp,
    ) -> Result<InstallId, AccountError> {
        let install = secret::install()?;
        transaction(self, |log, head| {
            if log.principal_at(principal, head.number)?.is_none() {
                return Err(AccountError::UnknownUser);
            }
            log.register_install(install, principal, "office", now)?;
            Ok(install)
        })
    }

    /// Who stands behind actors; those of an unknown installation are left out.
    ///
    /// # Errors
    /// [`LogError`].
    pub fn principals_of(
        &self,
        actors: &[ActorId],
    ) -> Result<HashMap<ActorId, PrincipalId>, LogError> {
        let mut found = HashMap::new();
        for actor in actors {
            if let Some(principal) = self.install_owner(actor.install())? {
                found.insert(*actor, principal);
            }
        }
        Ok(found)
    }
}
