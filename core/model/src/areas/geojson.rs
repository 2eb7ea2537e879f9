//! Areas out of and into GeoJSON (RFC 7946).
//!
//! What is written here always reads back as the same areas.

use std::collections::BTreeMap;

use geo::{Area as _, Coord, LineString, MultiPolygon, Polygon};
use geojson::{Feature, FeatureCollection, Geometry, GeometryValue, PolygonType, Position};
use serde::Deserialize;

use super::error::{AreaImportError, RingFault};
use super::{Area, AreaLevel, Areas, geometry, rd_new};
use crate::{AreaCode, MunicipalityCode};

/// The names that a code or name goes by: ours first, then those of CBS and PDOK.
const OWN: [&[&str]; 2] = [&["code", "statcode"], &["name", "statnaam"]];
const BUURT: [&[&str]; 2] =
    [&["buurt_code", "buurtcode", "bu_code"], &["buurt_name", "buurtnaam", "bu_naam"]];
const WIJK: [&[&str]; 2] =
    [&["wijk_code", "wijkcode", "wk_code"], &["wijk_name", "wijknaam", "wk_naam"]];
const GEMEENTE: [&[&str]; 2] =
    [&["gemeente_code", "gemeentecode", "gm_code"], &["gemeente_name", "gemeentenaam", "gm_naam"]];
const WATER: &[&str] = &["water", "h2o"];
const TEAM: &[&str] = &["team"];

/// In which system a file's positions are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum System {
    /// Longitude and latitude, as RFC 7946 wants.
    Degrees,
    /// Metres on the Dutch national grid.
    RdNew,
}

/// Reads areas; those of one level may not overlap when that is to be checked. A file of our own
/// was checked when it came in.
pub(super) fn read(text: &str, check: bool) -> Result<Areas, AreaImportError> {
    let text = text.trim_start_matches('\u{feff}');
    let collection: FeatureCollection = text.parse().map_err(|_| diagnose(text))?;
    let mut reader = Reader::new(system(&collection)?);
    for (index, feature) in collection.features.iter().enumerate() {
        if property(feature, WATER).is_none_or(|water| !water.eq_ignore_ascii_case("ja")) {
            reader.feature(index, feature)?;
        }
    }
    if check {
        reader.refuse_overlaps()?;
    }
    reader.finish()
}

/// What the `crs` member names, or else what the first position looks like.
fn system(collection: &FeatureCollection) -> Result<System, AreaImportError> {
    let named = collection
        .foreign_members
        .as_ref()
        .and_then(|members| members.get("crs"))
        .and_then(|crs| crs.pointer("/properties/name"))
        .and_then(|name| name.as_str());
    if let Some(name) = named {
        // "urn:ogc:def:crs:EPSG::28992", "EPSG:28992", "urn:ogc:def:crs:OGC:1.3:CRS84".
        return match name.rsplit([':', '/']).next().unwrap_or_default() {
            "28992" => Ok(System::RdNew),
            // ETRS89 differs from WGS84 by less than a metre.
            "CRS84" | "4326" | "4258" => Ok(System::Degrees),
            _ => Err(AreaImportError::UnknownCrs { crs: name.to_owned() }),
        };
    }
    let first = collection.features.iter().find_map(|feature| {
        match feature.geometry.as_ref().map(|geometry| &geometry.value) {
            Some(GeometryValue::Polygon { coordinates }) => coordinates.first()?.first(),
            Some(GeometryValue::MultiPolygon { coordinates }) => {
                coordinates.first()?.first()?.first()
            }
            Some(
                GeometryValue::Point { .. }
                | GeometryValue::MultiPoint { .. }
                | GeometryValue::LineString { .. }
                | GeometryValue::MultiLineString { .. }
                | GeometryValue::GeometryCollection { .. },
            )
            | None => None,
        }
    });
    let grid = first.is_some_and(|position| match position.as_slice() {
        &[x, y, ..] => rd_new::is_in_bounds(x, y),
        &[_] | &[] => false,
    });
    Ok(if grid { System::RdNew } else { System::Degrees })
}

/// Every area; a wijk and its only buurt share one feature where they have one outline.
pub(super) fn write_all(areas: &Areas) -> String {
    let mut features = Vec::new();
    for area in areas.iter() {
        let mut feature = outline_feature(area);
        let twin = only_child(areas, area).filter(|child| child.outline == area.outline);
        match (area.level(), twin) {
            (AreaLevel::Wijk, Some(buurt)) => {
                feature.set_property(BUURT[0][0], buurt.code.as_str());
                feature.set_property(BUURT[1][0], buurt.name.as_str());
            }
            (AreaLevel::Buurt, _) if is_twin(areas, area) => continue,
            (AreaLevel::Gemeente | AreaLevel::Wijk | AreaLevel::Buurt | AreaLevel::SubBuurt, _) => {
            }
        }
        if let Some(team) = &area.team {
            feature.set_property(TEAM[0], team.as_str());
        }
        features.push(feature);
    }
    FeatureCollection::new(features).to_string()
}

