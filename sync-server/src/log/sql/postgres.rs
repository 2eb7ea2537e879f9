//! The log's database in `PostgreSQL`, for several serving processes.
//!
//! Calls wait for their answer on the caller's thread, as with `SQLite`; the connection itself is
//! driven by a small runtime of its own. Nothing of a statement's values reaches an error: the
//! database quotes them in its messages, so only its five-letter code is kept.

mod connect;
mod listen;
mod schema;
mod statement;

use std::cell::{Cell as Flag, RefCell};
use std::collections::HashMap;

use tokio_postgres::types::Type;
use tokio_postgres::{Client, Error, Statement};

use super::db::{Cell, Param, Row};
use crate::log::LogError;

pub use connect::PostgresAddress;
pub use listen::Listener;
#[cfg(test)]
pub(super) use schema::MIGRATIONS;

use connect::wait;

/// The channel on which a grown log is told, with the municipality's code.
const CHANNEL: &str = "wijkboek_log";

/// One connection, made anew when it breaks outside a transaction.
pub(crate) struct Postgres {
    address: PostgresAddress,
    session: RefCell<Session>,
    in_transaction: Flag<bool>,
}

struct Session {
    client: Client,
    statements: HashMap<String, Prepared>,
}

/// A statement with its parameters' names, in the order of their numbers.
#[derive(Clone)]
struct Prepared {
    statement: Statement,
    names: Vec<String>,
}

impl Postgres {
    pub(super) fn connect(address: &PostgresAddress) -> Result<Self, LogError> {
        let session = Session::open(address)?;
        schema::migrate(&session.client)?;
        Ok(Self {
            address: address.clone(),
            session: RefCell::new(session),
            in_transaction: Flag::new(false),
        })
    }

    pub(super) fn is_usable(&self) -> bool {
        !self.in_transaction.get() && !self.session.borrow().client.is_closed()
    }

    pub(super) fn execute(&self, sql: &str, params: &[Param<'_>]) -> Result<u64, LogError> {
        self.run(|session| session.execute(sql, params))
    }

    pub(super) fn each(
        &self,
        sql: &str,
        params: &[Param<'_>],
        read: &mut dyn FnMut(&Row<'_>) -> Result<(), LogError>,
    ) -> Result<(), LogError> {
        let rows = self.run(|session| session.query(sql, params))?;
        rows.iter().try_for_each(|row| read(&Row::Postgres(row)))
    }

    pub(super) fn begin(&self) -> Result<(), LogError> {
        // Every statement sees what was committed before it: whoever holds the head row reads the
        // log as the one before left it.
        self.run(|session| session.batch("BEGIN ISOLATION LEVEL READ COMMITTED"))?;
        self.in_transaction.set(true);
        Ok(())
    }

    pub(super) fn commit(&self) -> Result<(), LogError> {
        let done = self.run(|session| session.batch("COMMIT"));
        self.in_transaction.set(false);
        done
    }

    pub(super) fn rollback(&self) {
        if self.in_transaction.get() {
            // A connection that broke has rolled back, which is what is wanted.
            drop(self.run(|session| session.batch("ROLLBACK")));
            self.in_transaction.set(false);
        }
    }

    pub(super) fn announce(&self, municipality: &str) -> Result<(), LogError> {
        let sql = format!("SELECT pg_notify('{CHANNEL}', :municipality)");
        self.run(|session| {
            session.query(&sql, super::params! { ":municipality": municipality }).map(drop)
        })
    }

    /// Does something over the connection; once more over a new one when it turns out to be
    /// broken, unless that would tear a transaction apart.
    fn run<T>(
        &self,
        mut work: impl FnMut(&mut Session) -> Result<T, Failure>,
    ) -> Result<T, LogError> {
        let mut session = self.session.borrow_mut();
        match work(&mut session) {
            Ok(done) => Ok(done),
            Err(Failure::Database(error)) if lost(&error) && !self.in_transaction.get() => {
                *session = Session::open(&self.address)?;
                work(&mut session).map_err(Failure::into_log_error)
            }
            Err(failure) => Err(failure.into_log_error()),
        }
    }
}

impl Session {
    fn open(address: &PostgresAddress) -> Result<Self, LogError> {
        Ok(Self { client: address.connect()?, statements: HashMap::new() })
    }

    fn batch(&self, sql: &str) -> Result<(), Failure> {
        Ok(wait(self.client.batch_execute(sql))?)
    }

    fn execute(&mut self, sql: &str, params: &[Param<'_>]) -> Result<u64, Failure> {
        let prepared = self.prepare(sql)?;
        let values = prepared.values(params)?;
        Ok(wait(self.client.execute(&prepared.statement, &values))?)
    }

    fn query(
        &mut self,
        sql: &str,
        params: &[Param<'_>],
    ) -> Result<Vec<tokio_postgres::Row>, Failure> {
        let prepared = self.prepare(sql)?;
        let values = prepared.values(params)?;
        Ok(wait(self.client.query(&prepared.statement, &values))?)
    }

    fn prepare(&mut self, sql: &str) -> Result<Prepared, Failure> {
        if let Some(prepared) = self.statements.get(sql) {
            return Ok(prepared.clone());
        }
        let (numbered, names) = statement::numbered(sql);
        let prepared = Prepared { statement: wait(self.client.prepare(&numbered))?, names };
        self.statements.insert(sql.to_owned(), prepared.clone());
        Ok(prepared)
    }
}

/// Why a call failed, before its text is taken off.
enum Failure {
    Database(Error),
    /// A statement names a parameter that it was not given.
    Parameter,
}

impl Failure {
    fn into_log_error(self) -> LogError {
        match self {
            Self::Database(error) => log_error(&error),
            Self::Parameter => LogError::Damaged { what: "parameter of a statement" },
        }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Database(error)
    }
}

/// Whether the connection is gone, rather than a statement refused.
fn lost(error: &Error) -> bool {
    match error.code() {
        // The server is stopping or starting.
        Some(state) => matches!(state.code(), "57P01" | "57P02" | "57P03"),
        None => error.is_closed() || error.as_db_error().is_none(),
    }
}

/// The error without what the database quotes.
fn log_error(error: &Error) -> LogError {
    let Some(state) = error.code() else { return LogError::Unreachable { code: String::new() } };
    let code = state.code().to_owned();
    // Connection, resources, operator, deadlock and lock timeout: worth trying again later.
    let passes = ["08", "53", "57", "40"].iter().any(|class| code.starts_with(class))
        || code == "55P03"
        || code == "25P03";
    if passes { LogError::Unreachable { code } } else { LogError::Postgres { code } }
}

/// A value of a row.
pub(super) fn cell<'a>(row: &'a tokio_postgres::Row, column: &str) -> Option<Cell<'a>> {
    let at = row.columns().iter().position(|found| found.name() == column)?;
    let kind = row.columns()[at].type_();
    Some(if *kind == Type::INT8 {
        row.try_get::<_, Option<i64>>(at).ok()?.map_or(Cell::Null, Cell::Int)
    } else if *kind == Type::INT4 {
        row.try_get::<_, Option<i32>>(at).ok()?.map_or(Cell::Null, |n| Cell::Int(n.into()))
    } else if *kind == Type::BOOL {
        row.try_get::<_, Option<bool>>(at).ok()?.map_or(Cell::Null, |n| Cell::Int(n.into()))
    } else if *kind == Type::BYTEA {
        row.try_get::<_, Option<&[u8]>>(at).ok()?.map_or(Cell::Null, Cell::Blob)
    } else {
        row.try_get::<_, Option<&str>>(at).ok()?.map_or(Cell::Null, Cell::Text)
    })
}
