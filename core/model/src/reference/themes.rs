//! The municipality's theme list: two levels, names in both languages.

use std::collections::{BTreeMap, BTreeSet};

use super::{ReferenceError, Theme};
use crate::ThemeId;

/// The longest theme list.
pub const THEMES_MAX: usize = 10_000;

/// A theme list by id, for who looks many of them up.
#[derive(Debug, Clone)]
pub struct ThemeIndex<'a>(BTreeMap<&'a ThemeId, &'a Theme>);

impl<'a> ThemeIndex<'a> {
    /// Of a list; the first counts where an id stands in it twice.
    pub fn of(themes: &'a [Theme]) -> Self {
        Self(themes.iter().rev().map(|theme| (&theme.id, theme)).collect())
    }

    /// A theme of the list.
    pub fn get(&self, id: &ThemeId) -> Option<&'a Theme> {
        self.0.get(id).copied()
    }

    /// The main theme of a theme: itself, when it is one.
    pub fn main_of(&self, id: &ThemeId) -> Option<&'a Theme> {
        let theme = self.get(id)?;
        theme.parent.as_ref().map_or(Some(theme), |parent| self.get(parent))
    }
}

/// Reads a theme list: a JSON array of [`Theme`]s, main themes and sub-themes in one list.
///
/// At most [`THEMES_MAX`]. A sub-theme of a sensitive theme is sensitive too, whether its line says so or not.
///
/// # Errors
/// [`ReferenceError`] with the line, or naming the theme that cannot be used.
pub fn themes_from_json(text: &str) -> Result<Vec<Theme>, ReferenceError> {
    let mut themes: Vec<Theme> = serde_json::from_str(text.trim_start_matches('\u{feff}'))?;
    if themes.len() > THEMES_MAX {
        return Err(ReferenceError::TooManyThemes { found: themes.len() });
    }
    let mut seen = BTreeSet::new();
    for theme in &themes {
        if !seen.insert(&theme.id) {
            return Err(ReferenceError::RepeatedTheme { theme: theme.id.clone() });
        }
        if theme.name_nl.trim().is_empty() || theme.name_en.trim().is_empty() {
            return Err(ReferenceError::NamelessTheme { theme: theme.id.clone() });
        }
    }
    let main: BTreeMap<ThemeId, bool> = themes
        .iter()
        .filter(|theme| theme.parent.is_none())
        .map(|theme| (theme.id.clone(), theme.sensitive))
        .collect();
    for theme in &mut themes {
        let Some(parent) = &theme.parent else { continue };
        let Some(sensitive) = main.get(parent) else {
            let (theme, parent) = (theme.id.clone(), parent.clone());
            return Err(ReferenceError::NotAMainTheme { theme, parent });
        };
        theme.sensitive |= sensitive;
    }
    Ok(themes)
}
