//! How much the log holds, for whoever looks after it.

use wijkboek_model::MunicipalityCode;

use crate::log::sql::{params, unsigned};
use crate::log::{Log as _, LogError, SqlLog};

/// Counts of one municipality's log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogCounts {
    /// The municipality.
    pub municipality: MunicipalityCode,
    /// The number of the last entry.
    pub head: u64,
    /// Accepted changes.
    pub changes: u64,
    /// Documents.
    pub documents: u64,
    /// Refusals.
    pub refused: u64,
    /// Accounts.
    pub users: u64,
    /// Phones, revoked ones included.
    pub devices: u64,
    /// The version of the reference data; 0 before the first import.
    pub reference_version: u64,
}

impl SqlLog {
    /// Counts what the log holds.
    ///
    /// # Errors
    /// [`LogError`].
    pub fn counts(&self) -> Result<LogCounts, LogError> {
        let count = |sql: &str| -> Result<u64, LogError> {
            let municipality = params! { ":municipality": self.municipality.as_str() };
            let count = self.db.first(sql, municipality, |row| row.get("found"))?;
            unsigned(count.unwrap_or(0))
        };
        Ok(LogCounts {
            municipality: self.municipality.clone(),
            head: self.head()?.number,
            changes: count(
                "SELECT count(*) AS found FROM log WHERE municipality = :municipality AND kind = 'change'",
            )?,
            documents: count(
                "SELECT count(DISTINCT document) AS found FROM audience WHERE municipality = :municipality",
            )?,
            refused: count(
                "SELECT count(*) AS found FROM refusal WHERE municipality = :municipality",
            )?,
            users: count(
                "SELECT count(*) AS found FROM principal WHERE municipality = :municipality",
            )?,
            devices: count(
                "SELECT count(*) AS found FROM device WHERE municipality = :municipality",
            )?,
            reference_version: self.reference_version()?,
        })
    }
}
