//! From the text to a checked manifest: syntax, schema number, types, and then what must agree across tables.

mod detect;

use crate::auth::{AuthField, AuthScheme};
use crate::config::{ConfigField, FieldType, is_http_url};
use crate::environment::Environment;
use crate::error::{ManifestError, unknown};
use crate::grants::{Folder, Grants, HostGrant};
use crate::header;
use crate::limits::Limit;
use crate::manifest::{Answers, BaseUrl, MANIFEST_VERSION, Manifest, Operation};
use crate::source::{AuthSource, BaseUrlSource, ConfigSource, EnvironmentSource, GrantsSource, ManifestSource, Named};
use crate::template::{Template, is_name};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeTable, Deserializer};

/// How large an `adapter.toml` may be, in bytes.
const MANIFEST_SIZE: usize = 256 * 1_024;

/// A complaint and the bytes it is about.
type Fault = (Range<usize>, String);

/// Returns the manifest that a text holds, or its first fault.
pub(crate) fn parse(text: &str) -> Result<Manifest, ManifestError> {
    read(text).map_err(|(span, message)| ManifestError::new(text, span, message))
}

fn read(text: &str) -> Result<Manifest, Fault> {
    if text.len() > MANIFEST_SIZE {
        let message = format!("a manifest of more than {MANIFEST_SIZE} bytes");
        return Err((0..0, message));
    }
    let document = DeTable::parse(text).map_err(fault)?;
    version(&document)?;
    let source = ManifestSource::deserialize(Deserializer::from(document)).map_err(fault)?;
    manifest(source)
}

fn fault(error: toml::de::Error) -> Fault {
    let span = error.span().unwrap_or(0..0);
    (span, error.message().to_owned())
}

/// Checks the schema number, so that a later schema is called that and not a heap of unknown keys.
fn version(document: &Spanned<DeTable<'_>>) -> Result<(), Fault> {
    let Some(version) = document.get_ref().get("manifest") else {
        let message = format!("`manifest = {MANIFEST_VERSION}` is missing");
        return Err((0..0, message));
    };
    let number = version.get_ref().as_integer();
    let number = number.and_then(|n| i64::from_str_radix(n.as_str(), n.radix()).ok());
    match number {
        Some(MANIFEST_VERSION) => Ok(()),
        Some(other) => {
            Err((version.span(), format!("manifest schema {other} is not known here, expected `{MANIFEST_VERSION}`")))
        }
        None => Err((version.span(), format!("`manifest` is the number of the schema, expected `{MANIFEST_VERSION}`"))),
    }
}

fn manifest(source: ManifestSource) -> Result<Manifest, Fault> {
    identity(&source)?;
    let operations = operations(source.operations)?;
    if operations.contains(&Operation::AddNote) && !source.notes.internal && !source.notes.public {
        let message = "`add_note` needs `internal = true` or `public = true` in [notes]";
        return Err((source.id.span(), message.to_owned()));
    }
    let config = ordered(source.config, config_field)?;
    let scope = Scope { config: &config, has_base_url: source.base_url.is_some() };
    let base_url = source.base_url.map(|source| base_url(source, &scope)).transpose()?;
    let grants = grants(source.grants, &scope)?;
    let auth = schemes(source.auth, &scope, &grants)?;
    Ok(Manifest {
        environment: each(source.environment, |entry| environment(entry, &scope, &auth))?,
        detect: detect::tables(source.detect, &config)?,
        limits: limits(source.limits)?,
        answers: Answers { secrets: each(source.answers.secrets, field_name)? },
        id: source.id.into_inner(),
        name: source.name.into_inner(),
        description: source.description,
        documentation: source.documentation.map(Spanned::into_inner),
        anonymous: source.anonymous,
        operations,
        base_url,
        notes: source.notes,
        markers: source.markers,
        config,
        auth,
        grants,
    })
}

/// What the other tables may refer to.
struct Scope<'a> {
    config: &'a [ConfigField],
    has_base_url: bool,
}

fn identity(source: &ManifestSource) -> Result<(), Fault> {
    if !is_id(source.id.get_ref()) {
        let message =
            format!("`{}` is not an id, expected `[a-z][a-z0-9-]*` such as `my-tracker`", source.id.get_ref());
        return Err((source.id.span(), message));
    }
    if source.name.get_ref().trim().is_empty() {
        return Err((source.name.span(), "an empty name".to_owned()));
    }
    match &source.documentation {
        Some(url) if !is_http_url(url.get_ref()) => {
            Err((url.span(), format!("`{}` is not a web address", url.get_ref())))
        }
        _ => Ok(()),
    }
}

