//! Ways into the pack reader behind its compression, for tests and fuzzing: what random bytes
//! reach a decoder through zstd is hardly ever more than the first byte.

use super::{MAGIC, PackError, PackLimits, Unpacker, unpack};
use crate::slim::put_unsigned;

/// The three sections of a pack, decompressed: structure, randomness, contents.
///
/// # Errors
/// What is wrong with the pack.
pub fn pack_sections(pack: &[u8]) -> Result<[Vec<u8>; 3], PackError> {
    unpack(pack, &PackLimits::default()).map(|sections| sections.map(std::borrow::Cow::into_owned))
}

/// A pack of these sections, not compressed.
pub fn pack_of_sections(sections: &[Vec<u8>; 3]) -> Vec<u8> {
    let mut pack = MAGIC.to_vec();
    for section in sections {
        put_unsigned(&mut pack, section.len() as u64);
        put_unsigned(&mut pack, section.len() as u64);
        pack.extend_from_slice(section);
    }
    pack
}

/// What a fuzzer calls with any bytes: reads them as a pack, and as the sections of one, each
/// document with its view. Gives the number of documents that could be read.
pub fn fuzz_pack(bytes: &[u8]) -> usize {
    let limits = PackLimits {
        pack_bytes: 1 << 20,
        unpacked_bytes: 1 << 20,
        documents: 1_000,
        changes: 5_000,
        change_bytes: 4 << 20,
    };
    let mut read = 0;
    if let Ok(documents) = super::read_pack(bytes, &limits) {
        read +=
            documents.iter().map(|document| usize::from(document.view().is_some())).sum::<usize>();
    }
    // The first four bytes say where two of the three sections end.
    let Some((ends, rest)) = bytes.split_first_chunk::<4>() else { return read };
    let length = |bytes: [u8; 2]| usize::from(u16::from_le_bytes(bytes));
    let (structure, rest) = rest.split_at(length([ends[0], ends[1]]).min(rest.len()));
    let (random, contents) = rest.split_at(length([ends[2], ends[3]]).min(rest.len()));
    if let Ok(mut unpacker) = Unpacker::open([structure, random, contents], &limits) {
        while let Ok(Some(document)) = unpacker.document() {
            read += 1;
            let _view = document.view();
        }
    }
    read
}
