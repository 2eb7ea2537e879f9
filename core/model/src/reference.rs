//! Reference data: areas, themes, colleagues and inhabitants, which arrive as data and work offline.

mod tables;
mod themes;

use serde::{Deserialize, Serialize};

pub use tables::{ReferenceError, RowFault, inhabitants_from_csv, teams_from_csv};
pub use themes::themes_from_json;

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
    /// Inhabitants per wijk and year.
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

/// Inhabitants of one wijk in one year, as CBS publishes them (rounded to 5).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inhabitants {
    /// The wijk.
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
