//! The part of `usher_adapter_sdk::adapter!` that must run at build time: the manifest is read, checked, and
//! turned into the record that a host reads from the finished file.

use std::{env, fs, path::Path};

use proc_macro::{Literal, TokenStream, TokenTree};
use usher_adapter_manifest::{Manifest, record};

/// The SDK is released together with this package, under one version.
const SDK_VERSION: &str = env!("CARGO_PKG_VERSION");

/// `manifest_record!("adapter.toml")` is `(id, record, checked manifest)`; the path is relative to the crate's `Cargo.toml`.
///
/// It is for `adapter!`, which checks what this returns with types.
#[proc_macro]
pub fn manifest_record(input: TokenStream) -> TokenStream {
    expand(input).unwrap_or_else(|message| {
        format!("::core::compile_error!({})", Literal::string(&message)).parse().unwrap_or_default()
    })
}

fn expand(input: TokenStream) -> Result<TokenStream, String> {
    let file = string_literal(input)?;
    let folder = env::var("CARGO_MANIFEST_DIR").map_err(|_| "the manifest can only be found by Cargo".to_owned())?;
    let path = Path::new(&folder).join(&file);
    let text = fs::read_to_string(&path).map_err(|error| {
        format!(
            "{file}: {error} (looked in the folder of Cargo.toml)\n\
             every adapter has a manifest; the smallest is:\n\n\
             manifest = 1\nid = \"acme\"\nname = \"Acme\"\noperations = [\"get\"]"
        )
    })?;
    let manifest = Manifest::parse(&text).map_err(|error| format!("{file}: {error}"))?;
    let checked = manifest.to_binary().map_err(|error| format!("{file}: {error}"))?;
    let record = record::encode(
        &variable("CARGO_CRATE_NAME")?,
        &variable("CARGO_PKG_NAME")?,
        &variable("CARGO_PKG_VERSION")?,
        SDK_VERSION,
        &text,
    );
    // `include_bytes!` makes the compiler look at the file again when it changes.
    let code = format!(
        "({{ const _: &[u8] = ::core::include_bytes!({path}); {id} }}, {record} as &[u8], {checked} as &[u8])",
        path = Literal::string(&path.to_string_lossy()),
        id = Literal::string(&manifest.id),
        record = Literal::byte_string(&record),
        checked = Literal::byte_string(&checked),
    );
    code.parse().map_err(|error| format!("{file}: cannot be embedded: {error}"))
}

fn variable(name: &str) -> Result<String, String> {
    env::var(name).map_err(|_| format!("{name} is not set: an adapter is built by Cargo"))
}

fn string_literal(input: TokenStream) -> Result<String, String> {
    const USAGE: &str = "expected the path of the manifest as one string, such as \"adapter.toml\"";
    let mut tokens = input.into_iter();
    let (Some(mut token), None) = (tokens.next(), tokens.next()) else { return Err(USAGE.to_owned()) };
    // A literal that went through `macro_rules!` comes in an invisible group.
    while let TokenTree::Group(group) = &token {
        let mut inner = group.stream().into_iter();
        match (inner.next(), inner.next()) {
            (Some(only), None) => token = only,
            _ => return Err(USAGE.to_owned()),
        }
    }
    let text = token.to_string();
    let inner = text.strip_prefix('"').and_then(|text| text.strip_suffix('"'));
    inner.filter(|path| !path.contains('\\')).map(str::to_owned).ok_or_else(|| USAGE.to_owned())
}
