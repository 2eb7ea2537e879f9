//! The map of the areas with the records on it, and beside it the same as a list.
//!
//! The picture is drawn in the browser from two answers in JSON; counts and points obey the same
//! scope and filters as the log. No tiles and no other host.

use askama::Template;
use axum::Json;
use axum::extract::{Query, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use std::collections::BTreeMap;
use wijkboek_model::{AreaCode, AreaLevel, Lang};
use wijkboek_store::{Row, StoreError};

use super::chrome::{Chrome, Here};
use super::diff::excerpt;
use super::failure::{Failure, Html};
use super::filters::{Asked, Form, Query as Asking};
use super::names::Names;
use super::present::Kind;
use super::time::Moment;
use super::visitor::Member;
use super::wording::{Texts, say, texts};
use super::{AREAS, LOG, MAP, POINTS};
use crate::AppState;

/// `GET /kaart`: the page, or only its lists for a script that keeps them up to date.
pub(super) async fn show(
    State(state): State<AppState>,
    member: Member,
    Query(asking): Query<Asking>,
) -> Result<Response, Failure> {
    let asked = Asked::from(asking).starting(None);
    let names = Names::load(&state, member.lang()).await?;
    let (counts, rows) = read(&state, &member, &asked, LISTED + 1).await?;
    let map = MapView::new(&counts, rows, &asked, &names);
    let t = texts(member.lang());
    if member.visitor.fragment.as_deref() == Some("map") {
        return Ok(Html(MapFragment { t, map }).into_response());
    }
    let chrome = Chrome::new(&member.visitor, Here::Map, names.municipality());
    Ok(Html(MapPage { chrome, t, filters: asked.form(MAP, &names), map }).into_response())
}

/// `GET /kaart/gebieden`: the outlines of the wijken as GeoJSON.
pub(super) async fn areas(
    State(state): State<AppState>,
    _member: Member,
) -> Result<Response, Failure> {
    let reference = state.reference().await?.ok_or(Failure::NotFound)?;
    let headers = [
        (CONTENT_TYPE, "application/geo+json"),
        // The address holds the version of the reference data.
        (CACHE_CONTROL, "private, max-age=86400"),
    ];
    Ok((headers, reference.areas.to_geojson(AreaLevel::Wijk)).into_response())
}

/// `GET /kaart/punten`: positions for the map, and how many records each wijk has.
pub(super) async fn points(
    State(state): State<AppState>,
    member: Member,
    Query(asking): Query<Asking>,
) -> Result<Json<Points>, Failure> {
    let asked = Asked::from(asking).starting(None);
    let names = Names::load(&state, member.lang()).await?;
    let (counts, rows) = read(&state, &member, &asked, DRAWN).await?;
    let features = rows.iter().filter_map(|row| Feature::new(row, &names)).collect();
    Ok(Json(Points { kind: "FeatureCollection", features, counts: per_wijk(&counts) }))
}

type Counts = Vec<(AreaCode, u64)>;

async fn read(
    state: &AppState,
    member: &Member,
    asked: &Asked,
    limit: usize,
) -> Result<(Counts, Vec<Row>), Failure> {
    let (scope, filter) = (member.scope(), asked.filter());
    let read = state.read(move |replica| {
        Ok::<_, StoreError>((
            replica.counts_by_area(&scope, &filter)?.counts,
            replica.points(&scope, &filter, limit)?,
        ))
    });
    Ok(read.await??)
}

/// A GeoJSON `FeatureCollection` with the counts as a foreign member.
#[derive(Serialize)]
pub(super) struct Points {
    #[serde(rename = "type")]
    kind: &'static str,
    features: Vec<Feature>,
    counts: BTreeMap<AreaCode, u64>,
}

#[derive(Serialize)]
struct Feature {
    #[serde(rename = "type")]
    kind: &'static str,
    geometry: Geometry,
    properties: Properties,
}

#[derive(Serialize)]
struct Geometry {
    #[serde(rename = "type")]
    kind: &'static str,
    coordinates: [f64; 2],
}

#[derive(Serialize)]
struct Properties {
    kind: &'static str,
    label: &'static str,
    text: String,
    when: String,
    href: String,
}

impl Feature {
    fn new(row: &Row, names: &Names) -> Option<Self> {
        let place = row.place?;
        let kind = Kind::of(row.kind, names);
        Some(Self {
            kind: "Feature",
            geometry: Geometry { kind: "Point", coordinates: [place.lon(), place.lat()] },
            properties: Properties {
                kind: kind.word,
                label: kind.label,
                text: short(row, names),
                when: Moment::of(row.occurred_at, names.lang).line(),
                href: format!("{LOG}/{}", row.id),
            },
        })
    }
}

fn short(row: &Row, names: &Names) -> String {
    let text: String = excerpt(&row.text, "").into_iter().map(|part| part.text).collect();
    if text.is_empty() { texts(names.lang).no_text.to_owned() } else { text }
}

fn per_wijk(counts: &[(AreaCode, u64)]) -> BTreeMap<AreaCode, u64> {
    let mut wijken = BTreeMap::new();
    for (buurt, count) in counts {
        if let Some(wijk) = buurt.wijk() {
            *wijken.entry(wijk).or_default() += count;
        }
    }
    wijken
}

#[derive(Template)]
#[template(path = "map.html")]
struct MapPage {
    chrome: Chrome,
    t: &'static Texts,
    filters: Form,
    map: MapView,
}

#[derive(Template)]
#[template(path = "map_list.html")]
struct MapFragment {
    t: &'static Texts,
    map: MapView,
}

struct MapView {
    areas_href: String,
    points_href: String,
    legend: Vec<Kind>,
    counts: Vec<AreaCount>,
    points_heading: String,
    points: Vec<PointLine>,
    more: Option<MoreLink>,
}

struct AreaCount {
    name: String,
    href: String,
    count: u64,
}

struct PointLine {
    id: String,
    kind: Kind,
    text: String,
    href: String,
    where_and_when: String,
}

/// The way to what did not fit.
struct MoreLink {
    href: String,
    label: &'static str,
}

impl MapView {
    fn new(counts: &[(AreaCode, u64)], mut rows: Vec<Row>, asked: &Asked, names: &Names) -> Self {
        let lang = names.lang;
        let more = (rows.len() > LISTED).then(|| MoreLink {
            href: asked.href(LOG),
            label: say(lang, "Alles in het logboek", "Everything in the log"),
        });
        rows.truncate(LISTED);
        let per_wijk = per_wijk(counts);
        let version = names.reference.as_ref().map_or(0, |reference| reference.version);
        Self {
            areas_href: format!("{AREAS}?versie={version}"),
            points_href: asked.href(POINTS),
            legend: Kind::all(names),
            counts: names
                .wijken()
                .into_iter()
                .map(|(code, name)| AreaCount {
                    count: per_wijk.get(&code).copied().unwrap_or(0),
                    href: asked.within(code).href(LOG),
                    name,
                })
                .collect(),
            points_heading: heading(rows.len(), more.is_some(), lang),
            points: rows.iter().map(|row| PointLine::new(row, names)).collect(),
            more,
        }
    }
}

impl PointLine {
    fn new(row: &Row, names: &Names) -> Self {
        let buurt = row.buurt.as_ref().map(|buurt| names.area(buurt)).unwrap_or_default();
        Self {
            id: row.id.to_string(),
            kind: Kind::of(row.kind, names),
            text: short(row, names),
            href: format!("{LOG}/{}", row.id),
            where_and_when: format!("{buurt}, {}", Moment::of(row.occurred_at, names.lang).line()),
        }
    }
}

fn heading(listed: usize, more: bool, lang: Lang) -> String {
    match (lang, more) {
        (Lang::Nl, true) => format!("De {listed} nieuwste met een locatie"),
        (Lang::Nl, false) => format!("Met een locatie ({listed})"),
        (Lang::En, true) => format!("The {listed} newest with a location"),
        (Lang::En, false) => format!("With a location ({listed})"),
    }
}

/// As many as somebody reads in a list.
const LISTED: usize = 50;

/// As many as a browser draws and clusters without effort.
const DRAWN: usize = 5_000;
