//! Makers of packs that no version of Wijkboek writes: each spoils one thing of a sound pack.
//!
//! The files in `tests/hostile-packs` are what these make; `examples/hostile_packs.rs` writes them
//! anew. Nothing here is compressed by zstd itself, so the bytes stay the same whatever its version.

use automerge::legacy::{Key, OpType};
use automerge::{ExpandedChange, ScalarValue};
use wijkboek_model::RecordId;

use super::fuzz::{older, pack_seed, record_id};
use super::{OpenPack, foreign_record_id, forge, pack_of_sections, replace, replace_column};
use crate::RawChange;
use crate::change::hash_to_automerge;
use crate::scan::open_chunk;
use crate::slim::put_unsigned;

/// Every hostile pack under the name of its file.
pub fn all() -> Vec<(&'static str, Vec<u8>)> {
    [outside(), frames(), counts(), places(), beginnings(), floods()].concat()
}

/// Wrong before anything of it is read.
fn outside() -> Vec<(&'static str, Vec<u8>)> {
    let pack = open().pack();
    let [structure, random, contents] = open().sections();
    let framed = |length: usize| length + if length < 128 { 2 } else { 4 };
    let first = 5 + framed(structure.len());
    let second = first + framed(random.len());
    let cut = |at: usize| pack[..at].to_vec();
    let spoiled = |at: usize, value: u8| {
        let mut pack = pack.clone();
        pack[at] = value;
        pack
    };
    let unused = |which: fn(&mut OpenPack) -> &mut Vec<u8>| {
        let mut pack = open();
        which(&mut pack).push(0);
        pack.pack()
    };
    vec![
        ("empty.bin", Vec::new()),
        ("not-a-pack.bin", spoiled(0, b'X')),
        ("other-version.bin", spoiled(4, 2)),
        ("cut-in-the-name.bin", cut(3)),
        ("cut-before-the-version.bin", cut(4)),
        ("cut-in-the-structure.bin", cut(first / 2)),
        ("cut-in-the-random-section.bin", cut(first + random.len() / 2)),
        ("cut-in-the-contents.bin", cut(second + contents.len() / 2)),
        ("bytes-behind.bin", [&pack[..], &[0, 1, 2]].concat()),
        ("twice.bin", [&pack[..], &pack].concat()),
        ("unused-randomness.bin", unused(|pack| &mut pack.random)),
        ("unused-number.bin", unused(|pack| &mut pack.streams[8])),
    ]
}

/// Wrong in what zstd sees.
fn frames() -> Vec<(&'static str, Vec<u8>)> {
    let sections = open().sections();
    let [structure, random, contents] = sections.each_ref().map(Vec::as_slice);
    let plain = |content: &[u8]| (content.len(), frame(None, content));
    let with = |first: (usize, Vec<u8>)| {
        let mut pack = b"WBPK\x01".to_vec();
        for (length, packed) in [first, plain(random), plain(contents)] {
            put_unsigned(&mut pack, length as u64);
            put_unsigned(&mut pack, packed.len() as u64);
            pack.extend_from_slice(&packed);
        }
        pack
    };
    let skippable = [0x50, 0x2a, 0x4d, 0x18, 4, 0, 0, 0, 1, 2, 3, 4];
    let sound = frame(None, structure);
    let (one, other) = structure.split_at(structure.len() / 2);
    let length = structure.len();
    vec![
        ("frame-with-a-dictionary.bin", with((length, frame(Some(7), structure)))),
        ("frame-skippable-before.bin", with((length, [&skippable[..], &sound].concat()))),
        ("frame-skippable-behind.bin", with((length, [&sound[..], &skippable].concat()))),
        ("frame-skippable-only.bin", with((length, skippable.to_vec()))),
        ("frames-two.bin", with((length, [frame(None, one), frame(None, other)].concat()))),
        ("frame-with-bytes-behind.bin", with((length, [&sound[..], &[0; 3]].concat()))),
        ("frame-cut.bin", with((length, sound[..sound.len() - 5].to_vec()))),
        ("frame-no-zstd.bin", with((length, vec![0xaa; 40]))),
        ("frame-longer-than-said.bin", with((length - 1, sound.clone()))),
        ("frame-shorter-than-said.bin", with((length + 1, sound))),
        ("bomb-64-mb.bin", with((64 << 20, zeros(512)))),
        ("bomb-64-mb-said-to-be-small.bin", with((1 << 20, zeros(512)))),
        ("bomb-that-fits.bin", with((12 << 20, zeros(96)))),
        ("bomb-terabyte.bin", with((1 << 40, zeros(1)))),
    ]
}

