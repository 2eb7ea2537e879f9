//! Invented Dutch, word by word.

use super::Dice;

/// A note: some sentences, 244 bytes on average.
pub(super) fn note(dice: &mut Dice) -> String {
    // Most notes are short and a few are long, as in any logbook.
    let wanted = 40 + dice.below(200) + dice.below(126);
    sentences(dice, wanted as usize)
}

/// An addition to a thread or an answer, about 100 bytes.
pub(super) fn entry(dice: &mut Dice) -> String {
    let wanted = 30 + dice.below(90);
    sentences(dice, wanted as usize)
}

fn sentences(dice: &mut Dice, wanted: usize) -> String {
    let mut text = String::with_capacity(wanted + 80);
    while text.len() < wanted {
        if !text.is_empty() {
            text.push(' ');
        }
        sentence(dice, &mut text);
    }
    text
}

fn sentence(dice: &mut Dice, text: &mut String) {
    let start = text.len();
    match dice.below(6) {
        0 => push(text, &[word(dice, WHO), word(dice, SAYS), "dat", word(dice, DETERMINERS)]),
        1 => push(text, &[word(dice, WHEN), word(dice, VERBS), word(dice, DETERMINERS)]),
        2 => push(text, &[word(dice, WISHES), word(dice, DETERMINERS)]),
        _ => push(text, &[word(dice, DETERMINERS)]),
    }
    if dice.below(2) == 0 {
        push(text, &[word(dice, ADJECTIVES)]);
    }
    push(text, &[word(dice, NOUNS)]);
    let place = format!("{}{}", word(dice, NAMES), word(dice, STREETS));
    match dice.below(4) {
        0 => push(text, &[word(dice, WHERE), "de", &place, word(dice, VERBS)]),
        1 => push(text, &[word(dice, VERBS), word(dice, WHEN), word(dice, WHERE), "de", &place]),
        2 => push(text, &[word(dice, VERBS), word(dice, DETERMINERS), word(dice, NOUNS)]),
        _ => push(text, &[word(dice, WHERE), word(dice, DETERMINERS), word(dice, NOUNS)]),
    }
    if dice.below(3) == 0 {
        let number = (2 + dice.below(97)).to_string();
        push(text, &[word(dice, LINKS), word(dice, ABOUT), &number, word(dice, UNITS)]);
    }
    if dice.below(2) == 0 {
        push(text, &[word(dice, LINKS), word(dice, DETERMINERS), word(dice, NOUNS)]);
        push(text, &[word(dice, VERBS)]);
    }
    if let Some(first) = text.get(start..).and_then(|s| s.trim_start().chars().next()) {
        let at = text.len() - text[start..].trim_start().len();
        text.replace_range(at..at + first.len_utf8(), &first.to_uppercase().to_string());
    }
    text.push('.');
}

