//! What a list, a count or a map is asked for, and the SQL conditions it becomes.
//!
//! Values are only ever bound, never spliced into the text.

use rusqlite::types::Value;
use wijkboek_model::{
    AreaCode, ContactKind, IdeaStage, PrincipalId, RecordId, RecordType, Status, ThemeId, Timestamp,
};

use crate::search;

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
    /// Ideas that have come as far as this.
    pub stage: Option<IdeaStage>,
    /// Created by this person.
    pub author: Option<PrincipalId>,
    /// That happened at this moment or later.
    pub from: Option<Timestamp>,
    /// That happened before this moment.
    pub to: Option<Timestamp>,
    /// With each of these words as the beginning of one of theirs; as typed.
    pub text: Option<String>,
    /// That this colleague works on.
    pub assignee: Option<PrincipalId>,
    /// Only where people changed the same field at once and nobody has chosen yet.
    pub conflicts_only: bool,
    /// Only where an answer was promised and has not been given, also where it was closed.
    pub owed_only: bool,
    /// With a position inside these bounds.
    pub within: Option<Bounds>,
    /// That name this record, as whatever: what hangs under a visit, replies and endorsements.
    pub linked_to: Option<RecordId>,
    /// Known to another system under this number, e.g. `signalen:12345`.
    pub reference: Option<String>,
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
        self.asked().iter().all(|(asked, _)| asked.is_counted())
    }

    /// The wijk that is asked for, also by way of a buurt, whose code names it.
    pub(crate) fn asked_wijk(&self) -> Option<AreaCode> {
        self.wijk.clone().or_else(|| self.buurt.as_ref().and_then(AreaCode::wijk))
    }

    /// Everything that is asked, as conditions on alias `r`.
    pub(crate) fn asked(&self) -> Vec<(Asked, Clauses)> {
        let Self {
            wijk: _,
            buurt,
            kind,
            record_type,
            theme,
            status,
            stage,
            author,
            assignee,
            from,
            to,
            text,
            conflicts_only,
            owed_only,
            within,
            linked_to,
            reference,
        } = self;
        let mut all = vec![];
        let mut ask = |asked, sql: &str, values: Vec<Value>| {
            all.push((asked, Clauses::one(sql, values)));
        };
        let word = |word: String| vec![Value::Text(word)];
        if let Some(wijk) = self.asked_wijk() {
            ask(Asked::Wijk, "r.wijk = ?", word(wijk.to_string()));
        }
        if let Some(buurt) = buurt {
            ask(Asked::Buurt, "r.buurt = ?", word(buurt.to_string()));
        }
        if let Some(kind) = kind {
            ask(Asked::Kind, "r.kind = ?", word(kind.to_string()));
        }
        if let Some(record_type) = record_type {
            ask(Asked::RecordType, "r.record_type = ?", word(record_type.to_string()));
        }
        if let Some(status) = status {
            ask(Asked::Status, "r.status = ?", word(status.to_string()));
        }
        if let Some(stage) = stage {
            ask(Asked::Stage, "r.stage = ?", word(stage.to_string()));
        }
        if let Some(theme) = theme {
            ask(Asked::Theme, HAS_THEME, word(theme.to_string()));
        }
        if let Some(author) = author {
            ask(Asked::Author, "r.author = ?", vec![Value::Blob(author.as_bytes().to_vec())]);
        }
        if let Some(assignee) = assignee {
            let assignee = Value::Blob(assignee.as_bytes().to_vec());
            ask(Asked::Assignee, "r.assignee = ?", vec![assignee]);
        }
        if let Some(from) = from {
            ask(Asked::Period, "r.occurred_at >= ?", vec![Value::Integer(from.as_millis())]);
        }
        if let Some(to) = to {
            ask(Asked::Period, "r.occurred_at < ?", vec![Value::Integer(to.as_millis())]);
        }
        if let Some(expression) = text.as_deref().and_then(search::expression) {
            ask(Asked::Text, HAS_TEXT, word(expression));
        }
        if *conflicts_only {
            ask(Asked::Conflicts, "r.conflicts > 0", vec![]);
        }
        if *owed_only {
            ask(Asked::Owed, "r.owed_by IS NOT NULL", vec![]);
        }
        if let Some(Bounds { west, south, east, north }) = within {
            let edges = [south, north, west, east].map(|edge| Value::Real(*edge));
            ask(Asked::Within, INSIDE, edges.to_vec());
        }
        if let Some(target) = linked_to {
            ask(Asked::Link, HAS_LINK, vec![Value::Blob(target.as_bytes().to_vec())]);
        }
        if let Some(reference) = reference {
            ask(Asked::Reference, HAS_REFERENCE, word(reference.clone()));
        }
        all
    }
}

/// One part of a filter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Asked {
    Wijk,
    Buurt,
    Kind,
    RecordType,
    Status,
    Stage,
    Theme,
    Author,
    Assignee,
    Period,
    Text,
    Conflicts,
    Owed,
    Within,
    Link,
    Reference,
}

impl Asked {
    /// Whether `area_count` has a column for it.
    fn is_counted(self) -> bool {
        match self {
            Self::Wijk
            | Self::Buurt
            | Self::Kind
            | Self::RecordType
            | Self::Status
            | Self::Theme => true,
            Self::Stage
            | Self::Author
            | Self::Assignee
            | Self::Period
            | Self::Text
            | Self::Conflicts
            | Self::Owed
            | Self::Within
            | Self::Link
            | Self::Reference => false,
        }
    }
}

const HAS_THEME: &str = "EXISTS (SELECT 1 FROM record_theme t WHERE t.theme = ? AND t.row = r.row)";
const HAS_TEXT: &str =
    "EXISTS (SELECT 1 FROM search WHERE search MATCH ? AND search.rowid = r.row)";
const HAS_LINK: &str = "EXISTS (SELECT 1 FROM record_link l WHERE l.target = ? AND l.row = r.row)";
const HAS_REFERENCE: &str =
    "EXISTS (SELECT 1 FROM record_reference f WHERE f.reference = ? AND f.row = r.row)";
const INSIDE: &str = "r.lat IS NOT NULL AND r.lat BETWEEN ? AND ? AND r.lon BETWEEN ? AND ?";

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

    pub(crate) fn is_empty(&self) -> bool {
        self.conditions.is_empty()
    }

    pub(crate) fn values(&self) -> impl Iterator<Item = &Value> {
        self.values.iter()
    }
}