pub(super) fn write_level(areas: &Areas, level: AreaLevel) -> String {
    let features = areas.at_level(level).map(|area| {
        let mut feature = outline_feature(area);
        if let Some(parent) = &area.parent {
            feature.set_property("parent", parent.as_str());
        }
        feature
    });
    FeatureCollection::new(features).to_string()
}

fn is_twin(areas: &Areas, buurt: &Area) -> bool {
    buurt.parent.as_ref().and_then(|wijk| areas.get(wijk)).is_some_and(|wijk| {
        wijk.outline == buurt.outline
            && only_child(areas, wijk).is_some_and(|child| child.code == buurt.code)
    })
}

fn only_child<'a>(areas: &'a Areas, area: &Area) -> Option<&'a Area> {
    let mut children = areas.children(&area.code);
    let first = children.next();
    if children.next().is_some() { None } else { first }
}

fn outline_feature(area: &Area) -> Feature {
    let coordinates: Vec<PolygonType> = area
        .outline
        .iter()
        .map(|polygon| {
            std::iter::once(polygon.exterior()).chain(polygon.interiors()).map(positions).collect()
        })
        .collect();
    let mut feature = Feature::from(Geometry::new(GeometryValue::MultiPolygon { coordinates }));
    feature.set_property(OWN[0][0], area.code.as_str());
    feature.set_property(OWN[1][0], area.name.as_str());
    feature
}

fn positions(ring: &LineString<f64>) -> Vec<Position> {
    ring.coords().map(|at| Position::from([at.x, at.y])).collect()
}

/// What has been read so far.
struct Reader {
    system: System,
    municipality: Option<MunicipalityCode>,
    areas: BTreeMap<AreaCode, Area>,
    /// Which feature an area came from.
    features: BTreeMap<AreaCode, usize>,
    /// Names that a smaller area's feature gives of the larger ones.
    names: BTreeMap<AreaCode, String>,
}

impl Reader {
    fn new(system: System) -> Self {
        Self {
            system,
            municipality: None,
            areas: BTreeMap::new(),
            features: BTreeMap::new(),
            names: BTreeMap::new(),
        }
    }

    /// A position lies in one buurt, and in one part of it.
    fn refuse_overlaps(&self) -> Result<(), AreaImportError> {
        for level in [AreaLevel::Buurt, AreaLevel::SubBuurt] {
            let areas: Vec<&Area> =
                self.areas.values().filter(|area| area.level() == level).collect();
            let outlines: Vec<_> = areas.iter().map(|area| &area.outline).collect();
            if let Some((one, other)) = geometry::overlap(&outlines) {
                let (one, other) = (&areas[one].code, &areas[other].code);
                let feature = |code| self.features.get(code).copied().unwrap_or_default();
                return Err(AreaImportError::Overlap {
                    feature: feature(other),
                    code: other.clone(),
                    other_feature: feature(one),
                    other: one.clone(),
                });
            }
        }
        Ok(())
    }

    fn feature(&mut self, index: usize, feature: &Feature) -> Result<(), AreaImportError> {
        let buurt = code(index, feature, BUURT[0])?;
        let wijk = code(index, feature, WIJK[0])?;
        let gemeente = code(index, feature, GEMEENTE[0])?;
        let own = code(index, feature, OWN[0])?
            .or_else(|| buurt.clone())
            .or_else(|| wijk.clone())
            .or_else(|| gemeente.clone())
            .ok_or(AreaImportError::MissingCode { feature: index })?;
        self.same_municipality(index, &own)?;
        for larger in [wijk.as_ref(), gemeente.as_ref()].into_iter().flatten() {
            for smaller in [Some(&own), buurt.as_ref()].into_iter().flatten() {
                lies_in(index, smaller, larger)?;
            }
        }
        for (code, names) in [(&buurt, BUURT[1]), (&wijk, WIJK[1]), (&gemeente, GEMEENTE[1])] {
            if let (Some(code), Some(name)) = (code, property(feature, names)) {
                self.names.entry(code.clone()).or_insert_with(|| name.to_owned());
            }
        }
        if let Some(name) = property(feature, OWN[1]) {
            self.names.insert(own.clone(), name.to_owned());
        }
        let outline = outline(index, feature, self.system)?;
        let team = property(feature, TEAM).map(str::to_owned);
        if let Some(buurt) = buurt.filter(|buurt| *buurt != own && own.level() < buurt.level()) {
            lies_in(index, &buurt, &own)?;
            self.add(index, buurt, outline.clone(), None)?;
        }
        self.add(index, own, outline, team)
    }

