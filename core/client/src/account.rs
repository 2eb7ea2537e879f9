//! Who this device is and for whom it acts, as the store keeps it.
//!
//! One value under one key, so that a kill leaves either the old account or the new one.

use std::collections::BTreeSet;
use std::fmt;

use serde::{Deserialize, Serialize};
use wijkboek_model::{AreaCode, InstallId, MunicipalityCode, Principal, PrincipalId};
use wijkboek_store::{Store, StoreError};
use wijkboek_sync::{Me, RoleName};

/// For whom this device acts, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// The person.
    pub principal: PrincipalId,
    /// As they are called at work.
    pub name: String,
    /// Their role; one that this version does not know may write nothing.
    pub role: RoleName,
    /// Their wijken.
    pub wijken: Vec<AreaCode>,
    /// The server's address.
    pub server_url: String,
    /// Whose logbook it is.
    pub municipality: MunicipalityCode,
}

impl Identity {
    /// The person as the permission rules see them; none when the role is unknown here.
    pub fn principal(&self) -> Option<Principal> {
        Some(Principal {
            id: self.principal,
            role: self.role.known()?,
            wijken: self.wijken.iter().cloned().collect(),
        })
    }
}

/// An identity with the secret that proves it.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Account {
    pub(crate) identity: Identity,
    pub(crate) token: String,
}

impl fmt::Debug for Account {
    /// Leaves the token out.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Account").field("identity", &self.identity).finish_non_exhaustive()
    }
}

/// The account's form in the store.
#[derive(Serialize, Deserialize)]
struct Stored {
    server_url: String,
    municipality: MunicipalityCode,
    token: String,
    principal: PrincipalId,
    name: String,
    role: String,
    wijken: BTreeSet<AreaCode>,
}

impl Account {
    /// The stored account. One that this version cannot read counts as none: enrolling again
    /// mends it.
    pub(crate) fn load(store: &Store) -> Result<Option<Self>, StoreError> {
        Ok(store.meta(ACCOUNT)?.and_then(|bytes| {
            let stored: Stored = serde_json::from_slice(&bytes).ok()?;
            Some(Self {
                identity: Identity {
                    principal: stored.principal,
                    name: stored.name,
                    role: RoleName::from(stored.role.as_str()),
                    wijken: stored.wijken.into_iter().collect(),
                    server_url: stored.server_url,
                    municipality: stored.municipality,
                },
                token: stored.token,
            })
        }))
    }

    pub(crate) fn save(&self, store: &mut Store) -> Result<(), StoreError> {
        let identity = self.identity.clone();
        let stored = Stored {
            server_url: identity.server_url,
            municipality: identity.municipality,
            token: self.token.clone(),
            principal: identity.principal,
            name: identity.name,
            role: identity.role.as_str().to_owned(),
            wijken: identity.wijken.into_iter().collect(),
        };
        match serde_json::to_vec(&stored) {
            Ok(bytes) => store.set_meta(ACCOUNT, &bytes),
            Err(_) => unreachable!("texts and lists of texts always make JSON"),
        }
    }

    /// The same account after the server said whom it takes the caller for.
    pub(crate) fn learned(mut self, me: &Me) -> Self {
        self.identity.name.clone_from(&me.name);
        self.identity.role.clone_from(&me.role);
        self.identity.wijken = me.wijken.iter().cloned().collect();
        self
    }
}

/// This installation's id, made from `fresh` when the store has none yet.
///
/// # Errors
/// [`StoreError`].
pub fn ensure_install(store: &mut Store, fresh: InstallId) -> Result<InstallId, StoreError> {
    if let Some(install) = install(store)? {
        return Ok(install);
    }
    store.set_meta(INSTALL, fresh.as_bytes())?;
    Ok(fresh)
}

/// This installation's id.
pub(crate) fn install(store: &Store) -> Result<Option<InstallId>, StoreError> {
    Ok(store.meta(INSTALL)?.and_then(|bytes| InstallId::from_slice(&bytes).ok()))
}

/// The generation that this installation writes as.
///
/// # Errors
/// [`StoreError`].
pub fn generation(store: &Store) -> Result<u32, StoreError> {
    Ok(number(store, GENERATION)?.and_then(|n| u32::try_from(n).ok()).unwrap_or(0))
}

/// From now on a new generation writes: what it makes never collides with what was refused.
pub(crate) fn next_generation(store: &mut Store) -> Result<(), StoreError> {
    let next = generation(store)?.saturating_add(1);
    set_number(store, GENERATION, next.into())
}

/// The push counter.
pub(crate) fn counter(store: &Store) -> Result<u64, StoreError> {
    Ok(number(store, COUNTER)?.unwrap_or(0))
}

pub(crate) fn set_counter(store: &mut Store, counter: u64) -> Result<(), StoreError> {
    set_number(store, COUNTER, counter)
}

/// Whose an installation is, as far as the server has said.
pub(crate) fn owner(store: &Store, install: InstallId) -> Result<Option<PrincipalId>, StoreError> {
    let bytes = store.meta(&owner_key(install))?;
    Ok(bytes.and_then(|bytes| PrincipalId::from_bytes(&bytes).ok()))
}

pub(crate) fn set_owner(
    store: &mut Store,
    install: InstallId,
    principal: PrincipalId,
) -> Result<(), StoreError> {
    store.set_meta(&owner_key(install), principal.as_bytes())
}

fn owner_key(install: InstallId) -> String {
    format!("owner:{install}")
}

fn number(store: &Store, key: &str) -> Result<Option<u64>, StoreError> {
    let bytes = store.meta(key)?;
    Ok(bytes.and_then(|bytes| bytes.try_into().ok()).map(u64::from_le_bytes))
}

fn set_number(store: &mut Store, key: &str, n: u64) -> Result<(), StoreError> {
    store.set_meta(key, &n.to_le_bytes())
}

const ACCOUNT: &str = "account";
const INSTALL: &str = "install";
const GENERATION: &str = "generation";
const COUNTER: &str = "push-counter";
