//! Whether somebody may make a change, judged as it looked to them when they made it.
//!
//! The document counts as it was at the change's dependencies, with everything that the device had
//! acknowledged; so do the person's rights. Rights that were narrowed since still hold for old work
//! for thirty days.

use std::collections::{HashMap, HashSet};

use wijkboek_crdt::{Document, DocumentError, Guarded, Refusal};
use wijkboek_model::{
    Audience, ChangeHash, Day, Deed, Denial, Person, Principal, PrincipalId, Record, RecordId,
    Role, Timestamp, Write, local_day, may, person_faults, sees,
};

use super::LedgerError;
use crate::log::{Head, Log};

/// How long rights that were taken away still hold for work that was done before, in milliseconds.
const OLD_RIGHTS_MS: i64 = 30 * 24 * 60 * 60 * 1_000;

/// The reason when rights were narrowed too long ago.
const RIGHTS_ENDED: &str = "rights-ended";

/// The reason when a record was closed without an answer, or a status skipped.
const STEP_REFUSED: &str = "step-refused";

/// The reason when whose details these are, or for how long, is against the rules.
const INVALID: &str = "invalid-value";

/// A change and the document that it is about to enter.
pub(super) struct Basis<'a> {
    pub(super) id: RecordId,
    pub(super) document: Option<&'a Document>,
    pub(super) change: &'a Guarded,
}

/// The rights of one person, then and now.
pub(super) struct Judge {
    acknowledged: u64,
    then: Option<Principal>,
    now: Option<Principal>,
    /// Whether rights that were taken away still count.
    old_rights_hold: bool,
    today: Day,
}

impl Judge {
    /// Reads somebody's rights at the number that their device acknowledged and at the head.
    pub(super) fn of<L: Log>(
        log: &L,
        principal: PrincipalId,
        acknowledged: u64,
        head: &Head,
        at: Timestamp,
    ) -> Result<Self, LedgerError> {
        let changed = log.scope_changed_after(principal, acknowledged)?;
        let old_rights_hold = changed.is_none_or(|changed| {
            at.as_millis().saturating_sub(changed.as_millis()) <= OLD_RIGHTS_MS
        });
        Ok(Self {
            acknowledged,
            then: log.principal_at(principal, acknowledged)?,
            now: log.principal_at(principal, head.number)?,
            old_rights_hold,
            today: local_day(at),
        })
    }

    /// Ok, or the stable word of the reason.
    pub(super) fn judge<L: Log>(
        &self,
        log: &L,
        basis: &Basis<'_>,
    ) -> Result<Result<(), &'static str>, LedgerError> {
        let view = match self.view(log, basis) {
            Ok(view) => view,
            Err(ViewError::Document) => return Ok(Err(Refusal::RecordUnreadable.code())),
            Err(ViewError::Ledger(error)) => return Err(error),
        };
        let Some(view) = view.as_ref().or(basis.document) else {
            return Ok(Err(Refusal::RecordUnreadable.code()));
        };
        if breaks_a_rule_of_today(view, basis.change, self.today) {
            return Ok(Err(INVALID));
        }
        let now = allowed(self.now.as_ref(), view, basis.change);
        if now.is_ok() {
            return Ok(Ok(()));
        }
        let then = allowed(self.then.as_ref(), view, basis.change);
        Ok(match then {
            Ok(()) if self.old_rights_hold => Ok(()),
            Ok(()) => Err(RIGHTS_ENDED),
            Err(code) => Err(code),
        })
    }

    /// The document as its writer had it; none when that is the document as it stands.
    fn view<L: Log>(&self, log: &L, basis: &Basis<'_>) -> Result<Option<Document>, ViewError> {
        let change = basis.change;
        if change.creates {
            let bytes = change.change.bytes.as_slice();
            return Ok(Some(Document::load(basis.id, [bytes])?));
        }
        let Some(document) = basis.document else { return Ok(None) };
        let mut deps = change.info.deps.clone();
        deps.sort_unstable();
        if deps == document.heads() {
            return Ok(None);
        }
        let known = known_to_writer(document, &deps, self.acknowledged_changes(log, basis.id)?);
        let changes = document.changes();
        if known.len() == changes.len() {
            return Ok(None);
        }
        let seen = changes.iter().filter(|change| known.contains(&change.hash));
        Ok(Some(Document::load(basis.id, seen.map(|change| change.bytes.as_slice()))?))
    }

    fn acknowledged_changes<L: Log>(
        &self,
        log: &L,
        id: RecordId,
    ) -> Result<HashSet<ChangeHash>, ViewError> {
        let changes = log.changes(id, 0, self.acknowledged).map_err(LedgerError::from)?;
        Ok(changes.into_iter().map(|(_, change)| change.hash).collect())
    }
}

