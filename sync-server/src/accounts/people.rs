//! People with an account, and what their role and wijken are.

use std::collections::{BTreeSet, HashMap};

use wijkboek_model::{AreaCode, Principal, PrincipalId, Role, Timestamp};

use super::AccountError;
use super::audit::{Audit, By};
use crate::log::sql::{params, row_id};
use crate::log::{EntryBody, Log as _, LogError, SqlLog, transaction};

/// Longest name in characters.
const NAME_CHARS_MAX: usize = 100;

/// Somebody with an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// Who, with role and wijken as they are now.
    pub principal: Principal,
    /// As they are called at work.
    pub name: String,
}

impl SqlLog {
    /// Makes an account. Appends a scope entry, so that phones learn the new colleague's name.
    ///
    /// # Errors
    /// [`AccountError`].
    pub fn add_user(
        &mut self,
        id: PrincipalId,
        name: &str,
        role: Role,
        wijken: BTreeSet<AreaCode>,
        now: Timestamp,
    ) -> Result<User, AccountError> {
        let name = checked_name(name)?;
        self.check_wijken(role, &wijken)?;
        let principal = Principal { id, role, wijken };
        transaction(self, |log, _| {
            if log.users()?.iter().any(|user| user.name.to_lowercase() == name.to_lowercase()) {
                return Err(AccountError::NameTaken);
            }
            log.db.execute(
                "INSERT INTO principal (municipality, id, name, created_at)
                 VALUES (:municipality, :id, :name, :at)",
                params! {
                    ":municipality": log.municipality.as_str(),
                    ":id": id.as_bytes(),
                    ":name": name.as_str(),
                    ":at": now.as_millis(),
                },
            )?;
            log.append(EntryBody::Scope(principal.clone()), now)?;
            log.note(
                &Audit {
                    by: By::CommandLine,
                    actor: None,
                    action: "add-user",
                    object: id.to_string(),
                    done: true,
                },
                now,
            )?;
            Ok(User { principal: principal.clone(), name: name.clone() })
        })
    }

    /// Gives somebody another role or other wijken from now on.
    ///
    /// # Errors
    /// [`AccountError`].
    pub fn set_scope(
        &mut self,
        id: PrincipalId,
        role: Role,
        wijken: BTreeSet<AreaCode>,
        now: Timestamp,
    ) -> Result<(), AccountError> {
        self.check_wijken(role, &wijken)?;
        transaction(self, |log, head| {
            let before = log.principal_at(id, head.number)?.ok_or(AccountError::UnknownUser)?;
            let after = Principal { id, role, wijken };
            if before != after {
                log.append(EntryBody::Scope(after), now)?;
                log.note(
                    &Audit {
                        by: By::CommandLine,
                        actor: None,
                        action: "set-scope",
                        object: id.to_string(),
                        done: true,
                    },
                    now,
                )?;
            }
            Ok(())
        })
    }

    /// Everybody, by name.
    ///
    /// # Errors
    /// [`LogError`].
    pub fn users(&self) -> Result<Vec<User>, LogError> {
        let head = self.head()?.number;
        let mut users = Vec::new();
        for (id, name) in self.names()? {
            if let Some(principal) = self.principal_at(id, head)? {
                users.push(User { principal, name });
            }
        }
        users.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(users)
    }

    /// One account with the rights of now.
    ///
    /// # Errors
    /// [`LogError`].
    pub fn user(&self, id: PrincipalId) -> Result<Option<User>, LogError> {
        let Some(principal) = self.principal_at(id, self.head()?.number)? else { return Ok(None) };
        Ok(self.read_name(id)?.map(|name| User { principal, name }))
    }

    /// An account by its id or its name, as somebody types it.
    ///
    /// # Errors
    /// [`AccountError::UnknownUser`].
    pub fn find_user(&self, typed: &str) -> Result<User, AccountError> {
        let typed = typed.trim();
        let found = match typed.parse::<PrincipalId>() {
            Ok(id) => self.user(id)?,
            Err(_) => self
                .users()?
                .into_iter()
                .find(|user| user.name.to_lowercase() == typed.to_lowercase()),
        };
        found.ok_or(AccountError::UnknownUser)
    }

    /// What everybody is called, also those without rights.
    ///
    /// # Errors
    /// [`LogError`].
    pub fn names(&self) -> Result<HashMap<PrincipalId, String>, LogError> {
        let names = self.db.rows(
            "SELECT id, name FROM principal WHERE municipality = :municipality",
            params! { ":municipality": self.municipality.as_str() },
            |row| Ok((row_id(row, "id", PrincipalId::from_bytes)?, row.get("name")?)),
        )?;
        Ok(names.into_iter().collect())
    }

    /// A mistyped code would show somebody an empty book for ever.
    fn check_wijken(&self, role: Role, wijken: &BTreeSet<AreaCode>) -> Result<(), AccountError> {
        let needed = matches!(role, Role::Wijkregisseur | Role::Ambassadeur);
        if needed && wijken.is_empty() {
            return Err(AccountError::WijkMissing);
        }
        let known = self.imported_reference()?;
        for code in wijken {
            let is_wijk = code.wijk().as_ref() == Some(code);
            let exists = known.as_ref().is_none_or(|known| known.areas.get(code).is_some());
            if !is_wijk || !exists {
                return Err(AccountError::UnknownWijk(code.clone()));
            }
        }
        Ok(())
    }

    pub(crate) fn read_name(&self, id: PrincipalId) -> Result<Option<String>, LogError> {
        let name = self.db.first(
            "SELECT name FROM principal WHERE municipality = :municipality AND id = :id",
            params! {
                ":municipality": self.municipality.as_str(),
                ":id": id.as_bytes(),
            },
            |row| row.get("name"),
        )?;
        Ok(name)
    }
}

fn checked_name(name: &str) -> Result<String, AccountError> {
    let name = name.trim();
    let length = name.chars().count();
    if length == 0 || length > NAME_CHARS_MAX || name.chars().any(char::is_control) {
        return Err(AccountError::BadName);
    }
    Ok(name.to_owned())
}
