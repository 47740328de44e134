//! The ways to authenticate: what they send is fed by their fields, goes to hosts that are granted, and is fetched there.

use super::{Fault, Scope, by_name, each, field_name, is_id, keys, ordered};
use crate::auth::AuthScheme;
use crate::error::unknown;
use crate::grants::{Grants, HostGrant};
use crate::header;
use crate::source::{AuthSource, TokenSource};
use crate::template::Template;
use crate::token::{TokenRequest, TokenUrl, is_of_the_host};
use std::ops::Range;
use toml::Spanned;

/// What templates call a token that was fetched.
const YIELDED: &str = TokenRequest::YIELDS;

/// Returns the schemes, each of which has a name of its own.
pub(super) fn schemes(
    sources: Vec<Spanned<AuthSource>>,
    scope: &Scope<'_>,
    grants: &Grants,
) -> Result<Vec<AuthScheme>, Fault> {
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
    token_is_entitled(&source)?;
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
        fields: ordered(source.fields, |name, field| field_name(name).map(|name| field.named(name)))?,
        values: by_name(source.values),
        headers: by_name(source.headers),
        query: by_name(source.query),
        token: source.token.map(|token| token_request(token, scope, grants)).transpose()?,
        hosts,
    })
}

/// Checks that the fields are there which the grant of a token request takes, and that its form leaves them to the host.
fn token_is_entitled(source: &AuthSource) -> Result<(), Fault> {
    let Some(token) = &source.token else { return Ok(()) };
    let grant = token.grant.get_ref();
    let has = |name: &str| source.fields.iter().any(|(known, field)| known.get_ref() == name && field.required);
    if let Some(missing) = grant.fields().iter().find(|name| !has(name)) {
        let all = grant.fields().join("` and `");
        let message = format!("the grant `{}` takes the fields `{all}`, and needs `{missing}`", grant.as_str());
        return Err((token.grant.span(), message));
    }
    match token.form.keys().find(|name| is_of_the_host(name.get_ref())) {
        Some(name) => Err((name.span(), format!("`{}` is a parameter that the host writes", name.get_ref()))),
        None => Ok(()),
    }
}

/// Checks that each template names fields, and that each field is used.
fn templates_are_fed(source: &AuthSource) -> Result<(), Fault> {
    let own: Vec<&str> = keys(&source.fields);
    let mut fields = own.clone();
    if source.token.is_some() {
        let mut names = source.fields.keys().chain(source.values.keys());
        if let Some(name) = names.find(|name| name.get_ref() == YIELDED) {
            return Err((name.span(), format!("`{YIELDED}` is what the token request yields: give this another name")));
        }
        fields.push(YIELDED);
    }
    let mut sent = fields.clone();
    for name in source.values.keys() {
        if fields.contains(&name.get_ref().as_str()) {
            let message = format!("`{}` is a field and a value", name.get_ref());
            return Err((name.span(), message));
        }
        sent.push(name.get_ref());
    }
    let form = source.token.iter().flat_map(|token| token.form.values()).map(|template| (template, &own));
    let values = source.values.values().map(|template| (template, &fields));
    let parts = source.headers.values().chain(source.query.values()).map(|template| (template, &sent));
    let mut used: Vec<&str> = source.token.iter().flat_map(|token| token.grant.get_ref().fields()).copied().collect();
    for (template, known) in form.chain(values).chain(parts) {
        used.extend(names_among(template, known)?);
    }
    let names = source.fields.keys().chain(source.values.keys());
    for name in names {
        if !used.contains(&name.get_ref().as_str()) {
            let message = format!("`{}` is used by no header or parameter", name.get_ref());
            return Err((name.span(), message));
        }
    }
    match &source.token {
        Some(token) if !used.contains(&YIELDED) => {
            let message =
                format!("`{YIELDED}` is used by no header or parameter: a token would be fetched for nothing");
            Err((token.url.span(), message))
        }
        _ => Ok(()),
    }
}

/// Returns the names in a template, all of which must be known.
fn names_among<'a>(template: &'a Spanned<Template>, known: &[&str]) -> Result<Vec<&'a str>, Fault> {
    let names: Vec<&str> = template.get_ref().names().collect();
    match names.iter().find(|name| !known.contains(name)) {
        Some(stranger) => Err((template.span(), unknown("field", stranger, known))),
        None => Ok(names),
    }
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
        if is_granted(grants, &host) {
            return Ok(host);
        }
        let message = format!("credentials go to `{host}`, which [grants] `hosts` does not list");
        Err((span, message))
    })
}

/// Returns how a token is fetched; the host that gives it must be granted, and need not be one that gets it.
fn token_request(source: TokenSource, scope: &Scope<'_>, grants: &Grants) -> Result<TokenRequest, Fault> {
    let span = source.url.span();
    let url = source.url.into_inner();
    let host = match &url {
        TokenUrl::BaseUrl(path) if !scope.has_base_url => {
            return Err((span, format!("`{path}` lies behind the base URL, but there is no [base_url]")));
        }
        TokenUrl::BaseUrl(_) => HostGrant::BaseUrl,
        TokenUrl::Elsewhere { host, .. } => HostGrant::Exact(host.clone()),
    };
    if !is_granted(grants, &host) {
        return Err((span, format!("a token is fetched from `{host}`, which [grants] `hosts` does not list")));
    }
    Ok(TokenRequest {
        url,
        grant: source.grant.into_inner(),
        client_authentication: source.client_authentication,
        form: by_name(source.form),
    })
}

fn is_granted(grants: &Grants, host: &HostGrant) -> bool {
    grants.hosts.iter().any(|granted| granted.covers(host))
}
