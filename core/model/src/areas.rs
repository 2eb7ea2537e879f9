//! The municipality's areas: a tree with geometry, and which of them a position lies in.

use std::collections::BTreeMap;

use geo::MultiPolygon;
use serde::{Deserialize, Serialize};

use crate::{AreaCode, Place};

/// How large an area is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum AreaLevel {
    /// `GM…`
    Gemeente,
    /// `WK…`
    Wijk,
    /// `BU…`
    Buurt,
    /// A municipality's own part of a buurt.
    SubBuurt,
}

/// One area.
#[derive(Debug, Clone)]
pub struct Area {
    /// Its code, which identifies it: names do not.
    pub code: AreaCode,
    /// Its name.
    pub name: String,
    /// The area it lies in: a buurt's wijk, a wijk's gemeente.
    pub parent: Option<AreaCode>,
    /// The leefbaarheidsteam, for a wijk that has one.
    pub team: Option<String>,
    /// Its outline in WGS84.
    pub outline: MultiPolygon<f64>,
}

/// Why an area file is refused.
#[derive(Debug, thiserror::Error)]
pub enum AreaImportError {
    /// Not GeoJSON.
    #[error("not GeoJSON: {0}")]
    NotGeoJson(String),
}

/// All areas of one municipality.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Areas {
    by_code: BTreeMap<AreaCode, Area>,
}

impl Areas {
    /// The buurt in which a position lies.
    pub fn buurt_at(&self, _place: &Place) -> Option<&Area> {
        todo!()
    }

    /// The buurten that the accuracy circle touches, the one with the position in it first.
    pub fn buurten_touched(&self, _place: &Place) -> Vec<&Area> {
        todo!()
    }

    /// The wijk of a buurt (or of a wijk: itself).
    pub fn wijk_of(&self, _code: &AreaCode) -> Option<&AreaCode> {
        todo!()
    }

    /// One area.
    pub fn get(&self, code: &AreaCode) -> Option<&Area> {
        self.by_code.get(code)
    }

    /// All areas in the order of their codes.
    pub fn iter(&self) -> impl Iterator<Item = &Area> {
        self.by_code.values()
    }

    /// Reads a GeoJSON FeatureCollection.
    ///
    /// # Errors
    /// [`AreaImportError`].
    pub fn from_geojson(_text: &str) -> Result<Self, AreaImportError> {
        todo!()
    }
}

impl TryFrom<String> for Areas {
    type Error = AreaImportError;
    fn try_from(_: String) -> Result<Self, AreaImportError> {
        todo!()
    }
}
impl From<Areas> for String {
    fn from(_: Areas) -> Self {
        todo!()
    }
}
