//! Lists, counts and points. None of them loads a document.
//!
//! The order is by row, newest first: the same on every replica.

use std::fmt;
use std::str::FromStr;

use rusqlite::{OptionalExtension, params_from_iter};
use wijkboek_model::{AreaCode, RecordId};

use crate::filter::Question;
use crate::{Filter, Row, Scope, Store, StoreError, documents, row};

/// Most rows that one page holds.
pub const PAGE_ROWS_MAX: usize = 50;

/// Where a page ended; the next one starts behind it, also when records arrive in between.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PageKey(i64);

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
        let mut rows = self.rows(filter.question(scope), after, limit + 1)?;
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next = if more { rows.last().map(|(row, _)| PageKey(*row)) } else { None };
        Ok(Page { rows: rows.into_iter().map(|(_, row)| row).collect(), next })
    }

    /// One record; none when it is not here.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn row(&self, id: RecordId) -> Result<Option<Row>, StoreError> {
        let Some(row) = documents::row_of(&self.connection, id)? else { return Ok(None) };
        let sql = format!(
            "SELECT {} FROM record r JOIN document d ON d.row = r.row WHERE r.row = ?1",
            row::COLUMNS
        );
        let mut statement = self.connection.prepare_cached(&sql)?;
        Ok(statement.query_row([row], row::read).optional()?)
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

    /// How many records are in scope and pass the filter.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn count(&self, scope: &Scope, filter: &Filter) -> Result<u64, StoreError> {
        Ok(self.counts(scope, filter, "''")?.into_iter().map(|(_, n)| n).sum())
    }

    /// The same count per buurt, in the order of their codes; buurten without any are left out.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn counts_by_area(
        &self,
        scope: &Scope,
        filter: &Filter,
    ) -> Result<Vec<(AreaCode, u64)>, StoreError> {
        let counts = self.counts(scope, filter, "coalesce(r.buurt, '')")?;
        Ok(counts.into_iter().filter_map(|(area, n)| Some((area.parse().ok()?, n))).collect())
    }

    /// The newest records in scope that pass the filter and have a position.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn points(
        &self,
        scope: &Scope,
        filter: &Filter,
        limit: usize,
    ) -> Result<Vec<Row>, StoreError> {
        let mut question = filter.question(scope);
        question.conditions.and("r.lat IS NOT NULL", []);
        let rows = self.rows(question, None, limit)?;
        Ok(rows.into_iter().map(|(_, row)| row).collect())
    }

    fn rows(
        &self,
        mut question: Question,
        after: Option<PageKey>,
        limit: usize,
    ) -> Result<Vec<(i64, Row)>, StoreError> {
        if let Some(PageKey(last)) = after {
            let before = format!("{} < ?", question.row);
            question.conditions.and(&before, [rusqlite::types::Value::Integer(last)]);
        }
        let sql = list_sql(&question, limit);
        let mut statement = self.connection.prepare_cached(&sql)?;
        let rows = statement
            .query_map(params_from_iter(question.conditions.values()), |row| {
                Ok((row.get(0)?, row::read(row)?))
            })?
            .collect::<Result<_, _>>()?;
        Ok(rows)
    }

    /// Counts per value of `key`, from the aggregate table wherever it has the columns.
    fn counts(
        &self,
        scope: &Scope,
        filter: &Filter,
        key: &str,
    ) -> Result<Vec<(String, u64)>, StoreError> {
        let (sql, values) = if filter.is_countable() {
            from_aggregate(scope, filter, key)
        } else {
            let Question { tables, row: _, conditions } = filter.question(scope);
            let sql = format!(
                "SELECT {key} AS area, count(*) FROM {tables} WHERE {} GROUP BY area ORDER BY area",
                conditions.sql()
            );
            (sql, conditions.values().cloned().collect())
        };
        let mut statement = self.connection.prepare_cached(&sql)?;
        let counts = statement
            .query_map(params_from_iter(values), |row| {
                Ok((row.get(0)?, row.get::<_, i64>(1)?.cast_unsigned()))
            })?
            .collect::<Result<_, _>>()?;
        Ok(counts)
    }
}

fn list_sql(question: &Question, limit: usize) -> String {
    format!(
        "SELECT {columns} FROM {tables} CROSS JOIN document d ON d.row = r.row
         WHERE {conditions} ORDER BY {row} DESC LIMIT {limit}",
        columns = row::COLUMNS,
        tables = question.tables,
        conditions = question.conditions.sql(),
        row = question.row,
    )
}

