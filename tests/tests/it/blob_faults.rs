//! Recordings on drafts and records while the database's disk loses power, fills up or fails, at
//! every single operation: what was acknowledged is readable, and nothing is left over.

use std::path::{Path, PathBuf};

use wijkboek_crdt::Stamp;
use wijkboek_model::{ActorId, BlobHash, InstallId, Record, RecordId};
use wijkboek_store::{BlobOf, Presence, Store, StoreError};
use wijkboek_tests::corpus;
use wijkboek_tests::crash::attached::{files_in, key, sound};
use wijkboek_tests::vfs::{Failure, FaultyDisk};

const FILE: &str = "boek.db";
const SLOT: &str = "nieuw";
const STEPS: u32 = 8;

/// What was acknowledged: these hang on the draft, or on the record when there is one.
#[derive(Default)]
struct Noted {
    hung: Vec<BlobHash>,
    moved: bool,
}

fn record() -> RecordId {
    corpus::id(1)
}

fn stamp(n: u32) -> Stamp {
    Stamp { actor: ActorId::of(InstallId::new([5; 12]), 0), at: corpus::at(n) }
}

fn step(store: &mut Store, n: u32, noted: &mut Noted) -> Result<(), StoreError> {
    match n {
        0 => store.save_draft(SLOT, "begin"),
        1 | 2 => {
            noted.hung.push(store.attach_to_draft(SLOT, &sound(n), key(n))?);
            Ok(())
        }
        3 | 6 => {
            store.attach_to_draft("weg", &sound(n), key(n))?;
            store.delete_draft("weg")
        }
        4 => {
            let contact = Record::Contact(corpus::contact(1));
            store.create_from_draft(SLOT, record(), corpus::author(1), &contact, &stamp(n))?;
            noted.moved = true;
            Ok(())
        }
        5 => {
            let content = sound(n);
            store.attach(record(), &content, key(n), &stamp(n))?;
            noted.hung.push(content.hash());
            Ok(())
        }
        _ => store.checkpoint().map(drop),
    }
}

/// A folder for recordings that is gone when the test is over; in memory where that is possible.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let memory = Path::new("/dev/shm");
        let root = if memory.is_dir() { memory.to_path_buf() } else { std::env::temp_dir() };
        Self(root.join(format!("wijkboek-blobs-{}-{name}", std::process::id())))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Plays until the end or the first failure; answers what failed.
fn play(disk: &FaultyDisk, folder: &Folder, noted: &mut Noted) -> Option<StoreError> {
    let Ok(mut store) = Store::open(&disk.path(FILE)) else { return None };
    store.set_blob_folder(folder.0.clone());
    (0..STEPS).find_map(|n| step(&mut store, n, noted).err())
}

fn sound_after(disk: &FaultyDisk, folder: &Folder, noted: &Noted, case: &str) {
    let mut store = Store::open(&disk.path(FILE)).unwrap_or_else(|e| panic!("{case}: {e:?}"));
    store.set_blob_folder(folder.0.clone());
    let moved = store.row(record()).expect("read").is_some();
    assert!(moved || !noted.moved, "{case}: the record is lost");
    let of = if moved { BlobOf::Record(record()) } else { BlobOf::Draft(SLOT) };
    for hash in &noted.hung {
        let content = store.read_blob(of, *hash);
        content.unwrap_or_else(|error| panic!("{case}: {hash} is lost: {error:?}"));
    }
    let held = [BlobOf::Record(record()), BlobOf::Draft(SLOT), BlobOf::Draft("weg")]
        .into_iter()
        .flat_map(|of| store.blobs(of).expect("listed"))
        .inspect(|blob| assert!(matches!(blob.presence, Presence::Here { .. }), "{case}"))
        .count();
    store.delete_draft("weg").expect("discarded");
    let held_now = store.blobs(of).expect("listed").len();
    assert!(held >= held_now);
    assert_eq!(files_in(&folder.0).expect("read"), held_now, "{case}: files left over or lost");
    assert!(store.rebuild().expect("rebuilt").is_clean(), "{case}");
}

/// How many operations the whole play takes when nothing fails; `of` names the folder.
fn operations(of: &str) -> u64 {
    let (disk, folder) = (FaultyDisk::new(0), Folder::new(of));
    let mut noted = Noted::default();
    assert!(play(&disk, &folder, &mut noted).is_none());
    sound_after(&disk, &folder, &noted, "nothing failed");
    disk.operations()
}

#[test]
fn a_power_cut_at_every_operation_leaves_recordings_attached_or_not_there() {
    for cut in 0..operations("count-cuts") {
        let (disk, folder) = (FaultyDisk::new(cut), Folder::new(&format!("cut-{cut}")));
        let mut noted = Noted::default();
        disk.fail_after(cut, Failure::Power);
        play(&disk, &folder, &mut noted);
        disk.crash();
        sound_after(&disk, &folder, &noted, &format!("power cut at operation {cut}"));
    }
}

#[test]
fn a_disk_that_fills_up_or_fails_loses_no_recording() {
    let mut said = 0;
    for at in 0..operations("count-failures") {
        for failure in [Failure::Full, Failure::Io] {
            let (disk, folder) = (FaultyDisk::new(at), Folder::new(&format!("{failure:?}-{at}")));
            let mut noted = Noted::default();
            disk.fail_after(at, failure);
            said += u32::from(play(&disk, &folder, &mut noted).is_some());
            disk.repair();
            sound_after(&disk, &folder, &noted, &format!("{failure:?} at operation {at}"));
        }
    }
    assert!(said > 50, "it failed {said} times");
}
