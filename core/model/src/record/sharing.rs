//! What is shared with others, and what others add: covenants, "+1", replies, and the notes that
//! the reporter of a melding never reads.

use crate::record::shape::record;
use crate::{AreaCode, DataKind, Day, OrganisationCode, PrincipalId, RecordId, Sensitivity};

record! {
    /// A covenant: which organisations may be told what, for what, until when.
    Covenant {
        /// What it is called.
        title: String => Title,
        /// For what something may be shared.
        purpose: String => Purpose,
        /// The first day on which it is valid.
        valid_from: Day => ValidFrom,
        /// The last day on which it is valid.
        valid_until: Day => ValidUntil,
        /// Who may see it.
        sensitivity: Sensitivity => Sensitivity,
    }
    sets {
        /// The wijken of the team.
        wijken: AreaCode => Wijken,
        /// Its parties.
        organisations: OrganisationCode => Organisations,
        /// What may be shared.
        data_kinds: DataKind => DataKinds,
    }
}

record! {
    /// "+1 mede-melder": somebody else has noticed the same.
    Endorsement {
        /// The record it supports.
        subject: RecordId => Subject,
        /// What they add.
        note: Option<String> => Note,
        /// The buurt of its subject.
        buurt: AreaCode => Buurt,
        /// Who may see it.
        sensitivity: Sensitivity => Sensitivity,
    }
}

record! {
    /// A reply by or to somebody who sees only a card of the record.
    Reply {
        /// The record it is about.
        subject: RecordId => Subject,
        /// To whom; none for whoever works on the subject.
        to: Option<PrincipalId> => To,
        /// What it says.
        note: String => Note,
        /// The buurt of its subject.
        buurt: AreaCode => Buurt,
        /// Who may see it.
        sensitivity: Sensitivity => Sensitivity,
    }
}

record! {
    /// A note among colleagues, which the reporter of its subject never reads.
    InternalNote {
        /// The record it is about.
        subject: RecordId => Subject,
        /// What it says.
        note: String => Note,
        /// The buurt of its subject.
        buurt: AreaCode => Buurt,
        /// Who may see it.
        sensitivity: Sensitivity => Sensitivity,
    }
}
