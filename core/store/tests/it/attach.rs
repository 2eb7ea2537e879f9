//! Photos and recordings: what is no such thing is refused by name, and what goes in comes out
//! without a word about where, when or by whom.

use std::io::Cursor;

use image::{DynamicImage, ImageFormat, Rgb, RgbImage};
use proptest::prelude::*;
use wijkboek_model::{Invalid, Rule};
use wijkboek_store::{
    AUDIO_BYTES_MAX, AudioError, MediaType, PHOTO_BYTES_MAX, PhotoError, prepare_audio,
    prepare_photo,
};

const SECRET: &[u8] = b"GPS 51.8723N 4.6021E Zonnebloemstraat 14";

fn contains(bytes: &[u8], needle: &[u8]) -> bool {
    bytes.windows(needle.len()).any(|window| window == needle)
}

/// Left half red, right half blue.
fn picture(width: u32, height: u32, format: ImageFormat) -> Vec<u8> {
    let image = RgbImage::from_fn(width, height, |x, _| {
        if x < width / 2 { Rgb([220, 10, 10]) } else { Rgb([10, 10, 220]) }
    });
    let mut out = Cursor::new(vec![]);
    DynamicImage::from(image).write_to(&mut out, format).expect("encoded");
    out.into_inner()
}

/// A JPEG with an EXIF block that says which way is up, and where it was.
fn with_exif(jpeg: &[u8], orientation: u8) -> Vec<u8> {
    let mut exif = b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0".to_vec();
    exif.extend([orientation, 0, 0, 0, 0, 0, 0]);
    exif.extend(SECRET);
    let xmp = [b"http://ns.adobe.com/xap/1.0/\0<x:xmpmeta>".as_slice(), SECRET].concat();
    let icc = [b"ICC_PROFILE\0\x01\x01".as_slice(), SECRET].concat();
    let mut out = jpeg[..2].to_vec();
    for (marker, body) in [(0xe1, exif), (0xe1, xmp), (0xe2, icc), (0xfe, SECRET.to_vec())] {
        out.extend([0xff, marker]);
        out.extend(u16::try_from(body.len() + 2).expect("short").to_be_bytes());
        out.extend(body);
    }
    out.extend(&jpeg[2..]);
    out.extend(SECRET);
    out
}

/// The markers of the segments before the picture's data.
fn markers(jpeg: &[u8]) -> Vec<u8> {
    let mut markers = vec![];
    let mut at = 2;
    while jpeg[at + 1] != 0xda {
        markers.push(jpeg[at + 1]);
        at += 2 + usize::from(u16::from_be_bytes([jpeg[at + 2], jpeg[at + 3]]));
    }
    markers
}

#[test]
fn nothing_but_the_picture_remains_of_a_photo() {
    let source = with_exif(&picture(400, 200, ImageFormat::Jpeg), 1);
    assert!(contains(&source, SECRET));
    let photo = prepare_photo(&source).expect("prepared");
    assert_eq!(photo.media_type(), MediaType::Jpeg);
    for trace in [SECRET, b"Exif", b"51.8723", b"ns.adobe", b"ICC_PROFILE"] {
        assert!(!contains(photo.bytes(), trace));
    }
    let metadata = markers(photo.bytes()).into_iter().filter(|m| matches!(m, 0xe1..=0xef | 0xfe));
    assert_eq!(metadata.count(), 0, "no application segment but JFIF's, no comment");
    assert_eq!(prepare_photo(&source).expect("again").hash(), photo.hash(), "always the same");
}

/// A chunk of a PNG.
fn png_chunk(name: [u8; 4], body: &[u8]) -> Vec<u8> {
    let mut out = u32::try_from(body.len()).expect("short").to_be_bytes().to_vec();
    out.extend(name);
    out.extend(body);
    let crc = crc32(&out[4..]);
    out.extend(crc.to_be_bytes());
    out
}

/// A chunk of a RIFF file.
fn riff_chunk(name: [u8; 4], body: &[u8]) -> Vec<u8> {
    let mut out = name.to_vec();
    out.extend(u32::try_from(body.len()).expect("short").to_le_bytes());
    out.extend(body);
    out.extend(vec![0; body.len() % 2]);
    out
}

