//! Who receives what: no byte beyond one's scope, and *forget* where something left it.

use wijkboek_model::{Edit, Role, Sensitivity};
use wijkboek_server::ServerError;
use wijkboek_server::log::{EntryBody, Log as _, transaction};
use wijkboek_sync::{PullNext, PullRequest, PushOutcome, to_body};

use crate::support::{
    RIJSOORD, SLIKKERVEER, Town, area, contact, problem_code, record_id, signal, visit,
};

fn holds(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}

#[tokio::test]
async fn a_wijkregisseur_receives_no_byte_of_a_note_outside_their_scope() {
    let town = Town::new();
    let mut anna = town.wijkregisseur("Anna", &[SLIKKERVEER]).await;
    let mut bram = town.wijkregisseur("Bram", &[RIJSOORD]).await;
    let mut carla = town.phone(town.user("Carla", Role::Medewerker, &[])).await;
    let mut daan = town.phone(town.user("Daan", Role::Ambassadeur, &[SLIKKERVEER])).await;
    anna.create(record_id(1), &contact(SLIKKERVEER, "Binnen-Slikkerveer"));
    anna.create(record_id(2), &contact(RIJSOORD, "Anna-over-Rijsoord"));
    bram.create(record_id(3), &contact(RIJSOORD, "Buiten-bereik-Rijsoord"));
    bram.create(record_id(4), &visit(RIJSOORD, &[anna.principal]));
    daan.create(record_id(5), &signal(SLIKKERVEER, "Melding-van-Daan"));
    for phone in [&mut anna, &mut bram, &mut daan] {
        phone.push().await;
    }

    let pulled = anna.pull().await;
    assert!(holds(&pulled.bytes, "Binnen-Slikkerveer"));
    assert!(holds(&pulled.bytes, "Anna-over-Rijsoord"), "the author keeps seeing it");
    assert!(holds(&pulled.bytes, "Dillenburgplein"), "a visit whose team she is in");
    assert!(holds(&pulled.bytes, "Melding-van-Daan"));
    assert!(!holds(&pulled.bytes, "Buiten-bereik"));
    assert!(pulled.forget.is_empty());

    let pulled = bram.pull().await;
    assert!(holds(&pulled.bytes, "Anna-over-Rijsoord"));
    assert!(!holds(&pulled.bytes, "Slikkerveer"));
    assert!(!holds(&pulled.bytes, "Daan") && pulled.forget.is_empty());
    assert_eq!(carla.pull().await.documents.len(), 5, "everything is gewoon");
    assert_eq!(daan.pull().await.documents, [record_id(5)]);
}

#[tokio::test]
async fn a_record_that_moves_is_forgotten_here_and_arrives_whole_there() {
    let town = Town::new();
    let mut anna = town.wijkregisseur("Anna", &[SLIKKERVEER]).await;
    let mut bram = town.wijkregisseur("Bram", &[RIJSOORD]).await;
    let mut carla = town.wijkregisseur("Carla", &[SLIKKERVEER]).await;
    let id = record_id(1);
    anna.create(id, &contact(SLIKKERVEER, "Zwerfvuil"));
    anna.edit(id, Edit::Note("Zwerfvuil bij de school".to_owned()).into_write());
    anna.push().await;
    assert_eq!(carla.pull().await.documents, [id]);
    assert!(bram.pull().await.documents.is_empty());

    anna.edit(id, Edit::Buurt(area("BU05970800")).into_write());
    anna.push().await;
    let pulled = carla.pull().await;
    assert_eq!((pulled.documents.as_slice(), pulled.forget.as_slice()), (&[][..], &[id][..]));
    assert!(!holds(&pulled.bytes, "Zwerfvuil"), "not even the change that moved it away");
    let pulled = bram.pull().await;
    assert_eq!(pulled.documents, [id]);
    assert_eq!(bram.documents[&id].change_count(), 3, "with its whole history");
    let pulled = anna.pull().await;
    assert!(pulled.forget.is_empty(), "its author keeps it");

    for phone in [&mut anna, &mut bram, &mut carla] {
        let pulled = phone.pull().await;
        assert!(pulled.documents.is_empty() && pulled.forget.is_empty(), "nothing is new");
    }
}

#[tokio::test]
async fn another_wijk_brings_its_records_and_a_lost_one_takes_them() {
    let town = Town::new();
    let mut anna = town.wijkregisseur("Anna", &[SLIKKERVEER, RIJSOORD]).await;
    let mut bram = town.wijkregisseur("Bram", &[RIJSOORD]).await;
    anna.create(record_id(1), &contact(SLIKKERVEER, "Speeltuin"));
    anna.create(record_id(2), &contact(RIJSOORD, "Waal"));
    anna.push().await;
    assert_eq!(bram.pull().await.documents, [record_id(2)]);

    town.set_wijken(bram.principal, Role::Wijkregisseur, &[SLIKKERVEER]);
    let pulled = bram.pull().await;
    assert_eq!(pulled.documents, [record_id(1)]);
    assert_eq!(pulled.forget, [record_id(2)]);

    town.set_wijken(bram.principal, Role::Fg, &[]);
    assert_eq!(bram.pull().await.forget, [record_id(1)]);
}

