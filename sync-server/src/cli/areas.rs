//! Importing reference data: everything is read and checked before anything is written.

use std::path::{Path, PathBuf};

use wijkboek_model::{Areas, inhabitants_from_csv, teams_from_csv, themes_from_json};

use super::output::Output;
use super::{CliError, Place, now};
use crate::accounts::ReferenceImport;

/// The files to read.
pub(super) struct Files {
    pub(super) areas: PathBuf,
    pub(super) teams: Option<PathBuf>,
    pub(super) inhabitants: Option<PathBuf>,
    pub(super) themes: Option<PathBuf>,
}

pub(super) fn import(place: &Place, files: &Files, output: Output) -> Result<(), CliError> {
    let mut areas = parse(&files.areas, Areas::from_geojson)?;
    if let Some(path) = &files.teams {
        let teams = parse(path, teams_from_csv)?;
        areas.set_teams(&teams).map_err(|error| broken(path, &error))?;
    }
    let inhabitants = files.inhabitants.as_deref().map(|path| parse(path, inhabitants_from_csv));
    let inhabitants = inhabitants.transpose()?;
    let themes = files.themes.as_deref().map(|path| parse(path, themes_from_json)).transpose()?;
    if let Some(asked) = &place.municipality
        && asked != areas.municipality()
    {
        let found = areas.municipality().clone();
        return Err(CliError::OtherMunicipality { found, asked: asked.clone() });
    }
    let mut log = place.log_of(areas.municipality())?;
    // What is not named stays as it was.
    let before = log.imported_reference()?;
    let (old_themes, old_inhabitants) =
        before.map(|before| (before.themes, before.inhabitants)).unwrap_or_default();
    let import = ReferenceImport {
        areas,
        themes: themes.unwrap_or(old_themes),
        inhabitants: inhabitants.unwrap_or(old_inhabitants),
    };
    let version = log.import_reference(&import, now())?;
    output.imported(version, import.areas.iter().count(), import.themes.len());
    Ok(())
}

fn parse<T, E: std::fmt::Display>(
    path: &Path,
    read: impl FnOnce(&str) -> Result<T, E>,
) -> Result<T, CliError> {
    let bytes = std::fs::read(path).map_err(|error| broken(path, &error))?;
    let text = String::from_utf8(bytes).map_err(|_| broken(path, &"not UTF-8 text"))?;
    read(&text).map_err(|error| broken(path, &error))
}

fn broken(path: &Path, reason: &dyn std::fmt::Display) -> CliError {
    CliError::File { file: path.display().to_string(), reason: reason.to_string() }
}
