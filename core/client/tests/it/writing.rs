//! Writing.

use std::sync::Mutex;
use std::thread;

use wijkboek_client::{BuurtAnswer, Clock, Config, Filter, Wijkboek, WijkboekError};
use wijkboek_model::{
    AgeGroup, Channel, ContactKind, Denial, Edit, Feedback, Invalid, Now, Place, PlaceSource,
    Promise, Record, RecordId, Rule, Sensitivity, Status, TallyKey, Timestamp, WavedThrough,
};
use wijkboek_sync::Me;

use crate::office::Office;
use crate::people;

/// A logbook of somebody who has synchronised once and is offline since.
pub(crate) fn book_of(folder: &std::path::Path, me: Me, config: Config) -> Wijkboek {
    let office = Office::open();
    office.invite("CODE", me);
    let book = Wijkboek::open_with(&folder.join("book.db"), config).expect("the logbook opens");
    book.enrol(&office.url(), "CODE", "toestel 1").expect("enrolled");
    book.sync().expect("a round");
    book
}

fn sensitivity(book: &Wijkboek, record: Record) -> Sensitivity {
    let id = book.create(record).expect("logged");
    let detail = book.record(id).expect("a record").expect("it is here");
    detail.record.expect("readable").sensitivity()
}

#[test]
fn a_sensitive_theme_makes_a_sensitive_record() {
    let folder = tempfile::tempdir().expect("a folder");
    let book = book_of(folder.path(), people::fatima(), people::config());
    assert_eq!(sensitivity(&book, people::contact("x")), Sensitivity::Gewoon);
    let with = |theme: Option<&str>, age_group| {
        let Record::Contact(mut contact) = people::contact("x") else { panic!("a contact") };
        contact.themes.extend(theme.map(|theme| theme.parse().expect("a theme")));
        contact.age_group = age_group;
        Record::Contact(contact)
    };
    assert_eq!(sensitivity(&book, with(Some("zorg"), None)), Sensitivity::Gevoelig);
    let child = with(None, Some(AgeGroup::Age0To14));
    assert_eq!(sensitivity(&book, child), Sensitivity::Gevoelig);
}

#[test]
fn rules_are_checked_before_anything_is_written() {
    let folder = tempfile::tempdir().expect("a folder");
    let book = book_of(folder.path(), people::fatima(), people::config());
    let invalid = |field, rule| Err::<(), _>(WijkboekError::Invalid { field, rule });
    let empty = book.create(people::signal(" ")).expect_err("a melding says something");
    assert_eq!(Err(empty), invalid("note", Rule::Required));
    let id = book.create(people::contact("x")).expect("logged");
    let no_visit = book.tally(id, TallyKey::JustATalk, 1);
    assert_eq!(no_visit.map(drop), invalid("tallies", Rule::NotOfThisType));
    let nobody = RecordId::from_parts(people::AT, [9; 10]);
    let not_here = Err(WijkboekError::NotFound { id: nobody });
    assert_eq!(book.edit(nobody, vec![Edit::People(2)]), not_here);
    let taken = Err(WijkboekError::Exists { id });
    assert_eq!(book.create_with_id(id, people::contact("y")), taken);
    assert_eq!(book.edit(id, vec![Edit::People(1)]), Ok(false), "it says so already");
    assert_eq!(book.edit(id, Vec::new()), Ok(false));
    assert_eq!(book.status().expect("a status").unsent, 1);
}

#[test]
fn closing_asks_for_an_answer_and_what_became_of_the_promise() {
    let folder = tempfile::tempdir().expect("a folder");
    let book = book_of(folder.path(), people::fatima(), people::config());
    let Record::Contact(mut talk) = people::contact("De lantaarn is stuk") else {
        panic!("a contact")
    };
    talk.promise = Promise::Personal { by: None };
    let id = book.create(Record::Contact(talk)).expect("kept");
    assert_eq!(book.next_statuses(id), Ok(vec![Status::InBehandeling, Status::Afgehandeld]));
    let fields = |missing: Vec<Invalid>| missing.iter().map(|one| one.field).collect::<Vec<_>>();
    assert_eq!(book.missing_to_close(id).map(fields), Ok(vec!["answer", "feedback"]));
    let close = Edit::Status(Status::Afgehandeld);
    let answer = Edit::Answer(Some("De lantaarn brandt weer.".to_owned()));
    for (edits, missing) in
        [(vec![close.clone()], "answer"), (vec![answer.clone(), close.clone()], "feedback")]
    {
        let refused = Err(WijkboekError::Invalid { field: missing, rule: Rule::Required });
        assert_eq!(book.edit(id, edits), refused);
    }
    let feedback = Edit::Feedback(Some(Feedback::Gegeven));
    assert_eq!(book.edit(id, vec![answer, feedback, close]), Ok(true));
    assert_eq!(book.missing_to_close(id), Ok(vec![]));
    assert_eq!(book.next_statuses(id), Ok(vec![Status::Nieuw, Status::InBehandeling]));
}

