//! Whatever comes in that should not: each with its own clear problem, and nothing lost by it.

use axum::http::StatusCode;
use wijkboek_model::{Edit, InstallId, Role};
use wijkboek_sync::{
    Cursor, EnrolRequest, PullRequest, PushOutcome, PushRequest, from_body, to_body,
};

use crate::support::{
    Phone, RIJSOORD, SLIKKERVEER, Town, body_of, contact, problem_code, record_id,
};

fn empty_push() -> Vec<u8> {
    to_body(&PushRequest { counter: 1, acknowledged: None, documents: Vec::new() })
}

#[tokio::test]
async fn an_enrolment_code_is_good_once_and_for_a_quarter_of_an_hour() {
    let town = Town::new();
    let anna = town.user("Anna", Role::Wijkregisseur, &[SLIKKERVEER]);

    let unknown = Phone::enrol(&town, "ABCD-EFGH-JKLM").await.err().expect("an unknown code");
    assert_eq!(unknown.status, StatusCode::FORBIDDEN);
    assert_eq!(problem_code(&unknown), "code-refused");

    let code = town.invite(anna);
    let careless = code.to_lowercase().replace('-', " ");
    Phone::enrol(&town, &careless).await.expect("the code is good, however typed");
    let used = Phone::enrol(&town, &code).await.err().expect("a used code");
    assert_eq!(problem_code(&used), "code-refused");

    let code = town.invite(anna);
    town.pass(15 * 60 * 1_000);
    let expired = Phone::enrol(&town, &code).await.err().expect("an expired code");
    assert_eq!(problem_code(&expired), "code-refused");
}

