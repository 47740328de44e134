//! The connections that can be used: what the configuration says, checked against the adapters' manifests.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
    sync::Arc,
};

use serde_json::{Map, Value};
use url::Url;
use usher_adapter_manifest::{ConfigField, FieldType, HostGrant, Manifest, Operation, Value as ManifestValue};
use usher_adapter_sdk::{Error, ErrorKind, Result, host};

use crate::{
    config::{
        Auth, AuthField, Cache, Config, Connection, Environment, Http, LimitOverride, Network, PriorityLevel, Retry,
        Secret, SecretSource, StatusLevel, TypeLevel,
    },
    http::{ALL, chosen_scheme},
    registry::{Adapter, Origin, Registry},
};

/// A connection that can be used, and its adapter.
#[derive(Clone)]
pub struct Target {
    /// The connection's name.
    pub name: String,
    /// The adapter that speaks with its platform.
    pub adapter: Arc<Adapter>,
    /// Where the platform is.
    pub base_url: Option<Url>,
    /// The addresses below which its links lie: the base URL, and where people see the tickets.
    pub(super) addresses: Vec<Url>,
    /// The project meant when none is named.
    pub default_project: Option<String>,
    /// The projects that are known to be there.
    pub projects: Vec<String>,
    /// Whether every write is refused.
    pub read_only: bool,
    /// Whether no file mentions it: its adapter needs no settings.
    pub is_implied: bool,
    /// The adapter's own options, defaults filled in.
    pub options: Map<String, Value>,
    /// Which of its addresses the operator wrote; the others are defaults of the manifest.
    written: Written,
    /// Native names and what they mean.
    pub levels: Levels,
    /// How it identifies itself.
    pub auth: Auth,
    /// Time allowed for a request.
    pub http: Http,
    /// Certificates and proxy.
    pub network: Network,
    /// When a request is tried again.
    pub retry: Retry,
    /// What is remembered of answers.
    pub cache: Cache,
    /// The adapter's rate limits that the operator says something else about.
    pub limits: BTreeMap<String, LimitOverride>,
}

/// What the operator wrote of a connection, into the configuration or into variables of the environment.
#[derive(Debug, Clone, Default)]
struct Written {
    base_url: bool,
    options: BTreeSet<String>,
}

/// What the operator says that native names mean.
#[derive(Debug, Clone, Default)]
pub struct Levels {
    /// Of states.
    pub status: BTreeMap<String, StatusLevel>,
    /// Of types.
    pub types: BTreeMap<String, TypeLevel>,
    /// Of priorities.
    pub priority: BTreeMap<String, PriorityLevel>,
}

impl Levels {
    /// Says whether nothing is mapped.
    pub fn is_empty(&self) -> bool {
        self.status.is_empty() && self.types.is_empty() && self.priority.is_empty()
    }
}

impl Target {
    /// Returns the connection as its adapter may know it.
    pub fn for_adapter(&self) -> host::Connection {
        host::Connection::new(&self.name)
            .with_base_url(self.base_url.as_ref().map(|url| url.as_str().trim_end_matches('/').to_owned()))
            .with_default_project(self.default_project.clone())
            .with_projects(self.projects.clone())
            .with_read_only(self.read_only)
            .with_auth_scheme(
                chosen_scheme(&self.auth, self.adapter.manifest.auth.iter()).map(|scheme| scheme.scheme.clone()),
            )
    }

    /// Says whether nobody has asked for it: it is there for links and keys that name its platform, without credentials, and
    /// takes no part where every connection is asked.
    pub fn is_bystander(&self) -> bool {
        self.is_implied && self.is_anonymous()
    }

    /// Says whether it has no credentials, and its platform is of use without.
    pub fn is_anonymous(&self) -> bool {
        self.adapter.manifest.anonymous && self.auth.fields.is_empty()
    }

    /// Returns a host as this connection means it: an address that only a drop-in's own manifest names is a host like any
    /// other that it asks for, and not one that the operator wrote.
    pub(crate) fn meant(&self, host: &HostGrant) -> HostGrant {
        let is_written = match host {
            HostGrant::BaseUrl => self.written.base_url,
            HostGrant::Config(option) => self.written.options.contains(option),
            _ => true,
        };
        if is_written || matches!(self.adapter.origin, Origin::BuiltIn) {
            return host.clone();
        }
        let address = self.address(host);
        address.as_ref().and_then(Url::host_str).map_or(host.clone(), |name| HostGrant::Exact(name.to_owned()))
    }

