//! A damaged database: set aside, and nothing that can be read of it is lost.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use wijkboek_crdt::ChangeInfo;
use wijkboek_model::{ChangeHash, Edit, Entry, EntryId, RecordId, Timestamp, Write};
use wijkboek_store::{
    BlobKey, BlobOf, Compaction, DatabaseKey, OpenError, Outcome, RescueError, Settled, Store,
    prepare_audio,
};

use crate::support::{MORNING, edit, log, memory, person, send, stamp};

type Named = (RecordId, ChangeHash);

/// A small source of numbers; the seed stands in every assertion.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % end.max(1) as u64).expect("small")
    }
}

fn entry(n: i64, text: &str) -> Write {
    let id = EntryId::from_parts(Timestamp::from_millis(MORNING + n), [3; 10]);
    Write::Append(Entry { id, author: person(1), text: text.to_owned() })
}

/// Work that was sent, packed and never sent; answers the bytes of what was never sent.
fn fill(path: &Path) -> BTreeMap<Named, Vec<u8>> {
    let mut store = Store::open(path).expect("made");
    let mut unsent = BTreeMap::new();
    let mut others = memory();
    for n in 0..30 {
        let note = format!("gesprek {n} over de stoep, de lantaarns en het zwembad ").repeat(4);
        if n % 2 == 0 {
            let (id, _) = log(&mut others, n, &note);
            send(&others, &mut store, id);
        }
        if n == 20 {
            let all = Compaction { documents_max: 100, documents_min: 2, changes_kept: 0 };
            assert!(store.compact(&all).expect("packed").documents > 5);
        }
        if n % 2 == 1 {
            let (id, change) = log(&mut store, n, &note);
            if n % 3 == 0 {
                let outcome = Outcome::Accepted { number: u64::from(n), mac: Some([2; 32]) };
                store.settle(&[Settled { id, hash: change.hash, outcome }]).expect("settled");
            } else {
                unsent.insert((id, change.hash), change.bytes);
            }
            let change = edit(&mut store, id, entry(i64::from(n), "later nog gezien"), 9);
            unsent.insert((id, change.hash), change.bytes);
        } else if n > 20 {
            // One of those that are packed.
            let id = crate::support::record_id(n - 12);
            let change = edit(&mut store, id, Edit::People(n % 7 + 2).into_write(), 9);
            unsent.insert((id, change.hash), change.bytes);
        }
    }
    // Longer than a page.
    let (id, change) = log(&mut store, 500, &"een lang verhaal ".repeat(600));
    unsent.insert((id, change.hash), change.bytes);
    store.save_draft("nieuw", "{\"note\":\"half een zin\"}").expect("saved");
    store.set_meta("install", &[4; 12]).expect("kept");
    unsent
}

fn outbox(store: &Store) -> BTreeSet<Named> {
    let items = store.outbox(10_000, 100_000_000).expect("outbox");
    items.into_iter().map(|item| (item.id, item.change.hash)).collect()
}

fn waiting(store: &Store) -> BTreeSet<Named> {
    store.quarantined().expect("read").into_iter().map(|q| (q.id, q.hash)).collect()
}

#[test]
fn without_damage_everything_comes_over() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("boek.db");
    let unsent: BTreeSet<Named> = fill(&path).into_keys().collect();
    let before = fs::read(&path).expect("read");
    let (ids, heads) = {
        let mut store = Store::open(&path).expect("opened");
        store.set_meta(wijkboek_store::PULL_STATE, b"tot hier").expect("kept");
        let ids = store.ids().expect("ids");
        let heads: Vec<_> = ids.iter().map(|id| store.heads(*id).expect("heads")).collect();
        (ids, heads)
    };
    let report = Store::rescue(&path, None).expect("rescued");
    assert_eq!((report.unsent, report.waiting, report.lost), (unsent.len(), 0, 0));
    assert_eq!((report.records, report.drafts), (ids.len(), 1));
    assert!(report.sent >= 20 && report.facts >= 1, "{report:?}");
    assert!(fs::read(&report.set_aside).expect("kept").len() >= before.len());
    let mut store = Store::open(&path).expect("opened");
    assert_eq!(outbox(&store), unsent);
    assert_eq!(store.ids().expect("ids"), ids);
    let after: Vec<_> = ids.iter().map(|id| store.heads(*id).expect("heads")).collect();
    assert_eq!(after, heads);
    assert_eq!(store.draft("nieuw").expect("read").as_deref(), Some("{\"note\":\"half een zin\"}"));
    assert_eq!(store.meta("install").expect("read").as_deref(), Some([4; 12].as_slice()));
    assert_eq!(store.pull_state().expect("read"), None, "everything is fetched again");
    assert!(store.rebuild().expect("rebuilt").is_clean());
    drop(store);
    let again = Store::rescue(&path, None).expect("rescued again");
    assert_ne!(again.set_aside, report.set_aside);
    assert_eq!(again.unsent, unsent.len());
    assert!(matches!(
        Store::rescue(&folder.path().join("niets.db"), None),
        Err(RescueError::Absent)
    ));
}

