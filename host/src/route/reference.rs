//! From what a person typed to a ticket of a connection. No network, and no foreign code.

use std::sync::Arc;

use serde::Serialize;
use url::Url;
use usher_adapter_manifest::{
    Needs,
    detect::{HostFit, Reference},
    reference::{Input, InputError, parse_reference},
};
use usher_adapter_sdk::{Error, ErrorKind, Result, model::TicketKey};

use super::{Connections, Target};
use crate::registry::{Adapter, Registry};

/// What a reference means.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Resolved {
    /// The adapter's id.
    pub adapter: String,
    /// The connection; absent if only the platform is known.
    pub connection: Option<String>,
    /// The ticket's key.
    pub key: TicketKey,
    /// Whether the key is an id of the platform's, for which the adapter must ask for the real key.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub native: bool,
    /// The project that the key names.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub project: Option<String>,
    /// The note that the link points to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

impl Resolved {
    fn new(adapter: &Adapter, connection: Option<&Target>, reference: Reference) -> Self {
        Self {
            adapter: adapter.id().to_owned(),
            connection: connection.map(|target| target.name.clone()),
            key: TicketKey::new(reference.key),
            native: reference.native,
            project: reference.project,
            note: reference.note,
        }
    }

    /// Returns the connection, or an error that says what to configure.
    pub fn require_connection(&self) -> Result<&str> {
        self.connection.as_deref().ok_or_else(|| {
            Error::new(
                ErrorKind::Configuration,
                format!("`{}` is a ticket of `{}`, and no connection to it fits", self.key, self.adapter),
            )
            .with_hint(format!(
                "Add `[connections.NAME]` with `adapter = \"{}\"`; `usher adapter show {}` says what it needs.",
                self.adapter, self.adapter
            ))
        })
    }
}

/// A candidate for what an id means; greater ones are better.
struct Candidate<'a> {
    fit: Fit,
    adapter: &'a Arc<Adapter>,
    target: Option<&'a Target>,
    reference: Reference,
}

/// How well an id fits, from worst to best.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    /// The platform's form, and nothing is configured for it.
    PlatformOnly,
    /// A form of several platforms, and a connection that may have it.
    Possible,
    /// The platform's own form, and a connection.
    Distinctive,
    /// The connection says that it has this project.
    Known,
}

/// Says what a reference means.
///
/// `within` restricts it to one connection (or to the connections of an adapter).
pub(crate) fn resolve(
    registry: &Registry,
    connections: &Connections,
    text: &str,
    within: Option<&str>,
) -> Result<Resolved> {
    let (named, rest) = match within {
        Some(name) => (Some(name), text),
        None => prefix(registry, connections, text),
    };
    if let Some(name) = named.filter(|name| connections.contains(name)) {
        connections.require(name)?;
    }
    match meaning(registry, connections, rest, named) {
        // A key may itself begin with a word and a colon, as `account:board:item` does.
        Err(error) if within.is_none() && named.is_some() && error.kind() == ErrorKind::InvalidReference => {
            meaning(registry, connections, text, None).map_err(|_| error)
        }
        resolved => resolved,
    }
}

fn meaning(registry: &Registry, connections: &Connections, text: &str, within: Option<&str>) -> Result<Resolved> {
    let input = parse_reference(text).map_err(|error| invalid(text, &error))?;
    match input {
        Input::Url(url) => link(registry, connections, &url, within),
        Input::Id(id) => bare(registry, connections, &id, within),
        _ => Err(Error::new(ErrorKind::InvalidReference, format!("`{text}` is not a reference"))),
    }
}

/// Takes `connection:` off the front, if one (or an adapter) has that name.
fn prefix<'a>(registry: &Registry, connections: &Connections, text: &'a str) -> (Option<&'a str>, &'a str) {
    let Some((name, rest)) = text.trim().split_once(':') else { return (None, text) };
    let is_name = connections.contains(name) || registry.get(name).is_some();
    // A scheme is no connection, even if one has its name.
    if is_name && !rest.starts_with("//") { (Some(name), rest) } else { (None, text) }
}

fn invalid(text: &str, error: &InputError) -> Error {
    let shown: String = text.trim().chars().take(80).map(|c| if c.is_control() { '?' } else { c }).collect();
    match error {
        // Whatever stands before the `@` may be a password.
        InputError::Userinfo { .. } => Error::new(ErrorKind::InvalidReference, error.to_string()),
        InputError::Empty => {
            Error::new(ErrorKind::InvalidReference, error.to_string()).with_hint("Give a ticket's link or its id.")
        }
        _ => Error::new(ErrorKind::InvalidReference, format!("`{shown}`: {error}")),
    }
}

fn allows(within: Option<&str>, adapter: &Adapter, target: Option<&Target>) -> bool {
    within.is_none_or(|name| target.is_some_and(|target| target.name == name) || adapter.id() == name)
}

