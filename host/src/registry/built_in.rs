//! The adapters that are linked into this program.
//!
//! A crate that is linked but never named registers nothing, so the list here is explicit; a test compares
//! it with what has registered. A program that links more (`use my_adapter as _;`) is seen as well.

use usher_adapter_abi::AdapterModuleRef;
use usher_adapter_manifest::{Manifest, record};
use usher_adapter_sdk::{
    Error, ErrorKind, Result,
    boundary::{AdapterEntry, BuiltIn, inventory},
};

use super::{Adapter, Origin, Refused};

#[cfg(feature = "azure-devops")]
use usher_adapter_azure_devops as _;
#[cfg(feature = "github")]
use usher_adapter_github as _;
#[cfg(feature = "jira")]
use usher_adapter_jira as _;
#[cfg(feature = "linear")]
use usher_adapter_linear as _;
#[cfg(feature = "monday")]
use usher_adapter_monday as _;
#[cfg(feature = "trello")]
use usher_adapter_trello as _;

/// The ids of the adapters that this package links in, sorted; each has its line above.
pub const BUILT_IN: &[&str] = &[
    #[cfg(feature = "azure-devops")]
    "azure-devops",
    #[cfg(feature = "github")]
    "github",
    #[cfg(feature = "jira")]
    "jira",
    #[cfg(feature = "linear")]
    "linear",
    #[cfg(feature = "monday")]
    "monday",
    #[cfg(feature = "trello")]
    "trello",
];

/// Returns every adapter that is linked in.
pub(super) fn adapters() -> (Vec<Adapter>, Vec<Refused>) {
    let (mut adapters, mut refused) = (Vec::new(), Vec::new());
    for entry in inventory::iter::<BuiltIn>.into_iter().flat_map(|crate_| crate_.adapters) {
        match adapter(entry) {
            Ok(adapter) => adapters.push(adapter),
            Err(reason) => refused.push(Refused::built_in(entry.id, reason)),
        }
    }
    (adapters, refused)
}

fn adapter(entry: &AdapterEntry) -> Result<Adapter, String> {
    let record = record::records(entry.record).next().ok_or("it has no manifest record")?;
    let record = record.map_err(|error| error.to_string())?;
    // The build checked the manifest. To read its text again would be most of what a short command does.
    let manifest = Manifest::from_binary(entry.checked)?;
    Ok(Adapter::new(manifest, &record, entry.record.to_vec(), Origin::BuiltIn))
}

/// Returns the module of an adapter that is linked in.
pub(super) fn module(adapter: &Adapter) -> Result<AdapterModuleRef> {
    let mut crates = inventory::iter::<BuiltIn>.into_iter();
    let found = crates.find(|crate_| crate_.adapters.iter().any(|entry| entry.record == adapter.record));
    found.map(|crate_| (crate_.module)()).ok_or_else(|| {
        Error::new(ErrorKind::AdapterRefused, format!("the adapter `{}` is not linked in", adapter.id()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_adapter_that_this_package_links_in_is_in_the_list_and_works() {
        let (adapters, refused) = adapters();
        let mut ids: Vec<&str> = adapters.iter().map(Adapter::id).collect();
        ids.sort_unstable();
        assert_eq!(ids, BUILT_IN);
        assert!(refused.is_empty(), "{refused:?}");
    }

    #[test]
    fn what_the_build_checked_is_what_the_text_says() {
        for entry in inventory::iter::<BuiltIn>.into_iter().flat_map(|crate_| crate_.adapters) {
            let record = record::records(entry.record).next().unwrap().unwrap();
            assert_eq!(
                Manifest::from_binary(entry.checked),
                Manifest::parse(record.toml).map_err(|error| error.to_string())
            );
        }
    }
}
