//! Messages as bodies: CBOR, compressed by zstd.
//!
//! Unpacking stops at the caller's cap, whatever the frame declares, and so does what it allocates.

use std::io::Read;

use minicbor::{Decode, Encode};

use crate::shape::{self, ShapeError};

/// The content type of every body made here.
pub const CONTENT_TYPE: &str = "application/vnd.wijkboek.sync+cbor";
/// Most bytes that any message may have when unpacked (8 MiB).
pub const BODY_BYTES_MAX: usize = 8 << 20;

/// Why a body is no message.
#[derive(Debug, thiserror::Error)]
pub enum CodecError {
    /// It is larger, unpacked, than the caller takes.
    #[error("larger than {cap} bytes when unpacked")]
    TooLarge {
        /// The caller's cap.
        cap: usize,
    },
    /// Not a zstd frame, or a damaged one.
    #[error("cannot be unpacked")]
    Compression(#[source] std::io::Error),
    /// Not the CBOR that our messages are made of.
    #[error("not a message: {0}")]
    Shape(#[from] ShapeError),
    /// A field is missing or holds a value that it cannot hold.
    #[error("a field is missing or wrong")]
    Field(#[source] minicbor::decode::Error),
}

/// Packs a message.
pub fn to_body<T: Encode<()>>(message: &T) -> Vec<u8> {
    let mut plain = Vec::new();
    match minicbor::encode(message, &mut plain) {
        Ok(()) => {}
        Err(_) => unreachable!("our messages have no fallible encoder, and a Vec takes every byte"),
    }
    match zstd::bulk::compress(&plain, LEVEL) {
        Ok(packed) => packed,
        Err(_) => unreachable!("compressing from memory into a buffer of the bound's size"),
    }
}

/// Unpacks a message of at most `cap` bytes (and never more than [`BODY_BYTES_MAX`]).
///
/// # Errors
/// [`CodecError`]; no input makes it panic.
pub fn from_body<T: for<'b> Decode<'b, ()>>(body: &[u8], cap: usize) -> Result<T, CodecError> {
    let plain = unpack(body, cap.min(BODY_BYTES_MAX))?;
    shape::check(&plain)?;
    minicbor::decode(&plain).map_err(CodecError::Field)
}

fn unpack(body: &[u8], cap: usize) -> Result<Vec<u8>, CodecError> {
    let mut frame =
        zstd::stream::read::Decoder::with_buffer(body).map_err(CodecError::Compression)?;
    frame.window_log_max(WINDOW_LOG_MAX).map_err(CodecError::Compression)?;
    let mut plain = Vec::new();
    let limit = u64::try_from(cap).unwrap_or(u64::MAX).saturating_add(1);
    frame.take(limit).read_to_end(&mut plain).map_err(CodecError::Compression)?;
    if plain.len() > cap { Err(CodecError::TooLarge { cap }) } else { Ok(plain) }
}

/// The library's default: what level 10 saves is not worth a phone's battery.
const LEVEL: i32 = 3;
/// 2^23 = [`BODY_BYTES_MAX`]: no frame may ask for a larger window.
const WINDOW_LOG_MAX: u32 = 23;
