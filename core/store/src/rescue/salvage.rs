//! What was read of a damaged database: sorted by the shape of its rows, judged, written anew.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::types::Value;
use wijkboek_crdt::{
    ChangeInfo, Document, ForeignChange, Limits, PackLimits, RawChange, Verdict, guard, read_pack,
};
use wijkboek_model::{ChangeHash, RecordId};

use super::carve::{Cell, Row};
use super::{RescueError, RescueReport};
use crate::ingest::own;
use crate::{Arrived, Ingest, PULL_STATE, Store, meta};

/// What could be read, before any of it was judged.
#[derive(Default)]
pub(super) struct Salvage {
    documents: BTreeMap<i64, RecordId>,
    /// By the row of their document.
    loose: BTreeMap<i64, Vec<Carry>>,
    /// By their record.
    carried: BTreeMap<RecordId, Vec<Carry>>,
    drafts: Vec<(String, String)>,
    meta: BTreeMap<String, Vec<u8>>,
    /// Rows that are taken over column by column.
    others: Vec<(&'static str, Vec<Cell>)>,
    /// Contents on their way, by the row of their document.
    uploads: Vec<(i64, Vec<u8>)>,
}

/// A change, as far as the damaged database knew what became of it.
#[derive(Clone)]
struct Carry {
    /// None while no server has it.
    number: Option<u64>,
    mac: Option<[u8; 32]>,
    change: RawChange,
}

impl Salvage {
    /// Of older rows only what somebody here wrote counts: what the server had may have been
    /// forgotten since.
    pub(super) fn of(newest: Vec<Row>, older: Vec<Row>) -> Self {
        let mut salvage = Self::default();
        for row in newest {
            salvage.sort_in(row);
        }
        let mut before = Self::default();
        for row in older {
            before.sort_in(row);
        }
        for (row, id) in before.documents {
            salvage.documents.entry(row).or_insert(id);
        }
        for (row, carries) in before.loose {
            let own = carries.into_iter().filter(|carry| carry.number.is_none());
            salvage.loose.entry(row).or_default().extend(own);
        }
        salvage.drafts.extend(before.drafts);
        for (name, value) in before.meta {
            salvage.meta.entry(name).or_insert(value);
        }
        salvage.name();
        salvage
    }

    /// Tells by its columns which table a row is of.
    fn sort_in(&mut self, row: Row) {
        use Cell::{Blob, Int, Null, Text};
        match (row.rowid, row.cells.as_slice()) {
            (Some(rowid), [Null | Int(_), Blob(id), Blob(heads), Null | Int(_), Int(_), ..])
                if heads.len() % 32 == 0 && row.cells.len() <= 6 =>
            {
                if let Ok(id) = RecordId::from_bytes(id) {
                    self.documents.insert(rowid, id);
                }
            }
            (
                Some(_),
                [Null | Int(_), Int(of), Blob(hash), Blob(actor), Int(_), number, mac, Blob(bytes)],
            ) if hash.len() == 32 && actor.len() == 16 => {
                self.loose.entry(*of).or_default().extend(carry(hash, number, mac, bytes));
            }
            // What waited since an earlier rescue; what else is in quarantine is fetched again.
            (Some(_), [Blob(id), Blob(hash), Text(_), Int(own::UNSENT), mac, Blob(bytes)]) => {
                if let Ok(id) = RecordId::from_bytes(id) {
                    self.carried.entry(id).or_default().extend(carry(hash, &Null, mac, bytes));
                }
            }
            (
                Some(_),
                [Null | Int(_), Text(_), Text(_), Int(_), Blob(_), Blob(_), _, _, Blob(bytes)],
            ) => self.unpack(bytes),
            (Some(_), [Text(slot), Text(json)]) => self.drafts.push((slot.clone(), json.clone())),
            (None, [Text(name), Blob(value)]) => {
                self.meta.insert(name.clone(), value.clone());
            }
            (Some(_), [Null | Int(_), Int(_), Text(_)]) => {
                self.others.push(("reference", row.cells));
            }
            (Some(_), [Blob(id), Blob(hash), Text(_), Text(_), Int(_), Blob(_)])
                if id.len() == 16 && hash.len() == 32 =>
            {
                self.others.push(("refused", row.cells));
            }
            (None, [Blob(hash), Null | Text(_), Int(_), Blob(key)])
                if hash.len() == 32 && key.len() == 32 =>
            {
                // Before what refers to it.
                self.others.insert(0, ("blob", row.cells));
            }
            (Some(_), [Null | Int(_), Text(_), Blob(hash), Text(_)]) if hash.len() == 32 => {
                self.others.push(("draft_blob", row.cells));
            }
            (None, [Blob(id), Blob(hash)]) if id.len() == 16 && hash.len() == 32 => {
                self.others.push(("blob_refused", row.cells));
            }
            (None, [Int(of), Blob(hash)]) if hash.len() == 32 => {
                self.uploads.push((*of, hash.clone()));
            }
            (Some(_) | None, _other_table) => {}
        }
    }

