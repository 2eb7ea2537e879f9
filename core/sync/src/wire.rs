//! The messages between phone and server, version 1.
//!
//! Each is a CBOR map with small integer keys, packed by [`to_body`](crate::to_body). A reader
//! skips keys that it does not know, so that fields can be added; a field once given a number keeps
//! it for ever, and a new field must be one that an old message may lack.

use std::collections::BTreeSet;

use minicbor::{Decode, Encode};
use wijkboek_model::{
    AreaCode, ChangeHash, InstallId, MunicipalityCode, PrincipalId, RecordId, Role, Timestamp,
};

/// The header that names the protocol's version in every request.
pub const PROTOCOL_HEADER: &str = "wijkboek-protocol";
/// The version that these messages belong to.
pub const PROTOCOL_VERSION: &str = "1";
/// Most documents that one pull may ask for whole.
pub const WHOLE_MAX: usize = 64;

/// A place in a municipality's log that its holder can prove.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(map)]
pub struct Cursor {
    /// The log's own number: another one after it was made anew.
    #[n(0)]
    pub epoch: u64,
    /// How many entries precede this place.
    #[n(1)]
    pub number: u64,
    /// The first 8 bytes of the chain hash at `number`.
    #[cbor(n(2), with = "minicbor::bytes")]
    pub chain: [u8; 8],
}

/// A phone hands over what it wrote. Repeating one is harmless.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct PushRequest {
    /// Grows by at least one with each request of an installation; finds a copied store.
    #[n(0)]
    pub counter: u64,
    /// Where the phone has read the log up to; what it writes is judged with that knowledge.
    #[n(1)]
    pub acknowledged: Option<Cursor>,
    /// The changes, per document.
    #[n(2)]
    pub documents: Vec<PushDocument>,
}

/// The changes of one document in a push.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct PushDocument {
    /// The record.
    #[cbor(n(0), with = "crate::field")]
    pub id: RecordId,
    /// Each after those that it depends on.
    #[n(1)]
    pub changes: Vec<PushChange>,
}

/// One change in a push.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct PushChange {
    /// The hash that its bytes must have.
    #[cbor(n(0), with = "crate::field")]
    pub hash: ChangeHash,
    /// An uncompressed Automerge change chunk.
    #[cbor(n(1), with = "minicbor::bytes")]
    pub bytes: Vec<u8>,
}

/// The server's verdicts on a push.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct PushResponse {
    /// The end of the log after this push.
    #[n(0)]
    pub head: Cursor,
    /// One for each change of the request.
    #[n(1)]
    pub verdicts: Vec<PushVerdict>,
}

/// What became of one change.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct PushVerdict {
    /// The record.
    #[cbor(n(0), with = "crate::field")]
    pub id: RecordId,
    /// The change, by the hash that the request announced.
    #[cbor(n(1), with = "crate::field")]
    pub hash: ChangeHash,
    /// The verdict. Final, but for [`PushOutcome::Waiting`], as which one of a newer version is
    /// read: nothing is lost by asking again.
    #[cbor(n(2), decode_with = "crate::field::outcome")]
    pub outcome: PushOutcome,
}

/// A verdict on one change.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub enum PushOutcome {
    /// Stands in the log.
    #[n(0)]
    Accepted {
        /// Its number there.
        #[n(0)]
        number: u64,
        /// HMAC-SHA256 over municipality, document, hash and actor, under a key of the server.
        #[cbor(n(1), with = "minicbor::bytes")]
        mac: [u8; 32],
    },
    /// Stood in the log already.
    #[n(1)]
    Duplicate {
        /// Its number there.
        #[n(0)]
        number: u64,
    },
    /// Will never be taken.
    #[n(2)]
    Refused {
        /// Why: a stable word in kebab-case.
        #[n(0)]
        code: String,
    },
    /// Depends on a change that the server does not have. Nothing was stored: send it again.
    #[n(3)]
    Waiting,
}

/// A phone asks for what it may see and does not have.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct PullRequest {
    /// Where the previous pull ended; none for everything.
    #[n(0)]
    pub cursor: Option<Cursor>,
    /// The token of [`PullNext::More`], unread, to go on with a pull.
    #[cbor(n(1), with = "minicbor::bytes")]
    pub page: Option<Vec<u8>>,
    /// About how many bytes of changes the answer may hold. One document is never cut in two.
    #[n(2)]
    pub max_bytes: u32,
    /// Documents of which changes are missing here, at most [`WHOLE_MAX`]: this answer holds each
    /// of them whole, or tells to forget it.
    #[cbor(n(3), with = "crate::field")]
    pub whole: Vec<RecordId>,
}

