//! What the server needs to know before it starts, read once from flags and environment.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use wijkboek_model::MunicipalityCode;

use crate::log::LogPlace;

/// Settings of one server process.
#[derive(Debug, Clone)]
pub struct Config {
    /// The directory of the replica, the server key, and the log when it is a file.
    pub data: PathBuf,
    /// The database of the log.
    pub log: LogPlace,
    /// Where to listen; port 0 takes a free one.
    pub listen: SocketAddr,
    /// The municipality that this server keeps the book of.
    pub municipality: MunicipalityCode,
    /// The address by which people reach the office pages, when a proxy stands in front.
    pub public_url: Option<String>,
}

impl Config {
    /// Settings for a server on a free loopback port.
    pub fn local(data: &Path, municipality: MunicipalityCode) -> Self {
        Self {
            data: data.to_owned(),
            log: Self::log_file(data),
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            municipality,
            public_url: None,
        }
    }

    /// Makes the data directory, for this account's eyes only.
    ///
    /// # Errors
    /// What the file system says.
    pub fn make_data_directory(data: &Path) -> std::io::Result<()> {
        let mut builder = std::fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        {
            use std::os::unix::fs::DirBuilderExt as _;
            builder.mode(0o700);
        }
        builder.create(data)
    }

    /// The log as a file in the data directory.
    pub fn log_file(data: &Path) -> LogPlace {
        LogPlace::File(data.join("log.db"))
    }

    /// The replica's database file.
    pub fn replica_path(&self) -> PathBuf {
        self.data.join("replica.db")
    }

    /// The file with the key for MACs.
    pub fn key_path(&self) -> PathBuf {
        self.data.join("server.key")
    }

    /// Whether browsers reach the pages over TLS, so that cookies must not travel without.
    pub fn is_secure(&self) -> bool {
        self.public_url.as_deref().is_some_and(|url| url.starts_with("https://"))
    }
}
