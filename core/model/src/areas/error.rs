//! Why a file with areas is refused: each reason by itself, with the place in the file.

use crate::{AreaCode, Lang, MunicipalityCode};

/// Why an area file is refused. `feature` counts from 0, as in `features[0]`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AreaImportError {
    /// Not JSON at all.
    #[error("not JSON: it breaks off or goes wrong at line {line}, column {column}")]
    NotJson {
        /// Line, from 1.
        line: usize,
        /// Column, from 1.
        column: usize,
    },
    /// JSON, but not a GeoJSON `FeatureCollection`.
    #[error("not a GeoJSON FeatureCollection")]
    NotAFeatureCollection,
    /// No feature in it (or water only).
    #[error("the file holds no areas")]
    NoFeatures,
    /// A feature that cannot be read as GeoJSON.
    #[error("features[{feature}] is not a GeoJSON feature")]
    UnreadableFeature {
        /// Which.
        feature: usize,
    },
    /// A feature without a code.
    #[error(
        "features[{feature}] has no code (code, statcode, buurtcode, wijkcode or gemeentecode)"
    )]
    MissingCode {
        /// Which.
        feature: usize,
    },
    /// A code that is not a CBS code nor a municipality's own part of one.
    #[error("features[{feature}] has the code {code:?}, which is no GM, WK or BU code")]
    UnknownCode {
        /// Which.
        feature: usize,
        /// What stands there.
        code: String,
    },
    /// A code that stands there twice.
    #[error("features[{feature}] repeats the code {code}")]
    DuplicateCode {
        /// The second of the two.
        feature: usize,
        /// The code.
        code: AreaCode,
    },
    /// Codes in one feature that do not lie in each other.
    #[error("features[{feature}]: {inner} does not lie in {outer}")]
    ContradictoryCodes {
        /// Which.
        feature: usize,
        /// The smaller area.
        inner: AreaCode,
        /// The larger area that the file puts it in.
        outer: AreaCode,
    },
    /// Areas of more than one municipality.
    #[error("features[{feature}] belongs to {other}, the areas before it to {first}")]
    SeveralMunicipalities {
        /// Which.
        feature: usize,
        /// The municipality of the first area.
        first: MunicipalityCode,
        /// The municipality of this one.
        other: MunicipalityCode,
    },
    /// Wijken or a gemeente only.
    #[error("the file holds no buurten, and records lie in buurten")]
    NoBuurten,
    /// A point, a line, or nothing at all.
    #[error("features[{feature}] is not a Polygon or MultiPolygon")]
    NotAPolygon {
        /// Which.
        feature: usize,
    },
    /// Coordinates of the national grid in metres, in a file that is in degrees.
    #[error("features[{feature}] has coordinates in RD New (EPSG:28992), the file is in degrees")]
    RdNew {
        /// Which.
        feature: usize,
    },
    /// Coordinates in degrees, in a file that is on the national grid.
    #[error("features[{feature}] has coordinates in degrees, the file is in RD New (EPSG:28992)")]
    NotRdNew {
        /// Which.
        feature: usize,
    },
    /// A coordinate reference system that is neither of the two.
    #[error("the file is in {crs:?}; export it in WGS84 (EPSG:4326) or RD New (EPSG:28992)")]
    UnknownCrs {
        /// What its `crs` member names.
        crs: String,
    },
    /// Two areas of one level that cover the same ground.
    #[error("features[{feature}] ({code}) overlaps features[{other_feature}] ({other})")]
    Overlap {
        /// The one.
        feature: usize,
        /// Its code.
        code: AreaCode,
        /// The other.
        other_feature: usize,
        /// Its code.
        other: AreaCode,
    },
    /// Latitude before longitude.
    #[error("features[{feature}] has latitude before longitude; GeoJSON wants longitude first")]
    AxesSwapped {
        /// Which.
        feature: usize,
    },
    /// Coordinates that are not in the Netherlands.
    #[error("features[{feature}] does not lie in the Netherlands in WGS84 (EPSG:4326)")]
    OutsideTheNetherlands {
        /// Which.
        feature: usize,
    },
    /// A ring that encloses nothing.
    #[error("features[{feature}] has a broken ring: {fault}")]
    BrokenRing {
        /// Which.
        feature: usize,
        /// What is the matter with it.
        fault: RingFault,
    },
}

/// What is the matter with a ring.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RingFault {
    /// A polygon without a ring.
    #[error("there is none")]
    Missing,
    /// A triangle takes four positions, the last equal to the first.
    #[error("fewer than four positions")]
    TooShort,
    /// The last position is not the first.
    #[error("it does not end where it begins")]
    Unclosed,
    /// All positions lie on one line.
    #[error("it encloses nothing")]
    Flat,
}