/// Spoils a file in one of many ways.
fn spoil(bytes: &mut Vec<u8>, kind: usize, dice: &mut Dice) {
    let pages = bytes.len() / PAGE;
    let at = dice.below(pages) * PAGE;
    match kind {
        // Bits here and there.
        0 => (0..20).for_each(|_| {
            let at = dice.below(bytes.len());
            bytes[at] ^= 1 << dice.below(8);
        }),
        // Pages of nothing, and of noise.
        1 => (0..3).for_each(|_| {
            let at = dice.below(pages) * PAGE;
            bytes[at..at + PAGE].fill(0);
        }),
        2 => bytes[at..at + PAGE].iter_mut().for_each(|b| *b = b.wrapping_mul(31) ^ 0x5a),
        // Cut off, in the middle of a page too.
        3 => bytes.truncate(dice.below(pages) * PAGE + dice.below(PAGE)),
        // The header, or all of the first page.
        4 => bytes[..100].fill(0x5a),
        5 => bytes[..PAGE].fill(0xff),
        // The head of a page: its kind, its number of rows, where they lie.
        6 => (0..8).for_each(|n| bytes[at + n] = u8::try_from(dice.below(256)).expect("a byte")),
        // The list of free pages, and how many there are.
        7 => (32..40).for_each(|n| bytes[n] = u8::try_from(dice.below(256)).expect("a byte")),
        // Inner pages and indexes.
        8 => {
            let inner: Vec<usize> = (1..pages)
                .map(|n| n * PAGE)
                .filter(|at| matches!(bytes[*at], 0x02 | 0x05 | 0x0a))
                .collect();
            for at in inner {
                bytes[at..at + PAGE].fill(0xee);
            }
        }
        // Two pages in each other's place.
        _ => {
            let other = dice.below(pages) * PAGE;
            let kept = bytes[at..at + PAGE].to_vec();
            bytes.copy_within(other..other + PAGE, at);
            bytes[other..other + PAGE].copy_from_slice(&kept);
        }
    }
}

/// On which page all bytes of each unsent change stand; the long one lies on several.
fn pages_of(unsent: &BTreeMap<Named, Vec<u8>>, whole: &[u8]) -> BTreeMap<Named, usize> {
    let lies_on = |bytes: &[u8]| {
        let first = bytes[0];
        whole.chunks_exact(PAGE).position(|page| {
            let starts = (0..=PAGE - bytes.len()).filter(|at| page[*at] == first);
            starts.into_iter().any(|at| page[at..].starts_with(bytes))
        })
    };
    let short = unsent.iter().filter(|(_, bytes)| bytes.len() < PAGE / 2);
    short.filter_map(|(named, bytes)| Some((*named, lies_on(bytes)?))).collect()
}

