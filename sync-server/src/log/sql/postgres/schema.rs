//! Making and migrating the tables. One process does it, the others wait.

use tokio_postgres::Client;

use super::connect::wait;
use super::log_error;
use crate::log::LogError;

/// Numbered migrations; never changed once released. The same tables as in `SQLite`.
pub(in crate::log::sql) const MIGRATIONS: &[&str] = &[include_str!("0001_log.sql")];

/// The number under which processes wait for each other: "wijk" in ASCII.
const LOCK: &str = "SELECT pg_advisory_xact_lock(2003397483)";

pub(super) fn migrate(client: &Client) -> Result<(), LogError> {
    let known = i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX);
    if version(client)? == known {
        return Ok(());
    }
    batch(client, "BEGIN")?;
    let done = locked(client, known);
    batch(client, if done.is_ok() { "COMMIT" } else { "ROLLBACK" })?;
    done
}

fn locked(client: &Client, known: i64) -> Result<(), LogError> {
    batch(client, LOCK)?;
    // First: it makes the database look again, which remembers a table that was not there.
    batch(client, "CREATE TABLE IF NOT EXISTS wijkboek_schema (version BIGINT NOT NULL)")?;
    let found = version(client)?;
    if found > known {
        return Err(LogError::NewerDatabase { found, known });
    }
    for sql in MIGRATIONS.iter().skip(usize::try_from(found).unwrap_or(0)) {
        batch(client, sql)?;
    }
    batch(client, "DELETE FROM wijkboek_schema")?;
    batch(client, &format!("INSERT INTO wijkboek_schema (version) VALUES ({known})"))
}

/// The version of the tables; 0 before there are any.
fn version(client: &Client) -> Result<i64, LogError> {
    let failed = |error| log_error(&error);
    let there = wait(client.query_one("SELECT to_regclass('wijkboek_schema') IS NOT NULL", &[]));
    if !there.map_err(failed)?.get::<_, bool>(0) {
        return Ok(0);
    }
    let row = wait(client.query_opt("SELECT version FROM wijkboek_schema", &[]));
    Ok(row.map_err(failed)?.map_or(0, |row| row.get(0)))
}

fn batch(client: &Client, sql: &str) -> Result<(), LogError> {
    wait(client.batch_execute(sql)).map_err(|error| log_error(&error))
}