/// The class part of a scope from `area_count`; what somebody sees besides it, row by row.
fn from_aggregate(
    scope: &Scope,
    filter: &Filter,
    key: &str,
) -> (String, Vec<rusqlite::types::Value>) {
    let asked = filter.countable();
    let scope = scope.sql(filter.asked_wijk().as_ref());
    let mut parts = vec![];
    let mut values = vec![];
    if let Some(class) = &scope.class {
        let conditions = asked.clone().also(class.clone());
        parts.push(format!(
            "SELECT {key} AS area, r.n AS n FROM area_count r WHERE {}",
            conditions.sql()
        ));
        values.extend(conditions.values().cloned());
    }
    if let Some(besides) = scope.besides {
        let mut conditions = asked.also(besides.condition);
        if let Some(class) = &scope.class {
            // The class is NULL where a record's audience cannot be read.
            let outside = format!("({}) IS NOT TRUE", class.sql());
            conditions.and(&outside, class.values().cloned());
        }
        parts.push(format!(
            "SELECT {key} AS area, 1 AS n FROM record r WHERE r.row IN {} AND {}",
            besides.candidates.sql(),
            conditions.sql()
        ));
        values.extend(besides.candidates.values().cloned());
        values.extend(conditions.values().cloned());
    }
    if parts.is_empty() {
        parts.push("SELECT '' AS area, 0 AS n WHERE 0".to_owned());
    }
    let sql = format!(
        "SELECT area, sum(n) FROM ({}) GROUP BY area ORDER BY area",
        parts.join(" UNION ALL ")
    );
    (sql, values)
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
mod tests {
    use wijkboek_model::{Principal, PrincipalId, Role, Status, Timestamp};

    use super::*;

    /// What the planner would do for a list.
    fn plan(scope: &Scope, filter: &Filter) -> String {
        let store = Store::in_memory().expect("memory is available");
        let question = filter.question(scope);
        let sql = format!("EXPLAIN QUERY PLAN {}", list_sql(&question, 51));
        let mut statement = store.connection.prepare(&sql).expect("sound SQL");
        let steps = statement
            .query_map(params_from_iter(question.conditions.values()), |row| {
                row.get::<_, String>(3)
            })
            .expect("planned")
            .collect::<Result<Vec<_>, _>>()
            .expect("read");
        steps.join("\n")
    }

    #[test]
    fn lists_come_out_of_an_index_without_sorting() {
        let me = PrincipalId::from_parts(Timestamp::from_millis(1), [1; 10]);
        let wijk: AreaCode = "WK059706".parse().expect("an area");
        let of = |role| Scope::Of(Principal { id: me, role, wijken: [wijk.clone()].into() });
        let all = Filter::default();
        let in_wijk = Filter { wijk: Some(wijk.clone()), ..all.clone() };
        let elsewhere = Filter { wijk: "WK059701".parse().ok(), ..all.clone() };
        let open = Filter { status: Some(Status::Nieuw), ..in_wijk.clone() };
        let buurt = Filter { buurt: "BU05970600".parse().ok(), ..all.clone() };
        let theme = Filter { theme: "groen".parse().ok(), ..all.clone() };
        let text = Filter { text: Some("heg".to_owned()), ..all.clone() };
        let mine = Filter { author: Some(me), ..all.clone() };
        let conflicts = Filter { conflicts_only: true, ..all.clone() };
        let cases = [
            (Scope::All, &all, "SCAN r"),
            (Scope::All, &in_wijk, "record_wijk (wijk=?"),
            (Scope::All, &open, "record_wijk_status (wijk=? AND status=?"),
            (Scope::All, &buurt, "record_buurt (buurt=?"),
            (Scope::All, &theme, "SEARCH t USING PRIMARY KEY (theme=?"),
            (Scope::All, &text, "SCAN search VIRTUAL TABLE"),
            (Scope::All, &mine, "record_author (author=?"),
            (Scope::All, &conflicts, "record_conflicts"),
            (of(Role::Ambassadeur), &all, "record_author (author=?"),
            (of(Role::Wijkregisseur), &elsewhere, "record_wijk (wijk=? AND rowid=?)"),
            (of(Role::Wijkregisseur), &all, "SCAN r"),
            (of(Role::Wijkregisseur), &open, "record_wijk_status (wijk=? AND status=?"),
            (of(Role::Medewerker), &in_wijk, "record_wijk (wijk=?"),
            (of(Role::Medewerker), &text, "SCAN search VIRTUAL TABLE"),
        ];
        for (scope, filter, expected) in cases {
            let plan = plan(&scope, filter);
            assert!(!plan.contains("ORDER BY"), "{filter:?} sorts:\n{plan}");
            assert!(plan.contains(expected), "{filter:?} in {scope:?}:\n{plan}");
        }
    }
}
