//! The seeded simulation holds over two hundred seeds, and finds bugs that are planted in it.

use wijkboek_tests::sim::{Bug, run, run_all};

#[test]
fn two_hundred_seeds_hold() {
    let mut broken = Vec::new();
    for outcome in run_all(0..200, None) {
        let seed = outcome.seed;
        assert!(outcome.writes > 20, "seed {seed} wrote only {}", outcome.writes);
        assert!(outcome.faults > 0, "seed {seed} had no faults");
        if !outcome.violations.is_empty() {
            broken.push(format!("seed {seed}:\n  {}", outcome.violations.join("\n  ")));
        }
    }
    assert!(broken.is_empty(), "{} seeds do not hold\n{}", broken.len(), broken.join("\n"));
}

#[test]
fn a_planted_bug_is_found() {
    for bug in [Bug::SentCountsAsAcknowledged, Bug::ForgetIsIgnored] {
        let found = run_all(0..20, Some(bug)).iter().any(|seed| !seed.violations.is_empty());
        assert!(found, "{bug:?} was planted and not found");
    }
}

#[test]
fn a_seed_repeats_itself() {
    let (one, two) = (run(7, None), run(7, None));
    assert_eq!((one.writes, one.faults), (two.writes, two.faults));
}
