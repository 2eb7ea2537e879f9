//! What the store is measured against: the same rows in plain `SQLite`, without documents.
//!
//! Nothing of the schema is repeated here. Tables, indexes, triggers, search index and pragmas are
//! those of a store that was just made, minus what holds changes; the rows are read out of a store,
//! column by column, before anything is timed. So the baseline follows the read model by itself
//! and cannot be poorer than it. Besides, `record` gets the record's id with a unique index, which
//! in a store lies beside the changes: a logbook without ids could not be edited or linked.

use std::path::Path;

use rusqlite::types::Value;
use rusqlite::{Connection, Transaction, TransactionBehavior, params_from_iter};
use wijkboek_model::RecordId;

use super::BenchError;
use super::files::Key;

/// One record as rows: its table, and the values of all columns.
#[derive(Debug, Clone, PartialEq)]
pub struct RawRecord {
    rows: Vec<(usize, Vec<Value>)>,
}

/// A plain database with a store's read model.
#[derive(Debug)]
pub struct Baseline {
    connection: Connection,
    tables: Vec<Table>,
}

/// A table of the read model with what is prepared for it; `record` is the first.
#[derive(Debug, Clone)]
struct Table {
    columns: Vec<String>,
    select: String,
    insert: String,
}

/// How long a commit waits for the disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Synchronous {
    /// Until it is there.
    Full,
    /// Not at all, until the next checkpoint.
    Normal,
}

impl Baseline {
    /// Makes an empty one, in the image of the store at `like`.
    ///
    /// # Errors
    /// [`BenchError`].
    pub fn create(path: &Path, like: &Path, key: Option<&Key>) -> Result<Self, BenchError> {
        let store = Connection::open(like)?;
        unlock(&store, key)?;
        let tables = tables(&store)?;
        let connection = Connection::open(path)?;
        unlock(&connection, key)?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        connection.pragma_update(None, "foreign_keys", true)?;
        connection.pragma_update(None, "secure_delete", true)?;
        connection.pragma_update(None, "temp_store", "MEMORY")?;
        connection.set_prepared_statement_cache_capacity(128);
        for sql in schema(&store)? {
            connection.execute_batch(&sql)?;
        }
        let configured: Vec<(String, Value)> = store
            .prepare("SELECT k, v FROM search_config WHERE k <> 'version'")?
            .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
            .collect::<Result<_, _>>()?;
        for (name, value) in configured {
            connection
                .execute("INSERT INTO search (search, rank) VALUES (?1, ?2)", (name, value))?;
        }
        Ok(Self { connection, tables })
    }

    /// Sets how far a commit waits for the disk.
    ///
    /// # Errors
    /// [`BenchError`].
    pub fn synchronous(&self, level: Synchronous) -> Result<(), BenchError> {
        let word = match level {
            Synchronous::Full => "FULL",
            Synchronous::Normal => "NORMAL",
        };
        Ok(self.connection.pragma_update(None, "synchronous", word)?)
    }

    /// Writes one record in a transaction of its own.
    ///
    /// # Errors
    /// [`BenchError`].
    pub fn log(&mut self, id: RecordId, record: &RawRecord) -> Result<(), BenchError> {
        let tables = &self.tables;
        let tx = begin(&mut self.connection)?;
        insert(&tx, tables, id, record)?;
        Ok(tx.commit()?)
    }

    /// Sets the columns in which two states of a record differ, found by its id, in a transaction
    /// of its own. Only `record` itself may differ.
    ///
    /// # Errors
    /// [`BenchError::Baseline`] when another table differs.
    pub fn update(&mut self, id: RecordId, change: &RawUpdate) -> Result<(), BenchError> {
        let tx = begin(&mut self.connection)?;
        let values = change.values.iter().cloned().chain([id_value(id)]);
        tx.prepare_cached(&change.sql)?.execute(params_from_iter(values))?;
        Ok(tx.commit()?)
    }

    /// Prepares [`Self::update`].
    ///
    /// # Errors
    /// [`BenchError::Baseline`] when something else than columns of `record` differs.
    pub fn difference(&self, old: &RawRecord, new: &RawRecord) -> Result<RawUpdate, BenchError> {
        let ((_, before), (_, after)) = match (old.rows.first(), new.rows.first()) {
            (Some(before), Some(after)) if old.rows[1..] == new.rows[1..] => (before, after),
            _ => return Err(BenchError::Baseline("an edit touched more than its record's row")),
        };
        let mut set = vec![];
        let mut values = vec![];
        for ((column, old), new) in self.tables[0].columns.iter().zip(before).zip(after) {
            if old != new {
                values.push(new.clone());
                set.push(format!("{column} = ?{}", values.len()));
            }
        }
        let id = values.len() + 1;
        Ok(RawUpdate {
            sql: format!("UPDATE record SET {} WHERE id = ?{id}", set.join(", ")),
            values,
        })
    }

    /// The database itself, for writing to it in another way.
    pub fn into_connection(self) -> Connection {
        self.connection
    }
}

