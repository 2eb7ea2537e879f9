//! Person data in Dutch free text: what is found where, and what is to be done about it.
//!
//! A pure function of the text, so that phone and server find the same. It never changes a text
//! by itself; [`mask_bsn`] does, and only where a citizen service number (BSN) stands. All of a
//! text is looked at, however long it is: each rule looks a bounded number of characters around
//! what it examines, so the time grows with the length and there is no cap.
//!
//! Where two findings overlap, one remains: the kind that comes first in [`PersonDataKind`],
//! then the longer, then the earlier one.

mod account;
mod birth;
mod bsn;
mod health;
mod mailbox;
mod name;
mod phone;
mod plate;
mod records;
mod street;
mod text;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

pub use health::speaks_of_health;
pub use records::{MaskedIn, is_sensitive_text, mask_draft, mask_record, mask_write};
use text::Words;

/// What kind of person data. The order is the one in which overlaps are decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PersonDataKind {
    /// A citizen service number: nine digits that pass the elfproef.
    Bsn,
    /// A bank account number whose checksum fits (ISO 13616).
    Iban,
    /// An e-mail address, but not the mailbox of a desk (`info@…`).
    Email,
    /// A telephone number.
    Phone,
    /// A date that a word beside it calls a date of birth.
    BirthDate,
    /// The registration of a Dutch vehicle, sidecode 1 to 14.
    LicencePlate,
    /// A street or postcode with a house number.
    Address,
    /// A postcode by itself.
    Postcode,
    /// A house number by itself, as in "van nr 14".
    HouseNumber,
    /// A name after a form of address, as in "Dhr. Jansen".
    Name,
}

/// What is to be done about person data in a note.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PersonDataAction {
    /// It may not be written at all: it is masked first.
    Mask,
    /// It belongs in a person's record, apart from what was said.
    MoveToPerson,
    /// Whoever writes it should look at it once more.
    Warn,
}

/// Person data in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Finding {
    /// What it is.
    pub kind: PersonDataKind,
    /// Where it starts, in bytes of the text; always between two characters.
    pub start: usize,
    /// Where it ends, in bytes of the text.
    pub end: usize,
    /// What is to be done about it.
    pub action: PersonDataAction,
    /// False where it may well be something else and its writer may say so in one tap.
    pub sure: bool,
}

/// A number that was masked. Its digits are shown by no `Debug` output.
#[derive(Clone, PartialEq, Eq)]
pub struct Masked {
    /// Where it starts, in bytes of the text as it was.
    pub start: usize,
    /// Where it ends, in bytes of the text as it was.
    pub end: usize,
    /// The nine digits, as [`WavedThrough`] takes them.
    pub digits: String,
    /// Whether a word beside it says that it is a BSN; only when not may it be waved through.
    pub sure: bool,
}

/// Numbers of which their writer said in one tap that they are no BSN.
///
/// It holds for every place of a text where the number stands without a word that calls it one.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct WavedThrough(BTreeSet<String>);

impl PersonDataKind {
    /// Every kind, in the order in which overlaps are decided.
    pub const ALL: &[Self] = &[
        Self::Bsn,
        Self::Iban,
        Self::Email,
        Self::Phone,
        Self::BirthDate,
        Self::LicencePlate,
        Self::Address,
        Self::Postcode,
        Self::HouseNumber,
        Self::Name,
    ];

    /// Its stable name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Bsn => "bsn",
            Self::Iban => "iban",
            Self::Email => "email",
            Self::Phone => "phone",
            Self::BirthDate => "birth-date",
            Self::LicencePlate => "licence-plate",
            Self::Address => "address",
            Self::Postcode => "postcode",
            Self::HouseNumber => "house-number",
            Self::Name => "name",
        }
    }

    /// What is done about it where it is found beyond doubt.
    const fn action(self) -> PersonDataAction {
        match self {
            Self::Bsn => PersonDataAction::Mask,
            Self::Email | Self::Phone | Self::BirthDate | Self::Address | Self::Name => {
                PersonDataAction::MoveToPerson
            }
            Self::Iban | Self::LicencePlate | Self::Postcode | Self::HouseNumber => {
                PersonDataAction::Warn
            }
        }
    }
}

impl PersonDataAction {
    /// Its stable name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Mask => "mask",
            Self::MoveToPerson => "move to person",
            Self::Warn => "warn",
        }
    }
}

impl Finding {
    /// What stands there.
    pub fn text<'a>(&self, text: &'a str) -> &'a str {
        text.get(self.start..self.end).unwrap_or_default()
    }

    fn certain(kind: PersonDataKind, start: usize, end: usize) -> Self {
        Self { kind, start, end, action: kind.action(), sure: true }
    }

    fn rank(&self) -> (bool, PersonDataKind, usize, usize) {
        let first = self.action != PersonDataAction::Mask;
        (first, self.kind, usize::MAX - (self.end - self.start), self.start)
    }
}

