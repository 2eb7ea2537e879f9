//! How many records there are: exactly, from the aggregate table, wherever it has the columns;
//! otherwise by counting rows, up to a bound.

use std::collections::BTreeMap;

use rusqlite::params_from_iter;
use rusqlite::types::Value;
use wijkboek_model::AreaCode;

use super::plan::Plan;
use super::walk::{Walked, Wanted, walk};
use crate::filter::{Asked, Clauses};
use crate::{Filter, Scope, Store, StoreError};

/// A number of records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Count {
    /// How many were counted.
    pub n: u64,
    /// Whether those are all; otherwise there are at least this many.
    pub exact: bool,
}

/// Numbers of records per buurt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AreaCounts {
    /// In the order of the codes; buurten without any are left out.
    pub counts: Vec<(AreaCode, u64)>,
    /// Whether those are all; otherwise each is at least this many, the newest ones.
    pub exact: bool,
}

impl Store {
    /// How many records are in scope and pass the filter.
    ///
    /// Exact where only wijk, buurt, kind, type, theme and status are asked, or only a period of
    /// everything here; otherwise exact up to 10,000 rows that had to be looked at, or 100,000 that
    /// one index yields.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn count(&self, scope: &Scope, filter: &Filter) -> Result<Count, StoreError> {
        if filter.is_countable() {
            let counts = self.aggregated(scope, filter, "''")?;
            return Ok(Count { n: counts.into_iter().map(|(_, n)| n).sum(), exact: true });
        }
        if let Some(n) = self.of_period(scope, filter)? {
            return Ok(Count { n, exact: true });
        }
        let plan = Plan::of(&self.connection, filter, scope)?;
        let mut n = 0;
        let walked = walk(&self.connection, &plan, None, Wanted::Nothing, |_, _| {
            n += 1;
            true
        })?;
        Ok(Count { n, exact: walked == Walked::ToTheEnd })
    }

    /// The same count per buurt.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn counts_by_area(&self, scope: &Scope, filter: &Filter) -> Result<AreaCounts, StoreError> {
        let parsed = |area: String, n| Some((area.parse().ok()?, n));
        if filter.is_countable() {
            let counts = self.aggregated(scope, filter, "r.buurt")?;
            let counts = counts.into_iter().filter_map(|(area, n)| parsed(area, n)).collect();
            return Ok(AreaCounts { counts, exact: true });
        }
        let plan = Plan::of(&self.connection, filter, scope)?;
        let mut per_area: BTreeMap<String, u64> = BTreeMap::new();
        let walked = walk(&self.connection, &plan, None, Wanted::Buurt, |_, buurt| {
            *per_area.entry(buurt.unwrap_or_default()).or_default() += 1;
            true
        })?;
        let counts = per_area.into_iter().filter_map(|(area, n)| parsed(area, n)).collect();
        Ok(AreaCounts { counts, exact: walked == Walked::ToTheEnd })
    }

    /// The count of a period and nothing else, from its index alone.
    fn of_period(&self, scope: &Scope, filter: &Filter) -> Result<Option<u64>, StoreError> {
        let asked = filter.asked();
        if *scope != Scope::All || asked.iter().any(|(asked, _)| *asked != Asked::Period) {
            return Ok(None);
        }
        let period = asked.into_iter().fold(Clauses::default(), |all, (_, one)| all.also(one));
        let sql = format!(
            "SELECT count(*) FROM record r INDEXED BY record_occurred_at WHERE {}",
            period.sql()
        );
        let mut statement = self.connection.prepare_cached(&sql)?;
        let n: i64 = statement.query_row(params_from_iter(period.values()), |row| row.get(0))?;
        Ok(Some(n.cast_unsigned()))
    }

    /// Counts per value of `key`: the class part of a scope from `area_count`, and what somebody
    /// sees besides it row by row.
    fn aggregated(
        &self,
        scope: &Scope,
        filter: &Filter,
        key: &str,
    ) -> Result<Vec<(String, u64)>, StoreError> {
        let (sql, values) = aggregate_sql(scope, filter, key);
        let mut statement = self.connection.prepare_cached(&sql)?;
        let counts = statement
            .query_map(params_from_iter(values), |row| {
                Ok((row.get(0)?, row.get::<_, i64>(1)?.cast_unsigned()))
            })?
            .collect::<Result<_, _>>()?;
        Ok(counts)
    }
}

fn aggregate_sql(scope: &Scope, filter: &Filter, key: &str) -> (String, Vec<Value>) {
    let scope = scope.sql(filter.asked_wijk().as_ref());
    let mut parts = vec![];
    let mut values = vec![];
    if let Some(class) = &scope.class {
        let theme = filter.theme.as_ref().map_or_else(String::new, ToString::to_string);
        let mut conditions = Clauses::one("r.theme = ?", [Value::Text(theme)]);
        for (asked, condition) in filter.asked() {
            if asked != Asked::Theme {
                conditions = conditions.also(condition);
            }
        }
        let conditions = conditions.also(class.clone());
        parts.push(format!(
            "SELECT {key} AS area, r.n AS n FROM area_count r WHERE {}",
            conditions.sql()
        ));
        values.extend(conditions.into_values());
    }
    if let Some(besides) = scope.besides {
        let mut conditions = Clauses::default();
        if let Some(class) = &scope.class {
            // The class is NULL where a record's audience cannot be read.
            let outside = format!("({}) IS NOT TRUE", class.sql());
            conditions.and(&outside, class.values().cloned());
        }
        let asked = filter.asked().into_iter();
        let asked = asked.fold(besides.condition, |all, (_, one)| all.also(one));
        let conditions = conditions.also(asked);
        // What the class decides by is in the index, so only what lies outside it is read.
        parts.push(format!(
            "SELECT coalesce({key}, '') AS area, 1 AS n FROM record r INDEXED BY record_author
             WHERE r.author = ? AND {}",
            conditions.sql()
        ));
        values.push(besides.author.clone());
        values.extend(conditions.clone().into_values());
        if let Some(others) = besides.others {
            parts.push(format!(
                "SELECT coalesce({key}, '') AS area, 1 AS n FROM record r
                 WHERE r.row IN {} AND r.author IS NOT ? AND {}",
                others.sql(),
                conditions.sql()
            ));
            values.extend(others.into_values());
            values.push(besides.author);
            values.extend(conditions.into_values());
        }
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
