//! Hearing at once that another process appended. Who misses it finds out by looking.

use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinHandle;

use super::connect::{open, runtime};
use super::{CHANNEL, PostgresAddress};
use crate::log::LogError;

/// How long to wait before a broken connection is made anew.
const RETRY: Duration = Duration::from_secs(1);

/// Listens until it is dropped.
pub struct Listener(JoinHandle<()>);

impl Drop for Listener {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl PostgresAddress {
    /// Calls `on_news` whenever any process appended, and after each time that the connection was
    /// made (anew), since something may have been missed.
    ///
    /// # Errors
    /// [`LogError::Unreachable`] when no thread can be made for it; a database that cannot be
    /// reached is tried again for ever.
    pub fn listen(&self, on_news: impl Fn() + Send + Sync + 'static) -> Result<Listener, LogError> {
        let config = self.config().clone();
        let on_news = Arc::new(on_news);
        Ok(Listener(runtime()?.spawn(async move {
            loop {
                let told = Arc::clone(&on_news);
                let listening = async {
                    let client = open(&config, move |_| told()).await?;
                    let sql = format!("LISTEN {CHANNEL}");
                    client.batch_execute(&sql).await.map_err(|error| super::log_error(&error))?;
                    Ok::<_, LogError>(client)
                };
                if let Ok(client) = listening.await {
                    on_news();
                    while !client.is_closed() {
                        tokio::time::sleep(RETRY).await;
                    }
                }
                tokio::time::sleep(RETRY).await;
            }
        })))
    }
}
