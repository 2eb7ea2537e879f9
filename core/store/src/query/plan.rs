//! How a filter is answered: which index leads, and what is left to ask of each row it yields.
//!
//! The leading index is chosen here and named in the SQL, not left to the planner, which has no
//! statistics. Everything leads to rows from the newest down, so nothing is ever sorted; a period,
//! which is about another moment than the row's, becomes a stretch of rows.

use std::collections::BTreeSet;

use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};
use wijkboek_model::{ROW_STEP_BITS, Timestamp};

use crate::filter::{Asked, Clauses};
use crate::{Filter, Scope};

/// Stretches of rows, from the newest down, that do not overlap.
#[derive(Debug)]
pub(crate) struct Plan {
    pub(crate) stretches: Vec<Stretch>,
}

/// The rows from `newest` down to `oldest` that `source` yields and that pass `rest`.
#[derive(Debug)]
pub(crate) struct Stretch {
    pub(crate) source: Source,
    pub(crate) rest: Clauses,
    pub(crate) newest: i64,
    pub(crate) oldest: i64,
}

#[derive(Debug)]
pub(crate) enum Source {
    /// An index in the order of rows.
    Index(Lead),
    /// Rows looked up beforehand, the newest first.
    Rows(Vec<i64>),
}

/// What a query reads first.
#[derive(Debug)]
pub(crate) struct Lead {
    /// The tables when a row's record is needed too, which is then called `r`.
    pub(crate) with_record: &'static str,
    /// The tables when it is not.
    pub(crate) alone: &'static str,
    /// The column with the row.
    pub(crate) row: &'static str,
    pub(crate) condition: Clauses,
}

impl Plan {
    pub(crate) fn of(
        db: &Connection,
        filter: &Filter,
        scope: &Scope,
    ) -> Result<Self, rusqlite::Error> {
        let asked = filter.asked();
        let wijk = filter.asked_wijk();
        let sql = scope.sql(wijk.as_ref());
        if sql.class.is_none() {
            // Nothing by its class: at most what somebody wrote or takes part in.
            let Some(besides) = sql.besides else { return Ok(Self { stretches: vec![] }) };
            let among = format!("r.row IN {}", besides.candidates.sql());
            let condition = Clauses::one(among, besides.candidates.into_values());
            let rest = left(&asked, &[]).also(besides.condition);
            return Ok(Self::whole(Source::Index(record(RECORD, condition)), rest));
        }
        let scoped = match scope {
            Scope::All => Clauses::default(),
            Scope::Of(_) => scope.condition(wijk.as_ref()),
        };
        if !asked.iter().any(|(asked, _)| LEADS_BEFORE_PLACE.contains(asked))
            && let Some(rows) = within(db, &asked)?
        {
            let rest = left(&asked, &[Asked::Within]).also(scoped);
            return Ok(Self::whole(Source::Rows(rows), rest));
        }
        let (lead, covered) = lead(&asked);
        let source = Source::Index(lead);
        let rest = left(&asked, &covered).also(scoped.clone());
        let Some((newest, oldest)) = stretch(filter) else { return Ok(Self::whole(source, rest)) };
        let Some(belated) = belated(db, &asked, newest, oldest)? else {
            return Ok(Self::whole(source, rest));
        };
        let belated = with_text(db, &asked, belated)?;
        let (after, before): (Vec<i64>, Vec<i64>) =
            belated.into_iter().partition(|row| *row > newest);
        let beside = left(&asked, &[Asked::Text]).also(scoped);
        let rows = |rows, newest, oldest| Stretch {
            source: Source::Rows(rows),
            rest: beside.clone(),
            newest,
            oldest,
        };
        Ok(Self {
            stretches: vec![
                rows(after, i64::MAX, newest.saturating_add(1)),
                Stretch { source, rest, newest, oldest },
                rows(before, oldest.saturating_sub(1), i64::MIN),
            ],
        })
    }

    fn whole(source: Source, rest: Clauses) -> Self {
        Self { stretches: vec![Stretch { source, rest, newest: i64::MAX, oldest: i64::MIN }] }
    }

