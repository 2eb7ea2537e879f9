//! Writing: each call is one durable change, made and judged here before it returns.

use wijkboek_model::{
    AreaCode, Audience, Deed, Denial, Edit, Entry, EntryId, Field, MaskedIn, Record, RecordId,
    SetField, TallyKey, Value, WavedThrough, Write, default_sensitivity, mask_draft, mask_record,
    mask_write, may,
};
use wijkboek_store::Store;

use super::rules::{judge_edit, judge_new};
use super::{Wijkboek, guarded};
use crate::Identity;
use crate::error::WijkboekError;
use crate::observe::News;

/// What a call came to, and which service numbers it masked before it wrote anything.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written<T> {
    /// What it came to.
    pub value: T,
    /// What was masked; the form is to show the same, and may offer "geen BSN" for what is not
    /// sure.
    pub masked: Vec<MaskedIn>,
}

impl Wijkboek {
    /// Makes a record. Its sensitivity is raised where its themes or the age group ask for it.
    ///
    /// # Errors
    /// [`WijkboekError::NotEnrolled`], [`WijkboekError::Invalid`], [`WijkboekError::NotAllowed`],
    /// [`WijkboekError::StorageFull`].
    pub fn create(&self, record: Record) -> Result<RecordId, WijkboekError> {
        self.create_waving(record, &WavedThrough::default()).map(|written| written.value)
    }

    /// The same, letting through numbers that their writer said are no service number, and telling
    /// which were masked.
    ///
    /// # Errors
    /// As [`Self::create`].
    pub fn create_waving(
        &self,
        record: Record,
        waved: &WavedThrough,
    ) -> Result<Written<RecordId>, WijkboekError> {
        guarded(|| self.create_as(self.fresh_id()?, record, waved))
    }

    /// Makes a record under an id that another system's id maps to
    /// ([`RecordId::from_foreign`]).
    ///
    /// # Errors
    /// As [`Self::create`], and [`WijkboekError::Exists`].
    pub fn create_with_id(&self, id: RecordId, record: Record) -> Result<RecordId, WijkboekError> {
        guarded(|| self.create_as(id, record, &WavedThrough::default()).map(|made| made.value))
    }

    /// Changes a record, all edits in one change. False when nothing would change.
    ///
    /// # Errors
    /// [`WijkboekError::NotFound`], [`WijkboekError::Invalid`], [`WijkboekError::NotAllowed`],
    /// [`WijkboekError::NotEnrolled`], [`WijkboekError::StorageFull`].
    pub fn edit(&self, id: RecordId, edits: Vec<Edit>) -> Result<bool, WijkboekError> {
        self.edit_waving(id, edits, &WavedThrough::default()).map(|written| written.value)
    }

    /// The same, letting through numbers that their writer said are no service number, and telling
    /// which were masked.
    ///
    /// # Errors
    /// As [`Self::edit`].
    pub fn edit_waving(
        &self,
        id: RecordId,
        edits: Vec<Edit>,
        waved: &WavedThrough,
    ) -> Result<Written<bool>, WijkboekError> {
        guarded(|| self.edit_as(id, edits, waved))
    }

    /// Counts visitors or talks at a visit; a negative number takes a slip of the finger back.
    ///
    /// # Errors
    /// As [`Self::edit`].
    pub fn tally(&self, visit: RecordId, key: TallyKey, by: i64) -> Result<bool, WijkboekError> {
        let edits = vec![Edit::Tally(key, by)];
        guarded(|| self.edit_as(visit, edits, &WavedThrough::default()).map(|made| made.value))
    }

    /// Adds to a record's thread.
    ///
    /// # Errors
    /// As [`Self::edit`].
    pub fn append(&self, id: RecordId, text: String) -> Result<EntryId, WijkboekError> {
        self.append_waving(id, text, &WavedThrough::default()).map(|written| written.value)
    }

    /// The same, letting through numbers that their writer said are no service number, and telling
    /// which were masked.
    ///
    /// # Errors
    /// As [`Self::edit`].
    pub fn append_waving(
        &self,
        id: RecordId,
        text: String,
        waved: &WavedThrough,
    ) -> Result<Written<EntryId>, WijkboekError> {
        guarded(|| {
            let author = self.enrolled()?.principal;
            let mut random = [0; 10];
            getrandom::fill(&mut random)?;
            let entry = EntryId::from_parts(self.shared().config.clock.now().wall, random);
            let edits = vec![Edit::Append(Entry { id: entry, author, text })];
            let written = self.edit_as(id, edits, waved)?;
            Ok(Written { value: entry, masked: written.masked })
        })
    }

    /// Keeps what a form holds, at each keystroke.
    ///
    /// # Errors
    /// Only those of the database.
    pub fn save_draft(&self, slot: &str, json: &str) -> Result<(), WijkboekError> {
        self.save_draft_waving(slot, json, &WavedThrough::default()).map(|_| ())
    }

    /// The same, letting through numbers that their writer said are no service number; gives the
    /// draft as it is kept, and tells what was masked in it.
    ///
    /// # Errors
    /// Only those of the database.
    pub fn save_draft_waving(
        &self,
        slot: &str,
        json: &str,
        waved: &WavedThrough,
    ) -> Result<Written<String>, WijkboekError> {
        guarded(|| {
            let (value, masked) = mask_draft(json, waved);
            self.shared().store().save_draft(slot, &value)?;
            Ok(Written { value, masked })
        })
    }

    /// Forgets what a form held.
    ///
    /// # Errors
    /// Only those of the database.
    pub fn delete_draft(&self, slot: &str) -> Result<(), WijkboekError> {
        guarded(|| Ok(self.shared().store().delete_draft(slot)?))
    }

