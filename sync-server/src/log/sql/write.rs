//! Appending to the log: one transaction from [`Log::begin`] to [`Log::commit`].

use std::fmt::Display;

use wijkboek_model::{
    Audience, ChangeHash, DeviceId, InstallId, MunicipalityCode, Principal, PrincipalId, RecordId,
    Timestamp,
};

use super::SqlLog;
use super::db::params;
use super::read::signed;
use crate::log::{
    Chain, ChangeEntry, DeviceState, Entry, EntryBody, Head, KeptRefusal, Log, LogError, PushMark,
    Tombstone,
};

impl Log for SqlLog {
    fn municipality(&self) -> &MunicipalityCode {
        &self.municipality
    }

    fn head(&self) -> Result<Head, LogError> {
        self.open.map_or_else(|| self.read_head(), Ok)
    }

    fn chain_at(&self, number: u64) -> Result<Option<Chain>, LogError> {
        self.read_chain_at(number)
    }

    fn entries(&self, after: u64, up_to: u64, limit: usize) -> Result<Vec<Entry>, LogError> {
        self.read_entries(after, up_to, limit)
    }

    fn changes(
        &self,
        document: RecordId,
        after: u64,
        up_to: u64,
    ) -> Result<Vec<(u64, ChangeEntry)>, LogError> {
        self.read_changes(document, after, up_to)
    }

    fn accepted(
        &self,
        document: RecordId,
        hash: ChangeHash,
    ) -> Result<Option<(u64, [u8; 32])>, LogError> {
        self.read_accepted(document, hash)
    }

    fn brought(
        &self,
        device: DeviceId,
        document: RecordId,
        after: u64,
        up_to: u64,
    ) -> Result<bool, LogError> {
        self.read_brought(device, document, after, up_to)
    }

    fn touched(
        &self,
        after: u64,
        up_to: u64,
        before: Option<RecordId>,
        limit: usize,
    ) -> Result<Vec<RecordId>, LogError> {
        self.read_touched(after, up_to, before, limit)
    }

    fn documents(
        &self,
        up_to: u64,
        before: Option<RecordId>,
        limit: usize,
    ) -> Result<Vec<RecordId>, LogError> {
        self.read_documents(up_to, before, limit)
    }

    fn audience_at(&self, document: RecordId, number: u64) -> Result<Option<Audience>, LogError> {
        self.read_audience_at(document, number)
    }

    fn principal_at(&self, id: PrincipalId, number: u64) -> Result<Option<Principal>, LogError> {
        self.read_principal_at(id, number)
    }

    fn scope_changed_after(
        &self,
        id: PrincipalId,
        number: u64,
    ) -> Result<Option<Timestamp>, LogError> {
        self.read_scope_changed_after(id, number)
    }

    fn refusal(
        &self,
        document: RecordId,
        hash: ChangeHash,
        principal: PrincipalId,
    ) -> Result<Option<String>, LogError> {
        self.read_refusal(document, hash, principal)
    }

    fn install_owner(&self, install: InstallId) -> Result<Option<PrincipalId>, LogError> {
        self.read_install_owner(install)
    }

    fn tombstone(&self, document: RecordId) -> Result<Option<Tombstone>, LogError> {
        self.read_tombstone(document)
    }

    fn name(&self, id: PrincipalId) -> Result<Option<String>, LogError> {
        self.read_name(id)
    }

    fn reference_version(&self) -> Result<u64, LogError> {
        self.read_reference_version()
    }

    fn device_state(&self, device: DeviceId) -> Result<Option<DeviceState>, LogError> {
        self.read_device_state(device)
    }

    fn acknowledge(&self, device: DeviceId, number: u64) -> Result<(), LogError> {
        self.write_acknowledged(device, number)
    }

    fn note_push(&self, device: DeviceId, push: &PushMark) -> Result<(), LogError> {
        self.write_push_mark(device, push)
    }

    fn begin(&mut self) -> Result<Head, LogError> {
        // Work that panicked may have left one open.
        self.rollback();
        self.db.begin()?;
        match self.lock_head() {
            Ok(head) => {
                self.open = Some(head);
                Ok(head)
            }
            Err(error) => {
                self.rollback();
                Err(error)
            }
        }
    }