fn riff(chunks: &[Vec<u8>]) -> Vec<u8> {
    riff_chunk(*b"RIFF", &[b"WEBP".to_vec(), chunks.concat()].concat())
}

/// A position in every place where a PNG, a WebP or a JPEG of another camera can hold one.
fn with_other_metadata() -> Vec<(&'static str, Vec<u8>)> {
    let exif = [b"MM\0*\0\0\0\x08\0\0".as_slice(), SECRET].concat();
    let png = picture(40, 20, ImageFormat::Png);
    let (head, rest) = png.split_at(33);
    let text = [
        png_chunk(*b"tEXt", &[b"Comment\0".as_slice(), SECRET].concat()),
        png_chunk(*b"iTXt", &[b"XML:com.adobe.xmp\0\0\0\0\0".as_slice(), SECRET].concat()),
        png_chunk(*b"eXIf", &exif),
    ];
    let png = [head, &text.concat(), rest, SECRET].concat();
    let webp = picture(40, 20, ImageFormat::WebP);
    let extended = riff_chunk(*b"VP8X", &[0x0c, 0, 0, 0, 39, 0, 0, 19, 0, 0]);
    let webp = riff(&[
        extended,
        webp[12..].to_vec(),
        riff_chunk(*b"EXIF", &exif),
        riff_chunk(*b"XMP ", SECRET),
    ]);
    let jpeg = picture(40, 20, ImageFormat::Jpeg);
    let mut other = jpeg[..2].to_vec();
    // IPTC, a maker's own, several pictures in one, a comment.
    for (marker, head) in [
        (0xed, b"Photoshop 3.0\08BIM\x04\x04".as_slice()),
        (0xe4, b"MakerNote\0"),
        (0xe2, b"MPF\0"),
        (0xfe, b""),
    ] {
        other.extend([0xff, marker]);
        other.extend(u16::try_from(head.len() + SECRET.len() + 2).expect("short").to_be_bytes());
        other.extend([head, SECRET].concat());
    }
    // A film behind the picture, as phones put it there.
    let film = atom(*b"ftyp", SECRET);
    let other = [&other, &jpeg[2..], &film].concat();
    vec![("png", png), ("webp", webp), ("jpeg", other)]
}

#[test]
fn no_format_carries_a_position_through() {
    for (format, source) in with_other_metadata() {
        assert!(contains(&source, SECRET), "{format}");
        let photo = prepare_photo(&source).unwrap_or_else(|error| panic!("{format}: {error}"));
        for trace in [SECRET, b"51.8723", b"Exif", b"adobe", b"8BIM", b"MakerNote", b"ftyp"] {
            assert!(!contains(photo.bytes(), trace), "{format}");
        }
    }
}

#[test]
fn of_an_animation_the_first_picture_is_taken() {
    let frame = |n: u8| {
        let picture = RgbImage::from_pixel(40, 20, Rgb([n, 0, 255 - n]));
        let mut out = Cursor::new(vec![]);
        DynamicImage::from(picture).write_to(&mut out, ImageFormat::WebP).expect("encoded");
        // Where, how large, how long, how; then the picture.
        let place = [0, 0, 0, 0, 0, 0, 39, 0, 0, 19, 0, 0, 100, 0, 0, 0];
        riff_chunk(*b"ANMF", &[place.as_slice(), &out.into_inner()[12..]].concat())
    };
    let extended = riff_chunk(*b"VP8X", &[0x02, 0, 0, 0, 39, 0, 0, 19, 0, 0]);
    let animation = riff_chunk(*b"ANIM", &[0; 6]);
    let moving = riff(&[extended, animation, frame(250), frame(0)]);
    let photo = prepare_photo(&moving).expect("prepared");
    let still = image::load_from_memory(photo.bytes()).expect("a JPEG").to_rgb8();
    assert_eq!(still.dimensions(), (40, 20));
    let [red, _, blue] = still.get_pixel(20, 10).0;
    assert!(red > 200 && blue < 60, "{red} {blue}");
}

