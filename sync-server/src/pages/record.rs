//! One record: what was said, what stands side by side, who answers, and its whole history.

mod view;

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use wijkboek_crdt::{Conflict, HistoryStep};
use wijkboek_model::{
    Audience, ChangeHash, Deed, Entry, Field, Invalid, PrincipalId, Record, RecordId, SetField,
    Status, Value, Write, may, missing_to_close,
};
use wijkboek_store::{Row, Scope, Store, StoreError};

use super::chrome::{Chrome, Here};
use super::failure::{Failure, Html};
use super::names::Names;
use super::short_hex;
use super::visitor::Member;
use super::wording::{Texts, texts};
use crate::AppState;
use view::RecordView;

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
    Incomplete,
    ChangedMeanwhile,
    GoneChoice,
}

/// What somebody filled in that could not be saved, so that no text is lost.
pub(super) struct Draft {
    pub(super) status: Status,
    pub(super) answer: String,
    pub(super) feedback: Value,
    /// What has to be said before it is closed.
    pub(super) missing: Vec<Invalid>,
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
    pub(super) fn may(&self, member: &Member, deed: Deed<'_>) -> bool {
        match (&self.record, &self.audience) {
            (Some(record), Some(audience)) => {
                may(&member.principal, deed, record, audience).is_ok()
            }
            _ => false,
        }
    }

    pub(super) fn status(&self) -> Option<Status> {
        self.record.as_ref()?.status()
    }

    pub(super) fn answer(&self) -> Option<&str> {
        self.record.as_ref()?.answer()
    }

    /// What became of the promised answer.
    pub(super) fn feedback(&self) -> Value {
        let parts = self.record.as_ref().map(Record::to_parts);
        parts.and_then(|mut parts| parts.fields.remove(&Field::Feedback)).unwrap_or(Value::Null)
    }

    /// Everything that is missing for this status with this answer.
    pub(super) fn missing_to_become(
        &self,
        status: Status,
        answer: &str,
        feedback: &Value,
    ) -> Vec<Invalid> {
        let Some(record) = self.record.as_ref().filter(|_| status.is_closed()) else {
            return Vec::new();
        };
        let (record_type, mut parts) = (record.record_type(), record.to_parts());
        for (field, value) in
            [(Field::Answer, Value::Text(answer.to_owned())), (Field::Feedback, feedback.clone())]
        {
            if Field::of(record_type).contains(&field) {
                parts.fields.insert(field, value);
            }
        }
        Record::from_parts(record_type, &parts)
            .map_or_else(|fault| vec![fault], |record| missing_to_close(&record))
    }

    /// Everybody whose name the page shows, but for the people behind actors.
    fn people(&self) -> Vec<PrincipalId> {
        let mut people: Vec<_> = self.entries.iter().map(|entry| entry.author).collect();
        people.extend(self.row.author);
        if let Some(record) = &self.record {
            people.extend(named(record));
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

/// The write that sets a status.
pub(super) fn put_status(status: Status) -> Write {
    Write::Put(Field::Status, Value::Text(status.as_str().to_owned()))
}

impl Notice {
    /// The word in the address after a form was handled.
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Chosen => "keuze",
            Self::Saved => "bewaard",
            Self::Added => "aanvulling",
            Self::Unchanged => "niets",
            Self::Incomplete => "antwoord",
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
            Self::Incomplete => t.closing_incomplete,
            Self::ChangedMeanwhile => t.changed_meanwhile,
            Self::GoneChoice => t.gone_choice,
        }
    }

    const fn css(self) -> &'static str {
        match self {
            Self::Chosen | Self::Saved | Self::Added => "utrecht-alert--ok",
            Self::Unchanged => "utrecht-alert--info",
            Self::Incomplete | Self::ChangedMeanwhile | Self::GoneChoice => {
                "utrecht-alert--warning"
            }
        }
    }

    const fn status(self) -> StatusCode {
        match self {
            Self::Chosen | Self::Saved | Self::Added | Self::Unchanged | Self::GoneChoice => {
                StatusCode::OK
            }
            Self::Incomplete => StatusCode::UNPROCESSABLE_ENTITY,
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

/// The people that a record's own fields name.
fn named(record: &Record) -> Vec<PrincipalId> {
    let parts = record.to_parts();
    let team = parts.sets.get(&SetField::Team).into_iter().flatten();
    let fields = parts.fields.iter().filter(|(field, _)| field.names_participant());
    let fields = fields.filter_map(|(_, value)| match value {
        Value::Text(id) => Some(id),
        Value::Null | Value::Bool(_) | Value::Int(_) | Value::Time(_) => None,
    });
    team.chain(fields).filter_map(|id| id.parse().ok()).collect()
}
