//! One record as lists show it, read from the read model alone.

use std::collections::BTreeMap;

use wijkboek_model::{
    AreaCode, ContactKind, Day, Place, PrincipalId, Promise, RecordId, RecordType, Sensitivity,
    Status, TallyKey, ThemeId, Timestamp,
};

use crate::documents::id_at;
use crate::projection::{place_at, principal, themes, word};

/// How far a record's changes have come on their way to the office.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Delivery {
    /// A change of it is only on this device.
    OnDevice,
    /// Pushed, but the server has not said a word about it yet.
    Sent,
    /// The server has all of it.
    AtOffice,
    /// The server refused something of it, and nobody has looked at that yet.
    Refused,
}

/// One record in a list.
///
/// Where `readable` is false a newer version wrote (part of) it; what this version cannot read is
/// then absent.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// The record.
    pub id: RecordId,
    /// Its type; absent only when it is not readable.
    pub record_type: Option<RecordType>,
    /// Its kind; visits have none.
    pub kind: Option<ContactKind>,
    /// How far it has come; visits have none.
    pub status: Option<Status>,
    /// Its buurt; absent only when it is not readable.
    pub buurt: Option<AreaCode>,
    /// The wijk of that buurt.
    pub wijk: Option<AreaCode>,
    /// Its themes, in the order of their ids.
    pub themes: Vec<ThemeId>,
    /// The note, or the name of a visit's place.
    pub text: String,
    /// Who created it; absent only when it is not readable.
    pub author: Option<PrincipalId>,
    /// When it happened; the time of creation when that is not readable.
    pub occurred_at: Timestamp,
    /// When it was created: the time in its id.
    pub created_at: Timestamp,
    /// The most restrictive of its sensitivities; the strictest when it is not readable.
    pub sensitivity: Sensitivity,
    /// Its position.
    pub place: Option<Place>,
    /// Who works on it.
    pub assignee: Option<PrincipalId>,
    /// What was promised about an answer.
    pub promise: Option<Promise>,
    /// Whether that answer is still owed, also where the record was closed.
    pub owed: bool,
    /// The day by which something must have happened; none when nothing must (any more).
    pub due: Option<Day>,
    /// How many fields hold several concurrent values.
    pub conflicts: u32,
    /// A visit's tallies, every key present; empty for other types.
    pub tallies: BTreeMap<TallyKey, i64>,
    /// How far its changes have come.
    pub delivery: Delivery,
    /// The highest log number of its changes; none while no server has it.
    pub number: Option<u64>,
    /// Whether this version can read all of it.
    pub readable: bool,
    /// The server took it back; it stays here only until its unsent work has been judged.
    pub forgotten: bool,
}

/// Selects one row as [`read`] expects it.
pub(crate) const ROW: &str = "
    SELECT
    d.row, d.id, d.number, d.forgotten,
    r.readable, r.record_type, r.kind, r.status, r.buurt, r.text, r.author, r.occurred_at,
    r.sensitivity, r.lat, r.lon, r.accuracy_m, r.place_source, r.conflicts,
    r.themes,
    (SELECT group_concat(y.key || '=' || y.n, ' ') FROM tally y WHERE y.row = r.row),
    CASE
        WHEN EXISTS (SELECT 1 FROM refused f WHERE f.id = d.id) THEN 3
        WHEN EXISTS (SELECT 1 FROM outbox o WHERE o.row = d.row AND o.sent = 0) THEN 0
        WHEN EXISTS (SELECT 1 FROM outbox o WHERE o.row = d.row) THEN 1
        ELSE 2
    END,
    r.assignee, r.promise, r.owed_by IS NOT NULL, r.due_on
    FROM record r CROSS JOIN document d ON d.row = r.row WHERE r.row = ?1";

pub(crate) fn read(row: &rusqlite::Row<'_>) -> Result<Row, rusqlite::Error> {
    let id = id_at(row, 1)?;
    let record_type: Option<RecordType> = word(row, 5)?;
    let buurt: Option<AreaCode> = word(row, 8)?;
    Ok(Row {
        id,
        record_type,
        kind: word(row, 6)?,
        status: word(row, 7)?,
        wijk: buurt.as_ref().and_then(AreaCode::wijk),
        buurt,
        themes: themes(row.get_ref(18)?.as_str()?).collect(),
        text: row.get(9)?,
        author: row.get::<_, Option<Vec<u8>>>(10)?.and_then(|bytes| principal(&bytes)),
        occurred_at: Timestamp::from_millis(row.get(11)?),
        created_at: id.timestamp(),
        sensitivity: word(row, 12)?.unwrap_or(Sensitivity::Vertrouwelijk),
        place: place_at(row, 13)?,
        assignee: row.get::<_, Option<Vec<u8>>>(21)?.and_then(|bytes| principal(&bytes)),
        promise: word(row, 22)?,
        owed: row.get(23)?,
        due: word(row, 24)?,
        conflicts: row.get(17)?,
        tallies: tallies(record_type, row.get::<_, Option<String>>(19)?.as_deref()),
        delivery: delivery(row.get(20)?),
        number: row.get::<_, Option<i64>>(2)?.map(i64::cast_unsigned),
        readable: row.get(4)?,
        forgotten: row.get(3)?,
    })
}

pub(crate) fn delivery(code: i64) -> Delivery {
    match code {
        0 => Delivery::OnDevice,
        1 => Delivery::Sent,
        3 => Delivery::Refused,
        _ => Delivery::AtOffice,
    }
}

fn tallies(record_type: Option<RecordType>, counted: Option<&str>) -> BTreeMap<TallyKey, i64> {
    let mut tallies = match record_type {
        Some(of) if of.has_tallies() => TallyKey::all().map(|key| (key, 0)).collect(),
        Some(_) | None => BTreeMap::new(),
    };
    for pair in counted.unwrap_or_default().split(' ') {
        if let Some((key, n)) = pair.split_once('=')
            && let (Ok(key), Ok(n)) = (key.parse(), n.parse())
        {
            tallies.insert(key, n);
        }
    }
    tallies
}
