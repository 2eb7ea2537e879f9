//! Rules that look further than one record's own fields: the clock, today, and what comes next.
//!
//! Judged when somebody writes, and told with the field; a change that arrives from elsewhere is
//! not judged by this device's clock.

use wijkboek_crdt::Document;
use wijkboek_model::{
    Day, Field, Invalid, Record, RecordId, Status, Timestamp, Write, local_day, missing_to_close,
    person_faults, validate_at, validate_moment,
};

use super::{Wijkboek, guarded};
use crate::error::WijkboekError;

impl Wijkboek {
    /// Everything that has to be said before this record may be closed, in the order of the
    /// screen.
    ///
    /// # Errors
    /// [`WijkboekError::NotFound`], [`WijkboekError::Invalid`] for a record that this version
    /// cannot read, and those of the database.
    pub fn missing_to_close(&self, id: RecordId) -> Result<Vec<Invalid>, WijkboekError> {
        guarded(|| Ok(missing_to_close(&self.readable(id)?)))
    }

    /// Which statuses this record may have next, in the order of the screen; none for a type
    /// without a status.
    ///
    /// # Errors
    /// As [`Self::missing_to_close`].
    pub fn next_statuses(&self, id: RecordId) -> Result<Vec<Status>, WijkboekError> {
        guarded(|| {
            let record = self.readable(id)?;
            let next = record.status().map(|status| status.next(record.record_type()));
            Ok(next.unwrap_or_default())
        })
    }

    fn readable(&self, id: RecordId) -> Result<Record, WijkboekError> {
        let document = self.shared().store().document(id)?;
        Ok(document.ok_or(WijkboekError::NotFound { id })?.record()?)
    }
}

/// Judges a new record as it is made.
pub(super) fn judge_new(record: &Record, now: Timestamp) -> Result<(), Invalid> {
    validate_at(record, now)?;
    today(record, local_day(now)).into_iter().next().map_or(Ok(()), Err)
}

/// Judges an edit as it is made, for what it breaks itself.
pub(super) fn judge_edit(
    document: &Document,
    before: &Record,
    writes: &[Write],
    now: Timestamp,
) -> Result<(), Invalid> {
    let after = document.record_after(writes)?;
    let moves = |write: &Write| matches!(write, Write::Put(Field::OccurredAt | Field::StartsAt, _));
    if writes.iter().any(moves) {
        validate_moment(&after, now)?;
    }
    let earlier = today(before, local_day(now));
    let new = today(&after, local_day(now)).into_iter().find(|fault| !earlier.contains(fault));
    new.map_or(Ok(()), Err)
}

/// What the rules on contact details say today.
fn today(record: &Record, today: Day) -> Vec<Invalid> {
    if let Record::Person(person) = record { person_faults(person, today) } else { Vec::new() }
}