#[test]
fn whatever_is_damaged_what_can_be_read_is_rescued() {
    let folder = tempfile::tempdir().expect("a folder");
    let origin = folder.path().join("heel.db");
    let unsent = fill(&origin);
    Store::open(&origin).expect("opened").checkpoint().expect("checkpointed");
    let whole = fs::read(&origin).expect("read");
    let on_page = pages_of(&unsent, &whole);
    assert!(on_page.len() > 25, "{}", on_page.len());
    let written: BTreeSet<ChangeHash> = {
        let store = Store::open(&origin).expect("opened");
        let ids = store.ids().expect("ids").into_iter();
        ids.flat_map(|id| store.changes(id).expect("changes")).map(|change| change.hash).collect()
    };
    let (mut alive, mut total, mut whole_again) = (0, 0, 0);
    for seed in 1..=200_u64 {
        let mut dice = Dice(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        let path = folder.path().join(format!("{seed}.db"));
        let mut bytes = whole.clone();
        let kind = usize::try_from(seed % 10).expect("small");
        spoil(&mut bytes, kind, &mut dice);
        fs::write(&path, &bytes).expect("written");
        let report = Store::rescue(&path, None).unwrap_or_else(|e| panic!("seed {seed}: {e}"));
        assert_eq!(fs::read(&report.set_aside).expect("kept"), bytes, "seed {seed}");
        let mut store = Store::open(&path).unwrap_or_else(|e| panic!("seed {seed}: {e}"));
        let (sent, waits) = (outbox(&store), waiting(&store));
        assert_eq!((sent.len(), waits.len()), (report.unsent, report.waiting), "seed {seed}");
        // A flipped bit may hide that the server has a change: then it is sent once more.
        assert!(sent.union(&waits).all(|(_, h)| written.contains(h)), "seed {seed}: made up");
        let sound = |n: usize| {
            let page = n * PAGE..(n + 1) * PAGE;
            bytes.get(page.clone()).is_some_and(|left| left == &whole[page])
        };
        let readable: BTreeSet<Named> =
            on_page.iter().filter(|(_, page)| sound(**page)).map(|(named, _)| *named).collect();
        let found: BTreeSet<Named> = sent.union(&waits).copied().collect();
        let missed = readable.difference(&found).count();
        assert!(missed <= report.lost, "seed {seed}: {missed} readable ones, {report:?}");
        // Nothing may wait of which every ancestor was rescued.
        for (id, hash) in &waits {
            let here: BTreeSet<ChangeHash> =
                store.changes(*id).expect("read").iter().map(|c| c.hash).collect();
            let Some(bytes) = unsent.get(&(*id, *hash)) else { continue };
            let deps = ChangeInfo::read(bytes).expect("a change").deps;
            assert!(!deps.iter().all(|dep| here.contains(dep)), "seed {seed}");
        }
        assert!(store.rebuild().expect("rebuilt").is_clean(), "seed {seed}");
        log(&mut store, 900, "en het schrijven gaat door");
        alive += found.len();
        total += unsent.len();
        whole_again += usize::from(sent.len() == unsent.len());
        drop(store);
        for name in [&path, &report.set_aside] {
            fs::remove_file(name).expect("removed");
        }
    }
    assert!(alive * 100 >= total * 80, "{alive} of {total} unsent changes survived");
    assert!(whole_again > 60, "{whole_again} of 200 lost nothing that was unsent");
}

#[test]
fn a_damaged_log_costs_what_lay_in_its_damaged_frames() {
    let folder = tempfile::tempdir().expect("a folder");
    let origin = folder.path().join("heel.db");
    let store = {
        fill(&origin);
        let mut store = Store::open(&origin).expect("opened");
        store.checkpoint().expect("checkpointed");
        for n in 600..620 {
            log(&mut store, n, "alleen nog in het logboek van de schrijver");
        }
        store
    };
    let all = outbox(&store);
    let (file, wal) = (
        fs::read(&origin).expect("read"),
        fs::read(folder.path().join("heel.db-wal")).expect("read"),
    );
    assert!(wal.len() > 20 * PAGE, "the log holds the last writes");
    let mut least = usize::MAX;
    for seed in 1..=60_u64 {
        let mut dice = Dice(seed.wrapping_mul(0x2545_f491_4f6c_dd1d));
        let path = folder.path().join(format!("{seed}.db"));
        let mut bytes = wal.clone();
        match seed % 4 {
            // Nothing: the log is read, and that its database is damaged too takes nothing away.
            0 => {}
            1 => (0..3).for_each(|_| {
                let at = dice.below(bytes.len());
                bytes[at] ^= 1 << dice.below(8);
            }),
            2 => bytes.truncate(dice.below(bytes.len())),
            _ => bytes[..32].fill(0),
        }
        let mut file = file.clone();
        file[..100].fill(0);
        fs::write(&path, &file).expect("written");
        fs::write(folder.path().join(format!("{seed}.db-wal")), &bytes).expect("written");
        let report = Store::rescue(&path, None).unwrap_or_else(|e| panic!("seed {seed}: {e}"));
        let mut store = Store::open(&path).expect("opened");
        let found = outbox(&store);
        assert!(found.is_subset(&all), "seed {seed}");
        assert!(found.len() + 20 >= all.len(), "seed {seed}: what the file held is here");
        if seed % 4 == 0 {
            assert_eq!(found, all, "seed {seed}");
        }
        least = least.min(found.len());
        assert!(store.rebuild().expect("rebuilt").is_clean(), "seed {seed}");
        assert_eq!(found.len(), report.unsent);
    }
    assert_eq!(least, all.len() - 20, "a log without its head says nothing");
}

#[test]
fn what_waits_goes_on_when_its_record_is_fetched_again() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("boek.db");
    let mut others = memory();
    let (id, _) = log(&mut others, 1, "van de server");
    let mut store = Store::open(&path).expect("made");
    send(&others, &mut store, id);
    let change = edit(&mut store, id, Edit::People(4).into_write(), 9);
    let upon = edit(&mut store, id, Edit::People(5).into_write(), 10);
    drop(store);
    // The first change is lost: the row that holds it no longer has its hash.
    let raw = rusqlite::Connection::open(&path).expect("opened");
    raw.execute("UPDATE change SET bytes = x'00' WHERE position = 1", []).expect("damaged");
    drop(raw);
    let report = Store::rescue(&path, None).expect("rescued");
    assert_eq!((report.unsent, report.waiting, report.lost), (0, 2, 0));
    // It waits through another rescue, a rebuild, and being forgotten by mistake.
    assert_eq!(Store::rescue(&path, None).expect("again").waiting, 2);
    let mut store = Store::open(&path).expect("opened");
    store.rebuild().expect("rebuilt");
    let forget = wijkboek_store::Ingest { forget: vec![id], ..Default::default() };
    store.ingest(&forget).expect("ingested");
    assert_eq!(waiting(&store).len(), 2);
    assert_eq!(store.outbox(9, 9_999).expect("outbox").len(), 0);
    let ingested = send(&others, &mut store, id);
    assert!(ingested.changed.contains(&id) && ingested.missing.is_empty());
    assert_eq!(outbox(&store), [(id, change.hash), (id, upon.hash)].into());
    assert_eq!(waiting(&store), BTreeSet::new());
    assert_eq!(store.changes(id).expect("changes").len(), 3);
    assert!(store.rebuild().expect("rebuilt").is_clean());
}

