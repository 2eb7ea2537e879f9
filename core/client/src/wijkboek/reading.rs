//! Reading: lists, records, areas, drafts. Only [`Wijkboek::record`] loads a document.

use std::collections::BTreeSet;
use std::sync::Arc;

use wijkboek_crdt::{Document, HistoryStep};
use wijkboek_model::{
    ActorId, ChangeHash, Channel, Day, Place, PrincipalId, Record, RecordId, RecordType, Reference,
    ThemeId, Timestamp,
};
use wijkboek_store::{
    AreaCounts, Count, DayKey, DayPage, Draft, Filter, Page, PageKey, RefusedItem, Row, Scope,
    Store, StoreError, Whose, Worklist,
};

use super::{Wijkboek, guarded};
use crate::Identity;
use crate::account;
use crate::error::WijkboekError;
use crate::observe::{Observer, Subscription};
use crate::shared::Shared;
use crate::views::{
    AlternativeItem, BuurtAnswer, ConflictItem, ContactDefaults, EntryItem, HistoryItem, NamedArea,
    RecordDetail, Status, Who,
};

impl Wijkboek {
    /// For whom this device acts; none before it is enrolled.
    pub fn identity(&self) -> Option<Identity> {
        self.shared().identity()
    }

    /// Areas, themes and colleagues; none before the first synchronising.
    pub fn reference(&self) -> Option<Arc<Reference>> {
        self.shared().reference()
    }

    /// A page of the records that pass the filter, newest first; at most
    /// [`PAGE_ROWS_MAX`](crate::PAGE_ROWS_MAX) rows.
    ///
    /// # Errors
    /// Only those of the database.
    pub fn list(
        &self,
        filter: &Filter,
        after: Option<PageKey>,
        limit: usize,
    ) -> Result<Page, WijkboekError> {
        guarded(|| Ok(self.shared().store().list(&Scope::All, filter, after, limit)?))
    }

    /// The same number as before as long as no record changed: take it before reading a list, and
    /// that list is up to date while it stays.
    pub fn change_token(&self) -> u64 {
        self.shared().hub.told()
    }

    /// How many records pass the filter.
    ///
    /// # Errors
    /// Only those of the database.
    pub fn count(&self, filter: &Filter) -> Result<Count, WijkboekError> {
        guarded(|| Ok(self.shared().store().count(&Scope::All, filter)?))
    }

    /// How many records pass the filter, per buurt.
    ///
    /// # Errors
    /// Only those of the database.
    pub fn counts_by_area(&self, filter: &Filter) -> Result<AreaCounts, WijkboekError> {
        guarded(|| Ok(self.shared().store().counts_by_area(&Scope::All, filter)?))
    }

    /// A page of the work that must happen by a day, overdue first: promised answers, or what else
    /// is due; mine, or anybody's.
    ///
    /// # Errors
    /// Only those of the database.
    pub fn worklist(
        &self,
        list: Worklist,
        whose: &Whose,
        until: Option<Day>,
        after: Option<&DayKey>,
        limit: usize,
    ) -> Result<DayPage, WijkboekError> {
        guarded(|| {
            let filter = Filter::default();
            let store = self.shared().store();
            Ok(store.worklist(&Scope::All, list, whose, &filter, until, after, limit)?)
        })
    }

    /// Records that may be about the same as one at this place, with these themes, at this moment;
    /// the newest first, at most 20.
    ///
    /// # Errors
    /// Only those of the database.
    pub fn nearby(
        &self,
        place: &Place,
        themes: &BTreeSet<ThemeId>,
        occurred_at: Timestamp,
    ) -> Result<Vec<Row>, WijkboekError> {
        guarded(|| Ok(self.shared().store().nearby(&Scope::All, place, themes, occurred_at)?))
    }

    /// The newest records with a position that pass the filter.
    ///
    /// # Errors
    /// Only those of the database.
    pub fn points(&self, filter: &Filter, limit: usize) -> Result<Vec<Row>, WijkboekError> {
        guarded(|| Ok(self.shared().store().points(&Scope::All, filter, limit)?))
    }

