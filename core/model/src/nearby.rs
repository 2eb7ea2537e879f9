//! What may have been reported already: near by, about the same, not long ago.
//!
//! A pure rule over pairs, so that a phone without a network answers as the server does. A store
//! narrows its rows down with [`bounding_box`], which never leaves out what the rule would find.

use std::collections::BTreeSet;

use crate::{Place, ThemeId, Timestamp};

/// How near two places must be.
pub const DUPLICATE_METRES_MAX: f64 = 50.0;
/// How long may lie between two reports, in milliseconds: 14 days, either way.
pub const DUPLICATE_APART_MS_MAX: i64 = 14 * 24 * 60 * 60 * 1_000;

/// The mean radius of the earth in metres (IUGG).
const EARTH_METRES: f64 = 6_371_008.8;

/// What of a record decides whether another says the same.
#[derive(Debug, Clone, Copy)]
pub struct Candidate<'a> {
    /// Where it is.
    pub place: &'a Place,
    /// What it is about.
    pub themes: &'a BTreeSet<ThemeId>,
    /// When it was.
    pub occurred_at: Timestamp,
}

/// A box in degrees.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bounds {
    /// The least longitude.
    pub west: f64,
    /// The least latitude.
    pub south: f64,
    /// The greatest longitude.
    pub east: f64,
    /// The greatest latitude.
    pub north: f64,
}

impl Bounds {
    /// Whether a place lies in it or on its edge.
    pub fn contains(&self, place: &Place) -> bool {
        (self.west..=self.east).contains(&place.lon())
            && (self.south..=self.north).contains(&place.lat())
    }
}

/// Whether two records may be about the same: at most [`DUPLICATE_METRES_MAX`] and
/// [`DUPLICATE_APART_MS_MAX`] apart, with a theme in common. Symmetric.
///
/// The positions count as they were given; how accurate they are does not widen the circle.
pub fn is_duplicate_candidate(a: &Candidate<'_>, b: &Candidate<'_>) -> bool {
    let apart_ms = a.occurred_at.as_millis().abs_diff(b.occurred_at.as_millis());
    apart_ms <= DUPLICATE_APART_MS_MAX.unsigned_abs()
        && !a.themes.is_disjoint(b.themes)
        && distance_m(a.place, b.place) <= DUPLICATE_METRES_MAX
}

/// The great-circle distance between two places in metres (haversine).
pub fn distance_m(a: &Place, b: &Place) -> f64 {
    let (south, north) = (a.lat().to_radians(), b.lat().to_radians());
    let half = |degrees: f64| (degrees.to_radians() / 2.0).sin().powi(2);
    let square = half(b.lat() - a.lat()) + south.cos() * north.cos() * half(b.lon() - a.lon());
    2.0 * EARTH_METRES * square.sqrt().min(1.0).asin()
}

/// A box around everything within so many metres (up to 100 km) of a place, a hair too wide
/// rather than too narrow.
pub fn bounding_box(place: &Place, metres: f64) -> Bounds {
    let metres = metres.clamp(0.0, 100_000.0);
    let angle = metres / EARTH_METRES;
    let lat = angle.to_degrees();
    let lon = (angle.sin() / place.lat().to_radians().cos()).clamp(0.0, 1.0).asin().to_degrees();
    let hair = 1e-6;
    Bounds {
        west: place.lon() - lon - hair,
        south: place.lat() - lat - hair,
        east: place.lon() + lon + hair,
        north: place.lat() + lat + hair,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::PlaceSource;

    fn place(lon: f64, lat: f64) -> Place {
        Place::new(lon, lat, 8, PlaceSource::Gps).expect("in the Netherlands")
    }

    fn themes(names: &[&str]) -> BTreeSet<ThemeId> {
        names.iter().map(|name| name.parse().expect("a theme")).collect()
    }

    #[test]
    fn distances_are_those_of_the_globe() {
        let dom = place(5.1214, 52.0907);
        assert!(distance_m(&dom, &dom) < 1e-9);
        // A degree of latitude is 111.195 km on this sphere, of longitude at 52° 68.458 km.
        let north = distance_m(&place(5.0, 52.0), &place(5.0, 53.0));
        let east = distance_m(&place(5.0, 52.0), &place(6.0, 52.0));
        assert!((north - 111_195.0).abs() < 1.0, "{north}");
        assert!((east - 68_458.0).abs() < 5.0, "{east}");
    }

    #[test]
    fn place_theme_and_time_all_count() {
        let (here, fifty) = (place(4.6, 51.88), place(4.6, 51.880_449));
        let (just_over, day) = (place(4.6, 51.880_451), 86_400_000);
        let (waste, both, green) =
            (themes(&["afval"]), themes(&["afval", "groen"]), themes(&["groen"]));
        let is = |place: &Place, themes: &BTreeSet<ThemeId>, ms: i64| {
            let a =
                Candidate { place: &here, themes: &waste, occurred_at: Timestamp::from_millis(0) };
            let b = Candidate { place, themes, occurred_at: Timestamp::from_millis(ms) };
            assert_eq!(is_duplicate_candidate(&a, &b), is_duplicate_candidate(&b, &a));
            is_duplicate_candidate(&a, &b)
        };
        assert!(
            is(&here, &waste, 0) && is(&fifty, &both, 14 * day) && is(&fifty, &waste, -14 * day)
        );
        assert!(!is(&just_over, &waste, 0));
        assert!(!is(&here, &green, 0) && !is(&here, &BTreeSet::new(), 0));
        assert!(!is(&here, &waste, 14 * day + 1) && !is(&here, &waste, -14 * day - 1));
        assert!(!is(&here, &waste, i64::MIN) && !is(&here, &waste, i64::MAX));
    }

    proptest! {
        #[test]
        fn the_box_leaves_nothing_out(
            lon in 3.3_f64..7.2, lat in 50.8_f64..53.6, metres in 1.0_f64..2_000.0,
            east in -0.03_f64..0.03, north in -0.02_f64..0.02,
        ) {
            let (at, other) = (place(lon, lat), place(lon + east, lat + north));
            let bounds = bounding_box(&at, metres);
            if distance_m(&at, &other) <= metres {
                prop_assert!(bounds.contains(&other));
            }
            let far = place(lon, lat + metres / 111_195.0 * 1.1 + 0.000_01);
            prop_assert!(!bounds.contains(&far));
        }
    }
}
