//! Pull: what a person sees at their cursor is compared with what they see at a fixed head.
//!
//! Both → the changes in between; only at the head → the whole document; only at the cursor →
//! forget. Nothing is given out that the person does not see at this very moment, whatever head a
//! page was fixed at. All of it is read from the log, never from the replica.

use std::collections::{BTreeMap, BTreeSet};

use wijkboek_model::{DeviceId, InstallId, Principal, RecordId, Timestamp, sees};
use wijkboek_sync::{
    ActorOwner, Cursor, Me, PullNext, PullRequest, PullResponse, PulledChange, PulledDocument,
    WHOLE_MAX,
};

use super::page::{PAGE_BYTES_MAX, PAGE_BYTES_MIN, Page};
use super::{LedgerError, check_cursor, cursor};
use crate::accounts::Device;
use crate::key::ServerKey;
use crate::log::{ChangeEntry, Head, Log};

/// Most bytes of documents that were asked for whole; with one more of the largest size the page
/// stays below the cap on a message. What is left out is asked for again.
const WHOLE_BYTES_MAX: usize = 5 << 20;
/// How many documents are looked at for one page, seen or not.
const SCANNED_PER_PAGE_MAX: usize = 20_000;
/// How many document ids are read at once.
const SCAN_BATCH: usize = 256;
/// What a change weighs beside its bytes: hash, MAC and number.
const CHANGE_OVERHEAD: usize = 80;
/// What a document or a forgotten one weighs beside its changes.
const DOCUMENT_OVERHEAD: usize = 24;

/// One page of what is new for a device.
///
/// # Errors
/// [`LedgerError`].
pub fn pull<L: Log>(
    log: &L,
    key: &ServerKey,
    device: &Device,
    request: &PullRequest,
    now: Timestamp,
) -> Result<PullResponse, LedgerError> {
    let end = log.head()?;
    if log.device_state(device.id)?.is_none_or(|state| state.revoked) {
        return Err(LedgerError::Unauthorized);
    }
    if request.whole.len() > WHOLE_MAX {
        return Err(LedgerError::TooMany { max: WHOLE_MAX });
    }
    let me = log.principal_at(device.principal, end.number)?.ok_or(LedgerError::Unauthorized)?;
    let name = log.name(device.principal)?.unwrap_or_default();
    let (since, head, before) = if let Some(token) = &request.page {
        let page = Page::decode(token, key, device.id, now).ok_or(LedgerError::PageExpired)?;
        check_cursor(log, &end, &page.head)?;
        (page.since, page.head, Some(page.before))
    } else {
        if let Some(since) = &request.cursor {
            check_cursor(log, &end, since)?;
            log.acknowledge(device.id, since.number)?;
        }
        (request.cursor, cursor(&end), None)
    };
    let view = View::new(log, device.id, &me, since, head, &end)?;
    let budget = usize::try_from(request.max_bytes)
        .unwrap_or(PAGE_BYTES_MAX)
        .clamp(PAGE_BYTES_MIN, PAGE_BYTES_MAX);
    let mut answer = Answer { budget, ..Answer::default() };
    for id in &request.whole {
        view.whole(*id, &mut answer)?;
    }
    let next = match view.fill(before, &mut answer)? {
        Some(before) => {
            PullNext::More { page: Page { since, head, before }.encode(key, device.id, now) }
        }
        None => PullNext::Done { cursor: head },
    };
    Ok(PullResponse {
        actors: Some(answer.owners(log)?),
        documents: answer.documents,
        forget: answer.forget,
        next,
        reference_version: log.reference_version()?,
        me: Me { principal: me.id, name, role: me.role.into(), wijken: me.wijken },
    })
}

/// A person's two points of view, and the present one.
struct View<'a, L> {
    log: &'a L,
    device: DeviceId,
    since: u64,
    head: u64,
    now: u64,
    then: Option<Principal>,
    at_head: Option<Principal>,
    me: &'a Principal,
}

impl<'a, L: Log> View<'a, L> {
    fn new(
        log: &'a L,
        device: DeviceId,
        me: &'a Principal,
        since: Option<Cursor>,
        head: Cursor,
        end: &Head,
    ) -> Result<Self, LedgerError> {
        let then = match since {
            Some(since) => log.principal_at(me.id, since.number)?,
            None => None,
        };
        Ok(Self {
            log,
            device,
            since: since.map_or(0, |since| since.number),
            head: head.number,
            now: end.number,
            then,
            at_head: log.principal_at(me.id, head.number)?,
            me,
        })
    }

