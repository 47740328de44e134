#!/usr/bin/env bash
# Lays out what is shipped: `dist.sh [PROFILE [FOLDER]]`, `dist` and a folder below target/ unless named.
#
# The program has six adapters built in; those that are dropped in lie in `adapters/` beside it, where it finds them
# without being told. What it lays out is what it shows at the end: the adapters, as the program itself lists them.
set -euo pipefail

# The packages whose libraries are dropped in.
drop_ins=(usher-adapter-redmine usher-adapter-servicenow)

profile=${1:-dist}
root=$(cd "$(dirname "$0")" && pwd)
cd "$root"
target=${CARGO_TARGET_DIR:-$root/target}
built=$target/${profile/#dev/debug}
version=$(cargo metadata --format-version 1 --no-deps | sed -n 's/.*"name":"usher","version":"\([^"]*\)".*/\1/p')
machine=$(rustc -vV | sed -n 's/^host: //p')
folder=${2:-$target/usher-$version-$machine}

if [ "$profile" = dev ]; then
  # For a look at how it is laid out: what the tests have built already is built for that.
  cargo build --workspace --lib --bins --examples
else
  cargo build --profile "$profile" --package usher --bins
  for package in "${drop_ins[@]}"; do
    # By its own crate type alone: with two of them a library comes without LTO.
    cargo rustc --profile "$profile" --package "$package" --lib --crate-type cdylib
  done
fi

rm -rf "$folder"
mkdir -p "$folder/adapters"
suffix=$(test -e "$built/usher.exe" && echo .exe || true)
cp "$built/usher$suffix" README.md CHANGELOG.md LICENSE-APACHE LICENSE-MIT host/SECURITY.md "$folder"
for package in "${drop_ins[@]}"; do
  name=${package//-/_}
  for library in "$built/lib$name.so" "$built/lib$name.dylib" "$built/$name.dll"; do
    test ! -e "$library" || cp "$library" "$folder/adapters"
  done
done
# A folder that others may write into is one that the program refuses to load from.
chmod -R go-w "$folder"

echo "$folder"
"$folder/usher" adapter list
