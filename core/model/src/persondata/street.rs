//! Where somebody lives: a street with a house number, a postcode, or "van nr 14".
//!
//! A street by itself is where something happens and nobody's; the number makes it a home. A
//! count after a street ("Kerkstraat 3 tegels los") is no house number.

use super::text::{
    Span, Words, char_after, char_before, first_word, is_dash, is_space, stands_alone,
    window_after, window_before,
};
use super::{Finding, PersonDataKind};

/// How Dutch street names end.
const ENDINGS: [&str; 15] = [
    "straat",
    "str",
    "laan",
    "weg",
    "plein",
    "hof",
    "kade",
    "dijk",
    "singel",
    "pad",
    "steeg",
    "dreef",
    "plantsoen",
    "gracht",
    "hove",
];

/// Endings that many other words have too; they take a capital.
const ENDINGS_OF_NAMES: [&str; 16] = [
    "park", "erf", "ring", "baan", "wal", "gaarde", "akker", "haven", "zoom", "oord", "werf",
    "horst", "brink", "weide", "veld", "burg",
];

/// Words that end like a street and are none.
const NO_STREETS: [&str; 34] = [
    "onderweg",
    "uitweg",
    "snelweg",
    "autoweg",
    "omweg",
    "terugweg",
    "heenweg",
    "voorrangsweg",
    "ventweg",
    "toegangsweg",
    "hoofdweg",
    "zijweg",
    "landweg",
    "waterweg",
    "spoorweg",
    "fietspad",
    "voetpad",
    "wandelpad",
    "ruiterpad",
    "zebrapad",
    "tegelpad",
    "bospad",
    "schelpenpad",
    "schoolplein",
    "speelplein",
    "winkelstraat",
    "zijstraat",
    "woonstraat",
    "achterpad",
    "overweg",
    "halverweg",
    "rijweg",
    "begraafplaats",
    "kerkhof",
];

/// What is counted after a number, besides plurals.
const COUNTED: [&str; 40] = [
    "x",
    "keer",
    "maal",
    "km",
    "km/u",
    "m",
    "meter",
    "cm",
    "uur",
    "u",
    "min",
    "minuten",
    "jaar",
    "euro",
    "mensen",
    "man",
    "vrouw",
    "procent",
    "graden",
    "stuks",
    "stuk",
    "jan",
    "januari",
    "feb",
    "februari",
    "mrt",
    "maart",
    "apr",
    "april",
    "mei",
    "juni",
    "juli",
    "aug",
    "augustus",
    "september",
    "oktober",
    "november",
    "december",
    "grote",
    "kapotte",
];

/// Words that end like a plural and are none.
const NOT_COUNTED: [&str; 44] = [
    "is", "was", "als", "dus", "eens", "soms", "steeds", "sinds", "langs", "niets", "thuis",
    "alles", "en", "een", "hebben", "willen", "kunnen", "moeten", "gaan", "komen", "klagen",
    "vragen", "melden", "zeggen", "doen", "zijn", "waren", "wonen", "worden", "zien", "staan",
    "zitten", "binnen", "buiten", "boven", "beneden", "tussen", "samen", "morgen", "gisteren",
    "toen", "geen", "alleen", "bellen",
];

/// After which words a number is that of a house.
const AT_HOUSE: [&str; 22] = [
    "van",
    "op",
    "bij",
    "naast",
    "tegenover",
    "achter",
    "huis",
    "woning",
    "bewoner",
    "bewoners",
    "bewoonster",
    "buren",
    "buurman",
    "buurvrouw",
    "boven",
    "onder",
    "adres",
    "flat",
    "perceel",
    "portiek",
    "gezin",
    "familie",
];

/// Pairs of capitals after four digits that are words, or that no postcode has.
const NO_POSTCODES: [&str; 24] = [
    "SA", "SD", "SS", "IS", "EN", "IN", "OP", "OM", "DE", "TE", "ER", "WE", "ZE", "NA", "AL", "ZO",
    "OF", "IK", "JE", "KM", "TV", "EU", "PK", "CM",
];

pub(super) fn find(text: &str, words: &Words, groups: &[Span]) -> Vec<Finding> {
    let mut found = Vec::new();
    for (place, word) in words.iter() {
        if is_street(word.of(text))
            && let Some(end) = house_number_after(text, word.end)
        {
            let start = street_start(text, words, place);
            found.push(Finding::certain(PersonDataKind::Address, start, end));
        }
        if let Some(finding) = numbered(text, words, place, word) {
            found.push(finding);
        }
    }
    found.extend(groups.iter().filter_map(|group| postcode(text, *group)));
    found
}

