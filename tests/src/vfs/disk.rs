//! The disk itself: files, what of them is safe, and what is to fail. No `SQLite` in here.

use std::collections::BTreeMap;

use super::locks::Locks;
use crate::corpus::Dice;

/// What happens to an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failure {
    /// The power is cut during it: nothing after it reaches the disk, and nothing answers.
    Power,
    /// The disk is full from now on: files do not grow any more.
    Full,
    /// It fails with an I/O error, once.
    Io,
    /// It and every changing operation after it fail with an I/O error.
    Broken,
}

/// The files of a disk at one moment.
#[derive(Debug, Clone, Default)]
pub struct Snapshot(BTreeMap<String, Vec<u8>>);

/// Why the disk refuses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refused {
    Full,
    Io,
}

#[derive(Debug, Clone, Default)]
struct File {
    /// As programs see it.
    content: Vec<u8>,
    /// As it was when it was last synced; none before that.
    safe: Option<Vec<u8>>,
    /// What happened since.
    since: Vec<Unsynced>,
}

#[derive(Debug, Clone)]
enum Unsynced {
    Write(usize, Vec<u8>),
    Truncate(usize),
}

#[derive(Debug)]
pub(super) struct Disk {
    files: BTreeMap<String, File>,
    /// Removed, but the folder was not synced.
    removed: BTreeMap<String, Vec<u8>>,
    pub(super) locks: BTreeMap<String, Locks>,
    pub(super) open: usize,
    pub(super) dice: Dice,
    pub(super) time: i64,
    operations: u64,
    reads: u64,
    plan: Option<(u64, Failure)>,
    read_plan: Option<u64>,
    room: Option<usize>,
    broken: bool,
    failed: bool,
}

impl Disk {
    pub(super) fn new(seed: u64, snapshot: &Snapshot) -> Self {
        let file = |content: &Vec<u8>| File {
            content: content.clone(),
            safe: Some(content.clone()),
            since: vec![],
        };
        Self {
            files: snapshot.0.iter().map(|(name, bytes)| (name.clone(), file(bytes))).collect(),
            removed: BTreeMap::new(),
            locks: BTreeMap::new(),
            open: 0,
            dice: Dice::new(seed),
            time: 0,
            operations: 0,
            reads: 0,
            plan: None,
            read_plan: None,
            room: None,
            broken: false,
            failed: false,
        }
    }

    pub(super) fn put(&mut self, name: &str, content: &[u8]) {
        let (content, safe) = (content.to_vec(), Some(content.to_vec()));
        self.files.insert(name.to_owned(), File { content, safe, since: vec![] });
    }

    pub(super) fn snapshot(&self) -> Snapshot {
        let files = self.files.iter().map(|(name, file)| (name.clone(), file.content.clone()));
        Snapshot(files.collect())
    }

    pub(super) fn fail_after(&mut self, n: u64, failure: Failure) {
        self.plan = Some((self.operations + n, failure));
        self.failed = false;
    }

    pub(super) fn fail_read_after(&mut self, n: u64) {
        self.read_plan = Some(self.reads + n);
        self.failed = false;
    }

    pub(super) fn repair(&mut self) {
        (self.plan, self.read_plan, self.room, self.broken) = (None, None, None, false);
    }

    pub(super) fn operations(&self) -> u64 {
        self.operations
    }

    pub(super) fn reads(&self) -> u64 {
        self.reads
    }

    pub(super) fn has_failed(&self) -> bool {
        self.failed
    }

    pub(super) fn exists(&self, name: &str) -> bool {
        self.files.contains_key(name)
    }

    pub(super) fn length(&self, name: &str) -> usize {
        self.files.get(name).map_or(0, |file| file.content.len())
    }

    pub(super) fn create(&mut self, name: &str) -> Result<(), Refused> {
        self.changing(|disk| {
            disk.files.insert(name.to_owned(), File::default());
        })
    }

    pub(super) fn remove(&mut self, name: &str, sync_folder: bool) -> Result<(), Refused> {
        self.changing(|disk| {
            let file = disk.files.remove(name);
            if sync_folder {
                disk.removed.clear();
            } else if let Some(safe) = file.and_then(|file| file.safe) {
                disk.removed.insert(name.to_owned(), safe);
            }
        })
    }

    /// Fills the buffer; what lies behind the end reads as zeros. Answers whether all of it was
    /// there.
    pub(super) fn read(
        &mut self,
        name: &str,
        offset: usize,
        buffer: &mut [u8],
    ) -> Result<bool, Refused> {
        let n = self.reads;
        self.reads += 1;
        if self.read_plan.is_some_and(|at| at == n) {
            self.read_plan = None;
            self.failed = true;
            return Err(Refused::Io);
        }
        if self.broken {
            return Err(Refused::Io);
        }
        let content = self.files.get(name).map_or(&[][..], |file| &file.content);
        let there = content.get(offset..).unwrap_or_default();
        let count = there.len().min(buffer.len());
        buffer[..count].copy_from_slice(&there[..count]);
        buffer[count..].fill(0);
        Ok(count == buffer.len())
    }

