//! Photos and recordings on the disk: whole or not at all, held by records and drafts, gone when
//! nothing holds them, reached through who holds them only.

use std::fs;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};
use wijkboek_model::{BlobHash, Edit, Invalid, Record, RecordId, Rule, SetField, Write};
use wijkboek_store::{
    Attachable, BlobKey, BlobKind, BlobOf, BlobToFetch, BlobToUpload, HeldBlob, Ingest, MediaType,
    Outcome, Presence, Settled, Store, StoreError, prepare_audio,
};

use crate::support::{arrived, contact, edit, ingest, log, person, record_id, send, stamp};

/// A recording of so many seconds that sounds like `tone`.
fn sound(tone: u8, seconds: usize) -> Attachable {
    let mut out = b"RIFF\0\0\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0".to_vec();
    out.extend(8_000_u32.to_le_bytes());
    out.extend(8_000_u32.to_le_bytes());
    out.extend([1, 0, 8, 0]);
    out.extend(b"data");
    out.extend(u32::try_from(seconds * 8_000).expect("short").to_le_bytes());
    out.extend((0..seconds * 8_000).map(|n| tone.wrapping_add((n % 251).to_le_bytes()[0])));
    prepare_audio(&out).expect("a recording")
}

/// Different at each call, as from a random source.
fn key() -> BlobKey {
    use std::sync::atomic::{AtomicU64, Ordering};
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let n = NEXT.fetch_add(1, Ordering::Relaxed);
    BlobKey::new(Sha256::digest(n.to_le_bytes()).into())
}

/// A store in a folder of its own.
struct Place {
    folder: tempfile::TempDir,
}

impl Place {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().expect("a folder") }
    }

    fn open(&self) -> Store {
        Store::open(&self.folder.path().join("boek.db")).expect("opened")
    }

    fn blobs(&self) -> PathBuf {
        self.folder.path().join("boek.db-blobs")
    }

    fn files(&self) -> Vec<PathBuf> {
        let mut files = vec![];
        let mut folders = vec![self.blobs()];
        while let Some(folder) = folders.pop() {
            let Ok(entries) = fs::read_dir(folder) else { continue };
            for entry in entries {
                let path = entry.expect("an entry").path();
                if path.is_dir() { folders.push(path) } else { files.push(path) }
            }
        }
        files.sort();
        files
    }
}

fn here(media_type: MediaType, size: usize, to_upload: bool) -> Presence {
    Presence::Here { media_type: Some(media_type), size: size as u64, to_upload }
}

/// Says that the server has everything that was written.
fn settle_all(store: &mut Store) {
    let settled: Vec<Settled> = store
        .outbox(usize::MAX, usize::MAX)
        .expect("outbox")
        .into_iter()
        .zip(1..)
        .map(|(item, number)| Settled {
            id: item.id,
            hash: item.change.hash,
            outcome: Outcome::Accepted { number, mac: None },
        })
        .collect();
    store.settle(&settled).expect("settled");
}

fn missing<T>(found: &Result<T, StoreError>) -> bool {
    matches!(found, Err(StoreError::BlobMissing { .. }))
}

fn attach(store: &mut Store, id: RecordId, content: &Attachable) -> BlobHash {
    store.attach(id, content, key(), &stamp(1, 9)).expect("attached").expect("a change");
    content.hash()
}

#[test]
fn what_was_attached_is_read_back_whole_and_in_parts() {
    let place = Place::new();
    let mut store = place.open();
    let (id, _) = log(&mut store, 1, "de brommer maakt dit geluid");
    // Four chunks.
    let long = sound(1, 25);
    let hash = attach(&mut store, id, &long);
    assert_eq!(hash, long.hash());
    let presence = here(MediaType::Wav, long.bytes().len(), true);
    let expected = [HeldBlob { hash, kind: BlobKind::Audio, presence }];
    assert_eq!(store.blobs(BlobOf::Record(id)).expect("listed"), expected);
    drop(store);
    let mut store = place.open();
    let of = BlobOf::Record(id);
    assert_eq!(store.read_blob(of, hash).expect("read"), long.bytes());
    let part = store.read_blob_range(of, hash, 65_000..140_000).expect("read");
    assert_eq!(part, long.bytes()[65_000..140_000]);
    assert!(store.rebuild().expect("rebuilt").is_clean());
    assert!(store.attach(id, &long, key(), &stamp(1, 10)).expect("again").is_none());
    assert_eq!(place.files().len(), 1);
    for file in place.files() {
        let sealed = fs::read(&file).expect("read");
        assert!(!sealed.windows(4).any(|w| w == b"WAVE"), "the file is sealed");
        let name = file.file_name().expect("a name").to_string_lossy().into_owned();
        assert!(!hash.to_string().contains(&name), "its name tells nothing");
    }
}

