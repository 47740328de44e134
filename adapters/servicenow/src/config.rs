//! The options of a connection.

use std::collections::BTreeMap;

use serde::Deserialize;
use usher_adapter_sdk::{Error, ErrorKind, Result};

use crate::key::is_table;

/// Which table a number's prefix stands for where nothing else is said; the same list is in `adapter.toml`.
const PREFIXES: &[(&str, &str)] = &[
    ("CHG", "change_request"),
    ("CTASK", "change_task"),
    ("INC", "incident"),
    ("PRB", "problem"),
    ("REQ", "sc_request"),
    ("RITM", "sc_req_item"),
    ("SCTASK", "sc_task"),
    ("TASK", "task"),
];

/// The table that all others of tickets extend: whatever has a number is found in it.
pub(crate) const BASE_TABLE: &str = "task";

/// The options of a connection.
#[derive(Debug, Deserialize)]
#[serde(default)]
pub struct Config {
    /// Where people see the tickets, if that is not the base URL.
    pub web_url: Option<String>,
    /// The table of new tickets, and of lists, where no project is named.
    pub table: String,
    /// Which table a number's prefix stands for.
    pub prefixes: BTreeMap<String, String>,
}

impl Default for Config {
    fn default() -> Self {
        let prefixes = PREFIXES.iter().map(|(prefix, table)| ((*prefix).to_owned(), (*table).to_owned()));
        Self { web_url: None, table: "incident".to_owned(), prefixes: prefixes.collect() }
    }
}

impl Config {
    /// Lets options through whose tables can be tables.
    pub(crate) fn checked(self) -> Result<Self> {
        let mut tables = std::iter::once(&self.table).chain(self.prefixes.values());
        let wrong = tables.find(|table| !is_table(table)).cloned();
        match wrong {
            None => Ok(self),
            Some(table) => {
                Err(Error::new(ErrorKind::Configuration, format!("`{table}` cannot be the name of a table"))
                    .with_hint("Write it as in the address of a list, such as `change_request`."))
            }
        }
    }

    /// Returns the table that numbers of that prefix are in.
    pub(crate) fn table_of<'a>(&'a self, prefix: &str) -> &'a str {
        self.prefixes.get(prefix).map_or(BASE_TABLE, String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use usher_adapter_sdk::testkit::manifest::{Manifest, Value};

    use super::*;

    #[test]
    fn what_is_said_twice_is_said_the_same() {
        let manifest = Manifest::parse(include_str!("../adapter.toml")).unwrap();
        let default = |name: &str| manifest.config.iter().find(|field| field.name == name).unwrap().default.clone();
        let Config { table, prefixes, .. } = Config::default();
        assert_eq!(default("table"), Some(Value::Text(table)));
        assert_eq!(default("prefixes"), Some(Value::Map(prefixes)));
    }

    #[test]
    fn a_table_that_cannot_be_one_is_refused() {
        for table in ["", "Incident", "incident?x", "../sys_user", "a b"] {
            let config = Config { table: table.to_owned(), ..Config::default() };
            assert_eq!(config.checked().unwrap_err().kind(), ErrorKind::Configuration, "{table}");
        }
    }

    #[test]
    fn an_unknown_prefix_is_looked_for_in_the_table_of_all() {
        let config = Config::default();
        assert_eq!((config.table_of("CHG"), config.table_of("HRC")), ("change_request", "task"));
    }
}