/// The columns that an edit sets.
#[derive(Debug, Clone)]
pub struct RawUpdate {
    sql: String,
    values: Vec<Value>,
}

/// Reads records out of a store's file.
#[derive(Debug)]
pub struct Source {
    connection: Connection,
    tables: Vec<Table>,
}

impl Source {
    /// Opens a store's file beside the store.
    ///
    /// # Errors
    /// [`BenchError`].
    pub fn open(path: &Path, key: Option<&Key>) -> Result<Self, BenchError> {
        let connection = Connection::open(path)?;
        unlock(&connection, key)?;
        let tables = tables(&connection)?;
        Ok(Self { connection, tables })
    }

    /// What the read model holds of one record.
    ///
    /// # Errors
    /// [`BenchError`].
    pub fn record(&self, id: RecordId) -> Result<RawRecord, BenchError> {
        let row: i64 = self
            .connection
            .prepare_cached("SELECT row FROM document WHERE id = ?1")?
            .query_row([id_value(id)], |row| row.get(0))?;
        let mut rows = vec![];
        for (n, table) in self.tables.iter().enumerate() {
            let mut statement = self.connection.prepare_cached(&table.select)?;
            let found = statement.query_map([row], |row| {
                (0..table.columns.len()).map(|column| row.get(column)).collect()
            })?;
            for values in found {
                rows.push((n, values?));
            }
        }
        Ok(RawRecord { rows })
    }
}

fn begin(connection: &mut Connection) -> Result<Transaction<'_>, rusqlite::Error> {
    connection.transaction_with_behavior(TransactionBehavior::Immediate)
}

fn insert(
    tx: &Connection,
    tables: &[Table],
    id: RecordId,
    record: &RawRecord,
) -> Result<(), rusqlite::Error> {
    for (n, values) in &record.rows {
        let mut statement = tx.prepare_cached(&tables[*n].insert)?;
        if *n == 0 {
            statement.execute(params_from_iter(values.iter().cloned().chain([id_value(id)])))?;
        } else {
            statement.execute(params_from_iter(values))?;
        }
    }
    Ok(())
}

fn id_value(id: RecordId) -> Value {
    Value::Blob(id.as_bytes().to_vec())
}

/// Gives a key to a database before anything is read from it.
///
/// # Errors
/// [`BenchError`].
pub(super) fn unlock(connection: &Connection, key: Option<&Key>) -> Result<(), BenchError> {
    if let Some(key) = key {
        connection.execute_batch(&format!("PRAGMA key = \"x'{}'\"", key.hex()))?;
    }
    Ok(())
}

/// The tables of the read model that hold rows of one record, `record` first.
fn tables(store: &Connection) -> Result<Vec<Table>, BenchError> {
    let names: Vec<String> = store
        .prepare(
            "SELECT name FROM sqlite_schema WHERE type = 'table'
                AND (name = 'record' OR sql LIKE '%REFERENCES record (row)%')
             ORDER BY name <> 'record', name",
        )?
        .query_map([], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    names.iter().map(|name| table(store, name)).collect()
}

fn table(store: &Connection, name: &str) -> Result<Table, BenchError> {
    let columns: Vec<String> = store
        .prepare("SELECT name FROM pragma_table_info(?1) ORDER BY cid")?
        .query_map([name], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    let all = columns.join(", ");
    let (into, count) = match name {
        "record" => (format!("{all}, id"), columns.len() + 1),
        _ => (all.clone(), columns.len()),
    };
    let marks = vec!["?"; count].join(", ");
    Ok(Table {
        select: format!("SELECT {all} FROM {name} WHERE row = ?1"),
        insert: format!("INSERT INTO {name} ({into}) VALUES ({marks})"),
        columns,
    })
}

/// The SQL of the read model: `record` and what refers to it, the counts, the search index, and
/// the indexes and triggers on those.
pub(super) fn schema(store: &Connection) -> Result<Vec<String>, BenchError> {
    let statements: Vec<String> = store
        .prepare(
            "WITH mine (name) AS (
                SELECT name FROM sqlite_schema WHERE type = 'table' AND (
                    name IN ('record', 'record_theme', 'area_count') OR sql LIKE '%REFERENCES record (row)%'
                    OR sql LIKE 'CREATE VIRTUAL TABLE%'))
             SELECT sql FROM sqlite_schema
             WHERE sql IS NOT NULL AND tbl_name IN mine
             ORDER BY type <> 'table', sql NOT LIKE 'CREATE TABLE record (%', rowid",
        )?
        .query_map([], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    let mut schema: Vec<String> = statements
        .into_iter()
        .map(|sql| {
            sql.replace(" REFERENCES document (row) ON UPDATE CASCADE ON DELETE CASCADE", "")
        })
        .collect();
    schema.push("ALTER TABLE record ADD COLUMN id BLOB".to_owned());
    schema.push("CREATE UNIQUE INDEX record_id ON record (id)".to_owned());
    Ok(schema)
}
