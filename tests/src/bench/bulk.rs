//! Cold sync of many records into an empty store, beside a raw bulk insert of the same rows; the
//! bytes that it takes on the wire and in the file.
//!
//! The raw insert is the cheapest one that ends in the same read model: it knows all rows of all
//! tables beforehand, in the order of their keys, the counts ready added up; no trigger runs, each
//! table is written by one prepared statement, and the search index is filled at the end of each
//! transaction. Transactions, cache and synchronous setting are the store's. Both sides end when a
//! search has answered.

use std::path::Path;
use std::time::{Duration, Instant};

use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};
use wijkboek_crdt::PackLimits;
use wijkboek_store::{ArrivedPack, Filter, Scope, Store};

use super::baseline::{self, Synchronous};
use super::clock::process_time;
use super::files::{Folder, Key, open};
use super::json;
use super::report::Entry;
use super::{BenchError, Sizes};
use crate::corpus;

/// The rows "cold sync", "wire bytes per record" and the first half of "storage per record".
///
/// # Errors
/// [`BenchError`].
pub fn figures(root: &Path, key: Option<&Key>, sizes: &Sizes) -> Result<Vec<Entry>, BenchError> {
    let suffix = super::suffix(key);
    let folder = Folder::on_disk(root, "bulk")?;
    let packs: Vec<ArrivedPack> = corpus::packs::packs(sizes.synced).collect();
    let mut entries = wire(&packs, sizes)?;
    if key.is_some() {
        // Bytes on the wire are the same.
        entries.clear();
    }
    let model = folder.file("model.db");
    let mut store = open(&model, key)?;
    synced(&mut store, packs.clone(), sizes.synced)?;
    store.checkpoint()?;
    entries.push(storage(&model, sizes.synced, suffix)?);
    let rows = RawRows::read(&model, key)?;
    drop(store);
    let (mut walls, mut works) = (vec![], vec![]);
    let (mut ours, mut theirs) = (vec![], vec![]);
    for run in 0..sizes.bulk_runs {
        let path = folder.file(&format!("store-{run}.db"));
        let raw_path = folder.file(&format!("raw-{run}.db"));
        let sync = || {
            let arrived = packs.clone();
            let mut store = open(&path, key)?;
            Spent::on(|| synced(&mut store, arrived, sizes.synced))
        };
        let insert = || {
            let mut raw = RawRows::database(&raw_path, &model, key)?;
            Spent::on(|| rows.insert(&mut raw, sizes.synced))
        };
        let (store, raw) = if run.is_multiple_of(2) {
            let store = sync()?;
            (store, insert()?)
        } else {
            let raw = insert()?;
            (sync()?, raw)
        };
        walls.push(store.wall.as_secs_f64() / raw.wall.as_secs_f64());
        works.push(store.processor.as_secs_f64() / raw.processor.as_secs_f64());
        ours.push((store.wall.as_secs_f64(), store.processor.as_secs_f64()));
        theirs.push((raw.wall.as_secs_f64(), raw.processor.as_secs_f64()));
    }
    let mid = |all: &[(f64, f64)], of: fn(&(f64, f64)) -> f64| {
        super::clock::median(&all.iter().map(of).collect::<Vec<_>>())
    };
    let n = sizes.synced;
    entries.push(Entry::new(
        &format!("cold sync of {n} records, {suffix}"),
        "×",
        1.3,
        walls,
        format!(
            "by the clock, packs read by a thread of their own: {:.2} s against {:.2} s",
            mid(&ours, |t| t.0),
            mid(&theirs, |t| t.0)
        ),
    ));
    entries.push(Entry::new(
        &format!("cold sync of {n} records through the pack reader, {suffix}"),
        "×",
        2.5,
        works,
        format!(
            "processor time of all threads, reading packs and checking hashes included: \
             {:.2} s against {:.2} s",
            mid(&ours, |t| t.1),
            mid(&theirs, |t| t.1)
        ),
    ));
    Ok(entries)
}

/// Takes in packs and asks for a word.
fn synced(store: &mut Store, packs: Vec<ArrivedPack>, records: u32) -> Result<(), BenchError> {
    let ingested = store.ingest_packs(packs.into_iter(), &PackLimits::default())?;
    if ingested.changed.len() != records as usize {
        return Err(BenchError::NothingChanged);
    }
    let filter = Filter { text: Some(SOUGHT.to_owned()), ..Filter::default() };
    let found = store.list(&Scope::All, &filter, None, 50)?;
    if found.rows.is_empty() {
        return Err(BenchError::Baseline("the store's search found nothing"));
    }
    Ok(())
}

/// Bytes of the packs, and of the same content as JSON.
fn wire(packs: &[ArrivedPack], sizes: &Sizes) -> Result<Vec<Entry>, BenchError> {
    let n = f64::from(sizes.synced);
    let packed: usize = packs.iter().map(|pack| pack.bytes.len()).sum();
    let mut written = 0;
    for planned in corpus::packs::plan(sizes.synced) {
        written += json::compressed(&planned.records)?;
    }
    let (ours, theirs) = (super::whole(packed) / n, super::whole(written) / n);
    Ok(vec![
        Entry::new(
            "wire bytes per record with full history",
            "bytes",
            240.0,
            vec![ours],
            format!("packs of at most 500 records of one wijk, zstd 10; {} records", sizes.synced),
        ),
        Entry::new(
            "wire bytes per record, against JSON + zstd",
            "×",
            1.2,
            vec![ours / theirs],
            format!(
                "JSON of the same records with history, in the same batches at the same level: \
                 {theirs:.0} bytes"
            ),
        ),
    ])
}

