//! E-mail addresses, but not those of desks: `info@…` reaches an organisation, not a person.

use super::text::{char_after, char_before};
use super::{Finding, PersonDataKind};

const LOCAL_MAX: usize = 64;
const DOMAIN_MAX: usize = 253;

/// Mailboxes of desks.
const DESKS: [&str; 20] = [
    "info",
    "contact",
    "receptie",
    "balie",
    "klantenservice",
    "klantcontact",
    "meldpunt",
    "meldingen",
    "gemeente",
    "gemeentehuis",
    "wijkteam",
    "wijkteams",
    "wijkregie",
    "secretariaat",
    "bestuur",
    "redactie",
    "noreply",
    "no-reply",
    "post",
    "postbus",
];

pub(super) fn find(text: &str) -> Vec<Finding> {
    text.match_indices('@').filter_map(|(at, _)| around(text, at)).collect()
}

fn around(text: &str, at: usize) -> Option<Finding> {
    let bytes = text.as_bytes();
    let is_local = |b: u8| b.is_ascii_alphanumeric() || b"._%+-".contains(&b);
    let mut start = at;
    while start > 0 && at - start < LOCAL_MAX && is_local(bytes[start - 1]) {
        start -= 1;
    }
    while start < at && bytes[start] == b'.' {
        start += 1;
    }
    let mut end = at + 1;
    let is_domain = |b: u8| b.is_ascii_alphanumeric() || b == b'.' || b == b'-';
    while end < bytes.len() && end - at <= DOMAIN_MAX && is_domain(bytes[end]) {
        end += 1;
    }
    while end > at && matches!(bytes[end - 1], b'.' | b'-') {
        end -= 1;
    }
    let local = text.get(start..at)?;
    let domain = text.get(at + 1..end)?;
    let (name, top) = domain.rsplit_once('.')?;
    let labels_fit = !name.is_empty() && name.split('.').all(|label| !label.is_empty());
    let top_fits = top.len() >= 2 && top.bytes().all(|b| b.is_ascii_alphabetic());
    let alone = !char_before(text, start).is_some_and(char::is_alphanumeric)
        && !char_after(text, end).is_some_and(|c| c.is_alphanumeric() || c == '@');
    let desk = DESKS.iter().any(|desk| desk.eq_ignore_ascii_case(local));
    (!local.is_empty() && labels_fit && top_fits && alone && !desk)
        .then(|| Finding::certain(PersonDataKind::Email, start, end))
}
