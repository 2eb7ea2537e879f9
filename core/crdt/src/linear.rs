//! The view of a linear history, straight from its operations.
//!
//! In a linear history each change builds on exactly the one before it, so nothing is concurrent:
//! whatever an operation names is what stands there, and the last one counts. No document has to
//! be built to see that.
//!
//! Invariant: what it says is what the loaded document would say; whatever it does not understand
//! it leaves to the document.

use std::collections::{BTreeMap, BTreeSet};

use wijkboek_model::{
    ActorId, ChangeHash, Field, MapField, Parts, PrincipalId, RecordId, SetField, Value,
};

use crate::document::audience_of;
use crate::mapping::{AUTHOR, Container, ID, SCHEMA, TYPE, decode_entry};
use crate::scan::Reader;
use crate::slim::Slim;
use crate::{Origin, PackedChange, View};

pub(crate) mod columns;
mod operations;

use operations::{Action, Named, Operation, Operations, Scalar};

/// What a document of these changes holds, when each builds on exactly the one before it.
///
/// The changes are taken at their word, as they come out of [`crate::read_pack`].
///
/// None when it is not so, or when they hold what this cannot read; then
/// [`crate::Document::load`] is to be asked.
pub fn linear_view(id: RecordId, changes: &[PackedChange]) -> Option<View> {
    let mut history = History::default();
    let mut last: Option<ChangeHash> = None;
    for change in changes {
        let slim = Slim::take_apart(body_of(&change.bytes)?)?;
        if !slim.deps.iter().eq(&last) || slim.start_op != history.next() {
            return None;
        }
        history.add(&slim, last.is_none())?;
        last = Some(change.hash);
    }
    let standing = history.standing()?;
    let origin = standing.origin().filter(|origin| origin.id == id)?;
    let parts = standing.parts(&origin)?;
    let entries = standing.of(Container::Entries).filter_map(|(key, value)| match value {
        Scalar::Text(written) => decode_entry(key, written),
        Scalar::Null
        | Scalar::Bool(_)
        | Scalar::Uint(_)
        | Scalar::Int(_)
        | Scalar::Bytes(_)
        | Scalar::Counter(_)
        | Scalar::Time(_)
        | Scalar::Other => None,
    });
    let values = |field: Field| {
        standing.root(field.key()).map(Scalar::to_value).into_iter().collect::<Vec<_>>()
    };
    let members = |set: SetField| standing.of(Container::Set(set)).map(|(key, _)| key.to_owned());
    Some(View {
        audience: audience_of(&origin, values, |set| members(set).collect()),
        entries: entries.collect(),
        origin,
        parts,
        conflicts: Vec::new(),
        heads: last.into_iter().collect(),
        change_count: changes.len(),
    })
}

/// What a chunk frames.
fn body_of(chunk: &[u8]) -> Option<&[u8]> {
    let mut read = Reader::new(chunk.get(9..)?);
    let length = read.unsigned()?;
    (u64::try_from(read.rest().len()) == Ok(length)).then(|| read.rest())
}

/// All operations so far, at the place of their number.
#[derive(Default)]
struct History<'a> {
    operations: Vec<Slot<'a>>,
    containers: Vec<(Container, Named)>,
}

/// An operation, and whether what it wrote still stands.
struct Slot<'a> {
    actor: ActorId,
    container: Container,
    key: &'a str,
    value: Written<'a>,
    stands: bool,
}

enum Written<'a> {
    Container,
    Scalar(Scalar<'a>),
    Nothing,
}

impl<'a> History<'a> {
    /// The number of the operation that comes next.
    fn next(&self) -> u64 {
        self.operations.len() as u64 + 1
    }

    fn add(&mut self, slim: &Slim<'a>, is_first: bool) -> Option<()> {
        let mut operations = Operations::of(slim)?;
        let before = self.operations.len();
        while !operations.is_empty() {
            let operation = operations.operation()?;
            let container = self.container(operation.object)?;
            // A later version may keep more under such keys than this one reads.
            if container == Container::Root && operation.key.contains(':') {
                return None;
            }
            let value = match operation.action {
                Action::MakeMap if is_first && container == Container::Root => {
                    let made = Container::from_key(operation.key)?;
                    let named = Named { counter: self.next(), actor: slim.actor };
                    self.containers.push((made, named));
                    Written::Container
                }
                Action::MakeMap => return None,
                Action::Put(value) => Written::Scalar(value),
                Action::Delete | Action::Increment(_) => Written::Nothing,
            };
            self.name(&mut operations, &operation, container, before)?;
            let stands = !matches!(value, Written::Nothing);
            let key = operation.key;
            self.operations.push(Slot { actor: slim.actor, container, key, value, stands });
        }
        Some(())
    }

    fn container(&self, object: Option<Named>) -> Option<Container> {
        let Some(named) = object else { return Some(Container::Root) };
        self.containers.iter().find(|(_, made)| *made == named).map(|(container, _)| *container)
    }

