//! The append-only log of a municipality: what was accepted, in which order, and who could see it.
//!
//! Numbers are given out from the head row that [`Log::begin`] locks, so that they become visible
//! in their own order and without gaps. Nothing in here judges, reads a clock or knows HTTP.

pub mod sql;

use sha2::{Digest, Sha256};
use wijkboek_model::{
    ActorId, Audience, ChangeHash, DeviceId, InstallId, MunicipalityCode, Principal, PrincipalId,
    RecordId, Timestamp,
};

pub use sql::{LogPlace, SqlLog};

/// SHA-256 over everything up to and including one entry.
pub type Chain = [u8; 32];

/// Where a log stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    /// Made anew when a log is restored from a backup.
    pub epoch: u64,
    /// The number of the last entry; 0 for an empty log.
    pub number: u64,
    /// The chain hash there.
    pub chain: Chain,
}

/// One change that was accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangeEntry {
    /// The document it belongs to.
    pub document: RecordId,
    /// Its hash.
    pub hash: ChangeHash,
    /// The actor that made it.
    pub actor: ActorId,
    /// Its place among the actor's changes of this document.
    pub seq: u64,
    /// The uncompressed change chunk.
    pub bytes: Vec<u8>,
    /// The server's MAC over municipality, document, hash and actor.
    pub mac: [u8; 32],
    /// The device that brought it; none for an edit made at the office.
    pub device: Option<DeviceId>,
    /// Who made it.
    pub principal: PrincipalId,
}

/// What an entry says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EntryBody {
    /// A change of a document.
    Change(ChangeEntry),
    /// A person's role or wijken are from now on these.
    Scope(Principal),
    /// Areas, themes or inhabitants were imported.
    Reference,
    /// A document was erased and lives on under another id.
    Erasure {
        /// The id that is refused from now on.
        document: RecordId,
        /// The document that took its place.
        successor: Option<RecordId>,
    },
    /// A device is not heard any more.
    Revocation {
        /// The device.
        device: DeviceId,
    },
}

impl EntryBody {
    /// The word for it in the database.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Change(_) => "change",
            Self::Scope(_) => "scope",
            Self::Reference => "reference",
            Self::Erasure { .. } => "erasure",
            Self::Revocation { .. } => "revocation",
        }
    }
}

/// One numbered entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its number, from 1.
    pub number: u64,
    /// When the server took it in.
    pub received_at: Timestamp,
    /// What it says.
    pub body: EntryBody,
}

impl Entry {
    /// The chain hash after this entry.
    ///
    /// A change goes in by its hash and not by its bytes, so that the chain can still be checked
    /// after the bytes of an erased document are gone.
    pub fn chain_after(&self, before: &Chain) -> Chain {
        let mut hasher = Sha256::new();
        hasher.update(before);
        hasher.update(self.number.to_be_bytes());
        hasher.update(self.received_at.as_millis().to_be_bytes());
        let mut part = |bytes: &[u8]| {
            hasher.update((bytes.len() as u64).to_be_bytes());
            hasher.update(bytes);
        };
        part(self.body.kind().as_bytes());
        match &self.body {
            EntryBody::Change(change) => {
                part(change.document.as_bytes());
                part(change.hash.as_bytes());
                part(change.actor.as_bytes());
                part(&change.seq.to_be_bytes());
                part(change.device.as_ref().map_or(&[], |id| id.as_bytes().as_slice()));
                part(change.principal.as_bytes());
            }
            EntryBody::Scope(principal) => {
                part(principal.id.as_bytes());
                part(principal.role.as_str().as_bytes());
                for wijk in &principal.wijken {
                    part(wijk.as_str().as_bytes());
                }
            }
            EntryBody::Reference => {}
            EntryBody::Erasure { document, successor } => {
                part(document.as_bytes());
                part(successor.as_ref().map_or(&[], |id| id.as_bytes().as_slice()));
            }
            EntryBody::Revocation { device } => part(device.as_bytes()),
        }
        hasher.finalize().into()
    }
}

/// What is left of an erased document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tombstone {
    /// The document that took its place.
    pub successor: Option<RecordId>,
}

/// A device as it stands at this moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeviceState {
    /// Whether it is not to be heard.
    pub revoked: bool,
    /// The highest number up to which it said to have everything.
    pub acknowledged: u64,
    /// Its last push, when it made one.
    pub last_push: Option<PushMark>,
}

