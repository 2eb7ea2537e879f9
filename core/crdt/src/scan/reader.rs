//! Reads bytes from the front, and gives `None` where they end or make no number.

/// The bytes still to be read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    pub(crate) fn rest(&self) -> &'a [u8] {
        self.0
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*first)
    }

    pub(crate) fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(taken)
    }

    /// An unsigned LEB128 number of at most 64 bits.
    pub(crate) fn unsigned(&mut self) -> Option<u64> {
        let mut number = 0_u64;
        for shift in (0..70).step_by(7) {
            let byte = self.byte()?;
            let bits = u64::from(byte & 0x7f);
            if shift == 63 && bits > 1 {
                return None;
            }
            number |= bits << shift;
            if byte & 0x80 == 0 {
                return Some(number);
            }
        }
        None
    }

    /// A signed LEB128 number of at most 64 bits.
    pub(crate) fn signed(&mut self) -> Option<i64> {
        let mut number = 0_i64;
        for shift in (0..70).step_by(7) {
            let byte = self.byte()?;
            let bits = i64::from(byte & 0x7f);
            if shift == 63 && bits != 0 && bits != 0x7f {
                return None;
            }
            number |= bits << shift;
            if byte & 0x80 == 0 {
                if byte & 0x40 != 0 && shift < 57 {
                    number |= -1_i64 << (shift + 7);
                }
                return Some(number);
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_as_written() {
        let unsigned = |bytes: &[u8]| Reader::new(bytes).unsigned();
        assert_eq!(unsigned(&[0]), Some(0));
        assert_eq!(unsigned(&[0xe5, 0x8e, 0x26]), Some(624_485));
        assert_eq!(unsigned(&[0xff; 9]), None);
        let most = [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01];
        assert_eq!(unsigned(&most), Some(u64::MAX));
        assert_eq!(unsigned(&[0xff; 11]), None);
        let signed = |bytes: &[u8]| Reader::new(bytes).signed();
        assert_eq!(signed(&[0x7f]), Some(-1));
        assert_eq!(signed(&[0xc0, 0xbb, 0x78]), Some(-123_456));
        assert_eq!(signed(&[0x80, 0x01]), Some(128));
        let least = [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x7f];
        assert_eq!(signed(&least), Some(i64::MIN));
        assert_eq!(signed(&[]), None);
    }
}
