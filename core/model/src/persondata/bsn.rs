//! Citizen service numbers: nine digits that pass the elfproef, by context or by their form.
//!
//! The elfproef (Logisch ontwerp BSN): the digits weighted 9, 8, … 2 and −1 add up to a multiple
//! of 11. One number in eleven does by chance, so without a word that calls it a BSN only one
//! group of nine digits, or a usual grouping, counts.
//!
//! Masking must be idempotent: whether a candidate counts may not depend on whether the numbers
//! around it have been masked, so masks are looked at as digits are.

use super::PersonDataAction;
use super::text::{
    Span, char_after, char_before, gap, is_dash, is_digit_or_mask, is_space, window_after,
    window_before,
};

/// How far before and after a number a word may call it a BSN, in characters.
const BEFORE: usize = 60;
const AFTER: usize = 30;

/// Words that call a number a BSN; a word may go on after them (`bsn-nummer`, `sofinr`).
const CALLS: [&str; 7] =
    ["bsn", "b.s.n", "burgerservice", "burger service", "burger-service", "sofi", "so-fi"];

/// Words that call a number something else.
const OTHER_CALLS: [&str; 16] = [
    "tel",
    "telefoon",
    "telefoonnummer",
    "telnr",
    "mobiel",
    "iban",
    "rekening",
    "rekeningnummer",
    "zaak",
    "zaaknummer",
    "kvk",
    "dossier",
    "melding",
    "meldingsnummer",
    "kenmerk",
    "factuur",
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Evidence {
    /// A word calls it a BSN and the elfproef agrees.
    Called,
    /// It looks like one.
    Form,
    /// It is called one, but the elfproef fails: perhaps a typing error.
    CalledOnly,
}

/// What may be a BSN.
#[derive(Debug, Clone)]
pub(super) struct Candidate {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) digits: String,
    evidence: Evidence,
}

impl Candidate {
    pub(super) fn is_sure(&self) -> bool {
        self.evidence == Evidence::Called
    }

    pub(super) fn action(&self) -> PersonDataAction {
        match self.evidence {
            Evidence::Called | Evidence::Form => PersonDataAction::Mask,
            Evidence::CalledOnly => PersonDataAction::Warn,
        }
    }
}

/// The candidates in order. Those to be masked do not overlap each other.
pub(super) fn find(text: &str, groups: &[Span]) -> Vec<Candidate> {
    let mut found = Vec::new();
    let mut first = 0;
    while first < groups.len() {
        let candidate = at(text, groups, first);
        first = match candidate {
            Some((candidate, last)) => {
                let masked = candidate.action() == PersonDataAction::Mask;
                found.push(candidate);
                if masked { last + 1 } else { first + 1 }
            }
            None => first + 1,
        };
    }
    found
}

/// Whether nine digits pass the elfproef.
pub(super) fn passes_elfproef(digits: &str) -> bool {
    let mut sum = 0_i32;
    for (digit, weight) in digits.bytes().zip([9, 8, 7, 6, 5, 4, 3, 2, -1]) {
        sum += i32::from(digit - b'0') * weight;
    }
    digits.len() == 9 && sum % 11 == 0 && digits.bytes().any(|digit| digit != b'0')
}

/// The candidate that begins with a group, and its last group.
fn at(text: &str, groups: &[Span], first: usize) -> Option<(Candidate, usize)> {
    let last = group_that_completes(text, groups, first, 9);
    if let Some(last) = last
        && let Some(candidate) = judge(text, groups, first, last)
    {
        return Some((candidate, last));
    }
    // Older systems drop the leading zero.
    let last = group_that_completes(text, groups, first, 8)?;
    let span = Span { start: groups[first].start, end: groups[last].end };
    let digits = format!("0{}", digits_of(text, span));
    let counts = passes_elfproef(&digits) && is_labelled(text, span.start);
    counts.then(|| (candidate(span, digits, Evidence::Called), last))
}

fn judge(text: &str, groups: &[Span], first: usize, last: usize) -> Option<Candidate> {
    let span = Span { start: groups[first].start, end: groups[last].end };
    let digits = digits_of(text, span);
    let evidence = if !passes_elfproef(&digits) {
        let usual = is_usual_form(text, groups, first, last) && is_labelled(text, span.start);
        usual.then_some(Evidence::CalledOnly)?
    } else if is_called_bsn(text, span) {
        Evidence::Called
    } else if is_usual_form(text, groups, first, last) && stands_for_itself(text, span) {
        Evidence::Form
    } else {
        return None;
    };
    Some(candidate(span, digits, evidence))
}

fn candidate(span: Span, digits: String, evidence: Evidence) -> Candidate {
    Candidate { start: span.start, end: span.end, digits, evidence }
}

fn digits_of(text: &str, span: Span) -> String {
    span.of(text).chars().filter(char::is_ascii_digit).collect()
}

/// The group with which the digits from `first` on become exactly so many.
fn group_that_completes(text: &str, groups: &[Span], first: usize, count: usize) -> Option<usize> {
    let mut digits = groups[first].len();
    let mut last = first;
    while digits < count {
        let next = groups.get(last + 1)?;
        gap(text, groups[last].end, next.start, is_separator)?;
        digits += next.len();
        last += 1;
    }
    (digits == count).then_some(last)
}

fn is_separator(c: char) -> bool {
    is_space(c) || is_dash(c) || matches!(c, '.' | '/' | '_' | '·')
}

