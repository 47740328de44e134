//! What an adapter gets of what it asks for: the manifest's words, filled in with a connection's options, and only where the
//! operator has granted it, in the configuration or by approving this file (`super::approved`).

use std::{
    ffi::OsString,
    fs, io,
    path::{Component, Path, PathBuf},
};

use serde_json::{Map, Value};
use usher_adapter_manifest::{Access as Asked, Folder, HostGrant, Manifest, Network};
use usher_adapter_sdk::{Error, ErrorKind, Result};

use super::Request;
use crate::{
    config::{Access, AdapterSettings},
    registry::Origin,
    route::Target,
    worker::confine::PathGrant,
};

/// Returns the folders that an adapter gets for one connection.
///
/// `approved` is what was approved that the file that will run may have. What is asked for and not granted is an error that says
/// what to write; more than was asked for is never given.
pub fn folders(
    manifest: &Manifest,
    options: &Map<String, Value>,
    settings: &AdapterSettings,
    approved: Option<&Request>,
) -> Result<Vec<PathGrant>> {
    let mut grants = Vec::new();
    for (asked, path) in named(manifest, options) {
        let resolved = resolve(Path::new(path)).map_err(|error| unresolved(manifest, asked, path, &error))?;
        let wants_writing = asked.access == Asked::ReadWrite;
        let write =
            granted(&resolved, settings, asked, approved).ok_or_else(|| ungranted(manifest, asked, &resolved))?;
        grants.push(PathGrant { path: resolved, write: wants_writing && write });
    }
    Ok(grants)
}

/// Returns the paths that an adapter asks for, as the options of a connection name them.
pub fn places(manifest: &Manifest, options: &Map<String, Value>) -> Vec<PathBuf> {
    named(manifest, options).map(|(_, path)| PathBuf::from(path)).collect()
}

/// Returns what is asked for with its path. An option that is not set names no folder, and none is needed.
fn named<'a>(manifest: &'a Manifest, options: &'a Map<String, Value>) -> impl Iterator<Item = (&'a Folder, &'a str)> {
    let asked = manifest.grants.filesystem.iter();
    asked.filter_map(|asked| Some((asked, options.get(&asked.config)?.as_str()?)))
}

/// Returns whether an adapter may open sockets of its own.
pub fn network(manifest: &Manifest, settings: &AdapterSettings, approved: Option<&Request>) -> Result<bool> {
    if manifest.grants.network != Network::Direct {
        return Ok(false);
    }
    if settings.network || approved.is_some_and(|approved| approved.network == Network::Direct) {
        return Ok(true);
    }
    let id = &manifest.id;
    Err(Error::new(ErrorKind::Configuration, format!("the adapter `{id}` opens sockets of its own, and is not granted that"))
        .with_hint(format!(
            "Write `network = \"direct\"` below `[adapters.{id}.grants]` into the configuration, or run `usher adapter approve {id}`."
        )))
}

/// Returns the hosts that an adapter may reach for one connection, its own addresses among them.
///
/// What is not granted is left out: only a request that goes there is an error.
pub fn hosts(target: &Target, settings: &AdapterSettings, approved: Option<&Request>) -> Vec<HostGrant> {
    let is_built_in = matches!(target.adapter.origin, Origin::BuiltIn);
    let granted = |asked: &HostGrant| {
        let meant = target.meant(asked);
        // Where the operator has written the address, it is granted.
        let is_own = matches!(meant, HostGrant::BaseUrl | HostGrant::Config(_));
        let approved = approved.into_iter().flat_map(|approved| &approved.hosts);
        let is_granted = settings.hosts.iter().chain(approved).any(|granted| granted.covers(&meant));
        (is_own || is_built_in || is_granted).then_some(meant)
    };
    target.adapter.manifest.grants.hosts.iter().filter_map(granted).collect()
}

/// Returns whether a path may be written, or nothing if it may not even be read.
fn granted(path: &Path, settings: &AdapterSettings, asked: &Folder, approved: Option<&Request>) -> Option<bool> {
    let configured = settings.filesystem.iter().filter(|grant| {
        // A grant whose folder cannot be found grants nothing.
        resolve(&grant.path).is_ok_and(|folder| path.starts_with(folder))
    });
    let configured = configured.map(|grant| grant.access == Access::ReadWrite);
    let approved = approved.into_iter().flat_map(|approved| &approved.filesystem);
    let approved = approved.filter(|folder| folder.config == asked.config);
    configured.chain(approved.map(|folder| folder.access == Asked::ReadWrite)).max()
}

