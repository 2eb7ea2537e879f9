//! Failures, and how it gets out of them.

use wijkboek_sync::{
    CallError, Input, LockReason, Opened, PushRequest, StoreWork, SyncPhase, problem,
};

use super::rig::{Rig, entry, later, opened, pull_request, reads_outbox, saved_state, timer, work};
use crate::samples;

#[test]
fn offline_waits_longer_each_time_and_starts_anew_after_success() {
    let mut rig = Rig::new();
    let mut call = rig.pull();
    let mut waits = Vec::new();
    for _ in 0..12 {
        let fx = rig.fail(&call, CallError::Offline);
        let wait = timer(&fx).expect("a timer") - rig.now.boot_ms;
        let retry_at = later(rig.now, i64::try_from(wait).expect("a short time"));
        assert_eq!(rig.phase(), SyncPhase::Offline { retry_at });
        waits.push(wait);
        assert!(work(rig.step(Input::LocalWrite)).is_empty(), "new work does not hammer");
        rig.pass(wait);
        assert!(reads_outbox(&rig.step(Input::TimerFired)));
        call = rig.outbox(Vec::new()).expect("a call");
    }
    assert!(waits[0] <= 1_000 && waits[11] >= 150_000, "{waits:?}");
    assert!(waits.iter().all(|wait| (500..=300_000).contains(wait)), "{waits:?}");
    rig.nothing_new(&call, 1);
    let call = rig.pull();
    let fx = rig.fail(&call, CallError::Offline);
    assert!(timer(&fx).expect("a timer") - rig.now.boot_ms <= 1_000);
}

#[test]
fn a_timer_that_comes_early_is_set_again() {
    let mut rig = Rig::new();
    let call = rig.pull();
    let due = timer(&rig.fail(&call, CallError::Offline)).expect("a timer");
    rig.pass(1);
    let fx = rig.step(Input::TimerFired);
    assert!(work(fx.clone()).is_empty());
    assert_eq!(timer(&fx), Some(due));
}

#[test]
fn the_user_the_network_and_the_server_cut_a_wait_short() {
    for news in [Input::Wake, Input::HeadMoved(4), Input::Live(true)] {
        let mut rig = Rig::new();
        let call = rig.pull();
        rig.fail(&call, CallError::Offline);
        assert!(reads_outbox(&rig.step(news.clone())), "{news:?}");
    }
}

#[test]
fn a_busy_server_decides_how_long_it_is_left_alone() {
    let mut rig = Rig::new();
    let call = rig.pull();
    let busy = CallError::Overloaded { retry_after_ms: Some(90_000) };
    let fx = rig.fail(&call, busy);
    assert_eq!(timer(&fx), Some(rig.now.boot_ms + 90_000));
    assert!(matches!(rig.phase(), SyncPhase::Failing { code, .. } if code == problem::OVERLOADED));

    assert!(rig.step(Input::HeadMoved(9)).is_empty(), "news is no reason to ask sooner");
    rig.step(Input::Wake);
    let call = rig.outbox(Vec::new()).expect("a call");
    let for_ever = CallError::Overloaded { retry_after_ms: Some(u64::MAX) };
    let fx = rig.fail(&call, for_ever);
    assert_eq!(timer(&fx), Some(rig.now.boot_ms + 3_600_000), "but not for ever");
}

#[test]
fn a_refused_token_locks_and_keeps_everything() {
    let mut rig = Rig::new();
    let push = rig.push(vec![entry(1, 1)]);
    let fx = rig.fail(&push, CallError::Unauthorized);
    assert_eq!(rig.phase(), SyncPhase::Locked(LockReason::Unauthorized));
    assert!(work(fx.clone()).is_empty(), "the outbox stays as it is");
    assert_eq!(timer(&fx), None);
    for ignored in [Input::LocalWrite, Input::HeadMoved(9), Input::TimerFired, Input::Stop] {
        assert!(rig.step(ignored).is_empty());
    }
    // Tried again when the user asks, and after enrolling anew.
    assert!(reads_outbox(&rig.step(Input::Wake)));
    let push = rig.outbox(vec![entry(1, 1)]).expect("a call");
    rig.fail(&push, CallError::Unauthorized);
    rig.step(Input::Opened(opened()));
    assert_eq!(rig.phase(), SyncPhase::Idle);
    assert!(reads_outbox(&rig.step(Input::Wake)));
}

