//! Secrets that people and devices carry: random, shown once, and kept as SHA-256 only.

use sha2::{Digest, Sha256};
use wijkboek_model::{EntryId, InstallId, Timestamp};

/// The system gave no randomness.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the system gives no randomness")]
pub struct NoRandomness;

/// SHA-256 of a secret, which is all that the server keeps.
pub type SecretHash = [u8; 32];

/// Letters that are hard to mistake for each other when typed over.
const ALPHABET: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";

/// So many random bytes.
///
/// # Errors
/// [`NoRandomness`].
pub fn random<const N: usize>() -> Result<[u8; N], NoRandomness> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|_| NoRandomness)?;
    Ok(bytes)
}

/// A token of 32 random bytes as base64url, for devices and sessions.
///
/// # Errors
/// [`NoRandomness`].
pub fn token() -> Result<String, NoRandomness> {
    Ok(base64url(&random::<32>()?))
}

/// A code of 60 random bits that a person can type: `ABCD-EFGH-JKLM`.
///
/// # Errors
/// [`NoRandomness`].
pub fn code() -> Result<String, NoRandomness> {
    let bytes = random::<12>()?;
    let mut code = String::with_capacity(14);
    for (position, byte) in bytes.iter().enumerate() {
        if position % 4 == 0 && position > 0 {
            code.push('-');
        }
        code.push(char::from(ALPHABET[usize::from(byte % 32)]));
    }
    Ok(code)
}

/// An installation id for the office's own edits.
///
/// # Errors
/// [`NoRandomness`].
pub fn install() -> Result<InstallId, NoRandomness> {
    random().map(InstallId::new)
}

/// An entry id for a thread.
///
/// # Errors
/// [`NoRandomness`].
pub fn entry_id(at: Timestamp) -> Result<EntryId, NoRandomness> {
    random().map(|bytes| EntryId::from_parts(at, bytes))
}

/// The hash under which a token is kept.
pub fn hash(secret: &str) -> SecretHash {
    Sha256::digest(secret.as_bytes()).into()
}

/// The hash under which a code is kept: case, spaces and hyphens do not count.
pub fn code_hash(typed: &str) -> SecretHash {
    let bare: String = typed
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|letter| letter.to_ascii_uppercase())
        .collect();
    hash(&bare)
}

/// Base64url without padding (RFC 4648, section 5).
fn base64url(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let group = (u32::from(chunk[0]) << 16)
            | (u32::from(chunk.get(1).copied().unwrap_or(0)) << 8)
            | u32::from(chunk.get(2).copied().unwrap_or(0));
        for letter in 0..=chunk.len() {
            let index = (group >> (18 - 6 * letter)) & 63;
            text.push(char::from(LETTERS[index as usize]));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64url_follows_the_standard() {
        assert_eq!(base64url(b""), "");
        assert_eq!(base64url(b"f"), "Zg");
        assert_eq!(base64url(b"fo"), "Zm8");
        assert_eq!(base64url(b"foobar"), "Zm9vYmFy");
        assert_eq!(base64url(&[0xfb, 0xff]), "-_8");
    }

    #[test]
    fn a_code_may_be_typed_carelessly() {
        let code = code().expect("randomness");
        assert_eq!(code.len(), 14);
        let careless = code.to_lowercase().replace('-', " ");
        assert_eq!(code_hash(&code), code_hash(&careless));
    }
}
