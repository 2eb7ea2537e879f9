//! Every byte string that mutation found, through the guard.

use std::collections::BTreeSet;
use std::path::Path;

use sha2::{Digest, Sha256};
use wijkboek_crdt::RawChange;
use wijkboek_model::{ChangeHash, Field, Value, Write};

use crate::fixtures::{code, contact, create, judge, quiet, refusal, stamp};

/// All files, each announced under the hash that its content has, so that the announcement is
/// not what it fails on.
fn hostile() -> Vec<(String, RawChange)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/hostile");
    let mut found = Vec::new();
    for file in std::fs::read_dir(folder).expect("the folder of samples") {
        let path = file.expect("a file").path();
        if path.extension().is_some_and(|extension| extension == "bin") {
            let bytes = std::fs::read(&path).expect("a sample");
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            found.push((name, RawChange { hash: honest_hash(&bytes), bytes }));
        }
    }
    found.sort_by(|one, other| one.0.cmp(&other.0));
    found
}

/// SHA-256 over type, length and content, as if the frame were in order.
fn honest_hash(bytes: &[u8]) -> ChangeHash {
    let framed = bytes.get(8..).unwrap_or_default();
    ChangeHash::new(Sha256::digest(framed).into())
}

#[test]
fn each_is_refused_with_a_reason_as_a_new_document() {
    quiet();
    let samples = hostile();
    assert_eq!(samples.len(), 24);
    let mut reasons = BTreeSet::new();
    for (name, sample) in samples {
        let verdicts = judge(None, &[sample]);
        let refused = refusal(&verdicts[0]);
        assert!(refused.is_some(), "{name}: {:?}", verdicts[0]);
        reasons.insert(code(&verdicts[0]));
    }
    println!("{reasons:?}");
    assert!(reasons.len() > 2, "{reasons:?}");
}

#[test]
fn each_is_refused_beside_valid_changes_of_a_known_document() {
    quiet();
    for (name, sample) in hostile() {
        let (mut document, first) = create(&contact("bak vol"));
        let known = crate::fixtures::load(&[first]);
        let write = Write::Put(Field::Note, Value::Text("bak leeg".to_owned()));
        let edit = document.edit(&[write], &stamp(1, 60)).expect("valid").expect("different");
        let verdicts = judge(Some(&known), &[sample.clone(), edit, sample]);
        assert!(refusal(&verdicts[0]).is_some(), "{name}");
        assert_eq!(code(&verdicts[1]), "sound", "{name}");
        assert_eq!(refusal(&verdicts[0]), refusal(&verdicts[2]), "{name}");
    }
}
