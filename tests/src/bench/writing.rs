//! Logging and editing, durably, beside the same rows in plain `SQLite`.
//!
//! Store and baseline take turns with every single write, and who begins alternates, so that the
//! machine's moods hit both.

use std::path::Path;

use wijkboek_model::{Edit, Record, RecordId, Status, Timestamp, Write};
use wijkboek_store::Store;

use super::baseline::{Baseline, RawRecord, Source, Synchronous};
use super::clock::{Times, wall};
use super::files::{Folder, Key, open};
use super::report::Entry;
use super::{BenchError, Sizes};
use crate::corpus::{self, Dice};

/// A store, a baseline with the same records, and a second store that tells beforehand which rows
/// a write will lead to.
struct Pair {
    store: Store,
    baseline: Baseline,
    shadow: Store,
    source: Source,
    next: u32,
    _folder: Folder,
}

/// The rows "log one contact" and "edit".
///
/// # Errors
/// [`BenchError`].
pub fn figures(root: &Path, key: Option<&Key>, sizes: &Sizes) -> Result<Vec<Entry>, BenchError> {
    let suffix = super::suffix(key);
    let mut entries = vec![];
    let mut pair = Pair::new(Folder::on_disk(root, "writing")?, key, sizes.before_writing)?;
    pair.baseline.synchronous(Synchronous::Full)?;
    entries.extend(pair.logging(&format!("log one contact, FULL, {suffix}"), 1.25, sizes)?);
    entries.extend(pair.status(&format!("edit status, FULL, {suffix}"), 1.6, sizes)?);
    entries.extend(pair.appending(&format!("append an entry, FULL, {suffix}"), 1.4, sizes)?);
    drop(pair);
    let mut pair = Pair::new(Folder::in_memory("writing")?, key, sizes.before_writing)?;
    pair.baseline.synchronous(Synchronous::Normal)?;
    entries.extend(pair.logging(&format!("log one contact, NORMAL, {suffix}"), 1.4, sizes)?);
    Ok(entries)
}

impl Pair {
    fn new(folder: Folder, key: Option<&Key>, before: u32) -> Result<Self, BenchError> {
        let store = open(&folder.file("store.db"), key)?;
        let shadow_path = folder.file("shadow.db");
        let shadow = open(&shadow_path, key)?;
        let source = Source::open(&shadow_path, key)?;
        let baseline = Baseline::create(&folder.file("raw.db"), &shadow_path, key)?;
        let mut pair = Self { store, baseline, shadow, source, next: 0, _folder: folder };
        pair.baseline.synchronous(Synchronous::Normal)?;
        for _ in 0..before {
            let (id, record, raw) = pair.upcoming()?;
            pair.store.create(id, corpus::author(pair.next), &record, &corpus::stamp(pair.next))?;
            pair.baseline.log(id, &raw)?;
            pair.next += 1;
        }
        Ok(pair)
    }

    /// The next record and its rows.
    fn upcoming(&mut self) -> Result<(RecordId, Record, RawRecord), BenchError> {
        let (n, record) = (self.next, Record::Contact(corpus::contact(self.next)));
        self.shadow.create(corpus::id(n), corpus::author(n), &record, &corpus::stamp(n))?;
        Ok((corpus::id(n), record, self.source.record(corpus::id(n))?))
    }

    fn logging(
        &mut self,
        name: &str,
        target: f64,
        sizes: &Sizes,
    ) -> Result<Vec<Entry>, BenchError> {
        self.compare(name, target, sizes, |pair, turn| {
            let (id, record, raw) = pair.upcoming()?;
            let n = pair.next;
            pair.next += 1;
            let (store, baseline) = (&mut pair.store, &mut pair.baseline);
            let (author, stamp) = (corpus::author(n), corpus::stamp(n));
            in_turn(
                turn,
                || Ok(store.create(id, author, &record, &stamp).map(drop)?),
                || baseline.log(id, &raw),
            )
        })
    }

