//! A disk in memory that fills up, fails and loses power when it is told to, for `SQLite`.
//!
//! A database opens on it by [`FaultyDisk::path`], a URI that names the disk; nothing in the store
//! knows of it. Everything follows from the seed and from what is asked of the disk: the same
//! session on the same seed fails in the same place and leaves the same bytes.
//!
//! What is modelled: a write that was not synced may survive a power cut wholly, in part (sectors
//! of 512 bytes, any subset of them) or not at all, and so may a truncation, a new file's name and
//! a removal; what was synced survives. A full disk refuses to grow files, not to overwrite them.
//! Shared memory (for write-ahead logs) and locks work between connections of this process.
//!
//! Two crates were looked at first: one for plug-in file systems offers no shared memory, and one
//! for memory only is made for browsers and has no unsynced state.

mod disk;
mod locks;
mod shim;

use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use disk::Disk;
pub use disk::{Failure, Snapshot};
use shim::Registered;

/// A disk with files on it, registered with `SQLite` until it is dropped.
///
/// Databases on it must be closed before it is.
#[derive(Debug)]
pub struct FaultyDisk {
    disk: Arc<Mutex<Disk>>,
    registered: Registered,
}

impl FaultyDisk {
    /// An empty disk.
    ///
    /// # Panics
    /// When `SQLite` takes no further file system.
    pub fn new(seed: u64) -> Self {
        Self::from_snapshot(seed, &Snapshot::default())
    }

    /// A disk with the files of another one.
    ///
    /// # Panics
    /// When `SQLite` takes no further file system.
    pub fn from_snapshot(seed: u64, snapshot: &Snapshot) -> Self {
        let disk = Arc::new(Mutex::new(Disk::new(seed, snapshot)));
        let registered = Registered::new(Arc::clone(&disk)).expect("a file system is registered");
        Self { disk, registered }
    }

    /// How a file on this disk is called when a database is opened.
    pub fn path(&self, name: &str) -> PathBuf {
        PathBuf::from(format!("file:/{name}?vfs={}", self.registered.name()))
    }

    /// Puts a file onto the disk, synced.
    pub fn put(&self, name: &str, content: &[u8]) {
        self.lock().put(&format!("/{name}"), content);
    }

    /// The files as programs see them now, synced or not.
    pub fn snapshot(&self) -> Snapshot {
        self.lock().snapshot()
    }

    /// Fails at the n-th changing operation from now (0 is the next): writes, truncations, syncs,
    /// new files and removals count, in this order of their happening.
    pub fn fail_after(&self, n: u64, failure: Failure) {
        self.lock().fail_after(n, failure);
    }

    /// Fails the n-th read from now (0 is the next) with an I/O error, once.
    pub fn fail_read_after(&self, n: u64) {
        self.lock().fail_read_after(n);
    }

    /// Takes back what was told to fail, and gives the disk room again.
    pub fn repair(&self) {
        self.lock().repair();
    }

    /// How many changing operations there were.
    pub fn operations(&self) -> u64 {
        self.lock().operations()
    }

    /// How many reads there were.
    pub fn reads(&self) -> u64 {
        self.lock().reads()
    }

    /// Whether what was told to fail has failed.
    pub fn has_failed(&self) -> bool {
        self.lock().has_failed()
    }

    /// The power returns after a cut (or is cut now): what was not synced survives by chance.
    ///
    /// # Panics
    /// When a database on it is still open.
    pub fn crash(&self) {
        self.lock().crash();
    }

    fn lock(&self) -> MutexGuard<'_, Disk> {
        self.disk.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests;
