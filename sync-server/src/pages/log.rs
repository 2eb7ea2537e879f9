//! The merged log: what everybody recorded that this person may see, newest first.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use wijkboek_model::Lang;
use wijkboek_store::{Count, Page, Row};

use super::LOG;
use super::chrome::{Chrome, Here};
use super::diff::{Part, excerpt};
use super::failure::{Failure, Html};
use super::filters::{Asked, Form, Query as Asking};
use super::names::Names;
use super::present::{Badge, Kind};
use super::time::Moment;
use super::visitor::Member;
use super::wording::{Texts, say, texts};
use crate::AppState;

/// `GET /logboek`: the page, or only its list for a script that keeps it up to date.
pub(super) async fn show(
    State(state): State<AppState>,
    member: Member,
    Query(asking): Query<Asking>,
) -> Result<Response, Failure> {
    let asked = Asked::from(asking);
    let mut names = Names::load(&state, member.lang()).await?;
    let (scope, filter, after) = (member.scope(), asked.filter(), asked.after);
    let (page, count) = state
        .read(move |replica| {
            Ok::<_, wijkboek_store::StoreError>((
                replica.list(&scope, &filter, after, ROWS)?,
                replica.count(&scope, &filter)?,
            ))
        })
        .await??;
    let authors = page.rows.iter().filter_map(|row| row.author).collect();
    names.learn(&state, authors).await?;
    let list = List::new(&page, count, &asked, &names);
    let t = texts(member.lang());
    if member.visitor.fragment.as_deref() == Some("log") {
        return Ok(Html(LogFragment { t, list }).into_response());
    }
    let chrome = Chrome::new(&member.visitor, Here::Log, names.municipality());
    Ok(Html(LogPage { chrome, t, filters: asked.form(LOG, &names), list }).into_response())
}

#[derive(Template)]
#[template(path = "log.html")]
struct LogPage {
    chrome: Chrome,
    t: &'static Texts,
    filters: Form,
    list: List,
}

#[derive(Template)]
#[template(path = "log_list.html")]
struct LogFragment {
    t: &'static Texts,
    list: List,
}

struct List {
    count_text: String,
    empty_title: &'static str,
    empty_help: &'static str,
    rows: Vec<Line>,
    newest_href: Option<String>,
    older_href: Option<String>,
}

/// One row of the log.
struct Line {
    id: String,
    href: String,
    kind: Kind,
    time: Moment,
    text: Vec<Part>,
    themes: String,
    buurt: String,
    author: String,
    status: Option<Badge>,
    conflicts: Option<String>,
}

impl List {
    fn new(page: &Page, count: Count, asked: &Asked, names: &Names) -> Self {
        let t = texts(names.lang);
        let narrowed = asked.is_narrowed();
        Self {
            count_text: count_text(count, narrowed, names.lang),
            empty_title: if page.cut_short {
                t.nothing_so_far
            } else if narrowed {
                t.nothing_found
            } else {
                t.nothing_yet
            },
            empty_help: if narrowed { t.nothing_found_help } else { t.nothing_yet_help },
            rows: page.rows.iter().map(|row| Line::new(row, &asked.text, names)).collect(),
            newest_href: asked.after.map(|_| asked.starting(None).href(LOG)),
            older_href: page.next.map(|next| asked.starting(Some(next)).href(LOG)),
        }
    }
}

impl Line {
    fn new(row: &Row, query: &str, names: &Names) -> Self {
        let t = texts(names.lang);
        let mut text = excerpt(&row.text, query);
        if text.is_empty() {
            text = vec![Part { text: t.no_text.to_owned(), hit: false }];
        }
        Self {
            id: row.id.to_string(),
            href: format!("{LOG}/{}", row.id),
            kind: Kind::of(row.kind, names),
            time: Moment::of(row.occurred_at, names.lang),
            text,
            themes: names.themes(&row.themes),
            buurt: row.buurt.as_ref().map(|buurt| names.area(buurt)).unwrap_or_default(),
            author: row.author.map(|author| names.person(author)).unwrap_or_default(),
            status: row.status.map(|status| Badge::of(status, names)),
            conflicts: conflicts_text(row.conflicts, names.lang),
        }
    }
}

fn conflicts_text(fields: u32, lang: Lang) -> Option<String> {
    match fields {
        0 => None,
        1 => Some(say(lang, "Twee waarden: kies", "Two values: choose").to_owned()),
        n => Some(format!("{n} {}", say(lang, "keuzes te maken", "choices to make"))),
    }
}

fn count_text(count: Count, narrowed: bool, lang: Lang) -> String {
    let (one, many) = match (narrowed, lang) {
        (true, Lang::Nl) => ("resultaat", "resultaten"),
        (false, Lang::Nl) => ("regel in het logboek", "regels in het logboek"),
        (true, Lang::En) => ("result", "results"),
        (false, Lang::En) => ("line in the log", "lines in the log"),
    };
    let number = grouped(count.n, lang);
    if count.exact {
        format!("{number} {}", if count.n == 1 { one } else { many })
    } else {
        format!("{} {number} {many}", say(lang, "Meer dan", "More than"))
    }
}

/// `12.345` in Dutch, `12,345` in English.
fn grouped(number: u64, lang: Lang) -> String {
    let digits = number.to_string();
    let mark = match lang {
        Lang::Nl => '.',
        Lang::En => ',',
    };
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(mark);
        }
        text.push(digit);
    }
    text
}

const ROWS: usize = 25;

#[cfg(test)]
mod tests {
    use super::*;

    fn exactly(n: u64) -> Count {
        Count { n, exact: true }
    }

    #[test]
    fn counts_read_well() {
        assert_eq!(count_text(exactly(1), false, Lang::Nl), "1 regel in het logboek");
        assert_eq!(count_text(exactly(0), true, Lang::Nl), "0 resultaten");
        assert_eq!(count_text(exactly(12_345), true, Lang::Nl), "12.345 resultaten");
        assert_eq!(count_text(exactly(1_234_567), false, Lang::En), "1,234,567 lines in the log");
        let more = Count { n: 100_000, exact: false };
        assert_eq!(count_text(more, true, Lang::Nl), "Meer dan 100.000 resultaten");
    }
}
