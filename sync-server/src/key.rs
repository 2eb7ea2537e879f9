//! The server key: thirty-two random bytes in a file beside the database, readable by its owner.
//!
//! It is never in the database, so that a copy of the database alone can forge no MAC.

use std::fs::OpenOptions;
use std::io::{ErrorKind, Read as _, Write as _};
use std::path::Path;

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use wijkboek_model::{ActorId, ChangeHash, MunicipalityCode, RecordId};

/// Why there is no usable server key.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The file cannot be read or made.
    #[error("the server key cannot be read or made: {0}")]
    Io(#[from] std::io::Error),
    /// The file has another length than a key.
    #[error("the server key's file does not hold a key of 32 bytes")]
    Malformed,
    /// The system gives no randomness.
    #[error("the system gives no randomness")]
    NoRandomness,
}

/// The key under which the server signs what it accepted.
#[derive(Clone)]
pub struct ServerKey([u8; 32]);

impl ServerKey {
    /// A key from bytes, for simulations and tests.
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Reads the key, or makes it when there is no such file.
    ///
    /// # Errors
    /// [`KeyError`].
    pub fn open(path: &Path) -> Result<Self, KeyError> {
        match OpenOptions::new().read(true).open(path) {
            Ok(mut file) => {
                let mut bytes = Vec::new();
                file.read_to_end(&mut bytes)?;
                bytes.try_into().map(Self).map_err(|_| KeyError::Malformed)
            }
            Err(error) if error.kind() == ErrorKind::NotFound => Self::make(path),
            Err(error) => Err(error.into()),
        }
    }

    /// Writes to a name of its own first: two processes that start at once must end with one key,
    /// and a crash must not leave half of one.
    fn make(path: &Path) -> Result<Self, KeyError> {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes).map_err(|_| KeyError::NoRandomness)?;
        let aside = path.with_extension(format!("key.{}", std::process::id()));
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        {
            use std::os::unix::fs::OpenOptionsExt as _;
            options.mode(0o600);
        }
        let mut file = options.open(&aside)?;
        file.write_all(&bytes)?;
        file.sync_all()?;
        drop(file);
        let linked = std::fs::hard_link(&aside, path);
        std::fs::remove_file(&aside)?;
        match linked {
            Ok(()) => Ok(Self(bytes)),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => Self::open(path),
            Err(error) => Err(error.into()),
        }
    }

    /// The MAC of an accepted change.
    pub fn change_mac(
        &self,
        municipality: &MunicipalityCode,
        document: RecordId,
        hash: ChangeHash,
        actor: ActorId,
    ) -> [u8; 32] {
        self.mac(&[
            b"change",
            municipality.as_str().as_bytes(),
            document.as_bytes(),
            hash.as_bytes(),
            actor.as_bytes(),
        ])
    }

    /// A MAC over parts, each preceded by its length. The first part names the purpose.
    pub(crate) fn mac(&self, parts: &[&[u8]]) -> [u8; 32] {
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&self.0) else {
            unreachable!("HMAC takes keys of any length")
        };
        for part in parts {
            mac.update(&(part.len() as u64).to_be_bytes());
            mac.update(part);
        }
        mac.finalize().into_bytes().into()
    }
}
