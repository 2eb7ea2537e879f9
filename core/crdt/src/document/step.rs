//! What a change would make of a record, before it is made: choosing between values, and what the
//! work asks of a step.

use std::collections::BTreeSet;

use wijkboek_model::{Field, Invalid, Record, Write, step_faults};

use crate::Document;
use crate::rules::written;

impl Document {
    /// Whether this write chooses one of several values that stand side by side.
    pub fn settles(&self, write: &Write) -> bool {
        match write {
            Write::Put(field, value) => self.conflicts().iter().any(|conflict| {
                conflict.field == *field && conflict.values.iter().any(|one| one.value == *value)
            }),
            Write::Insert(..)
            | Write::Remove(..)
            | Write::Set(..)
            | Write::Splice(..)
            | Write::Append(_)
            | Write::Increment(..) => false,
        }
    }

    /// The record as these writes would make it, for the rules that look at more than a document.
    ///
    /// # Errors
    /// The field whose value this version cannot read.
    pub fn record_after(&self, writes: &[Write]) -> Result<Record, Invalid> {
        Record::from_parts(self.origin.record_type, &written(&self.parts(), writes))
    }

    /// What the work asks and these writes do not keep to, in the order of the screen: see
    /// [`step_faults`]. Nothing about a record that this version cannot read.
    pub fn step_faults(&self, writes: &[Write]) -> Vec<Invalid> {
        if !writes.iter().any(can_be_a_step) {
            return Vec::new();
        }
        let (Ok(before), Ok(after)) = (self.record(), self.record_after(writes)) else {
            return Vec::new();
        };
        let settled: BTreeSet<Field> = writes
            .iter()
            .filter(|write| self.settles(write))
            .filter_map(|write| match write {
                Write::Put(field, _) => Some(*field),
                Write::Insert(..)
                | Write::Remove(..)
                | Write::Set(..)
                | Write::Splice(..)
                | Write::Append(_)
                | Write::Increment(..) => None,
            })
            .collect();
        step_faults(&before, &after, &settled)
    }
}

/// Whether a write touches what [`step_faults`] looks at.
fn can_be_a_step(write: &Write) -> bool {
    match write {
        Write::Put(field, _) => matches!(
            field,
            Field::Status | Field::Stage | Field::Answer | Field::Promise | Field::Feedback
        ),
        Write::Insert(..)
        | Write::Remove(..)
        | Write::Set(..)
        | Write::Splice(..)
        | Write::Append(_)
        | Write::Increment(..) => false,
    }
}
