//! The log in one `SQLite` file: opening, migrating, and the [`Log`] that the ledger uses.
//!
//! WAL with `synchronous = FULL`: what was committed survives a power cut. Other processes (the
//! admin commands) may write at the same time; `BEGIN IMMEDIATE` queues them.

mod read;
mod write;

use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, OptionalExtension as _, named_params};
use wijkboek_model::{MunicipalityCode, Timestamp};

use super::{Head, LogError};
pub(crate) use read::{id as read_id, signed, unsigned};

/// How long a writer waits for another process before it gives up.
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);

/// Numbered migrations; never changed once released.
const MIGRATIONS: &[&str] = &[include_str!("sqlite/0001_log.sql")];

/// One connection to the log of one municipality.
pub struct SqliteLog {
    pub(crate) conn: Connection,
    pub(crate) municipality: MunicipalityCode,
    /// The head inside the open transaction.
    open: Option<Head>,
}

impl SqliteLog {
    /// Opens the log, making and migrating the file and the municipality's head row as needed.
    ///
    /// # Errors
    /// [`LogError`].
    pub fn open(
        path: &Path,
        municipality: &MunicipalityCode,
        now: Timestamp,
    ) -> Result<Self, LogError> {
        Self::set_up(Connection::open(path)?, municipality, now)
    }

    /// A log that lives in memory, for simulations and tests.
    ///
    /// # Errors
    /// [`LogError`].
    pub fn in_memory(municipality: &MunicipalityCode, now: Timestamp) -> Result<Self, LogError> {
        Self::set_up(Connection::open_in_memory()?, municipality, now)
    }

    /// The municipalities in a file, for commands that are not told which.
    ///
    /// # Errors
    /// [`LogError`].
    pub fn municipalities(path: &Path) -> Result<Vec<MunicipalityCode>, LogError> {
        let mut conn = Connection::open(path)?;
        configure(&conn)?;
        migrate(&mut conn)?;
        let mut statement = conn.prepare("SELECT code FROM municipality ORDER BY code")?;
        let codes = statement.query_map([], |row| row.get::<_, String>(0))?;
        codes
            .map(|code| {
                code?.parse().map_err(|_| LogError::Damaged { what: "municipality's code" })
            })
            .collect()
    }

    fn set_up(
        mut conn: Connection,
        municipality: &MunicipalityCode,
        now: Timestamp,
    ) -> Result<Self, LogError> {
        configure(&conn)?;
        migrate(&mut conn)?;
        let known: Option<i64> = conn
            .query_row(
                "SELECT epoch FROM municipality WHERE code = :code",
                named_params! { ":code": municipality.as_str() },
                |row| row.get(0),
            )
            .optional()?;
        if known.is_none() {
            conn.execute(
                "INSERT INTO municipality (code, epoch, number, chain, created_at)
                 VALUES (:code, :epoch, 0, zeroblob(32), :at) ON CONFLICT DO NOTHING",
                named_params! {
                    ":code": municipality.as_str(),
                    // A log that starts anew must not be taken for the one before it.
                    ":epoch": now.as_millis(),
                    ":at": now.as_millis(),
                },
            )?;
        }
        Ok(Self { conn, municipality: municipality.clone(), open: None })
    }
}

fn configure(conn: &Connection) -> Result<(), LogError> {
    conn.busy_timeout(BUSY_TIMEOUT)?;
    conn.set_prepared_statement_cache_capacity(64);
    conn.pragma_update(None, "journal_mode", "WAL")?;
    conn.pragma_update(None, "synchronous", "FULL")?;
    conn.pragma_update(None, "foreign_keys", true)?;
    conn.pragma_update(None, "secure_delete", true)?;
    Ok(())
}

fn migrate(conn: &mut Connection) -> Result<(), LogError> {
    let known = i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX);
    let version = |conn: &Connection| {
        conn.pragma_query_value(None, "user_version", |row| row.get::<_, i64>(0))
    };
    if version(conn)? == known {
        return Ok(());
    }
    // Two processes may start at once: look again once the file is ours.
    let transaction = conn.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
    let found = version(&transaction)?;
    if found > known {
        return Err(LogError::NewerDatabase { found, known });
    }
    for sql in MIGRATIONS.iter().skip(usize::try_from(found).unwrap_or(0)) {
        transaction.execute_batch(sql)?;
    }
    transaction.pragma_update(None, "user_version", known)?;
    transaction.commit()?;
    Ok(())
}