    /// Takes away, or adds to, what an operation names, which has to stand there.
    fn name(
        &mut self,
        operations: &mut Operations<'a, '_>,
        operation: &Operation<'a>,
        container: Container,
        before: usize,
    ) -> Option<()> {
        let wants_one = match operation.action {
            Action::MakeMap | Action::Put(_) => false,
            Action::Delete | Action::Increment(_) => true,
        };
        if operation.names > 1 || (wants_one && operation.names == 0) {
            return None;
        }
        for _ in 0..operation.names {
            let named = operations.named()?;
            let place = usize::try_from(named.counter.checked_sub(1)?).ok()?;
            let slot = self.operations[..before].get_mut(place)?;
            let fits = slot.actor == named.actor
                && slot.container == container
                && slot.key == operation.key
                && slot.stands;
            if !fits {
                return None;
            }
            match (&operation.action, &mut slot.value) {
                (Action::Increment(by), Written::Scalar(Scalar::Counter(sum))) => {
                    *sum = sum.checked_add(*by)?;
                }
                (Action::Put(_) | Action::Delete, Written::Scalar(_)) => slot.stands = false,
                (Action::Increment(_) | Action::MakeMap, _)
                | (_, Written::Container | Written::Nothing) => return None,
            }
        }
        Some(())
    }

    /// What stands in the end; none when two operations stand at one key.
    fn standing(&self) -> Option<Standing<'a>> {
        let slots = self.operations.iter().filter(|slot| slot.stands);
        let mut standing: Vec<(Container, &str, Scalar<'_>)> = slots
            .map(|slot| match slot.value {
                Written::Scalar(value) => (slot.container, slot.key, value),
                Written::Container | Written::Nothing => (slot.container, slot.key, Scalar::Other),
            })
            .collect();
        standing.sort_unstable_by_key(|(container, key, _)| (*container, *key));
        let twice = standing.windows(2).any(|two| (two[0].0, two[0].1) == (two[1].0, two[1].1));
        let containers = self.containers.iter().map(|(container, _)| *container).collect();
        (!twice).then_some(Standing { standing, containers })
    }
}

/// What stands at the end of a history, sorted.
struct Standing<'a> {
    standing: Vec<(Container, &'a str, Scalar<'a>)>,
    containers: BTreeSet<Container>,
}

impl<'a> Standing<'a> {
    fn of(&self, container: Container) -> impl Iterator<Item = (&'a str, Scalar<'a>)> {
        let from = self.standing.partition_point(|(other, ..)| *other < container);
        let here = self.standing[from..].iter().take_while(move |(other, ..)| *other == container);
        here.map(|(_, key, value)| (*key, *value))
    }

    fn root(&self, key: &str) -> Option<Scalar<'a>> {
        let found = self.standing.binary_search_by(|(container, other, _)| {
            container.cmp(&Container::Root).then_with(|| (*other).cmp(key))
        });
        found.ok().map(|at| self.standing[at].2)
    }

    fn origin(&self) -> Option<Origin> {
        let Scalar::Bytes(id) = self.root(ID)? else { return None };
        let Scalar::Text(record_type) = self.root(TYPE)? else { return None };
        let Scalar::Bytes(author) = self.root(AUTHOR)? else { return None };
        let Scalar::Uint(schema) = self.root(SCHEMA)? else { return None };
        Some(Origin {
            id: RecordId::from_bytes(id).ok()?,
            record_type: record_type.parse().ok()?,
            author: PrincipalId::from_bytes(author).ok()?,
            schema: u32::try_from(schema).ok()?,
        })
    }

    /// The record taken apart; none when it lacks a container or has one of another type.
    fn parts(&self, origin: &Origin) -> Option<Parts> {
        if self.containers != Container::of(origin.record_type).collect() {
            return None;
        }
        let value = |field: &Field| {
            let value = self.root(field.key()).and_then(Scalar::to_value);
            (*field, value.unwrap_or(Value::Null))
        };
        let members = |set: &SetField| {
            let members = self.of(Container::Set(*set)).map(|(member, _)| member.to_owned());
            (*set, members.collect())
        };
        let tallies = self.of(Container::Tallies).filter_map(|(key, value)| match value {
            Scalar::Counter(sum) => Some((key.parse().ok()?, sum)),
            Scalar::Null
            | Scalar::Bool(_)
            | Scalar::Uint(_)
            | Scalar::Int(_)
            | Scalar::Text(_)
            | Scalar::Bytes(_)
            | Scalar::Time(_)
            | Scalar::Other => None,
        });
        Some(Parts {
            fields: Field::of(origin.record_type).iter().map(value).collect(),
            sets: SetField::of(origin.record_type).iter().map(members).collect(),
            maps: MapField::of(origin.record_type)
                .iter()
                .map(|map| (*map, BTreeMap::new()))
                .collect(),
            tallies: tallies.collect(),
        })
    }
}
