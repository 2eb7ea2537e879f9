//! A logbook of any size, the same in every run: contacts with Dutch notes of about 244 bytes and
//! 3.6 changes each, for benchmarks and for packs.
//!
//! Record n follows from n alone. Nothing in it was ever said by anybody. The words are drawn one
//! by one from lists, so that a note compresses about as badly as a real one.

pub mod packs;
mod text;

use wijkboek_crdt::{Document, RawChange, Stamp};
use wijkboek_model::{
    ActorId, AgeGroup, AreaCode, Channel, Contact, ContactKind, Edit, Entry, EntryId, Feedback,
    InstallId, LivesIn, Party, Place, PlaceSource, PrincipalId, Promise, Record, RecordId,
    Sensitivity, Status, ThemeId, Timestamp, Write,
};

/// Grows with each change to what this module makes.
pub const VERSION: u32 = 2;

/// Numbers that follow from a seed: `SplitMix64`, which no library version can change.
#[derive(Debug, Clone)]
pub struct Dice(u64);

impl Dice {
    /// A sequence of its own for each seed.
    pub fn new(seed: u64) -> Self {
        let mut dice = Self(seed.wrapping_mul(0x2545_f491_4f6c_dd1d));
        dice.roll();
        dice
    }

    /// The next number.
    pub fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `end`, which is not zero.
    pub fn below(&mut self, end: u32) -> u32 {
        u32::try_from(self.roll() % u64::from(end)).unwrap_or(0)
    }

    /// One of several.
    pub fn pick<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        let n = u32::try_from(of.len()).unwrap_or(u32::MAX);
        &of[self.below(n) as usize]
    }

    fn bytes<const N: usize>(&mut self) -> [u8; N] {
        let mut bytes = [0; N];
        for chunk in bytes.chunks_mut(8) {
            chunk.copy_from_slice(&self.roll().to_le_bytes()[..chunk.len()]);
        }
        bytes
    }
}

/// When record n was written: one every five minutes from 2022 on, give or take.
pub fn at(n: u32) -> Timestamp {
    let jitter = i64::from(Dice::new(u64::from(n) ^ (1 << 41)).below(290_000));
    Timestamp::from_millis(1_641_024_000_000 + i64::from(n) * 300_000 + jitter)
}

/// The id of record n; later ones are newer.
pub fn id(n: u32) -> RecordId {
    RecordId::from_parts(at(n), Dice::new(u64::from(n) ^ (1 << 42)).bytes())
}

/// One of the twelve people who write.
pub fn person(n: u32) -> PrincipalId {
    let joined = Timestamp::from_millis(1_609_488_000_000);
    PrincipalId::from_parts(joined, Dice::new(u64::from(n % PEOPLE) ^ (1 << 43)).bytes())
}

/// The person who wrote record n.
pub fn author(n: u32) -> PrincipalId {
    person(writer(n))
}

/// The moment and the installation with which record n was made.
pub fn stamp(n: u32) -> Stamp {
    Stamp { actor: actor(writer(n)), at: at(n) }
}

/// Record n as it was first written.
///
/// # Panics
/// When a theme of the corpus is no theme's id, which its test would tell.
pub fn contact(n: u32) -> Contact {
    let dice = &mut Dice::new(u64::from(n));
    let (buurt, lon, lat) = *dice.pick(BUURTEN);
    let place = (dice.below(10) < 7).then(|| {
        let offset = |dice: &mut Dice| (f64::from(dice.below(12_000)) - 6_000.0) / 1e6;
        let accuracy_m = 3 + dice.below(40);
        Place::new(lon + offset(dice), lat + offset(dice), accuracy_m, PlaceSource::Gps).ok()
    });
    let mut themes = std::collections::BTreeSet::new();
    for _ in 0..=dice.below(2) {
        themes.insert(dice.pick(THEMES).parse().expect("a theme's id"));
    }
    Contact {
        kind: *dice.pick(ContactKind::ALL),
        themes,
        note: text::note(dice),
        buurt: area(buurt),
        place: place.flatten(),
        lives_in: match dice.below(8) {
            0 => LivesIn::Unknown,
            1 => LivesIn::Outside,
            _ => LivesIn::Here,
        },
        people: 1 + dice.below(4),
        households: 1,
        party: if dice.below(8) == 0 { Party::Ondernemer } else { Party::Bewoner },
        age_group: (dice.below(4) > 0).then(|| *dice.pick(AgeGroup::ALL)),
        occurred_at: Timestamp::from_millis(at(n).as_millis() - i64::from(dice.below(900_000))),
        channel: *dice.pick(Channel::ALL),
        language: "nld".to_owned(),
        sensitivity: Sensitivity::Gewoon,
        status: Status::Nieuw,
        assignee: None,
        over_optreden: false,
        promise: Promise::Unsaid,
        answer: None,
        feedback: None,
        visit: None,
    }
}

