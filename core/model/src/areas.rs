//! The municipality's areas: a tree with geometry, and which of them a position lies in.
//!
//! An area is identified by its CBS code, never by its name, and the code alone says what it lies
//! in. Outlines are kept in WGS84 at seven decimals (about 1 cm), so that what is written reads
//! back as exactly the same areas.

mod error;
mod geojson;
mod geometry;
mod rd_new;

use std::collections::BTreeMap;

use geo::MultiPolygon;
use serde::{Deserialize, Serialize};

pub use error::{AreaImportError, RingFault};
use geometry::{Extent, LocalPlane};

use crate::{AreaCode, MunicipalityCode, Place, ReferenceError, WijkTeam};

/// How large an area is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
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

impl AreaLevel {
    /// Every level, the largest first.
    pub const ALL: &[Self] = &[Self::Gemeente, Self::Wijk, Self::Buurt, Self::SubBuurt];
}

/// One area.
#[derive(Debug, Clone, PartialEq)]
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

impl Area {
    /// How large it is.
    pub fn level(&self) -> AreaLevel {
        self.code.level()
    }
}

/// All areas of one municipality: the gemeente, its wijken, their buurten.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Areas {
    municipality: MunicipalityCode,
    by_code: BTreeMap<AreaCode, Area>,
    /// The bounding box of each sub-buurt and then of each buurt, each in the order of their codes.
    buurten: Vec<(Extent, AreaCode)>,
}

impl Areas {
    /// Reads a GeoJSON `FeatureCollection` of polygons in WGS84, or on the Dutch national grid
    /// (RD New, EPSG:28992), which its `crs` member or its first position shows and which is
    /// converted. Holes in areas stay holes; areas of one level may not overlap.
    ///
    /// A feature's code stands in `code`, `statcode` or the most precise of `buurtcode`,
    /// `wijkcode` and `gemeentecode` (also with an underscore), its name beside it. A wijk that
    /// carries a `buurt_code` is that buurt too. Wijken and the gemeente that have no feature of
    /// their own get the union of their parts as outline. Features of CBS that are only water
    /// (`water: "JA"`) are passed over.
    ///
    /// # Errors
    /// [`AreaImportError`], which names the feature by its place in the file.
    pub fn from_geojson(text: &str) -> Result<Self, AreaImportError> {
        geojson::read(text, true)
    }

    /// The outlines of one level as a GeoJSON `FeatureCollection` with `code`, `name` and
    /// `parent`, for a map.
    pub fn to_geojson(&self, level: AreaLevel) -> String {
        geojson::write_level(self, level)
    }

    /// The municipality.
    pub fn municipality(&self) -> &MunicipalityCode {
        &self.municipality
    }

    /// The buurt in which a position lies: the sub-buurt, where the municipality has drawn one.
    ///
    /// A position exactly on a border belongs to the buurt with the lowest code of those it
    /// touches, on every device.
    pub fn buurt_at(&self, place: &Place) -> Option<&Area> {
        let at = geometry::coord(place);
        self.buurten
            .iter()
            .filter(|(extent, _)| extent.contains(at))
            .filter_map(|(_, code)| self.by_code.get(code))
            .find(|area| geometry::covers(&area.outline, at))
    }

    /// The buurten that the accuracy circle touches: the one with the position in it first, the
    /// others from near to far. Where a buurt has parts of its own, those are meant.
    pub fn buurten_touched(&self, place: &Place) -> Vec<&Area> {
        let inside = self.buurt_at(place);
        let plane = LocalPlane::at(place);
        let radius_m = f64::from(place.accuracy_m());
        let mut others: Vec<(f64, &Area)> = self
            .buurten
            .iter()
            .filter(|(extent, _)| plane.distance_to_extent_m(extent) <= radius_m)
            .filter_map(|(_, code)| self.by_code.get(code))
            .filter(|area| inside.is_none_or(|inside| inside.code != area.code))
            .filter(|area| self.children(&area.code).next().is_none())
            .map(|area| (plane.distance_m(&area.outline), area))
            .filter(|(distance_m, _)| *distance_m <= radius_m)
            .collect();
        others.sort_by(|(near, a), (far, b)| near.total_cmp(far).then_with(|| a.code.cmp(&b.code)));
        inside.into_iter().chain(others.into_iter().map(|(_, area)| area)).collect()
    }

    /// The wijk of a buurt (or of a wijk: itself), when this municipality has it.
    pub fn wijk_of(&self, code: &AreaCode) -> Option<&AreaCode> {
        self.by_code.get_key_value(&code.wijk()?).map(|(wijk, _)| wijk)
    }

    /// One area.
    pub fn get(&self, code: &AreaCode) -> Option<&Area> {
        self.by_code.get(code)
    }

    /// All areas in the order of their codes.
    pub fn iter(&self) -> impl Iterator<Item = &Area> {
        self.by_code.values()
    }

    /// The areas of one level in the order of their codes.
    pub fn at_level(&self, level: AreaLevel) -> impl Iterator<Item = &Area> {
        self.iter().filter(move |area| area.level() == level)
    }

    /// The areas that lie directly in this one, in the order of their codes.
    pub fn children(&self, code: &AreaCode) -> impl Iterator<Item = &Area> {
        self.iter().filter(move |area| area.parent.as_ref() == Some(code))
    }

    /// The leefbaarheidsteams with their wijken, in the order of their names.
    pub fn teams(&self) -> BTreeMap<&str, Vec<&AreaCode>> {
        let mut teams: BTreeMap<&str, Vec<&AreaCode>> = BTreeMap::new();
        for area in self.at_level(AreaLevel::Wijk) {
            if let Some(team) = &area.team {
                teams.entry(team).or_default().push(&area.code);
            }
        }
        teams
    }

    /// The bounding box of all buurten: west, south, east, north in degrees.
    pub fn bounds(&self) -> [f64; 4] {
        Extent::around(self.buurten.iter().map(|(extent, _)| *extent)).to_array()
    }

    /// Says which leefbaarheidsteam each wijk has; a wijk that is not in the list has none.
    ///
    /// # Errors
    /// [`ReferenceError::UnknownWijk`] when the list has a wijk that this municipality has not;
    /// nothing is changed then.
    pub fn set_teams(&mut self, teams: &[WijkTeam]) -> Result<(), ReferenceError> {
        for WijkTeam { wijk, .. } in teams {
            if !self.by_code.contains_key(wijk) {
                return Err(ReferenceError::UnknownWijk { wijk: wijk.clone() });
            }
        }
        for area in self.by_code.values_mut() {
            area.team = teams
                .iter()
                .find(|row| row.wijk == area.code)
                .and_then(|WijkTeam { team, .. }| team.clone());
        }
        Ok(())
    }

    /// Builds the tree from areas that belong to one municipality.
    fn assemble(municipality: MunicipalityCode, by_code: BTreeMap<AreaCode, Area>) -> Self {
        let of = |level| by_code.values().filter(move |area: &&Area| area.level() == level);
        let buurten = of(AreaLevel::SubBuurt)
            .chain(of(AreaLevel::Buurt))
            .map(|area| (Extent::of(&area.outline), area.code.clone()))
            .collect();
        Self { municipality, by_code, buurten }
    }
}

impl TryFrom<String> for Areas {
    type Error = AreaImportError;
    fn try_from(text: String) -> Result<Self, AreaImportError> {
        geojson::read(&text, false)
    }
}

impl From<Areas> for String {
    fn from(areas: Areas) -> Self {
        geojson::write_all(&areas)
    }
}

#[cfg(test)]
mod tests;
