//! Pulling.

use wijkboek_sync::{
    CallError, Effect, Endpoint, Input, Opened, PullNext, StoreWork, SyncPhase, WHOLE_MAX, problem,
    to_body,
};

use super::rig::{Rig, call, opened, page, pull_request, saved_state, work};
use crate::samples;

fn more(token: u8) -> Vec<u8> {
    page(PullNext::More { page: vec![token] })
}

fn done(number: u64) -> Vec<u8> {
    page(PullNext::Done { cursor: samples::cursor(number) })
}

#[test]
fn pages_follow_each_other_from_one_cursor() {
    let mut rig = Rig::new();
    rig.quiet_round(5);
    let first = rig.pull();
    let request = pull_request(&first);
    assert_eq!((request.cursor, request.page), (Some(samples::cursor(5)), None));
    rig.answer(&first, more(1));
    let second = call(rig.step(Input::Ingested { missing: Vec::new() })).expect("the next page");
    let request = pull_request(&second);
    assert_eq!((request.cursor, request.page), (Some(samples::cursor(5)), Some(vec![1])));
    assert_eq!(rig.engine.cursor(), Some(samples::cursor(5)), "not before all of it is in");
    rig.nothing_new(&second, 8);
    assert_eq!(rig.engine.cursor(), Some(samples::cursor(8)));
    assert_eq!(rig.engine.status().last_success, Some(rig.now.wall));
}

#[test]
fn a_page_is_handed_over_as_it_came() {
    let mut rig = Rig::new();
    let pull = rig.pull();
    let response = samples::pull_response(PullNext::Done { cursor: samples::cursor(14) });
    let done = work(rig.answer(&pull, to_body(&response)));
    let [StoreWork::Learn { me: Some(me), actors }, StoreWork::Ingest { documents, forget, .. }] =
        &done[..]
    else {
        panic!("other work: {done:?}")
    };
    assert_eq!((me, Some(actors)), (&response.me, response.actors.as_ref()));
    assert_eq!((documents, forget), (&response.documents, &response.forget));
    rig.step(Input::Ingested { missing: Vec::new() });

    let pull = rig.pull();
    let again = work(rig.answer(&pull, page(response.next)));
    assert!(matches!(again[..], [StoreWork::Ingest { .. }]), "nobody new: {again:?}");
}

#[test]
fn a_kill_between_pages_costs_nothing() {
    let mut rig = Rig::new();
    let pull = rig.pull();
    let state = saved_state(rig.answer(&pull, more(1)));
    let mut rig = Rig::open(Opened { pull_state: Some(state), ..opened() });
    assert_eq!(pull_request(&rig.pull()).page, Some(vec![1]));
}

#[test]
fn rubbish_for_a_pull_state_means_pulling_all() {
    for state in [&b""[..], b"rubbish", &[0xa1, 0x00, 0x01], &[0x9f]] {
        let mut rig = Rig::open(Opened { pull_state: Some(state.to_vec()), ..opened() });
        let request = pull_request(&rig.pull());
        assert_eq!((request.cursor, request.page), (None, None));
    }
}

#[test]
fn an_expired_page_token_leads_back_to_the_cursor() {
    let mut rig = Rig::new();
    let first = rig.pull();
    rig.answer(&first, more(1));
    let second = call(rig.step(Input::Ingested { missing: Vec::new() })).expect("the next page");
    let expired = CallError::Problem { status: 410, code: problem::PAGE_EXPIRED.to_owned() };
    let third = call(rig.fail(&second, expired.clone())).expect("at once, from the cursor");
    assert_eq!(pull_request(&third).page, None);
    rig.fail(&third, expired);
    assert!(matches!(rig.phase(), SyncPhase::Failing { .. }), "but not for ever");
}

#[test]
fn the_same_page_twice_is_a_mistake_of_the_server() {
    let mut rig = Rig::new();
    let first = rig.pull();
    rig.answer(&first, more(1));
    let second = call(rig.step(Input::Ingested { missing: Vec::new() })).expect("the next page");
    rig.answer(&second, more(1));
    assert!(matches!(rig.phase(), SyncPhase::Failing { .. }));
}

