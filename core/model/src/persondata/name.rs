//! Names after a form of address: "Dhr. J.P. van der Berg", "mevrouw de Vries", "fam. Bakker".
//!
//! A name has a capital, or is one of the commonest Dutch surnames: dictation and hasty typing
//! leave capitals out, and "mevrouw zegt" is no name.

use super::text::{Span, Words, char_after, is_space};
use super::{Finding, PersonDataKind};

/// Abbreviations, after which a full stop ends no sentence.
const SHORT: [&str; 12] =
    ["dhr", "mevr", "mw", "mvr", "mej", "hr", "fam", "mr", "mrs", "ms", "dr", "ir"];
const LONG: [&str; 9] = [
    "meneer",
    "mevrouw",
    "mijnheer",
    "heer",
    "juffrouw",
    "familie",
    "mevrouwtje",
    "menheer",
    "mneer",
];

/// Small words before a surname.
const SMALL: [&str; 20] = [
    "van", "de", "der", "den", "het", "'t", "’t", "ten", "ter", "te", "el", "al", "la", "le",
    "von", "du", "ben", "in", "op", "bin",
];
/// Those that may also stand between a first name and a surname.
const SMALL_BETWEEN: [&str; 12] =
    ["van", "de", "der", "den", "'t", "’t", "ten", "ter", "el", "al", "von", "ben"];

/// The commonest surnames that need no small word before them, for text without capitals.
const SURNAMES: [&str; 44] = [
    "jansen",
    "janssen",
    "bakker",
    "visser",
    "smit",
    "smits",
    "meijer",
    "meyer",
    "mulder",
    "peters",
    "hendriks",
    "dekker",
    "brouwer",
    "dijkstra",
    "smeets",
    "jacobs",
    "vermeulen",
    "kuiper",
    "kuipers",
    "hoekstra",
    "koster",
    "willems",
    "verhoeven",
    "prins",
    "huisman",
    "postma",
    "veenstra",
    "kramer",
    "scholten",
    "bosman",
    "maas",
    "pietersen",
    "hermans",
    "martens",
    "schouten",
    "gerritsen",
    "willemsen",
    "yilmaz",
    "kaya",
    "nguyen",
    "singh",
    "ali",
    "mohamed",
    "aydin",
];
/// The commonest that stand after a small word.
const SURNAMES_AFTER: [(&str, &[&str]); 4] = [
    (
        "de",
        &[
            "vries", "boer", "groot", "jong", "jonge", "wit", "haan", "bruin", "graaf", "ruiter",
            "lange", "leeuw", "bruijn", "koning", "jager", "rooij", "vos", "wilde", "kok",
            "winter",
        ],
    ),
    (
        "van",
        &[
            "dijk",
            "leeuwen",
            "vliet",
            "dam",
            "beek",
            "veen",
            "wijk",
            "essen",
            "dongen",
            "rijn",
            "loon",
            "houten",
            "doorn",
            "es",
            "hoof",
            "schaik",
            "gelder",
            "wijngaarden",
            "nes",
            "os",
        ],
    ),
    ("den", &["berg", "broek", "bosch", "heuvel", "hoek", "boer", "hartog", "ouden", "brink"]),
    (
        "der",
        &[
            "berg", "meer", "linden", "heijden", "wal", "veen", "laan", "velden", "sluis", "horst",
            "meulen", "kolk", "plas", "stelt", "werf", "wel",
        ],
    ),
];

