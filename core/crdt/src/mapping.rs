//! How a record lies in its document, and the way back.
//!
//! | key of the root | holds |
//! |---|---|
//! | `_id`, `_author` | 16 bytes each: the record, who created it |
//! | `_type`, `_schema` | the record type's word; the version of this mapping, 2 |
//! | each [`Field::key`] of the type | one scalar, null when empty |
//! | each [`SetField::key`] of the type that is not flat | a map, member → true |
//! | `<set>:<member>` for each member of a flat set | true |
//! | `<map>:<key>` for each key of a [`MapField`] | one scalar |
//! | `entries` | a map, entry id → `"<principal>\n<text>"` |
//! | `tallies` (visits only) | a map, tally key → counter |
//! | each [`ProseField::key`] of the type | a text, for what people write together |
//!
//! All containers are made by the first change; later ones make no object. Two devices that both made
//! the same container would hide one of the two.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use automerge::{
    Automerge, ObjId, ObjType, ROOT, ReadDoc, ScalarValue, ScalarValueRef, TextEncoding, ValueRef,
};
use wijkboek_model::{
    Entry, EntryId, Field, MapField, Parts, PrincipalId, ProseField, RecordType, SetField,
    TallyKey, Timestamp, Value,
};

use crate::Origin;
use crate::change::{OpId, hash_to_automerge};

pub(crate) const ID: &str = "_id";
pub(crate) const TYPE: &str = "_type";
pub(crate) const AUTHOR: &str = "_author";
pub(crate) const SCHEMA: &str = "_schema";
pub(crate) const ENTRIES: &str = "entries";
pub(crate) const TALLIES: &str = "tallies";

/// The version of this mapping that new documents are made with.
pub(crate) const SCHEMA_VERSION: u32 = 2;

/// A key of the root that stands for a member of a flat set, or for a key of a map.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Flat<'a> {
    Member(SetField, &'a str),
    Pair(MapField, &'a str),
}

impl<'a> Flat<'a> {
    /// Reads a key; none for fields, containers, and what this version does not know.
    pub(crate) fn from_key(key: &'a str) -> Option<Self> {
        let (name, member) = key.split_once(':')?;
        if let Some(map) = MapField::from_key(name) {
            return Some(Self::Pair(map, member));
        }
        SetField::from_key(name).filter(|set| set.is_flat()).map(|set| Self::Member(set, member))
    }
}

/// Where a member of a set lies: the container and the key in it.
pub(crate) fn place_of_member(set: SetField, member: &str) -> (Container, String) {
    if set.is_flat() {
        (Container::Root, format!("{}:{member}", set.key()))
    } else {
        (Container::Set(set), member.to_owned())
    }
}

/// The key of the root under which a key of a map lies.
pub(crate) fn place_of_pair(map: MapField, key: &str) -> String {
    format!("{}:{key}", map.key())
}

/// One of the objects that a document consists of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Container {
    Root,
    Set(SetField),
    Entries,
    Tallies,
    Prose(ProseField),
}

impl Container {
    /// The containers beside the root that a type's first change makes.
    pub(crate) fn of(record_type: RecordType) -> impl Iterator<Item = Self> {
        let tallies = record_type.has_tallies().then_some(Self::Tallies);
        let sets = SetField::of(record_type).iter().copied().filter(|set| !set.is_flat());
        let sets = sets.map(Self::Set);
        let prose = prose_of(record_type).iter().copied().map(Self::Prose);
        sets.chain([Self::Entries]).chain(tallies).chain(prose)
    }

    /// The container under this key of the root, whatever the record's type.
    pub(crate) fn from_key(key: &str) -> Option<Self> {
        match key {
            ENTRIES => Some(Self::Entries),
            TALLIES => Some(Self::Tallies),
            _ => {
                let prose = ProseField::from_key(key).map(Self::Prose);
                let set = SetField::from_key(key).filter(|set| !set.is_flat()).map(Self::Set);
                prose.or(set)
            }
        }
    }

    pub(crate) fn object_type(self) -> ObjType {
        match self {
            Self::Root | Self::Set(_) | Self::Entries | Self::Tallies => ObjType::Map,
            Self::Prose(_) => ObjType::Text,
        }
    }

    pub(crate) fn key(self) -> &'static str {
        match self {
            Self::Root => "",
            Self::Set(set) => set.key(),
            Self::Entries => ENTRIES,
            Self::Tallies => TALLIES,
            Self::Prose(prose) => prose.key(),
        }
    }
}

/// The fields of a type that are a text of their own.
fn prose_of(record_type: RecordType) -> &'static [ProseField] {
    if record_type == RecordType::Meeting { &[ProseField::Minutes] } else { &[] }
}

/// Where the containers of one document are.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Layout(Vec<(Container, OpId)>);