fn is_street(word: &str) -> bool {
    let lower = word.to_lowercase();
    let capital = word.chars().next().is_some_and(char::is_uppercase);
    let ends = |endings: &[&str]| {
        endings
            .iter()
            .any(|ending| lower.strip_suffix(ending).is_some_and(|stem| stem.chars().count() >= 3))
    };
    (ends(&ENDINGS) || capital && ends(&ENDINGS_OF_NAMES)) && !NO_STREETS.contains(&lower.as_str())
}

/// Where the house number that follows a street ends.
fn house_number_after(text: &str, street_end: usize) -> Option<usize> {
    let after = window_after(text, street_end, 12);
    let lead = after.find(|c: char| !(is_space(c) || c == '.' || c == ','))?;
    let start = street_end + lead;
    let gap = text.get(street_end..start)?;
    let named = after.get(lead..).map(first_word).filter(|word| word == "nr" || word == "nummer");
    let start = match named {
        Some(word) => {
            let rest = after.get(lead + word.len()..)?;
            let digits = rest.find(|c: char| !(is_space(c) || c == '.'))?;
            start + word.len() + digits
        }
        None => start,
    };
    if gap.is_empty() || gap.contains(',') && named_is_none(text, start) {
        return None;
    }
    house_number_at(text, start, true)
}

/// After a comma only "nr" makes a number that of the house.
fn named_is_none(text: &str, start: usize) -> bool {
    let before = window_before(text, start, 8).to_lowercase();
    !(before.contains("nr") || before.contains("nummer"))
}

/// Where the house number that stands here ends, with its letter or addition.
fn house_number_at(text: &str, start: usize, counts_possible: bool) -> Option<usize> {
    let rest = window_after(text, start, 40);
    let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    let number: u32 = rest.get(..digits)?.parse().ok()?;
    if !(1..=9_999).contains(&number) || (1_900..2_100).contains(&number) {
        return None;
    }
    let rest = rest.get(digits..)?;
    let addition = addition(rest);
    let beyond = rest.get(addition..)?;
    let mut next = beyond.chars();
    let (first, second) = (next.next(), next.next());
    let goes_on = first.is_some_and(|c| c.is_alphanumeric() || matches!(c, '%' | '€' | '°'))
        || first.is_some_and(|c| matches!(c, '.' | ',' | ':' | '-' | '/'))
            && second.is_some_and(|c| c.is_ascii_digit());
    let counted = counts_possible && addition == 0 && is_counted(beyond);
    (!goes_on && !counted).then_some(start + digits + addition)
}

/// How long the letter or addition after a house number is: "a", "-A", "-2", " bis", " hs".
fn addition(rest: &str) -> usize {
    let ends = |at: usize| !char_after(rest, at).is_some_and(char::is_alphanumeric);
    let mut characters = rest.chars();
    match (characters.next(), characters.next()) {
        (Some(letter), _) if letter.is_ascii_alphabetic() => {
            let unit = matches!(letter, 'x' | 'X' | 'm' | 'u' | 'e');
            usize::from(!unit && ends(1))
        }
        (Some(joint), Some(next)) if is_dash(joint) || joint == '/' => {
            let from = joint.len_utf8();
            let tail = rest.get(from..).unwrap_or_default();
            let digits = tail.find(|c: char| !c.is_ascii_digit()).unwrap_or(tail.len());
            let length = if next.is_ascii_alphabetic() { 1 } else { digits.min(3) };
            if length > 0 && ends(from + length) { from + length } else { 0 }
        }
        (Some(space), Some(next)) if is_space(space) => {
            let from = space.len_utf8();
            let word = first_word(rest.get(from..).unwrap_or_default());
            let named = ["bis", "hs", "zw", "rd", "huis"].contains(&word.as_str());
            let letter = next.is_ascii_uppercase() && word.len() == 1;
            if (named || letter) && ends(from + word.len()) { from + word.len() } else { 0 }
        }
        (Some(_) | None, _) => 0,
    }
}

/// Whether a number counts what comes after it.
fn is_counted(beyond: &str) -> bool {
    let Some(rest) = beyond.strip_prefix(is_space) else { return false };
    if rest.starts_with(['€', '%', '°']) {
        return true;
    }
    let word = first_word(rest);
    let lower_case = rest.starts_with(char::is_lowercase);
    let plural = lower_case
        && word.chars().count() > 3
        && (word.ends_with("en") || word.ends_with('s'))
        && !NOT_COUNTED.contains(&word.as_str());
    plural || COUNTED.contains(&word.as_str())
}

