//! The few geometric questions that areas answer, in degrees and in local metres.
//!
//! Inside, outside and "on the border" are decided with exact predicates, so that two devices
//! never place one position in different buurten.

use geo::coordinate_position::{CoordPos, CoordinatePosition};
use geo::{
    Area, BooleanOps, BoundingRect, Coord, Distance, Euclidean, Line, LineString, LinesIter,
    MapCoords, MultiPolygon, Orient, Point, Polygon, orient::Direction, unary_union,
};

use crate::Place;

/// Square degrees; about one square metre in the Netherlands.
const SLIVER_DEGREES2: f64 = 1.3e-10;

/// Square degrees; about 1,000 square metres: borders are drawn to some metres.
const OVERLAP_DEGREES2: f64 = 1.3e-7;

/// A bounding box in degrees.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Extent {
    west: f64,
    south: f64,
    east: f64,
    north: f64,
}

impl Extent {
    /// Contains nothing, and is swallowed by every other.
    const EMPTY: Self = Self {
        west: f64::INFINITY,
        south: f64::INFINITY,
        east: f64::NEG_INFINITY,
        north: f64::NEG_INFINITY,
    };

    pub(super) fn of(outline: &MultiPolygon<f64>) -> Self {
        outline.bounding_rect().map_or(Self::EMPTY, |rect| Self {
            west: rect.min().x,
            south: rect.min().y,
            east: rect.max().x,
            north: rect.max().y,
        })
    }

    pub(super) fn around(extents: impl Iterator<Item = Self>) -> Self {
        extents.fold(Self::EMPTY, |all, one| Self {
            west: all.west.min(one.west),
            south: all.south.min(one.south),
            east: all.east.max(one.east),
            north: all.north.max(one.north),
        })
    }

    pub(super) fn contains(&self, at: Coord<f64>) -> bool {
        (self.west..=self.east).contains(&at.x) && (self.south..=self.north).contains(&at.y)
    }

    fn meets(&self, other: &Self) -> bool {
        self.west <= other.east
            && other.west <= self.east
            && self.south <= other.north
            && other.south <= self.north
    }

    pub(super) fn to_array(self) -> [f64; 4] {
        [self.west, self.south, self.east, self.north]
    }
}

pub(super) fn coord(place: &Place) -> Coord<f64> {
    Coord { x: place.lon(), y: place.lat() }
}

/// Whether the position lies inside or on the border.
pub(super) fn covers(outline: &MultiPolygon<f64>, at: Coord<f64>) -> bool {
    match outline.coordinate_position(&at) {
        CoordPos::Inside | CoordPos::OnBoundary => true,
        CoordPos::Outside => false,
    }
}

/// The outline of several areas together, at the precision in which outlines are kept.
///
/// Slivers that are left where two borders do not meet exactly are dropped.
pub(super) fn union(outlines: &[&MultiPolygon<f64>]) -> MultiPolygon<f64> {
    let oriented: Vec<MultiPolygon<f64>> =
        outlines.iter().map(|outline| outline.orient(Direction::Default)).collect();
    let is_land = |ring: &LineString<f64>| {
        Polygon::new(ring.clone(), Vec::new()).unsigned_area() > SLIVER_DEGREES2
    };
    let pieces = unary_union(&oriented).map_coords(rounded).0;
    let kept = pieces.into_iter().map(Polygon::into_inner).filter(|(ring, _)| is_land(ring));
    kept.map(|(ring, mut holes)| {
        holes.retain(is_land);
        Polygon::new(ring, holes)
    })
    .collect()
}

/// The first two outlines that cover the same ground, as places in the list. Slivers between
/// borders that do not meet exactly do not count.
pub(super) fn overlap(outlines: &[&MultiPolygon<f64>]) -> Option<(usize, usize)> {
    let extents: Vec<Extent> = outlines.iter().map(|outline| Extent::of(outline)).collect();
    for (second, extent) in extents.iter().enumerate() {
        for first in 0..second {
            let near = extent.meets(&extents[first]);
            if near
                && outlines[first].intersection(outlines[second]).unsigned_area() > OVERLAP_DEGREES2
            {
                return Some((first, second));
            }
        }
    }
    None
}

/// A coordinate at seven decimals, about 1 cm.
pub(super) fn rounded(at: Coord<f64>) -> Coord<f64> {
    let round = |degrees: f64| (degrees * 1e7).round() / 1e7;
    Coord { x: round(at.x), y: round(at.y) }
}

/// The surroundings of a position as a plane in metres with the position at its origin.
///
/// The lengths of a degree at its latitude on the WGS84 ellipsoid are good to a few centimetres
/// over the kilometres that matter here.
pub(super) struct LocalPlane {
    origin: Coord<f64>,
    lon_m: f64,
    lat_m: f64,
}

impl LocalPlane {
    pub(super) fn at(place: &Place) -> Self {
        let phi = place.lat().to_radians();
        // Series for the length of a degree, US National Geospatial-Intelligence Agency.
        let lat_m = 111_132.92 - 559.82 * (2.0 * phi).cos() + 1.175 * (4.0 * phi).cos();
        let lon_m = 111_412.84 * phi.cos() - 93.5 * (3.0 * phi).cos();
        Self { origin: coord(place), lon_m, lat_m }
    }

    fn project(&self, at: Coord<f64>) -> Coord<f64> {
        Coord { x: (at.x - self.origin.x) * self.lon_m, y: (at.y - self.origin.y) * self.lat_m }
    }

    /// Metres from the origin to the nearest edge of the outline.
    pub(super) fn distance_m(&self, outline: &MultiPolygon<f64>) -> f64 {
        let origin = Point::new(0.0, 0.0);
        outline
            .lines_iter()
            .map(|line| Line::new(self.project(line.start), self.project(line.end)))
            .map(|line| Euclidean.distance(&origin, &line))
            .fold(f64::INFINITY, f64::min)
    }

    /// Metres from the origin to a bounding box; zero inside it.
    pub(super) fn distance_to_extent_m(&self, extent: &Extent) -> f64 {
        let nearest = Coord {
            x: self.origin.x.max(extent.west).min(extent.east),
            y: self.origin.y.max(extent.south).min(extent.north),
        };
        let Coord { x, y } = self.project(nearest);
        x.hypot(y)
    }
}
