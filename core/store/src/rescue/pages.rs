//! The pages of a plain database file as its write-ahead log left them, damaged or not.
//!
//! A frame of the log counts when its checksum follows from the frame before it and a commit comes
//! after it; otherwise what stood there before does. No length is trusted.

use std::collections::BTreeMap;

/// Pages by number, from 1.
pub(super) struct Pages<'a> {
    pub(super) size: usize,
    by_number: BTreeMap<u32, &'a [u8]>,
}

impl<'a> Pages<'a> {
    pub(super) fn read(file: &'a [u8], log: &'a [u8]) -> Self {
        let size = page_size(file, log);
        let mut by_number: BTreeMap<u32, &[u8]> = (1..).zip(file.chunks_exact(size)).collect();
        for (number, page) in committed(log, size) {
            by_number.insert(number, page);
        }
        Self { size, by_number }
    }

    pub(super) fn get(&self, number: u32) -> Option<&'a [u8]> {
        self.by_number.get(&number).copied()
    }

    pub(super) fn all(&self) -> impl Iterator<Item = (u32, &'a [u8])> {
        self.by_number.iter().map(|(number, page)| (*number, *page))
    }
}

/// The frames of the log's present round up to its last commit, leaving out those whose bytes are
/// not what was written.
fn committed(log: &[u8], size: usize) -> Vec<(u32, &[u8])> {
    let (Some(salt), Some(magic)) = (log.get(16..24), be32(log, 0)) else { return vec![] };
    let big_endian = magic & 1 == 1;
    let mut before = log.get(24..32);
    let mut found = vec![];
    let mut up_to_commit = 0;
    for frame in log.get(32..).unwrap_or_default().chunks_exact(FRAME_HEADER + size) {
        let (header, page) = frame.split_at(FRAME_HEADER);
        // What follows is of an earlier round.
        if header.get(8..16) != Some(salt) {
            // One damaged header must not hide the frames behind it.
            before = None;
            continue;
        }
        let sum = header.get(16..24);
        let sound = before.zip(sum).is_some_and(|(before, sum)| {
            let start = checksum(words(before, true), &header[..8], big_endian);
            join(checksum(start, page, big_endian)) == sum
        });
        before = sum;
        if let (true, Some(number), Some(commits)) = (sound, be32(header, 0), be32(header, 4)) {
            found.push((number, page));
            if commits > 0 {
                up_to_commit = found.len();
            }
        }
    }
    found.truncate(up_to_commit);
    found
}

/// SQLite's checksum of a frame (fileformat2.html, section 4.2).
fn checksum((mut one, mut two): (u32, u32), bytes: &[u8], big_endian: bool) -> (u32, u32) {
    for pair in bytes.chunks_exact(8) {
        let (a, b) = words(pair, big_endian);
        one = one.wrapping_add(a).wrapping_add(two);
        two = two.wrapping_add(b).wrapping_add(one);
    }
    (one, two)
}

fn words(eight: &[u8], big_endian: bool) -> (u32, u32) {
    let word = |at: usize| {
        let bytes: [u8; 4] = eight[at..at + 4].try_into().unwrap_or_default();
        if big_endian { u32::from_be_bytes(bytes) } else { u32::from_le_bytes(bytes) }
    };
    (word(0), word(4))
}

fn join((one, two): (u32, u32)) -> [u8; 8] {
    let mut bytes = [0; 8];
    bytes[..4].copy_from_slice(&one.to_be_bytes());
    bytes[4..].copy_from_slice(&two.to_be_bytes());
    bytes
}

/// The size by the header of the file or of the log; ours are 4,096 when neither says.
fn page_size(file: &[u8], log: &[u8]) -> usize {
    let by_file = be16(file, 16).filter(|_| file.starts_with(b"SQLite format 3\0"));
    let by_log = be32(log, 8).and_then(|size| usize::try_from(size).ok());
    let known = |size: &usize| size.is_power_of_two() && (512..=32_768).contains(size);
    by_file.into_iter().chain(by_log).find(known).unwrap_or(4_096)
}

pub(super) fn be16(bytes: &[u8], at: usize) -> Option<usize> {
    Some(usize::from(*bytes.get(at)?) << 8 | usize::from(*bytes.get(at.checked_add(1)?)?))
}

pub(super) fn be32(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..at.checked_add(4)?)?.try_into().ok().map(u32::from_be_bytes)
}

const FRAME_HEADER: usize = 24;
