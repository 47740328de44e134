//! `[connections.NAME]`: one account at one instance of a platform, as written (`RawConnection`) and as meant (`Connection`).

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::ops::Deref;
use std::path::{Path, PathBuf};

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;
use serde::de::{Deserializer, Error as _};
use url::Url;

use super::error::Problem;
use super::http::{Http, Network, RawHttp, SECRET_KEYS, Secrets};
use super::interpolate;
use super::levels::{PriorityLevel, StatusLevel, TypeLevel};
use super::limits::{LimitOverride, RawLimit};
use super::located::{Elsewhere, Entry, Located, Node, Value, json_object};
use super::name::{NAME_HINT, Name, is_name};
use super::paths::Environment;
use super::policies::{Cache, RawCache, RawRetry, Retry};
use super::read::read;
use super::secret::{Auth, LiteralSecret, RawAuth};

type Map = serde_json::Map<String, serde_json::Value>;

/// An account at one instance of a platform.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Connection")]
pub(super) struct RawConnection {
    /// Id of the adapter that speaks with the platform.
    adapter: Name,
    /// Address of the instance; adapters of a single public platform know their own.
    base_url: Option<BaseUrl>,
    /// Whether the connection takes part at all.
    #[schemars(extend("default" = true))]
    enabled: Option<bool>,
    /// Project that a bare number or a new ticket belongs to.
    default_project: Option<Located<String>>,
    /// Keys of the projects that belong to this connection.
    projects: Option<Vec<String>>,
    /// Refuses every write, whatever the adapter says.
    #[schemars(extend("default" = false))]
    read_only: Option<bool>,
    #[expect(dead_code, reason = "read by `Auth::read`, so that serde never holds a secret")]
    auth: Option<Elsewhere<RawAuth>>,
    http: Option<RawHttp>,
    retry: Option<RawRetry>,
    /// Rate limits that are not as the adapter declares them, by their names; `usher adapter show ID` lists them. `all` is
    /// everything that the connection sends.
    limits: Option<BTreeMap<String, RawLimit>>,
    cache: Option<RawCache>,
    /// The adapter's own settings; `usher adapter show ID` lists them.
    options: Option<Map>,
    /// Native status names and what they mean.
    status_map: Option<BTreeMap<String, StatusLevel>>,
    /// Native type names and what they mean.
    type_map: Option<BTreeMap<String, TypeLevel>>,
    /// Native priority names and what they mean.
    priority_map: Option<BTreeMap<String, PriorityLevel>>,
}

/// One connection with everything decided.
#[derive(Debug, Clone)]
pub struct Connection {
    /// Its name in the file.
    pub name: String,
    /// Where it is written.
    pub origin: Origin,
    /// Id of the adapter that speaks with the platform.
    pub adapter: String,
    /// Address of the instance. None leaves it to the adapter, which may know only one.
    pub base_url: Option<Url>,
    /// Whether it takes part at all.
    pub enabled: bool,
    /// Project that a bare number or a new ticket belongs to.
    pub default_project: Option<String>,
    /// Keys of the projects that belong to it; empty when it was not said.
    pub projects: Vec<String>,
    /// Whether every write is refused.
    pub read_only: bool,
    /// How it identifies itself.
    pub auth: Auth,
    /// Whether the file says how, be it that it needs nothing. If not, the environment may.
    pub says_auth: bool,
    /// Time allowed for a request.
    pub http: Http,
    /// Certificates and proxy.
    pub network: Network,
    /// When a request is tried again.
    pub retry: Retry,
    /// Rate limits that are not as the adapter declares them. Its manifest decides whether it has them.
    pub limits: BTreeMap<String, LimitOverride>,
    /// What is remembered of answers.
    pub cache: Cache,
    /// The adapter's own settings. Its manifest decides whether they are right.
    pub options: Options,
    /// Native status names and what they mean.
    pub status_map: BTreeMap<String, StatusLevel>,
    /// Native type names and what they mean.
    pub type_map: BTreeMap<String, TypeLevel>,
    /// Native priority names and what they mean.
    pub priority_map: BTreeMap<String, PriorityLevel>,
}

/// The adapter's own settings, variables replaced. Used like the map that it holds; prints its keys only, because a variable
/// may have brought a secret in.
#[derive(Clone, Default)]
pub struct Options {
    values: Map,
    /// Before variables were replaced: what `config show` may print.
    pub(super) as_written: Map,
}

impl Deref for Options {
    type Target = Map;

    fn deref(&self) -> &Map {
        &self.values
    }
}

impl fmt::Debug for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.values.keys()).finish()
    }
}