impl Layout {
    pub(crate) fn read(doc: &Automerge, record_type: RecordType) -> Option<Self> {
        let mut layout = Self::default();
        for container in Container::of(record_type) {
            let (value, id) = doc.get(ROOT, container.key()).ok()??;
            if value.to_objtype() != Some(container.object_type()) {
                return None;
            }
            layout.insert(container, OpId::of(&id)?);
        }
        Some(layout)
    }

    pub(crate) fn insert(&mut self, container: Container, made_by: OpId) {
        self.0.push((container, made_by));
    }

    pub(crate) fn contains(&self, container: Container) -> bool {
        self.0.iter().any(|(known, _)| *known == container)
    }

    /// The container that an operation writes in.
    pub(crate) fn container(&self, object: &automerge::legacy::ObjectId) -> Option<Container> {
        match object {
            automerge::legacy::ObjectId::Root => Some(Container::Root),
            automerge::legacy::ObjectId::Id(id) => {
                let id = OpId::of_operation(id)?;
                self.0.iter().find(|(_, made_by)| *made_by == id).map(|(container, _)| *container)
            }
        }
    }

    /// The object as Automerge's reading functions want it.
    pub(crate) fn object(&self, container: Container) -> Option<ObjId> {
        match container {
            Container::Root => Some(ROOT),
            Container::Set(_) | Container::Entries | Container::Tallies | Container::Prose(_) => {
                self.made_by(container)
                    .map(|id| ObjId::Id(id.counter, crate::change::actor_to_automerge(id.actor), 0))
            }
        }
    }

    /// The object as an operation names it.
    pub(crate) fn object_in_operation(
        &self,
        container: Container,
    ) -> Option<automerge::legacy::ObjectId> {
        match container {
            Container::Root => Some(automerge::legacy::ObjectId::Root),
            Container::Set(_) | Container::Entries | Container::Tallies | Container::Prose(_) => {
                self.made_by(container).map(|id| automerge::legacy::ObjectId::Id(id.to_automerge()))
            }
        }
    }

    fn made_by(&self, container: Container) -> Option<OpId> {
        self.0.iter().find(|(known, _)| *known == container).map(|(_, id)| *id)
    }
}

/// The first change's content.
pub(crate) fn to_hydrate(origin: &Origin, parts: &Parts) -> automerge::hydrate::Map {
    use automerge::hydrate::{Map, Value as Hydrate};
    let scalar = |value: ScalarValue| Hydrate::Scalar(value);
    let mut root: HashMap<String, Hydrate> = HashMap::new();
    root.insert(ID.into(), scalar(ScalarValue::Bytes(origin.id.as_bytes().to_vec())));
    root.insert(TYPE.into(), scalar(ScalarValue::Str(origin.record_type.as_str().into())));
    root.insert(AUTHOR.into(), scalar(ScalarValue::Bytes(origin.author.as_bytes().to_vec())));
    root.insert(SCHEMA.into(), scalar(ScalarValue::Uint(origin.schema.into())));
    for (field, value) in &parts.fields {
        root.insert(field.key().into(), scalar(to_scalar(value)));
    }
    for (set, members) in parts.sets.iter().filter(|(set, _)| set.is_flat()) {
        for member in members {
            root.insert(place_of_member(*set, member).1, scalar(true.into()));
        }
    }
    for (map, pairs) in &parts.maps {
        for (key, value) in pairs {
            root.insert(place_of_pair(*map, key), scalar(to_scalar(value)));
        }
    }
    for container in Container::of(origin.record_type) {
        let content: HashMap<String, Hydrate> = match container {
            Container::Prose(prose) => {
                // Empty, whatever the encoding.
                let empty = Hydrate::text(TextEncoding::UnicodeCodePoint, "");
                root.insert(prose.key().into(), empty);
                continue;
            }
            Container::Root | Container::Entries => HashMap::new(),
            Container::Set(set) => {
                let members = parts.sets.get(&set).into_iter().flatten();
                members.map(|member| (member.clone(), scalar(true.into()))).collect()
            }
            Container::Tallies => TallyKey::all()
                .map(|key| {
                    let start = parts.tallies.get(&key).copied().unwrap_or(0);
                    (key.to_string(), scalar(ScalarValue::counter(start)))
                })
                .collect(),
        };
        root.insert(container.key().into(), Hydrate::Map(Map::from(content)));
    }
    Map::from(root)
}

pub(crate) fn to_scalar(value: &Value) -> ScalarValue {
    match value {
        Value::Null => ScalarValue::Null,
        Value::Bool(yes) => ScalarValue::Boolean(*yes),
        Value::Int(number) => ScalarValue::Int(*number),
        Value::Text(text) => ScalarValue::Str(text.as_str().into()),
        Value::Time(at) => ScalarValue::Timestamp(at.as_millis()),
    }
}

