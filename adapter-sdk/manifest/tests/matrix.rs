//! README's table of platforms and operations is what the manifests say. `UPDATE_README=1` writes it anew.
#![allow(clippy::unwrap_used, missing_docs, reason = "a test fails by panicking")]

use std::{
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

use usher_adapter_manifest::{Manifest, Operation};

const BEGIN: &str = "<!-- platforms: made from the manifests -->\n";
const END: &str = "<!-- end of platforms -->\n";

/// Where adapters live, and how those there come to their users. The examples that show something else have no platform.
const ROOMS: &[(&str, &[&str])] = &[("adapters", &[]), ("examples", &["folder", "minimal"])];

#[test]
fn the_readme_says_of_every_platform_what_its_manifest_says() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let path = root.join("README.md");
    let readme = fs::read_to_string(&path).unwrap();
    let (before, rest) = readme.split_once(BEGIN).expect("README has a place for the platforms");
    let (written, after) = rest.split_once(END).expect("README says where the platforms end");
    let table = table(&root);
    if std::env::var_os("UPDATE_README").is_some() {
        fs::write(&path, format!("{before}{BEGIN}{table}{END}{after}")).unwrap();
        return;
    }
    assert_eq!(
        written, table,
        "write it anew with `UPDATE_README=1 cargo test -p usher-adapter-manifest --test matrix`"
    );
}

fn table(root: &Path) -> String {
    let host = fs::read_to_string(root.join("host/Cargo.toml")).unwrap();
    let built_in =
        host.lines().find_map(|line| line.strip_prefix("default = ")).expect("the host has default features");
    let mut table = String::from("| | comes |");
    for operation in Operation::ALL {
        write!(table, " {} |", operation.as_str()).unwrap();
    }
    table.push_str(" internal notes |\n|---|---|");
    table.push_str(&":-:|".repeat(Operation::ALL.len() + 1));
    table.push('\n');
    for (room, left_out) in ROOMS {
        for folder in folders(&root.join(room)) {
            let name = folder.file_name().unwrap().to_str().unwrap();
            let file = folder.join("adapter.toml");
            if left_out.contains(&name) || !file.exists() {
                continue;
            }
            let manifest = Manifest::parse(&fs::read_to_string(file).unwrap()).unwrap();
            let comes = match *room {
                "examples" => "as an example",
                _ if built_in.contains(&format!("\"{}\"", manifest.id)) => "built in",
                _ => "as a drop-in",
            };
            write!(table, "| [{}]({room}/{name}/README.md) | {comes} |", manifest.name).unwrap();
            for operation in Operation::ALL {
                table.push_str(mark(manifest.operations.contains(operation)));
            }
            table.push_str(mark(manifest.notes.internal));
            table.push('\n');
        }
    }
    table
}

fn mark(is_there: bool) -> &'static str {
    if is_there { " ✓ |" } else { " – |" }
}

fn folders(room: &Path) -> Vec<PathBuf> {
    let mut folders: Vec<PathBuf> = fs::read_dir(room).unwrap().map(|entry| entry.unwrap().path()).collect();
    folders.retain(|path| path.is_dir());
    folders.sort();
    folders
}
