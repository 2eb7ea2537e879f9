//! What is owed and due, what lies nearby, what hangs together; and that no list, count or search
//! reads a change, or more than its share.

use std::collections::BTreeSet;
use std::path::Path;

use rusqlite::Connection;
use wijkboek_model::{
    Action, Contact, Edit, Endorsement, Entry, EntryId, Feedback, InternalNote, Place, PlaceSource,
    Principal, Promise, Record, RecordId, RecordType, Role, Sensitivity, SetField, Status, ThemeId,
    Timestamp, Write,
};
use wijkboek_store::{Bounds, Count, DayKey, Filter, Row, Scope, Store, Whose, Worklist};

use crate::support::{
    MORNING, area, concurrently, contact, edit, log, memory, person, record_id, signal, stamp,
    visit,
};

const DAY_MS: i64 = 86_400_000;

fn keep(store: &mut Store, n: u32, author: u8, record: Contact) -> RecordId {
    let id = record_id(n);
    store
        .create(id, person(author), &Record::Contact(record), &stamp(1, i64::from(n)))
        .expect("created");
    id
}

fn promised(by: Option<&str>, buurt: &str, status: Status) -> Contact {
    let by = by.map(|day| day.parse().expect("a day"));
    let mut record = contact("belooft terug te bellen");
    record.promise = Promise::Personal { by };
    record.buurt = area(buurt);
    record.status = status;
    record.answer = (status == Status::Afgehandeld).then(|| "Gedaan.".to_owned());
    record
}

fn ids(rows: &[Row]) -> Vec<RecordId> {
    rows.iter().map(|row| row.id).collect()
}

fn promises(store: &Store, whose: &Whose, until: Option<&str>) -> Vec<RecordId> {
    let until = until.map(|day| day.parse().expect("a day"));
    let mut all = vec![];
    let mut after: Option<DayKey> = None;
    loop {
        let filter = Filter::default();
        let list = Worklist::Promises;
        let page = store
            .worklist(&Scope::All, list, whose, &filter, until, after.as_ref(), 2)
            .expect("a page");
        assert!(page.rows.iter().all(|row| row.owed && row.promise.is_some()));
        all.extend(ids(&page.rows));
        let Some(next) = page.next else { return all };
        // A key survives the way over a screen.
        after = Some(next.to_string().parse().expect("a key"));
    }
}

#[test]
fn open_promises_come_by_their_day_and_those_without_one_last() {
    let mut store = memory();
    let here = "BU05970600";
    let someday = keep(&mut store, 1, 1, promised(None, here, Status::Nieuw));
    let late = keep(&mut store, 2, 1, promised(Some("2026-03-20"), here, Status::Nieuw));
    let closed = keep(&mut store, 3, 1, promised(Some("2026-03-05"), here, Status::Afgehandeld));
    let elsewhere =
        keep(&mut store, 4, 2, promised(Some("2026-03-10"), "BU05970100", Status::Nieuw));
    let nothing = keep(&mut store, 5, 1, contact("niets beloofd"));

    assert_eq!(promises(&store, &Whose::Anybodys, None), [closed, elsewhere, late, someday]);
    assert_eq!(promises(&store, &Whose::Anybodys, Some("2026-03-10")), [closed, elsewhere]);
    let mine = Whose::Of { person: person(1), wijken: BTreeSet::new() };
    assert_eq!(promises(&store, &mine, None), [closed, late, someday]);
    let wijk = area("BU05970100").wijk().expect("a wijk");
    let too = Whose::Of { person: person(1), wijken: [wijk].into() };
    assert_eq!(promises(&store, &too, None), [closed, elsewhere, late, someday]);

    edit(&mut store, late, Edit::Promise(Promise::NotAsked).into_write(), 60_000);
    assert_eq!(promises(&store, &mine, None), [closed, someday], "taken back");
    edit(&mut store, closed, Edit::Feedback(Some(Feedback::Gegeven)).into_write(), 60_001);
    assert_eq!(promises(&store, &mine, None), [someday], "given");
    assert!(!store.row(nothing).expect("read").expect("a row").owed);
    let owed = Filter { owed_only: true, ..Filter::default() };
    assert_eq!(store.count(&Scope::All, &owed).expect("a count"), Count { n: 2, exact: true });
    assert!(store.rebuild().expect("rebuilt").is_clean());
}

