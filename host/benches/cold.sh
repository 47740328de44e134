#!/usr/bin/env bash
# What a whole run of the program costs, from its start to its end: `cold.sh [PROFILE]`, `dist` unless named.
#
# Builds what it needs, works in a folder of its own that is gone afterwards, and prints a table. Files are in the
# page cache, and the copy of the drop-in is there already: the first run of each kind is not counted.
# RUNS (default 200) says how often the short commands are run.
set -euo pipefail

profile=${1:-dist}
runs=${RUNS:-200}
benches=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$benches/../.." && pwd)
target=${CARGO_TARGET_DIR:-$root/target}
world=$(mktemp -d)
# shellcheck source=rows.sh
source "$benches/rows.sh"
trap 'rm -rf "$world"' EXIT

build() {
    (cd "$root" && "${CARGO:-cargo}" "$@" --quiet)
}

echo "building (profile $profile)…" >&2
build build --profile "$profile" --package usher --bins
# By its own crate type alone: with two of them a library comes without LTO.
build rustc --profile "$profile" --package usher-example-folder --lib --crate-type cdylib
build build --release --package usher-bench-adapter --example times
many=$("$benches/drop-ins.sh")
built=$target/${profile/#dev/debug}

# One drop-in, and beside it 20.
mkdir -p "$world"/{one,many,home}
cp "$built"/*usher_example_folder.{so,dylib} "$world/one" 2>/dev/null || test -n "$(ls "$world/one")"
cp "$many"/*bench_*.{so,dylib} "$world/many" 2>/dev/null || test -n "$(ls "$world/many")"
cp "$target/release/examples/times" "$built/usher" "$world"
cp -r "$root/examples/folder/tickets" "$world/samples"

ticket='---
title: Ticket number %s of a long list
type: bug
status: in progress
priority: high
labels: [load, generated]
assignees: [mara]
reporter: tom
created: 2026-03-02T09:14:00Z
updated: 2026-03-05T16:40:00Z
---

What happened, in a sentence or two, and what should have.
'

# tickets FOLDER COUNT: a folder of tickets of about 260 bytes with nine keys each.
tickets() {
    mkdir "$1"
    local number
    for ((number = 1; number <= $2; number++)); do
        # shellcheck disable=SC2059
        printf -- "$ticket" "$number" > "$1/LOAD-$number.md"
    done
}

echo "writing 110,000 tickets…" >&2
tickets "$world/ten" 10000
tickets "$world/hundred" 100000

for name in samples ten hundred; do
    printf '[connections.%s]\nadapter = "folder"\n\n[connections.%s.options]\npath = "%s"\n\n' \
        "$name" "$name" "$world/$name"
done > "$world/connections.toml"
grants="[adapters.folder]
grants = { filesystem = [\"$world:rw\"] }"
{ printf '%s\n\n' "$grants"; cat "$world/connections.toml"; } > "$world/usher.toml"
{ printf '%s\nisolation = "in-process"\n\n' "$grants"; cat "$world/connections.toml"; } > "$world/in-process.toml"

head_of_table "$profile"
usher=("$world/usher" --config "$world/usher.toml")
one=(--adapter-path "$world/one")
row "true (starting a process)" "$runs" 0 true
row "git --version" "$runs" 0 git --version
row "usher --version" "$runs" 0 "$world/usher" --version
row "usher adapter list, 1 drop-in" "$runs" 0 "${usher[@]}" "${one[@]}" adapter list
row "usher adapter list, 20 drop-ins" "$runs" 0 "${usher[@]}" --adapter-path "$world/many" adapter list
within=("$world/usher" --config "$world/in-process.toml")
row "usher get, 1 drop-in, worker" "$runs" 0 "${usher[@]}" "${one[@]}" get samples:SHOP-12
row "usher get, 1 drop-in, in-process" "$runs" 0 "${within[@]}" "${one[@]}" get samples:SHOP-12
row "usher get, 21 drop-ins, worker" "$runs" 0 "${usher[@]}" "${one[@]}" --adapter-path "$world/many" get samples:SHOP-12
for lists in "ten 10,000 10000 5" "hundred 100,000 100000 3"; do
    read -r name written tickets count <<< "$lists"
    list=("${one[@]}" list --in "$name" --all --jsonl)
    row "usher list --all --jsonl, $written, worker" "$count" "$tickets" "${usher[@]}" "${list[@]}"
    row "usher list --all --jsonl, $written, in-process" "$count" "$tickets" "${within[@]}" "${list[@]}"
done
