//! HTTP calls, and what their answers mean to the engine.
//!
//! Bodies are read up to a cap, redirects are never followed (they would carry the token
//! elsewhere), and nothing of an answer but its problem code reaches a log line.

use std::time::Duration;

use reqwest::header::{ACCEPT, CONTENT_TYPE, RETRY_AFTER};
use reqwest::{Client, RequestBuilder, Response, StatusCode, Url};
use serde::Deserialize;
use wijkboek_sync::{
    BODY_BYTES_MAX, CONTENT_TYPE as SYNC, CallError, Endpoint, PROTOCOL_HEADER, PROTOCOL_VERSION,
    problem,
};

use super::{address, tls};
use crate::config::Config;

/// One server. Cheap to clone.
#[derive(Debug, Clone)]
pub(super) struct Http {
    client: Client,
    base: String,
    call_timeout: Duration,
}

impl Http {
    /// `base` is an address that [`address::normalised`] gave.
    pub(super) fn new(base: &str, config: &Config) -> Result<Self, reqwest::Error> {
        let mut builder = Client::builder()
            .user_agent(concat!("wijkboek/", env!("CARGO_PKG_VERSION")))
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(CONNECT_TIMEOUT)
            .pool_idle_timeout(POOL_IDLE);
        if Url::parse(base).is_ok_and(|url| address::is_loopback(&url)) {
            builder = builder.no_proxy();
        }
        if base.starts_with("https:") {
            builder = tls::trust(builder, config.extra_ca_pem.as_deref());
        } else {
            builder = tls::none(builder);
        }
        let client = builder.build()?;
        Ok(Self { client, base: base.to_owned(), call_timeout: config.call_timeout })
    }

    /// One call of the engine.
    pub(super) async fn call(
        &self,
        token: &str,
        endpoint: Endpoint,
        body: Vec<u8>,
    ) -> Result<Vec<u8>, CallError> {
        let url = format!("{}{}", self.base, endpoint.path());
        let (request, expected, cap) = match endpoint {
            Endpoint::Push | Endpoint::Pull => {
                let request = self.client.post(url).header(CONTENT_TYPE, SYNC).body(body);
                (request, SYNC, PACKED_BYTES_MAX)
            }
            Endpoint::Reference => (self.client.get(url), JSON, REFERENCE_BYTES_MAX),
        };
        self.send(request.bearer_auth(token), expected, cap).await
    }

    /// Offers an enrolment code.
    pub(super) async fn enrol(&self, body: Vec<u8>) -> Result<Vec<u8>, CallError> {
        let url = format!("{}/v1/enrolments", self.base);
        let request = self.client.post(url).header(CONTENT_TYPE, SYNC).body(body);
        self.send(request, SYNC, PACKED_BYTES_MAX).await
    }

    /// Opens the stream of live events.
    pub(super) async fn events(&self, token: &str) -> Result<Response, CallError> {
        let request = self
            .client
            .get(format!("{}/v1/events", self.base))
            .bearer_auth(token)
            .header(ACCEPT, EVENTS)
            .header(PROTOCOL_HEADER, PROTOCOL_VERSION);
        let response = tokio::time::timeout(self.call_timeout, request.send())
            .await
            .map_err(|_| CallError::Timeout)?
            .map_err(|error| unreached(&error))?;
        let response = accepted(response).await?;
        is_type(&response, EVENTS).then_some(response).ok_or_else(foreign)
    }

    async fn send(
        &self,
        request: RequestBuilder,
        expected: &str,
        cap: usize,
    ) -> Result<Vec<u8>, CallError> {
        let response = request
            .header(ACCEPT, expected)
            .header(PROTOCOL_HEADER, PROTOCOL_VERSION)
            .timeout(self.call_timeout)
            .send()
            .await
            .map_err(|error| unreached(&error))?;
        let response = accepted(response).await?;
        if is_type(&response, expected) { read(response, cap).await } else { Err(foreign()) }
    }
}

/// Turns every answer but 200 and 201 into what it means.
async fn accepted(response: Response) -> Result<Response, CallError> {
    let status = response.status();
    if matches!(status, StatusCode::OK | StatusCode::CREATED) {
        return Ok(response);
    }
    let retry_after_ms = response
        .headers()
        .get(RETRY_AFTER)
        .and_then(|value| value.to_str().ok()?.trim().parse::<u64>().ok())
        .map(|seconds| seconds.saturating_mul(1_000));
    let code = problem_code(response).await;
    Err(match (status, code) {
        (StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN, _) => CallError::Unauthorized,
        (StatusCode::CONFLICT, Some(code)) if code == problem::RESTORED => CallError::Restored,
        (StatusCode::PAYLOAD_TOO_LARGE, _) => CallError::TooLarge,
        (StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE, _) => {
            CallError::Overloaded { retry_after_ms }
        }
        (StatusCode::REQUEST_TIMEOUT | StatusCode::GATEWAY_TIMEOUT, _) => CallError::Timeout,
        (status, code) => CallError::Problem {
            status: status.as_u16(),
            code: code.unwrap_or_else(|| UNKNOWN.to_owned()),
        },
    })
}

/// The code of a problem+json body, if it is one of ours.
async fn problem_code(response: Response) -> Option<String> {
    #[derive(Deserialize)]
    struct Problem {
        r#type: String,
    }
    if !is_type(&response, PROBLEM) {
        return None;
    }
    let body = read(response, PROBLEM_BYTES_MAX).await.ok()?;
    let problem: Problem = serde_json::from_slice(&body).ok()?;
    let code = problem.r#type.strip_prefix(problem::TYPE_PREFIX)?;
    let is_word = (1..=64).contains(&code.len())
        && code.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    is_word.then(|| code.to_owned())
}

async fn read(mut response: Response, cap: usize) -> Result<Vec<u8>, CallError> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| unreached(&error))? {
        if body.len() + chunk.len() > cap {
            return Err(foreign());
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

fn is_type(response: &Response, expected: &str) -> bool {
    let found = response.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    found.is_some_and(|found| {
        found.split(';').next().is_some_and(|found| found.trim().eq_ignore_ascii_case(expected))
    })
}

fn unreached(error: &reqwest::Error) -> CallError {
    if error.is_connect() || error.is_builder() { CallError::Offline } else { CallError::Timeout }
}

/// Something answered, but not a server of ours: a hotel's login page, perhaps.
fn foreign() -> CallError {
    CallError::Problem { status: StatusCode::OK.as_u16(), code: FOREIGN.to_owned() }
}

const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// Shorter than any server or middlebox keeps a silent connection.
const POOL_IDLE: Duration = Duration::from_secs(20);
const JSON: &str = "application/json";
const EVENTS: &str = "text/event-stream";
const PROBLEM: &str = "application/problem+json";
/// The code for a failure that says no code.
const UNKNOWN: &str = "unknown";
/// The code for an answer that cannot come from a server of ours.
const FOREIGN: &str = "not-a-wijkboek-server";
/// What does not compress becomes slightly larger when packed.
const PACKED_BYTES_MAX: usize = BODY_BYTES_MAX + (64 << 10);
const REFERENCE_BYTES_MAX: usize = 32 << 20;
const PROBLEM_BYTES_MAX: usize = 64 << 10;