    /// Somebody has seen what the server refused of a record.
    ///
    /// # Errors
    /// Only those of the database.
    pub fn dismiss_refused(&self, id: RecordId) -> Result<(), WijkboekError> {
        guarded(|| {
            self.shared().store().dismiss_refused(id)?;
            self.shared().hub.tell(&News::of([id]));
            Ok(())
        })
    }

    pub(super) fn fresh_id(&self) -> Result<RecordId, WijkboekError> {
        let mut random = [0; 10];
        getrandom::fill(&mut random)?;
        Ok(RecordId::from_parts(self.shared().config.clock.now().wall, random))
    }

    pub(super) fn enrolled(&self) -> Result<Identity, WijkboekError> {
        self.identity().ok_or(WijkboekError::NotEnrolled)
    }

    fn create_as(
        &self,
        id: RecordId,
        record: Record,
        waved: &WavedThrough,
    ) -> Result<Written<RecordId>, WijkboekError> {
        let (identity, record, masked) = self.judged(record, waved)?;
        {
            let mut store = self.shared().store();
            let stamp = self.shared().stamp(&store)?;
            store.create(id, identity.principal, &record, &stamp)?;
        }
        self.written(id);
        Ok(Written { value: id, masked })
    }

    /// A new record as it may be written, and what was masked in it.
    pub(super) fn judged(
        &self,
        mut record: Record,
        waved: &WavedThrough,
    ) -> Result<(Identity, Record, Vec<MaskedIn>), WijkboekError> {
        let identity = self.enrolled()?;
        // A masked number no longer shows that there was one, so this comes first.
        raise_sensitivity(&mut record, self.reference().as_deref());
        let masked = mask_record(&mut record, waved)?;
        judge_new(&record, self.shared().config.clock.now().wall)?;
        let principal = identity.principal().ok_or(Denial::TypeNotForRole)?;
        may(&principal, Deed::Create, &record, &audience(&record, &identity))?;
        Ok((identity, record, masked))
    }

    fn edit_as(
        &self,
        id: RecordId,
        edits: Vec<Edit>,
        waved: &WavedThrough,
    ) -> Result<Written<bool>, WijkboekError> {
        let (changed, masked) = {
            let mut store = self.shared().store();
            let (writes, masked) = self.judged_writes(&store, id, edits, waved)?;
            let stamp = self.shared().stamp(&store)?;
            (store.edit(id, &writes, &stamp)?.is_some(), masked)
        };
        if changed {
            self.written(id);
        }
        Ok(Written { value: changed, masked })
    }

    /// Edits of a record as they may be written, and what was masked in them.
    pub(super) fn judged_writes(
        &self,
        store: &Store,
        id: RecordId,
        edits: Vec<Edit>,
        waved: &WavedThrough,
    ) -> Result<(Vec<Write>, Vec<MaskedIn>), WijkboekError> {
        let principal = self.enrolled()?.principal().ok_or(Denial::FieldNotForRole)?;
        let document = store.document(id)?.ok_or(WijkboekError::NotFound { id })?;
        let record_type = document.origin().record_type;
        let mut writes: Vec<Write> =
            edits.into_iter().map(|edit| edit.check(record_type)).collect::<Result<_, _>>()?;
        let mut masked = Vec::new();
        for write in &mut writes {
            masked.extend(mask_write(write, waved));
        }
        let record = document.record()?;
        let audience = document.audience()?;
        let thread = document.entries();
        for write in &writes {
            let settles = document.settles(write);
            let deed = if settles { Deed::Settle(write) } else { Deed::of(write, &thread) };
            may(&principal, deed, &record, &audience)?;
            named_is_here(store, id, write)?;
        }
        if let Some(fault) = document.step_faults(&writes).first() {
            return Err((*fault).into());
        }
        judge_edit(&document, &record, &writes, self.shared().config.clock.now().wall)?;
        Ok((writes, masked))
    }

    pub(super) fn written(&self, id: RecordId) {
        self.shared().hub.tell(&News::of([id]));
        self.inner.network.written();
    }
}

/// A record never comes to name an attachment that it neither holds nor held: only
/// [`Wijkboek::attach`] adds one.
fn named_is_here(store: &Store, id: RecordId, write: &Write) -> Result<(), WijkboekError> {
    let Write::Insert(SetField::Photos | SetField::Audio, member) = write else { return Ok(()) };
    let known = match member.parse() {
        Ok(hash) => store.may_name_blob(id, hash)?,
        Err(_) => false,
    };
    if known { Ok(()) } else { Err(WijkboekError::AttachmentMissing) }
}

/// Who would see a new record.
fn audience(record: &Record, author: &Identity) -> Audience {
    let parts = record.to_parts();
    let team = parts.sets.get(&SetField::Team).into_iter().flatten();
    let named = Field::of(record.record_type()).iter().filter(|field| field.names_participant());
    let named = named.filter_map(|field| match parts.fields.get(field) {
        Some(Value::Text(id)) => Some(id),
        Some(Value::Null | Value::Bool(_) | Value::Int(_) | Value::Time(_)) | None => None,
    });
    let wijken = parts.sets.get(&SetField::Wijken).into_iter().flatten();
    Audience {
        record_type: record.record_type(),
        wijken: record
            .buurt()
            .and_then(AreaCode::wijk)
            .into_iter()
            .chain(wijken.filter_map(|wijk| wijk.parse().ok()))
            .collect(),
        sensitivity: record.sensitivity(),
        author: author.principal,
        participants: team.chain(named).filter_map(|id| id.parse().ok()).collect(),
    }
}

fn raise_sensitivity(record: &mut Record, reference: Option<&wijkboek_model::Reference>) {
    let raised = default_sensitivity(record, reference);
    record.set_sensitivity(raised);
}
