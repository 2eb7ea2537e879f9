//! Push: guard outside the lock, then judge, number and store in one transaction of the log.
//!
//! A verdict is final and the same however often it is asked for; only "waiting" stores nothing.

use std::collections::{HashMap, HashSet};

use sha2::{Digest, Sha256};
use wijkboek_crdt::{Document, ForeignChange, Guarded, Limits, Refusal, Verdict, guard};
use wijkboek_model::{ChangeHash, PrincipalId, RecordId, Timestamp};
use wijkboek_store::Store;
use wijkboek_sync::{Cursor, PushChange, PushOutcome, PushRequest, PushResponse, PushVerdict};

use super::judge::{Basis, Judge};
use super::{Ledger, LedgerError, check_cursor, cursor};
use crate::accounts::Device;
use crate::log::{ChangeEntry, EntryBody, Head, KeptRefusal, Log, LogError, PushMark, transaction};

/// Most changes in one push; a phone sends the rest in the next one.
pub const CHANGES_PER_PUSH_MAX: usize = 5_000;

/// The reason of a change to an erased document.
const ERASED: &str = "erased";
/// The reason of a change by an actor that is not of the device's installation.
const ACTOR_NOT_OWN: &str = "actor-not-own";

/// A push whose changes went through the guard.
pub struct Prepared {
    mark: PushMark,
    acknowledged: Option<Cursor>,
    documents: Vec<PreparedDocument>,
}

struct PreparedDocument {
    id: RecordId,
    changes: Vec<PushChange>,
    checked: Checked,
}

/// The guard's findings, which hold for as long as the document stays as it was.
struct Checked {
    known: Option<Document>,
    heads: Vec<ChangeHash>,
    verdicts: Vec<Verdict>,
}

/// Guards a push. Needs no lock: what changes in the replica meanwhile is noticed later.
///
/// # Errors
/// [`LedgerError::TooMany`] and failures of the replica.
pub fn prepare(
    replica: &Store,
    request: PushRequest,
    limits: &Limits,
) -> Result<Prepared, LedgerError> {
    let total: usize = request.documents.iter().map(|document| document.changes.len()).sum();
    if total.max(request.documents.len()) > CHANGES_PER_PUSH_MAX {
        return Err(LedgerError::TooMany { max: CHANGES_PER_PUSH_MAX });
    }
    let mut digest = Sha256::new();
    let mut order: Vec<RecordId> = Vec::new();
    let mut by_document: HashMap<RecordId, Vec<PushChange>> = HashMap::new();
    for document in request.documents {
        digest.update(document.id.as_bytes());
        for change in &document.changes {
            digest.update(change.hash.as_bytes());
            digest.update(Sha256::digest(&change.bytes));
        }
        let changes = by_document.entry(document.id).or_insert_with(|| {
            order.push(document.id);
            Vec::new()
        });
        changes.extend(document.changes);
    }
    let mut documents = Vec::with_capacity(order.len());
    for id in order {
        let changes = by_document.remove(&id).unwrap_or_default();
        let checked = check(replica, id, &changes, limits)?;
        documents.push(PreparedDocument { id, changes, checked });
    }
    let mark = PushMark { counter: request.counter, digest: digest.finalize().into() };
    Ok(Prepared { mark, acknowledged: request.acknowledged, documents })
}

fn check(
    replica: &Store,
    id: RecordId,
    changes: &[PushChange],
    limits: &Limits,
) -> Result<Checked, LedgerError> {
    let known = replica.document(id)?;
    let heads = known.as_ref().map(Document::heads).unwrap_or_default();
    let batch: Vec<ForeignChange<'_>> = changes
        .iter()
        .map(|change| ForeignChange { announced: change.hash, bytes: &change.bytes })
        .collect();
    let verdicts = guard(id, known.as_ref(), &batch, limits);
    Ok(Checked { known, heads, verdicts })
}

