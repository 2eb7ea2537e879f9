//! Values, writes and rows as people read them.

use wijkboek_model::{
    Advice, AgeGroup, AreaCode, Channel, ConsentHow, ContactKind, Cost, DataKind, EscalationLevel,
    Feedback, Field, ForeignReference, IdeaStage, Label, LawfulGround, Link, LivesIn, MapField,
    MeetingKind, Party, Place, PrincipalId, Promise, RecordType, Sensitivity, SetField, Status,
    TallyKey, Value, Write,
};

use super::names::Names;
use super::time::{Moment, day};
use super::wording::{say, texts};

/// A kind (or "visit", which has none) as a sign, a colour and a word.
#[derive(Debug, Clone)]
pub(super) struct Kind {
    pub(super) word: &'static str,
    pub(super) label: &'static str,
}

impl Kind {
    pub(super) fn of(kind: Option<ContactKind>, names: &Names) -> Self {
        match kind {
            Some(kind) => Self { word: kind.as_str(), label: kind.label(names.lang) },
            None => Self { word: "bezoek", label: texts(names.lang).visit_short },
        }
    }

    /// All of them, for a legend.
    pub(super) fn all(names: &Names) -> Vec<Self> {
        let kinds = ContactKind::ALL.iter().map(|kind| Some(*kind)).chain([None]);
        kinds.map(|kind| Self::of(kind, names)).collect()
    }
}

/// A status as a badge.
#[derive(Debug, Clone)]
pub(super) struct Badge {
    pub(super) css: &'static str,
    pub(super) label: &'static str,
}

impl Badge {
    pub(super) fn of(status: Status, names: &Names) -> Self {
        let css = match status {
            Status::Nieuw => "utrecht-status-badge--active",
            Status::InBehandeling => "utrecht-status-badge--warning",
            Status::Afgehandeld => "utrecht-status-badge--safe",
            Status::Afgewezen => "utrecht-status-badge--neutral",
        };
        Self { css, label: status.label(names.lang) }
    }
}

/// A field's value.
pub(super) fn value(field: Field, value: &Value, names: &Names) -> String {
    let (lang, t) = (names.lang, texts(names.lang));
    match value {
        Value::Null => t.empty.to_owned(),
        Value::Bool(true) => t.yes.to_owned(),
        Value::Bool(false) => t.no.to_owned(),
        Value::Int(cents) if is_money(field) => euros(*cents),
        Value::Int(number) => number.to_string(),
        Value::Time(at) => Moment::of(*at, lang).line(),
        Value::Text(text) if text.is_empty() => t.empty.to_owned(),
        Value::Text(text) => word(field, text, names).unwrap_or_else(|| text.clone()),
    }
}

fn is_money(field: Field) -> bool {
    matches!(
        field,
        Field::RequestedCents
            | Field::GrantedCents
            | Field::AccountedCents
            | Field::AmountCents
            | Field::IdeaMaxCents
    )
}

fn euros(cents: i64) -> String {
    format!("€\u{a0}{},{:02}", cents / 100, cents % 100)
}

