//! *Schonen*: making a record anew without its history, once person data was taken out of a text.
//!
//! One transaction makes the successor, with the state of now and the texts as they should be, and
//! deletes the old record with everything that came of it. The successor carries a link
//! `successor-of`, so that whatever names the old record is led to it, here and on every device
//! that gets the successor; no table of its own is needed. Only what never left this device is
//! cleaned here: of anything else the server has the history too.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Connection, OptionalExtension};
use wijkboek_crdt::{Document, Stamp};
use wijkboek_model::{Entry, EntryId, Link, LinkKind, Record, RecordId, SetField, Value, Write};

use crate::documents::{self, id_at};
use crate::{Purged, Store, StoreError, purge, write};

/// How a record is to be cleaned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cleaning {
    /// The id of the record that takes its place.
    pub successor: RecordId,
    /// What is to be different.
    pub writes: Vec<Write>,
    /// Entries of the thread that are to be different; none where one is to go.
    pub entries: BTreeMap<EntryId, Option<String>>,
}

impl Store {
    /// Puts a record without history in the place of one that was never sent. Entries that were
    /// withdrawn do not come along.
    ///
    /// # Errors
    /// [`StoreError::Sent`] when it may have left this device, [`StoreError::NotFound`],
    /// [`StoreError::Invalid`] and [`StoreError::Document`] when the successor cannot be; the record
    /// is then as it was.
    pub fn clean(
        &mut self,
        id: RecordId,
        cleaning: &Cleaning,
        stamp: &Stamp,
    ) -> Result<Purged, StoreError> {
        let tx = self.write()?;
        let row = documents::row_of(&tx, id)?.ok_or(StoreError::NotFound { id })?;
        if !is_only_here(&tx, row)? {
            return Err(StoreError::Sent { id });
        }
        let mut state = documents::load(&tx, row, id, &[])?;
        state.edit(&cleaning.writes, stamp)?;
        let (record, mut rest) = taken_apart(&state, &cleaning.entries)?;
        let successor = cleaning.successor;
        let link = Link { kind: LinkKind::SuccessorOf, to: id };
        rest.push(Write::Insert(SetField::Links, link.to_string()));
        write::create_in(&tx, successor, state.origin().author, &record, stamp)?;
        for writes in rest.chunks(WRITES_PER_CHANGE) {
            write::edit_in(&tx, successor, writes, stamp)?;
        }
        carry_uploads(&tx, row, successor)?;
        let old = BTreeSet::from([id]);
        let mut purged = purge::take_out(&tx, &old)?;
        tx.commit()?;
        self.purged(&old);
        self.sweep_blobs();
        purged.complete = self.scrub_if_due().unwrap_or(false);
        Ok(purged)
    }

    /// The record that stands in the place of one that is no longer here: the successor of its
    /// successors. None when there is none here.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn successor(&self, id: RecordId) -> Result<Option<RecordId>, StoreError> {
        let mut seen = BTreeSet::from([id]);
        let mut last = None;
        let mut at = id;
        while let Some(next) = next(&self.connection, at)? {
            if !seen.insert(next) {
                break;
            }
            last = Some(next);
            at = next;
        }
        Ok(last)
    }
}

/// The newest record that says it took this one's place. One that is still here has none: a link
/// that somebody made up leads nobody away from a record.
fn next(db: &Connection, id: RecordId) -> Result<Option<RecordId>, StoreError> {
    if documents::row_of(db, id)?.is_some() {
        return Ok(None);
    }
    let found = db
        .prepare_cached(
            "SELECT d.id FROM record_link l JOIN document d ON d.row = l.row
             WHERE l.target = ?1 AND l.kind = ?2 ORDER BY l.row DESC LIMIT 1",
        )?
        .query_row((id.as_bytes(), LinkKind::SuccessorOf.as_str()), |row| id_at(row, 0))
        .optional()?;
    Ok(found)
}

/// Whether every change waits in the outbox and none of them was ever pushed.
fn is_only_here(tx: &Connection, row: i64) -> Result<bool, rusqlite::Error> {
    tx.prepare_cached(
        "SELECT NOT EXISTS (SELECT 1 FROM document d WHERE d.row = ?1 AND d.pack IS NOT NULL)
            AND NOT EXISTS (
                SELECT 1 FROM change c LEFT JOIN outbox o ON o.position = c.position
                WHERE c.row = ?1
                    AND (c.number IS NOT NULL OR o.position IS NULL OR o.sent <> 0 OR o.waits > 0)
            )",
    )?
    .query_row([row], |r| r.get(0))
}

/// The record as its first change can hold it, and what has to be written besides.
fn taken_apart(
    state: &Document,
    entries: &BTreeMap<EntryId, Option<String>>,
) -> Result<(Record, Vec<Write>), StoreError> {
    let record = state.record()?;
    let first = record.to_parts();
    let parts = state.parts();
    let none = BTreeSet::new();
    let withdrawn = parts.sets.get(&SetField::Withdrawn).unwrap_or(&none);
    let mut rest = vec![];
    for (set, members) in &parts.sets {
        if *set == SetField::Withdrawn {
            continue;
        }
        let there = first.sets.get(set).unwrap_or(&none);
        let lacking = members.difference(there);
        rest.extend(lacking.map(|member| Write::Insert(*set, member.clone())));
    }
    let nothing = BTreeMap::new();
    for (map, pairs) in &parts.maps {
        let there: &BTreeMap<String, Value> = first.maps.get(map).unwrap_or(&nothing);
        let lacking = pairs.iter().filter(|(key, value)| there.get(*key) != Some(*value));
        rest.extend(lacking.map(|(key, value)| Write::Set(*map, key.clone(), value.clone())));
    }
    for Entry { id, author, text } in state.entries() {
        if withdrawn.contains(&id.to_string()) {
            continue;
        }
        let text = match entries.get(&id) {
            Some(Some(text)) => text.clone(),
            Some(None) => continue,
            None => text,
        };
        rest.push(Write::Append(Entry { id, author, text }));
    }
    Ok((record, rest))
}

/// The contents of attachments that are here and on their way go on their way for the successor.
fn carry_uploads(tx: &Connection, old: i64, successor: RecordId) -> Result<(), StoreError> {
    if let Some(row) = documents::row_of(tx, successor)? {
        tx.execute(
            "INSERT OR IGNORE INTO blob_upload (row, hash)
             SELECT ?2, u.hash FROM blob_upload u
                JOIN record_blob b ON b.row = ?2 AND b.hash = u.hash
             WHERE u.row = ?1",
            (old, row),
        )?;
    }
    Ok(())
}

/// Fewer than one change may hold.
const WRITES_PER_CHANGE: usize = 100;
