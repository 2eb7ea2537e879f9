//! Writing many new records at once: what triggers would do row by row is done per batch.
//!
//! Invariant: when [`Bulk::end`] returns, triggers, counts and search stand as if each record had
//! been inserted alone. All of it happens inside one transaction, so a crash in between leaves
//! neither the records nor the absence of the triggers.

use rusqlite::Connection;

use crate::projection::Projection;

/// A stretch of a transaction in which no trigger counts or indexes a new record.
pub(super) struct Bulk<'tx> {
    tx: &'tx Connection,
    triggers: Vec<String>,
    rows: Vec<i64>,
}

impl<'tx> Bulk<'tx> {
    pub(super) fn begin(tx: &'tx Connection) -> Result<Self, rusqlite::Error> {
        let mut triggers = vec![];
        for name in TRIGGERS {
            let sql: String = tx.query_row(
                "SELECT sql FROM sqlite_schema WHERE type = 'trigger' AND name = ?1",
                [name],
                |row| row.get(0),
            )?;
            triggers.push(sql);
            tx.execute_batch(&format!("DROP TRIGGER {name}"))?;
        }
        Ok(Self { tx, triggers, rows: vec![] })
    }

    /// Writes the read model of a record that is not here yet.
    pub(super) fn insert(
        &mut self,
        row: i64,
        projection: &Projection,
    ) -> Result<(), rusqlite::Error> {
        projection.insert(self.tx, row)?;
        self.rows.push(row);
        Ok(())
    }

    /// Counts and indexes what was written so far: to be called before rows of documents move.
    pub(super) fn catch_up(&mut self) -> Result<(), rusqlite::Error> {
        self.tx
            .execute_batch("CREATE TEMP TABLE IF NOT EXISTS arrived (row INTEGER PRIMARY KEY)")?;
        self.tx.execute("DELETE FROM temp.arrived", [])?;
        // In order of rows: the search index then writes one segment.
        self.rows.sort_unstable();
        {
            let mut note = self.tx.prepare_cached("INSERT INTO temp.arrived (row) VALUES (?1)")?;
            for row in &self.rows {
                note.execute([row])?;
            }
        }
        for sql in [THEMES, COUNT, INDEX, "DELETE FROM temp.arrived"] {
            self.tx.prepare_cached(sql)?.execute([])?;
        }
        self.rows.clear();
        Ok(())
    }

    pub(super) fn end(mut self) -> Result<(), rusqlite::Error> {
        self.catch_up()?;
        for sql in self.triggers {
            self.tx.execute_batch(&sql)?;
        }
        Ok(())
    }
}

const TRIGGERS: [&str; 3] = ["record_count_insert", "record_theme_insert", "record_search_insert"];

const THEMES: &str = "
    INSERT INTO record_theme (theme, row)
    SELECT t.value, r.row FROM temp.arrived a CROSS JOIN record r ON r.row = a.row
        CROSS JOIN json_each(r.themes) t
    ORDER BY 1, 2";

/// The WHERE is there so that ON is not read as the condition of a join.
const COUNT: &str = "
    INSERT INTO area_count
    SELECT t.value, coalesce(wijk, ''), coalesce(buurt, ''),
        coalesce(record_type, ''), coalesce(kind, ''), coalesce(status, ''),
        coalesce(sensitivity, ''), count(*)
    FROM temp.arrived a CROSS JOIN record r ON r.row = a.row
        CROSS JOIN json_each(json_insert(r.themes, '$[#]', '')) t
    WHERE true
    GROUP BY 1, 2, 3, 4, 5, 6, 7
    ON CONFLICT DO UPDATE SET n = n + excluded.n";

const INDEX: &str = "
    INSERT INTO search (rowid, text, thread, more)
    SELECT r.row, r.text, r.thread, r.more FROM temp.arrived a CROSS JOIN record r ON r.row = a.row
    ORDER BY a.row";
