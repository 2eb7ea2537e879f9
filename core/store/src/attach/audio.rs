//! Recordings: known containers only, their metadata taken out, their length capped.

use super::{Attachable, MediaType, mp4, ogg};

/// Why a recording cannot be attached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AudioError {
    /// It is no M4A with one AAC track, no Ogg Opus and no WAV.
    #[error("not a recording that can be read")]
    NotAudio,
    /// It begins like one but does not hold together.
    #[error("the recording is damaged")]
    Damaged,
    /// The file is larger than a recording may be.
    #[error("the recording is larger than {max} bytes")]
    TooManyBytes {
        /// The limit, in bytes.
        max: usize,
    },
    /// It lasts longer than a recording may.
    #[error("the recording is longer than {max_ms} milliseconds")]
    TooLong {
        /// The limit, in milliseconds.
        max_ms: u64,
    },
}

/// Makes a recording attachable: the sound as it was, without titles, comments, times or position.
///
/// # Errors
/// [`AudioError`].
pub fn prepare_audio(bytes: &[u8]) -> Result<Attachable, AudioError> {
    if bytes.len() > AUDIO_BYTES_MAX {
        return Err(AudioError::TooManyBytes { max: AUDIO_BYTES_MAX });
    }
    let (media_type, stripped) = if bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WAVE")
    {
        (MediaType::Wav, wav(bytes)?)
    } else if bytes.starts_with(b"OggS") {
        (MediaType::OggOpus, ogg::strip(bytes)?)
    } else if bytes.get(4..8) == Some(b"ftyp") {
        (MediaType::Mp4Audio, mp4::strip(bytes)?)
    } else {
        return Err(AudioError::NotAudio);
    };
    if stripped.ms > AUDIO_MS_MAX {
        return Err(AudioError::TooLong { max_ms: AUDIO_MS_MAX });
    }
    Ok(Attachable::new(media_type, stripped.bytes))
}

/// A recording without metadata, and how long it lasts.
pub(super) struct Stripped {
    pub(super) bytes: Vec<u8>,
    pub(super) ms: u64,
}

/// Keeps the format and the samples; every other chunk goes.
fn wav(bytes: &[u8]) -> Result<Stripped, AudioError> {
    let mut rest = bytes.get(12..).ok_or(AudioError::Damaged)?;
    let (mut format, mut samples) = (None, None);
    while rest.len() >= 8 {
        let size = usize::try_from(u32_le(rest, 4)?).map_err(|_| AudioError::Damaged)?;
        let body = rest.get(8..8 + size).ok_or(AudioError::Damaged)?;
        match &rest[..4] {
            b"fmt " => format = Some(body),
            b"data" => samples = Some(body),
            // LIST, id3, bext and all others.
            _other_chunk => {}
        }
        rest = rest.get(8 + size + size % 2..).unwrap_or_default();
    }
    let (Some(format), Some(samples)) = (format, samples) else { return Err(AudioError::Damaged) };
    let bytes_per_second = u64::from(u32_le(format, 8)?);
    if bytes_per_second == 0 || format.len() > 40 {
        return Err(AudioError::Damaged);
    }
    let ms = (samples.len() as u64).saturating_mul(1_000) / bytes_per_second;
    let mut body = b"WAVE".to_vec();
    for (name, chunk) in [(b"fmt ", format), (b"data", samples)] {
        body.extend_from_slice(name);
        body.extend(u32::try_from(chunk.len()).map_err(|_| AudioError::Damaged)?.to_le_bytes());
        body.extend_from_slice(chunk);
        body.extend(std::iter::repeat_n(0, chunk.len() % 2));
    }
    let mut out = b"RIFF".to_vec();
    out.extend(u32::try_from(body.len()).map_err(|_| AudioError::Damaged)?.to_le_bytes());
    out.extend(body);
    Ok(Stripped { bytes: out, ms })
}

fn u32_le(bytes: &[u8], at: usize) -> Result<u32, AudioError> {
    let four = bytes.get(at..at + 4).and_then(|four| four.try_into().ok());
    four.map(u32::from_le_bytes).ok_or(AudioError::Damaged)
}

/// The largest recording, in bytes.
pub const AUDIO_BYTES_MAX: usize = 20_000_000;
/// The longest recording, in milliseconds: a quarter of an hour.
pub const AUDIO_MS_MAX: u64 = 15 * 60 * 1_000;