/// Where a setting is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// The file.
    pub file: PathBuf,
    /// The line in it, counted from 1.
    pub line: usize,
    /// The folder that relative paths start from.
    pub folder: PathBuf,
}

impl Connection {
    /// Resolves one connection, and reports what is worth a warning.
    pub(super) fn resolve(
        entry: &Entry,
        origin: Origin,
        environment: &dyn Environment,
    ) -> Result<(Self, Vec<Problem>), Problem> {
        let name = &entry.key.value;
        let place = |problem: Problem| problem.under(name).under("connections");
        if !is_name(name) {
            let refusal = Problem::new(format!("`{name}` cannot name a connection"));
            return Err(refusal.hint(NAME_HINT).at(entry.key.offset));
        }
        let resolved = Connection::resolve_table(name, &entry.node, origin, environment);
        let (connection, warnings) = resolved.map_err(|problem| place(problem).at(entry.key.offset))?;
        Ok((connection, warnings.into_iter().map(place).collect()))
    }

    fn resolve_table(
        name: &str,
        written: &Node,
        origin: Origin,
        environment: &dyn Environment,
    ) -> Result<(Self, Vec<Problem>), Problem> {
        let expanded = expand_all_but_secrets(written, environment)?;
        let raw: RawConnection = read(&expanded)?;
        let enabled = raw.enabled.unwrap_or(true);
        let mut warnings = Vec::new();
        let is_needed = enabled && environment.needs_secrets();
        let auth = auth(written, &origin, environment, &mut warnings);
        let auth = unless_needed(auth, is_needed, &mut warnings)?;
        let secrets = http_secrets(written, &origin, environment, &mut warnings);
        let secrets = unless_needed(secrets, is_needed, &mut warnings)?;
        let mut raw_http = raw.http.unwrap_or_default();
        let network = Network::resolve(&mut raw_http, secrets, &origin.folder, environment);
        let (network, warning) = network.map_err(|problem| problem.under("http"))?;
        warnings.extend(warning.map(|warning| warning.under("http")));
        let projects = raw.projects.unwrap_or_default();
        warnings.extend(stray_default(raw.default_project.as_ref(), &projects));
        let base_url = raw.base_url.map(|address| address.0);
        warnings.extend(secrets_in_clear(base_url.as_ref(), &auth, written));
        let as_written = written.get("options").map(|node| json_object(node.entries())).unwrap_or_default();
        let connection = Connection {
            name: name.to_owned(),
            origin,
            adapter: raw.adapter.0,
            base_url,
            enabled,
            default_project: raw.default_project.map(|project| project.value),
            projects,
            read_only: raw.read_only.unwrap_or(false),
            auth,
            says_auth: written.get("auth").is_some(),
            http: Http::resolve(raw_http).map_err(|problem| problem.under("http"))?,
            network,
            retry: Retry::resolve(raw.retry).map_err(|problem| problem.under("retry"))?,
            limits: LimitOverride::resolve_all(raw.limits).map_err(|problem| problem.under("limits"))?,
            cache: Cache::resolve(raw.cache),
            options: Options { values: raw.options.unwrap_or_default(), as_written },
            status_map: raw.status_map.unwrap_or_default(),
            type_map: raw.type_map.unwrap_or_default(),
            priority_map: raw.priority_map.unwrap_or_default(),
        };
        Ok((connection, warnings))
    }
}

/// Replaces variables everywhere but in `auth` and where else secrets are, which keep their references.
fn expand_all_but_secrets(written: &Node, environment: &dyn Environment) -> Result<Node, Problem> {
    let mut expanded = written.clone();
    let Value::Table(entries) = &mut expanded.value else { return Ok(expanded) };
    for entry in entries.iter_mut().filter(|entry| entry.key.value != "auth") {
        let key = &entry.key.value;
        let outcome = match &mut entry.node.value {
            Value::Table(inner) if key == "http" => expand_all_but(inner, &SECRET_KEYS, environment),
            _ => interpolate::expand_tree(&mut entry.node, environment),
        };
        outcome.map_err(|problem| problem.under(key))?;
    }
    Ok(expanded)
}

fn expand_all_but(entries: &mut [Entry], kept: &[&str], environment: &dyn Environment) -> Result<(), Problem> {
    for entry in entries.iter_mut().filter(|entry| !kept.contains(&entry.key.value.as_str())) {
        interpolate::expand_tree(&mut entry.node, environment).map_err(|problem| problem.under(&entry.key.value))?;
    }
    Ok(())
}

