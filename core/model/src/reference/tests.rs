//! Reference data is tested with the demo's files and with broken ones.

use super::*;
use crate::Lang;

const KERNCIJFERS: &str = include_str!("../../../../data/ridderkerk/kerncijfers.csv");
const TEAMS: &str = include_str!("../../../../data/ridderkerk/wijken-teams.csv");
const THEMES: &str = include_str!("../../../../data/ridderkerk/themas.json");
const WIJKEN: &str = include_str!("../../../../data/ridderkerk/wijken.geojson");
const CONTACTS: &str = include_str!("../../../../data/voorbeeldcontacten.json");

fn code(text: &str) -> AreaCode {
    text.parse().expect("an area code")
}

fn theme(text: &str) -> ThemeId {
    text.parse().expect("a theme")
}

fn reference() -> Reference {
    Reference {
        version: 1,
        municipality: "GM0597".parse().expect("a municipality"),
        areas: Areas::from_geojson(WIJKEN).expect("areas"),
        themes: themes_from_json(THEMES).expect("themes"),
        colleagues: Vec::new(),
        inhabitants: inhabitants_from_csv(KERNCIJFERS).expect("inhabitants"),
    }
}

/// The line and the fault of a refused table.
fn row(result: Result<impl std::fmt::Debug, ReferenceError>) -> (u64, RowFault) {
    let error = result.expect_err("a table that cannot be used");
    let ReferenceError::Row { line, fault } = error else { panic!("another error: {error}") };
    (line, fault)
}

#[test]
fn inhabitants_come_as_counts_or_as_shares() {
    let inhabitants = inhabitants_from_csv(KERNCIJFERS).expect("the demo's figures");
    assert_eq!(inhabitants.len(), 24, "twelve wijken in two years");
    let of = |wijk: &str, year| {
        let area = code(wijk);
        inhabitants
            .iter()
            .find(|row| row.area == area && row.year == year)
            .map(|row| (row.total, row.by_age))
            .expect("this wijk in this year")
    };
    assert_eq!(of("WK059706", 2025), (9_320, Some([1_565, 1_035, 2_295, 2_540, 1_885])));
    // 17, 11, 25, 27 and 20 % of 9,425.
    assert_eq!(of("WK059706", 2024), (9_425, Some([1_600, 1_035, 2_355, 2_545, 1_885])));
    assert_eq!(of("WK059711", 2025), (0, None), "Verenambacht has no inhabitants");
    assert_eq!(of("WK059712", 2025), (15, None), "too few to publish ages");
}

#[test]
fn teams_group_wijken() {
    let teams = teams_from_csv(TEAMS).expect("the demo's teams");
    let mut areas = Areas::from_geojson(WIJKEN).expect("areas");
    areas.set_teams(&teams).expect("our wijken");
    let team = |wijk: &str| areas.get(&code(wijk)).and_then(|area| area.team.clone());
    assert_eq!(team("WK059701").as_deref(), Some("Centrum & West"));
    assert_eq!(team("WK059701"), team("WK059702"));
    assert_eq!(team("WK059710"), None, "an industrial estate");
    let distinct: std::collections::BTreeSet<_> =
        areas.iter().filter_map(|area| area.team.as_deref()).collect();
    assert_eq!(distinct.len(), 6);
}

#[test]
fn a_spreadsheet_may_write_semicolons_and_a_mark() {
    let text = "\u{feff}Leefbaarheidsteam;Wijkcode\r\nBolnes;WK059707\r\n\"Rijsoord; Oostendam\";WK059708\r\n";
    let teams = teams_from_csv(text).expect("a table");
    assert_eq!(teams[0], WijkTeam { wijk: code("WK059707"), team: Some("Bolnes".to_owned()) });
    assert_eq!(teams[1].team.as_deref(), Some("Rijsoord; Oostendam"));
}

