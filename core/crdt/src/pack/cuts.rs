//! Ids within a column: found, cut out, and put back.
//!
//! An id takes 36 bytes as text and compresses to 20, since its digits are random; cut out, it
//! takes ten and the distance of its time to a time nearby, or one byte where it was named before.

use std::collections::HashMap;

/// How an id lies in a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// As 16 bytes.
    Bytes,
    /// As 36 characters, lower case, with hyphens.
    Text,
}

impl Form {
    pub(super) fn length(self) -> usize {
        match self {
            Self::Bytes => 16,
            Self::Text => 36,
        }
    }
}

/// An id in a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) at: usize,
    pub(super) form: Form,
    pub(super) id: [u8; 16],
}

/// Counts whatever may be an id.
pub(super) fn count(column: &[u8], counts: &mut HashMap<[u8; 16], u32>) {
    for at in 0..column.len() {
        for id in [as_text(&column[at..]), as_bytes(&column[at..])].into_iter().flatten() {
            *counts.entry(id).or_default() += 1;
        }
    }
}

/// The ids to cut out, from left to right: all that stand as text, and as bytes the known ones.
pub(super) fn find(column: &[u8], is_known: impl Fn(&[u8; 16]) -> bool) -> Vec<Found> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < column.len() {
        let rest = &column[at..];
        let here = if let Some(id) = as_text(rest) {
            Some(Found { at, form: Form::Text, id })
        } else {
            let known = as_bytes(rest).filter(|id| is_known(id));
            known.map(|id| Found { at, form: Form::Bytes, id })
        };
        at += here.map_or(1, |here| here.form.length());
        found.extend(here);
    }
    found
}

/// Writes an id the way it lay in its column.
pub(super) fn put(out: &mut Vec<u8>, form: Form, id: &[u8; 16]) {
    match form {
        Form::Bytes => out.extend_from_slice(id),
        Form::Text => {
            for (place, byte) in id.iter().enumerate() {
                if matches!(place, 4 | 6 | 8 | 10) {
                    out.push(b'-');
                }
                out.push(DIGITS[usize::from(byte >> 4)]);
                out.push(DIGITS[usize::from(byte & 15)]);
            }
        }
    }
}

/// The 48 bits of milliseconds at the front of an id.
pub(super) fn time_of(id: &[u8; 16]) -> u64 {
    id[..6].iter().fold(0, |time, byte| (time << 8) | u64::from(*byte))
}

/// An id out of its time and the rest.
pub(super) fn id_of(time: u64, rest: &[u8; 10]) -> [u8; 16] {
    let mut id = [0; 16];
    id[..6].copy_from_slice(&time.to_be_bytes()[2..]);
    id[6..].copy_from_slice(rest);
    id
}

fn as_bytes(rest: &[u8]) -> Option<[u8; 16]> {
    let id: [u8; 16] = *rest.first_chunk()?;
    (id[6] >> 4 == 7 && id[8] >> 6 == 0b10).then_some(id)
}

fn as_text(rest: &[u8]) -> Option<[u8; 16]> {
    let text: &[u8; 36] = rest.first_chunk()?;
    if [8, 13, 18, 23].iter().any(|at| text[*at] != b'-') {
        return None;
    }
    let mut digits = text.iter().enumerate().filter(|(at, _)| !matches!(at, 8 | 13 | 18 | 23));
    let mut id = [0; 16];
    for byte in &mut id {
        let (high, low) = (digit(*digits.next()?.1)?, digit(*digits.next()?.1)?);
        *byte = high << 4 | low;
    }
    Some(id)
}

fn digit(character: u8) -> Option<u8> {
    match character {
        b'0'..=b'9' => Some(character - b'0'),
        b'a'..=b'f' => Some(character - b'a' + 10),
        _ => None,
    }
}

const DIGITS: &[u8; 16] = b"0123456789abcdef";

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "019cc0de-1234-7abc-8def-0123456789ab";

    #[test]
    fn ids_are_found_and_put_back() {
        let mut column = b"\x7f\x24".to_vec();
        column.extend_from_slice(TEXT.as_bytes());
        column.extend_from_slice(b"\nbak vol");
        let found = find(&column, |_| false);
        let [found] = found.as_slice() else { panic!("{found:?}") };
        assert_eq!((found.at, found.form), (2, Form::Text));
        assert_eq!(id_of(time_of(&found.id), found.id[6..].first_chunk().expect("ten")), found.id);
        let mut back = Vec::new();
        put(&mut back, Form::Text, &found.id);
        assert_eq!(back, TEXT.as_bytes());
        let mut raw = b"xx".to_vec();
        raw.extend_from_slice(&found.id);
        assert_eq!(find(&raw, |_| false), []);
        assert_eq!(find(&raw, |id| *id == found.id).len(), 1);
    }

    #[test]
    fn what_is_spelled_otherwise_stays_where_it_is() {
        for text in ["019CC0DE-1234-7abc-8def-0123456789ab", &TEXT[..35], "019cc0de1234"] {
            assert_eq!(find(text.as_bytes(), |_| true), [], "{text}");
        }
    }
}
