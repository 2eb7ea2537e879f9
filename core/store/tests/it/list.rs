//! Lists: every filter equals a scan, pages neither repeat nor skip, the order is everywhere the same.

use std::collections::BTreeMap;

use proptest::prelude::*;
use wijkboek_model::{
    AreaCode, ContactKind, Edit, Place, PlaceSource, Record, RecordId, RecordType, Status, ThemeId,
    Timestamp,
};
use wijkboek_store::{Bounds, Count, Filter, PAGE_ROWS_MAX, PageKey, Row, Scope, Store};

use crate::support::{
    MORNING, area, concurrently, contact, log, memory, person, record_id, send, signal, stamp,
    visit,
};

const BUURTEN: [&str; 3] = ["BU05970100", "BU05970600", "BU05970601"];
const THEMES: [&str; 3] = ["verkeer", "groen", "jeugd"];
const NOTES: [&str; 4] = ["de heg", "De Heg en de stoep", "stoep", ""];

fn record() -> impl Strategy<Value = (Record, u8, bool)> {
    let place = (0..5_u8).prop_map(|n| {
        let shift = f64::from(n) / 100.0;
        (n > 0).then(|| {
            Place::new(4.6 + shift, 51.86 + shift, 5, PlaceSource::Kaart).expect("a place")
        })
    });
    let words = (
        prop::sample::select(&RecordType::ALL[..3]),
        prop::sample::select(ContactKind::ALL),
        prop::sample::select(&Status::ALL[..3]),
        prop::sample::select(&BUURTEN[..]),
        prop::sample::subsequence(&THEMES[..], 0..=3),
        prop::sample::select(&NOTES[..]),
    );
    (words, place, 0..4_i64, 1..3_u8, any::<bool>()).prop_map(
        |((record_type, kind, status, buurt, themes, note), place, hours, author, conflict)| {
            let at = Timestamp::from_millis(MORNING + hours * 3_600_000);
            let themes = themes.iter().map(|t| t.parse().expect("a theme")).collect();
            let record = match record_type {
                RecordType::Contact => {
                    let mut record = contact(note);
                    (record.kind, record.status, record.themes) = (kind, status, themes);
                    (record.buurt, record.place, record.occurred_at) = (area(buurt), place, at);
                    Record::Contact(record)
                }
                RecordType::Signal => {
                    let mut record = signal(if note.is_empty() { "stoep" } else { note });
                    (record.kind, record.status, record.themes) = (kind, status, themes);
                    (record.buurt, record.place, record.occurred_at) = (area(buurt), place, at);
                    Record::Signal(record)
                }
                RecordType::Visit => {
                    let mut record = visit("Heg en Steg");
                    (record.buurt, record.place, record.starts_at) = (area(buurt), place, at);
                    record.ends_at = at;
                    Record::Visit(record)
                }
                other @ (RecordType::Action
                | RecordType::Escalation
                | RecordType::Meeting
                | RecordType::Idea
                | RecordType::Budget
                | RecordType::Person
                | RecordType::Consent
                | RecordType::Relation
                | RecordType::Covenant
                | RecordType::Endorsement
                | RecordType::Reply
                | RecordType::InternalNote) => unreachable!("{other} is not among the three"),
            };
            (record, author, conflict && record_type == RecordType::Contact)
        },
    )
}

fn filter() -> impl Strategy<Value = Filter> {
    let buurt = || prop::option::weighted(0.3, prop::sample::select(&BUURTEN[..]).prop_map(area));
    let moment = || {
        let hours = (0..4_i64).prop_map(|h| Timestamp::from_millis(MORNING + h * 3_600_000));
        prop::option::weighted(0.2, hours)
    };
    let theme = prop::sample::select(&THEMES[..]).prop_map(|t| t.parse().expect("a theme"));
    let bounds = (0..4_u8).prop_map(|n| {
        let edge = f64::from(n) / 100.0;
        Bounds { west: 4.6, south: 51.86, east: 4.6 + edge, north: 51.86 + edge }
    });
    let words = (
        buurt(),
        buurt(),
        prop::option::weighted(0.3, prop::sample::select(ContactKind::ALL)),
        prop::option::weighted(0.3, prop::sample::select(RecordType::ALL)),
        prop::option::weighted(0.3, theme),
        prop::option::weighted(0.3, prop::sample::select(Status::ALL)),
    );
    (
        words,
        prop::option::weighted(0.2, 1..3_u8),
        moment(),
        moment(),
        prop::option::weighted(0.3, prop::sample::select(&["heg", "de he", "stoep", "-"][..])),
        prop::bool::weighted(0.2),
        prop::option::weighted(0.2, bounds),
    )
        .prop_map(|(words, author, from, to, text, conflicts_only, within)| {
            let (in_wijk, buurt, kind, record_type, theme, status) = words;
            Filter {
                wijk: in_wijk.and_then(|b: AreaCode| b.wijk()),
                buurt,
                kind,
                record_type,
                theme,
                status,
                author: author.map(person),
                from,
                to,
                text: text.map(str::to_owned),
                conflicts_only,
                within,
                ..Filter::default()
            }
        })
}

