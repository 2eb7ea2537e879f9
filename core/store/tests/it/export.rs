//! The archive: everything is in it, readable by anybody, and it says itself whether it is whole.

use std::io::{self, Read, Write};

use serde_json::Value;
use sha2::{Digest, Sha256};
use wijkboek_model::{Edit, Entry, EntryId, RecordType, Timestamp, Write as Change};
use wijkboek_store::{
    BlobKey, Compaction, ExportError, Exported, Outcome, Settled, Store, prepare_audio,
};
use zip::ZipArchive;

use crate::support::{MORNING, concurrently, edit, log, memory, person, record_id, stamp, visit};

const AT: i64 = 1_795_000_000_000;

type Zip = ZipArchive<io::Cursor<Vec<u8>>>;

fn exported(store: &Store) -> (Exported, Zip) {
    let mut bytes = vec![];
    let done = store.export(&mut bytes, Timestamp::from_millis(AT)).expect("exported");
    (done, ZipArchive::new(io::Cursor::new(bytes)).expect("a zip"))
}

fn file(zip: &mut Zip, name: &str) -> Vec<u8> {
    let mut content = vec![];
    let mut file = zip.by_name(name).unwrap_or_else(|_| panic!("{name} is in it"));
    file.read_to_end(&mut content).expect("read");
    content
}

fn json(zip: &mut Zip, name: &str) -> Value {
    serde_json::from_slice(&file(zip, name)).expect("JSON")
}

#[test]
fn everything_is_in_it_and_the_manifest_names_every_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut store = Store::open(&folder.path().join("boek.db")).expect("made");
    let (id, _) = log(&mut store, 1, "de heg \"bij\" nummer 3\nis te hoog");
    edit(&mut store, id, Edit::Note("de heg is gesnoeid".to_owned()).into_write(), 1);
    let one = [Edit::People(2).into_write()];
    concurrently(&mut store, id, &one, &[Edit::People(3).into_write()]);
    let entry = EntryId::from_parts(Timestamp::from_millis(MORNING), [1; 10]);
    let text = "nagebeld".to_owned();
    edit(&mut store, id, Change::Append(Entry { id: entry, author: person(1), text }), 3);
    let tent = record_id(2);
    let made = wijkboek_model::Record::Visit(visit("Ridderhof"));
    store.create(tent, person(1), &made, &stamp(1, 0)).expect("created");
    let mut wav = b"RIFF\0\0\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0".to_vec();
    wav.extend([8_000_u32.to_le_bytes(), 8_000_u32.to_le_bytes()].concat());
    wav.extend(b"\x01\0\x08\0data\x40\x1f\0\0");
    wav.extend([7; 8_000]);
    let sound = prepare_audio(&wav).expect("a recording");
    store.attach(id, &sound, BlobKey::new([1; 32]), &stamp(1, 9)).expect("attached");
    store.attach(tent, &sound, BlobKey::new([2; 32]), &stamp(1, 9)).expect("attached");
    let (no, change) = log(&mut store, 3, "mocht niet");
    let outcome = Outcome::Refused { code: "not-visible".to_owned() };
    store.settle(&[Settled { id: no, hash: change.hash, outcome }]).expect("settled");
    store.save_draft("nieuw", "{\"note\":\"half\"}").expect("saved");

    let (done, mut zip) = exported(&store);
    assert_eq!(done, Exported { records: 2, unreadable: 0, attachments: 1, missing: 0 });
    let contacts = json(&mut zip, "records/contact.json");
    let contact = &contacts[0];
    assert_eq!(contact["id"], id.to_string());
    assert_eq!(contact["fields"]["note"]["value"], "de heg is gesnoeid");
    assert_eq!(contact["fields"]["note"]["label"], "Notitie");
    assert_eq!(contact["thread"][0]["text"], "nagebeld");
    assert_eq!(contact["thread"][0]["withdrawn"], false);
    assert_eq!(contact["conflicts"][0]["field"], "people");
    assert_eq!(contact["conflicts"][0]["values"].as_array().map(Vec::len), Some(2));
    let history = contact["history"].as_array().expect("a list");
    assert_eq!(history.len(), store.changes(id).expect("changes").len());
    assert_eq!(history[0]["created"], true);
    let before = &history[1]["writes"][0]["before"];
    assert_eq!(before, "de heg \"bij\" nummer 3\nis te hoog");
    let sound = file(&mut zip, contact["attachments"][0]["file"].as_str().expect("a name"));
    assert_eq!(hex(&Sha256::digest(&sound)), contact["attachments"][0]["sha256"]);
    assert_eq!(
        json(&mut zip, "records/visit.json")[0]["tallies"].as_object().map(|t| t.len() > 3),
        Some(true)
    );
    let device = json(&mut zip, "device.json");
    assert_eq!(device["drafts"][0]["draft"]["note"], "half");
    assert_eq!(device["refused"][0]["text"], "mocht niet");
    assert_eq!(device["unsent"].as_array().map(Vec::len), Some(store.unsent().expect("n")));

    let manifest = json(&mut zip, "manifest.json");
    let named = manifest["files"].as_array().expect("a list").clone();
    for entry in &named {
        let content = file(&mut zip, entry["name"].as_str().expect("a name"));
        assert_eq!(entry["bytes"], content.len());
        assert_eq!(entry["sha256"], hex(&Sha256::digest(&content)));
    }
    assert_eq!(named.len() + 1, zip.len(), "and itself");
    assert_eq!(zip.len(), RecordType::ALL.len() + 5);
    let readme = String::from_utf8(file(&mut zip, "LEESMIJ.txt")).expect("UTF-8");
    assert!(readme.contains("persoonsgegevens"));
}

