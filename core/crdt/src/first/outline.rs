//! The first change of a document that one's own server accepted: whose it is, and whether it builds
//! what a document of its type consists of.
//!
//! Read straight from the columns, because a pack has thousands of them. Invariant: what passes
//! names this record, a type, an author and a schema, each once, and makes the containers of its
//! type and no others. Values are not judged again: the rules on them may have become narrower since
//! the server judged them, and what was accepted stays accepted. Of a schema or a type that this
//! version does not know, only the names are asked for.

use std::collections::BTreeSet;

use wijkboek_model::{PrincipalId, RecordId, RecordType, TallyKey};

use crate::Refusal;
use crate::linear::columns::{Runs, is_all_false};
use crate::mapping::{AUTHOR, Container, ID, SCHEMA, SCHEMA_VERSION, TYPE};
use crate::scan::Reader;
use crate::slim::Slim;

/// Checks the body of a first change, which was scanned.
///
/// # Errors
/// Why it cannot be the first change of the record `id`.
pub(crate) fn outline(id: RecordId, body: &[u8]) -> Result<(), Refusal> {
    let slim = Slim::take_apart(body).ok_or(Refusal::Malformed)?;
    let operations = operations(&slim)?;
    let mut places: Vec<_> =
        operations.iter().filter_map(|op| Some((op.object, op.key?))).collect();
    places.sort_unstable();
    if places.windows(2).any(|two| two[0] == two[1]) {
        return Err(Refusal::KeyWrittenTwice);
    }
    let root = |key: &str| {
        let is_it = |op: &&Operation<'_>| op.object.is_none() && op.key == Some(key.as_bytes());
        operations.iter().find(is_it).filter(|op| op.action == PUT)
    };
    let named = root(ID).and_then(|op| op.of_kind(BYTES));
    let named = named.and_then(|bytes| RecordId::from_bytes(bytes).ok());
    if named.ok_or(Refusal::IdMalformed)? != id {
        return Err(Refusal::OtherRecord);
    }
    let word = root(TYPE).and_then(|op| op.of_kind(TEXT)).ok_or(Refusal::TypeUnknown)?;
    let author = root(AUTHOR).and_then(|op| op.of_kind(BYTES));
    if author.is_none_or(|author| PrincipalId::from_bytes(author).is_err()) {
        return Err(Refusal::AuthorMalformed);
    }
    let schema = root(SCHEMA).and_then(|op| op.of_kind(UINT)).and_then(number);
    let schema = schema.filter(|schema| *schema > 0).ok_or(Refusal::SchemaMalformed)?;
    match known_type(word)? {
        Some(record_type) if schema <= u64::from(SCHEMA_VERSION) => {
            builds(record_type, &slim, &operations)
        }
        Some(_) | None => Ok(()),
    }
}

/// An operation, as far as this module asks.
struct Operation<'a> {
    /// The number of the operation that made the object; none for the root.
    object: Option<u64>,
    /// None for an element of a list or text.
    key: Option<&'a [u8]>,
    action: u64,
    meta: u64,
    value: &'a [u8],
}

impl<'a> Operation<'a> {
    fn of_kind(&self, kind: u64) -> Option<&'a [u8]> {
        (self.meta & 15 == kind).then_some(self.value)
    }
}

fn operations<'a>(slim: &Slim<'a>) -> Result<Vec<Operation<'a>>, Refusal> {
    let mut actors = Runs::integers(slim.column(0x01));
    let mut objects = Runs::integers(slim.column(0x02));
    let mut keys = Runs::strings(slim.column(0x15));
    let mut actions = Runs::integers(slim.column(0x42));
    let mut metas = Runs::integers(slim.column(0x56));
    let mut replaced = Runs::integers(slim.column(0x70));
    let mut values = Reader::new(slim.column(0x57));
    let mut operations = Vec::new();
    while !actions.is_empty() {
        let action = actions.value().ok_or(Refusal::Malformed)?;
        let object = match (actors.value(), objects.value()) {
            (None, None) => None,
            // Only what this change made itself can be there.
            (Some(0), Some(object)) => Some(object),
            (Some(_), Some(_)) => return Err(Refusal::UnknownObject),
            (Some(_), None) | (None, Some(_)) => return Err(Refusal::Malformed),
        };
        let meta = metas.value().ok_or(Refusal::Malformed)?;
        let length = usize::try_from(meta >> 4).ok();
        let value = length.and_then(|length| values.take(length)).ok_or(Refusal::Malformed)?;
        if replaced.value().unwrap_or(0) > 0 {
            return Err(Refusal::WrongPredecessors);
        }
        operations.push(Operation { object, key: keys.value(), action, meta, value });
    }
    Ok(operations)
}

