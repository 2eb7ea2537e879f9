//! Counts what a run-length encoded column declares, without expanding a run.

use super::reader::Reader;
use crate::Refusal;

/// What a column declares.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Count {
    /// All its values.
    pub(super) count: u64,
    /// Those of them that are null.
    pub(super) nulls: u64,
}

/// Why a column is not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ColumnError {
    /// It ends early or makes no sense.
    Malformed,
    /// It declares more than allowed.
    TooMany,
}

impl ColumnError {
    /// The refusal, given the one for too many.
    pub(super) fn or(self, too_many: Refusal) -> Refusal {
        match self {
            Self::Malformed => Refusal::Malformed,
            Self::TooMany => too_many,
        }
    }
}

/// Counts a column of unsigned numbers.
pub(super) fn integers(column: &[u8], most: u64) -> Result<Count, ColumnError> {
    runs(column, most, Reader::unsigned, |_, _| Ok(()))
}

/// Counts a column of differences between numbers.
pub(super) fn deltas(column: &[u8], most: u64) -> Result<Count, ColumnError> {
    runs(column, most, Reader::signed, |_, _| Ok(()))
}

/// Counts a column of strings, each of which lies in the column's bytes.
pub(super) fn strings(column: &[u8], most: u64) -> Result<Count, ColumnError> {
    let string = |read: &mut Reader<'_>| {
        let length = usize::try_from(read.unsigned()?).ok()?;
        read.take(length).map(|_| ())
    };
    runs(column, most, string, |(), _| Ok(()))
}

/// Counts a column of value kinds and lengths, which together are as long as the values' bytes.
pub(super) fn metadata(column: &[u8], value_bytes: usize, most: u64) -> Result<Count, ColumnError> {
    let mut length = 0_u64;
    let count = runs(column, most, Reader::unsigned, |meta, times| {
        let run = (meta >> 4).checked_mul(times).ok_or(ColumnError::Malformed)?;
        length = length.checked_add(run).ok_or(ColumnError::Malformed)?;
        Ok(())
    })?;
    if length == value_bytes as u64 { Ok(count) } else { Err(ColumnError::Malformed) }
}

/// Counts a column of group sizes; gives the sum of the sizes.
pub(super) fn group(column: &[u8], most: u64, most_in_all: u64) -> Result<u64, ColumnError> {
    let mut sum = 0_u64;
    runs(column, most, Reader::unsigned, |size, times| {
        let run = size.checked_mul(times).ok_or(ColumnError::TooMany)?;
        sum = sum.checked_add(run).ok_or(ColumnError::TooMany)?;
        if sum > most_in_all { Err(ColumnError::TooMany) } else { Ok(()) }
    })?;
    Ok(sum)
}

/// Counts a column of booleans: lengths of alternating runs.
pub(super) fn booleans(column: &[u8], most: u64) -> Result<Count, ColumnError> {
    let mut read = Reader::new(column);
    let mut count = Count::default();
    while !read.is_empty() {
        add(&mut count.count, read.unsigned().ok_or(ColumnError::Malformed)?, most)?;
    }
    Ok(count)
}

/// Walks the runs of a column: a positive length is followed by one value, a negative one by as
/// many values, zero by the length of a run of nulls.
fn runs<'a, T>(
    column: &'a [u8],
    most: u64,
    mut value: impl FnMut(&mut Reader<'a>) -> Option<T>,
    mut each: impl FnMut(T, u64) -> Result<(), ColumnError>,
) -> Result<Count, ColumnError> {
    let mut read = Reader::new(column);
    let mut count = Count::default();
    while !read.is_empty() {
        let length = read.signed().ok_or(ColumnError::Malformed)?;
        let run = length.unsigned_abs();
        match length.signum() {
            1 => {
                add(&mut count.count, run, most)?;
                each(value(&mut read).ok_or(ColumnError::Malformed)?, run)?;
            }
            -1 => {
                add(&mut count.count, run, most)?;
                for _ in 0..run {
                    each(value(&mut read).ok_or(ColumnError::Malformed)?, 1)?;
                }
            }
            _ => {
                let nulls = read.unsigned().ok_or(ColumnError::Malformed)?;
                add(&mut count.count, nulls, most)?;
                count.nulls += nulls;
            }
        }
    }
    Ok(count)
}

fn add(count: &mut u64, more: u64, most: u64) -> Result<(), ColumnError> {
    *count = count.checked_add(more).filter(|sum| *sum <= most).ok_or(ColumnError::TooMany)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn declared_runs_are_counted_and_not_walked() {
        assert_eq!(integers(&[0x03, 0x07], 10), Ok(Count { count: 3, nulls: 0 }));
        assert_eq!(integers(&[0x7e, 0x07, 0x08], 10), Ok(Count { count: 2, nulls: 0 }));
        assert_eq!(integers(&[0x00, 0x05], 10), Ok(Count { count: 5, nulls: 5 }));
        let huge = [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x3f, 0x01];
        assert_eq!(integers(&huge, 10), Err(ColumnError::TooMany));
        let least = [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x7f, 0x01];
        assert_eq!(integers(&least, 10), Err(ColumnError::TooMany));
        assert_eq!(integers(&[0x03], 10), Err(ColumnError::Malformed));
    }

    #[test]
    fn lengths_must_lie_in_the_bytes() {
        assert_eq!(strings(&[0x01, 0x02, b'a', b'b'], 10), Ok(Count { count: 1, nulls: 0 }));
        assert_eq!(strings(&[0x01, 0x03, b'a', b'b'], 10), Err(ColumnError::Malformed));
        assert_eq!(metadata(&[0x02, 0x26], 4, 10), Ok(Count { count: 2, nulls: 0 }));
        assert_eq!(metadata(&[0x02, 0x26], 3, 10), Err(ColumnError::Malformed));
        assert_eq!(group(&[0x02, 0x03], 10, 6), Ok(6));
        assert_eq!(group(&[0x02, 0x03], 10, 5), Err(ColumnError::TooMany));
        assert_eq!(booleans(&[0x02, 0x03], 5), Ok(Count { count: 5, nulls: 0 }));
        assert_eq!(booleans(&[0x02, 0x03], 4), Err(ColumnError::TooMany));
    }
}
