//! The first change of a document: it builds the whole record at once, and nothing else may.

use std::collections::{BTreeMap, BTreeSet};

use automerge::legacy::{ObjectId, OpType};
use automerge::{ExpandedChange, ObjType, ScalarValue};
use wijkboek_model::{
    ActorId, Field, Invalid, MapField, Parts, PrincipalId, Record, RecordId, RecordType, Rule,
    SetField, TallyKey, Value, validate_parts, validate_together,
};

use crate::change::OpId;
use crate::mapping::{AUTHOR, Container, Flat, ID, Layout, SCHEMA, TALLIES, TYPE, from_scalar};
use crate::vocabulary::{map_key, replaced, tally_key, unknown};
use crate::{Limits, Origin, Refusal};

mod outline;

pub(crate) use outline::outline;

/// Reads a first change.
///
/// # Errors
/// Why it cannot be the first change of the record `id`.
pub(crate) fn first_change(
    id: RecordId,
    change: &ExpandedChange,
    limits: &Limits,
) -> Result<(Origin, Layout), Refusal> {
    let origin = read_origin(id, change)?;
    let mut builder = Builder {
        record_type: origin.record_type,
        limits,
        layout: Layout::default(),
        parts: Parts::default(),
        unknown: BTreeSet::new(),
    };
    let actor = ActorId::from_slice(change.actor_id.to_bytes());
    let actor = actor.map_err(|_| Refusal::ActorMalformed)?;
    for (op, counter) in change.operations.iter().zip(change.start_op.get()..) {
        let key = map_key(op)?;
        if !replaced(op)?.is_empty() {
            return Err(Refusal::WrongPredecessors);
        }
        let container = builder.layout.container(&op.obj).ok_or(Refusal::UnknownObject)?;
        match &op.action {
            OpType::Make(made) => {
                builder.make(container, key, *made, OpId { counter, actor })?;
            }
            OpType::Put(value) => builder.put(container, key, value)?,
            OpType::Delete | OpType::Increment(_) | OpType::MarkBegin(_) | OpType::MarkEnd(_) => {
                return Err(Refusal::ForbiddenOperation);
            }
        }
    }
    let layout = builder.finish()?;
    Ok((origin, layout))
}

/// Checks what [`validate_parts`] leaves to this layer: what the counters of a new visit start from.
///
/// # Errors
/// The counters, when one starts below zero or absurdly high.
pub(crate) fn validate_tallies(parts: &Parts) -> Result<(), Invalid> {
    if parts.tallies.values().all(|start| (0..=TALLY_START_MAX).contains(start)) {
        Ok(())
    } else {
        Err(Invalid { field: TALLIES, rule: Rule::OutOfRange })
    }
}

fn read_origin(id: RecordId, change: &ExpandedChange) -> Result<Origin, Refusal> {
    let mut own = BTreeMap::new();
    for op in &change.operations {
        let key = map_key(op)?;
        if op.obj == ObjectId::Root && key.starts_with('_') {
            let OpType::Put(value) = &op.action else { return Err(Refusal::ReservedKey) };
            if own.insert(key, value).is_some() {
                return Err(Refusal::KeyWrittenTwice);
            }
        }
    }
    let Some(ScalarValue::Bytes(named)) = own.remove(ID) else { return Err(Refusal::IdMalformed) };
    let named = RecordId::from_bytes(named).map_err(|_| Refusal::IdMalformed)?;
    if named != id {
        return Err(Refusal::OtherRecord);
    }
    let record_type: RecordType = match own.remove(TYPE) {
        Some(ScalarValue::Str(word)) => word.parse().map_err(|_| Refusal::TypeUnknown)?,
        Some(_) | None => return Err(Refusal::TypeUnknown),
    };
    let author = match own.remove(AUTHOR) {
        Some(ScalarValue::Bytes(author)) => PrincipalId::from_bytes(author).ok(),
        Some(_) | None => None,
    };
    let author = author.ok_or(Refusal::AuthorMalformed)?;
    let schema = match own.remove(SCHEMA) {
        Some(ScalarValue::Uint(schema)) => u32::try_from(*schema).ok().filter(|s| *s > 0),
        Some(_) | None => None,
    };
    let schema = schema.ok_or(Refusal::SchemaMalformed)?;
    if own.is_empty() {
        Ok(Origin { id, record_type, author, schema })
    } else {
        Err(Refusal::ReservedKey)
    }
}

struct Builder<'a> {
    record_type: RecordType,
    limits: &'a Limits,
    layout: Layout,
    parts: Parts,
    unknown: BTreeSet<String>,
}

