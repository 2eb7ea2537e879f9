//! The bytes of each message, as test vectors for whoever writes another client.

use minicbor::{Decode, Encode};
use wijkboek_model::Role;
use wijkboek_sync::{
    BODY_BYTES_MAX, EnrolRequest, Me, PullNext, PullResponse, PushOutcome, PushVerdict, RoleName,
    from_body, to_body,
};

use crate::samples;

/// The CBOR in hexadecimal, 32 bytes on a line; also reads it back, packed and unpacked.
fn vector<T>(message: &T) -> String
where
    T: Encode<()> + for<'b> Decode<'b, ()> + PartialEq + std::fmt::Debug,
{
    let plain = minicbor::to_vec(message).expect("a message can be written");
    assert_eq!(&minicbor::decode::<T>(&plain).expect("and read"), message);
    let packed = to_body(message);
    assert_eq!(&from_body::<T>(&packed, BODY_BYTES_MAX).expect("and unpacked"), message);
    let hex: Vec<String> = plain.iter().map(|byte| format!("{byte:02x}")).collect();
    hex.chunks(32).map(<[String]>::concat).collect::<Vec<_>>().join("\n")
}

#[test]
fn messages_keep_their_bytes() {
    insta::assert_snapshot!("push_request", vector(&samples::push_request()));
    insta::assert_snapshot!("push_response", vector(&samples::push_response()));
    insta::assert_snapshot!("pull_request", vector(&samples::pull_request()));
    let more = PullNext::More { page: vec![4, 5, 6] };
    insta::assert_snapshot!("pull_response_more", vector(&samples::pull_response(more)));
    let done = PullNext::Done { cursor: samples::cursor(14) };
    insta::assert_snapshot!("pull_response_done", vector(&samples::pull_response(done)));
    insta::assert_snapshot!("enrol_request", vector(&samples::enrol_request()));
    insta::assert_snapshot!("enrol_response", vector(&samples::enrol_response()));
}

#[test]
fn a_packed_body_of_another_encoder_is_read() {
    // One frame, its content in a single uncompressed block (RFC 8878, section 3.1).
    let plain = minicbor::to_vec(samples::enrol_request()).expect("a message can be written");
    let length = u8::try_from(plain.len()).expect("a short message");
    let mut frame = vec![0x28, 0xb5, 0x2f, 0xfd, 0x20, length];
    let block = (u32::from(length) << 3) | 1;
    frame.extend_from_slice(&block.to_le_bytes()[..3]);
    frame.extend_from_slice(&plain);
    let read: EnrolRequest = from_body(&frame, BODY_BYTES_MAX).expect("a frame of raw blocks");
    assert_eq!(read, samples::enrol_request());
}

#[test]
fn a_newer_sender_may_add_keys() {
    // A map of four keys: the three that are known, and a nested one that is not.
    let request = samples::enrol_request();
    let mut plain = vec![0xa4];
    plain.extend_from_slice(&minicbor::to_vec(&request).expect("a message can be written")[1..]);
    plain.extend_from_slice(&[0x18, 0x63, 0xa1, 0x00, 0x82, 0x01, 0x41, 0xff]);
    assert_eq!(
        minicbor::decode::<EnrolRequest>(&plain).expect("unknown keys are skipped"),
        request
    );
}

#[test]
fn a_role_of_a_newer_server_is_read_and_has_no_rights() {
    let me = Me { role: RoleName::from("wijkcoach"), ..samples::me() };
    assert_eq!(me.role.known(), None);
    let done = PullNext::Done { cursor: samples::cursor(14) };
    let response = PullResponse { me, ..samples::pull_response(done) };
    let read: PullResponse = from_body(&to_body(&response), BODY_BYTES_MAX).expect("readable");
    assert_eq!(read, response);
    assert_eq!(RoleName::from("oov"), RoleName::Known(Role::Oov), "a known role has one form");
}

#[test]
fn a_verdict_of_a_newer_server_is_waited_for() {
    let verdict = PushVerdict {
        id: samples::record(1),
        hash: samples::hash(4),
        outcome: PushOutcome::Waiting,
    };
    let mut plain = minicbor::to_vec(&verdict).expect("a message can be written");
    assert!(plain.ends_with(&[0x82, 0x03, 0xa0]));
    plain.truncate(plain.len() - 2);
    // Variant 4, with a text and a list inside.
    plain.extend_from_slice(&[0x04, 0xa2, 0x00, 0x61, b'x', 0x01, 0x82, 0x01, 0x02]);
    assert_eq!(minicbor::decode::<PushVerdict>(&plain).expect("readable"), verdict);
}

#[test]
fn a_token_stays_out_of_debug_output() {
    let shown = format!("{:?}", samples::enrol_response());
    assert!(!shown.contains("dG9rZW4"), "{shown}");
}
