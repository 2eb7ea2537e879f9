//! Reading rows of the log back into the types they were written from.
//!
//! A row that cannot be read is `Damaged`, never skipped: a gap would be taken for the truth.

use std::collections::BTreeSet;

use wijkboek_model::{
    ActorId, Audience, ChangeHash, DeviceId, IdError, InstallId, Principal, PrincipalId, RecordId,
    Timestamp,
};

use super::SqlLog;
use super::db::{Row, params};
use crate::log::{Chain, ChangeEntry, Entry, EntryBody, Head, LogError, Tombstone};

/// The columns that make an [`Entry`].
const ENTRIES: &str = "SELECT number, kind, received_at, document, hash, actor, seq, bytes, mac, \
                       device, principal, role, wijken, successor FROM log ";

/// Above every id. A parameter that may be absent would have no type in `PostgreSQL`.
const BEYOND: &[u8] = &[0xff; 17];

impl SqlLog {
    pub(super) fn read_head(&self) -> Result<Head, LogError> {
        self.head_row("")
    }

    /// The head row, locked until the transaction ends.
    pub(super) fn lock_head(&self) -> Result<Head, LogError> {
        self.head_row(self.db.lock_row())
    }

    fn head_row(&self, lock: &str) -> Result<Head, LogError> {
        let head = self.db.first(
            &format!(
                "SELECT epoch, number, chain FROM municipality WHERE code = :municipality{lock}"
            ),
            params! { ":municipality": self.municipality.as_str() },
            |row| {
                Ok(Head {
                    epoch: unsigned(row.get("epoch")?)?,
                    number: unsigned(row.get("number")?)?,
                    chain: row.get("chain")?,
                })
            },
        )?;
        head.ok_or_else(|| LogError::UnknownMunicipality(self.municipality.clone()))
    }

    pub(super) fn read_chain_at(&self, number: u64) -> Result<Option<Chain>, LogError> {
        if number == 0 {
            return Ok(Some([0; 32]));
        }
        // A number beyond what the database can hold is beyond the head as well.
        let Ok(number) = i64::try_from(number) else { return Ok(None) };
        self.db.first(
            "SELECT chain FROM log WHERE municipality = :municipality AND number = :number",
            params! { ":municipality": self.municipality.as_str(), ":number": number },
            |row| row.get("chain"),
        )
    }

    pub(super) fn read_entries(
        &self,
        after: u64,
        up_to: u64,
        limit: usize,
    ) -> Result<Vec<Entry>, LogError> {
        self.db.rows(
            &format!(
                "{ENTRIES} WHERE municipality = :municipality AND number > :after
                   AND number <= :up_to ORDER BY number LIMIT :limit"
            ),
            params! {
                ":municipality": self.municipality.as_str(),
                ":after": signed(after),
                ":up_to": signed(up_to),
                ":limit": size(limit),
            },
            entry,
        )
    }

    pub(super) fn read_changes(
        &self,
        document: RecordId,
        after: u64,
        up_to: u64,
    ) -> Result<Vec<(u64, ChangeEntry)>, LogError> {
        self.db.rows(
            &format!(
                "{ENTRIES} WHERE municipality = :municipality AND document = :document
                   AND kind = 'change' AND number > :after AND number <= :up_to ORDER BY number"
            ),
            params! {
                ":municipality": self.municipality.as_str(),
                ":document": document.as_bytes(),
                ":after": signed(after),
                ":up_to": signed(up_to),
            },
            |row| Ok((unsigned(row.get("number")?)?, change(row)?)),
        )
    }

    pub(super) fn read_accepted(
        &self,
        document: RecordId,
        hash: ChangeHash,
    ) -> Result<Option<(u64, [u8; 32])>, LogError> {
        self.db.first(
            "SELECT number, mac FROM log
             WHERE municipality = :municipality AND document = :document AND hash = :hash",
            params! {
                ":municipality": self.municipality.as_str(),
                ":document": document.as_bytes(),
                ":hash": hash.as_bytes(),
            },
            |row| Ok((unsigned(row.get("number")?)?, row.get("mac")?)),
        )
    }

