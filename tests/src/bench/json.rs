//! What the wire format is measured against: the same records with their history, as somebody
//! would write them as JSON by hand, one record a line, in zstd. Empty values are left out, moments
//! are numbers and keys come once per record: it is as short as JSON sensibly gets. What it lacks
//! is what makes a change verifiable: hashes, dependencies, sequence numbers.

use std::fmt::Write as _;

use wijkboek_model::{Record, Value, Write};

use super::BenchError;
use crate::corpus;

/// Bytes of these records in zstd, at the level of packs.
///
/// # Errors
/// [`BenchError`].
pub fn compressed(records: &[u32]) -> Result<usize, BenchError> {
    let mut lines = String::new();
    for n in records {
        lines.push_str(&line(*n)?);
    }
    Ok(zstd::bulk::compress(lines.as_bytes(), LEVEL)?.len())
}

fn line(n: u32) -> Result<String, BenchError> {
    let record = Record::Contact(corpus::contact(n));
    let stamp = corpus::stamp(n);
    let mut json = format!(
        "{{\"id\":\"{}\",\"type\":\"contact\",\"author\":\"{}\",\"device\":\"{}\",\"at\":{},\"fields\":{{",
        corpus::id(n),
        corpus::author(n),
        stamp.actor,
        stamp.at.as_millis()
    );
    let parts = record.to_parts();
    for (field, value) in &parts.fields {
        if *value != Value::Null {
            let _ = write!(json, "\"{}\":{},", field.key(), spelled(value)?);
        }
    }
    for (field, members) in &parts.sets {
        if !members.is_empty() {
            let _ = write!(json, "\"{}\":{},", field.key(), serde_json::to_string(members)?);
        }
    }
    close(&mut json, "},\"history\":[");
    for (writes, stamp) in corpus::edits(n) {
        let _ = write!(json, "{{\"by\":\"{}\",\"at\":{},", stamp.actor, stamp.at.as_millis());
        for write in &writes {
            edit(&mut json, write)?;
        }
        close(&mut json, "},");
    }
    close(&mut json, "]}\n");
    Ok(json)
}

fn edit(json: &mut String, write: &Write) -> Result<(), BenchError> {
    match write {
        Write::Put(field, value) => {
            let _ = write!(json, "\"{}\":{},", field.key(), spelled(value)?);
            Ok(())
        }
        Write::Append(entry) => {
            let text = serde_json::to_string(&entry.text)?;
            let (id, author) = (entry.id, entry.author);
            let _ = write!(
                json,
                "\"entry\":{{\"id\":\"{id}\",\"author\":\"{author}\",\"text\":{text}}},"
            );
            Ok(())
        }
        Write::Insert(..)
        | Write::Remove(..)
        | Write::Set(..)
        | Write::Splice(..)
        | Write::Increment(..) => Err(BenchError::Baseline("the corpus writes what JSON lacks")),
    }
}

fn spelled(value: &Value) -> Result<String, BenchError> {
    Ok(match value {
        Value::Null => "null".to_owned(),
        Value::Bool(value) => value.to_string(),
        Value::Int(value) => value.to_string(),
        Value::Text(text) => serde_json::to_string(text)?,
        Value::Time(time) => time.as_millis().to_string(),
    })
}

/// Takes away the comma behind the last member, and ends what it was a member of.
fn close(json: &mut String, end: &str) {
    if json.ends_with(',') {
        json.pop();
    }
    json.push_str(end);
}

const LEVEL: i32 = 10;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_json_and_holds_the_note_and_every_edit() {
        for n in 0..50 {
            let read: serde_json::Value =
                serde_json::from_str(&line(n).expect("written")).expect("JSON");
            let text = read.to_string();
            assert!(text.contains(&corpus::contact(n).note), "{text}");
            let history = read["history"].as_array().expect("a history");
            assert_eq!(history.len(), corpus::edits(n).len());
        }
    }
}