    /// Returns the address that a host's name in a manifest stands for, if it stands for one.
    pub(crate) fn address(&self, host: &HostGrant) -> Option<Url> {
        match host {
            HostGrant::BaseUrl => self.base_url.clone(),
            HostGrant::Config(option) => Url::parse(&self.option_text(option)?).ok(),
            _ => None,
        }
    }

    /// Returns the value of an option as text, for comparison with what a link holds.
    pub fn option_text(&self, name: &str) -> Option<String> {
        match self.options.get(name)? {
            Value::String(text) => Some(text.clone()),
            Value::Null | Value::Array(_) | Value::Object(_) => None,
            other => Some(other.to_string()),
        }
    }
}

/// Credentials that the environment has for a platform, without all that a connection to it needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Unfinished {
    /// The variables that are set.
    pub variables: Vec<String>,
    /// The options that nothing says.
    pub lacks: Vec<String>,
}

/// Every connection by name; one that is wrong is its error, and the others work.
#[derive(Clone, Default)]
pub struct Connections {
    targets: BTreeMap<String, Result<Target>>,
    /// By adapter: of what the environment says a part.
    unfinished: BTreeMap<String, Unfinished>,
    default: Option<String>,
}

impl Connections {
    /// Checks the configured connections against the manifests, and adds those that the environment describes or that need
    /// no configuration.
    pub fn new(config: &Config, registry: &Registry, environment: &dyn Environment) -> Self {
        let mut targets = BTreeMap::new();
        for (name, connection) in &config.connections {
            match connection {
                Ok(connection) if !connection.enabled => {}
                Ok(connection) => {
                    targets.insert(name.clone(), target(connection, registry, environment));
                }
                Err(error) => {
                    targets.insert(name.clone(), Err(configuration_error(error)));
                }
            }
        }
        // One that is wrong may be of any adapter: asking its platform as nobody in its place would be worse than an error.
        let has_wrong = config.connections.values().any(Result::is_err);
        let mut unfinished = BTreeMap::new();
        for adapter in registry.adapters() {
            let is_mentioned = config.connections.contains_key(adapter.id())
                || config.connections.values().flatten().any(|connection| connection.adapter == adapter.id());
            if is_mentioned {
                continue;
            }
            let target = implied(adapter, environment).filter(|target| !(has_wrong && target.is_bystander()));
            if let Some(target) = target {
                targets.insert(adapter.id().to_owned(), Ok(target));
            } else if let Some(part) = Unfinished::of(&adapter.manifest, environment) {
                unfinished.insert(adapter.id().to_owned(), part);
            }
        }
        Self { targets, unfinished, default: config.default_connection.clone() }
    }

    /// Returns every connection by name, wrong ones with their errors.
    pub fn all(&self) -> impl Iterator<Item = (&str, &Result<Target>)> {
        self.targets.iter().map(|(name, target)| (name.as_str(), target))
    }

    /// Returns the connections that can be used.
    pub fn usable(&self) -> impl Iterator<Item = &Target> {
        self.targets.values().filter_map(|target| target.as_ref().ok())
    }

    /// Returns the names of the connections that are asked for something when none is named.
    ///
    /// One that is wrong is asked too: it then says what is wrong beside the others' answers.
    pub fn asked_for(&self, operation: Operation) -> impl Iterator<Item = &str> {
        let is_asked = move |target: &Target| target.adapter.manifest.supports(operation) && !target.is_bystander();
        let asked = self.all().filter(move |(_, target)| target.as_ref().map_or(true, is_asked));
        asked.map(|(name, _)| name)
    }

    /// Returns the connections of an adapter that can be used.
    pub fn of<'a>(&'a self, adapter: &'a str) -> impl Iterator<Item = &'a Target> {
        self.usable().filter(move |target| target.adapter.id() == adapter)
    }

    /// Says whether a connection has that name, be it right or wrong.
    pub fn contains(&self, name: &str) -> bool {
        self.targets.contains_key(name)
    }

    /// Returns the connection that bare ids go to when several fit.
    pub fn default(&self) -> Option<&str> {
        self.default.as_deref()
    }

    /// Returns the connection of that name, or an error that lists what would have worked.
    pub fn require(&self, name: &str) -> Result<&Target> {
        match self.targets.get(name) {
            Some(Ok(target)) => Ok(target),
            Some(Err(error)) => Err(error.clone()),
            None => Err(Error::new(ErrorKind::Configuration, format!("there is no connection `{name}`"))
                .with_hint(self.configured())),
        }
    }

