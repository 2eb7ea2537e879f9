//! What every answer of the pages goes through: who asks, forms of other sites refused, failures
//! turned into pages, and the headers.
//!
//! The content security policy allows this server's own files and nothing else: no inline script
//! or style, no other host, no frame.

use std::future::Future;

use axum::extract::Request;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, HOST, HeaderMap, HeaderName, HeaderValue, ORIGIN,
    REFERRER_POLICY, SET_COOKIE, VARY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use axum::http::{Method, Uri};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::failure::Failure;
use super::language;
use super::visitor::Visitor;

/// The middleware around all pages.
pub(super) async fn around(request: Request, next: Next) -> Response {
    render(request, |request| next.run(request)).await
}

/// Runs `answer` and makes its answer a complete one.
pub(super) async fn render<F, A>(mut request: Request, answer: F) -> Response
where
    F: FnOnce(Request) -> A,
    A: Future<Output = Response>,
{
    let visitor = Visitor::of(&request);
    let asked = language::asked(request.uri().query());
    let foreign = is_foreign_form(request.method(), request.headers());
    request.extensions_mut().insert(visitor.clone());
    let mut response =
        if foreign { Failure::ForeignForm.into_response() } else { answer(request).await };
    if let Some(failure) = response.extensions_mut().remove::<Failure>() {
        response = failure.page(&visitor);
    }
    if let Some(lang) = asked
        && let Ok(cookie) = HeaderValue::from_str(&format!(
            "{}={lang}; Path=/; Max-Age=31536000; SameSite=Lax; HttpOnly",
            language::COOKIE
        ))
    {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    add_headers(response.headers_mut());
    response
}

fn add_headers(headers: &mut HeaderMap) {
    for (name, value) in HEADERS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    headers.append(VARY, HeaderValue::from_static("Cookie, Accept-Language, Wijkboek-Fragment"));
}

/// Whether a form was sent by a page of another site: the browser says so in `Sec-Fetch-Site`, an
/// older one in `Origin`. What sends neither is no browser, and has no cookie to abuse.
fn is_foreign_form(method: &Method, headers: &HeaderMap) -> bool {
    if matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS) {
        return false;
    }
    let text = |name: &HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(site) = text(&HeaderName::from_static("sec-fetch-site")) {
        return !matches!(site, "same-origin" | "none");
    }
    let Some(origin) = text(&ORIGIN) else { return false };
    let authority = origin.parse::<Uri>().ok().and_then(|uri| uri.authority().cloned());
    match (authority, text(&HOST)) {
        (Some(authority), Some(host)) => !authority.as_str().eq_ignore_ascii_case(host),
        _ => true,
    }
}

const HEADERS: [(HeaderName, &str); 7] = [
    (
        CONTENT_SECURITY_POLICY,
        "default-src 'none'; script-src 'self'; worker-src 'self'; style-src 'self'; \
         font-src 'self'; img-src 'self' data: blob:; connect-src 'self'; form-action 'self'; \
         base-uri 'none'; frame-ancestors 'none'",
    ),
    (REFERRER_POLICY, "no-referrer"),
    (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (X_FRAME_OPTIONS, "DENY"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (HeaderName::from_static("permissions-policy"), "geolocation=(), camera=(), microphone=()"),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn foreign(pairs: &[(&'static str, &'static str)]) -> bool {
        let headers = pairs
            .iter()
            .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)))
            .collect();
        is_foreign_form(&Method::POST, &headers)
    }

    #[test]
    fn forms_of_other_sites_are_told_apart() {
        assert!(!foreign(&[("sec-fetch-site", "same-origin")]));
        assert!(!foreign(&[("sec-fetch-site", "none")]));
        assert!(foreign(&[("sec-fetch-site", "same-site")]));
        assert!(foreign(&[
            ("sec-fetch-site", "cross-site"),
            ("origin", "http://a:1"),
            ("host", "a:1")
        ]));
        assert!(!foreign(&[("origin", "http://a:1"), ("host", "a:1")]));
        assert!(foreign(&[("origin", "http://b:1"), ("host", "a:1")]));
        assert!(foreign(&[("origin", "null"), ("host", "a:1")]));
        assert!(!foreign(&[]));
    }

    #[test]
    fn reading_is_never_a_form() {
        let headers: HeaderMap =
            [(HeaderName::from_static("sec-fetch-site"), HeaderValue::from_static("cross-site"))]
                .into_iter()
                .collect();
        assert!(!is_foreign_form(&Method::GET, &headers));
    }
}
