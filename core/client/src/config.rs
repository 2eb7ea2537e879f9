//! What a shell may set when it opens the logbook.

use std::sync::Arc;
use std::time::Duration;

use crate::clock::{Clock, SystemClock};

/// How the logbook behaves. The defaults suit a phone in the field.
#[derive(Debug, Clone)]
pub struct Config {
    /// The clocks.
    pub clock: Arc<dyn Clock>,
    /// Certificates of one's own authority in PEM, trusted besides the device's own.
    pub extra_ca_pem: Option<Vec<u8>>,
    /// Whether a server that is not on this device may be spoken to without TLS. For development
    /// in a network of one's own only.
    pub allow_cleartext: bool,
    /// How long one call to the server may take in all.
    pub call_timeout: Duration,
    /// How long the stream of live events may be silent before it counts as broken.
    pub live_silence: Duration,
    /// Sizes and waits of the sync engine.
    pub sync: wijkboek_sync::Config,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            clock: Arc::new(SystemClock),
            extra_ca_pem: None,
            allow_cleartext: false,
            call_timeout: Duration::from_mins(2),
            live_silence: Duration::from_mins(1),
            sync: wijkboek_sync::Config::default(),
        }
    }
}
