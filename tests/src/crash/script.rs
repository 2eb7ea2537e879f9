//! A session of a phone, step by step, and what of it was acknowledged.
//!
//! The steps are the same in every run. A step that fails was not acknowledged and may have
//! happened all the same (the answer was lost) or not at all, but never by half.

use wijkboek_crdt::{Document, PackChange, PackDocument, PackLimits, RawChange, Stamp, write_pack};
use wijkboek_model::{
    ActorId, AreaCode, ChangeHash, Contact, Edit, InstallId, Record, RecordId, Sensitivity, Status,
    Timestamp,
};
use wijkboek_store::{
    Arrived, ArrivedPack, Compaction, Ingest, Outcome, Settled, Store, StoreError,
};

use crate::corpus::{self, Dice};

/// What was acknowledged so far.
#[derive(Debug, Clone, Default)]
pub struct Acknowledged {
    /// Own changes; they lie in the outbox until they are settled.
    pub own: Vec<(RecordId, ChangeHash)>,
    /// Those of them that the server has.
    pub settled: Vec<(RecordId, ChangeHash)>,
    /// Changes from the server. They can be fetched again, so a power cut may take the last.
    pub fetched: Vec<(RecordId, ChangeHash)>,
    /// The draft.
    pub draft: Option<String>,
    /// Records that the server took back.
    pub forgotten: Vec<RecordId>,
    /// What a settlement was about whose answer was lost.
    pub settling: Vec<(RecordId, ChangeHash)>,
    /// What was to be forgotten when the answer was lost.
    pub forgetting: Vec<RecordId>,
    /// How many records lie in packs because they were moved there.
    pub packed: usize,
}

/// How many steps a session has.
pub const STEPS: u32 = 28;

/// After so many the same kinds of step come again.
pub const STEPS_PER_TURN: u32 = 14;

/// Does one step, and notes what it acknowledged.
///
/// # Errors
/// [`StoreError`]; nothing is noted then.
///
/// # Panics
/// When the rules of the records no longer allow what is written here.
pub fn step(store: &mut Store, n: u32, noted: &mut Acknowledged) -> Result<(), StoreError> {
    match n % STEPS_PER_TURN {
        0 | 1 | 4 => create(store, n, noted),
        2 | 7 => edit(store, n, noted, Edit::Status(Status::InBehandeling)),
        3 => {
            let entry = corpus::entry(&mut Dice::new(u64::from(n)), n, corpus::at(n));
            edit(store, n, noted, Edit::Append(entry))
        }
        5 => {
            let draft = format!("concept {n:03}");
            store.save_draft("nieuw", &draft)?;
            noted.draft = Some(draft);
            Ok(())
        }
        6 | 10 => fetch(store, n, noted),
        8 => settle(store, noted),
        9 => forget(store, noted),
        11 => fetch_packs(store, n, noted),
        12 => {
            let budget = Compaction { documents_max: 8, documents_min: 2, changes_kept: 0 };
            noted.packed += store.compact(&budget)?.documents;
            Ok(())
        }
        _ => store.checkpoint().map(drop),
    }
}

fn create(store: &mut Store, n: u32, noted: &mut Acknowledged) -> Result<(), StoreError> {
    let record = Record::Contact(corpus::contact(n));
    let id = corpus::id(n);
    let change = store.create(id, corpus::author(n), &record, &stamp(n))?;
    noted.own.push((id, change.hash));
    Ok(())
}

fn edit(store: &mut Store, n: u32, noted: &mut Acknowledged, edit: Edit) -> Result<(), StoreError> {
    let dice = &mut Dice::new(u64::from(n) ^ (1 << 60));
    let Some((id, _)) = (!noted.own.is_empty()).then(|| *dice.pick(&noted.own)) else {
        return Ok(());
    };
    // A record may have been settled and forgotten meanwhile.
    if store.row(id)?.is_none() {
        return Ok(());
    }
    if let Some(change) = store.edit(id, &[edit.into_write()], &stamp(n))? {
        noted.own.push((id, change.hash));
    }
    Ok(())
}