#[test]
fn a_talk_that_is_still_to_come_is_a_mistake_in_the_form() {
    let folder = tempfile::tempdir().expect("a folder");
    let config = Config { clock: std::sync::Arc::new(Noon), ..people::config() };
    let book = book_of(folder.path(), people::fatima(), config);
    let later = Noon.now().wall.plus_millis(172_800_000);
    let ahead = WijkboekError::Invalid { field: "occurred_at", rule: Rule::OutOfRange };
    let Record::Contact(talk) = people::contact("Losse tegel") else { panic!("a contact") };
    let to_come = wijkboek_model::Contact { occurred_at: later, ..talk };
    assert_eq!(book.create(Record::Contact(to_come)), Err(ahead.clone()));
    let id = book.create(people::contact("Losse tegel")).expect("made");
    assert_eq!(book.edit(id, vec![Edit::OccurredAt(later)]), Err(ahead));
}

#[test]
fn who_may_not_is_told_at_once() {
    let folder = tempfile::tempdir().expect("a folder");
    let book = book_of(folder.path(), people::annie(), people::config());
    let refused = WijkboekError::NotAllowed { denial: Denial::TypeNotForRole };
    assert_eq!(book.create(people::contact("x")), Err(refused));
    let id = book.create(people::signal("Lamp stuk")).expect("a melding is hers to make");
    let refused = WijkboekError::NotAllowed { denial: Denial::FieldNotForRole };
    let own_status = vec![Edit::Sensitivity(Sensitivity::Gevoelig)];
    assert_eq!(book.edit(id, own_status), Err(refused));
    assert_eq!(book.edit(id, vec![Edit::Note("Lamp is stuk".to_owned())]), Ok(true));
}

#[test]
fn many_threads_may_write_at_once_and_nothing_is_lost() {
    let folder = tempfile::tempdir().expect("a folder");
    let book = book_of(folder.path(), people::fatima(), people::config());
    let visit = people::visit(people::AT, people::AT.plus_millis(3_600_000), &[]);
    let visit = book.create(visit).expect("logged");
    let failed = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for n in 0..8 {
            let (book, failed) = (book.clone(), &failed);
            scope.spawn(move || {
                for m in 0..10 {
                    let results = [
                        book.tally(visit, TallyKey::JustATalk, 1).map(drop),
                        book.create(people::contact(&format!("{n}.{m}"))).map(drop),
                        book.append(visit, format!("{n}.{m}")).map(drop),
                        book.list(&Filter::default(), None, 50).map(drop),
                    ];
                    let errors = results.into_iter().filter_map(Result::err);
                    failed.lock().expect("no panic under the lock").extend(errors);
                }
            });
        }
    });
    assert_eq!(failed.into_inner().expect("no panic under the lock"), []);
    let detail = book.record(visit).expect("a record").expect("it is here");
    assert_eq!(detail.row.tallies[&TallyKey::JustATalk], 80);
    assert_eq!(detail.entries.len(), 80);
    assert_eq!(book.count(&Filter::default()).map(|c| c.n), Ok(81));
    assert_eq!(book.status().expect("a status").unsent, 241);
}

#[test]
fn a_contact_begins_with_what_the_phone_knows() {
    let folder = tempfile::tempdir().expect("a folder");
    let config = Config { clock: std::sync::Arc::new(Noon), ..people::config() };
    let book = book_of(folder.path(), people::fatima(), config);
    let slikkerveer = |accuracy_m| {
        Place::new(4.602_66, 51.886_1, accuracy_m, PlaceSource::Gps).expect("a position")
    };
    let BuurtAnswer::Sure(buurt) = book.buurt_at(&slikkerveer(1)) else { panic!("a sure answer") };
    let BuurtAnswer::Ask(asked) = book.buurt_at(&slikkerveer(3_000)) else { panic!("a question") };
    assert!(asked.len() > 1 && asked[0] == buurt);
    let sea = Place::new(3.5, 53.5, 5, PlaceSource::Gps).expect("a position");
    assert_eq!(book.buurt_at(&sea), BuurtAnswer::Outside);

    let before = book.new_contact_defaults(None).expect("defaults");
    assert_eq!((before.buurt, before.visit, before.channel), (None, None, Channel::Wijkronde));
    let now = Noon.now().wall;
    let fatima = people::fatima().principal;
    let hour = 3_600_000;
    // Over, not yet begun, and of others; then the one that she is at.
    for (from, to, team) in [(-5 * hour, -hour, &[fatima][..]), (hour, 2 * hour, &[fatima])] {
        let visit = people::visit(now.plus_millis(from), now.plus_millis(to), team);
        book.create(visit).expect("logged");
        assert_eq!(book.new_contact_defaults(None).expect("defaults").visit, None);
    }
    let visit = people::visit(now.plus_millis(-hour), now.plus_millis(hour), &[fatima]);
    let visit = book.create(visit).expect("logged");
    let defaults = book.new_contact_defaults(Some(slikkerveer(1))).expect("defaults");
    assert_eq!((defaults.visit, defaults.channel), (Some(visit), Channel::Buurttent));
    assert_eq!(defaults.buurt, Some(BuurtAnswer::Sure(buurt.clone())));
    assert_eq!(defaults.occurred_at, now);
    let contact = defaults.contact(ContactKind::Vraag, buurt.code, "Waar?".to_owned());
    book.create(Record::Contact(contact)).expect("it can be saved as it is");
}

