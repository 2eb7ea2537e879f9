//! Where the databases of a benchmark lie, and the key under which they do.

use std::path::{Path, PathBuf};

use wijkboek_store::{DatabaseKey, Store};

use super::BenchError;

/// A raw 32-byte key, as a platform's keystore would give it.
#[derive(Clone)]
pub struct Key([u8; 32]);

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Key")
    }
}

impl Key {
    /// The one key that benchmarks use; it protects nothing.
    pub fn invented() -> Self {
        Self([0x5a; 32])
    }

    /// The key as `SQLCipher` reads it.
    pub fn hex(&self) -> String {
        self.0.iter().fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"))
    }
}

/// A folder that is emptied before and after.
#[derive(Debug)]
pub struct Folder(PathBuf);

impl Folder {
    /// On the disk, where a sync costs what it costs.
    ///
    /// # Errors
    /// [`BenchError::Io`].
    pub fn on_disk(root: &Path, name: &str) -> Result<Self, BenchError> {
        Self::at(root.join(name))
    }

    /// In memory, where a sync costs nothing.
    ///
    /// # Errors
    /// [`BenchError::Io`], also where there is no such place.
    pub fn in_memory(name: &str) -> Result<Self, BenchError> {
        Self::at(
            Path::new("/dev/shm").join(format!("wijkboek-bench-{}", std::process::id())).join(name),
        )
    }

    fn at(path: PathBuf) -> Result<Self, BenchError> {
        if path.exists() {
            std::fs::remove_dir_all(&path)?;
        }
        std::fs::create_dir_all(&path)?;
        Ok(Self(path))
    }

    /// A file in it.
    pub fn file(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // What stays behind is emptied by the next run.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Opens a store, encrypted when there is a key.
///
/// # Errors
/// [`BenchError`].
pub fn open(path: &Path, key: Option<&Key>) -> Result<Store, BenchError> {
    match key {
        None => Ok(Store::open(path)?),
        Some(key) => Ok(Store::open_with_key(path, &DatabaseKey::new(key.0))?),
    }
}
