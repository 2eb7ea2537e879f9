//! One of each message, with every field filled.

use std::collections::BTreeSet;

use wijkboek_model::{ChangeHash, InstallId, PrincipalId, RecordId, Role, Timestamp};
use wijkboek_sync::{
    ActorOwner, Cursor, EnrolRequest, EnrolResponse, Me, PullNext, PullRequest, PullResponse,
    PulledChange, PulledDocument, PushChange, PushDocument, PushOutcome, PushRequest, PushResponse,
    PushVerdict,
};

pub(crate) const AT: Timestamp = Timestamp::from_millis(1_772_529_120_000);

pub(crate) fn record(n: u8) -> RecordId {
    RecordId::from_parts(AT, [n; 10])
}

pub(crate) fn principal() -> PrincipalId {
    PrincipalId::from_parts(AT, [0x55; 10])
}

pub(crate) fn hash(n: u8) -> ChangeHash {
    ChangeHash::new([n; 32])
}

pub(crate) fn cursor(number: u64) -> Cursor {
    Cursor { epoch: 3, number, chain: number.to_be_bytes() }
}

pub(crate) fn me() -> Me {
    Me {
        principal: principal(),
        name: "Fatima Yılmaz".to_owned(),
        role: Role::Wijkregisseur.into(),
        wijken: BTreeSet::from([
            "WK059706".parse().expect("a wijk"),
            "WK059707".parse().expect("a wijk"),
        ]),
    }
}

pub(crate) fn push_request() -> PushRequest {
    PushRequest {
        counter: 7,
        acknowledged: Some(cursor(12)),
        documents: vec![PushDocument {
            id: record(1),
            changes: vec![PushChange { hash: hash(2), bytes: vec![0x85, 0x6f, 0x4a, 0x83] }],
        }],
    }
}

pub(crate) fn push_response() -> PushResponse {
    let verdict = |n, outcome| PushVerdict { id: record(1), hash: hash(n), outcome };
    PushResponse {
        head: cursor(14),
        verdicts: vec![
            verdict(1, PushOutcome::Accepted { number: 13, mac: [0xaa; 32] }),
            verdict(2, PushOutcome::Duplicate { number: 9 }),
            verdict(3, PushOutcome::Refused { code: "not-visible".to_owned() }),
            verdict(4, PushOutcome::Waiting),
        ],
    }
}

pub(crate) fn pull_request() -> PullRequest {
    PullRequest {
        cursor: Some(cursor(12)),
        page: Some(vec![1, 2, 3]),
        max_bytes: 1 << 20,
        whole: vec![record(9)],
    }
}

pub(crate) fn pull_response(next: PullNext) -> PullResponse {
    PullResponse {
        documents: vec![PulledDocument {
            id: record(1),
            changes: vec![PulledChange {
                number: 13,
                hash: hash(2),
                mac: [0xbb; 32],
                bytes: vec![0x85, 0x6f, 0x4a, 0x83],
            }],
        }],
        forget: vec![record(8)],
        next,
        reference_version: 4,
        me: me(),
        actors: Some(vec![ActorOwner { install: InstallId::new([7; 12]), principal: principal() }]),
    }
}

pub(crate) fn enrol_request() -> EnrolRequest {
    EnrolRequest {
        code: "ABCD-EFGH".to_owned(),
        install: InstallId::new([7; 12]),
        device_name: "toestel van Fatima".to_owned(),
    }
}

pub(crate) fn enrol_response() -> EnrolResponse {
    EnrolResponse {
        token: "dG9rZW4".to_owned(),
        me: me(),
        municipality: "GM0597".parse().expect("a municipality"),
        server_time: AT,
    }
}