    /// Returns the connection of that name if it is there, or what is wrong with it.
    pub(super) fn require_if_present(&self, name: &str) -> Result<Option<&Target>> {
        self.targets.get(name).map(|target| target.as_ref().map_err(Error::clone)).transpose()
    }

    /// Returns what the environment has for an adapter, if it lacks something that a connection needs.
    pub(super) fn unfinished(&self, adapter: &str) -> Option<&Unfinished> {
        self.unfinished.get(adapter)
    }

    /// Says in one sentence which connections there are.
    pub fn configured(&self) -> String {
        let names: Vec<&str> = self.targets.keys().map(String::as_str).collect();
        match names[..] {
            [] => "No connection is configured: write one with `usher config init`.".to_owned(),
            _ => format!("Connections: {}.", names.join(", ")),
        }
    }
}

fn configuration_error(error: &crate::config::ConfigError) -> Error {
    let place = match (error.line, error.column) {
        (Some(line), Some(column)) => format!("{}:{line}:{column}: ", error.file.display()),
        (Some(line), None) => format!("{}:{line}: ", error.file.display()),
        _ => format!("{}: ", error.file.display()),
    };
    let mapped = Error::new(ErrorKind::Configuration, format!("{place}{}", error.message));
    match &error.hint {
        Some(hint) => mapped.with_hint(hint.clone()),
        None => mapped,
    }
}

/// Returns the connection of an adapter that no file mentions: the environment describes it, or it needs no settings.
fn implied(adapter: &Arc<Adapter>, environment: &dyn Environment) -> Option<Target> {
    let Manifest { config, auth, base_url, anonymous, .. } = &adapter.manifest;
    let described = adapter.manifest.environment.iter().find_map(|described| Described::from(described, environment));
    let is_usable = described.is_some() || auth.is_empty() || *anonymous;
    let described = described.unwrap_or_default();
    let mut options = defaults(config);
    let written =
        Written { base_url: described.base_url.is_some(), options: described.options.keys().cloned().collect() };
    options.extend(described.options);
    let lacks_option = config.iter().any(|field| field.required && !options.contains_key(&field.name));
    let default = base_url.as_ref().and_then(|base| base.default.as_deref());
    let base_url = match (base_url, described.base_url.as_deref().or(default)) {
        (Some(_), Some(address)) => Some(Url::parse(address).ok()?),
        (Some(_), None) => return None,
        (None, _) => None,
    };
    (is_usable && !lacks_option).then(|| Target {
        name: adapter.id().to_owned(),
        adapter: adapter.clone(),
        addresses: addresses(&adapter.manifest, base_url.as_ref(), &options),
        base_url,
        default_project: described.default_project,
        projects: Vec::new(),
        read_only: false,
        is_implied: true,
        options,
        written,
        levels: Levels::default(),
        auth: described.auth,
        http: Http::default(),
        network: Network::default(),
        retry: Retry::default(),
        cache: Cache::default(),
        limits: BTreeMap::new(),
    })
}

/// A connection as variables of the environment describe it.
#[derive(Default)]
struct Described {
    base_url: Option<String>,
    default_project: Option<String>,
    auth: Auth,
    options: Map<String, Value>,
}

impl Described {
    /// Returns what the variables say, if all are set that say where the platform is and who we are.
    fn from(described: &usher_adapter_manifest::Environment, environment: &dyn Environment) -> Option<Self> {
        let variable = |name: &str| environment.variable(name)?.into_string().ok();
        let base_url = match &described.base_url {
            Some(from) => Some(from.resolve(variable)?),
            None => None,
        };
        let mut auth = Auth { scheme: described.scheme.clone(), ..Auth::default() };
        for (field, from) in &described.auth {
            let source = SecretSource::Value(Secret::new(from.resolve(variable)?));
            let names: Vec<&str> = from.variables().collect();
            let shown = format!("${{{}}}", names.join(" or "));
            auth.fields.insert(field.clone(), AuthField { source, shown, literal: false });
        }
        let options = described.options.iter();
        let options = options.filter_map(|(name, from)| Some((name.clone(), Value::String(from.resolve(variable)?))));
        Some(Self {
            base_url,
            default_project: described.default_project.as_ref().and_then(|from| from.resolve(variable)),
            auth,
            options: options.collect(),
        })
    }
}

