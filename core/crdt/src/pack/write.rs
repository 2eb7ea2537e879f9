//! Writing a pack.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use wijkboek_model::{ActorId, InstallId, RecordId};

use super::cuts::{self, Form, Found};
use super::streams::{ACTION, KEY, KINDS, Kind, VALUE, VALUE_META};
use super::{PackDocument, PackError};
use crate::first::outline;
use crate::graph::Graph;
use crate::linear::columns::{Runs, put_integers};
use crate::scan::{open_chunk, scan_own};
use crate::slim::{Slim, put_unsigned};
use crate::{ChangeInfo, Refusal};

/// A change, read and checked.
pub(super) struct Parsed<'a> {
    info: ChangeInfo,
    number: u64,
    body: &'a [u8],
    /// None when it is to lie there whole.
    slim: Option<Laid<'a>>,
}

/// A change taken apart as far as a pack does it.
struct Laid<'a> {
    slim: Slim<'a>,
    /// Key, kind and length, and content of each value.
    values: Vec<(&'a [u8], u64, &'a [u8])>,
}

/// Reads a document's changes and checks their places.
pub(super) fn parse<'a>(document: &PackDocument<'a>) -> Result<Vec<Parsed<'a>>, PackError> {
    let wrong = |refusal| PackError::Change { document: document.id, refusal };
    let mut graph = Graph::default();
    let mut parsed = Vec::with_capacity(document.changes.len());
    for change in &document.changes {
        let info = scan_own(change.bytes).map_err(wrong)?.info;
        if info.hash != change.hash {
            return Err(wrong(Refusal::HashMismatch));
        }
        super::read::check_place(&graph, &info).map_err(wrong)?;
        graph.add(info.clone(), change.bytes.len());
        let (_, body) = open_chunk(change.bytes).map_err(wrong)?;
        if parsed.is_empty() {
            outline(document.id, body).map_err(wrong)?;
        }
        parsed.push(Parsed { info, number: change.number, body, slim: lay(body) });
    }
    if parsed.is_empty() { Err(wrong(Refusal::Empty)) } else { Ok(parsed) }
}

/// Takes a change apart; none when it would not come back the same.
fn lay(body: &[u8]) -> Option<Laid<'_>> {
    let slim = Slim::take_apart(body)?;
    let mut keys = Runs::strings(slim.column(KEY));
    let mut metas = Runs::integers(slim.column(VALUE_META));
    let mut actions = Runs::integers(slim.column(ACTION));
    let mut rest = slim.column(VALUE);
    let mut values = Vec::new();
    while !actions.is_empty() {
        actions.value()?;
        let meta = metas.value()?;
        let length = usize::try_from(meta >> 4).ok()?;
        let (value, after) = rest.split_at_checked(length)?;
        rest = after;
        values.push((keys.value().unwrap_or_default(), meta, value));
    }
    let mut again = Vec::with_capacity(body.len());
    put_integers(&mut again, &values.iter().map(|(_, meta, _)| *meta).collect::<Vec<_>>());
    if again != slim.column(VALUE_META) || !rest.is_empty() || !metas.is_empty() {
        return None;
    }
    again.clear();
    slim.put_together(&mut again);
    (again == body).then_some(Laid { slim, values })
}

/// What the pack names once and refers to.
#[derive(Default)]
pub(super) struct Tables {
    installs: Vec<InstallId>,
    actors: Vec<ActorId>,
    actor_places: HashMap<ActorId, u64>,
    shapes: Vec<Vec<u64>>,
    shape_places: HashMap<Vec<u64>, u64>,
    ids: Vec<[u8; 16]>,
    id_places: HashMap<[u8; 16], u64>,
    /// Keys whose values have streams of their own.
    keys: Vec<Vec<u8>>,
    key_places: HashMap<Vec<u8>, usize>,
}