#[test]
fn every_way_a_camera_is_held_comes_out_upright() {
    // Where the red half of the picture is afterwards: left, right, right, left, and the same on
    // its side: top, top, bottom, bottom.
    let red_at = [(10, 10), (30, 10), (30, 10), (10, 10), (10, 10), (10, 10), (10, 30), (10, 30)];
    for (orientation, (x, y)) in (1..=8).zip(red_at) {
        let source = with_exif(&picture(40, 20, ImageFormat::Jpeg), orientation);
        let photo = prepare_photo(&source).expect("prepared");
        let image = image::load_from_memory(photo.bytes()).expect("a JPEG").to_rgb8();
        let upright = if orientation < 5 { (40, 20) } else { (20, 40) };
        assert_eq!(image.dimensions(), upright, "{orientation}");
        assert!(image.get_pixel(x, y).0[0] > 150, "{orientation}: {:?}", image.get_pixel(x, y));
    }
}

#[test]
fn a_few_bytes_that_unfold_into_many_are_refused_or_harmless() {
    // 64 million pixels of eight bytes each would be half a gigabyte.
    let mut deep = bomb(8_000, 8_000);
    deep[24..26].copy_from_slice(&[16, 6]);
    let crc = crc32(&deep[12..29]).to_be_bytes();
    deep[29..33].copy_from_slice(&crc);
    let refused = prepare_photo(&deep).expect_err("too much memory");
    assert!(matches!(refused, PhotoError::TooManyPixels { .. }), "{refused:?}");
    // A WebP that only says how large it is: 16,383 by 16,383.
    let size = (0x3ffe_u32 | 0x3ffe << 14).to_le_bytes();
    let lossless = riff_chunk(*b"VP8L", &[&[0x2f], size.as_slice(), &[0; 3]].concat());
    let refused = prepare_photo(&riff(&[lossless])).expect_err("too many pixels");
    assert!(matches!(refused, PhotoError::TooManyPixels { .. }), "{refused:?}");
    let extended = riff_chunk(*b"VP8X", &[0x02, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]);
    let refused = prepare_photo(&riff(&[extended])).expect_err("no picture at all");
    assert!(!matches!(refused, PhotoError::NotAnImage), "{refused:?}");
}

#[test]
fn a_photo_is_turned_upright_and_scaled_down() {
    let size = |bytes: &[u8]| {
        let image = image::load_from_memory(bytes).expect("decodes").to_rgb8();
        (image.dimensions(), image)
    };
    // Six: the camera was held on its side; what was left comes on top.
    let turned = prepare_photo(&with_exif(&picture(400, 200, ImageFormat::Jpeg), 6)).expect("ok");
    let ((width, height), image) = size(turned.bytes());
    assert_eq!((width, height), (200, 400));
    let (top, bottom) = (image.get_pixel(100, 50).0, image.get_pixel(100, 350).0);
    assert!(top[0] > 150 && bottom[2] > 150, "{top:?} {bottom:?}");

    let large = prepare_photo(&picture(3_000, 1_500, ImageFormat::Jpeg)).expect("ok");
    assert_eq!(size(large.bytes()).0, (1_600, 800));
    let png = prepare_photo(&picture(300, 100, ImageFormat::Png)).expect("ok");
    assert_eq!((png.media_type(), size(png.bytes()).0), (MediaType::Jpeg, (300, 100)));
    let webp = prepare_photo(&picture(120, 80, ImageFormat::WebP)).expect("ok");
    assert_eq!(size(webp.bytes()).0, (120, 80));
}

/// A PNG that is only a header: so many pixels, and hardly a byte.
fn bomb(width: u32, height: u32) -> Vec<u8> {
    let mut png = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR".to_vec();
    png.extend(width.to_be_bytes());
    png.extend(height.to_be_bytes());
    png.extend([8, 2, 0, 0, 0]);
    let crc = crc32(&png[12..]);
    png.extend(crc.to_be_bytes());
    png.extend(b"\0\0\0\x0bIDAT\x78\x9c\x01\0\0\xff\xff\0\0\0\x01\0\0\0\0");
    png
}

fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
            if crc & 1 == 1 { (crc >> 1) ^ 0xedb8_8320 } else { crc >> 1 }
        })
    })
}

