//! The same over records, writes and drafts: what is masked before anything is written.
//!
//! Only what people type freely is looked at. Ids, codes, positions and moments are not text.

use super::{Masked, PersonDataAction, WavedThrough, mask_bsn, person_data, speaks_of_health};
use crate::{Field, Invalid, Record, Value, Write};

/// Where a number was masked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MaskedIn {
    /// The field's key, `entries` for the thread, or for a draft the JSON pointer (RFC 6901) of
    /// the text.
    pub field: String,
    /// What was masked, with its place in that text as it was.
    pub masked: Masked,
}

/// The keys of the fields that people type freely.
const FREE_TEXT: [&str; 14] = [
    "note",
    "answer",
    "place_name",
    "title",
    "reason",
    "addressee",
    "own_effort",
    "purpose",
    "agreements",
    "name",
    "address",
    "given_how",
    "organisation",
    "feedback",
];

fn is_free_text(field: Field) -> bool {
    FREE_TEXT.contains(&field.key())
}

fn mask_in(text: &mut String, field: &str, waved: &WavedThrough, masked: &mut Vec<MaskedIn>) {
    let (written, found) = mask_bsn(text, waved);
    if !found.is_empty() {
        *text = written;
        masked
            .extend(found.into_iter().map(|one| MaskedIn { field: field.to_owned(), masked: one }));
    }
}

/// Masks each BSN in a new record.
///
/// # Errors
/// [`Invalid`] when the record cannot be put together again; it is not to be written then.
pub fn mask_record(record: &mut Record, waved: &WavedThrough) -> Result<Vec<MaskedIn>, Invalid> {
    let mut parts = record.to_parts();
    let mut masked = Vec::new();
    for (field, value) in &mut parts.fields {
        if let Value::Text(text) = value
            && is_free_text(*field)
        {
            mask_in(text, field.key(), waved, &mut masked);
        }
    }
    if !masked.is_empty() {
        *record = Record::from_parts(record.record_type(), &parts)?;
    }
    Ok(masked)
}

/// Masks each BSN in what an edit writes.
pub fn mask_write(write: &mut Write, waved: &WavedThrough) -> Vec<MaskedIn> {
    let mut masked = Vec::new();
    if let Write::Append(entry) = write {
        mask_in(&mut entry.text, "entries", waved, &mut masked);
    } else if let Write::Put(field, Value::Text(text)) = write
        && is_free_text(*field)
    {
        mask_in(text, field.key(), waved, &mut masked);
    }
    masked
}

/// Masks each BSN in what a form holds: in every text of a JSON value, or in all of it where it is
/// no JSON. What has nothing to mask comes back byte for byte.
pub fn mask_draft(json: &str, waved: &WavedThrough) -> (String, Vec<MaskedIn>) {
    let mut masked = Vec::new();
    if let Ok(mut value) = serde_json::from_str::<serde_json::Value>(json) {
        mask_value(&mut value, &mut String::new(), waved, &mut masked);
        let written = if masked.is_empty() { json.to_owned() } else { value.to_string() };
        return (written, masked);
    }
    let mut text = json.to_owned();
    mask_in(&mut text, "", waved, &mut masked);
    (text, masked)
}

/// Goes as deep as the parser did, which stops at 128 levels.
fn mask_value(
    value: &mut serde_json::Value,
    pointer: &mut String,
    waved: &WavedThrough,
    masked: &mut Vec<MaskedIn>,
) {
    use serde_json::Value as Json;
    let length = pointer.len();
    match value {
        Json::String(text) => mask_in(text, pointer, waved, masked),
        Json::Array(items) => {
            for (place, item) in items.iter_mut().enumerate() {
                pointer.push('/');
                pointer.push_str(&place.to_string());
                mask_value(item, pointer, waved, masked);
                pointer.truncate(length);
            }
        }
        Json::Object(members) => {
            for (key, member) in members.iter_mut() {
                pointer.push('/');
                pointer.push_str(&key.replace('~', "~0").replace('/', "~1"));
                mask_value(member, pointer, waved, masked);
                pointer.truncate(length);
            }
        }
        Json::Null | Json::Bool(_) | Json::Number(_) => {}
    }
}

/// Whether what is typed in a record holds a BSN or speaks of somebody's health: then it is
/// gevoelig unless somebody says otherwise.
pub fn is_sensitive_text(record: &Record) -> bool {
    record.to_parts().fields.iter().any(|(field, value)| {
        let Value::Text(text) = value else { return false };
        is_free_text(*field)
            && (speaks_of_health(text)
                || person_data(text).iter().any(|one| one.action == PersonDataAction::Mask))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples;

    #[test]
    fn drafts_are_masked_in_their_texts_only() {
        let nothing = WavedThrough::default();
        let draft = r#"{"note":"bsn 123456782","n":123456782,"deep":[{"a/b":"x 111222333"}]}"#;
        let (kept, masked) = mask_draft(draft, &nothing);
        let value: serde_json::Value = serde_json::from_str(&kept).expect("JSON still");
        assert_eq!(value["note"], "bsn •••••••••");
        assert_eq!(value["n"], 123_456_782);
        let fields: Vec<&str> = masked.iter().map(|one| one.field.as_str()).collect();
        assert_eq!(fields.len(), 2);
        assert!(fields.contains(&"/note") && fields.contains(&"/deep/0/a~1b"), "{fields:?}");
        let plain = "{ \"note\" : \"half a w\" }";
        assert_eq!(mask_draft(plain, &nothing), (plain.to_owned(), Vec::new()));
        assert_eq!(mask_draft("no json, bsn 123456782", &nothing).0, "no json, bsn •••••••••");
        let waved: WavedThrough = ["111222333"].into_iter().collect();
        assert!(mask_draft(draft, &waved).0.contains("111222333"));
    }

    #[test]
    fn writes_are_masked_where_people_type() {
        let nothing = WavedThrough::default();
        let mut note = Write::Put(Field::Note, Value::Text("bsn 123456782".to_owned()));
        assert_eq!(mask_write(&mut note, &nothing).len(), 1);
        assert_eq!(note, Write::Put(Field::Note, Value::Text("bsn •••••••••".to_owned())));
        let mut code = Write::Put(Field::Language, Value::Text("123456782".to_owned()));
        assert!(mask_write(&mut code, &nothing).is_empty());
    }

    #[test]
    fn records_are_masked_and_said_to_be_sensitive() {
        let Record::Contact(mut contact) = Record::Contact(samples::contact()) else { return };
        contact.note = "haar bsn is 123456782".to_owned();
        let mut record = Record::Contact(contact);
        assert!(is_sensitive_text(&record));
        let masked = mask_record(&mut record, &WavedThrough::default()).expect("a whole record");
        assert_eq!((masked.len(), masked[0].field.as_str()), (1, "note"));
        assert!(!is_sensitive_text(&record));
        let again = mask_record(&mut record, &WavedThrough::default()).expect("a whole record");
        assert!(again.is_empty());
    }
}
