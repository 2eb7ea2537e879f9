//! The server's address, as somebody typed or scanned it.

use reqwest::Url;
use wijkboek_model::Rule;

use crate::error::WijkboekError;

/// Checks an address and gives its one spelling, without a slash at the end.
///
/// TLS is required, unless the server runs on this very device or the app was built to allow it.
pub(super) fn normalised(server_url: &str, allow_cleartext: bool) -> Result<String, WijkboekError> {
    let refused = WijkboekError::Invalid { field: "server_url", rule: Rule::Unreadable };
    let Ok(url) = Url::parse(server_url.trim()) else { return Err(refused) };
    let plain = url.username().is_empty()
        && url.password().is_none()
        && url.query().is_none()
        && url.fragment().is_none()
        && url.has_host();
    let secure = match url.scheme() {
        "https" => true,
        "http" => allow_cleartext || is_loopback(&url),
        _ => false,
    };
    if plain && secure { Ok(url.as_str().trim_end_matches('/').to_owned()) } else { Err(refused) }
}

/// Whether an address of ours points at this device.
pub(super) fn is_loopback(url: &Url) -> bool {
    let Some(host) = url.host_str() else { return false };
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost"
        || bare.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_get_one_spelling() {
        for (typed, expected) in [
            ("https://wijkboek.example.nl/", "https://wijkboek.example.nl"),
            (" https://example.nl/wijkboek ", "https://example.nl/wijkboek"),
            ("http://127.0.0.1:8787", "http://127.0.0.1:8787"),
            ("http://[::1]:8787/", "http://[::1]:8787"),
            ("http://localhost:1", "http://localhost:1"),
        ] {
            assert_eq!(normalised(typed, false).as_deref(), Ok(expected), "{typed}");
        }
    }

    #[test]
    fn what_is_no_address_of_a_server_is_refused() {
        for typed in [
            "",
            "wijkboek",
            "ftp://example.nl",
            "http://example.nl",
            "https://u:p@example.nl",
            "https://example.nl/?q",
            "https://example.nl/#f",
            "file:///etc/passwd",
        ] {
            assert!(normalised(typed, false).is_err(), "{typed}");
        }
        assert!(normalised("http://10.0.2.2:8787", true).is_ok());
    }
}
