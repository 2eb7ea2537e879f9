//! What is purged is on no byte of any file of the database.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use rusqlite::Connection;
use wijkboek_crdt::{PackLimits, read_pack};
use wijkboek_model::{Edit, Entry, EntryId, RecordId, Timestamp, Write};
use wijkboek_store::{Arrived, Compaction, Filter, Ingest, Outcome, Purged, Scope, Settled, Store};

use crate::support::{MORNING, arrived, concurrently, edit, log, memory, person, record_id, send};

const COMPACT: Compaction = Compaction { documents_max: 1_000, documents_min: 2, changes_kept: 0 };

/// All bytes of the database, its write-ahead log and its shared memory.
fn files(path: &Path) -> Vec<u8> {
    ["", "-wal", "-shm"]
        .iter()
        .flat_map(|suffix| {
            let mut name = path.as_os_str().to_owned();
            name.push(suffix);
            std::fs::read(name).unwrap_or_default()
        })
        .collect()
}

fn holds(bytes: &[u8], needle: &[u8]) -> bool {
    bytes.windows(needle.len()).any(|window| window == needle)
}

/// Which of the words are among the bytes, in one pass over them: words are 24 letters long.
fn found(bytes: &[u8], words: &BTreeSet<String>) -> BTreeSet<String> {
    // The index leaves out what a term has in common with the one before it, so tails count.
    let tails: BTreeMap<&[u8], &String> =
        words.iter().map(|word| (&word.as_bytes()[word.len() - TAIL..], word)).collect();
    let starts = (0..bytes.len()).filter(|at| bytes[*at] == b'q');
    let hits = starts.filter_map(|at| tails.get(bytes.get(at..at + TAIL)?));
    hits.map(|word| (*word).clone()).collect()
}

/// A word that stands nowhere else, not even its last letters, which begin with the only q.
fn word(n: u32, k: u32) -> String {
    let mut state = (u64::from(n) << 32 | u64::from(k)).wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    (0..24)
        .map(|at| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            let letter = b'a' + u8::try_from(state % 16).expect("small");
            if at == 24 - TAIL { 'q' } else { char::from(letter) }
        })
        .collect()
}

fn append(text: &str, n: u8) -> Write {
    let id = EntryId::from_parts(Timestamp::from_millis(MORNING), [n; 10]);
    Write::Append(Entry { id, author: person(1), text: text.to_owned() })
}

fn accept(store: &mut Store, id: RecordId) {
    let verdicts: Vec<Settled> = (1..)
        .zip(store.changes(id).expect("changes"))
        .map(|(number, change)| {
            let outcome = Outcome::Accepted { number, mac: Some([7; 32]) };
            Settled { id, hash: change.hash, outcome }
        })
        .collect();
    store.settle(&verdicts).expect("settled");
}

