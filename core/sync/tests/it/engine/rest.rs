//! Before, between and after rounds.

use wijkboek_sync::{CallError, Effect, Input, Opened, PullNext, SyncPhase, SyncStatus};

use super::rig::{Rig, entry, opened, page, reads_outbox, timer, work};
use crate::samples;

#[test]
fn without_a_token_nothing_happens() {
    let mut rig = Rig::open(Opened { enrolled: false, ..opened() });
    assert_eq!(rig.phase(), SyncPhase::NotEnrolled);
    for input in [Input::Wake, Input::LocalWrite, Input::HeadMoved(3), Input::Live(true)] {
        assert!(rig.step(input).is_empty());
    }
    rig.step(Input::Opened(opened()));
    assert!(reads_outbox(&rig.step(Input::Wake)));
}

#[test]
fn opened_means_stopped_until_it_is_woken() {
    let mut rig = Rig::new();
    assert_eq!(rig.phase(), SyncPhase::Idle);
    for input in [Input::LocalWrite, Input::HeadMoved(3), Input::TimerFired, Input::Live(true)] {
        assert!(work(rig.step(input)).is_empty());
    }
}

#[test]
fn a_write_begins_a_round_and_one_during_a_round_another() {
    let mut rig = Rig::new();
    rig.quiet_round(1);
    assert!(reads_outbox(&rig.step(Input::LocalWrite)));
    let pull = rig.outbox(Vec::new()).expect("a call");
    assert!(rig.step(Input::LocalWrite).is_empty());
    assert!(reads_outbox(&rig.nothing_new(&pull, 1)), "what was written meanwhile goes out");
    let pull = rig.outbox(Vec::new()).expect("a call");
    rig.nothing_new(&pull, 1);
    assert_eq!(rig.phase(), SyncPhase::Idle);
}

#[test]
fn a_head_that_is_known_brings_no_round() {
    let mut rig = Rig::new();
    rig.quiet_round(7);
    assert!(rig.step(Input::HeadMoved(7)).is_empty());
    assert!(reads_outbox(&rig.step(Input::HeadMoved(8))));
}

#[test]
fn a_head_that_moved_during_a_round_is_not_missed() {
    let mut rig = Rig::new();
    let pull = rig.pull();
    rig.step(Input::HeadMoved(9));
    assert!(reads_outbox(&rig.nothing_new(&pull, 7)));
    let pull = rig.outbox(Vec::new()).expect("a call");
    rig.nothing_new(&pull, 9);
    assert_eq!(rig.phase(), SyncPhase::Idle);
}

#[test]
fn polling_is_rare_while_live_events_arrive() {
    let mut rig = Rig::new();
    let pull = rig.pull();
    let fx = rig.nothing_new(&pull, 1);
    assert_eq!(timer(&fx), Some(rig.now.boot_ms + 60_000));
    assert!(reads_outbox(&rig.step(Input::Live(true))), "something may have been missed before");
    let pull = rig.outbox(Vec::new()).expect("a call");
    let fx = rig.nothing_new(&pull, 1);
    assert_eq!(timer(&fx), Some(rig.now.boot_ms + 900_000));
    let fx = rig.step(Input::Live(false));
    assert_eq!(timer(&fx), Some(rig.now.boot_ms + 60_000));
    rig.pass(60_000);
    assert!(reads_outbox(&rig.step(Input::TimerFired)));
}

#[test]
fn a_clock_set_back_does_not_stop_it() {
    let mut rig = Rig::new();
    rig.quiet_round(1);
    rig.now.wall = rig.now.wall.plus_millis(-86_400_000);
    rig.now.boot_ms += 60_000;
    assert!(reads_outbox(&rig.step(Input::TimerFired)), "waits go by boot time");
}

#[test]
fn a_stop_during_a_round_is_a_stop() {
    let mut rig = Rig::new();
    let push = rig.push(vec![entry(1, 1)]);
    rig.step(Input::Stop);
    assert_eq!(rig.phase(), SyncPhase::Idle);
    assert!(rig.step(Input::LocalWrite).is_empty());
    assert!(rig.fail(&push, CallError::Unauthorized).is_empty());
    assert!(reads_outbox(&rig.step(Input::Wake)));
}

#[test]
fn the_status_is_told_only_when_it_is_another() {
    let mut rig = Rig::new();
    let told = |fx: Vec<Effect>| -> Vec<SyncPhase> {
        fx.into_iter()
            .filter_map(|effect| match effect {
                Effect::Status(SyncStatus { phase, .. }) => Some(phase),
                Effect::Store(_) | Effect::Call { .. } | Effect::SetTimer { .. } => None,
            })
            .collect()
    };
    assert_eq!(told(rig.step(Input::Wake)), [SyncPhase::Syncing]);
    let pull = rig.outbox(Vec::new()).expect("a call");
    let done = page(PullNext::Done { cursor: samples::cursor(1) });
    assert_eq!(told(rig.answer(&pull, done)), []);
    assert_eq!(told(rig.step(Input::Ingested { missing: Vec::new() })), [SyncPhase::Idle]);
}