#[test]
fn a_content_is_reached_only_through_who_holds_it() {
    let place = Place::new();
    let mut store = place.open();
    let (id, _) = log(&mut store, 1, "met geluid");
    let (other, _) = log(&mut store, 2, "zonder geluid");
    let hash = attach(&mut store, id, &sound(1, 1));
    assert!(missing(&store.read_blob(BlobOf::Record(other), hash)));
    assert!(missing(&store.read_blob(BlobOf::Record(record_id(9)), hash)));
    assert!(missing(&store.read_blob(BlobOf::Draft("nieuw"), hash)));
    // A record that names what it never brought: it is to be fetched, and asked for under its own
    // name, so that the server judges.
    let photo = Write::Insert(SetField::Photos, "ab".repeat(32));
    edit(&mut store, other, photo, 5);
    let named: BlobHash = "ab".repeat(32).parse().expect("a hash");
    assert!(missing(&store.read_blob(BlobOf::Record(other), named)));
    let to_fetch = BlobToFetch { id: other, hash: named, kind: BlobKind::Photo };
    assert_eq!(store.blobs_to_fetch(9).expect("listed"), [to_fetch]);
    let held = HeldBlob { hash: named, kind: BlobKind::Photo, presence: Presence::ToFetch };
    assert_eq!(store.blobs(BlobOf::Record(other)).expect("listed"), [held]);
}

#[test]
fn what_comes_from_the_server_counts_only_when_it_is_what_its_hash_says() {
    let place = Place::new();
    let mut store = place.open();
    let (id, _) = log(&mut store, 1, "foto volgt");
    let content = sound(3, 20);
    let hash = content.hash();
    edit(&mut store, id, Write::Insert(SetField::Audio, hash.to_string()), 5);
    let mut other = &content.bytes()[1..];
    let refused = store.keep_fetched(id, hash, &mut other, key());
    assert!(matches!(refused, Err(StoreError::OtherContent)), "{refused:?}");
    assert_eq!(place.files(), Vec::<PathBuf>::new());
    let unasked = store.keep_fetched(record_id(7), hash, &mut content.bytes(), key());
    assert!(missing(&unasked));
    assert_eq!(place.files(), Vec::<PathBuf>::new());
    store.keep_fetched(id, hash, &mut content.bytes(), key()).expect("kept");
    let presence = here(MediaType::Wav, content.bytes().len(), false);
    let held = HeldBlob { hash, kind: BlobKind::Audio, presence };
    assert_eq!(store.blobs(BlobOf::Record(id)).expect("listed"), [held]);
    assert_eq!(store.read_blob(BlobOf::Record(id), hash).expect("read"), content.bytes());
    assert!(store.blobs_to_fetch(9).expect("listed").is_empty());
    assert!(store.blobs_to_upload(9).expect("listed").is_empty(), "the server has it");
}

#[test]
fn a_damaged_file_is_said_and_mended_by_bringing_the_content_again() {
    let place = Place::new();
    let mut store = place.open();
    let (id, _) = log(&mut store, 1, "geluid");
    let content = sound(1, 20);
    let hash = attach(&mut store, id, &content);
    let of = BlobOf::Record(id);
    let file = place.files().pop().expect("the file");
    let mut bytes = fs::read(&file).expect("read");
    bytes[70_000] ^= 1;
    fs::write(&file, &bytes).expect("written");
    let damaged = |found: Result<Vec<u8>, StoreError>| matches!(found, Err(StoreError::BlobDamaged { hash: of }) if of == hash);
    assert!(damaged(store.read_blob(of, hash)));
    assert!(store.read_blob_range(of, hash, 0..9).is_ok(), "the rest is sound");
    fs::write(&file, &bytes[..70_000]).expect("cut off");
    assert!(damaged(store.read_blob_range(of, hash, 0..9)));
    store.keep_fetched(id, hash, &mut content.bytes(), key()).expect("kept");
    assert_eq!(store.read_blob(of, hash).expect("read"), content.bytes());
    assert_eq!(place.files().len(), 1, "the damaged one is gone");
    fs::remove_file(&place.files()[0]).expect("removed");
    assert!(damaged(store.read_blob(of, hash)));
}