/// Bytes per record in a store's file; everything is in it once its log was folded in.
///
/// # Errors
/// [`BenchError::Io`].
pub fn storage(path: &Path, records: u32, suffix: &str) -> Result<Entry, BenchError> {
    let bytes = std::fs::metadata(path)?.len();
    let each = super::whole(usize::try_from(bytes).unwrap_or(usize::MAX)) / f64::from(records);
    Ok(Entry::new(
        &format!("storage per record at {records} records, {suffix}"),
        "bytes",
        1_100.0,
        vec![each],
        "the file after a checkpoint: packs, read model, counts, search index".to_owned(),
    ))
}

struct Spent {
    wall: Duration,
    processor: Duration,
}

impl Spent {
    fn on(work: impl FnOnce() -> Result<(), BenchError>) -> Result<Self, BenchError> {
        let (start, before) = (Instant::now(), process_time());
        work()?;
        Ok(Self { wall: start.elapsed(), processor: process_time().saturating_sub(before) })
    }
}

/// All rows of a store's read model.
struct RawRows {
    /// `record` first, then what belongs to its records.
    tables: Vec<RawTable>,
    search: Vec<String>,
}

struct RawTable {
    insert: String,
    rows: Vec<Vec<Value>>,
}

impl RawRows {
    fn read(path: &Path, key: Option<&Key>) -> Result<Self, BenchError> {
        let store = Connection::open(path)?;
        baseline::unlock(&store, key)?;
        let mut names: Vec<String> = store
            .prepare(
                "SELECT name FROM sqlite_schema WHERE type = 'table' AND name <> 'record'
                    AND (name IN ('record_theme', 'area_count')
                        OR sql LIKE '%REFERENCES record (row)%')
                 ORDER BY name",
            )?
            .query_map([], |row| row.get(0))?
            .collect::<Result<_, _>>()?;
        names.insert(0, "record".to_owned());
        let tables = names.iter().map(|name| RawTable::read(&store, name));
        let search = store
            .prepare("SELECT name FROM pragma_table_info('search')")?
            .query_map([], |row| row.get(0))?
            .collect::<Result<_, _>>()?;
        Ok(Self { tables: tables.collect::<Result<_, _>>()?, search })
    }

    /// An empty database for them: the read model's tables and indexes, without triggers.
    fn database(path: &Path, like: &Path, key: Option<&Key>) -> Result<Connection, BenchError> {
        let raw = baseline::Baseline::create(path, like, key)?;
        raw.synchronous(Synchronous::Normal)?;
        let db = raw.into_connection();
        db.pragma_update(None, "cache_size", CACHE_KIB)?;
        let triggers: Vec<String> = db
            .prepare("SELECT name FROM sqlite_schema WHERE type = 'trigger'")?
            .query_map([], |row| row.get(0))?
            .collect::<Result<_, _>>()?;
        for name in triggers {
            db.execute_batch(&format!("DROP TRIGGER {name}"))?;
        }
        Ok(db)
    }

    fn insert(&self, db: &mut Connection, records: u32) -> Result<(), BenchError> {
        let (record, others) = self.tables.split_first().ok_or(BenchError::Baseline("no rows"))?;
        let columns = self.search.join(", ");
        let index = format!(
            "INSERT INTO search (rowid, {columns}) SELECT row, {columns} FROM record
             WHERE row >= ?1 AND row <= ?2 ORDER BY row"
        );
        let batches: Vec<_> = record.rows.chunks(PER_TRANSACTION).collect();
        for (n, batch) in batches.iter().enumerate() {
            let tx = db.transaction()?;
            fill(&tx, &record.insert, batch)?;
            for table in others {
                let share = table.rows.len().div_ceil(batches.len());
                let rows = table.rows.chunks(share.max(1)).nth(n).unwrap_or_default();
                fill(&tx, &table.insert, rows)?;
            }
            if let (Some(first), Some(last)) = (batch.first(), batch.last()) {
                tx.prepare_cached(&index)?.execute((&first[0], &last[0]))?;
            }
            tx.commit()?;
        }
        let found: i64 = db.query_row(
            "SELECT count(*) FROM (SELECT rowid FROM search WHERE search MATCH ?1 LIMIT 50)",
            [SOUGHT],
            |row| row.get(0),
        )?;
        let held: u32 = db.query_row("SELECT count(*) FROM record", [], |row| row.get(0))?;
        if found == 0 || held != records {
            return Err(BenchError::Baseline("the raw database's search found nothing"));
        }
        Ok(())
    }
}

impl RawTable {
    fn read(store: &Connection, name: &str) -> Result<Self, BenchError> {
        // With the record comes its id: in a store that lies beside the changes.
        let select = if name == "record" {
            let from = "FROM record r JOIN document d ON d.row = r.row ORDER BY r.row";
            format!("SELECT r.*, d.id {from}")
        } else {
            format!("SELECT * FROM {name}")
        };
        let mut statement = store.prepare(&select)?;
        let count = statement.column_count();
        let rows = statement
            .query_map([], |row| (0..count).map(|column| row.get(column)).collect())?
            .collect::<Result<_, _>>()?;
        let marks = vec!["?"; count].join(", ");
        Ok(Self { insert: format!("INSERT INTO {name} VALUES ({marks})"), rows })
    }
}

fn fill(db: &Connection, insert: &str, rows: &[Vec<Value>]) -> Result<(), rusqlite::Error> {
    let mut statement = db.prepare_cached(insert)?;
    for row in rows {
        statement.execute(params_from_iter(row))?;
    }
    Ok(())
}

/// A word of the corpus.
const SOUGHT: &str = "vuilnis";
/// As the store does it.
const PER_TRANSACTION: usize = 25_000;
const CACHE_KIB: i64 = -16_384;
