//! Files that appear whole or not at all.
//!
//! A file is written under another name, synced, renamed, and its folder synced: after a power cut
//! there is the old one or the new one, never half of one.

use std::fs::{self, File};
#[cfg(feature = "sqlcipher")]
use std::io::Write;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// Writes a file whole, in place of what stood there.
#[cfg(feature = "sqlcipher")]
pub(crate) fn write_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    write_with(path, |file| file.write_all(bytes))
}

/// Writes a file by what `fill` does, in place of what stood there. On an error what stood there
/// still does, and nothing else.
pub(crate) fn write_with<T, E: From<io::Error>>(
    path: &Path,
    fill: impl FnOnce(&mut File) -> Result<T, E>,
) -> Result<T, E> {
    let fresh = beside(path, FRESH);
    let written = (|| -> Result<T, E> {
        let mut file = File::create(&fresh)?;
        let written = fill(&mut file)?;
        file.sync_all()?;
        fs::rename(&fresh, path)?;
        Ok(written)
    })();
    if written.is_err() {
        // A full disk must not stay full of our own halves.
        let _ = fs::remove_file(&fresh);
    }
    let written = written?;
    sync_folder_of(path)?;
    Ok(written)
}

/// Makes a rename, a new file or a removal in this file's folder survive a power cut.
pub(crate) fn sync_folder_of(path: &Path) -> io::Result<()> {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => File::open(folder)?.sync_all(),
        Some(_) | None => File::open(".")?.sync_all(),
    }
}

/// Removes a file; no error when there is none.
pub(crate) fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other,
    }
}

/// This path with something behind its name.
pub(crate) fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

/// The first bytes of a file; none when there is no file or it is empty. What lacks of a shorter
/// file is zero.
pub(crate) fn start_of<const N: usize>(path: &Path) -> io::Result<Option<[u8; N]>> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    let mut start = Vec::with_capacity(N);
    file.take(N as u64).read_to_end(&mut start)?;
    if start.is_empty() {
        return Ok(None);
    }
    start.resize(N, 0);
    Ok(start.try_into().ok())
}

/// Whether an error says that there is no space left.
pub(crate) fn is_full(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded)
}

/// Behind the name of a file that is still being written.
pub(crate) const FRESH: &str = ".new";
