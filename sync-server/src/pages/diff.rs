//! Pieces of text with some of it marked: the words that match a search, and the words in which
//! two values differ.

use unicode_normalization::UnicodeNormalization;

/// A piece of text, marked or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Part {
    pub(super) text: String,
    pub(super) hit: bool,
}

impl Part {
    fn plain(text: impl Into<String>) -> Self {
        Self { text: text.into(), hit: false }
    }
}

/// The beginning of a text, or what stands around the first match, with the matches marked: words
/// that begin with one of the query's words, case and accents aside.
pub(super) fn excerpt(text: &str, query: &str) -> Vec<Part> {
    let wanted: Vec<String> =
        query.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).map(fold).collect();
    let pieces: Vec<Part> = pieces(text)
        .map(|piece| {
            let folded = fold(piece);
            let hit = wanted.iter().any(|word| folded.starts_with(word.as_str()));
            Part { text: piece.to_owned(), hit }
        })
        .collect();
    let first = pieces.iter().position(|piece| piece.hit).unwrap_or(0);
    let before: usize = pieces[..first].iter().map(|piece| piece.text.chars().count()).sum();
    let mut start = 0;
    if before > EXCERPT_CHARS * 2 / 3 {
        let mut room = EXCERPT_CHARS / 4;
        start = first;
        while start > 0 {
            let length = pieces[start - 1].text.chars().count();
            if length > room {
                break;
            }
            room -= length;
            start -= 1;
        }
        if !is_word(&pieces[start].text) {
            start += 1;
        }
    }
    cut(&pieces, start)
}

fn cut(pieces: &[Part], start: usize) -> Vec<Part> {
    let mut parts: Vec<Part> = vec![];
    if start > 0 {
        parts.push(Part::plain("… "));
    }
    let mut room = EXCERPT_CHARS;
    for piece in &pieces[start..] {
        let length = piece.text.chars().count();
        if length > room {
            // A single word as long as the room: its beginning is better than nothing.
            if room == EXCERPT_CHARS {
                parts.push(Part::plain(piece.text.chars().take(room).collect::<String>()));
            }
            if let Some(last) = parts.last_mut() {
                last.text.truncate(last.text.trim_end().len());
            }
            parts.push(Part::plain("…"));
            break;
        }
        room -= length;
        push(&mut parts, piece.clone());
    }
    parts
}

/// `text` with the words marked that `other` does not have at that place.
pub(super) fn against(text: &str, other: &str) -> Vec<Part> {
    let (mine, theirs): (Vec<&str>, Vec<&str>) = (pieces(text).collect(), pieces(other).collect());
    if mine.len() > COMPARED_PIECES || theirs.len() > COMPARED_PIECES {
        return vec![Part::plain(text)];
    }
    let shared = in_common(&mine, &theirs);
    // Nothing in common: marking everything would say nothing.
    if !shared.iter().zip(&mine).any(|(shared, piece)| *shared && is_word(piece)) {
        return vec![Part::plain(text)];
    }
    let differs = |at: usize| shared.get(at).is_some_and(|shared| !shared) && is_word(mine[at]);
    let mut parts = vec![];
    for (at, piece) in mine.iter().enumerate() {
        // What stands between two words that differ belongs to them.
        let between = at > 0 && !is_word(piece) && differs(at - 1) && differs(at + 1);
        push(&mut parts, Part { text: (*piece).to_owned(), hit: between || differs(at) });
    }
    parts
}

/// Which pieces of `mine` belong to a longest common subsequence with `theirs`.
fn in_common(mine: &[&str], theirs: &[&str]) -> Vec<bool> {
    let width = theirs.len() + 1;
    let mut lengths = vec![0_u16; (mine.len() + 1) * width];
    for (i, a) in mine.iter().enumerate().rev() {
        for (j, b) in theirs.iter().enumerate().rev() {
            lengths[i * width + j] = if a == b {
                lengths[(i + 1) * width + j + 1] + 1
            } else {
                lengths[(i + 1) * width + j].max(lengths[i * width + j + 1])
            };
        }
    }
    let (mut i, mut j) = (0, 0);
    let mut shared = vec![false; mine.len()];
    while i < mine.len() && j < theirs.len() {
        if mine[i] == theirs[j] {
            shared[i] = true;
            i += 1;
            j += 1;
        } else if lengths[(i + 1) * width + j] >= lengths[i * width + j + 1] {
            i += 1;
        } else {
            j += 1;
        }
    }
    shared
}

/// Appends a piece, joined to the last one when both are marked alike.
fn push(parts: &mut Vec<Part>, piece: Part) {
    match parts.last_mut() {
        Some(last) if last.hit == piece.hit => last.text.push_str(&piece.text),
        _ => parts.push(piece),
    }
}

/// Words and what stands between them, in turns.
fn pieces(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let first = rest.chars().next()?;
        let word = in_word(first);
        let end = rest.find(|c: char| in_word(c) != word).unwrap_or(rest.len());
        let (piece, tail) = rest.split_at(end);
        rest = tail;
        Some(piece)
    })
}

fn is_word(piece: &str) -> bool {
    piece.chars().next().is_some_and(in_word)
}

fn in_word(c: char) -> bool {
    c.is_alphanumeric() || is_mark(c)
}

fn is_mark(c: char) -> bool {
    ('\u{300}'..='\u{36f}').contains(&c)
}

/// Lower case without accents, as search compares.
fn fold(text: &str) -> String {
    text.nfd().filter(|c| !is_mark(*c)).flat_map(char::to_lowercase).collect()
}

/// About three lines of the log.
const EXCERPT_CHARS: usize = 200;

/// Longer texts are shown without marks: comparing costs the product of both lengths.
const COMPARED_PIECES: usize = 1_500;

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(parts: &[Part]) -> String {
        parts.iter().fold(String::new(), |all, part| {
            if part.hit { format!("{all}[{}]", part.text) } else { all + &part.text }
        })
    }

    #[test]
    fn matches_are_marked_as_search_finds_them() {
        assert_eq!(
            shown(&excerpt("Bij het Café, cafetaria", "cafe")),
            "Bij het [Café], [cafetaria]"
        );
        assert_eq!(shown(&excerpt("Bij het Cafe\u{301}", "CAFÉ")), "Bij het [Cafe\u{301}]");
        assert_eq!(shown(&excerpt("de stoep", "\"* oep")), "de stoep");
        assert_eq!(shown(&excerpt("", "x")), "");
    }

    #[test]
    fn a_long_text_is_cut_around_its_first_match() {
        let text = format!("{}einde bij de brug", "woord ".repeat(60));
        let parts = excerpt(&text, "brug");
        let all = shown(&parts);
        assert!(all.starts_with("… woord") && all.ends_with("[brug]"), "{all}");
        let all = shown(&excerpt(&text, ""));
        assert!(all.ends_with('…') && all.chars().count() <= EXCERPT_CHARS + 1, "{all}");
        assert_eq!(shown(&excerpt(&"x".repeat(500), "")).chars().count(), EXCERPT_CHARS + 1);
    }

    #[test]
    fn two_values_show_where_they_differ() {
        let (a, b) = ("De lamp bij 12 is stuk.", "De lantaarn bij 12 is stuk, al weken.");
        assert_eq!(shown(&against(a, b)), "De [lamp] bij 12 is stuk.");
        assert_eq!(shown(&against(b, a)), "De [lantaarn] bij 12 is stuk, [al weken].");
        assert_eq!(shown(&against("heel anders", "iets nieuws")), "heel anders");
    }
}
