//! The figures that the design asks for, measured: each as a ratio to an equally honest baseline
//! in the same run, or as time, bytes or memory at the sizes that are asked for.
//!
//! Measuring is not failing: a missed target is reported as missed and nothing else happens.

pub mod baseline;
pub mod bulk;
pub mod clock;
pub mod files;
pub mod foreign;
pub mod json;
pub mod large;
pub mod markdown;
pub mod phases;
pub mod queries;
pub mod report;
pub mod writing;

use std::path::Path;

use files::Key;
use report::Entry;

/// How much of everything.
#[derive(Debug, Clone)]
pub struct Sizes {
    /// Reduced, for development.
    pub quick: bool,
    /// How often each comparison is made.
    pub runs: u32,
    /// Records that are there before writing is measured.
    pub before_writing: u32,
    /// Writes on each side in one run.
    pub writes_per_run: u32,
    /// Changes of each kind that the guard sees in one run.
    pub guarded_per_run: u32,
    /// Records of a cold sync.
    pub synced: u32,
    /// How often a cold sync and its baseline run.
    pub bulk_runs: u32,
    /// Records of the large logbook.
    pub large: u32,
    /// How often the large logbook is opened by a new process.
    pub openings: u32,
    /// How often each case of lists and searches is asked.
    pub queries: u32,
}

impl Sizes {
    /// Those that the design asks for.
    pub fn full() -> Self {
        Self {
            quick: false,
            runs: 5,
            before_writing: 5_000,
            writes_per_run: 400,
            guarded_per_run: 400,
            synced: 50_000,
            bulk_runs: 5,
            large: 500_000,
            openings: 9,
            queries: 100,
        }
    }

    /// Small ones, which only show that the benchmark runs.
    pub fn quick() -> Self {
        Self {
            quick: true,
            runs: 3,
            before_writing: 500,
            writes_per_run: 100,
            guarded_per_run: 50,
            synced: 3_000,
            bulk_runs: 2,
            large: 6_000,
            openings: 2,
            queries: 20,
        }
    }
}

/// Why a figure could not be measured.
#[derive(Debug, thiserror::Error)]
pub enum BenchError {
    /// A store does not open.
    #[error(transparent)]
    Open(#[from] wijkboek_store::OpenError),
    /// A store failed.
    #[error(transparent)]
    Store(#[from] wijkboek_store::StoreError),
    /// The plain database failed.
    #[error("the plain database failed")]
    Sqlite(#[from] rusqlite::Error),
    /// A document failed.
    #[error(transparent)]
    Document(#[from] wijkboek_crdt::DocumentError),
    /// The disk failed.
    #[error("the disk failed")]
    Io(#[from] std::io::Error),
    /// The results cannot be read or written.
    #[error("the results cannot be read or written")]
    Json(#[from] serde_json::Error),
    /// The baseline is not what it should be.
    #[error("the baseline does not fit: {0}")]
    Baseline(&'static str),
    /// An edit that should have changed something did not.
    #[error("an edit changed nothing")]
    NothingChanged,
    /// The guard refused a sound change.
    #[error("the guard refused a sound change")]
    Refused,
    /// Something that this build lacks.
    #[error("not built: {0}")]
    NotBuilt(&'static str),
}

/// A group of figures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Group {
    /// Logging and editing.
    Writing,
    /// Where the time of a write goes.
    Phases,
    /// The guard.
    Guard,
    /// Cold sync, bytes on the wire and in the file.
    Bulk,
    /// Opening, lists, searches and memory of a large logbook.
    Large,
}

impl Group {
    /// All of them.
    pub const ALL: &[Self] = &[Self::Writing, Self::Phases, Self::Guard, Self::Bulk, Self::Large];

    /// Whether encryption at rest has a part in it.
    pub fn is_on_a_phone(self) -> bool {
        match self {
            Self::Writing | Self::Bulk | Self::Large => true,
            Self::Phases | Self::Guard => false,
        }
    }
}

/// Measures one group; databases lie under `root`.
///
/// # Errors
/// [`BenchError`].
pub fn figures(
    group: Group,
    root: &Path,
    key: Option<&Key>,
    sizes: &Sizes,
) -> Result<Vec<Entry>, BenchError> {
    let mut entries = match group {
        Group::Writing => writing::figures(root, key, sizes)?,
        Group::Phases => phases::figures(sizes)?,
        Group::Guard => foreign::figures(sizes)?,
        Group::Bulk => bulk::figures(root, key, sizes)?,
        Group::Large => large::figures(root, key, sizes)?,
    };
    for entry in &mut entries {
        entry.quick = sizes.quick;
    }
    Ok(entries)
}

/// What a figure's name says about encryption.
fn suffix(key: Option<&Key>) -> &'static str {
    if key.is_some() { "SQLCipher" } else { "plain" }
}

/// A number of bytes or records, for dividing.
#[expect(clippy::cast_precision_loss, reason = "exact up to nine petabytes")]
fn whole(n: usize) -> f64 {
    n as f64
}