/// Numbers that declare what is not there.
fn counts() -> Vec<(&'static str, Vec<u8>)> {
    let huge = number(1 << 60);
    let table = |table: usize| {
        let mut pack = open();
        pack.tables[table].clone_from(&huge);
        pack.pack()
    };
    let first_of = |stream: usize, number: &[u8]| {
        let mut pack = open();
        let used = pack.streams[stream].iter().position(|b| b & 0x80 == 0).map_or(0, |at| at + 1);
        pack.streams[stream].splice(..used, number.iter().copied());
        pack.pack()
    };
    let mut documents = open();
    documents.documents = 1 << 60;
    let mut shapes = open();
    shapes.tables[2] = [number(200_000), vec![0; 200_000]].concat();
    let mut columns = open();
    columns.tables[2] = [vec![1], number(40), (1..=40).collect()].concat();
    let mut actors = open();
    actors.tables[1] = [number(60_000), vec![0; 120_000]].concat();
    let mut keys = open();
    keys.tables[4] = [number(129), (0..129).flat_map(|n| [1, n]).collect()].concat();
    let mut lengths = number(1);
    lengths.extend([0; 5]);
    lengths.extend(number(1 << 60));
    vec![
        ("count-documents.bin", documents.pack()),
        ("count-installs.bin", table(0)),
        ("count-actors.bin", table(1)),
        ("count-actors-bomb.bin", actors.pack()),
        ("count-shapes.bin", table(2)),
        ("count-shapes-bomb.bin", shapes.pack()),
        ("count-columns.bin", columns.pack()),
        ("count-ids.bin", table(3)),
        ("count-keys.bin", table(4)),
        ("count-keys-129.bin", keys.pack()),
        ("count-changes.bin", first_of(CHANGES, &huge)),
        ("count-changes-20001.bin", first_of(CHANGES, &number(20_001))),
        ("count-changes-none.bin", first_of(CHANGES, &[0])),
        ("count-others.bin", first_of(OTHERS, &huge)),
        ("count-dependencies.bin", first_of(DEPENDENCIES, &huge)),
        ("count-whole.bin", first_of(SHAPES, &[0])),
        ("count-column-length.bin", first_of(FIRST_COLUMN, &huge)),
        ("count-stream-length.bin", pack_of_sections(&[lengths, Vec::new(), Vec::new()])),
        ("actor-out-of-range.bin", first_of(ACTORS, &number(99))),
        ("shape-out-of-range.bin", first_of(SHAPES, &number(99))),
        ("dependency-before-the-document.bin", first_of(DEPENDENCIES, &[1, 9])),
        ("dependency-on-itself.bin", first_of(DEPENDENCIES, &[1, 0])),
        ("endless-number.bin", first_of(CHANGES, &[0xff; 11])),
    ]
}

