//! Records for tests, here and in the crates above. Never part of a build that ships: feature
//! `testing`.

use crate::{Field, Parts, Record, RecordId, RecordType, Timestamp, Value};

/// When these records came about: 2026-03-03T09:12:00Z.
pub const AT: Timestamp = Timestamp::from_millis(1_772_529_120_000);

/// A valid record of a type, each field filled with the least that may stand there.
///
/// # Panics
/// Never: a test asks for each type.
pub fn one_of(record_type: RecordType) -> Record {
    let fields = Field::of(record_type).iter().map(|field| (*field, least(record_type, *field)));
    let parts = Parts { fields: fields.collect(), ..Parts::default() };
    Record::from_parts(record_type, &parts).expect("a record of this type")
}

fn least(record_type: RecordType, field: Field) -> Value {
    use Field as F;
    let text = |text: &str| Value::Text(text.to_owned());
    if Field::optional(record_type).contains(&field) {
        return Value::Null;
    }
    match field {
        F::Kind => text("vraag"),
        F::Buurt => text("BU05970600"),
        F::LivesIn => text("onbekend"),
        F::People | F::Households | F::SupportMin | F::DecisionWeeks => Value::Int(4),
        F::Party => text("bewoner"),
        F::Channel => text("wijkronde"),
        F::Language => text("nld"),
        F::Sensitivity => text("gewoon"),
        F::Status => text("nieuw"),
        F::Stage => text("ingediend"),
        F::Promise => text("ongezegd"),
        F::Level => text("wethouder"),
        F::MeetingKind => text("werkgroep"),
        F::Ground => text("publieke-taak"),
        F::GivenHow => text("mondeling"),
        F::Year => Value::Int(2026),
        F::RequestedCents | F::AmountCents | F::IdeaMaxCents => Value::Int(100_000),
        F::OverOptreden | F::OwnEffortRequired | F::Ambassadeur => Value::Bool(false),
        F::OccurredAt | F::StartsAt | F::EndsAt => Value::Time(AT),
        F::Due
        | F::ReceivedOn
        | F::KeepUntil
        | F::GivenOn
        | F::ConsentOn
        | F::RenewBy
        | F::ValidFrom
        | F::ValidUntil => text("2026-04-16"),
        F::Subject | F::Person => text(&RecordId::from_parts(AT, [9; 10]).to_string()),
        F::Title
        | F::Note
        | F::Addressee
        | F::PlaceName
        | F::OwnEffort
        | F::Name
        | F::Purpose
        | F::Recipient => text("Iets"),
        F::Place
        | F::AgeGroup
        | F::Answer
        | F::Feedback
        | F::Visit
        | F::Assignee
        | F::Organisation
        | F::Covenant
        | F::Budget
        | F::DecidedOn
        | F::GrantedCents
        | F::AccountedCents
        | F::Phone
        | F::Email
        | F::Address
        | F::BirthYear
        | F::Guardian
        | F::WithdrawnOn
        | F::TermFrom
        | F::TermUntil
        | F::Agreements
        | F::Account
        | F::To => Value::Null,
    }
}
