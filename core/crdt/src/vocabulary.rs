//! What the operations of a change mean, and which of them a record allows.
//!
//! A later change may put or delete scalars at the root, put and delete members of sets, append
//! entries and add to counters; anything else is refused here, operation by operation. What a
//! put replaces is compared with the document elsewhere ([`crate::guard`]).

use automerge::ScalarValue;
use automerge::legacy::{Key, ObjectId, Op, OpType};
use wijkboek_model::{Field, RecordType, SetField, TallyKey, Value, Write, validate_write};

use crate::change::OpId;
use crate::mapping::{Container, Flat, Layout, decode_entry, from_scalar};
use crate::{Limits, Refusal};

/// One operation of a later change, in the words of the model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Deed {
    pub(crate) container: Container,
    pub(crate) key: String,
    /// The operations it takes the place of, or adds to.
    pub(crate) replaces: Vec<OpId>,
    /// None when the key is one that this version does not know.
    pub(crate) write: Option<Write>,
}

/// Translates one operation of a later change.
///
/// # Errors
/// Why the operation is not allowed.
pub(crate) fn deed(
    op: &Op,
    layout: &Layout,
    record_type: RecordType,
    limits: &Limits,
) -> Result<Deed, Refusal> {
    let key = map_key(op)?;
    let container = layout.container(&op.obj).ok_or(Refusal::UnknownObject)?;
    let replaces = replaced(op)?;
    let write = match container {
        Container::Root => at_root(key, &op.action, limits)?,
        Container::Set(set) => Some(in_set(set, key, &op.action)?),
        Container::Entries => Some(in_entries(key, &op.action, &replaces)?),
        Container::Tallies => Some(in_tallies(key, &op.action)?),
        // No key of a map has a meaning in a text.
        Container::Prose(_) => return Err(Refusal::ForbiddenOperation),
    };
    if let Some(write) = &write {
        validate_write(record_type, write)?;
    }
    Ok(Deed { container, key: key.to_owned(), replaces, write })
}

/// Refuses what is wrong with an operation of a later change whatever document it is for, so that
/// a change that can never be right does not wait for what it depends on.
///
/// # Errors
/// Why the operation is not allowed in any document.
pub(crate) fn anywhere(op: &Op, limits: &Limits) -> Result<(), Refusal> {
    let key = map_key(op)?;
    match (&op.obj, &op.action) {
        (ObjectId::Root, action) => at_root(key, action, limits).map(|_| ()),
        (ObjectId::Id(_), OpType::Make(_)) => Err(Refusal::MakesObject),
        (ObjectId::Id(_), OpType::MarkBegin(_) | OpType::MarkEnd(_)) => {
            Err(Refusal::ForbiddenOperation)
        }
        (ObjectId::Id(_), OpType::Put(_) | OpType::Delete | OpType::Increment(_)) => Ok(()),
    }
}

/// The key of an operation on a map; the other kinds have no place in a record.
pub(crate) fn map_key(op: &Op) -> Result<&str, Refusal> {
    match (&op.key, op.insert) {
        (Key::Map(key), false) => Ok(key),
        (Key::Map(_), true) | (Key::Seq(_), _) => Err(Refusal::ForbiddenOperation),
    }
}

pub(crate) fn replaced(op: &Op) -> Result<Vec<OpId>, Refusal> {
    op.pred.iter().map(|id| OpId::of_operation(id).ok_or(Refusal::ActorMalformed)).collect()
}

/// Checks a key and value that this version does not know, but keeps and passes on.
pub(crate) fn unknown(key: &str, value: &ScalarValue, limits: &Limits) -> Result<(), Refusal> {
    if !is_unknown_key(key) {
        return Err(Refusal::KeyMalformed);
    }
    let length = match value {
        ScalarValue::Str(text) => text.len(),
        ScalarValue::Bytes(bytes) => bytes.len(),
        ScalarValue::Int(_)
        | ScalarValue::Uint(_)
        | ScalarValue::Timestamp(_)
        | ScalarValue::Boolean(_)
        | ScalarValue::Null => 8,
        ScalarValue::F64(number) if number.is_finite() => 8,
        ScalarValue::F64(_) | ScalarValue::Counter(_) | ScalarValue::Unknown { .. } => {
            return Err(Refusal::ForbiddenValue);
        }
    };
    if length > limits.unknown_value_bytes { Err(Refusal::ValueTooLarge) } else { Ok(()) }
}

/// Whether a newer version may have made this key: a field's, or that of one member of a set or map
/// which this version does not know, `<set>:<member>`.
fn is_unknown_key(key: &str) -> bool {
    let (name, member) = match key.split_once(':') {
        Some((name, member)) => (name, Some(member)),
        None => (key, None),
    };
    let in_name = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_';
    let in_member = |b: u8| b.is_ascii_alphanumeric() || b"_.:+-".contains(&b);
    let is_named = (1..=UNKNOWN_NAME_BYTES_MAX).contains(&name.len()) && name.bytes().all(in_name);
    is_named
        && member.is_none_or(|member| {
            let is_new = Field::from_key(name).is_none() && Container::from_key(name).is_none();
            let fits = (1..=UNKNOWN_MEMBER_BYTES_MAX).contains(&member.len());
            is_new && fits && member.bytes().all(in_member)
        })
}

