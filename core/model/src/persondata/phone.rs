//! Telephone numbers: Dutch ones by their area code, others by their international prefix.
//!
//! Numbers of organisations and services (0800, 0900, 088, 14 0180, 112) are nobody's in person.

use super::text::{Span, char_after, char_before, gap, is_dash, is_space};
use super::{Finding, PersonDataKind};

/// Area codes of three digits, the numbers that start with 085, and mobile ones.
const SHORT_AREAS: &str = "010 013 015 020 023 024 026 030 033 035 036 038 040 043 045 046 050 053 \
    055 058 070 071 072 073 074 075 076 077 078 079 085";

/// Area codes of four digits.
const LONG_AREAS: &str = "0111 0113 0114 0115 0117 0118 0161 0162 0164 0165 0166 0167 0168 0172 \
    0174 0180 0181 0182 0183 0184 0186 0187 0222 0223 0224 0226 0227 0228 0229 0251 0252 0255 0294 \
    0297 0299 0313 0314 0315 0316 0317 0318 0320 0321 0341 0342 0343 0344 0345 0346 0347 0348 0411 \
    0412 0413 0416 0418 0475 0478 0481 0485 0486 0487 0488 0492 0493 0495 0497 0499 0511 0512 0513 \
    0514 0515 0516 0517 0518 0519 0521 0522 0523 0524 0525 0527 0528 0529 0541 0543 0544 0545 0546 \
    0547 0548 0561 0562 0566 0570 0571 0572 0573 0575 0577 0578 0591 0592 0593 0594 0595 0596 0597 \
    0598 0599";

pub(super) fn find(text: &str, groups: &[Span]) -> Vec<Finding> {
    let mut found = Vec::new();
    let mut first = 0;
    while let Some(group) = groups.get(first) {
        let number = if char_before(text, group.start) == Some('+') {
            abroad(text, groups, first, 0).map(|last| (group.start - 1, last))
        } else if group.of(text).starts_with("00") {
            abroad(text, groups, first, 2).map(|last| (group.start, last))
        } else if group.of(text).starts_with('0') {
            national(text, groups, first).map(|last| (group.start, last))
        } else {
            None
        };
        match number {
            Some((start, last)) => {
                let start = with_parenthesis(text, start);
                found.push(Finding::certain(PersonDataKind::Phone, start, groups[last].end));
                first = last + 1;
            }
            None => first += 1,
        }
    }
    found
}

/// "(010) 123…" starts at its parenthesis.
fn with_parenthesis(text: &str, start: usize) -> usize {
    if char_before(text, start) == Some('(') { start - 1 } else { start }
}

fn is_separator(c: char) -> bool {
    is_space(c) || is_dash(c) || matches!(c, '.' | '/' | '(' | ')')
}

/// The group with which the digits from `first` on become exactly so many.
fn completed(text: &str, groups: &[Span], first: usize, count: usize) -> Option<usize> {
    let mut digits = groups.get(first)?.len();
    let mut last = first;
    while digits < count {
        let next = groups.get(last + 1)?;
        gap(text, groups[last].end, next.start, is_separator)?;
        digits += next.len();
        last += 1;
    }
    let ends = !char_after(text, groups[last].end).is_some_and(|c| c.is_alphanumeric() || c == ':');
    (digits == count && ends).then_some(last)
}

fn digits(text: &str, groups: &[Span], first: usize, last: usize) -> String {
    groups.get(first..=last).unwrap_or_default().iter().map(|group| group.of(text)).collect()
}

/// Ten digits that start with an area code or 06, grouped as people group them.
fn national(text: &str, groups: &[Span], first: usize) -> Option<usize> {
    let start = groups[first].start;
    let joined = char_before(text, start).is_some_and(|c| {
        c.is_alphanumeric()
            || matches!(c, '-' | '.' | '/' | ',' | ':' | '_')
                && char_before(text, start - c.len_utf8()).is_some_and(|c| c.is_ascii_digit())
    });
    if joined {
        return None;
    }
    let last = completed(text, groups, first, 10)?;
    let number = digits(text, groups, first, last);
    let lead = groups[first].len();
    let lists = |areas: &str, length: usize| {
        number.get(..length).is_some_and(|area| {
            (lead == length || lead == 10) && areas.split_ascii_whitespace().any(|a| a == area)
        })
    };
    let mobile = number.starts_with("06") && lead >= 2 && !is_date(text, groups, first);
    (mobile || lists(SHORT_AREAS, 3) || lists(LONG_AREAS, 4)).then_some(last)
}

/// "06-03-2026 10" is a day and an hour.
fn is_date(text: &str, groups: &[Span], first: usize) -> bool {
    let Some([_, month, year, ..]) = groups.get(first..) else { return false };
    let number = |group: &Span| group.of(text).parse::<u32>().unwrap_or(u32::MAX);
    month.len() <= 2
        && (1..=12).contains(&number(month))
        && year.len() == 4
        && (1900..2100).contains(&number(year))
}

/// A number with its country, of which `skip` digits are the international prefix.
fn abroad(text: &str, groups: &[Span], first: usize, skip: usize) -> Option<usize> {
    let start = groups[first].start - usize::from(skip == 0);
    if char_before(text, start).is_some_and(char::is_alphanumeric) {
        return None;
    }
    let lead = groups[first].of(text);
    let country = lead.get(skip..)?;
    if country.starts_with("31") {
        // With the zero that is only dialled inside the country, "+31 (0)6 …", or without it.
        return [11, 12].into_iter().find_map(|count| {
            let last = completed(text, groups, first, skip + count)?;
            let national = digits(text, groups, first, last).split_off(skip + 2);
            let zero = national.starts_with('0');
            let fits = zero == (count == 12) && !national.trim_start_matches('0').starts_with("88");
            fits.then_some(last)
        });
    }
    if skip > 0 || country.starts_with('0') {
        return None;
    }
    let mut last = first;
    let mut count = lead.len();
    while let Some(next) = groups.get(last + 1) {
        let joins = gap(text, groups[last].end, next.start, is_separator).is_some();
        if !joins || count >= 9 && next.len() > 4 || count + next.len() > 15 {
            break;
        }
        count += next.len();
        last += 1;
    }
    (9..=15).contains(&count).then_some(last)
}