#[test]
fn broken_tables_name_the_line() {
    let head = "jaar,code,inwoners,inw_0_15,inw_15_25,inw_25_45,inw_45_65,inw_65plus,\
                pct_0_15,pct_15_25,pct_25_45,pct_45_65,pct_65plus\n";
    let read = |lines: &str| inhabitants_from_csv(&format!("{head}{lines}"));
    let good = "2025,WK059706,100,20,20,20,20,20,,,,,\n";
    assert_eq!(read(good).expect("a good line").len(), 1);
    assert_eq!(
        row(read(&format!("{good}2025,WK059707,veel,,,,,,,,,,\n"))),
        (3, RowFault::NotANumber { column: "inwoners" })
    );
    assert_eq!(
        row(read("2025,WK059706,-5,,,,,,,,,,\n")),
        (2, RowFault::NotANumber { column: "inwoners" })
    );
    assert_eq!(
        row(read("2025,WK059706,5,1,,,,,,,,,\n")),
        (2, RowFault::NotANumber { column: "inw_15_25" })
    );
    assert_eq!(
        row(read("70000,WK059706,5,,,,,,,,,,\n")),
        (2, RowFault::NotANumber { column: "jaar" })
    );
    assert_eq!(row(read("2025,Bolnes,5,,,,,,,,,,\n")), (2, RowFault::NotAnArea { column: "code" }));
    assert_eq!(row(read(&format!("{good}{good}"))), (3, RowFault::Repeated));
    assert_eq!(row(read("2025,WK059706\n")), (2, RowFault::Columns));
    assert!(read("2025,GM0597,47721,,,,,,,,,,\n").expect("no wijk").is_empty());
    assert!(matches!(
        inhabitants_from_csv("code,inwoners\n"),
        Err(ReferenceError::MissingColumn { column: "jaar" })
    ));
    let teams = "wijkcode,leefbaarheidsteam\nBU05970600,Slikkerveer\n";
    assert_eq!(row(teams_from_csv(teams)), (2, RowFault::NotAWijk { column: "wijkcode" }));
    let error = teams_from_csv(teams).expect_err("not a wijk");
    assert_eq!(
        error.message(Lang::Nl),
        "Dit bestand is niet bruikbaar: regel 2: wijkcode is geen wijkcode."
    );
    assert_eq!(
        error.message(Lang::En),
        "This file cannot be used: line 2: wijkcode is no code of a wijk."
    );
}

#[test]
fn the_theme_list_covers_the_example_contacts() {
    let reference = reference();
    let data: serde_json::Value = serde_json::from_str(CONTACTS).expect("the example contacts");
    for contact in data["contacten"].as_array().expect("a list") {
        let id = theme(contact["thema"].as_str().expect("a theme"));
        assert!(reference.theme(&id).is_some(), "{id}");
    }
    let of = |ids: &[&str]| {
        let ids: Vec<ThemeId> = ids.iter().map(|id| theme(id)).collect();
        reference.default_sensitivity(&ids)
    };
    assert_eq!(of(&["verkeer", "afval"]), Sensitivity::Gewoon);
    assert_eq!(of(&["verkeer", "zorg"]), Sensitivity::Gevoelig);
    assert_eq!(of(&["jeugd"]), Sensitivity::Gevoelig);
    assert_eq!(of(&["unknown"]), Sensitivity::Gewoon);
    let zorg = reference.theme(&theme("zorg")).expect("a theme");
    assert_eq!((zorg.name(Lang::Nl), zorg.name(Lang::En)), ("Zorg", "Care"));
}

