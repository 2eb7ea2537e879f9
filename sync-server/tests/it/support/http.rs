//! Requests through the router.

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode, header};
use tower::ServiceExt as _;

/// What the server said.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).expect("a JSON body")
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }
}

/// Sends a request with the sync protocol's headers; `extra` comes after and replaces.
pub(crate) async fn body_of(
    app: &Router,
    method: &str,
    path: &str,
    extra: &[(&str, &str)],
    body: Vec<u8>,
) -> Answer {
    let mut request =
        Request::builder().method(method).uri(path).body(Body::from(body)).expect("a request");
    let headers = request.headers_mut();
    headers.insert("wijkboek-protocol", "1".parse().expect("a header"));
    headers.insert(header::CONTENT_TYPE, wijkboek_sync::CONTENT_TYPE.parse().expect("a header"));
    for (name, value) in extra {
        let name = header::HeaderName::try_from(*name).expect("a header's name");
        headers.insert(name, value.parse().expect("a header's value"));
    }
    let response = app.clone().oneshot(request).await.expect("the router never fails");
    let (parts, body) = response.into_parts();
    let body = axum::body::to_bytes(body, usize::MAX).await.expect("a whole body").to_vec();
    Answer { status: parts.status, headers: parts.headers, body }
}

/// Checks that an answer is a well-formed problem and gives its code.
pub(crate) fn problem_code(answer: &Answer) -> String {
    assert_eq!(answer.header("content-type"), Some("application/problem+json"));
    let problem = answer.json();
    assert_eq!(problem["status"], answer.status.as_u16());
    assert!(problem["title"].as_str().is_some_and(|title| !title.is_empty()));
    assert_eq!(problem["requestId"].as_str(), answer.header("x-request-id"));
    let kind = problem["type"].as_str().expect("a type");
    kind.strip_prefix("urn:wijkboek:problem:").expect("a type of ours").to_owned()
}