#[tokio::test]
async fn an_installation_belongs_to_one_account() {
    let town = Town::new();
    let anna = town.user("Anna", Role::Wijkregisseur, &[SLIKKERVEER]);
    let bram = town.user("Bram", Role::Wijkregisseur, &[RIJSOORD]);
    let install = InstallId::new([0xee; 12]);
    let first = Phone::enrol_as(&town, &town.invite(anna), install).await.expect("enrolled");

    let code = town.invite(bram);
    let taken = Phone::enrol_as(&town, &code, install).await.err().expect("somebody else's");
    assert_eq!(taken.status, StatusCode::CONFLICT);
    assert_eq!(problem_code(&taken), "install-taken");
    Phone::enrol(&town, &code).await.expect("the code was not used up by that");

    let second = Phone::enrol_as(&town, &town.invite(anna), install).await.expect("once more");
    assert_eq!(first.get("/v1/events").await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(second.send("/v1/push", empty_push()).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_foreign_or_revoked_token_is_not_heard() {
    let town = Town::new();
    let phone = town.wijkregisseur("Anna", &[SLIKKERVEER]).await;
    for authorization in ["", "Bearer", "Bearer x", "Basic YTpi", "Bearer é"] {
        for path in ["/v1/push", "/v1/pull"] {
            let headers = [("authorization", authorization)];
            let answer = body_of(&town.app, "POST", path, &headers, empty_push()).await;
            assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
            assert_eq!(problem_code(&answer), "unauthorized");
            assert_eq!(answer.header("www-authenticate"), Some("Bearer"));
        }
    }
    let other_town = Town::new();
    let elsewhere = other_town.wijkregisseur("Anna", &[SLIKKERVEER]).await;
    let bearer = format!("Bearer {}", elsewhere.token);
    let headers = [("authorization", bearer.as_str())];
    let answer = body_of(&town.app, "GET", "/v1/reference", &headers, Vec::new()).await;
    assert_eq!(problem_code(&answer), "unauthorized");

    let id = town.log().devices().expect("devices")[0].id;
    town.log().revoke(id, town.now()).expect("revoked");
    let answer = phone.send("/v1/push", empty_push()).await;
    assert_eq!(problem_code(&answer), "unauthorized");
    let code = town.invite(phone.principal);
    let again = Phone::enrol_as(&town, &code, phone.install).await.err().expect("revoked");
    assert_eq!(problem_code(&again), "install-taken");
}

#[tokio::test]
async fn rubbish_bodies_are_problems_and_the_phone_can_go_on() {
    let town = Town::new();
    let mut phone = town.wijkregisseur("Anna", &[SLIKKERVEER]).await;
    let valid = empty_push();
    let bomb = zstd::bulk::compress(&vec![0; 64 << 20], 3).expect("compressed");
    let cases: Vec<(&str, Vec<u8>, StatusCode, &str)> = vec![
        ("nothing", Vec::new(), StatusCode::BAD_REQUEST, "malformed"),
        ("noise", vec![0x5a; 1_000], StatusCode::BAD_REQUEST, "malformed"),
        ("half", valid[..valid.len() / 2].to_vec(), StatusCode::BAD_REQUEST, "malformed"),
        ("oversized", vec![0; (4 << 20) + 1], StatusCode::PAYLOAD_TOO_LARGE, "too-large"),
        ("a bomb", bomb, StatusCode::PAYLOAD_TOO_LARGE, "too-large"),
        (
            "another message",
            to_body(&EnrolRequest {
                code: "x".to_owned(),
                install: phone.install,
                device_name: String::new(),
            }),
            StatusCode::BAD_REQUEST,
            "malformed",
        ),
    ];
    for (name, body, status, code) in cases {
        let answer = phone.send("/v1/push", body).await;
        assert_eq!(answer.status, status, "{name}");
        assert_eq!(problem_code(&answer), code, "{name}");
    }
    let hash = phone.create(record_id(1), &contact(SLIKKERVEER, "Gat in de stoep"));
    assert!(matches!(phone.push().await[&hash], PushOutcome::Accepted { .. }));
}

#[tokio::test]
async fn wrong_paths_methods_types_and_versions_are_problems() {
    let town = Town::new();
    let phone = town.wijkregisseur("Anna", &[SLIKKERVEER]).await;
    let bearer = format!("Bearer {}", phone.token);
    let cases = [
        ("GET", "/v1/nothing", ("x-none", ""), 404_u16, "not-found"),
        ("GET", "/v1/push", ("x-none", ""), 405, "method-not-allowed"),
        ("DELETE", "/v1/health", ("x-none", ""), 405, "method-not-allowed"),
        ("POST", "/v1/push", ("content-type", "application/json"), 415, "unsupported-media-type"),
        ("POST", "/v1/push", ("wijkboek-protocol", "9"), 400, "protocol"),
        ("GET", "/v1/reference", ("x-none", ""), 404, "no-reference"),
    ];
    for (method, path, extra, status, code) in cases {
        let headers = [("authorization", bearer.as_str()), extra];
        let answer = body_of(&town.app, method, path, &headers, empty_push()).await;
        assert_eq!(answer.status.as_u16(), status, "{method} {path}");
        assert_eq!(problem_code(&answer), code, "{method} {path}");
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
        if status == 405 {
            assert!(answer.header("allow").is_some());
        }
    }
    let health = body_of(&town.app, "GET", "/v1/health", &[], Vec::new()).await;
    assert_eq!(health.json()["status"], "ok");
    let forged = [("x-request-id", "chosen-by-the-caller")];
    let answer = body_of(&town.app, "GET", "/v1/nothing", &forged, Vec::new()).await;
    assert_ne!(answer.header("x-request-id"), Some("chosen-by-the-caller"));
}

#[tokio::test]
async fn creating_outside_ones_wijken_is_allowed_and_editing_there_is_not() {
    let town = Town::new();
    let mut anna = town.wijkregisseur("Anna", &[SLIKKERVEER]).await;
    let mut bram = town.wijkregisseur("Bram", &[RIJSOORD]).await;
    let over_the_border = anna.create(record_id(1), &contact(RIJSOORD, "Over de grens"));
    assert!(matches!(anna.push().await[&over_the_border], PushOutcome::Accepted { .. }));

    let bushes = bram.create(record_id(2), &contact(RIJSOORD, "Struiken"));
    assert!(matches!(bram.push().await[&bushes], PushOutcome::Accepted { .. }));
    // Anna came by Bram's document in some way; she may not see it, and so not change it.
    anna.documents.insert(record_id(2), bram.documents[&record_id(2)].clone());
    let edit = anna.edit(record_id(2), Edit::Note("Bomen".to_owned()).into_write());
    let own = anna.create(record_id(3), &contact(SLIKKERVEER, "Eigen"));
    let verdicts = anna.push().await;
    assert_eq!(verdicts[&edit], PushOutcome::Refused { code: "not-visible".to_owned() });
    assert!(matches!(verdicts[&own], PushOutcome::Accepted { .. }));
    bram.pull().await;
    assert_eq!(bram.note(record_id(2)), "Struiken");
    assert_eq!(bram.note(record_id(1)), "Over de grens");
}

#[tokio::test]
async fn a_cursor_that_is_not_of_this_log_means_restored() {
    let town = Town::new();
    let mut phone = town.wijkregisseur("Anna", &[SLIKKERVEER]).await;
    phone.create(record_id(1), &contact(SLIKKERVEER, "Gat in de stoep"));
    phone.push().await;
    phone.pull().await;
    let good = phone.cursor.expect("a cursor");
    let bad = [
        Cursor { number: good.number + 1, ..good },
        Cursor { number: u64::MAX, ..good },
        Cursor { epoch: good.epoch + 1, ..good },
        Cursor { chain: [0xff; 8], ..good },
    ];
    for cursor in bad {
        let pull =
            PullRequest { cursor: Some(cursor), page: None, max_bytes: 1 << 20, whole: Vec::new() };
        let answer = phone.send("/v1/pull", to_body(&pull)).await;
        assert_eq!(answer.status, StatusCode::CONFLICT);
        assert_eq!(problem_code(&answer), "restored");
        let push = PushRequest { counter: 50, acknowledged: Some(cursor), documents: Vec::new() };
        let answer = phone.send("/v1/push", to_body(&push)).await;
        assert_eq!(problem_code(&answer), "restored");
    }
    let page = PullRequest {
        cursor: None,
        page: Some(vec![1; 98]),
        max_bytes: 1 << 20,
        whole: Vec::new(),
    };
    let answer = phone.send("/v1/pull", to_body(&page)).await;
    assert_eq!(answer.status, StatusCode::GONE);
    assert_eq!(problem_code(&answer), "page-expired");
}

#[tokio::test]
async fn a_copied_phone_is_found_by_its_counter_and_a_repeated_push_is_not_taken_for_one() {
    let town = Town::new();
    let mut phone = town.wijkregisseur("Anna", &[SLIKKERVEER]).await;
    let hash = phone.create(record_id(1), &contact(SLIKKERVEER, "Eerste"));
    let outbox = phone.take_outbox();
    let request = phone.push_request(outbox);
    phone.send_push(&request).await;
    let repeated = phone.send_push(&request).await;
    assert!(
        matches!(repeated.verdicts[0].outcome, PushOutcome::Duplicate { .. }),
        "{hash} is in the log already"
    );

    // The copy goes on from the same counter with something else.
    phone.counter = 0;
    phone.create(record_id(2), &contact(SLIKKERVEER, "Tweede"));
    let outbox = phone.take_outbox();
    let copy = phone.push_request(outbox);
    let answer = phone.send("/v1/push", to_body(&copy)).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    assert_eq!(problem_code(&answer), "cloned");
    assert!(from_body::<PushRequest>(&to_body(&copy), 1 << 20).is_ok());
}
