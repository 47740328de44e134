//! `config show`: the settings in effect, defaults included, secrets as stars.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::Config;
use super::adapters::{AdapterSettings, Adapters};
use super::connection::Connection;
use super::duration::written;
use super::error::ConfigError;
use super::http::{Http, Network};
use super::limits::LimitOverride;
use super::output::{Output, Pager};
use super::proxy::Proxy;
use super::secret::{Auth, STARS};
use super::trust::{AdapterFolder, SignerKey, Trust};

/// Returns the settings in effect. A broken connection shows its error in the place of its settings.
pub fn show(config: &Config) -> Value {
    let connections = config.connections.iter().map(|(name, outcome)| {
        let shown = match outcome {
            Ok(connection) => connection_table(connection),
            Err(error) => json!({ "error": error.to_string() }),
        };
        (name.clone(), shown)
    });
    let connections: Map<String, Value> = connections.collect();
    without_nulls(json!({
        "sources": config.sources,
        "default_connection": config.default_connection,
        "output": output_table(&config.output),
        "adapters": adapters_table(&config.adapters),
        "connections": connections,
    }))
}

/// Returns the settings in effect as TOML.
pub fn show_toml(config: &Config) -> Result<String, ConfigError> {
    toml::to_string(&show(config)).map_err(|error| {
        ConfigError::whole_file("", format!("a setting cannot be written as TOML: {error}")).with_hint("use --json")
    })
}

fn output_table(output: &Output) -> Value {
    let pager = match &output.pager {
        Pager::Preferred => json!(true),
        Pager::Command(command) => json!(command),
        Pager::Off => json!(false),
    };
    json!({ "color": output.color.as_str(), "pager": pager })
}

fn adapters_table(adapters: &Adapters) -> Value {
    let path: Vec<Value> = adapters.path.iter().map(|folder| folder_entry(adapters, folder)).collect();
    let mut table = Map::from_iter([
        ("path".to_owned(), json!(path)),
        ("trust".to_owned(), json!(adapters.trust)),
        ("keys".to_owned(), keys(&adapters.keys)),
        ("require_sandbox".to_owned(), json!(adapters.require_sandbox)),
    ]);
    table.extend(adapters.settings.iter().map(|(id, settings)| (id.clone(), adapter_table(settings))));
    Value::Object(table)
}

/// A folder is a plain name where it is like all others.
fn folder_entry(adapters: &Adapters, folder: &AdapterFolder) -> Value {
    if *folder == adapters.folder(&folder.path) {
        return json!(folder.path);
    }
    let keys = (folder.trust == Trust::Signed).then(|| keys(&folder.keys));
    json!({ "folder": folder.path, "trust": folder.trust, "keys": keys })
}

fn keys(keys: &[SignerKey]) -> Value {
    keys.iter().map(|key| Value::String(key.as_str().to_owned())).collect()
}

fn adapter_table(settings: &AdapterSettings) -> Value {
    let grants = settings.filesystem.iter();
    let grants: Vec<String> =
        grants.map(|grant| format!("{}:{}", grant.path.display(), grant.access.as_str())).collect();
    let network = if settings.network { "direct" } else { "none" };
    let hosts: Vec<String> = settings.hosts.iter().map(ToString::to_string).collect();
    json!({
        "isolation": settings.isolation.as_str(),
        "grants": { "filesystem": grants, "network": network, "hosts": hosts },
    })
}

fn connection_table(connection: &Connection) -> Value {
    let Connection { http, retry, cache, .. } = connection;
    json!({
        "adapter": connection.adapter,
        "base_url": connection.base_url.as_ref().map(url::Url::as_str),
        "enabled": connection.enabled,
        "default_project": connection.default_project,
        "projects": connection.projects,
        "read_only": connection.read_only,
        // An empty table says that none are taken from the environment.
        "auth": connection.says_auth.then(|| auth_table(&connection.auth)),
        "http": http_table(http, &connection.network),
        "retry": {
            "max_attempts": retry.max_attempts,
            "initial_delay": written(retry.initial_delay),
            "multiplier": retry.multiplier,
            "max_delay": written(retry.max_delay),
            "retryable_statuses": retry.retryable_statuses,
        },
        "limits": limits_table(&connection.limits),
        "cache": { "enabled": cache.enabled, "ttl": written(cache.ttl) },
        "options": hide_secrets(&connection.options.as_written),
        "status_map": connection.status_map,
        "type_map": connection.type_map,
        "priority_map": connection.priority_map,
    })
}

