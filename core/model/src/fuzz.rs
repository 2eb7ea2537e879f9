//! What fuzzers call. Each function takes any bytes and panics only when a promise of this crate is
//! broken by them.
//!
//! Plain functions, so that the coverage-guided targets in `tests/fuzz` and the short run among the
//! tests below exercise the very same.

use crate::{
    Areas, Place, PlaceSource, WavedThrough, in_characters, inhabitants_from_csv, mask_bsn,
    mask_person_data, person_data, teams_from_csv, themes_from_json,
};

/// Any bytes as a note. Gives how much person data was found.
///
/// # Panics
/// When a finding lies outside the text or over another, or masking twice is not masking once.
pub fn note(data: &[u8]) -> usize {
    let text = String::from_utf8_lossy(data);
    let findings = person_data(&text);
    let mut end = 0;
    for finding in &findings {
        assert!(end <= finding.start && finding.start < finding.end, "{finding:?}");
        assert!(!finding.text(&text).is_empty(), "{finding:?} is not in the text");
        end = finding.end;
    }
    let characters = text.chars().count();
    let places = in_characters(&text, &findings);
    assert!(places.iter().all(|(start, end)| start < end && *end <= characters));
    let none = WavedThrough::default();
    let (masked, _) = mask_bsn(&text, &none);
    assert_eq!(masked.chars().count(), characters);
    assert_eq!(mask_bsn(&masked, &none), (masked.clone(), Vec::new()), "masked again");
    assert_eq!(mask_person_data(&text).chars().count(), characters);
    findings.len()
}

/// Any bytes as the files that an administrator imports, and as the corners of a file of areas.
/// Gives how many of these were taken.
///
/// # Panics
/// When areas that were taken do not survive being written.
pub fn areas(data: &[u8]) -> usize {
    let text = String::from_utf8_lossy(data);
    let read = usize::from(read_areas(&text)) + usize::from(read_areas(&drawn(data)));
    read + usize::from(themes_from_json(&text).is_ok())
        + usize::from(teams_from_csv(&text).is_ok())
        + usize::from(inhabitants_from_csv(&text).is_ok())
}

fn read_areas(text: &str) -> bool {
    let Ok(areas) = Areas::from_geojson(text) else { return false };
    let again = Areas::from_geojson(&String::from(areas.clone()));
    assert_eq!(again.as_ref(), Ok(&areas), "areas do not survive being written");
    assert!(areas.bounds().iter().all(|bound| bound.is_finite()));
    for (lon, lat) in [(4.6, 51.88), (4.605, 51.881), (4.61, 51.89)] {
        let Ok(place) = Place::new(lon, lat, 40, PlaceSource::Gps) else { continue };
        let inside = areas.buurt_at(&place).map(|area| &area.code);
        let touched = areas.buurten_touched(&place);
        assert!(inside.is_none_or(|code| touched.iter().any(|area| area.code == *code)));
    }
    true
}

/// A file of up to four buurten of one wijk, whose corners and holes are pairs of these bytes: 1
/// for a new ring, 0 for a new buurt, otherwise a corner on a raster of about twenty metres.
fn drawn(data: &[u8]) -> String {
    let mut buurten: Vec<Vec<Vec<String>>> = vec![vec![Vec::new()]];
    for pair in data.chunks_exact(2).take(200) {
        match (pair[0], buurten.last_mut()) {
            (0, _) => buurten.push(vec![Vec::new()]),
            (1, Some(rings)) => rings.push(Vec::new()),
            (_, Some(rings)) => {
                let lon = 4.6 + f64::from(pair[0] & 0x3f) * 0.000_3;
                let lat = 51.88 + f64::from(pair[1] & 0x3f) * 0.000_2;
                let corner = format!("[{lon},{lat}]");
                rings.last_mut().map(|ring| ring.push(corner)).unwrap_or_default();
            }
            (_, None) => {}
        }
    }
    let feature = |(place, rings): (usize, Vec<Vec<String>>)| {
        let closed = rings.into_iter().map(|mut ring| {
            ring.extend(ring.first().cloned());
            format!("[{}]", ring.join(","))
        });
        let rings = closed.collect::<Vec<_>>().join(",");
        format!(
            r#"{{"type":"Feature","properties":{{"code":"BU0597060{place}","name":"{place}"}},
            "geometry":{{"type":"Polygon","coordinates":[{rings}]}}}}"#
        )
    };
    let features: Vec<String> = buurten.into_iter().take(4).enumerate().map(feature).collect();
    format!(r#"{{"type":"FeatureCollection","features":[{}]}}"#, features.join(","))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const NOTES: [&str; 4] = [
        "Dhr. Jansen, Dorpsstraat 14, bsn 123.456.782, bel 06-12345678 of 0180-451234",
        "mail j.de.boer@voorbeeld.nl, NL91ABNA0417164300, kenteken 12-ABC-3, geboren 3-5-1961",
        "lijn 144, € 12,50, 200 bakken; Mevr. Ö. van 't Hof-de Wit zegt: bsn 111222333",
        "•• 999999990 ½ \u{200b}06\u{a0}12 34 56 78\u{0}",
    ];

    proptest! {
        #[test]
        fn any_text_is_read_for_person_data(
            note in prop::sample::select(NOTES.to_vec()),
            spoils in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..6),
            any in prop::collection::vec(any::<u8>(), 0..80),
        ) {
            let mut bytes = note.as_bytes().to_vec();
            for (place, byte) in spoils {
                let place = place.index(bytes.len());
                bytes[place] = byte;
            }
            super::note(&bytes);
            bytes.extend(any);
            super::note(&bytes);
        }

        #[test]
        fn any_drawing_is_refused_or_survives(
            data in prop::collection::vec(prop_oneof![4 => 2..64_u8, 1 => 0..2_u8], 0..60),
        ) {
            areas(&data);
        }
    }

    #[test]
    fn what_is_sound_is_taken() {
        assert!(note(NOTES[0].as_bytes()) >= 4);
        assert!(areas(include_bytes!("../../../data/ridderkerk/wijken.geojson")) >= 1);
        assert!(areas(include_bytes!("../../../data/ridderkerk/themas.json")) >= 1);
        assert!(areas(include_bytes!("../../../data/ridderkerk/kerncijfers.csv")) >= 1);
        assert!(areas(include_bytes!("../../../data/ridderkerk/wijken-teams.csv")) >= 1);
        // Two squares beside each other.
        let squares = [2, 2, 2, 9, 9, 9, 9, 2, 0, 0, 9, 2, 9, 9, 20, 9, 20, 2];
        assert!(areas(&squares) >= 1);
    }
}
