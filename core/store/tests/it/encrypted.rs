//! Keys: the right one opens, every other is told apart, and nothing is written meanwhile.

use std::fs;

use wijkboek_store::{DatabaseKey, OpenError, Store};

use crate::support::log;

fn key(n: u8) -> DatabaseKey {
    DatabaseKey::new([n; 32])
}

#[test]
fn a_plain_database_opens_without_a_key_only() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("boek.db");
    drop(Store::open(&path).expect("made"));
    let before = fs::read(&path).expect("read");
    let refused = Store::open_with_key(&path, &key(1)).expect_err("it is plain");
    if cfg!(feature = "sqlcipher") {
        assert!(matches!(refused, OpenError::NotEncrypted), "{refused:?}");
    } else {
        assert!(matches!(refused, OpenError::EncryptionUnavailable), "{refused:?}");
        assert!(matches!(Store::encrypt(&path, &key(1)), Err(OpenError::EncryptionUnavailable)));
    }
    assert_eq!(fs::read(&path).expect("read"), before);
    assert!(Store::open(&path).is_ok());
    let fresh = folder.path().join("nieuw.db");
    assert_eq!(Store::open_with_key(&fresh, &key(1)).is_ok(), cfg!(feature = "sqlcipher"));
    log(&mut Store::open(&path).expect("opened"), 1, "gaat door");
}

#[cfg(feature = "sqlcipher")]
mod sqlcipher {
    use std::path::Path;

    use wijkboek_store::{Filter, Scope};

    use super::*;
    use crate::support::{edit, memory, send};

    const NOTE: &str = "Zonnebloemwethouder fluistert bij lantaarnpaal";

    fn holds(path: &Path, needle: &[u8]) -> bool {
        ["", "-wal", "-shm"].iter().any(|suffix| {
            let bytes = fs::read(format!("{}{suffix}", path.display())).unwrap_or_default();
            bytes.windows(needle.len()).any(|window| window == needle)
        })
    }

    fn bytes(path: &Path) -> (Vec<u8>, Vec<u8>) {
        let part =
            |suffix: &str| fs::read(format!("{}{suffix}", path.display())).unwrap_or_default();
        (part(""), part("-wal"))
    }

    #[test]
    fn an_encrypted_database_shows_nothing_and_does_everything() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("boek.db");
        let mut store = Store::open_with_key(&path, &key(1)).expect("made");
        let (id, _) = log(&mut store, 1, NOTE);
        edit(&mut store, id, wijkboek_model::Edit::People(3).into_write(), 5);
        let mut others = memory();
        let (other, _) = log(&mut others, 2, "gewone melding over de straat");
        send(&others, &mut store, other);
        let found = Filter { text: Some("zonnebloemw".to_owned()), ..Filter::default() };
        assert_eq!(store.list(&Scope::All, &found, None, 9).expect("a list").rows.len(), 1);
        assert!(store.rebuild().expect("rebuilt").is_clean());
        store.checkpoint().expect("checkpointed");
        assert!(!holds(&path, b"lantaarnpaal") && !holds(&path, b"SQLite format 3"));
        assert!(!holds(&path, &[1; 32]), "the key is not in the file");
        drop(store);
        let store = Store::open_with_key(&path, &key(1)).expect("opened again");
        assert_eq!(store.row(id).expect("read").expect("a row").text, NOTE);
    }

    #[test]
    fn another_key_or_none_is_told_apart_and_changes_nothing() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("boek.db");
        let mut store = Store::open_with_key(&path, &key(1)).expect("made");
        log(&mut store, 1, NOTE);
        // A copy with its log, as after a crash.
        let copy = folder.path().join("kopie.db");
        for suffix in ["", "-wal", "-key-check"] {
            let part = |p: &Path| format!("{}{suffix}", p.display());
            fs::copy(part(&path), part(&copy)).expect("copied");
        }
        let before = bytes(&copy);
        assert!(!before.1.is_empty());
        for _ in 0..2 {
            assert!(matches!(Store::open_with_key(&copy, &key(2)), Err(OpenError::WrongKey)));
            assert!(matches!(Store::encrypt(&copy, &key(2)), Err(OpenError::WrongKey)));
            assert!(matches!(Store::open(&copy), Err(OpenError::KeyRequired)));
            assert_eq!(bytes(&copy), before);
        }
        fs::remove_file(folder.path().join("kopie.db-key-check")).expect("removed");
        assert!(matches!(Store::open_with_key(&copy, &key(2)), Err(OpenError::WrongKey)));
        assert_eq!(bytes(&copy), before);
        assert_eq!(Store::open_with_key(&copy, &key(1)).expect("opens").unsent().expect("n"), 1);
        assert!(matches!(Store::open(&copy), Err(OpenError::KeyRequired)), "known again");
    }

    #[test]
    fn a_damaged_page_is_not_taken_for_a_wrong_key() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("boek.db");
        let mut store = Store::open_with_key(&path, &key(1)).expect("made");
        log(&mut store, 1, NOTE);
        drop(store);
        let mut damaged = fs::read(&path).expect("read");
        damaged[2_000] ^= 1;
        fs::write(&path, &damaged).expect("written");
        assert!(matches!(Store::open_with_key(&path, &key(1)), Err(OpenError::Damaged)));
        assert!(matches!(Store::open_with_key(&path, &key(2)), Err(OpenError::WrongKey)));
        assert_eq!(fs::read(&path).expect("read"), damaged);
    }

    #[test]
    fn a_plain_database_is_encrypted_in_its_place() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("boek.db");
        let mut store = Store::open(&path).expect("made");
        let (id, change) = log(&mut store, 1, NOTE);
        store.save_draft("nieuw", "half een z").expect("saved");
        drop(store);
        assert!(holds(&path, b"lantaarnpaal"));
        // What an earlier attempt left behind when it was killed.
        fs::write(folder.path().join("boek.db-encrypting"), [7; 5_000]).expect("written");
        Store::encrypt(&path, &key(3)).expect("encrypted");
        Store::encrypt(&path, &key(3)).expect("again is nothing");
        assert!(!holds(&path, b"lantaarnpaal") && !holds(&path, b"half een z"));
        let mut store = Store::open_with_key(&path, &key(3)).expect("opened");
        assert_eq!(store.row(id).expect("read").expect("a row").text, NOTE);
        assert_eq!(store.outbox(9, 9_999).expect("outbox")[0].change, change);
        assert_eq!(store.draft("nieuw").expect("read").as_deref(), Some("half een z"));
        assert!(store.rebuild().expect("rebuilt").is_clean());
        let names: Vec<_> = fs::read_dir(folder.path())
            .expect("listed")
            .map(|entry| entry.expect("an entry").file_name())
            .filter(|name| name.to_string_lossy().contains("encrypting"))
            .collect();
        assert!(names.is_empty(), "{names:?}");
    }

    #[test]
    fn a_database_in_use_is_not_encrypted() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("boek.db");
        let mut store = Store::open(&path).expect("made");
        log(&mut store, 1, NOTE);
        let reader = rusqlite::Connection::open(&path).expect("opened");
        reader.execute_batch("BEGIN; SELECT count(*) FROM change").expect("reads");
        log(&mut store, 2, NOTE);
        assert!(matches!(Store::encrypt(&path, &key(1)), Err(OpenError::Locked)));
        assert!(Store::open(&path).is_ok());
    }
}
