//! The municipality that demo and tests live in: its files, and how a server is told of them.

use std::path::{Path, PathBuf};

use crate::process::{ProcessError, admin};

/// A file of the project's `data` folder.
pub fn data_file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../data").join(name)
}

/// Imports areas, teams, inhabitants and themes into a server's data directory.
///
/// # Errors
/// [`ProcessError`] with what the server's command says.
pub fn import(server: &Path) -> Result<(), ProcessError> {
    let file = |name: &str| data_file(name).to_string_lossy().into_owned();
    let (areas, teams) = (file("ridderkerk/wijken.geojson"), file("ridderkerk/wijken-teams.csv"));
    let (people, themes) = (file("ridderkerk/kerncijfers.csv"), file("ridderkerk/themas.json"));
    let args = [
        "areas",
        "import",
        &areas,
        "--teams",
        &teams,
        "--inhabitants",
        &people,
        "--themes",
        &themes,
    ];
    admin(server, &args)?;
    Ok(())
}
