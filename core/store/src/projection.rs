//! The read model of one record: computed from its document, written beside it, read back for
//! comparison. Nothing in it is not in the document.

mod worklist;
mod write;

use std::collections::{BTreeMap, BTreeSet};
use std::str::FromStr;

use rusqlite::types::Value as Column;
use rusqlite::{Connection, OptionalExtension};
use wijkboek_crdt::View;
use wijkboek_model::{
    AreaCode, BlobHash, ContactKind, Field, MapField, Parts, Place, PrincipalId, Promise, Record,
    RecordId, RecordType, Sensitivity, SetField, Status, TallyKey, ThemeId, Timestamp, Value,
};

use crate::blob::{self, BlobKind};
use crate::documents::id_at;

use write::{PARTICIPANTS, REFERENCES, Side, WIJKEN};

/// Everything that lists, filters, counts and search know of a record.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Projection {
    pub(crate) readable: bool,
    pub(crate) record_type: Option<RecordType>,
    pub(crate) author: Option<PrincipalId>,
    pub(crate) assignee: Option<PrincipalId>,
    pub(crate) kind: Option<ContactKind>,
    pub(crate) status: Option<Status>,
    pub(crate) stage: Option<String>,
    pub(crate) buurt: Option<AreaCode>,
    pub(crate) wijk: Option<AreaCode>,
    pub(crate) sensitivity: Option<Sensitivity>,
    pub(crate) occurred_at: Timestamp,
    pub(crate) place: Option<Place>,
    pub(crate) conflicts: u32,
    pub(crate) promise: Option<Promise>,
    /// The day by which an answer is still owed, [`NO_DAY`] when none was named.
    pub(crate) owed_by: Option<String>,
    /// The day by which something must have happened.
    pub(crate) due_on: Option<String>,
    pub(crate) text: String,
    pub(crate) thread: String,
    pub(crate) more: String,
    pub(crate) themes: BTreeSet<ThemeId>,
    pub(crate) wijken_too: BTreeSet<AreaCode>,
    pub(crate) participants: BTreeSet<PrincipalId>,
    pub(crate) links: BTreeSet<(RecordId, String)>,
    pub(crate) references: BTreeSet<String>,
    pub(crate) blobs: BTreeSet<(BlobKind, BlobHash)>,
    pub(crate) tallies: BTreeMap<TallyKey, i64>,
}

impl Projection {
    /// What is in a document. Fields that this version cannot read stay empty.
    pub(crate) fn of(view: &View) -> Self {
        let View { origin, parts, entries, .. } = view;
        let audience = view.audience.as_ref().ok();
        let buurt: Option<AreaCode> = parsed(parts, Field::Buurt);
        let wijk = audience.and_then(|audience| {
            let winner = buurt.as_ref().and_then(AreaCode::wijk);
            winner
                .filter(|wijk| audience.wijken.contains(wijk))
                .or_else(|| audience.wijken.first().cloned())
        });
        let mut wijken_too = audience.map(|a| a.wijken.clone()).unwrap_or_default();
        if let Some(wijk) = &wijk {
            wijken_too.remove(wijk);
        }
        let words = origin.record_type.text_fields().iter();
        let words: Vec<&str> = words.filter_map(|field| text_of(parts, *field)).collect();
        let moment = origin.record_type.moment_field();
        let withdrawn = parts.sets.get(&SetField::Withdrawn);
        let thread: Vec<&str> = entries
            .iter()
            .filter(|entry| withdrawn.is_none_or(|ids| !ids.contains(&entry.id.to_string())))
            .map(|entry| entry.text.as_str())
            .collect();
        Self {
            readable: audience.is_some() && Record::from_parts(origin.record_type, parts).is_ok(),
            record_type: Some(origin.record_type),
            author: Some(origin.author),
            assignee: parsed(parts, Field::Assignee),
            kind: parsed(parts, Field::Kind),
            status: parsed(parts, Field::Status),
            stage: worklist::stage(parts),
            buurt,
            wijk,
            sensitivity: audience.map(|a| a.sensitivity),
            occurred_at: moment
                .and_then(|field| moment_of(parts, field))
                .unwrap_or_else(|| origin.id.timestamp()),
            place: parsed(parts, Field::Place),
            conflicts: u32::try_from(view.conflicts.len()).unwrap_or(u32::MAX),
            promise: parsed(parts, Field::Promise),
            owed_by: worklist::owed_by(parts),
            due_on: worklist::due_on(parts),
            text: words.join("\n"),
            thread: thread.join("\n"),
            more: searched_only(view),
            themes: parts
                .sets
                .get(&SetField::Themes)
                .map(|themes| themes.iter().filter_map(|t| t.parse().ok()).collect())
                .unwrap_or_default(),
            wijken_too,
            participants: audience.map(|a| a.participants.clone()).unwrap_or_default(),
            links: worklist::links(parts),
            references: worklist::references(parts),
            blobs: blob::named_in(parts),
            tallies: parts
                .tallies
                .iter()
                .filter(|(_, n)| **n != 0)
                .map(|(key, n)| (*key, *n))
                .collect(),
        }
    }

