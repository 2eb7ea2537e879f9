//! The figures as a page: the table, the machine and the versions, between two marks in
//! `docs/FIGURES.md`. What people wrote around the marks stays.

use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;

use super::BenchError;
use super::report::{self, Entry};

/// Puts the figures of a JSON file into a page.
///
/// # Errors
/// [`BenchError`], also when the page lacks the marks.
pub fn write(json: &Path, page: &Path) -> Result<(), BenchError> {
    let entries: Vec<Entry> = serde_json::from_slice(&std::fs::read(json)?)?;
    let text = std::fs::read_to_string(page)?;
    let marks = text.split_once(BEGIN).and_then(|(before, rest)| {
        let (_, after) = rest.split_once(END)?;
        Some((before, after))
    });
    let (before, after) = marks.ok_or(BenchError::Baseline("the page has no marks"))?;
    let measured = measured(&entries)?;
    Ok(std::fs::write(page, format!("{before}{BEGIN}\n{measured}{END}{after}"))?)
}

fn measured(entries: &[Entry]) -> Result<String, BenchError> {
    let (targets, explaining): (Vec<&Entry>, Vec<&Entry>) =
        entries.iter().partition(|entry| entry.target.is_some());
    let reached = targets.iter().filter(|entry| entry.pass == Some(true)).count();
    let mut text = String::new();
    let _ = writeln!(text, "{}\n", machine()?);
    let _ = writeln!(text, "{reached} of {} targets are reached.\n", targets.len());
    text.push_str(&report::summary(&targets));
    let _ = writeln!(text, "\n### What explains them\n");
    text.push_str(&report::summary(&explaining));
    Ok(text)
}

/// Where and with what it was measured.
fn machine() -> Result<String, BenchError> {
    let cpu = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = field(&cpu, "model name").unwrap_or("a processor without a name");
    let cores = std::thread::available_parallelism().map_or(0, std::num::NonZero::get);
    let memory = std::fs::read_to_string("/proc/meminfo").unwrap_or_default();
    let memory = field(&memory, "MemTotal").unwrap_or("unknown");
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let load = load.split(' ').take(3).collect::<Vec<_>>().join(" · ");
    let rustc = Command::new("rustc").arg("-V").output()?.stdout;
    let rustc = String::from_utf8_lossy(&rustc).trim().to_owned();
    let lock = std::fs::read_to_string("Cargo.lock").unwrap_or_default();
    let automerge = version(&lock, "automerge").unwrap_or("unknown");
    let today = jiff::Timestamp::now().strftime("%Y-%m-%d");
    Ok(format!(
        "Measured on {today}: {cores} cores ({model}), memory {memory}; {rustc}, Automerge \
         {automerge}, SQLite {}. Load over 1, 5 and 15 minutes at the end: {load}.",
        rusqlite::version()
    ))
}

fn field<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let line = text.lines().find(|line| line.starts_with(name))?;
    line.split_once(':').map(|(_, value)| value.trim())
}

fn version<'a>(lock: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = lock.split_once(&format!("name = \"{name}\"\nversion = \""))?;
    rest.split('"').next()
}

const BEGIN: &str = "<!-- measured: begin -->";
const END: &str = "<!-- measured: end -->";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_around_the_marks_stays() {
        let folder = std::env::temp_dir().join(format!("wijkboek-page-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a folder");
        let (json, page) = (folder.join("bench.json"), folder.join("page.md"));
        let missed = Entry::new("a figure", "×", 1.0, vec![2.0], String::new());
        report::merge(&json, &[missed]).expect("kept");
        std::fs::write(&page, format!("before {BEGIN} old {END} after")).expect("written");
        write(&json, &page).expect("written");
        let text = std::fs::read_to_string(&page).expect("read");
        assert!(text.starts_with("before ") && text.ends_with(" after"), "{text}");
        assert!(text.contains("a figure") && text.contains("MISSED") && !text.contains(" old "));
        std::fs::write(&page, "no marks").expect("written");
        assert!(write(&json, &page).is_err());
        std::fs::remove_dir_all(folder).expect("removed");
    }
}