#[test]
fn a_worklist_shows_nobody_what_they_may_not_see() {
    let mut store = memory();
    keep(&mut store, 1, 1, promised(Some("2026-03-20"), "BU05970600", Status::Nieuw));
    let principal = |role| Principal { id: person(2), role, wijken: BTreeSet::new() };
    for (role, seen) in [(Role::Wijkregisseur, 0), (Role::Medewerker, 1), (Role::Fg, 0)] {
        let scope = Scope::Of(principal(role));
        let filter = Filter::default();
        let page = store
            .worklist(&scope, Worklist::Promises, &Whose::Anybodys, &filter, None, None, 50)
            .expect("a page");
        assert_eq!(page.rows.len(), seen, "{role}");
    }
}

#[test]
fn nearby_is_the_same_theme_at_the_same_spot_in_the_same_weeks() {
    let mut store = memory();
    let at = |lon, lat| Place::new(lon, lat, 5, PlaceSource::Gps).expect("a place");
    let spot = at(4.6, 51.87);
    let themed = |names: &[&str]| -> BTreeSet<ThemeId> {
        names.iter().map(|name| name.parse().expect("a theme")).collect()
    };
    let mut report = |n, place, themes: &[&str], days: i64| {
        let mut record = contact("losse tegel");
        record.place = Some(place);
        record.themes = themed(themes);
        record.occurred_at = Timestamp::from_millis(MORNING + days * DAY_MS);
        keep(&mut store, n, 1, record)
    };
    let same = report(1, at(4.6001, 51.87), &["groen", "verkeer"], -3);
    report(2, at(4.61, 51.87), &["groen"], 0);
    report(3, spot, &["jeugd"], 0);
    report(4, spot, &["groen"], -15);
    let later = report(5, spot, &["groen"], 14);
    let near = |scope: &Scope| {
        let moment = Timestamp::from_millis(MORNING);
        ids(&store.nearby(scope, &spot, &themed(&["groen"]), moment).expect("asked"))
    };
    assert_eq!(near(&Scope::All), [later, same]);
    let stranger = Principal { id: person(9), role: Role::Ambassadeur, wijken: BTreeSet::new() };
    assert_eq!(near(&Scope::Of(stranger)), []);
}

#[test]
fn what_hangs_under_a_record_is_found_by_it_and_counted_in_scope() {
    let mut store = memory();
    let tent = record_id(1);
    store
        .create(tent, person(1), &Record::Visit(visit("Ridderhof")), &stamp(1, 0))
        .expect("created");
    let mut under = |n, buurt| {
        let mut record = contact("bij de tent");
        record.visit = Some(tent);
        record.buurt = area(buurt);
        keep(&mut store, n, 1, record)
    };
    let first = under(2, "BU05970600");
    let second = under(3, "BU05970100");
    log(&mut store, 4, "los");
    let filter = Filter { linked_to: Some(tent), ..Filter::default() };
    let page = store.list(&Scope::All, &filter, None, 50).expect("a page");
    assert_eq!(ids(&page.rows), [second, first]);
    let wijk = area("BU05970100").wijk().expect("a wijk");
    let one = Principal { id: person(2), role: Role::Wijkregisseur, wijken: [wijk].into() };
    for (scope, n) in [(Scope::All, 2), (Scope::Of(one), 1)] {
        let counts = store.named_by(&scope, RecordType::Contact, &[tent, first]).expect("counted");
        assert_eq!(counts.into_iter().collect::<Vec<_>>(), [(tent, n)]);
        let count = store.count(&scope, &filter).expect("a count");
        assert_eq!(count, Count { n, exact: true });
    }
    edit(&mut store, first, Edit::Visit(None).into_write(), 60_000);
    assert_eq!(store.count(&Scope::All, &filter).expect("a count").n, 1);
    assert!(store.rebuild().expect("rebuilt").is_clean());
}

