//! Photos and recordings on drafts and records, and drafts that become records with them.
//!
//! What comes in is taken apart and made harmless before the store is even asked; what goes out is
//! reached through the record or draft that holds it. No network: what others attached comes with
//! synchronising.

use std::ops::Range;

use wijkboek_model::{
    BlobHash, Deed, Denial, Edit, Invalid, Record, RecordId, WavedThrough, Write, may,
};
use wijkboek_store::{
    Attachable, BlobKey, BlobKind, BlobOf, HeldBlob, prepare_audio, prepare_photo,
};

use super::{Wijkboek, Written, guarded};
use crate::error::WijkboekError;

impl Wijkboek {
    /// Attaches a photo (JPEG, PNG, WebP) or a recording (M4A, Ogg Opus, WAV) as it came from the
    /// camera or the recorder: a photo upright, smaller, and without where, when and by whom; a
    /// recording without the same. Takes up to a second for a large photo.
    ///
    /// # Errors
    /// [`WijkboekError::Invalid`], naming `photos` or `audio`, for what is no such thing, is
    /// damaged, too large or too long, or one too many; [`WijkboekError::StorageFull`]. For a
    /// record also [`WijkboekError::NotFound`], [`WijkboekError::NotAllowed`] and
    /// [`WijkboekError::NotEnrolled`].
    pub fn attach(
        &self,
        to: BlobOf<'_>,
        kind: BlobKind,
        bytes: &[u8],
    ) -> Result<BlobHash, WijkboekError> {
        guarded(|| {
            let content = prepared(kind, bytes)?;
            let mut random = [0; 32];
            getrandom::fill(&mut random)?;
            let key = BlobKey::new(random);
            match to {
                BlobOf::Draft(slot) => {
                    Ok(self.shared().store().attach_to_draft(slot, &content, key)?)
                }
                BlobOf::Record(id) => self.attach_to_record(id, &content, key),
            }
        })
    }

    /// Takes an attachment off a draft, or out of a record; false when it was not there.
    ///
    /// # Errors
    /// For a record those of [`Self::edit`], otherwise only those of the database.
    pub fn detach(&self, of: BlobOf<'_>, hash: BlobHash) -> Result<bool, WijkboekError> {
        let id = match of {
            BlobOf::Draft(slot) => {
                return guarded(|| Ok(self.shared().store().detach_from_draft(slot, hash)?));
            }
            BlobOf::Record(id) => id,
        };
        let held = self.attachments(of)?.into_iter().find(|held| held.hash == hash);
        let Some(held) = held else { return Ok(false) };
        self.edit(id, vec![Edit::Remove(held.kind.set(), hash.to_string())])
    }

    /// What hangs on a record or draft, and whether it is on this device.
    ///
    /// # Errors
    /// Only those of the database.
    pub fn attachments(&self, of: BlobOf<'_>) -> Result<Vec<HeldBlob>, WijkboekError> {
        guarded(|| Ok(self.shared().store().blobs(of)?))
    }

    /// A whole attachment.
    ///
    /// # Errors
    /// [`WijkboekError::AttachmentMissing`] when it does not hang there, or has not been fetched.
    pub fn read_attachment(
        &self,
        of: BlobOf<'_>,
        hash: BlobHash,
    ) -> Result<Vec<u8>, WijkboekError> {
        guarded(|| Ok(self.shared().store().read_blob(of, hash)?))
    }

    /// A part of an attachment, without reading the rest; less where it ends before.
    ///
    /// # Errors
    /// As [`Self::read_attachment`].
    pub fn read_attachment_range(
        &self,
        of: BlobOf<'_>,
        hash: BlobHash,
        range: Range<u64>,
    ) -> Result<Vec<u8>, WijkboekError> {
        guarded(|| Ok(self.shared().store().read_blob_range(of, hash, range)?))
    }

    /// Makes a record of a draft, with what hangs on it, and forgets the draft: all of that or
    /// nothing.
    ///
    /// # Errors
    /// As [`Self::create`].
    pub fn create_from_draft(
        &self,
        slot: &str,
        record: Record,
        waved: &WavedThrough,
    ) -> Result<Written<RecordId>, WijkboekError> {
        guarded(|| {
            let (identity, record, masked) = self.judged(record, waved)?;
            let id = self.fresh_id()?;
            {
                let mut store = self.shared().store();
                let stamp = self.shared().stamp(&store)?;
                store.create_from_draft(slot, id, identity.principal, &record, &stamp)?;
            }
            self.written(id);
            Ok(Written { value: id, masked })
        })
    }

    /// Writes a draft into a record that is here, with what hangs on it, as one change, and forgets
    /// the draft: all of that or nothing. False when nothing changed but the draft.
    ///
    /// # Errors
    /// As [`Self::edit`].
    pub fn edit_from_draft(
        &self,
        slot: &str,
        id: RecordId,
        edits: Vec<Edit>,
        waved: &WavedThrough,
    ) -> Result<Written<bool>, WijkboekError> {
        guarded(|| {
            let (changed, masked) = {
                let mut store = self.shared().store();
                let (writes, masked) = self.judged_writes(&store, id, edits, waved)?;
                for held in store.blobs(BlobOf::Draft(slot))? {
                    self.may_write(&store, id, &insert(held.kind, held.hash))?;
                }
                let stamp = self.shared().stamp(&store)?;
                (store.edit_from_draft(slot, id, writes, &stamp)?.is_some(), masked)
            };
            if changed {
                self.written(id);
            }
            Ok(Written { value: changed, masked })
        })
    }

    fn attach_to_record(
        &self,
        id: RecordId,
        content: &Attachable,
        key: BlobKey,
    ) -> Result<BlobHash, WijkboekError> {
        let hash = content.hash();
        let changed = {
            let mut store = self.shared().store();
            self.may_write(&store, id, &insert(content.media_type().kind(), hash))?;
            let stamp = self.shared().stamp(&store)?;
            store.attach(id, content, key, &stamp)?.is_some()
        };
        if changed {
            self.written(id);
        }
        Ok(hash)
    }

    fn may_write(
        &self,
        store: &wijkboek_store::Store,
        id: RecordId,
        write: &Write,
    ) -> Result<(), WijkboekError> {
        let principal = self.enrolled()?.principal().ok_or(Denial::FieldNotForRole)?;
        let document = store.document(id)?.ok_or(WijkboekError::NotFound { id })?;
        let thread = document.entries();
        let deed = Deed::of(write, &thread);
        Ok(may(&principal, deed, &document.record()?, &document.audience()?)?)
    }
}

fn insert(kind: BlobKind, hash: BlobHash) -> Write {
    Write::Insert(kind.set(), hash.to_string())
}

fn prepared(kind: BlobKind, bytes: &[u8]) -> Result<Attachable, Invalid> {
    match kind {
        BlobKind::Photo => Ok(prepare_photo(bytes)?),
        BlobKind::Audio => Ok(prepare_audio(bytes)?),
    }
}