/// One group, or three in one of the usual ways with the same single separator.
fn is_usual_form(text: &str, groups: &[Span], first: usize, last: usize) -> bool {
    let Some(parts) = groups.get(first..=last) else { return false };
    let lengths: Vec<usize> = parts.iter().map(Span::len).collect();
    if lengths == [9] {
        return true;
    }
    if lengths != [3, 3, 3] && lengths != [4, 2, 3] {
        return false;
    }
    let between = |a: &Span, b: &Span| text.get(a.end..b.start).unwrap_or_default();
    let separator = between(&parts[0], &parts[1]);
    let longer = |c: Option<char>, beyond: Option<char>| {
        c.is_some_and(is_separator) && beyond.is_some_and(is_digit_or_mask)
    };
    let (start, end) = (parts[0].start, parts[2].end);
    let before = window_before(text, start, 2);
    let after = window_after(text, end, 2);
    separator.chars().count() == 1
        && separator == between(&parts[1], &parts[2])
        && !longer(before.chars().next_back(), before.chars().next())
        && !longer(after.chars().next(), after.chars().nth(1))
}

/// Not part of a code, a price, a decimal number or an international telephone number.
fn stands_for_itself(text: &str, span: Span) -> bool {
    let joins = |c: char| c.is_alphanumeric() || c == '_';
    if char_before(text, span.start).is_some_and(joins)
        || char_after(text, span.end).is_some_and(joins)
    {
        return false;
    }
    let before = window_before(text, span.start, 8);
    let after = window_after(text, span.end, 6);
    let decimal_before =
        before.ends_with(['.', ',']) && before.chars().rev().nth(1).is_some_and(is_digit_or_mask);
    let decimal_after =
        after.starts_with(['.', ',']) && after.chars().nth(1).is_some_and(is_digit_or_mask);
    let lead = before.trim_end().to_lowercase();
    let trail = after.trim_start().to_lowercase();
    let price = lead.ends_with(['€', '$'])
        || lead.ends_with("eur")
        || lead.ends_with("euro")
        || trail.starts_with("eur")
        || trail.starts_with(['€', '%'])
        || after.starts_with(",-");
    let abroad = before
        .trim_end_matches(|c: char| is_separator(c) || matches!(c, '(' | ')' | '0'))
        .trim_end_matches(|c: char| c.is_ascii_digit())
        .ends_with('+')
        || lead.ends_with("0031");
    !(decimal_before || decimal_after || price || abroad)
}

/// Whether a word near a number calls it a BSN.
fn is_called_bsn(text: &str, span: Span) -> bool {
    let before = window_before(text, span.start, BEFORE);
    let from = span.start - before.len();
    let lower = before.to_ascii_lowercase();
    let called_before = last_call(text, from, &lower).is_some_and(|end| {
        let between = lower.get(end..).unwrap_or_default();
        let mut words = between.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty());
        if between.chars().any(is_digit_or_mask) {
            // Behind another number it calls this one too only in a list: "…, … en …".
            words.all(|word| matches!(word, "en" | "of" | "nummer" | "nr" | "is" | "s"))
        } else {
            !words.any(|word| OTHER_CALLS.contains(&word))
        }
    });
    called_before || is_called_after(text, span.end)
}

/// "… is zijn BSN": a call after the number that does not announce the next one.
fn is_called_after(text: &str, end: usize) -> bool {
    let after = window_after(text, end, AFTER);
    let lower = after.to_ascii_lowercase();
    let Some((at, call)) = CALLS
        .iter()
        .filter_map(|call| lower.find(call).map(|at| (at, *call)))
        .min_by_key(|(at, call)| (*at, call.len()))
    else {
        return false;
    };
    let between = lower.get(..at).unwrap_or_default();
    let rest = lower.get(at + call.len()..).unwrap_or_default();
    let rest = rest.trim_start_matches(|c: char| c.is_alphabetic() || c == '-');
    let announces = rest
        .trim_start_matches(|c: char| is_space(c) || matches!(c, ':' | '=' | '.' | '-'))
        .starts_with(is_digit_or_mask);
    let new_sentence = between.contains(['\n', ';']) || between.contains(". ");
    let boundary = !char_before(text, end + at).is_some_and(char::is_alphabetic);
    boundary && !announces && !new_sentence && !between.chars().any(is_digit_or_mask)
}

/// Whether a number is announced by such a word directly: "BSN: …", "sofinummer is …".
fn is_labelled(text: &str, start: usize) -> bool {
    let before = window_before(text, start, 28);
    let from = start - before.len();
    let lower = before.to_ascii_lowercase();
    last_call(text, from, &lower).is_some_and(|end| {
        let between = lower.get(end..).unwrap_or_default();
        between
            .split(|c: char| !c.is_alphanumeric())
            .all(|word| matches!(word, "" | "nummer" | "nr" | "number" | "r" | "n" | "is" | "no"))
    })
}

/// Where the last call in a lower-cased window ends; a call starts a word.
fn last_call(text: &str, from: usize, lower: &str) -> Option<usize> {
    CALLS
        .iter()
        .flat_map(|call| lower.rmatch_indices(call).map(|(at, call)| (at, at + call.len())))
        .filter(|(at, _)| !char_before(text, from + at).is_some_and(char::is_alphabetic))
        .map(|(_, end)| end)
        .max()
}