    fn append(&mut self, body: EntryBody, received_at: Timestamp) -> Result<u64, LogError> {
        let head = self.open.ok_or(LogError::NotBegun)?;
        let entry = Entry { number: head.number + 1, received_at, body };
        let chain = entry.chain_after(&head.chain);
        self.insert(&entry, &chain)?;
        match &entry.body {
            EntryBody::Scope(principal) => self.insert_scope(principal, entry.number)?,
            EntryBody::Erasure { document, successor } => {
                self.insert_tombstone(*document, *successor, entry.number)?;
            }
            EntryBody::Change(_) | EntryBody::Reference | EntryBody::Revocation { .. } => {}
        }
        self.open = Some(Head { number: entry.number, chain, ..head });
        Ok(entry.number)
    }

    fn set_audience(
        &mut self,
        document: RecordId,
        from: u64,
        audience: &Audience,
    ) -> Result<(), LogError> {
        if self.open.is_none() {
            return Err(LogError::NotBegun);
        }
        if self.read_audience_at(document, from)?.as_ref() == Some(audience) {
            return Ok(());
        }
        self.end_audience(document, from)?;
        self.db.execute(
            "INSERT INTO audience (municipality, document, from_number, to_number,
                     record_type, sensitivity, author, wijken, participants)
                 VALUES (:municipality, :document, :from, NULL, :record_type, :sensitivity,
                     :author, :wijken, :participants)
                 ON CONFLICT (municipality, document, from_number) DO UPDATE SET
                     to_number = excluded.to_number, record_type = excluded.record_type,
                     sensitivity = excluded.sensitivity, author = excluded.author,
                     wijken = excluded.wijken, participants = excluded.participants",
            params! {
                ":municipality": self.municipality.as_str(),
                ":document": document.as_bytes(),
                ":from": signed(from),
                ":record_type": audience.record_type.as_str(),
                ":sensitivity": audience.sensitivity.as_str(),
                ":author": audience.author.as_bytes(),
                ":wijken": join(&audience.wijken),
                ":participants": join(&audience.participants),
            },
        )?;
        Ok(())
    }

    fn keep_refusal(&mut self, refusal: &KeptRefusal) -> Result<(), LogError> {
        if self.open.is_none() {
            return Err(LogError::NotBegun);
        }
        self.db.execute(
            "INSERT INTO refusal (municipality, document, hash, principal, code, at)
                 VALUES (:municipality, :document, :hash, :principal, :code, :at)
                 ON CONFLICT DO NOTHING",
            params! {
                ":municipality": self.municipality.as_str(),
                ":document": refusal.document.as_bytes(),
                ":hash": refusal.hash.as_bytes(),
                ":principal": refusal.principal.as_bytes(),
                ":code": refusal.code.as_str(),
                ":at": refusal.at.as_millis(),
            },
        )?;
        Ok(())
    }

    fn commit(&mut self) -> Result<Head, LogError> {
        let head = self.open.ok_or(LogError::NotBegun)?;
        match self.write_head(&head).and_then(|()| self.db.commit()) {
            Ok(()) => {
                self.open = None;
                Ok(head)
            }
            Err(error) => {
                self.rollback();
                Err(error)
            }
        }
    }

    fn rollback(&mut self) {
        self.open = None;
        self.db.rollback();
    }
}

