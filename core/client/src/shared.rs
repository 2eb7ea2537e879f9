//! What the facade and the network thread have in common: the store behind its lock, and the few
//! facts that are read often.
//!
//! The store's lock is held for one operation at a time and never while anything else is called.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use wijkboek_crdt::Stamp;
use wijkboek_model::{ActorId, InstallId, Reference};
use wijkboek_store::{Store, StoreError};
use wijkboek_sync::{SyncPhase, SyncStatus};

use crate::account::{self, Account, Identity};
use crate::config::Config;
use crate::error::WijkboekError;
use crate::observe::{Hub, News};
use crate::views::Status;

#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) config: Config,
    pub(crate) install: InstallId,
    pub(crate) hub: Hub,
    store: Mutex<Store>,
    account: RwLock<Option<Account>>,
    reference: RwLock<Option<Arc<Reference>>>,
    sync: RwLock<SyncStatus>,
    live: AtomicBool,
}

impl Shared {
    pub(crate) fn new(config: Config, mut store: Store) -> Result<Self, WijkboekError> {
        let mut fresh = [0; 12];
        getrandom::fill(&mut fresh)?;
        let install = account::ensure_install(&mut store, InstallId::new(fresh))?;
        let account = Account::load(&store)?;
        let reference = store.reference()?.map(Arc::new);
        let phase = if account.is_some() { SyncPhase::Idle } else { SyncPhase::NotEnrolled };
        Ok(Self {
            config,
            install,
            hub: Hub::default(),
            store: Mutex::new(store),
            account: RwLock::new(account),
            reference: RwLock::new(reference),
            sync: RwLock::new(SyncStatus { phase, last_success: None }),
            live: AtomicBool::new(false),
        })
    }

    /// The store. After a panic elsewhere it is sound: an unfinished transaction was rolled back.
    pub(crate) fn store(&self) -> MutexGuard<'_, Store> {
        self.store.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn account(&self) -> Option<Account> {
        self.account.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(crate) fn identity(&self) -> Option<Identity> {
        self.account().map(|account| account.identity)
    }

    pub(crate) fn reference(&self) -> Option<Arc<Reference>> {
        self.reference.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Reads the account and the reference data again, after the store got others.
    pub(crate) fn reload(&self) -> Result<(), StoreError> {
        let (account, reference) = {
            let store = self.store();
            (Account::load(&store)?, store.reference()?.map(Arc::new))
        };
        *self.account.write().unwrap_or_else(PoisonError::into_inner) = account;
        *self.reference.write().unwrap_or_else(PoisonError::into_inner) = reference;
        self.hub.tell(&News { reference: true, identity: true, ..News::default() });
        Ok(())
    }

    pub(crate) fn set_sync(&self, status: SyncStatus) {
        *self.sync.write().unwrap_or_else(PoisonError::into_inner) = status;
        self.hub.tell(&News::default());
    }

    pub(crate) fn set_live(&self, live: bool) {
        if self.live.swap(live, Ordering::Relaxed) != live {
            self.hub.tell(&News::default());
        }
    }

    pub(crate) fn status(&self) -> Result<Status, StoreError> {
        let SyncStatus { phase, last_success } =
            self.sync.read().unwrap_or_else(PoisonError::into_inner).clone();
        let (unsent, unsent_attachments, refused) = {
            let store = self.store();
            (store.unsent()?, store.unsent_blobs()?, store.refused()?.len())
        };
        Ok(Status {
            phase,
            unsent: u64::try_from(unsent).unwrap_or(u64::MAX),
            unsent_attachments: u64::try_from(unsent_attachments).unwrap_or(u64::MAX),
            refused: u64::try_from(refused).unwrap_or(u64::MAX),
            last_success,
            live: self.live.load(Ordering::Relaxed),
        })
    }

    /// The stamp of a change that is made now.
    pub(crate) fn stamp(&self, store: &Store) -> Result<Stamp, StoreError> {
        let actor = ActorId::of(self.install, account::generation(store)?);
        Ok(Stamp { actor, at: self.config.clock.now().wall })
    }
}
