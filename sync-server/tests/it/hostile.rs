//! Hostile changes over HTTP: each is refused for its own reason, and the valid change beside it
//! is accepted all the same.

use std::collections::BTreeSet;
use std::path::Path;

use sha2::{Digest as _, Sha256};
use wijkboek_crdt::testing::{
    bundle, container_replaced, counter_overwritten, deflated, foreign_record_id, forked_sequence,
    hash_mismatch, inflated_start_op, makes_object, malformed_author, many_operations,
    reserved_key, second_root, sequence_gap, unrelated_dependency, whole_document,
};
use wijkboek_crdt::{Document, RawChange};
use wijkboek_model::{ActorId, ChangeHash, Edit, InstallId};
use wijkboek_sync::{PushOutcome, PushVerdict};

use crate::support::{Phone, SLIKKERVEER, Town, contact, record_id, visit};

/// The byte strings that mutation found and those made to spoil one thing, each under the hash
/// that its content has.
pub(crate) fn samples() -> Vec<(String, RawChange)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../core/crdt/tests/hostile");
    let mut found = Vec::new();
    for file in std::fs::read_dir(folder).expect("the folder of samples") {
        let path = file.expect("a file").path();
        if path.extension().is_some_and(|extension| extension == "bin") {
            let bytes = std::fs::read(&path).expect("a sample");
            let framed = bytes.get(8..).unwrap_or_default();
            let hash = ChangeHash::new(Sha256::digest(framed).into());
            found.push((path.display().to_string(), RawChange { hash, bytes }));
        }
    }
    found.sort_by(|one, other| one.0.cmp(&other.0));
    assert!(found.len() >= 24, "the samples are there");
    found
}

fn code(verdict: &PushVerdict) -> &str {
    match &verdict.outcome {
        PushOutcome::Refused { code } => code,
        PushOutcome::Accepted { .. } => "accepted",
        PushOutcome::Duplicate { .. } => "duplicate",
        PushOutcome::Waiting => "waiting",
    }
}

async fn push(
    phone: &mut Phone,
    changes: Vec<(wijkboek_model::RecordId, RawChange)>,
) -> Vec<PushVerdict> {
    let request = phone.push_request(changes);
    phone.send_push(&request).await.verdicts
}

#[tokio::test]
async fn every_sample_is_refused_and_the_valid_change_beside_it_accepted() {
    let town = Town::new();
    let mut phone = town.wijkregisseur("Anna", &[SLIKKERVEER]).await;
    let id = record_id(1);
    phone.create(id, &contact(SLIKKERVEER, "begin"));
    phone.push().await;
    let samples = samples();
    let accepted = 1 + u64::try_from(samples.len()).expect("few");
    for (number, (name, sample)) in samples.into_iter().enumerate() {
        phone.edit(id, Edit::Note(format!("wijziging {number}")).into_write());
        let edit = phone.take_outbox().remove(0).1;
        let changes =
            vec![(id, sample.clone()), (id, edit), (id, sample.clone()), (record_id(2), sample)];
        let verdicts = push(&mut phone, changes).await;
        let codes: Vec<&str> = verdicts.iter().map(code).collect();
        assert_eq!(codes[1], "accepted", "{name}");
        // A change that builds on another document's waits for what never comes: nothing of it
        // is stored.
        for code in [codes[0], codes[2], codes[3]] {
            assert!(!["accepted", "duplicate"].contains(&code), "{name}: {code}");
            assert!(code != "waiting" || name.contains("/made-"), "{name}: {code}");
        }
    }
    let counts = town.log().counts().expect("counts");
    assert_eq!((counts.documents, counts.changes), (1, accepted));
}

/// An edit that the server does not have yet, and the document with it.
fn fresh_edit(phone: &mut Phone, note: &str) -> RawChange {
    phone.edit(record_id(1), Edit::Note(note.to_owned()).into_write());
    phone.take_outbox().remove(0).1
}

