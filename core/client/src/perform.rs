//! The store's half of synchronising: what the engine asks of the store, done at once and without
//! a network or a clock. The driver and the simulation both run this.

use std::collections::BTreeSet;

use wijkboek_crdt::RawChange;
use wijkboek_model::{RecordId, Reference};
use wijkboek_store::{Arrived, Ingest, Outcome, Settled, Store, StoreError};
use wijkboek_sync::{
    ActorOwner, Input, Me, Opened, OutboxEntry, PulledDocument, PushOutcome, PushVerdict, StoreWork,
};

use crate::account::{self, Account};

/// What a piece of work led to.
#[derive(Debug, Default)]
pub struct Performed {
    /// The input that answers it.
    pub input: Option<Input>,
    /// Records whose rows may have changed.
    pub changed: Vec<RecordId>,
}

/// What the engine needs to know of a store when it starts.
///
/// # Errors
/// [`StoreError`].
pub fn opened(store: &Store) -> Result<Opened, StoreError> {
    Ok(Opened {
        enrolled: Account::load(store)?.is_some(),
        pull_state: store.pull_state()?,
        counter: account::counter(store)?,
        reference_version: store.reference_version()?,
    })
}

/// Does one piece of work.
///
/// # Errors
/// [`StoreError`]; the engine must then be told [`Input::StoreFailed`], and the effects that
/// followed this work must not be carried out.
pub fn perform(store: &mut Store, work: StoreWork) -> Result<Performed, StoreError> {
    let mut done = Performed::default();
    match work {
        StoreWork::ReadOutbox { max_changes, max_bytes, skip } => {
            let entries = read_outbox(store, max_changes, max_bytes, &skip)?;
            done.input = Some(Input::OutboxRead(entries));
        }
        StoreWork::SaveCounter(counter) => account::set_counter(store, counter)?,
        StoreWork::MarkSent(positions) => store.mark_sent(&positions)?,
        StoreWork::Settle(verdicts) => {
            done.changed = settle(store, verdicts)?;
            done.input = Some(Input::Settled);
        }
        StoreWork::Learn { me, actors } => learn(store, me.as_ref(), &actors)?,
        StoreWork::Ingest { documents, forget, pull_state } => {
            done.changed.clone_from(&forget);
            let changes = arrived(documents);
            let ingested =
                store.ingest(&Ingest { changes, forget, pull_state: Some(pull_state) })?;
            done.changed.extend(ingested.changed);
            done.input = Some(Input::Ingested { missing: ingested.missing });
        }
        StoreWork::SavePullState(state) => store.set_meta(wijkboek_store::PULL_STATE, &state)?,
        StoreWork::SaveReference(json) => {
            let reference =
                std::str::from_utf8(&json).ok().and_then(|json| Reference::from_json(json).ok());
            let version = reference.as_ref().map(|reference| reference.version);
            if let Some(reference) = reference {
                store.set_reference(&reference)?;
            }
            done.input = Some(Input::ReferenceSaved { version });
        }
        StoreWork::RequeueOwn => {
            if let Some(install) = account::install(store)? {
                store.requeue_own(install)?;
            }
            done.input = Some(Input::Requeued);
        }
    }
    Ok(done)
}

/// Reads further when what it found is to be left out.
fn read_outbox(
    store: &Store,
    max_changes: usize,
    max_bytes: usize,
    skip: &BTreeSet<RecordId>,
) -> Result<Vec<OutboxEntry>, StoreError> {
    let mut window = max_changes;
    let mut window_bytes = max_bytes;
    loop {
        let items = store.outbox(window, window_bytes)?;
        let found = items.len();
        let mut bytes = 0;
        let kept: Vec<OutboxEntry> = items
            .into_iter()
            .filter(|item| !skip.contains(&item.id))
            .take(max_changes)
            .enumerate()
            .take_while(|(n, item)| {
                bytes += item.change.bytes.len();
                *n == 0 || bytes <= max_bytes
            })
            .map(|(_, item)| OutboxEntry {
                position: item.position,
                id: item.id,
                hash: item.change.hash,
                bytes: item.change.bytes,
            })
            .collect();
        if !kept.is_empty() || found == 0 || found == store.unsent()? {
            return Ok(kept);
        }
        window = window.saturating_mul(2);
        window_bytes = window_bytes.saturating_mul(2);
    }
}

/// A refusal takes changes out of a document, and what is written next must not carry their
/// sequence numbers: so the next generation begins before that, which is harmless if it is all.
fn settle(store: &mut Store, verdicts: Vec<PushVerdict>) -> Result<Vec<RecordId>, StoreError> {
    let refused = |verdict: &PushVerdict| matches!(verdict.outcome, PushOutcome::Refused { .. });
    if verdicts.iter().any(refused) {
        account::next_generation(store)?;
    }
    let settled: Vec<Settled> = verdicts
        .into_iter()
        .map(|PushVerdict { id, hash, outcome }| {
            let outcome = match outcome {
                PushOutcome::Accepted { number, mac } => {
                    Outcome::Accepted { number, mac: Some(mac) }
                }
                PushOutcome::Duplicate { number } => Outcome::Duplicate { number },
                PushOutcome::Refused { code } => Outcome::Refused { code },
                PushOutcome::Waiting => Outcome::Waiting,
            };
            Settled { id, hash, outcome }
        })
        .collect();
    Ok(store.settle(&settled)?.changed)
}

fn learn(store: &mut Store, me: Option<&Me>, actors: &[ActorOwner]) -> Result<(), StoreError> {
    if let (Some(me), Some(account)) = (me, Account::load(store)?) {
        let learned = account.clone().learned(me);
        if learned != account {
            learned.save(store)?;
        }
    }
    for ActorOwner { install, principal } in actors {
        if account::owner(store, *install)? != Some(*principal) {
            account::set_owner(store, *install, *principal)?;
        }
    }
    Ok(())
}

fn arrived(documents: Vec<PulledDocument>) -> Vec<Arrived> {
    documents
        .into_iter()
        .flat_map(|PulledDocument { id, changes }| {
            changes.into_iter().map(move |change| Arrived {
                id,
                number: change.number,
                mac: Some(change.mac),
                change: RawChange { hash: change.hash, bytes: change.bytes },
            })
        })
        .collect()
}
