//! Own edits: one change with exactly the operations that make a difference.
//!
//! The change is put together here, measured, and applied like anybody's, rather than written by
//! an Automerge transaction. Choosing the value that wins anyway must be written down as a choice;
//! a transaction would only delete the losers, and a colleague's different choice at the same time
//! would go unnoticed. A transaction also names the actor's previous change as a dependency once
//! more (32 bytes), and asking for the bytes of what it wrote takes as long as applying them here.

use std::collections::BTreeMap;
use std::num::NonZeroU64;

use automerge::legacy::{Key, Op, OpType, SortedVec};
use automerge::{Change, ExpandedChange, ScalarValue};
use wijkboek_model::{
    Entry, EntryId, Field, Invalid, MapField, Rule, SetField, TallyKey, Value, Write,
    validate_write,
};

use super::written_at;
use crate::change::{OpId, actor_to_automerge, hash_to_automerge};
use crate::mapping::{Container, encode_entry, place_of_member, place_of_pair, to_scalar};
use crate::rules::{breaks_a_rule, can_break_a_rule};
use crate::{ChangeInfo, Document, DocumentError, Limits, RawChange, Refusal, Stamp};

impl Document {
    /// Writes one change, or none when nothing would be different.
    ///
    /// Of several writes to the same field or member the last counts; additions to one counter
    /// are added up. Putting the value that wins while others stand beside it is a change: it
    /// settles the conflict.
    ///
    /// # Errors
    /// [`DocumentError::Invalid`], [`DocumentError::EntryExists`], [`DocumentError::TooLarge`],
    /// [`DocumentError::Full`]. The document is then as it was.
    pub fn edit(
        &mut self,
        writes: &[Write],
        stamp: &Stamp,
    ) -> Result<Option<RawChange>, DocumentError> {
        let wanted = Wanted::gather(writes)?;
        for write in wanted.writes() {
            validate_write(self.origin.record_type, &write)?;
        }
        let operations = self.operations(&wanted)?;
        if operations.is_empty() {
            return Ok(None);
        }
        let writes = wanted.writes();
        if writes.iter().any(can_break_a_rule)
            && let Some(broken) = breaks_a_rule(self.origin.record_type, &self.parts(), &writes)
        {
            return Err(broken.into());
        }
        self.write(operations, stamp).map(Some)
    }

    /// The operations that these writes come down to here and now.
    fn operations(&self, wanted: &Wanted) -> Result<Vec<Op>, DocumentError> {
        let mut operations = Vec::new();
        for (field, value) in &wanted.fields {
            let standing = self.standing(Container::Root, field.key());
            let same = standing.iter().all(|(_, stands)| stands.as_ref() == Some(value));
            let empty = standing.is_empty() && *value == Value::Null;
            if !empty && (standing.is_empty() || !same) {
                let put = OpType::Put(to_scalar(value));
                operations.extend(self.operation(Container::Root, field.key(), put, standing));
            }
        }
        for ((set, member), present) in &wanted.members {
            let (container, key) = place_of_member(*set, member);
            let standing = self.standing(container, &key);
            if standing.is_empty() == *present {
                let action = if *present { OpType::Put(true.into()) } else { OpType::Delete };
                operations.extend(self.operation(container, &key, action, standing));
            }
        }
        for ((map, key), value) in &wanted.pairs {
            let key = place_of_pair(*map, key);
            let standing = self.standing(Container::Root, &key);
            let same = standing.iter().all(|(_, stands)| stands.as_ref() == Some(value));
            let action = match value {
                Value::Null if standing.is_empty() => continue,
                Value::Null => OpType::Delete,
                _ if same && !standing.is_empty() => continue,
                Value::Bool(_) | Value::Int(_) | Value::Text(_) | Value::Time(_) => {
                    OpType::Put(to_scalar(value))
                }
            };
            operations.extend(self.operation(Container::Root, &key, action, standing));
        }
        for entry in wanted.entries.values() {
            let key = entry.id.to_string();
            let written = encode_entry(entry);
            let standing = self.standing(Container::Entries, &key);
            if standing.is_empty() {
                let put = OpType::Put(ScalarValue::Str(written.into()));
                operations.extend(self.operation(Container::Entries, &key, put, standing));
            } else if standing.iter().any(|(_, s)| *s != Some(Value::Text(written.clone()))) {
                return Err(DocumentError::EntryExists);
            }
        }
        for (tally, by) in wanted.tallies.iter().filter(|(_, by)| **by != 0) {
            let key = tally.to_string();
            let counter = self.standing(Container::Tallies, &key);
            let add = OpType::Increment(*by);
            operations.extend(self.operation(Container::Tallies, &key, add, counter));
        }
        Ok(operations)
    }

