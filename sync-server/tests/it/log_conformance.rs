//! What every backend of the log must do. A new backend adds tests that call [`conforms`] and
//! [`races`].

use std::thread;

use wijkboek_model::{
    ActorId, Audience, ChangeHash, InstallId, Principal, PrincipalId, RecordId, RecordType, Role,
    Sensitivity, Timestamp,
};
use wijkboek_server::log::{
    ChangeEntry, EntryBody, KeptRefusal, Log, LogError, LogPlace, SqlLog, Tombstone, transaction,
};

use crate::support::{RIJSOORD, SLIKKERVEER, area, municipality, record_id};

const NOW: Timestamp = Timestamp::from_millis(1_795_420_800_000);

fn change(document: RecordId, hash: u8, seq: u64, principal: PrincipalId) -> EntryBody {
    EntryBody::Change(ChangeEntry {
        document,
        hash: ChangeHash::new([hash; 32]),
        actor: ActorId::of(InstallId::new([1; 12]), 0),
        seq,
        bytes: vec![hash; 10],
        mac: [hash; 32],
        device: None,
        principal,
    })
}

fn audience(wijk: &str, author: PrincipalId) -> Audience {
    Audience {
        record_type: RecordType::Contact,
        wijken: [area(wijk)].into(),
        sensitivity: Sensitivity::Gewoon,
        author,
        participants: [author].into(),
    }
}

fn write<T>(
    log: &mut impl Log,
    work: impl FnOnce(&mut dyn Log) -> Result<T, LogError>,
) -> Result<T, LogError> {
    transaction(log, |log, _| work(log))
}

/// An account in a fresh log: a wijkregisseur of Slikkerveer.
pub(crate) fn anna(log: &mut SqlLog) -> PrincipalId {
    let anna = PrincipalId::from_parts(NOW, [1; 10]);
    let wijken = [area(SLIKKERVEER)].into();
    log.add_user(anna, "Anna", Role::Wijkregisseur, wijken, NOW).expect("an account");
    anna
}

/// Many connections append at once, and one reads: each sees a log without gaps at all times.
pub(crate) fn races(open: impl Fn() -> SqlLog + Sync) {
    const WRITERS: u8 = 5;
    const EACH: u8 = 20;
    let mut log = open();
    let anna = anna(&mut log);
    let start = log.head().expect("a head").number;
    let end = start + u64::from(WRITERS) * u64::from(EACH);
    thread::scope(|scope| {
        for writer in 0..WRITERS {
            let open = &open;
            scope.spawn(move || {
                let mut log = open();
                for turn in 0..EACH {
                    let id = record_id(writer * EACH + turn + 1);
                    write(&mut log, |log| log.append(change(id, turn, 1, anna), NOW))
                        .expect("whoever has to wait gets a turn");
                }
            });
        }
        let open = &open;
        scope.spawn(move || {
            let log = open();
            let mut seen = start;
            while seen < end {
                let entries = log.entries(seen, u64::MAX, 1_000).expect("entries");
                for entry in entries {
                    assert_eq!(entry.number, seen + 1, "a number became visible before its turn");
                    seen += 1;
                }
                assert!(log.head().expect("a head").number >= seen);
            }
        });
    });
    let head = log.head().expect("a head");
    assert_eq!(head.number, end);
    let entries = log.entries(0, end, 1_000).expect("entries");
    let chain = entries.iter().fold([0; 32], |chain, entry| entry.chain_after(&chain));
    assert_eq!(chain, head.chain, "one chain over what all of them wrote");
}

/// `log` is fresh but for one account: `anna`, who is wijkregisseur of Slikkerveer.
pub(crate) fn conforms(log: &mut impl Log, anna: PrincipalId) {
    let start = log.head().expect("a head").number;
    numbers_and_chain(log, anna, start);
    what_is_taken(log, anna);
    audiences_and_scopes(log, anna);
    refusals(log, anna);
    erasures(log, anna);
}

