//! Core's types as the foreign side sees them.

use wijkboek_client as client;
use wijkboek_model as model;
use wijkboek_model::{AreaLevel, Write};

use crate::values::system_time;
use crate::{
    AlternativeView, AreaView, BuurtAnswer, ChangedRecords, ColleagueView, ConflictView,
    ContactRequest, ContactView, Delivery, DraftView, EntryView, EventView, HistoryStepView,
    IdentityView, LockReason, RecordDetailView, RecordView, ReferenceView, RefusedView, RowView,
    SignalRequest, SignalView, StatusView, SyncPhase, SyncReportView, TallyView, ThemeView,
    TouchView, VisitView, WhoView,
};

impl From<client::Identity> for IdentityView {
    fn from(identity: client::Identity) -> Self {
        Self {
            principal: identity.principal.into(),
            name: identity.name,
            role: identity.role.known(),
            wijken: identity.wijken.iter().map(Into::into).collect(),
            captures: identity.role.known().and_then(model::Role::captures),
            server_url: identity.server_url,
            municipality: identity.municipality.into(),
        }
    }
}

impl From<client::Delivery> for Delivery {
    fn from(delivery: client::Delivery) -> Self {
        match delivery {
            client::Delivery::OnDevice => Self::OnDevice,
            client::Delivery::Sent => Self::Sent,
            client::Delivery::AtOffice => Self::AtOffice,
            client::Delivery::Refused => Self::Refused,
        }
    }
}

impl From<client::Row> for RowView {
    fn from(row: client::Row) -> Self {
        Self {
            id: row.id.into(),
            record_type: row.record_type,
            kind: row.kind,
            status: row.status,
            buurt: row.buurt.map(Into::into),
            wijk: row.wijk.map(Into::into),
            themes: row.themes.iter().map(Into::into).collect(),
            text: row.text,
            author: row.author.map(Into::into),
            occurred_at: system_time(row.occurred_at),
            created_at: system_time(row.created_at),
            sensitivity: row.sensitivity,
            place: row.place.as_ref().map(Into::into),
            conflicts: row.conflicts,
            tallies: tallies(&row.tallies),
            delivery: row.delivery.into(),
            number: row.number,
            readable: row.readable,
            forgotten: row.forgotten,
        }
    }
}

fn tallies(counts: &std::collections::BTreeMap<model::TallyKey, i64>) -> Vec<TallyView> {
    let view = |key: model::TallyKey| {
        counts.get(&key).map(|count| TallyView { key: (&key).into(), count: *count })
    };
    model::TallyKey::all().filter_map(view).collect()
}

impl From<model::Contact> for ContactView {
    fn from(contact: model::Contact) -> Self {
        Self {
            kind: contact.kind,
            themes: contact.themes.iter().map(Into::into).collect(),
            note: contact.note,
            buurt: contact.buurt.into(),
            place: contact.place.as_ref().map(Into::into),
            lives_in: (&contact.lives_in).into(),
            people: contact.people,
            households: contact.households,
            party: contact.party,
            age_group: contact.age_group,
            occurred_at: system_time(contact.occurred_at),
            channel: contact.channel,
            language: contact.language,
            sensitivity: contact.sensitivity,
            status: contact.status,
            over_optreden: contact.over_optreden,
            promise: (&contact.promise).into(),
            answer: contact.answer,
            visit: contact.visit.map(Into::into),
            assignee: contact.assignee.map(Into::into),
            feedback: contact.feedback,
        }
    }
}

impl From<model::Contact> for ContactRequest {
    fn from(contact: model::Contact) -> Self {
        let shown = ContactView::from(contact);
        Self {
            kind: shown.kind,
            themes: shown.themes,
            note: shown.note,
            buurt: shown.buurt,
            place: shown.place,
            lives_in: shown.lives_in,
            people: shown.people,
            households: shown.households,
            party: shown.party,
            age_group: shown.age_group,
            occurred_at: shown.occurred_at,
            channel: shown.channel,
            language: shown.language,
            sensitivity: shown.sensitivity,
            status: shown.status,
            over_optreden: shown.over_optreden,
            promise: shown.promise,
            answer: shown.answer,
            visit: shown.visit,
            assignee: shown.assignee,
            feedback: shown.feedback,
        }
    }
}

