//! The file as a whole, and the one place where it becomes a `Config`.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use super::adapters::{Adapters, RawAdapters};
use super::connection::{Connection, RawConnection, origin};
use super::error::{ConfigError, Finding, Problem, Severity, choices};
use super::file::Source;
use super::layers::Overrides;
use super::located::{Elsewhere, Entry, Located, Node, Value};
use super::name::Name;
use super::output::{Output, RawOutput};
use super::paths::Environment;
use super::read::read;
use super::{Config, interpolate, syntax};

/// The configuration of usher.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "usher configuration")]
pub(super) struct Document {
    /// Address of this schema, for editors.
    #[serde(rename = "$schema")]
    #[expect(dead_code, reason = "for editors, not for us")]
    schema: Option<String>,
    /// Connection that a bare id goes to when several fit.
    default_connection: Option<Located<String>>,
    output: Option<RawOutput>,
    #[expect(dead_code, reason = "read by `Adapters::read`")]
    adapters: Option<Elsewhere<RawAdapters>>,
    /// Accounts at instances of platforms, by name.
    #[expect(dead_code, reason = "read by `Connection::resolve`, one at a time, so that a broken one fails alone")]
    connections: Option<Elsewhere<BTreeMap<Name, RawConnection>>>,
}

/// Returns the configuration of a file, and everything wrong outside of its connections.
pub(super) fn resolve(
    source: Option<&Source>,
    overrides: Overrides,
    environment: &dyn Environment,
) -> (Config, Vec<ConfigError>) {
    let Some(source) = source else {
        return (Config::without_file(overrides), Vec::new());
    };
    match syntax::parse(source) {
        Ok(root) => resolve_tree(source, root, overrides, environment),
        Err(error) => (Config::without_file(overrides), vec![error]),
    }
}

fn resolve_tree(
    source: &Source,
    mut root: Node,
    overrides: Overrides,
    environment: &dyn Environment,
) -> (Config, Vec<ConfigError>) {
    let mut problems = expand_all_but_connections(&mut root, environment);
    let document: Document = read(&root).unwrap_or_else(|problem| {
        problems.push(problem);
        Document::default()
    });
    let (adapters, wrong) = Adapters::read(root.get("adapters"), &source.folder(), environment);
    problems.extend(wrong);
    let (connections, warnings) = connections(source, root.get("connections"), environment).unwrap_or_else(|problem| {
        problems.push(problem);
        Default::default()
    });
    if let Some(default) = &document.default_connection {
        let names = connections.keys().chain(&overrides.implied_connections);
        problems.extend(unknown_default(default, names.map(String::as_str).collect()));
    }
    let config = Config {
        connections,
        adapters: overrides.adapters(adapters),
        output: Output::resolve(document.output, overrides.color),
        default_connection: document.default_connection.map(|name| name.value),
        sources: vec![source.path.clone()],
        warnings,
    };
    problems.sort_by_key(|problem| problem.offset);
    // What could not be replaced is also of the wrong type; the first reason is the one to read.
    problems.dedup_by(|later, first| later.offset.is_some() && later.offset == first.offset);
    (config, problems.into_iter().map(|problem| source.locate(problem)).collect())
}

/// Replaces variables everywhere but in connections, each of which fails alone.
fn expand_all_but_connections(root: &mut Node, environment: &dyn Environment) -> Vec<Problem> {
    let Value::Table(entries) = &mut root.value else {
        return Vec::new();
    };
    let others = entries.iter_mut().filter(|entry| entry.key.value != "connections");
    others
        .filter_map(|entry| {
            let outcome = interpolate::expand_tree(&mut entry.node, environment);
            outcome.err().map(|problem| problem.under(&entry.key.value))
        })
        .collect()
}

type Connections = BTreeMap<String, Result<Connection, ConfigError>>;

fn connections(
    source: &Source,
    node: Option<&Node>,
    environment: &dyn Environment,
) -> Result<(Connections, Vec<Finding>), Problem> {
    let entries = match node.map(|node| (&node.value, node.offset)) {
        Some((Value::Table(entries), _)) => entries.as_slice(),
        Some((Value::Null, _)) | None => &[],
        Some((_, offset)) => {
            return Err(Problem::new("expected a table for each connection")
                .hint("write `[connections.NAME]`")
                .at(offset)
                .under("connections"));
        }
    };
    let mut warnings = Vec::new();
    let mut connections = Connections::new();
    for entry in entries {
        let outcome = connection(source, entry, environment, &mut warnings);
        connections.insert(entry.key.value.clone(), outcome);
    }
    Ok((connections, warnings))
}

fn connection(
    source: &Source,
    entry: &Entry,
    environment: &dyn Environment,
    warnings: &mut Vec<Finding>,
) -> Result<Connection, ConfigError> {
    let (line, _) = source.position(entry.key.offset);
    let origin = origin(&source.path, &source.folder(), line);
    let (connection, found) =
        Connection::resolve(entry, origin, environment).map_err(|problem| source.locate(problem))?;
    warnings.extend(found.into_iter().map(|problem| Finding::new(Severity::Warning, source.locate(problem))));
    if source.world_readable && connection.auth.has_literal() {
        let name = &connection.name;
        let warning = ConfigError::whole_file(
            &source.path,
            format!("everybody on this machine can read the secrets of `{name}`"),
        )
        .with_hint("`chmod 600` the file, and keep secrets outside of it");
        warnings.push(Finding::new(Severity::Warning, warning));
    }
    Ok(connection)
}

fn unknown_default(default: &Located<String>, names: Vec<&str>) -> Option<Problem> {
    let name = default.value.as_str();
    if names.contains(&name) {
        return None;
    }
    let hint = match names.is_empty() {
        true => format!("there are no connections yet; add `[connections.{name}]`"),
        false => choices("connections", name, &names),
    };
    let problem = Problem::new(format!("no connection is named `{name}`")).hint(hint);
    Some(problem.at(default.offset).under("default_connection"))
}

/// Returns the JSON schema of the file, for editors and for `config schema`.
pub fn schema() -> serde_json::Value {
    schemars::schema_for!(Document).to_value()
}
