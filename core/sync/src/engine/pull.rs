//! Pulling: page after page, the cursor never ahead of what the store holds.

use wijkboek_model::{Now, RecordId};

use super::{CallError, Effect, Endpoint, Engine, PullState, State, Step, StoreWork};
use crate::codec::{BODY_BYTES_MAX, from_body, to_body};
use crate::problem;
use crate::wire::{PullNext, PullRequest, PullResponse, WHOLE_MAX};

impl Engine {
    pub(super) fn pull_page(&mut self, fx: &mut Vec<Effect>) {
        let asked: Vec<RecordId> =
            self.pull.whole.difference(&self.asked).copied().take(WHOLE_MAX).collect();
        self.asked.extend(&asked);
        let request = PullRequest {
            cursor: self.pull.cursor,
            page: self.pull.page.clone(),
            max_bytes: self.config.pull_bytes,
            whole: asked.clone(),
        };
        let call = self.next_call();
        self.state = State::Busy(Step::Pulling { call, asked });
        fx.push(Effect::Call { call, endpoint: Endpoint::Pull, body: to_body(&request) });
    }

    pub(super) fn pulled(
        &mut self,
        now: Now,
        asked: &[RecordId],
        body: &[u8],
        fx: &mut Vec<Effect>,
    ) {
        let Ok(response) = from_body::<PullResponse>(body, BODY_BYTES_MAX) else {
            self.failing(now, problem::MALFORMED, None, fx);
            return;
        };
        let mut next = PullState { page: None, ..self.pull.clone() };
        match response.next {
            PullNext::More { page } => {
                if self.pull.page.as_ref() == Some(&page) {
                    // The same page for ever is a mistake of the server, not a pull.
                    self.failing(now, problem::INTERNAL, None, fx);
                    return;
                }
                next.page = Some(page);
            }
            PullNext::Done { cursor } => {
                next.cursor = Some(cursor);
                if self.trouble.is_none() {
                    next.last_success_ms = Some(now.wall.as_millis());
                }
            }
        }
        self.backoff.reset();
        let came = response.documents.iter().map(|document| document.id);
        for id in came.chain(response.forget.iter().copied()) {
            if asked.contains(&id) {
                next.whole.remove(&id);
            }
        }
        for id in &response.forget {
            next.whole.remove(id);
        }
        self.reference_offered = response.reference_version;
        let me = (self.me.as_ref() != Some(&response.me)).then(|| response.me.clone());
        self.me = Some(response.me);
        let actors = response.actors.unwrap_or_default();
        if me.is_some() || !actors.is_empty() {
            fx.push(Effect::Store(StoreWork::Learn { me, actors }));
        }
        fx.push(Effect::Store(StoreWork::Ingest {
            documents: response.documents,
            forget: response.forget,
            pull_state: next.to_bytes(),
        }));
        self.state = State::Busy(Step::Ingesting { next });
    }

    pub(super) fn ingested(&mut self, now: Now, missing: Vec<RecordId>, fx: &mut Vec<Effect>) {
        let State::Busy(Step::Ingesting { next }) = &mut self.state else { return };
        self.pull = std::mem::take(next);
        if !missing.is_empty() {
            self.pull.whole.extend(missing);
            fx.push(Effect::Store(StoreWork::SavePullState(self.pull.to_bytes())));
        }
        if self.pull.page.is_some() || !self.pull.whole.is_subset(&self.asked) {
            self.pull_page(fx);
        } else if self.reference_offered > self.reference_version {
            let call = self.next_call();
            self.state = State::Busy(Step::Fetching { call });
            fx.push(Effect::Call { call, endpoint: Endpoint::Reference, body: Vec::new() });
        } else {
            self.end(now, fx);
        }
    }

    pub(super) fn reference_saved(&mut self, now: Now, version: Option<u64>, fx: &mut Vec<Effect>) {
        let State::Busy(Step::SavingReference) = self.state else { return };
        match version {
            Some(version) => {
                self.reference_version = version;
                self.backoff.reset();
                self.end(now, fx);
            }
            None => self.failing(now, problem::MALFORMED, None, fx),
        }
    }

    pub(super) fn pull_failed(&mut self, now: Now, error: CallError, fx: &mut Vec<Effect>) {
        match error {
            // A token that the server no longer knows: from the cursor again.
            CallError::Problem { status: 400..=499, code }
                if self.pull.page.is_some() && code != problem::CLONED =>
            {
                self.pull.page = None;
                self.asked.clear();
                self.pull_page(fx);
            }
            CallError::Offline
            | CallError::Timeout
            | CallError::Unauthorized
            | CallError::Restored
            | CallError::TooLarge
            | CallError::Overloaded { .. }
            | CallError::Problem { .. } => self.call_failed(now, error, fx),
        }
    }
}
