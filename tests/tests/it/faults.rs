//! The power goes, the disk fills up or fails at every single operation of a phone's session:
//! what was acknowledged is there, and the index equals its rebuild.

use std::path::Path;

use wijkboek_model::{ChangeHash, RecordId};
use wijkboek_store::{Filter, OpenError, Row, Scope, Store, StoreError};
use wijkboek_tests::crash::script::{
    Acknowledged, Fetched, STEPS, STEPS_PER_TURN, step, violations,
};
use wijkboek_tests::vfs::{Failure, FaultyDisk, Snapshot};

const FILE: &str = "boek.db";

/// A store that has been used: the first steps of the session, closed properly.
struct Template {
    snapshot: Snapshot,
    noted: Acknowledged,
    steps: u32,
}

impl Template {
    fn new(steps: u32) -> Self {
        let disk = FaultyDisk::new(0);
        let mut store = Store::open(&disk.path(FILE)).expect("opened");
        let mut noted = Acknowledged::default();
        for n in 0..steps {
            step(&mut store, n, &mut noted).expect("a sound disk");
        }
        drop(store);
        Self { snapshot: disk.snapshot(), noted, steps }
    }

    /// How many changing operations and reads the rest of the session takes when nothing fails.
    fn operations(&self) -> (u64, u64) {
        let disk = FaultyDisk::from_snapshot(0, &self.snapshot);
        let mut noted = self.noted.clone();
        let mut store = Store::open(&disk.path(FILE)).expect("opened");
        for n in self.steps..STEPS {
            step(&mut store, n, &mut noted).expect("a sound disk");
        }
        drop(store);
        (disk.operations(), disk.reads())
    }
}

fn integrity(disk: &FaultyDisk) {
    let db = rusqlite::Connection::open(disk.path(FILE)).expect("opened");
    let found: String =
        db.query_row("PRAGMA integrity_check", [], |row| row.get(0)).expect("checked");
    assert_eq!(found, "ok");
}

fn sound(disk: &FaultyDisk, noted: &Acknowledged, fetched: Fetched, case: &str) {
    let mut store = Store::open(&disk.path(FILE)).unwrap_or_else(|e| panic!("{case}: {e:?}"));
    let broken = violations(&mut store, noted, fetched).expect("readable");
    assert!(broken.is_empty(), "{case}: {broken:#?}");
    drop(store);
    integrity(disk);
}

/// Plays the session until it is over or the disk has failed; answers whether it got to the end.
fn play(path: &Path, from: u32, noted: &mut Acknowledged) -> bool {
    let Ok(mut store) = Store::open(path) else { return false };
    (from..STEPS).all(|n| step(&mut store, n, noted).is_ok())
}

#[test]
fn a_power_cut_at_every_operation_loses_nothing_acknowledged() {
    let template = Template::new(STEPS_PER_TURN);
    let (operations, _) = template.operations();
    assert!(operations > 100, "the session does write: {operations}");
    assert!(template.noted.packed > 0, "the session packs");
    for cut in 0..operations {
        for seed in [cut, cut + 100_000] {
            let disk = FaultyDisk::from_snapshot(seed, &template.snapshot);
            let mut noted = template.noted.clone();
            disk.fail_after(cut, Failure::Power);
            play(&disk.path(FILE), template.steps, &mut noted);
            assert!(disk.has_failed(), "operation {cut} was reached");
            disk.crash();
            let case = format!("power cut at operation {cut}, seed {seed}");
            sound(&disk, &noted, Fetched::MayBeLost, &case);
        }
    }
}

/// Everything that a book says of itself.
#[derive(Debug, PartialEq)]
struct Said {
    rows: Vec<Row>,
    changes: Vec<(RecordId, Vec<ChangeHash>)>,
    unsent: Vec<ChangeHash>,
    refused: Vec<String>,
    drafts: Vec<String>,
    found: u64,
}

fn said(store: &Store) -> Said {
    let found = Filter { text: Some("dijk".to_owned()), ..Filter::default() };
    let changes = store.ids().expect("ids").into_iter().map(|id| {
        let changes = store.changes(id).expect("changes");
        (id, changes.into_iter().map(|change| change.hash).collect())
    });
    Said {
        rows: store.list(&Scope::All, &Filter::default(), None, 50).expect("a list").rows,
        changes: changes.collect(),
        unsent: store
            .outbox(usize::MAX, usize::MAX)
            .expect("the outbox")
            .into_iter()
            .map(|item| item.change.hash)
            .collect(),
        refused: store.refused().expect("refused").into_iter().map(|item| item.text).collect(),
        drafts: store.drafts().expect("drafts").into_iter().map(|draft| draft.slot).collect(),
        found: store.count(&Scope::All, &found).expect("a count").n,
    }
}

