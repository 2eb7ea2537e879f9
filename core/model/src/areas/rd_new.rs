//! The Dutch national grid (RD New, EPSG:28992) in degrees (WGS84).
//!
//! The polynomials of F.H. Schreutelkamp and G.L. Strang van Hees, "Benaderingsformules voor de
//! transformatie tussen RD- en WGS84-kaartcoördinaten", Geodesia 43 (2001), p. 64–69. They stay
//! within 0.25 m of RDNAPTRANS on land, which is far less than what borders are drawn to.

use geo::Coord;

/// Amersfoort, the grid's origin: metres east and north, degrees east and north.
const ORIGIN_M: (f64, f64) = (155_000.0, 463_000.0);
const ORIGIN_DEGREES: (f64, f64) = (5.387_206_21, 52.155_174_40);

/// Seconds of latitude: exponents of the distance east and north in 100 km, and their factor.
const LATITUDE: [(i32, i32, f64); 11] = [
    (0, 1, 3_235.653_89),
    (2, 0, -32.582_97),
    (0, 2, -0.247_50),
    (2, 1, -0.849_78),
    (0, 3, -0.065_50),
    (2, 2, -0.017_09),
    (1, 0, -0.007_38),
    (4, 0, 0.005_30),
    (2, 3, -0.000_39),
    (4, 1, 0.000_33),
    (1, 1, -0.000_12),
];
/// The same for seconds of longitude.
const LONGITUDE: [(i32, i32, f64); 12] = [
    (1, 0, 5_260.529_16),
    (1, 1, 105.946_84),
    (1, 2, 2.456_56),
    (3, 0, -0.818_85),
    (1, 3, 0.055_94),
    (3, 1, -0.056_07),
    (0, 1, 0.011_99),
    (3, 2, -0.002_56),
    (1, 4, 0.001_28),
    (0, 2, 0.000_22),
    (2, 0, -0.000_22),
    (5, 0, 0.000_26),
];

/// Whether a position lies within the bounds of EPSG:28992, in metres.
pub(super) fn is_in_bounds(x: f64, y: f64) -> bool {
    (-7_000.0..=300_000.0).contains(&x) && (289_000.0..=629_000.0).contains(&y)
}

/// A position on the grid in degrees.
pub(super) fn to_wgs84(x: f64, y: f64) -> Coord<f64> {
    let (east, north) = ((x - ORIGIN_M.0) * 1e-5, (y - ORIGIN_M.1) * 1e-5);
    let degrees = |terms: &[(i32, i32, f64)]| {
        terms.iter().map(|(p, q, k)| k * east.powi(*p) * north.powi(*q)).sum::<f64>() / 3_600.0
    };
    Coord { x: ORIGIN_DEGREES.0 + degrees(&LONGITUDE), y: ORIGIN_DEGREES.1 + degrees(&LATITUDE) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Points published with the polynomials: RD, then WGS84.
    #[test]
    fn known_points_lie_where_they_are_known_to_lie() {
        for (name, rd, wgs84) in [
            ("Amersfoort", (155_000.0, 463_000.0), (5.387_206_21, 52.155_174_40)),
            ("Amsterdam, Westertoren", (120_700.723, 487_525.501), (4.883_525_59, 52.374_532_53)),
            ("Groningen, Martinitoren", (233_883.131, 582_065.167), (6.568_200_53, 53.219_383_17)),
        ] {
            let found = to_wgs84(rd.0, rd.1);
            let metres = (
                (found.x - wgs84.0) * 111_320.0 * found.y.to_radians().cos(),
                (found.y - wgs84.1) * 111_250.0,
            );
            assert!(metres.0.hypot(metres.1) < 1.0, "{name}: {metres:?}");
        }
    }
}