/// The ancestors of `deps` and what was acknowledged; closed under dependencies.
fn known_to_writer(
    document: &Document,
    deps: &[ChangeHash],
    acknowledged: HashSet<ChangeHash>,
) -> HashSet<ChangeHash> {
    let parents: HashMap<ChangeHash, Vec<ChangeHash>> =
        document.infos().into_iter().map(|info| (info.hash, info.deps)).collect();
    let mut known = acknowledged;
    let mut open: Vec<ChangeHash> = deps.to_vec();
    while let Some(hash) = open.pop() {
        if known.insert(hash) {
            open.extend(parents.get(&hash).into_iter().flatten());
        }
    }
    known
}

/// Why there is no view: the document's fault or the server's.
enum ViewError {
    Document,
    Ledger(LedgerError),
}

impl From<DocumentError> for ViewError {
    fn from(_: DocumentError) -> Self {
        Self::Document
    }
}

impl From<LedgerError> for ViewError {
    fn from(error: LedgerError) -> Self {
        Self::Ledger(error)
    }
}

/// Whether a change keeps contact details that may not be kept. A day that has passed by now is
/// not held against a change: it may have been written in time and be long on its way.
fn breaks_a_rule_of_today(view: &Document, change: &Guarded, today: Day) -> bool {
    let faults = |record: &Record| {
        let Record::Person(person) = record else { return Vec::new() };
        let keep_until = person.keep_until.max(today);
        person_faults(&Person { keep_until, ..person.clone() }, today)
    };
    let Ok(before) = view.record() else { return false };
    if change.creates {
        return !faults(&before).is_empty();
    }
    let earlier = faults(&before);
    let after = view.record_after(&change.writes);
    after.is_ok_and(|after| faults(&after).iter().any(|fault| !earlier.contains(fault)))
}

fn allowed(
    principal: Option<&Principal>,
    view: &Document,
    change: &Guarded,
) -> Result<(), &'static str> {
    let principal = principal.ok_or(Denial::NotVisible.code())?;
    let (Ok(record), Ok(audience)) = (view.record(), view.audience()) else {
        return Err(Refusal::RecordUnreadable.code());
    };
    if change.creates {
        return may(principal, Deed::Create, &record, &audience).map_err(Denial::code);
    }
    if !sees(principal, &audience) {
        return Err(Denial::NotVisible.code());
    }
    for write in &change.writes {
        may_write(principal, view, write, &record, &audience).map_err(Denial::code)?;
    }
    if !view.step_faults(&change.writes).is_empty() {
        return Err(STEP_REFUSED);
    }
    // What a newer version of the app writes beside the known fields is its users' own business,
    // as long as they may edit the record at all.
    let edits_freely = matches!(principal.role, Role::Wijkregisseur | Role::Medewerker);
    if !change.unknown_keys.is_empty() && !edits_freely {
        return Err(Denial::FieldNotForRole.code());
    }
    Ok(())
}

/// Judges one write; putting one of several values that stand side by side is settling.
pub(super) fn may_write(
    principal: &Principal,
    view: &Document,
    write: &Write,
    record: &Record,
    audience: &Audience,
) -> Result<(), Denial> {
    // Whose an entry is only matters when it is withdrawn.
    let thread = if write.withdrawn().is_some() { view.entries() } else { Vec::new() };
    let deed = if view.settles(write) { Deed::Settle(write) } else { Deed::of(write, &thread) };
    may(principal, deed, record, audience)
}
