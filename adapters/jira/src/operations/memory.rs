//! What one adapter remembers between its calls: the site's fields, people it has looked up, and what it has written lately.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError},
};

use usher_adapter_sdk::{Result, decode, host::Level, model::Json};

use crate::{Jira, api, mapping::Catalogue};

/// The key under which the host remembers the fields that play a part.
const REMEMBERED: &str = "fields";
/// How many issues a search can be told to have a fresh look at.
const WRITTEN: usize = 50;

/// What is remembered as long as the adapter lives.
#[derive(Debug, Default)]
pub(crate) struct Memory {
    catalogue: OnceLock<Arc<Catalogue>>,
    roles: OnceLock<Arc<Catalogue>>,
    written: Mutex<Vec<u64>>,
    people: Mutex<BTreeMap<String, Vec<String>>>,
    drafts: Mutex<BTreeMap<String, String>>,
}

impl Memory {
    /// Remembers that an issue was written: searches lag behind, unless they are told.
    pub(super) fn wrote(&self, id: Option<&str>) {
        let Some(id) = id.and_then(|id| id.parse().ok()) else { return };
        let mut written = lock(&self.written);
        written.retain(|known| *known != id);
        written.push(id);
        let surplus = written.len().saturating_sub(WRITTEN);
        written.drain(..surplus);
    }

    /// Returns the issues that were written lately.
    pub(super) fn written(&self) -> Vec<u64> {
        lock(&self.written).clone()
    }

    /// Remembers in which project a ticket was to be made, should its answer be lost.
    pub(super) fn drafted(&self, marker: &str, project: &str) {
        lock(&self.drafts).insert(marker.to_owned(), project.to_owned());
    }

    /// Returns in which project a marked ticket was to be made.
    pub(super) fn project_of(&self, marker: &str) -> Option<String> {
        lock(&self.drafts).get(marker).cloned()
    }

    /// Returns whom a name stood for.
    pub(super) fn people(&self, name: &str) -> Option<Vec<String>> {
        lock(&self.people).get(name).cloned()
    }

    /// Remembers whom a name stands for.
    pub(super) fn know_people(&self, name: &str, ids: Vec<String>) {
        lock(&self.people).insert(name.to_owned(), ids);
    }
}

/// Returns every field of the site.
pub(super) async fn catalogue(jira: &Jira) -> Result<Arc<Catalogue>> {
    if let Some(catalogue) = jira.memory.catalogue.get() {
        return Ok(Arc::clone(catalogue));
    }
    let response = jira.send(&"the fields of the site", |api| api.get(["field"])).await?;
    let fields: Vec<api::Field<'_>> = response.decode()?;
    let catalogue = Arc::new(Catalogue::of(&fields));
    remember(jira, &catalogue.with_roles()).await;
    Ok(Arc::clone(jira.memory.catalogue.get_or_init(|| catalogue)))
}

/// Returns the fields that play a part; from the host's memory where it has them.
pub(super) async fn roles(jira: &Jira) -> Result<Arc<Catalogue>> {
    if let Some(roles) = jira.memory.roles.get() {
        return Ok(Arc::clone(roles));
    }
    let roles = match remembered(jira).await? {
        Some(roles) => roles,
        None => catalogue(jira).await?.with_roles(),
    };
    Ok(Arc::clone(jira.memory.roles.get_or_init(|| Arc::new(roles))))
}

async fn remembered(jira: &Jira) -> Result<Option<Catalogue>> {
    let Some(bytes) = jira.host.kv().get(REMEMBERED).await? else { return Ok(None) };
    // What was written for another site, or in another way, is asked for again.
    let known: Option<(String, Catalogue)> = decode::json(&bytes).ok();
    let base_url = jira.host.base_url()?;
    Ok(known.filter(|(of, _)| of == base_url).map(|(_, roles)| roles))
}

async fn remember(jira: &Jira, roles: &Catalogue) {
    let kept = match jira.host.base_url().and_then(|base_url| Json::of(&(base_url, roles))) {
        Ok(json) => jira.host.kv().set(REMEMBERED, json.as_str()).await,
        Err(error) => Err(error),
    };
    // What cannot be remembered is asked for again the next time.
    if let Err(error) = kept {
        jira.host.log(Level::Warning, &format!("the fields could not be remembered: {error}"));
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