/// The name of a code or a word of a closed list; none when it is plain text, or unknown here.
fn word(field: Field, text: &str, names: &Names) -> Option<String> {
    let lang = names.lang;
    let label = |label: &'static str| Some(label.to_owned());
    match field {
        Field::Kind => label(text.parse::<ContactKind>().ok()?.label(lang)),
        Field::Status => label(text.parse::<Status>().ok()?.label(lang)),
        Field::Stage => label(text.parse::<IdeaStage>().ok()?.label(lang)),
        Field::AgeGroup => label(text.parse::<AgeGroup>().ok()?.label(lang)),
        Field::Party => label(text.parse::<Party>().ok()?.label(lang)),
        Field::Channel => label(text.parse::<Channel>().ok()?.label(lang)),
        Field::Sensitivity => label(text.parse::<Sensitivity>().ok()?.label(lang)),
        Field::Feedback => label(text.parse::<Feedback>().ok()?.label(lang)),
        Field::Level => label(text.parse::<EscalationLevel>().ok()?.label(lang)),
        Field::MeetingKind => label(text.parse::<MeetingKind>().ok()?.label(lang)),
        Field::Ground => label(text.parse::<LawfulGround>().ok()?.label(lang)),
        Field::GivenHow => label(text.parse::<ConsentHow>().ok()?.label(lang)),
        Field::Buurt => Some(names.area(&text.parse().ok()?)),
        Field::LivesIn => Some(lives_in(&text.parse().ok()?, names)),
        Field::Promise => Some(promise(text.parse().ok()?, names)),
        Field::Place => Some(place(&text.parse().ok()?, names)),
        Field::Assignee | Field::To | Field::Account => {
            Some(names.person(text.parse::<PrincipalId>().ok()?))
        }
        Field::Visit => label(texts(lang).visit),
        Field::Language => label(language(text, names)?),
        Field::Due
        | Field::ReceivedOn
        | Field::DecidedOn
        | Field::KeepUntil
        | Field::GivenOn
        | Field::WithdrawnOn
        | Field::ConsentOn
        | Field::RenewBy
        | Field::TermFrom
        | Field::TermUntil
        | Field::ValidFrom
        | Field::ValidUntil => Some(day(text, lang)),
        Field::Title
        | Field::Note
        | Field::Answer
        | Field::PlaceName
        | Field::OccurredAt
        | Field::StartsAt
        | Field::EndsAt
        | Field::People
        | Field::Households
        | Field::OverOptreden
        | Field::Subject
        | Field::Organisation
        | Field::Addressee
        | Field::Covenant
        | Field::RequestedCents
        | Field::OwnEffort
        | Field::Person
        | Field::Budget
        | Field::GrantedCents
        | Field::AccountedCents
        | Field::Year
        | Field::AmountCents
        | Field::IdeaMaxCents
        | Field::OwnEffortRequired
        | Field::SupportMin
        | Field::DecisionWeeks
        | Field::Name
        | Field::Phone
        | Field::Email
        | Field::Address
        | Field::BirthYear
        | Field::Guardian
        | Field::Purpose
        | Field::Recipient
        | Field::Ambassadeur
        | Field::Agreements => None,
    }
}

pub(super) fn lives_in(home: &LivesIn, names: &Names) -> String {
    match home {
        LivesIn::Elsewhere(area) => names.area(area),
        LivesIn::Unknown | LivesIn::Here | LivesIn::Outside => home.label(names.lang).to_owned(),
    }
}

pub(super) fn promise(promise: Promise, names: &Names) -> String {
    let lang = names.lang;
    let (form, by) = match promise {
        Promise::Unsaid | Promise::NotAsked => (None, None),
        Promise::Personal { by } => (None, by),
        Promise::Collective { form, by } => (Some(form.label(lang)), by),
    };
    let mut text = promise.label(lang).to_owned();
    if let Some(form) = form {
        text = format!("{text}: {}", form.to_lowercase());
    }
    if let Some(by) = by {
        let until = say(lang, "uiterlijk", "by");
        text = format!("{text}, {until} {}", day(&by.to_string(), lang));
    }
    text
}

pub(super) fn place(place: &Place, names: &Names) -> String {
    let within = say(names.lang, "tot op", "within");
    // The number stays with its unit.
    format!("{}, {within} {}\u{a0}m", place.source().label(names.lang), place.accuracy_m())
}

/// The languages that are heard most, by their ISO 639-2/B code.
pub(super) fn language(code: &str, names: &Names) -> Option<&'static str> {
    let lang = names.lang;
    Some(match code {
        "nld" | "dut" => say(lang, "Nederlands", "Dutch"),
        "eng" => say(lang, "Engels", "English"),
        "tur" => say(lang, "Turks", "Turkish"),
        "ara" => say(lang, "Arabisch", "Arabic"),
        "pol" => say(lang, "Pools", "Polish"),
        "ukr" => say(lang, "Oekraïens", "Ukrainian"),
        "deu" | "ger" => say(lang, "Duits", "German"),
        "fra" | "fre" => say(lang, "Frans", "French"),
        "spa" => say(lang, "Spaans", "Spanish"),
        "por" => say(lang, "Portugees", "Portuguese"),
        "ron" | "rum" => say(lang, "Roemeens", "Romanian"),
        "bul" => say(lang, "Bulgaars", "Bulgarian"),
        "pap" => say(lang, "Papiaments", "Papiamento"),
        _ => return None,
    })
}

/// The code for HTML's `lang` of the languages that a note may be written in.
pub(super) fn html_language(code: &str) -> Option<&'static str> {
    Some(match code {
        "nld" | "dut" => "nl",
        "eng" => "en",
        "tur" => "tr",
        "ara" => "ar",
        "pol" => "pl",
        "ukr" => "uk",
        "deu" | "ger" => "de",
        "fra" | "fre" => "fr",
        "spa" => "es",
        "por" => "pt",
        "ron" | "rum" => "ro",
        "bul" => "bg",
        "pap" => "pap",
        _ => return None,
    })
}

