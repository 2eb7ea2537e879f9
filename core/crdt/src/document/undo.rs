//! Taking one's last change back: an ordinary change that writes the opposite.
//!
//! Invariant: undoing takes away what the undone change did and nothing that anybody else did.
//! Where somebody wrote since, or at the same time, it is refused with the field, and nothing is
//! written at all.

use automerge::ReadDoc;
use automerge::legacy::OpType;
use wijkboek_model::{ChangeHash, InstallId, SetField, Value, Write};

use crate::change::{OpId, hash_to_automerge};
use crate::mapping::{Container, from_scalar, place_of_member, place_of_pair};
use crate::vocabulary::deed;
use crate::{ChangeInfo, Document, DocumentError, Limits, RawChange, Stamp};

/// Which change to take back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UndoTarget {
    /// The last change that this installation wrote in the document, under any generation.
    LastOf(InstallId),
    /// This change, as long as neither its writer nor the one who undoes wrote on after it.
    Change(ChangeHash),
}

/// Why a change was not taken back.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UndoError {
    /// The installation wrote nothing here, or nothing that this version understands.
    #[error("there is nothing to undo")]
    NothingToUndo,
    /// Its writer, or the one who undoes, wrote on after it.
    #[error("only the last change can be undone")]
    NotTheLast,
    /// The change made the record.
    #[error("making the record cannot be undone")]
    CannotUndoCreation,
    /// Somebody wrote the same field since, or at the same time.
    #[error("{field} was changed since")]
    ChangedSince {
        /// The field's key.
        field: &'static str,
    },
    /// The change chose between several values, which an undo cannot put side by side again; who
    /// chose wrongly chooses anew.
    #[error("{field} held several values before")]
    SettledConflict {
        /// The field's key.
        field: &'static str,
    },
    /// The opposite cannot be written: it would break a rule, or the document is full.
    #[error(transparent)]
    Document(#[from] DocumentError),
}

impl Document {
    /// Takes a change back with a new one, which others receive and may undo like any other: an
    /// undone undo does it again. None when nothing of it is left to take back.
    ///
    /// Each field gets the value that the change's writer saw there, members come back or go,
    /// counters are stepped the other way, entries of the thread are withdrawn. All of it happens
    /// or none. Whether this person may undo that change is for the caller to judge, as for every
    /// edit.
    ///
    /// # Errors
    /// See [`UndoError`]. The document is then as it was.
    pub fn undo(
        &mut self,
        target: UndoTarget,
        stamp: &Stamp,
    ) -> Result<Option<RawChange>, UndoError> {
        let info = self.undoable(target, stamp.actor.install())?.clone();
        let writes = self.opposite(&info)?;
        Ok(self.edit(&writes, stamp)?)
    }

    fn undoable(&self, target: UndoTarget, by: InstallId) -> Result<&ChangeInfo, UndoError> {
        let last_of = |install: InstallId| {
            let own = self.graph.infos().iter().filter(|info| info.actor.install() == install);
            own.max_by_key(|info| (info.actor.generation(), info.seq))
        };
        let info = match target {
            UndoTarget::LastOf(install) => last_of(install).ok_or(UndoError::NothingToUndo)?,
            UndoTarget::Change(hash) => {
                let info = self.graph.info(&hash).ok_or(UndoError::NothingToUndo)?;
                let wrote_on = |last: &ChangeInfo| last.max_op > info.max_op;
                let is_last = last_of(info.actor.install()).is_some_and(|last| last.hash == hash);
                if !is_last || last_of(by).is_some_and(wrote_on) {
                    return Err(UndoError::NotTheLast);
                }
                info
            }
        };
        if info.deps.is_empty() { Err(UndoError::CannotUndoCreation) } else { Ok(info) }
    }

