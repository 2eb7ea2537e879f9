//! Who sees what and who may do what: pure functions, used by the phone to not offer and by the
//! server to refuse.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use crate::{
    AreaCode, Field, IdError, PrincipalId, Record, RecordType, Sensitivity, SetField, Status, Write,
};

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

/// Somebody with an account, as the rules see them at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Principal {
    /// Their id; stands as the author in the first change of what they write.
    pub id: PrincipalId,
    /// Their role.
    pub role: Role,
    /// The wijken (`WK…`) that are theirs; also an ambassadeur has one.
    pub wijken: BTreeSet<AreaCode>,
}

/// What decides who sees a record.
///
/// While values are concurrent this is the careful reading of all of them: the most restrictive
/// sensitivity, the union of wijken and of people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Audience {
    /// Its type.
    pub record_type: RecordType,
    /// The wijken it lies in: one, or several while two values of its buurt stand side by side.
    pub wijken: BTreeSet<AreaCode>,
    /// Its most restrictive sensitivity.
    pub sensitivity: Sensitivity,
    /// Who created it.
    pub author: PrincipalId,
    /// Assignees, and a visit's team.
    pub participants: BTreeSet<PrincipalId>,
}

/// What somebody wants to do with a record.
#[derive(Debug, Clone, Copy)]
pub enum Action<'a> {
    /// Make it.
    Create,
    /// Change it by one write.
    Edit(&'a Write),
}

/// Why somebody may not do something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Denial {
    /// The role does not make this type of record.
    #[error("this role does not create records of this type")]
    TypeNotForRole,
    /// The record is outside what this person sees.
    #[error("the record is not visible to its editor")]
    NotVisible,
    /// The field is not theirs to change, or no longer.
    #[error("this field may not be changed by this role at this point")]
    FieldNotForRole,
    /// Written under another person's name.
    #[error("the author is another person")]
    NotTheAuthor,
}

/// Whether somebody may read a record, with its whole history.
pub fn sees(principal: &Principal, audience: &Audience) -> bool {
    let own = audience.author == principal.id;
    let involved = own || audience.participants.contains(&principal.id);
    match principal.role {
        Role::Ambassadeur => own && audience.record_type == RecordType::Signal,
        Role::Wijkregisseur => involved || !audience.wijken.is_disjoint(&principal.wijken),
        Role::Medewerker => involved || audience.sensitivity == Sensitivity::Gewoon,
        Role::Oov => {
            involved
                || matches!(audience.sensitivity, Sensitivity::Gewoon | Sensitivity::Vertrouwelijk)
        }
        Role::Partner | Role::Bestuurder | Role::Beheerder | Role::PrivacyOfficer | Role::Fg => {
            false
        }
    }
}

/// Whether somebody may do this, given the record as it stands (`before`; for a creation, as it
/// would be) and who sees it.
///
/// Every field role may create anywhere: a talk over the border must never be refused.
///
/// # Errors
/// [`Denial`] with the reason.
pub fn may(
    principal: &Principal,
    action: Action<'_>,
    record: &Record,
    audience: &Audience,
) -> Result<(), Denial> {
    match action {
        Action::Create => {
            if audience.author != principal.id {
                return Err(Denial::NotTheAuthor);
            }
            match principal.role {
                Role::Wijkregisseur | Role::Medewerker => Ok(()),
                Role::Ambassadeur if audience.record_type == RecordType::Signal => Ok(()),
                Role::Ambassadeur
                | Role::Oov
                | Role::Partner
                | Role::Bestuurder
                | Role::Beheerder
                | Role::PrivacyOfficer
                | Role::Fg => Err(Denial::TypeNotForRole),
            }
        }
        Action::Edit(write) => {
            if !sees(principal, audience) {
                return Err(Denial::NotVisible);
            }
            if let Write::Append(entry) = write
                && entry.author != principal.id
            {
                return Err(Denial::NotTheAuthor);
            }
            if edits(principal.role, write, record) { Ok(()) } else { Err(Denial::FieldNotForRole) }
        }
    }
}

fn edits(role: Role, write: &Write, record: &Record) -> bool {
    match role {
        Role::Wijkregisseur | Role::Medewerker => true,
        // Their own text until somebody takes it up; the thread and photos always.
        Role::Ambassadeur => match (record, write) {
            (_, Write::Append(_) | Write::Insert(SetField::Photos, _)) => true,
            (Record::Signal(signal), Write::Put(field, _)) => {
                signal.status == Status::Nieuw
                    && matches!(
                        field,
                        Field::Kind | Field::Note | Field::Buurt | Field::Place | Field::OccurredAt
                    )
            }
            (
                Record::Signal(signal),
                Write::Insert(SetField::Themes, _) | Write::Remove(SetField::Themes, _),
            ) => signal.status == Status::Nieuw,
            _ => false,
        },
        Role::Oov => matches!(write, Write::Append(_) | Write::Put(Field::Status, _)),
        Role::Partner | Role::Bestuurder | Role::Beheerder | Role::PrivacyOfficer | Role::Fg => {
            false
        }
    }
}
