//! MP4 with one sound track (ISO/IEC 14496-12): every box that playing does not need is emptied.
//!
//! Boxes keep their sizes, so that the offsets into the samples stay true; what is emptied becomes
//! `free` and zeros. Titles, makers and positions (`udta`, `meta`, `uuid`, `©xyz`) go that way, and
//! so do the times of recording.

use std::ops::Range;

use super::AudioError;
use super::audio::Stripped;

/// A copy with nothing in it but the sound and what is needed to play it.
pub(super) fn strip(bytes: &[u8]) -> Result<Stripped, AudioError> {
    let mut out = bytes.to_vec();
    let mut found = Found::default();
    walk(&mut out, 0..bytes.len(), Level::File, &mut found)?;
    let one_track = found.tracks == 1 && found.sound == 1 && found.samples > 0;
    let ms = found.ms.filter(|_| one_track).ok_or(AudioError::NotAudio)?;
    Ok(Stripped { bytes: out, ms })
}

/// What was met on the way.
#[derive(Default)]
struct Found {
    tracks: usize,
    sound: usize,
    samples: usize,
    ms: Option<u64>,
}

/// Which boxes may stand here.
#[derive(Clone, Copy)]
enum Level {
    File,
    Movie,
    Track,
    Media,
    Information,
    Table,
}

/// What is done with a box.
enum Deed {
    Keep,
    Handler,
    Descend(Level),
    Times,
    Empty,
    Refuse,
}

fn deed(level: Level, name: [u8; 4]) -> Deed {
    match (level, &name) {
        // Sound that is spread over fragments, or lies in another file.
        (Level::File, b"moof" | b"mfra" | b"sidx") => Deed::Refuse,
        (Level::File, b"ftyp" | b"mdat")
        | (Level::Track, b"edts")
        | (Level::Information, b"smhd" | b"dinf")
        | (
            Level::Table,
            b"stsd" | b"stts" | b"stsc" | b"stsz" | b"stz2" | b"stco" | b"co64" | b"sgpd" | b"sbgp",
        ) => Deed::Keep,
        (Level::Media, b"hdlr") => Deed::Handler,
        (Level::File, b"moov") => Deed::Descend(Level::Movie),
        (Level::Movie, b"trak") => Deed::Descend(Level::Track),
        (Level::Track, b"mdia") => Deed::Descend(Level::Media),
        (Level::Media, b"minf") => Deed::Descend(Level::Information),
        (Level::Information, b"stbl") => Deed::Descend(Level::Table),
        (Level::Movie, b"mvhd") | (Level::Track, b"tkhd") | (Level::Media, b"mdhd") => Deed::Times,
        (
            Level::File
            | Level::Movie
            | Level::Track
            | Level::Media
            | Level::Information
            | Level::Table,
            _other_box,
        ) => Deed::Empty,
    }
}

fn walk(
    out: &mut [u8],
    range: Range<usize>,
    level: Level,
    found: &mut Found,
) -> Result<(), AudioError> {
    let mut at = range.start;
    while at < range.end {
        let (name, body) = header(out, at, range.end)?;
        match name.as_slice() {
            b"trak" => found.tracks += 1,
            b"mdat" => found.samples += 1,
            b"hdlr" if matches!(level, Level::Media) => {
                let handler = out.get(body.start + 8..body.start + 12);
                found.sound += usize::from(handler == Some(b"soun"));
            }
            _other_box => {}
        }
        match deed(level, name) {
            Deed::Keep => {}
            Deed::Handler => {
                // Behind it stands a name, which may be anybody's.
                let name = body.start + HANDLER_NAME;
                out.get_mut(name..body.end).ok_or(AudioError::Damaged)?.fill(0);
            }
            Deed::Descend(inner) => walk(out, body.clone(), inner, found)?,
            Deed::Times => {
                let ms = take_times(out, &body, name)?;
                found.ms = found.ms.max(ms);
            }
            Deed::Empty => {
                out[at + 4..at + 8].copy_from_slice(b"free");
                out[body.clone()].fill(0);
            }
            Deed::Refuse => return Err(AudioError::NotAudio),
        }
        at = body.end;
    }
    Ok(())
}

/// A box's name and where its content lies.
fn header(out: &[u8], at: usize, end: usize) -> Result<([u8; 4], Range<usize>), AudioError> {
    let head = out.get(at..at + 8).filter(|_| at + 8 <= end).ok_or(AudioError::Damaged)?;
    let name = [head[4], head[5], head[6], head[7]];
    let (size, start) = match u32::from_be_bytes([head[0], head[1], head[2], head[3]]) {
        0 => (end - at, 8),
        1 => (usize::try_from(u64_be(out, at + 8)?).map_err(|_| AudioError::Damaged)?, 16),
        size => (usize::try_from(size).map_err(|_| AudioError::Damaged)?, 8),
    };
    let stop = at.checked_add(size).filter(|stop| *stop <= end && size >= start);
    stop.map(|stop| (name, at + start..stop)).ok_or(AudioError::Damaged)
}

/// Empties when it was made and changed; answers how long the movie or its sound lasts.
fn take_times(
    out: &mut [u8],
    body: &Range<usize>,
    name: [u8; 4],
) -> Result<Option<u64>, AudioError> {
    let long = out.get(body.start) == Some(&1);
    let times = body.start + 4..body.start + if long { 20 } else { 12 };
    if times.end + 16 > body.end {
        return Err(AudioError::Damaged);
    }
    out[times.clone()].fill(0);
    if name == *b"tkhd" {
        return Ok(None);
    }
    let scale = u64::from(u32_be(out, times.end)?);
    let duration =
        if long { u64_be(out, times.end + 4)? } else { u64::from(u32_be(out, times.end + 4)?) };
    Ok(duration.saturating_mul(1_000).checked_div(scale))
}

fn u32_be(bytes: &[u8], at: usize) -> Result<u32, AudioError> {
    let four = bytes.get(at..at + 4).and_then(|four| four.try_into().ok());
    four.map(u32::from_be_bytes).ok_or(AudioError::Damaged)
}

fn u64_be(bytes: &[u8], at: usize) -> Result<u64, AudioError> {
    let eight = bytes.get(at..at + 8).and_then(|eight| eight.try_into().ok());
    eight.map(u64::from_be_bytes).ok_or(AudioError::Damaged)
}

/// Version, flags, a zero, the handler's type and three zeros.
const HANDLER_NAME: usize = 24;
