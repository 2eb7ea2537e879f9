//! Saving what can be read of a damaged database: unsent changes first of all.
//!
//! The damaged file is only read, and at the end renamed, never deleted. A change proves itself by
//! its hash and passes the guard, so nothing comes over that could not have been written. What the
//! server has is fetched again: the pull state does not come along.

mod carve;
mod pages;
mod salvage;
mod scan;

use std::fs;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags};

use crate::key::{DatabaseKey, check_fits, digest_path};
use crate::{OpenError, Store, StoreError, files};

use pages::Pages;
use salvage::Salvage;

/// What a rescue brought over, and what it could not.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RescueReport {
    /// Where the damaged database lies now; its log lies beside it.
    pub set_aside: PathBuf,
    /// Records that can be read again.
    pub records: usize,
    /// Changes that the server has.
    pub sent: usize,
    /// Changes that no server has, in the outbox again.
    pub unsent: usize,
    /// Changes that no server has and that wait until their record was fetched again.
    pub waiting: usize,
    /// Changes that no server has and of which the bytes, but not the record, could be read, or
    /// which the guard refused. What lay on unreadable pages nobody can count.
    pub lost: usize,
    /// Drafts.
    pub drafts: usize,
    /// What the server had refused.
    pub refused: usize,
    /// Attachments that can still be opened.
    pub attachments: usize,
    /// Small facts by name: without those on its account the device has to be enrolled again.
    pub facts: usize,
}

/// Why nothing was rescued. The damaged database is where it was.
#[derive(Debug, thiserror::Error)]
pub enum RescueError {
    /// There is no database there.
    #[error("there is no database")]
    Absent,
    /// The new database cannot be made.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// Writing into the new database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The files cannot be read or renamed.
    #[error("the database's files cannot be used")]
    Files(#[from] std::io::Error),
}

impl From<rusqlite::Error> for RescueError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Store(error.into())
    }
}

impl Store {
    /// Puts a new database in the place of a damaged one, with everything of it that can be read:
    /// the answer to [`OpenError::Damaged`]. `key` is the one that the damaged database has and the
    /// new one gets. Nobody may have it open. Its attachments stay where they are.
    ///
    /// New changes must be written by the next generation of this installation's actor: changes of
    /// the present one may be lost here and known to the server.
    ///
    /// Killed midway, the damaged database is still in its place, or the next opening finds the
    /// new one. Takes the memory of twice the file.
    ///
    /// # Errors
    /// [`RescueError`].
    pub fn rescue(path: &Path, key: Option<&DatabaseKey>) -> Result<RescueReport, RescueError> {
        finish(path)?;
        if !path.exists() {
            return Err(RescueError::Absent);
        }
        // Without this a wrong key would read nothing and put an empty database in its place.
        check_fits(path, key)?;
        let fresh = files::beside(path, FRESH);
        remove_database(&fresh)?;
        let salvage = match key {
            None => {
                let (file, log) = (fs::read(path)?, read(&files::beside(path, "-wal"))?);
                let pages = Pages::read(&file, &log);
                let newest = carve::rows(&pages, pages.newest());
                Salvage::of(newest, carve::rows(&pages, pages.older.iter().copied()))
            }
            Some(key) => Salvage::of(through_sqlite(path, key), vec![]),
        };
        let mut store = match key {
            None => Store::open(&fresh)?,
            Some(key) => Store::open_with_key(&fresh, key)?,
        };
        let mut report = RescueReport::default();
        salvage.write(&mut store, &mut report)?;
        store.checkpoint()?;
        drop(store);
        fs::File::open(&fresh)?.sync_all()?;
        report.set_aside = replace(path)?;
        let RescueReport { unsent, waiting, lost, .. } = &report;
        tracing::warn!(unsent, waiting, lost, "a damaged database was set aside and rescued from");
        Ok(report)
    }

    /// Renames a database of which the key is lost, with all that belongs to it, so that a new one
    /// can be made in its place: the answer to [`OpenError::WrongKey`]. Nothing is deleted; should
    /// the key be found, it can be put back. Answers its new name.
    ///
    /// # Errors
    /// When the files cannot be renamed.
    pub fn set_aside(path: &Path) -> std::io::Result<PathBuf> {
        let aside = free_name(path);
        // The log first: beside a new database it would be taken for that one's.
        for suffix in ["-wal", "", "-key-check", "-blobs"] {
            match fs::rename(files::beside(path, suffix), files::beside(&aside, suffix)) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error),
                Ok(()) | Err(_) => {}
            }
        }
        files::remove(&files::beside(path, "-shm"))?;
        files::sync_folder_of(path)?;
        Ok(aside)
    }
}

/// Ends a rescue that was killed after its result was whole: then there is no database in its
/// place, and the new one beside it.
pub(crate) fn finish(path: &Path) -> std::io::Result<()> {
    let fresh = files::beside(path, FRESH);
    if path.exists() || !fresh.exists() {
        return Ok(());
    }
    // The damaged one's; a copy lies aside.
    for suffix in ["-wal", "-shm"] {
        files::remove(&files::beside(path, suffix))?;
    }
    let digest = digest_path(&fresh);
    if digest.exists() {
        fs::rename(digest, digest_path(path))?;
    }
    for suffix in ["-wal", "-shm"] {
        files::remove(&files::beside(&fresh, suffix))?;
    }
    fs::rename(&fresh, path)?;
    files::sync_folder_of(path)
}

/// Renames the damaged database and puts the new one in its place.
fn replace(path: &Path) -> std::io::Result<PathBuf> {
    let aside = free_name(path);
    let log = files::beside(path, "-wal");
    if log.exists() {
        // A copy: without its log the damaged database would be read as something else, should
        // this end between two renames.
        let copy = files::beside(&aside, "-wal");
        fs::copy(&log, &copy)?;
        fs::File::open(&copy)?.sync_all()?;
    }
    fs::rename(path, &aside)?;
    files::sync_folder_of(path)?;
    finish(path)?;
    Ok(aside)
}

fn free_name(path: &Path) -> PathBuf {
    let mut n = 1_u64;
    loop {
        let name = files::beside(path, &format!("-damaged-{n}"));
        if !name.exists() {
            return name;
        }
        n += 1;
    }
}

fn remove_database(path: &Path) -> std::io::Result<()> {
    for suffix in ["", "-wal", "-shm", "-key-check"] {
        files::remove(&files::beside(path, suffix))?;
    }
    Ok(())
}

fn read(path: &Path) -> std::io::Result<Vec<u8>> {
    match fs::read(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(vec![]),
        other => other,
    }
}

/// What `SQLite` can still read of an encrypted database, which is not changed by it.
fn through_sqlite(path: &Path, key: &DatabaseKey) -> Vec<carve::Row> {
    let open = || -> Result<Connection, OpenError> {
        let db = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        db.set_db_config(rusqlite::config::DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
        crate::open::unlock(&db, key)?;
        Ok(db)
    };
    open().map(|db| scan::rows(&db)).unwrap_or_default()
}

/// Behind the name of a database that is being rescued into.
const FRESH: &str = "-rescued";
