//! Pushing.

use wijkboek_sync::{
    CallError, Effect, Endpoint, Input, LockReason, PushOutcome, PushRequest, StoreWork, SyncPhase,
    problem,
};

use super::rig::{Rig, call, entry, opened, reads_outbox, verdicts, window, work};
use crate::samples;

#[test]
fn the_outbox_goes_before_anything_comes() {
    let mut rig = Rig::new();
    let push = rig.push(vec![entry(1, 1), entry(2, 2), entry(3, 1)]);
    let request: PushRequest = push.read();
    assert_eq!(request.counter, 1);
    assert_eq!(request.acknowledged, None);
    let documents: Vec<_> = request.documents.iter().map(|d| (d.id, d.changes.len())).collect();
    assert_eq!(documents, [(samples::record(1), 2), (samples::record(2), 1)]);
    assert_eq!(rig.phase(), SyncPhase::Syncing);

    let fx = rig.accept(&push);
    assert!(matches!(&work(fx)[..], [StoreWork::Settle(verdicts)] if verdicts.len() == 3));
    assert!(reads_outbox(&rig.step(Input::Settled)));
    let pull = rig.outbox(Vec::new()).expect("a call");
    assert_eq!(pull.endpoint, Endpoint::Pull);
    rig.nothing_new(&pull, 3);
    assert_eq!(rig.phase(), SyncPhase::Idle);
}

#[test]
fn the_counter_is_kept_before_the_call_leaves() {
    let mut rig = Rig::open(wijkboek_sync::Opened { counter: 40, ..opened() });
    rig.step(Input::Wake);
    let fx = rig.step(Input::OutboxRead(vec![entry(5, 1)]));
    assert!(matches!(
        &fx[..],
        [Effect::Store(StoreWork::SaveCounter(41)), Effect::Call { endpoint: Endpoint::Push, .. },]
    ));
}

#[test]
fn what_the_phone_knows_goes_along() {
    let mut rig = Rig::new();
    rig.quiet_round(9);
    let push = rig.push(vec![entry(1, 1)]);
    assert_eq!(push.read::<PushRequest>().acknowledged, Some(samples::cursor(9)));
}

#[test]
fn partial_success_is_normal() {
    let mut rig = Rig::new();
    let push = rig.push(vec![entry(1, 1), entry(2, 2), entry(3, 3)]);
    let body = verdicts(&push.read(), |hash| {
        if *hash == samples::hash(2) {
            PushOutcome::Refused { code: "not-visible".to_owned() }
        } else {
            PushOutcome::Duplicate { number: 4 }
        }
    });
    let settled = work(rig.answer(&push, body));
    assert!(matches!(&settled[..], [StoreWork::Settle(verdicts)] if verdicts.len() == 3));
    let (_, _, skipped) = window(rig.step(Input::Settled));
    assert_eq!(skipped, 0, "verdicts are final: nothing is left to skip");
}

#[test]
fn what_waits_or_has_no_verdict_stops_nothing_else() {
    let mut rig = Rig::new();
    let push = rig.push(vec![entry(1, 1), entry(2, 2), entry(3, 3)]);
    let mut request: PushRequest = push.read();
    // The server says nothing about document 3, and something about one that nobody asked about.
    request.documents.pop();
    request.documents.push(samples::push_request().documents.swap_remove(0));
    let body = verdicts(&request, |hash| {
        if *hash == samples::hash(1) {
            PushOutcome::Waiting
        } else {
            PushOutcome::Accepted { number: 4, mac: [0; 32] }
        }
    });
    let settled = work(rig.answer(&push, body));
    assert!(matches!(&settled[..], [StoreWork::Settle(verdicts)] if verdicts.len() == 2));
    let (_, _, skipped) = window(rig.step(Input::Settled));
    assert_eq!(skipped, 2);
    // Even if the store gives them again, they are not sent again in this round.
    let pull = rig.outbox(vec![entry(1, 1), entry(3, 3)]).expect("a call");
    assert_eq!(pull.endpoint, Endpoint::Pull);
    rig.nothing_new(&pull, 4);
    // But in the next they are.
    let push = rig.push(vec![entry(1, 1), entry(3, 3)]);
    assert_eq!(push.read::<PushRequest>().documents.len(), 2);
}

#[test]
fn too_large_halves_the_batch_and_success_lets_it_grow() {
    let mut rig = Rig::new();
    let entries: Vec<_> = (1..=8).map(|n| entry(n, 1)).collect();
    let push = rig.push(entries);
    let (changes, bytes, _) = window(rig.fail(&push, CallError::TooLarge));
    assert_eq!((changes, bytes), (4, 256 << 10));
    let push = rig.outbox((1..=4).map(|n| entry(n, 1)).collect()).expect("a call");
    let (changes, bytes, _) = window(rig.fail(&push, CallError::TooLarge));
    assert_eq!((changes, bytes), (2, 128 << 10));
    let push = rig.outbox(vec![entry(1, 1), entry(2, 1)]).expect("a call");
    rig.accept(&push);
    let (changes, bytes, _) = window(rig.step(Input::Settled));
    assert_eq!((changes, bytes), (4, 256 << 10));
}

