//! The municipality's theme list: two levels, names in both languages.

use std::collections::BTreeSet;

use super::{ReferenceError, Theme};

/// Reads a theme list: a JSON array of [`Theme`]s, main themes and sub-themes in one list.
///
/// A sub-theme of a sensitive theme is sensitive too, whether its line says so or not.
///
/// # Errors
/// [`ReferenceError`] with the line, or naming the theme that cannot be used.
pub fn themes_from_json(text: &str) -> Result<Vec<Theme>, ReferenceError> {
    let mut themes: Vec<Theme> = serde_json::from_str(text.trim_start_matches('\u{feff}'))?;
    let mut seen = BTreeSet::new();
    for theme in &themes {
        if !seen.insert(&theme.id) {
            return Err(ReferenceError::RepeatedTheme { theme: theme.id.clone() });
        }
        if theme.name_nl.trim().is_empty() || theme.name_en.trim().is_empty() {
            return Err(ReferenceError::NamelessTheme { theme: theme.id.clone() });
        }
    }
    let main: Vec<Theme> = themes.iter().filter(|theme| theme.parent.is_none()).cloned().collect();
    for theme in &mut themes {
        let Some(parent) = &theme.parent else { continue };
        let Some(parent) = main.iter().find(|main| main.id == *parent) else {
            let (theme, parent) = (theme.id.clone(), parent.clone());
            return Err(ReferenceError::NotAMainTheme { theme, parent });
        };
        theme.sensitive |= parent.sensitive;
    }
    Ok(themes)
}
