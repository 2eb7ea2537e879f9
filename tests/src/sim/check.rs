//! The promises that must hold once the world is quiet.

use std::collections::{BTreeMap, BTreeSet};

use wijkboek_model::{RecordId, TallyKey, sees};
use wijkboek_store::{Row, Store};

use super::device::rows;
use super::world::World;

/// Looks at everything; one line for each promise that does not hold.
pub(super) fn promises(world: &mut World) -> Vec<String> {
    let mut broken = nothing_is_lost(world);
    broken.extend(tallies_equal_taps(world));
    broken.extend(replicas_agree(world));
    broken.extend(indexes_equal_their_rebuild(world));
    broken.extend(the_next_sync_is_empty(world));
    broken
}

/// Every acknowledged write is in the log, or was refused and its text lies on the phone.
fn nothing_is_lost(world: &mut World) -> Vec<String> {
    let refused: BTreeSet<_> = world
        .phones
        .iter()
        .flat_map(|phone| phone.store.refused().expect("the store reads"))
        .map(|item| (item.id, item.hash))
        .collect();
    let acknowledged = world.acknowledged.clone();
    acknowledged
        .into_iter()
        .filter(|(id, hash)| {
            !refused.contains(&(*id, *hash)) && !world.office.log_holds(*id, *hash)
        })
        .map(|(id, hash)| format!("acknowledged change {hash} of {id} is nowhere"))
        .collect()
}

fn tallies_equal_taps(world: &mut World) -> Vec<String> {
    let mut tapped: BTreeMap<(RecordId, TallyKey), i64> = BTreeMap::new();
    for ((id, hash), (key, by)) in world.taps.clone() {
        if world.office.log_holds(id, hash) {
            *tapped.entry((id, key)).or_default() += by;
        }
    }
    let office = rows(world.office.replica());
    let mut broken = Vec::new();
    for row in office {
        for (key, counted) in row.tallies {
            let expected = tapped.get(&(row.id, key)).copied().unwrap_or(0);
            if counted != expected {
                broken.push(format!("{}: {key} counts {counted}, tapped were {expected}", row.id));
            }
        }
    }
    broken
}

/// Whoever may see a record holds it as the office does; whoever may not holds nothing of it.
fn replicas_agree(world: &mut World) -> Vec<String> {
    let mut broken = Vec::new();
    let ids = world.office.replica().ids().expect("the store reads");
    let office: BTreeMap<RecordId, Row> =
        rows(world.office.replica()).into_iter().map(|row| (row.id, row)).collect();
    for id in ids {
        let document = world.office.replica().document(id).expect("loads").expect("is there");
        let audience = document.audience().expect("readable");
        for (index, phone) in world.phones.iter().enumerate() {
            let heads = phone.store.heads(id).expect("the store reads");
            if !sees(&phone.principal, &audience) {
                if !heads.is_empty() {
                    broken.push(format!("phone {index} holds {id}, which is not theirs"));
                }
                continue;
            }
            if heads != document.heads() {
                broken.push(format!("phone {index} has other heads of {id} than the office"));
            }
            let row = phone.store.row(id).expect("the store reads");
            if !same(row.as_ref(), office.get(&id)) {
                broken.push(format!("phone {index} shows {id} differently from the office"));
            }
        }
    }
    for (index, phone) in world.phones.iter().enumerate() {
        for row in phone.rows() {
            if !office.contains_key(&row.id) {
                broken.push(format!("phone {index} holds {}, which the office does not", row.id));
            }
        }
    }
    broken
}

/// Equal but for what is each replica's own: how far a record has been delivered.
fn same(a: Option<&Row>, b: Option<&Row>) -> bool {
    let (Some(a), Some(b)) = (a, b) else { return false };
    let own = Row { delivery: b.delivery, number: b.number, ..a.clone() };
    own == *b
}

fn indexes_equal_their_rebuild(world: &mut World) -> Vec<String> {
    let differs = |store: &mut Store| !store.rebuild().expect("rebuilds").is_clean();
    let mut broken = Vec::new();
    for (index, phone) in world.phones.iter_mut().enumerate() {
        if differs(&mut phone.store) {
            broken.push(format!("phone {index}: rows differ from their rebuild"));
        }
    }
    broken
}

fn the_next_sync_is_empty(world: &mut World) -> Vec<String> {
    (world.office.pulled, world.office.pushed) = (0, 0);
    let mut broken = world.heal();
    let (pulled, pushed) = (world.office.pulled, world.office.pushed);
    if pulled + pushed > 0 {
        broken.push(format!("a quiet world still moved {pushed} changes and {pulled} documents"));
    }
    broken
}