    fn same_municipality(&mut self, index: usize, own: &AreaCode) -> Result<(), AreaImportError> {
        let other = own.municipality();
        match &self.municipality {
            Some(first) if *first != other => Err(AreaImportError::SeveralMunicipalities {
                feature: index,
                first: first.clone(),
                other,
            }),
            Some(_) => Ok(()),
            None => {
                self.municipality = Some(other);
                Ok(())
            }
        }
    }

    fn add(
        &mut self,
        index: usize,
        code: AreaCode,
        outline: MultiPolygon<f64>,
        team: Option<String>,
    ) -> Result<(), AreaImportError> {
        let parent = code.parent();
        self.features.entry(code.clone()).or_insert(index);
        let area = Area { code: code.clone(), name: String::new(), parent, team, outline };
        match self.areas.insert(code.clone(), area) {
            None => Ok(()),
            Some(_) => Err(AreaImportError::DuplicateCode { feature: index, code }),
        }
    }

    fn finish(mut self) -> Result<Areas, AreaImportError> {
        let municipality = self.municipality.take().ok_or(AreaImportError::NoFeatures)?;
        if !self.areas.keys().any(|code| code.level() >= AreaLevel::Buurt) {
            return Err(AreaImportError::NoBuurten);
        }
        for level in [AreaLevel::Buurt, AreaLevel::Wijk, AreaLevel::Gemeente] {
            self.add_parents(level);
        }
        let names: Vec<(AreaCode, String)> =
            self.areas.keys().map(|code| (code.clone(), self.name_of(code))).collect();
        for (code, name) in names {
            if let Some(area) = self.areas.get_mut(&code) {
                area.name = name;
            }
        }
        Ok(Areas::assemble(municipality, self.areas))
    }

    /// Makes the areas of a level that have parts but no feature of their own.
    fn add_parents(&mut self, level: AreaLevel) {
        let mut parts: BTreeMap<AreaCode, Vec<&MultiPolygon<f64>>> = BTreeMap::new();
        for area in self.areas.values() {
            if let Some(parent) = &area.parent
                && parent.level() == level
                && !self.areas.contains_key(parent)
            {
                parts.entry(parent.clone()).or_default().push(&area.outline);
            }
        }
        let made: Vec<Area> = parts
            .into_iter()
            .map(|(code, parts)| Area {
                parent: code.parent(),
                name: String::new(),
                team: None,
                outline: match parts.as_slice() {
                    [only] => (*only).clone(),
                    several => geometry::union(several),
                },
                code,
            })
            .collect();
        self.areas.extend(made.into_iter().map(|area| (area.code.clone(), area)));
    }

    /// The name given for it; else that of its only part; else its code.
    fn name_of(&self, code: &AreaCode) -> String {
        if let Some(name) = self.names.get(code) {
            return name.clone();
        }
        let mut parts = self.areas.keys().filter(|part| part.parent().as_ref() == Some(code));
        match (code.level(), parts.next(), parts.next()) {
            (AreaLevel::Wijk, Some(only), None) => self.name_of(only),
            (
                AreaLevel::Gemeente | AreaLevel::Wijk | AreaLevel::Buurt | AreaLevel::SubBuurt,
                _,
                _,
            ) => code.to_string(),
        }
    }
}

fn lies_in(index: usize, inner: &AreaCode, outer: &AreaCode) -> Result<(), AreaImportError> {
    let mut at = Some(inner.clone());
    while let Some(code) = at {
        if code == *outer {
            return Ok(());
        }
        at = code.parent();
    }
    Err(AreaImportError::ContradictoryCodes {
        feature: index,
        inner: inner.clone(),
        outer: outer.clone(),
    })
}

fn code(
    index: usize,
    feature: &Feature,
    keys: &[&str],
) -> Result<Option<AreaCode>, AreaImportError> {
    let Some(text) = property(feature, keys) else { return Ok(None) };
    text.parse()
        .map(Some)
        .map_err(|_| AreaImportError::UnknownCode { feature: index, code: text.to_owned() })
}

/// The first property of one of these names, in any case, that holds a text.
fn property<'a>(feature: &'a Feature, keys: &[&str]) -> Option<&'a str> {
    let properties = feature.properties.as_ref()?;
    keys.iter()
        .flat_map(|key| properties.iter().filter(|(name, _)| name.eq_ignore_ascii_case(key)))
        .filter_map(|(_, value)| value.as_str())
        .map(str::trim)
        .find(|text| !text.is_empty())
}

