//! Areas out of and into GeoJSON (RFC 7946).
//!
//! What is written here always reads back as the same areas.

use std::collections::BTreeMap;

use geo::{Area as _, Coord, LineString, MultiPolygon, Polygon};
use geojson::{Feature, FeatureCollection, Geometry, GeometryValue, PolygonType, Position};
use serde::Deserialize;

use super::error::{AreaImportError, RingFault};
use super::{Area, AreaLevel, Areas, geometry};
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

pub(super) fn read(text: &str) -> Result<Areas, AreaImportError> {
    let text = text.trim_start_matches('\u{feff}');
    let collection: FeatureCollection = text.parse().map_err(|_| diagnose(text))?;
    let mut reader = Reader::default();
    for (index, feature) in collection.features.iter().enumerate() {
        if property(feature, WATER).is_none_or(|water| !water.eq_ignore_ascii_case("ja")) {
            reader.feature(index, feature)?;
        }
    }
    reader.finish()
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
#[derive(Default)]
struct Reader {
    municipality: Option<MunicipalityCode>,
    areas: BTreeMap<AreaCode, Area>,
    /// Names that a smaller area's feature gives of the larger ones.
    names: BTreeMap<AreaCode, String>,
}

impl Reader {
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
        let outline = outline(index, feature)?;
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

fn outline(index: usize, feature: &Feature) -> Result<MultiPolygon<f64>, AreaImportError> {
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
    polygons.iter().map(|rings| polygon(index, rings)).collect::<Result<_, _>>().map(MultiPolygon)
}

fn polygon(index: usize, rings: &PolygonType) -> Result<Polygon<f64>, AreaImportError> {
    let mut rings = rings.iter().map(|positions| ring(index, positions));
    let Some(exterior) = rings.next() else {
        return Err(AreaImportError::BrokenRing { feature: index, fault: RingFault::Missing });
    };
    Ok(Polygon::new(exterior?, rings.collect::<Result<_, _>>()?))
}

fn ring(index: usize, positions: &[Position]) -> Result<LineString<f64>, AreaImportError> {
    let broken = |fault| Err(AreaImportError::BrokenRing { feature: index, fault });
    let coords: Vec<Coord<f64>> =
        positions.iter().map(|position| dutch(index, position)).collect::<Result<_, _>>()?;
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
fn dutch(index: usize, position: &Position) -> Result<Coord<f64>, AreaImportError> {
    let &[x, y, ..] = position.as_slice() else {
        return Err(AreaImportError::UnreadableFeature { feature: index });
    };
    let in_degrees =
        |lon: f64, lat: f64| (3.2..=7.3).contains(&lon) && (50.7..=53.7).contains(&lat);
    if in_degrees(x, y) {
        Ok(geometry::rounded(Coord { x, y }))
    } else if in_degrees(y, x) {
        Err(AreaImportError::AxesSwapped { feature: index })
    } else if (-7_000.0..=300_000.0).contains(&x) && (289_000.0..=629_000.0).contains(&y) {
        // The bounds of EPSG:28992, in metres.
        Err(AreaImportError::RdNew { feature: index })
    } else {
        Err(AreaImportError::OutsideTheNetherlands { feature: index })
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
