//! Reading rows through `SQLite`, from a database that it can open but not read in full: of an
//! encrypted one the pages say nothing without it. What a damaged page holds is stepped over.

use std::collections::BTreeSet;

use rusqlite::Connection;
use rusqlite::types::ValueRef;

use super::carve::{Cell, Row};

/// What can be read of the tables that matter.
pub(super) fn rows(db: &Connection) -> Vec<Row> {
    let mut found = vec![];
    for table in WITH_ROWID {
        found.extend(stepping_over(db, table));
    }
    for table in WITHOUT_ROWID {
        // From both ends, up to the first page that cannot be read.
        let forwards = select(db, &format!("SELECT NULL, * FROM {table}"));
        let backwards = select(db, &format!("SELECT NULL, * FROM {table} ORDER BY 1 DESC, 2 DESC"));
        found.extend(forwards.0);
        found.extend(backwards.0);
    }
    found
}

/// The rows of a table in the order of their rowids; behind one that cannot be read it goes on at
/// the next that can.
fn stepping_over(db: &Connection, table: &str) -> Vec<Row> {
    let mut found: Vec<Row> = vec![];
    let mut from = i64::MIN;
    let mut failures = 0;
    loop {
        let sql = format!("SELECT rowid, * FROM {table} WHERE rowid >= {from} ORDER BY rowid");
        let (rows, whole) = select(db, &sql);
        let last = rows.last().and_then(|row| row.rowid);
        found.extend(rows);
        failures += 1;
        if whole || failures > FAILURES_MAX {
            break;
        }
        let behind = last.map_or(from, |last| last.saturating_add(1)).max(from);
        match next_readable(db, table, behind) {
            Some(next) if next > from || failures == 1 => from = next,
            Some(_) | None => break,
        }
    }
    // And from the other end, since a page in the middle may have hidden the rest.
    let here: BTreeSet<Option<i64>> = found.iter().map(|row| row.rowid).collect();
    let (rows, _) = select(db, &format!("SELECT rowid, * FROM {table} ORDER BY rowid DESC"));
    found.extend(rows.into_iter().filter(|row| !here.contains(&row.rowid)));
    found
}

/// A rowid from which on a row can be read, at growing distances.
fn next_readable(db: &Connection, table: &str, behind: i64) -> Option<i64> {
    let sql = format!("SELECT rowid, * FROM {table} WHERE rowid >= ?1 ORDER BY rowid LIMIT 1");
    let mut step: i64 = 1;
    let mut at = behind;
    for _ in 0..63 {
        let mut statement = db.prepare_cached(&sql).ok()?;
        let tried: Result<Option<i64>, rusqlite::Error> =
            statement.query([at]).and_then(|mut rows| rows.next()?.map(|r| r.get(0)).transpose());
        match tried {
            Ok(Some(rowid)) => return Some(rowid),
            Ok(None) => return None,
            Err(_) => at = at.checked_add(step)?,
        }
        step = step.checked_mul(2)?;
    }
    None
}

/// The rows up to the first that cannot be read, and whether that was all of them.
fn select(db: &Connection, sql: &str) -> (Vec<Row>, bool) {
    let Ok(mut statement) = db.prepare(sql) else { return (vec![], true) };
    let width = statement.column_count();
    let Ok(mut rows) = statement.query([]) else { return (vec![], true) };
    let mut found = vec![];
    loop {
        match rows.next() {
            Ok(Some(row)) => {
                let cells = (1..width).map(|n| cell(row.get_ref(n).ok())).collect();
                found.push(Row { rowid: row.get(0).ok(), cells });
            }
            Ok(None) => return (found, true),
            Err(_) => return (found, false),
        }
    }
}

fn cell(value: Option<ValueRef<'_>>) -> Cell {
    match value {
        None | Some(ValueRef::Null) => Cell::Null,
        Some(ValueRef::Integer(n)) => Cell::Int(n),
        Some(ValueRef::Blob(bytes)) => Cell::Blob(bytes.to_vec()),
        Some(ValueRef::Text(text)) => Cell::Text(String::from_utf8_lossy(text).into_owned()),
        Some(ValueRef::Real(_)) => Cell::Real,
    }
}

const WITH_ROWID: [&str; 8] =
    ["document", "change", "pack", "draft", "refused", "quarantine", "reference", "draft_blob"];
const WITHOUT_ROWID: [&str; 4] = ["meta", "blob", "blob_upload", "blob_refused"];
const FAILURES_MAX: u32 = 10_000;