/// Capitalised words that open a sentence or name no person.
const COMMON: [&str; 96] = [
    "aan", "als", "bel", "belde", "belt", "bij", "daar", "daarna", "dan", "dat", "denkt", "deze",
    "die", "dit", "durft", "dus", "een", "en", "ervaart", "gaat", "gaf", "geeft", "geen", "had",
    "heeft", "hij", "hier", "hoort", "ik", "is", "kan", "klaagt", "komt", "kon", "kreeg", "krijgt",
    "maar", "mag", "maakt", "meldt", "met", "mist", "moet", "na", "naar", "naast", "niet", "nog",
    "of", "omdat", "ook", "over", "regelt", "sinds", "staat", "stelt", "tegen", "tevens", "toen",
    "uit", "verder", "vertelt", "vindt", "voelt", "volgens", "voor", "vraagt", "vroeg", "want",
    "was", "wat", "weer", "weet", "wel", "wij", "wil", "wilde", "woont", "zag", "zal", "ze",
    "zegt", "zei", "zij", "ziet", "zit", "zo", "zoekt", "zou", "om", "buurt", "wijk", "vanaf",
    "tussen", "graag", "gemeente",
];

/// Organisations, places and days that follow "mevrouw van …" and are nobody's name.
const NOT_PERSONS: [&str; 44] = [
    "wooncompas",
    "facet",
    "politie",
    "dcmr",
    "oov",
    "vve",
    "ggd",
    "wmo",
    "handhaving",
    "buurtapp",
    "buurttent",
    "wijkteam",
    "wijkregie",
    "gemeentehuis",
    "school",
    "jumbo",
    "albert",
    "lidl",
    "aldi",
    "ridderkerk",
    "slikkerveer",
    "bolnes",
    "rijsoord",
    "oostendam",
    "drievliet",
    "centrum",
    "west",
    "oost",
    "noord",
    "zuid",
    "zand",
    "donkersloot",
    "verenambacht",
    "cornelisland",
    "rotterdam",
    "barendrecht",
    "dordrecht",
    "zwijndrecht",
    "ambacht",
    "leefbaarheidsteam",
    "maandag",
    "woensdag",
    "kerk",
    "moskee",
];

/// Whether a word opens sentences so often that its capital says nothing.
pub(super) fn is_common_word(word: &str) -> bool {
    let lower = word.to_lowercase();
    COMMON.contains(&lower.as_str())
        || matches!(lower.as_str(), "de" | "het" | "in" | "op" | "van" | "te" | "er" | "je" | "we")
}

pub(super) fn find(text: &str, words: &Words) -> Vec<Finding> {
    let mut found: Vec<Finding> = Vec::new();
    for (place, word) in words.iter() {
        if found.last().is_some_and(|last| last.end > word.start) {
            continue;
        }
        let lower = word.of(text).to_lowercase();
        let short = SHORT.contains(&lower.as_str());
        if !short && !LONG.contains(&lower.as_str()) {
            continue;
        }
        if let Some(end) = name_after(text, words, place, short) {
            let start = if lower == "heer" { with_article(text, words, place) } else { word.start };
            found.push(Finding::certain(PersonDataKind::Name, start, end));
        }
    }
    found
}

/// "de heer Jansen" starts at its article.
fn with_article(text: &str, words: &Words, place: usize) -> usize {
    let title = words.get(place).map_or(0, |word| word.start);
    place
        .checked_sub(1)
        .and_then(|before| words.get(before))
        .filter(|word| word.of(text).eq_ignore_ascii_case("de") && word.end + 1 == title)
        .map_or(title, |word| word.start)
}

/// Reads a name word by word.
struct Reader<'a> {
    text: &'a str,
    words: &'a Words,
    /// The next word.
    place: usize,
    /// Where the last word that was taken ends, with its full stop.
    at: usize,
    /// Everything is in capitals, so a capital says nothing.
    loud: bool,
}

/// Where the name after a form of address ends; `short` when that is an abbreviation.
fn name_after(text: &str, words: &Words, title: usize, short: bool) -> Option<usize> {
    let word = words.get(title)?;
    let stop = char_after(text, word.end) == Some('.');
    if stop && !short {
        return None;
    }
    let letters = word.of(text);
    let loud = letters.chars().count() > 2 && letters.chars().all(char::is_uppercase);
    let at = word.end + usize::from(stop);
    Reader { text, words, place: title + 1, at, loud }.read()
}

