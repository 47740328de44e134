#!/usr/bin/env bash
# Builds 20 drop-ins, `bench-01` to `bench-20`, and prints the folder that holds them and nothing else.
#
# Each is the source of `adapter/` under a name and an id of its own: a drop-in's id is compiled in.
set -euo pipefail

benches=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$benches/../.." && pwd)
made=${CARGO_TARGET_DIR:-$root/target}/bench-drop-ins

# A file that is as it should be is left alone, or everything would be built anew.
write() {
    local text
    text=$(cat)
    [[ -f $1 && $(<"$1") == "$text" ]] || printf '%s\n' "$text" > "$1"
}

mkdir -p "$made"
write "$made/Cargo.toml" <<TOML
[workspace]
resolver = "3"
members = ["bench-*"]

# Nothing but the headers is read of most of them, and optimising them all would take minutes.
[profile.release]
opt-level = 0
strip = "symbols"

[profile.release.package."*"]
opt-level = 3

# The one that is called.
[profile.release.package.bench-01]
opt-level = 3
TOML
[[ -f $made/Cargo.lock ]] || cp "$root/Cargo.lock" "$made/Cargo.lock"

for number in {01..20}; do
    mkdir -p "$made/bench-$number"
    write "$made/bench-$number/Cargo.toml" <<TOML
[package]
name = "bench-$number"
version = "1.0.0"
edition = "2024"

[lib]
path = "$benches/adapter/src/lib.rs"
crate-type = ["cdylib"]

[dependencies]
serde = { version = "1", features = ["derive"] }
usher-adapter-sdk = { path = "$root/adapter-sdk" }
TOML
    sed "s/^id = .*/id = \"bench-$number\"/" "$benches/adapter/adapter.toml" | write "$made/bench-$number/adapter.toml"
done

"${CARGO:-cargo}" build --quiet --release --manifest-path "$made/Cargo.toml" --target-dir "$made/target" >&2
echo "$made/target/release"
