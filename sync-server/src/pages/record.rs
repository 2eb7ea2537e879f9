//! One record: what was said, what stands side by side, who answers, and its whole history.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use wijkboek_crdt::{Alternative, Conflict, HistoryStep};
use wijkboek_model::{
    Action, Audience, ChangeHash, Entry, EntryId, Field, Label, Lang, PrincipalId, Promise, Record,
    RecordId, Status, TallyKey, Value, Write, may,
};
use wijkboek_store::{Row, Scope, Store, StoreError};

use super::LOG;
use super::chrome::{Chrome, Here};
use super::diff::{Part, against};
use super::facts::{Fact, facts};
use super::failure::{Failure, Html};
use super::filters::Choice;
use super::history::{Step, steps};
use super::names::Names;
use super::present::{self, Badge, Kind};
use super::time::Moment;
use super::visitor::Member;
use super::wording::{Texts, say, texts};
use crate::AppState;

/// `GET /logboek/{id}`.
pub(super) async fn show(
    State(state): State<AppState>,
    member: Member,
    Path(id): Path<String>,
    Query(after): Query<After>,
) -> Result<Response, Failure> {
    let found = find(&state, &member, &id).await?;
    if member.visitor.fragment.as_deref() == Some("record") {
        return Ok(found.revision().into_response());
    }
    page(&state, &member, found, after.gedaan.and_then(|word| Notice::after(&word)), None).await
}

/// What a page was redirected from.
#[derive(Debug, Deserialize)]
pub(super) struct After {
    gedaan: Option<String>,
}

/// A record as the replica holds it, for somebody who may see it.
pub(super) struct Found {
    pub(super) row: Row,
    pub(super) record: Option<Record>,
    pub(super) audience: Option<Audience>,
    pub(super) conflicts: Vec<Conflict>,
    entries: Vec<Entry>,
    history: Vec<HistoryStep>,
    heads: Vec<ChangeHash>,
}

/// What to say above the record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Notice {
    Chosen,
    Saved,
    Added,
    Unchanged,
    AnswerMissing,
    ChangedMeanwhile,
    GoneChoice,
}

/// What somebody filled in that could not be saved, so that no text is lost.
pub(super) struct Draft {
    pub(super) status: Status,
    pub(super) answer: String,
}

/// Finds a record within somebody's scope; outside it, it is not there.
pub(super) async fn find(state: &AppState, member: &Member, id: &str) -> Result<Found, Failure> {
    let id: RecordId = id.parse().map_err(|_| Failure::NotFound)?;
    let scope = member.scope();
    state.read(move |replica| read(replica, &scope, id)).await??.ok_or(Failure::NotFound)
}

fn read(replica: &Store, scope: &Scope, id: RecordId) -> Result<Option<Found>, StoreError> {
    if !replica.sees(scope, id)? {
        return Ok(None);
    }
    let (Some(row), Some(document)) = (replica.row(id)?, replica.document(id)?) else {
        return Ok(None);
    };
    Ok(Some(Found {
        row,
        record: document.record().ok(),
        audience: document.audience().ok(),
        conflicts: document.conflicts(),
        entries: document.entries(),
        history: document.history(),
        heads: document.heads(),
    }))
}

impl Found {
    /// Whether this person may make this write.
    pub(super) fn may(&self, member: &Member, action: Action<'_>) -> bool {
        match (&self.record, &self.audience) {
            (Some(record), Some(audience)) => {
                may(&member.principal, action, record, audience).is_ok()
            }
            _ => false,
        }
    }

    pub(super) fn status(&self) -> Option<Status> {
        match self.record.as_ref()? {
            Record::Contact(contact) => Some(contact.status),
            Record::Signal(signal) => Some(signal.status),
            Record::Visit(_) => None,
        }
    }

    pub(super) fn answer(&self) -> Option<&str> {
        match self.record.as_ref()? {
            Record::Contact(contact) => contact.answer.as_deref(),
            Record::Signal(signal) => signal.answer.as_deref(),
            Record::Visit(_) => None,
        }
    }

