//! News: when the replica has something new to read, and when the server is about to stop.
//!
//! Admin commands and other servers write to the log from another process; a look every half second
//! finds that, and `PostgreSQL` tells it at once.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Notify, watch};
use tokio::time::MissedTickBehavior;

use super::{AppState, Inner};
use crate::error::ServerError;
use crate::log::LogPlace;
use crate::log::sql::Listener;

/// How often the log is looked at for what another process wrote.
const LOOK_EVERY: Duration = Duration::from_millis(500);

impl AppState {
    /// The number that the replica has reached; changes when there is something new to read.
    pub fn head(&self) -> watch::Receiver<u64> {
        self.0.head.subscribe()
    }

    /// Asks everything that goes on for ever to end.
    pub fn stop(&self) {
        self.0.stopping.send_replace(true);
    }

    /// Completes when the server is asked to stop, so that endless answers can end.
    pub async fn stopping(&self) {
        let mut stopping = self.0.stopping.subscribe();
        // The sender lives as long as this state, so waiting cannot fail.
        drop(stopping.wait_for(|stop| *stop).await);
    }

    /// Follows what other processes write to the log, until the server stops.
    pub async fn follow(&self) {
        let mut ticks = tokio::time::interval(LOOK_EVERY);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let news = Arc::new(Notify::new());
        let _listener = self.listen(&news);
        let mut failing = false;
        loop {
            tokio::select! {
                () = self.stopping() => return,
                _ = ticks.tick() => {}
                () = news.notified() => {}
            }
            match self.look().await {
                Ok(()) => failing = false,
                Err(error) => {
                    if !failing {
                        tracing::error!(%error, "following the log failed; trying again");
                    }
                    failing = true;
                }
            }
        }
    }

    /// Where the log's database tells what other processes append, a look follows at once.
    fn listen(&self, news: &Arc<Notify>) -> Option<Listener> {
        let LogPlace::Postgres(address) = &self.config().log else { return None };
        let news = Arc::clone(news);
        address.listen(move || news.notify_one()).ok()
    }

    async fn look(&self) -> Result<(), ServerError> {
        let (head, reached) = self.health().await?;
        if head == reached {
            return Ok(());
        }
        self.ledger(|ledger, _| -> Result<(), ServerError> {
            ledger.catch_up()?;
            Ok(())
        })
        .await
    }
}

impl Inner {
    /// Tells whoever waits that the replica has reached a number.
    pub(super) fn tell(&self, reached: u64) {
        self.head.send_if_modified(|head| {
            let higher = reached > *head;
            if higher {
                *head = reached;
            }
            higher
        });
    }
}