/// What was written to record n afterwards: 2.6 edits on average, each one change.
pub fn edits(n: u32) -> Vec<(Vec<Write>, Stamp)> {
    let dice = &mut Dice::new(u64::from(n) ^ (1 << 44));
    let count = match dice.below(100) {
        0..10 => 0,
        10..25 => 1,
        25..50 => 2,
        50..70 => 3,
        70..85 => 4,
        _ => 5,
    };
    let mut now = at(n).as_millis();
    let mut edits = Vec::with_capacity(count);
    for step in 0..count {
        now += 60_000 + i64::from(dice.below(400_000_000));
        let by = if dice.below(3) == 0 { dice.below(PEOPLE) } else { writer(n) };
        let stamp = Stamp { actor: actor(by), at: Timestamp::from_millis(now) };
        edits.push((writes(step, dice, by, stamp.at), stamp));
    }
    edits
}

fn writes(step: usize, dice: &mut Dice, by: u32, at: Timestamp) -> Vec<Write> {
    let edits = match step {
        0 => vec![Edit::Status(Status::InBehandeling)],
        1 | 3 => vec![Edit::Append(entry(dice, by, at))],
        2 => vec![Edit::Promise(Promise::Personal { by: None })],
        _ => vec![
            Edit::Answer(Some(text::entry(dice))),
            Edit::Feedback(Some(Feedback::Gegeven)),
            Edit::Status(Status::Afgehandeld),
        ],
    };
    edits.into_iter().map(Edit::into_write).collect()
}

/// Something appended to a thread.
pub fn entry(dice: &mut Dice, by: u32, at: Timestamp) -> Entry {
    Entry { id: EntryId::from_parts(at, dice.bytes()), author: person(by), text: text::entry(dice) }
}

/// Record n with its history, in causal order; never empty.
///
/// # Panics
/// When the rules of the records no longer allow what is made here.
pub fn changes(n: u32) -> Vec<RawChange> {
    let record = Record::Contact(contact(n));
    let (mut document, first) =
        Document::create(id(n), author(n), &record, &stamp(n)).expect("a sound contact");
    let mut changes = vec![first];
    for (writes, stamp) in edits(n) {
        changes.extend(document.edit(&writes, &stamp).expect("sound edits"));
    }
    changes
}

/// A word that occurs in some notes, one that occurs in nearly all, and the beginning of several.
pub const SEARCHES: [(&str, &str); 3] =
    [("rare", "rookoverlast"), ("common", "de"), ("prefix", "vuil")];

/// The buurten in which records lie.
pub fn buurten() -> impl Iterator<Item = AreaCode> {
    BUURTEN.iter().map(|(code, _, _)| area(code))
}

/// The themes that records have.
///
/// # Panics
/// When a theme of the corpus is no theme's id, which its test would tell.
pub fn themes() -> impl Iterator<Item = ThemeId> {
    THEMES.iter().map(|theme| theme.parse().expect("a theme's id"))
}

fn writer(n: u32) -> u32 {
    Dice::new(u64::from(n) ^ (1 << 45)).below(PEOPLE)
}

fn actor(person: u32) -> ActorId {
    ActorId::of(InstallId::new(Dice::new(u64::from(person) ^ (1 << 46)).bytes()), 0)
}

fn area(code: &str) -> AreaCode {
    code.parse().expect("a code of the list below")
}

const PEOPLE: u32 = 12;

/// Ridderkerk's buurten with a point in each.
const BUURTEN: &[(&str, f64, f64)] = &[
    ("BU05970100", 4.600, 51.870),
    ("BU05970200", 4.588, 51.873),
    ("BU05970300", 4.600, 51.865),
    ("BU05970400", 4.616, 51.861),
    ("BU05970500", 4.618, 51.868),
    ("BU05970600", 4.608, 51.883),
    ("BU05970700", 4.582, 51.888),
    ("BU05970800", 4.584, 51.858),
    ("BU05970900", 4.632, 51.860),
    ("BU05971000", 4.616, 51.875),
    ("BU05971100", 4.563, 51.860),
    ("BU05971200", 4.562, 51.875),
];

const THEMES: &[&str] = &[
    "verkeer",
    "verkeer-parkeren",
    "verkeer-snelheid",
    "verkeer-stoep",
    "verkeer-ov",
    "afval",
    "afval-grofvuil",
    "afval-zwerfafval",
    "afval-ongedierte",
    "groen",
    "groen-snoeien",
    "groen-wateroverlast",
    "overlast",
    "overlast-geluid",
    "overlast-stank",
    "veiligheid",
    "veiligheid-verlichting",
    "wonen",
    "wonen-onderhoud",
    "participatie",
    "ontmoeting",
    "sport",
    "overig",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notes_and_histories_have_the_size_that_the_figures_assume() {
        let n = 2_000;
        let notes: usize = (0..n).map(|n| contact(n).note.len()).sum();
        let changes: usize = (0..n).map(|n| 1 + edits(n).len()).sum();
        let mean = |total: usize| f64::from(u32::try_from(total).expect("small")) / f64::from(n);
        assert!((239.0..249.0).contains(&mean(notes)), "{} bytes", mean(notes));
        assert!((3.5..3.7).contains(&mean(changes)), "{} changes", mean(changes));
    }

    #[test]
    fn ids_grow_and_every_edit_is_a_change() {
        for n in 0..300 {
            assert!(id(n) < id(n + 1));
            assert_eq!(changes(n).len(), 1 + edits(n).len());
        }
        assert_eq!(changes(7), changes(7));
    }
}