#[test]
fn search_finds_answers_and_what_stands_beside_a_winner() {
    let mut store = memory();
    let mut answered = contact("vraag over de lantaarn");
    answered.status = Status::Afgehandeld;
    answered.answer = Some("Monteur ingeschakeld.".to_owned());
    let answered = keep(&mut store, 1, 1, answered);
    let torn = keep(&mut store, 2, 1, contact("eerst"));
    let note = |text: &str| [Edit::Note(text.to_owned()).into_write()];
    concurrently(&mut store, torn, &note("katten in de tuin"), &note("honden in de tuin"));
    for (text, expected) in [("monteur", answered), ("katten", torn), ("honden", torn)] {
        let filter = Filter { text: Some(text.to_owned()), ..Filter::default() };
        let page = store.list(&Scope::All, &filter, None, 50).expect("a page");
        assert_eq!(ids(&page.rows), [expected], "{text}");
    }
}

#[test]
fn a_theme_is_counted_as_it_comes_and_goes() {
    let mut store = memory();
    let groen: ThemeId = "groen".parse().expect("a theme");
    let (id, _) = log(&mut store, 1, "heg");
    let filter = Filter { theme: Some(groen.clone()), ..Filter::default() };
    let open = Filter { status: Some(Status::Nieuw), ..filter.clone() };
    let counts = |store: &Store| {
        [&filter, &open].map(|filter| store.count(&Scope::All, filter).expect("a count").n)
    };
    assert_eq!(counts(&store), [0, 0]);
    edit(&mut store, id, Edit::AddTheme(groen.clone()).into_write(), 1);
    assert_eq!(counts(&store), [1, 1]);
    edit(&mut store, id, Edit::Status(Status::InBehandeling).into_write(), 2);
    assert_eq!(counts(&store), [1, 0]);
    edit(&mut store, id, Edit::RemoveTheme(groen.clone()).into_write(), 3);
    assert_eq!(counts(&store), [0, 0]);
    edit(&mut store, id, Edit::AddTheme(groen).into_write(), 4);
    assert!(store.rebuild().expect("rebuilt").is_clean());
    let ids = vec![id];
    let change = store.changes(id).expect("changes");
    let arrived = (1..).zip(&change).map(|(n, change)| crate::support::arrived(id, n, change));
    crate::support::ingest(&mut store, arrived.collect());
    store.ingest(&wijkboek_store::Ingest { forget: ids, ..Default::default() }).expect("forgotten");
    assert_eq!(counts(&store), [0, 0]);
    assert!(store.rebuild().expect("rebuilt").is_clean());
}

fn action(title: &str, due: Option<&str>, assignee: Option<u8>) -> Action {
    Action {
        title: title.to_owned(),
        note: String::new(),
        buurt: area("BU05970600"),
        place: None,
        sensitivity: Sensitivity::Gewoon,
        status: Status::Nieuw,
        assignee: assignee.map(person),
        organisation: None,
        due: due.map(|day| day.parse().expect("a day")),
        answer: None,
        themes: BTreeSet::new(),
    }
}

#[test]
fn what_is_due_comes_by_its_day_until_it_is_done() {
    let mut store = memory();
    let mut make = |n, due, assignee| {
        let record = Record::Action(action("Lantaarn laten maken", due, assignee));
        store.create(record_id(n), person(1), &record, &stamp(1, 0)).expect("created");
        record_id(n)
    };
    let later = make(1, Some("2026-05-01"), Some(2));
    let soon = make(2, Some("2026-04-01"), None);
    make(3, None, Some(2));
    let due = |store: &Store, whose: &Whose| {
        let filter = Filter::default();
        let list = Worklist::Due;
        let page = store.worklist(&Scope::All, list, whose, &filter, None, None, 50);
        ids(&page.expect("a page").rows)
    };
    assert_eq!(due(&store, &Whose::Anybodys), [soon, later]);
    let theirs = |n| Whose::Of { person: person(n), wijken: BTreeSet::new() };
    assert_eq!(due(&store, &theirs(2)), [later], "assigned");
    assert_eq!(due(&store, &theirs(1)), [soon], "written, and assigned to nobody");
    let assigned = Filter { assignee: Some(person(2)), ..Filter::default() };
    assert_eq!(store.count(&Scope::All, &assigned).expect("a count").n, 2);
    edit(&mut store, soon, Edit::Status(Status::Afgehandeld).into_write(), 1);
    assert_eq!(due(&store, &Whose::Anybodys), [later]);
    let titled = Filter { text: Some("lantaarn".to_owned()), ..Filter::default() };
    assert_eq!(store.count(&Scope::All, &titled).expect("a count").n, 3, "found by its title");
    assert!(store.rebuild().expect("rebuilt").is_clean());
}