impl Unfinished {
    /// Returns what the environment has for a platform; nothing if that is no credentials, or lacks nothing.
    fn of(manifest: &Manifest, environment: &dyn Environment) -> Option<Self> {
        let is_described = |described: &&usher_adapter_manifest::Environment| {
            !described.auth.is_empty() && Described::from(described, environment).is_some()
        };
        let described = manifest.environment.iter().find(is_described)?;
        let is_set = |name: &&str| environment.variable(name).is_some_and(|value| !value.is_empty());
        let variables = described.auth.values().flat_map(|from| from.variables()).filter(is_set);
        let needed = manifest.config.iter().filter(|field| field.required && field.default.is_none());
        let lacks = needed.filter(|field| !described.options.contains_key(&field.name)).map(|field| field.name.clone());
        let part = Self { variables: variables.map(str::to_owned).collect(), lacks: lacks.collect() };
        (!part.lacks.is_empty()).then_some(part)
    }
}

/// Returns the credentials that the environment has for that address; none if it has them for another one.
fn auth_of_environment(
    manifest: &Manifest,
    base_url: Option<&Url>,
    options: &Map<String, Value>,
    environment: &dyn Environment,
) -> Auth {
    let default = manifest.base_url.as_ref().and_then(|base| base.default.as_deref());
    let mut described = manifest.environment.iter().filter_map(|described| Described::from(described, environment));
    let fitting = described.find(|described| {
        let is_there = match base_url {
            // The platform has one address, and the adapter knows it.
            None => true,
            // A set of variables that names no address is for the one that is public.
            Some(own) => described.base_url.as_deref().or(default).is_some_and(|address| is_same_place(address, own)),
        };
        // Another organisation at the same address is another place.
        is_there && described.options.iter().all(|(name, value)| options.get(name).is_none_or(|own| own == value))
    });
    fitting.map(|described| described.auth).unwrap_or_default()
}

fn is_same_place(address: &str, own: &Url) -> bool {
    let path = |url: &Url| url.path().trim_end_matches('/').to_owned();
    Url::parse(address).is_ok_and(|address| address.origin() == own.origin() && path(&address) == path(own))
}

fn defaults(fields: &[ConfigField]) -> Map<String, Value> {
    let defaults = fields.iter().filter_map(|field| Some((field.name.clone(), json(field.default.as_ref()?))));
    defaults.collect()
}

fn json(value: &ManifestValue) -> Value {
    serde_json::to_value(value).unwrap_or(Value::Null)
}

fn target(connection: &Connection, registry: &Registry, environment: &dyn Environment) -> Result<Target> {
    let adapter = registry.require(&connection.adapter)?.clone();
    let place = format!("{}:{}", connection.origin.file.display(), connection.origin.line);
    let wrong = |message: String| Error::new(ErrorKind::Configuration, format!("{place}: {message}"));
    let options = options(connection, &adapter.manifest, &wrong)?;
    let base_url = match (&connection.base_url, &adapter.manifest.base_url) {
        (Some(url), Some(_)) => Some(url.clone()),
        (Some(_), None) => {
            return Err(wrong(format!("the adapter `{}` takes no base_url", adapter.id()))
                .with_hint(format!("Remove `base_url` from `[connections.{}]`.", connection.name)));
        }
        (None, Some(base)) => match base.default.as_deref().map(Url::parse) {
            Some(Ok(url)) => Some(url),
            Some(Err(error)) => return Err(wrong(format!("the default base_url of `{}`: {error}", adapter.id()))),
            None if base.required => {
                return Err(wrong(format!("connection `{}` needs a base_url", connection.name))
                    .with_hint(base.help.clone().unwrap_or_else(|| "Say where the platform is.".to_owned())));
            }
            None => None,
        },
        (None, None) => None,
    };
    let limits = limits(connection, &adapter.manifest, &wrong)?;
    let auth = match connection.says_auth {
        true => connection.auth.clone(),
        false => auth_of_environment(&adapter.manifest, base_url.as_ref(), &options, environment),
    };
    Ok(Target {
        name: connection.name.clone(),
        addresses: addresses(&adapter.manifest, base_url.as_ref(), &options),
        adapter,
        base_url,
        default_project: connection.default_project.clone(),
        projects: connection.projects.clone(),
        read_only: connection.read_only,
        is_implied: false,
        options,
        written: Written {
            base_url: connection.base_url.is_some(),
            options: connection.options.keys().cloned().collect(),
        },
        levels: Levels {
            status: connection.status_map.clone(),
            types: connection.type_map.clone(),
            priority: connection.priority_map.clone(),
        },
        auth,
        http: connection.http.clone(),
        network: connection.network.clone(),
        retry: connection.retry.clone(),
        cache: connection.cache.clone(),
        limits,
    })
}

