//! The filter form of log and map: from a query string to a [`Filter`] and back.
//!
//! Reading is total: a value that means nothing here is no filter, so that an old or mistyped
//! address still shows a page.

use serde::Deserialize;
use wijkboek_model::{AreaCode, ContactKind, Label, Lang, RecordType, Status};
use wijkboek_store::{Filter, PageKey};

use super::names::Names;
use super::wording::texts;

/// The query string as it comes.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Query {
    #[serde(default)]
    q: String,
    #[serde(default)]
    wijk: String,
    #[serde(default)]
    soort: String,
    #[serde(default)]
    status: String,
    #[serde(default)]
    na: String,
}

/// What is asked for, understood.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Asked {
    pub(super) text: String,
    wijk: Option<AreaCode>,
    kind: Option<KindChoice>,
    status: Option<StatusChoice>,
    pub(super) after: Option<PageKey>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum KindChoice {
    Kind(ContactKind),
    Visits,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum StatusChoice {
    Status(Status),
    NeedsChoice,
}

/// The form as the template shows it.
pub(super) struct Form {
    pub(super) action: &'static str,
    pub(super) text: String,
    pub(super) selects: Vec<Select>,
    pub(super) active: bool,
}

pub(super) struct Select {
    pub(super) name: &'static str,
    pub(super) label: &'static str,
    pub(super) options: Vec<Choice>,
}

/// One option of a select.
pub(super) struct Choice {
    pub(super) value: String,
    pub(super) label: String,
    pub(super) chosen: bool,
}

impl From<Query> for Asked {
    fn from(query: Query) -> Self {
        let kind = match query.soort.as_str() {
            VISITS => Some(KindChoice::Visits),
            word => word.parse().ok().map(KindChoice::Kind),
        };
        let status = match query.status.as_str() {
            NEEDS_CHOICE => Some(StatusChoice::NeedsChoice),
            word => word.parse().ok().map(StatusChoice::Status),
        };
        Self {
            text: query.q.trim().chars().take(TEXT_CHARS_MAX).collect(),
            wijk: query.wijk.parse().ok(),
            kind,
            status,
            after: query.na.parse().ok(),
        }
    }
}

impl Asked {
    /// Whether anything narrows the list.
    pub(super) fn is_narrowed(&self) -> bool {
        let Self { text, wijk, kind, status, after: _ } = self;
        !text.is_empty() || wijk.is_some() || kind.is_some() || status.is_some()
    }

    pub(super) fn filter(&self) -> Filter {
        let mut filter = Filter {
            wijk: self.wijk.clone(),
            text: Some(self.text.clone()).filter(|text| !text.is_empty()),
            ..Filter::default()
        };
        match self.kind {
            Some(KindChoice::Kind(kind)) => filter.kind = Some(kind),
            Some(KindChoice::Visits) => filter.record_type = Some(RecordType::Visit),
            None => {}
        }
        match self.status {
            Some(StatusChoice::Status(status)) => filter.status = Some(status),
            Some(StatusChoice::NeedsChoice) => filter.conflicts_only = true,
            None => {}
        }
        filter
    }

    /// The address of `path` with this question.
    pub(super) fn href(&self, path: &str) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        if !self.text.is_empty() {
            query.append_pair("q", &self.text);
        }
        if let Some(wijk) = &self.wijk {
            query.append_pair("wijk", wijk.as_str());
        }
        if let Some(kind) = self.kind {
            query.append_pair("soort", kind.word());
        }
        if let Some(status) = self.status {
            query.append_pair("status", status.word());
        }
        if let Some(after) = self.after {
            query.append_pair("na", &after.to_string());
        }
        let query = query.finish();
        if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
    }

    /// The same question, from another place in the list on.
    pub(super) fn starting(&self, after: Option<PageKey>) -> Self {
        Self { after, ..self.clone() }
    }

    /// The same question about one wijk.
    pub(super) fn within(&self, wijk: AreaCode) -> Self {
        Self { wijk: Some(wijk), after: None, ..self.clone() }
    }

    pub(super) fn form(&self, action: &'static str, names: &Names) -> Form {
        let (lang, t) = (names.lang, texts(names.lang));
        let wijken = names.wijken().into_iter().map(|(code, name)| Choice {
            chosen: self.wijk.as_ref() == Some(&code),
            value: code.to_string(),
            label: name,
        });
        let kinds = ContactKind::ALL.iter().map(|kind| KindChoice::Kind(*kind));
        let kinds = kinds.chain([KindChoice::Visits]).map(|choice| Choice {
            value: choice.word().to_owned(),
            label: choice.label(lang).to_owned(),
            chosen: self.kind == Some(choice),
        });
        let statuses = Status::ALL.iter().map(|status| StatusChoice::Status(*status));
        let statuses = statuses.chain([StatusChoice::NeedsChoice]).map(|choice| Choice {
            value: choice.word().to_owned(),
            label: choice.label(lang).to_owned(),
            chosen: self.status == Some(choice),
        });
        Form {
            action,
            text: self.text.clone(),
            selects: vec![
                Select { name: "wijk", label: t.wijk, options: wijken.collect() },
                Select { name: "soort", label: t.kind, options: kinds.collect() },
                Select { name: "status", label: t.status, options: statuses.collect() },
            ],
            active: self.is_narrowed(),
        }
    }
}