#[test]
fn a_missing_dependency_is_asked_for_whole() {
    let mut rig = Rig::new();
    let pull = rig.pull();
    rig.answer(&pull, done(7));
    let fx = rig.step(Input::Ingested { missing: vec![samples::record(1)] });
    let state = saved_state(fx.clone());
    let whole = call(fx).expect("another pull");
    let request = pull_request(&whole);
    assert_eq!(request.whole, [samples::record(1)]);
    assert_eq!(request.cursor, Some(samples::cursor(7)));

    // The answer holds it, and that is that.
    let response = samples::pull_response(PullNext::Done { cursor: samples::cursor(7) });
    rig.answer(&whole, to_body(&response));
    rig.step(Input::Ingested { missing: Vec::new() });
    assert_eq!(rig.phase(), SyncPhase::Idle);
    assert!(pull_request(&rig.pull()).whole.is_empty());

    // Killed before the answer came: asked for again.
    let mut rig = Rig::open(Opened { pull_state: Some(state), ..opened() });
    assert_eq!(pull_request(&rig.pull()).whole, [samples::record(1)]);
}

#[test]
fn a_document_that_stays_incomplete_is_asked_for_once_a_round() {
    let mut rig = Rig::new();
    let pull = rig.pull();
    rig.answer(&pull, done(7));
    let missing = vec![samples::record(1)];
    let whole = call(rig.step(Input::Ingested { missing: missing.clone() })).expect("a call");
    let response = samples::pull_response(PullNext::Done { cursor: samples::cursor(7) });
    rig.answer(&whole, to_body(&response));
    rig.step(Input::Ingested { missing });
    assert_eq!(rig.phase(), SyncPhase::Idle);
    assert_eq!(pull_request(&rig.pull()).whole, [samples::record(1)], "in the next round again");
}

#[test]
fn a_document_that_is_forgotten_is_not_asked_for() {
    let mut rig = Rig::new();
    let pull = rig.pull();
    rig.answer(&pull, done(7));
    let whole = call(rig.step(Input::Ingested { missing: vec![samples::record(8)] }));
    let response = samples::pull_response(PullNext::Done { cursor: samples::cursor(7) });
    rig.answer(&whole.expect("a call"), to_body(&response));
    rig.step(Input::Ingested { missing: Vec::new() });
    assert!(pull_request(&rig.pull()).whole.is_empty());
}

#[test]
fn many_missing_documents_are_asked_for_in_portions() {
    let mut rig = Rig::new();
    let pull = rig.pull();
    rig.answer(&pull, done(7));
    let missing: Vec<_> = (0..100).map(samples::record).collect();
    let first = call(rig.step(Input::Ingested { missing })).expect("a call");
    assert_eq!(pull_request(&first).whole.len(), WHOLE_MAX);
    rig.answer(&first, done(7));
    let second = call(rig.step(Input::Ingested { missing: Vec::new() })).expect("a call");
    assert_eq!(pull_request(&second).whole.len(), 100 - WHOLE_MAX);
}

#[test]
fn newer_reference_data_is_fetched_within_the_round() {
    let mut rig = Rig::open(Opened { reference_version: Some(3), ..opened() });
    let pull = rig.pull();
    rig.answer(&pull, done(7));
    let fetch = call(rig.step(Input::Ingested { missing: Vec::new() })).expect("a call");
    assert_eq!(fetch.endpoint, Endpoint::Reference);
    assert_eq!(rig.phase(), SyncPhase::Syncing);
    let fx = rig.answer(&fetch, b"{}".to_vec());
    assert!(matches!(&work(fx)[..], [StoreWork::SaveReference(json)] if json == b"{}"));
    rig.step(Input::ReferenceSaved { version: Some(4) });
    assert_eq!(rig.phase(), SyncPhase::Idle);
    rig.quiet_round(7);
}

#[test]
fn reference_data_that_cannot_be_read_is_tried_again_later() {
    let mut rig = Rig::open(Opened { reference_version: None, ..opened() });
    let pull = rig.pull();
    rig.answer(&pull, done(7));
    let fetch = call(rig.step(Input::Ingested { missing: Vec::new() })).expect("a call");
    rig.answer(&fetch, b"<html>".to_vec());
    let fx = rig.step(Input::ReferenceSaved { version: None });
    assert!(fx.iter().any(|effect| matches!(effect, Effect::SetTimer { .. })));
    assert!(matches!(rig.phase(), SyncPhase::Failing { .. }));
    assert_eq!(rig.engine.cursor(), Some(samples::cursor(7)), "the records are in nevertheless");
}