    /// The writes that undo a change, as far as what it did still stands.
    fn opposite(&self, info: &ChangeInfo) -> Result<Vec<Write>, UndoError> {
        let limits = Limits::for_own_changes();
        let change = self.doc.get_change_by_hash(&hash_to_automerge(info.hash));
        let change = change.ok_or(UndoError::NothingToUndo)?;
        let record_type = self.origin.record_type;
        let (mut understood, mut writes) = (false, Vec::new());
        for (op, counter) in change.decode().operations.iter().zip(info.start_op..) {
            let deed = deed(op, &self.layout, record_type, &limits);
            let Some((replaces, write)) = deed.ok().and_then(|d| Some((d.replaces, d.write?)))
            else {
                continue;
            };
            understood = true;
            let own = OpId { counter, actor: info.actor };
            match write {
                Write::Put(field, value) => {
                    let id = (!matches!(op.action, OpType::Delete)).then_some(own);
                    let place = (Container::Root, field.key());
                    let before = self.value_before(place, field.key(), id, &replaces, &value)?;
                    writes.extend(before.map(|before| Write::Put(field, before)));
                }
                Write::Insert(set, member) => {
                    if self.stands_alone(set, &member, own) {
                        writes.push(Write::Remove(set, member));
                    }
                }
                Write::Remove(set, member) => writes.push(Write::Insert(set, member)),
                Write::Set(map, key, value) => {
                    let id = (!matches!(op.action, OpType::Delete)).then_some(own);
                    let place = place_of_pair(map, &key);
                    let place = (Container::Root, place.as_str());
                    let before = self.value_before(place, map.key(), id, &replaces, &value)?;
                    writes.extend(before.map(|before| Write::Set(map, key, before)));
                }
                Write::Append(entry) => {
                    writes.push(Write::Insert(SetField::Withdrawn, entry.id.to_string()));
                }
                Write::Splice(..) => return Err(UndoError::NothingToUndo),
                Write::Increment(tally, by) => writes.push(Write::Increment(tally, -by)),
            }
        }
        if understood { Ok(writes) } else { Err(UndoError::NothingToUndo) }
    }

    /// What the writer of `own` saw where it wrote `written`; none when that stands there anyway.
    fn value_before(
        &self,
        (container, key): (Container, &str),
        field: &'static str,
        own: Option<OpId>,
        replaces: &[OpId],
        written: &Value,
    ) -> Result<Option<Value>, UndoError> {
        let standing = self.standing(container, key);
        let stands: Vec<OpId> = standing.iter().map(|(id, _)| *id).collect();
        if stands != own.into_iter().collect::<Vec<_>>() {
            return Err(UndoError::ChangedSince { field });
        }
        let mut before: Vec<Value> = Vec::new();
        for id in replaces {
            let value = self.value_of(*id).ok_or(UndoError::Document(DocumentError::Newer))?;
            if !before.contains(&value) {
                before.push(value);
            }
        }
        match before.as_slice() {
            [] => Ok(Some(Value::Null).filter(|null| null != written)),
            [one] => Ok(Some(one.clone()).filter(|one| one != written)),
            [_, _, ..] => Err(UndoError::SettledConflict { field }),
        }
    }

    /// The value that an operation put, read from the change that holds it.
    fn value_of(&self, id: OpId) -> Option<Value> {
        let maker = self.graph.maker(&id.actor, id.counter)?;
        let change = self.doc.get_change_by_hash(&hash_to_automerge(maker.hash))?;
        let at = usize::try_from(id.counter.checked_sub(maker.start_op)?).ok()?;
        match &change.decode().operations.get(at)?.action {
            OpType::Put(scalar) => from_scalar(scalar),
            OpType::Make(_)
            | OpType::Delete
            | OpType::Increment(_)
            | OpType::MarkBegin(_)
            | OpType::MarkEnd(_) => None,
        }
    }

    /// Whether only this operation keeps a member in its set; what somebody else added too stays.
    fn stands_alone(&self, set: SetField, member: &str, own: OpId) -> bool {
        let (container, key) = place_of_member(set, member);
        let standing = self.standing(container, &key);
        standing.iter().all(|(id, _)| *id == own) && !standing.is_empty()
    }
}
