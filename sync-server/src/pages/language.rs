//! Which language a visitor reads: `?taal=`, else the cookie, else what the browser asks for, else
//! Dutch.

use axum::http::header::{ACCEPT_LANGUAGE, HeaderMap};
use wijkboek_model::Lang;

use super::visitor::cookie;

/// The cookie that remembers a choice.
pub(super) const COOKIE: &str = "taal";

/// The language of a request.
pub(super) fn of(query: Option<&str>, headers: &HeaderMap) -> Lang {
    asked(query)
        .or_else(|| cookie(headers, COOKIE).and_then(|word| word.parse().ok()))
        .or_else(|| accepted(headers))
        .unwrap_or(Lang::Nl)
}

/// The language that the address itself asks for.
pub(super) fn asked(query: Option<&str>) -> Option<Lang> {
    query?.split('&').find_map(|pair| pair.strip_prefix("taal=")?.parse().ok())
}

/// The same address in another language.
pub(super) fn switched(path: &str, query: Option<&str>, to: Lang) -> String {
    let kept = query
        .unwrap_or_default()
        .split('&')
        .filter(|pair| !pair.is_empty() && !pair.starts_with("taal="))
        .fold(String::new(), |all, pair| all + pair + "&");
    format!("{path}?{kept}taal={to}")
}

/// The best of our languages in `Accept-Language`.
fn accepted(headers: &HeaderMap) -> Option<Lang> {
    let wanted = headers.get(ACCEPT_LANGUAGE)?.to_str().ok()?;
    let mut best: Option<(f32, Lang)> = None;
    for range in wanted.split(',') {
        let mut parts = range.split(';');
        let tag = parts.next().unwrap_or_default().trim();
        let Ok(lang) = tag.split('-').next().unwrap_or_default().to_ascii_lowercase().parse()
        else {
            continue;
        };
        let quality =
            parts.find_map(|part| part.trim().strip_prefix("q=")?.parse().ok()).unwrap_or(1.0_f32);
        if quality > best.map_or(0.0, |(quality, _)| quality) {
            best = Some((quality, lang));
        }
    }
    best.map(|(_, lang)| lang)
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;
    use axum::http::header::COOKIE as COOKIE_HEADER;

    fn headers(accept: &'static str, cookie: Option<&'static str>) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT_LANGUAGE, HeaderValue::from_static(accept));
        if let Some(cookie) = cookie {
            headers.insert(COOKIE_HEADER, HeaderValue::from_static(cookie));
        }
        headers
    }

    #[test]
    fn the_address_before_the_cookie_before_the_browser() {
        let english = headers("en-GB,en;q=0.9,nl;q=0.8", None);
        assert_eq!(of(None, &english), Lang::En);
        assert_eq!(of(Some("q=x&taal=nl"), &english), Lang::Nl);
        assert_eq!(of(None, &headers("en", Some("a=b; taal=nl"))), Lang::Nl);
        assert_eq!(of(None, &headers("nl;q=0.5,en;q=0.4", None)), Lang::Nl);
        assert_eq!(of(None, &headers("fr, de", None)), Lang::Nl);
        assert_eq!(of(Some("taal=xx"), &HeaderMap::new()), Lang::Nl);
    }

    #[test]
    fn switching_keeps_the_rest_of_the_address() {
        assert_eq!(switched("/logboek", None, Lang::En), "/logboek?taal=en");
        assert_eq!(
            switched("/logboek", Some("q=caf%C3%A9&taal=en&wijk="), Lang::Nl),
            "/logboek?q=caf%C3%A9&wijk=&taal=nl"
        );
    }
}
