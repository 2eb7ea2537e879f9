//! Reading a document: the record, its thread, its conflicts and who may see it.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use automerge::{ROOT, ReadDoc, Value as AutomergeValue};
use wijkboek_model::{
    ActorId, AreaCode, Audience, Entry, Field, Invalid, MapField, Parts, PrincipalId, Record, Rule,
    Sensitivity, SetField, Timestamp, Value,
};

use crate::change::OpId;
use crate::mapping::{Container, Flat, from_scalar, read_entries, read_parts};
use crate::{Document, Origin};

/// A field that holds several concurrent values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflict {
    /// The field.
    pub field: Field,
    /// Its distinct values, at least two, the winner first.
    pub values: Vec<Alternative>,
}

/// A key of a map that holds several concurrent values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PairConflict {
    /// The map.
    pub map: MapField,
    /// The key in it.
    pub key: String,
    /// Its distinct values, at least two, the winner first.
    pub values: Vec<Alternative>,
}

/// One of several concurrent values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alternative {
    /// The value.
    pub value: Value,
    /// Who wrote it.
    pub actor: ActorId,
    /// When, by the writer's clock.
    pub at: Timestamp,
}

impl Document {
    /// The record taken apart, each field with its winning value.
    pub fn parts(&self) -> Parts {
        read_parts(&self.doc, self.origin.record_type, &self.layout, None)
    }

    /// The record, each field with its winning value.
    ///
    /// # Errors
    /// The field whose value this version cannot read; a newer one wrote it.
    pub fn record(&self) -> Result<Record, Invalid> {
        Record::from_parts(self.origin.record_type, &self.parts())
    }

    /// The thread, in the order of the entries' ids.
    pub fn entries(&self) -> Vec<Entry> {
        read_entries(&self.doc, &self.layout)
    }

    /// The fields that hold more than one value, in the order of the screen.
    pub fn conflicts(&self) -> Vec<Conflict> {
        let disputed: BTreeSet<Field> = self
            .doc
            .map_range(ROOT, ..)
            .filter(|item| item.conflict)
            .filter_map(|item| Field::from_key(&item.key))
            .collect();
        Field::of(self.origin.record_type)
            .iter()
            .filter(|field| disputed.contains(field))
            .filter_map(|field| {
                let values = self.alternatives(field.key());
                (values.len() > 1).then_some(Conflict { field: *field, values })
            })
            .collect()
    }

    /// The keys of maps that hold more than one value, in the order of their names. Writing one of
    /// the values settles it, as for a field.
    pub fn pair_conflicts(&self) -> Vec<PairConflict> {
        let maps = MapField::of(self.origin.record_type);
        let disputed = self.doc.map_range(ROOT, ..).filter(|item| item.conflict);
        disputed
            .filter_map(|item| match Flat::from_key(&item.key)? {
                Flat::Pair(map, key) if maps.contains(&map) => {
                    let values = self.alternatives(&item.key);
                    let key = key.to_owned();
                    (values.len() > 1).then_some(PairConflict { map, key, values })
                }
                Flat::Pair(..) | Flat::Member(..) => None,
            })
            .collect()
    }

    /// Who may see the record, read carefully while values are concurrent: the most restrictive
    /// sensitivity, every wijk, every assignee and whoever else takes part.
    ///
    /// *Gevoelig* restricts more than *vertrouwelijk*: OOV reads the latter, but not the former.
    ///
    /// # Errors
    /// The field whose value this version cannot read; such a record is best shown to nobody.
    pub fn audience(&self) -> Result<Audience, Invalid> {
        let values = |field: Field| {
            let standing = self.standing(Container::Root, field.key());
            standing.into_iter().map(|(_, value)| value).collect()
        };
        audience_of(&self.origin, values, |set| self.members(set))
    }