    pub(super) fn read_brought(
        &self,
        device: DeviceId,
        document: RecordId,
        after: u64,
        up_to: u64,
    ) -> Result<bool, LogError> {
        let brought = self.db.first(
            "SELECT number FROM log
             WHERE municipality = :municipality AND document = :document AND kind = 'change'
               AND number > :after AND number <= :up_to AND device = :device LIMIT 1",
            params! {
                ":municipality": self.municipality.as_str(),
                ":document": document.as_bytes(),
                ":after": signed(after),
                ":up_to": signed(up_to),
                ":device": device.as_bytes(),
            },
            |_| Ok(()),
        )?;
        Ok(brought.is_some())
    }

    pub(super) fn read_touched(
        &self,
        after: u64,
        up_to: u64,
        before: Option<RecordId>,
        limit: usize,
    ) -> Result<Vec<RecordId>, LogError> {
        self.db.rows(
            // Materialised: the range of numbers is short, and by document all of the log would
            // be read.
            "WITH touched AS MATERIALIZED (
                 SELECT document FROM log
                 WHERE municipality = :municipality AND number > :after AND number <= :up_to
                   AND kind IN ('change', 'erasure'))
             SELECT DISTINCT document FROM touched
             WHERE document < :before
             ORDER BY document DESC LIMIT :limit",
            params! {
                ":municipality": self.municipality.as_str(),
                ":after": signed(after),
                ":up_to": signed(up_to),
                ":before": before.as_ref().map_or(BEYOND, |id| id.as_bytes().as_slice()),
                ":limit": size(limit),
            },
            document,
        )
    }

    pub(super) fn read_documents(
        &self,
        up_to: u64,
        before: Option<RecordId>,
        limit: usize,
    ) -> Result<Vec<RecordId>, LogError> {
        self.db.rows(
            "SELECT DISTINCT document FROM audience
             WHERE municipality = :municipality AND from_number <= :up_to
               AND document < :before
             ORDER BY document DESC LIMIT :limit",
            params! {
                ":municipality": self.municipality.as_str(),
                ":up_to": signed(up_to),
                ":before": before.as_ref().map_or(BEYOND, |id| id.as_bytes().as_slice()),
                ":limit": size(limit),
            },
            document,
        )
    }

    pub(super) fn read_audience_at(
        &self,
        document: RecordId,
        number: u64,
    ) -> Result<Option<Audience>, LogError> {
        self.db.first(
            "SELECT record_type, sensitivity, author, wijken, participants FROM audience
             WHERE municipality = :municipality AND document = :document
               AND from_number <= :number AND (to_number IS NULL OR to_number > :number)",
            params! {
                ":municipality": self.municipality.as_str(),
                ":document": document.as_bytes(),
                ":number": signed(number),
            },
            |row| {
                Ok(Audience {
                    record_type: word(row, "record_type")?,
                    sensitivity: word(row, "sensitivity")?,
                    author: row_id(row, "author", PrincipalId::from_bytes)?,
                    wijken: words(row, "wijken")?,
                    participants: words(row, "participants")?,
                })
            },
        )
    }

    pub(super) fn read_principal_at(
        &self,
        principal: PrincipalId,
        number: u64,
    ) -> Result<Option<Principal>, LogError> {
        self.db.first(
            "SELECT role, wijken FROM scope
             WHERE municipality = :municipality AND principal = :principal
               AND from_number <= :number AND (to_number IS NULL OR to_number > :number)",
            params! {
                ":municipality": self.municipality.as_str(),
                ":principal": principal.as_bytes(),
                ":number": signed(number),
            },
            |row| {
                let (role, wijken) = (word(row, "role")?, words(row, "wijken")?);
                Ok(Principal { id: principal, role, wijken })
            },
        )
    }

    pub(super) fn read_scope_changed_after(
        &self,
        principal: PrincipalId,
        number: u64,
    ) -> Result<Option<Timestamp>, LogError> {
        self.db.first(
            "SELECT log.received_at AS received_at
             FROM scope JOIN log ON log.municipality = scope.municipality
                                AND log.number = scope.from_number
             WHERE scope.municipality = :municipality AND scope.principal = :principal
               AND scope.from_number > :number
             ORDER BY scope.from_number LIMIT 1",
            params! {
                ":municipality": self.municipality.as_str(),
                ":principal": principal.as_bytes(),
                ":number": signed(number),
            },
            |row| Ok(Timestamp::from_millis(row.get("received_at")?)),
        )
    }

    pub(super) fn read_refusal(
        &self,
        document: RecordId,
        hash: ChangeHash,
        principal: PrincipalId,
    ) -> Result<Option<String>, LogError> {
        self.db.first(
            "SELECT code FROM refusal WHERE municipality = :municipality
               AND document = :document AND hash = :hash AND principal = :principal",
            params! {
                ":municipality": self.municipality.as_str(),
                ":document": document.as_bytes(),
                ":hash": hash.as_bytes(),
                ":principal": principal.as_bytes(),
            },
            |row| row.get("code"),
        )
    }

    pub(super) fn read_install_owner(
        &self,
        install: InstallId,
    ) -> Result<Option<PrincipalId>, LogError> {
        self.db.first(
            "SELECT principal FROM install
             WHERE municipality = :municipality AND install = :install",
            params! {
                ":municipality": self.municipality.as_str(),
                ":install": install.as_bytes(),
            },
            |row| row_id(row, "principal", PrincipalId::from_bytes),
        )
    }

    pub(super) fn read_tombstone(&self, document: RecordId) -> Result<Option<Tombstone>, LogError> {
        self.db.first(
            "SELECT successor FROM tombstone
             WHERE municipality = :municipality AND document = :document",
            params! {
                ":municipality": self.municipality.as_str(),
                ":document": document.as_bytes(),
            },
            |row| Ok(Tombstone { successor: optional_id(row, "successor", RecordId::from_bytes)? }),
        )
    }
}

