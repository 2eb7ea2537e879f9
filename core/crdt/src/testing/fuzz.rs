//! What fuzzers call. Each function takes any bytes and panics only when a promise of this crate is
//! broken by them.
//!
//! Plain functions, so that the coverage-guided targets in `tests/fuzz` and the short run among
//! the tests of this crate exercise the very same.

use std::sync::OnceLock;

use automerge::legacy::{ObjectId, OpId as LegacyId};
use sha2::{Digest, Sha256};
use wijkboek_model::{
    ActorId, ChangeHash, Entry, EntryId, Field, InstallId, PrincipalId, RecordId, SetField,
    TallyKey, Timestamp, Value, Write,
};

use super::{OpenPack, forge, frame};
use crate::{
    ChangeInfo, Document, ForeignChange, Guarded, Limits, PackChange, PackDocument, PackLimits,
    RawChange, Stamp, UndoTarget, Verdict, guard, read_pack, write_pack,
};

/// Any bytes as a foreign change: for a new document and for a known one, as they are and rightly
/// framed. Gives how many of these four were found sound.
pub fn change(data: &[u8]) -> usize {
    let framed_part = data.get(8..).unwrap_or_default();
    let hash = ChangeHash::new(Sha256::digest(framed_part).into());
    let raw = RawChange { hash, bytes: data.to_vec() };
    let framed = frame(data);
    let known = bases()[0].known.as_ref();
    let judge = |change: &RawChange| {
        usize::from(hold(None, std::slice::from_ref(change)))
            + usize::from(hold(known, std::slice::from_ref(change)))
    };
    judge(&raw) + judge(&framed)
}

/// A sound change for a known document, spoiled as the bytes say and framed anew, beside the sound
/// one. Gives whether the spoiled one was found sound.
///
/// # Panics
/// When the guard refuses the sound one or accepts what makes a document unreadable.
pub fn mutation(data: &[u8]) -> bool {
    let mut feed = Feed(data);
    let bases = bases();
    let base = &bases[feed.below(bases.len())];
    let mut mutant = base.sound.clone();
    if feed.below(3) == 0 {
        for _ in 0..=feed.below(3) {
            mutant = spoil_operations(&mutant, &mut feed);
        }
    } else {
        mutant = spoil_bytes(&mutant, &mut feed);
    }
    let accepted = hold(base.known.as_ref(), &[mutant, base.sound.clone()]);
    let alone = hold(base.known.as_ref(), std::slice::from_ref(&base.sound));
    assert!(alone, "an honest change was refused");
    accepted
}

/// Three people who write and receive in the order that the bytes say: all come to the same, which
/// survives being loaded, packed and taken back.
///
/// # Panics
/// When the three do not come to the same.
pub fn documents(data: &[u8]) {
    let mut feed = Feed(data);
    let base = &older()[feed.below(older().len())];
    let start = load(&base[..1]).expect("a document");
    let mut replicas = [start.clone(), start.clone(), start];
    let mut second = 0_i64;
    while !feed.is_empty() && second < 64 {
        second += 1;
        let by = feed.below(3);
        let stamp = stamp(by, second);
        match feed.below(6) {
            0 => {
                let delivery = replicas[feed.below(3)].changes();
                let part = delivery.len() - feed.below(4).min(delivery.len());
                take(&mut replicas[by], &delivery[..part]);
            }
            1 => {
                let _ = replicas[by].undo(UndoTarget::LastOf(stamp.actor.install()), &stamp);
            }
            _ => {
                let writes: Vec<Write> = (0..=feed.below(3)).map(|_| write(&mut feed)).collect();
                let _ = replicas[by].edit(&writes, &stamp);
            }
        }
    }
    let mut all: Vec<RawChange> = replicas.iter().flat_map(Document::changes).collect();
    for replica in &mut replicas {
        take(replica, &all);
        all.reverse();
    }
    let view = replicas[0].view();
    assert!(replicas.iter().all(|replica| replica.view() == view), "replicas differ");
    assert_reads_back(&replicas[0]);
    assert_packs(&replicas[0]);
}

/// Any bytes as a pack, and as the sections of one. Gives how many documents were read as a pack.
///
/// # Panics
/// When more is read than the limits allow, or it reads as something else.
pub fn pack(data: &[u8]) -> usize {
    super::fuzz_pack(data);
    pack_alone(data)
}

