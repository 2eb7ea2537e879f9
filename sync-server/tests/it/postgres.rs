//! The log in `PostgreSQL`: the same suite as for `SQLite`, and several servers on one database.
//!
//! `make test-postgres` starts the database and says in `WIJKBOEK_TEST_POSTGRES` where it is; each
//! test has a database of its own there, named after it.

use std::path::Path;
use std::time::Duration;

use wijkboek_model::{Edit, Timestamp};
use wijkboek_server::config::Config;
use wijkboek_server::log::{Log as _, LogError, LogPlace, SqlLog};
use wijkboek_sync::PushOutcome;

use crate::log_conformance::{anna, conforms, races};
use crate::support::{SLIKKERVEER, Town, contact, municipality, record_id};

const NOW: Timestamp = Timestamp::from_millis(1_795_420_800_000);
/// News comes at once; this is only how long a broken server may keep a test waiting.
const PATIENCE: Duration = Duration::from_secs(30);

fn database(name: &str) -> LogPlace {
    let server = std::env::var("WIJKBOEK_TEST_POSTGRES").expect("`make test-postgres` sets it");
    LogPlace::Postgres(format!("{server} dbname={name}").parse().expect("an address"))
}

fn open(place: &LogPlace) -> SqlLog {
    SqlLog::open_at(place, &municipality(), NOW).expect("opens")
}

#[test]
fn postgres_conforms() {
    let mut log = open(&database("conforms"));
    let anna = anna(&mut log);
    conforms(&mut log, anna);
}

#[test]
fn postgres_stays_in_order_when_many_append_at_once() {
    let place = database("races");
    races(|| open(&place));
}

#[test]
fn processes_that_start_at_once_make_the_tables_once() {
    let place = database("starts");
    std::thread::scope(|scope| {
        for _ in 0..6 {
            scope.spawn(|| assert_eq!(open(&place).head().expect("a head").number, 0));
        }
    });
    assert_eq!(SqlLog::municipalities(&place).expect("read"), [municipality()]);
}

#[test]
fn an_error_quotes_no_values() {
    let server = std::env::var("WIJKBOEK_TEST_POSTGRES").expect("`make test-postgres` sets it");
    let address = format!("{server} dbname=geheim password=Geheimwoord");
    let place = LogPlace::Postgres(address.parse().expect("an address"));
    let error = SqlLog::open_at(&place, &municipality(), NOW).err().expect("no such database");
    assert!(matches!(&error, LogError::Postgres { code } if code == "3D000"), "{error}");
    assert!(!format!("{error} {error:?} {place:?}").contains("Geheimwoord"));
}

fn town_on(place: &LogPlace, key: Option<&Path>) -> Town {
    Town::with(|dir| {
        if let Some(key) = key {
            std::fs::copy(key, dir.join("server.key")).expect("copied");
        }
        Config { log: place.clone(), ..Config::local(dir, municipality()) }
    })
}

#[tokio::test]
async fn two_servers_on_one_log_know_what_the_other_took_in() {
    let place = database("serves");
    let here = town_on(&place, None);
    let there = town_on(&place, Some(&here.dir().join("server.key")));
    let mut phone = here.wijkregisseur("Anna", &[SLIKKERVEER]).await;
    let following = tokio::spawn({
        let state = there.state.clone();
        async move { state.follow().await }
    });
    let mut news = there.state.head();

    let made = phone.create(record_id(1), &contact(SLIKKERVEER, "Gat in de stoep"));
    let PushOutcome::Accepted { number, .. } = phone.push().await[&made] else {
        panic!("a wijkregisseur may write in their own wijk");
    };
    // The other server never waits for its replica here: the log is the truth.
    phone.reconnect(&there);
    let edit = phone.edit(record_id(1), Edit::Note("Gat in de weg".to_owned()).into_write());
    assert!(matches!(phone.push().await[&edit], PushOutcome::Accepted { .. }));
    let reached = tokio::time::timeout(PATIENCE, news.wait_for(|reached| *reached > number));
    reached.await.expect("in time").expect("the server lives");

    phone.reconnect(&here);
    let again = phone.edit(record_id(1), Edit::Note("Gat weg".to_owned()).into_write());
    assert!(matches!(phone.push().await[&again], PushOutcome::Accepted { .. }));
    for town in [&here, &there] {
        let mut reached = town.state.head();
        let done = reached.wait_for(|reached| *reached >= number + 2);
        tokio::time::timeout(PATIENCE, done).await.expect("in time").expect("the server lives");
        let row = town.state.read(|store| store.row(record_id(1))).await.expect("read");
        assert_eq!(row.expect("a row").expect("the record").text, "Gat weg");
    }
    there.state.stop();
    following.await.expect("ended");
}
