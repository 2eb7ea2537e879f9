//! Pushing: the outbox in batches until it is empty, one bad change never stopping the others.

use std::collections::{BTreeMap, BTreeSet};

use wijkboek_model::Now;

use super::{CallError, Effect, Endpoint, Engine, OutboxEntry, Sent, State, Step, StoreWork};
use crate::codec::{BODY_BYTES_MAX, from_body, to_body};
use crate::problem;
use crate::wire::{PushChange, PushDocument, PushOutcome, PushRequest, PushResponse};

impl Engine {
    pub(super) fn read_outbox(&mut self, fx: &mut Vec<Effect>) {
        self.state = State::Busy(Step::Outbox);
        fx.push(Effect::Store(StoreWork::ReadOutbox {
            max_changes: self.batch.changes,
            max_bytes: self.batch.bytes,
            skip: self.skip.clone(),
        }));
    }

    pub(super) fn outbox_read(&mut self, entries: Vec<OutboxEntry>, fx: &mut Vec<Effect>) {
        let State::Busy(Step::Outbox) = self.state else { return };
        let entries: Vec<_> =
            entries.into_iter().filter(|entry| !self.skip.contains(&entry.id)).collect();
        if entries.is_empty() {
            self.pull_page(fx);
            return;
        }
        self.counter += 1;
        let call = self.next_call();
        let sent = entries
            .iter()
            .map(|entry| Sent { position: entry.position, id: entry.id, hash: entry.hash })
            .collect();
        let request = PushRequest {
            counter: self.counter,
            acknowledged: self.pull.cursor,
            documents: by_document(entries),
        };
        fx.push(Effect::Store(StoreWork::SaveCounter(self.counter)));
        fx.push(Effect::Call { call, endpoint: Endpoint::Push, body: to_body(&request) });
        self.state = State::Busy(Step::Pushing { call, sent });
    }

    pub(super) fn pushed(&mut self, now: Now, sent: &[Sent], body: &[u8], fx: &mut Vec<Effect>) {
        let Ok(response) = from_body::<PushResponse>(body, BODY_BYTES_MAX) else {
            self.failing(now, problem::MALFORMED, None, fx);
            return;
        };
        self.backoff.reset();
        self.batch.changes = (self.batch.changes * 2).min(self.config.push_changes);
        self.batch.bytes = (self.batch.bytes * 2).min(self.config.push_bytes);

        let mut open: BTreeSet<_> = sent.iter().map(|sent| (sent.id, sent.hash)).collect();
        let mut verdicts = response.verdicts;
        verdicts.retain(|verdict| open.remove(&(verdict.id, verdict.hash)));
        // What has no verdict waits too: asking again in this round would never end.
        self.skip.extend(open.into_iter().map(|(id, _)| id));
        self.skip.extend(
            verdicts
                .iter()
                .filter(|verdict| verdict.outcome == PushOutcome::Waiting)
                .map(|verdict| verdict.id),
        );
        if verdicts.is_empty() {
            self.read_outbox(fx);
        } else {
            self.state = State::Busy(Step::Settling);
            fx.push(Effect::Store(StoreWork::Settle(verdicts)));
        }
    }

    pub(super) fn settled(&mut self, fx: &mut Vec<Effect>) {
        let State::Busy(Step::Settling) = self.state else { return };
        self.read_outbox(fx);
    }

    pub(super) fn push_failed(
        &mut self,
        now: Now,
        sent: &[Sent],
        error: CallError,
        fx: &mut Vec<Effect>,
    ) {
        match error {
            CallError::TooLarge => self.send_less(sent, problem::TOO_LARGE, fx),
            // A body that the server cannot read, or that it stumbles over, may be the fault of
            // one document: find it. Not for ever, since it may also be the server itself.
            CallError::Problem { status, code }
                if (code == problem::MALFORMED || status >= 500)
                    && self.problems < PROBLEMS_MAX =>
            {
                self.problems += 1;
                self.send_less(sent, &code, fx);
            }
            CallError::Problem { status, code } if code == problem::MALFORMED || status >= 500 => {
                self.trouble = Some(code);
                self.pull_page(fx);
            }
            CallError::Timeout => {
                // It may have arrived; only then does "sent" say more than "on this device".
                let positions = sent.iter().map(|sent| sent.position).collect();
                fx.push(Effect::Store(StoreWork::MarkSent(positions)));
                // A slow link carries less at a time.
                self.halve(sent.len());
                self.call_failed(now, error, fx);
            }
            CallError::Offline
            | CallError::Unauthorized
            | CallError::Restored
            | CallError::Overloaded { .. }
            | CallError::Problem { .. } => self.call_failed(now, error, fx),
        }
    }

    /// Half as much; a single change that still fails is left alone until the next round, and the
    /// rest goes on.
    fn send_less(&mut self, sent: &[Sent], code: &str, fx: &mut Vec<Effect>) {
        if let [sent] = sent {
            self.skip.insert(sent.id);
            self.trouble = Some(code.to_owned());
        } else {
            self.halve(sent.len());
        }
        self.read_outbox(fx);
    }

    fn halve(&mut self, sent: usize) {
        self.batch.changes = (sent / 2).max(1);
        self.batch.bytes = (self.batch.bytes / 2).max(1);
    }
}

/// Groups by document, in the order in which each first appears.
fn by_document(entries: Vec<OutboxEntry>) -> Vec<PushDocument> {
    let mut places = BTreeMap::new();
    let mut documents: Vec<PushDocument> = Vec::new();
    for entry in entries {
        let change = PushChange { hash: entry.hash, bytes: entry.bytes };
        let place = *places.entry(entry.id).or_insert(documents.len());
        match documents.get_mut(place) {
            Some(document) => document.changes.push(change),
            None => documents.push(PushDocument { id: entry.id, changes: vec![change] }),
        }
    }
    documents
}

/// Halving 500 changes to one takes nine.
const PROBLEMS_MAX: u32 = 16;
