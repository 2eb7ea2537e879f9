//! What people read: every word of the lists in Dutch and English, in sentence case.
//!
//! A value's key (`as_str`, `key`, `code`) is for machines and never stands on a screen.

mod fields;
mod messages;
mod words;
mod work;

use std::fmt;
use std::str::FromStr;

use crate::IdError;

pub use messages::refusal;

/// A language of the screens. Dutch comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Lang {
    /// Dutch.
    Nl,
    /// English.
    En,
}

impl Lang {
    /// Every language.
    pub const ALL: &[Self] = &[Self::Nl, Self::En];

    /// The language's ISO 639-1 code, as in HTML's `lang`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Nl => "nl",
            Self::En => "en",
        }
    }

    /// The one of the two.
    const fn pick(self, nl: &'static str, en: &'static str) -> &'static str {
        match self {
            Self::Nl => nl,
            Self::En => en,
        }
    }
}

impl fmt::Display for Lang {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Lang {
    type Err = IdError;
    fn from_str(s: &str) -> Result<Self, IdError> {
        Self::ALL
            .iter()
            .copied()
            .find(|lang| lang.as_str() == s)
            .ok_or(IdError::Malformed { what: "Lang" })
    }
}

/// Something with a name on screen.
pub trait Label {
    /// What a person reads for it.
    fn label(&self, lang: Lang) -> &'static str;
}

#[cfg(test)]
mod tests;