impl SqlLog {
    fn insert(&self, entry: &Entry, chain: &Chain) -> Result<(), LogError> {
        let mut row = EntryRow::default();
        match &entry.body {
            EntryBody::Change(change) => row.change(change),
            EntryBody::Scope(principal) => {
                row.principal = Some(principal.id.as_bytes());
                row.role = Some(principal.role.as_str());
                row.wijken = Some(join(&principal.wijken));
            }
            EntryBody::Reference => {}
            EntryBody::Erasure { document, successor } => {
                row.document = Some(document.as_bytes());
                row.successor = successor.as_ref().map(RecordId::as_bytes);
            }
            EntryBody::Revocation { device } => row.device = Some(device.as_bytes()),
        }
        let inserted = self.db.execute(
            // Not by the error: that would end a transaction of PostgreSQL.
            "INSERT INTO log (municipality, number, kind, received_at, chain, document, hash, actor,
                 seq, bytes, mac, device, principal, role, wijken, successor)
             VALUES (:municipality, :number, :kind, :received_at, :chain, :document, :hash, :actor,
                 :seq, :bytes, :mac, :device, :principal, :role, :wijken, :successor)
             ON CONFLICT DO NOTHING",
            params! {
                ":municipality": self.municipality.as_str(),
                ":number": signed(entry.number),
                ":kind": entry.body.kind(),
                ":received_at": entry.received_at.as_millis(),
                ":chain": chain,
                ":document": row.document,
                ":hash": row.hash,
                ":actor": row.actor,
                ":seq": row.seq.map(signed),
                ":bytes": row.bytes,
                ":mac": row.mac,
                ":device": row.device,
                ":principal": row.principal,
                ":role": row.role,
                ":wijken": row.wijken,
                ":successor": row.successor,
            },
        )?;
        if inserted == 0 { Err(LogError::Taken) } else { Ok(()) }
    }

    fn write_head(&self, head: &Head) -> Result<(), LogError> {
        let before = self.read_head()?.number;
        if before == head.number {
            return Ok(());
        }
        self.db.execute(
            "UPDATE municipality SET number = :number, chain = :chain WHERE code = :municipality",
            params! {
                ":municipality": self.municipality.as_str(),
                ":number": signed(head.number),
                ":chain": &head.chain,
            },
        )?;
        self.db.announce(self.municipality.as_str())
    }

    fn insert_tombstone(
        &self,
        document: RecordId,
        successor: Option<RecordId>,
        number: u64,
    ) -> Result<(), LogError> {
        self.end_audience(document, number)?;
        self.db.execute(
            "INSERT INTO tombstone (municipality, document, successor, number)
                 VALUES (:municipality, :document, :successor, :number)",
            params! {
                ":municipality": self.municipality.as_str(),
                ":document": document.as_bytes(),
                ":successor": successor.as_ref().map(RecordId::as_bytes),
                ":number": signed(number),
            },
        )?;
        Ok(())
    }

    /// Ends the open interval of who sees a document.
    fn end_audience(&self, document: RecordId, number: u64) -> Result<(), LogError> {
        self.db.execute(
            "UPDATE audience SET to_number = :number WHERE municipality = :municipality
                   AND document = :document AND to_number IS NULL AND from_number < :number",
            params! {
                ":municipality": self.municipality.as_str(),
                ":document": document.as_bytes(),
                ":number": signed(number),
            },
        )?;
        Ok(())
    }

    fn insert_scope(&self, principal: &Principal, from: u64) -> Result<(), LogError> {
        self.db.execute(
            "UPDATE scope SET to_number = :from WHERE municipality = :municipality
                   AND principal = :principal AND to_number IS NULL",
            params! {
                ":municipality": self.municipality.as_str(),
                ":principal": principal.id.as_bytes(),
                ":from": signed(from),
            },
        )?;
        self.db.execute(
            "INSERT INTO scope (municipality, principal, from_number, to_number, role, wijken)
                 VALUES (:municipality, :principal, :from, NULL, :role, :wijken)",
            params! {
                ":municipality": self.municipality.as_str(),
                ":principal": principal.id.as_bytes(),
                ":from": signed(from),
                ":role": principal.role.as_str(),
                ":wijken": join(&principal.wijken),
            },
        )?;
        Ok(())
    }
}

/// The columns that only some kinds of entry fill.
#[derive(Default)]
struct EntryRow<'a> {
    document: Option<&'a [u8; 16]>,
    hash: Option<&'a [u8; 32]>,
    actor: Option<&'a [u8; 16]>,
    seq: Option<u64>,
    bytes: Option<&'a [u8]>,
    mac: Option<&'a [u8; 32]>,
    device: Option<&'a [u8; 16]>,
    principal: Option<&'a [u8; 16]>,
    role: Option<&'a str>,
    wijken: Option<String>,
    successor: Option<&'a [u8; 16]>,
}

impl<'a> EntryRow<'a> {
    fn change(&mut self, change: &'a ChangeEntry) {
        self.document = Some(change.document.as_bytes());
        self.hash = Some(change.hash.as_bytes());
        self.actor = Some(change.actor.as_bytes());
        self.seq = Some(change.seq);
        self.bytes = Some(&change.bytes);
        self.mac = Some(&change.mac);
        self.device = change.device.as_ref().map(DeviceId::as_bytes);
        self.principal = Some(change.principal.as_bytes());
    }
}

/// Writes a set of codes or ids, none of which holds a space.
pub(crate) fn join<T: Display>(members: impl IntoIterator<Item = T>) -> String {
    members.into_iter().map(|member| member.to_string()).collect::<Vec<_>>().join(" ")
}
