//! Writing a projection: all of it for a new record, otherwise only what differs.
//!
//! `SQLite` writes every index that an UPDATE names a column of, whether or not the value changes,
//! so an UPDATE names only columns that do; and nothing is read that the caller knows.

use std::collections::BTreeSet;
use std::fmt::Display;

use rusqlite::types::{ToSqlOutput, Value as Column, ValueRef};
use rusqlite::{Connection, params_from_iter};
use wijkboek_model::{
    AreaCode, BlobHash, ContactKind, PrincipalId, RecordId, RecordType, Sensitivity, Status,
    ThemeId,
};

use super::Projection;
use crate::blob::BlobKind;

impl Projection {
    /// Writes it where nothing stands yet.
    pub(crate) fn insert(&self, db: &Connection, row: i64) -> Result<(), rusqlite::Error> {
        let values = std::iter::once(row.into()).chain(self.columns().map(|(_, value)| value));
        db.prepare_cached(INSERT)?.execute(params_from_iter(values))?;
        for wijk in &self.wijken_too {
            WIJKEN.insert(db, row, &text(wijk))?;
        }
        for participant in &self.participants {
            PARTICIPANTS.insert(db, row, &blob(participant))?;
        }
        for (target, kind) in &self.links {
            insert_link(db, row, *target, kind)?;
        }
        for reference in &self.references {
            REFERENCES.insert(db, row, &text(reference))?;
        }
        self.insert_blobs(db, row)?;
        for (key, n) in &self.tallies {
            save_tally(db, row, &key.to_string(), *n)?;
        }
        Ok(())
    }

    /// Writes what it names of contents where nothing of that stands yet.
    pub(crate) fn insert_blobs(&self, db: &Connection, row: i64) -> Result<(), rusqlite::Error> {
        self.blobs.iter().try_for_each(|(kind, hash)| insert_blob(db, row, *kind, *hash))
    }

    /// Writes what differs from `before`, which stands there.
    pub(crate) fn update(
        &self,
        db: &Connection,
        row: i64,
        before: &Self,
    ) -> Result<(), rusqlite::Error> {
        let differing: Vec<(&str, ToSqlOutput<'_>)> = self
            .columns()
            .into_iter()
            .zip(before.columns())
            .filter(|(new, old)| new.1 != old.1)
            .map(|(new, _)| new)
            .collect();
        if !differing.is_empty() {
            let set: Vec<String> =
                differing.iter().map(|(name, _)| format!("{name} = ?")).collect();
            let sql = format!("UPDATE record SET {} WHERE row = ?", set.join(", "));
            let values = differing.into_iter().map(|(_, value)| value);
            let values = values.chain(std::iter::once(row.into()));
            db.prepare_cached(&sql)?.execute(params_from_iter(values))?;
        }
        WIJKEN.update(db, row, &self.wijken_too, &before.wijken_too, text)?;
        PARTICIPANTS.update(db, row, &self.participants, &before.participants, blob)?;
        REFERENCES.update(db, row, &self.references, &before.references, text)?;
        for (target, kind) in self.links.difference(&before.links) {
            insert_link(db, row, *target, kind)?;
        }
        for (target, kind) in before.links.difference(&self.links) {
            db.prepare_cached(
                "DELETE FROM record_link WHERE target = ?1 AND row = ?2 AND kind = ?3",
            )?
            .execute((target.as_bytes(), row, kind))?;
        }
        for (kind, hash) in self.blobs.difference(&before.blobs) {
            insert_blob(db, row, *kind, *hash)?;
        }
        for (kind, hash) in before.blobs.difference(&self.blobs) {
            db.prepare_cached(
                "DELETE FROM record_blob WHERE row = ?1 AND hash = ?2 AND kind = ?3",
            )?
            .execute((row, hash.as_bytes(), kind.as_str()))?;
        }
        for (key, n) in &self.tallies {
            if before.tallies.get(key) != Some(n) {
                save_tally(db, row, &key.to_string(), *n)?;
            }
        }
        for key in before.tallies.keys().filter(|key| !self.tallies.contains_key(key)) {
            db.prepare_cached("DELETE FROM tally WHERE row = ?1 AND key = ?2")?
                .execute((row, key.to_string()))?;
        }
        Ok(())
    }

    /// Writes it, whatever stands there.
    pub(crate) fn save(&self, db: &Connection, row: i64) -> Result<(), rusqlite::Error> {
        match Self::saved(db, row)? {
            Some(before) => self.update(db, row, &before),
            None => self.insert(db, row),
        }
    }

    /// The columns of the record table besides its row, in the order of [`INSERT`].
    fn columns(&self) -> [(&'static str, ToSqlOutput<'_>); 23] {
        [
            ("readable", self.readable.into()),
            ("record_type", word(self.record_type.map(RecordType::as_str))),
            ("author", bytes(self.author.as_ref().map(|author| author.as_bytes().as_slice()))),
            ("kind", word(self.kind.map(ContactKind::as_str))),
            ("status", word(self.status.map(Status::as_str))),
            ("buurt", word(self.buurt.as_ref().map(AreaCode::as_str))),
            ("wijk", word(self.wijk.as_ref().map(AreaCode::as_str))),
            ("sensitivity", word(self.sensitivity.map(Sensitivity::as_str))),
            ("occurred_at", self.occurred_at.as_millis().into()),
            ("lat", self.place.map_or(NULL, |place| place.lat().into())),
            ("lon", self.place.map_or(NULL, |place| place.lon().into())),
            ("accuracy_m", self.place.map_or(NULL, |place| place.accuracy_m().into())),
            ("place_source", word(self.place.map(|place| place.source().as_str()))),
            ("conflicts", self.conflicts.into()),
            ("assignee", bytes(self.assignee.as_ref().map(|who| who.as_bytes().as_slice()))),
            ("stage", word(self.stage.as_deref())),
            ("promise", self.promise.map_or(NULL, |promise| promise.to_string().into())),
            ("owed_by", word(self.owed_by.as_deref())),
            ("due_on", word(self.due_on.as_deref())),
            ("themes", json(&self.themes).into()),
            ("text", word(Some(&self.text))),
            ("thread", word(Some(&self.thread))),
            ("more", word(Some(&self.more))),
        ]
    }
}

/// A table with the members of one set of a record.
pub(super) struct Side {
    select: &'static str,
    insert: &'static str,
    delete: &'static str,
}

pub(super) const WIJKEN: Side = Side {
    select: "SELECT wijk FROM record_wijk_too WHERE row = ?1",
    insert: "INSERT INTO record_wijk_too (wijk, row) VALUES (?2, ?1)",
    delete: "DELETE FROM record_wijk_too WHERE wijk = ?2 AND row = ?1",
};
pub(super) const PARTICIPANTS: Side = Side {
    select: "SELECT principal FROM participant WHERE row = ?1",
    insert: "INSERT INTO participant (principal, row) VALUES (?2, ?1)",
    delete: "DELETE FROM participant WHERE principal = ?2 AND row = ?1",
};

pub(super) const REFERENCES: Side = Side {
    select: "SELECT reference FROM record_reference WHERE row = ?1",
    insert: "INSERT INTO record_reference (reference, row) VALUES (?2, ?1)",
    delete: "DELETE FROM record_reference WHERE reference = ?2 AND row = ?1",
};

impl Side {
    pub(super) fn saved(&self, db: &Connection, row: i64) -> Result<Vec<Column>, rusqlite::Error> {
        db.prepare_cached(self.select)?.query_map([row], |r| r.get(0))?.collect()
    }