    /// Whether nobody waits for an answer.
    pub(super) fn no_answer_asked(&self) -> bool {
        matches!(&self.record, Some(Record::Contact(contact)) if contact.promise == Promise::NotAsked)
    }

    /// Everybody whose name the page shows, but for the people behind actors.
    fn people(&self) -> Vec<PrincipalId> {
        let mut people: Vec<_> = self.entries.iter().map(|entry| entry.author).collect();
        people.extend(self.row.author);
        match &self.record {
            Some(Record::Visit(visit)) => people.extend(&visit.team),
            Some(Record::Signal(signal)) => people.extend(signal.assignee),
            Some(Record::Contact(_)) | None => {}
        }
        people
    }

    /// Changes with every change of the record; says nothing about its content.
    pub(super) fn revision(&self) -> String {
        let mut hasher = Sha256::new();
        for head in &self.heads {
            hasher.update(head.as_bytes());
        }
        short_hex(&hasher.finalize())
    }
}

/// Names one of the values that stand side by side, in a form.
pub(super) fn digest(field: Field, value: &Value) -> String {
    let mut hasher = Sha256::new();
    hasher.update(field.key().as_bytes());
    let (kind, text) = match value {
        Value::Null => (0, String::new()),
        Value::Bool(b) => (1, b.to_string()),
        Value::Int(n) => (2, n.to_string()),
        Value::Text(text) => (3, text.clone()),
        Value::Time(at) => (4, at.as_millis().to_string()),
    };
    hasher.update([kind]);
    hasher.update(text.as_bytes());
    short_hex(&hasher.finalize())
}

fn short_hex(digest: &[u8]) -> String {
    digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

impl Notice {
    /// The word in the address after a form was handled.
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Chosen => "keuze",
            Self::Saved => "bewaard",
            Self::Added => "aanvulling",
            Self::Unchanged => "niets",
            Self::AnswerMissing => "antwoord",
            Self::ChangedMeanwhile => "intussen",
            Self::GoneChoice => "gekozen",
        }
    }

    fn after(word: &str) -> Option<Self> {
        let all = [Self::Chosen, Self::Saved, Self::Added, Self::Unchanged, Self::GoneChoice];
        all.into_iter().find(|notice| notice.word() == word)
    }

    const fn text(self, t: &Texts) -> &'static str {
        match self {
            Self::Chosen => t.done_choice,
            Self::Saved => t.done_status,
            Self::Added => t.done_addition,
            Self::Unchanged => t.done_nothing,
            Self::AnswerMissing => t.answer_missing,
            Self::ChangedMeanwhile => t.changed_meanwhile,
            Self::GoneChoice => t.gone_choice,
        }
    }

    const fn css(self) -> &'static str {
        match self {
            Self::Chosen | Self::Saved | Self::Added => "utrecht-alert--ok",
            Self::Unchanged => "utrecht-alert--info",
            Self::AnswerMissing | Self::ChangedMeanwhile | Self::GoneChoice => {
                "utrecht-alert--warning"
            }
        }
    }

    const fn status(self) -> StatusCode {
        match self {
            Self::Chosen | Self::Saved | Self::Added | Self::Unchanged | Self::GoneChoice => {
                StatusCode::OK
            }
            Self::AnswerMissing => StatusCode::UNPROCESSABLE_ENTITY,
            Self::ChangedMeanwhile => StatusCode::CONFLICT,
        }
    }
}

/// Renders the record's page.
pub(super) async fn page(
    state: &AppState,
    member: &Member,
    found: Found,
    notice: Option<Notice>,
    draft: Option<Draft>,
) -> Result<Response, Failure> {
    let mut names = Names::load(state, member.lang()).await?;
    let actors: Vec<_> = found
        .history
        .iter()
        .map(|step| step.actor)
        .chain(found.conflicts.iter().flat_map(|c| c.values.iter().map(|v| v.actor)))
        .collect();
    names.learn_actors(state, &actors).await?;
    names.learn(state, found.people()).await?;
    let t = texts(member.lang());
    let status = notice.map_or(StatusCode::OK, Notice::status);
    let page = RecordPage {
        chrome: Chrome::new(&member.visitor, Here::Log, names.municipality()),
        t,
        notice: notice.map(|notice| Alert { css: notice.css(), text: notice.text(t) }),
        record: RecordView::new(&found, member, draft, &names),
    };
    Ok((status, Html(page)).into_response())
}

