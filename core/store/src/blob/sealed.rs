//! One encrypted file: XChaCha20-Poly1305 over chunks of 64 KiB, so that a part of a long
//! recording is read without the rest.
//!
//! Each chunk's nonce holds its number and whether it is the last, and its associated data the
//! content's hash. So chunks that changed places, a file that was cut off and a file in another's
//! place are all found out. A key is for one file only; should one be used twice, the hash in the
//! nonce still keeps two contents apart.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::ops::Range;
use std::path::Path;

use chacha20poly1305::aead::AeadInOut;
use chacha20poly1305::{KeyInit, Tag, XChaCha20Poly1305, XNonce};
use sha2::{Digest, Sha256};
use wijkboek_model::BlobHash;

use super::BlobKey;

/// Why a content could not be sealed.
#[derive(Debug)]
pub(super) enum SealError {
    /// Reading the content or writing the file failed.
    Io(io::Error),
    /// The content is not what its hash says.
    OtherContent,
    /// The content is larger than any attachment.
    TooLarge,
}

impl From<io::Error> for SealError {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// Why a sealed file could not be read.
#[derive(Debug)]
pub(super) enum ReadError {
    /// It is not there, not whole, or not what was written.
    Damaged,
    /// The disk failed.
    Io(io::Error),
}

impl From<io::Error> for ReadError {
    fn from(error: io::Error) -> Self {
        if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::UnexpectedEof) {
            Self::Damaged
        } else {
            Self::Io(error)
        }
    }
}

/// What was sealed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Sealed {
    /// Bytes of the content.
    pub(super) size: u64,
    /// Its first bytes, zeros where it is shorter.
    pub(super) start: [u8; START],
}

/// Encrypts a content to its end, and checks that it is the one that its hash names.
pub(super) fn seal(
    content: &mut dyn Read,
    out: &mut dyn Write,
    key: &BlobKey,
    hash: BlobHash,
) -> Result<Sealed, SealError> {
    seal_up_to(BLOB_BYTES_MAX, content, out, key, hash)
}

fn seal_up_to(
    bytes_max: u64,
    content: &mut dyn Read,
    out: &mut dyn Write,
    key: &BlobKey,
    hash: BlobHash,
) -> Result<Sealed, SealError> {
    let cipher = cipher(key);
    let mut digest = Sha256::new();
    let mut start = [0; START];
    let (mut size, mut index) = (0_u64, 0_u64);
    out.write_all(MAGIC)?;
    let mut chunk = read_chunk(content)?;
    let head = chunk.len().min(START);
    start[..head].copy_from_slice(&chunk[..head]);
    loop {
        size += chunk.len() as u64;
        if size > bytes_max {
            return Err(SealError::TooLarge);
        }
        digest.update(&chunk);
        // Only the next one tells whether this is the last.
        let next = if chunk.len() < CHUNK { vec![] } else { read_chunk(content)? };
        let nonce = nonce(index, next.is_empty(), hash);
        let data = associated(hash);
        let Ok(tag) = cipher.encrypt_inout_detached(&nonce, &data, chunk.as_mut_slice().into())
        else {
            unreachable!("a chunk of 64 KiB is shorter than any cipher's limit");
        };
        out.write_all(&chunk)?;
        out.write_all(&tag)?;
        if next.is_empty() {
            break;
        }
        (chunk, index) = (next, index + 1);
    }
    if <[u8; 32]>::from(digest.finalize()) != *hash.as_bytes() {
        return Err(SealError::OtherContent);
    }
    Ok(Sealed { size, start })
}

