//! Moments as they travel between the parts; nothing here reads a clock.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// A text that is not an RFC 3339 date-time with an offset.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a date and time with an offset (RFC 3339)")]
pub struct TimeError;

/// A moment in milliseconds since 1970-01-01T00:00:00Z.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(i64);

impl Timestamp {
    /// From milliseconds since the epoch.
    pub const fn from_millis(ms: i64) -> Self {
        Self(ms)
    }

    /// Milliseconds since the epoch.
    pub const fn as_millis(self) -> i64 {
        self.0
    }

    /// Whole seconds since the epoch, rounded down.
    pub const fn as_secs(self) -> i64 {
        self.0.div_euclid(1_000)
    }

    /// This moment and so many milliseconds more (or fewer, when negative).
    #[must_use]
    pub const fn plus_millis(self, ms: i64) -> Self {
        Self(self.0.saturating_add(ms))
    }
}

impl fmt::Display for Timestamp {
    /// RFC 3339 in UTC, with milliseconds when they are not zero.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match jiff::Timestamp::from_millisecond(self.0) {
            Ok(at) => at.fmt(f),
            Err(_) => write!(f, "{}ms", self.0),
        }
    }
}

impl FromStr for Timestamp {
    type Err = TimeError;
    fn from_str(s: &str) -> Result<Self, TimeError> {
        let at: jiff::Timestamp = s.parse().map_err(|_| TimeError)?;
        Ok(Self(at.as_millisecond()))
    }
}

/// A calendar day without a time, as in "answered by 16 April".
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Day(jiff::civil::Date);

impl Day {
    pub(crate) const fn of_civil(date: jiff::civil::Date) -> Self {
        Self(date)
    }

    /// The calendar year.
    pub fn year(self) -> i16 {
        self.0.year()
    }

    /// So many days later; the last day there is when that is beyond the year 9999.
    #[must_use]
    pub fn plus_days(self, days: u32) -> Self {
        Self(self.0.saturating_add(jiff::Span::new().days(days.min(DAYS_MAX))))
    }

    /// The same day so many years later; 28 February for a 29 February that the year lacks.
    #[must_use]
    pub fn plus_years(self, years: u16) -> Self {
        Self(self.0.saturating_add(jiff::Span::new().years(years.min(YEARS_MAX))))
    }
}

/// More days and years than a calendar has would be an error of the calendar's own.
const DAYS_MAX: u32 = 4_000_000;
const YEARS_MAX: u16 = 9_999;

impl fmt::Display for Day {
    /// ISO 8601, `2026-04-16`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for Day {
    type Err = TimeError;
    fn from_str(s: &str) -> Result<Self, TimeError> {
        if s.len() != 10 {
            return Err(TimeError);
        }
        s.parse().map(Self).map_err(|_| TimeError)
    }
}

impl TryFrom<String> for Day {
    type Error = TimeError;
    fn try_from(s: String) -> Result<Self, TimeError> {
        s.parse()
    }
}

impl From<Day> for String {
    fn from(day: Day) -> Self {
        day.to_string()
    }
}

/// The two clocks at one moment, handed in by whoever drives the pure parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Now {
    /// The wall clock: what the device believes the time is. May jump.
    pub wall: Timestamp,
    /// Milliseconds since the device started, sleep included. Never goes back.
    pub boot_ms: u64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_offset_in_utc_out() {
        let at: Timestamp = "2026-03-03T10:12:00+01:00".parse().expect("valid");
        assert_eq!(at.to_string(), "2026-03-03T09:12:00Z");
        assert!("2026-03-03T10:12:00".parse::<Timestamp>().is_err());
        assert!("gisteren".parse::<Timestamp>().is_err());
    }
}
