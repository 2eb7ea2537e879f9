//! Verdicts: final, the same however often asked, and each change for itself.

use std::collections::BTreeSet;

use wijkboek_model::{Edit, Feedback, Field, Role, Status, Value, Write};
use wijkboek_sync::PushOutcome;

use crate::support::{RIJSOORD, SLIKKERVEER, Town, contact, record_id, signal, visit};

fn refused(code: &str) -> PushOutcome {
    PushOutcome::Refused { code: code.to_owned() }
}

fn note(text: &str) -> Write {
    Edit::Note(text.to_owned()).into_write()
}

const DAY_MS: i64 = 24 * 60 * 60 * 1_000;

#[tokio::test]
async fn pushing_again_gives_the_same_numbers_and_stores_nothing_twice() {
    let town = Town::new();
    let mut phone = town.wijkregisseur("Anna", &[SLIKKERVEER]).await;
    let first = phone.create(record_id(1), &contact(SLIKKERVEER, "Gat"));
    let second = phone.edit(record_id(1), note("Gat in de stoep"));
    let outbox = phone.take_outbox();
    let request = phone.push_request(outbox.clone());
    let verdicts = phone.send_push(&request).await.verdicts;
    let numbers: Vec<u64> = verdicts
        .iter()
        .map(|verdict| match verdict.outcome {
            PushOutcome::Accepted { number, .. } => number,
            PushOutcome::Duplicate { .. } | PushOutcome::Refused { .. } | PushOutcome::Waiting => {
                panic!("accepted")
            }
        })
        .collect();
    assert_eq!(numbers[1], numbers[0] + 1);
    let before = town.log().counts().expect("counts");
    let again = phone.push_request(outbox);
    for (verdict, number) in phone.send_push(&again).await.verdicts.iter().zip(&numbers) {
        assert_eq!(verdict.outcome, PushOutcome::Duplicate { number: *number });
    }
    assert_eq!(town.log().counts().expect("counts"), before);
    assert_ne!(first, second);
}

#[tokio::test]
async fn a_refused_change_takes_its_descendants_along_for_ever() {
    let town = Town::new();
    let mut anna = town.wijkregisseur("Anna", &[SLIKKERVEER]).await;
    let mut carla = town.phone(town.user("Carla", Role::Medewerker, &[])).await;
    let id = record_id(1);
    anna.create(id, &contact(SLIKKERVEER, "Losse tegel"));
    anna.push().await;
    carla.pull().await;
    // Office staff follow and answer somebody else's record; they do not rewrite what was said.
    let rewrite = carla.edit(id, note("Geen losse tegel"));
    let status = carla.edit(id, Edit::Status(Status::InBehandeling).into_write());
    let verdicts = carla.push().await;
    assert_eq!(verdicts[&rewrite], refused("field-not-for-role"));
    assert_eq!(verdicts[&status], refused("depends-on-refused"));

    let later = carla.edit(id, Edit::Status(Status::Afgehandeld).into_write());
    assert_eq!(carla.push().await[&later], refused("depends-on-refused"));

    // What is still allowed is made anew on the document without the refused change.
    carla.documents.clear();
    carla.pull_whole(vec![id]).await;
    assert_eq!(carla.note(id), "Losse tegel");
    let stamp = wijkboek_crdt::Stamp {
        actor: wijkboek_model::ActorId::of(carla.install, 1),
        at: town.now(),
    };
    let document = carla.documents.get_mut(&id).expect("the document");
    let write = Edit::Status(Status::InBehandeling).into_write();
    let change = document.edit(&[write], &stamp).expect("valid").expect("a change");
    let hash = change.hash;
    carla.smuggle(id, change);
    assert!(matches!(carla.push().await[&hash], PushOutcome::Accepted { .. }));
}

#[tokio::test]
async fn a_refusal_stands_even_when_it_would_be_allowed_by_now() {
    let town = Town::new();
    let mut anna = town.wijkregisseur("Anna", &[SLIKKERVEER]).await;
    let mut bram = town.wijkregisseur("Bram", &[RIJSOORD]).await;
    anna.create(record_id(1), &contact(SLIKKERVEER, "Losse tegel"));
    anna.push().await;
    bram.documents.insert(record_id(1), anna.documents[&record_id(1)].clone());
    let edit = bram.edit(record_id(1), note("Van Bram"));
    let outbox = bram.take_outbox();
    let request = bram.push_request(outbox.clone());
    assert_eq!(bram.send_push(&request).await.verdicts[0].outcome, refused("not-visible"));

    town.set_wijken(bram.principal, Role::Wijkregisseur, &[SLIKKERVEER]);
    let again = bram.push_request(outbox);
    assert_eq!(bram.send_push(&again).await.verdicts[0].outcome, refused("not-visible"));
    // It binds Bram only: the same change is not barred from anybody else's push.
    assert!(town.log().counts().expect("counts").refused == 1, "{edit}");
}