    fn unpack(&mut self, bytes: &[u8]) {
        for document in read_pack(bytes, &PackLimits::default()).unwrap_or_default() {
            let changes = document.changes.into_iter().map(|change| Carry {
                number: Some(change.number),
                mac: None,
                change: RawChange { hash: change.hash, bytes: change.bytes },
            });
            self.carried.entry(document.id).or_default().extend(changes);
        }
    }

    /// Puts the changes with the records they belong to. The row of a document may be lost; its
    /// first change names the record too.
    fn name(&mut self) {
        for (row, carries) in std::mem::take(&mut self.loose) {
            let id = self.documents.get(&row).copied().or_else(|| id_within(&carries));
            match id {
                Some(id) => {
                    self.documents.insert(row, id);
                    self.carried.entry(id).or_default().extend(carries);
                }
                None => {
                    self.loose.insert(row, carries);
                }
            }
        }
        for carries in self.carried.values_mut() {
            // Where one was found twice, what is known of it counts.
            carries.sort_by_key(|c| (c.change.hash, c.number.is_none(), c.mac.is_none()));
            carries.dedup_by_key(|carry| carry.change.hash);
        }
    }

    pub(super) fn write(
        self,
        store: &mut Store,
        report: &mut RescueReport,
    ) -> Result<(), RescueError> {
        let lost = self.loose.values().flatten().filter(|carry| carry.number.is_none()).count();
        report.lost += lost;
        self.write_facts(store, report)?;
        let mut batch = Ingest::default();
        let mut waiting = vec![];
        for (id, carries) in &self.carried {
            let judged = judge(*id, carries);
            report.lost += judged.refused;
            report.records += usize::from(!judged.sound.is_empty());
            for carry in judged.sound {
                match carry.number {
                    Some(_) => report.sent += 1,
                    None => report.unsent += 1,
                }
                batch.changes.push(arrived(*id, carry));
            }
            // What the server has comes again with its record.
            let own = judged.waiting.into_iter().filter(|carry| carry.number.is_none());
            waiting.extend(own.map(|carry| arrived(*id, carry)));
        }
        report.waiting = waiting.len();
        let ingested = store.ingest(&batch)?;
        debug_assert!(ingested.missing.is_empty(), "the guard let only whole histories through");
        own::wait(store, &waiting)?;
        self.write_attachments(store, report)
    }

    fn write_facts(&self, store: &mut Store, report: &mut RescueReport) -> Result<(), RescueError> {
        let tx = store.write()?;
        for (name, value) in self.meta.iter().filter(|(name, _)| *name != PULL_STATE) {
            meta::set_meta(&tx, name, value)?;
            report.facts += 1;
        }
        for (slot, json) in &self.drafts {
            report.drafts += tx.execute(
                "INSERT INTO draft (slot, json) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
                (slot, json),
            )?;
        }
        tx.commit()?;
        Ok(())
    }