    fn sees(
        &self,
        principal: Option<&Principal>,
        id: RecordId,
        number: u64,
    ) -> Result<bool, LedgerError> {
        let Some(principal) = principal else { return Ok(false) };
        let audience = self.log.audience_at(id, number)?;
        Ok(audience.is_some_and(|audience| sees(principal, &audience)))
    }

    fn seen_then(&self, id: RecordId) -> Result<bool, LedgerError> {
        self.sees(self.then.as_ref(), id, self.since)
    }

    fn seen_at_head(&self, id: RecordId) -> Result<bool, LedgerError> {
        Ok(self.sees(self.at_head.as_ref(), id, self.head)?
            && self.sees(Some(self.me), id, self.now)?)
    }

    /// Answers a phone that misses changes of a document.
    fn whole(&self, id: RecordId, answer: &mut Answer) -> Result<(), LedgerError> {
        if answer.whole.contains(&id) || answer.bytes >= WHOLE_BYTES_MAX {
            return Ok(());
        }
        answer.whole.insert(id);
        if self.seen_at_head(id)? {
            answer.add(id, self.log.changes(id, 0, self.head)?);
        } else {
            answer.forget(id);
        }
        Ok(())
    }

    /// Adds documents until the page is full; then gives the last one dealt with.
    fn fill(
        &self,
        before: Option<RecordId>,
        answer: &mut Answer,
    ) -> Result<Option<RecordId>, LedgerError> {
        // While a person's rights stay the same, only documents that changed can come or go.
        let everything = self.then != self.at_head;
        let mut before = before;
        let mut scanned = 0;
        loop {
            let batch = if everything {
                self.log.documents(self.head, before, SCAN_BATCH)?
            } else {
                self.log.touched(self.since, self.head, before, SCAN_BATCH)?
            };
            for id in &batch {
                self.compare(*id, answer)?;
                before = Some(*id);
                scanned += 1;
                if answer.is_full() || scanned >= SCANNED_PER_PAGE_MAX {
                    return Ok(before);
                }
            }
            if batch.len() < SCAN_BATCH {
                return Ok(None);
            }
        }
    }

    fn compare(&self, id: RecordId, answer: &mut Answer) -> Result<(), LedgerError> {
        if answer.whole.contains(&id) {
            return Ok(());
        }
        match (self.seen_then(id)?, self.seen_at_head(id)?) {
            (true, true) => answer.add(id, self.log.changes(id, self.since, self.head)?),
            (false, true) => answer.add(id, self.log.changes(id, 0, self.head)?),
            (true, false) => answer.forget(id),
            // What the device itself brought since its cursor is on it, seen there or not.
            (false, false) => {
                if self.log.brought(self.device, id, self.since, self.head)? {
                    answer.forget(id);
                }
            }
        }
        Ok(())
    }
}

/// A page in the making.
#[derive(Default)]
struct Answer {
    documents: Vec<PulledDocument>,
    forget: Vec<RecordId>,
    whole: BTreeSet<RecordId>,
    installs: BTreeSet<InstallId>,
    bytes: usize,
    budget: usize,
}

impl Answer {
    fn is_full(&self) -> bool {
        self.bytes >= self.budget
    }

    fn add(&mut self, id: RecordId, changes: Vec<(u64, ChangeEntry)>) {
        if changes.is_empty() {
            return;
        }
        self.bytes += DOCUMENT_OVERHEAD;
        let changes = changes
            .into_iter()
            .map(|(number, change)| {
                self.bytes += CHANGE_OVERHEAD + change.bytes.len();
                self.installs.insert(change.actor.install());
                PulledChange { number, hash: change.hash, mac: change.mac, bytes: change.bytes }
            })
            .collect();
        self.documents.push(PulledDocument { id, changes });
    }

    fn forget(&mut self, id: RecordId) {
        self.bytes += DOCUMENT_OVERHEAD;
        self.forget.push(id);
    }

    fn owners(&self, log: &impl Log) -> Result<Vec<ActorOwner>, LedgerError> {
        let mut owners = BTreeMap::new();
        for install in &self.installs {
            if let Some(principal) = log.install_owner(*install)? {
                owners.insert(*install, principal);
            }
        }
        Ok(owners
            .into_iter()
            .map(|(install, principal)| ActorOwner { install, principal })
            .collect())
    }
}