/// The type under this word; none for one that a newer version may know.
fn known_type(word: &[u8]) -> Result<Option<RecordType>, Refusal> {
    let word = std::str::from_utf8(word).map_err(|_| Refusal::TypeUnknown)?;
    let is_word = |word: &str| word.bytes().all(|b| b.is_ascii_lowercase() || b == b'-');
    match word.parse::<RecordType>() {
        Ok(known) => Ok(Some(known)),
        Err(_) if (1..=TYPE_BYTES_MAX).contains(&word.len()) && is_word(word) => Ok(None),
        Err(_) => Err(Refusal::TypeUnknown),
    }
}

/// Whether it makes the containers of its type before it writes in them, and nothing else.
fn builds(
    record_type: RecordType,
    slim: &Slim<'_>,
    operations: &[Operation<'_>],
) -> Result<(), Refusal> {
    if !is_all_false(slim.column(0x34)) {
        return Err(Refusal::ForbiddenOperation);
    }
    let mut made: Vec<(u64, Container)> = Vec::new();
    let mut tallies = BTreeSet::new();
    for (op, number) in operations.iter().zip(slim.start_op..) {
        let key = op.key.ok_or(Refusal::ForbiddenOperation)?;
        let key = std::str::from_utf8(key).map_err(|_| Refusal::KeyMalformed)?;
        let within = op.object.map(|object| {
            let container = made.iter().find(|(number, _)| *number == object);
            container.map(|(_, container)| *container).ok_or(Refusal::UnknownObject)
        });
        match (op.action, within.transpose()?) {
            (MAKE_MAP | MAKE_TEXT, None) => {
                let container = Container::from_key(key).ok_or(Refusal::MakesObject)?;
                let is_map = container.object_type() == automerge::ObjType::Map;
                let belongs = Container::of(record_type).any(|of_type| of_type == container);
                if !belongs || is_map != (op.action == MAKE_MAP) {
                    return Err(Refusal::MakesObject);
                }
                made.push((number, container));
            }
            (PUT, None) if Container::from_key(key).is_some() => {
                return Err(Refusal::ContainerReplaced);
            }
            (PUT, None) if key.starts_with('_') && !OWN.contains(&key) => {
                return Err(Refusal::ReservedKey);
            }
            (PUT, Some(Container::Tallies)) => {
                tallies.insert(key.parse::<TallyKey>().map_err(|_| Refusal::UnknownTally)?);
            }
            (PUT, None | Some(Container::Root | Container::Set(_))) => {}
            (MAKE_MAP | MAKE_TEXT, Some(_)) => return Err(Refusal::MakesObject),
            (
                _,
                None
                | Some(
                    Container::Root
                    | Container::Set(_)
                    | Container::Entries
                    | Container::Tallies
                    | Container::Prose(_),
                ),
            ) => return Err(Refusal::ForbiddenOperation),
        }
    }
    let is_made = |container: Container| made.iter().any(|(_, made)| *made == container);
    let complete = Container::of(record_type).all(is_made)
        && (!record_type.has_tallies() || TallyKey::all().all(|key| tallies.contains(&key)));
    if complete { Ok(()) } else { Err(Refusal::FirstChangeIncomplete) }
}

fn number(bytes: &[u8]) -> Option<u64> {
    let mut read = Reader::new(bytes);
    read.unsigned().filter(|_| read.is_empty())
}

/// The keys of the root that say what the document is.
const OWN: [&str; 4] = [ID, TYPE, AUTHOR, SCHEMA];
const TYPE_BYTES_MAX: usize = 40;

// Actions, and kinds of values, as they are numbered in a change.
const MAKE_MAP: u64 = 0;
const PUT: u64 = 1;
const MAKE_TEXT: u64 = 4;
const UINT: u64 = 3;
const TEXT: u64 = 6;
const BYTES: u64 = 7;
