//! Where the time of a write goes: each part done alone, in memory and at NORMAL, so that no disk
//! hides it. What is left over is what only the store does: the rows of document, change and
//! outbox, and keeping what was loaded.

use wijkboek_crdt::{ChangeInfo, Document, Stamp};
use wijkboek_model::{Edit, Record, Timestamp};

use super::baseline::{Baseline, Source, Synchronous};
use super::clock::{Times, wall};
use super::files::{Folder, open};
use super::report::Entry;
use super::{BenchError, Sizes};
use crate::corpus::{self, Dice};

/// The parts of logging a contact and of appending an entry.
///
/// # Errors
/// [`BenchError`].
pub fn figures(sizes: &Sizes) -> Result<Vec<Entry>, BenchError> {
    let mut entries = creating(sizes)?;
    entries.extend(appending(sizes)?);
    Ok(entries)
}

fn creating(sizes: &Sizes) -> Result<Vec<Entry>, BenchError> {
    let folder = Folder::in_memory("phases")?;
    let model = folder.file("model.db");
    let mut shadow = open(&model, None)?;
    let source = Source::open(&model, None)?;
    let mut baseline = Baseline::create(&folder.file("raw.db"), &model, None)?;
    baseline.synchronous(Synchronous::Normal)?;
    let [mut document, mut header, mut view, mut rows, mut whole] =
        [(); 5].map(|()| Times::default());
    let mut store = open(&folder.file("store.db"), None)?;
    for n in 0..sizes.before_writing {
        let (id, author, stamp) = (corpus::id(n), corpus::author(n), corpus::stamp(n));
        let record = Record::Contact(corpus::contact(n));
        shadow.create(id, author, &record, &stamp)?;
        let raw = source.record(id)?;
        let ((made, change), time) = wall(|| Document::create(id, author, &record, &stamp))?;
        document.push(time);
        header.push(wall(|| Ok::<_, BenchError>(ChangeInfo::read(&change.bytes)))?.1);
        view.push(wall(|| Ok::<_, BenchError>(made.view()))?.1);
        rows.push(wall(|| baseline.log(id, &raw))?.1);
        whole.push(wall(|| store.create(id, author, &record, &stamp))?.1);
    }
    Ok(split(
        "create",
        &[("document", document), ("header", header), ("view", view)],
        &rows,
        &whole,
    ))
}

fn appending(sizes: &Sizes) -> Result<Vec<Entry>, BenchError> {
    let folder = Folder::in_memory("phases")?;
    let model = folder.file("model.db");
    let mut store = open(&model, None)?;
    let source = Source::open(&model, None)?;
    let mut baseline = Baseline::create(&folder.file("raw.db"), &model, None)?;
    baseline.synchronous(Synchronous::Normal)?;
    for n in 0..sizes.before_writing {
        let record = Record::Contact(corpus::contact(n));
        store.create(corpus::id(n), corpus::author(n), &record, &corpus::stamp(n))?;
        baseline.log(corpus::id(n), &source.record(corpus::id(n))?)?;
    }
    let [mut load, mut edit, mut view, mut rows, mut whole] = [(); 5].map(|()| Times::default());
    let dice = &mut Dice::new(1 << 53);
    for turn in 0..sizes.writes_per_run {
        let n = dice.below(sizes.before_writing);
        let id = corpus::id(n);
        let at = Timestamp::from_millis(
            corpus::at(sizes.before_writing).as_millis() + i64::from(turn) * 1_000,
        );
        let stamp = Stamp { at, ..corpus::stamp(n) };
        let writes = [Edit::Append(corpus::entry(dice, n, at)).into_write()];
        let changes = store.changes(id)?;
        let (mut document, time) =
            wall(|| Document::load(id, changes.iter().map(|change| change.bytes.as_slice())))?;
        load.push(time);
        edit.push(wall(|| document.edit(&writes, &stamp))?.1);
        view.push(wall(|| Ok::<_, BenchError>(document.view()))?.1);
        let old = source.record(id)?;
        whole.push(wall(|| store.edit(id, &writes, &stamp))?.1);
        let update = baseline.difference(&old, &source.record(id)?)?;
        rows.push(wall(|| baseline.update(id, &update))?.1);
    }
    Ok(split("append", &[("load", load), ("edit", edit), ("view", view)], &rows, &whole))
}

fn split(what: &str, parts: &[(&str, Times)], rows: &Times, whole: &Times) -> Vec<Entry> {
    let one = |part: &str, us: f64| {
        let detail = "median, NORMAL in memory, plain".to_owned();
        Entry::explaining(&format!("{what}, part: {part}"), "µs", vec![us], detail)
    };
    let mut rest = whole.median_us() - rows.median_us();
    let mut entries = vec![];
    for (part, times) in parts {
        rest -= times.median_us();
        entries.push(one(part, times.median_us()));
    }
    entries.push(one("read model, counts and search (the baseline)", rows.median_us()));
    entries.push(one("rest: rows of document, change and outbox", rest));
    entries.push(one("whole", whole.median_us()));
    entries
}