fn ungranted(manifest: &Manifest, asked: &Folder, path: &Path) -> Error {
    let id = &manifest.id;
    let access = if asked.access == Asked::ReadWrite { "rw" } else { "ro" };
    let does = if asked.access == Asked::ReadWrite { "reads and writes" } else { "reads" };
    let path = path.display().to_string();
    // As TOML writes it: a path may hold quotes and backslashes.
    let grant = toml::Value::String(format!("{path}:{access}"));
    let message = format!("the adapter `{id}` {does} {path} (its option `{}`), and is not granted that", asked.config);
    Error::new(ErrorKind::Configuration, message).with_hint(format!(
        "Write this into the configuration, or run `usher adapter approve {id}`:\n[adapters.{id}.grants]\nfilesystem = [{grant}]"
    ))
}

fn unresolved(manifest: &Manifest, asked: &Folder, path: &str, error: &io::Error) -> Error {
    let message = format!("the option `{}` of the adapter `{}` names {path}: {error}", asked.config, manifest.id);
    Error::new(ErrorKind::Configuration, message).with_hint("Name a folder that can be reached, without `..` in it.")
}

/// Returns a path free of links and `..`. Of one that is not there the part that is there is resolved.
fn resolve(path: &Path) -> io::Result<PathBuf> {
    let mut missing: Vec<OsString> = Vec::new();
    let mut there = path;
    loop {
        match fs::canonicalize(there) {
            Ok(resolved) => return Ok(missing.iter().rev().fold(resolved, |path, name| path.join(name))),
            // A link that leads nowhere is there: where it will lead one day cannot be judged today.
            Err(error) if error.kind() != io::ErrorKind::NotFound || there.symlink_metadata().is_ok() => {
                return Err(error);
            }
            Err(error) => match (there.components().next_back(), there.parent()) {
                (Some(Component::Normal(name)), Some(parent)) => {
                    missing.push(name.to_owned());
                    there = parent;
                }
                _ => return Err(error),
            },
        }
    }
}