impl Builder<'_> {
    fn make(
        &mut self,
        parent: Container,
        key: &str,
        made: ObjType,
        by: OpId,
    ) -> Result<(), Refusal> {
        let container = Container::from_key(key).ok_or(Refusal::MakesObject)?;
        let belongs = Container::of(self.record_type).any(|of_type| of_type == container);
        if parent != Container::Root || made != container.object_type() || !belongs {
            return Err(Refusal::MakesObject);
        }
        if self.layout.contains(container) {
            return Err(Refusal::KeyWrittenTwice);
        }
        self.layout.insert(container, by);
        Ok(())
    }

    fn put(&mut self, container: Container, key: &str, value: &ScalarValue) -> Result<(), Refusal> {
        let new = match container {
            Container::Root => return self.put_field(key, value),
            Container::Set(set) => {
                if *value != ScalarValue::Boolean(true) {
                    return Err(Refusal::ForbiddenValue);
                }
                if !set.is_member(key) {
                    return Err(Refusal::KeyMalformed);
                }
                self.parts.sets.entry(set).or_default().insert(key.to_owned())
            }
            Container::Entries | Container::Prose(_) => return Err(Refusal::ForbiddenOperation),
            Container::Tallies => {
                let ScalarValue::Counter(start) = value else {
                    return Err(Refusal::ForbiddenValue);
                };
                let tally = tally_key(key).ok_or(Refusal::UnknownTally)?;
                self.parts.tallies.insert(tally, i64::from(start)).is_none()
            }
        };
        if new { Ok(()) } else { Err(Refusal::KeyWrittenTwice) }
    }

    fn put_field(&mut self, key: &str, value: &ScalarValue) -> Result<(), Refusal> {
        if key.starts_with('_') {
            return Ok(());
        }
        if Container::from_key(key).is_some() {
            return Err(Refusal::ContainerReplaced);
        }
        let new = if let Some(field) = Field::from_key(key) {
            if !Field::of(self.record_type).contains(&field) {
                return Err(Invalid { field: field.key(), rule: Rule::NotOfThisType }.into());
            }
            let value: Value = from_scalar(value).ok_or(Refusal::ForbiddenValue)?;
            self.parts.fields.insert(field, value).is_none()
        } else if let Some(flat) = Flat::from_key(key) {
            self.put_flat(flat, value)?
        } else {
            unknown(key, value, self.limits)?;
            self.unknown.insert(key.to_owned())
        };
        if new { Ok(()) } else { Err(Refusal::KeyWrittenTwice) }
    }

    /// Whether the key is new.
    fn put_flat(&mut self, flat: Flat<'_>, value: &ScalarValue) -> Result<bool, Refusal> {
        match flat {
            Flat::Member(set, member) => {
                if !SetField::of(self.record_type).contains(&set) {
                    return Err(Invalid { field: set.key(), rule: Rule::NotOfThisType }.into());
                }
                if *value != ScalarValue::Boolean(true) {
                    return Err(Refusal::ForbiddenValue);
                }
                Ok(self.parts.sets.entry(set).or_default().insert(member.to_owned()))
            }
            Flat::Pair(map, key) => {
                if !MapField::of(self.record_type).contains(&map) {
                    return Err(Invalid { field: map.key(), rule: Rule::NotOfThisType }.into());
                }
                let value = from_scalar(value).filter(|value| *value != Value::Null);
                let value = value.ok_or(Refusal::ForbiddenValue)?;
                let pairs = self.parts.maps.entry(map).or_default();
                Ok(pairs.insert(key.to_owned(), value).is_none())
            }
        }
    }

    fn finish(mut self) -> Result<Layout, Refusal> {
        let containers = Container::of(self.record_type).all(|c| self.layout.contains(c));
        let counters = !self.record_type.has_tallies()
            || TallyKey::all().all(|key| self.parts.tallies.contains_key(&key));
        if !(containers && counters) {
            return Err(Refusal::FirstChangeIncomplete);
        }
        // A version that did not know a field yet left it out: it is empty, if it may be.
        for field in Field::of(self.record_type) {
            self.parts.fields.entry(*field).or_insert(Value::Null);
        }
        let record = Record::from_parts(self.record_type, &self.parts)?;
        validate_parts(self.record_type, &self.parts)?;
        validate_together(&record)?;
        validate_tallies(&self.parts)?;
        Ok(self.layout)
    }
}

/// Most visitors that a counter may start from, as when a paper tally is entered afterwards.
const TALLY_START_MAX: i64 = 100_000;