#[test]
fn what_is_no_photo_or_too_large_is_refused_by_name() {
    for nothing in [&b""[..], b"GIF89a", b"%PDF-1.7", b"een gewone tekst", &[0; 500]] {
        assert_eq!(prepare_photo(nothing), Err(PhotoError::NotAnImage));
    }
    for brand in [b"heic", b"mif1", b"avif"] {
        let heic = atom(*b"ftyp", &[brand.as_slice(), &[0; 4]].concat());
        let refused = prepare_photo(&heic).expect_err("not decoded here");
        assert_eq!(refused, PhotoError::NotConverted);
        let Invalid { field, rule } = refused.into();
        assert_eq!((field, rule), ("photos", Rule::Unreadable));
    }
    for format in [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP] {
        let whole = picture(400, 200, format);
        for left in [40, whole.len() / 2, whole.len() - 20, whole.len() - 2] {
            // Of a PNG the last bytes say nothing that the picture needs.
            let needed = format != ImageFormat::Png || left <= whole.len() / 2;
            let refused = prepare_photo(&whole[..left]);
            assert!(
                !needed || refused == Err(PhotoError::Damaged),
                "{format:?}, {left}: {refused:?}"
            );
        }
    }
    for (width, height) in [(10_000, 10_000), (65_000, 65_000), (32_768, 2_000)] {
        let refused = prepare_photo(&bomb(width, height)).expect_err("too many pixels");
        assert!(matches!(refused, PhotoError::TooManyPixels { .. }), "{width}: {refused:?}");
        let Invalid { field, rule } = refused.into();
        assert_eq!((field, rule), ("photos", Rule::OutOfRange));
    }
    let heavy = prepare_photo(&vec![0xff; PHOTO_BYTES_MAX + 1]).expect_err("too many bytes");
    assert_eq!(heavy, PhotoError::TooManyBytes { max: PHOTO_BYTES_MAX });
}

fn wav(seconds: usize) -> Vec<u8> {
    let mut format = vec![1, 0, 1, 0];
    format.extend(8_000_u32.to_le_bytes());
    format.extend(8_000_u32.to_le_bytes());
    format.extend([1, 0, 8, 0]);
    let mut out = b"RIFF\0\0\0\0WAVE".to_vec();
    for (name, body) in [
        (b"LIST", SECRET.to_vec()),
        (b"fmt ", format),
        (b"data", vec![128; seconds * 8_000]),
        (b"id3 ", SECRET.to_vec()),
    ] {
        out.extend(name);
        out.extend(u32::try_from(body.len()).expect("short").to_le_bytes());
        out.extend(&body);
        out.extend(vec![0; body.len() % 2]);
    }
    out
}

fn ogg(last_granule: u64) -> Vec<u8> {
    let head = [b"OpusHead\x01\x01".as_slice(), &[56, 1], &[0; 7]].concat();
    let tags = [b"OpusTags\x04\0\0\0test\x01\0\0\0".as_slice(), SECRET].concat();
    let mut out = vec![];
    for (n, (flags, granule, body)) in
        [(2, 0, head), (0, 0, tags), (4, last_granule, vec![9; 200])].into_iter().enumerate()
    {
        out.extend(b"OggS\0");
        out.push(flags);
        out.extend(u64::to_le_bytes(granule));
        out.extend(77_u32.to_le_bytes());
        out.extend(u32::try_from(n).expect("few").to_le_bytes());
        out.extend([0; 4]);
        out.extend([1, u8::try_from(body.len()).expect("short")]);
        out.extend(&body);
    }
    out
}

fn atom(name: [u8; 4], body: &[u8]) -> Vec<u8> {
    let mut out = u32::try_from(body.len() + 8).expect("short").to_be_bytes().to_vec();
    out.extend(name);
    out.extend(body);
    out
}

