//! The stable codes of the API's problems (RFC 9457), the last part of their `type`.
//!
//! A problem's `type` is [`TYPE_PREFIX`] followed by one of these; the phone acts on the code and
//! on the status, never on a text.

/// What every problem's `type` begins with.
pub const TYPE_PREFIX: &str = "urn:wijkboek:problem:";

/// 401: no token, an unknown one or a revoked one.
pub const UNAUTHORIZED: &str = "unauthorized";
/// 403: the enrolment code is unknown, expired or already used.
pub const CODE_REFUSED: &str = "code-refused";
/// 409: the installation id belongs to another person's device.
pub const INSTALL_TAKEN: &str = "install-taken";
/// 409: the cursor's epoch or chain hash is not the log's: the server was restored.
pub const RESTORED: &str = "restored";
/// 409: the push counter did not advance: another phone runs on a copy of this store.
pub const CLONED: &str = "cloned";
/// 410: the page token has expired; pull again from the cursor.
pub const PAGE_EXPIRED: &str = "page-expired";
/// 408: the request took too long.
pub const TIMEOUT: &str = "timeout";
/// 413: the body is larger than the server takes, packed or unpacked.
pub const TOO_LARGE: &str = "too-large";
/// 415: the body is not of the type that it should have.
pub const UNSUPPORTED_MEDIA_TYPE: &str = "unsupported-media-type";
/// 400: the body cannot be decoded.
pub const MALFORMED: &str = "malformed";
/// 400: the protocol version is missing or not spoken here.
pub const PROTOCOL: &str = "protocol";
/// 404: nothing at this path.
pub const NOT_FOUND: &str = "not-found";
/// 404: no areas were imported yet.
pub const NO_REFERENCE: &str = "no-reference";
/// 405: the path does not take this method.
pub const METHOD_NOT_ALLOWED: &str = "method-not-allowed";
/// 429 or 503: try again later, `Retry-After` says when.
pub const OVERLOADED: &str = "overloaded";
/// 500: a mistake of the server; the request id finds it in the log.
pub const INTERNAL: &str = "internal";
