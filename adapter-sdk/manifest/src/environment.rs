//! Environment variables that the platform's own tools already use, as a connection they describe.

use crate::template::{Template, is_name};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A connection that environment variables alone describe; the keys are those of `[connections.NAME]`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Environment {
    /// Which way to authenticate; absent for the default one.
    pub scheme: Option<String>,
    /// Where the base URL may stand.
    pub base_url: Option<FromVariables>,
    /// Where the default project may stand.
    pub default_project: Option<FromVariables>,
    /// Where the credentials may stand, by field.
    pub auth: BTreeMap<String, FromVariables>,
    /// Where the adapter's own options may stand, by field.
    pub options: BTreeMap<String, FromVariables>,
}

/// Variables in order: a plain name is its value, `https://{NAME}/path` composes one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<String>", into = "Vec<String>")]
pub struct FromVariables(Vec<Template>);

impl FromVariables {
    /// Returns the first value whose variables are all set and not empty.
    pub fn resolve(&self, variable: impl Fn(&str) -> Option<String>) -> Option<String> {
        let set = |name: &str| variable(name).filter(|value| !value.trim().is_empty());
        self.0.iter().find_map(|template| template.render(set))
    }

    /// Returns the names of all variables that are looked at, in order.
    pub fn variables(&self) -> impl Iterator<Item = &str> {
        self.0.iter().flat_map(Template::names)
    }
}

impl TryFrom<Vec<String>> for FromVariables {
    type Error = String;

    fn try_from(texts: Vec<String>) -> Result<Self, String> {
        if texts.is_empty() {
            return Err("an empty list of variables".to_owned());
        }
        let templates = texts.iter().map(|text| match text.contains('{') {
            true => Template::parse(text),
            false if is_name(text) => Template::parse(&format!("{{{text}}}")),
            false => Err(format!("`{text}` is not the name of a variable")),
        });
        templates.collect::<Result<_, _>>().map(Self)
    }
}

impl From<FromVariables> for Vec<String> {
    fn from(from: FromVariables) -> Self {
        let texts = from.0.iter().map(|template| template.as_str().to_owned());
        texts.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn first_set_variable_wins_and_an_empty_one_counts_as_unset() {
        let from = ["A", "https://{B}/api", "C"].map(str::to_owned);
        let from = FromVariables::try_from(from.to_vec()).unwrap();
        let resolve = |set: &[(&str, &str)]| {
            from.resolve(|name| {
                let found = set.iter().find(|(known, _)| *known == name);
                found.map(|(_, value)| (*value).to_owned())
            })
        };
        assert_eq!(resolve(&[("C", "3"), ("A", "1")]).as_deref(), Some("1"));
        assert_eq!(resolve(&[("A", " "), ("B", "b.example")]).as_deref(), Some("https://b.example/api"));
        assert_eq!(resolve(&[]), None);
        assert_eq!(from.variables().collect::<Vec<_>>(), ["A", "B", "C"]);
    }
}
