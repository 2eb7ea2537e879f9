//! Recomputing everything derived from the changes, comparing it with what stands there, and
//! putting right what differs.
//!
//! Also compared: packs with the documents that name them, and snapshots with what they save.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Connection, ErrorCode, OptionalExtension};
use wijkboek_crdt::{ChangeInfo, PackedDocument, RawChange};
use wijkboek_model::{ChangeHash, RecordId};

use crate::documents::{self, Entered, id_at};
use crate::ingest::{self, Arrived, Ingested};
use crate::projection::Projection;
use crate::{Store, StoreError, pack, snapshot};

/// What a rebuild found. Everything named here has been put right, but for `damaged`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RebuildReport {
    /// How many documents were compared.
    pub documents: usize,
    /// Those of which a derived row, the heads, the log number or a snapshot differed.
    pub differing: Vec<RecordId>,
    /// Whether the counts per area differed from the rows.
    pub counts_differed: bool,
    /// Whether the search index differed from the rows.
    pub search_differed: bool,
    /// Whether a pack held other documents than those that name it.
    pub packs_differed: bool,
    /// Documents of which a stored change is no longer what its hash says: to be forgotten and
    /// asked for again.
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
            && !self.packs_differed
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
        let mut per_pack: BTreeMap<Option<i64>, Vec<(i64, RecordId)>> = BTreeMap::new();
        {
            let mut statement = tx.prepare("SELECT row, id, pack FROM document ORDER BY row")?;
            let mut rows = statement.query([])?;
            while let Some(row) = rows.next()? {
                let place = (row.get(0)?, id_at(row, 1)?);
                per_pack.entry(row.get(2)?).or_default().push(place);
            }
        }
        for (pack, documents) in &per_pack {
            report.documents += documents.len();
            match pack {
                None => {
                    for (row, id) in documents {
                        rebuild_one(&tx, *row, *id, None, &mut report)?;
                    }
                }
                Some(pack) => rebuild_pack(&tx, *pack, documents, &mut report)?,
            }
        }
        report.packs_differed |= drop_unnamed(&tx, &per_pack)?;
        retheme(&tx, &mut report.differing)?;
        report.differing.sort_unstable();
        report.differing.dedup();
        report.damaged.sort_unstable();
        report.counts_differed = recount(&tx)?;
        report.search_differed = reindex(&tx)?;
        report.recovered = retry_quarantine(&tx)?;
        tx.commit()?;
        Ok(report)
    }
}

/// Compares the documents that name a pack, and the pack with them.
fn rebuild_pack(
    tx: &Connection,
    pack: i64,
    documents: &[(i64, RecordId)],
    report: &mut RebuildReport,
) -> Result<(), StoreError> {
    let Some(contents) = pack::contents(tx, pack)? else {
        report.damaged.extend(documents.iter().map(|(_, id)| *id));
        return Ok(());
    };
    let mut parts: BTreeMap<RecordId, PackedDocument> =
        contents.into_iter().map(|document| (document.id, document)).collect();
    let named: BTreeSet<RecordId> = documents.iter().map(|(_, id)| *id).collect();
    let stray: BTreeSet<RecordId> =
        parts.keys().copied().filter(|id| !named.contains(id)).collect();
    for (row, id) in documents {
        match parts.remove(id) {
            Some(part) => rebuild_one(tx, *row, *id, Some(&part), report)?,
            None => report.damaged.push(*id),
        }
    }
    if !stray.is_empty() {
        report.packs_differed = true;
        pack::erase(tx, pack, &stray)?;
    } else if !pack::is_described(tx, pack, &named)? {
        report.packs_differed = true;
        pack::describe(tx, pack, &named)?;
    }
    Ok(())
}

