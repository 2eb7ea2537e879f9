//! What hangs together with a record: what was reported nearby, and what names it.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::params_from_iter;
use rusqlite::types::Value;
use wijkboek_model::{
    Candidate, DUPLICATE_APART_MS_MAX, DUPLICATE_METRES_MAX, Place, RecordId, RecordType, ThemeId,
    Timestamp, bounding_box, is_duplicate_candidate,
};

use super::plan::Plan;
use super::walk::{Wanted, walk};
use crate::filter::Clauses;
use crate::{Bounds, Filter, Row, Scope, Store, StoreError};

impl Store {
    /// Records in scope that may be about the same as one at this place, with these themes, at this
    /// moment (`wijkboek_model::is_duplicate_candidate`); the newest first, at most 20.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn nearby(
        &self,
        scope: &Scope,
        place: &Place,
        themes: &BTreeSet<ThemeId>,
        occurred_at: Timestamp,
    ) -> Result<Vec<Row>, StoreError> {
        let asked = Candidate { place, themes, occurred_at };
        let around = bounding_box(place, DUPLICATE_METRES_MAX);
        let moment = |ms: i64| Timestamp::from_millis(occurred_at.as_millis().saturating_add(ms));
        let filter = Filter {
            within: Some(Bounds {
                west: around.west,
                south: around.south,
                east: around.east,
                north: around.north,
            }),
            from: Some(moment(-DUPLICATE_APART_MS_MAX)),
            to: Some(moment(DUPLICATE_APART_MS_MAX + 1)),
            ..Filter::default()
        };
        let plan = Plan::of(&self.connection, &filter, scope)?;
        let mut found = vec![];
        walk(&self.connection, &plan, None, Wanted::Nothing, |row, _| {
            found.push(row);
            true
        })?;
        let mut near = vec![];
        for row in found {
            let Some(row) = self.row_at(row)? else { continue };
            let Some(place) = row.place else { continue };
            let themes: BTreeSet<ThemeId> = row.themes.iter().cloned().collect();
            let other = Candidate { place: &place, themes: &themes, occurred_at: row.occurred_at };
            if is_duplicate_candidate(&asked, &other) {
                near.push(row);
            }
            if near.len() == NEARBY_MAX {
                break;
            }
        }
        Ok(near)
    }

    /// How many records of this type in scope name each of these: endorsements are the "+1 mede-
    /// melder" of a record. Records that none names are left out.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn named_by(
        &self,
        scope: &Scope,
        record_type: RecordType,
        ids: &[RecordId],
    ) -> Result<BTreeMap<RecordId, u64>, StoreError> {
        let seen = match scope {
            Scope::All => Clauses::default(),
            Scope::Of(_) => scope.condition(None),
        };
        let sql = format!(
            "SELECT count(DISTINCT l.row) FROM record_link l CROSS JOIN record r ON r.row = l.row
             WHERE l.target = ? AND r.record_type = ? AND {}",
            seen.sql()
        );
        let mut statement = self.connection.prepare_cached(&sql)?;
        let mut counts = BTreeMap::new();
        for id in ids {
            let asked = [Value::Blob(id.as_bytes().to_vec()), Value::Text(record_type.to_string())];
            let values = asked.into_iter().chain(seen.values().cloned());
            let n: i64 = statement.query_row(params_from_iter(values), |row| row.get(0))?;
            if n > 0 {
                counts.insert(*id, n.cast_unsigned());
            }
        }
        Ok(counts)
    }
}

const NEARBY_MAX: usize = 20;
