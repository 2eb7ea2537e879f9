//! A date and a time as somebody in the Netherlands types them, as a moment.
//!
//! Once a year an hour does not exist and once a year one comes twice; both are said, not guessed.
//! The rule (last Sunday of March at 2:00, last Sunday of October at 3:00, CET and CEST) has been
//! the same since 1996, before anything that may be typed here, so there is no time zone database
//! to carry along or to read.

use jiff::civil;
use jiff::tz::{AmbiguousOffset, TimeZone};

use crate::{Day, Timestamp};

/// The zone of `Europe/Amsterdam` since 1996 (Directive 2000/84/EC), in POSIX notation.
const AMSTERDAM: &str = "CET-1CEST,M3.5.0,M10.5.0/3";
/// The first and the last year that may be typed.
const YEARS: std::ops::RangeInclusive<i16> = 2000..=2099;

/// Why what was typed is no moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LocalTimeError {
    /// No date as in 2026-04-16, or no such day.
    #[error("not a date (YYYY-MM-DD)")]
    NotADate,
    /// No time as in 09:30 or 09:30:15.
    #[error("not a time (HH:MM)")]
    NotATime,
    /// Before the year 2000.
    #[error("before the year 2000")]
    TooEarly,
    /// After the year 2099.
    #[error("after the year 2099")]
    TooFarAhead,
    /// The clock went forward over it, to this moment.
    #[error("this time does not exist on that day: the clock goes forward")]
    NonExistent {
        /// The first moment after the gap.
        next: Timestamp,
    },
    /// The clock went back, so it came twice.
    #[error("this time comes twice on that day: the clock goes back")]
    Ambiguous {
        /// In summer time.
        first: Timestamp,
        /// In winter time, an hour later.
        second: Timestamp,
    },
}

impl LocalTimeError {
    /// The stable name of this reason.
    pub const fn code(self) -> &'static str {
        match self {
            Self::NotADate => "not-a-date",
            Self::NotATime => "not-a-time",
            Self::TooEarly => "too-early",
            Self::TooFarAhead => "too-far-ahead",
            Self::NonExistent { .. } => "non-existent-time",
            Self::Ambiguous { .. } => "ambiguous-time",
        }
    }

    /// Which of the two that were typed is to be corrected: `date` or `time`.
    pub const fn field(self) -> &'static str {
        match self {
            Self::NotADate | Self::TooEarly | Self::TooFarAhead => "date",
            Self::NotATime | Self::NonExistent { .. } | Self::Ambiguous { .. } => "time",
        }
    }
}

/// The moment of a date (`2026-04-16`) and a time (`09:30`, `09:30:15`) in Dutch local time.
///
/// # Errors
/// [`LocalTimeError`]. Where a time comes twice, both moments are in it to choose from.
pub fn local_time(date: &str, time: &str) -> Result<Timestamp, LocalTimeError> {
    let digits = |text: &str, form: &str| {
        text.len() == form.len()
            && text.bytes().zip(form.bytes()).all(|(byte, form)| match form {
                b'0' => byte.is_ascii_digit(),
                separator => byte == separator,
            })
    };
    if !digits(date, "0000-00-00") {
        return Err(LocalTimeError::NotADate);
    }
    if !digits(time, "00:00") && !digits(time, "00:00:00") {
        return Err(LocalTimeError::NotATime);
    }
    let date: civil::Date = date.parse().map_err(|_| LocalTimeError::NotADate)?;
    let time: civil::Time = time.parse().map_err(|_| LocalTimeError::NotATime)?;
    if date.year() < *YEARS.start() {
        return Err(LocalTimeError::TooEarly);
    }
    if date.year() > *YEARS.end() {
        return Err(LocalTimeError::TooFarAhead);
    }
    let zone = TimeZone::posix(AMSTERDAM).map_err(|_| LocalTimeError::NotADate)?;
    let at = date.to_datetime(time);
    let moment = |offset: jiff::tz::Offset| {
        offset
            .to_timestamp(at)
            .map(|at| Timestamp::from_millis(at.as_millisecond()))
            .map_err(|_| LocalTimeError::NotADate)
    };
    match zone.to_ambiguous_timestamp(at).offset() {
        AmbiguousOffset::Unambiguous { offset } => moment(offset),
        AmbiguousOffset::Gap { before, after: _ } => {
            // The gap is an hour; what was typed in winter time is that much after its start.
            let typed = moment(before)?;
            let into = typed.as_millis().rem_euclid(3_600_000);
            Err(LocalTimeError::NonExistent { next: typed.plus_millis(-into) })
        }
        AmbiguousOffset::Fold { before, after } => {
            Err(LocalTimeError::Ambiguous { first: moment(before)?, second: moment(after)? })
        }
    }
}