/// The filter's meaning, row by row, in plain words.
fn passes(row: &Row, filter: &Filter) -> bool {
    let is = |asked: bool| asked;
    let text = row.text.to_lowercase();
    let beginnings = |word: &str| text.split(' ').any(|w| w.starts_with(word));
    let inside = |b: &Bounds| {
        row.place.is_some_and(|p| {
            (b.west..=b.east).contains(&p.lon()) && (b.south..=b.north).contains(&p.lat())
        })
    };
    is(filter.wijk.is_none() || filter.wijk == row.wijk)
        && is(filter.buurt.is_none() || filter.buurt == row.buurt)
        && is(filter.kind.is_none() || filter.kind == row.kind)
        && is(filter.record_type.is_none() || filter.record_type == row.record_type)
        && filter.theme.as_ref().is_none_or(|t: &ThemeId| row.themes.contains(t))
        && is(filter.status.is_none() || filter.status == row.status)
        && is(filter.author.is_none() || filter.author == row.author)
        && filter.from.is_none_or(|from| row.occurred_at >= from)
        && filter.to.is_none_or(|to| row.occurred_at < to)
        && filter.text.as_deref().is_none_or(|t| t == "-" || t.split(' ').all(beginnings))
        && (!filter.conflicts_only || row.conflicts > 0)
        && filter.within.as_ref().is_none_or(inside)
}

