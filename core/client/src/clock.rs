//! The device's clocks: the only place in core that reads one.

use wijkboek_model::{Now, Timestamp};

/// Tells the time. Replaceable, so that a test decides what the time is.
pub trait Clock: std::fmt::Debug + Send + Sync {
    /// Both clocks at this moment.
    fn now(&self) -> Now;
}

/// The device's own clocks.
#[derive(Debug, Clone, Copy)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Now {
        Now { wall: wall(), boot_ms: boot_ms() }
    }
}

fn wall() -> Timestamp {
    // A device whose clock stands before 1970 gives 1970: wrong anyway, and never an error.
    let since_epoch = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap_or_default()
        .as_millis();
    Timestamp::from_millis(i64::try_from(since_epoch).unwrap_or(i64::MAX))
}

/// Sleep included, unlike `Instant`.
#[cfg(unix)]
fn boot_ms() -> u64 {
    #[cfg(any(target_os = "linux", target_os = "android"))]
    const CLOCK: rustix::time::ClockId = rustix::time::ClockId::Boottime;
    // On Darwin this clock goes on while the device sleeps.
    #[cfg(not(any(target_os = "linux", target_os = "android")))]
    const CLOCK: rustix::time::ClockId = rustix::time::ClockId::Monotonic;

    let at = rustix::time::clock_gettime(CLOCK);
    let (secs, nanos) = (at.tv_sec.cast_unsigned(), at.tv_nsec.cast_unsigned());
    secs.saturating_mul(1_000).saturating_add(nanos / 1_000_000)
}

/// No desktop is a target; without sleep included, a wait may only be longer than asked.
#[cfg(not(unix))]
fn boot_ms() -> u64 {
    static START: std::sync::OnceLock<std::time::Instant> = std::sync::OnceLock::new();
    let start = START.get_or_init(std::time::Instant::now);
    u64::try_from(start.elapsed().as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boot_time_never_goes_back() {
        let one = SystemClock.now();
        let other = SystemClock.now();
        assert!(one.boot_ms > 0 && other.boot_ms >= one.boot_ms);
    }
}
