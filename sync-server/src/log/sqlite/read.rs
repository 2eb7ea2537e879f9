//! Reading rows of the log back into the types they were written from.
//!
//! A row that cannot be read is `Damaged`, never skipped: a gap would be taken for the truth.

use std::collections::BTreeSet;

use rusqlite::types::FromSql;
use rusqlite::{OptionalExtension as _, Row, named_params};
use wijkboek_model::{
    ActorId, Audience, ChangeHash, DeviceId, IdError, InstallId, Principal, PrincipalId, RecordId,
    Timestamp,
};

use super::SqliteLog;
use crate::log::{Chain, ChangeEntry, Entry, EntryBody, Head, LogError, Tombstone};

const ENTRY_COLUMNS: &str = "number, kind, received_at, document, hash, actor, seq, bytes, mac, \
                             device, principal, role, wijken, successor";

impl SqliteLog {
    pub(super) fn read_head(&self) -> Result<Head, LogError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT epoch, number, chain FROM municipality WHERE code = :municipality",
        )?;
        let head = statement
            .query_row(named_params! { ":municipality": self.municipality.as_str() }, |row| {
                Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?, row.get::<_, Chain>(2)?))
            })
            .optional()?;
        let (epoch, number, chain) =
            head.ok_or_else(|| LogError::UnknownMunicipality(self.municipality.clone()))?;
        Ok(Head { epoch: unsigned(epoch)?, number: unsigned(number)?, chain })
    }

    pub(super) fn read_chain_at(&self, number: u64) -> Result<Option<Chain>, LogError> {
        if number == 0 {
            return Ok(Some([0; 32]));
        }
        // A number beyond what SQLite can hold is beyond the head as well.
        let Ok(number) = i64::try_from(number) else { return Ok(None) };
        let mut statement = self.conn.prepare_cached(
            "SELECT chain FROM log WHERE municipality = :municipality AND number = :number",
        )?;
        let chain = statement
            .query_row(
                named_params! { ":municipality": self.municipality.as_str(), ":number": number },
                |row| row.get(0),
            )
            .optional()?;
        Ok(chain)
    }

    pub(super) fn read_entries(
        &self,
        after: u64,
        up_to: u64,
        limit: usize,
    ) -> Result<Vec<Entry>, LogError> {
        let mut statement = self.conn.prepare_cached(&format!(
            "SELECT {ENTRY_COLUMNS} FROM log
             WHERE municipality = :municipality AND number > :after AND number <= :up_to
             ORDER BY number LIMIT :limit"
        ))?;
        let mut rows = statement.query(named_params! {
            ":municipality": self.municipality.as_str(),
            ":after": signed(after),
            ":up_to": signed(up_to),
            ":limit": i64::try_from(limit).unwrap_or(i64::MAX),
        })?;
        let mut entries = Vec::new();
        while let Some(row) = rows.next()? {
            entries.push(entry(row)?);
        }
        Ok(entries)
    }

    pub(super) fn read_changes(
        &self,
        document: RecordId,
        after: u64,
        up_to: u64,
    ) -> Result<Vec<(u64, ChangeEntry)>, LogError> {
        let mut statement = self.conn.prepare_cached(&format!(
            "SELECT {ENTRY_COLUMNS} FROM log
             WHERE municipality = :municipality AND document = :document AND kind = 'change'
               AND number > :after AND number <= :up_to
             ORDER BY number"
        ))?;
        let mut rows = statement.query(named_params! {
            ":municipality": self.municipality.as_str(),
            ":document": document.as_bytes(),
            ":after": signed(after),
            ":up_to": signed(up_to),
        })?;
        let mut changes = Vec::new();
        while let Some(row) = rows.next()? {
            changes.push((unsigned(row.get("number")?)?, change(row)?));
        }
        Ok(changes)
    }

    pub(super) fn read_accepted(
        &self,
        document: RecordId,
        hash: ChangeHash,
    ) -> Result<Option<(u64, [u8; 32])>, LogError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT number, mac FROM log
             WHERE municipality = :municipality AND document = :document AND hash = :hash",
        )?;
        let found = statement
            .query_row(
                named_params! {
                    ":municipality": self.municipality.as_str(),
                    ":document": document.as_bytes(),
                    ":hash": hash.as_bytes(),
                },
                |row| Ok((row.get::<_, i64>(0)?, row.get(1)?)),
            )
            .optional()?;
        found.map(|(number, mac)| Ok((unsigned(number)?, mac))).transpose()
    }

    pub(super) fn read_brought(
        &self,
        device: DeviceId,
        document: RecordId,
        after: u64,
        up_to: u64,
    ) -> Result<bool, LogError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM log
                 WHERE municipality = :municipality AND document = :document AND kind = 'change'
                   AND number > :after AND number <= :up_to AND device = :device)",
        )?;
        let brought = statement.query_row(
            named_params! {
                ":municipality": self.municipality.as_str(),
                ":document": document.as_bytes(),
                ":after": signed(after),
                ":up_to": signed(up_to),
                ":device": device.as_bytes(),
            },
            |row| row.get(0),
        )?;
        Ok(brought)
    }

    pub(super) fn read_touched(
        &self,
        after: u64,
        up_to: u64,
        before: Option<RecordId>,
        limit: usize,
    ) -> Result<Vec<RecordId>, LogError> {
        let mut statement = self.conn.prepare_cached(
            // The unary plus keeps to the range of numbers, which is short; by document all of
            // the log would be read.
            "SELECT DISTINCT +document FROM log
             WHERE municipality = :municipality AND number > :after AND number <= :up_to
               AND +kind IN ('change', 'erasure')
               AND (:before IS NULL OR +document < :before)
             ORDER BY +document DESC LIMIT :limit",
        )?;
        let rows = statement.query_map(
            named_params! {
                ":municipality": self.municipality.as_str(),
                ":after": signed(after),
                ":up_to": signed(up_to),
                ":before": before.as_ref().map(RecordId::as_bytes),
                ":limit": i64::try_from(limit).unwrap_or(i64::MAX),
            },
            |row| row.get::<_, [u8; 16]>(0),
        )?;
        rows.map(|bytes| id(&bytes?, RecordId::from_bytes)).collect()
    }

    pub(super) fn read_documents(
        &self,
        up_to: u64,
        before: Option<RecordId>,
        limit: usize,
    ) -> Result<Vec<RecordId>, LogError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT DISTINCT document FROM audience
             WHERE municipality = :municipality AND from_number <= :up_to
               AND (:before IS NULL OR document < :before)
             ORDER BY document DESC LIMIT :limit",
        )?;
        let rows = statement.query_map(
            named_params! {
                ":municipality": self.municipality.as_str(),
                ":up_to": signed(up_to),
                ":before": before.as_ref().map(RecordId::as_bytes),
                ":limit": i64::try_from(limit).unwrap_or(i64::MAX),
            },
            |row| row.get::<_, [u8; 16]>(0),
        )?;
        rows.map(|bytes| id(&bytes?, RecordId::from_bytes)).collect()
    }

    pub(super) fn read_audience_at(
        &self,
        document: RecordId,
        number: u64,
    ) -> Result<Option<Audience>, LogError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT record_type, sensitivity, author, wijken, participants FROM audience
             WHERE municipality = :municipality AND document = :document
               AND from_number <= :number AND (to_number IS NULL OR to_number > :number)",
        )?;
        let mut rows = statement.query(named_params! {
            ":municipality": self.municipality.as_str(),
            ":document": document.as_bytes(),
            ":number": signed(number),
        })?;
        let Some(row) = rows.next()? else { return Ok(None) };
        Ok(Some(Audience {
            record_type: word(row, "record_type")?,
            sensitivity: word(row, "sensitivity")?,
            author: id(&bytes::<[u8; 16]>(row, "author")?, PrincipalId::from_bytes)?,
            wijken: words(row, "wijken")?,
            participants: words(row, "participants")?,
        }))
    }

    pub(super) fn read_principal_at(
        &self,
        principal: PrincipalId,
        number: u64,
    ) -> Result<Option<Principal>, LogError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT role, wijken FROM scope
             WHERE municipality = :municipality AND principal = :principal
               AND from_number <= :number AND (to_number IS NULL OR to_number > :number)",
        )?;
        let mut rows = statement.query(named_params! {
            ":municipality": self.municipality.as_str(),
            ":principal": principal.as_bytes(),
            ":number": signed(number),
        })?;
        let Some(row) = rows.next()? else { return Ok(None) };
        Ok(Some(Principal {
            id: principal,
            role: word(row, "role")?,
            wijken: words(row, "wijken")?,
        }))
    }

    pub(super) fn read_scope_changed_after(
        &self,
        principal: PrincipalId,
        number: u64,
    ) -> Result<Option<Timestamp>, LogError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT log.received_at
             FROM scope JOIN log ON log.municipality = scope.municipality
                                AND log.number = scope.from_number
             WHERE scope.municipality = :municipality AND scope.principal = :principal
               AND scope.from_number > :number
             ORDER BY scope.from_number LIMIT 1",
        )?;
        let at: Option<i64> = statement
            .query_row(
                named_params! {
                    ":municipality": self.municipality.as_str(),
                    ":principal": principal.as_bytes(),
                    ":number": signed(number),
                },
                |row| row.get(0),
            )
            .optional()?;
        Ok(at.map(Timestamp::from_millis))
    }

    pub(super) fn read_refusal(
        &self,
        document: RecordId,
        hash: ChangeHash,
        principal: PrincipalId,
    ) -> Result<Option<String>, LogError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT code FROM refusal WHERE municipality = :municipality
               AND document = :document AND hash = :hash AND principal = :principal",
        )?;
        let code = statement
            .query_row(
                named_params! {
                    ":municipality": self.municipality.as_str(),
                    ":document": document.as_bytes(),
                    ":hash": hash.as_bytes(),
                    ":principal": principal.as_bytes(),
                },
                |row| row.get(0),
            )
            .optional()?;
        Ok(code)
    }

    pub(super) fn read_install_owner(
        &self,
        install: InstallId,
    ) -> Result<Option<PrincipalId>, LogError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT principal FROM install
             WHERE municipality = :municipality AND install = :install",
        )?;
        let owner: Option<[u8; 16]> = statement
            .query_row(
                named_params! {
                    ":municipality": self.municipality.as_str(),
                    ":install": install.as_bytes(),
                },
                |row| row.get(0),
            )
            .optional()?;
        owner.map(|bytes| id(&bytes, PrincipalId::from_bytes)).transpose()
    }

    pub(super) fn read_tombstone(&self, document: RecordId) -> Result<Option<Tombstone>, LogError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT successor FROM tombstone
             WHERE municipality = :municipality AND document = :document",
        )?;
        let found: Option<Option<[u8; 16]>> = statement
            .query_row(
                named_params! {
                    ":municipality": self.municipality.as_str(),
                    ":document": document.as_bytes(),
                },
                |row| row.get(0),
            )
            .optional()?;
        let Some(successor) = found else { return Ok(None) };
        let successor = successor.map(|bytes| id(&bytes, RecordId::from_bytes)).transpose()?;
        Ok(Some(Tombstone { successor }))
    }
}

