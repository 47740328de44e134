//! `usher connection`

mod add;

use std::collections::BTreeMap;

use clap::{Args, Subcommand};
use serde::Serialize;
use usher_adapter_manifest::Operation;
use usher_adapter_sdk::message::Identity;

use super::{
    app::{App, Done, finish, report},
    output::{Cell, ErrorReport, Facts, Table, exit_code},
};
use crate::{
    config::Verify,
    http::proxy_before,
    route::{Connections, Target},
    service::{Failure, Outcome},
};

/// Show and check connections
#[derive(Debug, Subcommand)]
pub(crate) enum Connection {
    List(List),
    Add(Box<add::Add>),
    Check(Check),
}

/// List the connections; nothing is asked of any platform
#[derive(Debug, Args)]
pub(crate) struct List {}

/// Ask the platforms who we are there
#[derive(Debug, Args)]
pub(crate) struct Check {
    /// The connections to check (default: all that can be asked)
    #[arg(value_name = "NAME")]
    names: Vec<String>,
}

impl Connection {
    pub(super) fn run(self, app: &App) -> Done {
        match self {
            Self::List(command) => command.run(app),
            Self::Add(command) => command.run(app),
            Self::Check(command) => command.run(app),
        }
    }
}

/// One line of the list.
#[derive(Serialize)]
struct Row<'a> {
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    adapter: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    base_url: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    default_project: Option<&'a str>,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    projects: &'a [String],
    read_only: bool,
    implied: bool,
    /// Whether it has no credentials, and sees what everybody sees.
    anonymous: bool,
    /// Whether the platform's certificate is believed without a check.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    unverified: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<ErrorReport>,
}

impl<'a> Row<'a> {
    fn right(target: &'a Target) -> Self {
        Self {
            name: &target.name,
            adapter: Some(target.adapter.id()),
            base_url: target.base_url.as_ref().map(url::Url::as_str),
            default_project: target.default_project.as_deref(),
            projects: &target.projects,
            read_only: target.read_only,
            implied: target.is_implied,
            anonymous: target.is_anonymous(),
            unverified: is_unverified(target),
            error: None,
        }
    }

    fn wrong(name: &'a str, error: &usher_adapter_sdk::Error) -> Self {
        let error = Some(report(&Failure::new(error.clone())));
        Self {
            name,
            adapter: None,
            base_url: None,
            default_project: None,
            projects: &[],
            read_only: false,
            implied: false,
            anonymous: false,
            unverified: false,
            error,
        }
    }
}

impl List {
    fn run(self, app: &App) -> Done {
        let catalog = app.catalog()?;
        let rows: Vec<Row<'_>> = catalog
            .connections
            .all()
            .map(|(name, target)| match target {
                Ok(target) => Row::right(target),
                Err(error) => Row::wrong(name, error),
            })
            .collect();
        let code = if rows.iter().any(|row| row.error.is_some()) { exit_code::CONFIGURATION } else { exit_code::DONE };
        let mut out = app.out()?;
        if app.format().is_json() {
            out.json(&rows)?;
            return finish(out, code);
        }
        let mut table = Table::new(["CONNECTION", "ADAPTER", "WHERE", "PROJECTS", "STATE"]);
        for row in &rows {
            table.push([
                Cell::new(row.name),
                row.adapter.map_or(Cell::absent(), Cell::new),
                row.base_url.map_or(Cell::absent(), Cell::new),
                if row.projects.is_empty() { Cell::absent() } else { Cell::new(row.projects.join(", ")) },
                state(row),
            ]);
        }
        out.list(app.format(), &table)?;
        for error in rows.iter().filter_map(|row| row.error.as_ref()) {
            out.error(error, false);
        }
        if rows.is_empty() {
            out.message(&catalog.connections.configured());
        }
        finish(out, code)
    }
}

fn state(row: &Row<'_>) -> Cell {
    match row {
        Row { error: Some(_), .. } => Cell::new("wrong").bad(),
        Row { unverified: true, .. } => Cell::new("certificate NOT checked").bad(),
        Row { read_only: true, .. } => Cell::new("read-only").warning(),
        Row { anonymous: true, .. } => Cell::new("ready (without credentials: what is public)").warning(),
        Row { implied: true, .. } => Cell::new("ready (needs no settings)").good(),
        _ => Cell::new("ready").good(),
    }
}

/// What a check came to.
#[derive(Serialize)]
struct Checked<'a> {
    connection: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    identity: Option<&'a Identity>,
    /// Where each secret comes from, never what it is.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    secrets: BTreeMap<&'a str, &'a str>,
    /// Whether the platform has to prove who it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    tls: Option<&'static str>,
    /// The proxy on the way to it.
    #[serde(skip_serializing_if = "Option::is_none")]
    proxy: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<ErrorReport>,
}

