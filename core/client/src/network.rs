//! The network thread: one thread with a runtime of its own, which runs the sync engine.
//!
//! The facade talks to it by commands. Writing never waits for it; enrolling and a requested round
//! wait for its answer. It ends with the logbook, and a panic in it only starts it anew.

mod address;
mod driver;
mod enrol;
mod events;
mod http;
mod tls;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Sender as Reply, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use crate::account::Identity;
use crate::error::{ReportId, WijkboekError};
use crate::shared::Shared;
use crate::views::SyncReport;
use driver::Driver;

/// What the facade asks of the network thread.
#[derive(Debug)]
pub(crate) enum Command {
    /// Something was written.
    Written,
    /// Synchronise from now on.
    Begin,
    /// Synchronise no more.
    Halt,
    /// Cut a wait short.
    Wake,
    /// One round.
    Sync(Reply<Result<SyncReport, WijkboekError>>),
    /// A device asks to be let in.
    Enrol {
        /// Checked and in its one spelling.
        server_url: String,
        code: String,
        device_name: String,
        reply: Reply<Result<Identity, WijkboekError>>,
    },
    /// The end.
    Close,
}

/// The facade's end.
#[derive(Debug)]
pub(crate) struct Network {
    commands: UnboundedSender<Command>,
    thread: Mutex<Option<JoinHandle<()>>>,
    allow_cleartext: bool,
}

impl Network {
    pub(crate) fn start(shared: &Arc<Shared>) -> std::io::Result<Self> {
        let (commands, mut received) = unbounded_channel();
        let allow_cleartext = shared.config.allow_cleartext;
        let shared = Arc::clone(shared);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let thread =
            std::thread::Builder::new().name("wijkboek-network".to_owned()).spawn(move || {
                run(&runtime, &shared, &mut received);
                // A name that is still being looked up must not hold up the end.
                runtime.shutdown_background();
            })?;
        Ok(Self { commands, thread: Mutex::new(Some(thread)), allow_cleartext })
    }

    /// Ends the thread and waits for it.
    pub(crate) fn close(&self) {
        self.tell(Command::Close);
        let thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(thread) = thread
            && thread.join().is_err()
        {
            ReportId::log_panic();
        }
    }

    pub(crate) fn written(&self) {
        self.tell(Command::Written);
    }

    pub(crate) fn begin(&self) {
        self.tell(Command::Begin);
    }

    pub(crate) fn halt(&self) {
        self.tell(Command::Halt);
    }

    pub(crate) fn wake(&self) {
        self.tell(Command::Wake);
    }

    pub(crate) fn sync(&self) -> Result<SyncReport, WijkboekError> {
        self.ask(Command::Sync)
    }

    pub(crate) fn enrol(
        &self,
        server_url: &str,
        code: &str,
        device_name: &str,
    ) -> Result<Identity, WijkboekError> {
        let server_url = address::normalised(server_url, self.allow_cleartext)?;
        let (code, device_name) = (code.trim().to_owned(), device_name.trim().to_owned());
        self.ask(|reply| Command::Enrol { server_url, code, device_name, reply })
    }

    /// When the thread has ended there is nobody to tell, which is all right.
    fn tell(&self, command: Command) {
        let _ = self.commands.send(command);
    }

    fn ask<T>(
        &self,
        command: impl FnOnce(Reply<Result<T, WijkboekError>>) -> Command,
    ) -> Result<T, WijkboekError> {
        let (reply, answer) = channel();
        self.tell(command(reply));
        // The other end goes without an answer only in a panic, which was reported there.
        answer
            .recv()
            .unwrap_or_else(|_| Err(WijkboekError::Internal { report_id: ReportId::log_panic() }))
    }
}

/// Runs drivers until the logbook closes. After a panic the next one waits to be asked for
/// something: what panics at once would panic for ever.
fn run(
    runtime: &tokio::runtime::Runtime,
    shared: &Arc<Shared>,
    received: &mut UnboundedReceiver<Command>,
) {
    let mut first = None;
    loop {
        let driver = Driver::new(Arc::clone(shared));
        let ended = catch_unwind(AssertUnwindSafe(|| {
            runtime.block_on(driver.run(first.take(), received));
        }));
        if ended.is_ok() {
            return;
        }
        ReportId::log_panic();
        match received.blocking_recv() {
            None | Some(Command::Close) => return,
            Some(command) => first = Some(command),
        }
    }
}
