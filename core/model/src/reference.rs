//! Reference data: areas, themes, colleagues and inhabitants, which arrive as data and work offline.

use serde::{Deserialize, Serialize};

use crate::{AreaCode, Areas, MunicipalityCode, PrincipalId, ThemeId};

/// Reference data that cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum ReferenceError {
    /// Not the JSON it should be.
    #[error("reference data cannot be read: {0}")]
    Json(#[from] serde_json::Error),
}

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

/// Inhabitants of one wijk in one year, as CBS publishes them (rounded to 5).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inhabitants {
    /// The wijk.
    pub area: AreaCode,
    /// The year of the count.
    pub year: u16,
    /// All inhabitants.
    pub total: u32,
    /// Per age group, where published.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by_age: Option<AgeCounts>,
}

/// Inhabitants in the five age groups, youngest first (0–14, 15–24, 25–44, 45–64, 65+).
pub type AgeCounts = [u32; 5];

impl Reference {
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