#[tokio::test]
async fn becoming_gevoelig_takes_a_record_from_the_office_but_not_from_the_wijk() {
    let town = Town::new();
    let mut anna = town.wijkregisseur("Anna", &[SLIKKERVEER]).await;
    let mut carla = town.phone(town.user("Carla", Role::Medewerker, &[])).await;
    let id = record_id(1);
    anna.create(id, &contact(SLIKKERVEER, "Zorgen om een gezin"));
    anna.push().await;
    assert_eq!(carla.pull().await.documents, [id]);
    anna.edit(id, Edit::Sensitivity(Sensitivity::Gevoelig).into_write());
    anna.push().await;
    assert_eq!(carla.pull().await.forget, [id]);
    assert!(anna.pull().await.forget.is_empty());
}

#[tokio::test]
async fn a_phone_that_misses_changes_gets_the_document_whole_or_a_forget() {
    let town = Town::new();
    let mut anna = town.wijkregisseur("Anna", &[SLIKKERVEER, RIJSOORD]).await;
    let mut bram = town.wijkregisseur("Bram", &[RIJSOORD]).await;
    anna.create(record_id(1), &contact(SLIKKERVEER, "Speeltuin"));
    anna.create(record_id(2), &contact(RIJSOORD, "Waal"));
    anna.push().await;
    bram.pull().await;
    bram.documents.clear();
    let wanted = vec![record_id(1), record_id(2), record_id(9)];
    let pulled = bram.pull_whole(wanted).await;
    assert_eq!(pulled.documents, [record_id(2)]);
    assert_eq!(pulled.forget, [record_id(1), record_id(9)]);
}

#[tokio::test]
async fn pages_speak_of_one_moment_and_never_of_more_than_one_may_see_now() {
    let town = Town::new();
    let mut anna = town.wijkregisseur("Anna", &[SLIKKERVEER]).await;
    let mut bram = town.wijkregisseur("Bram", &[SLIKKERVEER]).await;
    let long = "x".repeat(15_000);
    for number in 1..=9 {
        anna.create(record_id(number), &contact(SLIKKERVEER, &format!("{long} {number}")));
    }
    anna.push().await;
    let first = PullRequest { cursor: None, page: None, max_bytes: 0, whole: Vec::new() };
    let (page, _) = bram.send_pull(&first).await;
    assert_eq!(page.documents[0].id, record_id(9), "the newest first");
    let PullNext::More { page: token } = page.next else { panic!("there is more") };

    // A record that arrives meanwhile belongs to the next pull.
    anna.create(record_id(10), &contact(SLIKKERVEER, "later"));
    anna.push().await;
    let pulled = bram.pull().await;
    assert_eq!(pulled.documents.len(), 10);

    let stolen = PullRequest { page: Some(token.clone()), ..first.clone() };
    let answer = anna.send("/v1/pull", to_body(&stolen)).await;
    assert_eq!(problem_code(&answer), "page-expired", "a token serves its own device only");

    town.set_wijken(bram.principal, Role::Wijkregisseur, &[RIJSOORD]);
    let next = PullRequest { page: Some(token), max_bytes: 1 << 20, ..first };
    let (page, bytes) = bram.send_pull(&next).await;
    assert!(page.documents.is_empty(), "the wijk was lost while the pull went on");
    assert!(!holds(&bytes, "xxxx"));
}

#[tokio::test]
async fn an_erased_record_is_forgotten_everywhere_and_refused_for_ever() {
    let town = Town::new();
    let mut anna = town.wijkregisseur("Anna", &[SLIKKERVEER]).await;
    let mut bram = town.wijkregisseur("Bram", &[SLIKKERVEER]).await;
    let id = record_id(1);
    anna.create(id, &contact(SLIKKERVEER, "Te wissen"));
    anna.push().await;
    bram.pull().await;
    let erased = town.state.ledger(move |ledger, now| -> Result<(), ServerError> {
        let erasure = EntryBody::Erasure { document: id, successor: None };
        transaction(ledger.log_mut(), |log, _| log.append(erasure, now))?;
        ledger.catch_up()?;
        Ok(())
    });
    erased.await.expect("erased");
    let edit = bram.edit(id, Edit::Note("Te laat".to_owned()).into_write());
    assert_eq!(bram.push().await[&edit], PushOutcome::Refused { code: "erased".to_owned() });
    assert_eq!(bram.pull().await.forget, [id]);
    assert_eq!(anna.pull().await.forget, [id], "also its author's phone");
    let row = town.state.read(move |store| store.row(id)).await.expect("read").expect("rows");
    assert!(row.is_none());
}
