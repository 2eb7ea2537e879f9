//! Reference data in the log's database: areas, themes and inhabitants of each import.
//!
//! Colleagues are not imported: they are the accounts. An import that fails changes nothing.

use serde::{Deserialize, Serialize};
use wijkboek_model::{Areas, Colleague, Inhabitants, Reference, Theme, Timestamp};

use super::AccountError;
use super::audit::{Audit, By};
use crate::log::sql::{params, signed, unsigned};
use crate::log::{EntryBody, Log as _, LogError, SqlLog, transaction};

/// What an import brings.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ReferenceImport {
    /// The areas, with their teams.
    pub areas: Areas,
    /// The themes.
    pub themes: Vec<Theme>,
    /// Inhabitants per wijk and year.
    pub inhabitants: Vec<Inhabitants>,
}

impl SqlLog {
    /// Takes an import in as the newest reference data and gives its version.
    ///
    /// # Errors
    /// [`AccountError`]; nothing is changed then.
    pub fn import_reference(
        &mut self,
        import: &ReferenceImport,
        now: Timestamp,
    ) -> Result<u64, AccountError> {
        let body = serde_json::to_string(import).map_err(wijkboek_model::ReferenceError::Json)?;
        transaction(self, |log, _| {
            let number = log.append(EntryBody::Reference, now)?;
            log.db.execute(
                "INSERT INTO reference (municipality, number, body)
                 VALUES (:municipality, :number, :body)",
                params! {
                    ":municipality": log.municipality.as_str(),
                    ":number": signed(number),
                    ":body": body,
                },
            )?;
            log.note(
                &Audit {
                    by: By::CommandLine,
                    actor: None,
                    action: "import-reference",
                    object: number.to_string(),
                    done: true,
                },
                now,
            )?;
            Ok(number)
        })
    }

    /// The newest import; none before the first.
    ///
    /// # Errors
    /// [`LogError`].
    pub fn imported_reference(&self) -> Result<Option<ReferenceImport>, LogError> {
        let body: Option<String> = self.db.first(
            "SELECT body FROM reference WHERE municipality = :municipality
                 ORDER BY number DESC LIMIT 1",
            params! { ":municipality": self.municipality.as_str() },
            |row| row.get("body"),
        )?;
        body.map(|body| serde_json::from_str(&body))
            .transpose()
            .map_err(|_| LogError::Damaged { what: "reference data" })
    }

    /// What phones and pages get: the newest import and everybody who has an account.
    ///
    /// # Errors
    /// [`LogError`].
    pub fn reference(&self) -> Result<Option<Reference>, LogError> {
        // The version first: what is read after it is as new or newer, and a phone that has an
        // older version than its content only fetches once more.
        let version = self.reference_version()?;
        let Some(import) = self.imported_reference()? else { return Ok(None) };
        let colleagues = self
            .users()?
            .into_iter()
            .map(|user| Colleague {
                id: user.principal.id,
                name: user.name,
                role: user.principal.role.as_str().to_owned(),
            })
            .collect();
        Ok(Some(Reference {
            version,
            municipality: self.municipality.clone(),
            areas: import.areas,
            themes: import.themes,
            colleagues,
            inhabitants: import.inhabitants,
        }))
    }

    pub(crate) fn read_reference_version(&self) -> Result<u64, LogError> {
        let number = self.db.first(
            "SELECT CASE WHEN EXISTS (
                 SELECT 1 FROM reference WHERE municipality = :municipality)
             THEN (SELECT max(number) FROM log
                   WHERE municipality = :municipality AND kind IN ('scope', 'reference'))
             ELSE 0 END AS number",
            params! { ":municipality": self.municipality.as_str() },
            |row| row.get("number"),
        )?;
        unsigned(number.unwrap_or(0))
    }
}