/// What a write changed: a label, and what is there now.
pub(super) fn write(write: &Write, names: &Names) -> (String, String) {
    let lang = names.lang;
    match write {
        Write::Put(field, new) => (field.label(lang).to_owned(), value(*field, new, names)),
        Write::Insert(set, member) => {
            (set.label(lang).to_owned(), format!("+ {}", self::member(*set, member, names)))
        }
        Write::Remove(set, member) => {
            (set.label(lang).to_owned(), format!("− {}", self::member(*set, member, names)))
        }
        Write::Set(map, key, value) => (map.label(lang).to_owned(), pair(*map, key, value, names)),
        Write::Splice(prose, splice) => (prose.label(lang).to_owned(), splice.insert.clone()),
        Write::Append(entry) => (texts(lang).new_addition.to_owned(), entry.text.clone()),
        Write::Increment(key, by) => (tally(*key, names), format!("{by:+}")),
    }
}

/// A button of the tally, told apart from the kinds of contacts.
pub(super) fn tally(key: TallyKey, names: &Names) -> String {
    key.label(names.lang).to_owned()
}

/// A key of a map with its value; without one, it was taken away.
pub(super) fn pair(map: MapField, key: &str, value: &Value, names: &Names) -> String {
    let shown = match (map, value) {
        (_, Value::Null) => texts(names.lang).empty.to_owned(),
        (MapField::Costs, Value::Text(cost)) => match cost.parse::<Cost>() {
            Ok(cost) => format!("{} {}", euros(cost.cents.as_i64()), cost.description),
            Err(_) => cost.clone(),
        },
        (MapField::Advice, Value::Text(advice)) => match advice.parse::<Advice>() {
            Ok(advice) => format!("{} {}", advice.position.label(names.lang), advice.reasons),
            Err(_) => advice.clone(),
        },
        (_, Value::Text(text)) => text.clone(),
        (_, Value::Int(number)) => number.to_string(),
        (_, Value::Bool(_) | Value::Time(_)) => String::new(),
    };
    match map {
        MapField::Attendance | MapField::Support => format!("{key}: {shown}"),
        MapField::Advice => match key.parse() {
            Ok(id) => format!("{}: {shown}", names.person(id)),
            Err(_) => shown,
        },
        MapField::Decisions | MapField::Costs | MapField::SupportAddresses => shown,
    }
}

/// A member of a set as people know it.
pub(super) fn member(set: SetField, member: &str, names: &Names) -> String {
    let name = match set {
        SetField::Themes => member.parse().ok().map(|id| names.theme(&id)),
        SetField::Team => member.parse().ok().map(|id| names.person(id)),
        SetField::Photos => Some(say(names.lang, "foto", "photo").to_owned()),
        SetField::Audio => Some(say(names.lang, "opname", "recording").to_owned()),
        SetField::Withdrawn => Some(say(names.lang, "reactie", "reply").to_owned()),
        SetField::Links => {
            let kind = member.parse::<Link>().ok().map(|link| link.kind.label(names.lang));
            kind.map(str::to_owned)
        }
        SetField::References => member.parse::<ForeignReference>().ok().map(|reference| {
            format!("{} {}", reference.system().label(names.lang), reference.number())
        }),
        SetField::Wijken => member.parse().ok().map(|area| names.area(&area)),
        SetField::DataKinds => {
            member.parse::<DataKind>().ok().map(|kind| kind.label(names.lang).to_owned())
        }
        SetField::Agenda | SetField::Organisations => None,
    };
    name.unwrap_or_else(|| member.to_owned())
}

/// "Klacht in Slikkerveer", the title of a record's page.
pub(super) fn title(
    record_type: Option<RecordType>,
    kind: Option<ContactKind>,
    buurt: Option<&AreaCode>,
    names: &Names,
) -> String {
    let lang = names.lang;
    let what = match (record_type, kind) {
        (Some(RecordType::Signal), Some(kind)) => {
            format!("{}: {}", RecordType::Signal.label(lang), kind.label(lang).to_lowercase())
        }
        (_, Some(kind)) => kind.label(lang).to_owned(),
        (Some(record_type), None) => record_type.label(lang).to_owned(),
        (None, None) => RecordType::Contact.label(lang).to_owned(),
    };
    match buurt {
        Some(buurt) => format!("{what} in {}", names.area(buurt)),
        None => what,
    }
}
