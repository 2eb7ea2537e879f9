//! The log's database as one `SQLite` file.
//!
//! WAL with `synchronous = FULL`: what was committed survives a power cut. Other processes (the
//! admin commands) may write at the same time; `BEGIN IMMEDIATE` queues them.

use std::path::Path;
use std::time::Duration;

use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, ToSql};

use super::db::{Param, Row, Value};
use crate::log::LogError;

/// How long a writer waits for another process before it gives up.
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);

/// Numbered migrations; never changed once released.
pub(super) const MIGRATIONS: &[&str] = &[include_str!("sqlite/0001_log.sql")];

/// One connection to the file.
pub(crate) struct Sqlite {
    conn: Connection,
}

impl Sqlite {
    pub(super) fn open(path: &Path) -> Result<Self, LogError> {
        Self::set_up(Connection::open(path)?)
    }

    pub(super) fn in_memory() -> Result<Self, LogError> {
        Self::set_up(Connection::open_in_memory()?)
    }

    fn set_up(mut conn: Connection) -> Result<Self, LogError> {
        configure(&conn)?;
        migrate(&mut conn)?;
        Ok(Self { conn })
    }

    pub(super) fn execute(&self, sql: &str, params: &[Param<'_>]) -> Result<u64, LogError> {
        let changed = self.conn.prepare_cached(sql)?.execute(&*bound(params))?;
        Ok(changed as u64)
    }

    pub(super) fn each(
        &self,
        sql: &str,
        params: &[Param<'_>],
        read: &mut dyn FnMut(&Row<'_>) -> Result<(), LogError>,
    ) -> Result<(), LogError> {
        let mut statement = self.conn.prepare_cached(sql)?;
        let mut rows = statement.query(&*bound(params))?;
        while let Some(row) = rows.next()? {
            read(&Row::Sqlite(row))?;
        }
        Ok(())
    }

    pub(super) fn begin(&self) -> Result<(), LogError> {
        Ok(self.conn.execute_batch("BEGIN IMMEDIATE")?)
    }

    pub(super) fn commit(&self) -> Result<(), LogError> {
        Ok(self.conn.execute_batch("COMMIT")?)
    }

    pub(super) fn rollback(&self) {
        // Fails only when SQLite has rolled back by itself, which is what is wanted.
        if !self.conn.is_autocommit() {
            drop(self.conn.execute_batch("ROLLBACK"));
        }
    }
}

fn bound<'a>(params: &'a [Param<'a>]) -> Vec<(&'static str, &'a dyn ToSql)> {
    params.iter().map(|(name, value)| (*name, value as &dyn ToSql)).collect()
}

impl ToSql for Value<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Null => ValueRef::Null,
            Self::Int(number) => ValueRef::Integer(*number),
            Self::Text(text) => ValueRef::Text(text.as_bytes()),
            Self::Blob(bytes) => ValueRef::Blob(bytes),
        }))
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
