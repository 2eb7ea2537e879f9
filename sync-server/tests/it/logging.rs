//! No log line holds content, names, tokens or codes.

use std::io::Write;
use std::sync::{Arc, Mutex, PoisonError};

use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::MakeWriter;
use wijkboek_model::{Edit, Role};

use crate::support::{Phone, RIJSOORD, SLIKKERVEER, Town, contact, record_id};

#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Lines {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

#[tokio::test]
async fn log_lines_hold_ids_only() {
    let lines = Lines::default();
    // This binary has no other subscriber; events of other tests may come in as well.
    tracing_subscriber::fmt()
        .with_env_filter(EnvFilter::new("trace"))
        .with_writer(lines.clone())
        .init();
    let town = Town::new();
    let anna = town.user("Annabel-Geheimenaam", Role::Wijkregisseur, &[SLIKKERVEER]);
    let code = town.invite(anna);
    let mut anna = Phone::enrol(&town, &code).await.expect("enrolled");
    let mut bram = town.wijkregisseur("Bram-Geheimenaam", &[RIJSOORD]).await;
    anna.create(record_id(1), &contact(SLIKKERVEER, "Geheime-notitie over de buren"));
    anna.push().await;
    bram.documents.insert(record_id(1), anna.documents[&record_id(1)].clone());
    let refused = bram.edit(record_id(1), Edit::Note("Geheime-wijziging".to_owned()).into_write());
    bram.push().await;
    anna.pull().await;
    anna.send("/v1/push", b"Geheime-rommel".to_vec()).await;
    anna.get("/v1/nergens?zoek=Geheime-zoekterm").await;

    let text = lines.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
    let text = String::from_utf8_lossy(&text);
    assert!(text.contains(&refused.to_string()), "a refusal is logged by its ids");
    assert!(text.contains("not-visible"));
    for secret in ["Geheime", "Geheimenaam", &anna.token, &bram.token, &code] {
        assert!(!text.contains(secret), "a log line holds {secret}");
    }
}
