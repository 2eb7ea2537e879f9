//! Locks and shared memory of one file, between the connections of this process.
//!
//! The regions of shared memory are boxed: `SQLite` keeps pointers into them until it unmaps.

use std::collections::BTreeMap;

/// Names an open file among all of a disk.
pub(super) type Holder = usize;

/// The levels of a file lock, in `SQLite`'s order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Level {
    None,
    Shared,
    Reserved,
    Pending,
    Exclusive,
}

#[derive(Debug, Default)]
pub(super) struct Locks {
    levels: BTreeMap<Holder, Level>,
    slots: BTreeMap<usize, Slot>,
    regions: Vec<Box<[u64]>>,
    mapped: usize,
}

#[derive(Debug, Default)]
struct Slot {
    shared: Vec<Holder>,
    exclusive: Option<Holder>,
}

impl Locks {
    /// Raises a lock; false when somebody else is in the way.
    pub(super) fn raise(&mut self, holder: Holder, level: Level) -> bool {
        let held = self.levels.get(&holder).copied().unwrap_or(Level::None);
        if held >= level {
            return true;
        }
        let highest = self.levels.iter().filter(|(other, _)| **other != holder).map(|(_, l)| *l);
        let highest = highest.max().unwrap_or(Level::None);
        let free = match level {
            Level::None => true,
            Level::Shared => highest < Level::Pending,
            Level::Reserved | Level::Pending => highest < Level::Reserved,
            Level::Exclusive => highest == Level::None,
        };
        if free {
            self.levels.insert(holder, level);
        }
        free
    }

    pub(super) fn lower(&mut self, holder: Holder, level: Level) {
        match level {
            Level::None => {
                self.levels.remove(&holder);
            }
            Level::Shared | Level::Reserved | Level::Pending | Level::Exclusive => {
                self.levels.insert(holder, level);
            }
        }
    }

    pub(super) fn is_reserved(&self) -> bool {
        self.levels.values().any(|level| *level >= Level::Reserved)
    }

    /// A region of shared memory of so many bytes; none when it is not there and not to be made.
    pub(super) fn region(&mut self, n: usize, bytes: usize, make: bool) -> Option<*mut u64> {
        while make && self.regions.len() <= n {
            self.regions.push(vec![0; bytes.div_ceil(8)].into_boxed_slice());
        }
        self.regions.get_mut(n).map(|region| region.as_mut_ptr())
    }

    pub(super) fn map(&mut self) {
        self.mapped += 1;
    }

    /// Lets go of shared memory; the last one out frees it.
    pub(super) fn unmap(&mut self, holder: Holder) {
        for slot in self.slots.values_mut() {
            slot.shared.retain(|other| *other != holder);
            slot.exclusive = slot.exclusive.filter(|other| *other != holder);
        }
        self.mapped = self.mapped.saturating_sub(1);
        if self.mapped == 0 {
            self.regions.clear();
        }
    }

    /// Takes slots of shared memory's locks, all or none.
    pub(super) fn take(
        &mut self,
        holder: Holder,
        slots: std::ops::Range<usize>,
        exclusive: bool,
    ) -> bool {
        let free = slots.clone().all(|n| {
            let slot = self.slots.entry(n).or_default();
            let alone = slot.exclusive.is_none_or(|other| other == holder);
            alone && (!exclusive || slot.shared.iter().all(|other| *other == holder))
        });
        if free {
            for n in slots {
                let slot = self.slots.entry(n).or_default();
                if exclusive {
                    slot.exclusive = Some(holder);
                } else if !slot.shared.contains(&holder) {
                    slot.shared.push(holder);
                }
            }
        }
        free
    }

    pub(super) fn release(&mut self, holder: Holder, slots: std::ops::Range<usize>) {
        for n in slots {
            let slot = self.slots.entry(n).or_default();
            slot.shared.retain(|other| *other != holder);
            slot.exclusive = slot.exclusive.filter(|other| *other != holder);
        }
    }
}
