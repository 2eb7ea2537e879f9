//! The first look at foreign bytes: header, hash and a run-length scan of the columns.
//!
//! Total, allocation-free but for the list of dependencies, and linear in the bytes that are
//! there, never in what they declare: 79 bytes can declare 2^40 operations. Only what passes here
//! is shown to Automerge, so that its readers cannot be made to allocate or loop.
//!
//! The layout is that of <https://automerge.org/automerge-binary-format-spec/>, §Change chunks.

use sha2::{Digest, Sha256};
use wijkboek_model::{ActorId, ChangeHash, Timestamp};

use crate::{ChangeInfo, Limits, Refusal};

mod column;
mod reader;

use column::{booleans, deltas, group, integers, metadata, strings};
pub(crate) use reader::Reader;

/// A change's header, read from bytes whose columns are bounded.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Scanned {
    /// The facts in the header; `max_op` follows from the declared operations.
    pub(crate) info: ChangeInfo,
    /// How many operations it says it replaces.
    pub(crate) replaced: u64,
}

/// What the bytes may hold beside what this version writes itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Strictness {
    /// Nothing: they come from outside.
    Foreign,
    /// A message, other columns, bytes behind them: a server of a newer version accepted them, and
    /// this one must be able to keep the document, if not to read it.
    Own,
}

/// Reads the header of a foreign change chunk and bounds its columns.
///
/// # Errors
/// The first thing that is wrong.
pub(crate) fn scan_foreign(
    bytes: &[u8],
    announced: ChangeHash,
    limits: &Limits,
) -> Result<Scanned, Refusal> {
    if bytes.len() > limits.change_bytes {
        return Err(Refusal::TooLarge);
    }
    let (hash, body) = open_chunk(bytes)?;
    if announced != hash {
        return Err(Refusal::HashMismatch);
    }
    scan_body(hash, body, limits, Strictness::Foreign)
}

/// The same for a change that was accepted once, and may have rotted on disk since.
///
/// # Errors
/// The first thing that is wrong.
pub(crate) fn scan_own(bytes: &[u8]) -> Result<Scanned, Refusal> {
    let limits = Limits::for_own_changes();
    if bytes.len() > limits.change_bytes {
        return Err(Refusal::TooLarge);
    }
    let (hash, body) = open_chunk(bytes)?;
    scan_body(hash, body, &limits, Strictness::Own)
}

/// Checks the chunk's frame; gives its hash and what it frames.
pub(crate) fn open_chunk(bytes: &[u8]) -> Result<(ChangeHash, &[u8]), Refusal> {
    let mut read = Reader::new(bytes);
    if read.take(MAGIC.len()) != Some(&MAGIC) {
        return Err(Refusal::NotAChunk);
    }
    let checksum = read.take(4).ok_or(Refusal::NotAChunk)?;
    match read.byte().ok_or(Refusal::NotAChunk)? {
        0 => return Err(Refusal::DocumentChunk),
        CHANGE => {}
        2 => return Err(Refusal::DeflatedChunk),
        3 => return Err(Refusal::BundleChunk),
        _ => return Err(Refusal::UnknownChunkType),
    }
    let before = read.rest().len();
    let length = read.unsigned().ok_or(Refusal::LengthMismatch)?;
    let length_field = &bytes[bytes.len() - before..bytes.len() - read.rest().len()];
    let body = read.rest();
    if usize::try_from(length) != Ok(body.len()) {
        return Err(Refusal::LengthMismatch);
    }
    // Automerge hashes the shortest spelling of the length; a longer one is refused further on,
    // because it is not what writing the change anew gives.
    let digest = Sha256::new()
        .chain_update([CHANGE])
        .chain_update(length_field)
        .chain_update(body)
        .finalize();
    if digest[..4] != *checksum {
        return Err(Refusal::ChecksumMismatch);
    }
    Ok((ChangeHash::new(digest.into()), body))
}

