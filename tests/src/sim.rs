//! A seeded simulation: phones with the real engine and store, an office with the real ledger, and
//! a network and clock that exist only here.
//!
//! One seed decides everything, so a seed that fails fails again. After a run of faults the world
//! heals, and then every promise must hold: nothing acknowledged is lost, replicas that may see a
//! record hold it alike, nobody holds what is not theirs, and the next sync is empty.

mod check;
mod device;
mod network;
mod office;
mod world;

use world::World;

/// A bug planted on purpose, to show that the simulation would find it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bug {
    /// A phone takes "sent" for "acknowledged".
    SentCountsAsAcknowledged,
    /// A phone does not carry out *forget*.
    ForgetIsIgnored,
}

/// What became of one seed.
#[derive(Debug)]
pub struct Outcome {
    /// The seed.
    pub seed: u64,
    /// Writes that phones acknowledged.
    pub writes: usize,
    /// Messages that the network lost, doubled or delivered late.
    pub faults: usize,
    /// Promises that did not hold; empty is success.
    pub violations: Vec<String>,
}

/// Runs one seed.
pub fn run(seed: u64, bug: Option<Bug>) -> Outcome {
    let mut world = World::new(seed, bug);
    world.live_through_faults();
    let mut violations = world.heal();
    violations.extend(check::promises(&mut world));
    Outcome { seed, writes: world.writes(), faults: world.faults(), violations }
}

/// Runs many seeds on all processors; the outcomes come in the order of the seeds.
pub fn run_all(seeds: std::ops::Range<u64>, bug: Option<Bug>) -> Vec<Outcome> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let seeds: Vec<u64> = seeds.collect();
    std::thread::scope(|scope| {
        let workers: Vec<_> = seeds
            .chunks(seeds.len().div_ceil(threads).max(1))
            .map(|chunk| scope.spawn(move || chunk.iter().map(|seed| run(*seed, bug)).collect()))
            .collect();
        let join = |worker: std::thread::ScopedJoinHandle<'_, Vec<Outcome>>| match worker.join() {
            Ok(outcomes) => outcomes,
            Err(panic) => std::panic::resume_unwind(panic),
        };
        workers.into_iter().flat_map(join).collect()
    })
}
