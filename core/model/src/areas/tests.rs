//! Areas are tested with the municipality and the contacts that the demo uses.

use proptest::prelude::*;

use super::*;
use crate::PlaceSource;

const WIJKEN: &str = include_str!("../../../../data/ridderkerk/wijken.geojson");
const CONTACTS: &str = include_str!("../../../../data/voorbeeldcontacten.json");

fn ridderkerk() -> Areas {
    Areas::from_geojson(WIJKEN).expect("the demo's areas")
}

fn place(lon: f64, lat: f64, accuracy_m: u32) -> Place {
    Place::new(lon, lat, accuracy_m, PlaceSource::Gps).expect("a place in the Netherlands")
}

fn code(text: &str) -> AreaCode {
    text.parse().expect("an area code")
}

fn codes(areas: &[&Area]) -> Vec<String> {
    areas.iter().map(|area| area.code.to_string()).collect()
}

/// A collection with one feature: these properties and this geometry.
fn one(properties: &str, geometry: &str) -> Result<Areas, AreaImportError> {
    Areas::from_geojson(&format!(
        r#"{{"type":"FeatureCollection","features":[{}]}}"#,
        feature(properties, geometry)
    ))
}

fn feature(properties: &str, geometry: &str) -> String {
    format!(r#"{{"type":"Feature","properties":{{{properties}}},"geometry":{geometry}}}"#)
}

/// A square of 0.01 degrees with this south-west corner.
fn square(west: f64, south: f64) -> String {
    let (east, north) = (west + 0.01, south + 0.01);
    polygon(&format!(
        "[{west},{south}],[{east},{south}],[{east},{north}],[{west},{north}],[{west},{south}]"
    ))
}

fn polygon(ring: &str) -> String {
    format!(r#"{{"type":"Polygon","coordinates":[[{ring}]]}}"#)
}

#[test]
fn each_feature_is_a_wijk_and_its_buurt() {
    let areas = ridderkerk();
    let count = |level| areas.at_level(level).count();
    assert_eq!(areas.municipality().as_str(), "GM0597");
    assert_eq!(count(AreaLevel::Gemeente), 1);
    assert_eq!(count(AreaLevel::Wijk), 12);
    assert_eq!(count(AreaLevel::Buurt), 12);
    let gemeente = areas.get(&code("GM0597")).expect("the gemeente");
    assert_eq!((gemeente.name.as_str(), &gemeente.parent), ("Ridderkerk", &None));
    let buurt = areas.get(&code("BU05970600")).expect("the buurt");
    assert_eq!((buurt.name.as_str(), buurt.level()), ("Slikkerveer", AreaLevel::Buurt));
    assert_eq!(buurt.parent, Some(code("WK059706")));
    assert_eq!(areas.wijk_of(&buurt.code), Some(&code("WK059706")));
    assert_eq!(areas.wijk_of(&code("WK059706")), Some(&code("WK059706")));
    assert_eq!(areas.wijk_of(&code("BU05310102")), None);
    assert_eq!(areas.children(&code("GM0597")).count(), 12);
}

#[test]
fn the_gemeente_is_the_union_of_its_wijken() {
    let areas = ridderkerk();
    let outline = &areas.get(&code("GM0597")).expect("the gemeente").outline;
    assert_eq!(outline.0.len(), 1, "one piece");
    assert!(outline.0[0].interiors().is_empty(), "without holes");
    let inner_border = geo::Coord { x: 4.597_22, y: 51.877_63 };
    assert!(outline.0[0].exterior().coords().all(|at| *at != inner_border));
    assert!(geometry::covers(outline, inner_border));
}

#[test]
fn every_example_contact_lies_in_its_buurt() {
    let areas = ridderkerk();
    let data: serde_json::Value = serde_json::from_str(CONTACTS).expect("the example contacts");
    let contacts = data["contacten"].as_array().expect("a list");
    let mut located = 0;
    for contact in contacts {
        let expected = contact["buurtcode"].as_str().expect("a buurt");
        assert!(areas.get(&code(expected)).is_some(), "{expected}");
        let Some(position) = contact["locatie"].as_object() else { continue };
        let degrees = |key: &str| position[key].as_f64().expect("a number");
        let at = place(degrees("lon"), degrees("lat"), 0);
        let found = areas.buurt_at(&at).map(|area| area.code.as_str());
        assert_eq!(found, Some(expected), "contact {}", contact["nr"]);
        located += 1;
    }
    assert_eq!((contacts.len(), located), (22, 21));
}

#[test]
fn the_circle_decides_whether_to_ask() {
    let areas = ridderkerk();
    let mid = |accuracy_m| place(4.602_66, 51.886_1, accuracy_m);
    assert_eq!(codes(&areas.buurten_touched(&mid(8))), ["BU05970600"]);
    // A few metres from a corner on the border of Centrum (01) and West (02).
    let corner = place(4.591_27, 51.875_65, 25);
    let touched = codes(&areas.buurten_touched(&corner));
    assert_eq!(touched.len(), 2, "{touched:?}");
    assert!(touched.contains(&"BU05970100".to_owned()), "{touched:?}");
    assert!(touched.contains(&"BU05970200".to_owned()), "{touched:?}");
    let inside = areas.buurt_at(&corner).map(|area| area.code.to_string());
    assert_eq!(touched.first(), inside.as_ref());
    assert_eq!(areas.buurten_touched(&place(4.59, 51.87, 100_000)).len(), 12);
}

#[test]
fn a_position_on_a_border_has_one_answer() {
    let areas = ridderkerk();
    // A corner that Centrum (01) and West (02) share.
    let corner = place(4.591_26, 51.875_69, 0);
    assert_eq!(areas.buurt_at(&corner).map(|area| area.code.as_str()), Some("BU05970100"));
    assert_eq!(codes(&areas.buurten_touched(&corner)), ["BU05970100", "BU05970200"]);
}

#[test]
fn outside_is_no_buurt() {
    let areas = ridderkerk();
    let rotterdam = place(4.4777, 51.9244, 10);
    assert!(areas.buurt_at(&rotterdam).is_none());
    assert!(areas.buurten_touched(&rotterdam).is_empty());
}

#[test]
fn distances_are_metres() {
    // 0.001 degrees at 52° north: 111.26 m along the meridian, 68.68 m along the parallel.
    let areas = one(r#""code":"BU00010101""#, &square(5.0, 52.0)).expect("one buurt");
    let touches =
        |lon, lat, accuracy_m| !areas.buurten_touched(&place(lon, lat, accuracy_m)).is_empty();
    assert!(touches(5.005, 51.999, 112) && !touches(5.005, 51.999, 111));
    assert!(touches(4.999, 52.005, 69) && !touches(4.999, 52.005, 68));
    assert!(touches(4.999, 51.999, 131) && !touches(4.999, 51.999, 130), "over the corner");
}

#[test]
fn what_is_written_reads_back_equal() {
    let mut areas = ridderkerk();
    let team = WijkTeam { wijk: code("WK059706"), team: Some("Slikkerveer".to_owned()) };
    areas.set_teams(&[team]).expect("a wijk of ours");
    let text = String::from(areas.clone());
    assert_eq!(Areas::from_geojson(&text), Ok(areas.clone()));
    let json = serde_json::to_string(&areas).expect("text");
    assert_eq!(serde_json::from_str::<Areas>(&json).expect("the same text"), areas);
    // Twelve wijken that are their buurten, and the gemeente.
    assert_eq!(text.matches("\"Feature\"").count(), 13);
}

#[test]
fn a_map_gets_one_level() {
    let areas = ridderkerk();
    let text = areas.to_geojson(AreaLevel::Wijk);
    let map: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    let features = map["features"].as_array().expect("features");
    assert_eq!(features.len(), 12);
    assert_eq!(features[5]["properties"]["code"], "WK059706");
    assert_eq!(features[5]["properties"]["name"], "Slikkerveer");
    assert_eq!(features[5]["properties"]["parent"], "GM0597");
    assert_eq!(features[5]["geometry"]["type"], "MultiPolygon");
    let [west, south, east, north] = areas.bounds();
    assert!(west < 4.58 && east > 4.63 && south < 51.86 && north > 51.89);
}

#[test]
fn official_buurten_make_their_wijken() {
    let features = [
        feature(
            r#""buurtcode":"BU00340101","buurtnaam":"Eén","wijkcode":"WK003401","gemeentecode":"GM0034","gemeentenaam":"Almere","water":"NEE""#,
            &square(5.2, 52.3),
        ),
        feature(
            r#""buurtcode":"BU00340102","buurtnaam":"Twee","wijkcode":"WK003401","water":"NEE""#,
            &square(5.21, 52.3),
        ),
        feature(r#""buurtcode":"BU00340199","buurtnaam":"Plas","water":"JA""#, &square(5.4, 52.3)),
        feature(r#""statcode":"WK003402  ","statnaam":"Poort""#, &square(5.22, 52.3)),
    ];
    let text = format!(r#"{{"type":"FeatureCollection","features":[{}]}}"#, features.join(","));
    let areas = Areas::from_geojson(&text).expect("official names");
    let names: Vec<(&str, &str)> =
        areas.iter().map(|area| (area.code.as_str(), area.name.as_str())).collect();
    assert_eq!(
        names,
        [
            ("BU00340101", "Eén"),
            ("BU00340102", "Twee"),
            ("GM0034", "Almere"),
            ("WK003401", "WK003401"),
            ("WK003402", "Poort"),
        ]
    );
    let wijk = &areas.get(&code("WK003401")).expect("made").outline;
    assert_eq!((wijk.0.len(), wijk.0[0].exterior().0.len()), (1, 5), "one rectangle");
    assert_eq!(Areas::from_geojson(&String::from(areas.clone())), Ok(areas));
}

#[test]
fn parts_of_a_buurt_lie_in_it() {
    let part = r#""code":"BU00010101-noord","name":"Noord""#;
    let areas = one(part, &square(5.0, 52.0)).expect("a part of a buurt");
    let levels: Vec<AreaLevel> = areas.iter().map(Area::level).collect();
    assert_eq!(
        levels,
        [AreaLevel::Buurt, AreaLevel::SubBuurt, AreaLevel::Gemeente, AreaLevel::Wijk]
    );
    let at = areas.buurt_at(&place(5.005, 52.005, 5)).map(|area| area.code.as_str());
    assert_eq!(at, Some("BU00010101-noord"), "the most precise");
    let asked = areas.buurten_touched(&place(5.005, 52.005, 5_000));
    assert_eq!(codes(&asked), ["BU00010101-noord"]);
    assert_eq!(areas.wijk_of(&code("BU00010101-noord")), Some(&code("WK000101")));
}

#[test]
fn the_national_grid_is_recognised_and_converted() {
    // 100 m around the Westertoren.
    let ring = "[120650,487475],[120750,487475],[120750,487575],[120650,487575],[120650,487475]";
    let shape = feature(r#""code":"BU03630101""#, &polygon(ring));
    let bare = format!(r#"{{"type":"FeatureCollection","features":[{shape}]}}"#);
    let named = |crs: &str| {
        format!(
            r#"{{"type":"FeatureCollection","crs":{{"type":"name","properties":{{"name":"{crs}"}}}},"features":[{shape}]}}"#
        )
    };
    for text in [bare, named("urn:ogc:def:crs:EPSG::28992"), named("EPSG:28992")] {
        let areas = Areas::from_geojson(&text).expect("on the grid");
        let tower = place(4.883_525_59, 52.374_532_53, 5);
        assert_eq!(codes(&areas.buurten_touched(&tower)), ["BU03630101"]);
        assert!(areas.buurt_at(&place(4.886, 52.3745, 5)).is_none());
        assert_eq!(Areas::from_geojson(&String::from(areas.clone())), Ok(areas));
    }
    let unknown = Areas::from_geojson(&named("urn:ogc:def:crs:EPSG::3857"));
    assert_eq!(
        unknown,
        Err(AreaImportError::UnknownCrs { crs: "urn:ogc:def:crs:EPSG::3857".to_owned() })
    );
    let wrong = Areas::from_geojson(&named("urn:ogc:def:crs:OGC:1.3:CRS84"));
    assert_eq!(wrong, Err(AreaImportError::RdNew { feature: 0 }));
    let degrees = feature(r#""code":"BU03630102""#, &square(5.0, 52.0));
    let mixed = format!(r#"{{"type":"FeatureCollection","features":[{shape},{degrees}]}}"#);
    assert_eq!(Areas::from_geojson(&mixed), Err(AreaImportError::NotRdNew { feature: 1 }));
}

#[test]
fn a_hole_is_not_part_of_an_area() {
    let outer = "[5.0,52.0],[5.03,52.0],[5.03,52.03],[5.0,52.03],[5.0,52.0]";
    let hole = "[5.01,52.01],[5.01,52.02],[5.02,52.02],[5.02,52.01],[5.01,52.01]";
    let shape = format!(r#"{{"type":"Polygon","coordinates":[[{outer}],[{hole}]]}}"#);
    let features = [
        feature(r#""code":"BU00010101""#, &shape),
        feature(r#""code":"BU00010102""#, &square(5.01, 52.01)),
    ];
    let text = format!(r#"{{"type":"FeatureCollection","features":[{}]}}"#, features.join(","));
    let areas = Areas::from_geojson(&text).expect("a ring and what lies in it");
    let at = |lon, lat| areas.buurt_at(&place(lon, lat, 5)).map(|area| area.code.to_string());
    assert_eq!(at(5.015, 52.015).as_deref(), Some("BU00010102"));
    assert_eq!(at(5.005, 52.015).as_deref(), Some("BU00010101"));
    let alone = one(r#""code":"BU00010101""#, &shape).expect("a ring");
    assert!(alone.buurt_at(&place(5.015, 52.015, 5)).is_none());
}

#[test]
fn buurten_that_overlap_are_refused_by_name() {
    let features = [
        feature(r#""code":"BU00010102""#, &square(5.0, 52.0)),
        feature(r#""code":"BU00010101""#, &square(5.005, 52.0)),
    ];
    let text = format!(r#"{{"type":"FeatureCollection","features":[{}]}}"#, features.join(","));
    let error = Areas::from_geojson(&text).expect_err("overlapping");
    assert_eq!(
        error,
        AreaImportError::Overlap {
            feature: 0,
            code: code("BU00010102"),
            other_feature: 1,
            other: code("BU00010101"),
        }
    );
    assert!(error.message(crate::Lang::Nl).contains("features[1] (BU00010101)"));
}

#[test]
fn teams_group_their_wijken() {
    let mut areas = ridderkerk();
    let of = |wijk: &str, team: &str| WijkTeam { wijk: code(wijk), team: Some(team.to_owned()) };
    areas
        .set_teams(&[of("WK059702", "Centrum & West"), of("WK059701", "Centrum & West")])
        .expect("ours");
    let both = [code("WK059701"), code("WK059702")];
    assert_eq!(areas.teams()["Centrum & West"], both.iter().collect::<Vec<_>>());
}

#[test]
fn unusable_files_say_why() {
    use AreaImportError as E;
    let cases = [
        ("", E::NotJson { line: 1, column: 0 }),
        (r#"{"type":"FeatureCollection","features":[{"#, E::NotJson { line: 1, column: 41 }),
        ("[1,2]", E::NotAFeatureCollection),
        (r#"{"type":"Polygon","coordinates":[]}"#, E::NotAFeatureCollection),
        (r#"{"type":"FeatureCollection"}"#, E::NotAFeatureCollection),
        (r#"{"type":"FeatureCollection","features":[]}"#, E::NoFeatures),
        (
            r#"{"type":"FeatureCollection","features":[{"type":"Fiets"}]}"#,
            E::UnreadableFeature { feature: 0 },
        ),
    ];
    for (text, expected) in cases {
        assert_eq!(Areas::from_geojson(text), Err(expected), "{text}");
    }
    let half = &WIJKEN[..WIJKEN.len() / 2];
    assert!(matches!(Areas::from_geojson(half), Err(E::NotJson { .. })));
}

#[test]
fn unusable_features_say_why() {
    use AreaImportError as E;
    let here = square(4.6, 51.8);
    let buurt = r#""code":"BU00010101""#;
    let ring = |ring: &str| one(buurt, &polygon(ring));
    let broken = |fault| Err(E::BrokenRing { feature: 0, fault });
    assert_eq!(one(r#""name":"Zonder code""#, &here), Err(E::MissingCode { feature: 0 }));
    assert_eq!(
        one(r#""code":"Oostendam""#, &here),
        Err(E::UnknownCode { feature: 0, code: "Oostendam".to_owned() })
    );
    assert_eq!(
        one(r#""code":"BU00010101","wijk_code":"WK000102""#, &here),
        Err(E::ContradictoryCodes {
            feature: 0,
            inner: code("BU00010101"),
            outer: code("WK000102")
        })
    );
    assert_eq!(one(r#""code":"WK000101""#, &here), Err(E::NoBuurten));
    let point = r#"{"type":"Point","coordinates":[4.6,51.8]}"#;
    assert_eq!(one(buurt, point), Err(E::NotAPolygon { feature: 0 }));
    assert_eq!(one(buurt, "null"), Err(E::NotAPolygon { feature: 0 }));
    assert_eq!(one(buurt, r#"{"type":"Polygon","coordinates":[]}"#), broken(RingFault::Missing));
    assert_eq!(
        one(buurt, r#"{"type":"MultiPolygon","coordinates":[]}"#),
        broken(RingFault::Missing)
    );
    assert_eq!(ring("[4.6,51.8],[4.7,51.8],[4.6,51.8]"), broken(RingFault::TooShort));
    assert_eq!(ring("[4.6,51.8],[4.7,51.8],[4.7,51.9],[4.6,51.9]"), broken(RingFault::Unclosed));
    assert_eq!(ring("[4.6,51.8],[4.7,51.8],[4.65,51.8],[4.6,51.8]"), broken(RingFault::Flat));
    assert_eq!(ring("[4.6],[4.7,51.8],[4.7,51.9],[4.6]"), Err(E::UnreadableFeature { feature: 0 }));
    assert!(ring("[98000,430000],[99000,430000],[99000,431000],[98000,430000]").is_ok());
    assert_eq!(
        ring("[4.6,51.8],[99000,430000],[99000,431000],[4.6,51.8]"),
        Err(E::RdNew { feature: 0 })
    );
    assert_eq!(
        ring("[51.8,4.6],[51.8,4.7],[51.9,4.7],[51.8,4.6]"),
        Err(E::AxesSwapped { feature: 0 })
    );
    assert_eq!(
        ring("[2.3,48.8],[2.4,48.8],[2.4,48.9],[2.3,48.8]"),
        Err(E::OutsideTheNetherlands { feature: 0 })
    );
}

#[test]
fn two_features_can_contradict_each_other() {
    use AreaImportError as E;
    let both = |second: &str| {
        let features = [
            feature(r#""code":"BU00010101""#, &square(5.0, 52.0)),
            feature(&format!(r#""code":"{second}""#), &square(5.1, 52.0)),
        ];
        let features = features.join(",");
        Areas::from_geojson(&format!(r#"{{"type":"FeatureCollection","features":[{features}]}}"#))
    };
    assert_eq!(both("BU00010101"), Err(E::DuplicateCode { feature: 1, code: code("BU00010101") }));
    assert!(matches!(both("BU00020101"), Err(E::SeveralMunicipalities { feature: 1, .. })));
    let rd = both("x").expect_err("no code");
    for lang in crate::Lang::ALL {
        assert!(rd.message(*lang).contains("features[1]"), "{}", rd.message(*lang));
    }
    assert_eq!(rd.code(), "areas-unknown-code");
}

#[test]
fn unknown_wijken_get_no_team() {
    let mut areas = ridderkerk();
    let before = areas.clone();
    let foreign = WijkTeam { wijk: code("WK000101"), team: Some("Ver weg".to_owned()) };
    assert!(matches!(areas.set_teams(&[foreign]), Err(ReferenceError::UnknownWijk { .. })));
    assert_eq!(areas, before);
}

proptest! {
    /// The areas close without gaps and without overlaps.
    #[test]
    fn a_point_in_the_municipality_lies_in_exactly_one_buurt(
        lon in 4.55_f64..4.67, lat in 51.83_f64..51.91,
    ) {
        let areas = ridderkerk();
        let at = place(lon, lat, 0);
        let coord = geometry::coord(&at);
        let gemeente = areas.get(&code("GM0597")).expect("the gemeente");
        let holding = areas
            .at_level(AreaLevel::Buurt)
            .filter(|area| geometry::covers(&area.outline, coord))
            .count();
        let found = areas.buurt_at(&at);
        if geometry::covers(&gemeente.outline, coord) {
            prop_assert_eq!(holding, 1);
            prop_assert_eq!(areas.buurten_touched(&at), found.into_iter().collect::<Vec<_>>());
        } else {
            prop_assert_eq!(holding, 0);
            prop_assert!(found.is_none());
        }
    }

    /// Nothing in a file can make the import panic.
    #[test]
    fn damaged_files_are_refused_or_read(at in 0..WIJKEN.len(), byte in 32_u8..127) {
        let mut bytes = WIJKEN.as_bytes().to_vec();
        bytes[at] = byte;
        if let Ok(text) = String::from_utf8(bytes) && let Ok(areas) = Areas::from_geojson(&text) {
            prop_assert_eq!(Areas::from_geojson(&String::from(areas.clone())), Ok(areas));
        }
    }
}
