//! Makers of changes that no version of Wijkboek writes, for tests of the guard here and of the
//! server's answers above it. Never part of a build that ships: feature `testing`.
//!
//! Each takes something valid and spoils one thing, so that the reason for the refusal is known.

use std::num::NonZeroU64;

use automerge::legacy::{Key, Op, OpType, SortedVec};
use automerge::{Change, ExpandedChange, ObjType, ReadDoc, ScalarValue};
use wijkboek_model::{ActorId, ChangeHash, EntryId, RecordId, SetField, TallyKey};

use crate::change::{OpId, actor_to_automerge, hash_to_automerge};
use crate::mapping::{AUTHOR, Container, ENTRIES, ID};
pub use crate::pack::spoil::{OpenPack, fuzz_pack, pack_of_sections, pack_sections};
use crate::{Document, RawChange, Stamp};

pub mod fuzz;
pub mod hostile_packs;

/// Takes a change apart, lets `alter` spoil it, and puts it together again under its new hash.
///
/// # Panics
/// When the change is no change.
pub fn forge(change: &RawChange, alter: impl FnOnce(&mut ExpandedChange)) -> RawChange {
    let change = Change::try_from(change.bytes.as_slice()).expect("a change");
    let mut expanded = change.decode();
    alter(&mut expanded);
    RawChange::of(&Change::from(expanded))
}

/// `second-root`: a first change again, by another actor.
pub fn second_root(first: &RawChange, actor: ActorId) -> RawChange {
    forge(first, |change| change.actor_id = actor_to_automerge(actor))
}

/// `wrong-start-op`: operations numbered so high that they would win for ever.
pub fn inflated_start_op(change: &RawChange) -> RawChange {
    forge(change, |change| {
        change.start_op = NonZeroU64::new(4_000_000_000).unwrap_or(NonZeroU64::MIN);
    })
}

/// `forked-sequence`: another change with the same number of the same actor.
pub fn forked_sequence(change: &RawChange) -> RawChange {
    forge(change, |change| change.time += 1)
}

/// `sequence-gap`: numbered one further than the actor's next.
pub fn sequence_gap(change: &RawChange) -> RawChange {
    forge(change, |change| change.seq += 1)
}

/// `unrelated-dependency`, when pushed together with `foreign`, another record's first change.
pub fn unrelated_dependency(change: &RawChange, foreign: &RawChange) -> RawChange {
    forge(change, |change| change.deps.push(hash_to_automerge(foreign.hash)))
}

/// Waits for ever: builds on a change that nobody has.
pub fn unknown_dependency(change: &RawChange) -> RawChange {
    forge(change, |change| change.deps.push(automerge::ChangeHash([0xee; 32])))
}

/// `hash-mismatch`: announced under a hash that is not its own.
pub fn hash_mismatch(change: &RawChange) -> RawChange {
    RawChange { hash: ChangeHash::new([0xee; 32]), bytes: change.bytes.clone() }
}

/// `deflated-chunk`. The change must be longer than 256 bytes; a first change is.
///
/// # Panics
/// When the change is no change.
pub fn deflated(change: &RawChange) -> RawChange {
    let mut compressing = Change::try_from(change.bytes.as_slice()).expect("a change");
    RawChange { hash: change.hash, bytes: compressing.bytes().into_owned() }
}

/// `bundle-chunk`: all changes of a document in one.
///
/// # Panics
/// When Automerge cannot bundle them.
pub fn bundle(document: &Document) -> RawChange {
    let hashes = document.infos().into_iter().map(|info| hash_to_automerge(info.hash));
    let bundle = document.automerge().bundle(hashes).expect("a document's own changes");
    let hash = document.heads().first().copied().unwrap_or(ChangeHash::new([0; 32]));
    RawChange { hash, bytes: bundle.bytes().to_vec() }
}

/// `document-chunk`: the whole document as Automerge saves it.
pub fn whole_document(document: &Document) -> RawChange {
    let hash = document.heads().first().copied().unwrap_or(ChangeHash::new([0; 32]));
    RawChange { hash, bytes: document.automerge().save() }
}

/// `other-record`: a first change that names another record than it is pushed for.
pub fn foreign_record_id(first: &RawChange, other: RecordId) -> RawChange {
    forge(first, |change| replace(change, ID, ScalarValue::Bytes(other.as_bytes().to_vec())))
}

/// `author-malformed`: a first change whose author is three bytes.
pub fn malformed_author(first: &RawChange) -> RawChange {
    forge(first, |change| replace(change, AUTHOR, ScalarValue::Bytes(vec![1, 2, 3])))
}

/// `counter-overwritten`: a visit's counter is set instead of added to.
pub fn counter_overwritten(visit: &Document, stamp: &Stamp) -> RawChange {
    let action = OpType::Put(ScalarValue::counter(9_999));
    one_operation(visit, stamp, Container::Tallies, &TallyKey::JustATalk.to_string(), action)
}

/// `container-replaced`: the thread is replaced by a text.
pub fn container_replaced(document: &Document, stamp: &Stamp) -> RawChange {
    one_operation(document, stamp, Container::Root, ENTRIES, OpType::Put("weg".into()))
}

/// `makes-object`: a member of a set that is a map.
pub fn makes_object(document: &Document, stamp: &Stamp) -> RawChange {
    let photo = ChangeHash::new([7; 32]).to_string();
    let set = Container::Set(SetField::Photos);
    one_operation(document, stamp, set, &photo, OpType::Make(ObjType::Map))
}

