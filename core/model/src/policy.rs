//! Who sees what and who may do what: pure functions, used by the phone to not offer and by the
//! server to refuse.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use crate::{
    AreaCode, Field, IdError, PrincipalId, Record, RecordType, Sensitivity, SetField, Status,
    Value, Write,
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

impl Denial {
    /// Every denial.
    pub const ALL: &[Self] =
        &[Self::TypeNotForRole, Self::NotVisible, Self::FieldNotForRole, Self::NotTheAuthor];

    /// The stable name of this reason on the wire.
    pub const fn code(self) -> &'static str {
        match self {
            Self::TypeNotForRole => "type-not-for-role",
            Self::NotVisible => "not-visible",
            Self::FieldNotForRole => "field-not-for-role",
            Self::NotTheAuthor => "not-the-author",
        }
    }
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
    /// Choose one of the values that stand side by side in a field.
    Settle(&'a Write),
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
        Role::Medewerker => match audience.sensitivity {
            Sensitivity::Gewoon => true,
            Sensitivity::Gevoelig => involved,
            Sensitivity::Vertrouwelijk => own,
        },
        Role::Oov => match audience.sensitivity {
            Sensitivity::Gewoon | Sensitivity::Vertrouwelijk => true,
            Sensitivity::Gevoelig => involved,
        },
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
        Action::Create => creates(principal, record, audience),
        Action::Edit(write) => {
            if !sees(principal, audience) {
                return Err(Denial::NotVisible);
            }
            if let Write::Append(entry) = write
                && entry.author != principal.id
            {
                return Err(Denial::NotTheAuthor);
            }
            let own = audience.author == principal.id;
            if edits(principal.role, own, write, record) {
                Ok(())
            } else {
                Err(Denial::FieldNotForRole)
            }
        }
        // Both values were already accepted: choosing adds nothing that somebody did not write.
        Action::Settle(write) => match may(principal, Action::Edit(write), record, audience) {
            Err(Denial::FieldNotForRole)
                if principal.role == Role::Medewerker && matches!(write, Write::Put(..)) =>
            {
                Ok(())
            }
            verdict => verdict,
        },
    }
}

fn creates(principal: &Principal, record: &Record, audience: &Audience) -> Result<(), Denial> {
    if audience.author != principal.id {
        return Err(Denial::NotTheAuthor);
    }
    match principal.role {
        Role::Wijkregisseur | Role::Medewerker => Ok(()),
        // Taking up, assigning and answering are the office's.
        Role::Ambassadeur => match record {
            Record::Signal(signal)
                if signal.status == Status::Nieuw
                    && signal.assignee.is_none()
                    && signal.answer.is_none() =>
            {
                Ok(())
            }
            Record::Signal(_) => Err(Denial::FieldNotForRole),
            Record::Contact(_) | Record::Visit(_) => Err(Denial::TypeNotForRole),
        },
        Role::Oov
        | Role::Partner
        | Role::Bestuurder
        | Role::Beheerder
        | Role::PrivacyOfficer
        | Role::Fg => Err(Denial::TypeNotForRole),
    }
}

fn edits(role: Role, own: bool, write: &Write, record: &Record) -> bool {
    match role {
        Role::Wijkregisseur => true,
        Role::Medewerker => own || handles(write, record),
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

/// What office staff do with somebody else's record: sort, assign, answer and follow it, and make
/// it less widely seen; never rewrite what was said.
fn handles(write: &Write, record: &Record) -> bool {
    match write {
        Write::Append(_)
        | Write::Insert(SetField::Themes, _)
        | Write::Remove(SetField::Themes, _)
        | Write::Put(Field::Status | Field::Assignee | Field::Answer | Field::Promise, _) => true,
        Write::Put(Field::Sensitivity, Value::Text(word)) => {
            word.parse::<Sensitivity>().is_ok_and(|wanted| wanted >= record.sensitivity())
        }
        Write::Put(..) | Write::Insert(..) | Write::Remove(..) | Write::Increment(..) => false,
    }
}

#[cfg(test)]
mod tests;
