//! Recomputing everything derived from the changes, comparing it with what stands there, and
//! putting right what differs.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Connection, ErrorCode};
use wijkboek_crdt::{ChangeInfo, RawChange};
use wijkboek_model::{ChangeHash, RecordId};

use crate::documents::{self, id_at};
use crate::ingest::{self, Arrived, Ingested};
use crate::projection::Projection;
use crate::{Store, StoreError};

/// What a rebuild found. Everything named here has been put right, but for `damaged`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RebuildReport {
    /// How many documents were compared.
    pub documents: usize,
    /// Those of which a derived row, the heads or the log number differed.
    pub differing: Vec<RecordId>,
    /// Whether the counts per area differed from the rows.
    pub counts_differed: bool,
    /// Whether the search index differed from the rows.
    pub search_differed: bool,
    /// Documents of which a stored change is no longer what its hash says.
    pub damaged: Vec<RecordId>,
    /// Documents that could take in changes from quarantine, which this version can read.
    pub recovered: Vec<RecordId>,
}

impl RebuildReport {
    /// Whether everything stood there as it should.
    pub fn is_clean(&self) -> bool {
        self.differing.is_empty()
            && !self.counts_differed
            && !self.search_differed
            && self.damaged.is_empty()
    }
}

impl Store {
    /// Compares all derived rows with what the changes say, and puts them right.
    ///
    /// # Errors
    /// [`StoreError`]; nothing is then changed.
    pub fn rebuild(&mut self) -> Result<RebuildReport, StoreError> {
        let tx = self.write()?;
        let mut report = RebuildReport::default();
        let documents: Vec<(i64, RecordId)> = tx
            .prepare("SELECT row, id FROM document ORDER BY row")?
            .query_map([], |row| Ok((row.get(0)?, id_at(row, 1)?)))?
            .collect::<Result<_, _>>()?;
        for (row, id) in documents {
            report.documents += 1;
            rebuild_one(&tx, row, id, &mut report)?;
        }
        report.counts_differed = recount(&tx)?;
        report.search_differed = reindex(&tx)?;
        report.recovered = retry_quarantine(&tx)?;
        tx.commit()?;
        Ok(report)
    }
}

fn rebuild_one(
    tx: &Connection,
    row: i64,
    id: RecordId,
    report: &mut RebuildReport,
) -> Result<(), StoreError> {
    let changes = documents::changes(tx, row)?;
    let Some(heads) = heads_of(&changes) else {
        report.damaged.push(id);
        return Ok(());
    };
    let projection =
        ingest::projection_of(id, &changes, &[]).unwrap_or_else(|_| Projection::unreadable(id));
    let number: Option<i64> = tx
        .prepare_cached("SELECT max(number) FROM change WHERE row = ?1")?
        .query_row([row], |r| r.get(0))?;
    let noted: Option<i64> = tx
        .prepare_cached("SELECT number FROM document WHERE row = ?1")?
        .query_row([row], |r| r.get(0))?;
    let same = Projection::saved(tx, row)?.as_ref() == Some(&projection)
        && documents::heads(tx, row)? == heads
        && number == noted;
    if !same {
        report.differing.push(id);
        projection.save(tx, row)?;
        documents::set_heads(tx, row, heads)?;
        documents::recount_number(tx, row)?;
    }
    Ok(())
}

/// The heads of changes in causal order, sorted; none when a change is not what its hash says.
fn heads_of(changes: &[RawChange]) -> Option<Vec<ChangeHash>> {
    let mut heads = BTreeSet::new();
    for change in changes {
        let info = ChangeInfo::read(&change.bytes).ok().filter(|i| i.hash == change.hash)?;
        for dependency in &info.deps {
            heads.remove(dependency);
        }
        heads.insert(info.hash);
    }
    Some(heads.into_iter().collect())
}

fn recount(tx: &Connection) -> Result<bool, rusqlite::Error> {
    const COUNTED: &str = "
        SELECT coalesce(wijk, '') AS wijk, coalesce(buurt, '') AS buurt,
            coalesce(record_type, '') AS record_type, coalesce(kind, '') AS kind,
            coalesce(status, '') AS status, coalesce(sensitivity, '') AS sensitivity,
            count(*) AS n
        FROM record GROUP BY 1, 2, 3, 4, 5, 6";
    let differs: bool = tx.query_row(
        &format!(
            "SELECT EXISTS (SELECT * FROM area_count EXCEPT {COUNTED})
                OR EXISTS (SELECT * FROM ({COUNTED}) EXCEPT SELECT * FROM area_count)"
        ),
        [],
        |row| row.get(0),
    )?;
    if differs {
        tx.execute("DELETE FROM area_count", [])?;
        tx.execute(&format!("INSERT INTO area_count {COUNTED}"), [])?;
    }
    Ok(differs)
}

fn reindex(tx: &Connection) -> Result<bool, rusqlite::Error> {
    let check = "INSERT INTO search (search, rank) VALUES ('integrity-check', 1)";
    match tx.execute(check, []) {
        Ok(_) => Ok(false),
        Err(error) if error.sqlite_error_code() == Some(ErrorCode::DatabaseCorrupt) => {
            tx.execute("INSERT INTO search (search) VALUES ('rebuild')", [])?;
            Ok(true)
        }
        Err(error) => Err(error),
    }
}

/// Tries again what a former version could not take in.
fn retry_quarantine(tx: &Connection) -> Result<Vec<RecordId>, StoreError> {
    let arrived = ingest::arrived_again(tx)?;
    let mut per_document: BTreeMap<RecordId, Vec<&Arrived>> = BTreeMap::new();
    for one in &arrived {
        per_document.entry(one.id).or_default().push(one);
    }
    let mut ingested = Ingested::default();
    for (id, arrived) in per_document {
        ingest::take_in(tx, id, &arrived, &mut ingested)?;
    }
    Ok(ingested.changed)
}
