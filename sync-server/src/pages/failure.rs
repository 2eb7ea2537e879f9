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
use super::wording::{Texts, say, texts};
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
        let (back_href, back_label) = match self {
            Self::NoContentForRole => (LOGIN, t.log_in),
            _ => (LOG, t.back_to_log),
        };
        let page = ErrorPage {
            chrome: Chrome::new(visitor, Here::Elsewhere, None),
            t,
            status: self.status().as_u16(),
            title,
            explanation,
            request_id: match self {
                Self::Internal(_) => visitor.request_id.clone(),
                _ => None,
            },
            back_href,
            back_label,
        };
        (self.status(), Html(page)).into_response()
    }

    fn words(&self, lang: Lang) -> (&'static str, &'static str) {
        match self {
            Self::LogIn { .. } => (
                say(lang, "Meld u aan", "Log in"),
                say(
                    lang,
                    "Deze pagina is er na aanmelden.",
                    "This page is there after logging in.",
                ),
            ),
            Self::NotFound => (
                say(lang, "Deze pagina is er niet", "This page does not exist"),
                say(
                    lang,
                    "Het adres klopt niet, of wat hier stond is niet (meer) voor u in te zien.",
                    "The address is wrong, or what was here is not (any longer) for you to see.",
                ),
            ),
            Self::NotAllowedHere | Self::Malformed => (
                say(lang, "Dit is niet gelukt", "That did not work"),
                say(
                    lang,
                    "De vraag aan de server was niet compleet. Ga terug en probeer het opnieuw.",
                    "The request to the server was incomplete. Go back and try again.",
                ),
            ),
            Self::NoContentForRole => (
                say(lang, "Geen inzage met uw rol", "Your role has no access"),
                say(
                    lang,
                    "Met uw rol leest u geen gesprekken en meldingen. Klopt dat niet, neem dan contact op met de functioneel beheerder.",
                    "Your role does not read conversations and reports. If that is wrong, ask the functional administrator.",
                ),
            ),
            Self::Denied(denial) => (
                say(lang, "Dit mag u niet wijzigen", "You may not change this"),
                denial.label(lang),
            ),
            Self::Invalid(invalid) => (
                say(lang, "Zo kan het niet worden bewaard", "It cannot be saved like this"),
                invalid.rule.label(lang),
            ),
            Self::ForeignForm => (
                say(
                    lang,
                    "Dit formulier kwam van een andere website",
                    "This form came from another website",
                ),
                say(
                    lang,
                    "Er is niets gewijzigd. Open Wijkboek zelf en probeer het daar opnieuw.",
                    "Nothing was changed. Open Wijkboek itself and try again there.",
                ),
            ),
            Self::Refused { code } => (
                say(lang, "De wijziging is geweigerd", "The change was refused"),
                refusal(code, lang),
            ),
            Self::Busy => (
                say(lang, "Het is even te druk", "Too busy right now"),
                say(
                    lang,
                    "Wacht een paar seconden en probeer het opnieuw. Er is niets verloren.",
                    "Wait a few seconds and try again. Nothing is lost.",
                ),
            ),
            Self::Internal(_) => (
                say(lang, "Er ging iets mis bij ons", "Something went wrong on our side"),
                say(
                    lang,
                    "Probeer het straks opnieuw. Blijft het misgaan, meld het dan bij de functioneel beheerder.",
                    "Try again later. If it keeps going wrong, tell the functional administrator.",
                ),
            ),
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