pub(crate) fn scan_body(
    hash: ChangeHash,
    body: &[u8],
    limits: &Limits,
    strictness: Strictness,
) -> Result<Scanned, Refusal> {
    let mut read = Reader::new(body);
    let deps = dependencies(&mut read, limits)?;
    let actor = actor(&mut read)?;
    let seq = read.unsigned().ok_or(Refusal::Malformed)?;
    let start_op = read.unsigned().filter(|op| *op > 0).ok_or(Refusal::Malformed)?;
    let at = read.signed().ok_or(Refusal::Malformed)?;
    if !(0..=LATEST_MS).contains(&at) {
        return Err(Refusal::TimeOutOfRange);
    }
    let message = read.unsigned().ok_or(Refusal::Malformed)?;
    if message != 0 && strictness == Strictness::Foreign {
        return Err(Refusal::MessageNotAllowed);
    }
    let message = usize::try_from(message).map_err(|_| Refusal::Malformed)?;
    read.take(message).ok_or(Refusal::Malformed)?;
    let others = read.unsigned().ok_or(Refusal::Malformed)?;
    for _ in 0..others {
        self::actor(&mut read)?;
    }
    let Declared { operations, replaced } = scan_columns(&mut read, limits, strictness)?;
    let max_op = start_op.checked_add(operations - 1).ok_or(Refusal::WrongStartOp)?;
    let at = Timestamp::from_millis(at);
    Ok(Scanned { info: ChangeInfo { hash, actor, seq, deps, start_op, max_op, at }, replaced })
}

fn dependencies(read: &mut Reader<'_>, limits: &Limits) -> Result<Vec<ChangeHash>, Refusal> {
    let count = read.unsigned().ok_or(Refusal::Malformed)?;
    let count = usize::try_from(count).map_err(|_| Refusal::TooManyDependencies)?;
    if count > limits.dependencies_per_change {
        return Err(Refusal::TooManyDependencies);
    }
    let bytes = read.take(count * 32).ok_or(Refusal::Malformed)?;
    let mut deps = Vec::with_capacity(count);
    for hash in bytes.chunks_exact(32) {
        deps.push(ChangeHash::from_slice(hash).map_err(|_| Refusal::Malformed)?);
    }
    let mut sorted = deps.clone();
    sorted.sort_unstable();
    if sorted.windows(2).any(|pair| pair[0] == pair[1]) {
        return Err(Refusal::DuplicateDependency);
    }
    Ok(deps)
}

fn actor(read: &mut Reader<'_>) -> Result<ActorId, Refusal> {
    let length = read.unsigned().ok_or(Refusal::Malformed)?;
    if length != 16 {
        return Err(Refusal::ActorMalformed);
    }
    let bytes = read.take(16).ok_or(Refusal::Malformed)?;
    ActorId::from_slice(bytes).map_err(|_| Refusal::ActorMalformed)
}

/// What the columns declare.
struct Declared {
    operations: u64,
    replaced: u64,
}

/// Bounds every column.
fn scan_columns(
    read: &mut Reader<'_>,
    limits: &Limits,
    strictness: Strictness,
) -> Result<Declared, Refusal> {
    let columns = Columns::split(read)?;
    if strictness == Strictness::Foreign {
        if columns.other.is_some() {
            return Err(Refusal::ForeignColumn);
        }
        if !read.rest().is_empty() {
            return Err(Refusal::TrailingBytes);
        }
    }
    let most = limits.operations_per_change as u64;
    let operations =
        integers(columns.action, most).map_err(|e| e.or(Refusal::TooManyOperations))?;
    if operations.nulls > 0 {
        return Err(Refusal::Malformed);
    }
    if operations.count == 0 {
        return Err(Refusal::Empty);
    }
    let per_operation = [
        integers(columns.object_actor, most),
        integers(columns.object_counter, most),
        strings(columns.key, most),
        booleans(columns.insert, most),
        metadata(columns.value_meta, columns.value.len(), most),
    ];
    for scanned in per_operation {
        let scanned = scanned.map_err(|e| e.or(Refusal::TooManyOperations))?;
        if scanned.count > operations.count {
            return Err(Refusal::Malformed);
        }
    }
    let most = limits.replaced_per_change as u64;
    let replaced = group(columns.replaced, limits.operations_per_change as u64, most)
        .map_err(|e| e.or(Refusal::TooManyReplaced))?;
    for scanned in [integers(columns.replaced_actor, most), deltas(columns.replaced_counter, most)]
    {
        if scanned.map_err(|e| e.or(Refusal::TooManyReplaced))?.count > replaced {
            return Err(Refusal::Malformed);
        }
    }
    for (specification, bytes) in columns.other.into_iter().flatten() {
        bound_other(specification, bytes, limits)?;
    }
    Ok(Declared { operations: operations.count, replaced })
}

