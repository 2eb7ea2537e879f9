//! Reading a pack, whatever it holds.
//!
//! Invariant: nothing is allocated for what is only declared. Every loop takes at least a byte of
//! what was unpacked each time round, and what is rebuilt is counted before it is written.

use std::collections::HashMap;

use wijkboek_model::{ActorId, ChangeHash, InstallId, RecordId};

use super::cuts::{self, Form};
use super::streams::{ACTION, KEY, KINDS, Kind, VALUE, VALUE_META};
use super::{PackError, PackLimits, PackedChange, PackedDocument};
use crate::first::outline;
use crate::graph::Graph;
use crate::linear::columns::{Runs, put_integers};
use crate::scan::{MOST_COLUMNS, Reader, Strictness, scan_body};
use crate::slim::{Slim, frame};
use crate::{ChangeInfo, Limits, Refusal};

/// Most keys whose values have streams of their own.
pub(super) const MOST_KEYS: usize = 128;
/// What the header of a change takes at most, without dependencies and other actors.
const HEADER_BYTES: usize = 64;
/// Most shapes; a change of another one lies whole.
pub(super) const MOST_SHAPES: usize = 256;

/// Checks a change's place after those that are in the graph.
pub(super) fn check_place(graph: &Graph, info: &ChangeInfo) -> Result<(), Refusal> {
    if info.deps.iter().any(|dep| !graph.contains(dep)) {
        return Err(Refusal::UnrelatedDependency);
    }
    if graph.contains(&info.hash) {
        return Err(Refusal::ForkedSequence);
    }
    graph.place(info)
}

/// What the pack names once and refers to.
pub(super) struct Tables {
    actors: Vec<ActorId>,
    shapes: Vec<Vec<u64>>,
    ids: Vec<[u8; 16]>,
    keys: HashMap<Vec<u8>, usize>,
}

impl Tables {
    /// None when they cannot be read, or name more actors than there may be changes, more shapes
    /// than anybody writes or a shape that no change can have: each of these costs more memory
    /// than the bytes that declare it.
    pub(super) fn read(read: &mut Reader<'_>, limits: &PackLimits) -> Option<Self> {
        let mut installs = Vec::new();
        for _ in 0..read.unsigned()? {
            installs.push(InstallId::from_slice(read.take(12)?).ok()?);
        }
        let mut actors = Vec::new();
        for _ in 0..at_most(limits.changes, read.unsigned()?)? {
            let install = installs.get(usize::try_from(read.unsigned()?).ok()?)?;
            let generation = u32::try_from(read.unsigned()?).ok()?;
            actors.push(ActorId::of(*install, generation));
        }
        let mut shapes = Vec::new();
        for _ in 0..at_most(MOST_SHAPES, read.unsigned()?)? {
            let mut shape = Vec::new();
            for _ in 0..at_most(MOST_COLUMNS, read.unsigned()?)? {
                let column = read.unsigned()?;
                if shape.last().is_some_and(|before| *before >= column) {
                    return None;
                }
                shape.push(column);
            }
            shapes.push(shape);
        }
        let mut ids = Vec::new();
        for _ in 0..read.unsigned()? {
            ids.push(*read.take(16)?.first_chunk()?);
        }
        let mut keys = HashMap::new();
        for place in 1..=read.unsigned()? {
            let length = usize::try_from(read.unsigned()?).ok()?;
            let place = usize::try_from(place).ok().filter(|place| *place <= MOST_KEYS)?;
            if keys.insert(read.take(length)?.to_vec(), place).is_some() {
                return None;
            }
        }
        Some(Self { actors, shapes, ids, keys })
    }

    /// How many streams lie in the structure, and how many in the contents.
    pub(super) fn streams(&self) -> (usize, usize) {
        let values = self.keys.len() + 1;
        (KINDS - 1 + self.columns().len() * 3 + values * 2, values)
    }

    /// The columns that have streams, in their order.
    fn columns(&self) -> Vec<u64> {
        let all = self.shapes.iter().flatten().copied();
        let mut columns: Vec<u64> = all.filter(|c| *c != VALUE && *c != VALUE_META).collect();
        columns.sort_unstable();
        columns.dedup();
        columns
    }
}

