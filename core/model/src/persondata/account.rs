//! Bank account numbers: an IBAN has the length of its country and a checksum (ISO 13616).

use super::text::{Span, char_before, is_dash, is_space};
use super::{Finding, PersonDataKind};

/// The countries of the SWIFT registry with the length of their IBAN.
const LENGTHS: &str = "AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 \
    CZ24 DE22 DJ27 DK18 DO28 EE20 EG29 ES24 FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HN28 \
    HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 \
    ME22 MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29 PT25 QA29 RO24 RS22 RU33 SA24 \
    SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30";

pub(super) fn find(text: &str) -> Vec<Finding> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut at = 0;
    while at + 4 <= bytes.len() {
        let starts = bytes[at].is_ascii_alphabetic()
            && bytes[at + 1].is_ascii_alphabetic()
            && bytes[at + 2].is_ascii_digit();
        let end = if starts { iban_at(text, at) } else { None };
        match end {
            Some(end) => {
                found.push(Finding::certain(PersonDataKind::Iban, at, end));
                at = end;
            }
            None => at += 1,
        }
    }
    found
}

/// Where the IBAN that starts here ends.
fn iban_at(text: &str, start: usize) -> Option<usize> {
    if char_before(text, start).is_some_and(char::is_alphanumeric) {
        return None;
    }
    let country = text.get(start..start + 2)?.to_ascii_uppercase();
    let length = LENGTHS
        .split_ascii_whitespace()
        .find_map(|entry| entry.strip_prefix(country.as_str())?.parse::<usize>().ok())?;
    let mut letters = Vec::with_capacity(length);
    let mut separated = true;
    let mut end = start;
    for (offset, c) in text.get(start..)?.char_indices() {
        if c.is_ascii_alphanumeric() {
            letters.push(u8::try_from(c.to_ascii_uppercase()).ok()?);
            separated = false;
            end = start + offset + 1;
            if letters.len() == length {
                break;
            }
        } else if !separated && (is_space(c) || is_dash(c) || c == '.') {
            separated = true;
        } else {
            return None;
        }
    }
    let span = Span { start, end };
    let alone = super::text::stands_alone(text, span);
    (letters.len() == length && alone && checksum_fits(&letters)).then_some(end)
}

/// The remainder of 97 is 1, when the first four are put last and letters count from 10.
fn checksum_fits(iban: &[u8]) -> bool {
    let (head, tail) = iban.split_at(4);
    let remainder = tail.iter().chain(head).fold(0_u32, |remainder, byte| match byte {
        b'0'..=b'9' => (remainder * 10 + u32::from(byte - b'0')) % 97,
        letter => (remainder * 100 + u32::from(letter - b'A') + 10) % 97,
    });
    remainder == 1 && head[2..].iter().all(u8::is_ascii_digit)
}