    /// Everything about one record, or about the one that was put in its place when it was
    /// cleaned; none when it is not here.
    ///
    /// # Errors
    /// Only those of the database.
    pub fn record(&self, id: RecordId) -> Result<Option<RecordDetail>, WijkboekError> {
        guarded(|| {
            let reference = self.reference();
            let identity = self.identity();
            let store = self.shared().store();
            let id = store.successor(id)?.unwrap_or(id);
            let Some(row) = store.row(id)? else { return Ok(None) };
            let Some(document) = store.document(id)? else { return Ok(None) };
            let names = Names { shared: self.shared(), store: &store, identity, reference };
            Ok(Some(names.detail(row, &document)?))
        })
    }

    /// The hashes of a record's newest changes, sorted; empty when it is not here.
    ///
    /// # Errors
    /// Only those of the database.
    pub fn heads(&self, id: RecordId) -> Result<Vec<ChangeHash>, WijkboekError> {
        guarded(|| Ok(self.shared().store().heads(id)?))
    }

    /// The buurt of a position, and whether the accuracy leaves a doubt about it.
    pub fn buurt_at(&self, place: &Place) -> BuurtAnswer {
        let Some(reference) = self.reference() else { return BuurtAnswer::NoAreas };
        let mut touched: Vec<NamedArea> = reference
            .areas
            .buurten_touched(place)
            .into_iter()
            .map(|area| NamedArea { code: area.code.clone(), name: area.name.clone() })
            .collect();
        match (touched.len(), reference.areas.buurt_at(place)) {
            (0, _) => BuurtAnswer::Outside,
            (1, Some(_)) => BuurtAnswer::Sure(touched.swap_remove(0)),
            (_, _) => BuurtAnswer::Ask(touched),
        }
    }

    /// What a contact that begins now starts with.
    ///
    /// # Errors
    /// Only those of the database.
    pub fn new_contact_defaults(
        &self,
        place: Option<Place>,
    ) -> Result<ContactDefaults, WijkboekError> {
        guarded(|| {
            let now = self.shared().config.clock.now().wall;
            let visit = match self.identity() {
                Some(identity) => visit_now(&self.shared().store(), identity.principal, now)?,
                None => None,
            };
            Ok(ContactDefaults {
                occurred_at: now,
                buurt: place.as_ref().map(|place| self.buurt_at(place)),
                place,
                visit,
                channel: if visit.is_some() { Channel::Buurttent } else { Channel::Wijkronde },
            })
        })
    }

    /// How it stands with this device.
    ///
    /// # Errors
    /// Only those of the database.
    pub fn status(&self) -> Result<Status, WijkboekError> {
        guarded(|| Ok(self.shared().status()?))
    }

    /// Calls the observer with the current state, and then whenever something changed: on a
    /// thread of its own, at most ten times a second, until the subscription is dropped.
    ///
    /// # Errors
    /// [`WijkboekError::Internal`] when the device has no thread to spare.
    pub fn subscribe(&self, observer: Observer) -> Result<Subscription, WijkboekError> {
        guarded(|| {
            let shared = Arc::downgrade(&self.inner.shared);
            let status = move || shared.upgrade().and_then(|shared| shared.status().ok());
            let subscribed = self.shared().hub.subscribe(observer, status);
            subscribed.map_err(|error| WijkboekError::internal(&error))
        })
    }

    /// What the server refused and nobody has dismissed yet, oldest first.
    ///
    /// # Errors
    /// Only those of the database.
    pub fn refused(&self) -> Result<Vec<RefusedItem>, WijkboekError> {
        guarded(|| Ok(self.shared().store().refused()?))
    }

    /// The draft of a form.
    ///
    /// # Errors
    /// Only those of the database.
    pub fn draft(&self, slot: &str) -> Result<Option<String>, WijkboekError> {
        guarded(|| Ok(self.shared().store().draft(slot)?))
    }

