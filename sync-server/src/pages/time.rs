//! Moments as people read them: the wall clock of the Netherlands, whatever the server's own.

use std::sync::LazyLock;

use jiff::tz::TimeZone;
use wijkboek_model::{Lang, Timestamp};

/// A moment in the three forms that a page shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Moment {
    /// RFC 3339 in UTC, for machines.
    pub(super) iso: String,
    /// `di 3 mrt 2026`.
    pub(super) day: String,
    /// `10:12`.
    pub(super) clock: String,
}

impl Moment {
    pub(super) fn of(at: Timestamp, lang: Lang) -> Self {
        let iso = at.to_string();
        let Ok(instant) = jiff::Timestamp::from_millisecond(at.as_millis()) else {
            return Self { day: iso.clone(), clock: String::new(), iso };
        };
        let local = instant.to_zoned_datetime(AMSTERDAM.clone());
        let weekday = usize::from(local.weekday().to_monday_zero_offset().unsigned_abs());
        let month = usize::from(local.month().unsigned_abs()) - 1;
        let (weekdays, months) = names(lang);
        let (weekday, month) = (weekdays[weekday % 7], months[month % 12]);
        Self {
            iso,
            day: format!("{weekday} {} {month} {}", local.day(), local.year()),
            clock: format!("{:02}:{:02}", local.hour(), local.minute()),
        }
    }

    /// Day and time on one line.
    pub(super) fn line(&self) -> String {
        format!("{} {}", self.day, self.clock)
    }
}

/// A day such as `2026-04-16` as people read it.
pub(super) fn day(iso: &str, lang: Lang) -> String {
    let Ok(date) = iso.parse::<jiff::civil::Date>() else { return iso.to_owned() };
    let month = usize::from(date.month().unsigned_abs()) - 1;
    format!("{} {} {}", date.day(), names(lang).1[month % 12], date.year())
}

fn names(lang: Lang) -> (&'static [&'static str; 7], &'static [&'static str; 12]) {
    match lang {
        Lang::Nl => (
            &["ma", "di", "wo", "do", "vr", "za", "zo"],
            &["jan", "feb", "mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec"],
        ),
        Lang::En => (
            &["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"],
            &["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"],
        ),
    }
}

/// Europe/Amsterdam by the rule that holds since 1996; records speak of 2000 and later. Written
/// out, so that no time zone database has to be on the machine.
static AMSTERDAM: LazyLock<TimeZone> = LazyLock::new(|| {
    TimeZone::posix("CET-1CEST,M3.5.0,M10.5.0/3").expect("a POSIX rule of the standard's own form")
});

#[cfg(test)]
mod tests {
    use super::*;

    fn line(at: &str, lang: Lang) -> String {
        Moment::of(at.parse().expect("a moment"), lang).line()
    }

    #[test]
    fn summer_and_winter_time() {
        assert_eq!(line("2026-03-03T09:12:00Z", Lang::Nl), "di 3 mrt 2026 10:12");
        assert_eq!(line("2026-07-01T09:12:00Z", Lang::En), "Wed 1 Jul 2026 11:12");
        assert_eq!(line("2026-03-29T00:59:00Z", Lang::Nl), "zo 29 mrt 2026 01:59");
        assert_eq!(line("2026-03-29T01:00:00Z", Lang::Nl), "zo 29 mrt 2026 03:00");
        assert_eq!(line("2026-10-25T01:00:00Z", Lang::Nl), "zo 25 okt 2026 02:00");
        assert_eq!(line("2026-12-31T23:30:00Z", Lang::Nl), "vr 1 jan 2027 00:30");
    }

    #[test]
    fn days() {
        assert_eq!(day("2026-04-16", Lang::Nl), "16 apr 2026");
        assert_eq!(day("morgen", Lang::Nl), "morgen");
    }
}
