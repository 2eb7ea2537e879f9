//! One record as JSON, with everything that is known of it.

use std::collections::BTreeSet;

use serde_json::{Map, Value as Json, json};
use wijkboek_crdt::{Alternative, Document, HistoryStep};
use wijkboek_model::{Entry, Label, Lang, SetField, Value, Write};

use crate::{HeldBlob, MediaType, Presence};

pub(super) fn json(document: &Document, attachments: &[HeldBlob]) -> Json {
    let origin = document.origin();
    let parts = document.parts();
    let none = BTreeSet::new();
    let withdrawn = parts.sets.get(&SetField::Withdrawn).unwrap_or(&none);
    let fields: Map<String, Json> = parts
        .fields
        .iter()
        .map(|(field, v)| {
            let json = json!({ "label": field.label(Lang::Nl), "value": value(v) });
            (field.key().to_owned(), json)
        })
        .collect();
    let sets: Map<String, Json> = parts
        .sets
        .iter()
        .filter(|(set, members)| !members.is_empty() && **set != SetField::Withdrawn)
        .map(|(set, members)| {
            let json = json!({ "label": set.label(Lang::Nl), "members": members });
            (set.key().to_owned(), json)
        })
        .collect();
    let maps: Map<String, Json> = parts
        .maps
        .iter()
        .filter(|(_, pairs)| !pairs.is_empty())
        .map(|(map, pairs)| {
            let pairs: Map<String, Json> =
                pairs.iter().map(|(key, v)| (key.clone(), value(v))).collect();
            (map.key().to_owned(), json!({ "label": map.label(Lang::Nl), "values": pairs }))
        })
        .collect();
    let tallies: Map<String, Json> =
        parts.tallies.iter().map(|(key, n)| (key.to_string(), json!(n))).collect();
    let thread: Vec<Json> = document
        .entries()
        .iter()
        .map(|entry| thread_entry(entry, withdrawn.contains(&entry.id.to_string())))
        .collect();
    json!({
        "id": origin.id.to_string(),
        "type": origin.record_type.as_str(),
        "label": origin.record_type.label(Lang::Nl),
        "author": origin.author.to_string(),
        "fields": fields,
        "sets": sets,
        "maps": maps,
        "tallies": tallies,
        "thread": thread,
        "conflicts": conflicts(document),
        "history": document.history().iter().map(step).collect::<Vec<_>>(),
        "attachments": attachments.iter().map(attachment).collect::<Vec<_>>(),
    })
}

/// Where an attachment lies in the archive.
pub(super) fn file_of(held: &HeldBlob) -> String {
    let extension = match held.presence {
        Presence::Here { media_type: Some(media_type), .. } => match media_type {
            MediaType::Jpeg => "jpg",
            MediaType::Mp4Audio => "m4a",
            MediaType::OggOpus => "ogg",
            MediaType::Wav => "wav",
        },
        Presence::Here { media_type: None, .. } | Presence::ToFetch => "bin",
    };
    format!("blobs/{}.{extension}", held.hash)
}

fn attachment(held: &HeldBlob) -> Json {
    let here = held.presence != Presence::ToFetch;
    json!({
        "sha256": held.hash.to_string(),
        "file": here.then(|| file_of(held)),
    })
}

fn thread_entry(entry: &Entry, withdrawn: bool) -> Json {
    json!({
        "id": entry.id.to_string(),
        "author": entry.author.to_string(),
        "text": entry.text,
        "withdrawn": withdrawn,
    })
}

fn conflicts(document: &Document) -> Vec<Json> {
    let fields = document.conflicts().into_iter().map(|conflict| {
        json!({ "field": conflict.field.key(), "values": alternatives(&conflict.values) })
    });
    let pairs = document.pair_conflicts().into_iter().map(|conflict| {
        json!({
            "map": conflict.map.key(),
            "key": conflict.key,
            "values": alternatives(&conflict.values),
        })
    });
    fields.chain(pairs).collect()
}

fn alternatives(values: &[Alternative]) -> Vec<Json> {
    values
        .iter()
        .map(|one| {
            json!({
                "value": value(&one.value),
                "install": one.actor.install().to_string(),
                "at": one.at.to_string(),
            })
        })
        .collect()
}

fn step(step: &HistoryStep) -> Json {
    json!({
        "change": step.hash.to_string(),
        "at": step.at.to_string(),
        "install": step.actor.install().to_string(),
        "created": step.created,
        "writes": step
            .touches
            .iter()
            .map(|touch| {
                let mut json = write(&touch.write);
                if let (Some(before), Some(object)) = (&touch.before, json.as_object_mut()) {
                    object.insert("before".to_owned(), value(before));
                }
                json
            })
            .collect::<Vec<_>>(),
    })
}

fn write(write: &Write) -> Json {
    match write {
        Write::Put(field, v) => json!({ "field": field.key(), "value": value(v) }),
        Write::Insert(set, member) => json!({ "set": set.key(), "added": member }),
        Write::Remove(set, member) => json!({ "set": set.key(), "removed": member }),
        Write::Set(map, key, v) => json!({ "map": map.key(), "key": key, "value": value(v) }),
        Write::Splice(prose, splice) => json!({
            "prose": prose.key(),
            "at": splice.at,
            "deleted": splice.delete,
            "inserted": splice.insert,
        }),
        Write::Append(entry) => json!({ "entry": entry.id.to_string(), "text": entry.text }),
        Write::Increment(key, by) => json!({ "tally": key.to_string(), "by": by }),
    }
}

fn value(value: &Value) -> Json {
    match value {
        Value::Null => Json::Null,
        Value::Bool(yes) => json!(yes),
        Value::Int(n) => json!(n),
        Value::Text(text) => json!(text),
        Value::Time(at) => json!(at.to_string()),
    }
}