impl<L: Log> Ledger<L> {
    /// Judges and stores a prepared push in one transaction of the log. The replica does not have
    /// it yet: [`Ledger::catch_up`] brings it there.
    ///
    /// # Errors
    /// [`LedgerError`]; nothing is stored then.
    pub fn append(
        &mut self,
        device: &Device,
        prepared: &Prepared,
        now: Timestamp,
    ) -> Result<PushResponse, LedgerError> {
        let Self { log, replica, key, limits } = self;
        transaction(log, |log, head| {
            let acknowledged = admit(log, device, prepared, &head)?;
            super::replica::catch_up(log, replica)?;
            let judge = Judge::of(log, device.principal, acknowledged, &head, now)?;
            let mut intake = Intake { log, key, device, judge, now, verdicts: Vec::new() };
            for document in &prepared.documents {
                let unchanged = replica.heads(document.id)? == document.checked.heads;
                if unchanged {
                    intake.document(document.id, &document.changes, &document.checked)?;
                } else {
                    let checked = check(replica, document.id, &document.changes, limits)?;
                    intake.document(document.id, &document.changes, &checked)?;
                }
            }
            let verdicts = intake.verdicts;
            log.note_push(device.id, &prepared.mark)?;
            log.acknowledge(device.id, acknowledged)?;
            Ok(PushResponse { head: cursor(&log.head()?), verdicts })
        })
    }
}

/// Whether the device may push at all; gives the number up to which it has everything.
fn admit<L: Log>(
    log: &L,
    device: &Device,
    prepared: &Prepared,
    head: &Head,
) -> Result<u64, LedgerError> {
    let state = log.device_state(device.id)?.ok_or(LedgerError::Unauthorized)?;
    if state.revoked {
        return Err(LedgerError::Unauthorized);
    }
    let mut acknowledged = state.acknowledged;
    if let Some(stated) = &prepared.acknowledged {
        check_cursor(log, head, stated)?;
        acknowledged = acknowledged.max(stated.number);
    }
    match state.last_push {
        // The same request once more: its answer was lost on the way.
        Some(last) if last == prepared.mark => Ok(acknowledged),
        Some(last) if last.counter >= prepared.mark.counter => Err(LedgerError::Cloned),
        Some(_) | None => Ok(acknowledged),
    }
}

/// Takes changes into the log, within one transaction.
struct Intake<'a, L: Log> {
    log: &'a mut L,
    key: &'a crate::key::ServerKey,
    device: &'a Device,
    judge: Judge,
    now: Timestamp,
    verdicts: Vec<PushVerdict>,
}

impl<L: Log> Intake<'_, L> {
    fn document(
        &mut self,
        id: RecordId,
        changes: &[PushChange],
        checked: &Checked,
    ) -> Result<(), LedgerError> {
        let mut document = checked.known.clone();
        let mut refused: HashSet<ChangeHash> = HashSet::new();
        let erased = self.log.tombstone(id)?.is_some();
        let mut outcomes = vec![PushOutcome::Waiting; changes.len()];
        for index in in_causal_order(&checked.verdicts) {
            let (change, verdict) = (&changes[index], &checked.verdicts[index]);
            let outcome = match self.settled(id, change.hash)? {
                Some(outcome) => outcome,
                None if erased => self.refuse(id, change.hash, ERASED)?,
                None => match verdict {
                    Verdict::Sound(sound) => self.sound(id, &mut document, sound, &refused)?,
                    // Those that were accepted or refused are settled: this repeats a waiting one.
                    Verdict::Duplicate(_) => PushOutcome::Waiting,
                    Verdict::Waiting { missing, .. } => {
                        self.waiting(id, change.hash, missing, &refused)?
                    }
                    Verdict::Refused { refusal, .. } if refusal.shows_the_hash() => {
                        self.refuse(id, change.hash, refusal.code())?
                    }
                    Verdict::Refused { refusal, .. } => {
                        PushOutcome::Refused { code: refusal.code().to_owned() }
                    }
                },
            };
            // Bytes that do not have the announced hash say nothing about the change of that hash.
            let shown = match verdict {
                Verdict::Refused { refusal, .. } => refusal.shows_the_hash(),
                Verdict::Sound(_) | Verdict::Duplicate(_) | Verdict::Waiting { .. } => true,
            };
            if shown && matches!(outcome, PushOutcome::Refused { .. }) {
                refused.insert(change.hash);
            }
            outcomes[index] = outcome;
        }
        for (change, outcome) in changes.iter().zip(outcomes) {
            self.verdicts.push(PushVerdict { id, hash: change.hash, outcome });
        }
        Ok(())
    }

    /// The verdict that was given before, if there is one.
    fn settled(&self, id: RecordId, hash: ChangeHash) -> Result<Option<PushOutcome>, LedgerError> {
        if let Some((number, _)) = self.log.accepted(id, hash)? {
            return Ok(Some(PushOutcome::Duplicate { number }));
        }
        let code = self.log.refusal(id, hash, self.device.principal)?;
        Ok(code.map(|code| PushOutcome::Refused { code }))
    }

    fn refuse(
        &mut self,
        document: RecordId,
        hash: ChangeHash,
        code: &str,
    ) -> Result<PushOutcome, LedgerError> {
        self.log.keep_refusal(&KeptRefusal {
            document,
            hash,
            principal: self.device.principal,
            code: code.to_owned(),
            at: self.now,
        })?;
        Ok(PushOutcome::Refused { code: code.to_owned() })
    }

    /// A change whose ancestor is missing: refused when that ancestor was, or it would wait for ever.
    fn waiting(
        &mut self,
        id: RecordId,
        hash: ChangeHash,
        missing: &[ChangeHash],
        refused: &HashSet<ChangeHash>,
    ) -> Result<PushOutcome, LedgerError> {
        for ancestor in missing {
            if refused.contains(ancestor)
                || self.log.refusal(id, *ancestor, self.device.principal)?.is_some()
            {
                return self.refuse(id, hash, Refusal::DependsOnRefused.code());
            }
        }
        Ok(PushOutcome::Waiting)
    }

    fn sound(
        &mut self,
        id: RecordId,
        document: &mut Option<Document>,
        sound: &Guarded,
        refused: &HashSet<ChangeHash>,
    ) -> Result<PushOutcome, LedgerError> {
        let hash = sound.change.hash;
        if sound.info.deps.iter().any(|ancestor| refused.contains(ancestor)) {
            return self.refuse(id, hash, Refusal::DependsOnRefused.code());
        }
        let basis = Basis { id, document: document.as_ref(), change: sound };
        let judged = if sound.info.actor.install() == self.device.install {
            self.judge.judge(self.log, &basis)?
        } else {
            Err(ACTOR_NOT_OWN)
        };
        if let Err(code) = judged {
            return self.refuse(id, hash, code);
        }
        let Some(after) = applied(id, document.take(), sound)? else {
            return self.refuse(id, hash, Refusal::RecordUnreadable.code());
        };
        let stored = store(
            self.log,
            self.key,
            &after,
            sound,
            Origin { device: Some(self.device), principal: self.device.principal, at: self.now },
        );
        let outcome = match stored {
            Ok((number, mac)) => PushOutcome::Accepted { number, mac },
            Err(LogError::Taken) => return self.refuse(id, hash, Refusal::ForkedSequence.code()),
            Err(error) => return Err(error.into()),
        };
        *document = Some(after);
        Ok(outcome)
    }
}