    /// Asks one thing more.
    #[must_use]
    pub(crate) fn and(mut self, sql: &str) -> Self {
        for stretch in &mut self.stretches {
            stretch.rest.and(sql, []);
        }
        self
    }
}

/// What is asked besides what an index covers.
fn left(asked: &[(Asked, Clauses)], covered: &[Asked]) -> Clauses {
    let left = asked.iter().filter(|(asked, _)| !covered.contains(asked));
    left.fold(Clauses::default(), |all, (_, condition)| all.also(condition.clone()))
}

/// The first of these that is asked leads, from the few rows to the many.
fn lead(asked: &[(Asked, Clauses)]) -> (Lead, Vec<Asked>) {
    let values = |of: Asked| -> Option<Vec<Value>> {
        let (_, condition) = asked.iter().find(|(asked, _)| *asked == of)?;
        Some(condition.clone().into_values())
    };
    let beside = |with_record, alone, row, sql: &str, values: Vec<Value>| Lead {
        with_record,
        alone,
        row,
        condition: Clauses::one(sql, values),
    };
    if let Some(of) = values(Asked::Reference) {
        let lead = beside(REFERENCE_AND_RECORD, REFERENCE, "f.row", "f.reference = ?", of);
        return (lead, vec![Asked::Reference]);
    }
    if let Some(of) = values(Asked::Link) {
        let lead = beside(LINK_AND_RECORD, LINK, "l.row", "l.target = ?", of);
        return (lead, vec![Asked::Link]);
    }
    if let Some(of) = values(Asked::Text) {
        let lead = beside(SEARCH_AND_RECORD, "search", "search.rowid", "search MATCH ?", of);
        return (lead, vec![Asked::Text]);
    }
    for (of, tables) in BEFORE_THEME {
        if let Some((_, condition)) = asked.iter().find(|(asked, _)| *asked == of) {
            return (record(tables, condition.clone()), vec![of]);
        }
    }
    if let Some(of) = values(Asked::Theme) {
        let lead = beside(THEME_AND_RECORD, THEME, "t.row", "t.theme = ?", of);
        return (lead, vec![Asked::Theme]);
    }
    for (of, tables) in BEHIND_THEME {
        if let Some((_, condition)) = asked.iter().find(|(asked, _)| *asked == of) {
            return (record(tables, condition.clone()), vec![of]);
        }
    }
    (record(RECORD, Clauses::default()), vec![])
}

fn record(tables: &'static str, condition: Clauses) -> Lead {
    Lead { with_record: tables, alone: tables, row: "r.row", condition }
}

/// The rows inside the bounds that are asked for; none when nothing is, or when so much lies
/// there that going back in time is faster.
fn within(
    db: &Connection,
    asked: &[(Asked, Clauses)],
) -> Result<Option<Vec<i64>>, rusqlite::Error> {
    let Some((_, inside)) = asked.iter().find(|(asked, _)| *asked == Asked::Within) else {
        return Ok(None);
    };
    let sql = format!(
        "SELECT r.row FROM record r INDEXED BY record_position WHERE {} LIMIT {}",
        inside.sql(),
        LOOKED_UP_MAX + 1
    );
    looked_up(db, &sql, inside)
}

/// The rows of the period that lie outside its stretch; none when those are too many.
fn belated(
    db: &Connection,
    asked: &[(Asked, Clauses)],
    newest: i64,
    oldest: i64,
) -> Result<Option<Vec<i64>>, rusqlite::Error> {
    let mut condition = Clauses::default();
    for (_, period) in asked.iter().filter(|(asked, _)| *asked == Asked::Period) {
        condition = condition.also(period.clone());
    }
    let outside = [Value::Integer(newest), Value::Integer(oldest)];
    condition.and("r.row > ? OR r.row < ?", outside);
    let sql = format!(
        "SELECT r.row FROM record r INDEXED BY record_belated
         WHERE abs(r.occurred_at - (r.row << {ROW_STEP_BITS})) > {BELATED_MS} AND {} LIMIT {}",
        condition.sql(),
        LOOKED_UP_MAX + 1
    );
    looked_up(db, &sql, &condition)
}

