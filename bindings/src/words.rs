//! The closed lists of words, as enums of core that cross the border unchanged.

use wijkboek_model::{
    AgeGroup, AnswerForm, Channel, ContactKind, Field, Lang, Party, PlaceSource, RecordType, Role,
    Sensitivity, Status,
};

/// What a document is about.
#[uniffi::remote(Enum)]
pub enum RecordType {
    /// One conversation.
    Contact,
    /// A melding: an issue at a place.
    Signal,
    /// A buurttentbezoek or another presence in the wijk.
    Visit,
}

/// What a resident brings.
#[uniffi::remote(Enum)]
pub enum ContactKind {
    /// A question.
    Vraag,
    /// Dissatisfaction about wijk or service.
    Klacht,
    /// An observation or a pattern.
    Signaal,
    /// A plan of their own.
    Initiatief,
}

/// How far a contact or melding has come.
#[uniffi::remote(Enum)]
pub enum Status {
    /// Nobody has taken it up.
    Nieuw,
    /// Taken up.
    InBehandeling,
    /// Done, with an answer.
    Afgehandeld,
    /// Turned down, with a reason.
    Afgewezen,
}

/// Age in five groups; "unknown" is the absence of one.
#[uniffi::remote(Enum)]
pub enum AgeGroup {
    /// 0 to 14 years.
    Age0To14,
    /// 15 to 24 years.
    Age15To24,
    /// 25 to 44 years.
    Age25To44,
    /// 45 to 64 years.
    Age45To64,
    /// 65 years and older.
    Age65Plus,
}

/// Who spoke.
#[uniffi::remote(Enum)]
pub enum Party {
    /// A resident.
    Bewoner,
    /// Somebody with a business.
    Ondernemer,
    /// An organisation.
    Organisatie,
    /// A child.
    Kind,
}

/// Through what the contact came.
#[uniffi::remote(Enum)]
pub enum Channel {
    /// Met while walking the wijk.
    Wijkronde,
    /// At the buurttent.
    Buurttent,
    /// Through an ambassadeur.
    Ambassadeur,
    /// By telephone.
    Telefoon,
    /// By e-mail.
    Email,
    /// At the desk.
    Balie,
}

/// Who may see a record beyond those whose wijk it is.
#[uniffi::remote(Enum)]
pub enum Sensitivity {
    /// Ordinary.
    Gewoon,
    /// Care, minors, accusations.
    Gevoelig,
    /// Marked for OOV.
    Vertrouwelijk,
}

/// Where a position came from.
#[uniffi::remote(Enum)]
pub enum PlaceSource {
    /// The device's own position.
    Gps,
    /// Pointed out on a map.
    Kaart,
    /// Looked up from an address.
    Adres,
}

/// How a collective answer is given.
#[uniffi::remote(Enum)]
pub enum AnswerForm {
    /// A board in the street.
    Bord,
    /// At the buurttent.
    Tent,
    /// In the neighbourhood's chat group.
    Buurtapp,
    /// Through a school.
    School,
}

/// What somebody is to the municipality.
#[uniffi::remote(Enum)]
pub enum Role {
    /// A resident with a direct line to the wijkregisseur.
    Ambassadeur,
    /// Walks the wijk.
    Wijkregisseur,
    /// Office staff.
    Medewerker,
    /// Public Order and Safety.
    Oov,
    /// A party of a leefbaarheidsteam.
    Partner,
    /// A member of the college.
    Bestuurder,
    /// Accounts, devices, areas, settings; no content.
    Beheerder,
    /// Carries out requests about personal data.
    PrivacyOfficer,
    /// Supervises, reads only audit and reports.
    Fg,
}

/// The language of the screen.
#[uniffi::remote(Enum)]
pub enum Lang {
    /// Dutch.
    Nl,
    /// English.
    En,
}

/// A field that holds one value at a time.
#[uniffi::remote(Enum)]
pub enum Field {
    /// What a resident brings.
    Kind,
    /// The note.
    Note,
    /// The buurt.
    Buurt,
    /// The position.
    Place,
    /// When it happened.
    OccurredAt,
    /// Where the person lives.
    LivesIn,
    /// How many people.
    People,
    /// How many households.
    Households,
    /// Who spoke.
    Party,
    /// Age group.
    AgeGroup,
    /// Channel.
    Channel,
    /// Language.
    Language,
    /// Who may see it.
    Sensitivity,
    /// How far it has come.
    Status,
    /// About the municipality's own conduct.
    OverOptreden,
    /// What was promised.
    Promise,
    /// The answer given.
    Answer,
    /// The visit it hangs under.
    Visit,
    /// Who works on it.
    Assignee,
    /// A visit's square or building.
    PlaceName,
    /// A visit's opening time.
    StartsAt,
    /// A visit's closing time.
    EndsAt,
}