/// A sound pack, spoiled in its streams and tables as the bytes say, whose lengths fit. Gives how
/// many documents were read.
///
/// # Panics
/// As [`pack`].
pub fn spoiled_pack(data: &[u8]) -> usize {
    static SEEDS: OnceLock<Vec<OpenPack>> = OnceLock::new();
    let seeds = SEEDS.get_or_init(|| {
        let packs = older().iter().filter_map(|changes| load(changes)).map(|d| packed(&d));
        packs.filter_map(|pack| OpenPack::of(&pack)).collect()
    });
    let mut feed = Feed(data);
    let mut pack = seeds[feed.below(seeds.len())].clone();
    for _ in 0..=feed.below(4) {
        let streams = pack.streams.len();
        let part = match feed.below(streams + 7) {
            0 => &mut pack.random,
            table @ 1..=5 => &mut pack.tables[table - 1],
            6 => {
                pack.documents = feed.below(4) as u64;
                continue;
            }
            stream => &mut pack.streams[stream - 7],
        };
        if part.is_empty() {
            part.push(0);
        }
        spoil(part, &mut feed);
    }
    pack_alone(&pack.pack())
}

fn pack_alone(data: &[u8]) -> usize {
    let limits = PackLimits {
        pack_bytes: 1 << 20,
        unpacked_bytes: 1 << 20,
        documents: 100,
        changes: 2_000,
        change_bytes: 2 << 20,
        ..PackLimits::default()
    };
    let Ok(documents) = read_pack(data, &limits) else { return 0 };
    assert!(documents.len() <= limits.documents);
    let mut bytes = 0;
    for document in &documents {
        bytes += document.changes.iter().map(|change| change.bytes.len()).sum::<usize>();
        let changes = document.changes.iter().map(|change| change.bytes.as_slice());
        // Any answer but a panic; and who reads it without Automerge reads the same.
        if let (Ok(loaded), Some(view)) = (Document::load(document.id, changes), document.view()) {
            assert_eq!(loaded.view(), view, "a pack reads as something else");
        }
    }
    assert!(bytes <= limits.change_bytes);
    documents.len()
}

/// A pack of the documents that seeds are made of, for [`pack`] to start from.
///
/// # Panics
/// Never: these documents are sound.
pub fn pack_seed() -> Vec<u8> {
    packed(&load(&older()[0]).expect("a document"))
}

/// Judges a batch; what is sound must make a document that loads and reads. Gives whether the
/// first of the batch was sound.
fn hold(known: Option<&Document>, batch: &[RawChange]) -> bool {
    let verdicts = judge(known, batch);
    assert_eq!(verdicts.len(), batch.len());
    let sound: Vec<&Guarded> = verdicts.iter().filter_map(sound).collect();
    if !sound.is_empty() {
        let document = if let Some(known) = known {
            let mut document = known.clone();
            document.apply_all(sound.iter().copied()).expect("what the guard accepted applies");
            document
        } else {
            let changes: Vec<_> = sound.iter().map(|guarded| guarded.change.clone()).collect();
            load(&changes).expect("what the guard accepted loads")
        };
        assert_reads_back(&document);
        let again = judge(Some(&document), &[sound[0].change.clone()]);
        assert!(matches!(again[0], Verdict::Duplicate(_)), "sound, but not known afterwards");
    }
    matches!(verdicts[0], Verdict::Sound(_))
}

fn assert_reads_back(document: &Document) {
    let again = load(&document.changes()).expect("a document's own changes load");
    assert_eq!(again.view(), document.view(), "loaded, it reads as something else");
    assert_eq!(document.history().len(), document.change_count());
    assert!(document.record().is_ok(), "accepted, but not readable");
}

fn assert_packs(document: &Document) {
    let limits = PackLimits::default();
    let read = read_pack(&packed(document), &limits).expect("a pack of sound changes");
    let bytes: Vec<_> = read[0].changes.iter().map(|change| &change.bytes).collect();
    let own = document.changes();
    assert!(own.iter().map(|change| &change.bytes).eq(bytes), "packed, it is something else");
    if let Some(view) = read[0].view() {
        assert_eq!(view, document.view(), "packed, it reads as something else");
    }
}

