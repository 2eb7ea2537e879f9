//! Photos and recordings on drafts and records, and drafts that become records with them.

#![expect(clippy::needless_pass_by_value, reason = "what crosses the border is handed over")]

use wijkboek_client as client;
use wijkboek_model as model;
use wijkboek_model::WavedThrough;

use crate::call::{guarded, off_thread};
use crate::{
    BlobHash, ContactRequest, RecordId, SignalRequest, VisitRequest, Wijkboek, WijkboekError,
};

/// What a photo or recording hangs on.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Enum)]
pub enum BlobOf {
    /// A record.
    Record {
        /// Which.
        id: RecordId,
    },
    /// What a form holds that was not saved yet.
    Draft {
        /// The form.
        slot: String,
    },
}

/// What it is for the reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum BlobKind {
    /// A photo.
    Photo,
    /// A recording.
    Audio,
}

/// A photo or recording that hangs on something.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct BlobView {
    /// Names it, together with what it hangs on.
    pub hash: BlobHash,
    /// What it is.
    pub kind: BlobKind,
    /// Whether it is on this device.
    pub presence: BlobPresence,
}

/// Whether a photo or recording is on this device.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Enum)]
pub enum BlobPresence {
    /// It is.
    Here {
        /// Its media type, `image/jpeg`; none when this version does not know.
        media_type: Option<String>,
        /// Bytes.
        size: u64,
        /// The office does not have it yet.
        to_upload: bool,
    },
    /// It is still to be fetched.
    ToFetch,
}

#[uniffi::export]
impl Wijkboek {
    /// Attaches a photo (JPEG, PNG, WebP) or a recording (M4A, Ogg Opus, WAV) as the camera or the
    /// recorder made it: smaller, and without where, when and by whom. Not on the caller's thread.
    ///
    /// # Errors
    /// `Invalid`, naming `photos` or `audio`, for what cannot be attached; `StorageFull`; for a
    /// record also those of `edit`.
    pub async fn attach(
        &self,
        to: BlobOf,
        kind: BlobKind,
        bytes: Vec<u8>,
    ) -> Result<BlobHash, WijkboekError> {
        let core = self.core.clone();
        off_thread(move || to.with(|to| Ok(core.attach(to, kind.into(), &bytes)?)).map(Into::into))
            .await
    }

    /// Takes a photo or recording off again; false when it was not there.
    ///
    /// # Errors
    /// For a record those of `edit`.
    pub fn detach(&self, of: BlobOf, hash: BlobHash) -> Result<bool, WijkboekError> {
        guarded(|| of.with(|of| Ok(self.core.detach(of, hash.parse(HASH)?)?)))
    }

    /// What hangs on a record or draft, photos first.
    ///
    /// # Errors
    /// Only those of the store.
    pub fn attachments(&self, of: BlobOf) -> Result<Vec<BlobView>, WijkboekError> {
        guarded(|| {
            of.with(|of| Ok(self.core.attachments(of)?.into_iter().map(Into::into).collect()))
        })
    }

    /// The bytes of a photo or recording from `offset` on, at most `length`; fewer at its end.
    ///
    /// # Errors
    /// `AttachmentMissing` when it does not hang there or has not been fetched.
    pub fn read_attachment(
        &self,
        of: BlobOf,
        hash: BlobHash,
        offset: u64,
        length: u64,
    ) -> Result<Vec<u8>, WijkboekError> {
        let range = offset..offset.saturating_add(length);
        guarded(|| {
            of.with(|of| Ok(self.core.read_attachment_range(of, hash.parse(HASH)?, range)?))
        })
    }

    /// Writes a contact with what hangs on a draft, and forgets the draft: all of that or nothing.
    ///
    /// # Errors
    /// As `create_contact`.
    pub fn create_contact_from_draft(
        &self,
        slot: String,
        contact: ContactRequest,
    ) -> Result<RecordId, WijkboekError> {
        self.create_from_draft(&slot, || Ok(model::Record::Contact(contact.parse()?)))
    }

    /// Writes a melding with what hangs on a draft, and forgets the draft: all of that or nothing.
    ///
    /// # Errors
    /// As `create_contact`.
    pub fn create_signal_from_draft(
        &self,
        slot: String,
        signal: SignalRequest,
    ) -> Result<RecordId, WijkboekError> {
        self.create_from_draft(&slot, || Ok(model::Record::Signal(signal.parse()?)))
    }

    /// Writes a buurttentbezoek with what hangs on a draft, and forgets the draft: all of that or
    /// nothing.
    ///
    /// # Errors
    /// As `create_contact`.
    pub fn create_visit_from_draft(
        &self,
        slot: String,
        visit: VisitRequest,
    ) -> Result<RecordId, WijkboekError> {
        self.create_from_draft(&slot, || Ok(model::Record::Visit(visit.parse()?)))
    }
}

impl Wijkboek {
    fn create_from_draft(
        &self,
        slot: &str,
        record: impl FnOnce() -> Result<model::Record, WijkboekError>,
    ) -> Result<RecordId, WijkboekError> {
        guarded(|| {
            let made = self.core.create_from_draft(slot, record()?, &WavedThrough::default())?;
            Ok(made.value.into())
        })
    }
}

impl BlobOf {
    fn with<T>(
        &self,
        work: impl FnOnce(client::BlobOf<'_>) -> Result<T, WijkboekError>,
    ) -> Result<T, WijkboekError> {
        match self {
            Self::Record { id } => work(client::BlobOf::Record(id.parse("id")?)),
            Self::Draft { slot } => work(client::BlobOf::Draft(slot)),
        }
    }
}

impl From<BlobKind> for client::BlobKind {
    fn from(kind: BlobKind) -> Self {
        match kind {
            BlobKind::Photo => Self::Photo,
            BlobKind::Audio => Self::Audio,
        }
    }
}

impl From<client::HeldBlob> for BlobView {
    fn from(held: client::HeldBlob) -> Self {
        Self {
            hash: held.hash.into(),
            kind: match held.kind {
                client::BlobKind::Photo => BlobKind::Photo,
                client::BlobKind::Audio => BlobKind::Audio,
            },
            presence: match held.presence {
                client::Presence::Here { media_type, size, to_upload } => BlobPresence::Here {
                    media_type: media_type.map(|media_type| media_type.as_str().to_owned()),
                    size,
                    to_upload,
                },
                client::Presence::ToFetch => BlobPresence::ToFetch,
            },
        }
    }
}

const HASH: &str = "hash";