/// The day that it is in the Netherlands at this moment; the first or last day there is for a
/// moment beyond the calendar.
pub fn local_day(at: Timestamp) -> Day {
    let moment = jiff::Timestamp::from_millisecond(at.as_millis());
    let beyond = if at.as_millis() < 0 { jiff::Timestamp::MIN } else { jiff::Timestamp::MAX };
    let zone = TimeZone::posix(AMSTERDAM).unwrap_or(TimeZone::UTC);
    Day::of_civil(zone.to_datetime(moment.unwrap_or(beyond)).date())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_day_turns_at_dutch_midnight() {
        for (moment, day) in [
            ("2026-01-15T22:59:59Z", "2026-01-15"),
            ("2026-01-15T23:00:00Z", "2026-01-16"),
            ("2026-07-15T21:59:59Z", "2026-07-15"),
            ("2026-07-15T22:00:00Z", "2026-07-16"),
        ] {
            assert_eq!(local_day(at(moment)).to_string(), day, "{moment}");
        }
        assert!(
            local_day(Timestamp::from_millis(i64::MIN)) < local_day(at("2026-01-15T22:59:59Z"))
        );
        assert!(
            local_day(Timestamp::from_millis(i64::MAX)) > local_day(at("2026-01-15T22:59:59Z"))
        );
    }

    fn at(text: &str) -> Timestamp {
        text.parse().expect("a moment")
    }

    #[test]
    fn winter_and_summer() {
        for (date, time, moment) in [
            ("2026-01-15", "12:00", "2026-01-15T11:00:00Z"),
            ("2026-07-15", "12:00:30", "2026-07-15T10:00:30Z"),
            ("2026-03-29", "01:59", "2026-03-29T00:59:00Z"),
            ("2026-03-29", "03:00", "2026-03-29T01:00:00Z"),
            ("2026-10-25", "01:59:59", "2026-10-24T23:59:59Z"),
            ("2026-10-25", "03:00", "2026-10-25T02:00:00Z"),
            ("2000-01-01", "00:00", "1999-12-31T23:00:00Z"),
            ("2024-02-29", "23:59", "2024-02-29T22:59:00Z"),
            ("2099-12-31", "23:59", "2099-12-31T22:59:00Z"),
        ] {
            assert_eq!(local_time(date, time), Ok(at(moment)), "{date} {time}");
        }
    }

    #[test]
    fn the_hour_that_is_not_and_the_one_that_comes_twice() {
        let next = at("2026-03-29T01:00:00Z");
        for time in ["02:00", "02:30", "02:59:59"] {
            let found = local_time("2026-03-29", time);
            assert_eq!(found, Err(LocalTimeError::NonExistent { next }), "{time}");
        }
        let twice = local_time("2026-10-25", "02:30");
        let (first, second) = (at("2026-10-25T00:30:00Z"), at("2026-10-25T01:30:00Z"));
        assert_eq!(twice, Err(LocalTimeError::Ambiguous { first, second }));
        assert_eq!(LocalTimeError::NonExistent { next }.field(), "time");
    }

    #[test]
    fn what_is_no_moment_says_which_field() {
        use LocalTimeError as E;
        for (date, time, error) in [
            ("16-04-2026", "09:30", E::NotADate),
            ("2026-02-30", "09:30", E::NotADate),
            ("", "09:30", E::NotADate),
            ("+026-02-03", "09:30", E::NotADate),
            ("2026-04-16", "9:30", E::NotATime),
            ("2026-04-16", "24:00", E::NotATime),
            ("2026-04-16", "09:60", E::NotATime),
            ("2026-04-16", "09:30Z", E::NotATime),
            ("1999-12-31", "23:59", E::TooEarly),
            ("0000-01-01", "00:00", E::TooEarly),
            ("2100-01-01", "00:00", E::TooFarAhead),
        ] {
            assert_eq!(local_time(date, time), Err(error), "{date} {time}");
            assert_eq!(error.field(), if error == E::NotATime { "time" } else { "date" });
        }
    }
}