#[derive(Template)]
#[template(path = "record.html")]
struct RecordPage {
    chrome: Chrome,
    t: &'static Texts,
    notice: Option<Alert>,
    record: RecordView,
}

struct Alert {
    css: &'static str,
    text: &'static str,
}

struct RecordView {
    href: String,
    title: String,
    byline: String,
    revision: String,
    kind: Kind,
    text_heading: &'static str,
    text: String,
    language_code: Option<&'static str>,
    answer: Option<String>,
    answer_filled_in: String,
    status: Option<Badge>,
    status_word: &'static str,
    statuses: Vec<Choice>,
    may_handle: bool,
    may_answer: bool,
    may_add: bool,
    conflicts: Vec<Side>,
    entries: Vec<Said>,
    tallies: Option<Vec<TallyGroup>>,
    facts: Vec<Fact>,
    history: Vec<Step>,
    unreadable: bool,
}

/// A field with its values side by side.
struct Side {
    field: &'static str,
    heading: String,
    explanation: &'static str,
    values: Vec<SideValue>,
    may_settle: bool,
}

struct SideValue {
    anchor: String,
    digest: String,
    who: String,
    time: Moment,
    text: Vec<Part>,
    wins: bool,
}

/// One addition.
struct Said {
    who: String,
    time: Moment,
    text: String,
}

struct TallyGroup {
    lines: Vec<TallyLine>,
}

struct TallyLine {
    label: String,
    value: i64,
}

impl RecordView {
    fn new(found: &Found, member: &Member, draft: Option<Draft>, names: &Names) -> Self {
        let lang = names.lang;
        let row = &found.row;
        let time = Moment::of(row.occurred_at, lang);
        let by = row.author.map(|author| names.person(author)).unwrap_or_default();
        let status = found.status();
        let chosen = draft.as_ref().map(|draft| draft.status).or(status);
        let answer = found.answer().map(ToOwned::to_owned);
        Self {
            href: format!("{LOG}/{}", row.id),
            title: present::title(row.record_type, row.kind, row.buurt.as_ref(), names),
            byline: format!("{}, {} {by}", time.line(), say(lang, "door", "by")),
            revision: found.revision(),
            kind: Kind::of(row.kind, names),
            text_heading: text_heading(found, names),
            text: row.text.clone(),
            language_code: language_code(found),
            answer_filled_in: draft
                .map_or_else(|| answer.clone().unwrap_or_default(), |draft| draft.answer),
            answer,
            status: status.map(|status| Badge::of(status, names)),
            status_word: status.map_or("", Status::as_str),
            statuses: statuses(found, chosen, names),
            may_handle: status
                .is_some_and(|status| found.may(member, Action::Edit(&put_status(status)))),
            may_answer: found.may(member, Action::Edit(&Write::Put(Field::Answer, Value::Null))),
            may_add: found.may(member, Action::Edit(&sample_addition(member, row.id))),
            conflicts: found.conflicts.iter().map(|c| Side::new(c, found, member, names)).collect(),
            entries: found.entries.iter().map(|entry| Said::new(entry, names)).collect(),
            tallies: tallies(found, names),
            facts: facts(found, names),
            history: steps(&found.history, names),
            unreadable: !row.readable,
        }
    }
}

/// The write that sets a status.
pub(super) fn put_status(status: Status) -> Write {
    Write::Put(Field::Status, Value::Text(status.as_str().to_owned()))
}

/// Any addition by this person: the rules look at who adds, not at what.
fn sample_addition(member: &Member, id: RecordId) -> Write {
    let id = EntryId::from_parts(id.timestamp(), [0; 10]);
    Write::Append(Entry { id, author: member.principal.id, text: String::new() })
}

