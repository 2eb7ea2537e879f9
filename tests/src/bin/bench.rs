//! `bench`: measures the figures, prints them as a table and keeps them as JSON.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use wijkboek_tests::bench::{self, BenchError, Group, Sizes, report};

/// Measures the figures that the design asks for.
#[derive(Parser)]
struct Arguments {
    /// Where databases are made and fixtures are kept.
    #[arg(long, default_value = "target/bench")]
    root: PathBuf,
    /// The file that the results are put into.
    #[arg(long, default_value = "target/bench.json")]
    json: PathBuf,
    /// Only these groups of figures.
    #[arg(long)]
    only: Vec<Group>,
    /// Small sizes, which say nothing about the targets.
    #[arg(long)]
    quick: bool,
}

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bench: {error}");
            let mut source = std::error::Error::source(&error);
            while let Some(inner) = source {
                eprintln!("  {inner}");
                source = inner.source();
            }
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments) -> Result<(), BenchError> {
    std::fs::create_dir_all(&arguments.root)?;
    let sizes = if arguments.quick { Sizes::quick() } else { Sizes::full() };
    let groups = if arguments.only.is_empty() { Group::ALL } else { &arguments.only };
    let mut entries = vec![];
    for group in groups {
        let measured = bench::figures(*group, &arguments.root, None, &sizes)?;
        println!("{}", report::table(&measured));
        entries.extend(measured);
    }
    report::merge(&arguments.json, &entries)?;
    Ok(())
}