impl fmt::Debug for Masked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Masked")
            .field("start", &self.start)
            .field("end", &self.end)
            .field("sure", &self.sure)
            .finish_non_exhaustive()
    }
}

impl WavedThrough {
    /// Lets a number through: only its digits count.
    pub fn insert(&mut self, number: &str) {
        self.0.insert(number.chars().filter(char::is_ascii_digit).collect());
    }

    fn contains(&self, digits: &str) -> bool {
        self.0.contains(digits)
    }
}

impl fmt::Debug for WavedThrough {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "WavedThrough({})", self.0.len())
    }
}

impl<S: AsRef<str>> FromIterator<S> for WavedThrough {
    fn from_iter<I: IntoIterator<Item = S>>(numbers: I) -> Self {
        let mut waved = Self::default();
        numbers.into_iter().for_each(|number| waved.insert(number.as_ref()));
        waved
    }
}

/// The person data in a text, in the order in which it stands there; no two findings overlap.
pub fn person_data(text: &str) -> Vec<Finding> {
    let words = Words::of(text);
    let groups = text::digit_groups(text);
    let mut found: Vec<Finding> = bsn::find(text, &groups)
        .into_iter()
        .map(|candidate| Finding {
            action: candidate.action(),
            sure: candidate.is_sure(),
            ..Finding::certain(PersonDataKind::Bsn, candidate.start, candidate.end)
        })
        .collect();
    found.extend(account::find(text));
    found.extend(mailbox::find(text));
    found.extend(phone::find(text, &groups));
    found.extend(birth::find(text, &groups));
    found.extend(plate::find(text));
    found.extend(street::find(text, &words, &groups));
    found.extend(name::find(text, &words));
    without_overlaps(found)
}

/// A text with each BSN in it masked, and which those were.
///
/// A number that a word calls a BSN is masked in any grouping. Nine digits in one group or in a
/// usual grouping are masked without such a word too, when they pass the elfproef; those are the
/// ones that can be waved through. Every digit becomes `•`, so positions counted in characters
/// stay what they are, and masking twice is masking once.
pub fn mask_bsn(text: &str, waved: &WavedThrough) -> (String, Vec<Masked>) {
    let masked: Vec<Masked> = bsn::find(text, &text::digit_groups(text))
        .into_iter()
        .filter(|candidate| candidate.action() == PersonDataAction::Mask)
        .filter(|candidate| candidate.is_sure() || !waved.contains(&candidate.digits))
        .map(|candidate| Masked {
            start: candidate.start,
            end: candidate.end,
            sure: candidate.is_sure(),
            digits: candidate.digits,
        })
        .collect();
    let spans = masked.iter().map(|masked| masked.start..masked.end);
    (overwrite(text, spans, |c| c.is_ascii_digit()), masked)
}

/// A text with all person data in it masked, for where a text is kept that nobody needs whole.
///
/// Letters and digits become `•`; what stands between them remains.
pub fn mask_person_data(text: &str) -> String {
    let found = person_data(text);
    let spans = found.iter().map(|finding| finding.start..finding.end);
    overwrite(text, spans, char::is_alphanumeric)
}

/// Where findings start and end in characters (Unicode scalar values), for whoever counts so.
///
/// `findings` come in the order of [`person_data`].
pub fn in_characters(text: &str, findings: &[Finding]) -> Vec<(usize, usize)> {
    let mut counted = (0, 0);
    let mut up_to = |byte: usize| {
        let between = text.get(counted.0..byte).map_or(0, |between| between.chars().count());
        counted = (byte, counted.1 + between);
        counted.1
    };
    findings.iter().map(|finding| (up_to(finding.start), up_to(finding.end))).collect()
}

/// The character that stands where a masked one stood.
const MASK: char = '•';

/// Puts a mask over those characters of the spans that are chosen.
fn overwrite(
    text: &str,
    spans: impl Iterator<Item = std::ops::Range<usize>>,
    chosen: impl Fn(char) -> bool,
) -> String {
    let mut written = String::with_capacity(text.len());
    let mut at = 0;
    for span in spans {
        written.push_str(text.get(at..span.start).unwrap_or_default());
        let masked = text.get(span.clone()).unwrap_or_default().chars();
        written.extend(masked.map(|c| if chosen(c) { MASK } else { c }));
        at = span.end;
    }
    written.push_str(text.get(at..).unwrap_or_default());
    written
}

fn without_overlaps(mut found: Vec<Finding>) -> Vec<Finding> {
    found.sort_by_key(Finding::rank);
    let mut kept: BTreeMap<usize, Finding> = BTreeMap::new();
    for finding in found {
        // Those kept so far do not overlap, so only the last that starts before the end can.
        let clashes = kept
            .range(..finding.end)
            .next_back()
            .is_some_and(|(_, neighbour)| neighbour.end > finding.start);
        if !clashes {
            kept.insert(finding.start, finding);
        }
    }
    kept.into_values().collect()
}

#[cfg(test)]
mod tests;
