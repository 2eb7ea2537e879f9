//! Asking the real rules from a command line: about a foreign change, a note, a position.
//!
//! Everything is decided by `wijkboek-crdt` and `wijkboek-model`; here it is only put into words.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use serde::Serialize;
use wijkboek_crdt::{ForeignChange, Limits, Verdict, announced, guard};
use wijkboek_model::{Areas, Place, PlaceSource, in_characters, person_data};

/// The areas of the demo's municipality.
const AREAS: &str = include_str!("../../data/ridderkerk/wijken.geojson");

/// Why a question cannot be answered.
#[derive(Debug, thiserror::Error)]
pub enum JudgeError {
    /// A file that cannot be read.
    #[error("{file}: {source}")]
    Unreadable {
        /// Its path as it was given.
        file: String,
        /// Why.
        source: std::io::Error,
    },
    /// A note that is not UTF-8.
    #[error("the note is not UTF-8 text: byte {at}, counted from 0, belongs to no character")]
    NotText {
        /// The first byte that makes no sense.
        at: usize,
    },
    /// A note longer than anybody writes.
    #[error("the note is longer than {NOTE_BYTES_MAX} bytes")]
    NoteTooLong,
    /// A radius that no position has.
    #[error("an accuracy of {accuracy_m} metres: it is to lie between 0 and 100000")]
    Accuracy {
        /// Metres as they were given.
        accuracy_m: f64,
    },
    /// No position on earth, in the Netherlands, in degrees.
    #[error(
        "no position in the Netherlands: longitude {lon} is to lie between 3.2 and 7.3, latitude \
         {lat} between 50.7 and 53.7"
    )]
    NotInTheNetherlands {
        /// Longitude as it was given.
        lon: f64,
        /// Latitude as it was given.
        lat: f64,
    },
    /// The bundled areas do not load.
    #[error("the bundled areas: {0}")]
    Areas(#[from] wijkboek_model::AreaImportError),
    /// The answer cannot be written.
    #[error("the answer: {0}")]
    Json(#[from] serde_json::Error),
}

/// Reads a file that holds one change, but no more of it than shows that it is too long.
///
/// # Errors
/// [`JudgeError::Unreadable`].
pub fn read_change(file: &Path) -> Result<Vec<u8>, JudgeError> {
    let unreadable = |source| JudgeError::Unreadable { file: file.display().to_string(), source };
    let most = u64::try_from(Limits::default().change_bytes).unwrap_or(u64::MAX);
    let mut bytes = Vec::new();
    let opened = File::open(file).map_err(unreadable)?;
    opened.take(most.saturating_add(1)).read_to_end(&mut bytes).map_err(unreadable)?;
    Ok(bytes)
}

/// Reads a note to its end, which comes before it could exhaust memory.
///
/// # Errors
/// [`JudgeError::Unreadable`] and [`JudgeError::NoteTooLong`].
pub fn read_note(from: impl Read, name: &str) -> Result<Vec<u8>, JudgeError> {
    let unreadable = |source| JudgeError::Unreadable { file: name.to_owned(), source };
    let mut note = Vec::new();
    from.take(NOTE_BYTES_MAX + 1).read_to_end(&mut note).map_err(unreadable)?;
    if note.len() as u64 > NOTE_BYTES_MAX { Err(JudgeError::NoteTooLong) } else { Ok(note) }
}

/// `accepted` or `refused: REASON` for one foreign change of a record that nobody has yet.
///
/// The hash is announced as an honest sender would, computed from the bytes; the record is the one
/// that the change itself says it creates. So neither can be what it is refused for.
pub fn judge_change(bytes: &[u8]) -> String {
    let limits = Limits::default();
    let (announced, id) = match announced(bytes, &limits) {
        Ok((hash, Some(id))) => (hash, id),
        Ok((_, None)) => {
            return "refused: it builds on changes of a document that is not there".into();
        }
        Err(refusal) => return format!("refused: {} ({refusal})", refusal.code()),
    };
    let verdicts = guard(id, None, &[ForeignChange { announced, bytes }], &limits);
    match verdicts.into_iter().next() {
        Some(Verdict::Sound(_) | Verdict::Duplicate(_)) => "accepted".into(),
        Some(Verdict::Waiting { .. }) | None => "refused: it could not be proven".into(),
        Some(Verdict::Refused { refusal, .. }) => {
            format!("refused: {} ({refusal})", refusal.code())
        }
    }
}

/// One finding; `start` and `end` count characters (Unicode scalar values) from 0.
#[derive(Serialize)]
struct NoteFinding<'a> {
    kind: &'static str,
    start: usize,
    end: usize,
    text: &'a str,
    action: &'static str,
    sure: bool,
}

/// The person data in a note, as a JSON array.
///
/// # Errors
/// [`JudgeError::NotText`].
pub fn judge_note(note: &[u8]) -> Result<String, JudgeError> {
    let broken = |error: std::str::Utf8Error| JudgeError::NotText { at: error.valid_up_to() };
    let note = std::str::from_utf8(note).map_err(broken)?;
    let findings = person_data(note);
    let answer: Vec<NoteFinding<'_>> = findings
        .iter()
        .zip(in_characters(note, &findings))
        .map(|(finding, (start, end))| NoteFinding {
            kind: finding.kind.as_str(),
            start,
            end,
            text: finding.text(note),
            action: finding.action.as_str(),
            sure: finding.sure,
        })
        .collect();
    Ok(serde_json::to_string_pretty(&answer)?)
}

/// The buurt of a position, or the candidates when its accuracy leaves several, or that it lies
/// outside.
///
/// # Errors
/// [`JudgeError::NotInTheNetherlands`] and [`JudgeError::Accuracy`].
pub fn judge_place(lon: f64, lat: f64, accuracy_m: f64) -> Result<String, JudgeError> {
    let outside = JudgeError::NotInTheNetherlands { lon, lat };
    if !(0.0..=100_000.0).contains(&accuracy_m) {
        return Err(JudgeError::Accuracy { accuracy_m });
    }
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "checked to lie between 0 and 100,000"
    )]
    let accuracy_m = accuracy_m.ceil() as u32;
    let place = Place::new(lon, lat, accuracy_m, PlaceSource::Gps).map_err(|_| outside)?;
    let areas = Areas::from_geojson(AREAS)?;
    let touched = areas.buurten_touched(&place);
    let inside = areas.buurt_at(&place).is_some();
    let mut names = touched.iter().map(|area| format!("{} {}", area.code, area.name));
    Ok(match (inside, touched.len()) {
        (true, 1) => names.next().unwrap_or_default(),
        (_, 0) => "outside the municipality".to_owned(),
        (true, _) => format!("ask: {}", names.collect::<Vec<_>>().join(" | ")),
        (false, _) => {
            format!("ask: {} | outside the municipality", names.collect::<Vec<_>>().join(" | "))
        }
    })
}

/// Longest note that is looked into; a record's is at most 20,000 bytes.
pub const NOTE_BYTES_MAX: u64 = 16 << 20;
