//! News reaches phones at once, also when another process wrote it.

use std::time::Duration;

use axum::body::Body;
use axum::http::Request;
use futures_util::StreamExt as _;
use tower::ServiceExt as _;
use wijkboek_model::Role;
use wijkboek_server::accounts::Purpose;

use crate::support::{Phone, SLIKKERVEER, Town, contact, record_id};

/// Long enough for any machine; reached only when news never comes.
const PATIENCE: Duration = Duration::from_secs(30);

/// The events of one connection.
struct Events(axum::body::BodyDataStream);

impl Events {
    async fn open(town: &Town, phone: &Phone) -> Self {
        Self::get(town, "/v1/events", "authorization", format!("Bearer {}", phone.token)).await
    }

    async fn get(town: &Town, path: &str, header: &str, value: String) -> Self {
        let request =
            Request::get(path).header(header, value).body(Body::empty()).expect("a request");
        let response = town.app.clone().oneshot(request).await.expect("the router never fails");
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        Self(response.into_body().into_data_stream())
    }

    /// What comes next, be it only a sign of life; none when the stream has ended.
    async fn chunk(&mut self) -> Option<String> {
        let chunk = tokio::time::timeout(PATIENCE, self.0.next()).await.expect("news in time")?;
        Some(String::from_utf8(chunk.expect("a chunk").to_vec()).expect("text"))
    }

    /// The next event's number; none when the stream has ended.
    async fn next(&mut self) -> Option<u64> {
        let mut text = self.chunk().await?;
        while text.starts_with(':') {
            text = self.chunk().await?;
        }
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

#[tokio::test]
async fn a_revoked_device_hears_no_more() {
    let town = Town::new();
    let mut anna = town.wijkregisseur("Anna", &[SLIKKERVEER]).await;
    let bram = town.wijkregisseur("Bram", &[SLIKKERVEER]).await;
    let mut events = Events::open(&town, &bram).await;
    events.next().await.expect("the number at connect");
    let devices = town.log().devices().expect("devices");
    let his = devices.iter().find(|device| device.install == bram.install).expect("his device");
    town.log().revoke(his.id, town.now()).expect("revoked");
    anna.create(record_id(1), &contact(SLIKKERVEER, "Nieuws"));
    anna.push().await;
    assert_eq!(events.next().await, None, "not even that there is news");
}

#[tokio::test(start_paused = true)]
async fn a_quiet_stream_ends_when_its_token_was_replaced() {
    let town = Town::new();
    let anna = town.wijkregisseur("Anna", &[SLIKKERVEER]).await;
    let mut events = Events::open(&town, &anna).await;
    events.next().await.expect("the number at connect");
    assert!(events.chunk().await.expect("a sign of life").starts_with(':'));
    let code = town.invite(anna.principal);
    let anew = Phone::enrol_as(&town, &code, anna.install).await.expect("enrolled again");
    while let Some(text) = events.chunk().await {
        assert!(text.starts_with("event: head\n"), "no sign of life any more: {text}");
    }
    let mut events = Events::open(&town, &anew).await;
    events.next().await.expect("the new token is good");
}

#[tokio::test(start_paused = true)]
async fn a_quiet_page_hears_no_more_after_its_session() {
    let town = Town::new();
    let carla = town.user("Carla", Role::Medewerker, &[]);
    let code = town.log().issue_code(Purpose::Login, carla, town.now()).expect("a code");
    let token = town.state.log_in(&code).await.expect("the code is good").0;
    let mut events = Events::get(&town, "/live", "cookie", format!("wijkboek={token}")).await;
    events.next().await.expect("the number at connect");
    assert!(events.chunk().await.expect("a sign of life").starts_with(':'));
    town.state.log_out(&token).await.expect("logged out");
    assert_eq!(events.chunk().await, None);
}
