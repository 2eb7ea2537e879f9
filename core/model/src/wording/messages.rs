//! Short sentences for what is not right or not allowed: each tells the reader what to do.

use super::{Label, Lang};
use crate::{Denial, Field, Invalid, MapField, ProseField, Rule, SetField};

impl Label for Rule {
    fn label(&self, lang: Lang) -> &'static str {
        match self {
            Self::Required => lang.pick("Vul dit in.", "Fill this in."),
            Self::Unreadable => lang.pick(
                "Deze waarde is niet te lezen. Kies of typ een andere.",
                "This value cannot be read. Choose or type another.",
            ),
            Self::TooLong { .. } => {
                lang.pick("Dit is te lang. Maak het korter.", "This is too long. Shorten it.")
            }
            Self::TooMany { .. } => lang.pick(
                "Dit zijn er te veel. Haal er een paar weg.",
                "These are too many. Take some away.",
            ),
            Self::OutOfRange => lang.pick(
                "Deze waarde kan hier niet. Controleer wat er staat.",
                "This value is not possible here. Check what it says.",
            ),
            Self::NotOfThisType => lang.pick(
                "Dit gegeven hoort niet bij dit soort registratie.",
                "This does not belong to this type of record.",
            ),
            Self::Contradiction => lang.pick(
                "Dit spreekt iets anders tegen. Pas een van de twee aan.",
                "This contradicts something else. Change one of the two.",
            ),
        }
    }
}

impl Label for Denial {
    fn label(&self, lang: Lang) -> &'static str {
        match self {
            Self::TypeNotForRole => {
                lang.pick("Met uw rol kunt u dit niet vastleggen.", "Your role cannot record this.")
            }
            Self::NotVisible => lang.pick(
                "U mag dit niet inzien en dus ook niet wijzigen.",
                "You may not see this, so you cannot change it.",
            ),
            Self::FieldNotForRole => lang.pick(
                "Dit kunt u niet (meer) wijzigen. Zet uw opmerking eronder als reactie.",
                "You cannot change this (any more). Add your remark below it as a reply.",
            ),
            Self::NotTheAuthor => lang.pick(
                "Dit staat op naam van iemand anders. Meld u aan met uw eigen account.",
                "This is in somebody else's name. Sign in with your own account.",
            ),
        }
    }
}

impl Invalid {
    /// The field by its name and what to do about it, with the limit where there is one.
    pub fn message(&self, lang: Lang) -> String {
        let field = Field::from_key(self.field)
            .map(|field| field.label(lang))
            .or_else(|| SetField::from_key(self.field).map(|set| set.label(lang)))
            .or_else(|| MapField::from_key(self.field).map(|map| map.label(lang)))
            .or_else(|| ProseField::from_key(self.field).map(|prose| prose.label(lang)))
            .unwrap_or_else(|| match self.field {
                "entries" => lang.pick("Reactie", "Reply"),
                "tallies" => lang.pick("Turven", "Tally"),
                _ => lang.pick("Gegeven", "Value"),
            });
        let advice = self.rule.label(lang);
        match (self.rule, lang) {
            (Rule::TooLong { max }, Lang::Nl) => {
                format!("{field}: {advice} Er passen ongeveer {max} tekens in.")
            }
            (Rule::TooLong { max }, Lang::En) => {
                format!("{field}: {advice} About {max} characters fit.")
            }
            (Rule::TooMany { max }, Lang::Nl) => format!("{field}: {advice} Het maximum is {max}."),
            (Rule::TooMany { max }, Lang::En) => format!("{field}: {advice} The limit is {max}."),
            (
                Rule::Required
                | Rule::Unreadable
                | Rule::OutOfRange
                | Rule::NotOfThisType
                | Rule::Contradiction,
                Lang::Nl | Lang::En,
            ) => format!("{field}: {advice}"),
        }
    }
}

/// What to tell somebody whose change was refused, by the stable code of the reason: a denial's,
/// a rule's or one of the guard's.
///
/// Total: a code that this version does not know gets a general sentence, since a newer server
/// may have reasons of its own.
pub fn refusal(code: &str, lang: Lang) -> &'static str {
    if let Some(denial) = Denial::ALL.iter().find(|denial| denial.code() == code) {
        return denial.label(lang);
    }
    if let Some(rule) = Rule::EXAMPLES.iter().find(|rule| rule.code() == code) {
        return rule.label(lang);
    }
    match code {
        "invalid-value" => lang.pick(
            "Een van de gegevens kan zo niet. Pas het aan en bewaar opnieuw.",
            "One of the values is not possible. Change it and save again.",
        ),
        "change-too-large" | "too-many-operations" | "too-many-replaced" | "value-too-large" => {
            lang.pick(
                "Deze wijziging is te groot. Maak de tekst korter of verdeel hem over reacties.",
                "This change is too large. Shorten the text or spread it over replies.",
            )
        }
        "document-full" | "too-many-actors" => lang.pick(
            "Hier past niets meer bij. Leg het opnieuw vast en verwijs hiernaar.",
            "Nothing more fits in here. Record it anew and refer to this one.",
        ),
        "depends-on-refused" | "sequence-gap" | "previous-not-ancestor" => lang.pick(
            "Deze wijziging bouwt voort op een die geweigerd is. Voer haar opnieuw in.",
            "This change builds on one that was refused. Enter it again.",
        ),
        "time-out-of-range" => lang.pick(
            "De klok van dit toestel loopt niet goed. Zet datum en tijd goed en bewaar opnieuw.",
            "The clock of this device is wrong. Set date and time and save again.",
        ),
        "erased" => lang.pick(
            "Dit is gewist en kan niet meer worden gewijzigd.",
            "This was erased and cannot be changed any more.",
        ),
        "rights-ended" => lang.pick(
            "U mocht dit toen wel, maar nu niet meer. Vraag de beheerder om het over te nemen.",
            "You might do this then, but no longer. Ask the administrator to take it over.",
        ),
        "step-refused" => lang.pick(
            "Afsluiten kan met een antwoord, en met wat er van de belofte kwam. Vul dat aan en sluit opnieuw af.",
            "Closing takes an answer, and what became of the promise. Fill that in and close again.",
        ),
        "actor-not-own" => lang.pick(
            "Dit komt van een toestel dat niet op uw naam staat. Meld dit toestel opnieuw aan.",
            "This comes from a device that is not in your name. Enrol this device again.",
        ),
        "type-unknown" | "schema-malformed" | "unknown-tally" | "unknown-chunk-type" => lang.pick(
            "Deze versie van de app past niet bij die van het kantoor. Werk de app bij.",
            "This version of the app does not fit the office's. Update the app.",
        ),
        _ => lang.pick(
            "Het kantoor kon deze wijziging niet verwerken. Uw tekst is bewaard; probeer het \
             opnieuw of vraag de beheerder.",
            "The office could not process this change. Your text is kept; try again or ask the \
             administrator.",
        ),
    }
}