    fn operation(
        &self,
        container: Container,
        key: &str,
        action: OpType,
        replaces: Vec<(OpId, Option<Value>)>,
    ) -> Option<Op> {
        let mut replaces: Vec<OpId> = replaces.into_iter().map(|(id, _)| id).collect();
        replaces.sort_unstable();
        Some(Op {
            action,
            obj: self.layout.object_in_operation(container)?,
            key: Key::from(key),
            pred: replaces.into_iter().map(OpId::to_automerge).collect::<SortedVec<_>>(),
            insert: false,
        })
    }

    fn write(&mut self, operations: Vec<Op>, stamp: &Stamp) -> Result<RawChange, DocumentError> {
        let limits = Limits::default();
        let replaced: usize = operations.iter().map(|op| op.pred.len()).sum();
        if operations.len() > limits.operations_per_change || replaced > limits.replaced_per_change
        {
            return Err(DocumentError::TooLarge);
        }
        let change = Change::from(ExpandedChange {
            operations,
            actor_id: actor_to_automerge(stamp.actor),
            hash: None,
            seq: self.graph.last_seq(&stamp.actor) + 1,
            start_op: NonZeroU64::MIN.saturating_add(self.graph.max_op()),
            time: written_at(stamp),
            message: None,
            deps: self.graph.heads().into_iter().map(hash_to_automerge).collect(),
            extra_bytes: Vec::new(),
            author: None,
        });
        let raw = RawChange::of(&change);
        if raw.bytes.len() > limits.change_bytes {
            return Err(DocumentError::TooLarge);
        }
        let info = ChangeInfo::of(&change).ok_or(DocumentError::Damaged)?;
        self.graph.room(&info, raw.bytes.len(), &limits).map_err(full)?;
        self.take_in(vec![change], vec![(info, raw.bytes.len())])?;
        Ok(raw)
    }
}

fn full(_: Refusal) -> DocumentError {
    DocumentError::Full
}

/// Writes brought together: at most one per field, member, entry and counter.
#[derive(Default)]
struct Wanted {
    fields: BTreeMap<Field, Value>,
    members: BTreeMap<(SetField, String), bool>,
    pairs: BTreeMap<(MapField, String), Value>,
    entries: BTreeMap<EntryId, Entry>,
    tallies: BTreeMap<TallyKey, i64>,
}

impl Wanted {
    fn gather(writes: &[Write]) -> Result<Self, DocumentError> {
        let mut wanted = Self::default();
        for write in writes {
            match write {
                Write::Put(field, value) => {
                    wanted.fields.insert(*field, value.clone());
                }
                Write::Insert(set, member) => {
                    wanted.members.insert((*set, member.clone()), true);
                }
                Write::Remove(set, member) => {
                    wanted.members.insert((*set, member.clone()), false);
                }
                Write::Set(map, key, value) => {
                    wanted.pairs.insert((*map, key.clone()), value.clone());
                }
                // No document has a place for prose yet.
                Write::Splice(prose, _) => {
                    return Err(Invalid { field: prose.key(), rule: Rule::NotOfThisType }.into());
                }
                Write::Append(entry) => {
                    let earlier = wanted.entries.insert(entry.id, entry.clone());
                    if earlier.is_some_and(|earlier| earlier != *entry) {
                        return Err(DocumentError::EntryExists);
                    }
                }
                Write::Increment(tally, by) => {
                    let sum = wanted.tallies.entry(*tally).or_default();
                    *sum = sum.saturating_add(*by);
                }
            }
        }
        Ok(wanted)
    }

    /// The writes that are left, for the checks; an addition of nothing is none.
    fn writes(&self) -> Vec<Write> {
        let fields = self.fields.iter().map(|(field, value)| Write::Put(*field, value.clone()));
        let members = self.members.iter().map(|((set, member), present)| {
            let member = member.clone();
            if *present { Write::Insert(*set, member) } else { Write::Remove(*set, member) }
        });
        let entries = self.entries.values().cloned().map(Write::Append);
        let tallies = self.tallies.iter().filter(|(_, by)| **by != 0);
        let tallies = tallies.map(|(tally, by)| Write::Increment(*tally, *by));
        let pairs = self.pairs.iter();
        let pairs = pairs.map(|((map, key), v)| Write::Set(*map, key.clone(), v.clone()));
        fields.chain(members).chain(pairs).chain(entries).chain(tallies).collect()
    }
}
