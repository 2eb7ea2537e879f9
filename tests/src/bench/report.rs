//! What was measured, as a list for machines and a table for people.

use std::fmt::Write as _;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::BenchError;
use super::clock::{median, quantile};

/// One figure with what it should be.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// What was measured, with the circumstances that matter.
    pub name: String,
    /// The median over the runs.
    pub value: f64,
    /// Its unit; `×` is a ratio to the baseline.
    pub unit: String,
    /// The most it should be; none where a figure only explains another.
    pub target: Option<f64>,
    /// Whether it is at most that; none without a target.
    pub pass: Option<bool>,
    /// The value of each run.
    pub runs: Vec<f64>,
    /// The smallest run.
    pub min: f64,
    /// The run that nine of ten stay below.
    pub p90: f64,
    /// The largest run minus the smallest.
    pub spread: f64,
    /// Whether sizes were reduced: then it says nothing about the target.
    pub quick: bool,
    /// Where the figure comes from, such as both sides of a ratio.
    pub detail: String,
}

impl Entry {
    /// A figure with a target.
    pub fn new(name: &str, unit: &str, target: f64, runs: Vec<f64>, detail: String) -> Self {
        let mut entry = Self::explaining(name, unit, runs, detail);
        entry.target = Some(target);
        entry.pass = Some(entry.value <= target);
        entry
    }

    /// A figure without a target.
    pub fn explaining(name: &str, unit: &str, runs: Vec<f64>, detail: String) -> Self {
        let largest = runs.iter().copied().fold(f64::MIN, f64::max);
        let smallest = runs.iter().copied().fold(f64::MAX, f64::min);
        Self {
            name: name.to_owned(),
            value: median(&runs),
            unit: unit.to_owned(),
            target: None,
            pass: None,
            min: if runs.is_empty() { 0.0 } else { smallest },
            p90: quantile(&runs, 0.9),
            spread: if runs.is_empty() { 0.0 } else { largest - smallest },
            runs,
            quick: false,
            detail,
        }
    }
}

/// Puts entries into the file, in the place of those with the same names.
///
/// # Errors
/// [`BenchError`] when the file cannot be read or written.
pub fn merge(path: &Path, entries: &[Entry]) -> Result<Vec<Entry>, BenchError> {
    let mut all: Vec<Entry> = match std::fs::read(path) {
        Ok(bytes) => serde_json::from_slice(&bytes)?,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => vec![],
        Err(error) => return Err(error.into()),
    };
    for entry in entries {
        match all.iter_mut().find(|other| other.name == entry.name) {
            Some(other) => other.clone_from(entry),
            None => all.push(entry.clone()),
        }
    }
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    std::fs::write(path, serde_json::to_vec_pretty(&all)?)?;
    Ok(all)
}

/// A table for a page: the spread instead of every run.
pub fn summary(entries: &[&Entry]) -> String {
    let mut text = String::from(
        "| figure | value | target | | smallest – nine of ten below | from |\n|---|---|---|---|---|---|\n",
    );
    for entry in entries {
        let target = entry.target.map_or_else(String::new, |t| format!("≤ {}", number(t)));
        let spread = match entry.runs.len() {
            0 | 1 => String::new(),
            runs => format!("{} – {} of {runs}", number(entry.min), number(entry.p90)),
        };
        let (value, verdict) = (number(entry.value), verdict(entry));
        let Entry { name, unit, detail, .. } = entry;
        let _ = writeln!(
            text,
            "| {name} | {value} {unit} | {target} | {verdict} | {spread} | {detail} |"
        );
    }
    text
}

fn verdict(entry: &Entry) -> &'static str {
    match (entry.quick, entry.pass) {
        (true, _) => "quick",
        (false, Some(true)) => "ok",
        (false, Some(false)) => "**MISSED**",
        (false, None) => "",
    }
}

/// A table as it stands in a terminal and in Markdown alike.
pub fn table(entries: &[Entry]) -> String {
    let mut text =
        String::from("| figure | value | target | | runs | from |\n|---|---|---|---|---|---|\n");
    for entry in entries {
        let target = entry.target.map_or_else(String::new, |t| format!("≤ {}", number(t)));
        let verdict = verdict(entry);
        let runs: Vec<String> = entry.runs.iter().map(|run| number(*run)).collect();
        let _ = writeln!(
            text,
            "| {} | {} {} | {target} | {verdict} | {} | {} |",
            entry.name,
            number(entry.value),
            entry.unit,
            runs.join(" · "),
            entry.detail
        );
    }
    text
}

fn number(value: f64) -> String {
    match value.abs() {
        v if v >= 100.0 => format!("{value:.0}"),
        v if v >= 10.0 => format!("{value:.1}"),
        _ => format!("{value:.2}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missed_target_is_marked_and_a_later_run_replaces_it() {
        let folder = std::env::temp_dir().join(format!("wijkboek-report-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a folder");
        let path = folder.join("bench.json");
        let missed = Entry::new("a", "×", 1.25, vec![1.2, 1.4, 1.3], String::new());
        assert_eq!((missed.value, missed.pass), (1.3, Some(false)));
        merge(&path, std::slice::from_ref(&missed)).expect("written");
        assert!(table(&[missed]).contains("MISSED"));
        let reached = Entry::new("a", "×", 1.25, vec![1.2], String::new());
        let all = merge(&path, std::slice::from_ref(&reached)).expect("written");
        assert_eq!(all, [reached]);
        std::fs::remove_dir_all(folder).expect("removed");
    }
}