#[test]
fn files_that_changed_places_are_found_out() {
    let place = Place::new();
    let mut store = place.open();
    let (id, _) = log(&mut store, 1, "twee geluiden");
    let hashes = [attach(&mut store, id, &sound(1, 5)), attach(&mut store, id, &sound(2, 5))];
    let files = place.files();
    let (one, two) = (fs::read(&files[0]).expect("read"), fs::read(&files[1]).expect("read"));
    assert_eq!(one.len(), two.len());
    fs::write(&files[0], two).expect("written");
    fs::write(&files[1], one).expect("written");
    for hash in hashes {
        let found = store.read_blob(BlobOf::Record(id), hash);
        assert!(matches!(found, Err(StoreError::BlobDamaged { .. })), "{found:?}");
    }
}

#[test]
fn a_content_goes_to_the_server_after_the_text_and_once_per_record() {
    let place = Place::new();
    let mut store = place.open();
    let content = sound(1, 1);
    let (one, _) = log(&mut store, 1, "een");
    let (two, _) = log(&mut store, 2, "twee");
    let hash = attach(&mut store, one, &content);
    attach(&mut store, two, &content);
    assert_eq!(place.files().len(), 1, "one content, one file");
    assert!(store.blobs_to_upload(9).expect("listed").is_empty(), "text first");
    assert_eq!(store.unsent_blobs().expect("counted"), 2);
    settle_all(&mut store);
    let item = |id| BlobToUpload {
        id,
        hash,
        media_type: Some(MediaType::Wav),
        size: content.bytes().len() as u64,
    };
    assert_eq!(store.blobs_to_upload(9).expect("listed"), [item(one), item(two)]);
    store.mark_uploaded(one, hash).expect("noted");
    store.mark_uploaded(one, hash).expect("twice");
    assert_eq!(store.blobs_to_upload(9).expect("listed"), [item(two)]);
    // The server was restored from a backup: it may lack them again.
    store.mark_uploaded(two, hash).expect("noted");
    store.requeue_own(crate::support::install(1)).expect("again");
    settle_all(&mut store);
    assert_eq!(store.blobs_to_upload(9).expect("listed"), [item(one), item(two)]);
}

#[test]
fn the_last_to_let_go_takes_key_and_file_along() {
    let place = Place::new();
    let mut store = place.open();
    let content = sound(1, 1);
    let (one, _) = log(&mut store, 1, "een");
    let (two, _) = log(&mut store, 2, "twee");
    let hash = attach(&mut store, one, &content);
    attach(&mut store, two, &content);
    store.attach_to_draft("nieuw", &content, key()).expect("hung there");
    settle_all(&mut store);
    let forget = |store: &mut Store, id| {
        let batch = Ingest { forget: vec![id], ..Ingest::default() };
        store.ingest(&batch).expect("ingested")
    };
    // What was not uploaded is unsent work, which nothing takes away.
    assert_eq!(forget(&mut store, one).kept, [one]);
    store.mark_uploaded(one, hash).expect("noted");
    assert!(store.row(one).expect("read").is_none(), "forgotten now");
    store.mark_uploaded(two, hash).expect("noted");
    assert_eq!(forget(&mut store, two).forgotten, [two]);
    assert_eq!(store.read_blob(BlobOf::Draft("nieuw"), hash).expect("read"), content.bytes());
    store.delete_draft("nieuw").expect("discarded");
    assert_eq!(place.files(), Vec::<PathBuf>::new());
    assert!(missing(&store.read_blob(BlobOf::Draft("nieuw"), hash)));
    let left = |path: &Path| {
        let db = rusqlite::Connection::open(path).expect("opened");
        let count = |table: &str| -> i64 {
            db.query_row(&format!("SELECT count(*) FROM {table}"), [], |r| r.get(0)).expect("n")
        };
        ["blob", "stranded", "blob_loose", "blob_undo", "blob_upload"].map(count)
    };
    assert_eq!(left(&place.folder.path().join("boek.db")), [0; 5]);
}