/// Changes and documents that are not where they belong.
fn places() -> Vec<(&'static str, Vec<u8>)> {
    let contact = &older()[0];
    let (first, second) = (&contact[0], &contact[1]);
    let one = |spoiled: RawChange| whole(&[(record_id(), vec![first.clone(), spoiled])]);
    let other = foreign_record_id(&older()[2][0], other_id());
    let elsewhere = hash_to_automerge(other.hash);
    let root = forge(first, |change| change.time += 1);
    vec![
        (
            "ids-out-of-order.bin",
            whole(&[(other_id(), vec![other.clone()]), (record_id(), vec![first.clone()])]),
        ),
        (
            "ids-twice.bin",
            whole(&[(record_id(), vec![first.clone()]), (record_id(), vec![first.clone()])]),
        ),
        ("change-twice.bin", one(first.clone())),
        ("second-root.bin", one(super::second_root(first, stranger()))),
        ("second-root-of-the-same-actor.bin", one(root)),
        ("no-root.bin", whole(&[(record_id(), vec![second.clone()])])),
        ("wrong-hash.bin", one(forge(second, |change| change.deps[0].0[31] ^= 1))),
        (
            "dependency-of-another-document.bin",
            whole(&[
                (record_id(), vec![first.clone(), forge(second, |c| c.deps = vec![elsewhere])]),
                (other_id(), vec![other]),
            ]),
        ),
        ("dependency-twice.bin", one(forge(second, |change| change.deps.push(change.deps[0])))),
        ("inflated-start-op.bin", one(super::inflated_start_op(second))),
        (
            "forked-sequence.bin",
            one(forge(second, |change| {
                change.actor_id = super::actor_to_automerge(actor_of(first));
                change.seq = 1;
            })),
        ),
        ("sequence-gap.bin", one(super::sequence_gap(second))),
        ("operation-bomb.bin", one(super::many_operations(second))),
        (
            "replaced-bomb.bin",
            one(replace_column(second, 0x70, &[1, 0x80, 0x80, 0x80, 0x80, 0x20])),
        ),
        ("whole-change-is-a-bundle.bin", whole_bodies(&[(record_id(), vec![vec![3; 60]])])),
        ("whole-change-is-empty.bin", whole_bodies(&[(record_id(), vec![Vec::new()])])),
    ]
}

/// First changes that are not this record's, or do not build one.
fn beginnings() -> Vec<(&'static str, Vec<u8>)> {
    let first = &older()[2][0];
    let one = |spoiled: RawChange| whole(&[(record_id(), vec![spoiled])]);
    let put = |key: &'static str, value: ScalarValue| {
        one(forge(first, |change| replace(change, key, value)))
    };
    let without = |key: &'static str| {
        one(forge(first, |change| change.operations.retain(|op| op.key != Key::from(key))))
    };
    vec![
        ("first-of-another-record.bin", one(foreign_record_id(first, other_id()))),
        ("first-with-a-short-id.bin", put("_id", ScalarValue::Bytes(vec![1, 2, 3]))),
        ("first-without-type.bin", without("_type")),
        ("first-of-no-type.bin", put("_type", "Raad's Besluit".into())),
        ("first-without-author.bin", without("_author")),
        ("first-by-nobody.bin", put("_author", ScalarValue::Bytes(vec![1, 2, 3]))),
        ("first-without-schema.bin", without("_schema")),
        ("first-of-schema-zero.bin", put("_schema", ScalarValue::Uint(0))),
        ("first-of-another-type.bin", put("_type", "contact".into())),
        ("first-without-a-counter.bin", without("soort:praatje")),
        ("first-with-a-text-as-thread.bin", put("entries", "weg".into())),
        ("first-with-a-hidden-key.bin", one(forge(first, |change| rename(change, "place", "_x")))),
        (
            "first-that-deletes.bin",
            one(forge(first, |change| {
                if let Some(op) = change.operations.last_mut() {
                    op.action = OpType::Delete;
                }
            })),
        ),
        (
            "first-with-a-key-twice.bin",
            one(forge(first, |change| {
                change.operations.push(change.operations[0].clone());
            })),
        ),
        ("first-with-a-message.bin", one(forge(first, |c| c.message = Some("hoi".to_owned())))),
    ]
}

