//! Who asks for a page: anybody, or a member of staff who is logged in.
//!
//! A [`Member`] is read afresh for every request, so that a right taken away is gone at once.

use std::sync::{Arc, OnceLock};

use axum::extract::{FromRequestParts, Request};
use axum::http::header::{COOKIE, HeaderMap};
use axum::http::request::Parts;
use wijkboek_model::{Lang, Principal, Role};
use wijkboek_store::Scope;

use super::failure::Failure;
use super::language;
use crate::{AppState, Staff};

/// The cookie with the session's token.
pub(super) const SESSION: &str = "wijkboek";

/// What any request says about who sends it.
#[derive(Debug, Clone)]
pub(super) struct Visitor {
    pub(super) lang: Lang,
    pub(super) path: String,
    pub(super) query: Option<String>,
    /// The part of the page that a script asks for, instead of the whole.
    pub(super) fragment: Option<String>,
    pub(super) request_id: Option<String>,
    token: Option<String>,
    is_get: bool,
    /// Filled in when the session turned out to be someone's.
    staff: Arc<OnceLock<Staff>>,
}

impl Visitor {
    pub(super) fn of(request: &Request) -> Self {
        let headers = request.headers();
        let query = request.uri().query();
        Self {
            lang: language::of(query, headers),
            path: request.uri().path().to_owned(),
            query: query.map(ToOwned::to_owned),
            fragment: text(headers, "wijkboek-fragment"),
            request_id: text(headers, "x-request-id"),
            token: cookie(headers, SESSION).map(ToOwned::to_owned),
            is_get: request.method() == axum::http::Method::GET,
            staff: Arc::default(),
        }
    }

    /// The session's token, when the browser sent one.
    pub(super) fn token(&self) -> Option<&str> {
        self.token.as_deref()
    }

    /// Who it turned out to be, if anybody has looked.
    pub(super) fn known_staff(&self) -> Option<&Staff> {
        self.staff.get()
    }

    /// Where to return to after logging in; none for a request that cannot be repeated.
    fn address(&self) -> Option<String> {
        if !self.is_get || self.fragment.is_some() {
            return None;
        }
        Some(match &self.query {
            Some(query) => format!("{}?{query}", self.path),
            None => self.path.clone(),
        })
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Visitor {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Failure> {
        parts.extensions.get::<Self>().cloned().ok_or(Failure::NotFound)
    }
}

/// Somebody with an account who is logged in.
#[derive(Debug, Clone)]
pub(super) struct Member {
    pub(super) visitor: Visitor,
    pub(super) principal: Principal,
}

impl Member {
    /// What this person may see.
    pub(super) fn scope(&self) -> Scope {
        Scope::Of(self.principal.clone())
    }

    pub(super) fn lang(&self) -> Lang {
        self.visitor.lang
    }
}

impl FromRequestParts<AppState> for Member {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Failure> {
        let visitor = Visitor::from_request_parts(parts, state).await?;
        let staff = match visitor.token() {
            Some(token) => state.staff(token).await?,
            None => None,
        };
        let Some(staff) = staff else {
            let expired = visitor.token().is_some();
            return Err(Failure::LogIn { expired, back_to: visitor.address() });
        };
        let principal = staff.principal.clone();
        // Nobody else fills it: a visitor belongs to one request.
        let _ = visitor.staff.set(staff);
        if !reads_records(principal.role) {
            return Err(Failure::NoContentForRole);
        }
        Ok(Self { visitor, principal })
    }
}

/// Whether a role reads records at all; the others get their own pages.
fn reads_records(role: Role) -> bool {
    match role {
        Role::Ambassadeur | Role::Wijkregisseur | Role::Medewerker | Role::Oov => true,
        Role::Partner | Role::Bestuurder | Role::Beheerder | Role::PrivacyOfficer | Role::Fg => {
            false
        }
    }
}

/// A cookie's value.
pub(super) fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|line| line.split(';'))
        .find_map(|pair| pair.trim().strip_prefix(name)?.strip_prefix('='))
}

fn text(headers: &HeaderMap, name: &str) -> Option<String> {
    headers.get(name)?.to_str().ok().map(ToOwned::to_owned)
}
