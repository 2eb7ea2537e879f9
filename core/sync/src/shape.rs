//! A look over CBOR before anything reads it: is its shape one that our messages can have?
//!
//! One pass, no allocation, bounded depth. It refuses what our encoder never writes (indefinite
//! lengths, tags, deep nesting), so that the typed decoder and its skipping of unknown keys cannot
//! be made to use more memory than the message's own size times a small constant.

/// Why bytes cannot be one of our messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ShapeError {
    /// They end in the middle of a value.
    #[error("ends in the middle of a value")]
    Truncated,
    /// Something follows the message.
    #[error("bytes after the end")]
    Trailing,
    /// A length or a tag that our messages do not use.
    #[error("a form of value that is not used here")]
    Unsupported,
    /// Nested deeper than any message.
    #[error("nested too deeply")]
    TooDeep,
}

/// Checks that `bytes` hold exactly one CBOR value of a shape that our messages can have.
pub(crate) fn check(bytes: &[u8]) -> Result<(), ShapeError> {
    let mut open = [0_u64; DEPTH_MAX];
    let mut depth = 0;
    let mut rest = bytes;
    loop {
        let (major, argument, after) = head(rest)?;
        rest = after;
        let children = match major {
            UNSIGNED | NEGATIVE | SIMPLE => 0,
            BYTES | TEXT => {
                let length = usize::try_from(argument).map_err(|_| ShapeError::Truncated)?;
                rest = rest.get(length..).ok_or(ShapeError::Truncated)?;
                0
            }
            ARRAY => argument,
            MAP => argument.checked_mul(2).ok_or(ShapeError::Truncated)?,
            _ => return Err(ShapeError::Unsupported),
        };
        if children > 0 {
            *open.get_mut(depth).ok_or(ShapeError::TooDeep)? = children;
            depth += 1;
            continue;
        }
        // This value is complete, and with it perhaps those around it.
        loop {
            let Some(around) = depth.checked_sub(1) else {
                return if rest.is_empty() { Ok(()) } else { Err(ShapeError::Trailing) };
            };
            open[around] -= 1;
            if open[around] > 0 {
                break;
            }
            depth = around;
        }
    }
}

/// Major type, argument, and what follows the head of a value.
fn head(bytes: &[u8]) -> Result<(u8, u64, &[u8]), ShapeError> {
    let (first, rest) = bytes.split_first().ok_or(ShapeError::Truncated)?;
    let (major, info) = (first >> 5, first & 0x1f);
    let width = match info {
        0..=23 => return Ok((major, u64::from(info), rest)),
        24 => 1,
        25 => 2,
        26 => 4,
        27 => 8,
        _ => return Err(ShapeError::Unsupported),
    };
    let (argument, rest) = rest.split_at_checked(width).ok_or(ShapeError::Truncated)?;
    Ok((major, argument.iter().fold(0, |acc, byte| (acc << 8) | u64::from(*byte)), rest))
}

const DEPTH_MAX: usize = 16;
const UNSIGNED: u8 = 0;
const NEGATIVE: u8 = 1;
const BYTES: u8 = 2;
const TEXT: u8 = 3;
const ARRAY: u8 = 4;
const MAP: u8 = 5;
const SIMPLE: u8 = 7;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_values_pass() {
        for good in [&[0x00][..], &[0xa1, 0x00, 0x82, 0x01, 0x41, 0xff], &[0xf6], &[0x80]] {
            assert_eq!(check(good), Ok(()), "{good:02x?}");
        }
    }

    #[test]
    fn the_rest_is_refused_with_its_reason() {
        let deep = [0x81; 40];
        for (bad, reason) in [
            (&[][..], ShapeError::Truncated),
            (&[0x00, 0x00], ShapeError::Trailing),
            (&[0x9f, 0xff], ShapeError::Unsupported),
            (&[0xc0, 0x00], ShapeError::Unsupported),
            (&[0xbf, 0xff], ShapeError::Unsupported),
            (&[0x5b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], ShapeError::Truncated),
            (&[0xbb, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], ShapeError::Truncated),
            (&[0x9b, 0, 0, 0, 1, 0, 0, 0, 0], ShapeError::Truncated),
            (&deep, ShapeError::TooDeep),
        ] {
            assert_eq!(check(bad), Err(reason), "{bad:02x?}");
        }
    }
}
