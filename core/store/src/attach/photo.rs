//! Photos: decoded, turned upright, scaled down and encoded anew as a JPEG without metadata.
//!
//! Size is judged by the header, before anything is decoded. HEIC is not decoded here: the shells
//! let the phone's own system turn it into a JPEG first.

use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::imageops::FilterType;
use image::metadata::Orientation;
use image::{
    DynamicImage, ImageDecoder, ImageError, ImageFormat, ImageReader, Limits, Rgb, RgbImage,
};

use super::{Attachable, MediaType};

/// Why a photo cannot be attached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PhotoError {
    /// It is no JPEG, PNG or WebP.
    #[error("not a photo that can be read")]
    NotAnImage,
    /// It begins like one but cannot be read to its end.
    #[error("the photo is damaged")]
    Damaged,
    /// The file is larger than a photo may be.
    #[error("the photo is larger than {max} bytes")]
    TooManyBytes {
        /// The limit, in bytes.
        max: usize,
    },
    /// It has more pixels than may be decoded.
    #[error("the photo has more than {max} pixels")]
    TooManyPixels {
        /// The limit, in pixels.
        max: u64,
    },
}

/// Makes a photo attachable: upright, at most [`PHOTO_SIDE_MAX`] pixels on its long side, a JPEG
/// without EXIF, XMP, comments or colour profile.
///
/// Colours of a wider space than sRGB come out a little duller, since the profile goes too.
///
/// # Errors
/// [`PhotoError`].
pub fn prepare_photo(bytes: &[u8]) -> Result<Attachable, PhotoError> {
    if bytes.len() > PHOTO_BYTES_MAX {
        return Err(PhotoError::TooManyBytes { max: PHOTO_BYTES_MAX });
    }
    let format = image::guess_format(bytes).map_err(|_| PhotoError::NotAnImage)?;
    if !matches!(format, ImageFormat::Jpeg | ImageFormat::Png | ImageFormat::WebP) {
        return Err(PhotoError::NotAnImage);
    }
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    let mut limits = Limits::default();
    limits.max_image_width = Some(SIDE_LIMIT);
    limits.max_image_height = Some(SIDE_LIMIT);
    limits.max_alloc = Some(MEMORY_MAX);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(|error| refusal(&error))?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > PHOTO_PIXELS_MAX || decoder.total_bytes() > MEMORY_MAX
    {
        return Err(PhotoError::TooManyPixels { max: PHOTO_PIXELS_MAX });
    }
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let decoded = DynamicImage::from_decoder(decoder).map_err(|error| refusal(&error))?;
    let mut small = if width.max(height) > PHOTO_SIDE_MAX {
        decoded.resize(PHOTO_SIDE_MAX, PHOTO_SIDE_MAX, FilterType::Triangle)
    } else {
        decoded
    };
    small.apply_orientation(orientation);
    let mut jpeg = Vec::new();
    JpegEncoder::new_with_quality(&mut jpeg, QUALITY)
        .encode_image(&on_white(&small))
        .map_err(|_| PhotoError::Damaged)?;
    Ok(Attachable::new(MediaType::Jpeg, jpeg))
}

fn refusal(error: &ImageError) -> PhotoError {
    match error {
        ImageError::Limits(_) => PhotoError::TooManyPixels { max: PHOTO_PIXELS_MAX },
        ImageError::Decoding(_)
        | ImageError::Encoding(_)
        | ImageError::Parameter(_)
        | ImageError::Unsupported(_)
        | ImageError::IoError(_) => PhotoError::Damaged,
    }
}

/// What is see-through becomes white, as paper would show it.
fn on_white(image: &DynamicImage) -> RgbImage {
    if !image.color().has_alpha() {
        return image.to_rgb8();
    }
    let rgba = image.to_rgba8();
    RgbImage::from_fn(rgba.width(), rgba.height(), |x, y| {
        let [red, green, blue, opacity] = rgba.get_pixel(x, y).0.map(u32::from);
        let over = |colour: u32| {
            let mixed = (colour * opacity + 255 * (255 - opacity)) / 255;
            u8::try_from(mixed).unwrap_or(u8::MAX)
        };
        Rgb([over(red), over(green), over(blue)])
    })
}

/// The long side of an attached photo, in pixels: a house number stays readable.
pub const PHOTO_SIDE_MAX: u32 = 1_600;
/// The largest photo that is decoded, in pixels: phones make 50 million.
pub const PHOTO_PIXELS_MAX: u64 = 64_000_000;
/// The largest file that is looked at, in bytes.
pub const PHOTO_BYTES_MAX: usize = 40_000_000;
/// 64 million pixels of three bytes, and some room.
const MEMORY_MAX: u64 = 260_000_000;
const SIDE_LIMIT: u32 = 32_768;
const QUALITY: u8 = 80;