fn fixtures() -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../core/store/tests/fixtures");
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .expect("the folder")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "db"))
        .collect();
    files.sort();
    files.into_iter().map(|path| std::fs::read(path).expect("a fixture")).collect()
}

#[test]
fn a_power_cut_while_a_store_is_made_or_upgraded_leaves_all_of_it() {
    let fixtures = fixtures();
    assert!(!fixtures.is_empty());
    for content in std::iter::once(None).chain(fixtures.into_iter().map(Some)) {
        let start = |seed| {
            let disk = FaultyDisk::new(seed);
            if let Some(content) = &content {
                disk.put(FILE, content);
            }
            disk
        };
        let sound_disk = start(0);
        let store = Store::open(&sound_disk.path(FILE)).expect("opened");
        let expected = said(&store);
        drop(store);
        assert_eq!(expected.rows.len(), if content.is_some() { 2 } else { 0 });
        for cut in 0..sound_disk.operations() {
            let disk = start(cut);
            disk.fail_after(cut, Failure::Power);
            drop(Store::open(&disk.path(FILE)));
            disk.crash();
            let mut store = Store::open(&disk.path(FILE)).expect("opened after the cut");
            assert_eq!(said(&store), expected, "cut at {cut}");
            assert!(store.rebuild().expect("rebuilt").is_clean(), "cut at {cut}");
            drop(store);
            integrity(&disk);
        }
    }
}

/// Plays the session on a disk that fails in this way at this operation, mends it, and goes on.
fn fail_and_go_on(template: &Template, at: u64, failure: Failure) -> Option<StoreError> {
    let disk = FaultyDisk::from_snapshot(at, &template.snapshot);
    let mut noted = template.noted.clone();
    disk.fail_after(at, failure);
    let mut first = None;
    let mut next = template.steps;
    match Store::open(&disk.path(FILE)) {
        Err(OpenError::Full | OpenError::Io(_) | OpenError::Sqlite(_)) => {}
        Err(error) => panic!("{failure:?} at {at}: {error:?}"),
        Ok(mut store) => {
            while next < STEPS {
                if let Err(error) = step(&mut store, next, &mut noted) {
                    first = Some(error);
                    break;
                }
                next += 1;
            }
            disk.repair();
            // The same connection writes on once there is room again.
            if first.is_some() {
                next += 1;
            }
            for n in next..STEPS {
                step(&mut store, n, &mut noted)
                    .unwrap_or_else(|e| panic!("{failure:?} at {at}: step {n} afterwards: {e:?}"));
            }
        }
    }
    disk.repair();
    sound(&disk, &noted, Fetched::Kept, &format!("{failure:?} at operation {at}"));
    first
}

#[test]
fn a_full_disk_is_said_and_writing_goes_on_when_there_is_room() {
    let template = Template::new(STEPS_PER_TURN);
    let (operations, _) = template.operations();
    let mut said = 0;
    for at in 0..operations {
        match fail_and_go_on(&template, at, Failure::Full) {
            Some(StoreError::Full) => said += 1,
            Some(other) => panic!("full at operation {at}: {other:?}"),
            None => {}
        }
    }
    assert!(said > 50, "it was full {said} times");
}

#[test]
fn an_io_error_is_said_and_nothing_acknowledged_is_lost() {
    let template = Template::new(STEPS_PER_TURN);
    let (operations, _) = template.operations();
    let mut said = 0;
    for at in 0..operations {
        for failure in [Failure::Io, Failure::Broken] {
            match fail_and_go_on(&template, at, failure) {
                Some(StoreError::Sqlite(_) | StoreError::Full) => said += 1,
                Some(other) => panic!("{failure:?} at operation {at}: {other:?}"),
                None => {}
            }
        }
    }
    assert!(said > 100, "it failed {said} times");
}

#[test]
fn a_read_that_fails_is_said_and_changes_nothing() {
    let template = Template::new(STEPS_PER_TURN);
    let (_, reads) = template.operations();
    for at in 0..reads {
        let disk = FaultyDisk::from_snapshot(at, &template.snapshot);
        let mut noted = template.noted.clone();
        disk.fail_read_after(at);
        play(&disk.path(FILE), template.steps, &mut noted);
        disk.repair();
        sound(&disk, &noted, Fetched::Kept, &format!("read {at} failed"));
    }
}