impl Reader<'_> {
    fn read(mut self) -> Option<usize> {
        // More than six are no initials, and each form of address may look only so far.
        let _initials = (0..6).take_while(|_| self.take_initial()).count();
        let before = (self.place, self.at);
        let mut small = Vec::new();
        while let Some(word) = self.small_word(&SMALL) {
            if small.len() == 4 {
                return None;
            }
            small.push(word);
        }
        if self.names_a_person(small.last().map(String::as_str)) {
            return Some(self.rest_of_name());
        }
        // "mevrouw In" is no name, but a capitalised small word may be one itself: "mevrouw Al".
        (self.place, self.at) = before;
        None
    }

    /// What follows the first part that is surely a name.
    fn rest_of_name(&mut self) -> usize {
        let mut end = self.take();
        for _ in 0..4 {
            if self.loud {
                break;
            }
            let before = (self.place, self.at);
            while self.small_word(&SMALL_BETWEEN).is_some() {}
            let part = self.next().is_some_and(|word| {
                let word = word.of(self.text);
                starts_like_a_name(word) && !is_common_word(word) && !is_no_person(word)
            });
            if !part {
                (self.place, self.at) = before;
                break;
            }
            end = self.take();
        }
        end
    }

    /// The next word, when nothing but a space (or nothing, after an initial) lies before it.
    fn next(&self) -> Option<Span> {
        let word = self.words.get(self.place)?;
        let between = self.text.get(self.at..word.start)?;
        let mut characters = between.chars();
        let near = match (characters.next(), characters.next()) {
            (None, _) => true,
            (Some(space), None) => is_space(space),
            (Some(space), Some(second)) => {
                is_space(space) && is_space(second) && characters.next().is_none()
            }
        };
        near.then_some(word)
    }

    fn take(&mut self) -> usize {
        self.at = self.words.get(self.place).map_or(self.at, |word| word.end);
        self.place += 1;
        self.at
    }

    /// "J.", "Th.", or "J" before another word of the name.
    fn take_initial(&mut self) -> bool {
        let Some(word) = self.next() else { return false };
        let letters = word.of(self.text);
        let count = letters.chars().count();
        let capital = letters.starts_with(char::is_uppercase);
        let stop = char_after(self.text, word.end) == Some('.');
        let initial = capital && (count == 1 || count <= 3 && stop && !is_common_word(letters));
        if initial {
            self.take();
            self.at += usize::from(stop);
        }
        initial
    }

    fn small_word(&mut self, list: &[&str]) -> Option<String> {
        let word = self.next()?.of(self.text).to_lowercase();
        let is_small = list.contains(&word.as_str());
        is_small.then(|| {
            self.take();
            word
        })
    }

    /// Whether the next word is a name, after this small word.
    fn names_a_person(&self, small: Option<&str>) -> bool {
        let Some(word) = self.next() else { return false };
        let word = word.of(self.text);
        let lower = word.to_lowercase();
        if is_no_person(word) || is_common_word(word) {
            return false;
        }
        if starts_like_a_name(word) && !self.loud {
            return true;
        }
        match small {
            None => SURNAMES.contains(&lower.as_str()) || self.loud && starts_like_a_name(word),
            Some(small) => SURNAMES_AFTER
                .iter()
                .any(|(before, names)| *before == small && names.contains(&lower.as_str())),
        }
    }
}

fn starts_like_a_name(word: &str) -> bool {
    let mut characters = word.chars();
    characters.next().is_some_and(char::is_uppercase) && characters.next().is_some()
}

/// An organisation, a place or a street.
fn is_no_person(word: &str) -> bool {
    let lower = word.to_lowercase();
    let street =
        ["straat", "laan", "plein", "weg", "singel", "kade", "flat", "vereniging", "school"];
    NOT_PERSONS.contains(&lower.as_str()) || street.iter().any(|ending| lower.ends_with(ending))
}
