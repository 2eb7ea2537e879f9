//! Whether a text speaks of somebody's health or of violence: what makes a record gevoelig.
//!
//! A list of stems, not an understanding of the text: it only decides what is proposed.

use super::text::Words;

/// Stems that start a word about health, care or violence between people.
const STEMS: [&str; 36] = [
    "alzheimer",
    "anorexi",
    "autis",
    "beroerte",
    "dement",
    "depress",
    "diagnose",
    "drugsverslaa",
    "epileps",
    "gameverslaa",
    "gehandicapt",
    "gezondheidsklacht",
    "gokverslaa",
    "hartinfarct",
    "kanker",
    "kindermishandel",
    "leukemie",
    "mantelzorg",
    "medicijn",
    "mishandel",
    "overlijden",
    "overleden",
    "parkinson",
    "psychiatr",
    "psychisch",
    "psycholo",
    "psychose",
    "rouw",
    "schizofren",
    "suicid",
    "suïcid",
    "thuiszorg",
    "verslaafd",
    "verslaving",
    "zelfdoding",
    "zelfmoord",
];

/// Whether a text speaks of somebody's health or of violence between people.
pub fn speaks_of_health(text: &str) -> bool {
    if text.contains("huiselijk geweld") || text.contains("Huiselijk geweld") {
        return true;
    }
    Words::of(text).iter().any(|(_, word)| {
        let word = word.of(text).to_lowercase();
        STEMS.iter().any(|stem| word.starts_with(stem))
    })
}
