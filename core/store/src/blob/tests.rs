//! Killed between any two steps of adding and of deleting, and a full disk: what was held before is
//! held, and nothing is left over.

use std::fs;
use std::path::PathBuf;

use sha2::{Digest, Sha256};
use wijkboek_model::BlobHash;

use super::*;

const SLOT: &str = "nieuw";

fn content(n: u8) -> Attachable {
    let mut wav = b"RIFF\0\0\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0".to_vec();
    wav.extend([0x40, 0x1f, 0, 0, 0x40, 0x1f, 0, 0, 1, 0, 8, 0]);
    wav.extend(b"data");
    wav.extend(80_000_u32.to_le_bytes());
    wav.extend(std::iter::repeat_n(n, 80_000));
    crate::prepare_audio(&wav).expect("a recording")
}

fn key(n: u8) -> BlobKey {
    BlobKey::new(Sha256::digest([n]).into())
}

struct Book {
    folder: tempfile::TempDir,
    held: Vec<(BlobHash, Attachable)>,
}

impl Book {
    /// A book with one recording on its draft.
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let mut book = Self { folder, held: vec![] };
        let one = content(1);
        let hash = book.open().attach_to_draft(SLOT, &one, key(1)).expect("attached");
        book.held.push((hash, one));
        book
    }

    fn open(&self) -> Store {
        Store::open(&self.folder.path().join("boek.db")).expect("opened")
    }

    fn path_of(&self, n: u8) -> PathBuf {
        let folder = Folder::beside(&self.folder.path().join("boek.db"));
        folder.path(FileName::of(&key(n), content(n).hash()))
    }

    fn fresh_of(&self, n: u8) -> PathBuf {
        files::beside(&self.path_of(n), files::FRESH)
    }

    /// Opens it, and looks whether exactly what is held is there.
    fn is_whole(&self, when: &str) {
        let store = self.open();
        let of = BlobOf::Draft(SLOT);
        let listed: Vec<BlobHash> =
            store.blobs(of).expect("listed").iter().map(|blob| blob.hash).collect();
        let held: Vec<BlobHash> = self.held.iter().map(|(hash, _)| *hash).collect();
        assert_eq!(listed, held, "{when}");
        for (hash, content) in &self.held {
            assert_eq!(store.read_blob(of, *hash).expect(when), content.bytes(), "{when}");
        }
        let count = |table: &str| -> usize {
            let sql = format!("SELECT count(*) FROM {table}");
            let n: i64 = store.connection.query_row(&sql, [], |row| row.get(0)).expect("a number");
            usize::try_from(n).expect("small")
        };
        assert_eq!(count("blob"), held.len(), "{when}");
        assert_eq!(count("stranded") + count("blob_loose"), 0, "{when}");
        let files = [1, 2].iter().filter(|n| self.path_of(**n).exists()).count();
        assert_eq!(files, held.len(), "{when}");
        assert!(!self.fresh_of(1).exists() && !self.fresh_of(2).exists(), "{when}");
    }
}

/// What `claim` does, up to so many steps.
fn add_until(book: &Book, steps: usize) {
    let two = content(2);
    let mut store = book.open();
    let name = FileName::of(&key(2), two.hash());
    let tx = store.write().expect("a transaction");
    sweep::strand(&tx, name).expect("announced");
    tx.commit().expect("committed");
    if steps == 1 {
        return;
    }
    let mut sealed = vec![];
    sealed::seal(&mut two.bytes(), &mut sealed, &key(2), two.hash()).expect("sealed");
    let (fresh, path) = (book.fresh_of(2), book.path_of(2));
    fs::create_dir_all(path.parent().expect("a folder")).expect("made");
    match steps {
        2 => fs::write(&fresh, b"").expect("written"),
        3 => fs::write(&fresh, &sealed[..70_000]).expect("written"),
        4 => fs::write(&fresh, &sealed).expect("written"),
        _ => fs::write(&path, &sealed).expect("written"),
    }
    if steps == 6 {
        // Claimed, and not committed.
        let tx = store.write().expect("a transaction");
        tx.execute("DELETE FROM stranded", []).expect("claimed");
        let entered = Entered { key: key(2), size: two.bytes().len() as u64, media_type: None };
        entered.save(&tx, two.hash()).expect("claimed");
    }
}

#[test]
fn killed_between_any_two_steps_of_adding() {
    for steps in 1..=6 {
        let mut book = Book::new();
        add_until(&book, steps);
        book.is_whole(&format!("killed after step {steps}"));
        // And the same content can be added then.
        let two = content(2);
        let hash = book.open().attach_to_draft(SLOT, &two, key(2)).expect("attached");
        book.held.push((hash, two));
        book.is_whole(&format!("added after step {steps}"));
    }
}

#[test]
fn killed_between_any_two_steps_of_deleting() {
    for steps in 1..=3 {
        let mut book = Book::new();
        let two = content(2);
        let hash = book.open().attach_to_draft(SLOT, &two, key(2)).expect("attached");
        let mut store = book.open();
        // Let go of, and swept no further than this.
        store
            .connection
            .execute("DELETE FROM draft_blob WHERE hash = ?1", [hash.as_bytes()])
            .expect("let go of");
        if steps > 1 {
            sweep::collect(&mut store.connection).expect("the key is gone");
            let file = fs::read(book.path_of(2)).expect("the file is there");
            assert!(file.len() > 80_000);
            let left = Entered::of(&store.connection, hash).expect("read");
            assert!(left.is_none(), "and nothing opens it any more");
        }
        if steps > 2 {
            fs::remove_file(book.path_of(2)).expect("the file is gone");
        }
        drop(store);
        book.is_whole(&format!("killed after step {steps}"));
        let hash = book.open().attach_to_draft(SLOT, &two, key(2)).expect("attached");
        book.held.push((hash, two));
        book.is_whole("added again");
    }
}

#[test]
fn what_another_connection_sweeps_meanwhile_is_announced_once_more() {
    let book = Book::new();
    add_until(&book, 5);
    let mut store = book.open();
    assert!(!book.path_of(2).exists(), "opening swept it");
    store.attach_to_draft(SLOT, &content(2), key(2)).expect("attached");
    assert!(book.path_of(2).exists());
}

/// Everything that is written to it says that there is no space left.
#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_said_and_loses_nothing() {
    let mut book = Book::new();
    let mut store = book.open();
    store.save_draft(SLOT, "zo ver was ik").expect("saved");
    let (fresh, two) = (book.fresh_of(2), content(2));
    fs::create_dir_all(fresh.parent().expect("a folder")).expect("made");
    std::os::unix::fs::symlink("/dev/full", &fresh).expect("linked");
    let full = store.attach_to_draft(SLOT, &two, key(2));
    assert!(matches!(full, Err(StoreError::Full)), "{full:?}");
    assert_eq!(store.draft(SLOT).expect("read").as_deref(), Some("zo ver was ik"));
    drop(store);
    book.is_whole("the disk was full");
    let hash = book.open().attach_to_draft(SLOT, &two, key(2)).expect("there is room again");
    book.held.push((hash, two));
    book.is_whole("there is room again");
}
