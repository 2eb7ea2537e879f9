//! One way to ask either database: SQL with named parameters, and rows read by column.
//!
//! The statements of the log are written once and must mean the same in both. What differs (how
//! a transaction begins, how rows are locked, who is told) is a method here and not a dialect there.

use std::borrow::Cow;

use rusqlite::types::ValueRef;

use super::postgres::Postgres;
use super::sqlite::Sqlite;
use crate::log::LogError;

/// A connection to the log's database.
pub(crate) enum Db {
    Sqlite(Sqlite),
    Postgres(Box<Postgres>),
}

/// A parameter of a statement.
#[derive(Debug, Clone)]
pub(crate) enum Value<'a> {
    Null,
    Int(i64),
    Text(Cow<'a, str>),
    Blob(&'a [u8]),
}

/// A named parameter: `:name` in the statement.
pub(crate) type Param<'a> = (&'static str, Value<'a>);

/// Names parameters: `params! { ":number": 3_i64 }`.
macro_rules! params {
    ($($name:literal : $value:expr),* $(,)?) => {
        &[$(($name, $crate::log::sql::Value::from($value))),*]
    };
}
pub(crate) use params;

impl Db {
    /// Runs a statement and gives the number of rows that it changed.
    pub(crate) fn execute(&self, sql: &str, params: &[Param<'_>]) -> Result<u64, LogError> {
        match self {
            Self::Sqlite(db) => db.execute(sql, params),
            Self::Postgres(db) => db.execute(sql, params),
        }
    }

    /// Reads all rows of a statement.
    pub(crate) fn rows<T>(
        &self,
        sql: &str,
        params: &[Param<'_>],
        mut read: impl FnMut(&Row<'_>) -> Result<T, LogError>,
    ) -> Result<Vec<T>, LogError> {
        let mut found = Vec::new();
        let mut keep = |row: &Row<'_>| {
            found.push(read(row)?);
            Ok(())
        };
        match self {
            Self::Sqlite(db) => db.each(sql, params, &mut keep)?,
            Self::Postgres(db) => db.each(sql, params, &mut keep)?,
        }
        Ok(found)
    }

    /// Reads the first row, when there is one.
    pub(crate) fn first<T>(
        &self,
        sql: &str,
        params: &[Param<'_>],
        read: impl FnMut(&Row<'_>) -> Result<T, LogError>,
    ) -> Result<Option<T>, LogError> {
        Ok(self.rows(sql, params, read)?.into_iter().next())
    }

    /// Opens a transaction that will write. Locks nothing but what the database must.
    pub(super) fn begin(&self) -> Result<(), LogError> {
        match self {
            Self::Sqlite(db) => db.begin(),
            Self::Postgres(db) => db.begin(),
        }
    }

    /// Ends a transaction: all of it stands after a power cut.
    pub(super) fn commit(&self) -> Result<(), LogError> {
        match self {
            Self::Sqlite(db) => db.commit(),
            Self::Postgres(db) => db.commit(),
        }
    }

    /// Undoes a transaction, when there is one.
    pub(super) fn rollback(&self) {
        match self {
            Self::Sqlite(db) => db.rollback(),
            Self::Postgres(db) => db.rollback(),
        }
    }

    /// What to put behind the statement that reads the head row of a municipality, so that nobody
    /// else appends until the transaction ends.
    pub(super) const fn lock_row(&self) -> &'static str {
        match self {
            // `BEGIN IMMEDIATE` has locked the whole file.
            Self::Sqlite(_) => "",
            // Not `FOR UPDATE`: rows that only refer to the municipality may be written meanwhile.
            Self::Postgres(_) => " FOR NO KEY UPDATE",
        }
    }

    /// Tells other processes, once the transaction stands, that a municipality's log has grown.
    pub(super) fn announce(&self, municipality: &str) -> Result<(), LogError> {
        match self {
            // Other processes look at the file themselves.
            Self::Sqlite(_) => Ok(()),
            Self::Postgres(db) => db.announce(municipality),
        }
    }

    /// Whether the connection can still be used.
    pub(super) fn is_usable(&self) -> bool {
        match self {
            Self::Sqlite(_) => true,
            Self::Postgres(db) => db.is_usable(),
        }
    }
}

/// A row of either database.
pub(crate) enum Row<'a> {
    Sqlite(&'a rusqlite::Row<'a>),
    Postgres(&'a tokio_postgres::Row),
}

/// A value in a row.
pub(crate) enum Cell<'a> {
    Null,
    Int(i64),
    Text(&'a str),
    Blob(&'a [u8]),
}

impl Row<'_> {
    /// The value of a column.
    ///
    /// # Errors
    /// [`LogError::Damaged`] when there is no such column or it holds something else.
    pub(crate) fn get<T: FromCell>(&self, column: &'static str) -> Result<T, LogError> {
        let damaged = LogError::Damaged { what: column };
        self.cell(column).and_then(|cell| T::from_cell(&cell)).ok_or(damaged)
    }

    fn cell(&self, column: &str) -> Option<Cell<'_>> {
        match self {
            Self::Sqlite(row) => Some(match row.get_ref(column).ok()? {
                ValueRef::Null => Cell::Null,
                ValueRef::Integer(number) => Cell::Int(number),
                ValueRef::Text(text) => Cell::Text(std::str::from_utf8(text).ok()?),
                ValueRef::Blob(bytes) => Cell::Blob(bytes),
                ValueRef::Real(_) => return None,
            }),
            Self::Postgres(row) => super::postgres::cell(row, column),
        }
    }
}

/// What a column can be read as.
pub(crate) trait FromCell: Sized {
    fn from_cell(cell: &Cell<'_>) -> Option<Self>;
}

impl FromCell for i64 {
    fn from_cell(cell: &Cell<'_>) -> Option<Self> {
        match cell {
            Cell::Int(number) => Some(*number),
            Cell::Null | Cell::Text(_) | Cell::Blob(_) => None,
        }
    }
}

impl FromCell for String {
    fn from_cell(cell: &Cell<'_>) -> Option<Self> {
        match cell {
            Cell::Text(text) => Some((*text).to_owned()),
            Cell::Null | Cell::Int(_) | Cell::Blob(_) => None,
        }
    }
}

impl FromCell for Vec<u8> {
    fn from_cell(cell: &Cell<'_>) -> Option<Self> {
        match cell {
            Cell::Blob(bytes) => Some(bytes.to_vec()),
            Cell::Null | Cell::Int(_) | Cell::Text(_) => None,
        }
    }
}

impl<const N: usize> FromCell for [u8; N] {
    fn from_cell(cell: &Cell<'_>) -> Option<Self> {
        match cell {
            Cell::Blob(bytes) => (*bytes).try_into().ok(),
            Cell::Null | Cell::Int(_) | Cell::Text(_) => None,
        }
    }
}

impl<T: FromCell> FromCell for Option<T> {
    fn from_cell(cell: &Cell<'_>) -> Option<Self> {
        match cell {
            Cell::Null => Some(None),
            Cell::Int(_) | Cell::Text(_) | Cell::Blob(_) => T::from_cell(cell).map(Some),
        }
    }
}

impl From<i64> for Value<'_> {
    fn from(number: i64) -> Self {
        Self::Int(number)
    }
}

impl From<u32> for Value<'_> {
    fn from(number: u32) -> Self {
        Self::Int(number.into())
    }
}

impl<'a> From<&'a str> for Value<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(Cow::Borrowed(text))
    }
}

impl From<String> for Value<'_> {
    fn from(text: String) -> Self {
        Self::Text(Cow::Owned(text))
    }
}

impl<'a> From<&'a [u8]> for Value<'a> {
    fn from(bytes: &'a [u8]) -> Self {
        Self::Blob(bytes)
    }
}

impl<'a, const N: usize> From<&'a [u8; N]> for Value<'a> {
    fn from(bytes: &'a [u8; N]) -> Self {
        Self::Blob(bytes)
    }
}

impl<'a, T: Into<Value<'a>>> From<Option<T>> for Value<'a> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}
