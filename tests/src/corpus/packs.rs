//! The corpus in packs, as a server sends it in a cold sync: one audience class to a pack, sorted
//! by id, every change with a number as a log would have given it.

use std::collections::BTreeMap;
use std::sync::mpsc::{Receiver, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};

use wijkboek_crdt::{PackChange, PackDocument, write_pack};
use wijkboek_model::{AreaCode, Sensitivity, Timestamp};
use wijkboek_store::ArrivedPack;

use super::{at, changes, contact, edits, id};

/// One pack that is still to be made: the records in it, by their numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedPack {
    /// Where all of them lie.
    pub wijk: AreaCode,
    /// Which.
    pub records: Vec<u32>,
}

/// Which of the first `records` records come into which pack.
///
/// # Panics
/// When a buurt of the corpus lies in no wijk.
pub fn plan(records: u32) -> Vec<PlannedPack> {
    let mut classes: BTreeMap<AreaCode, Vec<u32>> = BTreeMap::new();
    for n in 0..records {
        let wijk = contact(n).buurt.wijk().expect("a buurt lies in a wijk");
        classes.entry(wijk).or_default().push(n);
    }
    let mut planned = vec![];
    for (wijk, mut all) in classes {
        all.sort_by_key(|n| id(*n));
        planned.extend(
            all.chunks(DOCUMENTS_PER_PACK)
                .map(|records| PlannedPack { wijk: wijk.clone(), records: records.to_vec() }),
        );
    }
    planned
}

/// Makes one pack.
///
/// # Panics
/// When the corpus cannot be packed.
pub fn pack(planned: &PlannedPack) -> ArrivedPack {
    let all: Vec<_> = planned.records.iter().map(|n| (*n, changes(*n))).collect();
    let documents: Vec<PackDocument<'_>> = all
        .iter()
        .map(|(n, changes)| {
            let times = std::iter::once(at(*n)).chain(edits(*n).into_iter().map(|(_, s)| s.at));
            let numbered = changes.iter().zip(times).map(|(change, at)| PackChange {
                hash: change.hash,
                bytes: &change.bytes,
                number: number(at),
            });
            PackDocument { id: id(*n), changes: numbered.collect() }
        })
        .collect();
    ArrivedPack {
        wijk: planned.wijk.clone(),
        sensitivity: Sensitivity::Gewoon,
        mac: Some([7; 32]),
        bytes: write_pack(&documents, LEVEL).expect("the corpus can be packed"),
    }
}

/// Makes packs on two threads, in whatever order they become ready; a few wait to be taken.
pub fn packs(records: u32) -> impl Iterator<Item = ArrivedPack> + Send {
    let planned = Arc::new(Mutex::new(plan(records).into_iter()));
    let (send, receive) = sync_channel(4);
    for _ in 0..2 {
        let (planned, send) = (Arc::clone(&planned), send.clone());
        std::thread::spawn(move || {
            let next = || planned.lock().unwrap_or_else(PoisonError::into_inner).next();
            while let Some(one) = next() {
                // Nobody takes packs any more when the other side is gone.
                if send.send(pack(&one)).is_err() {
                    break;
                }
            }
        });
    }
    Made(receive)
}

struct Made(Receiver<ArrivedPack>);

impl Iterator for Made {
    type Item = ArrivedPack;

    fn next(&mut self) -> Option<ArrivedPack> {
        self.0.recv().ok()
    }
}

/// A log that takes in 3.6 changes every five minutes numbers a change by its moment.
fn number(at: Timestamp) -> u64 {
    let since = at.as_millis() - super::at(0).as_millis() + 300_000;
    since.unsigned_abs() * 36 / 3_000_000 + 1
}

const DOCUMENTS_PER_PACK: usize = 500;
const LEVEL: i32 = 10;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_record_comes_into_one_pack_of_its_wijk() {
        let planned = plan(1_000);
        let mut all: Vec<u32> = planned.iter().flat_map(|p| p.records.clone()).collect();
        all.sort_unstable();
        assert_eq!(all, (0..1_000).collect::<Vec<_>>());
        let of_its_wijk = |p: &PlannedPack| {
            p.records.iter().all(|n| contact(*n).buurt.wijk().as_ref() == Some(&p.wijk))
        };
        assert!(planned.iter().all(of_its_wijk));
        assert_eq!(packs(1_000).count(), planned.len());
    }
}
