//! Styles, scripts and fonts, carried inside the binary.
//!
//! All addresses contain one hash over all files, so that a browser may keep them for ever and a
//! new version of the server is a new set of addresses; modules find each other by relative paths.

use std::sync::LazyLock;

use axum::extract::Path;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};

use super::failure::Failure;
use super::short_hex;

macro_rules! files {
    ($($path:literal as $kind:ident),+ $(,)?) => {
        &[$(Asset {
            path: $path,
            kind: Kind::$kind,
            bytes: include_bytes!(concat!("../../assets/", $path)),
        }),+]
    };
}

/// The NL Design System components in use, sent as one file.
macro_rules! components {
    ($($name:literal),+ $(,)?) => {
        concat!($(include_str!(concat!("../../assets/vendor/utrecht/", $name, ".css")), "\n"),+)
    };
}

/// `/assets/{version}/{path}`.
pub(super) async fn serve(
    Path((version, path)): Path<(String, String)>,
) -> Result<Response, Failure> {
    let asset = FILES.iter().find(|asset| asset.path == path).ok_or(Failure::NotFound)?;
    // An address of another version still gets the file, but may not keep it.
    let keep = if version == *VERSION { "public, max-age=31536000, immutable" } else { "no-store" };
    let headers = [(CONTENT_TYPE, asset.kind.media_type()), (CACHE_CONTROL, keep)];
    Ok((headers, asset.bytes).into_response())
}

/// The address of a file.
pub(super) fn href(path: &str) -> String {
    debug_assert!(FILES.iter().any(|asset| asset.path == path), "no asset {path}");
    format!("/assets/{}/{path}", *VERSION)
}

struct Asset {
    path: &'static str,
    kind: Kind,
    bytes: &'static [u8],
}

#[derive(Clone, Copy)]
enum Kind {
    Css,
    Module,
    Svg,
    Woff2,
    Text,
}

impl Kind {
    const fn media_type(self) -> &'static str {
        match self {
            Self::Css => "text/css; charset=utf-8",
            Self::Module => "text/javascript; charset=utf-8",
            Self::Svg => "image/svg+xml",
            Self::Woff2 => "font/woff2",
            Self::Text => "text/plain; charset=utf-8",
        }
    }
}

static VERSION: LazyLock<String> = LazyLock::new(|| {
    let mut hasher = Sha256::new();
    for asset in FILES.iter() {
        hasher.update(asset.path.as_bytes());
        hasher.update(Sha256::digest(asset.bytes));
    }
    short_hex(&hasher.finalize())
});

static FILES: LazyLock<Vec<&'static Asset>> =
    LazyLock::new(|| OWN.iter().chain(VENDORED).chain([&COMPONENTS]).collect());

const OWN: &[Asset] = files![
    "icon.svg" as Svg,
    "chevron.svg" as Svg,
    "chevron-dark.svg" as Svg,
    "tokens.css" as Css,
    "pages.css" as Css,
    "live.mjs" as Module,
    "stream.mjs" as Module,
    "map.mjs" as Module,
];

const VENDORED: &[Asset] = files![
    "vendor/atkinson-hyperlegible-next/latin-wght-normal.woff2" as Woff2,
    "vendor/atkinson-hyperlegible-next/latin-ext-wght-normal.woff2" as Woff2,
    "vendor/atkinson-hyperlegible-next/LICENSE" as Text,
    "vendor/maplibre-gl/maplibre-gl.css" as Css,
    "vendor/maplibre-gl/maplibre-gl.mjs" as Module,
    "vendor/maplibre-gl/maplibre-gl-worker.mjs" as Module,
    "vendor/maplibre-gl/LICENSE.txt" as Text,
    "vendor/utrecht/LICENSE.md" as Text,
];

static COMPONENTS: Asset = Asset {
    path: "components.css",
    kind: Kind::Css,
    bytes: components!(
        "root",
        "page-header",
        "page-body",
        "page-footer",
        "skip-link",
        "heading-1",
        "heading-2",
        "heading-3",
        "paragraph",
        "link",
        "mark",
        "button",
        "form-label",
        "form-field",
        "form-field-description",
        "form-field-error-message",
        "textbox",
        "textarea",
        "select",
        "table",
        "data-list",
        "status-badge",
        "alert",
    )
    .as_bytes(),
};

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_file_is_kept_for_ever_under_its_own_version_only() {
        let path = || "tokens.css".to_owned();
        let kept = serve(Path((VERSION.clone(), path()))).await.expect("is there");
        assert_eq!(kept.headers()[CACHE_CONTROL], "public, max-age=31536000, immutable");
        let old = serve(Path(("0".to_owned(), path()))).await.expect("is there");
        assert_eq!(old.headers()[CACHE_CONTROL], "no-store");
        assert!(serve(Path((VERSION.clone(), "../Cargo.toml".to_owned()))).await.is_err());
    }
}
