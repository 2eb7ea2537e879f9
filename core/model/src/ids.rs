//! Ids and codes as types of their own, so that one can never be passed for another.
//!
//! None of them can be made without checking, and none has a default value.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fmt;
use std::str::FromStr;
use uuid::Uuid;

use crate::{AreaLevel, Timestamp};

/// Why a text or byte string is not an id or code.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IdError {
    /// Not a UUID, or of the wrong length or version.
    #[error("not a valid {what}")]
    Malformed {
        /// The name of the id type.
        what: &'static str,
    },
}

macro_rules! uuid_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(Uuid);

        impl $name {
            /// Builds a version 7 id from a moment and ten bytes of randomness (74 bits are used).
            pub fn from_parts(at: Timestamp, random: [u8; 10]) -> Self {
                Self(v7(at, random))
            }

            /// Reads the 16 bytes that [`Self::as_bytes`] gives; only version 7 is accepted.
            ///
            /// # Errors
            /// [`IdError::Malformed`] when the length or the version is another.
            pub fn from_bytes(bytes: &[u8]) -> Result<Self, IdError> {
                let malformed = IdError::Malformed { what: stringify!($name) };
                let uuid = Uuid::from_slice(bytes).map_err(|_| malformed.clone())?;
                if uuid.get_version_num() == 7 { Ok(Self(uuid)) } else { Err(malformed) }
            }

            /// The 16 bytes in network order.
            pub fn as_bytes(&self) -> &[u8; 16] {
                self.0.as_bytes()
            }

            /// The moment in the id's first 48 bits.
            pub fn timestamp(&self) -> Timestamp {
                let b = self.0.as_bytes();
                let ms = b[..6].iter().fold(0_i64, |acc, byte| (acc << 8) | i64::from(*byte));
                Timestamp::from_millis(ms)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.hyphenated().fmt(f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.0.hyphenated())
            }
        }

        impl FromStr for $name {
            type Err = IdError;
            fn from_str(s: &str) -> Result<Self, IdError> {
                let uuid = Uuid::try_parse(s)
                    .map_err(|_| IdError::Malformed { what: stringify!($name) })?;
                Self::from_bytes(uuid.as_bytes())
            }
        }

        impl TryFrom<String> for $name {
            type Error = IdError;
            fn try_from(s: String) -> Result<Self, IdError> {
                s.parse()
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.to_string()
            }
        }
    };
}

uuid_id!(
    /// A record (and its one document): UUID version 7, never changes.
    RecordId
);
uuid_id!(
    /// A person with an account: UUID version 7.
    PrincipalId
);
uuid_id!(
    /// An enrolled installation of the app.
    DeviceId
);
uuid_id!(
    /// One appended entry (a later addition or a reply in a thread) of a record.
    EntryId
);

impl RecordId {
    /// The id that a record of another system gets here: the same on every device.
    ///
    /// The first 48 bits are `occurred_at`, the rest comes from SHA-256 over the system's name
    /// and its id there.
    pub fn from_foreign(occurred_at: Timestamp, system: &str, foreign_id: &str) -> Self {
        let mut hasher = Sha256::new();
        hasher.update(system.as_bytes());
        hasher.update([0]);
        hasher.update(foreign_id.as_bytes());
        let digest = hasher.finalize();
        let mut random = [0; 10];
        random.copy_from_slice(&digest[..10]);
        Self::from_parts(occurred_at, random)
    }

    /// The row number of this record in a store, or near it: its time in steps of
    /// 2^[`ROW_STEP_BITS`] ms. Several ids share one; stores keep rows in the order of ids, so that
    /// descending is "newest first", with the same meaning on each replica.
    pub fn rowid(&self) -> i64 {
        self.timestamp().as_millis() >> ROW_STEP_BITS
    }
}

/// A row is a time in steps of 16.4 seconds. Finer ones make every index larger (4 bytes a row
/// instead of 8) and the search index, which keeps differences of rows, three times as large.
pub const ROW_STEP_BITS: u32 = 14;

fn v7(at: Timestamp, random: [u8; 10]) -> Uuid {
    let ms = u64::try_from(at.as_millis()).unwrap_or(0);
    let mut bytes = [0; 16];
    bytes[..6].copy_from_slice(&ms.to_be_bytes()[2..]);
    bytes[6..].copy_from_slice(&random);
    bytes[6] = 0x70 | (bytes[6] & 0x0f);
    bytes[8] = 0x80 | (bytes[8] & 0x3f);
    Uuid::from_bytes(bytes)
}

