use rusqlite::{Connection, ErrorCode};

use super::*;

fn open(disk: &FaultyDisk) -> Connection {
    let db = Connection::open(disk.path("a.db")).expect("opened");
    db.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
         CREATE TABLE IF NOT EXISTS t (x INTEGER, y BLOB);",
    )
    .expect("made");
    db
}

fn add(db: &Connection, n: i64) -> Result<usize, rusqlite::Error> {
    db.execute("INSERT INTO t VALUES (?1, zeroblob(3000))", [n])
}

fn count(db: &Connection) -> i64 {
    db.query_row("SELECT count(*) FROM t", [], |row| row.get(0)).expect("counted")
}

#[test]
fn a_database_lies_on_it_in_wal_mode_and_two_connections_see_each_other() {
    let disk = FaultyDisk::new(1);
    let (one, other) = (open(&disk), open(&disk));
    let mode: String = one.query_row("PRAGMA journal_mode", [], |row| row.get(0)).expect("a mode");
    assert_eq!(mode, "wal");
    add(&one, 1).expect("added");
    assert_eq!(count(&other), 1);
    one.execute_batch("BEGIN IMMEDIATE").expect("begun");
    other.busy_timeout(std::time::Duration::ZERO).expect("set");
    let busy = add(&other, 2).expect_err("locked").sqlite_error_code();
    assert_eq!(busy, Some(ErrorCode::DatabaseBusy));
    one.execute_batch("COMMIT").expect("committed");
    add(&other, 2).expect("added");
    assert_eq!(count(&one), 2);
}

#[test]
fn what_was_synced_survives_and_what_was_not_may_be_lost() {
    let mut lost = 0;
    for seed in 0..40 {
        let disk = FaultyDisk::new(seed);
        let db = open(&disk);
        add(&db, 1).expect("added");
        db.execute_batch("PRAGMA synchronous = OFF").expect("set");
        add(&db, 2).expect("added");
        disk.fail_after(0, Failure::Power);
        assert!(add(&db, 3).is_err());
        drop(db);
        disk.crash();
        let db = open(&disk);
        let n = count(&db);
        assert!((1..=2).contains(&n), "seed {seed}: {n}");
        lost += i64::from(n == 1);
    }
    assert!((5..40).contains(&lost), "{lost} of 40 lost what was not synced");
}

#[test]
fn a_full_disk_has_room_again() {
    let disk = FaultyDisk::new(3);
    let db = open(&disk);
    disk.fail_after(0, Failure::Full);
    let full = add(&db, 1).expect_err("full").sqlite_error_code();
    assert_eq!(full, Some(ErrorCode::DiskFull));
    disk.repair();
    add(&db, 2).expect("room again");
    assert_eq!(count(&db), 1);
}

#[test]
fn the_same_seed_fails_in_the_same_place_and_leaves_the_same_rows() {
    let leave = |seed| {
        let disk = FaultyDisk::new(seed);
        let db = open(&disk);
        db.execute_batch("PRAGMA synchronous = OFF").expect("set");
        disk.fail_after(40, Failure::Power);
        let mut written = 0;
        while add(&db, written).is_ok() {
            written += 1;
        }
        drop(db);
        disk.crash();
        (written, disk.operations(), count(&open(&disk)))
    };
    for seed in 0..10 {
        assert_eq!(leave(seed), leave(seed));
    }
}