fn entry(row: &Row<'_>) -> Result<Entry, LogError> {
    let kind: String = row.get("kind")?;
    let body = match kind.as_str() {
        "change" => EntryBody::Change(change(row)?),
        "scope" => EntryBody::Scope(Principal {
            id: id(&bytes::<[u8; 16]>(row, "principal")?, PrincipalId::from_bytes)?,
            role: word(row, "role")?,
            wijken: words(row, "wijken")?,
        }),
        "reference" => EntryBody::Reference,
        "erasure" => EntryBody::Erasure {
            document: id(&bytes::<[u8; 16]>(row, "document")?, RecordId::from_bytes)?,
            successor: optional_id(row, "successor", RecordId::from_bytes)?,
        },
        "revocation" => EntryBody::Revocation {
            device: id(&bytes::<[u8; 16]>(row, "device")?, DeviceId::from_bytes)?,
        },
        _ => return Err(LogError::Damaged { what: "kind of entry" }),
    };
    Ok(Entry {
        number: unsigned(row.get("number")?)?,
        received_at: Timestamp::from_millis(row.get("received_at")?),
        body,
    })
}

fn change(row: &Row<'_>) -> Result<ChangeEntry, LogError> {
    Ok(ChangeEntry {
        document: id(&bytes::<[u8; 16]>(row, "document")?, RecordId::from_bytes)?,
        hash: ChangeHash::new(bytes(row, "hash")?),
        actor: ActorId::new(bytes(row, "actor")?),
        seq: unsigned(row.get("seq")?)?,
        bytes: row.get("bytes")?,
        mac: bytes(row, "mac")?,
        device: optional_id(row, "device", DeviceId::from_bytes)?,
        principal: id(&bytes::<[u8; 16]>(row, "principal")?, PrincipalId::from_bytes)?,
    })
}

