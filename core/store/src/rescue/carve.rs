//! Reading rows out of the pages of a plain database file, without `SQLite`'s help.
//!
//! A leaf page holds whole rows; which table one belongs to shows in its columns. So a row is found
//! even where the pages that lead to it, or the very first page, are damaged. Nothing here trusts
//! a length: every slice is checked, and what does not fit is skipped.

use super::pages::{Pages, be16, be32};

/// One value of a row.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Cell {
    Null,
    Int(i64),
    Real,
    Blob(Vec<u8>),
    Text(String),
}

/// A row, with its rowid where its table has one.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Row {
    pub(super) rowid: Option<i64>,
    pub(super) cells: Vec<Cell>,
}

/// Every row on these pages that can be read.
pub(super) fn rows<'a>(pages: &Pages<'_>, of: impl Iterator<Item = (u32, &'a [u8])>) -> Vec<Row> {
    let mut found = vec![];
    for (number, page) in of {
        let at = if number == 1 { DATABASE_HEADER } else { 0 };
        let (kind, cells_at) = match page.get(at) {
            Some(&kind @ (TABLE_LEAF | INDEX_LEAF)) => (kind, at + 8),
            // Rows of tables without rowids lie on inner pages too.
            Some(&kind @ INDEX_INNER) => (kind, at + 12),
            Some(_) | None => continue,
        };
        let count = be16(page, at + 3).unwrap_or(0).min(pages.size / 2);
        for n in 0..count {
            let row = be16(page, cells_at + 2 * n).and_then(|start| row(pages, page, start, kind));
            found.extend(row);
        }
    }
    found
}

fn row(pages: &Pages<'_>, page: &[u8], start: usize, kind: u8) -> Option<Row> {
    let size = pages.size;
    let mut at = start.checked_add(if kind == INDEX_INNER { 4 } else { 0 })?;
    let length = usize::try_from(varint(page, &mut at)?).ok().filter(|n| *n <= ROW_BYTES_MAX)?;
    let rowid = if kind == TABLE_LEAF { Some(varint(page, &mut at)?) } else { None };
    let local_max = if kind == TABLE_LEAF { size - 35 } else { (size - 12) * 64 / 255 - 23 };
    if length <= local_max {
        return Some(Row { rowid, cells: cells(page.get(at..at.checked_add(length)?)?)? });
    }
    let least = (size - 12) * 32 / 255 - 23;
    let kept = least + (length - least) % (size - 4);
    let local = if kept <= local_max { kept } else { least };
    let mut payload = page.get(at..at.checked_add(local)?)?.to_vec();
    let mut next = be32(page, at + local)?;
    // Each overflow page adds to the payload, so a chain that leads in a circle ends too.
    while payload.len() < length {
        let overflow = pages.get(next)?;
        let taken = (length - payload.len()).min(size - 4);
        payload.extend_from_slice(overflow.get(4..4 + taken)?);
        next = be32(overflow, 0)?;
    }
    Some(Row { rowid, cells: cells(&payload)? })
}

fn cells(payload: &[u8]) -> Option<Vec<Cell>> {
    let mut at = 0;
    let header = usize::try_from(varint(payload, &mut at)?).ok()?;
    let mut body = header;
    let mut cells = vec![];
    while at < header {
        let kind = varint(payload, &mut at)?;
        let length = match kind {
            0 | 8 | 9 => 0,
            1..=4 => usize::try_from(kind).ok()?,
            5 => 6,
            6 | 7 => 8,
            12.. => usize::try_from((kind - 12) / 2).ok()?,
            _reserved => return None,
        };
        let end = body.checked_add(length)?;
        let bytes = payload.get(body..end)?;
        cells.push(match kind {
            0 => Cell::Null,
            8 => Cell::Int(0),
            9 => Cell::Int(1),
            7 => Cell::Real,
            1..=6 => Cell::Int(int(bytes)),
            _ if kind % 2 == 0 => Cell::Blob(bytes.to_vec()),
            _ => Cell::Text(String::from_utf8(bytes.to_vec()).ok()?),
        });
        body = end;
    }
    (cells.len() <= COLUMNS_MAX).then_some(cells)
}

fn int(bytes: &[u8]) -> i64 {
    let start = if bytes.first().is_some_and(|byte| byte & 0x80 != 0) { -1 } else { 0 };
    bytes.iter().fold(start, |n, byte| n << 8 | i64::from(*byte))
}

/// A number of one to nine bytes, seven bits each but for the ninth.
fn varint(bytes: &[u8], at: &mut usize) -> Option<i64> {
    let mut value: u64 = 0;
    for n in 0..9 {
        let byte = *bytes.get(*at)?;
        *at += 1;
        if n == 8 {
            return Some((value << 8 | u64::from(byte)).cast_signed());
        }
        value = value << 7 | u64::from(byte & 0x7f);
        if byte & 0x80 == 0 {
            break;
        }
    }
    Some(value.cast_signed())
}

const TABLE_LEAF: u8 = 0x0d;
const INDEX_LEAF: u8 = 0x0a;
const INDEX_INNER: u8 = 0x02;
const DATABASE_HEADER: usize = 100;
/// More than any row of ours takes.
const ROW_BYTES_MAX: usize = 64 << 20;
const COLUMNS_MAX: usize = 64;
