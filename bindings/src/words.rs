//! The closed lists of words, as enums of core that cross the border unchanged.

use wijkboek_model::{
    AgeGroup, AnswerForm, Channel, ContactKind, Feedback, Field, Lang, Party, PlaceSource,
    RecordType, Role, Sensitivity, Status,
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
    /// Who does what by when.
    Action,
    /// A matter brought higher up.
    Escalation,
    /// An overleg.
    Meeting,
    /// A wijkidee.
    Idea,
    /// A budget for wijkideeën.
    Budget,
    /// A resident's contact details.
    Person,
    /// Consent to pass something on.
    Consent,
    /// Somebody of the network.
    Relation,
    /// What may be shared with partners.
    Covenant,
    /// "+1 mede-melder".
    Endorsement,
    /// A reply by or to somebody who sees only a card.
    Reply,
    /// A note among colleagues.
    InternalNote,
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

/// What became of the answer that was promised, said when a record is closed.
#[uniffi::remote(Enum)]
pub enum Feedback {
    /// Nobody waits for one.
    NietNodig,
    /// It was given.
    Gegeven,
    /// It could not be given, for instance because nobody can be reached.
    NietMogelijk,
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
    /// What it is called.
    Title,
    /// The note.
    Note,
    /// The buurt.
    Buurt,
    /// The position.
    Place,
    /// When it happened: the user's own statement.
    OccurredAt,
    /// Where the person lives.
    LivesIn,
    /// How many people.
    People,
    /// How many households.
    Households,
    /// Who spoke.
    Party,
    /// The age group, when known.
    AgeGroup,
    /// Through what it came.
    Channel,
    /// ISO 639-2/B code of a language, three letters.
    Language,
    /// Who may see it.
    Sensitivity,
    /// How far it has come.
    Status,
    /// How far a wijkidee has come.
    Stage,
    /// About the municipality's own conduct.
    OverOptreden,
    /// What was promised.
    Promise,
    /// The answer given, or the reasons of a decision.
    Answer,
    /// What became of the promised answer.
    Feedback,
    /// The visit it hangs under.
    Visit,
    /// The record it is about.
    Subject,
    /// Who works on it.
    Assignee,
    /// The organisation that does it.
    Organisation,
    /// The day by which it should be done.
    Due,
    /// How high it was escalated.
    Level,
    /// The office it is addressed to.
    Addressee,
    /// What kind of meeting.
    MeetingKind,
    /// The square, building or room, as people call it.
    PlaceName,
    /// When it begins.
    StartsAt,
    /// When it ends.
    EndsAt,
    /// The covenant under which it is shared.
    Covenant,
    /// What is asked for, in eurocents.
    RequestedCents,
    /// What the residents do themselves.
    OwnEffort,
    /// The person it is about, or who handed it in.
    Person,
    /// The budget it is paid from.
    Budget,
    /// When it came in.
    ReceivedOn,
    /// When it was decided.
    DecidedOn,
    /// What was granted, in eurocents.
    GrantedCents,
    /// What was accounted for, in eurocents.
    AccountedCents,
    /// The calendar year.
    Year,
    /// How much there is, in eurocents.
    AmountCents,
    /// The most that one idea may get, in eurocents.
    IdeaMaxCents,
    /// Whether residents must do something themselves.
    OwnEffortRequired,
    /// How many supporters an idea needs.
    SupportMin,
    /// Within how many weeks an idea is decided.
    DecisionWeeks,
    /// What somebody is called.
    Name,
    /// A telephone number.
    Phone,
    /// An e-mail address.
    Email,
    /// A postal address.
    Address,
    /// A year of birth.
    BirthYear,
    /// The parent or guardian, another person.
    Guardian,
    /// For what details are kept or something is shared.
    Purpose,
    /// On what ground details are kept.
    Ground,
    /// The day after which details are removed.
    KeepUntil,
    /// To whom something may be passed on.
    Recipient,
    /// How somebody consented.
    GivenHow,
    /// When somebody consented to pass something on.
    GivenOn,
    /// When consent was taken back.
    WithdrawnOn,
    /// When somebody consented to be in the network.
    ConsentOn,
    /// By when that consent is asked for again.
    RenewBy,
    /// Whether somebody is an ambassadeur.
    Ambassadeur,
    /// Since when somebody is an ambassadeur.
    TermFrom,
    /// Until when somebody is an ambassadeur.
    TermUntil,
    /// What was agreed with an ambassadeur.
    Agreements,
    /// Somebody's account here.
    Account,
    /// The first day on which it is valid.
    ValidFrom,
    /// The last day on which it is valid.
    ValidUntil,
    /// To whom a reply is addressed.
    To,
}
