//! `sim`: many seeds of the simulation, or one again.

use std::process::ExitCode;

use clap::Parser;
use wijkboek_tests::sim;

/// Runs the seeded simulation; a seed that fails is printed with what did not hold.
#[derive(Parser)]
struct Arguments {
    /// How many seeds to run, from 0.
    #[arg(long, default_value_t = 200)]
    seeds: u64,
    /// Run this seed alone.
    #[arg(long)]
    seed: Option<u64>,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let seeds = arguments.seed.map_or(0..arguments.seeds, |seed| seed..seed + 1);
    let (mut count, mut violations) = (0, 0);
    for outcome in sim::run_all(seeds, None) {
        count += 1;
        violations += outcome.violations.len();
        println!(
            "seed {}: {} writes, {} faults, {}",
            outcome.seed,
            outcome.writes,
            outcome.faults,
            if outcome.violations.is_empty() { "holds" } else { "BROKEN" }
        );
        for violation in outcome.violations {
            println!("  {violation}");
        }
    }
    println!("{count} seeds, {violations} violations");
    if violations == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
