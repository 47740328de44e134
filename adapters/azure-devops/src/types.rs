//! Work item types, their states and which fields hold HTML, asked once and remembered for a while: whoever runs for weeks learns of changes.

use std::{
    collections::{HashMap, HashSet},
    hash::Hash,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use usher_adapter_sdk::{Result, host::Body, model::Time};

use crate::{AzureDevOps, api, mapping};

/// How long what was asked is taken for true.
const FRESH: Duration = Duration::from_secs(600);

/// What is known of projects, by names in lower case.
#[derive(Default)]
pub(crate) struct Types {
    types: Known<String, Arc<Vec<api::WorkItemType>>>,
    states: Known<(String, String), Arc<Body>>,
    html_fields: Known<String, Arc<HashSet<String>>>,
}

impl AzureDevOps {
    /// Returns the types of a project.
    pub(crate) async fn types_of(&self, project: &str) -> Result<Arc<Vec<api::WorkItemType>>> {
        let key = project.to_lowercase();
        if let Some(types) = self.types.types.get(&key, self.host.now()) {
            return Ok(types);
        }
        let request = self.get([project, "_apis", "wit", "workitemtypes"])?;
        let response = self.send(request, &format!("the types of {project}")).await?;
        let types = Arc::new(response.decode::<api::List<api::WorkItemType>>()?.value);
        self.types.types.set(key, self.host.now(), types.clone());
        Ok(types)
    }

    /// Returns the states of a type, as they were answered.
    pub(crate) async fn states_of(&self, project: &str, type_name: &str) -> Result<Arc<Body>> {
        let key = (project.to_lowercase(), type_name.to_lowercase());
        if let Some(states) = self.types.states.get(&key, self.host.now()) {
            return Ok(states);
        }
        let request = self.get([project, "_apis", "wit", "workitemtypes", type_name, "states"])?;
        let response = self.send(request, &format!("the states of {type_name} in {project}")).await?;
        let states = Arc::new(response.body);
        self.types.states.set(key, self.host.now(), states.clone());
        Ok(states)
    }

    /// Returns the fields of a project that hold HTML, by their reference names.
    pub(crate) async fn html_fields_of(&self, project: &str) -> Result<Arc<HashSet<String>>> {
        let key = project.to_lowercase();
        if let Some(fields) = self.types.html_fields.get(&key, self.host.now()) {
            return Ok(fields);
        }
        let request = self.get([project, "_apis", "wit", "fields"])?;
        let response = self.send(request, &format!("the fields of {project}")).await?;
        let fields = response.decode::<api::List<api::Field<'_>>>()?.value;
        let html = fields.iter().filter(|field| field.field_type.as_deref().is_some_and(mapping::is_type_of_html));
        let html = Arc::new(html.map(|field| field.reference_name.to_string()).collect::<HashSet<_>>());
        self.types.html_fields.set(key, self.host.now(), html.clone());
        Ok(html)
    }
}

struct Known<K, V>(Mutex<HashMap<K, (Time, V)>>);

impl<K, V> Default for Known<K, V> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<K: Eq + Hash, V: Clone> Known<K, V> {
    fn get(&self, key: &K, now: Time) -> Option<V> {
        let known = self.lock();
        let (since, value) = known.get(key)?;
        (since.until(now) < FRESH).then(|| value.clone())
    }

    fn set(&self, key: K, now: Time, value: V) {
        self.lock().insert(key, (now, value));
    }

    /// A panic elsewhere leaves a whole table behind: entries are put in as one.
    fn lock(&self) -> MutexGuard<'_, HashMap<K, (Time, V)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_asked_is_asked_again_after_a_while() {
        let at = |seconds: i64| Time::from_unix_seconds(seconds).unwrap();
        let known = Known::default();
        known.set("web", at(1_000), 7);
        assert_eq!(known.get(&"web", at(1_599)), Some(7));
        assert_eq!(known.get(&"web", at(1_600)), None);
        assert_eq!(known.get(&"other", at(1_000)), None);
    }
}
