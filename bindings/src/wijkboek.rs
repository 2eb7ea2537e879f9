//! The facade of core as a foreign object: each method is one call of core's, with its types
//! translated.

#![expect(clippy::needless_pass_by_value, reason = "what crosses the border is handed over")]

use std::path::Path;
use std::sync::Arc;

use wijkboek_client as client;
use wijkboek_client::{Config, DatabaseKey, Filter, PageKey as CorePageKey};
use wijkboek_model as model;
use wijkboek_model::{ContactKind, Field};
use zeroize::Zeroizing;

use crate::call::{guarded, off_thread};
use crate::values::timestamp;
use crate::{
    AreaCode, BuurtAnswer, ChangeToken, ContactRequest, DraftView, EditRequest, EntryId,
    FilterRequest, IdentityView, Observer, PageKey, PageView, Place, RecordDetailView, RecordId,
    ReferenceView, RefusedView, SignalRequest, StatusView, Subscription, SyncReportView, TallyKey,
    VisitRequest, WijkboekError,
};

/// The logbook on this device.
///
/// Keep one for the whole app. A write is durable when its call returns. Every method may be
/// called from any thread; those that wait for the network are asynchronous, the others wait for
/// the disk at most.
#[derive(Debug, uniffi::Object)]
pub struct Wijkboek {
    pub(crate) core: client::Wijkboek,
}

#[uniffi::export]
impl Wijkboek {
    /// Opens the logbook in this file, or makes it. Works before the device is enrolled.
    ///
    /// # Errors
    /// `NewerDatabase`, `Damaged`, `StoreLocked`, `StorageFull`: the file is then left as it was.
    #[uniffi::constructor]
    pub fn open(path: String) -> Result<Arc<Self>, WijkboekError> {
        guarded(|| Ok(Arc::new(Self { core: client::Wijkboek::open(Path::new(&path))? })))
    }

    /// Opens the encrypted logbook in this file, or makes it, with the raw 32-byte key that the
    /// platform's keystore keeps. One that is still plain is encrypted first, in its place. The
    /// caller erases its own copy of the key.
    ///
    /// # Errors
    /// `KeyLost` when this is not the key it was encrypted with, `EncryptionUnavailable` when this
    /// library was built without; `Invalid` for a key of another length. Otherwise as `open`.
    #[uniffi::constructor]
    pub fn open_with_key(path: String, key: Vec<u8>) -> Result<Arc<Self>, WijkboekError> {
        let key = Zeroizing::new(key);
        guarded(|| {
            let key = DatabaseKey::from_slice(&key)
                .ok_or_else(|| WijkboekError::unreadable(DATABASE_KEY))?;
            let core = client::Wijkboek::open_with_key(Path::new(&path), &key, Config::default())?;
            Ok(Arc::new(Self { core }))
        })
    }

    /// Enrols this device with a one-time code. Waits for the network, but not on the caller's
    /// thread.
    ///
    /// # Errors
    /// `CodeRefused`, `Offline`, `Invalid` (an address that cannot be one), `OtherPerson`,
    /// `ServerProblem`. Nothing changes then.
    pub async fn enrol(
        &self,
        server_url: String,
        code: String,
        device_name: String,
    ) -> Result<IdentityView, WijkboekError> {
        let core = self.core.clone();
        off_thread(move || Ok(core.enrol(&server_url, &code, &device_name)?.into())).await
    }

    /// For whom this device acts; none before it is enrolled.
    ///
    /// # Errors
    /// `Internal`.
    pub fn identity(&self) -> Result<Option<IdentityView>, WijkboekError> {
        guarded(|| Ok(self.core.identity().map(Into::into)))
    }

    /// What a contact that begins now starts with, ready to be filled in and created.
    ///
    /// # Errors
    /// `Invalid` for a code or position that cannot be one.
    pub fn contact_defaults(
        &self,
        kind: ContactKind,
        buurt: AreaCode,
        place: Option<Place>,
    ) -> Result<ContactRequest, WijkboekError> {
        guarded(|| {
            let place = place.as_ref().map(Place::parse).transpose()?;
            let buurt = buurt.parse(Field::Buurt.key())?;
            let defaults = self.core.new_contact_defaults(place)?;
            Ok(defaults.contact(kind, buurt, String::new()).into())
        })
    }

    /// What a melding that begins now starts with, ready to be filled in and created.
    ///
    /// # Errors
    /// `Invalid` for a code or position that cannot be one.
    pub fn signal_defaults(
        &self,
        kind: ContactKind,
        buurt: AreaCode,
        place: Option<Place>,
    ) -> Result<SignalRequest, WijkboekError> {
        guarded(|| {
            let place = place.as_ref().map(Place::parse).transpose()?;
            let buurt = buurt.parse(Field::Buurt.key())?;
            let defaults = self.core.new_contact_defaults(place)?;
            Ok(defaults.signal(kind, buurt, String::new()).into())
        })
    }