    fn status(&mut self, name: &str, target: f64, sizes: &Sizes) -> Result<Vec<Entry>, BenchError> {
        self.compare(name, target, sizes, |pair, turn| {
            let dice = &mut Dice::new(u64::from(turn) ^ (1 << 50));
            pair.editing(turn, dice, |document_status| {
                let next = match document_status {
                    Some(Status::Nieuw) => Status::InBehandeling,
                    _ => Status::Nieuw,
                };
                Edit::Status(next).into_write()
            })
        })
    }

    fn appending(
        &mut self,
        name: &str,
        target: f64,
        sizes: &Sizes,
    ) -> Result<Vec<Entry>, BenchError> {
        self.compare(name, target, sizes, |pair, turn| {
            let dice = &mut Dice::new(u64::from(turn) ^ (1 << 51));
            let at = Timestamp::from_millis(corpus::at(pair.next).as_millis() + i64::from(turn));
            let entry = corpus::entry(dice, turn, at);
            pair.editing(turn, dice, |_| Edit::Append(entry).into_write())
        })
    }

    /// One edit of a record picked at random.
    fn editing(
        &mut self,
        turn: u32,
        dice: &mut Dice,
        write: impl FnOnce(Option<Status>) -> Write,
    ) -> Result<Turn, BenchError> {
        let n = dice.below(self.next);
        let id = corpus::id(n);
        let status = self.shadow.row(id)?.and_then(|row| row.status);
        let writes = [write(status)];
        let mut stamp = corpus::stamp(n);
        stamp.at = Timestamp::from_millis(corpus::at(self.next).as_millis() + i64::from(turn));
        let old = self.source.record(id)?;
        self.shadow.edit(id, &writes, &stamp)?;
        let update = self.baseline.difference(&old, &self.source.record(id)?)?;
        let (store, baseline) = (&mut self.store, &mut self.baseline);
        in_turn(
            turn,
            || Ok(store.edit(id, &writes, &stamp).map(drop)?),
            || baseline.update(id, &update),
        )
    }

    fn compare(
        &mut self,
        name: &str,
        target: f64,
        sizes: &Sizes,
        mut one: impl FnMut(&mut Self, u32) -> Result<Turn, BenchError>,
    ) -> Result<Vec<Entry>, BenchError> {
        let (mut ratios, mut means) = (vec![], vec![]);
        let (mut ours, mut theirs) = (vec![], vec![]);
        let mut turn = 0;
        for _ in 0..sizes.runs {
            let (mut store, mut baseline) = (Times::default(), Times::default());
            for _ in 0..sizes.writes_per_run {
                let times = one(self, turn)?;
                store.push(times.store);
                baseline.push(times.baseline);
                turn += 1;
            }
            ratios.push(store.median_us() / baseline.median_us());
            means.push(store.mean_us() / baseline.mean_us());
            ours.push(store.median_us());
            theirs.push(baseline.median_us());
        }
        let detail = format!(
            "median {:.0} µs against {:.0} µs",
            super::clock::median(&ours),
            super::clock::median(&theirs)
        );
        let with_checkpoints = "means, checkpoints included".to_owned();
        Ok(vec![
            Entry::new(name, "×", target, ratios, detail),
            Entry::explaining(&format!("{name}, mean"), "×", means, with_checkpoints),
        ])
    }
}

struct Turn {
    store: std::time::Duration,
    baseline: std::time::Duration,
}

/// Times both; every other turn the baseline begins.
fn in_turn(
    turn: u32,
    store: impl FnOnce() -> Result<(), BenchError>,
    baseline: impl FnOnce() -> Result<(), BenchError>,
) -> Result<Turn, BenchError> {
    if turn.is_multiple_of(2) {
        let ((), store) = wall(store)?;
        let ((), baseline) = wall(baseline)?;
        Ok(Turn { store, baseline })
    } else {
        let ((), baseline) = wall(baseline)?;
        let ((), store) = wall(store)?;
        Ok(Turn { store, baseline })
    }
}
