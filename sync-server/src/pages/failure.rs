//! What can keep a page from being shown, and the page that is shown instead.
//!
//! A failure travels as an extension of an empty answer; [`super::frame`] knows the visitor's
//! language and renders it. What went wrong inside the server is logged there once, and the page
//! tells no more than a number to mention.

use std::sync::Arc;

use askama::Template;
use axum::http::header::LOCATION;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use wijkboek_model::{Denial, Invalid, Label, Lang, refusal};
use wijkboek_store::StoreError;

use super::chrome::{Chrome, Here};
use super::visitor::Visitor;
use super::wording::{Texts, texts};
use super::{LOG, LOGIN};
use crate::ServerError;

/// Why a page cannot be shown.
#[derive(Debug, Clone)]
pub(super) enum Failure {
    /// Nobody is logged in.
    LogIn {
        /// A session was there and has ended.
        expired: bool,
        /// Where to return to.
        back_to: Option<String>,
    },
    /// No such page or record, or not for this person: which of these is not told.
    NotFound,
    /// The address exists, but not for this method.
    NotAllowedHere,
    /// A role that reads no records.
    NoContentForRole,
    /// The rules do not allow an edit.
    Denied(Denial),
    /// A value breaks a rule.
    Invalid(Invalid),
    /// Another site sent the form.
    ForeignForm,
    /// A form that none of our pages sends.
    Malformed,
    /// The guard refuses the edit.
    Refused {
        /// The reason's stable word.
        code: String,
    },
    /// Too much is going on.
    Busy,
    /// The server's own failure.
    Internal(Arc<ServerError>),
}

impl From<ServerError> for Failure {
    fn from(error: ServerError) -> Self {
        if matches!(error, ServerError::Overloaded) {
            Self::Busy
        } else {
            Self::Internal(Arc::new(error))
        }
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        if matches!(error, StoreError::NotFound { .. }) {
            Self::NotFound
        } else {
            ServerError::from(error).into()
        }
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}

impl Failure {
    fn status(&self) -> StatusCode {
        match self {
            Self::LogIn { .. } => StatusCode::UNAUTHORIZED,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::NotAllowedHere => StatusCode::METHOD_NOT_ALLOWED,
            Self::NoContentForRole | Self::Denied(_) | Self::ForeignForm => StatusCode::FORBIDDEN,
            Self::Invalid(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Malformed => StatusCode::BAD_REQUEST,
            Self::Refused { .. } => StatusCode::CONFLICT,
            Self::Busy => StatusCode::SERVICE_UNAVAILABLE,
            Self::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// The page (or the way to the login page) for this visitor.
    pub(super) fn page(&self, visitor: &Visitor) -> Response {
        if let Self::Internal(error) = self {
            let request_id = visitor.request_id.as_deref();
            tracing::error!(request_id, %error, "a page could not be made");
        }
        if let Self::LogIn { expired, back_to } = self {
            // A script that fetches a part is told so; a person is taken to the login page.
            if visitor.fragment.is_some() {
                return StatusCode::UNAUTHORIZED.into_response();
            }
            return to_login(*expired, back_to.as_deref());
        }
        let (title, explanation) = self.words(visitor.lang);
        let t = texts(visitor.lang);
        let no_content = matches!(self, Self::NoContentForRole);
        let (back_href, back_label) =
            if no_content { (LOGIN, t.log_in) } else { (LOG, t.back_to_log) };
        let internal = matches!(self, Self::Internal(_));
        let page = ErrorPage {
            chrome: Chrome::new(visitor, Here::Elsewhere, None),
            t,
            status: self.status().as_u16(),
            title,
            explanation,
            request_id: visitor.request_id.clone().filter(|_| internal),
            back_href,
            back_label,
        };
        (self.status(), Html(page)).into_response()
    }

    /// What it is called, and what to do.
    fn words(&self, lang: Lang) -> (&'static str, &'static str) {
        let t = texts(lang);
        match self {
            Self::LogIn { .. } => (t.log_in, t.log_in_lead),
            Self::NotFound => (t.not_found, t.not_found_help),
            Self::NotAllowedHere | Self::Malformed => (t.malformed, t.malformed_help),
            Self::NoContentForRole => (t.no_content, t.no_content_help),
            Self::Denied(denial) => (t.denied, denial.label(lang)),
            Self::Invalid(invalid) => (t.invalid, invalid.rule.label(lang)),
            Self::ForeignForm => (t.foreign_form, t.foreign_form_help),
            Self::Refused { code } => (t.refused, refusal(code, lang)),
            Self::Busy => (t.busy, t.busy_help),
            Self::Internal(_) => (t.internal, t.internal_help),
        }
    }
}

fn to_login(expired: bool, back_to: Option<&str>) -> Response {
    let mut query = form_urlencoded::Serializer::new(String::new());
    if let Some(back_to) = back_to.filter(|path| *path != LOG && *path != "/") {
        query.append_pair("naar", back_to);
    }
    if expired {
        query.append_pair("verlopen", "1");
    }
    let query = query.finish();
    let target = if query.is_empty() { LOGIN.to_owned() } else { format!("{LOGIN}?{query}") };
    let mut response = StatusCode::SEE_OTHER.into_response();
    // The serializer leaves ASCII only.
    if let Ok(target) = HeaderValue::from_str(&target) {
        response.headers_mut().insert(LOCATION, target);
    }
    response
}

/// A typed template as an answer.
pub(super) struct Html<T>(pub(super) T);

impl<T: Template> IntoResponse for Html<T> {
    fn into_response(self) -> Response {
        match self.0.render() {
            Ok(page) => axum::response::Html(page).into_response(),
            Err(error) => {
                tracing::error!(%error, "a template could not be rendered");
                StatusCode::INTERNAL_SERVER_ERROR.into_response()
            }
        }
    }
}

#[derive(Template)]
#[template(path = "error.html")]
struct ErrorPage {
    chrome: Chrome,
    t: &'static Texts,
    status: u16,
    title: &'static str,
    explanation: &'static str,
    request_id: Option<String>,
    back_href: &'static str,
    back_label: &'static str,
}
