//! Rules that concern several fields at once, judged where a change was written.
//!
//! Two changes that each keep the rules may break one when they meet; that is shown as a
//! conflict and refused to nobody. So a change is judged on what its writer saw, and only for
//! what it breaks itself.

use wijkboek_model::{
    Invalid, Parts, Record, RecordType, Value, Write, is_judged_together, validate_growth,
    validate_together,
};

/// Whether a write can break a rule that concerns more than its own value.
pub(crate) fn can_break_a_rule(write: &Write) -> bool {
    match write {
        Write::Put(field, _) => is_judged_together(*field),
        Write::Insert(..) | Write::Set(..) => true,
        Write::Remove(..) | Write::Splice(..) | Write::Append(_) | Write::Increment(..) => false,
    }
}

/// The rule that these writes break on a record that kept it.
///
/// The rules between fields are not judged on a record that this version cannot read; how large
/// its sets may be is, and the values were judged one by one before.
pub(crate) fn breaks_a_rule(
    record_type: RecordType,
    before: &Parts,
    writes: &[Write],
) -> Option<Invalid> {
    let after = written(before, writes);
    if let Err(too_many) = validate_growth(before, &after) {
        return Some(too_many);
    }
    let was_broken = validate_together(&Record::from_parts(record_type, before).ok()?).err();
    let broken = match Record::from_parts(record_type, &after) {
        Ok(record) => validate_together(&record).err()?,
        Err(unreadable) => unreadable,
    };
    (was_broken != Some(broken)).then_some(broken)
}

/// What a record's fields, sets and maps become by these writes.
pub(crate) fn written(before: &Parts, writes: &[Write]) -> Parts {
    let mut after = before.clone();
    for write in writes {
        match write {
            Write::Put(field, value) => {
                after.fields.insert(*field, value.clone());
            }
            Write::Insert(set, member) => {
                after.sets.entry(*set).or_default().insert(member.clone());
            }
            Write::Remove(set, member) => {
                after.sets.entry(*set).or_default().remove(member);
            }
            Write::Set(map, key, Value::Null) => {
                after.maps.entry(*map).or_default().remove(key);
            }
            Write::Set(map, key, value) => {
                after.maps.entry(*map).or_default().insert(key.clone(), value.clone());
            }
            Write::Splice(..) | Write::Append(_) | Write::Increment(..) => {}
        }
    }
    after
}