/// `entry-overwritten`: an entry of the thread says something else.
pub fn entry_overwritten(document: &Document, entry: EntryId, stamp: &Stamp) -> RawChange {
    let text = format!("{}\niets anders", document.origin().author);
    let action = OpType::Put(ScalarValue::Str(text.into()));
    one_operation(document, stamp, Container::Entries, &entry.to_string(), action)
}

/// `reserved-key`: the author is changed afterwards.
pub fn reserved_key(document: &Document, stamp: &Stamp) -> RawChange {
    one_operation(document, stamp, Container::Root, AUTHOR, OpType::Put("ik".into()))
}

/// Sound: what a newer version of the app may write, a text under a key that this one ignores.
pub fn unknown_field(document: &Document, key: &str, text: &str, stamp: &Stamp) -> RawChange {
    one_operation(document, stamp, Container::Root, key, OpType::Put(text.into()))
}

/// `too-many-operations`: a few bytes more that declare 2^40 operations.
///
/// # Panics
/// When the change is not laid out as ours are.
pub fn many_operations(change: &RawChange) -> RawChange {
    // The column of actions: a run of 2^40 puts.
    let column = [0x80, 0x80, 0x80, 0x80, 0x80, 0x20, 0x01];
    replace_column(change, 0x42, &column)
}

/// Replaces one column of a change that was written upon nothing or upon one change, and frames
/// it anew, so that only what the column declares is wrong.
///
/// # Panics
/// When the change is not laid out as ours are.
pub fn replace_column(change: &RawChange, specification: u8, column: &[u8]) -> RawChange {
    let body = &change.bytes[9..];
    let length_field = body.iter().position(|b| b & 0x80 == 0).expect("a length") + 1;
    let body = &body[length_field..];
    let head = column_table(body);
    let count = usize::from(body[head]);
    let mut at = head + 1;
    let mut table = vec![body[head]];
    let mut columns = Vec::new();
    let mut lengths = Vec::new();
    for _ in 0..count {
        let kind = body[at];
        let (length, used) = unsigned(&body[at + 1..]);
        lengths.push((kind, length));
        at += 1 + used;
    }
    for (kind, length) in lengths {
        let content = if kind == specification { column } else { &body[at..at + length] };
        table.push(kind);
        table.extend(to_unsigned(content.len()));
        columns.extend_from_slice(content);
        at += length;
    }
    frame(&[&body[..head], &table, &columns].concat())
}

/// Frames the body of a change chunk with magic, checksum, type and length.
pub fn frame(body: &[u8]) -> RawChange {
    use sha2::{Digest, Sha256};
    let length = to_unsigned(body.len());
    let digest = Sha256::new().chain_update([1]).chain_update(&length).chain_update(body);
    let hash: [u8; 32] = digest.finalize().into();
    let magic = [0x85, 0x6f, 0x4a, 0x83];
    let bytes = [&magic[..], &hash[..4], &[1], &length, body].concat();
    RawChange { hash: ChangeHash::new(hash), bytes }
}

/// Where the table of columns begins in the body of a change.
fn column_table(body: &[u8]) -> usize {
    let mut at = 1 + usize::from(body[0]) * 32;
    at += 1 + usize::from(body[at]);
    for _number in ["seq", "start_op", "time"] {
        at += body[at..].iter().position(|b| b & 0x80 == 0).expect("a number") + 1;
    }
    at += 1 + usize::from(body[at]);
    let others = usize::from(body[at]);
    at += 1;
    for _ in 0..others {
        at += 1 + usize::from(body[at]);
    }
    at
}

fn unsigned(bytes: &[u8]) -> (usize, usize) {
    let used = bytes.iter().position(|b| b & 0x80 == 0).expect("a number") + 1;
    let number = bytes[..used].iter().rev().fold(0, |n, b| (n << 7) | usize::from(b & 0x7f));
    (number, used)
}

fn to_unsigned(mut number: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    loop {
        let low = u8::try_from(number & 0x7f).unwrap_or_default();
        number >>= 7;
        if number == 0 {
            bytes.push(low);
            return bytes;
        }
        bytes.push(low | 0x80);
    }
}

fn replace(change: &mut ExpandedChange, key: &str, value: ScalarValue) {
    let key = Key::from(key);
    if let Some(op) = change.operations.iter_mut().find(|op| op.key == key) {
        op.action = OpType::Put(value);
    }
}

/// A change upon the document's heads, with one operation that replaces what stands there.
fn one_operation(
    document: &Document,
    stamp: &Stamp,
    container: Container,
    key: &str,
    action: OpType,
) -> RawChange {
    let object = document.layout().object(container).expect("a container of this type");
    let standing = document.automerge().get_all(object, key).unwrap_or_default();
    let replaced = standing.iter().filter_map(|(_, id)| OpId::of(id)).map(OpId::to_automerge);
    let graph = document.graph();
    RawChange::of(&Change::from(ExpandedChange {
        operations: vec![Op {
            action,
            obj: document.layout().object_in_operation(container).expect("a container"),
            key: Key::from(key),
            pred: replaced.collect::<SortedVec<_>>(),
            insert: false,
        }],
        actor_id: actor_to_automerge(stamp.actor),
        hash: None,
        seq: graph.last_seq(&stamp.actor) + 1,
        start_op: NonZeroU64::MIN.saturating_add(graph.max_op()),
        time: stamp.at.as_millis(),
        message: None,
        deps: graph.heads().into_iter().map(hash_to_automerge).collect(),
        extra_bytes: Vec::new(),
        author: None,
    }))
}
