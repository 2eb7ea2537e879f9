//! `bench`: measures the figures, prints them as a table and keeps them as JSON.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use wijkboek_tests::bench::files::Key;
use wijkboek_tests::bench::{self, BenchError, Group, Sizes, large, markdown, report};

/// Measures the figures that the design asks for.
#[derive(Parser)]
struct Arguments {
    /// Where databases are made and fixtures are kept.
    #[arg(long, default_value = "target/bench")]
    root: PathBuf,
    /// The file that the results are put into: target/bench.json, or target/bench-quick.json.
    #[arg(long)]
    json: Option<PathBuf>,
    /// Only these groups of figures.
    #[arg(long)]
    only: Vec<Group>,
    /// Small sizes, which say nothing about the targets.
    #[arg(long)]
    quick: bool,
    /// Measures databases encrypted with `SQLCipher`, which this must be built with.
    #[arg(long)]
    encrypted: bool,
    /// Measures nothing, but writes the figures that are there into this page.
    #[arg(long, num_args = 0..=1, default_missing_value = "docs/FIGURES.md")]
    markdown: Option<PathBuf>,
    /// Opens this database and tells what that took; for the benchmark's own use.
    #[arg(long, hide = true)]
    session: Option<PathBuf>,
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
    let key = arguments.encrypted.then(Key::invented);
    if let Some(path) = &arguments.session {
        println!("{}", serde_json::to_string(&large::session(path, key.as_ref())?)?);
        return Ok(());
    }
    std::fs::create_dir_all(&arguments.root)?;
    let sizes = if arguments.quick { Sizes::quick() } else { Sizes::full() };
    let groups = if arguments.only.is_empty() { Group::ALL } else { &arguments.only };
    let usual = if arguments.quick { "target/bench-quick.json" } else { "target/bench.json" };
    let json = arguments.json.clone().unwrap_or_else(|| usual.into());
    if let Some(page) = &arguments.markdown {
        return markdown::write(&json, page);
    }
    if key.is_none() && arguments.only.is_empty() && json.exists() {
        // A full run begins anew; its encrypted half adds to it.
        std::fs::remove_file(&json)?;
    }
    for group in groups.iter().filter(|group| key.is_none() || group.is_on_a_phone()) {
        let measured = bench::figures(*group, &arguments.root, key.as_ref(), &sizes)?;
        println!("{}", report::table(&measured));
        report::merge(&json, &measured)?;
    }
    Ok(())
}