impl From<model::Signal> for SignalView {
    fn from(signal: model::Signal) -> Self {
        Self {
            kind: signal.kind,
            themes: signal.themes.iter().map(Into::into).collect(),
            note: signal.note,
            buurt: signal.buurt.into(),
            place: signal.place.as_ref().map(Into::into),
            occurred_at: system_time(signal.occurred_at),
            language: signal.language,
            sensitivity: signal.sensitivity,
            status: signal.status,
            assignee: signal.assignee.map(Into::into),
            answer: signal.answer,
            feedback: signal.feedback,
        }
    }
}

impl From<model::Signal> for SignalRequest {
    fn from(signal: model::Signal) -> Self {
        let shown = SignalView::from(signal);
        Self {
            kind: shown.kind,
            themes: shown.themes,
            note: shown.note,
            buurt: shown.buurt,
            place: shown.place,
            occurred_at: shown.occurred_at,
            language: shown.language,
            sensitivity: shown.sensitivity,
            status: shown.status,
            assignee: shown.assignee,
            answer: shown.answer,
            feedback: shown.feedback,
        }
    }
}

impl From<model::Record> for RecordView {
    fn from(record: model::Record) -> Self {
        match record {
            model::Record::Contact(contact) => Self::Contact { contact: contact.into() },
            model::Record::Signal(signal) => Self::Signal { signal: signal.into() },
            model::Record::Visit(visit) => Self::Visit {
                visit: VisitView {
                    place_name: visit.place_name,
                    buurt: visit.buurt.into(),
                    place: visit.place.as_ref().map(Into::into),
                    starts_at: system_time(visit.starts_at),
                    ends_at: system_time(visit.ends_at),
                    sensitivity: visit.sensitivity,
                    team: visit.team.iter().map(Into::into).collect(),
                    tallies: tallies(&visit.tallies),
                },
            },
            other @ (model::Record::Action(_)
            | model::Record::Escalation(_)
            | model::Record::Meeting(_)
            | model::Record::Idea(_)
            | model::Record::Budget(_)
            | model::Record::Person(_)
            | model::Record::Consent(_)
            | model::Record::Relation(_)
            | model::Record::Covenant(_)
            | model::Record::Endorsement(_)
            | model::Record::Reply(_)
            | model::Record::InternalNote(_)) => Self::Other {
                record_type: other.record_type(),
                text: other.text().to_owned(),
                status: other.status(),
                answer: other.answer().map(str::to_owned),
                sensitivity: other.sensitivity(),
            },
        }
    }
}

impl From<client::Who> for WhoView {
    fn from(who: client::Who) -> Self {
        Self { principal: who.principal.map(Into::into), name: who.name }
    }
}

impl From<client::RecordDetail> for RecordDetailView {
    fn from(detail: client::RecordDetail) -> Self {
        Self {
            row: detail.row.into(),
            record: detail.record.map(Into::into),
            entries: detail.entries.into_iter().map(Into::into).collect(),
            conflicts: detail.conflicts.into_iter().map(Into::into).collect(),
            history: detail.history.into_iter().map(Into::into).collect(),
        }
    }
}

impl From<client::EntryItem> for EntryView {
    fn from(entry: client::EntryItem) -> Self {
        Self {
            id: entry.id.into(),
            author: entry.author.into(),
            at: system_time(entry.at),
            text: entry.text,
        }
    }
}

impl From<client::ConflictItem> for ConflictView {
    fn from(conflict: client::ConflictItem) -> Self {
        let alternative = |item: client::AlternativeItem| AlternativeView {
            value: (&item.value).into(),
            by: item.by.into(),
            at: system_time(item.at),
        };
        Self {
            field: conflict.field,
            alternatives: conflict.values.into_iter().map(alternative).collect(),
        }
    }
}

impl From<client::HistoryItem> for HistoryStepView {
    fn from(step: client::HistoryItem) -> Self {
        Self {
            by: step.by.into(),
            at: system_time(step.at),
            created: step.created,
            touches: step.touches.into_iter().map(Into::into).collect(),
        }
    }
}

impl From<client::HistoryTouch> for TouchView {
    fn from(touch: client::HistoryTouch) -> Self {
        match touch.write {
            Write::Put(field, after) => Self::Put {
                field,
                before: touch.before.as_ref().map(Into::into),
                after: (&after).into(),
            },
            Write::Insert(set, member) => Self::Inserted { set: set.key().to_owned(), member },
            Write::Remove(set, member) => Self::Removed { set: set.key().to_owned(), member },
            Write::Set(map, key, value) => {
                Self::Set { map: map.key().to_owned(), key, value: (&value).into() }
            }
            Write::Splice(prose, _) => Self::Written { prose: prose.key().to_owned() },
            Write::Append(entry) => Self::Appended { text: entry.text },
            Write::Increment(key, by) => Self::Counted { key: (&key).into(), by },
        }
    }
}

