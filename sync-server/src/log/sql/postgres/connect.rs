//! Where the database is, and how a connection to it is made and waited for.
//!
//! TLS is by rustls with the system's roots, and asked for or not by `sslmode` in the address.

use std::fmt;
use std::future::Future;
use std::pin::pin;
use std::str::FromStr;
use std::sync::{Arc, LazyLock};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::Thread;
use std::time::Duration;

use rustls::{ClientConfig, RootCertStore};
use tokio::runtime::{Builder, Runtime};
use tokio_postgres::config::{Config, SslMode};
use tokio_postgres::{Client, Connection, NoTls, Socket};
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::log::LogError;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// How long sent bytes may stay unconfirmed before the connection counts as broken.
const SILENCE_MAX: Duration = Duration::from_secs(20);

/// What every session is told: an acknowledgement means that it is on disk, nobody waits for ever,
/// and a process that hangs in a transaction does not keep the log from the others.
const SESSION: &str = "SET synchronous_commit = on; SET lock_timeout = '10s'; \
                       SET idle_in_transaction_session_timeout = '60s'; \
                       SET client_encoding = 'UTF8'";

/// The address of a database: `postgres://…` or `host=… user=… dbname=…`.
#[derive(Clone)]
pub struct PostgresAddress(Box<Config>);

impl FromStr for PostgresAddress {
    type Err = LogError;

    fn from_str(text: &str) -> Result<Self, LogError> {
        let mut config: Config = text.trim().parse().map_err(|_| LogError::BadAddress)?;
        if config.get_hosts().is_empty() && config.get_hostaddrs().is_empty() {
            return Err(LogError::BadAddress);
        }
        config.application_name("wijkboek-server");
        config.connect_timeout(CONNECT_TIMEOUT);
        config.tcp_user_timeout(SILENCE_MAX);
        config.keepalives_idle(SILENCE_MAX);
        Ok(Self(Box::new(config)))
    }
}

/// Without the password.
impl fmt::Debug for PostgresAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("PostgresAddress").field(&self.0.get_dbname()).finish_non_exhaustive()
    }
}

impl PostgresAddress {
    /// A connection that drives itself until its client is dropped.
    pub(super) fn connect(&self) -> Result<Client, LogError> {
        let config = self.0.clone();
        let made = runtime()?.spawn(async move { open(&config, |_| {}).await });
        let client = wait(made).map_err(|_| unreachable())??;
        wait(client.batch_execute(SESSION)).map_err(|error| super::log_error(&error))?;
        Ok(client)
    }

    pub(super) const fn config(&self) -> &Config {
        &self.0
    }
}

/// Opens a connection on the present runtime and drives it there; gives each notification's
/// payload on.
pub(super) async fn open(
    config: &Config,
    on_news: impl Fn(&str) + Send + 'static,
) -> Result<Client, LogError> {
    let failed = |error: tokio_postgres::Error| super::log_error(&error);
    if config.get_ssl_mode() == SslMode::Disable {
        let (client, connection) = config.connect(NoTls).await.map_err(failed)?;
        tokio::spawn(drive(connection, on_news));
        return Ok(client);
    }
    let tls = MakeRustlsConnect::new(ClientConfig::clone(&TLS));
    let (client, connection) = config.connect(tls).await.map_err(failed)?;
    tokio::spawn(drive(connection, on_news));
    Ok(client)
}

async fn drive<T>(mut connection: Connection<Socket, T>, on_news: impl Fn(&str) + Send)
where
    T: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin,
{
    while let Some(Ok(message)) =
        std::future::poll_fn(|context| connection.poll_message(context)).await
    {
        // Warnings of the database do not concern us.
        if let tokio_postgres::AsyncMessage::Notification(news) = message {
            on_news(news.payload());
        }
    }
}

static TLS: LazyLock<Arc<ClientConfig>> = LazyLock::new(|| {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap_or_else(|_| unreachable!("ring speaks TLS 1.2 and 1.3"))
        .with_root_certificates(roots)
        .with_no_client_auth();
    Arc::new(config)
});

/// One thread that moves bytes for all connections.
pub(super) fn runtime() -> Result<&'static Runtime, LogError> {
    static RUNTIME: LazyLock<std::io::Result<Runtime>> = LazyLock::new(|| {
        Builder::new_multi_thread().worker_threads(1).thread_name("postgres").enable_all().build()
    });
    RUNTIME.as_ref().map_err(|_| unreachable())
}

fn unreachable() -> LogError {
    LogError::Unreachable { code: String::new() }
}

/// Waits on this thread, in a runtime or not, until a future is ready. Only for futures that
/// another thread completes.
pub(super) fn wait<F: Future>(future: F) -> F::Output {
    struct Unpark(Thread);
    impl Wake for Unpark {
        fn wake(self: Arc<Self>) {
            self.0.unpark();
        }
    }
    let waker = Waker::from(Arc::new(Unpark(std::thread::current())));
    let mut context = Context::from_waker(&waker);
    let mut future = pin!(future);
    loop {
        match future.as_mut().poll(&mut context) {
            Poll::Ready(done) => return done,
            Poll::Pending => std::thread::park(),
        }
    }
}
