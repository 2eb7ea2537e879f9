//! A change chunk taken apart into header and columns, and put together again.
//!
//! Invariant: what is put together from the parts of a chunk is that chunk, byte for byte, or it
//! was not taken apart; whoever packs a change compares.

use sha2::{Digest, Sha256};
use wijkboek_model::{ActorId, ChangeHash};

use crate::scan::{CHANGE, MAGIC, Reader};

/// The parts of a change chunk as this version writes them: without a message and without bytes
/// behind the columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Slim<'a> {
    pub(crate) deps: Vec<ChangeHash>,
    pub(crate) actor: ActorId,
    pub(crate) seq: u64,
    pub(crate) start_op: u64,
    pub(crate) at_ms: i64,
    /// The other actors that the columns name, from index 1.
    pub(crate) others: Vec<ActorId>,
    /// Specification and content of each column.
    pub(crate) columns: Vec<(u64, &'a [u8])>,
}

impl<'a> Slim<'a> {
    /// Takes the body of a chunk apart; none when it holds anything else.
    pub(crate) fn take_apart(body: &'a [u8]) -> Option<Self> {
        let mut read = Reader::new(body);
        let mut deps = Vec::new();
        for _ in 0..read.unsigned()? {
            deps.push(ChangeHash::from_slice(read.take(32)?).ok()?);
        }
        let actor = actor(&mut read)?;
        let (seq, start_op, at_ms) = (read.unsigned()?, read.unsigned()?, read.signed()?);
        if read.unsigned()? != 0 {
            return None;
        }
        let mut others = Vec::new();
        for _ in 0..read.unsigned()? {
            others.push(self::actor(&mut read)?);
        }
        let mut declared = Vec::new();
        for _ in 0..read.unsigned()? {
            declared.push((read.unsigned()?, usize::try_from(read.unsigned()?).ok()?));
        }
        let mut columns = Vec::with_capacity(declared.len());
        for (specification, length) in declared {
            columns.push((specification, read.take(length)?));
        }
        let slim = Self { deps, actor, seq, start_op, at_ms, others, columns };
        read.is_empty().then_some(slim)
    }

    /// A column's content; empty when it has none.
    pub(crate) fn column(&self, wanted: u64) -> &'a [u8] {
        let found = self.columns.iter().find(|(specification, _)| *specification == wanted);
        found.map_or(&[], |(_, column)| column)
    }

    /// The body of the chunk.
    pub(crate) fn put_together(&self, out: &mut Vec<u8>) {
        self.put_header(out);
        put_unsigned(out, self.columns.len() as u64);
        for (specification, column) in &self.columns {
            put_unsigned(out, *specification);
            put_unsigned(out, column.len() as u64);
        }
        for (_, column) in &self.columns {
            out.extend_from_slice(column);
        }
    }

    fn put_header(&self, out: &mut Vec<u8>) {
        put_unsigned(out, self.deps.len() as u64);
        for dep in &self.deps {
            out.extend_from_slice(dep.as_bytes());
        }
        put_actor(out, &self.actor);
        put_unsigned(out, self.seq);
        put_unsigned(out, self.start_op);
        put_signed(out, self.at_ms);
        out.push(0);
        put_unsigned(out, self.others.len() as u64);
        for other in &self.others {
            put_actor(out, other);
        }
    }
}

/// Frames the body of a change with magic, checksum, type and length; gives its hash too.
pub(crate) fn frame(body: &[u8]) -> (ChangeHash, Vec<u8>) {
    let mut bytes = Vec::with_capacity(body.len() + 14);
    bytes.extend_from_slice(&MAGIC);
    bytes.extend_from_slice(&[0; 4]);
    bytes.push(CHANGE);
    put_unsigned(&mut bytes, body.len() as u64);
    bytes.extend_from_slice(body);
    let digest = Sha256::digest(&bytes[8..]);
    bytes[4..8].copy_from_slice(&digest[..4]);
    (ChangeHash::new(digest.into()), bytes)
}

/// Appends an unsigned LEB128 number.
pub(crate) fn put_unsigned(out: &mut Vec<u8>, mut number: u64) {
    loop {
        let low = u8::try_from(number & 0x7f).unwrap_or_default();
        number >>= 7;
        if number == 0 {
            out.push(low);
            return;
        }
        out.push(low | 0x80);
    }
}

/// Appends a signed LEB128 number.
pub(crate) fn put_signed(out: &mut Vec<u8>, mut number: i64) {
    loop {
        let low = u8::try_from(number & 0x7f).unwrap_or_default();
        number >>= 7;
        let sign_shown = low & 0x40 != 0;
        if (number == 0 && !sign_shown) || (number == -1 && sign_shown) {
            out.push(low);
            return;
        }
        out.push(low | 0x80);
    }
}

fn actor(read: &mut Reader<'_>) -> Option<ActorId> {
    if read.unsigned()? != 16 {
        return None;
    }
    ActorId::from_slice(read.take(16)?).ok()
}

fn put_actor(out: &mut Vec<u8>, actor: &ActorId) {
    out.push(16);
    out.extend_from_slice(actor.as_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_back_as_written() {
        for number in [0, 1, 0x7f, 0x80, 624_485, u64::MAX] {
            let mut bytes = Vec::new();
            put_unsigned(&mut bytes, number);
            assert_eq!(Reader::new(&bytes).unsigned(), Some(number));
        }
        for number in [0, -1, 63, 64, -64, -65, -123_456, i64::MIN, i64::MAX] {
            let mut bytes = Vec::new();
            put_signed(&mut bytes, number);
            assert_eq!(Reader::new(&bytes).signed(), Some(number), "{bytes:?}");
        }
    }
}
