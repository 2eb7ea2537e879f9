//! The key of the database, as the shells hand it over.

use std::fs;

use tempfile::TempDir;
use wijkboek_bindings::{Rule, Wijkboek, WijkboekError};

const KEY: [u8; 32] = [7; 32];

#[test]
fn a_key_of_another_length_is_refused_before_anything_is_made() {
    let folder = TempDir::new().expect("a folder");
    let path = folder.path().join("logboek.db");
    for bytes in [0, 31, 33] {
        let refused = Wijkboek::open_with_key(path.display().to_string(), vec![7; bytes])
            .expect_err("it is no key");
        let expected =
            WijkboekError::Invalid { field: "database_key".to_owned(), rule: Rule::Unreadable };
        assert_eq!(refused, expected);
    }
    assert_eq!(fs::read_dir(folder.path()).expect("read").count(), 0);
}

#[cfg(not(feature = "sqlcipher"))]
#[test]
fn a_build_without_encryption_never_writes_what_should_have_been_encrypted() {
    let folder = TempDir::new().expect("a folder");
    let path = folder.path().join("logboek.db");
    let refused = Wijkboek::open_with_key(path.display().to_string(), KEY.to_vec())
        .expect_err("it cannot encrypt");
    assert_eq!(refused, WijkboekError::EncryptionUnavailable);
    assert!(!path.exists());
}

#[cfg(feature = "sqlcipher")]
mod with_encryption {
    use super::*;
    use wijkboek_bindings::DraftView;

    fn draft() -> DraftView {
        DraftView {
            slot: "capture".to_owned(),
            json: "een half gesprek over de speeltuin".to_owned(),
        }
    }

    #[test]
    fn the_file_reads_only_with_its_key_and_a_plain_one_is_encrypted_in_its_place() {
        let folder = TempDir::new().expect("a folder");
        let path = folder.path().join("logboek.db");
        let name = path.display().to_string();
        let plain = Wijkboek::open(name.clone()).expect("opens");
        plain.save_draft(draft()).expect("kept");
        drop(plain);

        let encrypted = Wijkboek::open_with_key(name.clone(), KEY.to_vec()).expect("encrypts");
        assert_eq!(encrypted.draft("capture".to_owned()).expect("read"), Some(draft()));
        drop(encrypted);
        for file in fs::read_dir(folder.path()).expect("read") {
            let bytes = fs::read(file.expect("an entry").path()).expect("a file");
            assert!(!bytes.windows(9).any(|part| part == b"speeltuin"));
        }

        let other = Wijkboek::open_with_key(name.clone(), vec![8; 32]).expect_err("another key");
        assert_eq!(other, WijkboekError::KeyLost);
        assert_eq!(Wijkboek::open(name.clone()).expect_err("no key"), WijkboekError::KeyLost);
        let again = Wijkboek::open_with_key(name, KEY.to_vec()).expect("opens again");
        assert_eq!(again.draft("capture".to_owned()).expect("read"), Some(draft()));
    }
}
