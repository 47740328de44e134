//! Cuts a platform's OpenAPI documents to what its fake has, and writes them to `tests/data/PLATFORM`.
//!
//! `USHER_SPECS` names a folder with the official documents; where each is found in it, and what is kept, stands in `documents.rs`.
//!
//! ```sh
//! USHER_SPECS=node_modules/@octokit/openapi cargo run -p usher-tests --example cut-openapi -- github
//! ```

mod cut;
mod documents;

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use documents::{DOCUMENTS, Document};

fn main() {
    let specs = env::var_os("USHER_SPECS").map(PathBuf::from);
    let specs = specs.expect("USHER_SPECS names no folder: see the top of this file");
    let platform = env::args().nth(1).expect("the first argument is a platform: github, jira or redmine");
    let documents: Vec<_> = DOCUMENTS.iter().filter(|document| document.platform == platform).collect();
    assert!(!documents.is_empty(), "no document of `{platform}` is known: see documents.rs");
    for document in documents {
        write_cut(document, &specs);
    }
}

fn write_cut(document: &Document, specs: &Path) {
    let found = document.found_at.iter().map(|name| specs.join(name)).find(|path| path.is_file());
    let found = found.unwrap_or_else(|| panic!("none of {:?} is in {}", document.found_at, specs.display()));
    let text = fs::read_to_string(&found).expect("the document can be read");
    let is_yaml = found.extension().is_some_and(|extension| extension == "yaml");
    let whole = if is_yaml {
        serde_saphyr::from_str(&text).expect("the document is YAML")
    } else {
        serde_json::from_str(&text).expect("the document is JSON")
    };
    let small = serde_json::to_string_pretty(&cut::document(&whole, document.operations)).expect("JSON can be written");
    let target = Path::new(env!("CARGO_MANIFEST_DIR")).join("data").join(document.platform).join(document.cut);
    fs::write(target, indented_less(&small)).expect("the cut can be written");
}

/// Halves the indentation: a document is deep.
fn indented_less(text: &str) -> String {
    let lines = text.lines().map(|line| {
        let content = line.trim_start();
        format!("{}{content}\n", " ".repeat((line.len() - content.len()) / 2))
    });
    lines.collect()
}
