//! The log in an SQL database: an `SQLite` file, or `PostgreSQL` where several processes serve.
//!
//! One set of statements for both ([`db`]), so that neither can say something else than the other.

mod db;
mod postgres;
mod read;
mod sqlite;
mod write;

use std::path::{Path, PathBuf};

use wijkboek_model::{MunicipalityCode, Timestamp};

use super::{Head, LogError};
use postgres::Postgres;
use sqlite::Sqlite;

pub(crate) use db::{Db, Row, Value, params};
pub use postgres::{Listener, PostgresAddress};
pub(crate) use read::{row_id, signed, unsigned};

/// Where the log's database is.
#[derive(Debug, Clone)]
pub enum LogPlace {
    /// An `SQLite` file, for one serving process.
    File(PathBuf),
    /// A `PostgreSQL` database, for any number of them.
    Postgres(PostgresAddress),
}

/// One connection to the log of one municipality.
pub struct SqlLog {
    pub(crate) db: Db,
    pub(crate) municipality: MunicipalityCode,
    /// The head inside the open transaction.
    open: Option<Head>,
}

impl SqlLog {
    /// Opens the log, making and migrating the tables and the municipality's head row as needed.
    ///
    /// # Errors
    /// [`LogError`].
    pub fn open_at(
        place: &LogPlace,
        municipality: &MunicipalityCode,
        now: Timestamp,
    ) -> Result<Self, LogError> {
        Self::set_up(connect(place)?, municipality, now)
    }

    /// The same, in a file.
    ///
    /// # Errors
    /// [`LogError`].
    pub fn open(
        path: &Path,
        municipality: &MunicipalityCode,
        now: Timestamp,
    ) -> Result<Self, LogError> {
        Self::set_up(Db::Sqlite(Sqlite::open(path)?), municipality, now)
    }

    /// A log that lives in memory, for simulations and tests.
    ///
    /// # Errors
    /// [`LogError`].
    pub fn in_memory(municipality: &MunicipalityCode, now: Timestamp) -> Result<Self, LogError> {
        Self::set_up(Db::Sqlite(Sqlite::in_memory()?), municipality, now)
    }

    /// The municipalities in a log, for commands that are not told which.
    ///
    /// # Errors
    /// [`LogError`].
    pub fn municipalities(place: &LogPlace) -> Result<Vec<MunicipalityCode>, LogError> {
        let db = connect(place)?;
        db.rows("SELECT code FROM municipality ORDER BY code", &[], |row| {
            let code: String = row.get("code")?;
            code.parse().map_err(|_| LogError::Damaged { what: "municipality's code" })
        })
    }

    /// Whether the connection can still be used; one that broke is thrown away.
    pub(crate) fn is_usable(&self) -> bool {
        self.open.is_none() && self.db.is_usable()
    }

    fn set_up(db: Db, municipality: &MunicipalityCode, now: Timestamp) -> Result<Self, LogError> {
        let known = db.first(
            "SELECT epoch FROM municipality WHERE code = :code",
            params! { ":code": municipality.as_str() },
            |row| row.get::<i64>("epoch"),
        )?;
        if known.is_none() {
            db.execute(
                "INSERT INTO municipality (code, epoch, number, chain, created_at)
                 VALUES (:code, :epoch, 0, :chain, :at) ON CONFLICT DO NOTHING",
                params! {
                    ":code": municipality.as_str(),
                    // A log that starts anew must not be taken for the one before it.
                    ":epoch": now.as_millis(),
                    ":chain": &[0; 32],
                    ":at": now.as_millis(),
                },
            )?;
        }
        Ok(Self { db, municipality: municipality.clone(), open: None })
    }
}

fn connect(place: &LogPlace) -> Result<Db, LogError> {
    Ok(match place {
        LogPlace::File(path) => Db::Sqlite(Sqlite::open(path)?),
        LogPlace::Postgres(address) => Db::Postgres(Box::new(Postgres::connect(address)?)),
    })
}

#[cfg(test)]
mod tests {
    /// The statements of a schema in one spelling, without comments.
    fn plain(sql: &str) -> String {
        let lines = sql.lines().filter(|line| !line.starts_with("--"));
        let text = lines.collect::<Vec<_>>().join(" ");
        let text = text
            .replace("BIGINT GENERATED ALWAYS AS IDENTITY", "INTEGER")
            .replace("BIGINT", "INTEGER")
            .replace("BYTEA", "BLOB")
            .replace(" STRICT, WITHOUT ROWID", "")
            .replace(" STRICT", "");
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn both_databases_have_the_same_tables() {
        for (sqlite, postgres) in super::sqlite::MIGRATIONS.iter().zip(super::postgres::MIGRATIONS)
        {
            assert_eq!(plain(sqlite), plain(postgres));
        }
        assert_eq!(super::sqlite::MIGRATIONS.len(), super::postgres::MIGRATIONS.len());
    }
}
