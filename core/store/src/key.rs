//! The key of an encrypted database, and how one tells that a key is the wrong one.
//!
//! Keys are random bytes from the platform's keystore, never passphrases: deriving a key costs
//! 110 ms at each start. A key is overwritten when it is dropped and shown nowhere. Beside the
//! database lies a digest of its key, so that a wrong key is told from a damaged file.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};
use zeroize::{Zeroize, Zeroizing};

use crate::{OpenError, files};

/// The raw 32-byte key that a database is encrypted with.
#[derive(Clone)]
pub struct DatabaseKey([u8; KEY_BYTES]);

impl DatabaseKey {
    /// Takes the key over. The caller's copy is the caller's to erase.
    pub fn new(bytes: [u8; KEY_BYTES]) -> Self {
        Self(bytes)
    }

    /// Reads exactly 32 bytes; none when it is another number.
    pub fn from_slice(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    /// The key as SQLCipher takes a raw one: `x'<64 hex digits>'`.
    #[cfg_attr(not(feature = "sqlcipher"), expect(dead_code, reason = "only SQLCipher asks"))]
    pub(crate) fn literal(&self) -> Zeroizing<String> {
        // Made large enough at once: growing would leave copies behind.
        let mut literal = Zeroizing::new(String::with_capacity(2 * KEY_BYTES + 3));
        literal.push_str("x'");
        for byte in self.0 {
            for digit in [byte >> 4, byte & 15] {
                literal.push(char::from(DIGITS[usize::from(digit)]));
            }
        }
        literal.push('\'');
        literal
    }

    /// What lies beside the database: says which key it is, and nothing that helps to find it,
    /// since all 256 bits of a key are random.
    pub(crate) fn digest(&self) -> [u8; 32] {
        Sha256::new().chain_update(DOMAIN).chain_update(self.0).finalize().into()
    }
}

impl Drop for DatabaseKey {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl fmt::Debug for DatabaseKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DatabaseKey")
    }
}

/// The form of a database file, as its first bytes and what lies beside it tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// There is nothing yet.
    Absent,
    /// It begins as every plain database does.
    Plain,
    /// A digest of its key lies beside it.
    Encrypted,
    /// Neither: damaged, or encrypted by somebody else.
    Unknown,
}

impl Form {
    /// Looks at a file without changing it.
    pub(crate) fn of(path: &Path) -> std::io::Result<Self> {
        let start = files::start_of::<{ MAGIC.len() }>(path)?;
        Ok(match start {
            None => Self::Absent,
            Some(start) if start == *MAGIC => Self::Plain,
            Some(_) if digest_path(path).exists() => Self::Encrypted,
            Some(_) => Self::Unknown,
        })
    }
}

/// The digest that was kept beside a database; none when there is none that can be one.
pub(crate) fn kept_digest(path: &Path) -> std::io::Result<Option<[u8; 32]>> {
    match fs::read(digest_path(path)) {
        Ok(bytes) => Ok(bytes.try_into().ok()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Refuses a key that the database at `path` does not have, as far as its first bytes and its
/// digest tell; reads nothing else, so that a damaged one can be asked about too.
pub(crate) fn check_fits(path: &Path, key: Option<&DatabaseKey>) -> Result<(), OpenError> {
    match (Form::of(path)?, key) {
        (Form::Plain, Some(_)) => Err(OpenError::NotEncrypted),
        (Form::Encrypted, None) => Err(OpenError::KeyRequired),
        (Form::Encrypted, Some(key))
            if kept_digest(path)?.is_some_and(|kept| kept != key.digest()) =>
        {
            Err(OpenError::WrongKey)
        }
        (Form::Absent | Form::Unknown, _) | (Form::Plain, None) | (Form::Encrypted, Some(_)) => {
            Ok(())
        }
    }
}

/// Where the digest of a database's key lies.
pub(crate) fn digest_path(path: &Path) -> PathBuf {
    files::beside(path, "-key-check")
}

const KEY_BYTES: usize = 32;
const DIGITS: &[u8; 16] = b"0123456789abcdef";
const DOMAIN: &[u8] = b"wijkboek database key check 1\0";
const MAGIC: &[u8; 16] = b"SQLite format 3\0";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_shows_nothing_and_has_one_length() {
        let key = DatabaseKey::from_slice(&[0xab; 32]).expect("32 bytes");
        assert_eq!(format!("{key:?}"), "DatabaseKey");
        assert!(DatabaseKey::from_slice(&[1; 31]).is_none());
        assert!(DatabaseKey::from_slice(&[1; 33]).is_none());
        assert!(DatabaseKey::from_slice(&[]).is_none());
    }
}
