//! How sensitive a new record is unless somebody says otherwise.

use crate::{AgeGroup, Record, Reference, Sensitivity};

/// The sensitivity that a new record gets: what its writer chose, but at least
/// [`Sensitivity::Gevoelig`] when one of its themes is sensitive or a child up to 14 speaks.
pub fn default_sensitivity(record: &Record, reference: Option<&Reference>) -> Sensitivity {
    let (themes, minor) = match record {
        Record::Contact(contact) => {
            (Some(&contact.themes), contact.age_group == Some(AgeGroup::Age0To14))
        }
        Record::Signal(signal) => (Some(&signal.themes), false),
        Record::Visit(_) => (None, false),
    };
    let by_theme = match (reference, themes) {
        (Some(reference), Some(themes)) => reference.default_sensitivity(themes),
        (None, _) | (_, None) => Sensitivity::Gewoon,
    };
    let by_age = if minor { Sensitivity::Gevoelig } else { Sensitivity::Gewoon };
    record.sensitivity().max(by_theme).max(by_age)
}