fn http_table(http: &Http, network: &Network) -> Value {
    let Network { tls, proxy } = network;
    let client = tls.client.as_ref();
    let except = match proxy {
        Proxy::Through(server) if !server.except.is_empty() => Some(&server.except),
        _ => None,
    };
    let mut table = Map::from_iter([
        ("connect".to_owned(), json!(written(http.connect))),
        ("read".to_owned(), json!(written(http.read))),
        ("total".to_owned(), json!(written(http.total))),
        ("ca_file".to_owned(), json!(Some(&tls.authorities).filter(|files| !files.is_empty()))),
        ("client_certificate".to_owned(), json!(client.map(|client| &client.file))),
        ("min_tls".to_owned(), json!(tls.minimum)),
        ("verify".to_owned(), json!(tls.verify)),
        ("proxy".to_owned(), proxy_setting(proxy)),
        ("no_proxy".to_owned(), json!(except)),
    ]);
    table.extend(network.secrets().map(|(name, field)| (name.to_owned(), json!(field.shown))));
    Value::Object(table)
}

fn proxy_setting(proxy: &Proxy) -> Value {
    match proxy {
        Proxy::System => json!("system"),
        Proxy::Direct => json!("none"),
        Proxy::Through(server) => json!(server.url.as_str()),
    }
}

fn limits_table(limits: &BTreeMap<String, LimitOverride>) -> Value {
    Value::Object(limits.iter().map(|(name, limit)| (name.clone(), limit.shown())).collect())
}

fn auth_table(auth: &Auth) -> Value {
    let mut table = Map::new();
    if let Some(scheme) = &auth.scheme {
        table.insert("scheme".to_owned(), json!(scheme));
    }
    table.extend(auth.fields.iter().map(|(name, field)| (name.clone(), json!(field.shown))));
    Value::Object(table)
}

/// Parts of names under which an option is likely to hold a secret that belongs into `auth`.
const SECRET_NAMES: &[&str] = &["credential", "key", "passphrase", "password", "secret", "token"];

/// Returns the adapter's options as written, with stars for what looks like a secret and is not a reference.
fn hide_secrets(options: &Map<String, Value>) -> Value {
    let shown = options.iter().map(|(name, value)| {
        let lower = name.to_lowercase();
        let suspicious = SECRET_NAMES.iter().any(|part| lower.contains(part));
        let shown = match value {
            Value::Object(table) => hide_secrets(table),
            Value::String(text) if suspicious && !is_reference(text) => json!(STARS),
            Value::Array(_) if suspicious => json!(STARS),
            other => other.clone(),
        };
        (name.clone(), shown)
    });
    Value::Object(shown.collect())
}

/// Tells whether a text is one variable without a default, and nothing else.
fn is_reference(text: &str) -> bool {
    let inside = text.strip_prefix("${").and_then(|rest| rest.strip_suffix('}'));
    inside.is_some_and(|inside| !inside.contains([':', '$', '}']))
}

/// Leaves out what is not set: TOML has no null.
fn without_nulls(value: Value) -> Value {
    match value {
        Value::Object(table) => {
            let kept = table.into_iter().filter(|(_, value)| !value.is_null());
            Value::Object(kept.map(|(key, value)| (key, without_nulls(value))).collect())
        }
        Value::Array(items) => {
            Value::Array(items.into_iter().filter(|item| !item.is_null()).map(without_nulls).collect())
        }
        other => other,
    }
}
