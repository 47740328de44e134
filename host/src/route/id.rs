//! Which ticket a bare id means. The rules stand in `reference.rs`.

use usher_adapter_manifest::{Needs, detect::Reference};
use usher_adapter_sdk::Result;

use super::{
    Resolved, Target,
    reference::{Fit, Search, confirms, lists, prefer},
    refusal,
};
use crate::registry::Adapter;

/// A candidate for what an id means.
struct Candidate<'a> {
    fit: Fit,
    adapter: &'a Adapter,
    target: Option<&'a Target>,
    reference: Reference,
}

impl Candidate<'_> {
    /// Says whether there is a connection for which something holds.
    fn is_at(&self, holds: impl FnOnce(&Target) -> bool) -> bool {
        self.target.is_some_and(holds)
    }
}

/// Says what an id means.
pub(super) fn resolve(search: &Search<'_>, id: &str) -> Result<Resolved> {
    let mut candidates = candidates(search, id);
    prefer(&mut candidates, |candidate| candidate.is_at(|target| !target.is_bystander()));
    let Some(best) = candidates.iter().map(|candidate| candidate.fit).max() else {
        return Err(refusal::no_such_id(search, id));
    };
    if let (Fit::Possible, Some(default)) = (best, search.connections.default()) {
        // A wrong default connection may have been meant, and only it would know.
        search
            .connections
            .require_if_present(default)
            .map_err(|error| refusal::default_is_wrong(id, default, error))?;
    }
    candidates.retain(|candidate| candidate.fit == best);
    prefer(&mut candidates, |candidate| {
        candidate.is_at(|target| target.projects.is_empty() || lists(target, &candidate.reference))
    });
    prefer(&mut candidates, |candidate| candidate.is_at(|target| search.is_default(target)));
    if candidates.len() > 1 {
        let names = candidates.iter().map(|candidate| match candidate.target {
            Some(target) => target.name.as_str(),
            None => candidate.adapter.id(),
        });
        return Err(refusal::ambiguous(search, id, &names.collect::<Vec<_>>(), "connections"));
    }
    let Candidate { adapter, target, reference, .. } = candidates.remove(0);
    let advice = target.is_none().then(|| refusal::advice(search, adapter, &reference));
    // A connection that nobody has asked for may be the wrong place.
    let doubt = if target.is_some_and(Target::is_bystander) { refusal::doubt(search, id) } else { None };
    Ok(Resolved { advice, doubt, ..Resolved::new(adapter, target, reference) })
}

fn candidates<'a>(search: &Search<'a>, id: &str) -> Vec<Candidate<'a>> {
    let mut candidates = Vec::new();
    for adapter in search.registry.adapters() {
        let mut fitting = Vec::new();
        for target in search.targets(adapter) {
            let references = adapter.detector.id(id, target.default_project.as_deref());
            let fits = references.into_iter().filter_map(|reference| {
                let fit = search.fit(target, &reference)?;
                Some(Candidate { fit, adapter, target: Some(target), reference })
            });
            // One connection is one candidate, however many of its rows fit.
            fitting.extend(fits.max_by_key(|candidate| candidate.fit));
        }
        prefer(&mut fitting, |candidate: &Candidate<'_>| {
            candidate.is_at(|target| confirms(target, &candidate.reference))
        });
        candidates.extend(fitting);
        if search.within.allows_platform(adapter) {
            let platform =
                adapter.detector.id(id, None).into_iter().find(|reference| reference.needs == Needs::Nothing);
            let fit = Fit::PlatformOnly;
            candidates.extend(platform.map(|reference| Candidate { fit, adapter, target: None, reference }));
        }
    }
    candidates
}