/// Reads a part of a content of this size. What lies behind its end is not there.
pub(super) fn read(
    path: &Path,
    key: &BlobKey,
    hash: BlobHash,
    size: u64,
    range: Range<u64>,
) -> Result<Vec<u8>, ReadError> {
    let range = range.start..range.end.min(size);
    if range.is_empty() {
        return Ok(vec![]);
    }
    let mut file = File::open(path)?;
    let mut magic = [0; MAGIC.len()];
    file.read_exact(&mut magic)?;
    if magic != *MAGIC || file.metadata()?.len() != sealed_len(size) {
        return Err(ReadError::Damaged);
    }
    let cipher = cipher(key);
    let last = chunks(size) - 1;
    let mut out = Vec::new();
    let mut index = range.start / CHUNK_BYTES;
    file.seek(SeekFrom::Start(place(index)))?;
    while index * CHUNK_BYTES < range.end {
        let from = index * CHUNK_BYTES;
        let length = (size - from).min(CHUNK_BYTES);
        let mut chunk = vec![0; usize::try_from(length).map_err(|_| ReadError::Damaged)?];
        file.read_exact(&mut chunk)?;
        let mut tag = Tag::default();
        file.read_exact(&mut tag)?;
        let nonce = nonce(index, index == last, hash);
        cipher
            .decrypt_inout_detached(&nonce, &associated(hash), chunk.as_mut_slice().into(), &tag)
            .map_err(|_| ReadError::Damaged)?;
        let within = |at: u64| usize::try_from(at.clamp(from, from + length) - from).unwrap_or(0);
        out.extend_from_slice(&chunk[within(range.start)..within(range.end)]);
        index += 1;
    }
    Ok(out)
}

/// How long the file of a content of this size is.
pub(super) fn sealed_len(size: u64) -> u64 {
    MAGIC.len() as u64 + size + chunks(size) * TAG
}

/// An empty content has one empty chunk, so that its end is sealed too.
fn chunks(size: u64) -> u64 {
    size.div_ceil(CHUNK_BYTES).max(1)
}

fn place(index: u64) -> u64 {
    MAGIC.len() as u64 + index * (CHUNK_BYTES + TAG)
}

fn cipher(key: &BlobKey) -> XChaCha20Poly1305 {
    XChaCha20Poly1305::new(key.bytes().into())
}

fn nonce(index: u64, last: bool, hash: BlobHash) -> XNonce {
    let mut nonce = XNonce::default();
    nonce[..8].copy_from_slice(&index.to_le_bytes());
    nonce[8] = u8::from(last);
    nonce[9..].copy_from_slice(&hash.as_bytes()[..15]);
    nonce
}

fn associated(hash: BlobHash) -> [u8; 40] {
    let mut data = [0; 40];
    data[..8].copy_from_slice(MAGIC);
    data[8..].copy_from_slice(hash.as_bytes());
    data
}

/// As much as a chunk holds; less only at the end.
fn read_chunk(content: &mut dyn Read) -> io::Result<Vec<u8>> {
    let mut chunk = Vec::with_capacity(CHUNK);
    content.take(CHUNK_BYTES).read_to_end(&mut chunk)?;
    Ok(chunk)
}

/// How much of a content's start tells what it is.
pub(super) const START: usize = 12;
/// More than any attachment may have; a server that sends more is not believed.
pub(super) const BLOB_BYTES_MAX: u64 = 64_000_000;
const CHUNK: usize = 64 * 1024;
const CHUNK_BYTES: u64 = CHUNK as u64;
const TAG: u64 = 16;
/// The last byte is the format's version.
const MAGIC: &[u8; 8] = b"WIJKBLB\x01";

#[cfg(test)]
mod tests {
    use super::*;

    fn hash_of(content: &[u8]) -> BlobHash {
        BlobHash::new(Sha256::digest(content).into())
    }

    fn key(n: u8) -> BlobKey {
        BlobKey::new([n; 32])
    }

    /// Bytes of which no two stretches are equal.
    fn content(size: usize) -> Vec<u8> {
        (0..size.div_ceil(4))
            .flat_map(|n| {
                u32::try_from(n).expect("small").wrapping_mul(2_654_435_761).to_le_bytes()
            })
            .take(size)
            .collect()
    }

    fn sealed(content: &[u8], key: &BlobKey) -> Vec<u8> {
        let mut out = vec![];
        let sealed = seal(&mut &content[..], &mut out, key, hash_of(content)).expect("sealed");
        assert_eq!(sealed.size, content.len() as u64);
        assert_eq!(out.len() as u64, sealed_len(sealed.size));
        out
    }