/// The order in which a batch is judged: what does not enter the document first, then each change
/// after those that it builds upon (their operations have lower numbers), then repetitions.
fn in_causal_order(verdicts: &[Verdict]) -> Vec<usize> {
    let place = |verdict: &Verdict| match verdict {
        Verdict::Refused { .. } | Verdict::Waiting { .. } => 0,
        Verdict::Sound(sound) => sound.info.start_op.max(1),
        Verdict::Duplicate(_) => u64::MAX,
    };
    let mut order: Vec<usize> = (0..verdicts.len()).collect();
    order.sort_by_key(|index| place(&verdicts[*index]));
    order
}

/// The document with the change in it; none when the two make nothing that can be read.
pub(super) fn applied(
    id: RecordId,
    before: Option<Document>,
    sound: &Guarded,
) -> Result<Option<Document>, LedgerError> {
    match before {
        Some(mut document) => {
            document.apply(sound)?;
            Ok(Some(document))
        }
        None => Ok(Document::load(id, [sound.change.bytes.as_slice()]).ok()),
    }
}

/// Where a change comes from.
#[derive(Clone, Copy)]
pub(super) struct Origin<'a> {
    pub(super) device: Option<&'a Device>,
    pub(super) principal: PrincipalId,
    pub(super) at: Timestamp,
}

/// Writes an accepted change into the log, with who sees the document from then on.
pub(super) fn store<L: Log>(
    log: &mut L,
    key: &crate::key::ServerKey,
    after: &Document,
    sound: &Guarded,
    origin: Origin<'_>,
) -> Result<(u64, [u8; 32]), LogError> {
    let document = after.origin().id;
    let (hash, actor) = (sound.change.hash, sound.info.actor);
    let mac = key.change_mac(log.municipality(), document, hash, actor);
    let number = log.append(
        EntryBody::Change(ChangeEntry {
            document,
            hash,
            actor,
            seq: sound.info.seq,
            bytes: sound.change.bytes.clone(),
            mac,
            device: origin.device.map(|device| device.id),
            principal: origin.principal,
        }),
        origin.at,
    )?;
    // A merge that this version cannot read keeps the audience it had.
    if let Ok(audience) = after.audience() {
        log.set_audience(document, number, &audience)?;
    }
    Ok((number, mac))
}