    /// The operations that stand at a key now, and their values, the winner last.
    pub(super) fn standing(&self, container: Container, key: &str) -> Vec<(OpId, Option<Value>)> {
        let Some(object) = self.layout.object(container) else { return Vec::new() };
        let standing = self.doc.get_all(object, key).unwrap_or_default();
        standing
            .into_iter()
            .filter_map(|(value, id)| {
                let value = match value {
                    AutomergeValue::Scalar(scalar) => from_scalar(&scalar),
                    AutomergeValue::Object(_) => None,
                };
                Some((OpId::of(&id)?, value))
            })
            .collect()
    }

    fn alternatives(&self, key: &str) -> Vec<Alternative> {
        let mut standing = self.standing(Container::Root, key);
        standing.sort_by_key(|(id, _)| Reverse(*id));
        let mut alternatives: Vec<Alternative> = Vec::new();
        for (id, value) in standing {
            let Some(value) = value else { continue };
            if alternatives.iter().any(|known| known.value == value) {
                continue;
            }
            let Some(maker) = self.graph.maker(&id.actor, id.counter) else { continue };
            alternatives.push(Alternative { value, actor: id.actor, at: maker.at });
        }
        alternatives
    }

    fn members(&self, set: SetField) -> Vec<String> {
        if set.is_flat() {
            return self.parts().sets.remove(&set).unwrap_or_default().into_iter().collect();
        }
        let Some(object) = self.layout.object(Container::Set(set)) else { return Vec::new() };
        self.doc.keys(object).collect()
    }
}

/// Who may see a record, given all values that stand in a field (none for one that cannot be
/// read), and the members of its sets.
pub(crate) fn audience_of(
    origin: &Origin,
    standing: impl Fn(Field) -> Vec<Option<Value>>,
    members: impl Fn(SetField) -> Vec<String>,
) -> Result<Audience, Invalid> {
    let mut sensitivity = Sensitivity::Gewoon;
    for value in parsed::<Sensitivity>(&standing, Field::Sensitivity)? {
        if restriction(value) > restriction(sensitivity) {
            sensitivity = value;
        }
    }
    let record_type = origin.record_type;
    let of_type = |set: SetField| {
        if SetField::of(record_type).contains(&set) { members(set) } else { Vec::new() }
    };
    let buurten = parsed::<AreaCode>(&standing, Field::Buurt)?;
    let mut wijken: BTreeSet<AreaCode> = buurten.iter().filter_map(AreaCode::wijk).collect();
    wijken.extend(of_type(SetField::Wijken).iter().filter_map(|wijk| wijk.parse().ok()));
    let team = of_type(SetField::Team);
    let mut participants: BTreeSet<PrincipalId> =
        team.iter().filter_map(|member| member.parse().ok()).collect();
    for field in Field::of(record_type).iter().filter(|field| field.names_participant()) {
        participants.extend(parsed::<PrincipalId>(&standing, *field)?);
    }
    Ok(Audience {
        record_type: origin.record_type,
        wijken,
        sensitivity,
        author: origin.author,
        participants,
    })
}

/// All concurrent values of a field that are not empty.
fn parsed<T: std::str::FromStr>(
    standing: impl Fn(Field) -> Vec<Option<Value>>,
    field: Field,
) -> Result<Vec<T>, Invalid> {
    let unreadable = || Invalid { field: field.key(), rule: Rule::Unreadable };
    let mut values = Vec::new();
    for value in standing(field) {
        match value {
            Some(Value::Null) => {}
            Some(Value::Text(text)) => values.push(text.parse().map_err(|_| unreadable())?),
            Some(Value::Bool(_) | Value::Int(_) | Value::Time(_)) | None => {
                return Err(unreadable());
            }
        }
    }
    Ok(values)
}

/// How few may read a record of this sensitivity; see the permission table of the model.
fn restriction(sensitivity: Sensitivity) -> u8 {
    match sensitivity {
        Sensitivity::Gewoon => 0,
        Sensitivity::Vertrouwelijk => 1,
        Sensitivity::Gevoelig => 2,
    }
}
