//! Nothing that arrives makes the codec panic or unpack more than its cap.

use proptest::prelude::*;
use wijkboek_sync::{
    BODY_BYTES_MAX, CodecError, PullNext, PullRequest, PullResponse, PushRequest, PushResponse,
    from_body, to_body,
};

use crate::samples;

fn packed(plain: &[u8]) -> Vec<u8> {
    zstd::bulk::compress(plain, 19).expect("compressing in memory")
}

#[test]
fn a_bomb_stops_at_the_cap() {
    // 64 MiB in a few kilobytes, then the same with its size left out of the frame.
    let zeros = vec![0; 64 << 20];
    let declared = packed(&zeros);
    let streamed = zstd::stream::encode_all(&zeros[..], 1).expect("compressing in memory");
    for bomb in [declared, streamed] {
        assert!(bomb.len() < 64 << 10, "{} bytes", bomb.len());
        let result = from_body::<PushRequest>(&bomb, 1 << 20);
        assert!(matches!(
            result,
            Err(CodecError::TooLarge { cap: 1_048_576 } | CodecError::Compression(_))
        ));
    }
}

#[test]
fn nobody_raises_the_cap_above_the_protocols() {
    let body = packed(&vec![0; BODY_BYTES_MAX + 1]);
    let result = from_body::<PushRequest>(&body, usize::MAX);
    assert!(matches!(result, Err(CodecError::TooLarge { cap: BODY_BYTES_MAX })));
}

#[test]
fn a_frame_may_not_ask_for_a_large_window() {
    // Window descriptor for 2^31 bytes, then one raw block of one byte.
    let frame = [0x28, 0xb5, 0x2f, 0xfd, 0x00, 0xa8, 0x09, 0x00, 0x00, 0x00];
    assert!(matches!(from_body::<PushRequest>(&frame, 1 << 20), Err(CodecError::Compression(_))));
}

#[test]
fn truncated_bodies_are_refused_at_every_length() {
    let done = PullNext::Done { cursor: samples::cursor(14) };
    let body = to_body(&samples::pull_response(done.clone()));
    for length in 0..body.len() {
        assert!(from_body::<PullResponse>(&body[..length], BODY_BYTES_MAX).is_err(), "{length}");
    }
    let plain = minicbor::to_vec(samples::pull_response(done)).expect("a message can be written");
    for length in 0..plain.len() {
        let cut = packed(&plain[..length]);
        assert!(from_body::<PullResponse>(&cut, BODY_BYTES_MAX).is_err(), "{length}");
    }
}

#[test]
fn declared_lengths_are_not_believed() {
    // An array of 2^40 documents; bytes of 2^62; a map of 2^63 keys.
    for plain in [
        &[0xa1, 0x02, 0x9b, 0, 0, 1, 0, 0, 0, 0, 0][..],
        &[0xa1, 0x01, 0x5b, 0x40, 0, 0, 0, 0, 0, 0, 0],
        &[0xbb, 0x80, 0, 0, 0, 0, 0, 0, 0],
        &[0x9f; 4_000],
        &[0x81; 4_000],
    ] {
        let body = packed(plain);
        assert!(matches!(
            from_body::<PushRequest>(&body, BODY_BYTES_MAX),
            Err(CodecError::Shape(_))
        ));
    }
}

#[test]
fn ids_are_checked_when_they_are_read() {
    let mut request = minicbor::to_vec(samples::pull_request()).expect("a message can be written");
    let id = samples::record(9);
    let at = request
        .windows(16)
        .position(|window| window == id.as_bytes())
        .expect("the id stands in the bytes");
    // A UUID of version 4.
    request[at + 6] = 0x40 | (request[at + 6] & 0x0f);
    let body = packed(&request);
    assert!(matches!(from_body::<PullRequest>(&body, BODY_BYTES_MAX), Err(CodecError::Field(_))));
}

fn read_as_everything(body: &[u8]) {
    let _ = from_body::<PushRequest>(body, 1 << 20);
    let _ = from_body::<PushResponse>(body, 1 << 20);
    let _ = from_body::<PullRequest>(body, 1 << 20);
    let _ = from_body::<PullResponse>(body, 1 << 20);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn rubbish_never_panics(bytes in proptest::collection::vec(any::<u8>(), 0..2_000)) {
        read_as_everything(&bytes);
        read_as_everything(&packed(&bytes));
    }

    #[test]
    fn damaged_messages_never_panic(
        damage in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
        packed_first in any::<bool>(),
    ) {
        let message = samples::pull_response(PullNext::More { page: vec![1; 40] });
        let mut bytes = if packed_first {
            to_body(&message)
        } else {
            minicbor::to_vec(&message).expect("a message can be written")
        };
        for (place, byte) in damage {
            let place = place.index(bytes.len());
            bytes[place] = byte;
        }
        read_as_everything(&if packed_first { bytes } else { packed(&bytes) });
    }
}

proptest! {
    /// The fuzzer's function on spoiled messages; the coverage-guided run is `make fuzz`.
    #[test]
    fn spoiled_messages_are_refused_or_survive_being_written(
        spoils in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
    ) {
        let done = PullNext::Done { cursor: samples::cursor(14) };
        let mut plain =
            minicbor::to_vec(samples::pull_response(done)).expect("a message can be written");
        prop_assert!(wijkboek_sync::fuzz::messages(&plain) > 0);
        for (place, byte) in spoils {
            let place = place.index(plain.len());
            plain[place] = byte;
        }
        wijkboek_sync::fuzz::messages(&plain);
    }
}
