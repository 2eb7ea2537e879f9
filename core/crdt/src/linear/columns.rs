//! The values of run-length encoded columns, one after the other, and one such column written.
//!
//! Meant for columns that were scanned ([`crate::scan`]): what is malformed ends a column early.

use crate::scan::Reader;
use crate::slim::{put_signed, put_unsigned};

/// A column whose values `read` gives; nulls, and what follows the end, are none.
#[derive(Debug, Clone)]
pub(crate) struct Runs<'a, T> {
    rest: Reader<'a>,
    read: fn(&mut Reader<'a>) -> Option<T>,
    run: Run<T>,
}

#[derive(Debug, Clone, Copy)]
enum Run<T> {
    Same(Option<T>, u64),
    Each(u64),
}

impl<'a> Runs<'a, u64> {
    pub(crate) fn integers(column: &'a [u8]) -> Self {
        Self::new(column, Reader::unsigned)
    }
}

impl<'a> Runs<'a, &'a [u8]> {
    pub(crate) fn strings(column: &'a [u8]) -> Self {
        Self::new(column, |read| {
            let length = usize::try_from(read.unsigned()?).ok()?;
            read.take(length)
        })
    }
}

impl<'a, T: Copy> Runs<'a, T> {
    fn new(column: &'a [u8], read: fn(&mut Reader<'a>) -> Option<T>) -> Self {
        Self { rest: Reader::new(column), read, run: Run::Each(0) }
    }

    /// Whether there is no further value.
    pub(crate) fn is_empty(&self) -> bool {
        let left = match self.run {
            Run::Same(_, left) | Run::Each(left) => left,
        };
        left == 0 && self.rest.is_empty()
    }

    /// The next value; none when it is null.
    pub(crate) fn value(&mut self) -> Option<T> {
        loop {
            match &mut self.run {
                Run::Same(value, left) if *left > 0 => {
                    *left -= 1;
                    return *value;
                }
                Run::Each(left) if *left > 0 => {
                    *left -= 1;
                    return (self.read)(&mut self.rest);
                }
                Run::Same(..) | Run::Each(_) => {}
            }
            let length = self.rest.signed()?;
            self.run = match length.signum() {
                1 => Run::Same((self.read)(&mut self.rest), length.unsigned_abs()),
                -1 => Run::Each(length.unsigned_abs()),
                _ => Run::Same(None, self.rest.unsigned()?),
            };
        }
    }
}

/// A column of differences.
#[derive(Debug, Clone)]
pub(crate) struct Deltas<'a> {
    runs: Runs<'a, i64>,
    sum: i64,
}

impl<'a> Deltas<'a> {
    pub(crate) fn new(column: &'a [u8]) -> Self {
        Self { runs: Runs::new(column, Reader::signed), sum: 0 }
    }

    /// The next value; none when it is null or below zero.
    pub(crate) fn value(&mut self) -> Option<u64> {
        self.sum = self.sum.checked_add(self.runs.value()?)?;
        u64::try_from(self.sum).ok()
    }
}

/// Whether a column of booleans holds false only.
pub(crate) fn is_all_false(column: &[u8]) -> bool {
    let mut read = Reader::new(column);
    let mut truth = false;
    while let Some(length) = read.unsigned() {
        if truth && length > 0 {
            return false;
        }
        truth = !truth;
    }
    read.is_empty()
}

/// Writes a column of integers the one usual way: two or more equal ones are a run.
pub(crate) fn put_integers(out: &mut Vec<u8>, values: &[u64]) {
    let mut rest = values;
    while let Some(first) = rest.first() {
        let same = rest.iter().take_while(|value| *value == first).count();
        if same > 1 {
            put_signed(out, i64::try_from(same).unwrap_or(i64::MAX));
            put_unsigned(out, *first);
            rest = &rest[same..];
            continue;
        }
        let pairs = rest.windows(2).position(|pair| pair[0] == pair[1]);
        let (each, after) = rest.split_at(pairs.unwrap_or(rest.len()));
        put_signed(out, i64::try_from(each.len()).map_or(i64::MIN, |length| -length));
        for value in each {
            put_unsigned(out, *value);
        }
        rest = after;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_read_back_as_written() {
        for values in [&[][..], &[7], &[7, 7], &[1, 2, 2, 2, 3, 4, 4], &[5, 6, 7, 7, 8, 9]] {
            let mut column = Vec::new();
            put_integers(&mut column, values);
            let mut read = Runs::integers(&column);
            for value in values {
                assert!(!read.is_empty());
                assert_eq!(read.value(), Some(*value), "{values:?}");
            }
            assert!(read.is_empty());
            assert_eq!(read.value(), None);
        }
    }

    #[test]
    fn nulls_and_differences() {
        let mut strings = Runs::strings(&[0x00, 0x02, 0x7f, 0x01, b'a']);
        assert_eq!(strings.value(), None);
        assert_eq!(strings.value(), None);
        assert_eq!(strings.value(), Some(&b"a"[..]));
        let mut deltas = Deltas::new(&[0x02, 0x03, 0x7f, 0x7e]);
        assert_eq!([deltas.value(), deltas.value(), deltas.value()], [Some(3), Some(6), Some(4)]);
        assert!(is_all_false(&[0x05]));
        assert!(!is_all_false(&[0x02, 0x01]));
    }
}
