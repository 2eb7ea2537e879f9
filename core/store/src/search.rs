//! From what somebody typed to an FTS5 expression that never errs.
//!
//! Every word must occur; a word of three characters or more also as the beginning of one. A
//! shorter one must occur as it stands ("de", "12"): the words that begin with one or two letters
//! are half of the logbook, and would have to be merged before the first result. Two letters at the
//! end of several words are still being typed and ask nothing yet. Case and diacritics do not
//! count. Quotes, operators and punctuation only separate words.

mod splits;

use splits::splits;

/// The FTS5 expression for a user's search text; none when it holds no word at all.
pub(crate) fn expression(text: &str) -> Option<String> {
    let mut words: Vec<&str> = text
        .split(|c| !in_word(c))
        // A mark on its own (a diacritic with no letter before it) is no word.
        .filter(|word| word.chars().any(char::is_alphanumeric))
        .take(WORDS_MAX)
        .collect();
    if words.len() > 1 && text.ends_with(in_word) && words.last().is_some_and(|w| is_begun(w)) {
        words.pop();
    }
    let words: Vec<String> = words.into_iter().map(term).collect();
    if words.is_empty() { None } else { Some(words.join(" AND ")) }
}

fn term(word: &str) -> String {
    let beginning = if length(word) < PREFIX_CHARS_MIN { "" } else { "*" };
    format!("\"{word}\"{beginning}")
}

/// Too short to be a beginning, and no number.
fn is_begun(word: &str) -> bool {
    length(word) < PREFIX_CHARS_MIN && !word.chars().any(char::is_numeric)
}

fn length(word: &str) -> usize {
    word.chars().filter(|c| !is_mark(*c)).count()
}

/// Letters and digits make words, and so do combining marks that the tokenizer folds away.
fn in_word(c: char) -> bool {
    (c.is_alphanumeric() || is_mark(c)) && !splits(c)
}

fn is_mark(c: char) -> bool {
    ('\u{300}'..='\u{36f}').contains(&c)
}

/// From this length on a word may be the beginning of one.
const PREFIX_CHARS_MIN: usize = 3;

/// Enough for any question; a pasted page must not become an expression of a thousand terms.
const WORDS_MAX: usize = 32;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_become_prefixes() {
        assert_eq!(expression("cafe  Dorp"), Some("\"cafe\"* AND \"Dorp\"*".to_owned()));
        assert_eq!(expression("wijk-team"), Some("\"wijk\"* AND \"team\"*".to_owned()));
    }

    #[test]
    fn short_words_must_occur_as_they_stand() {
        assert_eq!(expression("de"), Some("\"de\"".to_owned()));
        assert_eq!(expression("de heg"), Some("\"de\" AND \"heg\"*".to_owned()));
        assert_eq!(expression("dijk 12"), Some("\"dijk\"* AND \"12\"".to_owned()));
        assert_eq!(expression("e\u{301}e\u{301}"), Some("\"e\u{301}e\u{301}\"".to_owned()));
    }

    #[test]
    fn what_is_still_being_typed_asks_nothing_yet() {
        assert_eq!(expression("lange st"), Some("\"lange\"*".to_owned()));
        assert_eq!(expression("lange st "), Some("\"lange\"* AND \"st\"".to_owned()));
        assert_eq!(expression("s"), Some("\"s\"".to_owned()));
    }

    #[test]
    fn operators_are_words_like_any_other() {
        assert_eq!(expression("NOT \"ab*"), Some("\"NOT\"* AND \"ab\"".to_owned()));
    }

    #[test]
    fn punctuation_alone_is_no_filter() {
        for text in ["", "  ", "\"", "*", "()-:^", "\u{301}", "🎉"] {
            assert_eq!(expression(text), None, "{text:?}");
        }
    }
}