#[tokio::test]
async fn a_change_before_its_ancestors_waits_and_leaves_no_trace() {
    let town = Town::new();
    let mut phone = town.wijkregisseur("Anna", &[SLIKKERVEER]).await;
    let first = phone.create(record_id(1), &contact(SLIKKERVEER, "Gat"));
    let second = phone.edit(record_id(1), note("Gat in de stoep"));
    let other = phone.create(record_id(2), &contact(SLIKKERVEER, "Lantaarn"));
    let mut outbox = phone.take_outbox();
    let root = outbox.remove(0);
    let early = phone.push_request(outbox.clone());
    let verdicts = phone.send_push(&early).await.verdicts;
    assert_eq!(verdicts[0].outcome, PushOutcome::Waiting);
    assert_eq!(verdicts[0].hash, second);
    assert!(matches!(verdicts[1].outcome, PushOutcome::Accepted { .. }), "{other}");

    outbox.insert(0, root);
    let whole = phone.push_request(outbox);
    let verdicts = phone.send_push(&whole).await.verdicts;
    assert_eq!(verdicts[0].hash, first);
    assert!(matches!(verdicts[0].outcome, PushOutcome::Accepted { .. }));
    assert!(matches!(verdicts[1].outcome, PushOutcome::Accepted { .. }));
    assert!(matches!(verdicts[2].outcome, PushOutcome::Duplicate { .. }));
}

#[tokio::test]
async fn nobody_writes_in_another_name() {
    let town = Town::new();
    let mut anna = town.wijkregisseur("Anna", &[SLIKKERVEER]).await;
    let mut bram = town.wijkregisseur("Bram", &[SLIKKERVEER]).await;
    // Bram's installation, Anna's name.
    let own = bram.principal;
    bram.principal = anna.principal;
    let forged = bram.create(record_id(1), &contact(SLIKKERVEER, "Zogenaamd van Anna"));
    bram.principal = own;
    assert_eq!(bram.push().await[&forged], refused("not-the-author"));

    // A change that Anna made, brought by Bram before she could.
    let hash = anna.create(record_id(2), &contact(SLIKKERVEER, "Van Anna"));
    let outbox = anna.take_outbox();
    let request = bram.push_request(outbox.clone());
    assert_eq!(bram.send_push(&request).await.verdicts[0].outcome, refused("actor-not-own"));
    let request = anna.push_request(outbox);
    let outcome = &anna.send_push(&request).await.verdicts[0].outcome;
    assert!(matches!(outcome, PushOutcome::Accepted { .. }), "{hash} is not barred by that");
}

#[tokio::test]
async fn work_is_judged_as_it_looked_to_its_writer() {
    let town = Town::new();
    let mut anna = town.wijkregisseur("Anna", &[SLIKKERVEER]).await;
    let mut daan = town.phone(town.user("Daan", Role::Ambassadeur, &[SLIKKERVEER])).await;
    let id = record_id(1);
    daan.create(id, &signal(SLIKKERVEER, "Lantaarn kapot"));
    daan.push().await;
    daan.pull().await;
    anna.pull().await;
    anna.edit(id, Edit::Status(Status::InBehandeling).into_write());
    anna.push().await;

    // Daan is offline and does not know that it was taken up.
    let unaware = daan.edit(id, note("Lantaarn kapot, al een week"));
    assert!(matches!(daan.push().await[&unaware], PushOutcome::Accepted { .. }));
    daan.pull().await;
    let aware = daan.edit(id, note("Lantaarn kapot, al twee weken"));
    assert_eq!(daan.push().await[&aware], refused("field-not-for-role"));
    anna.pull().await;
    assert_eq!(anna.note(id), "Lantaarn kapot, al een week");
}

