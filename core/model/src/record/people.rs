//! People, kept apart from what was said: contact details, consent to pass something on, and the
//! network of those who want to help.

use crate::record::shape::record;
use crate::{AreaCode, ConsentHow, Day, LawfulGround, PrincipalId, RecordId, Sensitivity, ThemeId};

record! {
    /// A resident's contact details, with purpose, ground and end date. Never of a child up to 14;
    /// under 16 only with a guardian.
    Person {
        /// What they are called.
        name: String => Name,
        /// Telephone number.
        phone: Option<String> => Phone,
        /// E-mail address.
        email: Option<String> => Email,
        /// Postal address.
        address: Option<String> => Address,
        /// Year of birth, where it matters.
        birth_year: Option<u16> => BirthYear,
        /// The parent or guardian, another person.
        guardian: Option<RecordId> => Guardian,
        /// What the details are kept for.
        purpose: String => Purpose,
        /// On what ground they are kept.
        ground: LawfulGround => Ground,
        /// The day after which they are removed.
        keep_until: Day => KeepUntil,
        /// ISO 639-2/B code, three letters.
        language: String => Language,
        /// The buurt they belong to here.
        buurt: AreaCode => Buurt,
        /// Who may see it.
        sensitivity: Sensitivity => Sensitivity,
        /// The colleague who comes back to them with an answer, and therefore may see this.
        assignee: Option<PrincipalId> => Assignee,
        /// What else matters, such as when they can be called.
        note: String => Note,
    }
}

record! {
    /// Toestemming doorgeven: a person agreed that something is passed on to somebody.
    Consent {
        /// Who consented.
        person: RecordId => Person,
        /// To whom it may be passed on.
        recipient: String => Recipient,
        /// What may be passed on.
        note: String => Note,
        /// How they consented.
        given_how: ConsentHow => GivenHow,
        /// When.
        given_on: Day => GivenOn,
        /// When they took it back.
        withdrawn_on: Option<Day> => WithdrawnOn,
        /// The person's buurt.
        buurt: AreaCode => Buurt,
        /// Who may see it.
        sensitivity: Sensitivity => Sensitivity,
    }
}

record! {
    /// Somebody of the network, with consent of their own that is renewed yearly.
    Relation {
        /// Who.
        person: RecordId => Person,
        /// What they want to help with.
        note: String => Note,
        /// When they consented to be in the network.
        consent_on: Day => ConsentOn,
        /// By when they are asked again: at most a year after the consent.
        renew_by: Day => RenewBy,
        /// Whether they are an ambassadeur.
        ambassadeur: bool => Ambassadeur,
        /// Since when they are an ambassadeur.
        term_from: Option<Day> => TermFrom,
        /// Until when.
        term_until: Option<Day> => TermUntil,
        /// What was agreed with them.
        agreements: Option<String> => Agreements,
        /// Their account here.
        account: Option<PrincipalId> => Account,
        /// Their buurt.
        buurt: AreaCode => Buurt,
        /// Who may see it.
        sensitivity: Sensitivity => Sensitivity,
    }
    sets {
        /// Themes they care about.
        themes: ThemeId => Themes,
    }
}