#[test]
fn taking_out_can_be_undone_until_it_was_sent_and_the_book_was_closed() {
    let place = Place::new();
    let mut store = place.open();
    let content = sound(1, 1);
    let (id, _) = log(&mut store, 1, "een");
    let hash = attach(&mut store, id, &content);
    let take_out = || Write::Remove(SetField::Audio, hash.to_string());
    edit(&mut store, id, take_out(), 20);
    assert!(missing(&store.read_blob(BlobOf::Record(id), hash)), "out is out");
    store.delete_draft("iets anders").expect("sweeps");
    drop(store);
    let mut store = place.open();
    edit(&mut store, id, Write::Insert(SetField::Audio, hash.to_string()), 30);
    assert_eq!(store.read_blob(BlobOf::Record(id), hash).expect("back"), content.bytes());
    edit(&mut store, id, take_out(), 40);
    settle_all(&mut store);
    assert_eq!(place.files().len(), 1, "while the book is open");
    assert!(store.blobs_to_upload(9).expect("listed").is_empty(), "nobody wants it");
    drop(store);
    let store = place.open();
    assert_eq!(place.files(), Vec::<PathBuf>::new());
    assert_eq!(store.unsent_blobs().expect("counted"), 0);
}

#[test]
fn two_phones_take_out_and_put_back_at_once_and_the_content_stays() {
    let place = Place::new();
    let mut store = place.open();
    let content = sound(1, 1);
    let (id, _) = log(&mut store, 1, "een");
    let hash = attach(&mut store, id, &content);
    settle_all(&mut store);
    store.mark_uploaded(id, hash).expect("noted");
    // One takes it out; another took it out and put it back without having seen that.
    let taken = Write::Remove(SetField::Audio, hash.to_string());
    let mut theirs = store.document(id).expect("readable").expect("here");
    let out = theirs.edit(std::slice::from_ref(&taken), &stamp(8, 50)).expect("edited");
    let back = Write::Insert(SetField::Audio, hash.to_string());
    let back = theirs.edit(&[back], &stamp(8, 51)).expect("edited");
    edit(&mut store, id, taken, 52);
    let changes = [out, back].into_iter().flatten();
    let batch = (100..).zip(changes).map(|(n, change)| arrived(id, n, &change)).collect();
    assert!(ingest(&mut store, batch).missing.is_empty());
    settle_all(&mut store);
    drop(store);
    let mut store = place.open();
    assert_eq!(store.read_blob(BlobOf::Record(id), hash).expect("there"), content.bytes());
    assert!(store.rebuild().expect("rebuilt").is_clean());
}

#[test]
fn what_the_server_refused_keeps_its_content_for_its_author() {
    let place = Place::new();
    let mut store = place.open();
    let content = sound(1, 1);
    let (id, change) = log(&mut store, 1, "een");
    let hash = attach(&mut store, id, &content);
    let outcome = Outcome::Refused { code: "type-not-for-role".to_owned() };
    store.settle(&[Settled { id, hash: change.hash, outcome }]).expect("settled");
    assert!(store.row(id).expect("read").is_none());
    drop(store);
    let mut store = place.open();
    assert_eq!(store.read_blob(BlobOf::Record(id), hash).expect("kept"), content.bytes());
    store.dismiss_refused(id).expect("dismissed");
    assert!(missing(&store.read_blob(BlobOf::Record(id), hash)));
    assert_eq!(place.files(), Vec::<PathBuf>::new());
}

