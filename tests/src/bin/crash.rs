//! `crash`: kills writing processes as often as asked, and says whether everything held.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use wijkboek_tests::crash::killed;

/// Kills a writing process at random moments and compares what it acknowledged with what is there.
#[derive(Parser)]
struct Arguments {
    /// How often.
    #[arg(long, default_value_t = 10_000)]
    kills: u32,
    /// The seed of the first kill.
    #[arg(long, default_value_t = 1)]
    seed: u32,
    /// Where the books lie.
    #[arg(long, default_value = "target/crash")]
    folder: PathBuf,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let scribe = std::env::current_exe().map(|this| this.with_file_name("scribe"));
    let ran = scribe.and_then(|scribe| {
        std::fs::create_dir_all(&arguments.folder)?;
        Ok(killed::run(&scribe, &arguments.folder, arguments.kills, arguments.seed))
    });
    match ran {
        Ok(Ok(tally)) => {
            println!(
                "{} kills from seed {}, {} before anything was acknowledged; {} writes acknowledged",
                tally.kills, arguments.seed, tally.early, tally.acknowledged
            );
            for violation in &tally.violations {
                println!("{violation}");
            }
            println!("{} records packed; {} violations", tally.packed, tally.violations.len());
            if tally.violations.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
        }
        Ok(Err(error)) => {
            eprintln!("crash: {error:?}");
            ExitCode::FAILURE
        }
        Err(error) => {
            eprintln!("crash: {error}");
            ExitCode::FAILURE
        }
    }
}