fn is_id(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_lowercase())
        && text.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-'))
}

fn operations(source: Spanned<Vec<Spanned<Operation>>>) -> Result<Vec<Operation>, Fault> {
    let span = source.span();
    let mut operations = Vec::new();
    for operation in source.into_inner() {
        let at = operation.span();
        let operation = operation.into_inner();
        if operations.contains(&operation) {
            return Err((at, format!("operation `{operation}` is listed twice")));
        }
        operations.push(operation);
    }
    if operations.is_empty() {
        let words: Vec<&str> = Operation::ALL.iter().map(|op| op.as_str()).collect();
        let message = format!("no operations, expected some of `{}`", words.join("`, `"));
        return Err((span, message));
    }
    Ok(operations)
}

fn base_url(source: Spanned<BaseUrlSource>, scope: &Scope<'_>) -> Result<BaseUrl, Fault> {
    let span = source.span();
    let source = source.into_inner();
    match (&source.default, source.required) {
        (None, false) => {
            let message = "[base_url] needs a `default`, or `required = true`";
            return Err((span, message.to_owned()));
        }
        (Some(url), true) => {
            let message = "[base_url] has a `default` and is therefore not `required`";
            return Err((url.span(), message.to_owned()));
        }
        (Some(url), false) if !is_http_url(url.get_ref()) => {
            let message = format!("`{}` is not a web address", url.get_ref());
            return Err((url.span(), message));
        }
        _ => {}
    }
    if let Some(suffix) = &source.api_suffix
        && !(suffix.get_ref().starts_with('/') && suffix.get_ref().len() > 1 && !suffix.get_ref().ends_with('/'))
    {
        let message = format!("`{}` is not the end of a path, expected something like `/api/v3`", suffix.get_ref());
        return Err((suffix.span(), message));
    }
    if let Some(option) = &source.web_option {
        scope.field_of_type(option.get_ref(), FieldType::Url, option.span())?;
    }
    Ok(BaseUrl {
        default: source.default.map(Spanned::into_inner),
        api_suffix: source.api_suffix.map(Spanned::into_inner),
        web_option: source.web_option.map(Spanned::into_inner),
        required: source.required,
        help: source.help,
        example: source.example,
    })
}

fn config_field(name: Spanned<String>, source: ConfigSource) -> Result<ConfigField, Fault> {
    let span = name.span();
    let name = field_name(name)?;
    let default_span = source.default.as_ref().map(Spanned::span);
    let field = ConfigField {
        name,
        kind: source.kind,
        required: source.required,
        default: source.default.map(Spanned::into_inner),
        choices: source.choices,
        help: source.help,
        example: source.example,
    };
    if !field.choices.is_empty() && !matches!(field.kind, FieldType::String | FieldType::List) {
        let message = format!(
            "`choices` go with the types `string` and `list`, `{}` has the type `{}`",
            field.name,
            field.kind.as_str()
        );
        return Err((span, message));
    }
    let Some(default) = &field.default else {
        return Ok(field);
    };
    let span = default_span.unwrap_or(span);
    if field.required {
        let message = format!("`{}` has a default and is not `required`", field.name);
        return Err((span, message));
    }
    field.accepts(default).map_err(|reason| (span, format!("the default of `{}`: {reason}", field.name)))?;
    Ok(field)
}

fn field_name(name: Spanned<String>) -> Result<String, Fault> {
    let span = name.span();
    let name = name.into_inner();
    if is_name(&name) {
        return Ok(name);
    }
    let message = format!("`{name}` is not a name, expected letters, digits and `_`");
    Err((span, message))
}

fn grants(source: GrantsSource, scope: &Scope<'_>) -> Result<Grants, Fault> {
    for folder in &source.filesystem {
        let Folder { config, .. } = folder.get_ref();
        scope.field_of_type(config, FieldType::Path, folder.span())?;
    }
    Ok(Grants {
        hosts: each(source.hosts, |host| scope.host(host))?,
        filesystem: plain(source.filesystem),
        network: source.network,
    })
}