macro_rules! byte_id {
    ($(#[$doc:meta])* $name:ident, $len:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name([u8; $len]);

        impl $name {
            /// Wraps the bytes.
            pub const fn new(bytes: [u8; $len]) -> Self {
                Self(bytes)
            }

            /// Reads exactly the right number of bytes.
            ///
            /// # Errors
            /// [`IdError::Malformed`] when the length is another.
            pub fn from_slice(bytes: &[u8]) -> Result<Self, IdError> {
                bytes.try_into().map(Self).map_err(|_| IdError::Malformed { what: stringify!($name) })
            }

            /// The bytes.
            pub fn as_bytes(&self) -> &[u8; $len] {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self)
            }
        }

        impl FromStr for $name {
            type Err = IdError;
            fn from_str(s: &str) -> Result<Self, IdError> {
                let malformed = || IdError::Malformed { what: stringify!($name) };
                if s.len() != $len * 2 || !s.is_ascii() {
                    return Err(malformed());
                }
                let mut bytes = [0; $len];
                for (byte, pair) in bytes.iter_mut().zip(s.as_bytes().chunks(2)) {
                    let digits = std::str::from_utf8(pair).map_err(|_| malformed())?;
                    *byte = u8::from_str_radix(digits, 16).map_err(|_| malformed())?;
                }
                Ok(Self(bytes))
            }
        }
    };
}

byte_id!(
    /// SHA-256 of a change, as Automerge computes it.
    ChangeHash,
    32
);
byte_id!(
    /// SHA-256 of an attachment's content, by which records name it.
    BlobHash,
    32
);
byte_id!(
    /// One installation of the app: the first twelve bytes of each of its actor ids.
    InstallId,
    12
);
byte_id!(
    /// Who wrote a change, for Automerge: an install id and a four-byte generation, big-endian.
    ActorId,
    16
);

impl ActorId {
    /// The actor of an installation in its given generation.
    pub fn of(install: InstallId, generation: u32) -> Self {
        let mut bytes = [0; 16];
        bytes[..12].copy_from_slice(install.as_bytes());
        bytes[12..].copy_from_slice(&generation.to_be_bytes());
        Self(bytes)
    }

    /// The installation this actor belongs to.
    pub fn install(&self) -> InstallId {
        let mut bytes = [0; 12];
        bytes.copy_from_slice(&self.0[..12]);
        InstallId(bytes)
    }

    /// The generation of that installation.
    pub fn generation(&self) -> u32 {
        let mut bytes = [0; 4];
        bytes.copy_from_slice(&self.0[12..]);
        u32::from_be_bytes(bytes)
    }
}

macro_rules! code {
    ($(#[$doc:meta])* $name:ident, $check:expr) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// The code as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl FromStr for $name {
            type Err = IdError;
            fn from_str(s: &str) -> Result<Self, IdError> {
                let check: fn(&str) -> bool = $check;
                if check(s) {
                    Ok(Self(s.to_owned()))
                } else {
                    Err(IdError::Malformed { what: stringify!($name) })
                }
            }
        }

        impl TryFrom<String> for $name {
            type Error = IdError;
            fn try_from(s: String) -> Result<Self, IdError> {
                s.parse()
            }
        }

        impl From<$name> for String {
            fn from(code: $name) -> Self {
                code.0
            }
        }
    };
}

code!(
    /// A municipality's CBS code: `GM` and four digits.
    MunicipalityCode,
    |s| digits_after(s, "GM", 4)
);
code!(
    /// An area's code: `GM0597`, `WK059706`, `BU05970600`, or a municipality's own sub-buurt,
    /// `BU05970600-` and up to twelve lower-case letters, digits or hyphens.
    AreaCode,
    |s| {
        digits_after(s, "GM", 4)
            || digits_after(s, "WK", 6)
            || digits_after(s, "BU", 8)
            || s.split_once('-').is_some_and(|(buurt, own)| {
                digits_after(buurt, "BU", 8) && (1..=12).contains(&own.len()) && is_slug(own)
            })
    }
);
code!(
    /// A theme of the municipality's list: lower-case letters, digits and hyphens, at most 40.
    ThemeId,
    |s| (1..=40).contains(&s.len()) && is_slug(s)
);

code!(
    /// An organisation, in this municipality's own list: lower-case letters, digits and hyphens,
    /// at most 40.
    OrganisationCode,
    |s| (1..=40).contains(&s.len()) && is_slug(s)
);
code!(
    /// A Dutch postcode without a space: four digits, the first not zero, and two capitals.
    Postcode,
    |s| {
        s.len() == 6
            && s.bytes().take(4).all(|b| b.is_ascii_digit())
            && !s.starts_with('0')
            && s.bytes().skip(4).all(|b| b.is_ascii_uppercase())
    }
);

