//! Drafts with recordings on them, which become records: the part of the killed writing that lies
//! in files.
//!
//! Every stretch of numbers shares one draft and the record that it becomes, so what was hung on
//! the draft must be readable from one of the two, whatever of the move was acknowledged.

use std::path::Path;

use wijkboek_model::{BlobHash, Record, RecordId};
use wijkboek_store::{Attachable, BlobKey, BlobOf, Presence, Store, StoreError, prepare_audio};

use super::killed::{KillError, Line, stamp};
use crate::corpus::{self, Dice};

/// One write to a draft or to what hangs on it.
pub(super) fn write_once(
    store: &mut Store,
    n: u32,
    dice: &mut Dice,
) -> Result<Vec<Line>, StoreError> {
    let stretch = n - n % STRETCH;
    let (slot, id) = (slot(stretch), record_of(stretch));
    let moved = store.row(id)?.is_some();
    match dice.below(6) {
        0 | 1 if !moved => {
            store.save_draft(&slot, &typed(n))?;
            Ok(vec![Line::Typed(stretch, n)])
        }
        0..4 => {
            let content = sound(n);
            if moved {
                store.attach(id, &content, key(n), &stamp(n))?;
            } else {
                store.attach_to_draft(&slot, &content, key(n))?;
            }
            Ok(vec![Line::Hung(stretch, content.hash())])
        }
        // With a recording that nobody uploads, so that the server cannot take it back.
        4 if !moved && !store.blobs(BlobOf::Draft(&slot))?.is_empty() => {
            let record = Record::Contact(corpus::contact(n));
            store.create_from_draft(&slot, id, corpus::author(n), &record, &stamp(n))?;
            Ok(vec![Line::Moved(stretch, id)])
        }
        _ => {
            // Thrown away in the next breath: nothing of it may stay behind.
            store.attach_to_draft("weg", &sound(n), key(n))?;
            store.delete_draft("weg")?;
            Ok(vec![])
        }
    }
}

/// Whether what a line says of a draft holds after a kill.
pub(super) fn holds(store: &Store, line: &Line) -> Result<bool, StoreError> {
    match line {
        Line::Typed(stretch, n) => {
            let text = store.draft(&slot(*stretch))?;
            let kept = text.is_some_and(|text| text >= typed(*n));
            Ok(kept || store.row(record_of(*stretch))?.is_some())
        }
        Line::Hung(stretch, hash) => {
            let (slot, id) = (slot(*stretch), record_of(*stretch));
            let there = [BlobOf::Draft(&slot), BlobOf::Record(id)];
            Ok(there.into_iter().any(|of| is_sound(store, of, *hash)))
        }
        Line::Moved(stretch, id) => {
            let gone = store.draft(&slot(*stretch))?.is_none();
            Ok(gone && store.row(*id)?.is_some())
        }
        Line::Own(..)
        | Line::Fetched(..)
        | Line::Settled(..)
        | Line::Draft(_)
        | Line::Forgotten(_)
        | Line::Settling(..)
        | Line::Forgetting(_)
        | Line::Packed(_) => Ok(true),
    }
}

/// Whatever is held is readable, whatever is here is held, and no file is here that is not.
pub(super) fn violations(store: &Store, book: &Path) -> Result<Vec<String>, KillError> {
    let mut broken = vec![];
    let mut held = std::collections::BTreeSet::new();
    let drafts = store.drafts()?;
    let of_drafts = drafts.iter().map(|draft| BlobOf::Draft(&draft.slot));
    for of in store.ids()?.into_iter().map(BlobOf::Record).chain(of_drafts) {
        for blob in store.blobs(of)? {
            held.insert(blob.hash);
            let here = matches!(blob.presence, Presence::Here { .. });
            if !here || !is_sound(store, of, blob.hash) {
                broken.push(format!("{of:?} names {} and it is not here", blob.hash));
            }
        }
    }
    let db = rusqlite::Connection::open(book).map_err(std::io::Error::other)?;
    let count = |sql: &str| -> Result<usize, KillError> {
        let n: i64 = db.query_row(sql, [], |row| row.get(0)).map_err(std::io::Error::other)?;
        Ok(usize::try_from(n).unwrap_or(usize::MAX))
    };
    let keys = count("SELECT count(*) FROM blob")?;
    let left = count("SELECT (SELECT count(*) FROM stranded) + (SELECT count(*) FROM blob_loose)")?;
    let files = files_in(&folder_of(book))?;
    if (keys, files, left) != (held.len(), held.len(), 0) {
        let held = held.len();
        broken.push(format!("{held} held, {keys} keys, {files} files, {left} left behind"));
    }
    Ok(broken)
}

/// The folder with a book's recordings.
pub(super) fn folder_of(book: &Path) -> std::path::PathBuf {
    let mut folder = book.as_os_str().to_owned();
    folder.push("-blobs");
    folder.into()
}

fn is_sound(store: &Store, of: BlobOf<'_>, hash: BlobHash) -> bool {
    // What is read was sealed under this hash.
    store.read_blob(of, hash).is_ok()
}

/// How many files lie in a folder and below it.
///
/// # Errors
/// Those of the file system.
pub fn files_in(folder: &Path) -> Result<usize, std::io::Error> {
    if !folder.exists() {
        return Ok(0);
    }
    let mut n = 0;
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        n += if path.is_dir() { files_in(&path)? } else { 1 };
    }
    Ok(n)
}

fn slot(stretch: u32) -> String {
    format!("gesprek-{stretch}")
}

fn typed(n: u32) -> String {
    format!("{{\"note\":\"tot hier {n:09}\"}}")
}

fn record_of(stretch: u32) -> RecordId {
    corpus::id(RECORDS_FROM + stretch)
}

/// Recording n, as a phone brings it; now and then a longer one, so that kills hit its file.
pub fn sound(n: u32) -> Attachable {
    let samples = if n.is_multiple_of(8) { 70_000 } else { 2_000 };
    let dice = &mut Dice::new(u64::from(n) ^ (1 << 47));
    let mut wav = b"RIFF\0\0\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0".to_vec();
    wav.extend([0x40, 0x1f, 0, 0, 0x40, 0x1f, 0, 0, 1, 0, 8, 0]);
    wav.extend(b"data");
    wav.extend(u32::to_le_bytes(samples));
    wav.extend((0..samples / 8).flat_map(|_| dice.roll().to_le_bytes()));
    prepare_audio(&wav).unwrap_or_else(|error| unreachable!("a sound recording: {error}"))
}

/// A key for recording n; each is written once.
pub fn key(n: u32) -> BlobKey {
    let dice = &mut Dice::new(u64::from(n) ^ (1 << 48));
    let mut key = [0; 32];
    for eight in key.chunks_mut(8) {
        eight.copy_from_slice(&dice.roll().to_le_bytes());
    }
    BlobKey::new(key)
}

const STRETCH: u32 = 24;
/// Above the numbers of all other records of a book.
const RECORDS_FROM: u32 = 100_000;
