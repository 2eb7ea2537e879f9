//! What the fuzzer of the codec calls. A plain function, so that the coverage-guided target in
//! `tests/fuzz` and the tests of this crate exercise the very same.

use minicbor::{Decode, Encode};

use crate::{
    EnrolRequest, EnrolResponse, PullRequest, PullResponse, PushRequest, PushResponse, from_body,
    to_body,
};

/// Any bytes as the body of each message, as they are and rightly compressed. Panics when one that
/// is read does not survive being written; gives how many were read.
pub fn messages(data: &[u8]) -> usize {
    let packed = zstd::bulk::compress(data, 1).unwrap_or_default();
    [data, packed.as_slice()].into_iter().map(any_message).sum()
}

fn any_message(body: &[u8]) -> usize {
    [
        message::<PushRequest>(body),
        message::<PushResponse>(body),
        message::<PullRequest>(body),
        message::<PullResponse>(body),
        message::<EnrolRequest>(body),
        message::<EnrolResponse>(body),
    ]
    .into_iter()
    .map(usize::from)
    .sum()
}

fn message<T>(body: &[u8]) -> bool
where
    T: for<'b> Decode<'b, ()> + Encode<()> + PartialEq,
{
    let Ok(message) = from_body::<T>(body, CAP) else { return false };
    let again = from_body::<T>(&to_body(&message), CAP);
    assert!(again.is_ok_and(|again| again == message), "a message does not survive being written");
    true
}

const CAP: usize = 1 << 20;