impl Tables {
    pub(super) fn gather(documents: &[(RecordId, Vec<Parsed<'_>>)]) -> Self {
        let (mut actors, mut shapes) = (BTreeMap::new(), BTreeMap::new());
        let (mut ids, mut keys) = (HashMap::new(), BTreeMap::new());
        for laid in
            documents.iter().flat_map(|(_, changes)| changes).filter_map(|c| c.slim.as_ref())
        {
            let slim = &laid.slim;
            for actor in slim.others.iter().chain([&slim.actor]) {
                *actors.entry(*actor).or_insert(0_u32) += 1;
            }
            let shape: Vec<u64> = slim.columns.iter().map(|(kind, _)| *kind).collect();
            *shapes.entry(shape).or_insert(0_u32) += 1;
            for (kind, column) in &slim.columns {
                if *kind == KEY {
                    cuts::count(column, &mut ids);
                }
            }
            for (key, _, value) in &laid.values {
                *keys.entry(*key).or_insert(0_u32) += 1;
                cuts::count(value, &mut ids);
            }
        }
        let mut tables = Self::default();
        let installs: BTreeSet<InstallId> = actors.keys().map(ActorId::install).collect();
        tables.installs = installs.into_iter().collect();
        tables.actors = most_used_first(actors);
        tables.shapes = most_used_first(shapes);
        tables.shapes.truncate(super::read::MOST_SHAPES);
        ids.retain(|_, count| *count > 1);
        tables.ids = most_used_first(ids);
        keys.retain(|key, count| *count >= OWN_STREAM && key.len() <= 40);
        tables.keys = most_used_first(keys).into_iter().map(<[u8]>::to_vec).collect();
        tables.keys.truncate(super::read::MOST_KEYS);
        tables.actor_places = places(&tables.actors);
        tables.shape_places = places(&tables.shapes);
        tables.id_places = places(&tables.ids);
        tables.key_places =
            tables.keys.iter().enumerate().map(|(place, key)| (key.clone(), place + 1)).collect();
        tables
    }

    /// The columns that have streams, in their order.
    fn columns(&self) -> BTreeSet<u64> {
        let all = self.shapes.iter().flatten().copied();
        all.filter(|kind| *kind != VALUE && *kind != VALUE_META).collect()
    }

    fn put(&self, out: &mut Vec<u8>) {
        put_unsigned(out, self.installs.len() as u64);
        for install in &self.installs {
            out.extend_from_slice(install.as_bytes());
        }
        put_unsigned(out, self.actors.len() as u64);
        for actor in &self.actors {
            let install = self.installs.binary_search(&actor.install()).unwrap_or_default();
            put_unsigned(out, install as u64);
            put_unsigned(out, actor.generation().into());
        }
        put_unsigned(out, self.shapes.len() as u64);
        for shape in &self.shapes {
            put_unsigned(out, shape.len() as u64);
            for column in shape {
                put_unsigned(out, *column);
            }
        }
        put_unsigned(out, self.ids.len() as u64);
        for id in &self.ids {
            out.extend_from_slice(id);
        }
        put_unsigned(out, self.keys.len() as u64);
        for key in &self.keys {
            put_unsigned(out, key.len() as u64);
            out.extend_from_slice(key);
        }
    }
}

/// Bytes of one kind, with the ids that were cut out of them.
#[derive(Default)]
struct Pieces {
    /// Lengths of columns; kinds and lengths of values.
    sizes: Vec<u8>,
    cuts: Vec<u8>,
    content: Vec<u8>,
}

/// The streams while they are filled.
pub(super) struct Streams<'t> {
    tables: &'t Tables,
    fixed: [Vec<u8>; KINDS],
    columns: BTreeMap<u64, Pieces>,
    values: Vec<Pieces>,
}

impl<'t> Streams<'t> {
    pub(super) fn new(tables: &'t Tables) -> Self {
        Self {
            tables,
            fixed: std::array::from_fn(|_| Vec::new()),
            columns: tables.columns().into_iter().map(|kind| (kind, Pieces::default())).collect(),
            values: (0..=tables.keys.len()).map(|_| Pieces::default()).collect(),
        }
    }