/// Bytes of one kind, and the ids that were cut out of them.
#[derive(Clone, Copy)]
struct Pieces<'a> {
    sizes: Reader<'a>,
    cuts: Reader<'a>,
    content: Reader<'a>,
}

/// A pack that is being read.
pub(super) struct Unpacker<'a> {
    tables: Tables,
    left: u64,
    fixed: [Reader<'a>; KINDS],
    columns: Vec<(u64, Pieces<'a>)>,
    values: Vec<Pieces<'a>>,
    changes_left: usize,
    bytes_left: usize,
    /// What is left of the bytes of the document that is being read.
    document_left: usize,
    per_document: Limits,
    time: u64,
    number: u64,
    before: Option<RecordId>,
    scratch: Scratch,
}

#[derive(Default)]
struct Scratch {
    columns: Vec<u8>,
    body: Vec<u8>,
    metas: Vec<u64>,
}

impl<'a> Unpacker<'a> {
    /// Reads the tables and finds the streams.
    pub(super) fn open(sections: [&'a [u8]; 3], limits: &PackLimits) -> Result<Self, PackError> {
        let [structure, random, contents] = sections;
        let mut read = Reader::new(structure);
        let left = read.unsigned().ok_or(PackError::Malformed)?;
        if left > limits.documents as u64 {
            return Err(PackError::TooLarge);
        }
        let tables = Tables::read(&mut read, limits).ok_or(PackError::Malformed)?;
        let columns = tables.columns();
        let (small, values) = tables.streams();
        let streams = split(&mut read, small, values, contents).ok_or(PackError::Malformed)?;
        let mut streams = streams.into_iter().map(Reader::new);
        let mut next = || streams.next().unwrap_or_else(|| Reader::new(&[]));
        let fixed =
            std::array::from_fn(|kind| if kind == 0 { Reader::new(random) } else { next() });
        let pieces = |sizes, cuts, content| Pieces { sizes, cuts, content };
        let columns = columns.into_iter().map(|c| (c, pieces(next(), next(), next()))).collect();
        let sizes: Vec<_> = (0..values).map(|_| (next(), next())).collect();
        let values = sizes.into_iter().map(|(sizes, cuts)| pieces(sizes, cuts, next())).collect();
        Ok(Self {
            tables,
            left,
            fixed,
            columns,
            values,
            changes_left: limits.changes,
            bytes_left: limits.change_bytes,
            document_left: limits.document_bytes,
            per_document: Limits {
                changes_per_document: limits.changes_per_document,
                document_bytes: limits.document_bytes,
                ..Limits::for_own_changes()
            },
            time: 0,
            number: 0,
            before: None,
            scratch: Scratch::default(),
        })
    }

    /// The next document; none after the last.
    pub(super) fn document(&mut self) -> Result<Option<PackedDocument>, PackError> {
        if self.left == 0 {
            return if self.is_exhausted() { Ok(None) } else { Err(PackError::Trailing) };
        }
        self.left -= 1;
        let id = self.id().ok_or(PackError::Malformed)?;
        if self.before.is_some_and(|before| before >= id) {
            return Err(PackError::Order);
        }
        self.before = Some(id);
        let count = self.unsigned(Kind::Changes)?;
        let count = usize::try_from(count).map_err(|_| PackError::TooLarge)?;
        let wrong = |refusal| PackError::Change { document: id, refusal };
        if count == 0 {
            return Err(wrong(Refusal::Empty));
        }
        if count > self.per_document.changes_per_document {
            return Err(wrong(Refusal::DocumentFull));
        }
        // The header of a change is counted as 64 bytes, which may be more than it has.
        self.document_left = self.per_document.document_bytes + count * HEADER_BYTES;
        let mut replaced = 0_u64;
        self.changes_left = self.changes_left.checked_sub(count).ok_or(PackError::TooLarge)?;
        let mut at = self.time;
        let mut graph = Graph::default();
        let mut changes = Vec::new();
        for _ in 0..count {
            let number = self.distance(Kind::Numbers, self.number)?;
            self.number = number;
            let (change, replaces) = self.change(id, &graph, at, number)?;
            at = change.info.at.as_millis().unsigned_abs();
            graph.room(&change.info, change.bytes.len(), &self.per_document).map_err(wrong)?;
            // Naming an operation takes a byte of somebody's change; declaring it takes none.
            replaced = replaced.saturating_add(replaces);
            if replaced > self.per_document.document_bytes as u64 {
                return Err(wrong(Refusal::DocumentFull));
            }
            graph.add(change.info.clone(), change.bytes.len());
            changes.push(change);
        }
        changes.shrink_to_fit();
        Ok(Some(PackedDocument { id, changes }))
    }

    fn id(&mut self) -> Option<RecordId> {
        self.time = self.distance(Kind::DocumentTimes, self.time).ok()?;
        let rest = self.fixed[Kind::Random as usize].take(10)?;
        RecordId::from_bytes(&id_of(self.time, rest)?).ok()
    }

    /// The next change, and how many operations it says it replaces.
    fn change(
        &mut self,
        id: RecordId,
        graph: &Graph,
        before: u64,
        number: u64,
    ) -> Result<(PackedChange, u64), PackError> {
        let shape = self.unsigned(Kind::Shapes)?;
        let mut scratch = std::mem::take(&mut self.scratch);
        scratch.body.clear();
        if shape == 0 {
            let length = self.unsigned(Kind::Whole)?;
            let length = self.spend(id, length)?;
            let whole = self.fixed[Kind::Whole as usize].take(length);
            scratch.body.extend_from_slice(whole.ok_or(PackError::Malformed)?);
        } else {
            let shape = usize::try_from(shape - 1).map_err(|_| PackError::Malformed)?;
            self.rebuild(shape, id, graph, before, &mut scratch)?;
        }
        let wrong = |refusal| PackError::Change { document: id, refusal };
        let (hash, bytes) = frame(&scratch.body);
        let limits = &self.per_document;
        let scanned = scan_body(hash, &scratch.body, limits, Strictness::Own).map_err(wrong)?;
        check_place(graph, &scanned.info).map_err(wrong)?;
        if graph.is_empty() {
            outline(id, &scratch.body).map_err(wrong)?;
        }
        self.scratch = scratch;
        let change = PackedChange { hash, bytes, info: scanned.info, number };
        Ok((change, scanned.replaced))
    }

    /// Puts a change together that was taken apart.
    fn rebuild(
        &mut self,
        shape: usize,
        id: RecordId,
        graph: &Graph,
        before: u64,
        scratch: &mut Scratch,
    ) -> Result<(), PackError> {
        let actor = self.actor(Kind::Actors)?;
        let others = self.unsigned(Kind::Others)?;
        self.spend(id, others.saturating_mul(17).saturating_add(HEADER_BYTES as u64))?;
        let mut other_actors = Vec::new();
        for _ in 0..others {
            other_actors.push(self.actor(Kind::Others)?);
        }
        let deps = self.dependencies(id, graph)?;
        let at = self.distance(Kind::Times, before)?;
        let tables = std::mem::take(&mut self.tables.shapes);
        let columns = match tables.get(shape) {
            Some(shape) => self.columns(shape, id, at, scratch),
            None => Err(PackError::Malformed),
        };
        self.tables.shapes = tables;
        let mut start = 0;
        let columns = columns?.into_iter().map(|(column, end)| {
            let bytes = &scratch.columns[start..end];
            start = end;
            (column, bytes)
        });
        let slim = Slim {
            seq: graph.last_seq(&actor) + 1,
            start_op: graph.highest_op(deps.iter()) + 1,
            deps,
            actor,
            at_ms: i64::try_from(at).map_err(|_| PackError::Malformed)?,
            others: other_actors,
            columns: columns.collect(),
        };
        slim.put_together(&mut scratch.body);
        Ok(())
    }

    fn dependencies(&mut self, id: RecordId, graph: &Graph) -> Result<Vec<ChangeHash>, PackError> {
        let here = graph.infos();
        let Some(last) = here.last() else { return Ok(Vec::new()) };
        let count = self.unsigned(Kind::Dependencies)?;
        if count == 0 {
            self.spend(id, 32)?;
            return Ok(vec![last.hash]);
        }
        self.spend(id, count.saturating_mul(32))?;
        let mut deps = Vec::new();
        for _ in 0..count {
            let back = usize::try_from(self.unsigned(Kind::Dependencies)?).ok();
            let place = back.and_then(|back| here.len().checked_sub(back));
            deps.push(place.and_then(|place| here.get(place)).ok_or(PackError::Malformed)?.hash);
        }
        Ok(deps)
    }

    /// Writes the columns of a change one behind the other; gives each one's end.
    fn columns(
        &mut self,
        shape: &[u64],
        id: RecordId,
        at: u64,
        scratch: &mut Scratch,
    ) -> Result<Vec<(u64, usize)>, PackError> {
        let out = &mut scratch.columns;
        out.clear();
        let mut ends: Vec<(u64, usize)> = Vec::with_capacity(shape.len());
        let mut values = Vec::new();
        for column in shape {
            match *column {
                VALUE_META => {
                    values = self.metas(id, &ends, out, &mut scratch.metas)?;
                    let before = out.len();
                    put_integers(out, &scratch.metas);
                    self.spend(id, (out.len() - before) as u64)?;
                }
                VALUE => {
                    for (place, length) in values.drain(..) {
                        let length = self.spend(id, length)?;
                        let pieces = &mut self.values[place];
                        let cut = length >= Form::Bytes.length();
                        piece(
                            pieces,
                            &mut self.fixed,
                            &self.tables.ids,
                            cut,
                            (id, at, length),
                            out,
                        )
                        .ok_or(PackError::Malformed)?;
                    }
                }
                column => {
                    let place = self.columns.binary_search_by_key(&column, |(c, _)| *c);
                    let place = place.map_err(|_| PackError::Malformed)?;
                    let size = self.columns[place].1.sizes.unsigned();
                    let length = self.spend(id, size.ok_or(PackError::Malformed)?)?;
                    let pieces = &mut self.columns[place].1;
                    let cut = column == KEY;
                    piece(pieces, &mut self.fixed, &self.tables.ids, cut, (id, at, length), out)
                        .ok_or(PackError::Malformed)?;
                }
            }
            ends.push((*column, out.len()));
        }
        // Values without a column to lie in.
        if values.iter().any(|(_, length)| *length > 0) {
            Err(PackError::Malformed)
        } else {
            Ok(ends)
        }
    }

    /// Reads the kinds and lengths of a change's values; gives each one's stream and length.
    fn metas(
        &mut self,
        id: RecordId,
        ends: &[(u64, usize)],
        columns: &[u8],
        metas: &mut Vec<u64>,
    ) -> Result<Vec<(usize, u64)>, PackError> {
        let column = |wanted| {
            let at = ends.iter().position(|(column, _)| *column == wanted)?;
            let start = at.checked_sub(1).map_or(0, |before| ends[before].1);
            columns.get(start..ends[at].1)
        };
        let mut keys = Runs::strings(column(KEY).unwrap_or_default());
        let mut actions = Runs::integers(column(ACTION).unwrap_or_default());
        metas.clear();
        let mut values = Vec::new();
        while !actions.is_empty() {
            // A few bytes can declare 2^40 operations.
            if metas.len() >= self.per_document.operations_per_change {
                let refusal = Refusal::TooManyOperations;
                return Err(PackError::Change { document: id, refusal });
            }
            actions.value().ok_or(PackError::Malformed)?;
            let key = keys.value().unwrap_or_default();
            let place = self.tables.keys.get(key).copied().unwrap_or(0);
            let meta = self.values[place].sizes.unsigned().ok_or(PackError::Malformed)?;
            metas.push(meta);
            values.push((place, meta >> 4));
        }
        Ok(values)
    }

    fn actor(&mut self, kind: Kind) -> Result<ActorId, PackError> {
        let place = usize::try_from(self.unsigned(kind)?).map_err(|_| PackError::Malformed)?;
        self.tables.actors.get(place).copied().ok_or(PackError::Malformed)
    }

    fn unsigned(&mut self, kind: Kind) -> Result<u64, PackError> {
        self.fixed[kind as usize].unsigned().ok_or(PackError::Malformed)
    }

    fn distance(&mut self, kind: Kind, from: u64) -> Result<u64, PackError> {
        self.unsigned(kind).map(|coded| moved(from, coded))
    }

    /// Counts bytes before they are written.
    fn spend(&mut self, id: RecordId, bytes: u64) -> Result<usize, PackError> {
        let full = PackError::Change { document: id, refusal: Refusal::DocumentFull };
        let bytes = usize::try_from(bytes).map_err(|_| full)?;
        self.document_left = self.document_left.checked_sub(bytes).ok_or(full)?;
        self.bytes_left = self.bytes_left.checked_sub(bytes).ok_or(PackError::TooLarge)?;
        Ok(bytes)
    }

    fn is_exhausted(&self) -> bool {
        let pieces = self.columns.iter().map(|(_, pieces)| pieces).chain(&self.values);
        let rest = pieces.flat_map(|p| [p.sizes, p.cuts, p.content]);
        rest.chain(self.fixed).all(|stream| stream.is_empty())
    }
}

/// Copies a piece, with the ids that were cut out of it; none when it does not fit together.
fn piece(
    pieces: &mut Pieces<'_>,
    fixed: &mut [Reader<'_>; KINDS],
    ids: &[[u8; 16]],
    has_cuts: bool,
    (own, at, length): (RecordId, u64, usize),
    out: &mut Vec<u8>,
) -> Option<()> {
    let mut left = length;
    let cuts = if has_cuts { pieces.cuts.unsigned()? } else { 0 };
    for _ in 0..cuts {
        let gap = usize::try_from(pieces.cuts.unsigned()?).ok()?;
        let coded = pieces.cuts.unsigned()?;
        let form = if coded & 1 == 1 { Form::Text } else { Form::Bytes };
        left = left.checked_sub(gap)?.checked_sub(form.length())?;
        out.extend_from_slice(pieces.content.take(gap)?);
        let id = match coded >> 1 {
            0 => *own.as_bytes(),
            1 => {
                let time = moved(at, fixed[Kind::IdTimes as usize].unsigned()?);
                id_of(time, fixed[Kind::Random as usize].take(10)?)?
            }
            place => *ids.get(usize::try_from(place - 2).ok()?)?,
        };
        cuts::put(out, form, &id);
    }
    out.extend_from_slice(pieces.content.take(left)?);
    Some(())
}

/// Cuts what follows the lengths of the streams, and the contents, into the streams.
pub(super) fn split<'a>(
    read: &mut Reader<'a>,
    small: usize,
    large: usize,
    contents: &'a [u8],
) -> Option<Vec<&'a [u8]>> {
    let mut lengths = Vec::new();
    for _ in 0..small + large {
        lengths.push(usize::try_from(read.unsigned()?).ok()?);
    }
    let mut contents = Reader::new(contents);
    let mut streams = Vec::with_capacity(lengths.len());
    for (place, length) in lengths.into_iter().enumerate() {
        let from = if place < small { &mut *read } else { &mut contents };
        streams.push(from.take(length)?);
    }
    (read.is_empty() && contents.is_empty()).then_some(streams)
}

/// A declared number, where it is at most this; none otherwise.
fn at_most(most: usize, declared: u64) -> Option<usize> {
    usize::try_from(declared).ok().filter(|declared| *declared <= most)
}

fn id_of(time: u64, rest: &[u8]) -> Option<[u8; 16]> {
    (time >> 48 == 0).then_some(cuts::id_of(time, rest.first_chunk()?))
}

/// The number at a coded distance: the sign is in the lowest bit.
fn moved(from: u64, coded: u64) -> u64 {
    from.wrapping_add((coded >> 1) ^ (coded & 1).wrapping_neg())
}
