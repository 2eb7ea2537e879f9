//! Going through a plan's rows, newest first, with bounded work.
//!
//! However rare a match is, one call looks at no more than a fixed number of rows, and says where
//! it stopped. So no question can hold a phone or the server up.

use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, params_from_iter};

use super::plan::{Lead, Plan, Source, Stretch};
use crate::filter::Clauses;

/// Rows looked at in one call, where the record must be read to know whether it passes.
pub(crate) const EXAMINED_MAX: usize = 10_000;

/// Rows taken in one call, where an index alone says that they pass.
pub(crate) const TAKEN_MAX: usize = 100_000;

/// How a walk ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Walked {
    /// No row is left.
    ToTheEnd,
    /// The visitor had enough.
    Stopped,
    /// The work was cut short; the last row looked at.
    CutShort(i64),
}

/// What the visitor wants to know of a row besides the row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wanted {
    Nothing,
    Buurt,
}

impl Wanted {
    fn column(self) -> &'static str {
        match self {
            Self::Nothing => "NULL",
            Self::Buurt => "r.buurt",
        }
    }
}

/// Shows each row that passes to `visit`, from below `after` on, until that answers false.
pub(crate) fn walk(
    db: &Connection,
    plan: &Plan,
    after: Option<i64>,
    wanted: Wanted,
    mut visit: impl FnMut(i64, Option<String>) -> bool,
) -> Result<Walked, rusqlite::Error> {
    let mut left = Left { examined: EXAMINED_MAX, taken: TAKEN_MAX };
    for stretch in &plan.stretches {
        let newest = after.map_or(stretch.newest, |row| stretch.newest.min(row.saturating_sub(1)));
        if newest < stretch.oldest {
            continue;
        }
        let walked = match &stretch.source {
            Source::Index(lead) => along(db, stretch, lead, newest, wanted, &mut left, &mut visit)?,
            Source::Rows(rows) => {
                let rows = rows.iter().copied().filter(|row| *row <= newest);
                one_by_one(db, &stretch.rest, rows, wanted, &mut left, &mut visit)?
            }
        };
        match walked {
            Walked::ToTheEnd => {}
            Walked::Stopped | Walked::CutShort(_) => return Ok(walked),
        }
    }
    Ok(Walked::ToTheEnd)
}

/// How many rows may still be looked at.
struct Left {
    examined: usize,
    taken: usize,
}

impl Left {
    fn of(&mut self, examines: bool) -> &mut usize {
        if examines { &mut self.examined } else { &mut self.taken }
    }
}

fn along(
    db: &Connection,
    stretch: &Stretch,
    lead: &Lead,
    newest: i64,
    wanted: Wanted,
    left: &mut Left,
    visit: &mut impl FnMut(i64, Option<String>) -> bool,
) -> Result<Walked, rusqlite::Error> {
    let (sql, values) = along_sql(stretch, lead, newest, wanted);
    let mut statement = db.prepare_cached(&sql)?;
    let mut rows = statement.query(params_from_iter(values))?;
    let left = left.of(!stretch.rest.is_empty() || wanted != Wanted::Nothing);
    let mut last = None;
    while let Some(found) = rows.next()? {
        let row: i64 = found.get(0)?;
        // A record can name another twice, as two things.
        if last == Some(row) {
            continue;
        }
        if *left == 0 {
            return Ok(Walked::CutShort(last.unwrap_or(newest.saturating_add(1))));
        }
        *left -= 1;
        last = Some(row);
        if found.get(1)? && !visit(row, found.get(2)?) {
            return Ok(Walked::Stopped);
        }
    }
    Ok(Walked::ToTheEnd)
}

/// Rows in order; whether each passes; what is wanted of it.
pub(super) fn along_sql(
    stretch: &Stretch,
    lead: &Lead,
    newest: i64,
    wanted: Wanted,
) -> (String, Vec<Value>) {
    let alone = stretch.rest.is_empty() && wanted == Wanted::Nothing;
    let tables = if alone { lead.alone } else { lead.with_record };
    let row = lead.row;
    let mut conditions = lead.condition.clone();
    if newest != i64::MAX {
        conditions.and(&format!("{row} <= ?"), [Value::Integer(newest)]);
    }
    if stretch.oldest != i64::MIN {
        conditions.and(&format!("{row} >= ?"), [Value::Integer(stretch.oldest)]);
    }
    let sql = format!(
        "SELECT {row}, ({}) IS TRUE, {} FROM {tables} WHERE {} ORDER BY {row} DESC",
        stretch.rest.sql(),
        wanted.column(),
        conditions.sql(),
    );
    (sql, stretch.rest.clone().into_values().into_iter().chain(conditions.into_values()).collect())
}

fn one_by_one(
    db: &Connection,
    rest: &Clauses,
    rows: impl Iterator<Item = i64>,
    wanted: Wanted,
    left: &mut Left,
    visit: &mut impl FnMut(i64, Option<String>) -> bool,
) -> Result<Walked, rusqlite::Error> {
    let examines = !rest.is_empty() || wanted != Wanted::Nothing;
    let sql =
        format!("SELECT {} FROM record r WHERE r.row = ? AND {}", wanted.column(), rest.sql());
    let mut statement = db.prepare_cached(&sql)?;
    let values: Vec<Value> = rest.clone().into_values();
    let left = left.of(examines);
    let mut last = None;
    for row in rows {
        if *left == 0 {
            return Ok(Walked::CutShort(last.unwrap_or(row.saturating_add(1))));
        }
        *left -= 1;
        last = Some(row);
        let passes = if examines {
            let values = std::iter::once(Value::Integer(row)).chain(values.iter().cloned());
            statement.query_row(params_from_iter(values), |found| found.get(0)).optional()?
        } else {
            Some(None)
        };
        if let Some(of) = passes
            && !visit(row, of)
        {
            return Ok(Walked::Stopped);
        }
    }
    Ok(Walked::ToTheEnd)
}