#[test]
fn attachments_drafts_and_refused_texts_come_along() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("boek.db");
    let mut store = Store::open(&path).expect("made");
    let (id, _) = log(&mut store, 1, "met geluid");
    let mut wav = b"RIFF\0\0\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0".to_vec();
    wav.extend([8_000_u32.to_le_bytes(), 8_000_u32.to_le_bytes()].concat());
    wav.extend(b"\x01\0\x08\0data\x40\x1f\0\0");
    wav.extend([7; 8_000]);
    let sound = prepare_audio(&wav).expect("a recording");
    store.attach(id, &sound, BlobKey::new([1; 32]), &stamp(1, 1)).expect("attached");
    store.save_draft("nieuw", "half").expect("saved");
    store.attach_to_draft("nieuw", &sound, BlobKey::new([2; 32])).expect("attached");
    let (no, change) = log(&mut store, 2, "mocht niet");
    let outcome = Outcome::Refused { code: "not-visible".to_owned() };
    store.settle(&[Settled { id: no, hash: change.hash, outcome }]).expect("settled");
    let (held, drafts) = (store.blobs(BlobOf::Record(id)), store.blobs(BlobOf::Draft("nieuw")));
    let (held, drafts) = (held.expect("held"), drafts.expect("held"));
    drop(store);
    let report = Store::rescue(&path, None).expect("rescued");
    assert_eq!((report.attachments, report.refused, report.drafts), (1, 1, 1));
    let store = Store::open(&path).expect("opened");
    assert_eq!(store.blobs(BlobOf::Record(id)).expect("held"), held);
    assert_eq!(store.blobs(BlobOf::Draft("nieuw")).expect("held"), drafts);
    assert!(store.read_blob(BlobOf::Record(id), held[0].hash).is_ok());
    assert_eq!(store.refused().expect("read")[0].text, "mocht niet");
    assert_eq!(store.unsent_blobs().expect("counted"), 1);
}

