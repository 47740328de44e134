//! Cuts a platform's GraphQL schema to what its fake has, and writes it below `tests/data/`.
//!
//! `USHER_SPECS=FOLDER cargo run -p usher-tests --example cut-graphql -- PLATFORM`, where PLATFORM is one of those in
//! `platforms::ALL` and the folder has the official schema as `PLATFORM/schema.graphql`.

mod cut;
mod platforms;

use std::{env, fs, path::Path, process::ExitCode};

fn main() -> ExitCode {
    let name = env::args().nth(1).unwrap_or_default();
    let Some(platform) = platforms::ALL.iter().find(|platform| platform.name == name) else {
        let known: Vec<_> = platforms::ALL.iter().map(|platform| platform.name).collect();
        eprintln!("there is no schema of `{name}`; name one of: {}", known.join(", "));
        return ExitCode::from(2);
    };
    let folder = env::var_os("USHER_SPECS").expect("USHER_SPECS names a folder");
    let path = Path::new(&folder).join(platform.name).join("schema.graphql");
    let text = fs::read_to_string(path).expect("the schema is there");
    let target = Path::new(env!("CARGO_MANIFEST_DIR")).join("data").join(platform.name).join(platform.file);
    fs::write(target, cut::cut(platform, &text)).expect("the file can be written");
    ExitCode::SUCCESS
}