fn fetch(store: &mut Store, n: u32, noted: &mut Acknowledged) -> Result<(), StoreError> {
    let mut batch = Ingest { pull_state: Some(n.to_be_bytes().to_vec()), ..Ingest::default() };
    for m in [1_000 + n * 2, 1_001 + n * 2] {
        // In one wijk, so that they come into one pack when they are cold.
        for (k, change) in (1..).zip(foreign_in(m, &buurt())) {
            let number = u64::from(m) * 10 + k;
            batch.changes.push(Arrived { id: corpus::id(m), number, mac: Some([7; 32]), change });
        }
    }
    store.ingest(&batch)?;
    noted.fetched.extend(batch.changes.iter().map(|arrived| (arrived.id, arrived.change.hash)));
    Ok(())
}

fn settle(store: &mut Store, noted: &mut Acknowledged) -> Result<(), StoreError> {
    let outcome = |n: usize| Outcome::Accepted { number: n as u64 + 1, mac: Some([9; 32]) };
    let open = noted.own.iter().filter(|own| !noted.settled.contains(own)).take(4);
    let settled: Vec<Settled> = open
        .enumerate()
        .map(|(n, (id, hash))| Settled { id: *id, hash: *hash, outcome: outcome(n) })
        .collect();
    noted.settling.extend(settled.iter().map(|settled| (settled.id, settled.hash)));
    store.settle(&settled)?;
    noted.settled.extend(settled.iter().map(|settled| (settled.id, settled.hash)));
    Ok(())
}

fn forget(store: &mut Store, noted: &mut Acknowledged) -> Result<(), StoreError> {
    let Some((id, _)) = noted.fetched.iter().find(|(id, _)| !noted.forgotten.contains(id)) else {
        return Ok(());
    };
    let id = *id;
    noted.forgetting.push(id);
    store.ingest(&Ingest { forget: vec![id], ..Ingest::default() })?;
    noted.forgotten.push(id);
    Ok(())
}

fn fetch_packs(store: &mut Store, n: u32, noted: &mut Acknowledged) -> Result<(), StoreError> {
    let packs = [2_000 + n * 6, 2_003 + n * 6].map(|m| foreign_pack(m..m + 3));
    let arrived = packs.clone().into_iter().map(|made| made.pack);
    store.ingest_packs(arrived, &PackLimits::default())?;
    noted.fetched.extend(packs.into_iter().flat_map(|made| made.changes));
    Ok(())
}

/// A pack, and which changes are in it.
#[derive(Debug, Clone)]
pub(super) struct ForeignPack {
    pub(super) pack: ArrivedPack,
    pub(super) changes: Vec<(RecordId, ChangeHash)>,
}

/// Colleagues' records in one pack.
pub(super) fn foreign_pack(records: std::ops::Range<u32>) -> ForeignPack {
    let made: Vec<(u32, Vec<RawChange>)> = records.map(|m| (m, foreign_in(m, &buurt()))).collect();
    let documents: Vec<PackDocument<'_>> = made
        .iter()
        .map(|(m, changes)| PackDocument {
            id: corpus::id(*m),
            changes: (1..)
                .zip(changes)
                .map(|(k, change)| PackChange {
                    hash: change.hash,
                    bytes: &change.bytes,
                    number: u64::from(*m) * 10 + k,
                })
                .collect(),
        })
        .collect();
    let pack = ArrivedPack {
        wijk: buurt().wijk().expect("a buurt lies in a wijk"),
        sensitivity: Sensitivity::Gewoon,
        mac: Some([7; 32]),
        bytes: write_pack(&documents, 3).expect("sound documents"),
    };
    let id = |(m, changes): (u32, Vec<RawChange>)| {
        changes.into_iter().map(move |change| (corpus::id(m), change.hash))
    };
    ForeignPack { pack, changes: made.into_iter().flat_map(id).collect() }
}

