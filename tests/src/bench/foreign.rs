//! What the guard costs per foreign change, in processor time.

use wijkboek_crdt::{Document, ForeignChange, Limits, RawChange, Verdict, guard};
use wijkboek_model::{Edit, Record, Timestamp};

use super::clock::{Times, cpu};
use super::report::Entry;
use super::{BenchError, Sizes};
use crate::corpus::{self, Dice};

/// The rows "guard one foreign change".
///
/// # Errors
/// [`BenchError`].
pub fn figures(sizes: &Sizes) -> Result<Vec<Entry>, BenchError> {
    let (mut edits, mut appends, mut creations) = (vec![], vec![], vec![]);
    for run in 0..sizes.runs {
        let [mut edit, mut append, mut creation] = [(); 3].map(|()| Times::default());
        for n in run * sizes.guarded_per_run..(run + 1) * sizes.guarded_per_run {
            let (document, first) = short(n)?;
            let at = Timestamp::from_millis(corpus::at(n).as_millis() + 900_000_000);
            let stamp = wijkboek_crdt::Stamp { actor: corpus::stamp(n).actor, at };
            let mut colleague = document.clone();
            let people = [Edit::People(7).into_write()];
            let change = colleague.edit(&people, &stamp)?.ok_or(BenchError::NothingChanged)?;
            edit.push(judged(Some(&document), n, &change)?);
            let entry = corpus::entry(&mut Dice::new(u64::from(n) ^ (1 << 52)), n, at);
            let mut colleague = document.clone();
            let entry = [Edit::Append(entry).into_write()];
            let change = colleague.edit(&entry, &stamp)?.ok_or(BenchError::NothingChanged)?;
            append.push(judged(Some(&document), n, &change)?);
            creation.push(judged(None, n, &first)?);
        }
        edits.push(edit.median_us());
        appends.push(append.median_us());
        creations.push(creation.median_us());
    }
    let what =
        |what: &str| format!("median, {what} of a contact of 3.6 changes on average, loaded");
    Ok(vec![
        Entry::new("guard one foreign change, short record", "µs", 200.0, edits, what("an edit")),
        Entry::explaining(
            "guard one appended entry, short record",
            "µs",
            appends,
            what("an entry"),
        ),
        Entry::explaining(
            "guard a first change",
            "µs",
            creations,
            "median, the change that makes a contact".to_owned(),
        ),
    ])
}

/// A record with its history, and its first change.
fn short(n: u32) -> Result<(Document, RawChange), BenchError> {
    let record = Record::Contact(corpus::contact(n));
    let (mut document, first) =
        Document::create(corpus::id(n), corpus::author(n), &record, &corpus::stamp(n))?;
    for (writes, stamp) in corpus::edits(n) {
        document.edit(&writes, &stamp)?;
    }
    Ok((document, first))
}

fn judged(
    known: Option<&Document>,
    n: u32,
    change: &RawChange,
) -> Result<std::time::Duration, BenchError> {
    let foreign = [ForeignChange { announced: change.hash, bytes: &change.bytes }];
    let limits = Limits::default();
    let (verdicts, time) = cpu(|| guard(corpus::id(n), known, &foreign, &limits));
    match verdicts.as_slice() {
        [Verdict::Sound(_)] => Ok(time),
        _ => Err(BenchError::Refused),
    }
}
