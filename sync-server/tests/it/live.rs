//! News reaches phones at once, also when another process wrote it.

use std::time::Duration;

use axum::body::Body;
use axum::http::Request;
use futures_util::StreamExt as _;
use tower::ServiceExt as _;
use wijkboek_model::Role;

use crate::support::{Phone, SLIKKERVEER, Town, contact, record_id};

/// Long enough for any machine; reached only when news never comes.
const PATIENCE: Duration = Duration::from_secs(30);

/// The events of one connection.
struct Events(axum::body::BodyDataStream);

impl Events {
    async fn open(town: &Town, phone: &Phone) -> Self {
        let request = Request::get("/v1/events")
            .header("authorization", format!("Bearer {}", phone.token))
            .body(Body::empty())
            .expect("a request");
        let response = town.app.clone().oneshot(request).await.expect("the router never fails");
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        Self(response.into_body().into_data_stream())
    }

    /// The next event's number; none when the stream has ended.
    async fn next(&mut self) -> Option<u64> {
        let chunk = tokio::time::timeout(PATIENCE, self.0.next()).await.expect("news in time")?;
        let text = String::from_utf8(chunk.expect("a chunk").to_vec()).expect("text");
        assert!(text.starts_with("event: head\n"), "{text}");
        let number = text.lines().find_map(|line| line.strip_prefix("data: "));
        Some(number.expect("data").parse().expect("a number"))
    }
}

#[tokio::test]
async fn a_push_wakes_the_other_phones() {
    let town = Town::new();
    let mut anna = town.wijkregisseur("Anna", &[SLIKKERVEER]).await;
    let bram = town.wijkregisseur("Bram", &[SLIKKERVEER]).await;
    let mut events = Events::open(&town, &bram).await;
    let before = events.next().await.expect("the number at connect");
    anna.create(record_id(1), &contact(SLIKKERVEER, "Nieuws"));
    anna.push().await;
    assert!(events.next().await.expect("news") > before);
    town.state.stop();
    assert_eq!(events.next().await, None, "an endless answer ends when the server stops");
}

#[tokio::test]
async fn what_another_process_writes_is_noticed() {
    let town = Town::new();
    let anna = town.wijkregisseur("Anna", &[SLIKKERVEER]).await;
    let follower = tokio::spawn({
        let state = town.state.clone();
        async move { state.follow().await }
    });
    let mut events = Events::open(&town, &anna).await;
    events.next().await.expect("the number at connect");
    let head = town.log().counts().expect("counts").head;
    town.user("Bram", Role::Wijkregisseur, &[SLIKKERVEER]);
    while events.next().await.expect("news") <= head {}
    town.state.stop();
    follower.await.expect("the follower ends");
}