impl AreaImportError {
    /// The stable name of this reason.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NotJson { .. } => "areas-not-json",
            Self::NotAFeatureCollection => "areas-not-a-feature-collection",
            Self::NoFeatures => "areas-none",
            Self::UnreadableFeature { .. } => "areas-unreadable-feature",
            Self::MissingCode { .. } => "areas-missing-code",
            Self::UnknownCode { .. } => "areas-unknown-code",
            Self::DuplicateCode { .. } => "areas-duplicate-code",
            Self::ContradictoryCodes { .. } => "areas-contradictory-codes",
            Self::SeveralMunicipalities { .. } => "areas-several-municipalities",
            Self::NoBuurten => "areas-no-buurten",
            Self::NotAPolygon { .. } => "areas-not-a-polygon",
            Self::RdNew { .. } => "areas-rd-new",
            Self::NotRdNew { .. } => "areas-not-rd-new",
            Self::UnknownCrs { .. } => "areas-unknown-crs",
            Self::Overlap { .. } => "areas-overlap",
            Self::AxesSwapped { .. } => "areas-axes-swapped",
            Self::OutsideTheNetherlands { .. } => "areas-outside-the-netherlands",
            Self::BrokenRing { .. } => "areas-broken-ring",
        }
    }

    /// A sentence for the person who chose the file.
    pub fn message(&self, lang: Lang) -> String {
        match lang {
            Lang::En => format!("This area file cannot be used: {self}."),
            Lang::Nl => format!("Dit gebiedenbestand is niet bruikbaar: {}.", self.reason_nl()),
        }
    }

    fn reason_nl(&self) -> String {
        match self {
            Self::NotJson { line, column } => {
                format!("het is geen JSON; het gaat mis op regel {line}, positie {column}")
            }
            Self::NotAFeatureCollection => "het is geen GeoJSON-FeatureCollection".to_owned(),
            Self::NoFeatures => "er staan geen gebieden in".to_owned(),
            Self::UnreadableFeature { feature } => {
                format!("features[{feature}] is geen GeoJSON-feature")
            }
            Self::MissingCode { feature } => format!(
                "features[{feature}] heeft geen code (code, statcode, buurtcode, wijkcode of \
                 gemeentecode)"
            ),
            Self::UnknownCode { feature, code } => {
                format!("features[{feature}] heeft code {code:?}; dat is geen GM-, WK- of BU-code")
            }
            Self::DuplicateCode { feature, code } => {
                format!("features[{feature}] herhaalt code {code}")
            }
            Self::ContradictoryCodes { feature, inner, outer } => {
                format!("features[{feature}]: {inner} ligt niet in {outer}")
            }
            Self::SeveralMunicipalities { feature, first, other } => {
                format!("features[{feature}] hoort bij {other}, de gebieden ervoor bij {first}")
            }
            Self::NoBuurten => {
                "er staan geen buurten in, en alles wordt per buurt vastgelegd".to_owned()
            }
            Self::NotAPolygon { feature } => {
                format!("features[{feature}] is geen Polygon of MultiPolygon")
            }
            Self::RdNew { feature } => format!(
                "features[{feature}] heeft Rijksdriehoekscoördinaten (RD New, EPSG:28992), de rest \
                 van het bestand graden"
            ),
            Self::NotRdNew { feature } => format!(
                "features[{feature}] heeft graden, de rest van het bestand \
                 Rijksdriehoekscoördinaten (RD New, EPSG:28992)"
            ),
            Self::UnknownCrs { crs } => format!(
                "het coördinatenstelsel is {crs:?}; exporteer het bestand in WGS84 (EPSG:4326) of \
                 RD New (EPSG:28992)"
            ),
            Self::Overlap { feature, code, other_feature, other } => {
                format!("features[{feature}] ({code}) overlapt features[{other_feature}] ({other})")
            }
            Self::AxesSwapped { feature } => format!(
                "in features[{feature}] staat de breedtegraad vóór de lengtegraad; GeoJSON wil de \
                 lengtegraad eerst"
            ),
            Self::OutsideTheNetherlands { feature } => {
                format!("features[{feature}] ligt niet in Nederland volgens WGS84 (EPSG:4326)")
            }
            Self::BrokenRing { feature, fault } => {
                format!("features[{feature}] heeft een kapotte grens: {}", fault.reason_nl())
            }
        }
    }
}

impl RingFault {
    const fn reason_nl(self) -> &'static str {
        match self {
            Self::Missing => "die ontbreekt",
            Self::TooShort => "minder dan vier punten",
            Self::Unclosed => "die eindigt niet waar hij begint",
            Self::Flat => "die omsluit niets",
        }
    }
}
