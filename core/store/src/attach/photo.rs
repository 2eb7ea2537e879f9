//! Photos: decoded, turned upright, scaled down and encoded anew as a JPEG without metadata.
//!
//! Size is judged by the header, before anything is decoded. HEIC and AVIF are refused by name: the
//! shells let the phone's own system turn them into a JPEG first. Of an animation the first picture
//! is taken.

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
    /// It is HEIC, HEIF or AVIF, which has to be turned into a JPEG first.
    #[error("a photo in a format that has to be converted first")]
    NotConverted,
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
    if is_heif(bytes) {
        return Err(PhotoError::NotConverted);
    }
    let format = image::guess_format(bytes).map_err(|_| PhotoError::NotAnImage)?;
    if !matches!(format, ImageFormat::Jpeg | ImageFormat::Png | ImageFormat::WebP) {
        return Err(PhotoError::NotAnImage);
    }
    // Its decoder would paint what is missing grey.
    if format == ImageFormat::Jpeg && !has_its_end(bytes) {
        return Err(PhotoError::Damaged);
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
    let mut small = scaled_down(decoded);
    small.apply_orientation(orientation);
    let mut jpeg = Vec::new();
    JpegEncoder::new_with_quality(&mut jpeg, QUALITY)
        .encode_image(&on_white(&small))
        .map_err(|_| PhotoError::Damaged)?;
    Ok(Attachable::new(MediaType::Jpeg, jpeg))
}

/// The coarse way down to twice the size first: the fine one alone would need four bytes for each
/// that was decoded.
fn scaled_down(decoded: DynamicImage) -> DynamicImage {
    let side = |image: &DynamicImage| image.width().max(image.height());
    let coarse = if side(&decoded) > 2 * PHOTO_SIDE_MAX {
        decoded.thumbnail(2 * PHOTO_SIDE_MAX, 2 * PHOTO_SIDE_MAX)
    } else {
        decoded
    };
    if side(&coarse) > PHOTO_SIDE_MAX {
        coarse.resize(PHOTO_SIDE_MAX, PHOTO_SIDE_MAX, FilterType::Triangle)
    } else {
        coarse
    }
}

/// Whether it begins as the formats of ISO/IEC 23008-12 do.
fn is_heif(bytes: &[u8]) -> bool {
    let brand = bytes.get(8..12).filter(|_| bytes.get(4..8) == Some(b"ftyp"));
    brand.is_some_and(|brand| HEIF_BRANDS.iter().any(|known| known.as_slice() == brand))
}

/// Whether a JPEG goes on to its end marker. What lies behind that does not matter.
fn has_its_end(bytes: &[u8]) -> bool {
    // SOI, then segments with a length; a scan's data follow its segment and hold no marker but
    // restarts (0xd0 to 0xd7) and the escaped 0xff (0x00).
    let mut at = 2;
    loop {
        match (bytes.get(at), bytes.get(at + 1)) {
            (Some(0xff), Some(0xd9)) => return true,
            (Some(0xff), Some(0x00 | 0x01 | 0xd0..=0xd8 | 0xff)) => {
                at += if bytes[at + 1] == 0xff { 1 } else { 2 };
            }
            (Some(0xff), Some(_segment)) => {
                let length = bytes.get(at + 2..at + 4).map(|two| [two[0], two[1]]);
                let Some(length) = length else { return false };
                at += 2 + usize::from(u16::from_be_bytes(length));
            }
            (Some(_scan), Some(_)) => at += 1,
            (_, None) | (None, _) => return false,
        }
    }
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
/// HEIC, HEIF and AVIF, still or moving.
const HEIF_BRANDS: [&[u8; 4]; 10] =
    [b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"avif", b"avis"];
const SIDE_LIMIT: u32 = 32_768;
const QUALITY: u8 = 80;
