//! Lists, counts and points. None of them loads a document, and each does a bounded amount of work.
//!
//! The order is by row, newest first: the same on every replica.

mod count;
mod plan;
mod related;
mod walk;
mod worklist;

use std::fmt;
use std::str::FromStr;

use rusqlite::{OptionalExtension, params_from_iter};
use wijkboek_model::{RecordId, Timestamp};

use plan::Plan;
use walk::{Walked, Wanted, walk};

use crate::{Filter, Row, Scope, Store, StoreError, documents, row};

pub use count::{AreaCounts, Count};
pub use worklist::{DayKey, DayPage, Whose, Worklist};

/// Most rows that one page holds.
pub const PAGE_ROWS_MAX: usize = 50;

/// Where a page ended; the next one starts behind it, also when records arrive in between.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PageKey(RecordId);

/// A text that is not a page key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a page key")]
pub struct PageKeyError;

/// Some rows of a list, newest first.
#[derive(Debug, Clone, PartialEq)]
pub struct Page {
    /// The rows.
    pub rows: Vec<Row>,
    /// The key of the next page; none on the last.
    pub next: Option<PageKey>,
    /// Matches are so rare that looking for more was broken off: the page may be shorter than
    /// asked, even empty, and `next` goes on from there. Everything created after the key's
    /// moment ([`PageKey::reached`]) was looked at.
    pub cut_short: bool,
}

impl PageKey {
    /// The moment down to which pages have come.
    pub fn reached(self) -> Timestamp {
        self.0.timestamp()
    }
}

impl Store {
    /// A page of the records in scope that pass the filter, newest first; at most
    /// [`PAGE_ROWS_MAX`] rows, whatever `limit` says.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn list(
        &self,
        scope: &Scope,
        filter: &Filter,
        after: Option<PageKey>,
        limit: usize,
    ) -> Result<Page, StoreError> {
        let limit = limit.clamp(1, PAGE_ROWS_MAX);
        // Where the aggregate table knows of none, no row needs to be looked at.
        if *scope == Scope::All && filter.is_countable() && self.count(scope, filter)?.n == 0 {
            return Ok(Page { rows: vec![], next: None, cut_short: false });
        }
        let plan = Plan::of(&self.connection, filter, scope)?;
        let bound = |PageKey(id)| documents::bound(&self.connection, id);
        let after = after.map(bound).transpose()?;
        let mut found = vec![];
        let walked = walk(&self.connection, &plan, after, Wanted::Nothing, |row, _| {
            found.push(row);
            found.len() <= limit
        })?;
        found.truncate(limit);
        let rows = self.rows_at(&found)?;
        let (next, cut_short) = match walked {
            Walked::ToTheEnd => (None, false),
            Walked::Stopped => (rows.last().map(|row| row.id), false),
            Walked::CutShort(row) => (documents::id_from(&self.connection, row)?, true),
        };
        Ok(Page { rows, next: next.map(PageKey), cut_short })
    }

    /// One record; none when it is not here.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn row(&self, id: RecordId) -> Result<Option<Row>, StoreError> {
        let Some(row) = documents::row_of(&self.connection, id)? else { return Ok(None) };
        self.row_at(row)
    }

    /// Whether a record is in scope; false also when it is not here.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn sees(&self, scope: &Scope, id: RecordId) -> Result<bool, StoreError> {
        let Some(row) = documents::row_of(&self.connection, id)? else { return Ok(false) };
        let mut conditions = scope.condition(None);
        conditions.and("r.row = ?", [rusqlite::types::Value::Integer(row)]);
        let sql = format!("SELECT EXISTS (SELECT 1 FROM record r WHERE {})", conditions.sql());
        let mut statement = self.connection.prepare_cached(&sql)?;
        Ok(statement.query_row(params_from_iter(conditions.values()), |r| r.get(0))?)
    }

    /// The newest records in scope that pass the filter and have a position, as far as looking at
    /// 10,000 rows finds them.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn points(
        &self,
        scope: &Scope,
        filter: &Filter,
        limit: usize,
    ) -> Result<Vec<Row>, StoreError> {
        let plan = Plan::of(&self.connection, filter, scope)?.and("r.lat IS NOT NULL");
        let mut found = vec![];
        walk(&self.connection, &plan, None, Wanted::Nothing, |row, _| {
            found.push(row);
            found.len() < limit
        })?;
        found.truncate(limit);
        self.rows_at(&found)
    }

    fn rows_at(&self, rows: &[i64]) -> Result<Vec<Row>, StoreError> {
        let found = rows.iter().map(|row| self.row_at(*row));
        found.filter_map(Result::transpose).collect()
    }

    fn row_at(&self, row: i64) -> Result<Option<Row>, StoreError> {
        let mut statement = self.connection.prepare_cached(row::ROW)?;
        Ok(statement.query_row([row], row::read).optional()?)
    }
}

impl fmt::Display for PageKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for PageKey {
    type Err = PageKeyError;
    fn from_str(s: &str) -> Result<Self, PageKeyError> {
        s.parse().map(Self).map_err(|_| PageKeyError)
    }
}

#[cfg(test)]
mod tests;
