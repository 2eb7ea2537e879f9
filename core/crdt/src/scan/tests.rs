use wijkboek_model::ChangeHash;

use super::*;

#[test]
fn frames_are_judged_in_order() {
    let limits = Limits::default();
    let announced = ChangeHash::new([0; 32]);
    let scan = |bytes: &[u8]| scan_foreign(bytes, announced, &limits).expect_err("no change");
    assert_eq!(scan(&[]), Refusal::NotAChunk);
    assert_eq!(scan(b"geen chunk maar tekst"), Refusal::NotAChunk);
    let of_type = |kind: u8| [&MAGIC[..], &[0; 4], &[kind, 0]].concat();
    assert_eq!(scan(&of_type(0)), Refusal::DocumentChunk);
    assert_eq!(scan(&of_type(1)), Refusal::ChecksumMismatch);
    assert_eq!(scan(&of_type(2)), Refusal::DeflatedChunk);
    assert_eq!(scan(&of_type(3)), Refusal::BundleChunk);
    assert_eq!(scan(&of_type(4)), Refusal::UnknownChunkType);
    assert_eq!(scan(&[&of_type(1)[..], &[0]].concat()), Refusal::LengthMismatch);
    assert_eq!(scan(&vec![0; limits.change_bytes + 1]), Refusal::TooLarge);
}

#[test]
fn no_prefix_of_anything_reads_further_than_it_is() {
    let limits = Limits::default();
    let body: Vec<u8> = (0..=255).cycle().take(2_000).collect();
    for start in 0..600 {
        for end in [start, start + 1, start + 40, start + 900] {
            for strictness in [Strictness::Foreign, Strictness::Own] {
                let hash = ChangeHash::new([0; 32]);
                assert!(scan_body(hash, &body[start..end], &limits, strictness).is_err());
            }
        }
    }
}
