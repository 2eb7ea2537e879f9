//! What each change of a document did, and what stood there before.

use std::collections::HashMap;

use automerge::ScalarValue;
use automerge::legacy::OpType;
use wijkboek_model::{ActorId, ChangeHash, Timestamp, Value, Write};

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

impl Document {
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

fn field_value(scalar: &ScalarValue) -> Value {
    from_scalar(scalar).unwrap_or(Value::Null)
}
