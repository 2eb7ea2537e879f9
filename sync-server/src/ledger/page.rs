//! The token by which a pull goes on: it fixes the head, so that all pages speak of one moment.
//!
//! It carries a MAC: a phone that made up its own head or cursor would see what it saw long ago.

use subtle::ConstantTimeEq as _;
use wijkboek_model::{DeviceId, RecordId, Timestamp};
use wijkboek_sync::Cursor;

use crate::key::ServerKey;

/// Fewest bytes of changes in a page, whatever the phone asks.
pub const PAGE_BYTES_MIN: usize = 16 << 10;
/// Most bytes of changes in a page: with one document of the largest size it stays below the cap
/// on a message.
pub const PAGE_BYTES_MAX: usize = 4 << 20;

/// How long a token can be used, in milliseconds.
const VALID_MS: i64 = 60 * 60 * 1_000;
const VERSION: u8 = 1;
const MAC_BYTES: usize = 16;
const CURSOR_BYTES: usize = 24;
const TOKEN_BYTES: usize = 1 + 8 + 1 + CURSOR_BYTES + CURSOR_BYTES + 16 + MAC_BYTES;

/// Where a pull stands after a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Page {
    /// The phone's cursor: everything up to it is there already.
    pub(super) since: Option<Cursor>,
    /// The head that the pull is about.
    pub(super) head: Cursor,
    /// The last document dealt with; those with lower ids follow.
    pub(super) before: RecordId,
}

impl Page {
    pub(super) fn encode(&self, key: &ServerKey, device: DeviceId, now: Timestamp) -> Vec<u8> {
        let mut token = Vec::with_capacity(TOKEN_BYTES);
        token.push(VERSION);
        token.extend(now.as_millis().to_be_bytes());
        token.push(u8::from(self.since.is_some()));
        let none = Cursor { epoch: 0, number: 0, chain: [0; 8] };
        put(&mut token, self.since.as_ref().unwrap_or(&none));
        put(&mut token, &self.head);
        token.extend(self.before.as_bytes());
        let mac = mac(key, device, &token);
        token.extend(mac);
        token
    }

    /// Reads a token that this server gave to this device not long ago.
    pub(super) fn decode(
        token: &[u8],
        key: &ServerKey,
        device: DeviceId,
        now: Timestamp,
    ) -> Option<Self> {
        let (payload, given) = token.split_at_checked(TOKEN_BYTES - MAC_BYTES)?;
        if !bool::from(mac(key, device, payload).as_slice().ct_eq(given)) {
            return None;
        }
        let mut rest = payload;
        let [version] = take(&mut rest)?;
        let issued = i64::from_be_bytes(take(&mut rest)?);
        let [has_since] = take(&mut rest)?;
        let since = cursor(&mut rest)?;
        let head = cursor(&mut rest)?;
        let before = RecordId::from_bytes(&take::<16>(&mut rest)?).ok()?;
        let fresh = now.as_millis().saturating_sub(issued) <= VALID_MS;
        (version == VERSION && fresh).then_some(Self {
            since: (has_since == 1).then_some(since),
            head,
            before,
        })
    }
}

fn mac(key: &ServerKey, device: DeviceId, payload: &[u8]) -> [u8; MAC_BYTES] {
    let mut short = [0; MAC_BYTES];
    let full = key.mac(&[b"page", device.as_bytes(), payload]);
    short.copy_from_slice(&full[..MAC_BYTES]);
    short
}

fn put(token: &mut Vec<u8>, cursor: &Cursor) {
    token.extend(cursor.epoch.to_be_bytes());
    token.extend(cursor.number.to_be_bytes());
    token.extend(cursor.chain);
}

fn cursor(rest: &mut &[u8]) -> Option<Cursor> {
    Some(Cursor {
        epoch: u64::from_be_bytes(take(rest)?),
        number: u64::from_be_bytes(take(rest)?),
        chain: take(rest)?,
    })
}

fn take<const N: usize>(rest: &mut &[u8]) -> Option<[u8; N]> {
    let (taken, after) = rest.split_first_chunk::<N>()?;
    *rest = after;
    Some(*taken)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_serves_its_own_device_for_an_hour() {
        let key = ServerKey::from_bytes([7; 32]);
        let now = Timestamp::from_millis(1_000_000);
        let device = DeviceId::from_parts(now, [1; 10]);
        let page = Page {
            since: Some(Cursor { epoch: 1, number: 2, chain: [3; 8] }),
            head: Cursor { epoch: 1, number: 9, chain: [4; 8] },
            before: RecordId::from_parts(now, [5; 10]),
        };
        let token = page.encode(&key, device, now);
        assert_eq!(Page::decode(&token, &key, device, now), Some(page));

        let other = DeviceId::from_parts(now, [2; 10]);
        assert_eq!(Page::decode(&token, &key, other, now), None);
        let late = now.plus_millis(VALID_MS + 1);
        assert_eq!(Page::decode(&token, &key, device, late), None);
        for position in 0..token.len() {
            let mut forged = token.clone();
            forged[position] ^= 1;
            assert_eq!(Page::decode(&forged, &key, device, now), None);
        }
        assert_eq!(Page::decode(&[], &key, device, now), None);
    }
}