/// What is kept of a device's last push, to tell a repeated one from one of a copied phone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PushMark {
    /// The push counter.
    pub counter: u64,
    /// SHA-256 of what was pushed.
    pub digest: [u8; 32],
}

/// A refusal that stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptRefusal {
    /// The document named.
    pub document: RecordId,
    /// The change refused.
    pub hash: ChangeHash,
    /// Who pushed it: a refusal binds only them, or a forged one would block somebody else's change.
    pub principal: PrincipalId,
    /// The reason's stable word.
    pub code: String,
    /// When.
    pub at: Timestamp,
}

/// Why the log cannot do something.
#[derive(Debug, thiserror::Error)]
pub enum LogError {
    /// The database cannot.
    #[error("the log's database failed: {0}")]
    Sqlite(#[from] rusqlite::Error),
    /// The database refuses a statement; its five-letter code says why.
    #[error("the log's database failed with {code}")]
    Postgres {
        /// `SQLSTATE`.
        code: String,
    },
    /// The database cannot be reached, or is busy: worth trying again.
    #[error("the log's database cannot be reached ({code})")]
    Unreachable {
        /// `SQLSTATE`, when the database said one.
        code: String,
    },
    /// The address is not that of a `PostgreSQL` database.
    #[error("the address of the log's database cannot be read")]
    BadAddress,
    /// A row that the log itself wrote cannot be read back.
    #[error("the log holds a damaged {what}")]
    Damaged {
        /// Which kind of row.
        what: &'static str,
    },
    /// The database was written by a newer version of this program.
    #[error("the log has version {found}; this program knows up to {known}")]
    NewerDatabase {
        /// The version in the file.
        found: i64,
        /// The newest version known here.
        known: i64,
    },
    /// The database holds another municipality's log.
    #[error("there is no municipality {0} in this log")]
    UnknownMunicipality(MunicipalityCode),
    /// A change with this hash, or this actor and sequence number, is in the log already.
    #[error("the change is in the log already")]
    Taken,
    /// A write outside [`Log::begin`] … [`Log::commit`].
    #[error("the log is not open for writing")]
    NotBegun,
}

/// The log of one municipality. Reading inside a transaction sees that transaction's own writes.
pub trait Log {
    /// Whose log it is.
    fn municipality(&self) -> &MunicipalityCode;
    /// Where the log stands.
    ///
    /// # Errors
    /// [`LogError`], as in every method here.
    fn head(&self) -> Result<Head, LogError>;
    /// The chain hash at a number; none beyond the head. At 0 it is all zeros.
    ///
    /// # Errors
    /// [`LogError`].
    fn chain_at(&self, number: u64) -> Result<Option<Chain>, LogError>;
    /// Entries with a number in `(after, up_to]`, in order, at most `limit`.
    ///
    /// # Errors
    /// [`LogError`].
    fn entries(&self, after: u64, up_to: u64, limit: usize) -> Result<Vec<Entry>, LogError>;
    /// The changes of one document with a number in `(after, up_to]`, in order, with numbers.
    ///
    /// # Errors
    /// [`LogError`].
    fn changes(
        &self,
        document: RecordId,
        after: u64,
        up_to: u64,
    ) -> Result<Vec<(u64, ChangeEntry)>, LogError>;
    /// The number of a change that was accepted, with its MAC.
    ///
    /// # Errors
    /// [`LogError`].
    fn accepted(
        &self,
        document: RecordId,
        hash: ChangeHash,
    ) -> Result<Option<(u64, [u8; 32])>, LogError>;
    /// Whether a device brought a change of a document with a number in `(after, up_to]`.
    ///
    /// # Errors
    /// [`LogError`].
    fn brought(
        &self,
        device: DeviceId,
        document: RecordId,
        after: u64,
        up_to: u64,
    ) -> Result<bool, LogError>;
    /// Documents with a change or erasure in `(after, up_to]` whose id is below `before`; the highest ids (so
    /// the newest records) first, at most `limit`.
    ///
    /// # Errors
    /// [`LogError`].
    fn touched(
        &self,
        after: u64,
        up_to: u64,
        before: Option<RecordId>,
        limit: usize,
    ) -> Result<Vec<RecordId>, LogError>;
    /// Documents that exist at a number and whose id is below `before`, highest first.
    ///
    /// # Errors
    /// [`LogError`].
    fn documents(
        &self,
        up_to: u64,
        before: Option<RecordId>,
        limit: usize,
    ) -> Result<Vec<RecordId>, LogError>;
    /// Who sees a document at a number; none when it did not exist there.
    ///
    /// # Errors
    /// [`LogError`].
    fn audience_at(&self, document: RecordId, number: u64) -> Result<Option<Audience>, LogError>;
    /// A person with the role and wijken of a number; none when they had no account there.
    ///
    /// # Errors
    /// [`LogError`].
    fn principal_at(&self, id: PrincipalId, number: u64) -> Result<Option<Principal>, LogError>;
    /// When a person's role or wijken changed for the first time after a number.
    ///
    /// # Errors
    /// [`LogError`].
    fn scope_changed_after(
        &self,
        id: PrincipalId,
        number: u64,
    ) -> Result<Option<Timestamp>, LogError>;
    /// The refusal of a change by this person's device, when there is one.
    ///
    /// # Errors
    /// [`LogError`].
    fn refusal(
        &self,
        document: RecordId,
        hash: ChangeHash,
        principal: PrincipalId,
    ) -> Result<Option<String>, LogError>;
    /// Whose installation this is.
    ///
    /// # Errors
    /// [`LogError`].
    fn install_owner(&self, install: InstallId) -> Result<Option<PrincipalId>, LogError>;
    /// What is left of an erased document; none when it was not erased.
    ///
    /// # Errors
    /// [`LogError`].
    fn tombstone(&self, document: RecordId) -> Result<Option<Tombstone>, LogError>;
    /// What somebody is called.
    ///
    /// # Errors
    /// [`LogError`].
    fn name(&self, id: PrincipalId) -> Result<Option<String>, LogError>;
    /// The version of the reference data: the number of the entry that changed it last, or 0
    /// before the first import.
    ///
    /// # Errors
    /// [`LogError`].
    fn reference_version(&self) -> Result<u64, LogError>;
    /// How a device stands now; none when it is unknown.
    ///
    /// # Errors
    /// [`LogError`].
    fn device_state(&self, device: DeviceId) -> Result<Option<DeviceState>, LogError>;
    /// Notes up to where a device has everything. Never goes back.
    ///
    /// # Errors
    /// [`LogError`].
    fn acknowledge(&self, device: DeviceId, number: u64) -> Result<(), LogError>;
    /// Notes a device's push.
    ///
    /// # Errors
    /// [`LogError`].
    fn note_push(&self, device: DeviceId, push: &PushMark) -> Result<(), LogError>;

