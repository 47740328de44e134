//! Who am I here, and is the folder fit for work.

use usher_adapter_sdk::{Result, message::Identity};

use crate::{Folder, mapping};

/// How many misspelled names a warning lists.
const NAMES_SHOWN: usize = 3;

/// Returns who the connection is, and what an operator should know of the folder.
pub(crate) fn check(folder: &Folder) -> Result<Identity> {
    folder.store.ready()?;
    let misspelled = misspelled(&folder.store.misspelled()?);
    let warnings = [read_only(folder), nameless(folder), misspelled].into_iter().flatten();
    Ok(Identity::default()
        .with_product("Folder".to_owned())
        .with_version(env!("CARGO_PKG_VERSION").to_owned())
        .with_user(folder.me.as_deref().map(mapping::user))
        .with_server_time(folder.host.now())
        .with_warnings(warnings.collect::<Vec<_>>()))
}

fn read_only(folder: &Folder) -> Option<String> {
    let matters = !folder.host.connection().read_only && !folder.store.is_writable();
    matters.then(|| "the folder can be read but not written to: every change will fail".to_owned())
}

fn nameless(folder: &Folder) -> Option<String> {
    let nameless = folder.me.is_none();
    nameless.then(|| "`me` is not set: `@me` means nobody, and notes have no author".to_owned())
}

fn misspelled(names: &[String]) -> Option<String> {
    let shown = names.iter().take(NAMES_SHOWN).map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    let more = if names.len() > NAMES_SHOWN { ", …" } else { "" };
    (!names.is_empty()).then(|| {
        format!(
            "{} files look like tickets, but their names are no keys such as `SHOP-12.md`: {shown}{more}",
            names.len()
        )
    })
}