#[test]
fn nothing_of_a_purged_record_is_left_wherever_it_lay() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("boek.db");
    let mut store = Store::open(&path).expect("opened");
    let texts: Vec<String> = (0..8).map(|k| word(1, k)).collect();
    let id = record_id(1);
    log(&mut store, 1, &texts[0]);
    // An earlier value, the loser of a conflict, the thread, an answer, a draft of the record.
    edit(&mut store, id, Edit::Note(texts[1].clone()).into_write(), 1_000);
    let one = [Edit::Note(texts[2].clone()).into_write()];
    let other = [Edit::Note(texts[3].clone()).into_write()];
    concurrently(&mut store, id, &one, &other);
    edit(&mut store, id, append(&texts[4], 1), 3_000);
    // Long enough for a snapshot.
    for n in 0..60 {
        edit(&mut store, id, Edit::People(n % 9 + 2).into_write(), 4_000 + i64::from(n));
    }
    // What the server refused of it, what went to quarantine, what somebody was typing.
    let refused = edit(&mut store, id, append(&texts[5], 2), 9_000);
    let outcome = Outcome::Refused { code: "no".to_owned() };
    store.settle(&[Settled { id, hash: refused.hash, outcome }]).expect("settled");
    let mut wrong = arrived(id, 99, &refused);
    wrong.change.bytes = texts[6].clone().into_bytes();
    let batch = Ingest { changes: vec![Arrived { ..wrong }], ..Ingest::default() };
    assert_eq!(store.ingest(&batch).expect("ingested").quarantined, [id]);
    store.save_draft(&format!("aanvulling:{id}"), &texts[7]).expect("saved");
    store.save_draft("nieuw", "blijft staan").expect("saved");
    let (other, _) = log(&mut store, 2, "blijft ook staan");
    store.checkpoint().expect("checkpointed");
    let words: BTreeSet<String> = texts.into_iter().collect();
    assert_eq!(found(&files(&path), &words), words, "the test can find what it looks for");

    let purged = store.purge(&[id, record_id(77)]).expect("purged");
    let unsent = purged.unsent;
    let expected = Purged { records: vec![id], unsent, drafts: 1, complete: true };
    assert_eq!(purged, expected);
    assert!(unsent > 60, "none of it was ever sent");
    assert_eq!(found(&files(&path), &words), BTreeSet::new());
    assert_eq!(store.ids().expect("ids"), [other]);
    assert_eq!(store.document(id).expect("read").map(|d| d.heads()), None);
    assert_eq!(store.drafts().expect("drafts").len(), 1);
    assert!(store.refused().expect("read").is_empty());
    assert!(store.quarantined().expect("read").is_empty());
    assert_eq!(store.unsent().expect("counted"), 1);
    assert!(store.rebuild().expect("rebuilt").is_clean());
    assert_eq!(store.purge(&[id]).expect("again").records, []);
    drop(store);
    assert_eq!(found(&files(&path), &words), BTreeSet::new(), "after closing too");
}

#[test]
fn a_pack_is_written_anew_without_what_was_purged() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("boek.db");
    let mut store = Store::open(&path).expect("opened");
    for n in 0..40 {
        let (id, _) = log(&mut store, n, &format!("{} over de speeltuin", word(n, 0)));
        edit(&mut store, id, append(&word(n, 1), 1), 1_000);
        accept(&mut store, id);
    }
    assert_eq!(store.compact(&COMPACT).expect("packed").documents, 40);
    store.checkpoint().expect("checkpointed");
    let packs = || -> Vec<Vec<u8>> {
        let db = Connection::open(&path).expect("opened beside");
        let mut statement = db.prepare("SELECT bytes FROM pack").expect("sql");
        let packs = statement.query_map([], |row| row.get(0)).expect("queried");
        packs.collect::<Result<_, _>>().expect("read")
    };
    let before = packs();
    assert_eq!(before.len(), 1);

    let gone: Vec<RecordId> = [3, 17, 18, 39].map(record_id).to_vec();
    assert_eq!(store.purge(&gone).expect("purged").records, gone);
    let after = packs();
    let read = read_pack(&after[0], &PackLimits::default()).expect("a pack");
    assert!(read.iter().all(|document| !gone.contains(&document.id)));
    assert_eq!(read.len(), 36);
    // Whatever run of the old pack's bytes is not in the new one by itself is nowhere.
    let bytes = files(&path);
    let mut looked_for = 0;
    for run in before[0].chunks_exact(24).filter(|run| !holds(&after[0], run)) {
        looked_for += 1;
        assert!(!holds(&bytes, run), "a piece of the old pack is still there");
    }
    assert!(looked_for * 24 * 2 > before[0].len(), "most of the pack was looked for");
    let words = [3, 17, 18, 39].iter().flat_map(|n| [word(*n, 0), word(*n, 1)]).collect();
    assert_eq!(found(&bytes, &words), BTreeSet::new());
    for document in read {
        let kept = store.document(document.id).expect("readable").expect("here");
        assert_eq!(kept.entries().len(), 1);
    }
    assert!(store.rebuild().expect("rebuilt").is_clean());

    // All of a pack: the pack itself.
    let rest = store.ids().expect("ids");
    store.purge(&rest).expect("purged");
    assert!(packs().is_empty());
    let words = (0..40).flat_map(|n| [word(n, 0), word(n, 1)]).collect();
    assert_eq!(found(&files(&path), &words), BTreeSet::new());
}