/// A counter's key, spelled the one usual way.
pub(crate) fn tally_key(key: &str) -> Option<TallyKey> {
    key.parse::<TallyKey>().ok().filter(|tally| tally.to_string() == key)
}

fn at_root(key: &str, action: &OpType, limits: &Limits) -> Result<Option<Write>, Refusal> {
    if key.starts_with('_') {
        return Err(Refusal::ReservedKey);
    }
    if Container::from_key(key).is_some() {
        return Err(Refusal::ContainerReplaced);
    }
    if let Some(flat) = Flat::from_key(key) {
        return in_flat(flat, action).map(Some);
    }
    let value = match action {
        OpType::Put(value) => value,
        OpType::Delete => &ScalarValue::Null,
        OpType::Increment(_) => return Err(Refusal::NotACounter),
        OpType::Make(_) => return Err(Refusal::MakesObject),
        OpType::MarkBegin(_) | OpType::MarkEnd(_) => return Err(Refusal::ForbiddenOperation),
    };
    if let Some(field) = Field::from_key(key) {
        let value: Value = from_scalar(value).ok_or(Refusal::ForbiddenValue)?;
        Ok(Some(Write::Put(field, value)))
    } else {
        unknown(key, value, limits)?;
        Ok(None)
    }
}

fn in_flat(flat: Flat<'_>, action: &OpType) -> Result<Write, Refusal> {
    match (flat, action) {
        (Flat::Member(set, member), action) => in_set(set, member, action),
        (Flat::Pair(map, key), _) if !map.is_key(key) => Err(Refusal::KeyMalformed),
        (Flat::Pair(map, key), OpType::Put(value)) => {
            // What is empty has no key: a null would be a second way to say so.
            let value = from_scalar(value).filter(|value| *value != Value::Null);
            let value = value.ok_or(Refusal::ForbiddenValue)?;
            Ok(Write::Set(map, key.to_owned(), value))
        }
        (Flat::Pair(map, key), OpType::Delete) => Ok(Write::Set(map, key.to_owned(), Value::Null)),
        (Flat::Pair(..), OpType::Increment(_)) => Err(Refusal::NotACounter),
        (Flat::Pair(..), OpType::Make(_)) => Err(Refusal::MakesObject),
        (Flat::Pair(..), OpType::MarkBegin(_) | OpType::MarkEnd(_)) => {
            Err(Refusal::ForbiddenOperation)
        }
    }
}

fn in_set(set: SetField, member: &str, action: &OpType) -> Result<Write, Refusal> {
    if !set.is_member(member) {
        return Err(Refusal::KeyMalformed);
    }
    match action {
        OpType::Put(ScalarValue::Boolean(true)) => Ok(Write::Insert(set, member.to_owned())),
        OpType::Put(_) => Err(Refusal::ForbiddenValue),
        OpType::Delete => Ok(Write::Remove(set, member.to_owned())),
        OpType::Increment(_) => Err(Refusal::NotACounter),
        OpType::Make(_) => Err(Refusal::MakesObject),
        OpType::MarkBegin(_) | OpType::MarkEnd(_) => Err(Refusal::ForbiddenOperation),
    }
}

fn in_entries(key: &str, action: &OpType, replaces: &[OpId]) -> Result<Write, Refusal> {
    match action {
        OpType::Put(_) | OpType::Delete if !replaces.is_empty() => Err(Refusal::EntryOverwritten),
        OpType::Put(ScalarValue::Str(written)) => {
            decode_entry(key, written).map(Write::Append).ok_or(Refusal::EntryMalformed)
        }
        OpType::Put(_) => Err(Refusal::ForbiddenValue),
        OpType::Delete => Err(Refusal::EntryOverwritten),
        OpType::Increment(_) => Err(Refusal::NotACounter),
        OpType::Make(_) => Err(Refusal::MakesObject),
        OpType::MarkBegin(_) | OpType::MarkEnd(_) => Err(Refusal::ForbiddenOperation),
    }
}

fn in_tallies(key: &str, action: &OpType) -> Result<Write, Refusal> {
    match action {
        OpType::Increment(by) => {
            let tally = tally_key(key).ok_or(Refusal::UnknownTally)?;
            Ok(Write::Increment(tally, *by))
        }
        OpType::Put(_) | OpType::Delete => Err(Refusal::CounterOverwritten),
        OpType::Make(_) => Err(Refusal::MakesObject),
        OpType::MarkBegin(_) | OpType::MarkEnd(_) => Err(Refusal::ForbiddenOperation),
    }
}

const UNKNOWN_NAME_BYTES_MAX: usize = 40;
const UNKNOWN_MEMBER_BYTES_MAX: usize = 160;