/// Returns the addresses below which links to a connection lie.
fn addresses(manifest: &Manifest, base_url: Option<&Url>, options: &Map<String, Value>) -> Vec<Url> {
    let (Some(declared), Some(base_url)) = (&manifest.base_url, base_url) else { return Vec::new() };
    let elsewhere = declared.web_option.as_ref().and_then(|name| options.get(name)?.as_str());
    let elsewhere = elsewhere.and_then(|address| Url::parse(address).ok());
    declared.addresses(base_url).into_iter().chain(elsewhere).collect()
}

/// Checks the adapter's own options against its manifest and fills in defaults.
fn options(
    connection: &Connection,
    manifest: &Manifest,
    wrong: &dyn Fn(String) -> Error,
) -> Result<Map<String, Value>> {
    let table = format!("[connections.{}.options]", connection.name);
    let names: Vec<&str> = manifest.config.iter().map(|field| field.name.as_str()).collect();
    let mut options = defaults(&manifest.config);
    for (name, value) in connection.options.iter() {
        let Some(field) = manifest.config_field(name) else {
            let choices = match names[..] {
                [] => format!("The adapter `{}` has no options.", manifest.id),
                _ => format!("Valid: {}.", names.join(", ")),
            };
            return Err(wrong(format!("{table} has an unknown option `{name}`")).with_hint(choices));
        };
        let value = checked(field, value, &connection.origin.folder)
            .map_err(|reason| wrong(format!("{table} `{name}`: {reason}")).with_hint(help(field)))?;
        options.insert(name.clone(), value);
    }
    let missing = manifest.config.iter().find(|field| field.required && !options.contains_key(&field.name));
    match missing {
        Some(field) => Err(wrong(format!("{table} lacks `{}`", field.name)).with_hint(help(field))),
        None => Ok(options),
    }
}

/// Checks what the operator says of rate limits against those that the manifest declares.
fn limits(
    connection: &Connection,
    manifest: &Manifest,
    wrong: &dyn Fn(String) -> Error,
) -> Result<BTreeMap<String, LimitOverride>> {
    for (name, said) in &connection.limits {
        let table = format!("[connections.{}.limits.{name}]", connection.name);
        let declared = manifest.limits.iter().find(|limit| limit.name == *name);
        if declared.is_none() && name != ALL {
            let mut names: Vec<&str> = manifest.limits.iter().map(|limit| limit.name.as_str()).collect();
            if !names.contains(&ALL) {
                names.push(ALL);
            }
            return Err(wrong(format!("{table}: the adapter `{}` has no rate limit `{name}`", manifest.id))
                .with_hint(format!("Valid: {}.", names.join(", "))));
        }
        let count = said.requests.or(said.points).or(declared.and_then(|limit| limit.requests.or(limit.points)));
        let per = said.per.or(declared.and_then(|limit| limit.per));
        if count.is_some() && per.is_none() {
            return Err(wrong(format!("{table} says how many, and not in what time"))
                .with_hint("Add for example `per = \"60s\"`."));
        }
        if count.is_none() && (said.per.is_some() || said.burst.is_some()) {
            return Err(wrong(format!("{table} lacks a number that `per` and `burst` go with"))
                .with_hint("Add for example `requests = 100` and `per = \"60s\"`."));
        }
    }
    Ok(connection.limits.clone())
}

fn help(field: &ConfigField) -> String {
    let help = field.help.clone().unwrap_or_else(|| format!("It takes a value of type {}.", field.kind.as_str()));
    match &field.example {
        Some(example) => format!("{help} Example: {} = \"{example}\"", field.name),
        None => help,
    }
}

fn checked(field: &ConfigField, value: &Value, folder: &Path) -> Result<Value, String> {
    let typed: ManifestValue = serde_json::from_value(value.clone()).map_err(|error| error.to_string())?;
    field.accepts(&typed)?;
    match (field.kind, typed) {
        (FieldType::Path, ManifestValue::Text(path)) => {
            let path = absolute(&path, folder);
            path.to_str()
                .map(|path| Value::String(path.to_owned()))
                .ok_or_else(|| format!("{} is not valid UTF-8", path.display()))
        }
        _ => Ok(value.clone()),
    }
}

/// Returns a path that means the same from every folder: relative ones start at the file that names them.
fn absolute(path: &str, folder: &Path) -> PathBuf {
    let path = match path.strip_prefix("~/") {
        Some(rest) => std::env::home_dir().map_or_else(|| PathBuf::from(path), |home| home.join(rest)),
        None => PathBuf::from(path),
    };
    let path = folder.join(path);
    std::path::absolute(&path).unwrap_or(path)
}