fn m4a(handlers: &[&[u8; 4]], seconds: u32) -> Vec<u8> {
    let times = |name: [u8; 4]| {
        let mut body = vec![0; 4];
        body.extend(*b"MADE2026");
        body.extend(1_000_u32.to_be_bytes());
        body.extend((seconds * 1_000).to_be_bytes());
        body.extend([0; 80]);
        atom(name, &body)
    };
    let mut movie = times(*b"mvhd");
    for handler in handlers {
        let table = atom(*b"stbl", &[atom(*b"stsd", b"entry"), atom(*b"stco", b"offs")].concat());
        let media = [
            times(*b"mdhd"),
            atom(*b"hdlr", &[&[0; 8], handler.as_slice(), &[0; 12], SECRET, &[0]].concat()),
            atom(*b"minf", &[atom(*b"smhd", &[0; 8]), table].concat()),
        ];
        let track =
            [times(*b"tkhd"), atom(*b"mdia", &media.concat()), atom(*b"udta", SECRET)].concat();
        movie.extend(atom(*b"trak", &track));
    }
    movie.extend(atom(*b"udta", &atom(*b"\xa9xyz", SECRET)));
    movie.extend(atom(*b"meta", SECRET));
    [
        atom(*b"ftyp", b"M4A \0\0\0\0"),
        atom(*b"uuid", SECRET),
        atom(*b"moov", &movie),
        atom(*b"free", SECRET),
        atom(*b"mdat", b"the sound itself"),
    ]
    .concat()
}

#[test]
fn a_recording_keeps_its_sound_and_nothing_else() {
    let sources = [
        (wav(2), MediaType::Wav),
        (ogg(96_000), MediaType::OggOpus),
        (m4a(&[b"soun"], 2), MediaType::Mp4Audio),
    ];
    for (source, media_type) in sources {
        assert!(contains(&source, SECRET));
        let audio = prepare_audio(&source).expect("prepared");
        assert_eq!(audio.media_type(), media_type);
        for trace in [SECRET, b"51.8723", b"MADE2026", b"\xa9xyz", b"udta"] {
            assert!(!contains(audio.bytes(), trace), "{media_type:?}");
        }
        let again = prepare_audio(audio.bytes()).expect("what comes out goes in");
        assert_eq!(again, audio, "{media_type:?}");
    }
    let source = m4a(&[b"soun"], 2);
    let audio = prepare_audio(&source).expect("prepared");
    assert_eq!(audio.bytes().len(), source.len(), "offsets into the samples stay true");
    assert!(audio.bytes().ends_with(b"the sound itself"));
    assert!(contains(prepare_audio(&ogg(96_000)).expect("prepared").bytes(), &[9; 200]));
}

#[test]
fn what_is_no_recording_or_too_long_is_refused_by_name() {
    for nothing in [&b""[..], b"ID3\x03 an mp3", b"fLaC", &[0; 400]] {
        assert_eq!(prepare_audio(nothing), Err(AudioError::NotAudio));
    }
    for film in [m4a(&[b"vide"], 2), m4a(&[b"soun", b"meta"], 2), m4a(&[], 2)] {
        assert_eq!(prepare_audio(&film), Err(AudioError::NotAudio));
    }
    assert_eq!(prepare_audio(&wav(2)[..70]), Err(AudioError::Damaged));
    for long in [wav(1_000), ogg(48_000 * 1_000), m4a(&[b"soun"], 1_000)] {
        let refused = prepare_audio(&long).expect_err("too long");
        assert!(matches!(refused, AudioError::TooLong { .. }), "{refused:?}");
        let Invalid { field, rule } = refused.into();
        assert_eq!((field, rule), ("audio", Rule::OutOfRange));
    }
    let heavy = prepare_audio(&vec![0; AUDIO_BYTES_MAX + 1]).expect_err("too many bytes");
    assert_eq!(heavy, AudioError::TooManyBytes { max: AUDIO_BYTES_MAX });
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// Flipped and cut: an answer, never a panic, and never the secret of a photo.
    #[test]
    fn damaged_files_get_an_answer(
        which in 0_usize..5,
        flips in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..6),
        cut in prop::option::of(any::<prop::sample::Index>()),
    ) {
        let mut bytes = match which {
            0 => wav(1),
            1 => ogg(48_000),
            2 => m4a(&[b"soun"], 1),
            3 => with_exif(&picture(16, 8, ImageFormat::Jpeg), 3),
            _ => picture(16, 8, ImageFormat::WebP),
        };
        for (at, byte) in flips {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        if let Some(cut) = cut {
            bytes.truncate(cut.index(bytes.len()));
        }
        if which < 3 {
            let _ = prepare_audio(&bytes);
        } else if let Ok(photo) = prepare_photo(&bytes) {
            prop_assert!(!contains(photo.bytes(), SECRET));
        }
    }
}
