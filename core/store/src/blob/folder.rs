//! The folder beside the database in which the sealed files lie.
//!
//! A file's name follows from its key and its hash, so it tells nothing about the content, and no
//! name is ever used for a second file: what is to be deleted is never what was written since.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};
use wijkboek_model::BlobHash;

use super::BlobKey;
use crate::files;

/// Names one file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct FileName([u8; 16]);

impl FileName {
    pub(super) fn of(key: &BlobKey, hash: BlobHash) -> Self {
        let digest: [u8; 32] = Sha256::new()
            .chain_update(DOMAIN)
            .chain_update(key.bytes())
            .chain_update(hash.as_bytes())
            .finalize()
            .into();
        let mut name = [0; 16];
        name.copy_from_slice(&digest[..16]);
        Self(name)
    }

    pub(super) fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    pub(super) fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }
}

/// The folder with the files of one database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Folder(PathBuf);

impl Folder {
    /// The one that belongs to the database in this file.
    pub(crate) fn beside(database: &Path) -> Self {
        let folder = files::beside(database, "-blobs");
        // The process may change its working directory later.
        Self(std::path::absolute(&folder).unwrap_or(folder))
    }

    pub(crate) fn at(path: PathBuf) -> Self {
        Self(path)
    }

    pub(super) fn make(&self) -> io::Result<()> {
        fs::create_dir_all(&self.0)
    }

    pub(super) fn exists(&self) -> bool {
        self.0.is_dir()
    }

    /// Where a file lies: two levels deep, so that no folder grows long.
    pub(super) fn path(&self, name: FileName) -> PathBuf {
        let [one, two, ..] = name.0;
        let spelled = format!("{:032x}", u128::from_be_bytes(name.0));
        self.0.join(format!("{one:02x}")).join(format!("{two:02x}")).join(spelled)
    }

    /// Writes a file: under another name first, synced, renamed, and every folder down to it
    /// synced. On an error nothing is left of it.
    pub(super) fn write<T, E: From<io::Error>>(
        &self,
        name: FileName,
        fill: impl FnOnce(&mut File) -> Result<T, E>,
    ) -> Result<T, E> {
        let path = self.path(name);
        let parents: Vec<&Path> = path.ancestors().skip(1).take(3).collect();
        fs::create_dir_all(parents[0])?;
        let written = files::write_with(&path, fill)?;
        for parent in parents {
            files::sync_folder_of(parent)?;
        }
        Ok(written)
    }

    /// Deletes a file, whole or half written; no error when there is none.
    pub(super) fn remove(&self, name: FileName) -> io::Result<()> {
        let path = self.path(name);
        files::remove(&files::beside(&path, files::FRESH))?;
        if path.exists() {
            files::remove(&path)?;
            files::sync_folder_of(&path)?;
        }
        Ok(())
    }

    /// Whether there is a file of this length.
    pub(super) fn holds(&self, name: FileName, length: u64) -> bool {
        fs::metadata(self.path(name)).is_ok_and(|found| found.is_file() && found.len() == length)
    }
}

const DOMAIN: &[u8] = b"wijkboek blob file name 1\0";
