//! Moving cold documents from rows into packs, a bounded number per call.
//!
//! Cold is what nobody wrote to lately, counted in changes: there is no clock in here. Only what
//! the server has in full is packed, and only *gewoon* records of one wijk that are nobody's
//! personal data: the others stay rows, where erasing one touches nothing else. The pack is read
//! back and compared before the rows go, in the same transaction.

use std::collections::BTreeMap;

use rusqlite::Connection;
use wijkboek_crdt::{
    PackChange, PackDocument, PackError, PackLimits, RawChange, read_pack, write_pack,
};
use wijkboek_model::{RecordId, Sensitivity};

use super::macs::Macs;
use super::{Class, LEVEL, Pack};
use crate::documents::{hash_at, id_at};
use crate::{Store, StoreError, pack};

/// How much one call of [`Store::compact`] may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Compaction {
    /// Most documents to pack.
    pub documents_max: usize,
    /// Fewest documents worth a pack: small packs compress badly.
    pub documents_min: usize,
    /// How many of the changes written last stay rows, with their documents.
    pub changes_kept: u32,
}

impl Default for Compaction {
    fn default() -> Self {
        Self { documents_max: 500, documents_min: 64, changes_kept: 2_000 }
    }
}

/// What a call of [`Store::compact`] did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Compacted {
    /// Documents that lie in packs now.
    pub documents: usize,
    /// The packs that were made.
    pub packs: usize,
}

impl Store {
    /// Packs cold documents; to be called again as long as it packs any.
    ///
    /// # Errors
    /// [`StoreError`]; nothing is then packed.
    pub fn compact(&mut self, budget: &Compaction) -> Result<Compacted, StoreError> {
        let tx = self.write()?;
        let mut done = Compacted::default();
        for (class, cold) in candidates(&tx, budget)? {
            for chunk in cold.chunks(DOCUMENTS_PER_PACK) {
                let room = budget.documents_max.saturating_sub(done.documents);
                let chunk = &chunk[..chunk.len().min(room)];
                if chunk.is_empty() || chunk.len() < budget.documents_min {
                    break;
                }
                let packed = move_into_pack(&tx, &class, chunk)?;
                done.documents += packed;
                done.packs += usize::from(packed > 0);
            }
        }
        tx.commit()?;
        Ok(done)
    }
}

/// Cold documents per class, sorted by id.
fn candidates(
    tx: &Connection,
    budget: &Compaction,
) -> Result<BTreeMap<Class, Vec<(RecordId, i64)>>, rusqlite::Error> {
    let mut statement = tx.prepare_cached(CANDIDATES)?;
    let mut rows = statement.query((
        i64::from(budget.changes_kept),
        Sensitivity::Gewoon.as_str(),
        format!(" {} ", PERSONAL.join(" ")),
    ))?;
    let mut per_class: BTreeMap<Class, Vec<(RecordId, i64)>> = BTreeMap::new();
    while let Some(row) = rows.next()? {
        let class = Class { wijk: row.get(2)?, sensitivity: row.get(3)? };
        per_class.entry(class).or_default().push((id_at(row, 1)?, row.get(0)?));
    }
    for cold in per_class.values_mut() {
        cold.sort_unstable();
    }
    Ok(per_class)
}

/// A document's changes as rows, with what the server said about them.
struct Rows {
    id: RecordId,
    row: i64,
    changes: Vec<(RawChange, u64, Option<[u8; 32]>)>,
}

impl Rows {
    fn read(tx: &Connection, id: RecordId, row: i64) -> Result<Self, rusqlite::Error> {
        let changes = tx
            .prepare_cached(
                "SELECT hash, bytes, number, mac FROM change WHERE row = ?1 ORDER BY position",
            )?
            .query_map([row], |r| {
                let change = RawChange { hash: hash_at(r, 0)?, bytes: r.get(1)? };
                Ok((change, r.get::<_, i64>(2)?.cast_unsigned(), r.get(3)?))
            })?
            .collect::<Result<_, _>>()?;
        Ok(Self { id, row, changes })
    }