#[test]
fn a_copied_store_stays_locked_until_it_is_opened_again() {
    let cloned = || CallError::Problem { status: 409, code: problem::CLONED.to_owned() };
    let mut rig = Rig::new();
    let push = rig.push(vec![entry(1, 1)]);
    rig.fail(&push, cloned());
    assert_eq!(rig.phase(), SyncPhase::Locked(LockReason::Cloned));
    for ignored in [
        Input::Wake,
        Input::LocalWrite,
        Input::HeadMoved(9),
        Input::Live(true),
        Input::TimerFired,
        Input::Stop,
        Input::Wake,
    ] {
        assert!(rig.step(ignored.clone()).is_empty(), "{ignored:?}");
        assert_eq!(rig.phase(), SyncPhase::Locked(LockReason::Cloned));
    }
    rig.step(Input::Opened(opened()));
    assert!(reads_outbox(&rig.step(Input::Wake)));
}

#[test]
fn a_restored_server_gets_everything_again_and_is_read_from_the_start() {
    let mut rig = Rig::new();
    rig.quiet_round(20);
    let pull = rig.pull();
    let fx = rig.fail(&pull, CallError::Restored);
    assert_eq!(work(fx), [StoreWork::RequeueOwn], "before the cursor is dropped");
    assert_eq!(rig.engine.cursor(), Some(samples::cursor(20)));
    let fx = rig.step(Input::Requeued);
    assert!(matches!(
        &work(fx.clone())[..],
        [StoreWork::SavePullState(_), StoreWork::ReadOutbox { .. }]
    ));
    assert_eq!(rig.engine.cursor(), None);
    let push = rig.outbox(vec![entry(1, 1)]).expect("a call");
    assert_eq!(push.read::<PushRequest>().acknowledged, None);
    rig.accept(&push);
    rig.step(Input::Settled);
    let pull = rig.outbox(Vec::new()).expect("a call");
    assert_eq!(pull_request(&pull).cursor, None);

    // Killed after the cursor was dropped: the same.
    let mut rig = Rig::open(Opened { pull_state: Some(saved_state(fx)), ..opened() });
    assert!(rig.engine.status().last_success.is_some());
    assert_eq!(pull_request(&rig.pull()).cursor, None);
}

#[test]
fn restored_is_also_understood_while_pushing_but_not_for_ever() {
    let mut rig = Rig::new();
    rig.quiet_round(20);
    let push = rig.push(vec![entry(1, 1)]);
    assert_eq!(work(rig.fail(&push, CallError::Restored)), [StoreWork::RequeueOwn]);
    rig.step(Input::Requeued);
    let push = rig.outbox(vec![entry(1, 1)]).expect("a call");
    rig.fail(&push, CallError::Restored);
    assert!(matches!(rig.phase(), SyncPhase::Failing { code, .. } if code == problem::RESTORED));
}

#[test]
fn a_store_that_cannot_write_is_shown_and_tried_again() {
    let mut rig = Rig::new();
    rig.push(vec![entry(1, 1)]);
    let fx = rig.step(Input::StoreFailed);
    assert!(matches!(rig.phase(), SyncPhase::Failing { code, .. } if code == "store"));
    rig.pass(timer(&fx).expect("a timer"));
    assert!(reads_outbox(&rig.step(Input::TimerFired)));
}

#[test]
fn an_answer_that_comes_too_late_does_nothing() {
    let mut rig = Rig::new();
    let old = rig.push(vec![entry(1, 1)]);
    rig.step(Input::Stop);
    assert!(rig.accept(&old).is_empty());
    let new = rig.push(vec![entry(1, 1)]);
    assert!(rig.accept(&old).is_empty(), "it names another call");
    assert!(!rig.accept(&new).is_empty());
}

#[test]
fn inputs_that_fit_no_state_do_nothing() {
    let mut rig = Rig::new();
    rig.quiet_round(1);
    for input in [
        Input::OutboxRead(vec![entry(1, 1)]),
        Input::Settled,
        Input::Ingested { missing: vec![samples::record(1)] },
        Input::Requeued,
        Input::ReferenceSaved { version: Some(9) },
        Input::StoreFailed,
    ] {
        assert!(rig.step(input.clone()).is_empty(), "{input:?}");
    }
}