    /// Writes a contact.
    ///
    /// # Errors
    /// `NotEnrolled`, `Invalid`, `NotAllowed`, `StorageFull`.
    pub fn create_contact(&self, contact: ContactRequest) -> Result<RecordId, WijkboekError> {
        self.create(|| Ok(model::Record::Contact(contact.parse()?)))
    }

    /// Writes a melding.
    ///
    /// # Errors
    /// As `create_contact`.
    pub fn create_signal(&self, signal: SignalRequest) -> Result<RecordId, WijkboekError> {
        self.create(|| Ok(model::Record::Signal(signal.parse()?)))
    }

    /// Writes a buurttentbezoek.
    ///
    /// # Errors
    /// As `create_contact`.
    pub fn create_visit(&self, visit: VisitRequest) -> Result<RecordId, WijkboekError> {
        self.create(|| Ok(model::Record::Visit(visit.parse()?)))
    }

    /// Changes a record, all edits in one change. False when nothing would change.
    ///
    /// # Errors
    /// `NotFound`, `Invalid`, `NotAllowed`, `NotEnrolled`, `StorageFull`.
    pub fn edit(&self, id: RecordId, edits: Vec<EditRequest>) -> Result<bool, WijkboekError> {
        guarded(|| {
            let edits = edits.into_iter().map(EditRequest::parse).collect::<Result<_, _>>()?;
            Ok(self.core.edit(id.parse(ID)?, edits)?)
        })
    }

    /// Counts visitors or talks at a visit; a negative number takes a slip of the finger back.
    ///
    /// # Errors
    /// As `edit`.
    pub fn tally(&self, visit: RecordId, key: TallyKey, by: i64) -> Result<bool, WijkboekError> {
        guarded(|| Ok(self.core.tally(visit.parse(ID)?, (&key).into(), by)?))
    }

    /// Adds to a record's thread.
    ///
    /// # Errors
    /// As `edit`.
    pub fn append(&self, id: RecordId, text: String) -> Result<EntryId, WijkboekError> {
        guarded(|| Ok(self.core.append(id.parse(ID)?, text)?.into()))
    }

    /// A page of the records that pass the filter, newest first: at most fifty.
    ///
    /// # Errors
    /// `Invalid` for a filter or page key that cannot be one.
    pub fn list(
        &self,
        filter: FilterRequest,
        after: Option<PageKey>,
        limit: u32,
    ) -> Result<PageView, WijkboekError> {
        guarded(|| {
            let filter = filter.parse()?;
            let after = after.as_ref().map(PageKey::parse).transpose()?;
            // The token is taken first: what changes in between makes it look older, never newer.
            let token = ChangeToken { value: self.core.change_token() };
            let limit = usize::try_from(limit).unwrap_or(usize::MAX);
            let page = self.core.list(&filter, after, limit)?;
            Ok(PageView {
                rows: page.rows.into_iter().map(Into::into).collect(),
                next: page.next.map(|key| PageKey { value: key.to_string() }),
                token,
            })
        })
    }

    /// Equal to a page's token as long as nothing changed since that page was read.
    ///
    /// # Errors
    /// `Internal`.
    pub fn change_token(&self) -> Result<ChangeToken, WijkboekError> {
        guarded(|| Ok(ChangeToken { value: self.core.change_token() }))
    }

    /// Everything about one record; none when it is not here.
    ///
    /// # Errors
    /// Only those of the store.
    pub fn record(&self, id: RecordId) -> Result<Option<RecordDetailView>, WijkboekError> {
        guarded(|| Ok(self.core.record(id.parse(ID)?)?.map(Into::into)))
    }

    /// The buurt of a position, and whether the accuracy leaves a doubt about it.
    ///
    /// # Errors
    /// `Invalid` for a position outside the country.
    pub fn buurt_at(&self, place: Place) -> Result<BuurtAnswer, WijkboekError> {
        guarded(|| Ok(self.core.buurt_at(&place.parse()?).into()))
    }

    /// Areas, themes and colleagues; none before the first sync.
    ///
    /// # Errors
    /// `Internal`.
    pub fn reference(&self) -> Result<Option<ReferenceView>, WijkboekError> {
        guarded(|| Ok(self.core.reference().map(|reference| reference.as_ref().into())))
    }

    /// Keeps what a form holds, at each keystroke.
    ///
    /// # Errors
    /// `StorageFull`.
    pub fn save_draft(&self, draft: DraftView) -> Result<(), WijkboekError> {
        guarded(|| Ok(self.core.save_draft(&draft.slot, &draft.json)?))
    }