fn numbers_and_chain(log: &mut impl Log, anna: PrincipalId, start: u64) {
    let one = record_id(1);
    let number = write(log, |log| log.append(change(one, 1, 1, anna), NOW)).expect("appended");
    assert_eq!(number, start + 1);
    let undone: Result<(), LogError> = write(log, |log| {
        log.append(change(one, 2, 2, anna), NOW)?;
        assert_eq!(log.head()?.number, start + 2, "a transaction sees its own writes");
        Err(LogError::NotBegun)
    });
    assert!(undone.is_err());
    let number = write(log, |log| log.append(change(one, 3, 2, anna), NOW)).expect("appended");
    assert_eq!(number, start + 2, "a number that was rolled back is given out again");

    let head = log.head().expect("a head");
    let entries = log.entries(0, head.number, 1_000).expect("entries");
    assert_eq!(entries.len() as u64, head.number);
    let mut chain = [0; 32];
    for entry in &entries {
        chain = entry.chain_after(&chain);
        assert_eq!(log.chain_at(entry.number).expect("read"), Some(chain));
    }
    assert_eq!(chain, head.chain);
    assert_eq!(log.chain_at(0).expect("read"), Some([0; 32]));
    assert_eq!(log.chain_at(head.number + 1).expect("read"), None);
    assert_eq!(log.chain_at(u64::MAX).expect("read"), None);
    assert_eq!(log.entries(0, head.number, 1).expect("entries"), entries[..1]);
    assert_eq!(log.changes(one, start + 1, head.number).expect("changes").len(), 1);
    assert_eq!(log.touched(start, head.number, None, 10).expect("touched"), [one]);
    assert!(log.touched(0, head.number, Some(one), 10).expect("touched").is_empty());
    assert!(matches!(log.append(change(one, 9, 9, anna), NOW), Err(LogError::NotBegun)));
}

fn what_is_taken(log: &mut impl Log, anna: PrincipalId) {
    let (one, two) = (record_id(1), record_id(2));
    let taken = write(log, |log| log.append(change(one, 1, 7, anna), NOW));
    assert!(matches!(taken, Err(LogError::Taken)), "the same hash in the same document");
    let taken = write(log, |log| log.append(change(one, 8, 1, anna), NOW));
    assert!(matches!(taken, Err(LogError::Taken)), "the same number of the same actor");
    write(log, |log| log.append(change(two, 1, 1, anna), NOW))
        .expect("the same hash in another document is another change");
    let hash = ChangeHash::new([1; 32]);
    let (first, _) = log.accepted(one, hash).expect("read").expect("accepted");
    let (second, mac) = log.accepted(two, hash).expect("read").expect("accepted");
    assert!(second > first);
    assert_eq!(mac, [1; 32]);
    assert_eq!(log.accepted(record_id(3), hash).expect("read"), None);
}

fn audiences_and_scopes(log: &mut impl Log, anna: PrincipalId) {
    let id = record_id(4);
    let (here, there) = (audience(SLIKKERVEER, anna), audience(RIJSOORD, anna));
    let mut at = Vec::new();
    for (hash, audience) in [(1, &here), (2, &here), (3, &there), (4, &here)] {
        let number = write(log, |log| {
            let number = log.append(change(id, hash, hash.into(), anna), NOW)?;
            log.set_audience(id, number, audience)?;
            Ok(number)
        });
        at.push(number.expect("appended"));
    }
    assert_eq!(log.audience_at(id, at[0] - 1).expect("read"), None);
    for (number, audience) in at.iter().zip([&here, &here, &there, &here]) {
        assert_eq!(log.audience_at(id, *number).expect("read").as_ref(), Some(audience));
    }
    let before = at[0];
    let bound = Principal { id: anna, role: Role::Oov, wijken: [].into() };
    let number = write(log, |log| log.append(EntryBody::Scope(bound.clone()), NOW));
    let number = number.expect("appended");
    let then = log.principal_at(anna, number - 1).expect("read").expect("an account");
    assert_eq!(then.role, Role::Wijkregisseur);
    assert_eq!(log.principal_at(anna, number).expect("read"), Some(bound));
    assert_eq!(log.scope_changed_after(anna, before).expect("read"), Some(NOW));
    assert_eq!(log.scope_changed_after(anna, number).expect("read"), None);
    assert_eq!(log.documents(number, None, 1).expect("documents"), [id]);
}