fn link(registry: &Registry, connections: &Connections, url: &Url, within: Option<&str>) -> Result<Resolved> {
    let mut platforms = Vec::new();
    let mut fits = Vec::new();
    for adapter in registry.adapters() {
        let targets: Vec<&Target> = connections.of(adapter.id()).collect();
        // Places in the list of addresses must be places in the list of connections.
        let (with_url, without): (Vec<&Target>, Vec<&Target>) =
            targets.iter().partition(|target| target.base_url.is_some());
        let bases: Vec<Url> = with_url.iter().filter_map(|target| target.base_url.clone()).collect();
        let Some(reference) = adapter.detector.url(url, &bases) else { continue };
        let fitting: Vec<&Target> = match reference.host {
            Some(HostFit::Connection) => {
                reference.connections.iter().filter_map(|place| with_url.get(*place).copied()).collect()
            }
            Some(HostFit::Named) => {
                without.into_iter().chain(with_url).filter(|target| serves(adapter, target, &reference, url)).collect()
            }
            // A scheme of the platform's own names no host that could be compared.
            _ if !matches!(url.scheme(), "http" | "https") => targets,
            _ => with_url.into_iter().filter(|target| same_host(target, url)).collect(),
        };
        let mut fitting: Vec<&Target> = fitting
            .into_iter()
            .filter(|target| reference.agrees_with(|name| target.option_text(name)))
            .filter(|target| allows(within, adapter, Some(target)))
            .collect();
        prefer(&mut fitting, |target| knows(target, &reference));
        fits.extend(fitting.into_iter().map(|target| (adapter, target, reference.clone())));
        if allows(within, adapter, None) || within.is_none() {
            platforms.push((adapter, reference));
        }
    }
    prefer(&mut fits, |(_, target, _)| connections.default() == Some(target.name.as_str()));
    match (fits.len(), platforms.len()) {
        (1, _) => {
            let (adapter, target, reference) = fits.remove(0);
            Ok(Resolved::new(adapter, Some(target), reference))
        }
        (0, 0) => Err(nobody_answers(registry, connections, url.host_str().unwrap_or(url.scheme()), within)),
        (0, _) => {
            // A platform whose own host it is comes before one that would take any host.
            platforms.sort_by_key(|(_, reference)| reference.host);
            let best = platforms[0].1.host;
            let count = platforms.iter().filter(|(_, reference)| reference.host == best).count();
            if count > 1 {
                let names: Vec<&str> = platforms[..count].iter().map(|(adapter, _)| adapter.id()).collect();
                return Err(ambiguous(url.as_str(), &names, "platforms"));
            }
            let (adapter, reference) = platforms.remove(0);
            Ok(Resolved::new(adapter, None, reference))
        }
        _ => {
            let names: Vec<&str> = fits.iter().map(|(_, target, _)| target.name.as_str()).collect();
            Err(ambiguous(url.as_str(), &names, "connections"))
        }
    }
}

/// Keeps those for which something holds, if it holds for any.
fn prefer<T>(all: &mut Vec<T>, holds: impl Fn(&T) -> bool) {
    if all.iter().any(&holds) {
        all.retain(holds);
    }
}

/// Says whether a connection is to the site behind a host that the manifest names.
///
/// Its base URL is at that host, or it is where the platform itself is (`api.github.com` for `github.com`), or
/// an option says which part of the platform it is for and the link agrees. Of a platform with many sites
/// (`acme.ghe.com`) only the first and the last count: a link to one site must not reach another.
fn serves(adapter: &Adapter, target: &Target, reference: &Reference, url: &Url) -> bool {
    let Some(base) = &target.base_url else { return true };
    if same_host(target, url) {
        return true;
    }
    if !reference.site.is_empty() {
        return reference.site.iter().all(|name| target.option_text(name).is_some());
    }
    let default = adapter.manifest.base_url.as_ref().and_then(|base| base.default.as_deref());
    let is_default =
        default.is_some_and(|default| default.trim_end_matches('/') == base.as_str().trim_end_matches('/'));
    let names_its_part = reference.captures.keys().any(|name| target.option_text(name).is_some());
    is_default || names_its_part
}

fn same_host(target: &Target, url: &Url) -> bool {
    target.base_url.as_ref().is_some_and(|base| {
        base.host_str() == url.host_str() && base.port_or_known_default() == url.port_or_known_default()
    })
}

fn knows(target: &Target, reference: &Reference) -> bool {
    reference.project.as_deref().is_some_and(|project| lists(target, project))
}

fn lists(target: &Target, project: &str) -> bool {
    target.projects.iter().any(|known| known.to_lowercase() == project.to_lowercase())
}