    fn insert(&self, db: &Connection, row: i64, member: &Column) -> Result<(), rusqlite::Error> {
        db.prepare_cached(self.insert)?.execute((row, member))?;
        Ok(())
    }

    fn update<T: Ord>(
        &self,
        db: &Connection,
        row: i64,
        members: &BTreeSet<T>,
        before: &BTreeSet<T>,
        spelled: fn(&T) -> Column,
    ) -> Result<(), rusqlite::Error> {
        for member in members.difference(before) {
            self.insert(db, row, &spelled(member))?;
        }
        for member in before.difference(members) {
            db.prepare_cached(self.delete)?.execute((row, spelled(member)))?;
        }
        Ok(())
    }
}

fn insert_link(
    db: &Connection,
    row: i64,
    target: RecordId,
    kind: &str,
) -> Result<(), rusqlite::Error> {
    db.prepare_cached("INSERT INTO record_link (target, row, kind) VALUES (?1, ?2, ?3)")?
        .execute((target.as_bytes(), row, kind))?;
    Ok(())
}

fn insert_blob(
    db: &Connection,
    row: i64,
    kind: BlobKind,
    hash: BlobHash,
) -> Result<(), rusqlite::Error> {
    db.prepare_cached("INSERT INTO record_blob (row, hash, kind) VALUES (?1, ?2, ?3)")?
        .execute((row, hash.as_bytes(), kind.as_str()))?;
    Ok(())
}

fn save_tally(db: &Connection, row: i64, key: &str, n: i64) -> Result<(), rusqlite::Error> {
    db.prepare_cached(
        "INSERT INTO tally (row, key, n) VALUES (?1, ?2, ?3) ON CONFLICT DO UPDATE SET n = ?3",
    )?
    .execute((row, key, n))?;
    Ok(())
}

/// A JSON array; the ids of themes hold nothing that would have to be escaped.
fn json(themes: &BTreeSet<ThemeId>) -> String {
    let words: Vec<String> = themes.iter().map(|theme| format!("\"{theme}\"")).collect();
    format!("[{}]", words.join(","))
}

fn word(word: Option<&str>) -> ToSqlOutput<'_> {
    word.map_or(NULL, |word| ToSqlOutput::Borrowed(ValueRef::Text(word.as_bytes())))
}

fn bytes(bytes: Option<&[u8]>) -> ToSqlOutput<'_> {
    bytes.map_or(NULL, |bytes| ToSqlOutput::Borrowed(ValueRef::Blob(bytes)))
}

fn text(word: &impl Display) -> Column {
    Column::Text(word.to_string())
}

fn blob(principal: &PrincipalId) -> Column {
    Column::Blob(principal.as_bytes().to_vec())
}

const NULL: ToSqlOutput<'static> = ToSqlOutput::Borrowed(ValueRef::Null);

const INSERT: &str = "
    INSERT INTO record (
        row, readable, record_type, author, kind, status, buurt, wijk, sensitivity, occurred_at,
        lat, lon, accuracy_m, place_source, conflicts, assignee, stage, promise, owed_by, due_on,
        themes, text, thread, more
    ) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