impl Check {
    fn run(self, app: &App) -> Done {
        let service = app.service()?.clone();
        let names: Vec<String> = match self.names.is_empty() {
            true => service.connections().asked_for(Operation::Check).map(str::to_owned).collect(),
            false => self.names,
        };
        if names.is_empty() {
            return Err(ErrorReport::new(
                usher_adapter_sdk::ErrorKind::Configuration,
                "there is no connection to check",
            )
            .with_hint(service.connections().configured())
            .into());
        }
        let outcomes: Vec<(String, Outcome<Identity>)> = app.read(async {
            let mut outcomes = Vec::new();
            for name in names {
                let outcome = service.check(&name).await;
                outcomes.push((name, outcome));
            }
            Ok(outcomes)
        })?;
        let failed = outcomes.iter().find_map(|(_, outcome)| outcome.as_ref().err());
        let code = failed.map_or(exit_code::DONE, |failure| exit_code::exit_code(failure.error.kind()));
        let mut out = app.out()?;
        if app.format().is_json() {
            let checked = outcomes.iter().map(|(connection, outcome)| Checked {
                connection,
                identity: outcome.as_ref().ok(),
                secrets: secrets(service.connections(), connection),
                tls: tls(service.connections(), connection),
                proxy: proxy(service.connections(), connection),
                error: outcome.as_ref().err().map(report),
            });
            out.json(&checked.collect::<Vec<_>>())?;
            return finish(out, code);
        }
        for (connection, outcome) in &outcomes {
            match outcome {
                Ok(identity) => {
                    let mut facts = facts(connection, identity, &secrets(service.connections(), connection));
                    match tls(service.connections(), connection) {
                        Some(UNVERIFIED) => facts.push("TLS", Cell::new(UNVERIFIED).bad()),
                        tls => facts.push_known("TLS", tls),
                    }
                    facts.push_known("proxy", proxy(service.connections(), connection));
                    out.facts(&facts)?;
                }
                Err(failure) => out.error(&report(failure), false),
            }
        }
        finish(out, code)
    }
}

/// Returns where each secret of a connection comes from: the references, as they are written.
fn secrets<'a>(connections: &'a Connections, name: &str) -> BTreeMap<&'a str, &'a str> {
    let Ok(target) = connections.require(name) else { return BTreeMap::new() };
    let own = target.auth.fields.iter().map(|(name, field)| (name.as_str(), field.shown.as_str()));
    own.chain(target.network.secrets().map(|(name, field)| (name, field.shown.as_str()))).collect()
}

/// What is said where `http.verify` turns verification off.
const UNVERIFIED: &str = "NOT verified: whoever is in between can read and change everything";

/// Says whether nobody has to prove that they are the platform.
fn is_unverified(target: &Target) -> bool {
    target.network.tls.verify == Verify::DangerNoVerification
}

/// Returns the proxy on the way to a connection's platform.
fn proxy(connections: &Connections, name: &str) -> Option<String> {
    let target = connections.require(name).ok()?;
    proxy_before(&target.network.proxy, target.base_url.as_ref()?)
}

/// Returns whether the platform has to prove who it is: by https it must, unless the operator says otherwise.
fn tls(connections: &Connections, name: &str) -> Option<&'static str> {
    let target = connections.require(name).ok()?;
    match target.base_url.as_ref()?.scheme() {
        "https" if is_unverified(target) => Some(UNVERIFIED),
        "https" => Some("verified"),
        _ => Some("none: everything travels unencrypted"),
    }
}

fn facts(connection: &str, identity: &Identity, secrets: &BTreeMap<&str, &str>) -> Facts {
    let mut facts = Facts::new();
    facts.push("connection", Cell::new(connection).strong());
    facts.push_known("user", identity.user.as_ref().map(|user| user.label()));
    let version = identity.version.as_deref().unwrap_or_default();
    facts.push_known(
        "product",
        identity.product.as_ref().map(|product| format!("{product} {version}").trim_end().to_owned()),
    );
    facts.push_known("scopes", (!identity.scopes.is_empty()).then(|| identity.scopes.join(", ")));
    facts.push_known("time zone", identity.time_zone.as_deref());
    facts.push_known("clock", identity.server_time.map(|time| time.to_string()));
    for (field, reference) in secrets {
        facts.push(field, Cell::new(*reference));
    }
    for warning in &identity.warnings {
        facts.push("warning", Cell::new(warning).warning());
    }
    facts
}