/// One page of a pull.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct PullResponse {
    /// New changes, per document.
    #[n(0)]
    pub documents: Vec<PulledDocument>,
    /// Documents that this person no longer sees.
    #[cbor(n(1), with = "crate::field")]
    pub forget: Vec<RecordId>,
    /// How to go on.
    #[n(2)]
    pub next: PullNext,
    /// The version of the reference data; higher than the phone's means: fetch it.
    #[n(3)]
    pub reference_version: u64,
    /// Whom the server takes the caller for.
    #[n(4)]
    pub me: Me,
    /// Whose the installations are that wrote the changes of this page, where the server knows.
    #[n(5)]
    pub actors: Option<Vec<ActorOwner>>,
}

/// The new changes of one document.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct PulledDocument {
    /// The record.
    #[cbor(n(0), with = "crate::field")]
    pub id: RecordId,
    /// Each after those that it depends on.
    #[n(1)]
    pub changes: Vec<PulledChange>,
}

/// One accepted change.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct PulledChange {
    /// Its number in the log.
    #[n(0)]
    pub number: u64,
    /// Its hash.
    #[cbor(n(1), with = "crate::field")]
    pub hash: ChangeHash,
    /// As in [`PushOutcome::Accepted`].
    #[cbor(n(2), with = "minicbor::bytes")]
    pub mac: [u8; 32],
    /// An uncompressed Automerge change chunk.
    #[cbor(n(3), with = "minicbor::bytes")]
    pub bytes: Vec<u8>,
}

/// What follows a page.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub enum PullNext {
    /// There is more: ask again with the same cursor and this token.
    #[n(0)]
    More {
        /// Opaque to the phone.
        #[cbor(n(0), with = "minicbor::bytes")]
        page: Vec<u8>,
    },
    /// That was all up to this place.
    #[n(1)]
    Done {
        /// Where the next pull begins.
        #[n(0)]
        cursor: Cursor,
    },
}

/// The person that a device acts for.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Me {
    /// Their id; the author of what they create.
    #[cbor(n(0), with = "crate::field")]
    pub principal: PrincipalId,
    /// As they are called at work.
    #[n(1)]
    pub name: String,
    /// Their role.
    #[cbor(n(2), with = "crate::field")]
    pub role: RoleName,
    /// Their wijken.
    #[cbor(n(3), with = "crate::field")]
    pub wijken: BTreeSet<AreaCode>,
}

/// A role as the server names it. One that this version does not know has no rights here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RoleName {
    /// One that this version knows.
    Known(Role),
    /// A newer one, as it was named.
    Unknown(String),
}

impl RoleName {
    /// The role, when this version knows it.
    pub const fn known(&self) -> Option<Role> {
        match self {
            Self::Known(role) => Some(*role),
            Self::Unknown(_) => None,
        }
    }

    /// Its name.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Known(role) => role.as_str(),
            Self::Unknown(name) => name,
        }
    }
}

impl From<Role> for RoleName {
    fn from(role: Role) -> Self {
        Self::Known(role)
    }
}

impl From<&str> for RoleName {
    fn from(name: &str) -> Self {
        name.parse().map_or_else(|_| Self::Unknown(name.to_owned()), Self::Known)
    }
}

/// Whose installation it is that wrote a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Encode, Decode)]
#[cbor(map)]
pub struct ActorOwner {
    /// The first twelve bytes of its actor ids.
    #[cbor(n(0), with = "crate::field")]
    pub install: InstallId,
    /// Its person.
    #[cbor(n(1), with = "crate::field")]
    pub principal: PrincipalId,
}

/// A phone offers a one-time code for a token.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct EnrolRequest {
    /// The code, as printed or scanned.
    #[n(0)]
    pub code: String,
    /// The installation that the device writes as.
    #[cbor(n(1), with = "crate::field")]
    pub install: InstallId,
    /// How its owner calls the device.
    #[n(2)]
    pub device_name: String,
}

/// A device is enrolled.
#[derive(Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct EnrolResponse {
    /// The device's secret from now on. Goes into `Authorization: Bearer …`.
    #[n(0)]
    pub token: String,
    /// For whom the device acts.
    #[n(1)]
    pub me: Me,
    /// Whose log it is.
    #[cbor(n(2), with = "crate::field")]
    pub municipality: MunicipalityCode,
    /// The server's clock.
    #[cbor(n(3), with = "crate::field")]
    pub server_time: Timestamp,
}

impl std::fmt::Debug for EnrolResponse {
    /// Leaves the token out.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("EnrolResponse")
            .field("me", &self.me.principal)
            .field("municipality", &self.municipality)
            .finish_non_exhaustive()
    }
}
