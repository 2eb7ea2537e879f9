//! The server's MACs of single changes that lie in a pack which was made here.
//!
//! 32 bytes that nothing compresses, so they lie beside the pack only where there are any: a pack
//! from the server has one MAC for all of it.

use std::collections::{BTreeMap, BTreeSet};

use wijkboek_model::RecordId;

/// For each document that has any, one entry per change, in the pack's order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Macs(BTreeMap<RecordId, Vec<Option<[u8; 32]>>>);

impl Macs {
    /// Reads what [`Self::written`] gave; what is damaged is as if it were not there.
    pub(crate) fn read(mut bytes: &[u8]) -> Self {
        let mut all = BTreeMap::new();
        while let Some((id, macs)) = read_document(&mut bytes) {
            all.insert(id, macs);
        }
        Self(all)
    }

    /// None when there are no MACs at all.
    pub(crate) fn written(&self) -> Option<Vec<u8>> {
        let mut bytes = vec![];
        for (id, macs) in &self.0 {
            bytes.extend_from_slice(id.as_bytes());
            bytes.extend_from_slice(&u32::try_from(macs.len()).unwrap_or(u32::MAX).to_le_bytes());
            for mac in macs {
                bytes.push(u8::from(mac.is_some()));
                bytes.extend_from_slice(mac.as_ref().map_or(&[], |mac| &mac[..]));
            }
        }
        (!bytes.is_empty()).then_some(bytes)
    }

    pub(crate) fn of(&self, id: RecordId) -> &[Option<[u8; 32]>] {
        self.0.get(&id).map_or(&[], Vec::as_slice)
    }

    pub(crate) fn insert(&mut self, id: RecordId, macs: Vec<Option<[u8; 32]>>) {
        if macs.iter().any(Option::is_some) {
            self.0.insert(id, macs);
        }
    }

    pub(crate) fn remove(&mut self, ids: &BTreeSet<RecordId>) {
        self.0.retain(|id, _| !ids.contains(id));
    }
}

fn read_document(bytes: &mut &[u8]) -> Option<(RecordId, Vec<Option<[u8; 32]>>)> {
    let id = RecordId::from_bytes(&take::<16>(bytes)?).ok()?;
    let count = u32::from_le_bytes(take(bytes)?);
    let mut macs = vec![];
    for _ in 0..count {
        let [there] = take(bytes)?;
        macs.push(if there == 0 { None } else { Some(take(bytes)?) });
    }
    Some((id, macs))
}

fn take<const N: usize>(bytes: &mut &[u8]) -> Option<[u8; N]> {
    let (head, rest) = bytes.split_first_chunk()?;
    *bytes = rest;
    Some(*head)
}

#[cfg(test)]
mod tests {
    use wijkboek_model::Timestamp;

    use super::*;

    #[test]
    fn what_was_written_is_read_and_damage_is_absence() {
        let id = |n| RecordId::from_parts(Timestamp::from_millis(n), [1; 10]);
        let mut macs = Macs::default();
        assert_eq!(macs.written(), None);
        macs.insert(id(1), vec![None, None]);
        macs.insert(id(2), vec![Some([2; 32]), None, Some([3; 32])]);
        macs.insert(id(3), vec![Some([4; 32])]);
        let bytes = macs.written().expect("some");
        assert_eq!(bytes.len(), 2 * 20 + 3 * 33 + 1);
        assert_eq!(Macs::read(&bytes), macs);
        assert_eq!(macs.of(id(1)), []);
        let cut = Macs::read(&bytes[..bytes.len() - 1]);
        assert_eq!((cut.of(id(2)).len(), cut.of(id(3)).len()), (3, 0));
        macs.remove(&BTreeSet::from([id(2)]));
        assert_eq!(macs.written().expect("one left").len(), 20 + 33);
    }
}
