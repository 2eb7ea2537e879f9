//! What may be attached to a record: photos and recordings, made harmless first.
//!
//! Nothing counts as attachable before it was taken apart and written anew without metadata, so a
//! position or a name in a file never leaves the device. Pure functions of their bytes.

mod audio;
mod mp4;
mod ogg;
mod photo;

use sha2::{Digest, Sha256};
use wijkboek_model::{BlobHash, Invalid, Rule};

pub use audio::{AUDIO_BYTES_MAX, AUDIO_MS_MAX, AudioError, prepare_audio};
pub use photo::{PHOTO_BYTES_MAX, PHOTO_PIXELS_MAX, PHOTO_SIDE_MAX, PhotoError, prepare_photo};

/// What an attachment is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MediaType {
    /// A photo; every photo becomes one.
    Jpeg,
    /// AAC in an MP4 container (`.m4a`).
    Mp4Audio,
    /// Opus in an Ogg container.
    OggOpus,
    /// Uncompressed sound.
    Wav,
}

impl MediaType {
    /// Its name by RFC 6838, as it is stored and sent.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Mp4Audio => "audio/mp4",
            Self::OggOpus => "audio/ogg",
            Self::Wav => "audio/wav",
        }
    }

    /// Reads what [`Self::as_str`] gives.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Jpeg, Self::Mp4Audio, Self::OggOpus, Self::Wav]
            .into_iter()
            .find(|media_type| media_type.as_str() == name)
    }
}

/// A file that may be attached. Only [`prepare_photo`] and [`prepare_audio`] make one.
#[derive(Clone, PartialEq, Eq)]
pub struct Attachable {
    media_type: MediaType,
    bytes: Vec<u8>,
}

impl std::fmt::Debug for Attachable {
    /// Shows no content.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Attachable")
            .field("media_type", &self.media_type)
            .field("size", &self.bytes.len())
            .finish_non_exhaustive()
    }
}

impl Attachable {
    fn new(media_type: MediaType, bytes: Vec<u8>) -> Self {
        Self { media_type, bytes }
    }

    /// What it is.
    pub fn media_type(&self) -> MediaType {
        self.media_type
    }

    /// Its content, without metadata.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The name by which records refer to it: SHA-256 of its content.
    pub fn hash(&self) -> BlobHash {
        hash_of(&self.bytes)
    }
}

/// The name of an attachment's content.
pub(crate) fn hash_of(bytes: &[u8]) -> BlobHash {
    BlobHash::new(Sha256::digest(bytes).into())
}

impl From<PhotoError> for Invalid {
    /// Names the field, for a screen.
    fn from(error: PhotoError) -> Self {
        let rule = match error {
            PhotoError::NotAnImage | PhotoError::NotConverted | PhotoError::Damaged => {
                Rule::Unreadable
            }
            PhotoError::TooManyBytes { max } => Rule::TooLong { max },
            PhotoError::TooManyPixels { .. } => Rule::OutOfRange,
        };
        Self { field: "photos", rule }
    }
}

impl From<AudioError> for Invalid {
    /// Names the field, for a screen.
    fn from(error: AudioError) -> Self {
        let rule = match error {
            AudioError::NotAudio | AudioError::Damaged => Rule::Unreadable,
            AudioError::TooManyBytes { max } => Rule::TooLong { max },
            AudioError::TooLong { .. } => Rule::OutOfRange,
        };
        Self { field: "audio", rule }
    }
}
