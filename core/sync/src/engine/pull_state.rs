//! Where pulling stands, as the store keeps it between two runs of the app.

use std::collections::BTreeSet;

use minicbor::{Decode, Encode};
use wijkboek_model::{RecordId, Timestamp};

use crate::shape;
use crate::wire::Cursor;

/// Opaque to the store; whatever cannot be read counts as "nothing pulled yet", which only costs
/// fetching again.
#[derive(Debug, Clone, Default, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub(crate) struct PullState {
    /// Where the last complete pull ended.
    #[n(0)]
    pub(crate) cursor: Option<Cursor>,
    /// The rest of an incomplete one.
    #[cbor(n(1), with = "minicbor::bytes")]
    pub(crate) page: Option<Vec<u8>>,
    /// Documents to ask for whole.
    #[cbor(n(2), with = "crate::field")]
    pub(crate) whole: BTreeSet<RecordId>,
    /// When a round was last complete, in milliseconds.
    #[n(3)]
    pub(crate) last_success_ms: Option<i64>,
}

impl PullState {
    pub(crate) fn from_bytes(bytes: &[u8]) -> Self {
        match shape::check(bytes) {
            Ok(()) => minicbor::decode(bytes).unwrap_or_default(),
            Err(_) => Self::default(),
        }
    }

    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        match minicbor::encode(self, &mut bytes) {
            Ok(()) => bytes,
            Err(_) => unreachable!("no fallible encoder, and a Vec takes every byte"),
        }
    }

    pub(crate) fn last_success(&self) -> Option<Timestamp> {
        self.last_success_ms.map(Timestamp::from_millis)
    }
}
