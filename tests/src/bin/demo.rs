//! `demo`: the main job on one machine; see the module of the same name.

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;
use tokio::signal::unix::{Signal, SignalKind, signal};
use wijkboek_tests::demo::{Demo, DemoError, Options};

/// Runs the server and three phones, lets them log offline, disagree and sync, and checks that
/// nothing was lost. Stays up until Ctrl-C.
#[derive(Parser)]
struct Arguments {
    /// Where the databases are kept between runs.
    #[arg(long, default_value = "target/demo")]
    data: PathBuf,
    /// Throw away what earlier runs left.
    #[arg(long)]
    fresh: bool,
    /// End after the check instead of staying up.
    #[arg(long)]
    once: bool,
    /// Take one row out of the server's log before the last comparison, to show that it fails.
    #[arg(long)]
    take_away_log_row: bool,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("demo: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments) -> Result<(), DemoError> {
    let options = Options {
        data: arguments.data.clone(),
        fresh: arguments.fresh,
        take_away_log_row: arguments.take_away_log_row,
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    // Before anything runs: who presses Ctrl-C early still gets an orderly end.
    let mut signals = runtime.block_on(async { Signals::listen() })?;
    let mut demo = Demo::run(&options)?;
    if !arguments.once {
        demo.summary()?;
        let mut turn = 0;
        while !runtime.block_on(signals.within(Demo::PAUSE)) {
            demo.log_one_more(turn)?;
            turn += 1;
        }
        println!("\nEnding.");
    }
    demo.end()
}

struct Signals {
    interrupt: Signal,
    terminate: Signal,
}

impl Signals {
    fn listen() -> std::io::Result<Self> {
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
        })
    }

    /// Whether somebody wants the demo to end; waits no longer than `pause`.
    async fn within(&mut self, pause: Duration) -> bool {
        tokio::select! {
            _ = self.interrupt.recv() => true,
            _ = self.terminate.recv() => true,
            () = tokio::time::sleep(pause) => false,
        }
    }
}