/// Bounds a column that this version does not write; the last three bits say what is in it.
fn bound_other(specification: u64, bytes: &[u8], limits: &Limits) -> Result<(), Refusal> {
    let most = limits.operations_per_change as u64;
    let bounded = match specification & 0b111 {
        0 => group(bytes, most, limits.replaced_per_change as u64),
        1 | 2 | 6 => integers(bytes, most).map(|scanned| scanned.count),
        3 => deltas(bytes, most).map(|scanned| scanned.count),
        4 => booleans(bytes, most).map(|scanned| scanned.count),
        5 => strings(bytes, most).map(|scanned| scanned.count),
        _ => Ok(0),
    };
    bounded.map(|_| ()).map_err(|e| e.or(Refusal::TooManyOperations))
}

/// The bytes of each column that a change of a record can have.
#[derive(Default)]
struct Columns<'a> {
    object_actor: &'a [u8],
    object_counter: &'a [u8],
    key: &'a [u8],
    insert: &'a [u8],
    action: &'a [u8],
    value_meta: &'a [u8],
    value: &'a [u8],
    replaced: &'a [u8],
    replaced_actor: &'a [u8],
    replaced_counter: &'a [u8],
    /// Columns of lists, texts and marks, and unknown ones.
    other: Option<Vec<(u64, &'a [u8])>>,
}

impl<'a> Columns<'a> {
    fn split(read: &mut Reader<'a>) -> Result<Self, Refusal> {
        let count = read.unsigned().ok_or(Refusal::Malformed)?;
        if count > MOST_COLUMNS as u64 {
            return Err(Refusal::ForeignColumn);
        }
        let mut declared = Vec::new();
        for _ in 0..count {
            let specification = read.unsigned().ok_or(Refusal::Malformed)?;
            let length = read.unsigned().ok_or(Refusal::Malformed)?;
            declared.push((specification, length));
        }
        if declared.windows(2).any(|pair| pair[0].0 >= pair[1].0) {
            return Err(Refusal::Malformed);
        }
        let mut columns = Self::default();
        for (specification, length) in declared {
            let length = usize::try_from(length).map_err(|_| Refusal::Malformed)?;
            let bytes = read.take(length).ok_or(Refusal::Malformed)?;
            if specification & COMPRESSED != 0 {
                return Err(Refusal::CompressedColumn);
            }
            match columns.slot(specification) {
                Some(slot) => *slot = bytes,
                None => columns.other.get_or_insert_default().push((specification, bytes)),
            }
        }
        Ok(columns)
    }

    /// Column specifications: id × 16 + type.
    fn slot(&mut self, specification: u64) -> Option<&mut &'a [u8]> {
        Some(match specification {
            0x01 => &mut self.object_actor,
            0x02 => &mut self.object_counter,
            0x15 => &mut self.key,
            0x34 => &mut self.insert,
            0x42 => &mut self.action,
            0x56 => &mut self.value_meta,
            0x57 => &mut self.value,
            0x70 => &mut self.replaced,
            0x71 => &mut self.replaced_actor,
            0x73 => &mut self.replaced_counter,
            _ => return None,
        })
    }
}

/// The latest time a change may carry: 2200-01-01T00:00:00Z.
pub(crate) const LATEST_MS: i64 = 7_258_118_400_000;

pub(crate) const MAGIC: [u8; 4] = [0x85, 0x6f, 0x4a, 0x83];
pub(crate) const CHANGE: u8 = 1;
const COMPRESSED: u64 = 0b1000;
/// Most columns of a change; Automerge knows fewer than twenty.
pub(crate) const MOST_COLUMNS: usize = 32;

#[cfg(test)]
mod tests;
