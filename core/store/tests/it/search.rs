//! Search equals a scan that folds the same way, whatever is typed.

use proptest::prelude::*;
use wijkboek_model::{Entry, EntryId, Record, RecordId, Timestamp, Write};
use wijkboek_store::{Count, Filter, Scope, Store};

use crate::support::{MORNING, contact, memory, person, record_id, stamp};

const WORDS: [&str; 28] = [
    "café",
    "Café",
    "cafe",
    "CAFÉS",
    "straat",
    "straatverlichting",
    "NOT",
    "AND",
    "or",
    "near",
    "NEAR/3",
    "wijk-team",
    "wijkteam",
    "\"citaat\"",
    "ster*",
    "o'neil",
    "één",
    "eend",
    "groene",
    "coöperatie",
    "naïef",
    "Müller",
    "12",
    "3e",
    "—",
    "(haakje)",
    "kolom:tekst",
    "^begin",
];

/// Written without a look at the store: lower case, marks off, words of letters and digits.
fn words_of(text: &str) -> Vec<String> {
    let folded: String = text
        .chars()
        .flat_map(char::to_lowercase)
        .map(|c| match c {
            'é' | 'ë' | 'è' | 'ê' => 'e',
            'ö' | 'ó' | 'ò' => 'o',
            'ü' | 'ú' => 'u',
            'ï' | 'í' => 'i',
            'á' | 'ä' | 'à' => 'a',
            other => other,
        })
        .collect();
    folded
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

/// Three characters and more may be a beginning; fewer must be the word, and ask nothing while
/// they are being typed behind others.
fn matches(text: &str, query: &str) -> bool {
    let words = words_of(text);
    let mut asked = words_of(query);
    let typing = query.ends_with(|c: char| c.is_alphanumeric());
    if asked.len() > 1 && typing && asked.last().is_some_and(|last| is_begun(last)) {
        asked.pop();
    }
    asked.iter().all(|asked| {
        words.iter().any(|word| match asked.chars().count() {
            0..3 => word == asked,
            _ => word.starts_with(asked.as_str()),
        })
    })
}

fn is_begun(word: &str) -> bool {
    word.chars().count() < 3 && !word.chars().any(char::is_numeric)
}

fn found(store: &Store, query: &str) -> Vec<RecordId> {
    let filter = Filter { text: Some(query.to_owned()), ..Filter::default() };
    let page = store.list(&Scope::All, &filter, None, 50).expect("a query never errs");
    let count = store.count(&Scope::All, &filter).expect("nor a count");
    assert_eq!(count, Count { n: page.rows.len() as u64, exact: true });
    page.rows.into_iter().map(|row| row.id).collect()
}

fn note(store: &mut Store, n: u32, text: &str, entry: Option<&str>) -> RecordId {
    let id = record_id(n);
    store.create(id, person(1), &Record::Contact(contact(text)), &stamp(1, 0)).expect("created");
    if let Some(text) = entry {
        let entry = EntryId::from_parts(Timestamp::from_millis(MORNING), [1; 10]);
        let write = Write::Append(Entry { id: entry, author: person(1), text: text.to_owned() });
        store.edit(id, &[write], &stamp(1, 1)).expect("edited");
    }
    id
}

fn text() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(&WORDS[..]), 0..5).prop_map(|words| words.join(" "))
}

/// Whole words, beginnings of words, and any characters at all.
fn query() -> impl Strategy<Value = String> {
    prop_oneof![
        text(),
        (prop::sample::select(&WORDS[..]), 1..4_usize)
            .prop_map(|(word, length)| word.chars().take(length).collect()),
        "[a-zé0-9\"*()'^:+ {}.\\-]{0,12}",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn search_equals_a_scan(
        notes in prop::collection::vec((text(), prop::option::of(text())), 1..8),
        queries in prop::collection::vec(query(), 1..12),
    ) {
        let mut store = memory();
        let mut all = vec![];
        for (n, (text, entry)) in (0..).zip(&notes) {
            // An entry of nothing but spaces is not accepted.
            let entry = entry.as_deref().filter(|entry| !entry.trim().is_empty());
            let id = note(&mut store, n, text, entry);
            all.insert(0, (id, format!("{text}\n{}", entry.unwrap_or_default())));
        }
        for query in queries {
            let scanned: Vec<RecordId> =
                all.iter().filter(|(_, text)| matches(text, &query)).map(|(id, _)| *id).collect();
            prop_assert_eq!(found(&store, &query), scanned, "{:?}", query);
        }
    }

    #[test]
    fn no_text_at_all_makes_it_err(query in any::<String>()) {
        let mut store = memory();
        note(&mut store, 1, "iets", None);
        found(&store, &query);
    }
}

#[test]
fn what_people_type() {
    let mut store = memory();
    let cafe = note(&mut store, 1, "Overlast bij het Café aan de dijk", None);
    let team = note(&mut store, 2, "Vraag aan het wijk-team", Some("gebeld met mevrouw Müller"));
    let decomposed = note(&mut store, 3, "cafe\u{301} met losse accenten", None);
    assert_eq!(found(&store, "cafe"), [decomposed, cafe]);
    assert_eq!(found(&store, "cafe\u{301}"), [decomposed, cafe]);
    assert_eq!(found(&store, "CAF over"), [cafe]);
    assert_eq!(found(&store, "wijk-tea mull"), [team]);
    assert_eq!(found(&store, "de"), [cafe], "short words as they stand");
    assert_eq!(found(&store, "overlast di"), [cafe], "not yet");
    assert_eq!(found(&store, "overlast di "), [], "but now");
    assert_eq!(found(&store, "\"team"), [team]);
    assert_eq!(found(&store, "cafe OR team"), [], "operators are words");
    assert_eq!(found(&store, "afé"), [], "from the beginning of a word");
    assert_eq!(found(&store, " *\"() ").len(), 3, "punctuation alone asks nothing");
}