/// Pages split, merge and move cells about; a copy left behind anywhere would be found.
#[test]
fn whatever_was_written_in_whatever_order_what_is_purged_is_gone() {
    let steps = prop::collection::vec((0_u32..60, 0_u8..8, 1_usize..40), 40..160);
    let mut runner = TestRunner::new(Config { cases: 12, ..Config::default() });
    runner
        .run(&steps, |steps| {
            purged_after(&steps);
            Ok(())
        })
        .expect("nothing is left behind");
}

fn purged_after(steps: &[(u32, u8, usize)]) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("boek.db");
    let mut store = Store::open(&path).expect("opened");
    let mut words: BTreeMap<u32, BTreeSet<String>> = BTreeMap::new();
    let mut made = 0;
    let mut text = |words: &mut BTreeMap<u32, BTreeSet<String>>, n: u32, times: usize| {
        made += 1;
        let new = word(n, made);
        words.entry(n).or_default().insert(new.clone());
        vec![new; times].join(" ")
    };
    for (at, (n, what, times)) in (1_000_i64..).zip(steps) {
        let id = record_id(*n);
        if store.row(id).expect("read").is_none() {
            log(&mut store, *n, &text(&mut words, *n, *times));
        }
        match what {
            0..=3 => {
                edit(&mut store, id, Edit::Note(text(&mut words, *n, *times)).into_write(), at);
            }
            4 => {
                let entry = EntryId::from_parts(Timestamp::from_millis(at), [3; 10]);
                let text = text(&mut words, *n, *times);
                let write = Write::Append(Entry { id: entry, author: person(1), text });
                edit(&mut store, id, write, at);
            }
            5 => accept(&mut store, id),
            6 => {
                let documents_max = 100;
                store.compact(&Compaction { documents_max, ..COMPACT }).expect("packed");
            }
            _ if *times % 2 == 0 => {
                accept(&mut store, id);
                let forget = Ingest { forget: vec![id], ..Ingest::default() };
                assert_eq!(store.ingest(&forget).expect("ingested").forgotten, [id]);
                assert!(store.scrub_if_due().expect("scrubbed"));
                let gone = words.get(n).cloned().unwrap_or_default();
                assert_eq!(found(&files(&path), &gone), BTreeSet::new());
            }
            _ => {
                assert!(store.purge(&[id]).expect("purged").complete);
                let gone = words.get(n).cloned().unwrap_or_default();
                assert_eq!(found(&files(&path), &gone), BTreeSet::new());
            }
        }
    }
    let ids: BTreeMap<u32, RecordId> = words.keys().map(|n| (*n, record_id(*n))).collect();
    let (gone, kept): (Vec<_>, Vec<_>) = ids.into_iter().partition(|(n, _)| n % 2 == 0);
    let purge: Vec<RecordId> = gone.iter().map(|(_, id)| *id).collect();
    store.purge(&purge).expect("purged");
    let gone: BTreeSet<String> = gone.iter().flat_map(|(n, _)| words[n].clone()).collect();
    assert_eq!(found(&files(&path), &gone), BTreeSet::new());
    for (_, id) in kept {
        // It may have been purged on the way.
        if let Some(row) = store.row(id).expect("read") {
            let filter = Filter { text: Some(row.text[..24].to_owned()), ..Filter::default() };
            assert_eq!(store.count(&Scope::All, &filter).expect("counted").n, 1);
        }
    }
    assert!(store.rebuild().expect("rebuilt").is_clean());
}

#[test]
fn what_another_connection_still_reads_is_not_called_gone() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("boek.db");
    let mut store = Store::open(&path).expect("opened");
    let mut others = memory();
    let (id, _) = log(&mut others, 1, &word(1, 0));
    send(&others, &mut store, id);
    let reader = Connection::open(&path).expect("opened beside");
    reader.execute_batch("BEGIN; SELECT count(*) FROM document;").expect("reading");
    assert!(!store.purge(&[id]).expect("purged").complete);
    reader.execute_batch("COMMIT").expect("done reading");
    assert!(store.scrub_if_due().expect("scrubbed"));
    assert_eq!(found(&files(&path), &[word(1, 0)].into()), BTreeSet::new());
    assert!(store.rebuild().expect("rebuilt").is_clean());
}

/// So many last letters tell a word apart.
const TAIL: usize = 16;
