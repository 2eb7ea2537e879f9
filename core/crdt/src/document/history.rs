//! What each change of a document did, and what stood there before.

use std::cmp::Reverse;
use std::collections::HashMap;

use automerge::ScalarValue;
use automerge::legacy::{Key, ObjectId, OpType};
use wijkboek_model::{ActorId, ChangeHash, Field, Timestamp, Value, Write};

use crate::change::OpId;
use crate::mapping::{Container, from_scalar};
use crate::vocabulary::deed;
use crate::{Document, Limits};

/// One change of a document's history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HistoryStep {
    /// The change.
    pub hash: ChangeHash,
    /// Who made it.
    pub actor: ActorId,
    /// When, by the writer's clock.
    pub at: Timestamp,
    /// Whether it made the record.
    pub created: bool,
    /// What it did; empty when it made the record.
    pub touches: Vec<HistoryTouch>,
}

/// One write of a change, with what stood there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HistoryTouch {
    /// The write.
    pub write: Write,
    /// For a [`Write::Put`], the value its writer saw; the winner, where there were several.
    pub before: Option<Value>,
}

/// One value that a field was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldStep {
    /// The change that gave it.
    pub hash: ChangeHash,
    /// Who wrote it; a record's first value is its creator's.
    pub actor: ActorId,
    /// When, by the writer's clock.
    pub at: Timestamp,
    /// The value; null when it was emptied.
    pub value: Value,
    /// The distinct values that its writer saw there, the one that was shown first. More than one
    /// when the writer settled a conflict; none for the first value.
    pub before: Vec<Value>,
    /// Whether it stands in the document now. More than one stands while they are in conflict.
    pub stands: bool,
}

impl Document {
    /// The values that a field was given, in causal order. Those of a kind that this version does
    /// not know are left out.
    pub fn field_history(&self, field: Field) -> Vec<FieldStep> {
        self.key_history(field.key())
    }

    /// What happened, in causal order. Writes to fields that this version does not know are left
    /// out.
    pub fn history(&self) -> Vec<HistoryStep> {
        let limits = Limits::for_own_changes();
        let mut values: HashMap<OpId, Value> = HashMap::new();
        let mut steps = Vec::with_capacity(self.graph.len());
        let changes = self.automerge_changes();
        for (change, info) in changes.iter().zip(self.graph.infos()) {
            let created = info.deps.is_empty();
            let mut touches = Vec::new();
            for (op, counter) in change.decode().operations.iter().zip(info.start_op..) {
                if let (Some(Container::Root), OpType::Put(value)) =
                    (self.layout.container(&op.obj), &op.action)
                {
                    values.insert(OpId { counter, actor: info.actor }, field_value(value));
                }
                if created {
                    continue;
                }
                let record_type = self.origin.record_type;
                let Ok(deed) = deed(op, &self.layout, record_type, &limits) else { continue };
                let Some(write) = deed.write else { continue };
                let before = match &write {
                    Write::Put(..) => {
                        let winner = deed.replaces.iter().max();
                        winner.map_or(Some(Value::Null), |id| values.get(id).cloned())
                    }
                    Write::Insert(..)
                    | Write::Remove(..)
                    | Write::Set(..)
                    | Write::Splice(..)
                    | Write::Append(_)
                    | Write::Increment(..) => None,
                };
                touches.push(HistoryTouch { write, before });
            }
            let (hash, actor, at) = (info.hash, info.actor, info.at);
            steps.push(HistoryStep { hash, actor, at, created, touches });
        }
        steps
    }
}

impl Document {
    fn key_history(&self, key: &str) -> Vec<FieldStep> {
        let now = self.standing(Container::Root, key);
        let (mut values, mut steps) = (HashMap::new(), Vec::new());
        for (change, info) in self.automerge_changes().iter().zip(self.graph.infos()) {
            for (op, counter) in change.decode().operations.iter().zip(info.start_op..) {
                let at_key = op.obj == ObjectId::Root && op.key == Key::Map(key.into());
                let value = match &op.action {
                    _ if !at_key => continue,
                    OpType::Put(scalar) => from_scalar(scalar),
                    OpType::Delete => Some(Value::Null),
                    OpType::Make(_)
                    | OpType::Increment(_)
                    | OpType::MarkBegin(_)
                    | OpType::MarkEnd(_) => None,
                };
                let Some(value) = value else { continue };
                let id = OpId { counter, actor: info.actor };
                let mut replaced: Vec<OpId> =
                    op.pred.iter().filter_map(OpId::of_operation).collect();
                replaced.sort_unstable_by_key(|id| Reverse(*id));
                let mut before: Vec<Value> = Vec::new();
                for seen in replaced.iter().filter_map(|id| values.get(id)) {
                    if !before.contains(seen) {
                        before.push(seen.clone());
                    }
                }
                values.insert(id, value.clone());
                let stands = now.iter().any(|(standing, _)| *standing == id);
                let (hash, actor, at) = (info.hash, info.actor, info.at);
                steps.push(FieldStep { hash, actor, at, value, before, stands });
            }
        }
        steps
    }
}

fn field_value(scalar: &ScalarValue) -> Value {
    from_scalar(scalar).unwrap_or(Value::Null)
}