/// A field's value; none for the kinds of scalar that no field holds.
pub(crate) fn from_scalar(scalar: &ScalarValue) -> Option<Value> {
    match scalar {
        ScalarValue::Null => Some(Value::Null),
        ScalarValue::Boolean(yes) => Some(Value::Bool(*yes)),
        ScalarValue::Int(number) => Some(Value::Int(*number)),
        ScalarValue::Str(text) => Some(Value::Text(text.as_str().to_owned())),
        ScalarValue::Timestamp(at) => Some(Value::Time(Timestamp::from_millis(*at))),
        ScalarValue::Uint(_)
        | ScalarValue::F64(_)
        | ScalarValue::Bytes(_)
        | ScalarValue::Counter(_)
        | ScalarValue::Unknown { .. } => None,
    }
}

fn from_scalar_ref(scalar: ScalarValueRef<'_>) -> Option<Value> {
    match scalar {
        ScalarValueRef::Null => Some(Value::Null),
        ScalarValueRef::Boolean(yes) => Some(Value::Bool(yes)),
        ScalarValueRef::Int(number) => Some(Value::Int(number)),
        ScalarValueRef::Str(text) => Some(Value::Text(text.into_owned())),
        ScalarValueRef::Timestamp(at) => Some(Value::Time(Timestamp::from_millis(at))),
        ScalarValueRef::Uint(_)
        | ScalarValueRef::F64(_)
        | ScalarValueRef::Bytes(_)
        | ScalarValueRef::Counter(_)
        | ScalarValueRef::Unknown { .. } => None,
    }
}

/// What the document holds, now or as it was at `at`. A field without a value is `Null`.
pub(crate) fn read_parts(
    doc: &Automerge,
    record_type: RecordType,
    layout: &Layout,
    at: Option<&[wijkboek_model::ChangeHash]>,
) -> Parts {
    let at: Option<Vec<_>> = at.map(|heads| heads.iter().copied().map(hash_to_automerge).collect());
    let items = |container: Container| {
        let object = layout.object(container).unwrap_or(ROOT);
        match &at {
            None => doc.map_range(object, ..),
            Some(heads) => doc.map_range_at(object, .., heads),
        }
    };
    let mut parts = Parts {
        fields: Field::of(record_type).iter().map(|field| (*field, Value::Null)).collect(),
        sets: SetField::of(record_type).iter().map(|set| (*set, BTreeSet::new())).collect(),
        maps: MapField::of(record_type).iter().map(|map| (*map, BTreeMap::new())).collect(),
        ..Parts::default()
    };
    for item in items(Container::Root) {
        let ValueRef::Scalar(scalar) = item.value else { continue };
        let Some(value) = from_scalar_ref(scalar) else { continue };
        if let Some(field) = Field::from_key(&item.key) {
            if let Some(place) = parts.fields.get_mut(&field) {
                *place = value;
            }
            continue;
        }
        match Flat::from_key(&item.key) {
            Some(Flat::Member(set, member)) => {
                if let Some(members) = parts.sets.get_mut(&set) {
                    members.insert(member.to_owned());
                }
            }
            Some(Flat::Pair(map, key)) => {
                if let Some(pairs) = parts.maps.get_mut(&map) {
                    pairs.insert(key.to_owned(), value);
                }
            }
            None => {}
        }
    }
    for set in SetField::of(record_type).iter().filter(|set| !set.is_flat()) {
        let members: BTreeSet<String> =
            items(Container::Set(*set)).map(|item| item.key.into_owned()).collect();
        parts.sets.insert(*set, members);
    }
    if layout.contains(Container::Tallies) {
        parts.tallies = tallies(items(Container::Tallies));
    }
    parts
}

fn tallies<'a>(
    items: impl Iterator<Item = automerge::iter::MapRangeItem<'a>>,
) -> BTreeMap<TallyKey, i64> {
    items
        .filter_map(|item| match item.value {
            ValueRef::Scalar(ScalarValueRef::Counter(sum)) => Some((item.key.parse().ok()?, sum)),
            ValueRef::Scalar(_) | ValueRef::Object(_) => None,
        })
        .collect()
}

/// The thread, in the order of the entries' ids.
pub(crate) fn read_entries(doc: &Automerge, layout: &Layout) -> Vec<Entry> {
    let Some(object) = layout.object(Container::Entries) else { return Vec::new() };
    doc.map_range(object, ..)
        .filter_map(|item| match item.value {
            ValueRef::Scalar(ScalarValueRef::Str(written)) => decode_entry(&item.key, &written),
            ValueRef::Scalar(_) | ValueRef::Object(_) => None,
        })
        .collect()
}

/// An entry as it is written under its id.
pub(crate) fn encode_entry(entry: &Entry) -> String {
    format!("{}\n{}", entry.author, entry.text)
}

/// Reads an entry; none unless id and author are spelled exactly as we write them.
pub(crate) fn decode_entry(key: &str, written: &str) -> Option<Entry> {
    let id: EntryId = key.parse().ok()?;
    let (author, text) = written.split_once('\n')?;
    let principal: PrincipalId = author.parse().ok()?;
    (id.to_string() == key && principal.to_string() == author).then(|| Entry {
        id,
        author: principal,
        text: text.to_owned(),
    })
}
