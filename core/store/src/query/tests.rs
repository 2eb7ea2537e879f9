use rusqlite::params_from_iter;
use wijkboek_model::{AreaCode, IdeaStage, Principal, PrincipalId, Role, Status, Timestamp};

use super::plan::{Plan, Source};
use super::walk::{Wanted, along_sql};
use crate::{Filter, Scope, Store};

/// What `SQLite` would do for a list, stretch by stretch.
fn explained(scope: &Scope, filter: &Filter) -> String {
    let store = Store::in_memory().expect("memory is available");
    let plan = Plan::of(&store.connection, filter, scope).expect("planned");
    let mut steps = vec![];
    for stretch in &plan.stretches {
        let Source::Index(lead) = &stretch.source else { continue };
        let (sql, values) = along_sql(stretch, lead, stretch.newest, Wanted::Nothing);
        let mut statement =
            store.connection.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).expect("sound SQL");
        let rows = statement
            .query_map(params_from_iter(values), |row| row.get::<_, String>(3))
            .expect("explained");
        steps.extend(rows.map(|row| row.expect("read")));
    }
    steps.join("\n")
}

#[test]
fn lists_come_out_of_an_index_without_sorting() {
    let me = PrincipalId::from_parts(Timestamp::from_millis(1), [1; 10]);
    let wijk: AreaCode = "WK059706".parse().expect("an area");
    let of = |role| Scope::Of(Principal { id: me, role, wijken: [wijk.clone()].into() });
    let all = Filter::default();
    let in_wijk = Filter { wijk: Some(wijk.clone()), ..all.clone() };
    let elsewhere = Filter { wijk: "WK059701".parse().ok(), ..all.clone() };
    let open = Filter { status: Some(Status::Nieuw), ..in_wijk.clone() };
    let buurt = Filter { buurt: "BU05970600".parse().ok(), ..all.clone() };
    let theme = Filter { theme: "groen".parse().ok(), ..all.clone() };
    let text = Filter { text: Some("heg".to_owned()), ..all.clone() };
    let mine = Filter { author: Some(me), ..all.clone() };
    let to_me = Filter { assignee: Some(me), ..all.clone() };
    let granted = Filter { stage: Some(IdeaStage::Toegekend), ..all.clone() };
    let conflicts = Filter { conflicts_only: true, ..all.clone() };
    let linked = Filter {
        linked_to: Some(wijkboek_model::RecordId::from_parts(Timestamp::from_millis(1), [1; 10])),
        ..all.clone()
    };
    let known = Filter { reference: Some("signalen:1".to_owned()), ..all.clone() };
    let period = Filter {
        from: Some(Timestamp::from_millis(1_772_529_120_000)),
        to: Some(Timestamp::from_millis(1_782_529_120_000)),
        ..all.clone()
    };
    let cases = [
        (Scope::All, &all, "SCAN r"),
        (Scope::All, &in_wijk, "record_wijk (wijk=?"),
        (Scope::All, &open, "record_status (status=?"),
        (Scope::All, &buurt, "record_buurt (buurt=?"),
        (Scope::All, &theme, "SEARCH t USING PRIMARY KEY (theme=?"),
        (Scope::All, &text, "SCAN search VIRTUAL TABLE"),
        (Scope::All, &mine, "record_author (author=?"),
        (Scope::All, &to_me, "record_assignee (assignee=?"),
        (Scope::All, &granted, "record_stage (stage=?"),
        (Scope::All, &conflicts, "record_conflicts"),
        (Scope::All, &linked, "SEARCH l USING PRIMARY KEY (target=?"),
        (Scope::All, &known, "SEARCH f USING PRIMARY KEY (reference=?"),
        (Scope::All, &period, "SEARCH r USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)"),
        (of(Role::Ambassadeur), &all, "record_author (author=?"),
        (of(Role::Wijkregisseur), &elsewhere, "SEARCH r USING INTEGER PRIMARY KEY (rowid=?)"),
        (of(Role::Wijkregisseur), &all, "SCAN r"),
        (of(Role::Wijkregisseur), &open, "record_status (status=?"),
        (of(Role::Medewerker), &in_wijk, "record_wijk (wijk=?"),
        (of(Role::Medewerker), &text, "SCAN search VIRTUAL TABLE"),
    ];
    for (scope, filter, expected) in cases {
        let plan = explained(&scope, filter);
        assert!(!plan.contains("ORDER BY"), "{filter:?} sorts:\n{plan}");
        assert!(plan.contains(expected), "{filter:?} in {scope:?}:\n{plan}");
    }
}