/// A street's name may have words before it: "Burgemeester de Zeeuwstraat", "Dr. Kuyperlaan".
fn street_start(text: &str, words: &Words, place: usize) -> usize {
    let Some(street) = words.get(place) else { return 0 };
    let mut start = street.start;
    let mut at = place;
    for _ in 0..4 {
        let Some(previous) = at.checked_sub(1).and_then(|at| words.get(at)) else { break };
        let between = text.get(previous.end..start).unwrap_or_default();
        let word = previous.of(text);
        let near = between == " " || between == ". " && word.chars().count() <= 5;
        let small = matches!(word, "de" | "den" | "der" | "van" | "het" | "ten" | "ter");
        let capital = word.starts_with(char::is_uppercase);
        let opens = capital && super::name::is_common_word(word);
        if !near || !(small || capital) || opens {
            break;
        }
        at -= 1;
        if capital {
            start = previous.start;
        } else if !at.checked_sub(1).and_then(|at| words.get(at)).is_some_and(|word| {
            let word = word.of(text);
            word.starts_with(char::is_uppercase) && !super::name::is_common_word(word)
        }) {
            break;
        } else {
            start = previous.start;
        }
    }
    start
}

/// "van nr 14", "huisnummer 14".
fn numbered(text: &str, words: &Words, place: usize, word: Span) -> Option<Finding> {
    let lower = word.of(text).to_lowercase();
    let itself = matches!(lower.as_str(), "huisnummer" | "huisnr" | "huisnummers");
    if !itself && !matches!(lower.as_str(), "nr" | "nummer" | "nrs" | "nummers" | "no") {
        return None;
    }
    let previous = place.checked_sub(1).and_then(|at| words.get(at)).filter(|previous| {
        text.get(previous.end..word.start).is_some_and(|between| between.trim().is_empty())
    });
    let at_house = previous
        .map(|previous| previous.of(text).to_lowercase())
        .is_some_and(|previous| AT_HOUSE.contains(&previous.as_str()));
    if !itself && !at_house {
        return None;
    }
    let after = window_after(text, word.end, 5);
    let lead = after.find(|c: char| !(is_space(c) || matches!(c, '.' | ':')))?;
    let start = word.end + lead;
    let end = house_number_at(text, start, !itself)?;
    let number = text.get(start..end)?;
    // "op nummer 1 staat het groen" is a ranking.
    let ranking = number.len() == 1
        && previous.is_some_and(|previous| previous.of(text).eq_ignore_ascii_case("op"));
    (lead > 0 && number.len() <= 6 && !ranking)
        .then(|| Finding::certain(PersonDataKind::HouseNumber, word.start, end))
}

/// "2988 AB", alone or with a house number behind it.
fn postcode(text: &str, group: Span) -> Option<Finding> {
    let digits = group.of(text);
    if digits.len() != 4 || digits.starts_with('0') {
        return None;
    }
    let after = text.get(group.end..)?;
    let spaced = after.starts_with(is_space);
    let letters_at = if spaced { after.chars().next().map_or(0, char::len_utf8) } else { 0 };
    let letters = after.get(letters_at..letters_at + 2)?;
    let called = || window_before(text, group.start, 12).to_lowercase().contains("postcode");
    let cased = letters.bytes().all(|b| b.is_ascii_uppercase())
        || letters.bytes().all(|b| b.is_ascii_lowercase()) && (!spaced || called());
    let upper = letters.to_ascii_uppercase();
    let end = group.end + letters_at + 2;
    let span = Span { start: group.start, end };
    let longer = char_before(text, span.start).is_some_and(|c| matches!(c, '-' | '.' | ',' | '/'))
        || char_after(text, end).is_some_and(is_dash);
    if !cased || longer || NO_POSTCODES.contains(&upper.as_str()) || !stands_alone(text, span) {
        return None;
    }
    let number = window_after(text, end, 3).find(|c: char| c.is_ascii_digit()).filter(|lead| {
        let between = text.get(end..end + lead).unwrap_or_default();
        !between.is_empty() && between.chars().all(|c| is_space(c) || c == ',')
    });
    let home = number.and_then(|lead| house_number_at(text, end + lead, true));
    Some(match home {
        Some(home) => Finding::certain(PersonDataKind::Address, span.start, home),
        None => Finding::certain(PersonDataKind::Postcode, span.start, end),
    })
}