#[test]
fn replies_and_endorsements_hang_under_their_subject_for_those_who_see_them() {
    let mut store = memory();
    let (subject, _) = log(&mut store, 1, "losse tegel");
    let buurt = area("BU05970600");
    let sensitivity = Sensitivity::Gewoon;
    let plus = |buurt| Record::Endorsement(Endorsement { subject, note: None, buurt, sensitivity });
    for n in [2, 3] {
        store.create(record_id(n), person(7), &plus(buurt.clone()), &stamp(1, 0)).expect("created");
    }
    let note = InternalNote { subject, note: "let op".to_owned(), buurt, sensitivity };
    let note = Record::InternalNote(note);
    store.create(record_id(4), person(1), &note, &stamp(1, 0)).expect("created");
    let counts = |scope: &Scope, of| {
        let counts = store.named_by(scope, of, &[subject]).expect("counted");
        counts.get(&subject).copied().unwrap_or(0)
    };
    assert_eq!(counts(&Scope::All, RecordType::Endorsement), 2);
    assert_eq!(counts(&Scope::All, RecordType::InternalNote), 1);
    let reporter = Principal { id: person(7), role: Role::Ambassadeur, wijken: BTreeSet::new() };
    let reporter = Scope::Of(reporter);
    assert_eq!(counts(&reporter, RecordType::Endorsement), 2);
    assert_eq!(counts(&reporter, RecordType::InternalNote), 0);
    let under = Filter { linked_to: Some(subject), ..Filter::default() };
    assert_eq!(store.count(&Scope::All, &under).expect("a count").n, 3);
    assert_eq!(store.count(&reporter, &under).expect("a count").n, 2, "nor by counting");
}

#[test]
fn a_foreign_number_finds_its_record_and_a_withdrawn_entry_is_not_found() {
    let mut store = memory();
    let (id, _) = log(&mut store, 1, "losse tegel");
    log(&mut store, 2, "iets anders");
    edit(&mut store, id, Write::Insert(SetField::References, "signalen:123".to_owned()), 1);
    let known = Filter { reference: Some("signalen:123".to_owned()), ..Filter::default() };
    let page = store.list(&Scope::All, &known, None, 50).expect("a page");
    assert_eq!(ids(&page.rows), [id]);
    let entry = EntryId::from_parts(Timestamp::from_millis(MORNING), [1; 10]);
    let added = Entry { id: entry, author: person(1), text: "kikkers geteld".to_owned() };
    edit(&mut store, id, Write::Append(added), 2);
    let frogs = Filter { text: Some("kikkers".to_owned()), ..Filter::default() };
    assert_eq!(store.count(&Scope::All, &frogs).expect("a count").n, 1);
    edit(&mut store, id, Write::Insert(SetField::Withdrawn, entry.to_string()), 3);
    assert_eq!(store.count(&Scope::All, &frogs).expect("a count").n, 0);
    assert!(store.rebuild().expect("rebuilt").is_clean());
}

