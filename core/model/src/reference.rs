//! Reference data: areas, themes, colleagues and inhabitants, which arrive as data and work offline.

mod tables;
mod themes;

use serde::{Deserialize, Serialize};

pub use tables::{ReferenceError, RowFault, inhabitants_from_csv, teams_from_csv};
pub use themes::{THEMES_MAX, ThemeIndex, themes_from_json};

use crate::{AreaCode, Areas, MunicipalityCode, PrincipalId, Sensitivity, ThemeId};

/// Everything a phone needs to know besides records.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Reference {
    /// Grows with each import; a phone fetches again when the server's is higher.
    pub version: u64,
    /// The municipality.
    pub municipality: MunicipalityCode,
    /// Its areas, with geometry.
    pub areas: Areas,
    /// Its themes.
    pub themes: Vec<Theme>,
    /// The people whose names appear beside records.
    pub colleagues: Vec<Colleague>,
    /// Inhabitants per wijk or buurt and year.
    pub inhabitants: Vec<Inhabitants>,
}

/// A theme of the municipality's list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Theme {
    /// Its id.
    pub id: ThemeId,
    /// Dutch name.
    pub name_nl: String,
    /// English name.
    pub name_en: String,
    /// The main theme it belongs to, if it is a sub-theme.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<ThemeId>,
    /// Records with it are gevoelig unless somebody says otherwise.
    #[serde(default)]
    pub sensitive: bool,
}

/// A person whose name appears beside records.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Colleague {
    /// Their id.
    pub id: PrincipalId,
    /// As they are called at work.
    pub name: String,
    /// Their role's word.
    pub role: String,
}

/// Which leefbaarheidsteam a wijk has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WijkTeam {
    /// The wijk.
    pub wijk: AreaCode,
    /// Its team; none for an industrial estate.
    pub team: Option<String>,
}

/// Inhabitants of one wijk or buurt in one year, as CBS publishes them (rounded to 5).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inhabitants {
    /// The wijk or buurt.
    pub area: AreaCode,
    /// The year of the count.
    pub year: u16,
    /// All inhabitants.
    pub total: u32,
    /// Per age group, where published. Where CBS gives whole percentages only (2024), these are
    /// shares of the total rounded to 5, and their sum may differ from it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by_age: Option<AgeCounts>,
}

/// Inhabitants in the five age groups, youngest first (0–14, 15–24, 25–44, 45–64, 65+).
pub type AgeCounts = [u32; 5];

impl Theme {
    /// Its name.
    pub fn name(&self, lang: crate::Lang) -> &str {
        match lang {
            crate::Lang::Nl => &self.name_nl,
            crate::Lang::En => &self.name_en,
        }
    }
}

impl Reference {
    /// A theme of the list.
    pub fn theme(&self, id: &ThemeId) -> Option<&Theme> {
        self.themes.iter().find(|theme| theme.id == *id)
    }

    /// Somebody whose name appears beside records.
    pub fn colleague(&self, id: &PrincipalId) -> Option<&Colleague> {
        self.colleagues.iter().find(|colleague| colleague.id == *id)
    }

    /// What a new record with these themes is unless somebody says otherwise.
    pub fn default_sensitivity<'a>(
        &self,
        themes: impl IntoIterator<Item = &'a ThemeId>,
    ) -> Sensitivity {
        let sensitive = |id: &ThemeId| self.theme(id).is_some_and(|theme| theme.sensitive);
        if themes.into_iter().any(sensitive) { Sensitivity::Gevoelig } else { Sensitivity::Gewoon }
    }

    /// Whether this may take the place of what is held: the same version again changes nothing,
    /// a higher one does, and an older one is refused, whatever order answers arrive in.
    ///
    /// # Errors
    /// [`ReferenceError::Older`].
    pub fn supersedes(&self, held: Option<&Self>) -> Result<bool, ReferenceError> {
        match held {
            Some(held) if self.version < held.version => {
                Err(ReferenceError::Older { held: held.version, offered: self.version })
            }
            Some(held) => Ok(self.version > held.version),
            None => Ok(true),
        }
    }

    /// The inhabitants of an area in the latest year that is known. A wijk of which only buurten
    /// are known is their sum, without age groups where one of them has none.
    pub fn inhabitants_of(&self, area: &AreaCode) -> Option<Inhabitants> {
        let latest = |code: &AreaCode| {
            self.inhabitants.iter().filter(|row| row.area == *code).max_by_key(|row| row.year)
        };
        if let Some(known) = latest(area) {
            return Some(known.clone());
        }
        let parts: Vec<&Inhabitants> =
            self.areas.children(area).map(|part| latest(&part.code)).collect::<Option<_>>()?;
        let year = parts.iter().map(|part| part.year).min()?;
        let by_age = parts.iter().map(|part| part.by_age).try_fold([0_u32; 5], |sums, counts| {
            let counts = counts?;
            Some(std::array::from_fn(|group| sums[group].saturating_add(counts[group])))
        });
        let total = parts.iter().fold(0_u32, |sum, part| sum.saturating_add(part.total));
        Some(Inhabitants { area: area.clone(), year, total, by_age })
    }

    /// Reads what [`Self::to_json`] wrote.
    ///
    /// # Errors
    /// [`ReferenceError::Json`].
    pub fn from_json(json: &str) -> Result<Self, ReferenceError> {
        Ok(serde_json::from_str(json)?)
    }

    /// Writes it for the wire and the store.
    ///
    /// # Errors
    /// [`ReferenceError::Json`], when a coordinate is not finite.
    pub fn to_json(&self) -> Result<String, ReferenceError> {
        Ok(serde_json::to_string(self)?)
    }
}

#[cfg(test)]
mod tests;
