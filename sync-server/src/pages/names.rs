//! Names for codes and ids: areas and themes from the reference data, people from the accounts.
//!
//! Everything has a fallback, since a record may name an area that a later import dropped.

use std::collections::HashMap;
use std::sync::Arc;

use wijkboek_model::{ActorId, AreaCode, AreaLevel, Lang, PrincipalId, Reference, ThemeId};

use super::wording::texts;
use crate::{AppState, ServerError};

/// Who and what things are called, for one page.
pub(super) struct Names {
    pub(super) lang: Lang,
    pub(super) reference: Option<Arc<Reference>>,
    people: HashMap<PrincipalId, String>,
    actors: HashMap<ActorId, PrincipalId>,
}

impl Names {
    pub(super) async fn load(state: &AppState, lang: Lang) -> Result<Self, ServerError> {
        let reference = state.reference().await?;
        let people = reference.iter().flat_map(|all| &all.colleagues);
        let people = people.map(|one| (one.id, one.name.clone())).collect();
        Ok(Self { lang, reference, people, actors: HashMap::new() })
    }

    /// Makes sure that these people have names, also when they left.
    pub(super) async fn learn(
        &mut self,
        state: &AppState,
        people: Vec<PrincipalId>,
    ) -> Result<(), ServerError> {
        for id in people {
            if !self.people.contains_key(&id)
                && let Some(name) = state.name_of(id).await?
            {
                self.people.insert(id, name);
            }
        }
        Ok(())
    }

    /// Makes sure that the people behind these actors have names.
    pub(super) async fn learn_actors(
        &mut self,
        state: &AppState,
        actors: &[ActorId],
    ) -> Result<(), ServerError> {
        let found = state.principals_of(actors).await?;
        self.learn(state, found.values().copied().collect()).await?;
        self.actors.extend(found);
        Ok(())
    }

    pub(super) fn person(&self, id: PrincipalId) -> String {
        match self.people.get(&id) {
            Some(name) => name.clone(),
            None => texts(self.lang).unknown_person.to_owned(),
        }
    }

    pub(super) fn actor(&self, actor: ActorId) -> String {
        match self.actors.get(&actor) {
            Some(id) => self.person(*id),
            None => texts(self.lang).unknown_person.to_owned(),
        }
    }

    pub(super) fn area(&self, code: &AreaCode) -> String {
        let area = self.reference.as_ref().and_then(|all| all.areas.get(code));
        area.map_or_else(|| code.to_string(), |area| area.name.clone())
    }

    pub(super) fn theme(&self, id: &ThemeId) -> String {
        let theme = self.reference.iter().flat_map(|all| &all.themes).find(|one| one.id == *id);
        match (theme, self.lang) {
            (Some(theme), Lang::Nl) => theme.name_nl.clone(),
            (Some(theme), Lang::En) => theme.name_en.clone(),
            (None, _) => id.to_string(),
        }
    }

    pub(super) fn themes(&self, ids: &[ThemeId]) -> String {
        ids.iter().map(|id| self.theme(id)).collect::<Vec<_>>().join(", ")
    }

    /// The municipality's own name.
    pub(super) fn municipality(&self) -> Option<String> {
        let areas = &self.reference.as_ref()?.areas;
        areas.at_level(AreaLevel::Gemeente).next().map(|area| area.name.clone())
    }

    /// The wijken by name.
    pub(super) fn wijken(&self) -> Vec<(AreaCode, String)> {
        let Some(reference) = &self.reference else { return vec![] };
        let wijken = reference.areas.at_level(AreaLevel::Wijk);
        let mut wijken: Vec<_> = wijken.map(|a| (a.code.clone(), a.name.clone())).collect();
        wijken.sort_by(|(_, a), (_, b)| a.cmp(b));
        wijken
    }
}
