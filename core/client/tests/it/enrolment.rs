//! Enrolling.

use wijkboek_client::{SyncPhase, WijkboekError};
use wijkboek_model::{Denial, Role, Rule};
use wijkboek_sync::{Me, RoleName};

use crate::office::{Fault, Office, refusal};
use crate::people;

#[test]
fn a_code_makes_a_device_somebodys() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("book.db");
    let office = Office::open();
    office.invite("CODE", people::fatima());
    let book = people::open(&path);
    let identity = book.enrol(&office.url(), " CODE ", "toestel 1").expect("enrolled");
    assert_eq!(
        (identity.name.as_str(), identity.role.known()),
        ("Fatima", Some(Role::Wijkregisseur))
    );
    assert_eq!(book.status().expect("a status").phase, SyncPhase::Idle);
    drop(book);
    assert_eq!(people::open(&path).identity(), Some(identity));
}

#[test]
fn an_unknown_code_changes_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let office = Office::open();
    office.invite("CODE", people::fatima());
    let book = people::open(&folder.path().join("book.db"));
    let refused = book.enrol(&office.url(), "OTHER", "toestel 1");
    assert_eq!(refused, Err(WijkboekError::CodeRefused));
    assert_eq!(book.identity(), None);
    book.enrol(&office.url(), "CODE", "toestel 1").expect("the right one works");
    let used = book.enrol(&office.url(), "CODE", "toestel 1");
    assert_eq!(used, Err(WijkboekError::CodeRefused), "but once");
    assert!(book.identity().is_some());
}

#[test]
fn failures_say_what_a_screen_can_show() {
    let folder = tempfile::tempdir().expect("a folder");
    let office = Office::open();
    let book = people::open(&folder.path().join("book.db"));
    let problem = |code: &str| Err(WijkboekError::ServerProblem { code: code.to_owned() });
    for (fault, expected) in [
        (refusal(500, "internal"), problem("internal")),
        (refusal(429, "overloaded"), problem("overloaded")),
        (refusal(409, "install-taken"), problem("install-taken")),
        (Fault::Answer(200, "text/html", b"<p>Welkom op de wifi".to_vec()), problem(FOREIGN)),
        (Fault::Answer(302, "text/html", Vec::new()), problem("unknown")),
        (Fault::Answer(200, wijkboek_sync::CONTENT_TYPE, vec![1, 2, 3]), problem("malformed")),
        (Fault::HangUp, Err(WijkboekError::Offline)),
    ] {
        office.fail("/v1/enrolments", fault.clone());
        assert_eq!(book.enrol(&office.url(), "CODE", "toestel 1"), expected, "{fault:?}");
    }
    let url = office.url();
    drop(office);
    assert_eq!(book.enrol(&url, "CODE", "toestel 1"), Err(WijkboekError::Offline));
    let refused = WijkboekError::Invalid { field: "server_url", rule: Rule::Unreadable };
    assert_eq!(book.enrol("http://example.nl", "CODE", "toestel 1"), Err(refused));
    assert_eq!(book.identity(), None);
}

#[test]
fn a_device_with_records_does_not_change_hands() {
    let folder = tempfile::tempdir().expect("a folder");
    let office = Office::open();
    office.invite("HERS", people::fatima());
    office.invite("HERS AGAIN", people::fatima());
    office.invite("HIS", people::bram());
    let book = people::open(&folder.path().join("book.db"));
    book.enrol(&office.url(), "HERS", "toestel 1").expect("enrolled");
    let his = book.enrol(&office.url(), "HIS", "toestel 1");
    assert_eq!(his, Err(WijkboekError::OtherPerson));
    assert_eq!(book.identity().map(|identity| identity.name).as_deref(), Some("Fatima"));
    book.enrol(&office.url(), "HERS AGAIN", "toestel 1").expect("her own, with another token");
    book.sync().expect("and it works");
}

#[test]
fn a_role_of_a_newer_server_takes_the_account_nothing_but_its_rights() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("book.db");
    let office = Office::open();
    office.invite("CODE", Me { role: RoleName::from("wijkcoach"), ..people::fatima() });
    let book = people::open(&path);
    let identity = book.enrol(&office.url(), "CODE", "toestel 1").expect("enrolled");
    book.sync().expect("a pull that can be read");
    assert_eq!((identity.role.as_str(), identity.principal()), ("wijkcoach", None));
    let denied = book.create(people::contact("Losse tegel"));
    let denial = Denial::TypeNotForRole;
    assert_eq!(denied, Err(WijkboekError::NotAllowed { denial }));
    drop(book);
    assert_eq!(people::open(&path).identity(), Some(identity), "kept for the next version");
}

const FOREIGN: &str = "not-a-wijkboek-server";
