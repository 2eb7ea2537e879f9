//! What people are to the municipality.

use std::fmt;
use std::str::FromStr;

use crate::{IdError, RecordType};

/// What somebody is to the municipality.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// A resident with a direct line to the wijkregisseur.
    Ambassadeur,
    /// Walks the wijk.
    Wijkregisseur,
    /// Office staff.
    Medewerker,
    /// Public Order and Safety.
    Oov,
    /// A party of a leefbaarheidsteam.
    Partner,
    /// A member of the college.
    Bestuurder,
    /// Accounts, devices, areas, settings; no content.
    Beheerder,
    /// Carries out requests about personal data.
    PrivacyOfficer,
    /// Supervises, reads only audit and reports.
    Fg,
}

impl Role {
    /// Every role.
    pub const ALL: &[Self] = &[
        Self::Ambassadeur,
        Self::Wijkregisseur,
        Self::Medewerker,
        Self::Oov,
        Self::Partner,
        Self::Bestuurder,
        Self::Beheerder,
        Self::PrivacyOfficer,
        Self::Fg,
    ];

    /// The one spelling outside Rust.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ambassadeur => "ambassadeur",
            Self::Wijkregisseur => "wijkregisseur",
            Self::Medewerker => "medewerker",
            Self::Oov => "oov",
            Self::Partner => "partner",
            Self::Bestuurder => "bestuurder",
            Self::Beheerder => "beheerder",
            Self::PrivacyOfficer => "privacy-officer",
            Self::Fg => "fg",
        }
    }

    /// What a talk that this role logs becomes; none for a role that logs nothing.
    pub const fn captures(self) -> Option<RecordType> {
        match self {
            Self::Ambassadeur => Some(RecordType::Signal),
            Self::Wijkregisseur | Self::Medewerker => Some(RecordType::Contact),
            Self::Oov
            | Self::Partner
            | Self::Bestuurder
            | Self::Beheerder
            | Self::PrivacyOfficer
            | Self::Fg => None,
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Role {
    type Err = IdError;
    fn from_str(s: &str) -> Result<Self, IdError> {
        Self::ALL
            .iter()
            .copied()
            .find(|role| role.as_str() == s)
            .ok_or(IdError::Malformed { what: "Role" })
    }
}