impl Scope<'_> {
    /// Checks what a grant of a host refers to.
    fn host(&self, host: Spanned<HostGrant>) -> Result<HostGrant, Fault> {
        match host.get_ref() {
            HostGrant::BaseUrl if !self.has_base_url => {
                Err((host.span(), "`base_url` is granted, but there is no [base_url]".to_owned()))
            }
            HostGrant::Config(name) => {
                self.field_of_type(name, FieldType::Url, host.span())?;
                Ok(host.into_inner())
            }
            _ => Ok(host.into_inner()),
        }
    }

    fn field_of_type(&self, name: &str, kind: FieldType, span: Range<usize>) -> Result<(), Fault> {
        let Some(field) = self.config.iter().find(|field| field.name == name) else {
            return Err((span, unknown("config field", name, &self.names())));
        };
        if field.kind == kind {
            return Ok(());
        }
        let message =
            format!("config field `{name}` has the type `{}`, expected `{}`", field.kind.as_str(), kind.as_str());
        Err((span, message))
    }

    fn names(&self) -> Vec<&str> {
        let names = self.config.iter().map(|field| field.name.as_str());
        names.collect()
    }
}

fn schemes(sources: Vec<Spanned<AuthSource>>, scope: &Scope<'_>, grants: &Grants) -> Result<Vec<AuthScheme>, Fault> {
    let mut schemes: Vec<AuthScheme> = Vec::new();
    for source in sources {
        let name = source.get_ref().scheme.clone();
        if schemes.iter().any(|known| known.scheme == *name.get_ref()) {
            let message = format!("auth scheme `{}` is there twice", name.get_ref());
            return Err((name.span(), message));
        }
        schemes.push(scheme(source, scope, grants)?);
    }
    Ok(schemes)
}

fn scheme(source: Spanned<AuthSource>, scope: &Scope<'_>, grants: &Grants) -> Result<AuthScheme, Fault> {
    let span = source.span();
    let source = source.into_inner();
    if !is_id(source.scheme.get_ref()) {
        let message = format!("`{}` is not a scheme name, expected `[a-z][a-z0-9-]*`", source.scheme.get_ref());
        return Err((source.scheme.span(), message));
    }
    templates_are_fed(&source)?;
    if source.headers.is_empty() && source.query.is_empty() {
        let message = "an auth scheme sends something: give `headers` or `query`";
        return Err((span, message.to_owned()));
    }
    header_names(&source)?;
    let hosts = credential_hosts(source.hosts, span, scope, grants)?;
    Ok(AuthScheme {
        scheme: source.scheme.into_inner(),
        help: source.help,
        fields: ordered(source.fields, |name, field| field_name(name).map(|name| -> AuthField { field.named(name) }))?,
        values: by_name(source.values),
        headers: by_name(source.headers),
        query: by_name(source.query),
        hosts,
    })
}

/// Checks that each template names fields, and that each field is used.
fn templates_are_fed(source: &AuthSource) -> Result<(), Fault> {
    let fields: Vec<&str> = keys(&source.fields);
    let mut sent = fields.clone();
    for name in source.values.keys() {
        if fields.contains(&name.get_ref().as_str()) {
            let message = format!("`{}` is a field and a value", name.get_ref());
            return Err((name.span(), message));
        }
        sent.push(name.get_ref());
    }
    let values = source.values.values().map(|template| (template, &fields));
    let parts = source.headers.values().chain(source.query.values());
    let mut used: Vec<&str> = Vec::new();
    for (template, known) in values.chain(parts.map(|template| (template, &sent))) {
        for name in template.get_ref().names() {
            if !known.contains(&name) {
                return Err((template.span(), unknown("field", name, known)));
            }
            used.push(name);
        }
    }
    let names = source.fields.keys().chain(source.values.keys());
    for name in names {
        if !used.contains(&name.get_ref().as_str()) {
            let message = format!("`{}` is used by no header or parameter", name.get_ref());
            return Err((name.span(), message));
        }
    }
    Ok(())
}

fn header_names(source: &AuthSource) -> Result<(), Fault> {
    source.headers.keys().try_for_each(|name| header::check(name.get_ref()).map_err(|message| (name.span(), message)))
}