fn outline(
    index: usize,
    feature: &Feature,
    system: System,
) -> Result<MultiPolygon<f64>, AreaImportError> {
    let not_a_polygon = AreaImportError::NotAPolygon { feature: index };
    let polygons: &[PolygonType] = match feature.geometry.as_ref().map(|geometry| &geometry.value) {
        Some(GeometryValue::Polygon { coordinates }) => std::slice::from_ref(coordinates),
        Some(GeometryValue::MultiPolygon { coordinates }) => coordinates,
        Some(
            GeometryValue::Point { .. }
            | GeometryValue::MultiPoint { .. }
            | GeometryValue::LineString { .. }
            | GeometryValue::MultiLineString { .. }
            | GeometryValue::GeometryCollection { .. },
        )
        | None => return Err(not_a_polygon),
    };
    if polygons.is_empty() {
        return Err(AreaImportError::BrokenRing { feature: index, fault: RingFault::Missing });
    }
    polygons
        .iter()
        .map(|rings| polygon(index, rings, system))
        .collect::<Result<_, _>>()
        .map(MultiPolygon)
}

fn polygon(
    index: usize,
    rings: &PolygonType,
    system: System,
) -> Result<Polygon<f64>, AreaImportError> {
    let mut rings = rings.iter().map(|positions| ring(index, positions, system));
    let Some(exterior) = rings.next() else {
        return Err(AreaImportError::BrokenRing { feature: index, fault: RingFault::Missing });
    };
    Ok(Polygon::new(exterior?, rings.collect::<Result<_, _>>()?))
}

fn ring(
    index: usize,
    positions: &[Position],
    system: System,
) -> Result<LineString<f64>, AreaImportError> {
    let broken = |fault| Err(AreaImportError::BrokenRing { feature: index, fault });
    let coords: Vec<Coord<f64>> = positions
        .iter()
        .map(|position| dutch(index, position, system))
        .collect::<Result<_, _>>()?;
    if coords.len() < 4 {
        return broken(RingFault::TooShort);
    }
    if coords.first() != coords.last() {
        return broken(RingFault::Unclosed);
    }
    let ring = LineString::new(coords);
    let polygon = Polygon::new(ring, Vec::new());
    if polygon.unsigned_area() <= 0.0 {
        return broken(RingFault::Flat);
    }
    Ok(polygon.into_inner().0)
}

/// A position that lies in the Netherlands as longitude and latitude.
fn dutch(index: usize, position: &Position, system: System) -> Result<Coord<f64>, AreaImportError> {
    let &[x, y, ..] = position.as_slice() else {
        return Err(AreaImportError::UnreadableFeature { feature: index });
    };
    let in_degrees =
        |lon: f64, lat: f64| (3.2..=7.3).contains(&lon) && (50.7..=53.7).contains(&lat);
    match system {
        System::RdNew if rd_new::is_in_bounds(x, y) => {
            Ok(geometry::rounded(rd_new::to_wgs84(x, y)))
        }
        System::RdNew if in_degrees(x, y) => Err(AreaImportError::NotRdNew { feature: index }),
        System::Degrees if in_degrees(x, y) => Ok(geometry::rounded(Coord { x, y })),
        System::Degrees if in_degrees(y, x) => Err(AreaImportError::AxesSwapped { feature: index }),
        System::Degrees if rd_new::is_in_bounds(x, y) => {
            Err(AreaImportError::RdNew { feature: index })
        }
        System::Degrees | System::RdNew => {
            Err(AreaImportError::OutsideTheNetherlands { feature: index })
        }
    }
}

/// Finds out what is wrong with a text that is no `FeatureCollection`; reads it a second time.
fn diagnose(text: &str) -> AreaImportError {
    let value: serde_json::Value = match serde_json::from_str(text) {
        Ok(value) => value,
        Err(error) => {
            return AreaImportError::NotJson { line: error.line(), column: error.column() };
        }
    };
    let is_collection =
        value.get("type").and_then(|kind| kind.as_str()) == Some("FeatureCollection");
    let Some(features) = value.get("features").and_then(|features| features.as_array()) else {
        return AreaImportError::NotAFeatureCollection;
    };
    if !is_collection {
        return AreaImportError::NotAFeatureCollection;
    }
    let unreadable = features.iter().position(|feature| Feature::deserialize(feature).is_err());
    unreadable.map_or(AreaImportError::NotAFeatureCollection, |feature| {
        AreaImportError::UnreadableFeature { feature }
    })
}