/// Much of what is small.
fn floods() -> Vec<(&'static str, Vec<u8>)> {
    let contact = &older()[0];
    let chain = |count: u8, alter: &dyn Fn(&mut ExpandedChange)| {
        let mut changes = vec![contact[0].clone(), forge(&contact[1], |change| alter(change))];
        for _ in 0..count {
            let last = &changes[changes.len() - 1];
            let operations = last_operations(last);
            let next = forge(last, |change| {
                change.deps = vec![hash_to_automerge(last.hash)];
                change.seq += 1;
                change.start_op = change.start_op.saturating_add(operations);
            });
            changes.push(next);
        }
        changes
    };
    let long = chain(16, &|change| {
        let text = "x".repeat(65_000);
        change.operations[0].action = OpType::Put(text.as_str().into());
    });
    let operations = chain(2, &|change| {
        change.operations[0].action = OpType::Put(ScalarValue::Null);
        change.operations[0].pred = Vec::new().into();
        change.operations = vec![change.operations[0].clone(); 20_000];
    });
    // Each declares a million replaced operations in a few bytes.
    let replaced: Vec<RawChange> = chain(1, &|_| ());
    let many = [1, 0xc0, 0x84, 0x3d];
    let second = replace_column(&replaced[1], 0x70, &many);
    let third = forge(&replaced[2], |change| change.deps = vec![hash_to_automerge(second.hash)]);
    let third = replace_column(&third, 0x70, &many);
    vec![
        ("document-of-a-megabyte.bin", packed(&whole(&[(record_id(), long)]))),
        ("document-of-60000-operations.bin", packed(&whole(&[(record_id(), operations)]))),
        (
            "document-that-replaces-millions.bin",
            whole(&[(record_id(), vec![replaced[0].clone(), second, third])]),
        ),
    ]
}

fn last_operations(change: &RawChange) -> u64 {
    let decoded = automerge::Change::try_from(change.bytes.as_slice());
    decoded.map_or(1, |change| change.len() as u64)
}

/// The sound pack that most of these come from: one contact with five changes.
fn open() -> OpenPack {
    OpenPack::of(&pack_seed()).expect("our own pack")
}

/// A pack whose changes all lie whole.
fn whole(documents: &[(RecordId, Vec<RawChange>)]) -> Vec<u8> {
    let body = |change: &RawChange| {
        open_chunk(&change.bytes).map(|(_, body)| body.to_vec()).expect("a framed change")
    };
    let bodies =
        |(id, changes): &(RecordId, Vec<RawChange>)| (*id, changes.iter().map(body).collect());
    whole_bodies(&documents.iter().map(bodies).collect::<Vec<_>>())
}

fn whole_bodies(documents: &[(RecordId, Vec<Vec<u8>>)]) -> Vec<u8> {
    let mut streams = vec![Vec::new(); 10 + 2 + 1];
    let mut random = Vec::new();
    let mut time = 0_u64;
    for (id, bodies) in documents {
        let at = id.as_bytes()[..6].iter().fold(0, |time, byte| (time << 8) | u64::from(*byte));
        let distance = at.wrapping_sub(time).cast_signed();
        streams[0].extend(number(((distance << 1) ^ (distance >> 63)).cast_unsigned()));
        time = at;
        random.extend_from_slice(&id.as_bytes()[6..]);
        streams[CHANGES].extend(number(bodies.len() as u64));
        for body in bodies {
            streams[SHAPES].push(0);
            streams[NUMBERS].push(2);
            streams[WHOLE].extend(number(body.len() as u64));
            streams[WHOLE].extend_from_slice(body);
        }
    }
    let tables = [const { Vec::new() }; 5].map(|_: Vec<u8>| vec![0]);
    let documents = documents.len() as u64;
    OpenPack { documents, tables, streams, random, contents: 1 }.pack()
}