/// Makes a warning of what is wrong with secrets that nobody needs: those of a connection that is switched off, or of one
/// that is replayed. Nobody sets their variables.
fn unless_needed<T: Default>(
    outcome: Result<T, Problem>,
    is_needed: bool,
    warnings: &mut Vec<Problem>,
) -> Result<T, Problem> {
    match outcome {
        Err(problem) if !is_needed => {
            warnings.push(problem);
            Ok(T::default())
        }
        outcome => outcome,
    }
}

fn auth(
    written: &Node,
    origin: &Origin,
    environment: &dyn Environment,
    warnings: &mut Vec<Problem>,
) -> Result<Auth, Problem> {
    let Some(node) = written.get("auth") else {
        return Ok(Auth::default());
    };
    let (auth, literals) = Auth::read(node, &origin.folder, environment).map_err(|problem| problem.under("auth"))?;
    warnings.extend(literals.into_iter().map(|literal| written_out(literal).under("auth")));
    Ok(auth)
}

fn http_secrets(
    written: &Node,
    origin: &Origin,
    environment: &dyn Environment,
    warnings: &mut Vec<Problem>,
) -> Result<Secrets, Problem> {
    let Some(node) = written.get("http") else {
        return Ok(Secrets::default());
    };
    let read = Secrets::read(node, &origin.folder, environment);
    let (secrets, literals) = read.map_err(|problem| problem.under("http"))?;
    warnings.extend(literals.into_iter().map(|literal| written_out(literal).under("http")));
    Ok(secrets)
}

fn written_out(literal: LiteralSecret) -> Problem {
    Problem::new("the secret is written out in the file")
        .hint("write a reference instead: `${NAME}`, `file:PATH`, `command:LINE` or `keyring:ENTRY`")
        .at(literal.offset)
        .under(literal.field)
}

fn stray_default(default: Option<&Located<String>>, projects: &[String]) -> Option<Problem> {
    let default = default?;
    let stray = !projects.is_empty() && !projects.contains(&default.value);
    stray.then(|| {
        Problem::new(format!("`{}` is not among `projects`", default.value))
            .hint(format!("`projects` lists: {}", projects.join(", ")))
            .at(default.offset)
            .under("default_project")
    })
}

/// Warns when credentials would cross the network unencrypted.
fn secrets_in_clear(base_url: Option<&Url>, auth: &Auth, written: &Node) -> Option<Problem> {
    let base_url = base_url.filter(|address| address.scheme() == "http" && !auth.fields.is_empty())?;
    let local = match base_url.host()? {
        url::Host::Domain(name) => name == "localhost" || name.ends_with(".localhost"),
        url::Host::Ipv4(address) => address.is_loopback(),
        url::Host::Ipv6(address) => address.is_loopback(),
    };
    let offset = written.get("base_url")?.offset;
    (!local)
        .then(|| Problem::new("credentials would travel unencrypted").hint("use https").at(offset).under("base_url"))
}

/// An address that requests start from: http or https, without credentials and without a query.
#[derive(Debug)]
struct BaseUrl(Url);

impl<'de> Deserialize<'de> for BaseUrl {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        base_url(text.trim()).map(BaseUrl).map_err(D::Error::custom)
    }
}

/// Messages never repeat the address: what made it wrong may be a password in it.
fn base_url(text: &str) -> Result<Url, &'static str> {
    let address =
        Url::parse(text).map_err(|_| "not a complete address\nwrite for example \"https://tickets.example.com\"")?;
    if !address.username().is_empty() || address.password().is_some() {
        return Err("the address holds a user name or a password\nmove them to `auth`, as references to secrets");
    }
    if !matches!(address.scheme(), "http" | "https") {
        return Err(
            "the address begins with neither `https:` nor `http:`\nwrite for example \"https://tickets.example.com\"",
        );
    }
    if address.query().is_some() || address.fragment().is_some() {
        return Err("the address has a `?` or `#` part\nkeep only host and path; the adapter adds the rest");
    }
    Ok(address)
}

impl JsonSchema for BaseUrl {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "BaseUrl".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "pattern": "^(https?://|.*\\$\\{)" })
    }
}

/// Returns the folder of a file as the origin of what is written in it.
pub(super) fn origin(file: &Path, folder: &Path, line: usize) -> Origin {
    Origin { file: file.to_owned(), line, folder: folder.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_web_addresses_are_accepted() {
        for good in ["https://jira.example.com", "http://localhost:8080/jira/", "https://[::1]/x"] {
            assert!(base_url(good).is_ok(), "{good}");
        }
        for bad in [
            "jira.example.com",
            "ftp://x.example",
            "https://ada:s3cret@x.example",
            "https://ada@x.example",
            "https://x.example/?t=s3cret",
            "",
        ] {
            let message = base_url(bad).unwrap_err();
            assert!(!message.contains("s3cret"), "{message}");
        }
    }
}