    /// All drafts, oldest first.
    ///
    /// # Errors
    /// Only those of the database.
    pub fn drafts(&self) -> Result<Vec<Draft>, WijkboekError> {
        guarded(|| Ok(self.shared().store().drafts()?))
    }
}

/// The visit that this person is at: the newest that has begun and not ended.
fn visit_now(
    store: &Store,
    principal: PrincipalId,
    now: Timestamp,
) -> Result<Option<RecordId>, StoreError> {
    let filter = Filter {
        record_type: Some(RecordType::Visit),
        from: Some(now.plus_millis(-VISIT_MS_MAX)),
        to: Some(now.plus_millis(1)),
        ..Filter::default()
    };
    for row in store.list(&Scope::All, &filter, None, VISITS_LOOKED_AT)?.rows {
        let Some(document) = store.document(row.id)? else { continue };
        let author = document.origin().author;
        if let Ok(Record::Visit(visit)) = document.record()
            && now <= visit.ends_at
            && (author == principal || visit.team.contains(&principal))
        {
            return Ok(Some(row.id));
        }
    }
    Ok(None)
}

/// Finds out who people and actors are.
struct Names<'a> {
    shared: &'a Shared,
    store: &'a Store,
    identity: Option<Identity>,
    reference: Option<Arc<Reference>>,
}

impl Names<'_> {
    fn detail(&self, row: Row, document: &Document) -> Result<RecordDetail, StoreError> {
        let author = document.origin().author;
        let history = document.history();
        // Whoever made the record is its author: the server checks that.
        let creator = history.iter().find(|step| step.created).map(|step| step.actor);
        let who = |actor: ActorId| -> Result<Who, StoreError> {
            if creator == Some(actor) {
                return Ok(self.person(author));
            }
            self.actor(actor)
        };
        let conflicts = document
            .conflicts()
            .into_iter()
            .map(|conflict| {
                let values = conflict.values.into_iter().map(|alternative| {
                    Ok(AlternativeItem {
                        value: alternative.value,
                        by: who(alternative.actor)?,
                        at: alternative.at,
                    })
                });
                Ok(ConflictItem {
                    field: conflict.field,
                    values: values.collect::<Result<_, StoreError>>()?,
                })
            })
            .collect::<Result<_, StoreError>>()?;
        let history = history
            .into_iter()
            .map(|HistoryStep { hash, actor, at, created, touches }| {
                Ok(HistoryItem { hash, by: who(actor)?, at, created, touches })
            })
            .collect::<Result<_, StoreError>>()?;
        let entries = document.entries().into_iter().map(|entry| EntryItem {
            id: entry.id,
            author: self.person(entry.author),
            at: entry.id.timestamp(),
            text: entry.text,
        });
        Ok(RecordDetail {
            delivery: row.delivery,
            row,
            record: document.record().ok(),
            entries: entries.collect(),
            conflicts,
            history,
        })
    }

    fn actor(&self, actor: ActorId) -> Result<Who, StoreError> {
        let install = actor.install();
        let principal = if install == self.shared.install {
            self.identity.as_ref().map(|identity| identity.principal)
        } else {
            account::owner(self.store, install)?
        };
        Ok(principal.map_or(Who { principal: None, name: None }, |id| self.person(id)))
    }

    fn person(&self, principal: PrincipalId) -> Who {
        let own = self.identity.as_ref().filter(|identity| identity.principal == principal);
        let name = own.map(|identity| identity.name.clone()).or_else(|| {
            let colleague = self.reference.as_ref()?.colleague(&principal)?;
            Some(colleague.name.clone())
        });
        Who { principal: Some(principal), name }
    }
}

/// No visit lasts longer than a day.
const VISIT_MS_MAX: i64 = 24 * 3_600 * 1_000;
/// More visits than a municipality has in a day.
const VISITS_LOOKED_AT: usize = 50;
