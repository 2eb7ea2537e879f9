//! What an honest sender would have said along with a first change: its hash and its record.
//!
//! For tools that are handed bytes without their envelope. It says nothing about whether the
//! change is sound; that is the guard's to say.

use automerge::ScalarValue;
use automerge::legacy::{Key, ObjectId, OpType};
use wijkboek_model::{ChangeHash, RecordId};

use super::ForeignChange;
use super::inspect::inspect;
use crate::mapping::ID;
use crate::scan::open_chunk;
use crate::{Limits, Refusal};

/// The hash of a foreign change, and the record that it says it creates; no record for a change
/// that builds on others.
///
/// # Errors
/// Why the guard would refuse it whatever document it is for.
pub fn announced(bytes: &[u8], limits: &Limits) -> Result<(ChangeHash, Option<RecordId>), Refusal> {
    if bytes.len() > limits.change_bytes {
        return Err(Refusal::TooLarge);
    }
    let (hash, _) = open_chunk(bytes)?;
    let mut inspected = inspect(&ForeignChange { announced: hash, bytes }, limits)?;
    if !inspected.info.deps.is_empty() {
        return Ok((hash, None));
    }
    let expanded = inspected.decode().ok_or(Refusal::Unreadable)?;
    let id = expanded.operations.iter().find_map(|op| {
        let (Key::Map(key), OpType::Put(ScalarValue::Bytes(bytes))) = (&op.key, &op.action) else {
            return None;
        };
        let is_id = op.obj == ObjectId::Root && key.as_str() == ID;
        is_id.then(|| RecordId::from_bytes(bytes).ok()).flatten()
    });
    id.map(|id| (hash, Some(id))).ok_or(Refusal::IdMalformed)
}
