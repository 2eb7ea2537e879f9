//! Who sees which rows: the SQL form of `wijkboek_model::sees`.
//!
//! Both are proven equal by a test over random records and principals. A record whose audience
//! this version cannot read is seen by its author only.

use rusqlite::types::Value;
use wijkboek_model::{AreaCode, Principal, RecordType, Role, Sensitivity, is_personal};

use crate::filter::Clauses;

/// Whose view of the store a question takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    /// Everything here: a phone reads its own store.
    All,
    /// What this person may see: the server's replica holds more than that.
    Of(Principal),
}

/// A scope in two parts, so that counting can use the aggregate table for the first.
///
/// A row is seen when `class` holds (which only asks columns that `area_count` has too; none: it
/// never holds) or when
/// `besides` holds; `candidates` yields every row for which `besides` can hold.
pub(crate) struct ScopeSql {
    pub(crate) class: Option<Clauses>,
    pub(crate) besides: Option<Besides>,
}

/// Rows that somebody sees because of who they are to the record, whatever its class.
pub(crate) struct Besides {
    pub(crate) condition: Clauses,
    pub(crate) candidates: Clauses,
    /// Who asks: what they wrote is among the candidates.
    pub(crate) author: Value,
    /// The candidates besides what they wrote; none when there are no others.
    pub(crate) others: Option<Clauses>,
}

impl Scope {
    /// `wijk` is the one that is asked for anyway: where it is not one's own the class never holds,
    /// and then only the few candidates need to be looked at.
    pub(crate) fn sql(&self, wijk: Option<&AreaCode>) -> ScopeSql {
        match self {
            Self::All => ScopeSql { class: Some(Clauses::default()), besides: None },
            Self::Of(principal) => of(principal, wijk),
        }
    }

    /// The whole condition on `r`.
    pub(crate) fn condition(&self, wijk: Option<&AreaCode>) -> Clauses {
        let ScopeSql { class, besides } = self.sql(wijk);
        match (class, besides) {
            (Some(class), Some(besides)) => class.or(besides.condition),
            (Some(class), None) => class,
            (None, Some(Besides { condition, candidates, author: _, others: _ })) => {
                let among = format!("r.row IN {}", candidates.sql());
                Clauses::one(among, candidates.into_values()).also(condition)
            }
            (None, None) => Clauses::one("0", []),
        }
    }
}

fn of(principal: &Principal, asked: Option<&AreaCode>) -> ScopeSql {
    let me = || Value::Blob(principal.id.as_bytes().to_vec());
    let besides = |condition: Clauses, mut candidates: String, values: Vec<Value>| {
        let others = candidates.strip_prefix(UNION);
        let others = others.map(|sql| Clauses::one(sql, values.clone()));
        let mut all = vec![me()];
        all.extend(values);
        candidates.insert_str(0, AUTHORED);
        let candidates = Clauses::one(candidates, all);
        Some(Besides { condition, candidates, author: me(), others })
    };
    let reply = RecordType::Reply;
    match principal.role {
        Role::Ambassadeur => ScopeSql {
            class: None,
            besides: besides(
                Clauses::one(
                    format!(
                        "r.author = ? AND r.record_type IN ('{}', '{}', '{reply}') \
                         OR r.record_type = '{reply}' AND {PARTICIPATES}",
                        RecordType::Signal,
                        RecordType::Endorsement,
                    ),
                    [me(), me()],
                ),
                PARTICIPATED.to_owned(),
                vec![me()],
            ),
        },
        Role::Wijkregisseur => {
            let wijken: Vec<Value> =
                principal.wijken.iter().map(|w| Value::Text(w.to_string())).collect();
            let list = vec!["?"; wijken.len()].join(", ");
            let condition = Clauses::one(format!("+r.author = ? OR {PARTICIPATES}"), [me(), me()])
                .or(Clauses::one(
                    format!(
                        "EXISTS (SELECT 1 FROM record_wijk_too w \
                         WHERE w.row = r.row AND w.wijk IN ({list}))"
                    ),
                    wijken.clone(),
                ));
            let candidates = format!(
                "{PARTICIPATED} UNION SELECT row FROM record_wijk_too WHERE wijk IN ({list})"
            );
            let values = std::iter::once(me()).chain(wijken.clone()).collect();
            let own = asked.map_or(!wijken.is_empty(), |wijk| principal.wijken.contains(wijk));
            ScopeSql {
                class: own.then(|| Clauses::one(format!("+r.wijk IN ({list})"), wijken)),
                besides: besides(condition, candidates, values),
            }
        }
        Role::Medewerker => ScopeSql {
            class: Some(sensitivity(&[Sensitivity::Gewoon]).also(impersonal())),
            besides: besides(
                Clauses::one(
                    format!(
                        "+r.author = ? \
                         OR ((r.sensitivity = '{}' OR {}) AND {PARTICIPATES})",
                        Sensitivity::Gevoelig,
                        personal()
                    ),
                    [me(), me()],
                ),
                PARTICIPATED.to_owned(),
                vec![me()],
            ),
        },
        Role::Oov => ScopeSql {
            class: Some(
                sensitivity(&[Sensitivity::Gewoon, Sensitivity::Vertrouwelijk]).also(impersonal()),
            ),
            besides: besides(
                Clauses::one(
                    format!(
                        "(r.sensitivity = '{}' OR {}) AND (+r.author = ? OR {PARTICIPATES})",
                        Sensitivity::Gevoelig,
                        personal()
                    ),
                    [me(), me()],
                ),
                PARTICIPATED.to_owned(),
                vec![me()],
            ),
        },
        Role::Partner | Role::Bestuurder => ScopeSql {
            class: None,
            besides: besides(
                Clauses::one(
                    format!("r.record_type = '{reply}' AND (+r.author = ? OR {PARTICIPATES})"),
                    [me(), me()],
                ),
                PARTICIPATED.to_owned(),
                vec![me()],
            ),
        },
        Role::Beheerder | Role::PrivacyOfficer | Role::Fg => {
            ScopeSql { class: None, besides: None }
        }
    }
}

/// Records about one person, which only those involved see.
fn personal() -> String {
    let types = RecordType::ALL.iter().copied().filter(|of| is_personal(*of));
    let types: Vec<String> = types.map(|of| format!("'{of}'")).collect();
    format!("r.record_type IN ({})", types.join(", "))
}

fn impersonal() -> Clauses {
    Clauses::one(format!("NOT ({})", personal()), [])
}

fn sensitivity(seen: &[Sensitivity]) -> Clauses {
    let marks = vec!["?"; seen.len()].join(", ");
    Clauses::one(
        format!("r.sensitivity IN ({marks})"),
        seen.iter().map(|s| Value::Text(s.to_string())).collect::<Vec<_>>(),
    )
}

const AUTHORED: &str = "SELECT row FROM record WHERE author = ?";
const UNION: &str = " UNION ";
const PARTICIPATED: &str = " UNION SELECT row FROM participant WHERE principal = ?";
const PARTICIPATES: &str =
    "EXISTS (SELECT 1 FROM participant p WHERE p.row = r.row AND p.principal = ?)";