fn document(row: &Row<'_>) -> Result<RecordId, LogError> {
    row_id(row, "document", RecordId::from_bytes)
}

fn entry(row: &Row<'_>) -> Result<Entry, LogError> {
    let kind: String = row.get("kind")?;
    let body = match kind.as_str() {
        "change" => EntryBody::Change(change(row)?),
        "scope" => EntryBody::Scope(Principal {
            id: row_id(row, "principal", PrincipalId::from_bytes)?,
            role: word(row, "role")?,
            wijken: words(row, "wijken")?,
        }),
        "reference" => EntryBody::Reference,
        "erasure" => EntryBody::Erasure {
            document: row_id(row, "document", RecordId::from_bytes)?,
            successor: optional_id(row, "successor", RecordId::from_bytes)?,
        },
        "revocation" => {
            EntryBody::Revocation { device: row_id(row, "device", DeviceId::from_bytes)? }
        }
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
        document: row_id(row, "document", RecordId::from_bytes)?,
        hash: ChangeHash::new(row.get("hash")?),
        actor: ActorId::new(row.get("actor")?),
        seq: unsigned(row.get("seq")?)?,
        bytes: row.get("bytes")?,
        mac: row.get("mac")?,
        device: optional_id(row, "device", DeviceId::from_bytes)?,
        principal: row_id(row, "principal", PrincipalId::from_bytes)?,
    })
}

/// An id in a column.
pub(crate) fn row_id<T>(
    row: &Row<'_>,
    column: &'static str,
    read: fn(&[u8]) -> Result<T, IdError>,
) -> Result<T, LogError> {
    id(&row.get::<[u8; 16]>(column)?, read)
}

fn optional_id<T>(
    row: &Row<'_>,
    column: &'static str,
    read: fn(&[u8]) -> Result<T, IdError>,
) -> Result<Option<T>, LogError> {
    row.get::<Option<[u8; 16]>>(column)?.map(|bytes| id(&bytes, read)).transpose()
}

/// Reads an id that was written by its own type.
fn id<T>(bytes: &[u8], read: impl FnOnce(&[u8]) -> Result<T, IdError>) -> Result<T, LogError> {
    read(bytes).map_err(|_| LogError::Damaged { what: "id" })
}

fn word<T: std::str::FromStr>(row: &Row<'_>, column: &'static str) -> Result<T, LogError> {
    row.get::<String>(column)?.parse().map_err(|_| LogError::Damaged { what: column })
}

fn words<T: std::str::FromStr + Ord>(
    row: &Row<'_>,
    column: &'static str,
) -> Result<BTreeSet<T>, LogError> {
    read_words(&row.get::<String>(column)?, column)
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

fn size(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX)
}

pub(crate) fn unsigned(number: i64) -> Result<u64, LogError> {
    u64::try_from(number).map_err(|_| LogError::Damaged { what: "number" })
}