fn buurt() -> AreaCode {
    corpus::buurten().next().expect("the corpus has buurten")
}

/// A colleague's record.
pub(super) fn foreign(m: u32) -> Vec<RawChange> {
    foreign_in(m, &corpus::contact(m).buurt)
}

fn foreign_in(m: u32, buurt: &AreaCode) -> Vec<RawChange> {
    let record = Record::Contact(Contact { buurt: buurt.clone(), ..corpus::contact(m) });
    let created = Document::create(corpus::id(m), corpus::author(m), &record, &corpus::stamp(m));
    let (mut document, first) = created.expect("a sound contact");
    let later =
        Stamp { at: Timestamp::from_millis(corpus::at(m).as_millis() + 1), ..corpus::stamp(m) };
    let write = Edit::Status(Status::InBehandeling).into_write();
    let change = document.edit(&[write], &later).expect("a sound edit");
    std::iter::once(first).chain(change).collect()
}

fn stamp(n: u32) -> Stamp {
    Stamp { actor: ActorId::of(InstallId::new([3; 12]), 0), at: corpus::at(n) }
}

/// Whether a change from the server must be here after what happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fetched {
    /// The process went on or was killed: everything is here.
    Kept,
    /// The power was cut: the last of it may be gone, to be fetched again.
    MayBeLost,
}

/// Compares a store with what was acknowledged; names everything that does not hold.
///
/// # Errors
/// [`StoreError`], when the store cannot be read.
pub fn violations(
    store: &mut Store,
    noted: &Acknowledged,
    fetched: Fetched,
) -> Result<Vec<String>, StoreError> {
    let mut broken = vec![];
    let here = |store: &Store, id: RecordId, hash: ChangeHash| {
        Ok::<bool, StoreError>(store.changes(id)?.iter().any(|change| change.hash == hash))
    };
    for (id, hash) in &noted.own {
        if !here(store, *id, *hash)? {
            broken.push(format!("own change {hash} of {id} is lost"));
        }
    }
    let outbox = store.outbox(usize::MAX, usize::MAX)?;
    for own in noted.own.iter().filter(|own| !noted.settled.contains(own)) {
        let waits = outbox.iter().any(|item| (item.id, item.change.hash) == *own);
        // The answer to a settlement may have been lost; then the server has it.
        if !waits && !noted.settling.contains(own) {
            broken.push(format!("own change {} left the outbox", own.1));
        }
    }
    for (id, hash) in &noted.settled {
        if outbox.iter().any(|item| (item.id, item.change.hash) == (*id, *hash)) {
            broken.push(format!("settled change {hash} is in the outbox"));
        }
    }
    if fetched == Fetched::Kept {
        for (id, hash) in noted.fetched.iter().filter(|(id, _)| !noted.forgotten.contains(id)) {
            // A forget whose answer was lost may have happened, but then to all of the record.
            let may_be_gone = noted.forgetting.contains(id) && store.row(*id)?.is_none();
            if !here(store, *id, *hash)? && !may_be_gone {
                broken.push(format!("fetched change {hash} of {id} is lost"));
            }
        }
    }
    for id in &noted.forgotten {
        // It may come back with a power cut that takes a forget back: that is asked for again.
        if fetched == Fetched::Kept && store.row(*id)?.is_some() {
            broken.push(format!("forgotten record {id} is still here"));
        }
    }
    let draft = store.draft("nieuw")?;
    if noted.draft.is_some() && draft < noted.draft {
        broken.push(format!("draft {:?} became {draft:?}", noted.draft));
    }
    let report = store.rebuild()?;
    if !report.is_clean() {
        broken.push(format!("the index differs from its rebuild: {report:?}"));
    }
    Ok(broken)
}