    pub(super) fn write(&mut self, name: &str, offset: usize, bytes: &[u8]) -> Result<(), Refused> {
        let grows = (offset + bytes.len()).saturating_sub(self.length(name));
        self.changing_by(grows, |disk| {
            if let Some(file) = disk.files.get_mut(name) {
                overwrite(&mut file.content, offset, bytes);
                file.since.push(Unsynced::Write(offset, bytes.to_vec()));
            }
        })
    }

    pub(super) fn truncate(&mut self, name: &str, length: usize) -> Result<(), Refused> {
        self.changing(|disk| {
            if let Some(file) = disk.files.get_mut(name) {
                file.content.resize(length, 0);
                file.since.push(Unsynced::Truncate(length));
            }
        })
    }

    pub(super) fn sync(&mut self, name: &str) -> Result<(), Refused> {
        let power_is_cut_here = self
            .plan
            .is_some_and(|(at, failure)| at == self.operations && failure == Failure::Power);
        self.changing(|disk| {
            // Cut during a sync: it never finished.
            if !power_is_cut_here && let Some(file) = disk.files.get_mut(name) {
                // The first sync of a new file also syncs the folder, as SQLite does on Unix.
                if file.safe.is_none() {
                    disk.removed.clear();
                }
                file.safe = Some(file.content.clone());
                file.since.clear();
            }
        })
    }

    pub(super) fn crash(&mut self) {
        assert_eq!(self.open, 0, "a database on a disk that loses power is still open");
        self.repair();
        self.locks.clear();
        let names: Vec<String> = self.files.keys().cloned().collect();
        for name in names {
            let Some(mut file) = self.files.remove(&name) else { continue };
            let unnamed = file.safe.is_none();
            if unnamed && self.dice.below(2) == 0 {
                continue;
            }
            let mut content = file.safe.take().unwrap_or_default();
            // All of it, none of it, or any part.
            let mood = self.dice.below(4);
            for operation in &file.since {
                survive(&mut content, operation, mood, &mut self.dice);
            }
            self.put(&name, &content);
        }
        for (name, content) in std::mem::take(&mut self.removed) {
            if self.dice.below(2) == 0 && !self.files.contains_key(&name) {
                self.put(&name, &content);
            }
        }
    }

    fn changing(&mut self, work: impl FnOnce(&mut Self)) -> Result<(), Refused> {
        self.changing_by(0, work)
    }

    /// Counts one changing operation, and does it unless it is to fail.
    fn changing_by(&mut self, grows: usize, work: impl FnOnce(&mut Self)) -> Result<(), Refused> {
        if self.broken {
            return Err(Refused::Io);
        }
        let n = self.operations;
        self.operations += 1;
        if let Some((at, failure)) = self.plan
            && at == n
        {
            self.plan = None;
            self.failed = true;
            match failure {
                Failure::Power => {
                    work(self);
                    self.broken = true;
                    return Err(Refused::Io);
                }
                Failure::Full => self.room = Some(0),
                Failure::Io => return Err(Refused::Io),
                Failure::Broken => {
                    self.broken = true;
                    return Err(Refused::Io);
                }
            }
        }
        if let Some(room) = &mut self.room {
            if grows > *room {
                return Err(Refused::Full);
            }
            *room -= grows;
        }
        work(self);
        Ok(())
    }
}

fn overwrite(content: &mut Vec<u8>, offset: usize, bytes: &[u8]) {
    let end = offset + bytes.len();
    if content.len() < end {
        content.resize(end, 0);
    }
    content[offset..end].copy_from_slice(bytes);
}

/// Does an unsynced operation again, as far as chance lets it survive.
fn survive(content: &mut Vec<u8>, operation: &Unsynced, mood: u32, dice: &mut Dice) {
    let mut lucky = || match mood {
        0 => false,
        1 => true,
        _ => dice.below(2) == 0,
    };
    match operation {
        Unsynced::Truncate(length) => {
            if lucky() {
                content.resize(*length, 0);
            }
        }
        Unsynced::Write(offset, bytes) => {
            for (n, sector) in bytes.chunks(SECTOR_BYTES).enumerate() {
                if lucky() {
                    overwrite(content, offset + n * SECTOR_BYTES, sector);
                }
            }
        }
    }
}

const SECTOR_BYTES: usize = 512;
