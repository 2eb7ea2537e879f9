//! The replica follows the log, whatever happens in between, and can be made anew from it.

use std::path::Path;

use wijkboek_model::{Edit, PrincipalId, Role, Timestamp};
use wijkboek_server::accounts::Purpose;
use wijkboek_server::key::ServerKey;
use wijkboek_server::ledger::{Ledger, prepare};
use wijkboek_server::log::Log as _;
use wijkboek_server::log::LogPlace;
use wijkboek_store::Store;
use wijkboek_sync::{PushOutcome, PushRequest};

use crate::support::{Phone, SLIKKERVEER, Town, area, contact, municipality, record_id, visit};

/// Everything that a replica says about its records.
fn contents(store: &Store) -> Vec<String> {
    let mut ids = store.ids().expect("ids");
    ids.sort_unstable();
    ids.into_iter()
        .map(|id| {
            format!("{:?} {:?}", store.heads(id).expect("heads"), store.row(id).expect("a row"))
        })
        .collect()
}

async fn contents_of(town: &Town) -> Vec<String> {
    town.state.read(contents).await.expect("the replica answers")
}

fn lose(dir: &Path) {
    for suffix in ["", "-wal", "-shm"] {
        drop(std::fs::remove_file(dir.join(format!("replica.db{suffix}"))));
    }
}

async fn busy_phone(town: &Town) -> Phone {
    let mut phone = town.wijkregisseur("Anna", &[SLIKKERVEER]).await;
    phone.create(record_id(1), &contact(SLIKKERVEER, "Gat in de stoep"));
    phone.create(record_id(2), &visit(SLIKKERVEER, &[phone.principal]));
    phone.edit(record_id(1), Edit::Note("Gat in de weg".to_owned()).into_write());
    phone.push().await;
    phone
}

#[tokio::test]
async fn a_lost_or_damaged_replica_is_made_anew_and_equals_the_old_one() {
    let town = Town::new();
    let mut phone = busy_phone(&town).await;
    let before = contents_of(&town).await;
    assert_eq!(before.len(), 2);

    let town = town.restart(lose);
    assert_eq!(contents_of(&town).await, before);
    let town = town.restart(|dir| {
        lose(dir);
        std::fs::write(dir.join("replica.db"), b"geen database, maar wel lang genoeg")
            .expect("written");
    });
    assert_eq!(contents_of(&town).await, before);

    phone.reconnect(&town);
    let hash = phone.edit(record_id(1), Edit::Note("Gat weg".to_owned()).into_write());
    assert!(matches!(phone.push().await[&hash], PushOutcome::Accepted { .. }));
}

#[tokio::test]
async fn a_replica_of_another_log_is_not_believed() {
    let town = Town::new();
    busy_phone(&town).await;
    let other = Town::new();
    let mut stranger = other.wijkregisseur("Anders", &[SLIKKERVEER]).await;
    stranger.create(record_id(7), &contact(SLIKKERVEER, "Ergens anders"));
    stranger.push().await;
    let before = contents_of(&town).await;
    let foreign = other.dir().join("replica.db");
    Store::open(&foreign).expect("opens").checkpoint().expect("checkpointed");
    let town = town.restart(|dir| {
        lose(dir);
        std::fs::copy(&foreign, dir.join("replica.db")).expect("copied");
    });
    assert_eq!(contents_of(&town).await, before);
}

#[tokio::test]
async fn rebuild_finds_and_repairs_what_differs_from_the_log() {
    let town = Town::new();
    busy_phone(&town).await;
    let before = contents_of(&town).await;
    let clean =
        town.state.ledger(|ledger, _| Ok::<_, wijkboek_server::ServerError>(ledger.rebuild()?));
    let clean = clean.await.expect("rebuilt");
    assert_eq!((clean.broken_at, clean.documents, clean.repaired.len()), (None, 2, 0));

    let town = town.restart(|dir| {
        let mut store = Store::open(&dir.join("replica.db")).expect("opens");
        let forget = vec![record_id(1)];
        store
            .ingest(&wijkboek_store::Ingest { forget, ..wijkboek_store::Ingest::default() })
            .expect("forgotten");
    });
    assert_ne!(contents_of(&town).await, before);
    let report =
        town.state.ledger(|ledger, _| Ok::<_, wijkboek_server::ServerError>(ledger.rebuild()?));
    let report = report.await.expect("rebuilt");
    assert_eq!(report.repaired, [record_id(1)]);
    assert_eq!(contents_of(&town).await, before);
}

