//! Dates of birth: a whole date that a word beside it calls one. Other dates are nobody's.

use super::text::{Span, Words, gap, is_dash, is_space, stands_alone, window_after, window_before};
use super::{Finding, PersonDataKind};

const BEFORE: usize = 40;
const AFTER: usize = 16;

/// What a month's name starts with, January first.
const MONTHS: [&[&str]; 12] = [
    &["jan"],
    &["feb"],
    &["mrt", "maart", "mar"],
    &["apr"],
    &["mei"],
    &["jun"],
    &["jul"],
    &["aug"],
    &["sep"],
    &["okt", "oct"],
    &["nov"],
    &["dec"],
];

pub(super) fn find(text: &str, groups: &[Span]) -> Vec<Finding> {
    let mut found = Vec::new();
    let mut first = 0;
    while first < groups.len() {
        match date_at(text, groups, first) {
            Some((span, last)) if is_called_birth(text, span) => {
                found.push(Finding::certain(PersonDataKind::BirthDate, span.start, span.end));
                first = last + 1;
            }
            Some(_) | None => first += 1,
        }
    }
    found
}

/// The date that begins with a group of digits, and its last group.
fn date_at(text: &str, groups: &[Span], first: usize) -> Option<(Span, usize)> {
    let (a, b) = (groups.get(first)?, groups.get(first + 1)?);
    let value = |span: &Span| span.of(text).parse::<u32>().ok().filter(|_| span.len() <= 4);
    if let Some(month) = month_between(text, a, b) {
        let date = Span { start: a.start, end: b.end };
        let fits = is_day(value(a)?, month) && is_year(b, value(b)?) && stands_alone(text, date);
        return fits.then_some((date, first + 1));
    }
    let c = groups.get(first + 2)?;
    let separators = |c: char| is_space(c) || is_dash(c) || matches!(c, '/' | '.');
    gap(text, a.end, b.start, separators)?;
    gap(text, b.end, c.start, separators)?;
    let date = Span { start: a.start, end: c.end };
    let (day, year) = if a.len() == 4 { (c, a) } else { (a, c) };
    let fits = day.len() <= 2
        && b.len() <= 2
        && (1..=12).contains(&value(b)?)
        && is_day(value(day)?, value(b)?)
        && is_year(year, value(year)?)
        && stands_alone(text, date);
    fits.then_some((date, first + 2))
}

/// The month whose name stands between a day and a year: "3 mei 1980", "3 mei '80".
fn month_between(text: &str, day: &Span, year: &Span) -> Option<u32> {
    let between = text.get(day.end..year.start).filter(|between| between.len() <= 20)?;
    let name = between
        .trim_start_matches("e ")
        .trim_matches(|c: char| is_space(c) || is_dash(c) || matches!(c, '.' | '\'' | '’' | ','));
    let letters = !name.is_empty() && name.chars().all(char::is_alphabetic) && name.len() >= 3;
    let name = name.to_lowercase();
    let place = MONTHS.iter().position(|stems| stems.iter().any(|stem| name.starts_with(stem)))?;
    letters.then(|| u32::try_from(place + 1).ok())?
}

fn is_day(day: u32, month: u32) -> bool {
    let longest = match month {
        2 => 29,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    };
    (1..=longest).contains(&day)
}

/// Four digits from 1900 on, or two. There is no clock here to say what lies ahead.
fn is_year(span: &Span, year: u32) -> bool {
    span.len() == 2 || span.len() == 4 && (1900..2100).contains(&year)
}

fn is_called_birth(text: &str, date: Span) -> bool {
    let calls = |window: &str, alone: &[&str]| {
        Words::of(window).iter().any(|(_, word)| {
            let word = word.of(window).to_lowercase();
            word.starts_with("geboren")
                || word.starts_with("geboorte")
                || word.starts_with("verjaar")
                || alone.contains(&word.as_str())
        })
    };
    let before = window_before(text, date.start, BEFORE);
    // The sentence before says nothing about this date.
    let before = before.rsplit(['\n', ';', '!', '?']).next().unwrap_or_default();
    let after = window_after(text, date.end, AFTER);
    let after = after.split(['\n', ';', '.', '!', '?']).next().unwrap_or_default();
    calls(before, &["geb", "gebdat", "gebdatum", "gbdatum", "geb-datum", "dob", "jarig"])
        || calls(after, &[])
}