#[test]
fn one_change_that_is_too_large_is_left_alone_and_shown() {
    let mut rig = Rig::new();
    let push = rig.push(vec![entry(1, 1)]);
    let (_, _, skipped) = window(rig.fail(&push, CallError::TooLarge));
    assert_eq!(skipped, 1);
    let push = rig.outbox(vec![entry(2, 2)]).expect("the others go on");
    rig.accept(&push);
    rig.step(Input::Settled);
    let pull = rig.outbox(Vec::new()).expect("a call");
    rig.nothing_new(&pull, 1);
    assert!(
        matches!(rig.phase(), SyncPhase::Failing { code, .. } if code == problem::TOO_LARGE),
        "it is not as if all were well"
    );
    assert_eq!(rig.engine.status().last_success, None);
    assert!(reads_outbox(&rig.step(Input::LocalWrite)), "and yet new work goes out at once");
}

#[test]
fn a_document_that_the_server_stumbles_over_is_found() {
    let mut rig = Rig::new();
    let poison = |request: &PushRequest| {
        request.documents.iter().any(|document| document.id == samples::record(3))
    };
    let mut left: Vec<_> = (1..=8).map(|n| entry(n, u8::try_from(n).expect("small"))).collect();
    let mut fx = rig.step(Input::Wake);
    let mut calls = 0;
    loop {
        let (changes, _, skipped) = window(fx);
        let skip = usize::from(skipped == 1);
        let batch: Vec<_> = left
            .iter()
            .filter(|entry| skip == 0 || entry.id != samples::record(3))
            .take(changes)
            .cloned()
            .collect();
        if batch.is_empty() {
            break;
        }
        let push = rig.outbox(batch.clone()).expect("a call");
        calls += 1;
        if poison(&push.read()) {
            fx = rig.fail(&push, CallError::Problem { status: 500, code: "internal".to_owned() });
        } else {
            rig.accept(&push);
            left.retain(|entry| !batch.contains(entry));
            fx = rig.step(Input::Settled);
        }
    }
    assert_eq!(left.len(), 1, "only the poison is left");
    assert!(calls <= 12, "{calls} calls");
}

#[test]
fn a_server_that_stumbles_over_everything_is_not_asked_for_ever() {
    let mut rig = Rig::new();
    let all: Vec<_> = (1..=100).map(|n| entry(n, u8::try_from(n).expect("small"))).collect();
    let mut fx = rig.step(Input::Wake);
    let mut calls = 0;
    let pull = loop {
        let (changes, _, skipped) = window(fx);
        let batch = all.iter().skip(skipped).take(changes).cloned().collect();
        let next = rig.outbox(batch).expect("a call");
        calls += 1;
        assert!(calls < 30);
        fx = rig.fail(&next, CallError::Problem { status: 500, code: "internal".to_owned() });
        if !reads_outbox(&fx) {
            break call(fx).expect("it goes on to pull");
        }
    };
    assert_eq!(pull.endpoint, Endpoint::Pull);
    rig.nothing_new(&pull, 1);
    assert!(matches!(rig.phase(), SyncPhase::Failing { code, .. } if code == "internal"));
}

#[test]
fn what_may_have_arrived_counts_as_sent_and_a_slow_link_carries_less() {
    let mut rig = Rig::new();
    let push = rig.push(vec![entry(1, 1), entry(2, 2)]);
    assert_eq!(work(rig.fail(&push, CallError::Timeout)), [StoreWork::MarkSent(vec![1, 2])]);
    assert!(matches!(rig.phase(), SyncPhase::Offline { .. }));
    let (changes, _, _) = window(rig.step(Input::Wake));
    assert_eq!(changes, 1);
}

#[test]
fn what_cannot_have_arrived_does_not_count_as_sent() {
    let mut rig = Rig::new();
    let push = rig.push(vec![entry(1, 1)]);
    assert_eq!(work(rig.fail(&push, CallError::Offline)), []);
}

#[test]
fn a_copied_store_locks_the_phone() {
    let mut rig = Rig::new();
    let push = rig.push(vec![entry(1, 1)]);
    let cloned = CallError::Problem { status: 409, code: problem::CLONED.to_owned() };
    rig.fail(&push, cloned);
    assert_eq!(rig.phase(), SyncPhase::Locked(LockReason::Cloned));
}

#[test]
fn rubbish_for_an_answer_settles_nothing() {
    let mut rig = Rig::new();
    let push = rig.push(vec![entry(1, 1)]);
    let fx = rig.answer(&push, b"<html>".to_vec());
    assert!(work(fx).is_empty());
    assert!(matches!(rig.phase(), SyncPhase::Failing { code, .. } if code == problem::MALFORMED));
}
