//! What judging costs in memory at most, counted by the allocator of this test process; and how
//! much work it is, as the sum of all that was allocated: the same on every machine, which time is
//! not.
//!
//! One test only: the count covers the whole process.

use std::alloc::{GlobalAlloc, Layout, System};
use std::io::Write as _;
use std::sync::atomic::{AtomicUsize, Ordering};

use automerge::ScalarValue;
use automerge::legacy::{Key, Op, OpId, OpType};
use flate2::Compression;
use flate2::write::DeflateEncoder;
use sha2::{Digest, Sha256};
use wijkboek_crdt::testing::{forge, frame, many_operations, replace_column, unknown_field};
use wijkboek_crdt::{
    Document, ForeignChange, Limits, PackChange, PackDocument, PackError, PackLimits, RawChange,
    Stamp, Verdict, guard, read_pack, write_pack,
};
use wijkboek_model::{
    ActorId, ChangeHash, InstallId, PrincipalId, Record, RecordId, Sensitivity, TallyKey,
    Timestamp, Visit, Write,
};

/// The system's allocator, counting.
struct Counting;

static NOW: AtomicUsize = AtomicUsize::new(0);
static PEAK: AtomicUsize = AtomicUsize::new(0);
static SUM: AtomicUsize = AtomicUsize::new(0);

