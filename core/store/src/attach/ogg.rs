//! Ogg Opus (RFC 3533, RFC 7845): the comment header is replaced by an empty one.

use super::AudioError;
use super::audio::Stripped;

/// One page of the container.
struct Page<'a> {
    flags: u8,
    granule: u64,
    serial: u32,
    lacing: &'a [u8],
    body: &'a [u8],
}

/// Writes the one Opus stream anew, with an empty comment header.
pub(super) fn strip(bytes: &[u8]) -> Result<Stripped, AudioError> {
    let pages = pages(bytes)?;
    let [head, rest @ ..] = pages.as_slice() else { return Err(AudioError::Damaged) };
    if !head.body.starts_with(b"OpusHead") || head.flags & FIRST == 0 {
        return Err(AudioError::NotAudio);
    }
    // Another stream beside it could be anything: pictures, positions.
    if rest.iter().any(|page| page.serial != head.serial || page.flags & FIRST != 0) {
        return Err(AudioError::NotAudio);
    }
    // The comment header ends its page, so what follows is sound only.
    let comment_pages =
        rest.iter().position(|page| page.lacing.last().is_some_and(|l| *l < 255)).map(|n| n + 1);
    let Some(comment_pages) = comment_pages else { return Err(AudioError::Damaged) };
    let (comments, sound) = rest.split_at(comment_pages);
    let packets = comments.iter().map(|p| p.lacing.iter().filter(|l| **l < 255).count());
    if !comments[0].body.starts_with(b"OpusTags") || packets.sum::<usize>() != 1 {
        return Err(AudioError::Damaged);
    }
    let skipped = u64::from(u16::from_le_bytes([byte(head.body, 10)?, byte(head.body, 11)?]));
    let end = sound.iter().map(|page| page.granule).filter(|g| *g != u64::MAX).max().unwrap_or(0);

    // No vendor, no comments.
    let empty = [b"OpusTags".as_slice(), &[0; 8]].concat();
    let tags = Page { flags: 0, granule: 0, serial: head.serial, lacing: &[16], body: &empty };
    let mut out = Vec::with_capacity(bytes.len());
    for (number, page) in std::iter::once(head).chain([&tags]).chain(sound).enumerate() {
        write(&mut out, page, u32::try_from(number).map_err(|_| AudioError::Damaged)?);
    }
    Ok(Stripped { bytes: out, ms: end.saturating_sub(skipped) / SAMPLES_PER_MS })
}

fn pages(mut bytes: &[u8]) -> Result<Vec<Page<'_>>, AudioError> {
    let mut pages = vec![];
    while !bytes.is_empty() {
        if !bytes.starts_with(b"OggS\0") {
            return Err(AudioError::Damaged);
        }
        let segments = usize::from(byte(bytes, 26)?);
        let lacing = bytes.get(HEADER..HEADER + segments).ok_or(AudioError::Damaged)?;
        let size: usize = lacing.iter().map(|l| usize::from(*l)).sum();
        let start = HEADER + segments;
        let body = bytes.get(start..start + size).ok_or(AudioError::Damaged)?;
        let granule = bytes[6..14].try_into().map(u64::from_le_bytes);
        let serial = bytes[14..18].try_into().map(u32::from_le_bytes);
        pages.push(Page {
            flags: bytes[5],
            granule: granule.map_err(|_| AudioError::Damaged)?,
            serial: serial.map_err(|_| AudioError::Damaged)?,
            lacing,
            body,
        });
        bytes = &bytes[start + size..];
    }
    Ok(pages)
}

fn write(out: &mut Vec<u8>, page: &Page<'_>, number: u32) {
    let start = out.len();
    out.extend_from_slice(b"OggS\0");
    out.push(page.flags);
    out.extend(page.granule.to_le_bytes());
    out.extend(page.serial.to_le_bytes());
    out.extend(number.to_le_bytes());
    out.extend([0; 4]);
    out.push(u8::try_from(page.lacing.len()).unwrap_or(u8::MAX));
    out.extend_from_slice(page.lacing);
    out.extend_from_slice(page.body);
    let checksum = checksum(&out[start..]).to_le_bytes();
    out[start + 22..start + 26].copy_from_slice(&checksum);
}

/// The container's own CRC: polynomial 0x04c11db7, neither reflected nor inverted.
fn checksum(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0_u32, |crc, byte| {
        (0..8).fold(crc ^ (u32::from(*byte) << 24), |crc, _| {
            if crc >> 31 == 1 { (crc << 1) ^ 0x04c1_1db7 } else { crc << 1 }
        })
    })
}

fn byte(bytes: &[u8], at: usize) -> Result<u8, AudioError> {
    bytes.get(at).copied().ok_or(AudioError::Damaged)
}

const HEADER: usize = 27;
const FIRST: u8 = 2;
const SAMPLES_PER_MS: u64 = 48;
