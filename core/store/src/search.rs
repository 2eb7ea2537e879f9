//! From what somebody typed to an FTS5 expression that never errs.
//!
//! Every word must occur as the beginning of a word; case and diacritics do not count. Quotes,
//! operators and punctuation only separate words.

/// The FTS5 expression for a user's search text; none when it holds no word at all.
pub(crate) fn expression(text: &str) -> Option<String> {
    let words: Vec<String> = text
        .split(|c| !in_word(c))
        // A mark on its own (a diacritic with no letter before it) is no word.
        .filter(|word| word.chars().any(char::is_alphanumeric))
        .take(WORDS_MAX)
        .map(|word| format!("\"{word}\"*"))
        .collect();
    if words.is_empty() { None } else { Some(words.join(" AND ")) }
}

/// Letters and digits make words, and so do combining marks, which the tokenizer folds away.
fn in_word(c: char) -> bool {
    c.is_alphanumeric() || ('\u{300}'..='\u{36f}').contains(&c)
}

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
    fn operators_are_words_like_any_other() {
        assert_eq!(expression("NOT \"a*"), Some("\"NOT\"* AND \"a\"*".to_owned()));
    }

    #[test]
    fn punctuation_alone_is_no_filter() {
        for text in ["", "  ", "\"", "*", "()-:^", "\u{301}", "🎉"] {
            assert_eq!(expression(text), None, "{text:?}");
        }
    }
}
