#!/usr/bin/env bash
# What tickets cost that come over HTTP: `http.sh [PROFILE]`, `dist` unless named.
#
# It starts a server of its own on loopback that answers as GitHub does, with issues of 5.3 KB, builds what it needs, works
# in a folder of its own that is gone afterwards, and prints a table. RUNS (default 100) says how often the short commands
# are run. `drain` reads the same pages and throws the bytes away: what nobody can be faster than. `curl | jq` is measured
# as well where both are installed.
set -euo pipefail

profile=${1:-dist}
runs=${RUNS:-100}
benches=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$benches/../.." && pwd)
target=${CARGO_TARGET_DIR:-$root/target}
world=$(mktemp -d)
# shellcheck source=rows.sh
source "$benches/rows.sh"

servers=()
stop() {
    kill "${servers[@]}" 2> /dev/null || true
    rm -rf "$world"
}
trap stop EXIT

build() {
    (cd "$root" && "${CARGO:-cargo}" "$@" --quiet)
}

echo "building (profile $profile)…" >&2
build build --profile "$profile" --package usher --bins
# By its own crate type alone: with two of them a library comes without LTO. And in a folder of its own: the file has the name of
# the one that the program is linked with, so that each build would undo the other.
build rustc --profile "$profile" --package usher-adapter-github --lib --crate-type cdylib --target-dir "$target/drop-in"
build build --release --package usher-bench-adapter --examples
folder=${profile/#dev/debug}
built=$target/$folder
mkdir -p "$world"/{one,home}
cp "$target/drop-in/$folder"/*usher_adapter_github.{so,dylib} "$world/one" 2> /dev/null || test -n "$(ls "$world/one")"
# A higher version, so that it takes the place of the one that is built in.
perl -0777 -pi -e 's/(usher-adapter-github.{4})0(?=\.\d+\.\d)/${1}9/sg' "$world"/one/*
cp "$target/release/examples/times" "$target/release/examples/issues" "$built/usher" "$world"

# serve NAME COUNT [DELAY_MS]: a server, and a connection of that name to it.
serve() {
    local name=$1 address
    shift
    mkfifo "$world/$name"
    "$world/issues" "$@" > "$world/$name" &
    servers+=($!)
    read -r address < "$world/$name"
    printf -v "${name}_address" %s "$address"
    printf '[connections.%s]\nadapter = "github"\nbase_url = "%s"\ndefault_project = "acme/app"\n\n' "$name" "$address" >> "$world/usher.toml"
    # GitHub's own limits would slow the largest list down on purpose.
    printf '[connections.%s.limits.secondary]\npoints = 1000000\n\n' "$name" >> "$world/usher.toml"
}

serve thousand 1000
serve ten 10000
serve hundred 100000
serve slow 10000 50
serve brief 10000 1

cache="$world/home/.cache"
usher=("$world/usher" --config "$world/usher.toml")
dropped=("${usher[@]}" --adapter-path "$world/one")
asked() { # CONNECTION
    local address="${1}_address"
    printf '%s: %s\n' "$1" "$(curl -s "${!address}/requests")"
}

head_of_table "$profile"
BEFORE="rm -rf $cache"
row "drain, one issue" "$runs" 0 "$world/issues" drain "$thousand_address" 1
row "usher get, built in" "$runs" 0 "${usher[@]}" get thousand:7 --json
BEFORE="rm -rf $cache/usher/http"
row "usher get, dropped in, worker" "$runs" 0 "${dropped[@]}" get thousand:7 --json
BEFORE=''
row "usher get, built in, nothing changed" "$runs" 0 "${usher[@]}" get thousand:7 --json
if command -v curl > /dev/null && command -v jq > /dev/null; then
    row "curl | jq, one issue" "$runs" 0 sh -c "curl -s $thousand_address/repos/acme/app/issues/7 | jq .title"
fi
for lists in "thousand 1,000 1000 20" "ten 10,000 10000 10" "hundred 100,000 100000 3"; do
    read -r name written tickets count <<< "$lists"
    address="${name}_address"
    list=(list --in "$name" --all --jsonl)
    BEFORE=''
    row "drain, $written issues" "$count" "$tickets" "$world/issues" drain "${!address}" "$tickets"
    BEFORE="rm -rf $cache/usher/http"
    row "usher list --all --jsonl, $written, built in" "$count" "$tickets" "${usher[@]}" "${list[@]}"
    row "usher list --all --jsonl, $written, worker" "$count" "$tickets" "${dropped[@]}" "${list[@]}"
done
row "usher list, 10,000, 50 ms for each request" 5 10000 "${usher[@]}" list --in slow --all --jsonl
row "drain, 10,000, 50 ms for each request" 5 10000 "$world/issues" drain "$slow_address" 10000
BEFORE=''
# The same home as in the rows: what is kept of answers is kept there.
env -i HOME="$world/home" PATH="$PATH" "${usher[@]}" list --in ten --all --jsonl > /dev/null 2>&1
asked ten > /dev/null
row "usher list, 10,000, nothing changed" 5 10000 "${usher[@]}" list --in ten --all --jsonl
printf '\nasked of the server in these six runs: %s\n' "$(asked ten)"