    fn part(
        file: &[u8],
        key: &BlobKey,
        of: &[u8],
        range: Range<u64>,
    ) -> Result<Vec<u8>, ReadError> {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("blob");
        std::fs::write(&path, file).expect("written");
        read(&path, key, hash_of(of), of.len() as u64, range)
    }

    fn is_found_out(file: &[u8], of: &[u8]) {
        for range in [0..u64::MAX, 0..1, (of.len() as u64).saturating_sub(1)..u64::MAX] {
            if matches!(part(file, &key(1), of, range), Err(ReadError::Damaged)) {
                return;
            }
        }
        panic!("nobody noticed");
    }

    #[test]
    fn every_size_and_range_comes_back() {
        for size in [0, 1, 15, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK, 3 * CHUNK + 7] {
            let plain = content(size);
            let file = sealed(&plain, &key(1));
            for (from, to) in
                [(0, size), (0, 1), (size / 2, size), (size, size + 9), (9, 3), (0, size + 1)]
            {
                let range = from as u64..to as u64;
                let expected = plain.get(from..to.min(size)).unwrap_or_default();
                let found = part(&file, &key(1), &plain, range).expect("read");
                assert_eq!(found, expected, "{size}: {from}..{to}");
            }
        }
        let plain = content(3 * CHUNK);
        let file = sealed(&plain, &key(1));
        let across = CHUNK_BYTES - 5..2 * CHUNK_BYTES + 5;
        let found = part(&file, &key(1), &plain, across).expect("read");
        assert_eq!(found, plain[CHUNK - 5..2 * CHUNK + 5]);
    }

    #[test]
    fn nothing_of_the_content_is_in_the_file() {
        let plain = b"Zonnebloemstraat 14 ".repeat(500);
        let file = sealed(&plain, &key(1));
        assert!(!file.windows(8).any(|window| window == b"Zonneblo"));
        assert!(!file.windows(8).any(|window| window == &hash_of(&plain).as_bytes()[..8]));
    }

    #[test]
    fn what_was_changed_is_found_out() {
        let plain = content(3 * CHUNK);
        let file = sealed(&plain, &key(1));
        let frame = CHUNK + 16;
        // Two chunks in each other's place; the end cut off, within a chunk and between two.
        let mut swapped = file.clone();
        let (first, second) = swapped[8..].split_at_mut(frame);
        first.swap_with_slice(&mut second[..frame]);
        is_found_out(&swapped, &plain);
        for cut in [1, frame, 2 * frame] {
            is_found_out(&file[..file.len() - cut], &plain);
        }
        is_found_out(&[], &plain);
        for at in [0, 7, 8, 8 + CHUNK, file.len() - 1] {
            let mut flipped = file.clone();
            flipped[at] ^= 1;
            is_found_out(&flipped, &plain);
        }
        // Another file of the same length, whose key this is not; or even with the same key.
        let mut other = plain.clone();
        other[0] ^= 1;
        is_found_out(&sealed(&other, &key(2)), &plain);
        is_found_out(&sealed(&other, &key(1)), &plain);
    }

    #[test]
    fn a_file_cut_at_a_chunk_is_not_a_shorter_content() {
        let plain = content(3 * CHUNK);
        let file = sealed(&plain, &key(1));
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("blob");
        std::fs::write(&path, &file[..8 + 2 * (CHUNK + 16)]).expect("written");
        // Even if somebody changed the size in the database too.
        let found = read(&path, &key(1), hash_of(&plain), 2 * CHUNK_BYTES, 0..u64::MAX);
        assert!(matches!(found, Err(ReadError::Damaged)));
    }

    #[test]
    fn another_content_than_announced_is_refused() {
        let mut out = vec![];
        let refused = seal(&mut &b"iets anders"[..], &mut out, &key(1), hash_of(b"iets"));
        assert!(matches!(refused, Err(SealError::OtherContent)));
        let mut endless = io::repeat(7);
        let refused = seal_up_to(100_000, &mut endless, &mut io::sink(), &key(1), hash_of(b""));
        assert!(matches!(refused, Err(SealError::TooLarge)));
    }
}