fn word(dice: &mut Dice, of: &[&'static str]) -> &'static str {
    dice.pick::<&'static str>(of)
}

fn push(text: &mut String, words: &[&str]) {
    for word in words {
        if !text.is_empty() && !text.ends_with(' ') {
            text.push(' ');
        }
        text.push_str(word);
    }
}

const WHO: &[&str] = &[
    "mevrouw",
    "meneer",
    "een bewoner",
    "de buurman",
    "een moeder",
    "een ondernemer",
    "de beheerder",
    "een vrijwilliger",
    "een oudere dame",
    "een jong stel",
    "de huismeester",
    "een vader",
    "een wandelaar",
    "de overbuurvrouw",
    "een scholier",
    "een nieuwe bewoner",
];
const SAYS: &[&str] = &[
    "vertelt",
    "meldt",
    "zegt",
    "klaagt",
    "vindt",
    "denkt",
    "vraagt zich af",
    "hoopt",
    "merkt",
    "ziet",
    "weet",
    "vermoedt",
    "benadrukt",
];
const WISHES: &[&str] = &[
    "graag",
    "kan iemand kijken naar",
    "het verzoek gaat over",
    "er is behoefte aan",
    "wie gaat over",
    "wanneer komt",
    "dank voor",
    "het gaat om",
    "liever geen",
    "eindelijk weer",
];
const DETERMINERS: &[&str] = &[
    "de",
    "het",
    "een",
    "deze",
    "die",
    "onze",
    "hun",
    "veel",
    "geen",
    "elke",
    "alle",
    "twee",
    "de nieuwe",
    "de oude",
    "het hele",
    "zijn",
    "haar",
];
const ADJECTIVES: &[&str] = &[
    "kapotte",
    "losse",
    "donkere",
    "drukke",
    "gladde",
    "volle",
    "scheve",
    "hoge",
    "vieze",
    "lege",
    "gevaarlijke",
    "smalle",
    "brede",
    "natte",
    "versleten",
    "verroeste",
    "omgewaaide",
    "rommelige",
    "verzakte",
    "overhangende",
    "dichtgegroeide",
    "lawaaiige",
    "onduidelijke",
    "tijdelijke",
    "gezamenlijke",
    "vrolijke",
    "mooie",
    "kleine",
    "grote",
    "verlaten",
    "slecht verlichte",
    "ongebruikte",
    "gestolen",
    "beschadigde",
    "vergeten",
    "groene",
    "kale",
    "stille",
];
const NOUNS: &[&str] = &[
    "stoeptegels",
    "lantaarnpaal",
    "container",
    "speeltuin",
    "fietspad",
    "bushalte",
    "drempel",
    "parkeerplaats",
    "heg",
    "boom",
    "takken",
    "sloot",
    "brug",
    "vijver",
    "bankje",
    "prullenbak",
    "grofvuil",
    "zwerfafval",
    "hondenpoep",
    "ratten",
    "meeuwen",
    "geluidsoverlast",
    "rookoverlast",
    "brommers",
    "fietsen",
    "auto's",
    "vrachtwagens",
    "kruispunt",
    "zebrapad",
    "stoplicht",
    "schoolplein",
    "kinderen",
    "jongeren",
    "ouderen",
    "buurthuis",
    "koffieochtend",
    "moestuin",
    "plantenbak",
    "trap",
    "portiek",
    "lift",
    "galerij",
    "berging",
    "schutting",
    "muur",
    "graffiti",
    "riool",
    "putten",
    "wateroverlast",
    "kelder",
    "dak",
    "zonnepanelen",
    "laadpaal",
    "verkeersbord",
    "paaltje",
    "rotonde",
    "winkel",
    "markt",
    "buurtfeest",
    "buurtapp",
    "camera",
    "alarm",
    "hek",
    "poort",
    "steeg",
    "achterpad",
    "voetbalkooi",
    "basketbalveld",
    "skatebaan",
    "zandbak",
    "glijbaan",
    "schommel",
    "kinderopvang",
    "huisarts",
    "apotheek",
    "bibliotheek",
    "kapper",
    "bakker",
    "moskee",
    "kerk",
    "school",
    "gymzaal",
    "sportveld",
    "kantine",
    "bloemen",
    "gras",
    "bladeren",
    "onkruid",
    "bestrating",
    "asfalt",
    "kuil",
    "plas",
    "gladheid",
    "sneeuw",
    "vuurwerk",
    "muziek",
    "barbecue",
    "afvalpas",
    "inzameling",
    "textiel",
    "glasbak",
    "papierbak",
    "vuilniszakken",
    "vuilnis",
    "stank",
    "mantelzorg",
    "taalles",
    "vergunning",
    "verbouwing",
    "steiger",
    "huur",
    "verhuizing",
    "sleutel",
    "scootmobiel",
    "rollator",
    "oversteek",
    "snelheid",
    "sluipverkeer",
    "bus",
    "waterbus",
    "veer",
];
const VERBS: &[&str] = &[
    "ligt",
    "staat",
    "hangt",
    "is kapot",
    "mist",
    "stinkt",
    "groeit",
    "wordt niet geleegd",
    "blijft staan",
    "rijdt te hard",
    "is glad",
    "valt om",
    "is weg",
    "werkt niet",
    "lekt",
    "zakt weg",
    "geeft overlast",
    "helpt goed",
    "is mooi geworden",
    "kost te veel",
    "duurt lang",
    "komt terug",
    "moet anders",
    "blokkeert",
    "schuurt",
    "piept",
    "brandt niet",
    "wordt gebruikt",
    "is afgesproken",
    "is gemeld",
    "bevalt goed",
    "ontbreekt",
    "hoort bij",
    "past niet",
    "maakt herrie",
    "trekt ratten",
    "is opgelost",
    "loopt over",
    "is versperd",
    "staat scheef",
    "verdwijnt",
    "wacht op antwoord",
];
const WHERE: &[&str] = &[
    "aan",
    "in",
    "bij",
    "achter",
    "naast",
    "voor",
    "tegenover",
    "onder",
    "langs",
    "op de hoek van",
    "vlak bij",
    "halverwege",
];
const WHEN: &[&str] = &[
    "vanochtend",
    "gisteren",
    "elke avond",
    "sinds maandag",
    "in het weekend",
    "al weken",
    "'s nachts",
    "na de regen",
    "rond acht uur",
    "vorige maand",
    "tijdens de markt",
    "al jaren",
    "soms",
    "vaak",
    "na schooltijd",
    "op zondag",
    "in de zomer",
    "sinds de verbouwing",
];
const LINKS: &[&str] = &[
    "en", "maar", "omdat", "terwijl", "dus", "want", "of", "waardoor", "ook", "behalve", "net als",
];
const ABOUT: &[&str] = &["ongeveer", "zeker", "wel", "al", "minstens", "bijna", "ruim", "nog"];
const UNITS: &[&str] = &[
    "keer",
    "dagen",
    "weken",
    "meter",
    "mensen",
    "huizen",
    "auto's",
    "euro",
    "minuten",
    "stuks",
    "gezinnen",
    "handtekeningen",
];
const NAMES: &[&str] = &[
    "Linden",
    "Eiken",
    "Beuken",
    "Wilgen",
    "Rozen",
    "Tulpen",
    "Merel",
    "Spreeuwen",
    "Kievit",
    "Reiger",
    "Molen",
    "Haven",
    "Kerk",
    "Dorps",
    "Noorder",
    "Zuider",
    "Wester",
    "Ooster",
    "Juliana",
    "Beatrix",
    "Vondel",
    "Rembrandt",
    "Hals",
    "Vermeer",
    "Mozart",
    "Bach",
    "Anker",
    "Kompas",
    "Veer",
    "Polder",
    "Rijksstraat",
    "Sloot",
    "Vlas",
    "Koren",
    "Klaver",
    "Esdoorn",
    "Populier",
    "Meidoorn",
    "Vlinder",
    "Grutto",
];
const STREETS: &[&str] = &[
    "straat", "laan", "weg", "plein", "hof", "dreef", "singel", "kade", "pad", "dijk", "erf",
    "park",
];
