//! Bodies of the sync protocol: checked for version, type and size before they are unpacked.

use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use minicbor::{Decode, Encode};
use wijkboek_sync::{
    BODY_BYTES_MAX, CONTENT_TYPE, CodecError, EnrolRequest, PROTOCOL_HEADER, PROTOCOL_VERSION,
    PullRequest, PushRequest, from_body, problem as codes, to_body,
};

use super::Problem;

/// Most bytes of a body as it comes in, packed.
pub const PACKED_BYTES_MAX: usize = 4 << 20;

/// A message that phones send.
pub(crate) trait Incoming: for<'b> Decode<'b, ()> {
    /// Most bytes of it, packed.
    const PACKED_MAX: usize;
    /// Most bytes of it, unpacked.
    const UNPACKED_MAX: usize;
}

impl Incoming for PushRequest {
    const PACKED_MAX: usize = PACKED_BYTES_MAX;
    const UNPACKED_MAX: usize = BODY_BYTES_MAX;
}

impl Incoming for PullRequest {
    const PACKED_MAX: usize = 64 << 10;
    const UNPACKED_MAX: usize = 64 << 10;
}

impl Incoming for EnrolRequest {
    const PACKED_MAX: usize = 4 << 10;
    const UNPACKED_MAX: usize = 4 << 10;
}

/// A message, in or out.
pub(crate) struct Wire<T>(pub(crate) T);

impl<T: Incoming, S: Send + Sync> FromRequest<S> for Wire<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        check_version(request.headers())?;
        check_type(request.headers())?;
        let body = axum::body::to_bytes(request.into_body(), T::PACKED_MAX);
        let packed = body.await.map_err(|error| broken_body(&error))?;
        match from_body(&packed, T::UNPACKED_MAX) {
            Ok(message) => Ok(Self(message)),
            Err(CodecError::TooLarge { .. }) => Err(Problem::too_large()),
            Err(CodecError::Compression(_) | CodecError::Shape(_) | CodecError::Field(_)) => {
                Err(Problem::malformed())
            }
        }
    }
}

impl<T: Encode<()>> IntoResponse for Wire<T> {
    fn into_response(self) -> Response {
        let headers = [
            (header::CONTENT_TYPE, HeaderValue::from_static(CONTENT_TYPE)),
            (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        ];
        (headers, to_body(&self.0)).into_response()
    }
}

fn check_version(headers: &HeaderMap) -> Result<(), Problem> {
    if headers.get(PROTOCOL_HEADER).is_some_and(|version| version == PROTOCOL_VERSION) {
        return Ok(());
    }
    Err(Problem::new(
        StatusCode::BAD_REQUEST,
        codes::PROTOCOL,
        "The protocol version is missing or not spoken here",
    )
    .with_detail(format!("This server speaks version {PROTOCOL_VERSION}")))
}

fn check_type(headers: &HeaderMap) -> Result<(), Problem> {
    let named = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let bare = named.map(|named| named.split(';').next().unwrap_or_default().trim());
    if bare.is_some_and(|bare| bare.eq_ignore_ascii_case(CONTENT_TYPE)) {
        return Ok(());
    }
    Err(Problem::new(
        StatusCode::UNSUPPORTED_MEDIA_TYPE,
        codes::UNSUPPORTED_MEDIA_TYPE,
        "The body is of another type than this path takes",
    )
    .with_detail(format!("Expected {CONTENT_TYPE}")))
}

fn broken_body(error: &axum::Error) -> Problem {
    let mut source = std::error::Error::source(error);
    while let Some(inner) = source {
        if inner.is::<http_body_util::LengthLimitError>() {
            return Problem::too_large();
        }
        source = inner.source();
    }
    Problem::malformed()
}