#[test]
fn a_rescue_that_was_killed_midway_ends_at_the_next_opening() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("boek.db");
    let unsent: BTreeSet<Named> = fill(&path).into_keys().collect();
    // Before the damaged one was renamed: half a result is thrown away.
    fs::write(folder.path().join("boek.db-rescued"), b"half").expect("written");
    let report = Store::rescue(&path, None).expect("rescued");
    assert_eq!(report.unsent, unsent.len());
    // After that: the result takes its place.
    fs::rename(&path, folder.path().join("boek.db-rescued")).expect("moved");
    fs::write(folder.path().join("boek.db-wal"), b"of the damaged one").expect("written");
    assert_eq!(outbox(&Store::open(&path).expect("opened")), unsent);
    assert!(!folder.path().join("boek.db-rescued").exists());
}

#[test]
fn locked_key_lost_and_damaged_are_three_answers() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("boek.db");
    drop(Store::open(&path).expect("made"));
    // Locked: wait. Nothing is touched.
    let other = rusqlite::Connection::open(&path).expect("opened beside");
    other.execute_batch("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE;").expect("locked");
    assert!(matches!(Store::open(&path), Err(OpenError::Locked)));
    drop(other);
    // Damaged: rescue.
    let mut bytes = fs::read(&path).expect("read");
    bytes[..100].fill(1);
    fs::write(&path, &bytes).expect("spoiled");
    assert!(matches!(Store::open(&path), Err(OpenError::Damaged)));
    Store::rescue(&path, None).expect("rescued");
    drop(Store::open(&path).expect("opened"));
    // The key is lost, or not at hand: set aside, whole, and begin anew.
    let mut bytes = fs::read(&path).expect("read");
    for byte in &mut bytes {
        *byte ^= 0xa5;
    }
    fs::write(&path, &bytes).expect("as good as encrypted");
    fs::write(folder.path().join("boek.db-key-check"), [9; 32]).expect("written");
    fs::create_dir_all(folder.path().join("boek.db-blobs")).expect("made");
    assert!(matches!(Store::open(&path), Err(OpenError::KeyRequired)));
    let before = fs::read(&path).expect("read");
    let aside = Store::set_aside(&path).expect("set aside");
    assert_eq!(fs::read(&aside).expect("kept"), before);
    let beside = |suffix: &str| {
        let mut name = aside.clone().into_os_string();
        name.push(suffix);
        Path::new(&name).exists()
    };
    assert!(beside("-key-check") && beside("-blobs"));
    assert!(Store::open(&path).expect("anew").ids().expect("ids").is_empty());
    let key = DatabaseKey::new([1; 32]);
    let refused = Store::rescue(&path, Some(&key)).expect_err("a plain one has no key");
    assert!(matches!(refused, RescueError::Open(OpenError::NotEncrypted)));
    fs::rename(&aside, &path).expect("put back");
    fs::rename(format!("{}-key-check", aside.display()), digest_of(&path)).expect("put back");
    let kept = fs::read(&path).expect("read");
    for (key, wrong) in [(None, OpenError::KeyRequired), (Some(&key), OpenError::WrongKey)] {
        let refused = Store::rescue(&path, key).expect_err("not the key that it has");
        assert_eq!(refused.to_string(), wrong.to_string());
    }
    assert_eq!(fs::read(&path).expect("read"), kept, "nothing took its place");
}

fn digest_of(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push("-key-check");
    PathBuf::from(name)
}

const PAGE: usize = 4_096;