fn pages(store: &Store, filter: &Filter, limit: usize) -> Vec<Row> {
    let mut rows = vec![];
    let mut after = None;
    loop {
        let page = store.list(&Scope::All, filter, after, limit).expect("a page");
        assert!(page.rows.len() <= limit);
        assert!(page.next.is_none() || page.rows.len() == limit);
        rows.extend(page.rows);
        after = page.next;
        if after.is_none() {
            return rows;
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_filter_equals_a_scan(
        records in prop::collection::vec(record(), 1..16),
        filters in prop::collection::vec(filter(), 1..16),
    ) {
        let mut store = memory();
        for (n, (record, author, conflict)) in (0..).zip(&records) {
            let id = record_id(n);
            store.create(id, person(*author), record, &stamp(1, 0)).expect("created");
            if *conflict {
                let buurt = |code| [Edit::Buurt(area(code)).into_write()];
                concurrently(&mut store, id, &buurt("BU05970100"), &buurt("BU05970600"));
            }
        }
        let everything = pages(&store, &Filter::default(), 50);
        prop_assert_eq!(everything.len(), records.len());
        for filter in filters {
            let expected: Vec<Row> =
                everything.iter().filter(|row| passes(row, &filter)).cloned().collect();
            prop_assert_eq!(&pages(&store, &filter, 4), &expected, "{:?}", filter);
            let count = store.count(&Scope::All, &filter).expect("a count");
            prop_assert_eq!(count, Count { n: expected.len() as u64, exact: true });
            let mut per_buurt: BTreeMap<AreaCode, u64> = BTreeMap::new();
            for row in &expected {
                *per_buurt.entry(row.buurt.clone().expect("readable")).or_default() += 1;
            }
            let counts = store.counts_by_area(&Scope::All, &filter).expect("counts");
            prop_assert!(counts.exact);
            prop_assert_eq!(counts.counts, per_buurt.into_iter().collect::<Vec<_>>());
            let points: Vec<RecordId> = store
                .points(&Scope::All, &filter, 100)
                .expect("points")
                .iter()
                .map(|row| row.id)
                .collect();
            let placed = expected.iter().filter(|row| row.place.is_some());
            prop_assert_eq!(points, placed.map(|row| row.id).collect::<Vec<_>>());
        }
    }
}

#[test]
fn pages_go_on_where_they_ended_while_records_arrive() {
    let mut store = memory();
    let ids: Vec<RecordId> = (0..10).map(|n| log(&mut store, n, "bestaand").0).collect();
    let first = store.list(&Scope::All, &Filter::default(), None, 4).expect("a page");
    let seen: Vec<RecordId> = first.rows.iter().map(|row| row.id).collect();
    assert_eq!(seen, ids.iter().rev().take(4).copied().collect::<Vec<_>>());
    log(&mut store, 50, "tussendoor");
    let key: PageKey = first.next.expect("more").to_string().parse().expect("a key");
    let second = store.list(&Scope::All, &Filter::default(), Some(key), 4).expect("a page");
    let seen: Vec<RecordId> = second.rows.iter().map(|row| row.id).collect();
    assert_eq!(seen, ids.iter().rev().skip(4).take(4).copied().collect::<Vec<_>>());
    assert!("morgen".parse::<PageKey>().is_err());
}

#[test]
fn a_page_is_never_longer_than_allowed() {
    let mut store = memory();
    for n in 0..60 {
        log(&mut store, n, "veel");
    }
    let page = store.list(&Scope::All, &Filter::default(), None, 1_000).expect("a page");
    assert_eq!(page.rows.len(), PAGE_ROWS_MAX);
    let page = store.list(&Scope::All, &Filter::default(), None, 0).expect("a page");
    assert_eq!(page.rows.len(), 1);
}

#[test]
fn ids_that_share_a_row_sort_the_same_whatever_came_first() {
    let mut ids: Vec<RecordId> = (0..12_u8)
        .map(|n| RecordId::from_parts(Timestamp::from_millis(MORNING), [n; 10]))
        .collect();

    let mut origin = memory();
    for id in &ids {
        let record = Record::Contact(contact(&id.to_string()));
        origin.create(*id, person(1), &record, &stamp(1, 0)).expect("created");
    }
    let expected = origin.ids().expect("ids");
    let mut sorted = ids.clone();
    sorted.sort_unstable();
    assert_eq!(expected, sorted);
    for turn in 0..ids.len() {
        let mut store = memory();
        ids.rotate_left(1);
        if turn % 2 == 0 {
            ids.reverse();
        }
        for (n, id) in ids.iter().enumerate() {
            send(&origin, &mut store, *id);
            if n == 4 {
                // A gap in the crowd must not lead a later one astray.
                let forget = vec![ids[1]];
                let ingest = wijkboek_store::Ingest { forget, ..Default::default() };
                store.ingest(&ingest).expect("ingested");
            }
        }
        send(&origin, &mut store, ids[1]);
        assert_eq!(store.ids().expect("ids"), expected);
        assert!(store.rebuild().expect("rebuilt").is_clean());
        for id in &expected {
            let row = store.row(*id).expect("read").expect("a row");
            assert_eq!(row.text, id.to_string());
            let filter = Filter { text: Some(id.to_string()), ..Filter::default() };
            let found = store.list(&Scope::All, &filter, None, 5).expect("a page");
            assert!(found.rows.contains(&row));
        }
    }
}

/// Many records of one moment, as an import makes them: they share a row, and stand beside it.
#[test]
fn a_crowded_moment_keeps_its_order_and_its_pages() {
    let mut store = memory();
    let id = |n: u16| {
        let [high, low] = n.to_be_bytes();
        RecordId::from_parts(Timestamp::from_millis(MORNING), [high, low, 0, 0, 0, 0, 0, 0, 0, 0])
    };
    let make = |store: &mut Store, n: u16| {
        let record = Record::Contact(contact("de markt"));
        store.create(id(n), person(1), &record, &stamp(1, 0)).expect("created");
    };
    let (earlier, _) = log(&mut store, 0, "de markt");
    let (later, _) = log(&mut store, 60, "de markt");
    for n in (1..200).step_by(4) {
        make(&mut store, n);
    }
    let everything = Filter::default();
    let searched = Filter { text: Some("mar".to_owned()), ..Filter::default() };
    let mut seen = vec![];
    let first = store.list(&Scope::All, &everything, None, 20).expect("a page");
    seen.extend(first.rows.iter().map(|row| row.id));
    let mut key = first.next;
    // Between any two of them come three more, also where the last page ended.
    for n in (1..200).step_by(4).flat_map(|n| [n + 2, n + 1, n + 3]) {
        make(&mut store, n);
    }
    while let Some(after) = key {
        let page = store.list(&Scope::All, &searched, Some(after), 20).expect("a page");
        assert!(page.rows.iter().all(|row| row.id < after_id(&seen)), "newest first");
        seen.extend(page.rows.iter().map(|row| row.id));
        key = page.next;
    }
    let mut expected: Vec<RecordId> = (1..=200).map(id).chain([earlier, later]).collect();
    expected.sort_unstable();
    assert_eq!(store.ids().expect("ids"), expected);
    for n in (1..200).step_by(4) {
        assert_eq!(seen.iter().filter(|seen| **seen == id(n)).count(), 1, "{n}");
    }
    assert_eq!(store.count(&Scope::All, &searched).expect("a count").n, 202);
    assert!(store.rebuild().expect("rebuilt").is_clean());
}

fn after_id(seen: &[RecordId]) -> RecordId {
    *seen.last().expect("a page before")
}