impl AreaCode {
    /// The wijk that this buurt, sub-buurt or wijk lies in; none for a gemeente.
    ///
    /// CBS builds a buurt's code from its wijk's: `BU` + gemeente (4) + wijk (2) + buurt (2).
    pub fn wijk(&self) -> Option<AreaCode> {
        let digits = self.0.get(2..8)?;
        Some(AreaCode(format!("WK{digits}")))
    }

    /// The municipality, whose four digits every code carries.
    pub fn municipality(&self) -> MunicipalityCode {
        MunicipalityCode(format!("GM{}", self.0.get(2..6).unwrap_or_default()))
    }

    /// How large an area it names.
    pub fn level(&self) -> AreaLevel {
        match (self.0.get(..2), self.0.contains('-')) {
            (Some("GM"), _) => AreaLevel::Gemeente,
            (Some("WK"), _) => AreaLevel::Wijk,
            (_, false) => AreaLevel::Buurt,
            (_, true) => AreaLevel::SubBuurt,
        }
    }

    /// The area it lies in; none for a gemeente.
    pub fn parent(&self) -> Option<AreaCode> {
        match self.level() {
            AreaLevel::Gemeente => None,
            AreaLevel::Wijk => Some(AreaCode(self.municipality().0)),
            AreaLevel::Buurt => self.wijk(),
            AreaLevel::SubBuurt => {
                self.0.split_once('-').map(|(buurt, _)| AreaCode(buurt.to_owned()))
            }
        }
    }
}

impl From<MunicipalityCode> for AreaCode {
    /// The municipality as an area.
    fn from(code: MunicipalityCode) -> Self {
        Self(code.0)
    }
}

fn digits_after(s: &str, prefix: &str, count: usize) -> bool {
    s.strip_prefix(prefix)
        .is_some_and(|rest| rest.len() == count && rest.bytes().all(|b| b.is_ascii_digit()))
}

fn is_slug(s: &str) -> bool {
    s.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_foreign_id_is_the_same_everywhere_and_keeps_its_time() {
        let at = Timestamp::from_millis(1_772_529_120_000);
        let one = RecordId::from_foreign(at, "voorbeeld", "41b926f1");
        assert_eq!(one, RecordId::from_foreign(at, "voorbeeld", "41b926f1"));
        assert_ne!(one, RecordId::from_foreign(at, "voorbeeld", "41b926f2"));
        assert_eq!(one.timestamp(), at);
        assert_eq!(one.to_string().parse(), Ok(one));
    }

    #[test]
    fn rows_sort_by_time() {
        let early = RecordId::from_parts(Timestamp::from_millis(1_000), [0xff; 10]);
        let late = RecordId::from_parts(Timestamp::from_millis(17_385), [0; 10]);
        assert!(early.rowid() < late.rowid());
        assert!(early < late);
    }

    #[test]
    fn other_uuid_versions_are_refused() {
        let v4 = "41b926f1-27c5-4727-b626-e4d719fdfe39";
        assert!(v4.parse::<RecordId>().is_err());
    }

    #[test]
    fn area_codes_are_checked() {
        for good in ["GM0597", "WK059706", "BU05970600", "BU05970600-noord"] {
            assert!(good.parse::<AreaCode>().is_ok(), "{good}");
        }
        for bad in ["", "GM597", "WK0597060", "bu05970600", "BU05970600-", "Slikkerveer"] {
            assert!(bad.parse::<AreaCode>().is_err(), "{bad}");
        }
    }

    #[test]
    fn postcodes_and_organisations_are_checked() {
        assert!("2988AB".parse::<Postcode>().is_ok());
        for bad in ["", "2988", "2988 AB", "2988ab", "0988AB", "2988ABC", "29é8A"] {
            assert!(bad.parse::<Postcode>().is_err(), "{bad}");
        }
        assert!("wooncompas".parse::<OrganisationCode>().is_ok());
        for bad in ["", "Woon Compas", "politie:3"] {
            assert!(bad.parse::<OrganisationCode>().is_err(), "{bad}");
        }
    }

    #[test]
    fn an_actor_knows_its_installation() {
        let install = InstallId::new([7; 12]);
        let actor = ActorId::of(install, 3);
        assert_eq!((actor.install(), actor.generation()), (install, 3));
    }
}