fn packed(document: &Document) -> Vec<u8> {
    let changes = document.changes();
    let changes = (1..).zip(&changes);
    let changes = changes.map(|(number, c)| PackChange { hash: c.hash, bytes: &c.bytes, number });
    let document = PackDocument { id: record_id(), changes: changes.collect() };
    write_pack(&[document], 3).expect("sound changes")
}

fn take(to: &mut Document, delivery: &[RawChange]) {
    let verdicts = judge(Some(to), delivery);
    for verdict in &verdicts {
        if let Verdict::Refused { refusal, .. } = verdict {
            panic!("an honest change was refused: {refusal}");
        }
    }
    to.apply_all(verdicts.iter().filter_map(sound)).expect("sound changes apply");
}

fn sound(verdict: &Verdict) -> Option<&Guarded> {
    match verdict {
        Verdict::Sound(guarded) => Some(guarded),
        Verdict::Duplicate(_) | Verdict::Waiting { .. } | Verdict::Refused { .. } => None,
    }
}

fn judge(known: Option<&Document>, batch: &[RawChange]) -> Vec<Verdict> {
    let foreign: Vec<_> =
        batch.iter().map(|c| ForeignChange { announced: c.hash, bytes: &c.bytes }).collect();
    guard(record_id(), known, &foreign, &Limits::default())
}

fn load(changes: &[RawChange]) -> Option<Document> {
    Document::load(record_id(), changes.iter().map(|c| c.bytes.as_slice())).ok()
}

/// One write, valid or not, of any kind.
fn write(feed: &mut Feed<'_>) -> Write {
    let text = |text: &str| Value::Text(text.to_owned());
    match feed.below(10) {
        7 => Write::Insert(SetField::References, format!("zaak:{}", feed.below(3))),
        8 => Write::Remove(SetField::References, format!("zaak:{}", feed.below(3))),
        0 => Write::Put(Field::Note, text(&format!("notitie {}", feed.below(4)))),
        1 => Write::Put(Field::Buurt, text(&format!("BU0597010{}", feed.below(3)))),
        2 => Write::Put(Field::Answer, if feed.below(2) == 0 { Value::Null } else { text("ja") }),
        3 => {
            let person = PrincipalId::from_parts(MOMENT, [small(feed.below(4)); 10]);
            Write::Insert(SetField::Team, person.to_string())
        }
        4 => Write::Insert(SetField::Themes, format!("thema-{}", feed.below(4))),
        5 => Write::Remove(SetField::Themes, format!("thema-{}", feed.below(4))),
        6 => {
            let id = EntryId::from_parts(MOMENT, [small(feed.below(256)); 10]);
            let author = PrincipalId::from_parts(MOMENT, [1; 10]);
            Write::Append(Entry { id, author, text: "gebeld".to_owned() })
        }
        _ => {
            let key = TallyKey::all().nth(feed.below(11)).unwrap_or(TallyKey::JustATalk);
            Write::Increment(key, i64::from(small(feed.below(9))) - 4)
        }
    }
}

/// Flips, inserts, removes, swaps and doubles bytes of a change's content.
fn spoil_bytes(change: &RawChange, feed: &mut Feed<'_>) -> RawChange {
    let header = 9 + change.bytes[9..].iter().take_while(|b| **b & 0x80 != 0).count() + 1;
    let mut body = change.bytes[header..].to_vec();
    for _ in 0..=feed.below(4) {
        spoil(&mut body, feed);
        if body.is_empty() {
            body.push(0);
        }
    }
    frame(&body)
}

/// Spoils one place of bytes, of which there is one at least.
fn spoil(bytes: &mut Vec<u8>, feed: &mut Feed<'_>) {
    let place = feed.below(bytes.len());
    match feed.below(6) {
        0 => bytes[place] ^= 1 << feed.below(8),
        1 => bytes[place] = feed.byte(),
        2 => bytes.insert(place, feed.byte()),
        3 => {
            bytes.remove(place);
        }
        4 => {
            let other = feed.below(bytes.len());
            bytes.swap(place, other);
        }
        _ => {
            let end = (place + 1 + feed.below(8)).min(bytes.len());
            let piece = bytes[place..end].to_vec();
            let to = feed.below(bytes.len());
            bytes.splice(to..to, piece);
        }
    }
}

