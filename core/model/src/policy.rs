//! Who sees what and who may do what: pure functions, used by the phone to not offer and by the
//! server to refuse.

mod role;

use std::collections::BTreeSet;

use crate::{
    AreaCode, Entry, Field, MapField, PrincipalId, Record, RecordType, Sensitivity, SetField,
    Status, Value, Write,
};

pub use role::Role;

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
    /// The wijken it is about: that of its buurt, or those of several values of its buurt that stand
    /// side by side, and those it names.
    pub wijken: BTreeSet<AreaCode>,
    /// Its most restrictive sensitivity.
    pub sensitivity: Sensitivity,
    /// Who created it.
    pub author: PrincipalId,
    /// Assignees, the team of a visit or meeting, whom a reply is for, whose relation it is.
    pub participants: BTreeSet<PrincipalId>,
}

/// What somebody wants to do with a record.
#[derive(Debug, Clone, Copy)]
pub enum Deed<'a> {
    /// Make it.
    Create,
    /// Change it by one write. [`Deed::of`] tells a withdrawal apart from the other writes.
    Edit(&'a Write),
    /// Take an entry of the thread back, or put it there again, by this write; none when the thread
    /// has no such entry.
    Withdraw(&'a Write, Option<&'a Entry>),
    /// Choose one of the values that stand side by side in a field.
    Settle(&'a Write),
}

impl<'a> Deed<'a> {
    /// What this write does in a record with this thread. The thread is only looked at when
    /// [`Write::withdrawn`] names an entry.
    pub fn of(write: &'a Write, thread: &'a [Entry]) -> Self {
        match write.withdrawn() {
            Some(id) => {
                Self::Withdraw(write, thread.iter().find(|entry| entry.id.to_string() == id))
            }
            None => Self::Edit(write),
        }
    }
}

impl Write {
    /// The entry of the thread that this takes back, or puts there again.
    pub fn withdrawn(&self) -> Option<&str> {
        match self {
            Self::Insert(SetField::Withdrawn, id) | Self::Remove(SetField::Withdrawn, id) => {
                Some(id)
            }
            Self::Put(..)
            | Self::Insert(..)
            | Self::Remove(..)
            | Self::Set(..)
            | Self::Splice(..)
            | Self::Append(_)
            | Self::Increment(..) => None,
        }
    }
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

/// Whether somebody may read a record, with its whole history.
pub fn sees(principal: &Principal, audience: &Audience) -> bool {
    let own = audience.author == principal.id;
    let involved = own || audience.participants.contains(&principal.id);
    let record_type = audience.record_type;
    match principal.role {
        Role::Ambassadeur => match record_type {
            RecordType::Signal | RecordType::Endorsement => own,
            RecordType::Reply => involved,
            RecordType::Contact
            | RecordType::Visit
            | RecordType::Action
            | RecordType::Escalation
            | RecordType::Meeting
            | RecordType::Idea
            | RecordType::Budget
            | RecordType::Person
            | RecordType::Consent
            | RecordType::Relation
            | RecordType::Covenant
            | RecordType::InternalNote => false,
        },
        Role::Wijkregisseur => involved || !audience.wijken.is_disjoint(&principal.wijken),
        Role::Medewerker | Role::Oov if is_personal(record_type) => involved,
        Role::Medewerker => match audience.sensitivity {
            Sensitivity::Gewoon => true,
            Sensitivity::Gevoelig => involved,
            Sensitivity::Vertrouwelijk => own,
        },
        Role::Oov => match audience.sensitivity {
            Sensitivity::Gewoon | Sensitivity::Vertrouwelijk => true,
            Sensitivity::Gevoelig => involved,
        },
        // They see cards; what they add, and what is said to them, is a reply.
        Role::Partner | Role::Bestuurder => record_type == RecordType::Reply && involved,
        Role::Beheerder | Role::PrivacyOfficer | Role::Fg => false,
    }
}

/// Whether records of this type are about one person: then it does not matter how sensitive they
/// are, and only the wijkregisseur of the wijk, their author and whoever is to answer see them.
pub const fn is_personal(record_type: RecordType) -> bool {
    matches!(record_type, RecordType::Person | RecordType::Consent)
}

/// Whether somebody may do this, given the record as it stands (`before`; for a creation, as it
/// would be) and who sees it.
///
/// Every field role may create anywhere: a talk over the border must never be refused. An entry is
/// withdrawn by its own author only, so a withdrawal that does not come with its entry is nobody's.
///
/// # Errors
/// [`Denial`] with the reason.
pub fn may(
    principal: &Principal,
    deed: Deed<'_>,
    record: &Record,
    audience: &Audience,
) -> Result<(), Denial> {
    match deed {
        Deed::Create => creates(principal, record, audience),
        Deed::Edit(write) => {
            if !sees(principal, audience) {
                return Err(Denial::NotVisible);
            }
            if let Write::Append(entry) = write
                && entry.author != principal.id
            {
                return Err(Denial::NotTheAuthor);
            }
            if write.withdrawn().is_some() {
                return Err(Denial::NotTheAuthor);
            }
            may_edit(principal, write, record, audience)
        }
        Deed::Withdraw(write, entry) => {
            if !sees(principal, audience) {
                return Err(Denial::NotVisible);
            }
            may_withdraw(principal, entry.ok_or(Denial::NotTheAuthor)?, audience)?;
            may_edit(principal, write, record, audience)
        }
        // Both values were already accepted: choosing adds nothing that somebody did not write.
        Deed::Settle(write) => match may(principal, Deed::Edit(write), record, audience) {
            Err(Denial::FieldNotForRole)
                if principal.role == Role::Medewerker && matches!(write, Write::Put(..)) =>
            {
                Ok(())
            }
            verdict => verdict,
        },
    }
}

fn may_edit(
    principal: &Principal,
    write: &Write,
    record: &Record,
    audience: &Audience,
) -> Result<(), Denial> {
    let own = audience.author == principal.id;
    let edits = edits(principal.role, own, write, record);
    if edits { Ok(()) } else { Err(Denial::FieldNotForRole) }
}

/// Whether somebody may take this entry of a record's thread back: only one of their own.
///
/// # Errors
/// [`Denial::NotVisible`], [`Denial::NotTheAuthor`].
pub fn may_withdraw(
    principal: &Principal,
    entry: &Entry,
    audience: &Audience,
) -> Result<(), Denial> {
    if !sees(principal, audience) {
        Err(Denial::NotVisible)
    } else if entry.author == principal.id {
        Ok(())
    } else {
        Err(Denial::NotTheAuthor)
    }
}

/// Whether somebody may *schonen* a record (make it anew without its history, once person data was
/// taken out of it): who wrote it and still sees it, and the wijkregisseur of its wijk.
///
/// # Errors
/// [`Denial::NotVisible`], [`Denial::NotTheAuthor`].
pub fn may_clean(principal: &Principal, audience: &Audience) -> Result<(), Denial> {
    if !sees(principal, audience) {
        return Err(Denial::NotVisible);
    }
    let wijk =
        principal.role == Role::Wijkregisseur && !audience.wijken.is_disjoint(&principal.wijken);
    if wijk || audience.author == principal.id { Ok(()) } else { Err(Denial::NotTheAuthor) }
}

fn creates(principal: &Principal, record: &Record, audience: &Audience) -> Result<(), Denial> {
    if audience.author != principal.id {
        return Err(Denial::NotTheAuthor);
    }
    if !makes(principal.role, record.record_type()) {
        return Err(Denial::TypeNotForRole);
    }
    // Taking up, assigning and answering are the office's.
    let untouched = match record {
        Record::Signal(signal) => {
            signal.status == Status::Nieuw
                && signal.assignee.is_none()
                && signal.answer.is_none()
                && signal.feedback.is_none()
        }
        Record::Contact(_)
        | Record::Visit(_)
        | Record::Action(_)
        | Record::Escalation(_)
        | Record::Meeting(_)
        | Record::Idea(_)
        | Record::Budget(_)
        | Record::Person(_)
        | Record::Consent(_)
        | Record::Relation(_)
        | Record::Covenant(_)
        | Record::Endorsement(_)
        | Record::Reply(_)
        | Record::InternalNote(_) => true,
    };
    if principal.role != Role::Ambassadeur || untouched {
        Ok(())
    } else {
        Err(Denial::FieldNotForRole)
    }
}

/// Whether a role makes records of this type at all.
pub const fn makes(role: Role, record_type: RecordType) -> bool {
    match role {
        Role::Wijkregisseur => true,
        Role::Medewerker => match record_type {
            RecordType::Contact
            | RecordType::Signal
            | RecordType::Visit
            | RecordType::Action
            | RecordType::Meeting
            | RecordType::Idea
            | RecordType::Person
            | RecordType::Consent
            | RecordType::Endorsement
            | RecordType::Reply
            | RecordType::InternalNote => true,
            // Doorzettingsmacht, the money's rules, the network and what is shared with partners
            // are the wijkregisseur's.
            RecordType::Escalation
            | RecordType::Budget
            | RecordType::Relation
            | RecordType::Covenant => false,
        },
        Role::Ambassadeur => {
            matches!(record_type, RecordType::Signal | RecordType::Endorsement | RecordType::Reply)
        }
        Role::Partner | Role::Bestuurder => matches!(record_type, RecordType::Reply),
        Role::Oov | Role::Beheerder | Role::PrivacyOfficer | Role::Fg => false,
    }
}

fn edits(role: Role, own: bool, write: &Write, record: &Record) -> bool {
    match role {
        Role::Wijkregisseur => true,
        Role::Medewerker => own || handles(write, record),
        Role::Ambassadeur => reports(own, write, record),
        Role::Oov => is_thread(write) || matches!(write, Write::Put(Field::Status, _)),
        Role::Partner | Role::Bestuurder => is_thread(write) || rewords(own, write, record),
        Role::Beheerder | Role::PrivacyOfficer | Role::Fg => false,
    }
}

/// Adding to the thread, or taking back what one added.
fn is_thread(write: &Write) -> bool {
    matches!(write, Write::Append(_)) || write.withdrawn().is_some()
}

/// Correcting the words of one's own "+1" or reply.
fn rewords(own: bool, write: &Write, record: &Record) -> bool {
    own && matches!(record, Record::Endorsement(_) | Record::Reply(_))
        && matches!(write, Write::Put(Field::Note, _))
}

/// What an ambassadeur writes: the thread and photos always, their own text until somebody takes
/// it up.
fn reports(own: bool, write: &Write, record: &Record) -> bool {
    if is_thread(write) || rewords(own, write, record) {
        return true;
    }
    let Record::Signal(signal) = record else { return false };
    let new = signal.status == Status::Nieuw;
    match write {
        Write::Insert(SetField::Photos, _) => true,
        Write::Put(
            Field::Kind | Field::Note | Field::Buurt | Field::Place | Field::OccurredAt,
            _,
        )
        | Write::Insert(SetField::Themes, _)
        | Write::Remove(SetField::Themes, _) => new,
        Write::Put(..)
        | Write::Insert(..)
        | Write::Remove(..)
        | Write::Set(..)
        | Write::Splice(..)
        | Write::Append(_)
        | Write::Increment(..) => false,
    }
}

/// What office staff do with somebody else's record: sort, assign, answer and follow it, hold
/// meetings, and make it less widely seen; never rewrite what was said.
fn handles(write: &Write, record: &Record) -> bool {
    if is_thread(write) || matches!(record, Record::Meeting(_)) && !lowers(write, record) {
        return true;
    }
    match write {
        Write::Insert(SetField::Themes | SetField::Links | SetField::References, _)
        | Write::Remove(SetField::Themes | SetField::Links | SetField::References, _)
        | Write::Put(
            Field::Status
            | Field::Assignee
            | Field::Organisation
            | Field::Due
            | Field::Answer
            | Field::Feedback
            | Field::Promise,
            _,
        ) => !matches!(record, Record::Idea(_) | Record::Escalation(_)) || !decides(write),
        Write::Put(Field::Sensitivity, _) => !lowers(write, record),
        Write::Set(MapField::Costs | MapField::Support, ..) => true,
        Write::Set(..)
        | Write::Splice(..)
        | Write::Append(_)
        | Write::Put(..)
        | Write::Insert(..)
        | Write::Remove(..)
        | Write::Increment(..) => false,
    }
}

/// Whether it is the decision on an idea or an escalation, which is not the office's.
fn decides(write: &Write) -> bool {
    matches!(write, Write::Put(Field::Status | Field::Answer, _))
}

/// Whether it shows the record to more people than before, or cannot be read.
fn lowers(write: &Write, record: &Record) -> bool {
    match write {
        Write::Put(Field::Sensitivity, Value::Text(word)) => {
            word.parse::<Sensitivity>().map_or(true, |wanted| wanted < record.sensitivity())
        }
        Write::Put(Field::Sensitivity, _) => true,
        Write::Put(..)
        | Write::Insert(..)
        | Write::Remove(..)
        | Write::Set(..)
        | Write::Splice(..)
        | Write::Append(_)
        | Write::Increment(..) => false,
    }
}

#[cfg(test)]
mod tests;