/// A clock that stands still, at 2026-03-03T12:00:00Z.
#[derive(Debug)]
struct Noon;

impl Clock for Noon {
    fn now(&self) -> Now {
        Now { wall: Timestamp::from_millis(1_772_539_200_000), boot_ms: 1_000 }
    }
}

#[test]
fn a_service_number_is_masked_before_anything_is_written() {
    let folder = tempfile::tempdir().expect("a folder");
    let book = book_of(folder.path(), people::fatima(), people::config());
    let called = people::contact("haar bsn is 123456782");
    let made = book.create_waving(called, &WavedThrough::default()).expect("logged all the same");
    assert_eq!((made.masked.len(), made.masked[0].field.as_str()), (1, "note"));
    let note = |id| {
        let record = book.record(id).expect("a record").expect("here").record.expect("readable");
        let Record::Contact(contact) = record else { panic!("{record:?}") };
        (contact.note, contact.sensitivity)
    };
    let hidden = "haar bsn is •••••••••".to_owned();
    assert_eq!(note(made.value), (hidden, Sensitivity::Gevoelig));

    let edits = vec![Edit::Note("toch 1234 56 782".to_owned())];
    let edited = book.edit_waving(made.value, edits, &WavedThrough::default()).expect("edited");
    assert!(edited.value && !edited.masked[0].masked.sure);
    assert_eq!(note(made.value).0, "toch •••• •• •••");
    let waved: WavedThrough = [edited.masked[0].masked.digits.as_str()].into_iter().collect();
    let edits = vec![Edit::Note("toch 1234 56 782".to_owned())];
    let kept = book.edit_waving(made.value, edits, &waved).expect("edited");
    assert!(kept.masked.is_empty());
    assert_eq!(note(made.value).0, "toch 1234 56 782");

    let said =
        book.append_waving(made.value, "bsn 111222333".to_owned(), &waved).expect("appended");
    assert_eq!(said.masked[0].field, "entries");
    book.save_draft("contact", r#"{"note":"bsn 123456782"}"#).expect("kept");
    assert_eq!(book.draft("contact"), Ok(Some(r#"{"note":"bsn •••••••••"}"#.to_owned())));
    drop(book);
    for file in std::fs::read_dir(folder.path()).expect("the folder") {
        let bytes = std::fs::read(file.expect("a file").path()).expect("readable");
        for number in [&b"123456782"[..], b"111222333"] {
            assert!(!bytes.windows(9).any(|window| window == number));
        }
    }
}

#[test]
fn what_was_never_sent_is_cleaned_in_one_call() {
    let folder = tempfile::tempdir().expect("a folder");
    let book = book_of(folder.path(), people::fatima(), people::config());
    let id = book.create(people::contact("Mevr. De Vries van nummer 4")).expect("logged");
    let entry = book.append(id, "haar zoon heet Kees".to_owned()).expect("appended");
    let edits = vec![Edit::Note("een bewoner, BSN 111222333".to_owned())];
    let entries = [(entry, Some("een zoon".to_owned()))].into();
    let new = book.clean(id, edits, entries, &WavedThrough::default()).expect("cleaned");
    assert_eq!(new.masked.len(), 1, "cleaning must not bring new person data in");
    let detail = book.record(id).expect("read").expect("led to the successor");
    assert_eq!(detail.row.id, new.value);
    assert_eq!(detail.entries[0].text, "een zoon");
    assert_eq!(book.list(&Filter::default(), None, 50).expect("a list").rows.len(), 1);
    assert!(!detail.history.iter().any(|step| format!("{step:?}").contains("Vries")));
    let gone = book.clean(id, vec![], [].into(), &WavedThrough::default());
    assert_eq!(gone.map(drop), Err(WijkboekError::NotFound { id }));
}