    /// What can be said of a document that this version cannot load at all.
    pub(crate) fn unreadable(id: RecordId) -> Self {
        Self {
            readable: false,
            record_type: None,
            author: None,
            assignee: None,
            kind: None,
            status: None,
            stage: None,
            buurt: None,
            wijk: None,
            sensitivity: None,
            occurred_at: id.timestamp(),
            place: None,
            conflicts: 0,
            promise: None,
            owed_by: None,
            due_on: None,
            text: String::new(),
            thread: String::new(),
            more: String::new(),
            themes: BTreeSet::new(),
            wijken_too: BTreeSet::new(),
            participants: BTreeSet::new(),
            links: BTreeSet::new(),
            references: BTreeSet::new(),
            blobs: BTreeSet::new(),
            tallies: BTreeMap::new(),
        }
    }

    /// Reads back what [`Self::save`] wrote; none when nothing is there or it cannot be ours.
    pub(crate) fn saved(db: &Connection, row: i64) -> Result<Option<Self>, rusqlite::Error> {
        let record = db
            .prepare_cached(
                "SELECT readable, record_type, author, kind, status, buurt, wijk, sensitivity,
                    occurred_at, lat, lon, accuracy_m, place_source, conflicts, text, thread,
                    assignee, stage, promise, owed_by, due_on, more, themes
                 FROM record WHERE row = ?1",
            )?
            .query_row([row], |r| {
                Ok(Self {
                    readable: r.get(0)?,
                    record_type: word(r, 1)?,
                    author: r.get::<_, Option<Vec<u8>>>(2)?.and_then(|b| principal(&b)),
                    kind: word(r, 3)?,
                    status: word(r, 4)?,
                    buurt: word(r, 5)?,
                    wijk: word(r, 6)?,
                    sensitivity: word(r, 7)?,
                    occurred_at: Timestamp::from_millis(r.get(8)?),
                    place: place_at(r, 9)?,
                    conflicts: r.get(13)?,
                    text: r.get(14)?,
                    thread: r.get(15)?,
                    assignee: r.get::<_, Option<Vec<u8>>>(16)?.and_then(|b| principal(&b)),
                    stage: r.get(17)?,
                    promise: word(r, 18)?,
                    owed_by: r.get(19)?,
                    due_on: r.get(20)?,
                    more: r.get(21)?,
                    themes: themes(&r.get::<_, String>(22)?).collect(),
                    wijken_too: BTreeSet::new(),
                    participants: BTreeSet::new(),
                    links: BTreeSet::new(),
                    references: BTreeSet::new(),
                    blobs: BTreeSet::new(),
                    tallies: BTreeMap::new(),
                })
            })
            .optional()?;
        let Some(mut saved) = record else { return Ok(None) };
        let words =
            |side: &Side| side.saved(db, row).map(|all| all.into_iter().filter_map(as_text));
        saved.wijken_too = words(&WIJKEN)?.filter_map(|w| w.parse().ok()).collect();
        saved.participants = PARTICIPANTS
            .saved(db, row)?
            .into_iter()
            .filter_map(|value| match value {
                Column::Blob(bytes) => principal(&bytes),
                Column::Null | Column::Integer(_) | Column::Real(_) | Column::Text(_) => None,
            })
            .collect();
        saved.links = saved_links(db, row)?;
        saved.references = words(&REFERENCES)?.collect();
        saved.blobs = saved_blobs(db, row)?;
        saved.tallies = saved_tallies(db, row)?;
        Ok(Some(saved))
    }
}

