//! Ways into the pack reader behind its compression, for tests and fuzzing: what random bytes
//! reach a decoder through zstd is hardly ever more than the first byte.

use super::read::{Tables, split};
use super::{MAGIC, PackError, PackLimits, Unpacker, unpack};
use crate::scan::Reader;
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

/// A pack cut at its seams, so that one part can be spoiled and the rest still fits.
#[derive(Debug, Clone)]
pub struct OpenPack {
    /// How many documents it says it has.
    pub documents: u64,
    /// Installs, actors, shapes, ids and keys, each from its count on.
    pub tables: [Vec<u8>; 5],
    /// Streams 1 to 10, those of the columns, sizes and cuts of the values; then the values.
    pub streams: Vec<Vec<u8>>,
    /// Stream 0.
    pub random: Vec<u8>,
    /// How many of `streams`, at their end, lie in the third section.
    pub contents: usize,
}

impl OpenPack {
    /// Cuts a sound pack; none when it is none.
    pub fn of(pack: &[u8]) -> Option<Self> {
        let [structure, random, contents] = pack_sections(pack).ok()?;
        let limits = PackLimits::default();
        let mut read = Reader::new(&structure);
        let documents = read.unsigned()?;
        let mut whole = read;
        let known = Tables::read(&mut whole, &limits)?;
        let tables = [Table::Installs, Table::Actors, Table::Shapes, Table::Ids, Table::Keys];
        let tables = tables.map(|table| {
            let before = read.rest();
            let _end = table.skip(&mut read);
            before[..before.len() - read.rest().len()].to_vec()
        });
        let (small, values) = known.streams();
        let streams = split(&mut read, small, values, &contents)?;
        let streams = streams.into_iter().map(<[u8]>::to_vec).collect();
        Some(Self { documents, tables, streams, random, contents: values })
    }

    /// Puts it together again, not compressed.
    pub fn pack(&self) -> Vec<u8> {
        pack_of_sections(&self.sections())
    }

    /// Its three sections.
    pub fn sections(&self) -> [Vec<u8>; 3] {
        let mut structure = Vec::new();
        put_unsigned(&mut structure, self.documents);
        for table in &self.tables {
            structure.extend_from_slice(table);
        }
        for stream in &self.streams {
            put_unsigned(&mut structure, stream.len() as u64);
        }
        let (small, contents) = self.streams.split_at(self.streams.len() - self.contents);
        for stream in small {
            structure.extend_from_slice(stream);
        }
        [structure, self.random.clone(), contents.concat()]
    }
}

enum Table {
    Installs,
    Actors,
    Shapes,
    Ids,
    Keys,
}

impl Table {
    fn skip(&self, read: &mut Reader<'_>) -> Option<()> {
        for _ in 0..read.unsigned()? {
            let length = match self {
                Self::Installs => 12,
                Self::Ids => 16,
                Self::Keys => usize::try_from(read.unsigned()?).ok()?,
                Self::Actors => {
                    read.unsigned()?;
                    read.unsigned()?;
                    0
                }
                Self::Shapes => {
                    for _ in 0..read.unsigned()? {
                        read.unsigned()?;
                    }
                    0
                }
            };
            read.take(length)?;
        }
        Some(())
    }
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
        ..PackLimits::default()
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
