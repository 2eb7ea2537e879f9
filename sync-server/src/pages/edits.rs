//! What somebody at the office changes on a record's page.
//!
//! Every change goes through the ledger as one change under the person's own name and is judged
//! like that of a phone; the checks here only make the answer a friendly one.

use axum::Form;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::header::{HeaderValue, LOCATION};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use wijkboek_model::{
    Entry, Feedback, Field, RecordId, Status, Value, WavedThrough, Write, mask_write,
};

use super::LOG;
use super::failure::Failure;
use super::record::{Draft, Notice, digest, find, page, put_status};
use super::visitor::Member;
use crate::secret;
use crate::{AppState, EditError};

#[derive(Debug, Deserialize)]
pub(super) struct Choice {
    veld: String,
    waarde: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct Handling {
    was: String,
    status: String,
    antwoord: Option<String>,
    terugkoppeling: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Addition {
    tekst: String,
}

/// `POST /logboek/{id}/keuze`: settles a conflict by one of the values that stand there.
pub(super) async fn choose(
    State(state): State<AppState>,
    member: Member,
    Path(id): Path<String>,
    Form(choice): Form<Choice>,
) -> Result<Response, Failure> {
    let found = find(&state, &member, &id).await?;
    let field = Field::from_key(&choice.veld).ok_or(Failure::Malformed)?;
    let chosen = found
        .conflicts
        .iter()
        .filter(|conflict| conflict.field == field)
        .flat_map(|conflict| &conflict.values)
        .find(|one| digest(field, &one.value) == choice.waarde);
    let Some(chosen) = chosen else { return Ok(back(found.row.id, Notice::GoneChoice)) };
    let write = Write::Put(field, chosen.value.clone());
    save(&state, &member, found.row.id, vec![write], Notice::Chosen).await
}

/// `POST /logboek/{id}/status`: how far it has come, and the answer to the resident.
pub(super) async fn set_status(
    State(state): State<AppState>,
    member: Member,
    Path(id): Path<String>,
    Form(handling): Form<Handling>,
) -> Result<Response, Failure> {
    let found = find(&state, &member, &id).await?;
    let status: Status = handling.status.parse().map_err(|_| Failure::Malformed)?;
    let now = found.status().ok_or(Failure::Malformed)?;
    // Who may not answer gets no field for it, and changes nothing about it.
    let answer = handling.antwoord.as_deref().map(normal_lines);
    let filled_in = answer.clone().or_else(|| found.answer().map(ToOwned::to_owned));
    let filled_in = filled_in.unwrap_or_default();
    let feedback = handling.terugkoppeling.as_deref().map(feedback_value).transpose()?;
    let passed_on = feedback.clone().unwrap_or_else(|| found.feedback());
    let draft = |missing| {
        Some(Draft { status, answer: filled_in.clone(), feedback: passed_on.clone(), missing })
    };
    if now.as_str() != handling.was {
        let notice = Some(Notice::ChangedMeanwhile);
        return page(&state, &member, found, notice, draft(Vec::new())).await;
    }
    let missing = found.missing_to_become(status, &filled_in, &passed_on);
    if status != now && !missing.is_empty() {
        return page(&state, &member, found, Some(Notice::Incomplete), draft(missing)).await;
    }
    let mut writes = vec![];
    if status != now {
        writes.push(put_status(status));
    }
    if let Some(answer) = answer
        && answer != found.answer().unwrap_or_default()
    {
        let value = if answer.is_empty() { Value::Null } else { Value::Text(answer) };
        writes.push(without_bsn(Write::Put(Field::Answer, value)));
    }
    if let Some(value) = feedback
        && value != found.feedback()
    {
        writes.push(Write::Put(Field::Feedback, value));
    }
    save(&state, &member, found.row.id, writes, Notice::Saved).await
}

/// What a form says became of the promise: a word, or nothing yet.
fn feedback_value(word: &str) -> Result<Value, Failure> {
    if word.is_empty() {
        return Ok(Value::Null);
    }
    let feedback: Feedback = word.parse().map_err(|_| Failure::Malformed)?;
    Ok(Value::Text(feedback.as_str().to_owned()))
}

/// `POST /logboek/{id}/aanvulling`: adds to the thread.
pub(super) async fn add(
    State(state): State<AppState>,
    member: Member,
    Path(id): Path<String>,
    Form(addition): Form<Addition>,
) -> Result<Response, Failure> {
    let found = find(&state, &member, &id).await?;
    let text = normal_lines(&addition.tekst);
    if text.is_empty() {
        return Ok(back(found.row.id, Notice::Unchanged));
    }
    let id = secret::entry_id(state.now()).map_err(crate::ServerError::from)?;
    let write = without_bsn(Write::Append(Entry { id, author: member.principal.id, text }));
    save(&state, &member, found.row.id, vec![write], Notice::Added).await
}

async fn save(
    state: &AppState,
    member: &Member,
    id: RecordId,
    writes: Vec<Write>,
    done: Notice,
) -> Result<Response, Failure> {
    if writes.is_empty() {
        return Ok(back(id, Notice::Unchanged));
    }
    match state.edit_as(&member.principal, id, writes).await {
        Ok(true) => Ok(back(id, done)),
        Ok(false) => Ok(back(id, Notice::Unchanged)),
        Err(EditError::NotFound) => Err(Failure::NotFound),
        Err(EditError::Denied(denial)) => Err(Failure::Denied(denial)),
        Err(EditError::Invalid(invalid)) => Err(Failure::Invalid(invalid)),
        Err(EditError::Refused { code }) => Err(Failure::Refused { code }),
        Err(EditError::Internal(error)) => Err(error.into()),
    }
}

/// Back to the record by GET, so that reloading the page does not send the form again.
fn back(id: RecordId, notice: Notice) -> Response {
    let mut response = StatusCode::SEE_OTHER.into_response();
    let target = format!("{LOG}/{id}?gedaan={}", notice.word());
    if let Ok(target) = HeaderValue::from_str(&target) {
        response.headers_mut().insert(LOCATION, target);
    }
    response
}

/// What somebody typed, with each service number in it masked as on a phone; the page then shows
/// what was written.
fn without_bsn(mut write: Write) -> Write {
    mask_write(&mut write, &WavedThrough::default());
    write
}

/// What a browser sends for a text area, with plain line ends and no blanks around it.
fn normal_lines(text: &str) -> String {
    text.replace("\r\n", "\n").trim().to_owned()
}
