//! How long to wait after a failure: exponential, with jitter from a seed of one's own.

/// Waits that grow with each failure in a row.
#[derive(Debug, Clone)]
pub struct Backoff {
    seed: u64,
    failures: u32,
    ms_min: u64,
    ms_max: u64,
}

impl Backoff {
    /// Waits between `ms_min` and `ms_max`; `seed` decides the jitter.
    pub fn new(seed: u64, ms_min: u64, ms_max: u64) -> Self {
        Self { seed, failures: 0, ms_min, ms_max }
    }

    /// The server answered: the next failure is the first again.
    pub fn reset(&mut self) {
        self.failures = 0;
    }

    /// The wait after one more failure: the upper half of the exponential step, at random, so that
    /// phones that lost the server together do not come back together.
    pub fn next_ms(&mut self) -> u64 {
        let doublings = self.failures.min(32);
        self.failures = self.failures.saturating_add(1);
        let step = self.ms_min.saturating_mul(1 << doublings).clamp(1, self.ms_max.max(1));
        let half = step / 2;
        half + self.random() % (step - half + 1)
    }

    /// `SplitMix64` (Steele, Lea and Flood, 2014).
    fn random(&mut self) -> u64 {
        self.seed = self.seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.seed;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_to_the_cap_and_differ_between_phones() {
        let mut one = Backoff::new(1, 1_000, 300_000);
        let waits: Vec<u64> = (0..40).map(|_| one.next_ms()).collect();
        for (n, wait) in waits.iter().enumerate() {
            let step = (1_000_u64 << n.min(20)).min(300_000);
            assert!((step / 2..=step).contains(wait), "{n}: {wait}");
        }
        let mut other = Backoff::new(2, 1_000, 300_000);
        assert_ne!(waits, (0..40).map(|_| other.next_ms()).collect::<Vec<_>>());
        one.reset();
        assert!(one.next_ms() <= 1_000);
    }
}
