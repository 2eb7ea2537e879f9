//! What is forgotten leaves no byte behind.

use std::path::Path;

use wijkboek_model::{Edit, Entry, EntryId, Timestamp, Write};
use wijkboek_store::{Ingest, Outcome, Settled, Store};

use crate::support::{MORNING, edit, ingest, log, memory, person, record_id, send};

const NOTE: &str = "Zonnebloemwethouder fluistert bij lantaarnpaal";
const LATER: &str = "Knalgroenebrommer teruggevonden";
const ENTRY: &str = "Pindakaasvloerbrug gemeld";

/// Whether any file of the database holds these bytes.
fn holds(path: &Path, needle: &str) -> bool {
    ["", "-wal", "-shm"].iter().any(|suffix| {
        let mut name = path.as_os_str().to_owned();
        name.push(suffix);
        let bytes = std::fs::read(name).unwrap_or_default();
        bytes.windows(needle.len()).any(|window| window == needle.as_bytes())
    })
}

/// The texts as written, and each of their words as the search index spells it. A word's first
/// letters may lie in the index beside its neighbour's, so its tail is looked for too.
fn traces() -> Vec<String> {
    let mut traces: Vec<String> = [NOTE, LATER, ENTRY].map(str::to_owned).to_vec();
    let long = [NOTE, LATER, ENTRY].into_iter().flat_map(|text| text.split(' '));
    for word in long.filter(|word| word.len() > 12) {
        let word = word.to_lowercase();
        traces.push(word[4..].to_owned());
        traces.push(word);
    }
    traces
}

#[test]
fn a_forgotten_record_is_on_no_page_of_the_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("boek.db");
    let mut origin = memory();
    let (id, _) = log(&mut origin, 500, NOTE);
    edit(&mut origin, id, Edit::Note(LATER.to_owned()).into_write(), 1_000);
    let entry = EntryId::from_parts(Timestamp::from_millis(MORNING), [1; 10]);
    let write = Write::Append(Entry { id: entry, author: person(1), text: ENTRY.to_owned() });
    edit(&mut origin, id, write, 2_000);

    let mut store = Store::open(&path).expect("opened");
    let mut others = memory();
    for n in 0..100 {
        let (other, _) = log(&mut others, n, &format!("gewoon gesprek nummer {n} over de straat"));
        send(&others, &mut store, other);
        if n == 50 {
            send(&origin, &mut store, id);
        }
    }
    store.checkpoint().expect("checkpointed");
    let (here, _): (Vec<_>, Vec<_>) = traces().into_iter().partition(|t| holds(&path, t));
    for text in [NOTE, LATER, ENTRY] {
        assert!(here.iter().any(|t| t == text), "the test must be able to find {text}");
    }
    assert!(here.len() > 5, "the search index holds its words: {here:?}");

    let forget = Ingest { forget: vec![id], ..Ingest::default() };
    assert_eq!(store.ingest(&forget).expect("ingested").forgotten, [id]);
    assert!(store.scrub_if_due().expect("scrubbed"));
    for trace in traces() {
        assert!(!holds(&path, &trace), "{trace} is still there");
    }
    assert!(store.rebuild().expect("rebuilt").is_clean());
    drop(store);
    for trace in traces() {
        assert!(!holds(&path, &trace), "{trace} is still there after closing");
    }
}

#[test]
fn a_dismissed_refusal_is_gone_too() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("boek.db");
    let mut store = Store::open(&path).expect("opened");
    let (id, change) = log(&mut store, 1, NOTE);
    let outcome = Outcome::Refused { code: "type-not-for-role".to_owned() };
    store.settle(&[Settled { id, hash: change.hash, outcome }]).expect("settled");
    store.checkpoint().expect("checkpointed");
    assert!(holds(&path, NOTE), "kept for its author");
    store.dismiss_refused(id).expect("dismissed");
    assert!(store.scrub_if_due().expect("scrubbed"));
    assert!(!holds(&path, NOTE));
}

#[test]
fn unsent_work_is_never_erased() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("boek.db");
    let mut store = Store::open(&path).expect("opened");
    let (id, _) = log(&mut store, 1, NOTE);
    let forget = Ingest { forget: vec![id, record_id(2)], ..Ingest::default() };
    assert_eq!(store.ingest(&forget).expect("ingested").kept, [id]);
    assert_eq!(store.row(id).expect("read").expect("still here").text, NOTE);
    assert_eq!(store.outbox(10, 10_000).expect("outbox").len(), 1);
    let again = ingest(&mut store, vec![]);
    assert_eq!(again.changed, []);
}