/// The same pack with its first section as runs of equal bytes, so that the file is small.
fn packed(pack: &[u8]) -> Vec<u8> {
    let sections = super::pack_sections(pack).expect("within the caps");
    let mut packed = b"WBPK\x01".to_vec();
    for (place, section) in sections.iter().enumerate() {
        let content = if place == 0 { runs(section) } else { section.clone() };
        put_unsigned(&mut packed, section.len() as u64);
        put_unsigned(&mut packed, content.len() as u64);
        packed.extend_from_slice(&content);
    }
    packed
}

/// A zstd frame of raw blocks, perhaps saying that it needs a dictionary.
fn frame(dictionary: Option<u8>, content: &[u8]) -> Vec<u8> {
    let mut frame = header(dictionary, content.len());
    let count = content.chunks(BLOCK).len();
    for (place, block) in content.chunks(BLOCK).enumerate() {
        frame.extend(block_header(place + 1 == count, 0, block.len()));
        frame.extend_from_slice(block);
    }
    frame
}

/// A zstd frame in which long runs of one byte take four.
fn runs(content: &[u8]) -> Vec<u8> {
    let mut frame = header(None, content.len());
    let mut rest = content;
    while let Some(first) = rest.first() {
        let same = |rest: &[u8]| rest.iter().take_while(|b| **b == rest[0]).take(BLOCK).count();
        let run = same(rest);
        if run >= 64 {
            rest = &rest[run..];
            frame.extend(block_header(rest.is_empty(), 1, run));
            frame.push(*first);
            continue;
        }
        let end = (1..rest.len().min(BLOCK)).find(|at| same(&rest[*at..]) >= 64);
        let (raw, after) = rest.split_at(end.unwrap_or(rest.len().min(BLOCK)));
        rest = after;
        frame.extend(block_header(rest.is_empty(), 0, raw.len()));
        frame.extend_from_slice(raw);
    }
    frame
}

/// A zstd frame of so many blocks of 128 KiB zeros.
fn zeros(blocks: usize) -> Vec<u8> {
    let mut frame = header(None, blocks * BLOCK);
    for block in 1..=blocks {
        frame.extend(block_header(block == blocks, 1, BLOCK));
        frame.push(0);
    }
    frame
}

/// Window of 2 MiB, content size in four bytes.
fn header(dictionary: Option<u8>, length: usize) -> Vec<u8> {
    let mut header = vec![0x28, 0xb5, 0x2f, 0xfd, 0x80 | u8::from(dictionary.is_some()), 0x58];
    header.extend(dictionary);
    header.extend(u32::try_from(length).unwrap_or(u32::MAX).to_le_bytes());
    header
}

fn block_header(last: bool, kind: usize, length: usize) -> [u8; 3] {
    let header = (length << 3 | kind << 1 | usize::from(last)).to_le_bytes();
    [header[0], header[1], header[2]]
}

fn rename(change: &mut ExpandedChange, key: &str, to: &'static str) {
    if let Some(op) = change.operations.iter_mut().find(|op| op.key == Key::from(key)) {
        op.key = Key::from(to);
    }
}

fn number(number: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    put_unsigned(&mut bytes, number);
    bytes
}

fn actor_of(change: &RawChange) -> wijkboek_model::ActorId {
    crate::ChangeInfo::read(&change.bytes).expect("a sound change").actor
}

fn stranger() -> wijkboek_model::ActorId {
    wijkboek_model::ActorId::of(wijkboek_model::InstallId::new([9; 12]), 1)
}

/// Greater than [`record_id`].
fn other_id() -> RecordId {
    let time = wijkboek_model::Timestamp::from_millis(1_772_529_120_000);
    RecordId::from_parts(time, [2; 10])
}

// The places of streams in an open pack: one less than in the specification.
const CHANGES: usize = 1;
const SHAPES: usize = 2;
const ACTORS: usize = 3;
const OTHERS: usize = 4;
const DEPENDENCIES: usize = 5;
const NUMBERS: usize = 7;
const WHOLE: usize = 9;
const FIRST_COLUMN: usize = 10;
/// The longest block of a zstd frame.
const BLOCK: usize = 128 << 10;