fn refusals(log: &mut impl Log, anna: PrincipalId) {
    let other = PrincipalId::from_parts(NOW, [0xee; 10]);
    let (document, hash) = (record_id(5), ChangeHash::new([5; 32]));
    for code in ["first", "second"] {
        let code = code.to_owned();
        let kept = KeptRefusal { document, hash, principal: anna, code, at: NOW };
        write(log, |log| log.keep_refusal(&kept)).expect("kept");
    }
    let code = log.refusal(document, hash, anna).expect("read");
    assert_eq!(code.as_deref(), Some("first"), "a verdict is final");
    assert_eq!(log.refusal(document, hash, other).expect("read"), None);
}

fn erasures(log: &mut impl Log, _: PrincipalId) {
    let (id, successor) = (record_id(4), Some(record_id(6)));
    let before = log.head().expect("a head").number;
    assert_eq!(log.tombstone(id).expect("read"), None);
    let erasure = EntryBody::Erasure { document: id, successor };
    let number = write(log, |log| log.append(erasure, NOW)).expect("appended");
    assert_eq!(log.tombstone(id).expect("read"), Some(Tombstone { successor }));
    assert_eq!(log.audience_at(id, number).expect("read"), None);
    assert!(log.audience_at(id, before).expect("read").is_some());
    assert_eq!(log.touched(before, number, None, 10).expect("touched"), [id]);
}

#[test]
fn sqlite_conforms() {
    let dir = tempfile::tempdir().expect("a directory");
    let on_disk = SqlLog::open(&dir.path().join("log.db"), &municipality(), NOW);
    for mut log in [on_disk, SqlLog::in_memory(&municipality(), NOW)].map(|log| log.expect("opens"))
    {
        let anna = anna(&mut log);
        conforms(&mut log, anna);
    }
}

#[test]
fn sqlite_stays_in_order_when_many_append_at_once() {
    let dir = tempfile::tempdir().expect("a directory");
    let path = dir.path().join("log.db");
    races(|| SqlLog::open(&path, &municipality(), NOW).expect("opens"));
}

#[test]
fn one_file_keeps_municipalities_apart() {
    let dir = tempfile::tempdir().expect("a directory");
    let path = dir.path().join("log.db");
    let mut here = SqlLog::open(&path, &municipality(), NOW).expect("opens");
    let there = "GM0505".parse().expect("a code");
    let mut there = SqlLog::open(&path, &there, NOW).expect("opens");
    let anna = PrincipalId::from_parts(NOW, [1; 10]);
    for log in [&mut here, &mut there] {
        let wijken = [area(SLIKKERVEER)].into();
        log.add_user(anna, "Anna", Role::Wijkregisseur, wijken, NOW).expect("an account");
    }
    write(&mut here, |log| log.append(change(record_id(1), 1, 1, anna), NOW)).expect("appended");
    assert_eq!(there.head().expect("a head").number + 1, here.head().expect("a head").number);
    assert!(there.changes(record_id(1), 0, 9).expect("changes").is_empty());
    assert_eq!(SqlLog::municipalities(&LogPlace::File(path)).expect("read").len(), 2);
}

#[test]
fn a_log_of_a_newer_version_is_refused_and_left_alone() {
    let dir = tempfile::tempdir().expect("a directory");
    let path = dir.path().join("log.db");
    drop(SqlLog::open(&path, &municipality(), NOW).expect("opens"));
    let conn = rusqlite::Connection::open(&path).expect("opens");
    conn.pragma_update(None, "user_version", 99).expect("set");
    drop(conn);
    let refused = SqlLog::open(&path, &municipality(), NOW).err().expect("refused");
    assert!(matches!(refused, LogError::NewerDatabase { found: 99, known: 1 }));
}
