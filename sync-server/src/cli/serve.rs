//! `serve`: opens the data, listens, and ends cleanly when asked to.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{IsTerminal as _, Write as _};
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tracing_subscriber::EnvFilter;

use super::CliError;
use crate::config::Config;
use crate::error::ServerError;
use crate::state::AppState;

/// How long open requests may take to end after the server was asked to stop.
const GRACE: Duration = Duration::from_secs(10);

pub(super) fn serve(config: Config) -> Result<(), CliError> {
    start_logging();
    log_panics_without_content();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime = runtime.map_err(ServerError::from)?;
    let served = runtime.block_on(listen(config));
    runtime.shutdown_timeout(GRACE);
    served
}

async fn listen(config: Config) -> Result<(), CliError> {
    let asked = config.listen;
    let cannot = |reason| CliError::Listen { address: asked.to_string(), reason };
    // The address first: a second server must fail before it touches the data.
    let listener = TcpListener::bind(asked).await.map_err(cannot)?;
    let address = listener.local_addr().map_err(cannot)?;
    let _only_one = hold(&config)?;
    let opened = tokio::task::spawn_blocking(move || AppState::open(config)).await;
    let state = opened.map_err(|_| ServerError::Interrupted)??;
    let signals = StopSignals::listen().map_err(ServerError::from)?;
    announce(&format!("Wijkboek luistert op http://{address}")).map_err(ServerError::from)?;
    tracing::info!(%address, "serving");

    let follower = tokio::spawn({
        let state = state.clone();
        async move { state.follow().await }
    });
    let asked_to_stop = {
        let state = state.clone();
        async move {
            signals.wait().await;
            tracing::info!("stopping");
            state.stop();
        }
    };
    let server =
        axum::serve(listener, crate::app(state.clone())).with_graceful_shutdown(asked_to_stop);
    let overdue = async {
        state.stopping().await;
        tokio::time::sleep(GRACE).await;
    };
    tokio::select! {
        served = server => served.map_err(ServerError::from)?,
        () = overdue => tracing::warn!("open requests did not end in time"),
    }
    state.stop();
    drop(follower.await);
    tracing::info!("stopped");
    Ok(())
}

/// A panic's text may quote content, its place does not. What the guard provokes in a library and
/// contains is no news at all.
fn log_panics_without_content() {
    std::panic::set_hook(Box::new(|panic| {
        if !wijkboek_crdt::panics_are_contained() {
            let place = panic.location().map(ToString::to_string).unwrap_or_default();
            tracing::error!(place, "a task panicked");
        }
    }));
}

/// Holds the data directory for this server until the file is dropped: two servers on one replica
/// would not hear of each other's news.
fn hold(config: &Config) -> Result<File, CliError> {
    let file = OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .open(config.data.join("serve.lock"))
        .map_err(ServerError::from)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(CliError::Served),
        Err(TryLockError::Error(error)) => Err(ServerError::from(error).into()),
    }
}

/// The first line on standard output, for whoever started the server.
fn announce(line: &str) -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{line}")?;
    out.flush()
}

/// The signals that ask the server to stop. Made before the address is announced: whoever reads
/// that may ask at once.
struct StopSignals {
    terminate: Signal,
    interrupt: Signal,
}

impl StopSignals {
    fn listen() -> std::io::Result<Self> {
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
        })
    }

    async fn wait(mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}

fn start_logging() {
    let filter = EnvFilter::try_from_env("WIJKBOEK_LOG").unwrap_or_else(|_| EnvFilter::new("info"));
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    if std::io::stderr().is_terminal() {
        builder.init();
    } else {
        builder.json().init();
    }
}
