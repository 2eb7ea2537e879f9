//! What is done about it: actions, escalations and the meetings where they are agreed.

use crate::record::shape::record;
use crate::{
    AreaCode, Day, EntryId, EscalationLevel, MeetingKind, OrganisationCode, Place, PrincipalId,
    RecordId, Sensitivity, Status, ThemeId, Timestamp,
};

record! {
    /// Who does what by when; comes from a contact, a melding or a meeting.
    Action {
        /// What is to be done.
        title: String => Title,
        /// More about it.
        note: String => Note,
        /// The buurt it is for.
        buurt: AreaCode => Buurt,
        /// The position, when there is one.
        place: Option<Place> => Place,
        /// Who may see it.
        sensitivity: Sensitivity => Sensitivity,
        /// How far it has come.
        status: Status => Status,
        /// The colleague who does it.
        assignee: Option<PrincipalId> => Assignee,
        /// The organisation that does it.
        organisation: Option<OrganisationCode> => Organisation,
        /// The day by which it should be done.
        due: Option<Day> => Due,
        /// What came of it.
        answer: Option<String> => Answer,
    }
    sets {
        /// Themes from the municipality's list.
        themes: ThemeId => Themes,
    }
}

record! {
    /// Doorzettingsmacht: a matter brought before a department head or the wethouder.
    Escalation {
        /// The record it is about.
        subject: RecordId => Subject,
        /// How high.
        level: EscalationLevel => Level,
        /// The office it is addressed to, such as "afdelingshoofd Beheer".
        addressee: String => Addressee,
        /// Why.
        note: String => Note,
        /// The day by which an answer is asked.
        due: Day => Due,
        /// The buurt of its subject.
        buurt: AreaCode => Buurt,
        /// Who may see it.
        sensitivity: Sensitivity => Sensitivity,
        /// How far it has come.
        status: Status => Status,
        /// What was decided.
        answer: Option<String> => Answer,
    }
}

record! {
    /// An overleg. Its minutes are prose that people write together, and lie beside these fields
    /// ([`ProseField::Minutes`](crate::ProseField)).
    Meeting {
        /// What kind of meeting.
        meeting_kind: MeetingKind => MeetingKind,
        /// What it is called.
        title: String => Title,
        /// Where, as people call it.
        place_name: String => PlaceName,
        /// The buurt where it is held; none for one that belongs to no wijk.
        buurt: Option<AreaCode> => Buurt,
        /// The position, when there is one.
        place: Option<Place> => Place,
        /// When it begins.
        starts_at: Timestamp => StartsAt,
        /// When it ends.
        ends_at: Timestamp => EndsAt,
        /// Who may see it.
        sensitivity: Sensitivity => Sensitivity,
        /// Planned, going on, held or cancelled.
        status: Status => Status,
        /// The covenant under which something may be shared with its partners.
        covenant: Option<RecordId> => Covenant,
    }
    sets {
        /// The colleagues and ambassadeurs who take part.
        team: PrincipalId => Team,
        /// The wijken it is about.
        wijken: AreaCode => Wijken,
        /// The records on its agenda.
        agenda: RecordId => Agenda,
        /// The organisations invited.
        organisations: OrganisationCode => Organisations,
    }
    maps {
        /// How many people each organisation sent.
        attendance: OrganisationCode, u32 => Attendance,
        /// What was decided; actions follow from it.
        decisions: EntryId, String => Decisions,
    }
}