/// Every question there is, with every scope's way of asking it.
fn ask_everything(store: &Store) {
    let filters = [
        Filter::default(),
        Filter { wijk: area("BU05970600").wijk(), ..Filter::default() },
        Filter {
            buurt: Some(area("BU05970600")),
            status: Some(Status::Nieuw),
            ..Filter::default()
        },
        Filter { theme: "groen".parse().ok(), ..Filter::default() },
        Filter { author: Some(person(1)), ..Filter::default() },
        Filter { assignee: Some(person(1)), ..Filter::default() },
        Filter { from: Some(Timestamp::from_millis(MORNING)), ..Filter::default() },
        Filter { text: Some("stoep".to_owned()), ..Filter::default() },
        Filter { conflicts_only: true, ..Filter::default() },
        Filter { owed_only: true, ..Filter::default() },
        Filter { linked_to: Some(record_id(1)), ..Filter::default() },
        Filter { reference: Some("signalen:1".to_owned()), ..Filter::default() },
        Filter {
            within: Some(Bounds { west: 4.5, south: 51.0, east: 4.7, north: 52.0 }),
            ..Filter::default()
        },
    ];
    let somebody = |role| {
        let wijken = [area("BU05970600").wijk().expect("a wijk")].into();
        Scope::Of(Principal { id: person(1), role, wijken })
    };
    let scopes = [Scope::All, somebody(Role::Wijkregisseur), somebody(Role::Medewerker)];
    for scope in &scopes {
        for filter in &filters {
            store.list(scope, filter, None, 50).expect("a list");
            store.count(scope, filter).expect("a count");
            store.counts_by_area(scope, filter).expect("counts");
            store.points(scope, filter, 50).expect("points");
            for list in [Worklist::Promises, Worklist::Due] {
                store
                    .worklist(scope, list, &Whose::Anybodys, filter, None, None, 50)
                    .expect("a worklist");
            }
        }
        store.row(record_id(1)).expect("a row");
        store.sees(scope, record_id(1)).expect("an answer");
        store.named_by(scope, RecordType::Contact, &[record_id(1)]).expect("counts");
        let spot = Place::new(4.6, 51.87, 5, PlaceSource::Gps).expect("a place");
        let moment = Timestamp::from_millis(MORNING);
        store.nearby(scope, &spot, &BTreeSet::new(), moment).expect("asked");
    }
}

#[test]
fn no_question_reads_a_change() {
    let folder = tempfile::tempdir().expect("a folder");
    let path: &Path = &folder.path().join("boek.db");
    let mut store = Store::open(path).expect("opened");
    for n in 1..6 {
        let mut record = promised(Some("2026-03-20"), "BU05970600", Status::Nieuw);
        record.note = "losse stoep".to_owned();
        record.themes = ["groen"].iter().map(|t| t.parse().expect("a theme")).collect();
        record.place = Place::new(4.6, 51.87, 5, PlaceSource::Gps).ok();
        keep(&mut store, n, 1, record);
    }
    drop(store);
    let other = Connection::open(path).expect("opened beside");
    assert_eq!(other.execute("UPDATE change SET bytes = x'00'", []).expect("spoiled"), 5);
    drop(other);
    let store = Store::open(path).expect("opened");
    assert!(store.document(record_id(1)).is_err(), "a document can no longer be loaded");
    ask_everything(&store);
    let found = Filter { text: Some("stoep".to_owned()), ..Filter::default() };
    assert_eq!(store.list(&Scope::All, &found, None, 50).expect("a list").rows.len(), 5);
}

/// Many rows of the read model, without documents behind them.
fn crowd(path: &Path, n: i64) {
    drop(Store::open(path).expect("made"));
    let db = Connection::open(path).expect("opened");
    db.execute_batch("PRAGMA synchronous = OFF; PRAGMA foreign_keys = OFF; BEGIN").expect("begun");
    let mut row = i64::MIN;
    for k in 0..n {
        let id = record_id(u32::try_from(k).expect("small"));
        row = id.rowid().max(row.saturating_add(1));
        db.prepare_cached("INSERT INTO document (row, id, heads) VALUES (?1, ?2, x'')")
            .expect("sound")
            .execute((row, id.as_bytes()))
            .expect("inserted");
        let status = if k == 3 { "afgewezen" } else { "nieuw" };
        db.prepare_cached(
            "INSERT INTO record (row, readable, record_type, kind, status, wijk, sensitivity,
                occurred_at, conflicts, text, thread, more)
             VALUES (?1, 1, 'contact', 'vraag', ?2, 'WK059706', 'gewoon', ?3, 0, 'de heg', '', '')",
        )
        .expect("sound")
        .execute((row, status, id.timestamp().as_millis()))
        .expect("inserted");
    }
    db.execute_batch("COMMIT").expect("committed");
}

