//! Problems: what every error of the API looks like, made at one place.
//!
//! A body names a stable code and the request's id, never content and never an inner error's text.

use std::any::Any;

use axum::Json;
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use wijkboek_sync::problem as codes;

use crate::accounts::AccountError;
use crate::error::ServerError;
use crate::ledger::LedgerError;
use crate::log::LogError;
use crate::middleware::request_id;

/// The content type of a problem.
pub const PROBLEM_CONTENT_TYPE: &str = "application/problem+json";

/// How long a caller should wait when the server is busy, in seconds.
const RETRY_AFTER_S: u32 = 5;

/// An error as the caller sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    status: StatusCode,
    code: &'static str,
    title: &'static str,
    detail: Option<String>,
    retry_after_s: Option<u32>,
}

impl Problem {
    /// A problem with a code of [`wijkboek_sync::problem`].
    pub const fn new(status: StatusCode, code: &'static str, title: &'static str) -> Self {
        Self { status, code, title, detail: None, retry_after_s: None }
    }

    /// Says more about it, without content of any record.
    #[must_use]
    pub fn with_detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into());
        self
    }

    /// Its status.
    pub const fn status(&self) -> StatusCode {
        self.status
    }

    /// Its code.
    pub const fn code(&self) -> &'static str {
        self.code
    }

    pub(crate) const fn unauthorized() -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            codes::UNAUTHORIZED,
            "The device is not known here, or not any more",
        )
    }

    pub(crate) const fn malformed() -> Self {
        Self::new(StatusCode::BAD_REQUEST, codes::MALFORMED, "The body cannot be read")
    }

    pub(crate) const fn too_large() -> Self {
        Self::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            codes::TOO_LARGE,
            "The body is larger than this server takes",
        )
    }

    pub(crate) const fn overloaded(status: StatusCode) -> Self {
        let mut problem = Self::new(status, codes::OVERLOADED, "Try again later");
        problem.retry_after_s = Some(RETRY_AFTER_S);
        problem
    }

    const fn internal() -> Self {
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            codes::INTERNAL,
            "The server made a mistake; its log has this request's id",
        )
    }

    /// What a status means that some layer below answered with.
    fn of_status(status: StatusCode) -> Self {
        match status {
            StatusCode::NOT_FOUND => {
                Self::new(status, codes::NOT_FOUND, "There is nothing at this path")
            }
            StatusCode::METHOD_NOT_ALLOWED => {
                Self::new(status, codes::METHOD_NOT_ALLOWED, "This path does not take this method")
            }
            StatusCode::PAYLOAD_TOO_LARGE => Self::too_large(),
            StatusCode::UNAUTHORIZED => Self::unauthorized(),
            StatusCode::REQUEST_TIMEOUT => {
                Self::new(status, codes::TIMEOUT, "The request took too long")
            }
            StatusCode::UNSUPPORTED_MEDIA_TYPE => Self::new(
                status,
                codes::UNSUPPORTED_MEDIA_TYPE,
                "The body is of another type than this path takes",
            ),
            StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE => {
                Self::overloaded(status)
            }
            status if status.is_client_error() => Self { status, ..Self::malformed() },
            status => Self { status, ..Self::internal() },
        }
    }

    fn render(self, request_id: Option<String>) -> Response {
        let body = ProblemBody {
            r#type: format!("{}{}", codes::TYPE_PREFIX, self.code),
            title: self.title,
            status: self.status.as_u16(),
            detail: self.detail,
            request_id,
        };
        let mut response = (self.status, Json(body)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(PROBLEM_CONTENT_TYPE));
        if let Some(seconds) = self.retry_after_s {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if self.status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ProblemBody {
    r#type: String,
    title: &'static str,
    status: u16,
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    request_id: Option<String>,
}

impl IntoResponse for Problem {
    /// The body is written by [`finish`], which knows the request's id.
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

impl From<LedgerError> for Problem {
    fn from(error: LedgerError) -> Self {
        match error {
            LedgerError::Unauthorized => Self::unauthorized(),
            LedgerError::Restored => Self::new(
                StatusCode::CONFLICT,
                codes::RESTORED,
                "The cursor is not of this log: the server was restored",
            ),
            LedgerError::Cloned => Self::new(
                StatusCode::CONFLICT,
                codes::CLONED,
                "The push counter did not advance: another device runs on a copy of this store",
            ),
            LedgerError::PageExpired => Self::new(
                StatusCode::GONE,
                codes::PAGE_EXPIRED,
                "The page token is not valid, or not any more; pull again from the cursor",
            ),
            LedgerError::TooMany { max } => {
                Self::too_large().with_detail(format!("At most {max} items in one request"))
            }
            LedgerError::Log(LogError::Unreachable { .. }) => {
                Self::overloaded(StatusCode::SERVICE_UNAVAILABLE)
            }
            error @ (LedgerError::Log(_)
            | LedgerError::Store(_)
            | LedgerError::Open(_)
            | LedgerError::Io(_)
            | LedgerError::Document(_)) => {
                tracing::error!(%error, "the ledger failed");
                Self::internal()
            }
        }
    }
}

impl From<AccountError> for Problem {
    fn from(error: AccountError) -> Self {
        match error {
            AccountError::CodeRefused => Self::new(
                StatusCode::FORBIDDEN,
                codes::CODE_REFUSED,
                "The enrolment code is not valid, or not any more",
            ),
            AccountError::InstallTaken => Self::new(
                StatusCode::CONFLICT,
                codes::INSTALL_TAKEN,
                "This installation belongs to another account or was revoked",
            ),
            AccountError::UnknownUser => Self::unauthorized(),
            AccountError::Log(LogError::Unreachable { .. }) => {
                Self::overloaded(StatusCode::SERVICE_UNAVAILABLE)
            }
            error @ (AccountError::Log(_)
            | AccountError::NoRandomness(_)
            | AccountError::NameTaken
            | AccountError::BadName
            | AccountError::WijkMissing
            | AccountError::UnknownWijk(_)
            | AccountError::Reference(_)) => {
                tracing::error!(%error, "an account failed");
                Self::internal()
            }
        }
    }
}

impl From<ServerError> for Problem {
    fn from(error: ServerError) -> Self {
        match error {
            ServerError::Ledger(error) => error.into(),
            ServerError::Account(error) => error.into(),
            ServerError::Overloaded | ServerError::Log(LogError::Unreachable { .. }) => {
                Self::overloaded(StatusCode::SERVICE_UNAVAILABLE)
            }
            error @ (ServerError::Log(_)
            | ServerError::Open(_)
            | ServerError::Store(_)
            | ServerError::Key(_)
            | ServerError::NoRandomness(_)
            | ServerError::Reference(_)
            | ServerError::Io(_)
            | ServerError::Interrupted) => {
                tracing::error!(%error, "the server failed");
                Self::internal()
            }
        }
    }
}

/// The answer after a panic. Its text may quote content, so it goes nowhere; the process' hook has
/// logged the place.
pub(crate) fn panicked(_: Box<dyn Any + Send>) -> Response {
    Problem::internal().into_response()
}

/// The answer where nothing is.
pub(crate) async fn not_found() -> Problem {
    Problem::of_status(StatusCode::NOT_FOUND)
}

/// Turns every error of the API, whichever layer it comes from, into a problem with a body.
pub(crate) async fn finish(request: Request, next: Next) -> Response {
    let request_id = request_id(request.headers());
    let mut response = next.run(request).await;
    let status = response.status();
    let problem = match response.extensions_mut().remove::<Problem>() {
        Some(problem) => problem,
        None if status.is_client_error() || status.is_server_error() => Problem::of_status(status),
        None => return response,
    };
    let mut rendered = problem.render(request_id);
    keep(response.headers(), rendered.headers_mut());
    rendered
}

/// What a layer below said that still holds for the problem.
fn keep(from: &HeaderMap, to: &mut HeaderMap) {
    for name in [header::ALLOW, header::RETRY_AFTER] {
        if let Some(value) = from.get(&name) {
            to.insert(name, value.clone());
        }
    }
}