    /// Opens a transaction and locks the head row.
    ///
    /// # Errors
    /// [`LogError`].
    fn begin(&mut self) -> Result<Head, LogError>;
    /// Numbers one entry and writes it, with what follows from it: a scope's interval, an erased
    /// document's tombstone and the end of its audience.
    ///
    /// # Errors
    /// [`LogError::Taken`] when a change's hash, or its actor and sequence number, is there already.
    fn append(&mut self, body: EntryBody, received_at: Timestamp) -> Result<u64, LogError>;
    /// Says who sees a document from an entry on; the same audience again is no new interval.
    ///
    /// # Errors
    /// [`LogError`].
    fn set_audience(
        &mut self,
        document: RecordId,
        from: u64,
        audience: &Audience,
    ) -> Result<(), LogError>;
    /// Keeps a refusal for ever.
    ///
    /// # Errors
    /// [`LogError`].
    fn keep_refusal(&mut self, refusal: &KeptRefusal) -> Result<(), LogError>;
    /// Makes everything since [`Log::begin`] durable and gives the new head.
    ///
    /// # Errors
    /// [`LogError`].
    fn commit(&mut self) -> Result<Head, LogError>;
    /// Forgets everything since [`Log::begin`]. Does nothing when there is no transaction.
    fn rollback(&mut self);
}

/// Runs work in one transaction of the log: commits when it succeeds, forgets it when it fails.
///
/// # Errors
/// What the work fails with, or [`LogError`].
pub fn transaction<L, T, E>(
    log: &mut L,
    work: impl FnOnce(&mut L, Head) -> Result<T, E>,
) -> Result<T, E>
where
    L: Log + ?Sized,
    E: From<LogError>,
{
    let head = log.begin()?;
    match work(log, head) {
        Ok(done) => {
            log.commit()?;
            Ok(done)
        }
        Err(error) => {
            log.rollback();
            Err(error)
        }
    }
}
