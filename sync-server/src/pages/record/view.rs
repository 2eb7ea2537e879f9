//! A record as its page shows it: everything already worded, nothing left to decide but layout.

use wijkboek_crdt::{Alternative, Conflict};
use wijkboek_model::{
    Deed, Entry, EntryId, Feedback, Field, Label, Lang, Record, RecordId, Status, TallyKey, Value,
    Write,
};

use super::{Draft, Found, digest, put_status};
use crate::pages::LOG;
use crate::pages::diff::{Part, against};
use crate::pages::facts::{Fact, facts};
use crate::pages::filters::Choice;
use crate::pages::history::History;
use crate::pages::names::Names;
use crate::pages::present::{self, Badge, Kind};
use crate::pages::time::Moment;
use crate::pages::visitor::Member;
use crate::pages::wording::{say, texts};

/// One record.
pub(super) struct RecordView {
    pub(super) href: String,
    pub(super) title: String,
    pub(super) byline: String,
    pub(super) revision: String,
    pub(super) kind: Kind,
    pub(super) text_heading: &'static str,
    pub(super) text: String,
    pub(super) language_code: Option<&'static str>,
    pub(super) answer: Option<String>,
    pub(super) answer_filled_in: String,
    pub(super) answer_missing: bool,
    pub(super) feedback_label: &'static str,
    pub(super) feedbacks: Vec<Choice>,
    pub(super) feedback_missing: bool,
    pub(super) status: Option<Badge>,
    pub(super) status_word: &'static str,
    pub(super) statuses: Vec<Choice>,
    pub(super) may: Rights,
    pub(super) conflicts: Vec<Side>,
    pub(super) entries: Vec<Said>,
    pub(super) tallies: Option<Vec<TallyGroup>>,
    pub(super) facts: Vec<Fact>,
    pub(super) history: History,
    pub(super) unreadable: bool,
}

/// What this person may do here.
#[expect(clippy::struct_excessive_bools, reason = "one for each control of the page")]
pub(super) struct Rights {
    pub(super) handle: bool,
    pub(super) answer: bool,
    pub(super) feedback: bool,
    pub(super) add: bool,
}

/// A field with its values side by side.
pub(super) struct Side {
    pub(super) field: &'static str,
    pub(super) heading: String,
    pub(super) explanation: &'static str,
    pub(super) values: Vec<SideValue>,
    pub(super) may_settle: bool,
}

pub(super) struct SideValue {
    pub(super) anchor: String,
    pub(super) digest: String,
    pub(super) who: String,
    pub(super) time: Moment,
    pub(super) text: Vec<Part>,
    pub(super) wins: bool,
}

/// One addition.
pub(super) struct Said {
    pub(super) who: String,
    pub(super) time: Moment,
    pub(super) text: String,
}

pub(super) struct TallyGroup {
    pub(super) lines: Vec<TallyLine>,
}

pub(super) struct TallyLine {
    pub(super) label: String,
    pub(super) value: i64,
}

impl RecordView {
    pub(super) fn new(found: &Found, member: &Member, draft: Option<Draft>, names: &Names) -> Self {
        let lang = names.lang;
        let row = &found.row;
        let time = Moment::of(row.occurred_at, lang);
        let by = row.author.map(|author| names.person(author)).unwrap_or_default();
        let status = found.status();
        let chosen = draft.as_ref().map(|draft| draft.status).or(status);
        let answer = found.answer().map(ToOwned::to_owned);
        let passed_on = draft.as_ref().map_or_else(|| found.feedback(), |d| d.feedback.clone());
        let misses = |field: Field| {
            let missing = draft.as_ref().map(|draft| draft.missing.as_slice()).unwrap_or_default();
            missing.iter().any(|missing| missing.field == field.key())
        };
        let answer_missing = misses(Field::Answer);
        let feedback_missing = misses(Field::Feedback);
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
            answer_missing,
            feedback_label: Field::Feedback.label(lang),
            feedbacks: feedbacks(&passed_on, names),
            feedback_missing,
            status: status.map(|status| Badge::of(status, names)),
            status_word: status.map_or("", Status::as_str),
            statuses: statuses(found, chosen, names),
            may: Rights::of(found, member),
            conflicts: found.conflicts.iter().map(|c| Side::new(c, found, member, names)).collect(),
            entries: found.entries.iter().map(|entry| Said::new(entry, names)).collect(),
            tallies: tallies(found, names),
            facts: facts(found, names),
            history: History::of(&found.history, names),
            unreadable: !row.readable,
        }
    }
}

impl Rights {
    fn of(found: &Found, member: &Member) -> Self {
        let may = |write: Write| found.may(member, Deed::Edit(&write));
        Self {
            handle: found.status().is_some_and(|status| may(put_status(status))),
            answer: may(Write::Put(Field::Answer, Value::Null)),
            feedback: found
                .record
                .as_ref()
                .is_some_and(|record| Field::of(record.record_type()).contains(&Field::Feedback))
                && may(Write::Put(Field::Feedback, Value::Null)),
            add: may(sample_addition(member, found.row.id)),
        }
    }
}

/// Any addition by this person: the rules look at who adds, not at what.
fn sample_addition(member: &Member, id: RecordId) -> Write {
    let id = EntryId::from_parts(id.timestamp(), [0; 10]);
    Write::Append(Entry { id, author: member.principal.id, text: String::new() })
}

fn statuses(found: &Found, chosen: Option<Status>, names: &Names) -> Vec<Choice> {
    let Some(record) = &found.record else { return Vec::new() };
    let Some(now) = record.status() else { return Vec::new() };
    let next = now.next(record.record_type());
    Status::ALL
        .iter()
        .filter(|status| now == **status || next.contains(status))
        .map(|status| Choice {
            value: status.as_str().to_owned(),
            label: status.label(names.lang).to_owned(),
            chosen: chosen == Some(*status),
        })
        .collect()
}

/// What can have become of the promised answer, and that nobody said so yet.
fn feedbacks(said: &Value, names: &Names) -> Vec<Choice> {
    let unsaid = Choice {
        value: String::new(),
        label: texts(names.lang).not_said.to_owned(),
        chosen: *said == Value::Null,
    };
    let words = Feedback::ALL.iter().map(|feedback| Choice {
        value: feedback.as_str().to_owned(),
        label: feedback.label(names.lang).to_owned(),
        chosen: *said == Value::Text(feedback.as_str().to_owned()),
    });
    std::iter::once(unsaid).chain(words).collect()
}

fn text_heading(found: &Found, names: &Names) -> &'static str {
    let text = found.record.as_ref().and_then(|record| record.record_type().text_fields().first());
    text.unwrap_or(&Field::Note).label(names.lang)
}

fn language_code(found: &Found) -> Option<&'static str> {
    if let Record::Signal(signal) = found.record.as_ref()? {
        return present::html_language(&signal.language);
    }
    // Notes are jotted down in Dutch, whatever language the person spoke.
    Some("nl")
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
            found.may(member, Deed::Settle(&Write::Put(field, one.value.clone())))
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
