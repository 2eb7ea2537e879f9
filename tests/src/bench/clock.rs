//! Measuring: wall time, this thread's processor time, and what many measurements come to.

use std::time::{Duration, Instant};

use rustix::time::{ClockId, clock_gettime};

/// Times one call by the wall.
///
/// # Errors
/// Those of the call.
pub fn wall<T, E>(work: impl FnOnce() -> Result<T, E>) -> Result<(T, Duration), E> {
    let start = Instant::now();
    let done = work()?;
    Ok((done, start.elapsed()))
}

/// Times one call by what this thread used of a processor.
pub fn cpu<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let start = thread_time();
    let done = work();
    (done, thread_time().saturating_sub(start))
}

fn thread_time() -> Duration {
    let now = clock_gettime(ClockId::ThreadCPUTime);
    let seconds = Duration::from_secs(now.tv_sec.unsigned_abs());
    seconds + Duration::from_nanos(now.tv_nsec.unsigned_abs())
}

/// The measurements of one thing in one run.
#[derive(Debug, Default, Clone)]
pub struct Times(Vec<Duration>);

impl Times {
    /// Adds one.
    pub fn push(&mut self, time: Duration) {
        self.0.push(time);
    }

    /// The time that this share of the measurements stayed below; 0.5 is the median.
    pub fn quantile(&self, share: f64) -> Duration {
        let mut sorted = self.0.clone();
        sorted.sort_unstable();
        let last = sorted.len().saturating_sub(1);
        sorted.get(rank(share, last)).copied().unwrap_or_default()
    }

    /// The median in microseconds.
    pub fn median_us(&self) -> f64 {
        self.quantile(0.5).as_secs_f64() * 1e6
    }

    /// The mean in microseconds.
    pub fn mean_us(&self) -> f64 {
        let total: Duration = self.0.iter().sum();
        let count = u32::try_from(self.0.len().max(1)).unwrap_or(u32::MAX);
        total.as_secs_f64() * 1e6 / f64::from(count)
    }
}

/// The middle one of several numbers.
pub fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.get(sorted.len() / 2).copied().unwrap_or_default()
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "a share of at most a few million measurements"
)]
fn rank(share: f64, last: usize) -> usize {
    (share.clamp(0.0, 1.0) * last as f64).round() as usize
}
