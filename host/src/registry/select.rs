//! Which of several adapters with one id is used.
//!
//! The higher version wins; at the same version a built-in does. Of drop-ins with the same id and version but
//! different bytes none is used, since nobody could say which was meant; identical ones count as one.
//!
//! What is known against a file plays no part: one that is quarantined does not give way to an older one. Going back to
//! an older version is the operator's to decide; who makes the newer one crash must not be able to bring it about.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::Arc,
};

use super::{Adapter, Origin, Refused, store::Store, trust};

/// An adapter that is not used, since another of its id is.
#[derive(Debug, Clone, PartialEq)]
pub struct Shadow {
    /// The id of both.
    pub adapter: String,
    /// The version of the one that is not used.
    pub version: String,
    /// Its file; absent for a built-in.
    pub file: Option<PathBuf>,
    /// What is used in its place.
    pub by: String,
}

/// The outcome of choosing.
pub struct Selection {
    /// The adapters that are used, by id.
    pub adapters: BTreeMap<String, Arc<Adapter>>,
    /// The adapters that are not, since another is.
    pub shadows: Vec<Shadow>,
    /// The adapters that are not, since nobody could say which was meant.
    pub refused: Vec<Refused>,
}

/// Chooses one adapter for each id.
pub(super) fn choose(built_in: Vec<Adapter>, drop_ins: Vec<Adapter>, store: Option<&Store>) -> Selection {
    let mut by_id: BTreeMap<String, Vec<Adapter>> = BTreeMap::new();
    for adapter in built_in.into_iter().chain(drop_ins) {
        by_id.entry(adapter.id().to_owned()).or_default().push(adapter);
    }
    let mut selection = Selection { adapters: BTreeMap::new(), shadows: Vec::new(), refused: Vec::new() };
    for (id, candidates) in by_id {
        choose_one(&mut selection, id, candidates, store);
    }
    selection
}

fn choose_one(selection: &mut Selection, id: String, candidates: Vec<Adapter>, store: Option<&Store>) {
    let mut candidates = refuse_clashes(selection, drop_copies(candidates, store));
    // The sort is stable: at one version a built-in comes first, then the earlier folder.
    candidates.sort_by_key(|adapter| std::cmp::Reverse(version(adapter)));
    let mut candidates = candidates.into_iter();
    let Some(used) = candidates.next() else { return };
    let by = match &used.origin {
        Origin::BuiltIn => format!("the built-in version {}", used.version),
        Origin::DropIn { file, .. } => format!("version {} in {}", used.version, file.display()),
    };
    selection.shadows.extend(candidates.map(|adapter| Shadow {
        adapter: id.clone(),
        file: file(&adapter).map(Path::to_owned),
        version: adapter.version,
        by: by.clone(),
    }));
    selection.adapters.insert(id, Arc::new(used));
}

/// Leaves one of several files with the same bytes.
fn drop_copies(candidates: Vec<Adapter>, store: Option<&Store>) -> Vec<Adapter> {
    let mut kept: Vec<Adapter> = Vec::new();
    for candidate in candidates {
        let is_copy = kept.iter().any(|other| same_version(other, &candidate) && same_bytes(other, &candidate, store));
        if !is_copy {
            kept.push(candidate);
        }
    }
    kept
}

/// Refuses drop-ins of one version that are not the same.
fn refuse_clashes(selection: &mut Selection, candidates: Vec<Adapter>) -> Vec<Adapter> {
    let clashes_with = |adapter: &Adapter| {
        let file = file(adapter)?;
        let mut others = candidates.iter().filter(|other| self::file(other).is_some_and(|other| other != file));
        others.find(|other| same_version(other, adapter)).and_then(self::file).map(Path::to_owned)
    };
    let clashes: Vec<Option<PathBuf>> = candidates.iter().map(clashes_with).collect();
    let mut kept = Vec::new();
    for (adapter, clash) in candidates.into_iter().zip(clashes) {
        let (Some(other), Origin::DropIn { file, .. }) = (clash, &adapter.origin) else {
            kept.push(adapter);
            continue;
        };
        selection.refused.push(Refused {
            file: Some(file.clone()),
            adapter: Some(adapter.id().to_owned()),
            reason: format!(
                "and {} both say that they are `{}` version {}, and differ: remove one of them",
                other.display(),
                adapter.id(),
                adapter.version
            ),
        });
    }
    kept
}

fn file(adapter: &Adapter) -> Option<&Path> {
    adapter.file()
}

fn same_version(one: &Adapter, other: &Adapter) -> bool {
    one.version == other.version
}

fn same_bytes(one: &Adapter, other: &Adapter, store: Option<&Store>) -> bool {
    let (Some(one), Some(other)) = (file(one), file(other)) else { return false };
    let length = |file: &Path| file.metadata().ok().map(|metadata| metadata.len());
    let digest = |file: &Path| trust::digest(store, file).ok();
    length(one) == length(other) && matches!((digest(one), digest(other)), (Some(one), Some(other)) if one == other)
}

/// Returns a version in an order: numbers as numbers, and a pre-release before its release.
fn version(adapter: &Adapter) -> (Vec<u64>, bool, String) {
    let version = adapter.version.split('+').next().unwrap_or_default();
    let (release, pre_release) = version.split_once('-').map_or((version, ""), |(release, pre)| (release, pre));
    let numbers = release.split('.').map(|number| number.parse().unwrap_or(0)).collect();
    (numbers, pre_release.is_empty(), pre_release.to_owned())
}
