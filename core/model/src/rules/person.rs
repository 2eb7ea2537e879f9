//! Whose contact details may be kept, and for how long.

use crate::{Covenant, Day, Field, Invalid, Person, Rule};

/// The most years ahead that [`Person::keep_until`] may lie: long enough for a matter that drags
/// on, and whoever still needs the details after that says so again by a later day.
pub const KEEP_YEARS_MAX: u16 = 2;

/// Nobody this old or younger has contact details here.
const CHILD_AGE_MAX: i16 = 14;
/// From this age on they need no guardian.
const OF_AGE: i16 = 16;

/// Everything that forbids keeping these details as they are written on `today`; nothing when they
/// may be.
///
/// - `birth_year` ([`Rule::OutOfRange`]): a child up to 14, or a year still to come.
/// - `guardian` ([`Rule::Required`]): under 16.
/// - `keep_until` ([`Rule::OutOfRange`]): before today, or more than [`KEEP_YEARS_MAX`] years ahead.
///
/// A year of birth leaves two ages open; the younger counts, so that no details of a child are kept
/// by half a year. Where no year is known nothing follows from it.
pub fn person_faults(person: &Person, today: Day) -> Vec<Invalid> {
    let mut faults = Vec::new();
    let mut fault = |field: Field, rule| faults.push(Invalid { field: field.key(), rule });
    if let Some(year) = person.birth_year {
        let age = youngest(year, today);
        if age <= CHILD_AGE_MAX {
            fault(Field::BirthYear, Rule::OutOfRange);
        } else if age < OF_AGE && person.guardian.is_none() {
            fault(Field::Guardian, Rule::Required);
        }
    }
    if !(today..=today.plus_years(KEEP_YEARS_MAX)).contains(&person.keep_until) {
        fault(Field::KeepUntil, Rule::OutOfRange);
    }
    faults
}

/// The age of somebody born in this year whose birthday is still to come; negative before they
/// are born.
fn youngest(birth_year: u16, today: Day) -> i16 {
    let birth_year = i16::try_from(birth_year).unwrap_or(i16::MAX);
    today.year().saturating_sub(birth_year).saturating_sub(1)
}

impl Covenant {
    /// Whether it is in force on this day, the first and the last day included.
    pub fn is_valid_on(&self, day: Day) -> bool {
        (self.valid_from..=self.valid_until).contains(&day)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::{AT, one_of};
    use crate::{Record, RecordId, RecordType};

    fn day(text: &str) -> Day {
        text.parse().expect("a day")
    }

    fn person() -> Person {
        let Record::Person(person) = one_of(RecordType::Person) else { panic!("not a person") };
        Person { keep_until: day("2027-01-01"), ..person }
    }

    fn faults(person: &Person) -> Vec<(&'static str, Rule)> {
        let faults = person_faults(person, day("2026-11-23"));
        faults.into_iter().map(|invalid| (invalid.field, invalid.rule)).collect()
    }

    #[test]
    fn no_children_and_under_16_only_with_a_guardian() {
        let child: &[_] = &[("birth_year", Rule::OutOfRange)];
        let alone: &[_] = &[("guardian", Rule::Required)];
        let rows = [
            (None, &[][..], &[][..]),
            (Some(1950), &[], &[]),
            (Some(2009), &[], &[]),
            (Some(2010), alone, &[]),
            // Fourteen until their birthday.
            (Some(2011), child, child),
            (Some(2012), child, child),
            (Some(2026), child, child),
            (Some(2027), child, child),
            (Some(u16::MAX), child, child),
        ];
        for (birth_year, without, with) in rows {
            let alone = Person { birth_year, guardian: None, ..person() };
            assert_eq!(faults(&alone), without, "{birth_year:?}");
            let guardian = Some(RecordId::from_parts(AT, [3; 10]));
            let guarded = Person { birth_year, guardian, ..person() };
            assert_eq!(faults(&guarded), with, "{birth_year:?}");
        }
    }

    #[test]
    fn details_are_kept_for_two_years_at_most() {
        let beyond: &[_] = &[("keep_until", Rule::OutOfRange)];
        for (keep_until, expected) in [
            ("2026-11-22", beyond),
            ("2026-11-23", &[]),
            ("2028-11-23", &[]),
            ("2028-11-24", beyond),
        ] {
            let person = Person { keep_until: day(keep_until), ..person() };
            assert_eq!(faults(&person), expected, "{keep_until}");
        }
        let both = Person { birth_year: Some(2020), keep_until: day("2040-01-01"), ..person() };
        assert_eq!(faults(&both).len(), 2, "all of it at once");
    }

    #[test]
    fn a_covenant_is_valid_from_its_first_to_its_last_day() {
        let Record::Covenant(covenant) = one_of(RecordType::Covenant) else {
            panic!("not a covenant");
        };
        let covenant =
            Covenant { valid_from: day("2026-01-01"), valid_until: day("2026-12-31"), ..covenant };
        for (on, valid) in [
            ("2025-12-31", false),
            ("2026-01-01", true),
            ("2026-12-31", true),
            ("2027-01-01", false),
        ] {
            assert_eq!(covenant.is_valid_on(day(on)), valid, "{on}");
        }
    }
}