impl From<client::NamedArea> for AreaView {
    fn from(area: client::NamedArea) -> Self {
        Self { code: area.code.into(), name: area.name }
    }
}

impl From<client::BuurtAnswer> for BuurtAnswer {
    fn from(answer: client::BuurtAnswer) -> Self {
        match answer {
            client::BuurtAnswer::Sure(buurt) => Self::Sure { buurt: buurt.into() },
            client::BuurtAnswer::Ask(buurten) => {
                Self::Ask { buurten: buurten.into_iter().map(Into::into).collect() }
            }
            client::BuurtAnswer::Outside => Self::Outside,
            client::BuurtAnswer::NoAreas => Self::NoAreas,
        }
    }
}

impl From<&model::Reference> for ReferenceView {
    fn from(reference: &model::Reference) -> Self {
        let of = |level: AreaLevel| {
            let areas = reference.areas.iter().filter(move |area| area.level() == level);
            areas
                .map(|area| AreaView { code: (&area.code).into(), name: area.name.clone() })
                .collect()
        };
        Self {
            version: reference.version,
            municipality: (&reference.municipality).into(),
            wijken: of(AreaLevel::Wijk),
            buurten: of(AreaLevel::Buurt),
            themes: reference.themes.iter().map(Into::into).collect(),
            colleagues: reference.colleagues.iter().map(Into::into).collect(),
        }
    }
}

impl From<&model::Theme> for ThemeView {
    fn from(theme: &model::Theme) -> Self {
        Self {
            id: (&theme.id).into(),
            name_nl: theme.name_nl.clone(),
            name_en: theme.name_en.clone(),
            parent: theme.parent.as_ref().map(Into::into),
            sensitive: theme.sensitive,
        }
    }
}

impl From<&model::Colleague> for ColleagueView {
    fn from(colleague: &model::Colleague) -> Self {
        Self { id: (&colleague.id).into(), name: colleague.name.clone() }
    }
}

impl From<client::SyncPhase> for SyncPhase {
    fn from(phase: client::SyncPhase) -> Self {
        match phase {
            client::SyncPhase::NotEnrolled => Self::NotEnrolled,
            client::SyncPhase::Idle => Self::Idle,
            client::SyncPhase::Syncing => Self::Syncing,
            client::SyncPhase::Offline { retry_at } => {
                Self::Offline { retry_at: system_time(retry_at) }
            }
            client::SyncPhase::Failing { code, retry_at } => {
                Self::Failing { code, retry_at: system_time(retry_at) }
            }
            client::SyncPhase::Locked(client::LockReason::Unauthorized) => {
                Self::Locked { reason: LockReason::Unauthorized }
            }
            client::SyncPhase::Locked(client::LockReason::Cloned) => {
                Self::Locked { reason: LockReason::Cloned }
            }
        }
    }
}

impl From<client::Status> for StatusView {
    fn from(status: client::Status) -> Self {
        Self {
            phase: status.phase.into(),
            unsent: status.unsent,
            refused: status.refused,
            last_success: status.last_success.map(system_time),
            live: status.live,
        }
    }
}

impl From<client::SyncReport> for SyncReportView {
    fn from(report: client::SyncReport) -> Self {
        Self {
            pushed: report.pushed,
            refused: report.refused,
            pulled: report.pulled,
            forgotten: report.forgotten,
            unsent: report.unsent,
        }
    }
}

impl From<client::Event> for EventView {
    fn from(event: client::Event) -> Self {
        Self {
            status: event.status.into(),
            records: match event.records {
                client::ChangedRecords::These(ids) => {
                    ChangedRecords::These { ids: ids.into_iter().map(Into::into).collect() }
                }
                client::ChangedRecords::Many => ChangedRecords::Many,
            },
            reference: event.reference,
            identity: event.identity,
        }
    }
}

impl From<client::RefusedItem> for RefusedView {
    fn from(item: client::RefusedItem) -> Self {
        Self { id: item.id.into(), code: item.code, text: item.text, at: system_time(item.at) }
    }
}

impl From<client::Draft> for DraftView {
    fn from(draft: client::Draft) -> Self {
        Self { slot: draft.slot, json: draft.json }
    }
}
