//! Packs: many documents with their whole history in one run of bytes, a quarter of their size.
//!
//! A pack is how documents travel in a cold sync and how they lie in a store that does not change
//! them. What can be recomputed is left out: magic, checksums, hashes, sequence and operation
//! numbers; what is left is laid out by kind, so that zstd finds like beside like. The format is
//! specified in `docs/PROTOCOL.md`.
//!
//! Invariant: reading a pack that was written gives the very same bytes of every change. What is
//! read is bounded before it is allocated, whatever the bytes are.

use std::borrow::Cow;

use wijkboek_model::{ChangeHash, RecordId};
use zstd::zstd_safe;

use crate::scan::Reader;
use crate::slim::put_unsigned;
use crate::{ChangeInfo, Limits, Refusal, View};

mod cuts;
mod read;
#[cfg(feature = "testing")]
pub(crate) mod spoil;
mod streams;
mod write;

use read::Unpacker;
use write::{Streams, Tables};

/// A change to be packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PackChange<'a> {
    /// SHA-256 of the chunk, as Automerge computes it.
    pub hash: ChangeHash,
    /// The uncompressed change chunk.
    pub bytes: &'a [u8],
    /// Its number in the log.
    pub number: u64,
}

/// A document to be packed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackDocument<'a> {
    /// The record.
    pub id: RecordId,
    /// All its changes, in causal order.
    pub changes: Vec<PackChange<'a>>,
}

/// Caps on what a pack may hold.
///
/// Besides its own bytes, reading a pack costs at most `unpacked_bytes`, `change_bytes`, and 256
/// bytes for each of `changes`, whatever it declares: with the defaults less than 56 MiB
/// (`tests/memory.rs` measures it). What a single document may hold is what the guard lets it
/// become: anything larger could not have come about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackLimits {
    /// Longest pack in bytes.
    pub pack_bytes: usize,
    /// Most bytes it may unpack to, before the changes are rebuilt.
    pub unpacked_bytes: usize,
    /// Most documents.
    pub documents: usize,
    /// Most changes, all documents together.
    pub changes: usize,
    /// Most bytes of all rebuilt changes of all documents.
    pub change_bytes: usize,
    /// Most changes of one document.
    pub changes_per_document: usize,
    /// Most bytes of all changes of one document.
    pub document_bytes: usize,
}

impl Default for PackLimits {
    fn default() -> Self {
        let Limits { changes_per_document, document_bytes, .. } = Limits::default();
        Self {
            pack_bytes: 8 << 20,
            unpacked_bytes: 16 << 20,
            documents: 10_000,
            changes: 50_000,
            change_bytes: 24 << 20,
            changes_per_document,
            document_bytes,
        }
    }
}

/// Why a pack could not be written or read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PackError {
    /// Longer, or holding more, than allowed.
    #[error("the pack holds more than allowed")]
    TooLarge,
    /// It does not begin like a pack.
    #[error("the bytes are no pack")]
    NotAPack,
    /// A pack of a format that this version does not read.
    #[error("the pack is of another version")]
    OtherVersion,
    /// It ends early or contradicts itself.
    #[error("the pack is damaged")]
    Malformed,
    /// Something follows its end, or its streams hold more than its documents use.
    #[error("the pack goes on behind its end")]
    Trailing,
    /// zstd cannot compress or decompress it.
    #[error("the pack cannot be decompressed")]
    Compression,
    /// A section is not exactly one zstd frame: several, a skippable one, or one that needs a
    /// dictionary.
    #[error("a section of the pack is not one plain zstd frame")]
    Frame,
    /// The documents are not sorted by id, or one comes twice.
    #[error("the documents of the pack are not in order")]
    Order,
    /// A change of this document has no place in it: not in causal order, a second first change,
    /// wrongly numbered, or with a hash that is not its own.
    #[error("a change of {document} cannot be packed or unpacked: {refusal}")]
    Change {
        /// The document.
        document: RecordId,
        /// What is wrong with the change.
        refusal: Refusal,
    },
}

impl PackError {
    /// The word for this reason: kebab-case, never changes. For a change it is the refusal's.
    pub fn code(&self) -> &'static str {
        match self {
            Self::TooLarge => "pack-too-large",
            Self::NotAPack => "not-a-pack",
            Self::OtherVersion => "pack-of-another-version",
            Self::Malformed => "malformed-pack",
            Self::Trailing => "pack-trailing-bytes",
            Self::Compression => "pack-not-decompressible",
            Self::Frame => "pack-frame",
            Self::Order => "pack-out-of-order",
            Self::Change { refusal, .. } => refusal.code(),
        }
    }
}

/// A change out of a pack.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackedChange {
    /// Its hash, recomputed.
    pub hash: ChangeHash,
    /// The uncompressed change chunk.
    pub bytes: Vec<u8>,
    /// Its header.
    pub info: ChangeInfo,
    /// Its number in the log.
    pub number: u64,
}

/// A document out of a pack.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackedDocument {
    /// The record.
    pub id: RecordId,
    /// All its changes, in causal order.
    pub changes: Vec<PackedChange>,
}