/// Those of some rows that hold the words asked for. One search for all of them: for each alone
/// the beginnings of words would be merged anew.
fn with_text(
    db: &Connection,
    asked: &[(Asked, Clauses)],
    mut rows: Vec<i64>,
) -> Result<Vec<i64>, rusqlite::Error> {
    let Some((_, text)) = asked.iter().find(|(asked, _)| *asked == Asked::Text) else {
        return Ok(rows);
    };
    let (Some(newest), Some(oldest)) = (rows.first().copied(), rows.last().copied()) else {
        return Ok(rows);
    };
    let mut statement = db.prepare_cached(
        "SELECT rowid FROM search WHERE search MATCH ? AND rowid BETWEEN ? AND ?",
    )?;
    let bounds = [Value::Integer(oldest), Value::Integer(newest)];
    let values = text.clone().into_values().into_iter().chain(bounds);
    let wanted: BTreeSet<i64> = rows.iter().copied().collect();
    let mut held = BTreeSet::new();
    let mut found = statement.query(params_from_iter(values))?;
    while let Some(row) = found.next()? {
        let row: i64 = row.get(0)?;
        if wanted.contains(&row) {
            held.insert(row);
        }
    }
    rows.retain(|row| held.contains(row));
    Ok(rows)
}

fn looked_up(
    db: &Connection,
    sql: &str,
    condition: &Clauses,
) -> Result<Option<Vec<i64>>, rusqlite::Error> {
    let mut rows: Vec<i64> = db
        .prepare_cached(sql)?
        .query_map(params_from_iter(condition.values()), |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    rows.sort_unstable_by(|a, b| b.cmp(a));
    Ok((rows.len() <= LOOKED_UP_MAX).then_some(rows))
}

/// The newest and the oldest row of the period that is asked for: a row is the time of creation,
/// and what happened was written down soon.
fn stretch(filter: &Filter) -> Option<(i64, i64)> {
    if filter.from.is_none() && filter.to.is_none() {
        return None;
    }
    let row = |at: Timestamp, ms| at.as_millis().saturating_add(ms) >> ROW_STEP_BITS;
    let newest = filter.to.map_or(i64::MAX, |to| row(to, BELATED_MS));
    let oldest = filter.from.map_or(i64::MIN, |from| row(from, -BELATED_MS));
    Some((newest, oldest))
}

const RECORD: &str = "record r";
const REFERENCE: &str = "record_reference f";
const REFERENCE_AND_RECORD: &str = "record_reference f CROSS JOIN record r ON r.row = f.row";
const LINK: &str = "record_link l";
const LINK_AND_RECORD: &str = "record_link l CROSS JOIN record r ON r.row = l.row";
const SEARCH_AND_RECORD: &str = "search CROSS JOIN record r ON r.row = search.rowid";
const THEME: &str = "record_theme t";
const THEME_AND_RECORD: &str = "record_theme t CROSS JOIN record r ON r.row = t.row";

const BEFORE_THEME: [(Asked, &str); 5] = [
    (Asked::Conflicts, "record r INDEXED BY record_conflicts"),
    (Asked::Assignee, "record r INDEXED BY record_assignee"),
    (Asked::Stage, "record r INDEXED BY record_stage"),
    (Asked::Buurt, "record r INDEXED BY record_buurt"),
    (Asked::Author, "record r INDEXED BY record_author"),
];

/// What has a status that is worth asking for is open, and open are few: fewer than in a wijk.
const BEHIND_THEME: [(Asked, &str); 2] = [
    (Asked::Status, "record r INDEXED BY record_status"),
    (Asked::Wijk, "record r INDEXED BY record_wijk"),
];

/// With one of these the place is asked of each row.
const LEADS_BEFORE_PLACE: [Asked; 5] =
    [Asked::Reference, Asked::Link, Asked::Text, Asked::Conflicts, Asked::Assignee];

/// As in the index `record_belated`: three days.
const BELATED_MS: i64 = 259_200_000;

/// More rows than this are not looked up beforehand.
const LOOKED_UP_MAX: usize = 10_000;
