//! Every pack in `tests/hostile-packs`, through the reader.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use wijkboek_crdt::testing::{OpenPack, fuzz, hostile_packs};
use wijkboek_crdt::{PackError, PackLimits, read_pack, read_packed_document};

use crate::fixtures::{quiet, record_id};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/hostile-packs")
}

/// The answer that the table gives for each file.
fn table() -> BTreeMap<String, String> {
    let table = std::fs::read_to_string(folder().join("README.md")).expect("the table");
    let rows = table.lines().filter(|line| line.starts_with("| `"));
    rows.map(|row| {
        let cells: Vec<&str> = row.trim_matches('|').split('|').map(str::trim).collect();
        (cells[0].trim_matches('`').to_owned(), cells[1].to_owned())
    })
    .collect()
}

#[test]
fn every_pack_is_made_here_and_stands_in_the_table() {
    let made = hostile_packs::all();
    let names: BTreeSet<&str> = made.iter().map(|(name, _)| *name).collect();
    assert_eq!(names.len(), made.len(), "one name twice");
    let table = table();
    assert_eq!(names, table.keys().map(String::as_str).collect());
    let there = std::fs::read_dir(folder()).expect("the folder").count();
    assert_eq!(there, made.len() + 1, "the packs and their README");
    for (name, bytes) in made {
        assert_eq!(std::fs::read(folder().join(name)).ok(), Some(bytes), "{name}");
    }
}

#[test]
fn each_is_refused_for_its_reason() {
    quiet();
    for (name, answer) in table() {
        let bytes = std::fs::read(folder().join(&name)).expect("a sample");
        let read = read_pack(&bytes, &PackLimits::default());
        assert_eq!(read.as_ref().map_err(PackError::code).err(), Some(answer.as_str()), "{name}");
        // Looking for one document in it stops where that is found, and otherwise there.
        let one = read_packed_document(&bytes, record_id(77), &PackLimits::default());
        assert!(one.is_err(), "{name}");
        fuzz::pack(&bytes);
    }
}

#[test]
fn what_they_are_made_from_is_sound() {
    let sound = fuzz::pack_seed();
    let cut = OpenPack::of(&sound).expect("our own pack").pack();
    let limits = PackLimits::default();
    let read = read_pack(&sound, &limits);
    assert_eq!(read.as_ref().map(Vec::len), Ok(1));
    assert_eq!(read, read_pack(&cut, &limits));
}
