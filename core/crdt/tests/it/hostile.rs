//! Every byte string in `tests/hostile`, through the guard.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};
use wijkboek_crdt::{Document, RawChange};
use wijkboek_model::{ChangeHash, Field, Value, Write};

use crate::fixtures::{code, contact, create, judge, load, quiet, refusal, stamp};
use crate::older::older;

/// A file of `tests/hostile` and what its table says of it.
struct Sample {
    name: String,
    known: Option<Document>,
    expected: String,
    change: RawChange,
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/hostile")
}

/// The rows of the tables, each file announced under the hash that its content has, so that the
/// announcement is not what it fails on.
fn samples() -> Vec<Sample> {
    let table = std::fs::read_to_string(folder().join("README.md")).expect("the tables");
    table.lines().filter(|line| line.starts_with("| `")).map(sample).collect()
}

fn sample(row: &str) -> Sample {
    let cells: Vec<&str> = row.trim_matches('|').split('|').map(str::trim).collect();
    let name = cells[0].trim_matches('`').to_owned();
    let bytes = std::fs::read(folder().join(&name)).expect("a sample");
    let known = match cells[1] {
        "nothing" => None,
        "contact" => Some(load(&older("contact")[..3])),
        "visit" => Some(load(&older("visit"))),
        other => panic!("{name} is for {other}"),
    };
    let change = RawChange { hash: honest_hash(&bytes), bytes };
    Sample { name, known, expected: cells[2].to_owned(), change }
}

/// SHA-256 over type, length and content, as if the frame were in order.
fn honest_hash(bytes: &[u8]) -> ChangeHash {
    let framed = bytes.get(8..).unwrap_or_default();
    ChangeHash::new(Sha256::digest(framed).into())
}

#[test]
fn every_file_is_in_the_tables() {
    let listed: BTreeSet<String> = samples().into_iter().map(|sample| sample.name).collect();
    let there: BTreeSet<String> = std::fs::read_dir(folder())
        .expect("the folder of samples")
        .map(|file| file.expect("a file").file_name().to_string_lossy().into_owned())
        .filter(|name| Path::new(name).extension().is_some_and(|end| end == "bin"))
        .collect();
    assert_eq!(listed, there);
    assert!(there.len() >= 75, "{}", there.len());
}

#[test]
fn each_is_refused_for_its_reason() {
    quiet();
    for Sample { name, known, expected, change } in samples() {
        assert_eq!(code(&judge(known.as_ref(), &[change])[0]), expected, "{name}");
    }
}

#[test]
fn each_is_refused_as_a_new_document_too() {
    quiet();
    let mut reasons = BTreeSet::new();
    for Sample { name, change, .. } in samples() {
        let verdicts = judge(None, &[change]);
        assert_ne!(code(&verdicts[0]), "sound", "{name}");
        reasons.insert(code(&verdicts[0]));
    }
    assert!(reasons.len() > 20, "{reasons:?}");
}

#[test]
fn a_valid_change_beside_each_stands() {
    quiet();
    for Sample { name, known, change, .. } in samples() {
        let known = known.unwrap_or_else(|| create(&contact("bak vol")).0);
        let write = Write::Put(Field::Buurt, Value::Text("BU05970100".to_owned()));
        let edit = known.clone().edit(&[write], &stamp(7, 600)).expect("valid");
        let edit = edit.expect("different");
        let verdicts = judge(Some(&known), &[change.clone(), edit, change]);
        assert_ne!(code(&verdicts[0]), "sound", "{name}");
        assert_eq!(code(&verdicts[1]), "sound", "{name}");
        assert_eq!(refusal(&verdicts[0]), refusal(&verdicts[2]), "{name}");
    }
}