#[test]
fn theme_lists_are_checked() {
    let list = |themes: &[(&str, &str, &str)]| {
        let themes: Vec<String> = themes
            .iter()
            .map(|(id, name, rest)| {
                format!(r#"{{"id":"{id}","name_nl":"{name}","name_en":"{name}"{rest}}}"#)
            })
            .collect();
        themes_from_json(&format!("[{}]", themes.join(",")))
    };
    let sub = r#","parent":"zorg""#;
    let good = list(&[("zorg-thuis", "Thuis", sub), ("zorg", "Zorg", r#","sensitive":true"#)]);
    assert!(good.expect("a good list")[0].sensitive, "as sensitive as its main theme");
    assert!(matches!(
        list(&[("zorg", "Zorg", ""), ("zorg", "Zorg", "")]),
        Err(ReferenceError::RepeatedTheme { .. })
    ));
    assert!(matches!(list(&[("zorg", " ", "")]), Err(ReferenceError::NamelessTheme { .. })));
    assert!(matches!(list(&[("thuis", "Thuis", sub)]), Err(ReferenceError::NotAMainTheme { .. })));
    let third = r#","parent":"thuis""#;
    assert!(matches!(
        list(&[("zorg", "Zorg", ""), ("thuis", "Thuis", sub), ("bed", "Bed", third)]),
        Err(ReferenceError::NotAMainTheme { .. })
    ));
    let error = themes_from_json("[\n{\"id\":\"Met Hoofdletters\"}]").expect_err("no theme");
    let ReferenceError::Json(error) = error else { panic!("another error: {error}") };
    assert_eq!(error.line(), 2);
}

#[test]
fn a_reference_reads_back() {
    let reference = reference();
    let json = reference.to_json().expect("finite coordinates");
    let back = Reference::from_json(&json).expect("what was written");
    assert_eq!(back.areas, reference.areas);
    assert_eq!((back.themes, back.inhabitants), (reference.themes, reference.inhabitants));
    assert!(Reference::from_json("{}").is_err());
}

#[test]
fn ten_thousand_themes_load_and_one_more_does_not() {
    let list = |count: usize| {
        let themes: Vec<String> = (0..count)
            .map(|n| {
                let parent = if n % 10 == 0 {
                    String::new()
                } else {
                    format!(r#","parent":"t{}""#, n / 10 * 10)
                };
                format!(r#"{{"id":"t{n}","name_nl":"Thema {n}","name_en":"Theme {n}"{parent}}}"#)
            })
            .collect();
        themes_from_json(&format!("[{}]", themes.join(",")))
    };
    let themes = list(THEMES_MAX).expect("as many as there may be");
    let index = ThemeIndex::of(&themes);
    for id in themes.iter().map(|theme| &theme.id) {
        assert!(index.get(id).is_some());
        assert!(index.main_of(id).is_some_and(|main| main.parent.is_none()));
    }
    assert_eq!(index.main_of(&theme("t9999")).map(|main| main.id.as_str()), Some("t9990"));
    assert!(index.get(&theme("t10000")).is_none());
    let found = THEMES_MAX + 1;
    let more = list(found).expect_err("one too many");
    assert!(matches!(more, ReferenceError::TooManyThemes { found: said } if said == found));
    assert!(more.message(Lang::Nl).contains("10001 thema's"));
}

#[test]
fn a_theme_under_itself_or_in_a_circle_is_no_sub_theme() {
    let one = |id: &str, parent: &str| {
        format!(r#"{{"id":"{id}","name_nl":"x","name_en":"x","parent":"{parent}"}}"#)
    };
    for list in [one("a", "a"), format!("{},{}", one("a", "b"), one("b", "a"))] {
        let refused = themes_from_json(&format!("[{list}]"));
        assert!(matches!(refused, Err(ReferenceError::NotAMainTheme { .. })));
    }
}

#[test]
fn an_older_version_is_refused() {
    let mut held = reference();
    held.version = 7;
    let offered = |version| Reference { version, ..reference() };
    assert!(matches!(offered(7).supersedes(Some(&held)), Ok(false)));
    assert!(matches!(offered(8).supersedes(Some(&held)), Ok(true)));
    assert!(matches!(offered(1).supersedes(None), Ok(true)));
    assert!(matches!(
        offered(6).supersedes(Some(&held)),
        Err(ReferenceError::Older { held: 7, offered: 6 })
    ));
}

#[test]
fn inhabitants_are_known_per_wijk_and_per_buurt() {
    let mut reference = reference();
    let of = |reference: &Reference, area: &str| {
        reference.inhabitants_of(&code(area)).map(|row| (row.year, row.total, row.by_age))
    };
    let slikkerveer = Some((2025, 9_320, Some([1_565, 1_035, 2_295, 2_540, 1_885])));
    assert_eq!(of(&reference, "WK059706"), slikkerveer);
    assert_eq!(of(&reference, "BU05970600"), None, "the file has wijken only");
    let head = KERNCIJFERS.lines().next().expect("a head");
    let buurten = KERNCIJFERS
        .lines()
        .skip(1)
        .filter(|line| line.contains("WK0597"))
        .map(|line| line.replace("WK059706", "BU05970600").replace("WK059711", "BU05971100"));
    let text = std::iter::once(head.to_owned()).chain(buurten).collect::<Vec<_>>().join("\n");
    reference.inhabitants = inhabitants_from_csv(&text).expect("the same with buurten");
    assert_eq!(of(&reference, "BU05970600"), slikkerveer);
    assert_eq!(of(&reference, "WK059706"), slikkerveer, "the sum of its buurten");
    assert_eq!(of(&reference, "WK059711"), Some((2025, 0, None)));
}