/// Returns the hosts that get the credentials, each of which must be granted.
fn credential_hosts(
    hosts: Option<Vec<Spanned<HostGrant>>>,
    span: Range<usize>,
    scope: &Scope<'_>,
    grants: &Grants,
) -> Result<Vec<HostGrant>, Fault> {
    let hosts = hosts.unwrap_or_else(|| vec![Spanned::new(span.clone(), HostGrant::BaseUrl)]);
    if hosts.is_empty() {
        let message = "empty `hosts`: nobody would get the credentials";
        return Err((span, message.to_owned()));
    }
    each(hosts, |host| {
        let span = host.span();
        let host = scope.host(host)?;
        if grants.hosts.iter().any(|granted| granted.covers(&host)) {
            return Ok(host);
        }
        let message = format!("credentials go to `{host}`, which [grants] `hosts` does not list");
        Err((span, message))
    })
}

fn environment(
    source: Spanned<EnvironmentSource>,
    scope: &Scope<'_>,
    auth: &[AuthScheme],
) -> Result<Environment, Fault> {
    let source = source.into_inner();
    let schemes: Vec<&str> = auth.iter().map(|known| known.scheme.as_str()).collect();
    let scheme = match &source.scheme {
        None => auth.first(),
        Some(name) => {
            let known = auth.iter().find(|known| known.scheme == *name.get_ref());
            if known.is_none() {
                return Err((name.span(), unknown("auth scheme", name.get_ref(), &schemes)));
            }
            known
        }
    };
    if let Some(base_url) = source.base_url.as_ref().filter(|_| !scope.has_base_url) {
        let message = "`base_url` is read from the environment, but there is no [base_url]";
        return Err((base_url.span(), message.to_owned()));
    }
    let fields = scheme.map_or(&[][..], |scheme| &scheme.fields);
    let fields: Vec<&str> = fields.iter().map(|field| field.name.as_str()).collect();
    Ok(Environment {
        scheme: source.scheme.map(Spanned::into_inner),
        base_url: source.base_url.map(Spanned::into_inner),
        default_project: source.default_project,
        auth: among(source.auth, "field", &fields)?,
        options: among(source.options, "config field", &scope.names())?,
    })
}

fn limits(sources: Vec<Spanned<Limit>>) -> Result<Vec<Limit>, Fault> {
    let mut limits: Vec<Limit> = Vec::new();
    for source in sources {
        let span = source.span();
        let limit = source.into_inner();
        if limits.iter().any(|known| known.name == limit.name) {
            return Err((span, format!("limit `{}` is there twice", limit.name)));
        }
        limit.check().map_err(|reason| (span, format!("limit `{}`: {reason}", limit.name)))?;
        limits.push(limit);
    }
    Ok(limits)
}

/// Returns the entries of a table in the order in which they are written.
fn ordered<T, R>(table: Named<T>, make: impl Fn(Spanned<String>, T) -> Result<R, Fault>) -> Result<Vec<R>, Fault> {
    let mut entries: Vec<_> = table.into_iter().collect();
    entries.sort_by_key(|(name, _)| name.span().start);
    entries.into_iter().map(|(name, entry)| make(name, entry)).collect()
}

/// Returns a table whose keys are all among the known ones.
fn among<T>(table: Named<T>, what: &str, known: &[&str]) -> Result<BTreeMap<String, T>, Fault> {
    let stranger = table.keys().find(|name| !known.contains(&name.get_ref().as_str()));
    if let Some(stranger) = stranger {
        return Err((stranger.span(), unknown(what, stranger.get_ref(), known)));
    }
    let entries = table.into_iter().map(|(name, entry)| (name.into_inner(), entry));
    Ok(entries.collect())
}

fn by_name(table: Named<Spanned<Template>>) -> BTreeMap<String, Template> {
    let entries = table.into_iter().map(|(name, template)| (name.into_inner(), template.into_inner()));
    entries.collect()
}

fn keys<T>(table: &Named<T>) -> Vec<&str> {
    table.keys().map(|name| name.get_ref().as_str()).collect()
}

fn plain<T>(list: Vec<Spanned<T>>) -> Vec<T> {
    list.into_iter().map(Spanned::into_inner).collect()
}

fn each<T, R>(list: Vec<T>, make: impl Fn(T) -> Result<R, Fault>) -> Result<Vec<R>, Fault> {
    list.into_iter().map(make).collect()
}