fn bare(registry: &Registry, connections: &Connections, id: &str, within: Option<&str>) -> Result<Resolved> {
    let mut candidates = Vec::new();
    for adapter in registry.adapters() {
        for target in connections.of(adapter.id()).filter(|target| allows(within, adapter, Some(target))) {
            let references = adapter.detector.id(id, target.default_project.as_deref());
            let fits = references.into_iter().filter_map(|reference| {
                let fit = fit(connections, target, &reference, within)?;
                Some(Candidate { fit, adapter, target: Some(target), reference })
            });
            // One connection is one candidate, however many of its rows fit.
            candidates.extend(fits.max_by_key(|candidate| candidate.fit));
        }
        if within.is_none_or(|name| name == adapter.id()) {
            let platform =
                adapter.detector.id(id, None).into_iter().find(|reference| reference.needs == Needs::Nothing);
            let fit = Fit::PlatformOnly;
            candidates.extend(platform.map(|reference| Candidate { fit, adapter, target: None, reference }));
        }
    }
    let Some(best) = candidates.iter().map(|candidate| candidate.fit).max() else {
        return Err(no_such_id(registry, connections, id, within));
    };
    candidates.retain(|candidate| candidate.fit == best);
    prefer(&mut candidates, |candidate| {
        connections.default().is_some() && candidate.target.map(|target| target.name.as_str()) == connections.default()
    });
    if candidates.len() > 1 {
        let names = candidates.iter().map(|candidate| match candidate.target {
            Some(target) => target.name.as_str(),
            None => candidate.adapter.id(),
        });
        return Err(ambiguous(id, &names.collect::<Vec<_>>(), "connections"));
    }
    let Candidate { adapter, target, reference, .. } = candidates.remove(0);
    Ok(Resolved::new(adapter, target, reference))
}

/// Says how well an id fits a connection, if it does.
fn fit(connections: &Connections, target: &Target, reference: &Reference, within: Option<&str>) -> Option<Fit> {
    if !reference.agrees_with(|name| target.option_text(name)) {
        return None;
    }
    let is_named = within == Some(target.name.as_str());
    let is_default = connections.default() == Some(target.name.as_str());
    match reference.needs {
        Needs::Nothing => Some(if knows(target, reference) { Fit::Known } else { Fit::Distinctive }),
        _ if is_named => Some(Fit::Distinctive),
        Needs::Connection if knows(target, reference) => Some(Fit::Known),
        Needs::Project => match reference.project.as_deref() {
            Some(project) if lists(target, project) => Some(Fit::Known),
            // A connection that lists its projects has no others.
            _ if !target.projects.is_empty() => None,
            _ => Some(Fit::Possible),
        },
        Needs::Default => is_default.then_some(Fit::Known),
        _ => Some(Fit::Possible),
    }
}

fn ambiguous(text: &str, names: &[&str], what: &str) -> Error {
    let first = names.first().copied().unwrap_or_default();
    Error::new(ErrorKind::AmbiguousReference, format!("`{text}` fits several {what}: {}", names.join(", "))).with_hint(
        format!("Name one, as in `{first}:{text}` or with `--in {first}`, or list each connection's `projects`."),
    )
}

fn nobody_answers(registry: &Registry, connections: &Connections, host: &str, within: Option<&str>) -> Error {
    let message = match within {
        Some(name) => format!("`{name}` does not answer for `{host}`"),
        None => format!("no adapter answers for `{host}`"),
    };
    Error::new(ErrorKind::PlatformNotSupported, message).with_hint(format!(
        "{} {} Add a `[connections.NAME]` for it, or drop its adapter into a folder.",
        registry.installed(),
        connections.configured()
    ))
}

fn no_such_id(registry: &Registry, connections: &Connections, id: &str, within: Option<&str>) -> Error {
    let error = match within {
        Some(name) => Error::new(ErrorKind::InvalidReference, format!("`{id}` is no ticket of `{name}`")),
        None => Error::new(ErrorKind::InvalidReference, format!("`{id}` is neither a link nor the id of a ticket")),
    };
    let could_be = connections
        .usable()
        .filter(|target| !target.adapter.detector.id(id, Some("default")).is_empty())
        .filter(|target| within.is_none_or(|name| name == target.name || name == target.adapter.id()));
    let could_be: Vec<String> = could_be.map(|target| format!("`{}:{id}`", target.name)).collect();
    if !could_be.is_empty() && within.is_none() {
        return error.with_hint(format!(
            "Say where it is: {}. A bare number needs a connection that is the default, or its `default_project`.",
            could_be.join(", ")
        ));
    }
    let broken = connections.all().filter(|(_, target)| target.is_err()).map(|(name, _)| name);
    let broken: Vec<&str> = broken.collect();
    let hint = match broken[..] {
        [] => format!("{} {}", registry.installed(), connections.configured()),
        _ => format!(
            "{} These connections are wrong and were not asked: {} (see `usher config validate`).",
            registry.installed(),
            broken.join(", ")
        ),
    };
    error.with_hint(hint)
}