impl PackedDocument {
    /// What the document holds, straight from its operations; none when its history is not linear
    /// or holds what this cannot read. Then [`crate::Document::load`] is to be asked.
    pub fn view(&self) -> Option<View> {
        crate::linear_view(self.id, &self.changes)
    }
}

/// Packs documents, which are sorted by id, at a zstd level (3 is quick, 10 small).
///
/// # Errors
/// [`PackError::Order`], and [`PackError::Change`] for a change that is damaged, has another hash
/// than said or another place in its document.
pub fn write_pack(documents: &[PackDocument<'_>], level: i32) -> Result<Vec<u8>, PackError> {
    if documents.windows(2).any(|pair| pair[0].id >= pair[1].id) {
        return Err(PackError::Order);
    }
    let parsed = documents.iter().map(|document| Ok((document.id, write::parse(document)?)));
    let parsed: Vec<_> = parsed.collect::<Result<_, PackError>>()?;
    let tables = Tables::gather(&parsed);
    let mut streams = Streams::new(&tables);
    streams.fill(&parsed);
    let sections = streams.sections(parsed.len());
    let mut pack = MAGIC.to_vec();
    for section in sections {
        let packed = zstd::bulk::compress(&section, level).map_err(|_| PackError::Compression)?;
        let content = if packed.len() < section.len() { &packed } else { &section };
        put_unsigned(&mut pack, section.len() as u64);
        put_unsigned(&mut pack, content.len() as u64);
        pack.extend_from_slice(content);
    }
    Ok(pack)
}

/// Reads all of a pack.
///
/// # Errors
/// The first thing that is wrong with it; nothing of it is to be used then.
pub fn read_pack(bytes: &[u8], limits: &PackLimits) -> Result<Vec<PackedDocument>, PackError> {
    let sections = unpack(bytes, limits)?;
    let mut unpacker = Unpacker::open(sections.each_ref().map(|s| &**s), limits)?;
    let mut documents = Vec::new();
    while let Some(document) = unpacker.document()? {
        documents.push(document);
    }
    Ok(documents)
}

/// Reads one document out of a pack of one's own store; none when it is not in there.
///
/// # Errors
/// What is wrong with the pack.
pub fn read_packed_document(
    bytes: &[u8],
    id: RecordId,
    limits: &PackLimits,
) -> Result<Option<PackedDocument>, PackError> {
    let sections = unpack(bytes, limits)?;
    let mut unpacker = Unpacker::open(sections.each_ref().map(|s| &**s), limits)?;
    while let Some(document) = unpacker.document()? {
        if document.id >= id {
            return Ok((document.id == id).then_some(document));
        }
    }
    Ok(None)
}

/// Decompresses the sections.
fn unpack<'a>(bytes: &'a [u8], limits: &PackLimits) -> Result<[Cow<'a, [u8]>; 3], PackError> {
    if bytes.len() > limits.pack_bytes {
        return Err(PackError::TooLarge);
    }
    let mut read = Reader::new(bytes);
    let (name, version) = MAGIC.split_at(MAGIC.len() - 1);
    if read.take(name.len()) != Some(name) {
        return Err(PackError::NotAPack);
    }
    if read.take(version.len()).ok_or(PackError::Malformed)? != version {
        return Err(PackError::OtherVersion);
    }
    let mut left = limits.unpacked_bytes;
    let mut sections = [const { Cow::Owned(Vec::new()) }; 3];
    for section in &mut sections {
        let plain = length(&mut read)?;
        let packed = length(&mut read)?;
        let content = read.take(packed).ok_or(PackError::Malformed)?;
        left = left.checked_sub(plain).ok_or(PackError::TooLarge)?;
        *section = if plain == packed {
            Cow::Borrowed(content)
        } else {
            Cow::Owned(decompress(content, plain)?)
        };
    }
    if read.is_empty() { Ok(sections) } else { Err(PackError::Trailing) }
}

fn length(read: &mut Reader<'_>) -> Result<usize, PackError> {
    let length = read.unsigned().ok_or(PackError::Malformed)?;
    usize::try_from(length).map_err(|_| PackError::TooLarge)
}

/// Decompresses one zstd frame of exactly this length.
///
/// zstd itself would also take several frames, and skip those that are marked so: one content
/// would then have many spellings.
fn decompress(content: &[u8], length: usize) -> Result<Vec<u8>, PackError> {
    let first = zstd_safe::find_frame_compressed_size(content);
    let first = first.map_err(|_| PackError::Compression)?;
    let is_plain = content.starts_with(&FRAME);
    if !is_plain || first != content.len() || zstd_safe::get_dict_id_from_frame(content).is_some() {
        return Err(PackError::Frame);
    }
    let plain = zstd::bulk::decompress(content, length).map_err(|_| PackError::Compression)?;
    if plain.len() == length { Ok(plain) } else { Err(PackError::Malformed) }
}

/// What a pack of this format begins with; the last byte is its version.
const MAGIC: &[u8] = b"WBPK\x01";
/// What a zstd frame begins with; a skippable one does not.
const FRAME: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];