/// Makes a well-formed change that means something else.
fn spoil_operations(change: &RawChange, feed: &mut Feed<'_>) -> RawChange {
    forge(change, |change| {
        let count = change.operations.len();
        let (one, other) = (feed.below(count), feed.below(count));
        let actor = change.actor_id.clone();
        let id = LegacyId(feed.below(60) as u64, actor);
        match feed.below(11) {
            0 => change.operations.swap(one, other),
            1 => change.operations[one].key = change.operations[other].key.clone(),
            2 => change.operations[one].obj = change.operations[other].obj.clone(),
            3 => change.operations[one].action = change.operations[other].action.clone(),
            4 => change.operations[one].pred = change.operations[other].pred.clone(),
            5 => change.operations[one].pred = vec![id].into(),
            6 => change.operations[one].obj = ObjectId::Id(id),
            7 => change.operations[one].key = automerge::legacy::Key::from(id),
            8 => change.operations[one].insert = !change.operations[one].insert,
            9 => {
                let copy = change.operations[one].clone();
                change.operations.insert(other, copy);
            }
            _ => {
                if count > 1 {
                    change.operations.remove(one);
                }
            }
        }
    })
}

/// A document and a change that is sound for it.
struct Base {
    known: Option<Document>,
    sound: RawChange,
}

fn bases() -> &'static [Base] {
    static BASES: OnceLock<Vec<Base>> = OnceLock::new();
    BASES.get_or_init(|| {
        let of_document = |changes: &Vec<RawChange>| -> Vec<Base> {
            let base = |n: usize| Base { known: load(&changes[..n]), sound: changes[n].clone() };
            // The first entry is one with a known document.
            [1, 2, 3, 4, 0].into_iter().map(base).collect()
        };
        older().iter().flat_map(of_document).collect()
    })
}

/// The changes of three documents, each in causal order, as they lie in `tests/it/schema-1`.
pub(super) fn older() -> &'static [Vec<RawChange>] {
    static OLDER: OnceLock<Vec<Vec<RawChange>>> = OnceLock::new();
    OLDER.get_or_init(|| {
        let change = |bytes: &&[u8]| {
            let info = ChangeInfo::read(bytes).expect("a committed change");
            RawChange { hash: info.hash, bytes: bytes.to_vec() }
        };
        SCHEMA_1.iter().map(|document| document.iter().map(change).collect()).collect()
    })
}

pub(super) fn record_id() -> RecordId {
    RecordId::from_parts(MOMENT, [1; 10])
}

fn stamp(by: usize, after_s: i64) -> Stamp {
    let actor = ActorId::of(InstallId::new([small(by) + 0x20; 12]), 1);
    Stamp { actor, at: MOMENT.plus_millis(after_s * 1_000) }
}

fn small(number: usize) -> u8 {
    u8::try_from(number).unwrap_or(u8::MAX)
}

/// Bytes that decisions are drawn from; zeros, once they are used up.
struct Feed<'a>(&'a [u8]);

impl Feed<'_> {
    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn byte(&mut self) -> u8 {
        let Some((first, rest)) = self.0.split_first() else { return 0 };
        self.0 = rest;
        *first
    }

    /// A number below `most`, which is at least 1.
    fn below(&mut self, most: usize) -> usize {
        let mut number = usize::from(self.byte());
        if most > 256 {
            number = number * 256 + usize::from(self.byte());
        }
        number % most.max(1)
    }
}

const MOMENT: Timestamp = Timestamp::from_millis(1_772_529_120_000);

macro_rules! older {
    ($name:literal) => {
        [
            include_bytes!(concat!("../../tests/it/schema-1/", $name, "-0.bin")),
            include_bytes!(concat!("../../tests/it/schema-1/", $name, "-1.bin")),
            include_bytes!(concat!("../../tests/it/schema-1/", $name, "-2.bin")),
            include_bytes!(concat!("../../tests/it/schema-1/", $name, "-3.bin")),
            include_bytes!(concat!("../../tests/it/schema-1/", $name, "-4.bin")),
        ]
    };
}

const SCHEMA_1: [[&[u8]; 5]; 3] = [older!("contact"), older!("signal"), older!("visit")];
