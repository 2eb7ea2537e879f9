//! Logging in with a one-time code and logging out.
//!
//! Opening a link with a code only fills in the form: what fetches links ahead of people (mail
//! scanners, previews) cannot use a code up.

use askama::Template;
use axum::Form;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::http::header::{HeaderValue, LOCATION, SET_COOKIE};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::LOG;
use super::chrome::{Chrome, Here};
use super::failure::{Failure, Html};
use super::names::Names;
use super::visitor::{SESSION, Visitor};
use super::wording::{Texts, texts};
use crate::{AppState, LoginError};

#[derive(Debug, Deserialize)]
pub(super) struct Link {
    #[serde(default)]
    code: String,
    naar: Option<String>,
    verlopen: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Filled {
    #[serde(default)]
    code: String,
    naar: Option<String>,
}

/// `GET /aanmelden`.
pub(super) async fn show(
    State(state): State<AppState>,
    visitor: Visitor,
    Query(link): Query<Link>,
) -> Result<Response, Failure> {
    let page = LoginPage {
        expired: link.verlopen.is_some(),
        next: link.naar.filter(|path| is_ours(path)),
        code: link.code,
        error: None,
        t: texts(visitor.lang),
        chrome: chrome(&state, &visitor).await?,
    };
    Ok(Html(page).into_response())
}

/// `POST /aanmelden`.
pub(super) async fn log_in(
    State(state): State<AppState>,
    visitor: Visitor,
    Form(filled): Form<Filled>,
) -> Result<Response, Failure> {
    let t = texts(visitor.lang);
    let next = filled.naar.filter(|path| is_ours(path));
    let code = filled.code.trim();
    let (status, error) = if code.is_empty() {
        (StatusCode::UNPROCESSABLE_ENTITY, t.code_missing)
    } else {
        match state.log_in(code).await {
            Ok(token) => return Ok(to(next.as_deref().unwrap_or(LOG), &session(&state, &token.0))),
            Err(LoginError::CodeRefused) => (StatusCode::UNPROCESSABLE_ENTITY, t.code_refused),
            Err(LoginError::TooManyTries) => (StatusCode::TOO_MANY_REQUESTS, t.code_too_many),
            Err(LoginError::Internal(error)) => return Err(error.into()),
        }
    };
    let page = LoginPage {
        expired: false,
        next,
        code: filled.code,
        error: Some(error),
        t,
        chrome: chrome(&state, &visitor).await?,
    };
    Ok((status, Html(page)).into_response())
}

/// `POST /afmelden`.
pub(super) async fn log_out(
    State(state): State<AppState>,
    visitor: Visitor,
) -> Result<Response, Failure> {
    if let Some(token) = visitor.token() {
        state.log_out(token).await?;
    }
    Ok(to(super::LOGIN, &format!("{}; Max-Age=0", session(&state, ""))))
}

async fn chrome(state: &AppState, visitor: &Visitor) -> Result<Chrome, Failure> {
    let names = Names::load(state, visitor.lang).await?;
    Ok(Chrome::new(visitor, Here::Elsewhere, names.municipality()))
}

/// The session's cookie. Lax, so that a link in a mail opens for who is logged in.
fn session(state: &AppState, token: &str) -> String {
    let secure = if state.public_https() { "; Secure" } else { "" };
    format!("{SESSION}={token}; Path=/; HttpOnly; SameSite=Lax{secure}")
}

fn to(path: &str, cookie: &str) -> Response {
    let mut response = StatusCode::SEE_OTHER.into_response();
    for (name, value) in [(LOCATION, path), (SET_COOKIE, cookie)] {
        if let Ok(value) = HeaderValue::from_str(value) {
            response.headers_mut().insert(name, value);
        }
    }
    response
}

/// Whether an address lies within these pages; anything else is no place to be sent to.
fn is_ours(path: &str) -> bool {
    [LOG, super::MAP].iter().any(|page| {
        path.strip_prefix(page).is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?']))
    }) && path.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\')
}

#[derive(Template)]
#[template(path = "login.html")]
struct LoginPage {
    chrome: Chrome,
    t: &'static Texts,
    expired: bool,
    next: Option<String>,
    code: String,
    error: Option<&'static str>,
}

#[cfg(test)]
mod tests {
    use super::is_ours;

    #[test]
    fn nobody_is_sent_to_another_place() {
        for ours in ["/logboek", "/logboek/0190", "/logboek?q=caf%C3%A9", "/kaart?wijk=WK059706"] {
            assert!(is_ours(ours), "{ours}");
        }
        for other in ["", "//elders", "https://elders/logboek", "/logboeken", "/logboek\r\nX: y"] {
            assert!(!is_ours(other), "{other}");
        }
    }
}
