//! The virtual network: a heap of deliveries, ordered by virtual time.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use wijkboek_sync::{CallError, CallId, Endpoint};

/// Something that arrives at a moment.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Delivery {
    at_ms: u64,
    /// Keeps the order of deliveries of one moment the same in each run of a seed.
    turn: u64,
    pub(super) device: usize,
    /// The process of that device that the call belongs to: a new one gets no old answers.
    pub(super) incarnation: u32,
    pub(super) call: CallId,
    pub(super) what: Parcel,
}

/// What arrives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Parcel {
    /// A request, at the office.
    Request { endpoint: Endpoint, body: Vec<u8> },
    /// An answer, at the device.
    Answer(Result<Vec<u8>, CallError>),
}

// Only moment and turn decide the order; a parcel has none of its own.
impl PartialOrd for Parcel {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Parcel {
    fn cmp(&self, _: &Self) -> std::cmp::Ordering {
        std::cmp::Ordering::Equal
    }
}

/// Everything that is under way.
#[derive(Debug, Default)]
pub(super) struct Network {
    heap: BinaryHeap<Reverse<Delivery>>,
    turns: u64,
}

impl Network {
    /// Sends something that arrives at `at_ms`.
    pub(super) fn send(
        &mut self,
        at_ms: u64,
        device: usize,
        incarnation: u32,
        call: CallId,
        what: Parcel,
    ) {
        self.turns += 1;
        let turn = self.turns;
        self.heap.push(Reverse(Delivery { at_ms, turn, device, incarnation, call, what }));
    }

    /// The next delivery that is due.
    pub(super) fn due(&mut self, now_ms: u64) -> Option<Delivery> {
        if self.heap.peek().is_some_and(|Reverse(next)| next.at_ms <= now_ms) {
            self.heap.pop().map(|Reverse(next)| next)
        } else {
            None
        }
    }

    /// Whether nothing is under way but the time limits of calls.
    pub(super) fn is_quiet(&self) -> bool {
        self.heap.iter().all(|Reverse(delivery)| match &delivery.what {
            Parcel::Request { .. } => false,
            Parcel::Answer(answer) => *answer == Err(CallError::Timeout),
        })
    }

    /// When the next one is due.
    pub(super) fn next_at(&self) -> Option<u64> {
        self.heap.peek().map(|Reverse(next)| next.at_ms)
    }
}
