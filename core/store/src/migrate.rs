//! Brings a database to the newest schema.
//!
//! Migrations are numbered files that never change once released; `user_version` says how many a
//! database has had. All that are lacking run in one transaction. A newer database is refused
//! before anything is written.

use rusqlite::{Connection, TransactionBehavior};

use crate::{OpenError, StoreError, rebuild};

/// The schema's history; the version of a database is the number of steps it has had.
pub(crate) const MIGRATIONS: &[&str] = &[
    include_str!("migrations/0001_initial.sql"),
    include_str!("migrations/0002_packs.sql"),
    include_str!("migrations/0003_read_model.sql"),
    include_str!("migrations/0004_author_index.sql"),
    include_str!("migrations/0005_belated.sql"),
    include_str!("migrations/0006_blobs.sql"),
    include_str!("migrations/0007_small_rows.sql"),
];

/// The last step that made the tables of the read model anew.
const READ_MODEL: u32 = 7;

/// "Wijk" in ASCII, so that another program's database is never taken for ours.
const APPLICATION_ID: u32 = 0x5769_6a6b;

/// Refuses what this version must not touch: a newer database, or another program's.
pub(crate) fn check(connection: &Connection, steps: &[&str]) -> Result<(), OpenError> {
    let found = user_version(connection)?;
    let known = u32::try_from(steps.len()).unwrap_or(u32::MAX);
    let application: u32 = connection.query_row("PRAGMA application_id", [], |r| r.get(0))?;
    let empty: bool =
        connection
            .query_row("SELECT NOT EXISTS (SELECT 1 FROM sqlite_schema)", [], |r| r.get(0))?;
    if application != APPLICATION_ID && !(empty && application == 0) {
        return Err(OpenError::Foreign);
    }
    if found > known {
        return Err(OpenError::NewerDatabase { found, known });
    }
    Ok(())
}

/// Fills the read model from the changes, where a step made it anew since this version.
pub(crate) fn refill(tx: &Connection, from: u32) -> Result<(), OpenError> {
    let filled = match from {
        1..READ_MODEL => rebuild::fill(tx),
        _ => Ok(()),
    };
    filled.map_err(|error| match error {
        StoreError::Full => OpenError::Full,
        StoreError::Locked => OpenError::Locked,
        StoreError::Sqlite(error) => OpenError::Sqlite(error),
        // None of these comes from filling: what cannot be read is entered as unreadable.
        StoreError::Damaged
        | StoreError::NotFound { .. }
        | StoreError::Exists { .. }
        | StoreError::Sent { .. }
        | StoreError::Invalid(_)
        | StoreError::Document(_)
        | StoreError::Pack(_)
        | StoreError::BlobMissing { .. }
        | StoreError::BlobDamaged { .. }
        | StoreError::OtherContent
        | StoreError::NoBlobFolder
        | StoreError::Files(_)
        | StoreError::Reference(_) => OpenError::Damaged,
    })
}

/// Runs the steps that the database has not had, and then `after`, in one transaction.
pub(crate) fn run(
    connection: &mut Connection,
    steps: &[&str],
    after: fn(&Connection, u32) -> Result<(), OpenError>,
) -> Result<(), OpenError> {
    let newest = u32::try_from(steps.len()).unwrap_or(u32::MAX);
    if user_version(connection)? >= newest {
        return Ok(());
    }
    let tx = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    // Another process may have been faster: what counts is the version under the lock.
    let done = user_version(&tx)?;
    for step in steps.iter().skip(usize::try_from(done).unwrap_or(usize::MAX)) {
        tx.execute_batch(step)?;
    }
    after(&tx, done)?;
    if tx.prepare("PRAGMA foreign_key_check")?.exists([])? {
        return Err(OpenError::Damaged);
    }
    tx.pragma_update(None, "application_id", APPLICATION_ID)?;
    tx.pragma_update(None, "user_version", done.max(newest))?;
    tx.commit()?;
    tracing::info!(from = done, to = newest, "database schema brought up to date");
    Ok(())
}

fn user_version(connection: &Connection) -> Result<u32, rusqlite::Error> {
    connection.query_row("PRAGMA user_version", [], |row| row.get(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: &str = "CREATE TABLE a (x INTEGER) STRICT; INSERT INTO a VALUES (1);";
    const TWO: &str = "ALTER TABLE a ADD COLUMN y TEXT; UPDATE a SET y = 'twee';";
    const BROKEN: &str = "CREATE TABLE b (x INTEGER) STRICT; INSERT INTO nowhere VALUES (1);";

    #[expect(clippy::unnecessary_wraps, reason = "the signature is that of what fills tables")]
    fn nothing(_: &Connection, _: u32) -> Result<(), OpenError> {
        Ok(())
    }

    fn fresh() -> Connection {
        Connection::open_in_memory().expect("memory is available")
    }

    fn value(connection: &Connection) -> (i64, String) {
        connection
            .query_row("SELECT x, y FROM a", [], |row| Ok((row.get(0)?, row.get(1)?)))
            .expect("the row")
    }

    #[test]
    fn step_by_step_equals_all_at_once() {
        let mut at_once = fresh();
        run(&mut at_once, &[ONE, TWO], nothing).expect("runs");
        let mut slowly = fresh();
        run(&mut slowly, &[ONE], nothing).expect("runs");
        run(&mut slowly, &[ONE, TWO], nothing).expect("runs");
        run(&mut slowly, &[ONE, TWO], nothing).expect("again is nothing");
        assert_eq!(value(&at_once), value(&slowly));
        assert_eq!(user_version(&slowly).expect("version"), 2);
    }

    #[test]
    fn a_failing_step_leaves_the_old_version_whole() {
        let mut db = fresh();
        run(&mut db, &[ONE], nothing).expect("runs");
        assert!(run(&mut db, &[ONE, TWO, BROKEN], nothing).is_err());
        assert_eq!(user_version(&db).expect("version"), 1);
        assert!(db.query_row("SELECT y FROM a", [], |_| Ok(())).is_err(), "step two is undone");
    }

    #[test]
    fn newer_and_foreign_databases_are_refused() {
        let mut db = fresh();
        run(&mut db, &[ONE, TWO], nothing).expect("runs");
        let refused = check(&db, &[ONE]).expect_err("newer");
        assert!(matches!(refused, OpenError::NewerDatabase { found: 2, known: 1 }));
        let other = fresh();
        other.execute_batch("CREATE TABLE theirs (x)").expect("a table");
        assert!(matches!(check(&other, &[ONE]), Err(OpenError::Foreign)));
    }
}