    /// The draft of a form.
    ///
    /// # Errors
    /// Only those of the store.
    pub fn draft(&self, slot: String) -> Result<Option<DraftView>, WijkboekError> {
        guarded(|| Ok(self.core.draft(&slot)?.map(|json| DraftView { slot, json })))
    }

    /// All drafts, oldest first.
    ///
    /// # Errors
    /// Only those of the store.
    pub fn drafts(&self) -> Result<Vec<DraftView>, WijkboekError> {
        guarded(|| Ok(self.core.drafts()?.into_iter().map(Into::into).collect()))
    }

    /// Forgets what a form held.
    ///
    /// # Errors
    /// Only those of the store.
    pub fn delete_draft(&self, slot: String) -> Result<(), WijkboekError> {
        guarded(|| Ok(self.core.delete_draft(&slot)?))
    }

    /// What the office refused and nobody has dismissed yet, oldest first.
    ///
    /// # Errors
    /// Only those of the store.
    pub fn refused(&self) -> Result<Vec<RefusedView>, WijkboekError> {
        guarded(|| Ok(self.core.refused()?.into_iter().map(Into::into).collect()))
    }

    /// Somebody has seen what the office refused of a record.
    ///
    /// # Errors
    /// Only those of the store.
    pub fn dismiss_refused(&self, id: RecordId) -> Result<(), WijkboekError> {
        guarded(|| Ok(self.core.dismiss_refused(id.parse(ID)?)?))
    }

    /// Syncs once: everything written here out, everything new in. Waits for the network, but not
    /// on the caller's thread; completes even when the caller stops waiting.
    ///
    /// # Errors
    /// `NotEnrolled`, `Offline`, `Unauthorized`, `ServerProblem`. What was done before the failure
    /// stays done.
    pub async fn sync(&self) -> Result<SyncReportView, WijkboekError> {
        let core = self.core.clone();
        off_thread(move || Ok(core.sync()?.into())).await
    }

    /// Syncs from now on by itself: at once, after each write, and when the office says so.
    ///
    /// # Errors
    /// `Internal`.
    pub fn start(&self) -> Result<(), WijkboekError> {
        guarded(|| {
            self.core.start();
            Ok(())
        })
    }

    /// Ends what `start` began.
    ///
    /// # Errors
    /// `Internal`.
    pub fn stop(&self) -> Result<(), WijkboekError> {
        guarded(|| {
            self.core.stop();
            Ok(())
        })
    }

    /// The network came back, or the app came to the front: go on now rather than after the wait.
    ///
    /// # Errors
    /// `Internal`.
    pub fn wake(&self) -> Result<(), WijkboekError> {
        guarded(|| {
            self.core.wake();
            Ok(())
        })
    }

    /// How it stands between this device and the office.
    ///
    /// # Errors
    /// Only those of the store.
    pub fn status(&self) -> Result<StatusView, WijkboekError> {
        guarded(|| Ok(self.core.status()?.into()))
    }

    /// Calls the observer with the current state, and then whenever something changed, until the
    /// handle is cancelled or goes away.
    ///
    /// # Errors
    /// `Internal`.
    pub fn subscribe(
        &self,
        observer: Box<dyn Observer>,
    ) -> Result<Arc<Subscription>, WijkboekError> {
        guarded(|| Ok(Subscription::begin(&self.core, observer)?))
    }
}

impl Wijkboek {
    fn create(
        &self,
        record: impl FnOnce() -> Result<model::Record, WijkboekError>,
    ) -> Result<RecordId, WijkboekError> {
        guarded(|| Ok(self.core.create(record()?)?.into()))
    }
}

impl PageKey {
    fn parse(&self) -> Result<CorePageKey, WijkboekError> {
        self.value.parse().map_err(|_| WijkboekError::unreadable("after"))
    }
}

impl FilterRequest {
    fn parse(self) -> Result<Filter, WijkboekError> {
        Ok(Filter {
            wijk: self.wijk.map(|code| code.parse("wijk")).transpose()?,
            buurt: self.buurt.map(|code| code.parse(Field::Buurt.key())).transpose()?,
            kind: self.kind,
            record_type: self.record_type,
            theme: self.theme.map(|id| id.parse("theme")).transpose()?,
            status: self.status,
            author: self.author.map(|id| id.parse("author")).transpose()?,
            from: self.from.map(timestamp),
            to: self.to.map(timestamp),
            text: self.text,
            conflicts_only: self.conflicts_only,
            ..Filter::default()
        })
    }
}

/// How an id that cannot be one is named in an error.
const ID: &str = "id";
const DATABASE_KEY: &str = "database_key";
