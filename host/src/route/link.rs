//! Which connection a link leads to. The rules stand in `reference.rs`.

use url::Url;
use usher_adapter_manifest::detect::{HostFit, Reference};
use usher_adapter_sdk::Result;

use super::{
    Resolved, Target,
    reference::{Search, confirms, lists, prefer, same},
    refusal,
};
use crate::registry::Adapter;

/// Says what a link means.
pub(super) fn resolve(search: &Search<'_>, url: &Url) -> Result<Resolved> {
    let mut platforms = Vec::new();
    let mut fits = Vec::new();
    for adapter in search.registry.adapters() {
        let targets: Vec<&Target> = search.targets(adapter).collect();
        let addresses =
            targets.iter().flat_map(|target| target.addresses.iter().map(move |address| (*target, address)));
        let (owners, addresses): (Vec<&Target>, Vec<Url>) =
            addresses.map(|(target, address)| (target, address.clone())).unzip();
        let Some(reference) = adapter.detector.url(url, &addresses) else { continue };
        let mut fitting: Vec<&Target> =
            targets.into_iter().filter(|target| leads_to(adapter, target, &owners, &reference, url)).collect();
        fitting.retain(|target| search.fit(target, &reference).is_some());
        prefer(&mut fitting, |target| confirms(target, &reference));
        prefer(&mut fitting, |target| lists(target, &reference));
        prefer(&mut fitting, |target| target.projects.is_empty());
        fits.extend(fitting.into_iter().map(|target| (adapter, target, reference.clone())));
        if search.within.allows_platform(adapter) {
            platforms.push((adapter, reference));
        }
    }
    prefer(&mut fits, |(_, target, _)| search.is_default(target));
    match &fits[..] {
        [] => {}
        [(adapter, target, reference)] => return Ok(Resolved::new(adapter, Some(target), reference.clone())),
        _ => {
            let names: Vec<&str> = fits.iter().map(|(_, target, _)| target.name.as_str()).collect();
            return Err(refusal::ambiguous(search, url.as_str(), &names, "connections"));
        }
    }
    // A platform whose own host it is comes before one that would take any host.
    let best = platforms.iter().map(|(_, reference)| reference.host).min();
    platforms.retain(|(_, reference)| Some(reference.host) == best);
    match &platforms[..] {
        [] => Err(refusal::nobody_answers(search, url.host_str().unwrap_or(url.scheme()))),
        [(adapter, reference)] => Ok(Resolved {
            advice: Some(refusal::advice(search, adapter, reference)),
            ..Resolved::new(adapter, None, reference.clone())
        }),
        _ => {
            let names: Vec<&str> = platforms.iter().map(|(adapter, _)| adapter.id()).collect();
            Err(refusal::ambiguous(search, url.as_str(), &names, "platforms"))
        }
    }
}

/// Says whether a link leads to the site of a connection; `owners` are the connections of the addresses compared.
fn leads_to(adapter: &Adapter, target: &Target, owners: &[&Target], reference: &Reference, url: &Url) -> bool {
    match reference.host {
        // A scheme of the platform's own names no host that could be compared.
        _ if !matches!(url.scheme(), "http" | "https") => true,
        Some(HostFit::Named) => serves(adapter, target, reference, url),
        _ => reference.connections.iter().any(|place| owners[*place].name == target.name),
    }
}

/// Says whether a connection is to the site behind a host that the manifest names.
///
/// What names the site is the part of the platform in the host of the link, of the connection's address, or both.
fn serves(adapter: &Adapter, target: &Target, reference: &Reference, url: &Url) -> bool {
    let Some(base) = &target.base_url else { return true };
    if target.addresses.iter().any(|address| same_host(address, url)) {
        return true;
    }
    let default = adapter.manifest.base_url.as_ref().and_then(|base| Url::parse(base.default.as_deref()?).ok());
    let site = match default {
        Some(default) if same_host(&default, base) => Default::default(),
        _ => match adapter.detector.site(base) {
            Some(site) => site,
            None => return false,
        },
    };
    let agrees = |(name, value): (&String, &String)| reference.captures.get(name).is_some_and(|part| same(part, value));
    let is_known = |name: &String| site.contains_key(name) || adapter.manifest.config_field(name).is_some();
    site.iter().all(agrees) && reference.site.iter().all(is_known)
}

/// Compares hosts and ports. `http:` and `https:` of one host are one site, as long as no port is named.
fn same_host(one: &Url, other: &Url) -> bool {
    let host = |url: &Url| url.host_str().map(|host| host.trim_end_matches('.').to_owned());
    host(one) == host(other) && one.port() == other.port()
}
