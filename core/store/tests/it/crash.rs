//! Killed in the middle of writing, again and again: what was said to be kept is kept.
//!
//! The test starts this very test binary as a child, which writes without end and names each write
//! after its commit; then it kills the child and looks at the file.

use std::io::{BufRead, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use wijkboek_model::{Edit, RecordId};
use wijkboek_store::Store;

use crate::support::{log, memory, send};

const FILE: &str = "WIJKBOEK_CRASH_FILE";
const ROUND: &str = "WIJKBOEK_CRASH_ROUND";
const ROUNDS: u32 = 36;

/// Does nothing unless a parent started it.
#[test]
fn the_child_that_writes_until_it_is_killed() {
    let (Some(path), Some(round)) = (std::env::var_os(FILE), std::env::var(ROUND).ok()) else {
        return;
    };
    let round: u32 = round.parse().expect("a number from the parent");
    let mut store = Store::open(Path::new(&path)).expect("opened");
    let mut out = std::io::stdout().lock();
    let mut acknowledge = |id: RecordId, hash: &dyn std::fmt::Display| {
        // A parent that is gone ends the writing.
        writeln!(out, "\nkept {id} {hash}").and_then(|()| out.flush()).is_ok()
    };
    for n in round * 100_000.. {
        let note = format!("gesprek {n} over de straatverlichting en het zwembad");
        let (id, change) = log(&mut store, n * 2, &note);
        if !acknowledge(id, &change.hash) {
            return;
        }
        let edited = crate::support::edit(&mut store, id, Edit::People(n % 9 + 2).into_write(), 5);
        if !acknowledge(id, &edited.hash) {
            return;
        }
        let mut others = memory();
        let (id, change) = log(&mut others, n * 2 + 1, "van de server");
        send(&others, &mut store, id);
        if !acknowledge(id, &change.hash) {
            return;
        }
    }
}

#[test]
fn nothing_acknowledged_is_lost_when_the_process_is_killed() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("boek.db");
    let mut kept: Vec<(RecordId, String)> = vec![];
    for round in 0..ROUNDS {
        let child = start(&path, round);
        // A different moment each time: after one acknowledgement, after two, …
        kept.extend(kill_after(child, usize::try_from(round).expect("small") + 1));
        let mut store = Store::open(&path).expect("opened after the kill");
        for (id, hash) in &kept {
            let here =
                store.changes(*id).expect("read").iter().any(|c| c.hash.to_string() == *hash);
            assert!(here, "round {round}: {id} {hash} is lost");
        }
        let report = store.rebuild().expect("rebuilt");
        assert!(report.is_clean(), "round {round}: {report:?}");
    }
    assert!(kept.len() > 600, "it did write: {}", kept.len());
    let store = Store::open(&path).expect("opened");
    let own = kept
        .iter()
        .filter(|(id, _)| store.row(*id).expect("read").is_some_and(|r| r.number.is_none()));
    assert!(store.unsent().expect("unsent") >= own.count(), "own work is in the outbox");
}

fn start(path: &Path, round: u32) -> Child {
    let this = std::env::current_exe().expect("the test binary");
    Command::new(this)
        .args(["--exact", "crash::the_child_that_writes_until_it_is_killed", "--nocapture"])
        .env(FILE, path)
        .env(ROUND, round.to_string())
        .stdout(Stdio::piped())
        .spawn()
        .expect("started")
}

/// Reads acknowledgements up to this many, kills, and takes in those that were still under way.
fn kill_after(mut child: Child, acknowledged: usize) -> Vec<(RecordId, String)> {
    let lines = BufReader::new(child.stdout.take().expect("piped")).lines();
    let mut kept = vec![];
    for line in lines {
        // The last line may be torn by the kill.
        let Ok(line) = line else { break };
        let Some((id, hash)) = line.strip_prefix("kept ").and_then(|l| l.split_once(' ')) else {
            continue;
        };
        if let Ok(id) = id.parse()
            && hash.len() == 64
        {
            kept.push((id, hash.to_owned()));
        }
        if kept.len() == acknowledged {
            child.kill().expect("killed");
        }
    }
    child.wait().expect("ended");
    kept
}