/// Deletes packs that no document names.
fn drop_unnamed(
    tx: &Connection,
    per_pack: &BTreeMap<Option<i64>, Vec<(i64, RecordId)>>,
) -> Result<bool, StoreError> {
    let packs: Vec<i64> = tx
        .prepare("SELECT pack FROM pack")?
        .query_map([], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    let mut any = false;
    for pack in packs.into_iter().filter(|pack| !per_pack.contains_key(&Some(*pack))) {
        any = true;
        pack::delete(tx, pack)?;
    }
    Ok(any)
}

fn rebuild_one(
    tx: &Connection,
    row: i64,
    id: RecordId,
    packed: Option<&PackedDocument>,
    report: &mut RebuildReport,
) -> Result<(), StoreError> {
    let tail = documents::tail(tx, row, i64::MIN)?;
    let mut changes = packed.map(ingest::raw).unwrap_or_default();
    changes.extend(tail);
    let Some(heads) = heads_of(&changes) else {
        report.damaged.push(id);
        return Ok(());
    };
    // Through Automerge, so that what was read straight from the operations is checked too.
    let projection =
        ingest::projection_of(id, &changes, &[]).unwrap_or_else(|_| Projection::unreadable(id));
    let number = documents::highest_number(tx, row, packed)?;
    let Entered { heads: noted_heads, number: noted, pack: _ } = documents::entered(tx, row)?;
    let same = Projection::saved(tx, row)?.as_ref() == Some(&projection)
        && noted_heads == heads
        && number == noted;
    if !same {
        projection.save(tx, row)?;
        documents::set_heads(tx, row, heads)?;
        documents::set_number(tx, row, number)?;
    }
    let stale = snapshot::check(tx, row, id)?;
    if !same || stale {
        report.differing.push(id);
    }
    Ok(())
}

/// Fills an empty read model from the changes.
pub(crate) fn fill(tx: &Connection) -> Result<(), StoreError> {
    let documents: Vec<(i64, RecordId)> = tx
        .prepare("SELECT row, id FROM document ORDER BY row")?
        .query_map([], |row| Ok((row.get(0)?, id_at(row, 1)?)))?
        .collect::<Result<_, _>>()?;
    for (row, id) in documents {
        let projection = documents::changes(tx, row)
            .ok()
            .and_then(|changes| ingest::projection_of(id, &changes, &[]).ok())
            .unwrap_or_else(|| Projection::unreadable(id));
        projection.insert(tx, row)?;
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

/// Compares the table of themes with the records' own.
fn retheme(tx: &Connection, differing: &mut Vec<RecordId>) -> Result<(), rusqlite::Error> {
    const OWN: &str = "SELECT t.value, r.row FROM record r CROSS JOIN json_each(r.themes) t";
    const NOTED: &str = "SELECT theme, row FROM record_theme";
    let rows: BTreeSet<i64> = tx
        .prepare(&format!(
            "SELECT row FROM (SELECT * FROM ({OWN} EXCEPT {NOTED})
                UNION ALL SELECT * FROM ({NOTED} EXCEPT {OWN}))"
        ))?
        .query_map([], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    for row in &rows {
        tx.execute("DELETE FROM record_theme WHERE row = ?1", [row])?;
        tx.execute(
            &format!("INSERT INTO record_theme (theme, row) {OWN} WHERE r.row = ?1"),
            [row],
        )?;
        let id = tx.query_row("SELECT id FROM document WHERE row = ?1", [row], |r| id_at(r, 0));
        differing.extend(id.optional()?);
    }
    Ok(())
}

fn recount(tx: &Connection) -> Result<bool, rusqlite::Error> {
    const COUNTED: &str = "
        SELECT t.value AS theme, coalesce(wijk, '') AS wijk, coalesce(buurt, '') AS buurt,
            coalesce(record_type, '') AS record_type, coalesce(kind, '') AS kind,
            coalesce(status, '') AS status, coalesce(sensitivity, '') AS sensitivity,
            count(*) AS n
        FROM record r CROSS JOIN json_each(json_insert(r.themes, '$[#]', '')) t
        GROUP BY 1, 2, 3, 4, 5, 6, 7";
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
        ingest::own::requeue(tx, id)?;
    }
    Ok(ingested.changed)
}
