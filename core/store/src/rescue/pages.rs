//! The pages of a plain database file as its write-ahead log left them, damaged or not.
//!
//! A frame of the log counts when its checksum follows from the frame before it and a commit comes
//! after it; otherwise what stood there before does. No length is trusted.

use std::collections::BTreeMap;

/// Pages by number, from 1.
pub(super) struct Pages<'a> {
    pub(super) size: usize,
    by_number: BTreeMap<u32, &'a [u8]>,
    /// Where part of the log cannot be read, every older page too: a row may have moved from a
    /// page that is here in its newest form to one that is not.
    pub(super) older: Vec<(u32, &'a [u8])>,
}

impl<'a> Pages<'a> {
    pub(super) fn read(file: &'a [u8], log: &'a [u8]) -> Self {
        let size = page_size(file, log);
        let in_file = || (1..).zip(file.chunks_exact(size));
        let mut by_number: BTreeMap<u32, &[u8]> = in_file().collect();
        let Log { committed, damaged } = Log::read(log, size);
        let mut older = vec![];
        if damaged != Damage::None {
            older.extend(in_file().chain(committed.iter().copied()));
        }
        // Frames behind a damaged header may be of an earlier round than the file.
        if damaged != Damage::Header {
            by_number.extend(committed);
        }
        Self { size, by_number, older }
    }

    pub(super) fn get(&self, number: u32) -> Option<&'a [u8]> {
        self.by_number.get(&number).copied()
    }

    pub(super) fn newest(&self) -> impl Iterator<Item = (u32, &'a [u8])> {
        self.by_number.iter().map(|(number, page)| (*number, *page))
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Damage {
    None,
    Frames,
    Header,
}

/// A write-ahead log.
struct Log<'a> {
    /// The frames of its present round up to the last commit, without those whose bytes are not
    /// what was written.
    committed: Vec<(u32, &'a [u8])>,
    damaged: Damage,
}

impl<'a> Log<'a> {
    fn read(log: &'a [u8], size: usize) -> Self {
        let mut read = Self { committed: vec![], damaged: Damage::None };
        let (Some(header), Some(frames)) = (log.get(..HEADER), log.get(HEADER..)) else {
            return read;
        };
        let magic = be32(header, 0).filter(|magic| magic | 1 == MAGIC | 1);
        let big_endian = magic.is_some_and(|magic| magic & 1 == 1);
        let sum = join(checksum((0, 0), &header[..24], big_endian));
        let mut salt = &header[16..24];
        let mut before = Some(&header[24..]);
        if magic.is_none() || sum != header[24..] {
            read.damaged = Damage::Header;
            salt = frames.get(8..16).unwrap_or_default();
            before = None;
        }
        let mut up_to_commit = 0;
        for frame in frames.chunks_exact(FRAME_HEADER + size) {
            let (header, page) = frame.split_at(FRAME_HEADER);
            let sum = &header[16..24];
            let follows = before.is_some_and(|before| {
                let start = checksum(words(before, true), &header[..8], big_endian);
                join(checksum(start, page, big_endian)) == sum
            });
            before = Some(sum);
            if &header[8..16] != salt || !follows {
                // Of an earlier round, or damaged; the frames behind it may be sound.
                if read.damaged == Damage::None && &header[8..16] == salt {
                    read.damaged = Damage::Frames;
                }
                continue;
            }
            if let (Some(number), Some(commits)) = (be32(header, 0), be32(header, 4)) {
                read.committed.push((number, page));
                if commits > 0 {
                    up_to_commit = read.committed.len();
                }
            }
        }
        read.committed.truncate(up_to_commit);
        read
    }
}

/// `SQLite`'s checksum of a frame (fileformat2.html, section 4.2).
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

const HEADER: usize = 32;
const FRAME_HEADER: usize = 24;
const MAGIC: u32 = 0x377f_0682;