#[test]
fn a_draft_becomes_a_record_with_all_that_hangs_on_it_or_stays_a_draft() {
    let place = Place::new();
    let mut store = place.open();
    let (one, two) = (sound(1, 1), sound(2, 1));
    store.save_draft("nieuw", r#"{"note":"geluid"}"#).expect("saved");
    let first = store.attach_to_draft("nieuw", &one, key()).expect("hung there");
    let second = store.attach_to_draft("nieuw", &two, key()).expect("hung there");
    store.attach_to_draft("nieuw", &two, key()).expect("once more");
    store.attach_to_draft("leeg", &one, key()).expect("a draft of its own");
    assert_eq!(store.draft("leeg").expect("read").as_deref(), Some("{}"));
    store.save_draft("nieuw", r#"{"note":"geluid!"}"#).expect("the next keystroke");
    let hashes = |store: &Store, of| -> Vec<BlobHash> {
        store.blobs(of).expect("listed").iter().map(|held| held.hash).collect()
    };
    assert_eq!(hashes(&store, BlobOf::Draft("nieuw")), [first, second]);
    assert!(store.detach_from_draft("nieuw", first).expect("taken off"));
    assert!(!store.detach_from_draft("nieuw", first).expect("not there any more"));
    assert_eq!(place.files().len(), 2, "the other draft still holds it");

    let mut broken = contact("geluid");
    broken.people = 0;
    let id = record_id(1);
    let refused =
        store.create_from_draft("nieuw", id, person(1), &Record::Contact(broken), &stamp(1, 0));
    assert!(matches!(refused, Err(StoreError::Invalid(_))), "{refused:?}");
    assert_eq!(hashes(&store, BlobOf::Draft("nieuw")), [second]);

    let record = Record::Contact(contact("geluid"));
    let changes =
        store.create_from_draft("nieuw", id, person(1), &record, &stamp(1, 0)).expect("created");
    assert_eq!(changes.len(), 2);
    assert_eq!(hashes(&store, BlobOf::Record(id)), [second]);
    assert!(store.draft("nieuw").expect("read").is_none());
    assert!(missing(&store.read_blob(BlobOf::Draft("nieuw"), second)));
    assert_eq!(store.read_blob(BlobOf::Record(id), second).expect("read"), two.bytes());

    let note = Edit::Note("nog een geluid".to_owned()).into_write();
    store.edit_from_draft("leeg", id, vec![note], &stamp(1, 9)).expect("edited").expect("a change");
    let mut both = vec![first, second];
    both.sort_unstable();
    assert_eq!(hashes(&store, BlobOf::Record(id)), both);
    assert!(store.drafts().expect("listed").is_empty());
    assert_eq!(store.unsent_blobs().expect("counted"), 2);
    assert!(store.rebuild().expect("rebuilt").is_clean());

    let mut office = crate::support::memory();
    send(&store, &mut office, id);
    let to_fetch = office.blobs_to_fetch(9).expect("listed");
    assert_eq!(to_fetch.len(), 2, "the office reads which there are");
}

#[test]
fn a_draft_holds_as_many_as_a_record_can() {
    let place = Place::new();
    let mut store = place.open();
    for n in 0..50 {
        store.attach_to_draft("nieuw", &sound(n, 1), key()).expect("hung there");
    }
    let full = store.attach_to_draft("nieuw", &sound(50, 1), key());
    let Err(StoreError::Invalid(Invalid { field, rule })) = full else { panic!("{full:?}") };
    assert_eq!((field, rule), ("audio", Rule::TooMany { max: 50 }));
    assert_eq!(place.files().len(), 50, "the one too many left nothing");
}

#[test]
fn a_database_in_memory_needs_a_folder_first() {
    let place = Place::new();
    let mut store = crate::support::memory();
    let refused = store.attach_to_draft("nieuw", &sound(1, 1), key());
    assert!(matches!(refused, Err(StoreError::NoBlobFolder)), "{refused:?}");
    store.set_blob_folder(place.blobs());
    let hash = store.attach_to_draft("nieuw", &sound(1, 1), key()).expect("hung there");
    assert!(store.read_blob(BlobOf::Draft("nieuw"), hash).is_ok());
}

#[test]
fn with_a_purged_record_its_attachments_go_key_and_file() {
    let place = Place::new();
    let mut store = place.open();
    let (id, _) = log(&mut store, 1, "met geluid");
    let (other, _) = log(&mut store, 2, "met hetzelfde geluid");
    let (own, shared) = (sound(1, 1), sound(2, 1));
    store
        .attach(id, &own, BlobKey::new(*b"sleutel die nergens meer ligt 01"), &stamp(1, 1))
        .expect("ok");
    store.attach(id, &shared, key(), &stamp(1, 2)).expect("attached");
    store.attach(other, &shared, key(), &stamp(1, 3)).expect("attached");
    store.checkpoint().expect("checkpointed");
    let holds = |needle: &[u8]| {
        let bytes = fs::read(place.folder.path().join("boek.db")).expect("read");
        bytes.windows(needle.len()).any(|window| window == needle)
    };
    assert!(holds(b"sleutel die nergens meer ligt 01"));
    assert_eq!(place.files().len(), 2);
    assert!(store.purge(&[id]).expect("purged").complete);
    assert!(!holds(b"sleutel die nergens meer ligt 01"));
    assert_eq!(place.files().len(), 1);
    assert_eq!(store.blobs(BlobOf::Record(id)).expect("none"), []);
    assert_eq!(store.blobs(BlobOf::Record(other)).expect("held").len(), 1);
}
