//! What must happen by a day: promised answers, and whatever else is due. Overdue first.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use rusqlite::params_from_iter;
use rusqlite::types::Value;
use wijkboek_model::{AreaCode, Day, PrincipalId, RecordId};

use super::walk::EXAMINED_MAX;
use super::{PAGE_ROWS_MAX, PageKeyError};
use crate::documents::{self, Place};
use crate::filter::Clauses;
use crate::{Filter, Row, Scope, Store, StoreError};

/// What is waited for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Worklist {
    /// Answers that were promised and not given, also where the record was closed. Those without a
    /// day come last.
    Promises,
    /// Actions and escalations, and what must be renewed or removed by a day.
    Due,
}

/// Whose work it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Whose {
    /// Anybody's.
    Anybodys,
    /// Assigned to this person, or written by them and assigned to nobody, or in one of these
    /// wijken.
    Of {
        /// The person.
        person: PrincipalId,
        /// Their wijken.
        wijken: BTreeSet<AreaCode>,
    },
}

/// Where a page of work ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DayKey {
    day: Day,
    id: RecordId,
}

/// Some work, by its day.
#[derive(Debug, Clone, PartialEq)]
pub struct DayPage {
    /// The records.
    pub rows: Vec<Row>,
    /// The key of the next page; none on the last. A page may be shorter than asked and still have
    /// a next one: then the work was cut short.
    pub next: Option<DayKey>,
}

impl Store {
    /// A page of the work in scope that passes the filter, in the order of its days, up to and
    /// including `until`; at most [`PAGE_ROWS_MAX`] records.
    ///
    /// # Errors
    /// [`StoreError`].
    #[expect(clippy::too_many_arguments, reason = "each narrows the same question")]
    pub fn worklist(
        &self,
        scope: &Scope,
        list: Worklist,
        whose: &Whose,
        filter: &Filter,
        until: Option<Day>,
        after: Option<&DayKey>,
        limit: usize,
    ) -> Result<DayPage, StoreError> {
        let limit = limit.clamp(1, PAGE_ROWS_MAX);
        let after = match after {
            None => None,
            Some(DayKey { day, id }) => Some((
                *day,
                match documents::place(&self.connection, *id)? {
                    Place::Taken(row) => row,
                    // It is gone: from the one that stands in its place.
                    Place::Free { row, shift: _ } => row.saturating_sub(1),
                },
            )),
        };
        let (sql, values) = sql(scope, list, whose, filter, until, after);
        let mut statement = self.connection.prepare_cached(&sql)?;
        let mut found = statement.query(params_from_iter(values))?;
        let (mut rows, mut last, mut examined) = (vec![], None, 0);
        let mut next = None;
        while let Some(one) = found.next()? {
            if rows.len() == limit || examined == EXAMINED_MAX {
                next = match last {
                    Some((day, row)) => {
                        documents::id_from(&self.connection, row)?.map(|id| DayKey { day, id })
                    }
                    None => None,
                };
                break;
            }
            examined += 1;
            let (row, day, passes): (i64, String, bool) = (one.get(0)?, one.get(1)?, one.get(2)?);
            last = day.parse().ok().map(|day| (day, row));
            if passes {
                rows.extend(self.row_at(row)?);
            }
        }
        Ok(DayPage { rows, next })
    }
}

fn sql(
    scope: &Scope,
    list: Worklist,
    whose: &Whose,
    filter: &Filter,
    until: Option<Day>,
    after: Option<(Day, i64)>,
) -> (String, Vec<Value>) {
    let (column, index) = match list {
        Worklist::Promises => ("r.owed_by", "record_owed"),
        Worklist::Due => ("r.due_on", "record_due"),
    };
    let asked = filter.asked().into_iter();
    let mut rest = asked.fold(Clauses::default(), |all, (_, one)| all.also(one));
    if *scope != Scope::All {
        rest = rest.also(scope.condition(None));
    }
    if let Whose::Of { person, wijken } = whose {
        rest = rest.also(of(*person, wijken));
    }
    let mut conditions = Clauses::one(format!("{column} IS NOT NULL"), []);
    let day = |day: Day| Value::Text(day.to_string());
    if let Some((last, row)) = after {
        let key = [day(last), Value::Integer(row)];
        conditions.and(&format!("({column}, r.row) > (?, ?)"), key);
    }
    if let Some(until) = until {
        conditions.and(&format!("{column} <= ?"), [day(until)]);
    }
    let sql = format!(
        "SELECT r.row, {column}, ({}) IS TRUE FROM record r INDEXED BY {index}
         WHERE {} ORDER BY {column}, r.row",
        rest.sql(),
        conditions.sql()
    );
    (sql, rest.into_values().into_iter().chain(conditions.into_values()).collect())
}

fn of(person: PrincipalId, wijken: &BTreeSet<AreaCode>) -> Clauses {
    let me = || Value::Blob(person.as_bytes().to_vec());
    let list = vec!["?"; wijken.len()].join(", ");
    let wijken = || wijken.iter().map(|wijk| Value::Text(wijk.to_string()));
    let sql = format!(
        "coalesce(r.assignee, r.author) = ? OR r.wijk IN ({list})
         OR EXISTS (SELECT 1 FROM record_wijk_too w WHERE w.row = r.row AND w.wijk IN ({list}))"
    );
    Clauses::one(sql, std::iter::once(me()).chain(wijken()).chain(wijken()))
}

impl fmt::Display for DayKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.day, self.id)
    }
}

impl FromStr for DayKey {
    type Err = PageKeyError;
    fn from_str(s: &str) -> Result<Self, PageKeyError> {
        let (day, id) = s.split_once('.').ok_or(PageKeyError)?;
        let day = day.parse().map_err(|_| PageKeyError)?;
        Ok(Self { day, id: id.parse().map_err(|_| PageKeyError)? })
    }
}