#[cfg(unix)]
#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;
    use crate::{
        config::{Config, FilesystemGrant, Flags, PinnedEnvironment},
        registry::Registry,
        route::Connections,
    };

    fn manifest(access: &str, network: &str) -> Manifest {
        let text = format!(
            "manifest = 1\nid = \"acme\"\nname = \"Acme\"\noperations = [\"get\"]\n[config.path]\ntype = \"path\"\n\
             [grants]\nfilesystem = [\"{{config.path}}:{access}\"]\nnetwork = \"{network}\"\n"
        );
        Manifest::parse(&text).unwrap()
    }

    fn options(path: &Path) -> Map<String, Value> {
        Map::from_iter([("path".to_owned(), Value::from(path.to_str().unwrap()))])
    }

    fn settings(grants: &[(&Path, Access)]) -> AdapterSettings {
        let filesystem =
            grants.iter().map(|(path, access)| FilesystemGrant { path: path.to_path_buf(), access: *access });
        AdapterSettings { filesystem: filesystem.collect(), ..AdapterSettings::default() }
    }

    /// Two folders, `granted` with `granted/inside`, and `secret`.
    fn world() -> (tempfile::TempDir, PathBuf) {
        let world = tempfile::tempdir().unwrap();
        let root = fs::canonicalize(world.path()).unwrap();
        fs::create_dir_all(root.join("granted/inside")).unwrap();
        fs::create_dir(root.join("secret")).unwrap();
        (world, root)
    }

    #[test]
    fn an_adapter_gets_what_it_asks_for_and_is_granted_and_no_more() {
        let (_world, root) = world();
        let granted = root.join("granted");
        let cases = [
            ("rw", Access::ReadWrite, true),
            ("rw", Access::ReadOnly, false),
            ("ro", Access::ReadWrite, false),
            ("ro", Access::ReadOnly, false),
        ];
        for (asked, access, write) in cases {
            for path in [granted.clone(), granted.join("inside"), granted.join("not/yet")] {
                let settings = settings(&[(&granted, access)]);
                let grants = folders(&manifest(asked, "none"), &options(&path), &settings, None).unwrap();
                assert_eq!(grants, [PathGrant { path, write }], "{asked} {access:?}");
            }
        }
        assert!(folders(&manifest("rw", "none"), &Map::new(), &settings(&[]), None).unwrap().is_empty());
    }

    #[test]
    fn neither_links_nor_dots_nor_likeness_lead_out_of_what_is_granted() {
        let (_world, root) = world();
        let granted = root.join("granted");
        symlink(root.join("secret"), granted.join("link")).unwrap();
        symlink(root.join("nowhere"), granted.join("dangling")).unwrap();
        fs::create_dir(root.join("granted-not")).unwrap();
        let settings = settings(&[(&granted, Access::ReadWrite)]);
        for path in [
            root.clone(),
            root.join("secret"),
            root.join("granted-not"),
            granted.join("link"),
            granted.join("link/below"),
            granted.join("dangling"),
            granted.join("../secret"),
            granted.join("inside/../../secret"),
            granted.join("not/../../secret"),
            granted.join("not/yet/.."),
        ] {
            let error = folders(&manifest("ro", "none"), &options(&path), &settings, None).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Configuration, "{}", path.display());
        }
    }

    #[test]
    fn a_link_to_what_is_granted_is_granted() {
        let (_world, root) = world();
        symlink(root.join("granted"), root.join("link")).unwrap();
        let expected = [PathGrant { path: root.join("granted"), write: true }];
        for (granted, named) in [("granted", "link"), ("link", "granted")] {
            let settings = settings(&[(&root.join(granted), Access::ReadWrite)]);
            let grants = folders(&manifest("rw", "none"), &options(&root.join(named)), &settings, None).unwrap();
            assert_eq!(grants, expected);
        }
    }

    #[test]
    fn what_was_approved_for_this_file_is_granted_as_far_as_it_was_asked_then() {
        let (_world, root) = world();
        let path = root.join("secret");
        for (then, write) in [("rw", true), ("ro", false)] {
            let approved = Request::of(&manifest(then, "none"));
            let grants = folders(&manifest("rw", "none"), &options(&path), &settings(&[]), Some(&approved)).unwrap();
            assert_eq!(grants, [PathGrant { path: path.clone(), write }]);
        }
    }

    #[test]
    fn what_is_not_granted_is_an_error_with_the_lines_to_write() {
        let (_world, root) = world();
        let path = root.join("secret");
        let error = folders(&manifest("rw", "none"), &options(&path), &settings(&[]), None).unwrap_err();
        assert!(error.message().contains(&format!("reads and writes {}", path.display())), "{error}");
        let lines = format!("[adapters.acme.grants]\nfilesystem = [\"{}:rw\"]", path.display());
        assert!(error.hint().unwrap().ends_with(&lines), "{error:?}");
        assert!(error.hint().unwrap().contains("usher adapter approve acme"));
    }

    /// The hosts that an adapter of that origin gets for a connection, as texts.
    fn hosts_of(origin: &Origin, connection: &str, settings: &AdapterSettings, approved: bool) -> Vec<String> {
        let manifest = "manifest = 1\nid = \"acme\"\nname = \"Acme\"\noperations = [\"get\"]\n\
             [base_url]\ndefault = \"http://127.0.0.1:7815\"\n\
             [config.gateway]\ntype = \"url\"\ndefault = \"https://gateway.example\"\n\
             [grants]\nhosts = [\"base_url\", \"{config.gateway}\", \"files.example\"]\n";
        let registry = Registry::of_manifests_from(origin, [manifest]);
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("usher.toml");
        fs::write(&file, format!("[connections.work]\nadapter = \"acme\"\n{connection}")).unwrap();
        let environment = PinnedEnvironment::new("/home/ada");
        let flags = Flags { config: Some(file), ..Flags::default() };
        let config = Config::load(&environment, &flags).unwrap();
        let connections = Connections::new(&config, &registry, &environment);
        let target = connections.require("work").unwrap();
        let approved = approved.then(|| Request::of(&target.adapter.manifest));
        let hosts = hosts(target, settings, approved.as_ref());
        hosts.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn an_address_that_only_a_drop_in_names_is_a_host_that_has_to_be_granted() {
        let drop_in = Origin::DropIn { file: PathBuf::new(), symbol: String::new() };
        let none = AdapterSettings::default();
        assert_eq!(hosts_of(&drop_in, "", &none, false), [""; 0]);
        let written = "base_url = \"http://tickets.example\"\noptions.gateway = \"https://gateway.example\"\n";
        assert_eq!(hosts_of(&drop_in, written, &none, false), ["base_url", "{config.gateway}"]);
        let granted =
            AdapterSettings { hosts: vec![HostGrant::parse("gateway.example").unwrap()], ..AdapterSettings::default() };
        assert_eq!(hosts_of(&drop_in, "", &granted, false), ["gateway.example"]);
        // What was approved is shown with the addresses, so that a later file cannot name others.
        let approved = hosts_of(&drop_in, "", &none, true);
        assert_eq!(approved, ["127.0.0.1", "gateway.example", "files.example"]);
        assert_eq!(hosts_of(&Origin::BuiltIn, "", &none, false), ["base_url", "{config.gateway}", "files.example"]);
    }

    #[test]
    fn sockets_are_given_to_who_asks_and_is_granted() {
        let granted = AdapterSettings { network: true, ..AdapterSettings::default() };
        let approved = Request::of(&manifest("ro", "direct"));
        assert!(!network(&manifest("ro", "none"), &granted, Some(&approved)).unwrap(), "nobody asked");
        assert!(network(&manifest("ro", "direct"), &granted, None).unwrap());
        assert!(network(&manifest("ro", "direct"), &settings(&[]), Some(&approved)).unwrap());
        let error = network(&manifest("ro", "direct"), &settings(&[]), None).unwrap_err();
        assert!(error.hint().unwrap().contains("network = \"direct\""), "{error:?}");
    }
}
