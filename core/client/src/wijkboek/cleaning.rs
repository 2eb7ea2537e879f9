//! *Schonen*: one tap that takes person data out of a record, with the history that held it.

use std::collections::BTreeMap;

use wijkboek_model::{
    Denial, Edit, Entry, EntryId, RecordId, WavedThrough, Write, mask_write, may_clean,
};
use wijkboek_store::Cleaning;

use super::writing::Written;
use super::{Wijkboek, guarded};
use crate::error::WijkboekError;
use crate::observe::News;

impl Wijkboek {
    /// Puts a new record in the place of this one: its state of now with these edits, and these
    /// entries of the thread worded anew, or without them where there is no text. The old record
    /// goes with its whole history; asked for by its id, the new one is given. Answers the new id.
    ///
    /// Its author and the wijkregisseur may, as long as it has never left this device.
    ///
    /// # Errors
    /// [`WijkboekError::AlreadySent`] when it has, or may have: the server holds the history then.
    /// [`WijkboekError::NotAllowed`], [`WijkboekError::NotFound`], [`WijkboekError::Invalid`],
    /// [`WijkboekError::NotEnrolled`], [`WijkboekError::StorageFull`]; it is then as it was.
    pub fn clean(
        &self,
        id: RecordId,
        edits: Vec<Edit>,
        entries: BTreeMap<EntryId, Option<String>>,
        waved: &WavedThrough,
    ) -> Result<Written<RecordId>, WijkboekError> {
        guarded(|| {
            let identity = self.enrolled()?;
            let principal = identity.principal().ok_or(Denial::FieldNotForRole)?;
            let successor = self.fresh_id()?;
            let mut masked;
            {
                let mut store = self.shared().store();
                let document = store.document(id)?.ok_or(WijkboekError::NotFound { id })?;
                may_clean(&principal, &document.audience()?)?;
                let writes;
                (writes, masked) = self.judged_writes(&store, id, edits, waved)?;
                let mut reworded = BTreeMap::new();
                for (entry, text) in entries {
                    let text = text.map(|text| {
                        let author = principal.id;
                        let mut write = Write::Append(Entry { id: entry, author, text });
                        masked.extend(mask_write(&mut write, waved));
                        if let Write::Append(entry) = write { entry.text } else { String::new() }
                    });
                    reworded.insert(entry, text);
                }
                let stamp = self.shared().stamp(&store)?;
                store.clean(id, &Cleaning { successor, writes, entries: reworded }, &stamp)?;
            }
            self.shared().hub.tell(&News::of([id]));
            self.written(successor);
            Ok(Written { value: successor, masked })
        })
    }
}