#[tokio::test]
async fn every_made_attack_is_refused_for_its_own_reason() {
    let town = Town::new();
    let mut phone = town.wijkregisseur("Anna", &[SLIKKERVEER]).await;
    let (talk, tent, other) = (record_id(1), record_id(2), record_id(3));
    phone.create(talk, &contact(SLIKKERVEER, "begin"));
    phone.create(tent, &visit(SLIKKERVEER, &[]));
    let outbox = phone.take_outbox();
    let first = outbox[0].1.clone();
    push(&mut phone, outbox).await;
    let stranger = ActorId::of(InstallId::new([0xaa; 12]), 0);
    let known: Document = phone.documents[&talk].clone();
    let tally = phone.documents[&tent].clone();
    let stamp = phone.stamp();
    let edit = fresh_edit(&mut phone, "volgende");
    let record = contact(SLIKKERVEER, "x");
    let (unpushed, foreign) =
        Document::create(other, phone.principal, &record, &stamp).expect("a valid record");
    let attacks = [
        ("second-root", talk, second_root(&first, stranger)),
        ("wrong-start-op", talk, inflated_start_op(&edit)),
        ("sequence-gap", talk, sequence_gap(&edit)),
        ("deflated-chunk", other, deflated(&foreign)),
        ("bundle-chunk", other, bundle(&unpushed)),
        ("document-chunk", other, whole_document(&unpushed)),
        ("hash-mismatch", talk, hash_mismatch(&edit)),
        ("too-many-operations", talk, many_operations(&edit)),
        ("container-replaced", talk, container_replaced(&known, &stamp)),
        ("makes-object", talk, makes_object(&known, &stamp)),
        ("reserved-key", talk, reserved_key(&known, &stamp)),
        ("counter-overwritten", tent, counter_overwritten(&tally, &stamp)),
        ("other-record", record_id(8), foreign_record_id(&first, other)),
        ("author-malformed", other, malformed_author(&foreign)),
    ];
    let mut reasons = BTreeSet::new();
    for (expected, id, attack) in attacks {
        let verdicts = push(&mut phone, vec![(id, attack)]).await;
        assert_eq!(code(&verdicts[0]), expected);
        reasons.insert(expected);
    }
    assert_eq!(reasons.len(), 14);

    let unrelated = vec![(talk, foreign.clone()), (talk, unrelated_dependency(&edit, &foreign))];
    let verdicts = push(&mut phone, unrelated).await;
    assert!(verdicts.iter().all(|verdict| code(verdict) != "accepted"));

    let fork = forked_sequence(&edit);
    let verdicts = push(&mut phone, vec![(talk, edit), (talk, fork.clone())]).await;
    assert_eq!([code(&verdicts[0]), code(&verdicts[1])], ["accepted", "forked-sequence"]);
    let verdicts = push(&mut phone, vec![(talk, fork)]).await;
    assert_eq!(code(&verdicts[0]), "forked-sequence", "the verdict is kept");
}

#[tokio::test]
async fn a_batch_out_of_order_is_judged_in_causal_order() {
    let town = Town::new();
    let mut phone = town.wijkregisseur("Anna", &[SLIKKERVEER]).await;
    phone.create(record_id(1), &contact(SLIKKERVEER, "begin"));
    for number in 0..4 {
        phone.edit(record_id(1), Edit::Note(format!("{number}")).into_write());
    }
    let mut outbox = phone.take_outbox();
    outbox.reverse();
    let last = outbox[0].clone();
    outbox.push(last);
    let verdicts = push(&mut phone, outbox).await;
    let codes: Vec<&str> = verdicts.iter().map(code).collect();
    assert_eq!(codes, ["accepted", "accepted", "accepted", "accepted", "accepted", "duplicate"]);
}

#[tokio::test]
async fn damaged_bytes_do_not_bar_the_change_that_they_pretend_to_be() {
    let town = Town::new();
    let mut phone = town.wijkregisseur("Anna", &[SLIKKERVEER]).await;
    let id = record_id(1);
    phone.create(id, &contact(SLIKKERVEER, "begin"));
    phone.push().await;
    let edit = fresh_edit(&mut phone, "volgende");
    let after = fresh_edit(&mut phone, "en weer");
    let mut damaged = edit.clone();
    let end = damaged.bytes.len() - 1;
    damaged.bytes[end] ^= 1;
    let verdicts = push(&mut phone, vec![(id, damaged.clone())]).await;
    assert_eq!(code(&verdicts[0]), "checksum-mismatch");
    let verdicts = push(&mut phone, vec![(id, damaged), (id, edit), (id, after)]).await;
    assert_eq!([code(&verdicts[1]), code(&verdicts[2])], ["accepted", "accepted"]);
}
