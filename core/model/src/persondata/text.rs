//! Looking at a text in pieces: words, groups of digits, and what stands just before and after.
//!
//! All positions are bytes and lie between two characters.

/// A piece of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Span {
    pub(super) start: usize,
    pub(super) end: usize,
}

impl Span {
    pub(super) fn of<'a>(&self, text: &'a str) -> &'a str {
        text.get(self.start..self.end).unwrap_or_default()
    }

    pub(super) fn len(&self) -> usize {
        self.end - self.start
    }
}

/// The words of a text: letters, with hyphens and apostrophes between them.
pub(super) struct Words(Vec<Span>);

impl Words {
    pub(super) fn of(text: &str) -> Self {
        let mut words = Vec::new();
        let mut start = None;
        let mut characters = text.char_indices().peekable();
        while let Some((at, c)) = characters.next() {
            let next_is_letter = characters.peek().is_some_and(|(_, next)| next.is_alphabetic());
            let inside = match start {
                Some(_) => c.is_alphabetic() || (is_joint(c) && next_is_letter),
                // "'t" and "'s" are words too.
                None => c.is_alphabetic() || (is_apostrophe(c) && next_is_letter),
            };
            match (inside, start) {
                (true, None) => start = Some(at),
                (false, Some(from)) => {
                    words.push(Span { start: from, end: at });
                    start = None;
                }
                (true, Some(_)) | (false, None) => {}
            }
        }
        if let Some(start) = start {
            words.push(Span { start, end: text.len() });
        }
        Self(words)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (usize, Span)> {
        self.0.iter().copied().enumerate()
    }

    pub(super) fn get(&self, place: usize) -> Option<Span> {
        self.0.get(place).copied()
    }
}

fn is_apostrophe(c: char) -> bool {
    c == '\'' || c == '’' || c == '‘'
}

fn is_joint(c: char) -> bool {
    c == '-' || is_apostrophe(c)
}

/// The runs of the digits 0 to 9 in a text.
pub(super) fn digit_groups(text: &str) -> Vec<Span> {
    let mut groups = Vec::new();
    let mut start = None;
    for (at, byte) in text.bytes().enumerate() {
        match (byte.is_ascii_digit(), start) {
            (true, None) => start = Some(at),
            (false, Some(from)) => {
                groups.push(Span { start: from, end: at });
                start = None;
            }
            (true, Some(_)) | (false, None) => {}
        }
    }
    if let Some(start) = start {
        groups.push(Span { start, end: text.len() });
    }
    groups
}

pub(super) fn char_before(text: &str, at: usize) -> Option<char> {
    text.get(..at).and_then(|before| before.chars().next_back())
}

pub(super) fn char_after(text: &str, at: usize) -> Option<char> {
    text.get(at..).and_then(|after| after.chars().next())
}

/// Whether what stands at a span is not part of a longer word or number.
pub(super) fn stands_alone(text: &str, span: Span) -> bool {
    let joins = |c: char| c.is_alphanumeric() || c == '_';
    !char_before(text, span.start).is_some_and(joins)
        && !char_after(text, span.end).is_some_and(joins)
}

/// At most so many characters before a position.
pub(super) fn window_before(text: &str, at: usize, characters: usize) -> &str {
    let before = text.get(..at).unwrap_or_default();
    let start = before.char_indices().rev().take(characters).last().map_or(at, |(start, _)| start);
    before.get(start..).unwrap_or_default()
}

/// At most so many characters after a position.
pub(super) fn window_after(text: &str, at: usize, characters: usize) -> &str {
    let after = text.get(at..).unwrap_or_default();
    let end = after.char_indices().nth(characters).map_or(after.len(), |(end, _)| end);
    after.get(..end).unwrap_or_default()
}

/// Digits, and what stands where digits were masked.
pub(super) fn is_digit_or_mask(c: char) -> bool {
    c.is_ascii_digit() || c == super::MASK
}

/// What stands between two positions, when it is one to three of these characters.
pub(super) fn gap(
    text: &str,
    start: usize,
    end: usize,
    allowed: impl Fn(char) -> bool,
) -> Option<&str> {
    let between = text.get(start..end).filter(|between| (1..=12).contains(&between.len()))?;
    let fits = between.chars().count() <= 3 && between.chars().all(allowed);
    fits.then_some(between)
}

pub(super) fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\u{a0}' | '\u{202f}')
}

pub(super) fn is_dash(c: char) -> bool {
    matches!(c, '-' | '\u{2010}' | '\u{2011}' | '\u{2012}' | '–' | '\u{2212}')
}

/// The first word of a text, in lower case, as far as its letters go.
pub(super) fn first_word(text: &str) -> String {
    let end = text.find(|c: char| !c.is_alphabetic() && !is_apostrophe(c)).unwrap_or(text.len());
    text.get(..end).unwrap_or_default().to_lowercase()
}