fn statuses(found: &Found, chosen: Option<Status>, names: &Names) -> Vec<Choice> {
    let is_contact = matches!(found.record, Some(Record::Contact(_)));
    Status::ALL
        .iter()
        .filter(|status| !(is_contact && **status == Status::Afgewezen))
        .map(|status| Choice {
            value: status.as_str().to_owned(),
            label: status.label(names.lang).to_owned(),
            chosen: chosen == Some(*status),
        })
        .collect()
}

fn text_heading(found: &Found, names: &Names) -> &'static str {
    match &found.record {
        Some(Record::Visit(_)) => Field::PlaceName.label(names.lang),
        Some(Record::Contact(_) | Record::Signal(_)) | None => Field::Note.label(names.lang),
    }
}

fn language_code(found: &Found) -> Option<&'static str> {
    match found.record.as_ref()? {
        // Notes are jotted down in Dutch, whatever language the person spoke.
        Record::Contact(_) | Record::Visit(_) => Some("nl"),
        Record::Signal(signal) => present::html_language(&signal.language),
    }
}

fn tallies(found: &Found, names: &Names) -> Option<Vec<TallyGroup>> {
    let Some(Record::Visit(visit)) = &found.record else { return None };
    let is_age = |key: &TallyKey| match key {
        TallyKey::Age(_) | TallyKey::AgeUnknown => true,
        TallyKey::Kind(_) | TallyKey::JustATalk => false,
    };
    let (ages, kinds): (Vec<_>, Vec<_>) = TallyKey::all().partition(is_age);
    let group = |keys: Vec<TallyKey>| TallyGroup {
        lines: keys
            .into_iter()
            .map(|key| TallyLine {
                label: present::tally(key, names),
                value: visit.tallies.get(&key).copied().unwrap_or(0),
            })
            .collect(),
    };
    Some(vec![group(ages), group(kinds)])
}

impl Side {
    fn new(conflict: &Conflict, found: &Found, member: &Member, names: &Names) -> Self {
        let lang = names.lang;
        let field = conflict.field;
        let texts: Vec<String> =
            conflict.values.iter().map(|one| present::value(field, &one.value, names)).collect();
        let values = conflict
            .values
            .iter()
            .enumerate()
            .map(|(index, one)| SideValue::new(field, index, one, &texts, names));
        let heading = match lang {
            Lang::Nl => {
                format!("{}: {} waarden naast elkaar", field.label(lang), texts.len())
            }
            Lang::En => {
                format!("{}: {} values side by side", field.label(lang), texts.len())
            }
        };
        let settles = |one: &Alternative| {
            found.may(member, Action::Settle(&Write::Put(field, one.value.clone())))
        };
        Self {
            field: field.key(),
            heading,
            explanation: say(
                lang,
                "Dit is tegelijk gewijzigd, zonder dat de een het van de ander zag. Er is niets verloren: kies welke waarde blijft gelden.",
                "This was changed at the same time, without seeing each other's change. Nothing is lost: choose the value that holds.",
            ),
            values: values.collect(),
            may_settle: conflict.values.iter().all(settles),
        }
    }
}

impl SideValue {
    fn new(field: Field, index: usize, one: &Alternative, all: &[String], names: &Names) -> Self {
        let other = all.iter().enumerate().find(|(i, _)| *i != index).map(|(_, text)| text);
        let text = other.map_or_else(Vec::new, |other| against(&all[index], other));
        Self {
            anchor: format!("{}-{index}", field.key()),
            digest: digest(field, &one.value),
            who: names.actor(one.actor),
            time: Moment::of(one.at, names.lang),
            text,
            wins: index == 0,
        }
    }
}

impl Said {
    fn new(entry: &Entry, names: &Names) -> Self {
        Self {
            who: names.person(entry.author),
            time: Moment::of(entry.id.timestamp(), names.lang),
            text: entry.text.clone(),
        }
    }
}
