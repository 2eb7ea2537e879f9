//! Edits made at the office: one change by the account's own actor, through the same judge, guard
//! and log as a phone's.

use wijkboek_crdt::{Document, DocumentError, ForeignChange, Guarded, Stamp, Verdict, guard};
use wijkboek_model::{
    ActorId, Denial, InstallId, Invalid, PrincipalId, RecordId, Timestamp, Write, sees,
    validate_write,
};

use super::judge::may_write;
use super::push::{Origin, applied, store};
use super::{Ledger, LedgerError};
use crate::log::{Head, Log, LogError, transaction};

/// Why an edit made at the office was not taken.
#[derive(Debug, thiserror::Error)]
pub enum OfficeError {
    /// There is no such record, or not for this person.
    #[error("no such record")]
    NotFound,
    /// The rules do not allow it.
    #[error(transparent)]
    Denied(#[from] Denial),
    /// A value breaks a rule, or the record cannot be read.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// The guard refuses it, for instance because the document is full.
    #[error("refused: {code}")]
    Refused {
        /// The reason's stable word.
        code: &'static str,
    },
    /// The ledger's own failure.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
}

impl From<LogError> for OfficeError {
    fn from(error: LogError) -> Self {
        Self::Ledger(error.into())
    }
}

impl<L: Log> Ledger<L> {
    /// Edits a record for somebody at the office; gives the number of the change, or none when
    /// nothing would change. The installation must be registered for this person.
    ///
    /// # Errors
    /// [`OfficeError`]; nothing is stored then.
    pub fn edit(
        &mut self,
        principal: PrincipalId,
        install: InstallId,
        id: RecordId,
        writes: &[Write],
        now: Timestamp,
    ) -> Result<Option<u64>, OfficeError> {
        let Self { log, replica, key, limits } = self;
        let number = transaction(log, |log, head| {
            if log.install_owner(install)? != Some(principal) {
                return Err(OfficeError::Denied(Denial::NotTheAuthor));
            }
            super::replica::catch_up(log, replica)?;
            let document = replica.document(id).map_err(LedgerError::from)?;
            let document = document.ok_or(OfficeError::NotFound)?;
            judge(log, &head, principal, &document, writes)?;
            let stamp = Stamp { actor: ActorId::of(install, 0), at: now };
            let Some(sound) = written(id, &document, writes, &stamp, limits)? else {
                return Ok(None);
            };
            let after = applied(id, Some(document), &sound)?.ok_or(OfficeError::NotFound)?;
            let origin = Origin { device: None, principal, at: now };
            let (number, _) = store(log, key, &after, &sound, origin)?;
            Ok(Some(number))
        })?;
        self.catch_up()?;
        Ok(number)
    }
}

fn judge<L: Log>(
    log: &L,
    head: &Head,
    principal: PrincipalId,
    document: &Document,
    writes: &[Write],
) -> Result<(), OfficeError> {
    let principal = log.principal_at(principal, head.number)?.ok_or(OfficeError::NotFound)?;
    let (record, audience) = (document.record()?, document.audience()?);
    if !sees(&principal, &audience) {
        return Err(OfficeError::NotFound);
    }
    for write in writes {
        validate_write(record.record_type(), write)?;
        may_write(&principal, document, write, &record, &audience)?;
    }
    match document.step_faults(writes).first() {
        Some(fault) => Err((*fault).into()),
        None => Ok(()),
    }
}

/// Makes the change and shows it to the guard, like any other.
fn written(
    id: RecordId,
    document: &Document,
    writes: &[Write],
    stamp: &Stamp,
    limits: &wijkboek_crdt::Limits,
) -> Result<Option<Guarded>, OfficeError> {
    let change = match document.clone().edit(writes, stamp) {
        Ok(Some(change)) => change,
        Ok(None) => return Ok(None),
        Err(DocumentError::Invalid(invalid)) => return Err(invalid.into()),
        Err(error) => return Err(LedgerError::from(error).into()),
    };
    let foreign = ForeignChange { announced: change.hash, bytes: &change.bytes };
    match guard(id, Some(document), &[foreign], limits).pop() {
        Some(Verdict::Sound(sound)) => Ok(Some(sound)),
        Some(Verdict::Refused { refusal, .. }) => {
            Err(OfficeError::Refused { code: refusal.code() })
        }
        Some(Verdict::Duplicate(_) | Verdict::Waiting { .. }) | None => Ok(None),
    }
}