fn bytes<T: FromSql>(row: &Row<'_>, column: &'static str) -> Result<T, LogError> {
    row.get(column).map_err(|_| LogError::Damaged { what: column })
}

fn optional_id<T>(
    row: &Row<'_>,
    column: &'static str,
    read: fn(&[u8]) -> Result<T, IdError>,
) -> Result<Option<T>, LogError> {
    bytes::<Option<[u8; 16]>>(row, column)?.map(|bytes| id(&bytes, read)).transpose()
}

/// Reads an id that was written by its own type.
pub(crate) fn id<T>(
    bytes: &[u8],
    read: impl FnOnce(&[u8]) -> Result<T, IdError>,
) -> Result<T, LogError> {
    read(bytes).map_err(|_| LogError::Damaged { what: "id" })
}

fn word<T: std::str::FromStr>(row: &Row<'_>, column: &'static str) -> Result<T, LogError> {
    row.get::<_, String>(column)?.parse().map_err(|_| LogError::Damaged { what: column })
}

fn words<T: std::str::FromStr + Ord>(
    row: &Row<'_>,
    column: &'static str,
) -> Result<BTreeSet<T>, LogError> {
    read_words(&row.get::<_, String>(column)?, column)
}

/// Reads a set that [`super::write::join`] wrote.
pub(crate) fn read_words<T: std::str::FromStr + Ord>(
    text: &str,
    what: &'static str,
) -> Result<BTreeSet<T>, LogError> {
    text.split_whitespace()
        .map(|word| word.parse().map_err(|_| LogError::Damaged { what }))
        .collect()
}

/// Numbers are counted from a head row and never reach 2^63.
pub(crate) fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

pub(crate) fn unsigned(number: i64) -> Result<u64, LogError> {
    u64::try_from(number).map_err(|_| LogError::Damaged { what: "number" })
}