fn saved_links(db: &Connection, row: i64) -> Result<BTreeSet<(RecordId, String)>, rusqlite::Error> {
    db.prepare_cached("SELECT target, kind FROM record_link WHERE row = ?1")?
        .query_map([row], |r| Ok((id_at(r, 0)?, r.get(1)?)))?
        .collect()
}

fn saved_blobs(
    db: &Connection,
    row: i64,
) -> Result<BTreeSet<(BlobKind, BlobHash)>, rusqlite::Error> {
    db.prepare_cached("SELECT kind, hash FROM record_blob WHERE row = ?1")?
        .query_map([row], |r| Ok((blob::kind_at(r, 0)?, blob::hash_at(r, 1)?)))?
        .collect()
}

/// What search finds a record by besides what lists show: the answer, what a meeting decided, and
/// what stands beside a winner.
fn searched_only(view: &View) -> String {
    let words = view.origin.record_type.text_fields();
    let decided = view.parts.maps.get(&MapField::Decisions).into_iter().flat_map(BTreeMap::values);
    let losers = view
        .conflicts
        .iter()
        .filter(|conflict| conflict.field == Field::Answer || words.contains(&conflict.field))
        .flat_map(|conflict| conflict.values.iter().skip(1))
        .map(|alternative| &alternative.value);
    let more = view.parts.fields.get(&Field::Answer).into_iter().chain(decided).chain(losers);
    let more = more.filter_map(|value| match value {
        Value::Text(text) => Some(text.as_str()),
        Value::Null | Value::Bool(_) | Value::Int(_) | Value::Time(_) => None,
    });
    more.collect::<Vec<_>>().join("\n")
}

fn saved_tallies(db: &Connection, row: i64) -> Result<BTreeMap<TallyKey, i64>, rusqlite::Error> {
    let mut statement = db.prepare_cached("SELECT key, n FROM tally WHERE row = ?1")?;
    let mut rows = statement.query([row])?;
    let mut tallies = BTreeMap::new();
    while let Some(row) = rows.next()? {
        if let Ok(key) = row.get::<_, String>(0)?.parse() {
            tallies.insert(key, row.get(1)?);
        }
    }
    Ok(tallies)
}

/// A word or code in a column; none when it is empty or of a newer version.
pub(crate) fn word<T: FromStr>(
    row: &rusqlite::Row<'_>,
    column: usize,
) -> Result<Option<T>, rusqlite::Error> {
    Ok(row.get::<_, Option<String>>(column)?.and_then(|word| word.parse().ok()))
}

/// A position in four columns from this one on: lat, lon, accuracy, source.
pub(crate) fn place_at(
    row: &rusqlite::Row<'_>,
    column: usize,
) -> Result<Option<Place>, rusqlite::Error> {
    let (Some(lat), Some(lon), Some(accuracy_m), Some(source)) = (
        row.get::<_, Option<f64>>(column)?,
        row.get::<_, Option<f64>>(column + 1)?,
        row.get::<_, Option<u32>>(column + 2)?,
        word(row, column + 3)?,
    ) else {
        return Ok(None);
    };
    Ok(Place::new(lon, lat, accuracy_m, source).ok())
}

/// The themes in a JSON array of words, which hold nothing that JSON escapes.
pub(crate) fn themes(json: &str) -> impl Iterator<Item = ThemeId> {
    json.split(['[', ',', ']']).filter_map(|word| word.trim_matches('"').parse().ok())
}

pub(crate) fn principal(bytes: &[u8]) -> Option<PrincipalId> {
    PrincipalId::from_bytes(bytes).ok()
}

fn parsed<T: FromStr>(parts: &Parts, field: Field) -> Option<T> {
    text_of(parts, field)?.parse().ok()
}

fn text_of(parts: &Parts, field: Field) -> Option<&str> {
    match parts.fields.get(&field)? {
        Value::Text(text) => Some(text),
        Value::Null | Value::Bool(_) | Value::Int(_) | Value::Time(_) => None,
    }
}

fn moment_of(parts: &Parts, field: Field) -> Option<Timestamp> {
    match parts.fields.get(&field)? {
        Value::Time(at) => Some(*at),
        Value::Null | Value::Bool(_) | Value::Int(_) | Value::Text(_) => None,
    }
}

fn as_text(value: Column) -> Option<String> {
    match value {
        Column::Text(text) => Some(text),
        Column::Null | Column::Integer(_) | Column::Real(_) | Column::Blob(_) => None,
    }
}