    fn to_pack(&self) -> PackDocument<'_> {
        let changes = self.changes.iter().map(|(change, number, _)| PackChange {
            hash: change.hash,
            bytes: &change.bytes,
            number: *number,
        });
        PackDocument { id: self.id, changes: changes.collect() }
    }
}

/// Packs documents; answers how many, which are fewer where some cannot be packed.
fn move_into_pack(
    tx: &Connection,
    class: &Class,
    cold: &[(RecordId, i64)],
) -> Result<usize, StoreError> {
    let read = cold.iter().map(|(id, row)| Rows::read(tx, *id, *row));
    let mut documents: Vec<Rows> = read.collect::<Result<_, _>>()?;
    let bytes = loop {
        let to_pack: Vec<PackDocument<'_>> = documents.iter().map(Rows::to_pack).collect();
        match write_pack(&to_pack, LEVEL) {
            Ok(bytes) => break bytes,
            // One that cannot be packed stays rows.
            Err(PackError::Change { document, .. }) if documents.len() > 1 => {
                tracing::warn!(record = %document, "a document cannot be packed");
                documents.retain(|rows| rows.id != document);
            }
            Err(error) => {
                tracing::warn!(%error, "no pack could be made");
                return Ok(0);
            }
        }
    };
    if !reads_back(&bytes, &documents) {
        tracing::error!("a pack does not read back as what was packed");
        return Ok(0);
    }
    let ids: Vec<RecordId> = documents.iter().map(|rows| rows.id).collect();
    let mut macs = Macs::default();
    for rows in &documents {
        macs.insert(rows.id, rows.changes.iter().map(|(_, _, mac)| *mac).collect());
    }
    let number =
        pack::insert(tx, &Pack { class, ids: &ids, mac: None, macs: &macs, bytes: &bytes })?;
    for rows in &documents {
        tx.prepare_cached("DELETE FROM change WHERE row = ?1")?.execute([rows.row])?;
        tx.prepare_cached("UPDATE document SET pack = ?2 WHERE row = ?1")?
            .execute((rows.row, number))?;
    }
    Ok(documents.len())
}

fn reads_back(bytes: &[u8], documents: &[Rows]) -> bool {
    let Ok(read) = read_pack(bytes, &PackLimits::default()) else { return false };
    read.len() == documents.len()
        && read.iter().zip(documents).all(|(read, rows)| {
            read.id == rows.id
                && read.changes.len() == rows.changes.len()
                && read.changes.iter().zip(&rows.changes).all(|(read, (change, number, _))| {
                    read.hash == change.hash && read.bytes == change.bytes && read.number == *number
                })
        })
}

/// Types of records that are about one person, as they are spelled.
const PERSONAL: [&str; 3] = ["person", "consent", "relation"];

/// Everything of it is a row, accepted and cold; long documents stay rows for their snapshots.
const CANDIDATES: &str = "
    SELECT d.row, d.id, r.wijk, r.sensitivity
    FROM (
        SELECT row, max(position) AS last FROM change GROUP BY row
        HAVING last <= (SELECT max(position) FROM change) - ?1
    ) c
    CROSS JOIN document d ON d.row = c.row
    CROSS JOIN record r ON r.row = c.row
    WHERE d.pack IS NULL AND d.forgotten = 0
        AND r.readable = 1 AND r.wijk IS NOT NULL AND r.sensitivity = ?2
        AND instr(?3, ' ' || r.record_type || ' ') = 0
        AND NOT EXISTS (SELECT 1 FROM record_wijk_too t WHERE t.row = d.row)
        AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.row = d.row)
        AND NOT EXISTS (SELECT 1 FROM snapshot s WHERE s.row = d.row)
        AND NOT EXISTS (SELECT 1 FROM change n WHERE n.row = d.row AND n.number IS NULL)";

/// Packs of 500 take 236 bytes a record, of 64 282, of 5,000 209; reading one takes longer.
const DOCUMENTS_PER_PACK: usize = 500;