    fn write_attachments(
        &self,
        store: &mut Store,
        report: &mut RescueReport,
    ) -> Result<(), RescueError> {
        let tx = store.write()?;
        for (table, cells) in &self.others {
            let marks = vec!["?"; cells.len()].join(", ");
            let sql = format!("INSERT OR IGNORE INTO {table} VALUES ({marks})");
            // A row that does not fit its table is one more that cannot be read.
            let added = tx.execute(&sql, rusqlite::params_from_iter(cells.iter().map(column)));
            if added.unwrap_or(0) == 1 {
                report.refused += usize::from(*table == "refused");
                report.attachments += usize::from(*table == "blob");
            }
        }
        for (row, hash) in &self.uploads {
            let Some(id) = self.documents.get(row) else { continue };
            let Some(row) = crate::documents::row_of(&tx, *id)? else { continue };
            tx.execute(
                "INSERT OR IGNORE INTO blob_upload (row, hash)
                 SELECT ?1, ?2 WHERE EXISTS (SELECT 1 FROM blob WHERE hash = ?2)
                    AND EXISTS (SELECT 1 FROM record_blob WHERE row = ?1 AND hash = ?2)",
                (row, hash),
            )?;
        }
        tx.commit()?;
        Ok(())
    }
}

/// What the guard says of the changes of one record.
struct Judged<'a> {
    sound: Vec<&'a Carry>,
    /// Built upon something that is not here.
    waiting: Vec<&'a Carry>,
    /// How many that no server has were refused.
    refused: usize,
}

fn judge(id: RecordId, carries: &[Carry]) -> Judged<'_> {
    let mut judged = Judged { sound: vec![], waiting: carries.iter().collect(), refused: 0 };
    let mut known: Option<Document> = None;
    loop {
        let batch: Vec<ForeignChange<'_>> = judged
            .waiting
            .iter()
            .map(|c| ForeignChange { announced: c.change.hash, bytes: &c.change.bytes })
            .collect();
        let verdicts = guard(id, known.as_ref(), &batch, &Limits::default());
        let (mut sound, mut waiting) = (vec![], vec![]);
        for (carry, verdict) in judged.waiting.iter().copied().zip(verdicts) {
            match verdict {
                Verdict::Sound(guarded) => sound.push((guarded.info.start_op, carry)),
                Verdict::Duplicate(_) => {}
                Verdict::Waiting { .. } => waiting.push(carry),
                Verdict::Refused { .. } => judged.refused += usize::from(carry.number.is_none()),
            }
        }
        judged.waiting = waiting;
        if sound.is_empty() {
            return judged;
        }
        sound.sort_by_key(|(start_op, _)| *start_op);
        judged.sound.extend(sound.into_iter().map(|(_, carry)| carry));
        if judged.waiting.is_empty() {
            return judged;
        }
        // A batch may ask for more than the guard does at once: the rest is judged on top.
        let bytes = judged.sound.iter().map(|carry| carry.change.bytes.as_slice());
        match Document::load(id, bytes) {
            Ok(document) => known = Some(document),
            Err(_) => return judged,
        }
    }
}

fn carry(hash: &[u8], number: &Cell, mac: &Cell, bytes: &[u8]) -> Option<Carry> {
    let hash = ChangeHash::from_slice(hash).ok()?;
    // The bytes prove themselves: a flipped bit makes another change, or none.
    let info = ChangeInfo::read(bytes).ok().filter(|info| info.hash == hash)?;
    let number = if let Cell::Int(n) = number { Some(n.cast_unsigned()) } else { None };
    let mac = if let Cell::Blob(mac) = mac { mac.as_slice().try_into().ok() } else { None };
    Some(Carry { number, mac, change: RawChange { hash: info.hash, bytes: bytes.to_vec() } })
}

fn arrived(id: RecordId, carry: &Carry) -> Arrived {
    let number = carry.number.unwrap_or(own::UNSENT.cast_unsigned());
    Arrived { id, number, mac: carry.mac, change: carry.change.clone() }
}

/// The id in the first change of a document: the 16 bytes that make a document of it.
fn id_within(carries: &[Carry]) -> Option<RecordId> {
    let is_first =
        |carry: &&Carry| ChangeInfo::read(&carry.change.bytes).is_ok_and(|i| i.deps.is_empty());
    let bytes = carries.iter().find(is_first)?.change.bytes.as_slice();
    let tried: BTreeSet<RecordId> =
        bytes.windows(16).filter_map(|window| RecordId::from_bytes(window).ok()).collect();
    tried.into_iter().find(|id| Document::load(*id, [bytes]).is_ok())
}

fn column(cell: &Cell) -> Value {
    match cell {
        Cell::Null | Cell::Real => Value::Null,
        Cell::Int(n) => Value::Integer(*n),
        Cell::Blob(bytes) => Value::Blob(bytes.clone()),
        Cell::Text(text) => Value::Text(text.clone()),
    }
}