#[test]
fn what_cannot_be_read_is_in_it_as_it_lies() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("boek.db");
    let mut store = Store::open(&path).expect("made");
    let (sound, _) = log(&mut store, 1, "heel");
    let (broken, _) = log(&mut store, 2, "kapot");
    let raw = rusqlite::Connection::open(&path).expect("opened");
    raw.execute("UPDATE change SET bytes = x'0badcafe' WHERE position = 2", []).expect("damaged");
    drop(store);
    let store = Store::open(&path).expect("opened again");
    let (done, mut zip) = exported(&store);
    assert_eq!((done.records, done.unreadable), (2, 1));
    let contacts = json(&mut zip, "records/contact.json");
    assert_eq!(contacts[0]["id"], sound.to_string());
    assert_eq!(contacts[1]["id"], broken.to_string());
    assert_eq!(contacts[1]["changes_hex"][0], "0badcafe");
}

#[test]
fn packed_records_are_in_it_like_any_other() {
    let mut store = memory();
    for n in 0..30 {
        let (id, change) = log(&mut store, n, &format!("gesprek {n}"));
        let outcome = Outcome::Accepted { number: u64::from(n) + 1, mac: None };
        store.settle(&[Settled { id, hash: change.hash, outcome }]).expect("settled");
    }
    let (_, mut before) = exported(&store);
    let all = Compaction { documents_max: 100, documents_min: 2, changes_kept: 0 };
    assert_eq!(store.compact(&all).expect("packed").documents, 30);
    let (_, mut after) = exported(&store);
    let name = "records/contact.json";
    assert_eq!(file(&mut before, name), file(&mut after, name));
    assert_eq!(json(&mut after, name).as_array().map(Vec::len), Some(30));
}

/// Takes so many bytes, then the disk is full.
struct Full(usize);

impl Write for Full {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.0 == 0 {
            return Err(io::ErrorKind::StorageFull.into());
        }
        let taken = bytes.len().min(self.0);
        self.0 -= taken;
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn half_an_archive_is_an_error_wherever_it_ends() {
    let mut store = memory();
    for n in 0..5 {
        log(&mut store, n, &format!("gesprek {n}"));
    }
    let mut whole = vec![];
    store.export(&mut whole, Timestamp::from_millis(AT)).expect("exported");
    for room in (0..whole.len()).step_by(97) {
        let failed = store.export(Full(room), Timestamp::from_millis(AT));
        assert!(
            matches!(failed, Err(ExportError::Io(_) | ExportError::Zip(_))),
            "with room for {room}: {failed:?}"
        );
        assert!(ZipArchive::new(io::Cursor::new(whole[..room].to_vec())).is_err());
    }
    log(&mut store, 9, "en het schrijven gaat door");
}

#[test]
fn a_store_that_fails_midway_leaves_no_archive_that_looks_whole() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("boek.db");
    let mut store = Store::open(&path).expect("made");
    log(&mut store, 1, "gesprek");
    let raw = rusqlite::Connection::open(&path).expect("opened beside");
    raw.execute_batch("ALTER TABLE refused RENAME TO elsewhere").expect("gone");
    let mut bytes = vec![];
    let failed = store.export(&mut bytes, Timestamp::from_millis(AT));
    assert!(matches!(failed, Err(ExportError::Store(_))), "{failed:?}");
    assert!(bytes.len() > 1_000, "it was under way");
    assert!(ZipArchive::new(io::Cursor::new(bytes)).is_err());
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"))
}