    /// Adds all documents.
    pub(super) fn fill(&mut self, documents: &[(RecordId, Vec<Parsed<'_>>)]) {
        let (mut time, mut number) = (0, 0);
        for (id, changes) in documents {
            let own = cuts::time_of(id.as_bytes());
            self.distance(Kind::DocumentTimes, own, time);
            time = own;
            self.stream(Kind::Random).extend_from_slice(&id.as_bytes()[6..]);
            self.unsigned(Kind::Changes, changes.len() as u64);
            let mut at = own;
            let mut earlier = HashMap::new();
            for (place, change) in changes.iter().enumerate() {
                self.distance(Kind::Numbers, change.number, number);
                number = change.number;
                self.change(*id, change, at, &earlier);
                at = change.info.at.as_millis().unsigned_abs();
                earlier.insert(change.info.hash, place);
            }
        }
    }

    fn change(
        &mut self,
        id: RecordId,
        change: &Parsed<'_>,
        before: u64,
        earlier: &HashMap<wijkboek_model::ChangeHash, usize>,
    ) {
        let laid = change.slim.as_ref().and_then(|laid| {
            let shape: Vec<u64> = laid.slim.columns.iter().map(|(kind, _)| *kind).collect();
            Some((laid, *self.tables.shape_places.get(&shape)?))
        });
        let Some((laid, shape)) = laid else {
            self.unsigned(Kind::Shapes, 0);
            self.unsigned(Kind::Whole, change.body.len() as u64);
            self.stream(Kind::Whole).extend_from_slice(change.body);
            return;
        };
        let slim = &laid.slim;
        self.unsigned(Kind::Shapes, shape + 1);
        self.unsigned(Kind::Actors, self.tables.actor_places[&slim.actor]);
        self.unsigned(Kind::Others, slim.others.len() as u64);
        for other in &slim.others {
            self.unsigned(Kind::Others, self.tables.actor_places[other]);
        }
        let place = earlier.len();
        if place > 0 {
            let distances: Vec<u64> =
                slim.deps.iter().map(|dep| (place - earlier[dep]) as u64).collect();
            if distances == [1] {
                self.unsigned(Kind::Dependencies, 0);
            } else {
                self.unsigned(Kind::Dependencies, distances.len() as u64);
                for back in distances {
                    self.unsigned(Kind::Dependencies, back);
                }
            }
        }
        let at = slim.at_ms.unsigned_abs();
        self.distance(Kind::Times, at, before);
        for (kind, column) in &slim.columns {
            let Some(pieces) = self.columns.get_mut(kind) else { continue };
            put_unsigned(&mut pieces.sizes, column.len() as u64);
            if *kind == KEY {
                cut(pieces, &mut self.fixed, self.tables, id, at, column);
            } else {
                pieces.content.extend_from_slice(column);
            }
        }
        for (key, meta, value) in &laid.values {
            let place = self.tables.key_places.get(*key).copied().unwrap_or(0);
            let pieces = &mut self.values[place];
            put_unsigned(&mut pieces.sizes, *meta);
            if value.len() >= Form::Bytes.length() {
                cut(pieces, &mut self.fixed, self.tables, id, at, value);
            } else {
                pieces.content.extend_from_slice(value);
            }
        }
    }

    fn stream(&mut self, kind: Kind) -> &mut Vec<u8> {
        &mut self.fixed[kind as usize]
    }

    fn unsigned(&mut self, kind: Kind, number: u64) {
        put_unsigned(self.stream(kind), number);
    }

    fn distance(&mut self, kind: Kind, to: u64, from: u64) {
        put_distance(self.stream(kind), to, from);
    }

    /// The parts to be compressed: what stands for the structure, what is random, the content.
    pub(super) fn sections(&self, documents: usize) -> [Vec<u8>; 3] {
        let mut structure = Vec::new();
        put_unsigned(&mut structure, documents as u64);
        self.tables.put(&mut structure);
        let small = self.fixed[1..].iter();
        let columns = self.columns.values().flat_map(|p| [&p.sizes, &p.cuts, &p.content]);
        let values = self.values.iter().flat_map(|p| [&p.sizes, &p.cuts]);
        let small: Vec<&Vec<u8>> = small.chain(columns).chain(values).collect();
        let contents: Vec<&Vec<u8>> = self.values.iter().map(|p| &p.content).collect();
        for stream in small.iter().chain(&contents) {
            put_unsigned(&mut structure, stream.len() as u64);
        }
        for stream in small {
            structure.extend_from_slice(stream);
        }
        let random = self.fixed[Kind::Random as usize].clone();
        [structure, random, contents.into_iter().flatten().copied().collect()]
    }
}

/// Adds bytes, without the ids in them.
fn cut(
    pieces: &mut Pieces,
    fixed: &mut [Vec<u8>; KINDS],
    tables: &Tables,
    own: RecordId,
    at: u64,
    bytes: &[u8],
) {
    let known = |id: &[u8; 16]| id == own.as_bytes() || tables.id_places.contains_key(id);
    let found = cuts::find(bytes, known);
    put_unsigned(&mut pieces.cuts, found.len() as u64);
    let mut end = 0;
    for Found { at: start, form, id } in found {
        put_unsigned(&mut pieces.cuts, (start - end) as u64);
        let place = if id == *own.as_bytes() {
            0
        } else {
            tables.id_places.get(&id).map_or(1, |place| place + 2)
        };
        put_unsigned(&mut pieces.cuts, place * 2 + u64::from(form == Form::Text));
        if place == 1 {
            put_distance(&mut fixed[Kind::IdTimes as usize], cuts::time_of(&id), at);
            fixed[Kind::Random as usize].extend_from_slice(&id[6..]);
        }
        pieces.content.extend_from_slice(&bytes[end..start]);
        end = start + form.length();
    }
    pieces.content.extend_from_slice(&bytes[end..]);
}

/// Appends the distance between two numbers: the sign in the lowest bit.
fn put_distance(out: &mut Vec<u8>, to: u64, from: u64) {
    let distance = to.wrapping_sub(from).cast_signed();
    put_unsigned(out, ((distance << 1) ^ (distance >> 63)).cast_unsigned());
}

fn most_used_first<T: Ord>(counts: impl IntoIterator<Item = (T, u32)>) -> Vec<T> {
    let mut sorted: Vec<(T, u32)> = counts.into_iter().collect();
    sorted.sort_unstable_by(|(one, often), (other, seldom)| {
        seldom.cmp(often).then_with(|| one.cmp(other))
    });
    sorted.into_iter().map(|(value, _)| value).collect()
}

fn places<T: std::hash::Hash + Eq + Clone>(table: &[T]) -> HashMap<T, u64> {
    table.iter().cloned().zip(0..).collect()
}

/// How often a key must occur to have streams of its own.
const OWN_STREAM: u32 = 4;