impl KindChoice {
    const fn word(self) -> &'static str {
        match self {
            Self::Kind(kind) => kind.as_str(),
            Self::Visits => VISITS,
        }
    }

    fn label(self, lang: Lang) -> &'static str {
        match self {
            Self::Kind(kind) => kind.label(lang),
            Self::Visits => texts(lang).visit,
        }
    }
}

impl StatusChoice {
    const fn word(self) -> &'static str {
        match self {
            Self::Status(status) => status.as_str(),
            Self::NeedsChoice => NEEDS_CHOICE,
        }
    }

    fn label(self, lang: Lang) -> &'static str {
        match self {
            Self::Status(status) => status.label(lang),
            Self::NeedsChoice => texts(lang).needs_choice,
        }
    }
}

const VISITS: &str = "bezoek";
const NEEDS_CHOICE: &str = "keuze";

/// As many as the search field takes.
const TEXT_CHARS_MAX: usize = 200;

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(q: &str, wijk: &str, soort: &str, status: &str, na: &str) -> Asked {
        let [q, wijk, soort, status, na] = [q, wijk, soort, status, na].map(str::to_owned);
        Query { q, wijk, soort, status, na }.into()
    }

    #[test]
    fn an_address_says_what_was_asked() {
        let all = asked(
            " café & zo ",
            "WK059706",
            "klacht",
            "in-behandeling",
            "0190a6b2-7c3e-7d41-8a55-0123456789ab",
        );
        assert_eq!(
            all.href("/logboek"),
            "/logboek?q=caf%C3%A9+%26+zo&wijk=WK059706&soort=klacht&status=in-behandeling&na=0190a6b2-7c3e-7d41-8a55-0123456789ab"
        );
        assert_eq!(all.filter().kind, Some(ContactKind::Klacht));
        assert_eq!(asked("", "", "", "", "").href("/kaart"), "/kaart");
    }

    #[test]
    fn what_means_nothing_is_no_filter() {
        let odd = asked("", "Oostendam", "'; drop", "weg", "x");
        assert_eq!(odd, Asked::default());
        assert!(!odd.is_narrowed());
        assert_eq!(odd.filter(), Filter::default());
    }

    #[test]
    fn visits_and_choices_are_filters_of_their_own() {
        let visits = asked("", "", "bezoek", "keuze", "").filter();
        assert_eq!(visits.record_type, Some(RecordType::Visit));
        assert!(visits.conflicts_only);
    }
}