#[expect(unsafe_code, reason = "an allocator cannot be written without; it only counts")]
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let now = NOW.fetch_add(layout.size(), Ordering::Relaxed) + layout.size();
        PEAK.fetch_max(now, Ordering::Relaxed);
        SUM.fetch_add(layout.size(), Ordering::Relaxed);
        // SAFETY: passed on unchanged.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
        NOW.fetch_sub(layout.size(), Ordering::Relaxed);
        // SAFETY: passed on unchanged.
        unsafe { System.dealloc(at, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

const MIB: usize = 1 << 20;
const MOMENT_MS: i64 = 1_772_529_120_000;

/// How much more than before was allocated at most while `work` ran.
fn peak<T>(work: impl FnOnce() -> T) -> (usize, T) {
    let before = NOW.load(Ordering::Relaxed);
    PEAK.store(before, Ordering::Relaxed);
    let result = work();
    (PEAK.load(Ordering::Relaxed) - before, result)
}

/// Every byte string of a folder under `tests`.
fn samples(folder: &str) -> Vec<(String, Vec<u8>)> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(folder);
    let files = std::fs::read_dir(folder).expect("the folder of samples");
    let paths = files.map(|file| file.expect("a file").path());
    let samples = paths.filter(|path| path.extension().is_some_and(|end| end == "bin"));
    samples
        .map(|path| (path.display().to_string(), std::fs::read(&path).expect("a sample")))
        .collect()
}

/// The hostile changes, under the hash that their content has.
fn hostile() -> Vec<(String, RawChange)> {
    let samples = samples("hostile").into_iter();
    samples
        .map(|(name, bytes)| {
            let framed = bytes.get(8..).unwrap_or_default();
            let hash = ChangeHash::new(Sha256::digest(framed).into());
            (name, RawChange { hash, bytes })
        })
        .collect()
}

fn record_id() -> RecordId {
    RecordId::from_parts(Timestamp::from_millis(MOMENT_MS), [1; 10])
}

fn stamp(by: u8, after_ms: i64) -> Stamp {
    let actor = ActorId::of(InstallId::new([by; 12]), 0);
    Stamp { actor, at: Timestamp::from_millis(MOMENT_MS + after_ms) }
}

fn visit() -> (Document, RawChange) {
    visit_at("plein")
}

fn visit_at(place_name: &str) -> (Document, RawChange) {
    let at = Timestamp::from_millis(MOMENT_MS);
    let record = Record::Visit(Visit {
        place_name: place_name.to_owned(),
        buurt: "BU05970600".parse().expect("a buurt"),
        place: None,
        starts_at: at,
        ends_at: at,
        sensitivity: Sensitivity::Gewoon,
        team: std::collections::BTreeSet::new(),
        tallies: TallyKey::all().map(|key| (key, 0)).collect(),
    });
    let author = PrincipalId::from_parts(at, [1; 10]);
    Document::create(record_id(), author, &record, &stamp(0, 0)).expect("a valid record")
}

/// Judges, and gives how many of the batch are sound.
fn judge(known: Option<&Document>, batch: &[RawChange]) -> usize {
    let foreign: Vec<_> =
        batch.iter().map(|c| ForeignChange { announced: c.hash, bytes: &c.bytes }).collect();
    let verdicts = guard(record_id(), known, &foreign, &Limits::default());
    verdicts.iter().filter(|verdict| matches!(verdict, Verdict::Sound(_))).count()
}

/// 65 kB that inflate to 64 MB.
fn deflate_bomb() -> RawChange {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
    for _ in 0..64 {
        encoder.write_all(&vec![0; MIB]).expect("into memory");
    }
    let deflated = encoder.finish().expect("into memory");
    assert!(deflated.len() < 70_000);
    let mut bytes = frame(&deflated).bytes;
    bytes[8] = 2;
    let hash = ChangeHash::new(Sha256::digest(&bytes).into());
    RawChange { hash, bytes }
}

fn small_bombs() -> Vec<(&'static str, RawChange)> {
    let (mut document, first) = visit();
    let step = Write::Increment(TallyKey::JustATalk, 1);
    let edit = document.edit(&[step], &stamp(1, 1)).expect("valid").expect("different");
    let dense = |change: &mut automerge::ExpandedChange| {
        change.operations = vec![change.operations[0].clone(); 256];
    };
    vec![
        ("a deflated bomb", deflate_bomb()),
        ("2^40 operations", many_operations(&edit)),
        ("2^40 replaced", replace_column(&edit, 0x70, &[0x01, 0x80, 0x80, 0x80, 0x80, 0x20])),
        ("a key of 1 GB", replace_column(&edit, 0x15, &[0x7f, 0x80, 0x94, 0xeb, 0xdc, 0x03, b'x'])),
        ("2^40 nulls", replace_column(&edit, 0x02, &[0x00, 0x80, 0x80, 0x80, 0x80, 0x20])),
        ("2^40 booleans", replace_column(&edit, 0x34, &[0x80, 0x80, 0x80, 0x80, 0x80, 0x20])),
        ("2^60 columns", frame(&[&[0, 16][..], &[7; 16], &[1, 1, 0, 0, 0], &[0xff; 9]].concat())),
        ("2^60 dependencies", frame(&[0xff; 9])),
        ("as many operations as may be", forge(&edit, dense)),
        ("a first change by nobody", forge(&first, |change| change.operations.truncate(3))),
    ]
}

/// A visit that one phone tallied until its document was full, made without that document.
fn tallied_until_full() -> Vec<RawChange> {
    let (mut document, first) = visit();
    let step = Write::Increment(TallyKey::JustATalk, 1);
    let mut change = document.edit(&[step], &stamp(1, 1)).expect("valid").expect("different");
    let mut changes = vec![first];
    while bytes_of(&changes) + change.bytes.len() <= Limits::default().document_bytes {
        changes.push(change.clone());
        change = forge(&change, |next| {
            next.deps = vec![automerge::ChangeHash(*change.hash.as_bytes())];
            next.seq += 1;
            next.start_op = next.start_op.saturating_add(1);
        });
    }
    changes
}

/// A document filled with as many operations as it may have.
fn dense_until_full() -> Vec<RawChange> {
    let (document, first) = visit();
    let one = unknown_field(&document, "a", "", &stamp(1, 1));
    let mut change = forge(&one, |change| {
        change.operations[0].action = OpType::Put(ScalarValue::Null);
        let one = change.operations[0].clone();
        let keys = (0..256).map(|n| format!("x{n:02x}"));
        change.operations = keys.map(|key| Op { key: Key::from(key), ..one.clone() }).collect();
    });
    let mut changes = vec![first];
    while changes.len() * 256 + 100 < Limits::default().operations_per_document {
        changes.push(change.clone());
        change = forge(&change, |next| {
            next.deps = vec![automerge::ChangeHash(*change.hash.as_bytes())];
            next.seq += 1;
            let actor = next.actor_id.clone();
            for (op, counter) in next.operations.iter_mut().zip(next.start_op.get()..) {
                op.pred = vec![OpId(counter, actor.clone())].into();
            }
            next.start_op = next.start_op.saturating_add(256);
        });
    }
    changes
}

/// A pack of visits with five changes each, of about 2 kB together.
fn packed_visits(count: u32) -> Vec<u8> {
    let (mut document, first) = visit_at(&"plein ".repeat(105));
    let mut history = vec![first];
    for n in 1..5 {
        let step = Write::Increment(TallyKey::JustATalk, n);
        history.push(document.edit(&[step], &stamp(1, n)).expect("valid").expect("different"));
    }
    let own = record_id();
    let framed = |change: &RawChange| {
        let long = change.bytes[9] & 0x80 != 0;
        change.bytes[if long { 11 } else { 10 }..].to_vec()
    };
    let bodies: Vec<Vec<u8>> = history.iter().map(framed).collect();
    let documents: Vec<(RecordId, Vec<RawChange>)> = (0..count)
        .map(|n| {
            let mut tail = [2; 10];
            tail[2..6].copy_from_slice(&n.to_be_bytes());
            let id = RecordId::from_parts(Timestamp::from_millis(MOMENT_MS), tail);
            let mut bodies = bodies.clone();
            // The author's is the same; the record's comes behind it.
            let at = bodies[0].windows(16).rposition(|part| part == own.as_bytes());
            let at = at.expect("the id lies in the first change");
            bodies[0][at..at + 16].copy_from_slice(id.as_bytes());
            let mut changes: Vec<RawChange> = Vec::new();
            for mut body in bodies {
                if let Some(before) = changes.last() {
                    body[1..33].copy_from_slice(before.hash.as_bytes());
                }
                changes.push(frame(&body));
            }
            (id, changes)
        })
        .collect();
    let to_pack: Vec<PackDocument<'_>> = documents
        .iter()
        .map(|(id, changes)| {
            let changes = changes.iter();
            let changes = changes.map(|c| PackChange { hash: c.hash, bytes: &c.bytes, number: 1 });
            PackDocument { id: *id, changes: changes.collect() }
        })
        .collect();
    write_pack(&to_pack, 1).expect("sound documents")
}

/// Packs, whatever they hold, and one that holds as much as it may.
fn no_pack_costs_more_than_stated() {
    let limits = PackLimits::default();
    let hostile = samples("hostile-packs");
    assert!(hostile.len() >= 80);
    for (name, pack) in hostile {
        let (bytes, read) = peak(|| read_pack(&pack, &limits).is_ok());
        assert!(!read, "{name}");
        // Only the bomb that is within the caps costs what they allow.
        let most = if name.ends_with("bomb-that-fits.bin") { 13 * MIB } else { 5 * MIB };
        assert!(bytes < most, "{name} took {bytes} bytes");
    }
    let full = packed_visits(10_000);
    let (bytes, read) = peak(|| read_pack(&full, &limits).map(|documents| documents.len()));
    println!("a full pack of {} bytes: {bytes} bytes", full.len());
    assert_eq!(read, Ok(10_000));
    assert!(bytes < 56 * MIB, "a full pack took {bytes} bytes");
    let (bytes, read) = peak(|| {
        let tight = PackLimits { change_bytes: 1 << 20, ..limits.clone() };
        read_pack(&full, &tight).map(|documents| documents.len())
    });
    assert_eq!(read, Err(PackError::TooLarge));
    assert!(bytes < 24 * MIB, "a refused pack took {bytes} bytes");
}

fn bytes_of(changes: &[RawChange]) -> usize {
    changes.iter().map(|change| change.bytes.len()).sum()
}

#[test]
fn no_input_costs_more_than_stated() {
    let (known, _) = visit();
    for (name, bomb) in small_bombs() {
        for known in [None, Some(&known)] {
            let batch = [bomb.clone()];
            let (bytes, sound) = peak(|| judge(known, &batch));
            assert_eq!(sound, 0, "{name}");
            assert!(bytes < MIB, "{name} took {bytes} bytes");
        }
    }

    let samples = hostile();
    assert!(samples.len() >= 75);
    for (name, sample) in samples {
        let batch = [sample];
        let before = SUM.load(Ordering::Relaxed);
        let (bytes, sound) = peak(|| judge(Some(&known), &batch));
        let work = SUM.load(Ordering::Relaxed) - before;
        assert_eq!(sound, 0, "{name}");
        assert!(bytes < MIB, "{name} took {bytes} bytes");
        assert!(work < 4 * MIB, "{name} allocated {work} bytes one after another");
    }

    // A thousand different ones at once: what is kept of each is what it brought.
    let (mut document, _) = visit();
    let step = Write::Increment(TallyKey::JustATalk, 1);
    let edit = document.edit(&[step], &stamp(1, 1)).expect("valid").expect("different");
    let flood: Vec<_> = (0..1_000)
        .map(|n| {
            forge(&edit, |change| {
                change.operations = vec![change.operations[0].clone(); 256];
                change.deps[0].0[0] ^= 1;
                change.time += n;
            })
        })
        .collect();
    let (bytes, sound) = peak(|| judge(Some(&known), &flood));
    assert_eq!(sound, 0);
    println!("a flood of a thousand: {bytes} bytes");
    assert!(bytes < 4 * MIB, "a flood took {bytes} bytes");

    for (name, changes) in [("tallies", tallied_until_full()), ("fields", dense_until_full())] {
        let (bytes, sound) = peak(|| judge(None, &changes));
        assert_eq!(sound, changes.len(), "{name}");
        println!("a document full of {name}, {} changes: {bytes} bytes", changes.len());
        assert!(bytes < 64 * MIB, "a document full of {name} took {bytes} bytes");
    }
    no_pack_costs_more_than_stated();
}
