//! Two thousand kills of a writing process: what it acknowledged is there every time.

use std::path::{Path, PathBuf};

use wijkboek_tests::crash::killed;

const KILLS: u32 = 2_000;

/// Where a kill leaves no disk to wait for: only the process dies here, not the machine.
fn folder() -> PathBuf {
    let memory = Path::new("/dev/shm");
    let root = if memory.is_dir() { memory.to_path_buf() } else { std::env::temp_dir() };
    root.join(format!("wijkboek-crash-{}", std::process::id()))
}

#[test]
fn nothing_acknowledged_is_lost_in_two_thousand_kills() {
    let folder = folder();
    let scribe = Path::new(env!("CARGO_BIN_EXE_scribe"));
    // Two at a time, each with seeds of its own.
    let runs: Vec<_> = std::thread::scope(|scope| {
        let threads: Vec<_> = [1, 1_000_001]
            .map(|seed| {
                let folder = folder.join(seed.to_string());
                std::fs::create_dir_all(&folder).expect("a folder");
                scope.spawn(move || killed::run(scribe, &folder, KILLS / 2, seed))
            })
            .into_iter()
            .collect();
        threads.into_iter().map(|thread| thread.join().expect("ran")).collect()
    });
    for run in runs {
        let tally = run.unwrap_or_else(|error| panic!("{error:?}"));
        assert!(tally.violations.is_empty(), "{:#?}", tally.violations);
        assert_eq!(tally.kills, KILLS / 2);
        assert!(tally.early > 0, "some were killed before their first acknowledgement");
        assert!(tally.packed > 20, "{} records were moved into packs", tally.packed);
        assert!(tally.acknowledged > 2_000, "{} writes were acknowledged", tally.acknowledged);
    }
    std::fs::remove_dir_all(folder).expect("removed");
}
