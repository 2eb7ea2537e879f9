//! What a list, a count or a map is asked for, and the SQL conditions it becomes.
//!
//! Values are only ever bound, never spliced into the text.

use rusqlite::types::Value;
use wijkboek_model::{AreaCode, ContactKind, PrincipalId, RecordType, Status, ThemeId, Timestamp};

use crate::{Scope, search};

/// Which records are asked for; an empty filter asks for all of them.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Filter {
    /// Lying in this wijk.
    pub wijk: Option<AreaCode>,
    /// Lying in this buurt.
    pub buurt: Option<AreaCode>,
    /// Of this kind.
    pub kind: Option<ContactKind>,
    /// Of this type.
    pub record_type: Option<RecordType>,
    /// With this theme.
    pub theme: Option<ThemeId>,
    /// As far as this.
    pub status: Option<Status>,
    /// Created by this person.
    pub author: Option<PrincipalId>,
    /// That happened at this moment or later.
    pub from: Option<Timestamp>,
    /// That happened before this moment.
    pub to: Option<Timestamp>,
    /// With each of these words as the beginning of one of theirs; as typed.
    pub text: Option<String>,
    /// Only where people changed the same field at once and nobody has chosen yet.
    pub conflicts_only: bool,
    /// With a position inside these bounds.
    pub within: Option<Bounds>,
}

/// A rectangle on the map, in degrees (WGS84), its edges included.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bounds {
    /// Westernmost longitude.
    pub west: f64,
    /// Southernmost latitude.
    pub south: f64,
    /// Easternmost longitude.
    pub east: f64,
    /// Northernmost latitude.
    pub north: f64,
}

impl Filter {
    /// Whether `area_count` has a column for everything that is asked.
    pub(crate) fn is_countable(&self) -> bool {
        let Self {
            wijk: _,
            buurt: _,
            kind: _,
            record_type: _,
            theme,
            status: _,
            author,
            from,
            to,
            text,
            conflicts_only,
            within,
        } = self;
        theme.is_none()
            && author.is_none()
            && from.is_none()
            && to.is_none()
            && text.as_deref().and_then(search::expression).is_none()
            && !conflicts_only
            && within.is_none()
    }

    /// The conditions that `area_count` can answer too, on alias `r`.
    pub(crate) fn countable(&self) -> Clauses {
        let mut all = Clauses::default();
        all.equals("r.wijk", self.asked_wijk().map(|w| w.to_string()));
        all.equals("r.buurt", self.buurt.as_ref().map(ToString::to_string));
        all.equals("r.kind", self.kind.map(|k| k.to_string()));
        all.equals("r.record_type", self.record_type.map(|t| t.to_string()));
        all.equals("r.status", self.status.map(|s| s.to_string()));
        all
    }

    /// The wijk that is asked for. A buurt's code names its wijk, which gives the planner the better
    /// index.
    pub(crate) fn asked_wijk(&self) -> Option<AreaCode> {
        self.wijk.clone().or_else(|| self.buurt.as_ref().and_then(AreaCode::wijk))
    }

    /// The tables to read from and everything asked, on alias `r`.
    pub(crate) fn question(&self, scope: &Scope) -> Question {
        let mut conditions = self.countable();
        let mut theme = self.theme.as_ref().map(|t| Value::Text(t.to_string()));
        let (tables, row) = match self.text.as_deref().and_then(search::expression) {
            Some(expression) => {
                conditions.and("search MATCH ?", [Value::Text(expression)]);
                ("search CROSS JOIN record r ON r.row = search.rowid", "search.rowid")
            }
            None => match theme.take() {
                Some(theme) => {
                    conditions.and("t.theme = ?", [theme]);
                    ("record_theme t CROSS JOIN record r ON r.row = t.row", "t.row")
                }
                None => ("record r", "r.row"),
            },
        };
        if let Some(theme) = theme {
            conditions.and(
                "EXISTS (SELECT 1 FROM record_theme t WHERE t.theme = ? AND t.row = r.row)",
                [theme],
            );
        }
        if let Some(author) = self.author {
            conditions.and("r.author = ?", [Value::Blob(author.as_bytes().to_vec())]);
        }
        if let Some(from) = self.from {
            conditions.and("r.occurred_at >= ?", [Value::Integer(from.as_millis())]);
        }
        if let Some(to) = self.to {
            conditions.and("r.occurred_at < ?", [Value::Integer(to.as_millis())]);
        }
        if self.conflicts_only {
            conditions.and("r.conflicts > 0", []);
        }
        if let Some(Bounds { west, south, east, north }) = self.within {
            conditions.and(
                "r.lat IS NOT NULL AND r.lat BETWEEN ? AND ? AND r.lon BETWEEN ? AND ?",
                [south, north, west, east].map(Value::Real),
            );
        }
        if *scope != Scope::All {
            conditions = conditions.also(scope.condition(self.asked_wijk().as_ref()));
        }
        Question { tables, row, conditions }
    }
}

/// A filter as SQL.
pub(crate) struct Question {
    pub(crate) tables: &'static str,
    /// The column of the leading table that holds the row, for order and paging.
    pub(crate) row: &'static str,
    pub(crate) conditions: Clauses,
}

/// Conditions joined by AND, with the values for their question marks in the same order.
#[derive(Debug, Clone, Default)]
pub(crate) struct Clauses {
    conditions: Vec<String>,
    values: Vec<Value>,
}

impl Clauses {
    pub(crate) fn one(sql: impl Into<String>, values: impl IntoIterator<Item = Value>) -> Self {
        Self { conditions: vec![sql.into()], values: values.into_iter().collect() }
    }

    pub(crate) fn and(&mut self, sql: &str, values: impl IntoIterator<Item = Value>) {
        self.conditions.push(sql.to_owned());
        self.values.extend(values);
    }

    #[must_use]
    pub(crate) fn also(mut self, other: Self) -> Self {
        self.conditions.extend(other.conditions);
        self.values.extend(other.values);
        self
    }

    #[must_use]
    pub(crate) fn or(self, other: Self) -> Self {
        let sql = format!("({}) OR ({})", self.sql(), other.sql());
        Self::one(sql, self.values.into_iter().chain(other.values))
    }

    /// For use after WHERE; `1` when nothing is asked.
    pub(crate) fn sql(&self) -> String {
        if self.conditions.is_empty() {
            return "1".to_owned();
        }
        self.conditions.iter().map(|c| format!("({c})")).collect::<Vec<_>>().join(" AND ")
    }

    pub(crate) fn into_values(self) -> Vec<Value> {
        self.values
    }

    pub(crate) fn values(&self) -> impl Iterator<Item = &Value> {
        self.values.iter()
    }

    fn equals(&mut self, column: &str, value: Option<String>) {
        if let Some(value) = value {
            self.and(&format!("{column} = ?"), [Value::Text(value)]);
        }
    }
}
