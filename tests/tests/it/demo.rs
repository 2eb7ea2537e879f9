//! The demo's story over real processes: it ends well, goes on with its data, and a single row
//! taken out of the log is noticed.

use std::path::Path;
use std::process::{Command, Output};

use wijkboek_tests::process::binaries;

fn demo(data: &Path, more: &[&str]) -> Output {
    let program = binaries().expect("the folder of this test").join("demo");
    Command::new(program)
        .args(["--once", "--data"])
        .arg(data)
        .args(more)
        .output()
        .expect("the demo starts (built by scripts/test-rust.sh)")
}

#[test]
fn it_ends_well_twice_and_fails_when_a_log_row_is_gone() {
    let dir = tempfile::tempdir().expect("a directory");
    let data = dir.path().join("demo");
    for run in 1..=2 {
        let output = demo(&data, &[]);
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "run {run}: {said}");
    }
    let output = demo(&data, &["--take-away-log-row"]);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success(), "a lost log row went unnoticed");
    assert!(said.contains("is not in the log"), "{said}");
}