#[tokio::test]
async fn lost_rights_hold_for_old_work_for_thirty_days() {
    let town = Town::new();
    let mut anna = town.wijkregisseur("Anna", &[SLIKKERVEER]).await;
    let mut bram = town.wijkregisseur("Bram", &[SLIKKERVEER]).await;
    let ids = [record_id(1), record_id(2), record_id(3)];
    for id in ids {
        anna.create(id, &contact(SLIKKERVEER, "Zwerfvuil"));
    }
    anna.push().await;
    bram.pull().await;
    let [soon, late, aware] = ids.map(|id| bram.edit(id, note("Van Bram")));
    let mut outbox = bram.take_outbox();
    let (third, second) = (outbox.pop().expect("third"), outbox.pop().expect("second"));
    town.set_wijken(bram.principal, Role::Wijkregisseur, &[RIJSOORD]);

    town.pass(29 * DAY_MS);
    let request = bram.push_request(outbox);
    let verdict = &bram.send_push(&request).await.verdicts[0];
    assert_eq!(verdict.hash, soon);
    assert!(matches!(verdict.outcome, PushOutcome::Accepted { .. }));

    town.pass(2 * DAY_MS);
    let request = bram.push_request(vec![second]);
    let verdict = &bram.send_push(&request).await.verdicts[0];
    assert_eq!((verdict.hash, &verdict.outcome), (late, &refused("rights-ended")));

    // Once the phone knows, the old rights are gone at once.
    assert_eq!(bram.pull().await.forget.len(), 3);
    let request = bram.push_request(vec![third]);
    let verdict = &bram.send_push(&request).await.verdicts[0];
    assert_eq!((verdict.hash, &verdict.outcome), (aware, &refused("not-visible")));
}

#[tokio::test]
async fn two_phones_tally_and_edit_at_once_and_both_values_stand() {
    let town = Town::new();
    let mut anna = town.wijkregisseur("Anna", &[SLIKKERVEER]).await;
    let mut bram = town.wijkregisseur("Bram", &[SLIKKERVEER]).await;
    let (tent, talk) = (record_id(1), record_id(2));
    anna.create(tent, &visit(SLIKKERVEER, &[anna.principal, bram.principal]));
    anna.create(talk, &contact(SLIKKERVEER, "Groen"));
    anna.push().await;
    bram.pull().await;
    let key = wijkboek_model::TallyKey::JustATalk;
    for phone in [&mut anna, &mut bram] {
        phone.edit(tent, Edit::Tally(key, 2).into_write());
        phone.edit(talk, note(&format!("Groen, volgens {}", phone.install)));
    }
    anna.push().await;
    bram.push().await;
    anna.pull().await;
    bram.pull().await;
    for phone in [&anna, &bram] {
        assert_eq!(phone.documents[&tent].parts().tallies[&key], 4);
        let conflicts = phone.documents[&talk].conflicts();
        assert_eq!(conflicts[0].field, Field::Note);
        let values: BTreeSet<Value> =
            conflicts[0].values.iter().map(|alternative| alternative.value.clone()).collect();
        assert_eq!(values.len(), 2);
    }
    assert_eq!(anna.documents[&talk].heads(), bram.documents[&talk].heads());
}

#[tokio::test]
async fn a_record_is_closed_with_an_answer_and_choosing_is_no_step() {
    let town = Town::new();
    let mut anna = town.wijkregisseur("Anna", &[SLIKKERVEER]).await;
    let mut bram = town.wijkregisseur("Bram", &[SLIKKERVEER]).await;
    let (silent, talk) = (record_id(1), record_id(2));
    for id in [silent, talk] {
        anna.create(id, &contact(SLIKKERVEER, "Zwerfvuil bij de glasbak"));
    }
    anna.push().await;
    bram.pull().await;
    let close = || Edit::Status(Status::Afgehandeld).into_write();
    let bare = anna.edit(silent, close());
    assert_eq!(anna.push().await[&bare], refused("step-refused"));

    let answer = Edit::Answer(Some("De glasbak is geleegd.".to_owned())).into_write();
    let promise = Edit::Feedback(Some(Feedback::Gegeven)).into_write();
    let closed = anna.edit_all(talk, &[answer, promise, close()]);
    assert!(matches!(anna.push().await[&closed], PushOutcome::Accepted { .. }));
    // Not knowing of that, somebody else went on with it.
    bram.edit(talk, Edit::Status(Status::InBehandeling).into_write());
    bram.push().await;
    anna.pull().await;
    bram.pull().await;
    assert_eq!(bram.documents[&talk].conflicts()[0].field, Field::Status);
    let chosen = bram.edit(talk, close());
    assert!(matches!(bram.push().await[&chosen], PushOutcome::Accepted { .. }));
    let taken_away = bram.edit(talk, Edit::Answer(None).into_write());
    assert_eq!(bram.push().await[&taken_away], refused("step-refused"));
}
