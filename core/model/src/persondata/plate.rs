//! Registrations of Dutch vehicles, by their sidecode: six letters and digits in three groups.
//!
//! With dashes the form says enough. Without them many codes look alike, so then it takes letters
//! as they are really issued, or a word such as "kenteken" before it.

use super::text::{Span, char_after, char_before, is_dash, window_before};
use super::{Finding, PersonDataKind};

/// Sidecodes 1 to 14 (RDW), `A` a letter and `9` a digit.
const SIDECODES: [&str; 14] = [
    "AA-99-99", "99-99-AA", "99-AA-99", "AA-99-AA", "AA-AA-99", "99-AA-AA", "99-AAA-9", "9-AAA-99",
    "AA-999-A", "A-999-AA", "AAA-99-A", "A-99-AAA", "9-AA-999", "999-AA-9",
];

/// The first sidecode whose letters leave out the vowels.
const FIRST_WITHOUT_VOWELS: usize = 3;

/// Words that stand between two numbers and are no letters of a plate.
const WORDS: [&str; 38] = [
    "en", "of", "in", "na", "om", "op", "te", "nr", "km", "cm", "mm", "ml", "kg", "uu", "uur",
    "van", "tot", "per", "bis", "min", "max", "jan", "feb", "mrt", "apr", "mei", "jun", "jul",
    "aug", "sep", "okt", "nov", "dec", "bij", "met", "is", "de", "st",
];

const CALLS: [&str; 8] =
    ["kenteken", "nummerbord", "nummerplaat", "kentekens", "nrbord", "plaat", "auto", "bestelbus"];

pub(super) fn find(text: &str) -> Vec<Finding> {
    let runs = runs(text);
    let mut found = Vec::new();
    let mut first = 0;
    while first < runs.len() {
        let plate = plate_of_three(text, &runs, first)
            .map(|span| (span, 3))
            .or_else(|| plate_of_one(text, runs[first]).map(|span| (span, 1)));
        match plate {
            Some((span, used)) => {
                found.push(Finding::certain(PersonDataKind::LicencePlate, span.start, span.end));
                first += used;
            }
            None => first += 1,
        }
    }
    found
}

/// The runs of letters and digits of at most six characters that stand alone.
fn runs(text: &str) -> Vec<Span> {
    let mut runs = Vec::new();
    let mut start = None;
    let bytes = text.as_bytes();
    for at in 0..=bytes.len() {
        let inside = bytes.get(at).is_some_and(u8::is_ascii_alphanumeric);
        match (inside, start) {
            (true, None) => start = Some(at),
            (false, Some(from)) => {
                let run = Span { start: from, end: at };
                if run.len() <= 6 && super::text::stands_alone(text, run) {
                    runs.push(run);
                }
                start = None;
            }
            (true, Some(_)) | (false, None) => {}
        }
    }
    runs
}

/// A plate in three groups, with dashes, or with spaces where a word calls it one.
fn plate_of_three(text: &str, runs: &[Span], first: usize) -> Option<Span> {
    let [a, b, c] = *runs.get(first..first + 3)? else { return None };
    let span = Span { start: a.start, end: c.end };
    let gaps = [text.get(a.end..b.start)?, text.get(b.end..c.start)?];
    let dashed = gaps.iter().all(|gap| {
        let mut characters = gap.chars();
        characters.next().is_some_and(is_dash) && characters.next().is_none()
    });
    let spaced = gaps == [" ", " "];
    if !dashed && !spaced || a.len() + b.len() + c.len() != 6 {
        return None;
    }
    let parts = [a.of(text), b.of(text), c.of(text)];
    let form = parts.map(shape).join("-");
    let mut letters = parts.iter().filter(|part| part.bytes().all(|b| b.is_ascii_alphabetic()));
    let one_case = is_one_case(span.of(text));
    let word = letters.any(|part| WORDS.contains(&part.to_ascii_lowercase().as_str()));
    let longer = is_longer(text, span);
    let fits = SIDECODES.contains(&form.as_str()) && one_case && !longer && !word;
    (fits && (dashed || is_called_plate(text, span.start))).then_some(span)
}

/// A plate written without anything between its groups.
fn plate_of_one(text: &str, run: Span) -> Option<Span> {
    let plain = run.of(text);
    let form = shape(plain);
    let sidecode = SIDECODES.iter().position(|sidecode| sidecode.replace('-', "") == form)?;
    let called = is_called_plate(text, run.start) && is_one_case(plain);
    let issued = sidecode >= FIRST_WITHOUT_VOWELS
        && plain.bytes().all(|b| b.is_ascii_digit() || is_issued(b));
    (!is_longer(text, run) && (called || issued)).then_some(run)
}

/// The letters of today's plates: capitals without vowels, C, M, Q, W and Y.
fn is_issued(letter: u8) -> bool {
    b"BDFGHJKLNPRSTVXZ".contains(&letter)
}

fn shape(part: &str) -> String {
    part.bytes().map(|b| if b.is_ascii_digit() { '9' } else { 'A' }).collect()
}

fn is_one_case(text: &str) -> bool {
    !(text.bytes().any(|b| b.is_ascii_lowercase()) && text.bytes().any(|b| b.is_ascii_uppercase()))
}

/// Part of a longer code with dashes, such as a telephone or article number.
fn is_longer(text: &str, span: Span) -> bool {
    let before = char_before(text, span.start).filter(|c| is_dash(*c) || *c == '/' || *c == '.');
    let after = char_after(text, span.end).filter(|c| is_dash(*c) || *c == '/');
    let beyond_before = before.and_then(|c| char_before(text, span.start - c.len_utf8()));
    let beyond_after = after.and_then(|c| char_after(text, span.end + c.len_utf8()));
    beyond_before.is_some_and(char::is_alphanumeric)
        || beyond_after.is_some_and(char::is_alphanumeric)
}

fn is_called_plate(text: &str, start: usize) -> bool {
    let before = window_before(text, start, 30).to_lowercase();
    let before = before.rsplit(['.', '\n', ';']).next().unwrap_or_default();
    before.split(|c: char| !c.is_alphanumeric()).any(|word| CALLS.contains(&word))
}