#[tokio::test]
async fn a_changed_entry_breaks_the_chain_where_it_is() {
    let town = Town::new();
    busy_phone(&town).await;
    let path = town.dir().join("log.db");
    let conn = rusqlite::Connection::open(path).expect("opens");
    let number: i64 = conn
        .query_row("SELECT max(number) - 1 FROM log WHERE kind = 'change'", [], |row| row.get(0))
        .expect("a number");
    conn.execute("UPDATE log SET received_at = received_at + 1 WHERE number = ?1", [number])
        .expect("tampered");
    let report =
        town.state.ledger(|ledger, _| Ok::<_, wijkboek_server::ServerError>(ledger.rebuild()?));
    assert_eq!(report.await.expect("rebuilt").broken_at, Some(number.cast_unsigned()));
}

/// The ledger without router, sockets or clock, as a simulation drives it.
#[tokio::test]
async fn a_crash_between_log_and_replica_loses_nothing() {
    let town = Town::new();
    let mut phone = busy_phone(&town).await;
    let hash = phone.edit(record_id(1), Edit::Note("Vlak voor de klap".to_owned()).into_write());
    let outbox = phone.take_outbox();
    let request: PushRequest = phone.push_request(outbox);
    let town = town.restart(|dir| {
        let now = Timestamp::from_millis(1_795_420_900_000);
        let key = ServerKey::open(&dir.join("server.key")).expect("the key");
        let (log, replica) = (LogPlace::File(dir.join("log.db")), dir.join("replica.db"));
        let mut ledger = Ledger::open(&log, &replica, &municipality(), key, now).expect("a ledger");
        let device = ledger.log().devices().expect("devices").remove(0);
        let prepared =
            prepare(ledger.replica(), request.clone(), &wijkboek_crdt::Limits::default())
                .expect("prepared");
        let response = ledger.append(&device, &prepared, now).expect("appended");
        assert!(matches!(response.verdicts[0].outcome, PushOutcome::Accepted { .. }));
        assert!(ledger.replica_number().expect("a number") < ledger.head().expect("a head").number);
        drop(ledger);
    });
    phone.reconnect(&town);
    let answer = phone.send_push(&request).await;
    assert!(matches!(answer.verdicts[0].outcome, PushOutcome::Duplicate { .. }), "{hash}");
    let text = town.state.read(|store| store.row(record_id(1)).map(|row| row.map(|row| row.text)));
    let text = text.await.expect("read").expect("a row").expect("the record");
    assert_eq!(text, "Vlak voor de klap");
}

#[test]
fn a_ledger_in_memory_needs_no_files() {
    let now = Timestamp::from_millis(1_795_420_800_000);
    let key = ServerKey::from_bytes([1; 32]);
    let mut ledger = Ledger::in_memory(&municipality(), key, now).expect("a ledger");
    let id = PrincipalId::from_parts(now, [1; 10]);
    let wijken = [area(SLIKKERVEER)].into();
    ledger.log_mut().add_user(id, "Anna", Role::Wijkregisseur, wijken, now).expect("a user");
    let code = ledger.log_mut().issue_code(Purpose::Enrol, id, now).expect("a code");
    let install = wijkboek_model::InstallId::new([1; 12]);
    let device = ledger.log_mut().enrol(&code, install, "toestel", now).expect("enrolled").device;
    let request = PushRequest { counter: 1, acknowledged: None, documents: Vec::new() };
    let response = ledger.push(&device, request, now).expect("pushed");
    assert_eq!(response.head.number, ledger.log().head().expect("a head").number);
}

#[cfg(unix)]
#[tokio::test]
async fn the_server_key_is_made_once_and_is_its_owners_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let town = Town::new();
    let path = town.dir().join("server.key");
    let key = std::fs::read(&path).expect("the key");
    assert_eq!(key.len(), 32);
    let mode = std::fs::metadata(&path).expect("the key").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let town = town.restart(|_| {});
    assert_eq!(std::fs::read(town.dir().join("server.key")).expect("the key"), key);

    let log = std::fs::read(town.dir().join("log.db")).expect("the log");
    assert!(!log.windows(32).any(|window| window == key), "never in the database");
}