#[test]
fn a_rare_match_is_looked_for_in_steps_and_found() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("boek.db");
    crowd(&path, 10_500);
    let store = Store::open(&path).expect("opened");
    let filter = Filter {
        text: Some("de".to_owned()),
        status: Some(Status::Afgewezen),
        ..Filter::default()
    };
    let first = store.list(&Scope::All, &filter, None, 50).expect("a page");
    assert!(first.rows.is_empty() && first.cut_short, "too deep for one step");
    let next = first.next.expect("goes on");
    assert_eq!(next.reached(), record_id(500).timestamp());
    let second = store.list(&Scope::All, &filter, Some(next), 50).expect("a page");
    assert_eq!(ids(&second.rows), [record_id(3)]);
    assert_eq!((second.next, second.cut_short), (None, false));
    let count = store.count(&Scope::All, &filter).expect("a count");
    assert_eq!(count, Count { n: 0, exact: false });
    let common = Filter { text: Some("de".to_owned()), ..Filter::default() };
    let count = store.count(&Scope::All, &common).expect("a count");
    assert_eq!(count, Count { n: 10_500, exact: true }, "the index alone says so");
}

#[test]
fn what_was_written_down_long_after_is_in_its_period() {
    let mut store = memory();
    let at = |days: i64| Timestamp::from_millis(MORNING + days * DAY_MS);
    let mut when = |n, days| {
        let mut record = signal("heg");
        record.occurred_at = at(days);
        let id = record_id(n);
        store
            .create(id, person(1), &Record::Signal(record), &stamp(1, i64::from(n)))
            .expect("created");
        id
    };
    let (old, now, older, soon) = (when(1, -200), when(2, 0), when(3, -210), when(4, 60));
    let within = |from, to, text: Option<&str>| {
        let filter = Filter {
            from: Some(at(from)),
            to: Some(at(to)),
            text: text.map(str::to_owned),
            ..Filter::default()
        };
        let page = store.list(&Scope::All, &filter, None, 50).expect("a page");
        let count = store.count(&Scope::All, &filter).expect("a count");
        assert_eq!(count, Count { n: page.rows.len() as u64, exact: true });
        ids(&page.rows)
    };
    for text in [None, Some("heg")] {
        assert_eq!(within(-220, -199, text), [older, old]);
        assert_eq!(within(-205, 1, text), [now, old]);
        assert_eq!(within(50, 70, text), [soon]);
        assert_eq!(within(-300, 300, text), [soon, older, now, old]);
    }
}

#[test]
fn a_busy_period_is_not_looked_for_in_vain() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("boek.db");
    crowd(&path, 12_000);
    // Five happened weeks before they were written down.
    let db = Connection::open(&path).expect("opened");
    let days = 20 * DAY_MS;
    db.execute(
        "UPDATE record SET occurred_at = occurred_at - ?1
         WHERE row IN (SELECT row FROM record ORDER BY row LIMIT 5)",
        [days],
    )
    .expect("moved");
    drop(db);
    let store = Store::open(&path).expect("opened");
    let filter = Filter {
        from: Some(Timestamp::from_millis(MORNING - 21 * DAY_MS)),
        to: Some(Timestamp::from_millis(MORNING - 19 * DAY_MS)),
        ..Filter::default()
    };
    let page = store.list(&Scope::All, &filter, None, 50).expect("a page");
    assert_eq!((page.rows.len(), page.cut_short), (5, false));
    let none = Filter { status: Some(Status::Afgehandeld), ..Filter::default() };
    let page = store.list(&Scope::All, &none, None, 50).expect("a page");
    assert_eq!((page.rows.len(), page.next, page.cut_short), (0, None, false));
}
