//! Ids and codes as types of their own on the foreign side too.
//!
//! A foreign caller can build one from any text; each is checked when it comes in.

use crate::WijkboekError;
use wijkboek_model as model;

macro_rules! id {
    // Comes in as well as out.
    ($(#[$doc:meta])* $name:ident) => {
        id!(shown $(#[$doc])* $name);

        impl $name {
            /// Checks what a foreign caller handed in.
            pub(crate) fn parse(&self, field: &'static str) -> Result<model::$name, WijkboekError> {
                self.value.parse().map_err(|_| WijkboekError::unreadable(field))
            }
        }
    };
    // Only ever shown.
    (shown $(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, uniffi::Record)]
        pub struct $name {
            /// Its one spelling.
            pub value: String,
        }

        impl From<model::$name> for $name {
            fn from(id: model::$name) -> Self {
                Self { value: id.to_string() }
            }
        }

        impl From<&model::$name> for $name {
            fn from(id: &model::$name) -> Self {
                Self { value: id.to_string() }
            }
        }
    };
}

id!(
    /// A record, for as long as it exists.
    RecordId
);
id!(
    /// A person with an account.
    PrincipalId
);
id!(
    shown
    /// A municipality's CBS code, `GM0597`.
    MunicipalityCode
);
id!(
    /// A gemeente, wijk, buurt or sub-buurt by its code: names do not identify one.
    AreaCode
);
id!(
    /// A theme of the municipality's list.
    ThemeId
);
id!(
    shown
    /// One appended entry of a record's thread.
    EntryId
);
id!(
    /// A photo or recording, by its content; reached through what it hangs on only.
    BlobHash
);
id!(
    /// A calendar day, `2026-04-16`.
    Day
);
